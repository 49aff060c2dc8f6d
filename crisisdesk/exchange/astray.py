"""Notice links between tables that have slipped, as they did in a real city's list, and mend what can be mended.

There, mail addresses were numbered before places at one address were joined, so that nearly each of them stood beside a
stranger's. A wrong address on a referral is worse than none.
"""

import re
from collections.abc import Iterable, Mapping

from crisisdesk.exchange.problems import Problems
from crisisdesk.exchange.rows import Row
from crisisdesk.i18n import N_, _

_SHORTEST = 8  # letters of a name that is sure enough
_LONGEST = 200  # letters of an address's first line that are looked at
_FEWEST = 20  # addresses that must name another place before the whole table is mistrusted
_NO_LETTERS = re.compile(r"[\W_]+")

_SLIPPED = N_(
    "The mail addresses have slipped: most stand beside another place than the one they name. "
    "Each was given to the place that it names."
)
_LEFT_OUT = N_(
    "The mail addresses of this list have slipped, and this one names no place of the list; it was left out."
)


class Places:
    """The places of a directory by name, as far as a name means one place only."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._places: dict[str, str] = {}
        for name, place in names:
            key = _letters(name)
            if len(key) >= _SHORTEST:
                self._places[key] = place if self._places.get(key, place) == place else ""

    def named_in(self, text: str) -> str:
        """Return the place with whose name a text begins, or nothing."""
        letters = _letters(text[:_LONGEST])
        for length in range(len(letters), _SHORTEST - 1, -1):
            if letters[:length] in self._places:
                return self._places[letters[:length]]
        return ""


def straightened(rows: list[Row], places: Places, problems: Problems) -> list[Row]:
    """Return mail addresses with their right places, if the table has slipped; else the rows as they are.

    It has if more of them begin with the name of another place than with their own ("Hope House, Jane Roe, Director").
    """
    named = [places.named_in(row.get("attention")) for row in rows]
    own = sum(place == row.get("location_id") for place, row in zip(named, rows, strict=True))
    other = sum(bool(place) for place in named) - own
    if other < _FEWEST or other <= own:
        return rows
    kept: list[Row] = []
    for place, row in zip(named, rows, strict=True):
        if place:
            row.values["location_id"] = place
            kept.append(row)
        else:
            problems.skip(row.place, _(_LEFT_OUT), column="location_id")
    problems.repair((rows[0].file, None), _(_SLIPPED))
    return kept


def owners(rows: Iterable[Row]) -> Mapping[str, str]:
    """Return the organization of each service that rows name beside it (an Ohana phone names both), where all agree."""
    found: dict[str, str] = {}
    for row in rows:
        service, owner = row.get("service_id"), row.get("organization_id")
        if service and owner:
            found[service] = owner if found.get(service, owner) == owner else ""
    return found


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text.lower())
