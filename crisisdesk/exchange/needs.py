"""Say which everyday needs a service answers, from its categories, its name and, failing those, its description.

The facts are in ``needs_table``. A wrong "a bed tonight" sends somebody to a closed door, so the description is read
only where categories and name say nothing, without the paragraphs on volunteers and donations ("in need of clothing").
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from crisisdesk.exchange.needs_table import SITUATIONS, TERMS, UNSURE, WORDS

_READ = 700  # characters of a description; what comes later is detail
_LOOKED_AT = 4_000  # characters in which paragraphs are told apart
_NAMED = 500  # characters of names and keywords
_MOST = 5  # needs of one service; one that matches more is a department, and is cut to the first

# Paragraphs of iCarol's one long text that are not about what clients get, up to the next blank line or label.
_NOT_FOR_CLIENTS = re.compile(
    r"^[ \t]*(?:\d+\)[ \t]*)?(?:[A-Z ]*(?:VOLUNTEER|DONATION)[A-Z ]*|BUS(?: LINES?)?|TRANSPORTATION|DIRECTIONS"
    r"|WHEELCHAIR ACCESSIBILITY|HOME VISITS?|(?:OTHER )?LOCATIONS?|NEWSLETTER|FEES|NOTE|INTAKE[A-Z ]*|SPEAKERS BUREAU)"
    r"[ \t]*:.*?(?=\n[ \t]*\n|\n[ \t]*(?:\d+\)[ \t]*)?[A-Z][A-Z &/]{3,40}:|\Z)",
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
    name = " · ".join(filter(None, names))[:_NAMED]
    about = _NOT_FOR_CLIENTS.sub("", description[:_LOOKED_AT])[:_READ]
    found = dict.fromkeys(_of_name(name))
    for term in terms:
        found |= dict.fromkeys(_of_term(term))
    unsure = {need for term in terms for need in UNSURE.get(_key(term.names[0]), ())}
    if unsure or not found:
        said = [word.need for word in WORDS if word.is_in_description(about)]
        found |= dict.fromkeys(need for need in said if need in unsure or not found)
    return tuple(found)[:_MOST]


@lru_cache(maxsize=4096)
def _of_term(term: Term) -> tuple[str, ...]:
    """Return what a category means: by its own name, else by the nearest above it that is known, else by its words."""
    known = SITUATIONS if term.is_situation else TERMS
    keys = [_key(name) for name in term.names]
    if keys[0] in UNSURE:
        return ()
    for key in keys:
        if key in known:
            return known[key]
    return () if term.is_situation else _of_name(term.names[0])


def _key(title: str) -> str:
    """Return a title as the table has it: "(Level 3.1) Residential Treatment" is ``residential treatment``."""
    return _BRACKETS.sub(" ", title[:_NAMED]).strip().lower()


def _of_name(text: str) -> tuple[str, ...]:
    return tuple(word.need for word in WORDS if word.is_in_name(text))
