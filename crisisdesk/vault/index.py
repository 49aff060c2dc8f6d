"""The documents that the search looks through, kept true by the write door.

A document is made of the columns of several tables: a client's of the client, her other names, phones, addresses and
encounters' numbers. ``SOURCES`` says of each table which documents its columns are part of; whoever writes a row has
those documents made anew.

    fts_client    name (in every spelling), sound, other (address, relatives, month of birth)
    fts_number    a client's numbers: phones, birth, record, encounters, incidents, referrals, packets, house
    fts_service   name, agency, other (what it does, where, categories), numbers (phones, postal codes)
    fts_note      body

``search_doc`` gives each client, service and note the row number under which FTS5 knows it. What is set aside has no
document. Numbers have a table of their own, without positions: words and numbers have other prefixes, and half a
million numbers must not slow down names.

What was removed from a text leaves its words in FTS5's segments until these are merged, where nobody but a purge minds:
the journal has the old text as well. ``scrub`` takes them out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    String,
    Table,
    TableClause,
    UniqueConstraint,
    bindparam,
    column,
    delete,
    insert,
    select,
    table,
    text,
)

from crisisdesk.records.base import Base
from crisisdesk.vault import texts
from crisisdesk.vault.journal import RowChange
from crisisdesk.vault.rows import Image

SEARCH_DOC = Table(
    "search_doc",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("ref", String(36), nullable=False),
    UniqueConstraint("kind", "ref"),
)
_MANY = 500  # documents made at a time


class Kind(StrEnum):
    """What a search finds."""

    CLIENT = "client"
    SERVICE = "service"
    NOTE = "note"


@dataclass(frozen=True, eq=False)
class Part:
    """One FTS5 table and who makes its texts. ``every`` is the table whose rows have documents."""

    fts: TableClause
    kind: Kind
    make: Callable[[Connection, Sequence[str]], Iterator[texts.Text]]
    every: TableClause
    is_secure: bool = False  # what is removed leaves no word behind, at once; else it waits for ``scrub``

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its texts."""
        return tuple(self.fts.columns.keys())[1:]


def _fts(name: str, *columns: str) -> TableClause:
    return table(name, column("rowid", Integer), *(column(each, String) for each in columns))


CLIENTS = Part(
    _fts("fts_client", "name", "sound", "other"),
    Kind.CLIENT,
    texts.clients,
    table("client", column("id")),
    is_secure=True,
)
NUMBERS = Part(_fts("fts_number", "numbers"), Kind.CLIENT, texts.numbers, table("client", column("id")))
SERVICES = Part(
    _fts("fts_service", "name", "agency", "other", "numbers"),
    Kind.SERVICE,
    texts.services,
    table("service", column("id")),
)
NOTES = Part(_fts("fts_note", "body"), Kind.NOTE, texts.notes, table("note", column("id")))
PARTS = (CLIENTS, NUMBERS, SERVICES, NOTES)


@dataclass(frozen=True)
class Source:
    """Columns that texts are made of, and how a row leads to these: by a column's value, or by a query with it."""

    part: Part
    columns: frozenset[str]
    by: str
    query: str = ""

    def concerns(self, columns: Iterable[str]) -> bool:
        """Whether a change of these columns makes a text untrue."""
        return not self.columns or not self.columns.isdisjoint(columns)


def _source(part: Part, columns: str, by: str, query: str = "") -> Source:
    return Source(part, frozenset(columns.split()), by, query)


_AT_LOCATION = "SELECT service_id FROM service_at_location WHERE location_id IN :values"
_OF_AGENCY = "SELECT id FROM service WHERE organization_id IN :values"
_WITH_TERM = "SELECT service_id FROM service_term WHERE term_id IN :values"
_NAMES = "first_name middle_name last_name goes_by described_as"

# Table → what its columns are part of. No columns named: all of them.
SOURCES: Mapping[str, tuple[Source, ...]] = {
    "client": (
        _source(CLIENTS, f"{_NAMES} email born_on set_aside_at", "id"),
        _source(NUMBERS, f"{_NAMES} number born_on set_aside_at", "id"),
    ),
    "client_name": (_source(CLIENTS, "", "client_id"), _source(NUMBERS, "", "client_id")),
    "client_phone": (_source(NUMBERS, "client_id number", "client_id"),),
    "client_address": (
        _source(CLIENTS, "client_id address", "client_id"),
        _source(NUMBERS, "client_id address", "client_id"),
    ),
    "related_person": (
        _source(CLIENTS, "client_id name set_aside_at", "client_id"),
        _source(NUMBERS, "client_id phone set_aside_at", "client_id"),
    ),
    "encounter": (_source(NUMBERS, "client_id number incident_number report_number set_aside_at", "client_id"),),
    "referral": (_source(NUMBERS, "client_id number set_aside_at", "client_id"),),
    "packet": (_source(NUMBERS, "client_id number", "client_id"),),
    "service": (
        _source(
            SERVICES,
            "organization_id name alternate_name description keywords eligibility_description languages set_aside_at",
            "id",
        ),
    ),
    "organization": (_source(SERVICES, "name alternate_name", "id", _OF_AGENCY),),
    "service_need": (_source(SERVICES, "", "service_id"),),
    "service_term": (_source(SERVICES, "", "service_id"),),
    "taxonomy_term": (_source(SERVICES, "name", "id", _WITH_TERM),),
    "service_at_location": (_source(SERVICES, "service_id location_id", "service_id"),),
    "location": (_source(SERVICES, "name alternate_name set_aside_at", "id", _AT_LOCATION),),
    "address": (_source(SERVICES, "location_id address_1 city postal_code", "location_id", _AT_LOCATION),),
    "phone": (
        _source(SERVICES, "service_id number", "service_id"),
        _source(SERVICES, "location_id service_id number", "location_id", _AT_LOCATION),
        _source(SERVICES, "organization_id location_id service_id number", "organization_id", _OF_AGENCY),
    ),
    "note": (_source(NOTES, "body set_aside_at", "id"),),
}


class Untrue:
    """The documents that a unit of work makes untrue, collected while their rows lead to them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._refs: dict[Part, set[str]] = defaultdict(set)

    def note(self, of: str, images: Iterable[Image], columns: Iterable[str] | None = None) -> None:
        """Remember the documents that these rows of a table are part of, if one of the columns matters to them."""
        sources = [each for each in SOURCES.get(of, ()) if columns is None or each.concerns(columns)]
        if not sources:
            return
        rows = list(images)
        for source in sources:
            values = {str(row[source.by]) for row in rows if row.get(source.by) is not None}
            self._refs[source.part] |= self._lead(source, values)

    def refresh(self) -> None:
        """Make these documents anew."""
        for part in PARTS:
            for some in _batches(sorted(self._refs.get(part, ()))):
                _make(self._connection, part, some)

    def _lead(self, source: Source, values: set[str]) -> set[str]:
        if not source.query:
            return values
        query = text(source.query).bindparams(bindparam("values", expanding=True))
        found: set[str] = set()
        for some in _batches(sorted(values)):
            found.update(self._connection.execute(query, {"values": some}).scalars())
        return found


def refresh(connection: Connection, changes: Iterable[RowChange]) -> None:
    """Make those documents anew that changes of rows made untrue, before the commit of a write."""
    untrue = Untrue(connection)
    for change in changes:
        untrue.note(change.table, change.images(), change.columns)
    untrue.refresh()


def rebuild(connection: Connection) -> None:
    """Make every document anew."""
    connection.execute(delete(SEARCH_DOC))
    for part in PARTS:
        with _quickly(connection, part):
            connection.execute(delete(part.fts))
            for some in _batches(list(connection.execute(select(part.every.c.id)).scalars())):
                _make(connection, part, some)


@contextmanager
def _quickly(connection: Connection, part: Part) -> Iterator[None]:
    """Write many texts without scrubbing after each: in the end FTS5 makes the index anew, with nothing left behind."""
    _tell(connection, part, "secure-delete", 0)
    yield
    _tell(connection, part, "rebuild")
    _tell(connection, part, "secure-delete", int(part.is_secure))


def _tell(connection: Connection, part: Part, command: str, value: int | None = None) -> None:
    """Give FTS5 one of its commands."""
    name = part.fts.name
    connection.exec_driver_sql(f"INSERT INTO {name}({name}, rank) VALUES (?, ?)", (command, value))  # noqa: S608  own names


def scrub(connection: Connection) -> None:
    """Take out of the indexes what was removed from them before: a purge is not over without it."""
    for part in PARTS:
        _tell(connection, part, "optimize")


def check(connection: Connection) -> None:
    """Have FTS5 compare each index with its texts; raises an error of SQLite if one does not fit."""
    for part in PARTS:
        _tell(connection, part, "integrity-check", 0)


def _make(connection: Connection, part: Part, refs: Sequence[str]) -> None:
    made = dict(part.make(connection, refs))
    known = _rows(connection, part.kind, refs)
    old = [{"row": row} for row in known.values()]
    if old:
        connection.execute(delete(part.fts).where(part.fts.c.rowid == bindparam("row")), old)
    gone = [{"row": row} for ref, row in known.items() if ref not in made]
    if gone and part is not CLIENTS:  # its number follows: until then the numbers' text must still be found
        connection.execute(delete(SEARCH_DOC).where(SEARCH_DOC.c.id == bindparam("row")), gone)
    new = [{"kind": part.kind.value, "ref": ref} for ref in made if ref not in known]
    if new:
        connection.execute(insert(SEARCH_DOC), new)
        known = _rows(connection, part.kind, refs)
    if made:
        connection.execute(
            insert(part.fts),
            [{"rowid": known[ref], **dict(zip(part.columns, words, strict=True))} for ref, words in made.items()],
        )


def _rows(connection: Connection, kind: Kind, refs: Sequence[str]) -> dict[str, int]:
    found = select(SEARCH_DOC.c.ref, SEARCH_DOC.c.id).where(SEARCH_DOC.c.kind == kind.value, SEARCH_DOC.c.ref.in_(refs))
    return dict(connection.execute(found).all())


def _batches(refs: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(refs), _MANY):
        yield refs[start : start + _MANY]
