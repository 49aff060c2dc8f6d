"""The numbers that people say aloud: C-2026-0031, R-2026-0142, 2026-0388, and a packet's six digits.

A series counts up by one within a year and skips none: a write that fails gives its number back. A number that was
given out stays given out, also if its act is undone or its record purged: it may have been said, or stand on paper.
"""

import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, Integer, String, column, exists, select, table
from sqlalchemy.dialects.sqlite import insert

_SERIES = table("number_series", column("series", String), column("year", Integer), column("last", Integer))
_PACKET = table("packet", column("number", String))

Series = tuple[str, int, int]  # its name, the year, the last number that was given out

FORMS = {
    "client": "C-{year}-{count:04d}",
    "encounter": "{year}-{count:04d}",
    "referral": "R-{year}-{count:04d}",
    "purge": "P-{year}-{count:04d}",
}


def draw(connection: Connection, series: str, year: int) -> str:
    """Return the next number of a series in a year. A series without a form is a bug and raises KeyError."""
    form = FORMS[series]
    first = insert(_SERIES).values(series=series, year=year, last=1)
    following = first.on_conflict_do_update(index_elements=["series", "year"], set_={"last": _SERIES.c.last + 1})
    count = connection.execute(following.returning(_SERIES.c.last)).scalar_one()
    return form.format(year=year, count=count)


def given_out(connection: Connection) -> tuple[Series, ...]:
    """Return how far each series has come: its name, the year, the last number."""
    columns = (_SERIES.c.series, _SERIES.c.year, _SERIES.c.last)
    return tuple((row.series, row.year, row.last) for row in connection.execute(select(*columns)))


def go_on(connection: Connection, series: Iterable[Series]) -> None:
    """Have each series go on from there, or from where it is if that is further."""
    for name, year, last in series:
        first = insert(_SERIES).values(series=name, year=year, last=last)
        further = first.on_conflict_do_update(
            index_elements=["series", "year"], set_={"last": last}, where=_SERIES.c.last < last
        )
        connection.execute(further)


def draw_packet(connection: Connection) -> str:
    """Return six random digits that no packet bears; they tell nothing of how many there are."""
    while True:
        number = f"{secrets.randbelow(1_000_000):06d}"
        if not connection.execute(select(exists().where(_PACKET.c.number == number))).scalar_one():
            return number
