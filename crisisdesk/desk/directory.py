"""Bring in a directory of services from elsewhere, keep it up to date, take it out again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.directory_plan import ImportPlan, Known, edition_of, make_plan
from crisisdesk.desk.directory_rows import LINKS, RECORDS, Key, Row
from crisisdesk.desk.names import fold
from crisisdesk.desk.taking_out import TakenOut, parts_to_take_out
from crisisdesk.errors import FileProblem, NotFound, Stale
from crisisdesk.i18n import _
from crisisdesk.records.base import Base, new_id
from crisisdesk.records.directory import DataSet, Organization, Service
from crisisdesk.records.incoming import IncomingDirectory, IncomingRow
from crisisdesk.vault.changes import Changes
from crisisdesk.vault.rows import key_of
from crisisdesk.vault.store import Store

Tell = Callable[[int, int], None]  # rows written, rows in all

_TABLES = frozenset(record.__tablename__ for record in RECORDS) | {DataSet.__tablename__}
_MANY = 500  # ids in one question
_TOLD = 500  # rows between two words on the progress
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSetLine:
    """A directory that was brought in, as the page of data sets lists it."""

    id: str
    title: str
    kind: str
    imported_at: datetime
    organizations: int
    services: int


class Directory:
    """The directories that came from elsewhere."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._version = 0
        store.subscribe(self._note)

    def _note(self, changes: Changes) -> None:
        if changes.touches(*_TABLES):
            self._version += 1

    def data_sets(self) -> tuple[DataSetLine, ...]:
        """Return the directories that are here, the latest first."""
        columns = (
            DataSet.id,
            DataSet.title,
            DataSet.kind,
            DataSet.imported_at,
            DataSet.organizations,
            DataSet.services,
        )
        query = select(*columns).where(DataSet.taken_out_at.is_(None)).order_by(DataSet.imported_at.desc())
        with self._store.read() as s:
            return tuple(
                DataSetLine(id=a, title=b, kind=c, imported_at=d, organizations=e, services=f)
                for a, b, c, d, e, f in s.execute(query)
            )

    def plan(self, incoming: IncomingDirectory) -> ImportPlan:
        """Return what bringing this file in would do. Writes nothing. Raises FileProblem if there is nothing in it.

        Reads first and then compares; a job may do the second half, which is pure: ``make_plan(incoming, known, now)``.
        """
        return make_plan(incoming, self.known(incoming), self._clock.now())

    def known(self, incoming: IncomingDirectory) -> Known:
        """Return what is here already, so far as it matters to this file. Raises FileProblem if the file is empty."""
        if not incoming.organizations and not incoming.services:
            raise FileProblem(_("There are no organizations and no services in this file."))
        with self._store.read() as s:
            return replace(_known(s, incoming), version=self._version)

    def bring_in(self, plan: ImportPlan, tell: Tell | None = None) -> str:
        """Do what a plan says, all of it or nothing, and return the data set's id.

        ``tell`` is called now and then with the rows done and the rows in all. Raises Stale if the directory has
        changed since the plan was made; then the summary that she saw is no longer true.
        """
        if plan.version != self._version:
            raise Stale(_("The directory has changed since this summary. Nothing was brought in; please look again."))
        if plan.is_there and plan.updates and plan.changes_nothing:
            return plan.data_set_id
        work = plan.work
        total = sum(len(rows) for part in (work.added, work.changed, work.removed) for rows in part.values())
        told = _Told(tell, total)
        now = self._clock.now()
        with self._store.load("Import directory", plan.data_set_id) as load:
            row = {
                "id": plan.data_set_id,
                "title": plan.title,
                "kind": plan.kind,
                "imported_at": now,
                "taken_out_at": None,
            }
            if plan.is_there:
                load.update(DataSet, [row])
            else:
                load.insert(DataSet, [{**row, "created_at": now}])
            for record in RECORDS:
                load.insert(record, told.count(work.added.get(record.__tablename__, ())))
                load.update(record, told.count(work.changed.get(record.__tablename__, ())))
            for record in reversed(RECORDS):
                load.remove(record, map(_key_text, told.count(work.removed.get(record.__tablename__, ()))))
            columns = {"organizations": Organization.data_set_id, "services": Service.data_set_id}
            numbers = {
                name: load.execute(select(func.count()).where(column == plan.data_set_id)).scalar_one()
                for name, column in columns.items()
            }
            load.update(DataSet, [{"id": plan.data_set_id, **numbers}])
        return plan.data_set_id

    def would_take_out(self, data_set_id: str) -> TakenOut:
        """Return what taking a data set out would remove and what would stay. Raises NotFound."""
        with self._store.read() as s:
            self._require(s, data_set_id)
            return parts_to_take_out(s, data_set_id).told

    def take_out(self, data_set_id: str) -> TakenOut:
        """Remove a data set whole, but for the services that she has used, checked, edited or written notes on.

        Those stay as her own, with their organization, places, numbers and hours. If the same directory is brought
        in again, they become part of it again. Raises NotFound.
        """
        with self._store.read() as s:
            self._require(s, data_set_id)
            parts = parts_to_take_out(s, data_set_id)
        with self._store.load("Take out directory", data_set_id) as load:
            for record, rows in parts.loosened.items():
                load.update(record, rows)
            for record in reversed(RECORDS):
                load.remove(record, map(_key_text, parts.removed.get(record, ())))
            if parts.told.kept:
                load.update(DataSet, [{"id": data_set_id, "taken_out_at": self._clock.now()}])
            else:
                load.remove(DataSet, [data_set_id])
        return parts.told

    def _require(self, s: Session, data_set_id: str) -> None:
        query = select(DataSet.id).where(DataSet.id == data_set_id, DataSet.taken_out_at.is_(None))
        if s.scalars(query).first() is None:
            raise NotFound(_("This directory is no longer here."))


class _Told:
    """Counts rows on their way to the disk, and tells about it now and then."""

    def __init__(self, tell: Tell | None, total: int) -> None:
        self._tell = tell
        self._total = total
        self._done = 0

    def count(self, rows: Iterable[T]) -> Iterator[T]:
        """Give the rows on, counting."""
        for row in rows:
            yield row
            self._done += 1
            if self._tell and (self._done % _TOLD == 0 or self._done == self._total):
                self._tell(self._done, self._total)


def _key_text(key: Key) -> str:
    return key if isinstance(key, str) else key_of(key)


# What is here already ---------------------------------------------------------------------------------------------


def _known(s: Session, incoming: IncomingDirectory) -> Known:
    """Return the data set that a file is an edition of, with its rows; a new one if there is none."""
    sets: dict[str, set[tuple[str, str]]] = {}
    query = select(Organization.data_set_id, Organization.source_id, Organization.name)
    for data_set_id, source_id, name in s.execute(query.where(Organization.data_set_id.is_not(None))):
        sets.setdefault(data_set_id or "", set()).add((source_id, fold(name)))
    found = edition_of(incoming, sets)
    if found is None:
        fresh = new_id()
        return Known(data_set_id=fresh, taken=_taken(s, incoming, fresh))
    row = s.execute(select(DataSet.title, DataSet.taken_out_at).where(DataSet.id == found)).one()
    return Known(
        data_set_id=found,
        title=row.title if row.taken_out_at is None else "",
        is_there=True,
        stored={record.__tablename__: _stored(s, record, found) for record in RECORDS},
        taken=_taken(s, incoming, found),
    )


def _stored(s: Session, record: type[Base], data_set_id: str) -> dict[Key, Row]:
    columns = record.__table__.columns
    found = s.execute(select(*columns).where(columns.data_set_id == data_set_id)).mappings()
    rows: list[Row] = [dict(row) for row in found]
    if record.__tablename__ in LINKS:
        other = "need" if "need" in columns else "term_id"
        return {(str(row["service_id"]), str(row[other])): row for row in rows}
    return {str(row["source_id"]): row for row in rows}


def _taken(s: Session, incoming: IncomingDirectory, data_set_id: str) -> Mapping[str, frozenset[str]]:
    """Return which of the file's UUIDs others use: other data sets, and she herself."""
    given: Mapping[str, Iterable[IncomingRow]] = {
        "organization": incoming.organizations,
        "taxonomy_term": incoming.taxonomy_terms,
        "service": incoming.services,
        "location": incoming.locations,
        "contact": incoming.contacts,
        "service_at_location": incoming.service_at_locations,
        "address": incoming.addresses,
        "phone": incoming.phones,
        "schedule": incoming.schedules,
    }
    taken = {}
    for record in RECORDS:
        columns = record.__table__.columns
        ids = sorted({row.uuid for row in given.get(record.__tablename__, ()) if row.uuid})
        others: set[str] = set()
        for start in range(0, len(ids), _MANY):
            some = columns.id.in_(ids[start : start + _MANY])
            others.update(s.scalars(select(columns.id).where(some, columns.data_set_id.is_distinct_from(data_set_id))))
        taken[record.__tablename__] = frozenset(others)
    return taken
