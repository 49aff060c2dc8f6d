"""SQLAlchemy's sessions, fenced in: one can only read, the other notes each row before it is written."""

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from crisisdesk.records.base import Base
from crisisdesk.vault.journal import Ledger
from crisisdesk.vault.rows import key_of


class MisuseError(RuntimeError):
    """A bug of ours: the vault was used past its door."""


class ReadSession(Session):
    """Reads records; what it gave is plain data once it is closed."""

    def refuse_changes(self) -> None:
        """Raise MisuseError if a record was added, changed or deleted."""
        for record in (*self.new, *self.dirty, *self.deleted):
            raise MisuseError(f"{type(record).__name__} was changed outside of a write.")


class WriteSession(Session):
    """Writes records, one by one, so that the ledger sees each row before and after."""

    ledger: Ledger


@event.listens_for(ReadSession, "before_flush")
def _flush_nothing(session: ReadSession, _context: UOWTransaction, _instances: object) -> None:
    session.refuse_changes()


@event.listens_for(WriteSession, "before_flush")
def _note_rows(session: WriteSession, _context: UOWTransaction, _instances: object) -> None:
    # The removed ones first: a row that is removed and added anew in one flush was there before.
    for record in session.deleted:
        _note(session.ledger, record, is_new=False)
    for record in session.dirty:
        if session.is_modified(record):
            _note(session.ledger, record, is_new=False)
    for record in session.new:
        _note(session.ledger, record, is_new=True)


@event.listens_for(ReadSession, "do_orm_execute")
@event.listens_for(WriteSession, "do_orm_execute")
def _only_select(state: ORMExecuteState) -> None:
    if not state.is_select:
        raise MisuseError("Only a select goes through a session: the journal would miss anything else.")


def _note(ledger: Ledger, record: object, *, is_new: bool) -> None:
    if not isinstance(record, Base):
        raise MisuseError(f"{type(record).__name__} is no record.")
    key = key_of(inspect(type(record)).primary_key_from_instance(record))
    if record.__journaled__:
        ledger.note(Base.metadata.tables[record.__tablename__], key, is_new=is_new)
    else:
        ledger.note_unkept(record.__tablename__, key)
