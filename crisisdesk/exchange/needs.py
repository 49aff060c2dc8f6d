"""Say which everyday needs a service answers, from its categories, its name and, failing those, its description.

The facts are in ``needs_table``. A wrong "a bed tonight" sends somebody to a closed door, so the description is read
only where categories and name say nothing, and without the paragraphs on volunteers and donations ("in need of clothing").
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from crisisdesk.exchange.needs_table import SITUATIONS, TERMS, WORDS

_READ = 700  # characters of a description; what comes later is detail
_MOST = 5  # needs of one service; one that matches more is a department, and is cut to the first

# Paragraphs of iCarol's one long text that are not about what clients get, up to the next blank line or label.
_NOT_FOR_CLIENTS = re.compile(
    r"^\s*(?:\d+\)\s*)?(?:[A-Z ]*(?:VOLUNTEER|DONATION)[A-Z ]*|BUS(?: LINES?)?|TRANSPORTATION|DIRECTIONS|WHEELCHAIR ACCESSIBILITY"
    r"|HOME VISITS?|LOCATIONS?|OTHER LOCATIONS|NEWSLETTER|FEES|NOTE|INTAKE[A-Z ]*|SPEAKERS BUREAU)\s*:.*?(?=\n\s*\n|\n\s*(?:\d+\)\s*)?[A-Z][A-Z &/]{3,}:|\Z)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\([^)]*\)\s*")


@dataclass(frozen=True, slots=True)
class Term:
    """What a category says of needs: its name and those above it, nearest first."""

    names: tuple[str, ...]
    code: str = ""
    is_situation: bool = False  # it names people (Open Eligibility's situations), not help


def needs(terms: list[Term], *, names: tuple[str, ...], description: str) -> tuple[str, ...]:
    """Return the codes of ``records.choices.Need`` that a service answers, the surest first."""
    found: dict[str, None] = {}
    for term in terms:
        found.update(dict.fromkeys(_of_term(term)))
    found.update(dict.fromkeys(_of_name(" · ".join(filter(None, names)))))
    if not found:
        about = _NOT_FOR_CLIENTS.sub("", description)[:_READ]
        found.update(dict.fromkeys(word.need for word in WORDS if word.is_in_description(about)))
    return tuple(found)[:_MOST]


@lru_cache(maxsize=4096)
def _of_term(term: Term) -> tuple[str, ...]:
    """Return what a category means: by its own name, else by the nearest above it that is known, else by its words."""
    known = SITUATIONS if term.is_situation else TERMS
    for name in term.names:
        key = _BRACKETS.sub(" ", name).strip().lower()
        if key in known:
            return known[key]
    return () if term.is_situation else _of_name(term.names[0])


def _of_name(text: str) -> tuple[str, ...]:
    return tuple(word.need for word in WORDS if word.is_in_name(text))
