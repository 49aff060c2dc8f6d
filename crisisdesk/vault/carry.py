"""What an old backup can't know and must not make undone: legal holds, purges, and where copies lie.

A restore reads it from the vault that stands (``read``) and puts it into the copy (``put``) before that takes the
vault's place, so that there is no moment at which a hold is gone or a purged chart is back:

- A hold set since is set again; one lifted since is lifted. If its chart is not in the copy, the hold is put on
  everything: so nothing goes until somebody who knows has looked, and the replaced vault, which has the chart, stays.
- A chart purged since is purged again: its retention was over, the act was decided and its certificate says that it is
  gone. A hold in force comes first, always: what it covers stays, and is listed to be purged once the hold is lifted.
- The tombstones, the register of drives and the series of numbers go on from where they were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, inspect, select, update
from sqlalchemy.dialects.sqlite import insert

from crisisdesk.i18n import _
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.records.base import Base
from crisisdesk.records.clients import Client
from crisisdesk.records.keeping import LegalHold, Medium, Tombstone
from crisisdesk.vault import holds, journal, numbers, purge
from crisisdesk.vault.audit import AuditEntry
from crisisdesk.vault.rows import plain

LABEL = "Restore backup"
AGAIN = "again"
Values = Mapping[str, Any]  # a row as it lies in the file

_HOLD, _STONE, _MEDIUM = (Base.metadata.tables[record.__tablename__] for record in (LegalHold, Tombstone, Medium))


@dataclass(frozen=True, kw_only=True, repr=False)
class Carried:
    """Every hold, tombstone and drive of a vault, and how far each series of numbers has come."""

    holds: Sequence[Values] = ()
    tombstones: Sequence[Values] = ()
    media: Sequence[Values] = ()
    series: Sequence[numbers.Series] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that an old backup could make undone."""
        return not (self.holds or self.tombstones or self.media)


def read(connection: Connection) -> Carried:
    """Return what a vault knows; nothing if its tables are from before there was any of it."""
    if not inspect(connection).has_table(_HOLD.name):
        return Carried()
    return Carried(
        holds=_all(connection, _HOLD),
        tombstones=_all(connection, _STONE),
        media=_all(connection, _MEDIUM),
        series=numbers.given_out(connection),
    )


def put(connection: Connection, carried: Carried, now: datetime) -> list[AuditEntry]:
    """Put into a copy, in the caller's transaction, what it does not know; return the lines for its audit log."""
    numbers.go_on(connection, carried.series)
    if carried.is_empty:
        return []  # the copy's tables may be from before there was any of it
    told = [*_put_holds(connection, carried), *_put_tombstones(connection, carried)]
    moved = _put_media(connection, carried.media)
    if told or moved:
        journal.record(connection, journal.Step(LABEL, now, is_undoable=False), ())
    return told


def _put_holds(connection: Connection, carried: Carried) -> list[AuditEntry]:
    told: list[AuditEntry] = []
    own = {row["id"]: row for row in _all(connection, _HOLD)}
    for hold in carried.holds:
        mine = own.get(hold["id"])
        if mine is None:
            told += _set(connection, hold)
        elif mine["lifted_at"] is None and hold["lifted_at"] is not None:
            told.append(_lift(connection, mine, hold["lifted_at"], hold["lift_reason"]))
    known = {hold["id"] for hold in carried.holds}
    purged = {stone["subject_id"]: stone["purged_at"] for stone in carried.tombstones}
    for hold in own.values():
        # A chart under a hold is never purged, and its lifted holds go with it: so this one was lifted before.
        if hold["id"] not in known and hold["lifted_at"] is None and hold["client_id"] in purged:
            words = _("Lifted before the record was purged")
            told.append(_lift(connection, hold, purged[hold["client_id"]], words))
    return told


def _set(connection: Connection, hold: Values) -> list[AuditEntry]:
    client_id = hold["client_id"]
    if client_id is not None and not _is_there(connection, client_id):
        if hold["lifted_at"] is not None:
            return []  # nothing is left for it to be about
        client_id = None
    connection.execute(insert(plain(_HOLD)).values({**hold, "client_id": client_id}))
    told = [AuditEntry(AuditKind.HOLD, *_about(client_id), hold["id"])]
    if hold["lifted_at"] is not None:
        told.append(AuditEntry(AuditKind.HOLD_LIFTED, *_about(client_id), hold["id"]))
    return told


def _lift(connection: Connection, hold: Values, at: object, reason: str) -> AuditEntry:
    of = plain(_HOLD)
    connection.execute(update(of).where(of.c.id == hold["id"]).values(lifted_at=at, lift_reason=reason))
    return AuditEntry(AuditKind.HOLD_LIFTED, *_about(hold["client_id"]), hold["id"])


def _put_tombstones(connection: Connection, carried: Carried) -> list[AuditEntry]:
    told: list[AuditEntry] = []
    own = {row["id"] for row in _all(connection, _STONE)}
    for stone in carried.tombstones:
        if stone["id"] not in own:
            connection.execute(insert(plain(_STONE)).values(dict(stone)))
    for subject_id in dict.fromkeys(stone["subject_id"] for stone in carried.tombstones):
        if not _is_there(connection, subject_id):
            continue
        if holds.is_held(connection, subject_id):
            told.append(AuditEntry(AuditKind.PURGE, "client", subject_id, AGAIN, "denied"))
            continue
        given, _images = purge.take_out(connection, subject_id)
        told.append(AuditEntry(AuditKind.PURGE, "client", subject_id, f"{AGAIN}:{sum(given.values())}"))
    return told


def _put_media(connection: Connection, media: Sequence[Values]) -> bool:
    own = {row["id"]: row for row in _all(connection, _MEDIUM)}
    newer = [dict(medium) for medium in media if own.get(medium["id"]) != medium]
    for medium in newer:
        put_one = insert(plain(_MEDIUM)).values(medium)
        connection.execute(put_one.on_conflict_do_update(index_elements=["id"], set_=medium))
    return bool(newer)


def _all(connection: Connection, of: Table) -> list[Values]:
    return [dict(row) for row in connection.execute(select(plain(of))).mappings()]


def _is_there(connection: Connection, client_id: str) -> bool:
    return connection.execute(select(Client.id).where(Client.id == client_id)).first() is not None


def _about(client_id: str | None) -> tuple[str, str]:
    return ("client", client_id) if client_id else ("vault", "")
