"""Find the languages that a publisher names in one cell, without taking "Accommodations possible." for one."""

import re

from crisisdesk.exchange.values import items

_KNOWN = frozenset(
    name.strip()
    for name in (
        "English, Spanish, Chinese, Mandarin, Cantonese, Taiwanese, Hokkien, Fujianese, Toisanese, Vietnamese, Korean, "
        "Tagalog, Filipino, Ilocano, Cebuano, Russian, Ukrainian, Polish, Czech, Slovak, Hungarian, Romanian, "
        "Bulgarian, Serbian, Croatian, Bosnian, Albanian, Greek, Turkish, Armenian, Georgian, Arabic, Hebrew, Yiddish, "
        "Persian, Farsi, Dari, Pashto, Kurdish, Urdu, Hindi, Punjabi, Gujarati, Bengali, Bangla, Tamil, Telugu, "
        "Malayalam, Kannada, Marathi, Nepali, Sinhala, Tibetan, Burmese, Karen, Karenni, Chin, Rohingya, Thai, Lao, "
        "Laotian, Khmer, Cambodian, Hmong, Mien, Indonesian, Malay, Japanese, Mongolian, French, German, Italian, "
        "Portuguese, Dutch, Swedish, Norwegian, Danish, Finnish, Haitian Creole, Creole, Cape Verdean Creole, Somali, "
        "Amharic, Tigrinya, Oromo, Swahili, Kinyarwanda, Kirundi, Lingala, Wolof, Yoruba, Igbo, Hausa, Twi, Fula, "
        "Mandinka, Bambara, Krio, Samoan, Tongan, Chamorro, Hawaiian, Marshallese, Chuukese, Navajo, Quechua, Nahuatl, "
        "Mixtec, Mixteco, Zapotec, Triqui, K’iche’, Mam, Maya, Garifuna, Romani, "
        "American Sign Language, ASL, A.S.L, Sign Language"
    )
    .lower()
    .split(",")
)
_SIGNED = {"asl": "American Sign Language", "a.s.l": "American Sign Language", "sign language": "Sign Language"}
_PARTS = re.compile(r"\s+(?:and|or)\s+|[/&+]|\.\s+", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
_LONGEST = 1_000  # characters of a list of languages
_WORDS = 3  # of a language's name, when it isn't known here


def languages(cell: str) -> tuple[list[str], str]:
    """Return the languages in a cell, and the cell itself if it says more than their names."""
    if len(cell) > _LONGEST:
        return [], cell
    names: list[str] = []
    says_more = False
    parts = [part.strip(" .") for item in items(cell) for part in _PARTS.split(item)]
    for part in filter(None, parts):
        bare = _IN_BRACKETS.sub("", part).strip(" .").lower()
        if bare in _KNOWN or part.lower() in _KNOWN:
            names.append(_SIGNED.get(bare, part[0].upper() + part[1:]))
        elif (
            part.isalpha() and part[0].isupper() and len(parts) > 1 and "." not in cell and len(part.split()) <= _WORDS
        ):
            names.append(part)  # a list of names with one that is not known here
        else:
            says_more = True
    return list(dict.fromkeys(names)), cell if says_more else ""
