"""What bringing in a directory would do, worked out before anything is written."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from crisisdesk.desk.directory_rows import KEPT, LINKS, RECORDS, Ids, Key, Row, Rows
from crisisdesk.desk.names import fold
from crisisdesk.desk.words import place
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.directory import (
    Contact,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from crisisdesk.records.incoming import IncomingDirectory, RowProblem

_SAMPLES = 5  # names that the summary shows of each kind of change
_ENOUGH = 0.5  # of the smaller one's organizations: then a file is a newer edition of a data set

_SERVICE = Service.__tablename__
_ORGANIZATION = Organization.__tablename__
_LOCATION = Location.__tablename__
_PLACED = ServiceAtLocation.__tablename__
_STAY = frozenset({_SERVICE, _ORGANIZATION, _LOCATION, TaxonomyTerm.__tablename__})  # kept when a new file lacks them

Stored = Mapping[str, Mapping[Key, Row]]  # table → publisher's id → row as it lies in the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an import does to the rows of one kind."""

    new: int = 0
    changed: int = 0  # of a service also if only its numbers, hours or places change
    unchanged: int = 0
    missing: int = 0  # not in the new file; they stay
    removed: int = 0  # a number or an hour that the new file no longer has for a place that it does have
    kept_yours: int = 0  # she edited them; the file's version is not taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """A few services by name, so that she sees what the numbers are about."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    kept_yours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The rows to write: added and changed as columns, removed by key."""

    added: Mapping[str, Sequence[Row]]
    changed: Mapping[str, Sequence[Row]]
    removed: Mapping[str, Sequence[Key]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is in the vault already, so far as an import must know it."""

    data_set_id: str
    title: str = ""  # of the data set that the file is an edition of; "" if there is none, or if it was taken out
    is_there: bool = False  # also if it was taken out but some of its services stayed
    stored: Stored = field(default_factory=dict)
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)  # table → ids of others among the file's UUIDs
    version: int = 0  # of the directory when this was read

    def ids(self) -> Ids:
        """Return the ids to give to the publisher's rows."""
        known = {
            table: {str(key): str(row["id"]) for key, row in rows.items()}
            for table, rows in self.stored.items()
            if table not in LINKS
        }
        return Ids(data_set_id=self.data_set_id, known=known, taken=self.taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What an import would do. Nothing is written until ``directory.bring_in(plan)``."""

    data_set_id: str
    title: str
    kind: str
    updates: str  # the title of the data set that this file is an edition of; "" if it is new
    is_there: bool  # whether the data set has a row already
    counts: Mapping[str, Counts]  # by table: "organization", "service", "phone" …
    samples: Samples
    problems: tuple[RowProblem, ...]
    skipped: int
    repaired: int
    services: int
    organizations: int
    work: Work = field(repr=False)
    version: int = 0  # of the directory when the plan was made

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is here already, as it is."""
        return not any((*self.work.added.values(), *self.work.changed.values(), *self.work.removed.values()))

    def sentences(self) -> tuple[str, ...]:
        """Say what would happen, the most important first."""
        service, organization = self.counts[_SERVICE], self.counts[_ORGANIZATION]
        said = [_new_words(organization.new, service.new)] if organization.new or service.new else []
        if self.changes_nothing:
            said.append(_("Everything in this file is here already. Nothing would change."))
        elif self.updates:
            said.append(_("This is a newer edition of “{title}”.").format(title=self.updates))
        details = (
            (service.changed, _changed_words),
            (service.kept_yours, _yours_words),
            (service.missing, _missing_words),
        )
        return (*said, *(words(count) for count, words in details if count))


def _new_words(organizations: int, services: int) -> str:
    first = ngettext("{count} new organization", "{count} new organizations", organizations)
    second = ngettext("{count} new service", "{count} new services", services)
    return _("{organizations} and {services}. None of them counts as checked.").format(
        organizations=first.format(count=f"{organizations:,}"), services=second.format(count=f"{services:,}")
    )


def _changed_words(count: int) -> str:
    return ngettext("{count} service would change.", "{count} services would change.", count).format(count=f"{count:,}")


def _yours_words(count: int) -> str:
    words = ngettext(
        "{count} service that you edited stays as you left it.",
        "{count} services that you edited stay as you left them.",
        count,
    )
    return words.format(count=f"{count:,}")


def _missing_words(count: int) -> str:
    words = ngettext(
        "{count} service is not in this file any more. It stays; please check it.",
        "{count} services are not in this file any more. They stay; please check them.",
        count,
    )
    return words.format(count=f"{count:,}")


# Which data set a file belongs to ---------------------------------------------------------------------------------


def edition_of(incoming: IncomingDirectory, sets: Mapping[str, Collection[tuple[str, str]]]) -> str | None:
    """Return the data set that a file is an edition of, by what both call their organizations.

    ``sets`` gives each data set's organizations as publisher's id and folded name. Ids alone would not do: two
    publishers both count from 1. The file may hold a part only, so half of the smaller one is enough.
    """
    ours = {(row.source_id, fold(row.name)) for row in incoming.organizations}
    best, best_share = None, 0.0
    for data_set_id, theirs in sets.items():
        smaller = min(len(ours), len(set(theirs)))
        share = len(ours.intersection(theirs)) / smaller if smaller else 0.0
        if share >= _ENOUGH and share > best_share:
            best, best_share = data_set_id, share
    return best


# Comparing --------------------------------------------------------------------------------------------------------


def make_plan(incoming: IncomingDirectory, known: Known, now: datetime) -> ImportPlan:
    """Compare a file with what is here. Pure: may run in a job."""
    rows = Rows(incoming, known.ids(), now)
    comparison = _Comparison(rows.tables, known.stored)
    return ImportPlan(
        data_set_id=known.data_set_id,
        title=known.title or incoming.title,
        kind=incoming.kind,
        updates=known.title,
        is_there=known.is_there,
        counts=comparison.counts,
        samples=comparison.samples(),
        problems=incoming.problems,
        skipped=incoming.skipped,
        repaired=incoming.repaired,
        services=len(rows.tables[_SERVICE]),
        organizations=len(rows.tables[_ORGANIZATION]),
        work=Work(added=comparison.added, changed=comparison.changed, removed=comparison.removed),
        version=known.version,
    )


class _Comparison:
    """The rows of a file beside those of its data set.

    What belongs to a service that she edited is left as it is, the file's as well as ours: the service, its numbers
    and hours, and the places where it is given.
    """

    def __init__(self, incoming: Stored, stored: Stored) -> None:
        self._incoming = incoming
        self._stored = {record.__tablename__: stored.get(record.__tablename__, {}) for record in RECORDS}
        self._edited = {row["id"] for row in self._stored[_SERVICE].values() if row["edited_at"] is not None}
        placed = self._stored[_PLACED].values()
        self._her_places = {row["location_id"] for row in placed if row["service_id"] in self._edited}
        present = (incoming[table] for table in (_ORGANIZATION, _SERVICE, _LOCATION))
        self._present = {row["id"] for rows in present for row in rows.values()}
        self.added: dict[str, list[Row]] = {}
        self.changed: dict[str, list[Row]] = {}
        self.removed: dict[str, list[Key]] = {}
        self._gone: dict[str, list[Row]] = {}
        self.counts = {table: self._compare(table) for table in incoming}
        self._spare_contacts()
        self._altered = self._altered_services()
        rows = self.counts[_SERVICE]
        same = rows.changed + rows.unchanged - len(self._altered)
        self.counts[_SERVICE] = replace(rows, changed=len(self._altered), unchanged=same)

    def _is_hers(self, table: str, row: Row) -> bool:
        own: Collection[object] = {_SERVICE: self._edited, _LOCATION: self._her_places}.get(table, ())
        return (
            row.get("id") in own or row.get("service_id") in self._edited or row.get("location_id") in self._her_places
        )

    def _compare(self, table: str) -> Counts:
        stored, same, yours = self._stored[table], 0, 0
        self.added[table], self.changed[table] = [], []
        for key, row in self._incoming[table].items():
            old = stored.get(key)
            if self._is_hers(table, row) or (old is not None and self._is_hers(table, old)):
                yours += 1
            elif old is None:
                self.added[table].append(row)
            elif _differs(row, old):
                self.changed[table].append(_update(row, old))
            else:
                same += 1
        gone = [row for key, row in stored.items() if key not in self._incoming[table]]
        self._gone[table] = [row for row in gone if self._goes(table, row)]
        self.removed[table] = [_key(table, row) for row in self._gone[table]]
        return Counts(
            new=len(self.added[table]),
            changed=len(self.changed[table]),
            unchanged=same,
            missing=len(gone) - len(self.removed[table]),
            removed=len(self.removed[table]),
            kept_yours=yours,
        )

    def _goes(self, table: str, row: Row) -> bool:
        """Whether a row that the file lacks is removed: what it belongs to is in the file and no longer has it."""
        if table in _STAY or self._is_hers(table, row):
            return False
        if table == _PLACED:
            return row["service_id"] in self._present
        return any(row.get(owner) in self._present for owner in ("service_id", "location_id", "organization_id"))

    def _spare_contacts(self) -> None:
        """Keep a person whom a number that stays still names."""
        contacts = Contact.__tablename__
        gone = set(self.removed[Phone.__tablename__])
        stay = (row for row in self._stored[Phone.__tablename__].values() if row["id"] not in gone)
        named = {row["contact_id"] for row in stay}
        self.removed[contacts] = [key for key in self.removed[contacts] if key not in named]

    def _altered_services(self) -> frozenset[object]:
        """Return the services that are here and would read otherwise: they, their numbers, hours or places."""
        at: dict[object, set[object]] = {}
        for rows in (self._stored[_PLACED], self._incoming[_PLACED]):
            for row in rows.values():
                at.setdefault(row["location_id"], set()).add(row["service_id"])
        altered: set[object] = set()
        for table in self._incoming:
            for row in (*self.added[table], *self.changed[table], *self._gone[table]):
                if table == _SERVICE or row.get("service_id"):
                    altered.add(row["id"] if table == _SERVICE else row["service_id"])
                else:
                    altered |= at.get(row["id"] if table == _LOCATION else row.get("location_id"), set())
        here = {row["id"] for row in self._stored[_SERVICE].values()} - self._edited
        return frozenset(altered & here & self._present)

    def samples(self) -> Samples:
        """Return the names of a few services of each kind of change."""
        stored, incoming = self._stored[_SERVICE], self._incoming[_SERVICE]
        return Samples(
            new=self._names(self.added[_SERVICE]),
            changed=self._names(row for row in incoming.values() if row["id"] in self._altered),
            missing=self._names(row for key, row in stored.items() if key not in incoming),
            kept_yours=self._names(row for row in stored.values() if row["id"] in self._edited),
        )

    def _names(self, services: Iterable[Row]) -> tuple[str, ...]:
        names = dict(self._organization_names())
        some = (row for _count, row in zip(range(_SAMPLES), services, strict=False))
        return tuple(place(names.get(row["organization_id"], ""), str(row["name"])) for row in some)

    def _organization_names(self) -> Iterator[tuple[object, str]]:
        for rows in (self._stored[_ORGANIZATION], self._incoming[_ORGANIZATION]):
            yield from ((row["id"], str(row["name"])) for row in rows.values())


def _differs(row: Row, old: Row) -> bool:
    return any(value != old[name] for name, value in row.items() if name not in KEPT)


def _update(row: Row, old: Row) -> Row:
    return {"id": old["id"], **{name: value for name, value in row.items() if name not in KEPT}}


def _key(table: str, row: Row) -> Key:
    if table not in LINKS:
        return str(row["id"])
    other = row["need"] if "need" in row else row["term_id"]
    return str(row["service_id"]), str(other)
