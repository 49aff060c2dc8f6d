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
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.clock import Clock
from crisisdesk.errors import VaultDamaged, VaultError
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.records.practice import Draft
from crisisdesk.vault import (
    access,
    attempts,
    audit,
    digest,
    index,
    journal,
    lines,
    making,
    meta,
    opening,
    pocket,
    purge,
    soundness,
    state,
    swap,
)
from crisisdesk.vault.audit import Anchor, AuditCheck, AuditEntry, AuditLog
from crisisdesk.vault.changes import Act, Changes
from crisisdesk.vault.connection import connect, create_database, guard, maintained, make_engine
from crisisdesk.vault.faults import sorted_errors, sorted_errors_of_open, unsure
from crisisdesk.vault.journal import HistoryEntry, Ledger, RowChange, Step
from crisisdesk.vault.keys import MasterKey, Purpose, Subkeys, wipe
from crisisdesk.vault.listeners import Listener, Listeners
from crisisdesk.vault.load import Load
from crisisdesk.vault.lockfile import VaultLock
from crisisdesk.vault.making import Making
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.presence import Presence
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.sessions import MisuseError, ReadSession, WriteSession
from crisisdesk.vault.slots import FLOOR_KIB, Cost
from crisisdesk.vault.stack import Done, UndoStack
from crisisdesk.vault.upgrade import SCHEMA, refuse_newer, schema_of, upgrade
from crisisdesk.vault.write import Write, to_millisecond


class Store:
    """An open vault. Made at unlock, closed at lock."""

    def __init__(self, paths: VaultPaths, master: MasterKey, clock: Clock) -> None:
        """Open a vault with its master key, bring an older one up to date, and hold it until ``close`` wipes the key.

        Raises VaultMissing, VaultInUse, VaultDamaged, VaultForeign, VaultTooNew, VaultReadOnly, DiskFull.
        """
        self.paths = paths
        self._clock = clock
        self._thread = threading.get_ident()
        self._stack = UndoStack()
        self._listeners = Listeners()
        self._reading: ReadSession | None = None
        self._writing: WriteSession | None = None
        self.rollback_warning: opening.Rollback | None = None
        self._is_open = False
        self._makings: list[Making] = []
        self._lock = VaultLock(paths, since=clock.now())
        try:
            swap.finish(paths)
            self._open(paths, master)
        except BaseException:
            self._lock.release()
            raise

    def _open(self, paths: VaultPaths, master: MasterKey) -> None:
        connection = connect(paths, master, maintenance=True)
        self._presence = Presence(paths.database)
        self._engine = make_engine(lambda: connection)
        self._master = master
        self._audit = AuditLog(master.subkey(Purpose.AUDIT), self._clock, secrets.token_hex(4))
        self._is_open = True
        try:
            with sorted_errors():
                refuse_newer(schema_of(self._engine))  # before a newer program's file is mended in any way
                found = None if soundness.ended_well(connection) else soundness.look_through(connection)
                if 0 < schema_of(self._engine) < SCHEMA:
                    self._make(Kind.PRE_MIGRATE).run()
                upgrade(self._engine)
                guard(connection)
            self._enter(found)
        except BaseException:
            self._forget()
            raise

    def _enter(self, found: AuditEntry | None) -> None:
        """Make sure that nobody put an old file back, and write down that the vault was opened and what was found."""
        known, generation = state.read(self.paths), self._master.generation
        with self._unit() as session:
            connection = session.connection()
            opening.check_generation(connection, generation, self._now())
            self.rollback_warning = opening.look_back(connection, known.mark)
            lines = opening.lines_of(known.failures, self.rollback_warning)
            unlock = AuditEntry("unlock", "slot", self._master.opened_by)
            self._audit.append(connection, [*lines, unlock, *([found] if found else [])])
        attempts.merged(self.paths, known.failures)
        self._keep_mark()

    def _keep_mark(self) -> None:
        with self.read() as session:
            opening.keep_mark(self.paths, session.connection(), self._master.generation, self._now())

    def remember_keys(self) -> None:
        """Have the database remember the present key file, so that no older one opens it: after each change of keys.

        Raises VaultDamaged, OldKeyFile.
        """
        generation = access.read_header(self.paths, self._master, floor=0).generation
        with self._unit() as session:
            opening.check_generation(session.connection(), generation, self._now())
        self._master.generation = generation

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
        changes = None
        try:
            with self._unit() as session:
                write = Write(session, self._clock)
                yield write
                session.flush()
                changes = self._keep(session, Step(label, self._now(), is_undoable=undoable), write.entries)
        except VaultError as problem:
            stands = False if changes is None else self._stands(problem, lambda: self._has_step(changes))
            if stands is False:
                raise
            if stands and changes is not None:
                self._done(changes)  # so that she sees it where she looks
            raise unsure() from problem
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
        try:
            with self._unit() as session:
                session.connection().execute(kept)
        except VaultError as problem:
            if self._stands(problem, lambda: getattr(self.draft(form, ref), "body", None) == body) is False:
                raise
            raise unsure() from problem

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
        try:
            with self._unit() as session:
                session.connection().execute(delete(Draft).where(Draft.form == form, Draft.ref == ref))
        except VaultError as problem:
            if self._stands(problem, lambda: self.draft(form, ref) is None) is False:
                raise
            raise unsure() from problem

    def seal_pocket(self, content: bytes) -> bytes:
        """Return what is half typed and can't be kept, as only this vault's key opens it: for while it is locked."""
        self._check()
        return pocket.seal(self._master, content)

    def open_pocket(self, sealed: bytes) -> bytes | None:
        """Return what was sealed; None if it is another vault's."""
        self._check()
        return pocket.unseal(self._master, sealed)

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

    def purge(self, order: purge.Order) -> purge.Purged:
        """Take a client out of the vault for good. Undo stops at it. Raises OnHold, NotFound."""
        with self._unit() as session:
            connection = session.connection()
            done = purge.purge(connection, order, self._now())
            seq = journal.record(connection, purge.step(self._now()), ())
            code = f"{order.retention_class}:{done.rows}"
            self._audit.append(connection, [AuditEntry("purge", "client", done.subject_id, code)])
        tables = {*done.counts, "tombstone"}
        self._done(Changes(purge.LABEL, {name: frozenset() for name in tables}, seq, is_undoable=False))
        return done

    def compact(self) -> None:
        """Write the file anew, without the pages that are free in it: the end of a purge.

        It takes seconds for 100 MB, and never another thread: two threads would tell each other's errors.
        Raises DiskFull, VaultReadOnly.
        """
        self._check()
        if self._writing is not None or self._reading is not None:
            raise MisuseError("The file can't be written anew inside a write or a read.")
        with sorted_errors(), maintained(self._engine) as connection:
            connection.execute("VACUUM")

    def note(self, *entries: AuditEntry) -> None:
        """Write lines of the audit log alone: what was looked at, or done outside of the records."""
        with self._unit() as session:
            self._audit.append(session.connection(), entries)

    def verify_audit(self, anchor: Anchor | None = None) -> AuditCheck:
        """Follow the audit log from its first line to its last."""
        with self.read() as session:
            return audit.verify(session.connection(), self._audit.key, anchor)

    def check_audit(self, anchor: Anchor | None = None) -> Iterator[AuditCheck]:
        """Follow the audit log a piece at a time, about 20 ms each; the last that comes is the result."""
        walk = audit.Walk(self._audit.key, anchor)
        while not walk.is_over:
            with self.read() as session:
                walk.step(session.connection())
            yield walk.found

    def audit_head(self) -> Anchor:
        """Return the last line of the audit log, to be written down elsewhere."""
        with self.read() as session:
            return audit.head(session.connection())

    def seal_audit(self, digest: bytes) -> str:
        """Return the MAC of a copy of the audit log that leaves, given the copy's SHA-256."""
        self._check()
        return audit.seal(self._audit.key, digest)

    def begin_backup(self, kind: Kind) -> Making:
        """Return a backup to be made on a worker thread; ``close`` ends its copying, not what comes after.

        Raises VaultDamaged if the key file is not the vault's.
        """
        self._check()
        if self._writing is not None or self._reading is not None:
            raise MisuseError("A backup can't begin inside a write or a read.")
        return self._make(kind)

    def lend_keys(self) -> Subkeys:
        """Return the keys that a job needs to check backups. The job wipes them."""
        self._check()
        return Subkeys(self._master, *making.PURPOSES)

    def lend_master(self) -> MasterKey:
        """Return a copy of the master key, for a restore that goes on while the vault is closed. The job wipes it."""
        self._check()
        return MasterKey(bytearray(self._master.secret))

    def counts(self) -> dict[str, int]:
        """Return the rows of every table."""
        self._check()
        return digest.counts(self._driver())

    def digest(self) -> str:
        """Return the digest of everything that the vault says."""
        self._check()
        return digest.digest(self._driver())

    def close(self, why: str = "") -> None:
        """Lock: close the file and wipe the key; ``why`` is a code for the audit log. Harmless when done twice."""
        if not self._is_open:
            return
        self._check()
        with suppress(VaultError):  # a full disk must not keep the vault open
            self.note(AuditEntry("lock", detail_code=why))
        with suppress(VaultError):
            if self._master.generation:
                self.remember_keys()
            self._keep_mark()
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
            with sorted_errors_of_open(self.paths.database), session.begin():
                self._presence.check()
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
        changes = None
        try:
            with self._unit() as session:
                journal.reverse(session.connection(), done.seq, session.ledger, refusal=refusal)
                changes = self._keep(session, Step(done.label, self._now(), act, reverses=done.seq))
                if changes.step is None:
                    raise MisuseError("A step without rows was done.")
        except VaultError as problem:
            if changes is None or self._stands(problem, lambda: self._has_step(changes)) is False:
                raise
            raise unsure() from problem
        return changes, changes.step

    def _stands(self, problem: VaultError, is_there: Callable[[], bool]) -> bool | None:
        """Whether what the disk refused stands all the same; None if the disk does not even let it be looked up.

        SQLite has committed once its journal is gone; only then it asks the disk to keep that, and may be refused.
        """
        if not isinstance(problem, VaultDamaged):
            return False
        with suppress(VaultError):
            return is_there()
        return None

    def _has_step(self, changes: Changes) -> bool:
        with self.read() as session:
            return changes.step is not None and journal.has_step(session.connection(), changes.step, changes.label)

    def _done(self, changes: Changes) -> None:
        if changes.step is not None:
            self._stack.push(Done(changes.step, changes.label, changes.is_undoable))
            self._listeners.tell(changes)

    def _make(self, kind: Kind) -> Making:
        with self._engine.connect() as connection:
            anchor = audit.head(connection)
        now, source = self._clock.now(), self._driver()
        made = making.begin(self.paths, source, self._master, kind, created=now, anchor=anchor)
        self._makings = [*(each for each in self._makings if not each.copying.is_over), made]
        return made

    def _driver(self) -> sqlcipher.Connection:
        pooled = self._engine.raw_connection()
        try:
            if not isinstance(pooled.driver_connection, sqlcipher.Connection):
                raise TypeError("The vault's connection is SQLCipher's.")
            return pooled.driver_connection
        finally:
            pooled.close()

    def _forget(self) -> None:
        self._is_open = False
        for each in self._makings:
            each.copying.stop()
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
