"""The many ways in which one name, number or date is written, brought to tokens.

The search's documents are made of these tokens, and so is what is typed into it.

Words are letters; whatever holds a digit is a number. FTS5 splits at everything that is neither, and so does this
module, so that no token given to FTS5 falls apart again.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from anyascii import anyascii
from jellyfish import metaphone

_LONGEST = 200  # characters of a search that count
_MOST = 8  # words and numbers of a search that count
SIGNS = "onlysigns"  # stands for a name that has neither letters nor digits
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

# New Tai Lue and Vedic letters that Python calls letters and FTS5 does not.
_SPLITTING = frozenset(map(chr, (*range(0x19B0, 0x19CA), 0x1CF2, 0x1CF3)))
_EXTENSION = re.compile(r"(?:x|ext)", re.IGNORECASE)

Pieces = tuple[str, ...]


@dataclass(frozen=True)
class Typed:
    """What was typed into the search, its words and its numbers, each in its pieces.

    O'Neil has the pieces o and neil; 3/14/1982 the pieces 3, 14 and 1982.
    """

    text: str
    words: tuple[Pieces, ...]
    numbers: tuple[Pieces, ...]

    @classmethod
    def read(cls, text: str) -> "Typed":
        """Take a text apart."""
        clean = normal(text)[:_LONGEST].strip()
        words: list[Pieces] = []
        numbers: list[Pieces] = []
        for part in clean.split():
            pieces = tuple(split(part))
            plain = tuple(filter(None, map(squeezed, pieces)))
            if plain and any(map(str.isdigit, part)):
                numbers.append(plain)
            elif pieces:
                words.append(pieces)
        return cls(clean, tuple(words[:_MOST]), tuple(numbers[:_MOST]))

    @property
    def is_signs(self) -> bool:
        """Whether it is nothing but signs ("?")."""
        return not self.words and not self.numbers


def normal(text: str) -> str:
    """Return a text with composed letters, and without what can't be stored: NUL, halves of letters."""
    return unicodedata.normalize("NFC", text.replace("\0", "").encode(errors="ignore").decode())


def split(text: str) -> list[str]:
    """Return the pieces of a text between whatever is neither letter nor digit."""
    return "".join(letter if _belongs(letter) else " " for letter in text).split()


def squeezed(text: str) -> str:
    """Return the plain letters and digits of a number, joined: "C-2026-0031" is c20260031."""
    return "".join(letter for letter in anyascii(text).lower() if letter.isalnum() and letter.isascii())


def name_forms(names: Iterable[str]) -> str:
    """Return names as written, in plain letters, and with their parts joined (O'Neil oneil, De La Cruz delacruz)."""
    forms: dict[str, None] = {}
    for name in filter(None, map(normal, names)):
        plain = anyascii(name)
        joined = ["".join(split(word)) for word in (*name.split(), *plain.split())]
        sign = "" if split(name) else SIGNS
        for form in (name, plain, *joined, "".join(split(plain)), sign):
            forms.setdefault(form.lower(), None)
    return " ".join(filter(None, forms))


def sounds(names: Iterable[str]) -> str:
    """Return how the names sound, so that Smyth finds Smith."""
    heard = (sound(word) for name in names for word in split(anyascii(normal(name))))
    return " ".join(dict.fromkeys(filter(None, heard)))


def sound(word: str) -> str:
    """Return how one word sounds, as a token; nothing if it has no letters."""
    plain = "".join(letter for letter in anyascii(word) if letter.isalpha() and letter.isascii())
    return metaphone(plain).lower() if plain else ""


def number_forms(number: str) -> list[str]:
    """Return the ways in which a number is looked for: C-2026-0031 as c20260031, 20260031, 0031 and 31."""
    whole = squeezed(number)
    digits = "".join(letter for letter in whole if letter.isdigit())
    runs = re.findall(r"\d+", anyascii(number))
    last = runs[-1] if runs else ""
    return _distinct((whole, digits, last, last.lstrip("0")))


def phone_forms(number: str) -> list[str]:
    """Return a phone number's digits: all, without the area code, and the last four."""
    digits = "".join(letter for letter in _EXTENSION.split(anyascii(number))[0] if letter.isdigit())
    local = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits  # noqa: PLR2004  +1 and ten digits
    return _distinct((digits, local, local[-7:], local[-4:]))


def date_forms(day: date | None) -> list[str]:
    """Return the ways in which people type a date: 1982-03-14, 3/14/1982, 03/14/82, and its year and day."""
    if day is None:
        return []
    year, month, number = day.year, day.month, day.day
    return _distinct(
        (
            f"{year}{month:02d}{number:02d}",
            *(
                f"{first}{then}"
                for first in (f"{month}{number}", f"{month:02d}{number:02d}")
                for then in ("", f"{year}", f"{year % 100:02d}")
            ),
            f"{year}",
            f"{number}",
            f"{number:02d}",
        )
    )


def month_words(day: date | None) -> str:
    """Return a date's month in words, long and short."""
    return "" if day is None else f"{_MONTHS[day.month - 1]} {_MONTHS[day.month - 1][:3]}"


def numbers_in(text: str) -> list[str]:
    """Return the numbers that stand in a text, whole and in pieces: 218 and 3b of "218 Cotter Street, 3B"."""
    bearing = [word for word in normal(text).split() if any(map(str.isdigit, word))]
    return _distinct(squeezed(each) for word in bearing for each in (word, *split(word)))


def joined(*forms: Iterable[str]) -> str:
    """Return all forms in one text, each once."""
    return " ".join(_distinct(chain.from_iterable(forms)))


def _belongs(letter: str) -> bool:
    return letter.isalnum() and letter not in _SPLITTING


def _distinct(forms: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, forms)))
