"""Make a frozen row of records.incoming from a row of cells: the dataclass's own types say how each cell is read."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar, cast, get_type_hints

from crisisdesk.exchange.problems import Problems
from crisisdesk.exchange.rows import Row
from crisisdesk.exchange.texts import plain, unescaped
from crisisdesk.exchange.values import a_date, number
from crisisdesk.i18n import N_, _
from crisisdesk.records.incoming import IncomingRow

R = TypeVar("R", bound=IncomingRow)

_Reader = Callable[[str], date | float | int | None]

_NO_DATE = N_("“{value}” is not a date that can be read; it was left empty.")
_NO_NUMBER = N_("“{value}” is not a number that can be read; it was left empty.")


def _whole(text: str) -> int | None:
    value = number(text)
    return None if value is None else int(value)


# Where publishers write for a web page. A name may really be "<b>".
_PROSE = frozenset(
    {
        *("description", "eligibility_description", "application_process", "fees_description", "wait_time", "alert"),
        *("interpretation_services", "transportation", "accreditations", "licenses", "notes", "details", "document"),
        *("amount_description", "note", "attending_type"),
    }
)

_READERS: dict[object, tuple[_Reader, str]] = {
    date | None: (a_date, _NO_DATE),
    float | None: (number, _NO_NUMBER),
    int | None: (_whole, _NO_NUMBER),
}


_PLANS: dict[str, tuple[tuple[str, object], ...]] = {}  # by class; looking types up for each row takes seconds


def _plan(kind: type[IncomingRow]) -> tuple[tuple[str, object], ...]:
    if kind.__name__ not in _PLANS:
        hints: dict[str, object] = get_type_hints(kind)
        _PLANS[kind.__name__] = tuple((name, hint) for name, hint in hints.items() if hint is not bool)
    return _PLANS[kind.__name__]


def build(kind: type[R], row: Row, problems: Problems, **fixed: object) -> R:
    """Return a row of a kind: what is ``fixed``, and for the rest what its cells say.

    A date or number that can't be read is left empty, with a sentence.
    """
    given = dict(fixed)
    for name, hint in _plan(kind):
        cell = row.values.get(name)
        if not cell or name in given:
            continue
        if hint is str:
            given[name] = plain(cell) if name in _PROSE else unescaped(cell)
            continue
        if hint not in _READERS:
            continue
        read, sentence = _READERS[hint]
        value = read(cell)
        if value is None:
            problems.repair(row.place, _(sentence), column=name, value=cell)
        else:
            given[name] = value
    given.setdefault("source_id", row.values["id"])
    make = cast("Callable[..., R]", kind)  # its fields are checked by name above
    return make(**given)
