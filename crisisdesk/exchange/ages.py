"""Read the ages that a service takes from its publisher's words, where they leave no doubt.

A wrong age hides a place from somebody who needs it, so this reads only texts that give one age or one span, for
everybody: "Ages 18 and older.", "Youth, ages 11-18", "Homeless men, 18+". Two ages, or an age with a condition
("60 or older, or disabled"; "except", "some", "spouse of any age"), and it says nothing.
"""

import re
from dataclasses import dataclass

_OLDEST = 110  # years
_LONGEST = 300  # characters of a text that can be overseen

_UP = r"(?:\s*(?:years?|yrs?\.?)(?:\s+(?:of\s+age|old))?)?\s*(?:,?\s*(?:and|or|&)\s+(?:older|over|up|above|olders?)|\+)"
_FROM = re.compile(
    rf"\b(?:ages?\s*|aged\s+|over\s+age\s+|at\s+least\s+)?(\d{{1,3}}){_UP}(?:\s+years?(?:\s+of\s+age|\s+old)?)?",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"(?:\bages?\s*|\baged\s+|[(,]\s*)(\d{1,3})\s*(?:-|–|to|through)\s*(\d{1,3})\b"
    r"(?!\s*(?:months?|weeks?|days?|grade|%|people))",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"\b(?:under|younger\s+than|below)\s+(?:age\s+|the\s+age\s+of\s+)?(\d{1,3})\b(?!\s*(?:%|hours|dollars))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")
# A word that says the age is not everybody's, or not the client's.
_DOUBT = re.compile(
    r"\b(?:except\w*|targeted|caregivers?|and\s+(?:adults?|seniors?|persons?|people|individuals?)|unless|some|most"
    r"|primarily|mainly|usually|may|or|if|also|including|any\s+age|all\s+ages|no\s+age|anyone|everyone|open\s+to"
    r"|see\s+notes?|spouses?|parents?|mothers?|families|family|children\s+up|with\s+children|their\s+children"
    r"|infants?|volunteers?|mentors?|become"
    r"|foster|adopt\w*|provider|employ\w*|month|months|varies|preferred|priority|programs?\s+for|disab\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ages:
    """From which age to which, in years; None is open."""

    lowest: int | None
    highest: int | None


def ages(text: str) -> Ages | None:
    """Return the ages that a text gives for everybody, or None where there is any doubt."""
    match = _only(text)
    if not match:
        return None
    numbers = [int(group) for group in match.groups()]
    if max(numbers) > _OLDEST or numbers != sorted(set(numbers)):
        return None
    if match.re is _UNDER:
        return Ages(None, numbers[0] - 1)
    return Ages(numbers[0], numbers[1] if match.re is _SPAN else None)


def _only(text: str) -> re.Match[str] | None:
    """Return the one age or span of a text, if there is one and nothing beside it that makes it doubtful."""
    if len(text) > _LONGEST:
        return None
    found = [match for pattern in (_FROM, _SPAN, _UNDER) for match in pattern.finditer(text)]
    if len(found) != 1:
        return None
    rest = text[: found[0].start()] + " " + text[found[0].end() :]
    return None if _NUMBER.search(rest) or _DOUBT.search(rest) else found[0]
