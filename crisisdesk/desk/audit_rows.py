"""Reads the audit log: lines newest first, filtered, each in words, with names found only as it is shown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, literal, select, union_all
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.audit_words import about_words, outcome_words, what_words
from crisisdesk.desk.moments import at_local
from crisisdesk.desk.names import initials
from crisisdesk.desk.when import clock_time, short_day
from crisisdesk.i18n import _
from crisisdesk.records.audit_kinds import GROUPS, AuditGroup, AuditKind, kind_of
from crisisdesk.records.base import Base
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.encounters import Disposition
from crisisdesk.records.referrals import ReferralEvent
from crisisdesk.vault.audit import AUDIT
from crisisdesk.vault.store import Store

Key = tuple[int]
_LINE = (
    AUDIT.c.seq,
    AUDIT.c.at_utc,
    AUDIT.c.kind,
    AUDIT.c.object_type,
    AUDIT.c.object_id,
    AUDIT.c.outcome,
    AUDIT.c.detail_code,
)


@dataclass(frozen=True, kw_only=True)
class TrailQuery:
    """Which lines: of a group, about a client, from and to these days of her calendar (both included)."""

    group: AuditGroup | None = None
    client_id: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    """One line in words. ``name`` is whom it is about, ``initials`` what stands for it while names are covered."""

    id: str  # the line's number
    seq: int
    kind: AuditKind | None
    when: str
    time: str
    what: str
    detail: str
    about: str
    name: str
    initials: str
    client_id: str
    outcome: str
    is_ok: bool


@dataclass(frozen=True, kw_only=True)
class TrailPage:
    """Some rows, and the key after which the older ones begin."""

    rows: tuple[TrailRow, ...]
    next_key: Key | None = None


@dataclass(frozen=True)
class _Who:
    """Whom a record is about."""

    name: str
    initials: str
    client_id: str = ""


class TrailRows:
    """Reads lines."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def page(self, query: TrailQuery, after: Key | None = None, limit: int = 60) -> TrailPage:
        """Return lines, the newest first, older than ``after``."""
        wanted = conditions(query, self._clock)
        if after is not None:
            wanted.append(AUDIT.c.seq < after[0])
        with self._store.read() as s:
            found = s.execute(select(*_LINE).where(*wanted).order_by(AUDIT.c.seq.desc()).limit(limit + 1)).all()
            rows = self._rows(s, found[:limit])
        return TrailPage(rows=rows, next_key=(rows[-1].seq,) if len(found) > limit else None)

    def rows(self, numbers: Iterable[str]) -> tuple[TrailRow, ...]:
        """Return these lines."""
        wanted = [int(number) for number in numbers]
        with self._store.read() as s:
            found = s.execute(select(*_LINE).where(AUDIT.c.seq.in_(wanted)).order_by(AUDIT.c.seq.desc())).all()
            return self._rows(s, found)

    def client_name(self, client_id: str) -> tuple[str, str]:
        """Return a client's name and initials; empty if there is none."""
        with self._store.read() as s:
            who = _clients(s, [client_id]).get(client_id)
        return (who.name, who.initials) if who else ("", "")

    def _rows(self, s: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> tuple[TrailRow, ...]:
        about = [(str(line.object_type), str(line.object_id)) for line in found]
        went_to = [_recipient(line) for line in found]
        people = _people(s, [*about, *went_to])
        told = zip(found, about, went_to, strict=True)
        return tuple(self._row(line, people.get(own), people.get(to)) for line, own, to in told)

    def _row(self, line: Row[*tuple[Any, ...]], who: _Who | None, recipient: _Who | None) -> TrailRow:
        kind = kind_of(str(line.kind))
        what, detail = what_words(str(line.kind), str(line.object_id), str(line.detail_code))
        if kind is AuditKind.SENT_TO:  # a client's own name stands in the column beside it
            detail = _("the client") if recipient is None or recipient.client_id else recipient.name
        elif kind in {AuditKind.CONSENT, AuditKind.DOCUMENT}:
            detail = detail.partition(":")[2][:16]
        day, hour = self._when(str(line.at_utc))
        return TrailRow(
            id=str(line.seq),
            seq=int(line.seq),
            kind=kind,
            when=day,
            time=hour,
            what=what,
            detail=detail,
            about=about_words(str(line.object_type)),
            name=who.name if who else "",
            initials=who.initials if who else "",
            client_id=who.client_id if who else "",
            outcome=outcome_words(str(line.outcome)),
            is_ok=line.outcome == "ok",
        )

    def _when(self, at_utc: str) -> tuple[str, str]:
        try:
            at = self._clock.local(datetime.fromisoformat(at_utc))
        except ValueError:  # somebody wrote into the log by hand
            return _("no moment"), ""
        return short_day(at.date(), self._clock.today()), clock_time(at)


def _recipient(line: Row[*tuple[Any, ...]]) -> tuple[str, str]:
    """Return which record something went to."""
    is_sent = line.kind == AuditKind.SENT_TO.value
    kind, _colon, record_id = str(line.detail_code).partition(":") if is_sent else ("", "", "")
    return kind, record_id


def conditions(query: TrailQuery, clock: Clock) -> list[ColumnElement[bool]]:
    """Return what a query asks of a line."""
    wanted: list[ColumnElement[bool]] = []
    if query.group is not None:
        wanted.append(AUDIT.c.kind.in_([kind.value for kind in GROUPS[query.group]]))
    if query.client_id:
        wanted.append(_is_about(query.client_id))
    if query.since is not None:
        wanted.append(AUDIT.c.at_utc >= _start(clock, query.since))
    if query.until is not None:
        wanted.append(AUDIT.c.at_utc < _start(clock, query.until + timedelta(days=1)))
    return wanted


def _start(clock: Clock, day: date) -> str:
    return at_local(clock, day, time()).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _owned() -> dict[str, Select[*tuple[Any, ...]]]:
    """Return, for each kind of record that belongs to a client, how to read its id and the client's."""
    made: dict[str, Select[*tuple[Any, ...]]] = {
        name: select(table.c.id, table.c.client_id)
        for name, table in Base.metadata.tables.items()
        if "client_id" in table.c and "id" in table.c
    }
    referral, encounter = Base.metadata.tables["referral"], Base.metadata.tables["encounter"]
    for record, owner, link in ((ReferralEvent, referral, "referral_id"), (Disposition, encounter, "encounter_id")):
        table = record.__table__
        joined = select(table.c.id, owner.c.client_id).join(owner, owner.c.id == table.c[link])
        made[record.__tablename__] = joined
    return made


def _is_about(client_id: str) -> ColumnElement[bool]:
    """Whether a line is about a client or a record of the client's: found from the records, by the log's index."""
    own = [select(literal(Client.__tablename__).label("kind"), literal(client_id).label("id"))]
    for name, owned in _owned().items():
        record_id, owner_id = owned.selected_columns
        own.append(owned.where(owner_id == client_id).with_only_columns(literal(name).label("kind"), record_id))
    records = union_all(*own).subquery()
    line = AUDIT.alias()
    theirs = and_(line.c.object_id == records.c.id, line.c.object_type == records.c.kind)
    return AUDIT.c.seq.in_(select(line.c.seq).select_from(records).join(line, theirs))


def _people(s: Session, objects: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], _Who]:
    """Return whom these records are about: a client, or for the directory's records an organization or service."""
    ids: dict[str, set[str]] = defaultdict(set)
    for kind, record_id in objects:
        ids[kind].add(record_id)
    owners: dict[tuple[str, str], str] = {("client", each): each for each in ids.get("client", ())}
    owned = _owned()
    for kind in ids.keys() & owned.keys():
        own_id = owned[kind].selected_columns[0]
        owners.update(
            ((kind, own), client)
            for own, client in s.execute(owned[kind].where(own_id.in_(ids[kind])))
            if client is not None
        )
    clients = _clients(s, set(owners.values()))
    made = {place: clients[client] for place, client in owners.items() if client in clients}
    for record in (Organization, Service):
        kind = record.__tablename__
        if kind in ids:
            named = s.execute(select(record.id, record.name).where(record.id.in_(ids[kind])))
            made.update({(kind, own): _Who(name, name) for own, name in named})
    return made


def _clients(s: Session, ids: Iterable[str]) -> dict[str, _Who]:
    rows = s.execute(
        select(
            Client.id, Client.shown_name, Client.first_name, Client.last_name, Client.described_as, Client.number
        ).where(Client.id.in_(list(ids)))
    )
    return {
        row.id: _Who(
            row.shown_name or row.number, initials(row.first_name, row.last_name, row.described_as), client_id=row.id
        )
        for row in rows
    }
