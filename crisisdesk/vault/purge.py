"""Take a client out of the vault for good: every row, every image in the journal, every word in the search.

What is left is a tombstone: a number that means nothing any more, and how much went, when and why. ``secure_delete``
writes zeros over what is deleted; FTS5's indexes are merged anew, and the file is then written anew without its free
pages. Backups still hold what was purged, until they are rotated out.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, text

from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.records.base import Base
from crisisdesk.records.keeping import Tombstone
from crisisdesk.records.practice import Draft
from crisisdesk.vault import holds, index, journal, numbers
from crisisdesk.vault.index import SEARCH_DOC, Kind
from crisisdesk.vault.journal import JOURNAL_ROW
from crisisdesk.vault.rows import plain

LABEL = "Purge client"
_SUBJECT = "client"
_DERIVED = frozenset({"client_line", "legal_hold", "kept_row"})  # about her rows, not rows of hers: not counted
_THROUGH = {"disposition": ("encounter_id", "encounter"), "referral_event": ("referral_id", "referral")}
_MANY = 500  # keys in one statement

_JOURNALED = """
SELECT DISTINCT table_name, row_key, coalesce(after, before) AS image FROM journal_row
 WHERE (after IS NULL OR before IS NULL) AND (row_key = :id OR instr(coalesce(after, before), :id) > 0)
"""
_JOURNALED_OF = """
SELECT DISTINCT table_name, row_key FROM journal_row
 WHERE table_name = :table AND (after IS NULL OR before IS NULL)
   AND json_extract(coalesce(after, before), '$.' || :column) IN :owners
"""
_OF = text(_JOURNALED_OF).bindparams(bindparam("owners", expanding=True))

Key = tuple[str, str]  # a table's name and a row's key


@dataclass(frozen=True, kw_only=True)
class Order:
    """Whom to purge, by which class of retention, and why. The reason outlives the record: no name stands in it."""

    client_id: str
    retention_class: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Purged:
    """What a purge did."""

    tombstone_id: str
    subject_id: str
    certificate: str  # P-2026-0001
    rows: int
    counts: Mapping[str, int]  # rows by table, as they were
    images: int  # rows of the journal that went with them
    at: datetime


def counts(connection: Connection, client_id: str) -> dict[str, int]:
    """Return how many rows each table has of a client; tables without any are left out."""
    found = {name: len(keys) for name, keys in _rows(connection, client_id).items() if name not in _DERIVED}
    return {name: count for name, count in found.items() if count}


def purge(connection: Connection, order: Order, now: datetime) -> Purged:
    """Take a client out, in the caller's transaction, and leave a tombstone.

    Raises OnHold while a legal hold is in force, NotFound if there is no such client.
    """
    given, images = take_out(connection, order.client_id)
    number = numbers.draw(connection, "purge", now.year)
    stone = Tombstone(
        subject_id=order.client_id,
        kind=_SUBJECT,
        retention_class=order.retention_class,
        purged_at=now,
        reason=order.reason,
        rows=sum(given.values()),
        certificate=number,
        created_at=now,
    )
    table = Base.metadata.tables[Tombstone.__tablename__]
    connection.execute(insert(table), {column.name: getattr(stone, column.name) for column in table.columns})
    return Purged(
        tombstone_id=stone.id,
        subject_id=order.client_id,
        certificate=number,
        rows=stone.rows,
        counts=given,
        images=images,
        at=now,
    )


def take_out(connection: Connection, client_id: str) -> tuple[Mapping[str, int], int]:
    """Take a client out without a tombstone; return how many rows each table had, and the journal.

    For a client that was purged before and came back with an old backup. Raises OnHold, NotFound.
    """
    if holds.is_held(connection, client_id):
        raise holds.on_hold()
    live = _rows(connection, client_id)
    if not live["client"]:
        raise NotFound(_("This client is no longer in the file."))
    keys = _journaled(connection, client_id, live)
    _forget_drafts(connection, client_id, keys)
    _forget_search(connection, live)
    images = _forget_journal(connection, keys)
    for name in (*_THROUGH, *(name for name in live if name not in _THROUGH)):
        _delete(connection, Base.metadata.tables[name], live[name])
    index.scrub(connection)
    return {name: len(gone) for name, gone in live.items() if gone and name not in _DERIVED}, images


def _rows(connection: Connection, client_id: str) -> dict[str, list[str]]:
    """Return the keys of a client's rows by table. Each table with a ``client_id`` is one of them."""
    found: dict[str, list[str]] = {"client": _keys(connection, "client", "id", [client_id])}
    for name, table in Base.metadata.tables.items():
        if "client_id" in table.columns:
            found[name] = _keys(connection, name, "client_id", [client_id])
    for name, (column, owner) in _THROUGH.items():
        found[name] = _keys(connection, name, column, found[owner])
    return found


def _keys(connection: Connection, name: str, by: str, values: Iterable[str]) -> list[str]:
    table = Base.metadata.tables[name]
    of = plain(table)
    key = of.c[next(iter(table.primary_key.columns)).name]
    found: list[str] = []
    for some in _batches(values):
        found += connection.execute(select(key).where(of.c[by].in_(some))).scalars()
    return found


def _journaled(connection: Connection, client_id: str, live: Mapping[str, list[str]]) -> set[Key]:
    """Return which rows the journal knows of a client, also those that were taken out or undone long since."""
    keys = {(name, str(key)) for name, gone in live.items() for key in gone if name not in _DERIVED}
    for name, key, image in connection.execute(text(_JOURNALED), {"id": client_id}):
        whose = json.loads(image).get("client_id") if image else None
        if whose == client_id or (name == "client" and key == client_id):
            keys.add((name, key))
    for name, (column, owner) in _THROUGH.items():
        owners = sorted(key for table, key in keys if table == owner)
        for some in _batches(owners):
            given = {"table": name, "column": column, "owners": some}
            keys |= {(row.table_name, row.row_key) for row in connection.execute(_OF, given)}
    return keys


def _forget_journal(connection: Connection, keys: Iterable[Key]) -> int:
    by_table: dict[str, list[str]] = {}
    for name, key in keys:
        by_table.setdefault(name, []).append(key)
    images = 0
    for name, named in by_table.items():
        for some in _batches(named):
            here = (JOURNAL_ROW.c.table_name == name, JOURNAL_ROW.c.row_key.in_(some))
            images += connection.execute(delete(JOURNAL_ROW).where(*here)).rowcount
    return images


def _forget_drafts(connection: Connection, client_id: str, keys: Iterable[Key]) -> None:
    """Drop what is half typed about the client or one of the client's records, or mentions the client's id."""
    ids = {key for _name, key in keys} | {client_id}
    for form, ref, body in connection.execute(select(Draft.form, Draft.ref, Draft.body)).all():
        if ref in ids or ref.removeprefix("new ") in ids or client_id in ref or client_id in body:
            connection.execute(delete(Draft).where(Draft.form == form, Draft.ref == ref))


def _forget_search(connection: Connection, live: Mapping[str, list[str]]) -> None:
    for kind, refs in ((Kind.CLIENT, live["client"]), (Kind.NOTE, live["note"])):
        for some in _batches(refs):
            here = (SEARCH_DOC.c.kind == kind.value, SEARCH_DOC.c.ref.in_(some))
            documents = list(connection.execute(select(SEARCH_DOC.c.id).where(*here)).scalars())
            for part in index.PARTS:
                if part.kind is kind and documents:
                    connection.execute(delete(part.fts).where(part.fts.c.rowid.in_(documents)))
            connection.execute(delete(SEARCH_DOC).where(*here))
    # A text whose document is gone, left by an older version, can't be found, but would still be there to read.
    for part in index.PARTS:
        lost = part.fts.c.rowid.not_in(select(SEARCH_DOC.c.id).where(SEARCH_DOC.c.kind == part.kind.value))
        connection.execute(delete(part.fts).where(lost))


def _delete(connection: Connection, table: Table, keys: Iterable[str]) -> None:
    of = plain(table)
    key = of.c[next(iter(table.primary_key.columns)).name]
    for some in _batches(keys):
        connection.execute(delete(of).where(key.in_(some)))


def step(now: datetime) -> journal.Step:
    """Return the journal's step of a purge: that there was one, and that it can't be taken back."""
    return journal.Step(LABEL, now, is_undoable=False)


def _batches(given: Iterable[str]) -> Iterator[list[str]]:
    named = list(given)
    for start in range(0, len(named), _MANY):
        yield named[start : start + _MANY]
