"""The one door to what is written in the vault.

``read()`` gives a session that can't change anything. ``write("Verb noun")`` is the transaction, the undo step, the
audit line and the notice of change at once; ``load("Import directory")`` is the same for a data set, which is brought
in or taken out whole. Records that come out of either are plain data once it is closed.

The one connection belongs to the thread that opened the store.
"""

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Self

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.errors import VaultError
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.records.practice import Draft
from crisisdesk.vault import access, audit, index, journal, lines, meta
from crisisdesk.vault.audit import Anchor, AuditCheck, AuditEntry, AuditLog
from crisisdesk.vault.changes import Act, Changes
from crisisdesk.vault.connection import connect, create_database, guard, make_engine
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.journal import HistoryEntry, Ledger, RowChange, Step
from crisisdesk.vault.keys import MasterKey, Purpose, wipe
from crisisdesk.vault.listeners import Listener, Listeners
from crisisdesk.vault.load import Load
from crisisdesk.vault.lockfile import VaultLock
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.sessions import MisuseError, ReadSession, WriteSession
from crisisdesk.vault.slots import FLOOR_KIB, Cost
from crisisdesk.vault.stack import Done, UndoStack
from crisisdesk.vault.upgrade import upgrade
from crisisdesk.vault.write import Write, to_millisecond


class Store:
    """An open vault. Made at unlock, closed at lock."""

    def __init__(self, paths: VaultPaths, master: MasterKey, clock: Clock) -> None:
        """Open a vault with its master key, bring an older one up to date, and hold it until ``close`` wipes the key.

        Raises VaultMissing, VaultInUse, VaultDamaged, VaultForeign, VaultTooNew, VaultReadOnly, DiskFull.
        """
        self._clock = clock
        self._thread = threading.get_ident()
        self._stack = UndoStack()
        self._listeners = Listeners()
        self._reading: ReadSession | None = None
        self._writing: WriteSession | None = None
        self._is_open = False
        self._lock = VaultLock(paths, since=clock.now())
        try:
            self._open(paths, master)
        except BaseException:
            self._lock.release()
            raise

    def _open(self, paths: VaultPaths, master: MasterKey) -> None:
        connection = connect(paths, master, maintenance=True)
        self._engine = make_engine(lambda: connection)
        self._master = master
        self._audit = AuditLog(master.subkey(Purpose.AUDIT), self._clock, secrets.token_hex(4))
        self._is_open = True
        try:
            with sorted_errors():
                upgrade(self._engine)
                guard(connection)
            self.note(AuditEntry("unlock"))
        except BaseException:
            self._forget()
            raise

    @classmethod
    def open(cls, paths: VaultPaths, master: MasterKey, clock: Clock) -> Self:
        """Open a vault with its master key; see ``Store``."""
        return cls(paths, master, clock)

    @classmethod
    def make(cls, paths: VaultPaths, master: MasterKey, clock: Clock) -> Self:
        """Make the database for a key file that was just written, and open it.

        Raises VaultExists, VaultReadOnly, DiskFull.
        """
        with create_database(paths, master) as connection:
            upgrade(make_engine(lambda: connection))
        return cls(paths, master, clock)

    @classmethod
    def create(
        cls,
        paths: VaultPaths,
        passphrase: str,
        recovery: RecoveryCode,
        clock: Clock,
        *,
        cost: Cost = Cost.DEFAULT,
        floor: int = FLOOR_KIB,
    ) -> Self:
        """Make a new vault, keys and database, and open it. Only tests pass a ``floor``.

        Raises Invalid for a passphrase that is too weak, VaultExists, VaultReadOnly, DiskFull.
        """
        master = access.create(paths, passphrase, recovery, now=clock.now(), cost=cost, floor=floor)
        return cls.make(paths, master, clock)

    # Reads and writes ------------------------------------------------------------------------------------------

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Lend a session to read with. What it gave is plain data afterwards; that nothing was changed is made sure of.

        A read inside a read is the same one; inside a write it sees what was written until now.
        """
        self._check()
        if self._reading is not None:
            yield self._reading
            return
        with sorted_errors(), self._reader() as session:
            written = _rows_written(session)
            self._reading = session
            try:
                yield session
            finally:
                self._reading = None
            session.refuse_changes()
            if _rows_written(session) != written:
                raise MisuseError("Something was written in a read.")

    @contextmanager
    def write(self, label: str, *, undoable: bool = True) -> Iterator[Write]:
        """Lend what to write with. At its end all of it is saved, with journal, audit line and search, or nothing is.

        ``label`` is the act's verb and noun in English, marked for translation where menus are ("Open referral");
        Undo names the act by it.
        """
        with self._unit() as session:
            write = Write(session, self._clock)
            yield write
            session.flush()
            changes = self._keep(session, Step(label, self._now(), is_undoable=undoable), write.entries)
        write.finish(changes)
        self._done(changes)

    @contextmanager
    def load(self, label: str, data_set_id: str) -> Iterator[Load]:
        """Lend what to bring in or take out a data set with: many rows, all or none, past the journal.

        Undo stops at it: a data set is taken back by another load.
        """
        with self._unit() as session:
            connection = session.connection()
            load = Load(connection, self._clock)
            yield load
            load.finish()
            changes = self._keep_load(connection, label, data_set_id, load)
        self._done(changes)

    # Undo ------------------------------------------------------------------------------------------------------

    @property
    def undo_label(self) -> str | None:
        """The act that Undo would take back; None if there is none, or if the last act can't be taken back."""
        return self._stack.undo_label

    @property
    def redo_label(self) -> str | None:
        """The act that Redo would bring back, or None."""
        return self._stack.redo_label

    def undo(self) -> Changes:
        """Take back the last act since the vault was opened, as a step of its own.

        Raises CannotUndo if there is none or it can't be taken back, Stale if one of its rows has changed since.
        """
        done = self._stack.to_undo()
        sentence = _("“{act}” can’t be undone: something in it has changed since.")
        changes, step = self._reverse(done, Act.UNDO, sentence.format(act=_(done.label)))
        self._stack.undone(step)
        self._listeners.tell(changes)
        return changes

    def redo(self) -> Changes:
        """Bring back the act that was taken back last. Raises CannotUndo if there is none, Stale."""
        done = self._stack.to_redo()
        sentence = _("“{act}” can’t be redone: something in it has changed since.")
        changes, step = self._reverse(done, Act.REDO, sentence.format(act=_(done.label)))
        self._stack.redone(step)
        self._listeners.tell(changes)
        return changes

    def history(self, table: str, key: str) -> list[HistoryEntry]:
        """Return what was done to one record, oldest first."""
        with self.read() as session:
            return journal.history(session.connection(), table, key)

    # Listeners -------------------------------------------------------------------------------------------------

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener after each write, undo, redo and load; returns the function that ends it."""
        return self._listeners.add(listener)

    # What is half typed ----------------------------------------------------------------------------------------

    def keep_draft(self, form: str, ref: str, body: str) -> None:
        """Keep a form as it is typed. Neither journal, audit log nor listeners hear of it, and Undo is left alone."""
        draft = {"form": form, "ref": ref, "body": body, "at": self._now()}
        kept = insert(Draft).values(draft).on_conflict_do_update(set_={"body": body, "at": draft["at"]})
        with self._unit() as session:
            session.connection().execute(kept)

    def draft(self, form: str, ref: str) -> Draft | None:
        """Return a form as it was last typed, or None."""
        with self.read() as session:
            return session.get(Draft, (form, ref))

    def drafts(self) -> list[Draft]:
        """Return every form that is half typed, the latest first."""
        with self.read() as session:
            return list(session.scalars(select(Draft).order_by(Draft.at.desc())))

    def drop_draft(self, form: str, ref: str) -> None:
        """Forget what was half typed in a form."""
        with self._unit() as session:
            session.connection().execute(delete(Draft).where(Draft.form == form, Draft.ref == ref))

    # Upkeep ----------------------------------------------------------------------------------------------------

    def rebuild_search(self) -> None:
        """Make the search and the lists anew from the records."""
        with self._unit() as session:
            index.rebuild(session.connection())
            lines.rebuild(session.connection())

    def remembered(self) -> meta.Meta | None:
        """Return what the database remembers of itself and of its key file."""
        with self.read() as session:
            return meta.read(session.connection())

    def note(self, *entries: AuditEntry) -> None:
        """Write lines of the audit log alone: what was looked at, or done outside of the records."""
        with self._unit() as session:
            self._audit.append(session.connection(), entries)

    def verify_audit(self, anchor: Anchor | None = None) -> AuditCheck:
        """Follow the audit log from its first line to its last."""
        with self.read() as session:
            return audit.verify(session.connection(), self._audit.key, anchor)

    def audit_head(self) -> Anchor:
        """Return the last line of the audit log, to be written down elsewhere."""
        with self.read() as session:
            return audit.head(session.connection())

    def close(self) -> None:
        """Lock: close the file and wipe the key. Harmless when done twice."""
        if not self._is_open:
            return
        self._check()
        with suppress(VaultError):  # a full disk must not keep the vault open
            self.note(AuditEntry("lock"))
        self._forget()
        self._lock.release()

    # Inside ----------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        if threading.get_ident() != self._thread:
            raise MisuseError("The store belongs to the thread that opened it; a job gets frozen data.")
        if not self._is_open:
            raise MisuseError("The vault is closed.")

    def _now(self) -> datetime:
        return to_millisecond(self._clock.now())

    def _reader(self) -> ReadSession:
        if self._writing is None:
            return ReadSession(self._engine, autoflush=False, expire_on_commit=False)
        self._writing.flush()
        return ReadSession(self._writing.connection(), autoflush=False, expire_on_commit=False)

    @contextmanager
    def _unit(self) -> Iterator[WriteSession]:
        """One transaction: all of it is saved, or nothing."""
        self._check()
        if self._writing is not None or self._reading is not None:
            raise MisuseError("A write can't begin inside another write or a read.")
        session = WriteSession(self._engine, expire_on_commit=False)
        self._writing = session
        try:
            with sorted_errors(), session.begin():
                session.ledger = Ledger(session.connection())
                yield session
        finally:
            session.close()
            self._writing = None

    def _keep(self, session: WriteSession, step: Step, entries: Iterable[AuditEntry] = ()) -> Changes:
        """Write down what a unit of work did: journal, search, lists and audit log."""
        connection, ledger = session.connection(), session.ledger
        changed = ledger.changes()
        if ledger.unkept and step.is_undoable:
            raise MisuseError(f"No image is kept of {sorted(ledger.unkept)}: the write must say undoable=False.")
        ids = _by_table(changed, ledger.unkept)
        seq = None
        if ids:
            seq = journal.record(connection, step, changed)
            index.refresh(connection, changed)
            lines.refresh(connection, lines.clients_of(changed))
            entries = (_entry(step, ids, changed), *entries)
        self._audit.append(connection, entries)
        return Changes(step.label, ids, seq, step.act, step.is_undoable)

    def _keep_load(self, connection: Connection, label: str, data_set_id: str, load: Load) -> Changes:
        seq = None
        if load.counts:
            seq = journal.record(connection, Step(label, self._now(), is_undoable=False), ())
            code = f"{_slug(label)}:{sum(load.counts.values())}"
            self._audit.append(connection, [AuditEntry("load", "data_set", data_set_id, code)])
        return Changes(label, {name: frozenset() for name in load.counts}, seq, is_undoable=False)

    def _reverse(self, done: Done, act: Act, refusal: str) -> tuple[Changes, int]:
        with self._unit() as session:
            journal.reverse(session.connection(), done.seq, session.ledger, refusal=refusal)
            changes = self._keep(session, Step(done.label, self._now(), act, reverses=done.seq))
            if changes.step is None:
                raise MisuseError("A step without rows was done.")
        return changes, changes.step

    def _done(self, changes: Changes) -> None:
        if changes.step is not None:
            self._stack.push(Done(changes.step, changes.label, changes.is_undoable))
            self._listeners.tell(changes)

    def _forget(self) -> None:
        self._is_open = False
        self._engine.dispose()
        wipe(self._audit.key)
        self._master.wipe()


def _rows_written(session: Session) -> int:
    """Return how many rows this connection has written since it was opened."""
    driver = session.connection().connection.driver_connection
    if driver is None:
        raise MisuseError("The vault is closed.")
    return int(driver.total_changes)


def _by_table(changed: Iterable[RowChange], unkept: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    ids: dict[str, set[str]] = {}
    for change in changed:
        ids.setdefault(change.table, set()).add(change.key)
    for table, keys in unkept.items():
        ids.setdefault(table, set()).update(keys)
    return {table: frozenset(keys) for table, keys in ids.items()}


def _entry(step: Step, ids: dict[str, frozenset[str]], changed: Sequence[RowChange]) -> AuditEntry:
    """Return the audit line of a write: its verb, the first row that it changed, and how many."""
    first = changed[0] if changed else None
    table = first.table if first else min(ids)
    key = first.key if first else min(ids[table])
    kind = "write" if step.act is Act.DO else step.act.value
    return AuditEntry(kind, table, key, f"{_slug(step.label)}:{sum(map(len, ids.values()))}")


def _slug(label: str) -> str:
    """Return a label as a code: "Open referral" is open-referral."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in label.lower()).split())
