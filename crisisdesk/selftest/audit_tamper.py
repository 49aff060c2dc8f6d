"""Tampers with a vault's audit log in every way we know, and says what became of each: blocked, named or missed."""

import hmac
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crisisdesk.paths import VaultPaths
from crisisdesk.records.choices import NoteStatus
from crisisdesk.records.clients import Client
from crisisdesk.records.notes import Note
from crisisdesk.selftest.place import Trial
from crisisdesk.vault import audit
from crisisdesk.vault.audit import Anchor, AuditCheck, AuditEntry, AuditLog
from crisisdesk.vault.connection import connect, make_engine
from crisisdesk.vault.keys import MasterKey, Purpose, wiped

_ACTS = 12  # lines that the log has before anybody tampers with it, and a few more
_AT = 6  # the line that is tampered with, also in the statements below
_NAMES = "seq, at_utc, kind, actor, object_type, object_id, outcome, detail_code, app_ver, session, mac"
_COPY = f"SELECT {_NAMES} FROM audit WHERE seq = 6"  # noqa: S608  our own names
_REST = _NAMES.partition(", ")[2]  # all but the number
_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
PROGRAM, FILE, STRIPPED = "program", "file", "file without triggers"


@dataclass(frozen=True, kw_only=True)
class Tampering:
    """One way to tamper: what is done, and the line that a check must name; None where it must be refused."""

    name: str
    statements: tuple[str, ...]
    named: int | None = None
    needs_anchor: bool = False  # nothing inside the file can tell


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What became of a tampering: "blocked", "named" (with the line), or "missed"."""

    name: str
    where: str  # through the program's own connection, with the key alone, or past the triggers as well
    outcome: str
    seq: int | None = None

    @property
    def is_missed(self) -> bool:
        """Whether it would have gone unnoticed."""
        return self.outcome == "missed"


_REFUSED = (
    Tampering(name="update", statements=("UPDATE audit SET object_id = 'x'",)),
    Tampering(name="delete", statements=("DELETE FROM audit WHERE seq = 6",)),
    Tampering(name="replace", statements=(f"INSERT OR REPLACE INTO audit {_COPY}",)),
    Tampering(name="row inserted", statements=(f"INSERT INTO audit SELECT 0, {_REST} FROM audit WHERE seq = 6",)),  # noqa: S608  as above
    Tampering(name="signed note changed", statements=("UPDATE note SET body = 'x' WHERE status = 'signed'",)),
    Tampering(
        name="signed note replaced",
        statements=("INSERT OR REPLACE INTO note SELECT * FROM note WHERE status = 'signed'",),
    ),
    Tampering(name="journal changed", statements=("UPDATE journal_row SET after = 'x'",)),
    Tampering(name="journal replaced", statements=("INSERT OR REPLACE INTO journal_row SELECT * FROM journal_row",)),
)
_REFUSED_BY_PROGRAM = (
    *_REFUSED,
    Tampering(name="upsert", statements=(f"INSERT INTO audit {_COPY} ON CONFLICT(seq) DO UPDATE SET kind = 'x'",)),
    Tampering(name="drop trigger", statements=("DROP TRIGGER audit_refuses_update",)),
    Tampering(
        name="temp trigger",
        statements=("CREATE TEMP TRIGGER t BEFORE INSERT ON audit BEGIN SELECT RAISE(IGNORE); END",),
    ),
    Tampering(name="temp table before it", statements=("CREATE TEMP TABLE audit (seq)",)),
    Tampering(name="temp view before it", statements=("CREATE TEMP VIEW audit AS SELECT 1 AS seq",)),
    Tampering(name="drop table", statements=("DROP TABLE audit",)),
    Tampering(name="alter table", statements=("ALTER TABLE audit RENAME TO old",)),
    Tampering(name="writable_schema", statements=("PRAGMA writable_schema = ON",)),
    Tampering(name="recursive_triggers off", statements=("PRAGMA recursive_triggers = OFF",)),
    Tampering(name="attach", statements=("ATTACH ':memory:' AS other",)),
    Tampering(name="schema row", statements=("DELETE FROM sqlite_master WHERE name = 'audit_refuses_update'",)),
)
_SWAP = (
    "UPDATE audit SET seq = -1 WHERE seq = 6",
    "UPDATE audit SET seq = 6 WHERE seq = 7",
    "UPDATE audit SET seq = 7 WHERE seq = -1",
)
_MAKE_ROOM = (
    "UPDATE audit SET seq = -seq - 1 WHERE seq > 6",
    "UPDATE audit SET seq = -seq WHERE seq < 0",
    f"INSERT INTO audit SELECT 7, {_REST} FROM audit WHERE seq = 6",  # noqa: S608  ours
)
_COLUMNS = ("at_utc", "kind", "actor", "object_type", "object_id", "outcome", "detail_code", "app_ver", "session")
_NAMED = (
    *(
        Tampering(
            name=f"{column} changed",
            statements=(f"UPDATE audit SET {column} = 'x' WHERE seq = 6",),  # noqa: S608  our own names
            named=_AT,
        )
        for column in _COLUMNS
    ),
    Tampering(name="mac changed", statements=("UPDATE audit SET mac = zeroblob(32) WHERE seq = 6",), named=_AT),
    Tampering(name="mac made text", statements=("UPDATE audit SET mac = 'x' WHERE seq = 6",), named=_AT),
    Tampering(name="first line deleted", statements=("DELETE FROM audit WHERE seq = 1",), named=1),
    Tampering(name="line deleted", statements=("DELETE FROM audit WHERE seq = 6",), named=_AT),
    Tampering(
        name="line deleted, gap closed",
        statements=("DELETE FROM audit WHERE seq = 6", "UPDATE audit SET seq = seq - 1 WHERE seq > 6"),
        named=_AT,
    ),
    Tampering(name="rows swapped", statements=_SWAP, named=_AT),
    Tampering(name="row inserted between", statements=_MAKE_ROOM, named=_AT + 1),
    Tampering(
        name="row replaced by its neighbour",
        statements=(
            f"INSERT OR REPLACE INTO audit SELECT 6, {_REST} FROM audit WHERE seq = 7",  # noqa: S608  as above
        ),
        named=_AT,
    ),
    Tampering(name="tail cut", statements=("DELETE FROM audit WHERE seq >= 6",), named=_AT, needs_anchor=True),
    Tampering(name="log emptied", statements=("DELETE FROM audit",), named=1, needs_anchor=True),
)


def audit_tamper(folder: Path) -> list[Attempt]:
    """Try everything on copies of a vault that is made in ``folder``; return what became of each."""
    trial = Trial.make(folder / "whole")
    master = trial.key()
    try:
        store = trial.open()
        with store.write("Add client") as s:
            client = s.add(Client(number=s.number("client")))
            s.add(Note(client_id=client.id, status=NoteStatus.SIGNED, written_at=trial.clock.now()))
        for _number in range(_ACTS):
            store.note(AuditEntry("view", "client", client.id))
        store.close()
        case = _Case(trial, folder / "copy", master)
        tried = [case.refused(PROGRAM, each) for each in _REFUSED_BY_PROGRAM]
        tried += [case.refused(FILE, each) for each in _REFUSED]
        tried += [case.found(each) for each in _NAMED]
        tried += [case.forged("re-MAC of one line with a wrong key", _AT), case.forged("re-MAC of all lines", 1)]
        tried.append(case.grown_again())
    finally:
        master.wipe()
    return tried


def table(attempts: Iterable[Attempt]) -> str:
    """Return the attempts as a table, with the sum in its last line."""
    rows = [(each.where, each.name, each.outcome, "" if each.seq is None else str(each.seq)) for each in attempts]
    head = ("where", "tampering", "outcome", "line")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]
    counted = {word: sum(row[2] == word for row in rows) for word in ("blocked", "named", "missed")}
    return "\n".join([*lines, " ".join(f"{word}={count}" for word, count in counted.items())])


class _Case:
    """A whole vault, of which each tampering gets a copy."""

    def __init__(self, trial: Trial, folder: Path, master: MasterKey) -> None:
        self._trial, self._folder, self._master = trial, folder, master
        with self._opened(is_guarded=False) as raw:
            self._anchor = self._check(raw, None).head

    @contextmanager
    def _opened(self, *, is_guarded: bool, is_stripped: bool = False) -> Iterator[Any]:
        """Lend a connection to a fresh copy; perhaps with the program's guard, perhaps without the log's triggers."""
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._trial.paths.folder, self._folder)
        raw = connect(VaultPaths(self._folder), self._master, maintenance=not is_guarded)
        try:
            if is_stripped:
                for (name,) in raw.execute(_TRIGGERS).fetchall():
                    raw.execute(f"DROP TRIGGER {name}")
            yield raw
        finally:
            raw.close()
            shutil.rmtree(self._folder)

    def refused(self, where: str, tampering: Tampering) -> Attempt:
        """Do what must be refused."""
        with self._opened(is_guarded=where == PROGRAM) as raw:
            before = _all(raw)
            is_blocked = False
            try:
                for statement in tampering.statements:
                    raw.execute(statement)
            except raw.DatabaseError:
                is_blocked = True
            is_whole = _all(raw) == before and self._check(raw, self._anchor).is_sound
        return Attempt(name=tampering.name, where=where, outcome="blocked" if is_blocked and is_whole else "missed")

    def found(self, tampering: Tampering) -> Attempt:
        """Do what only a check can find."""

        def tamper(raw: Any) -> None:  # noqa: ANN401  the driver's connection, which only the vault may name
            for statement in tampering.statements:
                raw.execute(statement)

        return self._named(tampering.name, tamper, tampering.named, needs_anchor=tampering.needs_anchor)

    def forged(self, name: str, first: int) -> Attempt:
        """Change a line and make its MAC, and those of all after it, anew; but with another key."""
        key = secrets.token_bytes(32)

        def tamper(raw: Any) -> None:  # noqa: ANN401  as above
            raw.execute("UPDATE audit SET object_id = 'x' WHERE seq = ?", (first,))
            before = raw.execute("SELECT mac FROM audit WHERE seq = ?", (first - 1,)).fetchone()
            mac = before[0] if before else bytes(32)
            for line in raw.execute("SELECT * FROM audit WHERE seq >= ? ORDER BY seq", (first,)).fetchall():
                mac = hmac.digest(key, mac + json.dumps(line[:-1], separators=(",", ":")).encode(), "sha256")
                raw.execute("UPDATE audit SET mac = ? WHERE seq = ?", (mac, line[0]))

        return self._named(name, tamper, first)

    def grown_again(self) -> Attempt:
        """Cut the end off and write another one with the right key: only the anchor can tell."""

        def tamper(raw: Any) -> None:  # noqa: ANN401  as above
            raw.execute("DELETE FROM audit WHERE seq >= ?", (_AT,))
            with wiped(self._master.subkey(Purpose.AUDIT)) as key, make_engine(lambda: raw).begin() as connection:
                log = AuditLog(key, self._trial.clock, "forged")
                log.append(connection, [AuditEntry("view", "client", "x")] * (self._anchor.seq - _AT + 2))

        return self._named("tail cut and written anew", tamper, self._anchor.seq, needs_anchor=True)

    def _named(
        self, name: str, tamper: Callable[[Any], None], seq: int | None, *, needs_anchor: bool = False
    ) -> Attempt:
        with self._opened(is_guarded=False, is_stripped=True) as raw:
            tamper(raw)
            found = self._check(raw, self._anchor if needs_anchor else None)
        is_named = not found.is_sound and found.broken_at == seq
        return Attempt(name=name, where=STRIPPED, outcome="named" if is_named else "missed", seq=found.broken_at)

    def _check(self, raw: Any, anchor: Anchor | None) -> AuditCheck:  # noqa: ANN401  as above
        with wiped(self._master.subkey(Purpose.AUDIT)) as key, make_engine(lambda: raw).connect() as connection:
            return audit.verify(connection, key, anchor)


def _all(raw: Any) -> list[object]:  # noqa: ANN401  as above
    """Return everything that must stay as it is, and which tables and triggers there are; nothing if it is gone."""
    asked = ("sqlite_temp_master", "main.sqlite_master", "main.audit", "main.note", "main.journal_row")
    try:
        return [raw.execute(f"SELECT * FROM {table}").fetchall() for table in asked]  # noqa: S608  our own names
    except raw.DatabaseError:
        return []
