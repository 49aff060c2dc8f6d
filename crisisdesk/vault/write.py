"""What an act writes with, inside ``with store.write("Verb noun") as s:``."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Result, ScalarResult, Select, inspect

from crisisdesk.clock import Clock
from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.records.base import Base, Identified
from crisisdesk.vault import holds, numbers, rows
from crisisdesk.vault.audit import AuditEntry
from crisisdesk.vault.changes import Changes
from crisisdesk.vault.sessions import MisuseError, WriteSession

R = TypeVar("R", bound=Base)
T = TypeVar("T")


class Write:
    """One unit of work: what it adds, changes and removes is saved together or not at all.

    Records that were read through it are changed by setting their attributes.
    """

    def __init__(self, session: WriteSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._changes: Changes | None = None
        self.entries: list[AuditEntry] = []

    def add(self, record: R) -> R:
        """Add a new record and return it; its ``created_at`` is filled in if it has none."""
        if inspect(record).persistent or inspect(record).detached:
            raise MisuseError("Only a new record is added; an old one is read inside the write and changed there.")
        if isinstance(record, Identified) and record.created_at is None:
            record.created_at = to_millisecond(self._clock.now())
        self._session.add(record)
        return record

    def add_all(self, records: Iterable[Base]) -> None:
        """Add several new records."""
        for record in records:
            self.add(record)

    def get(self, kind: type[R], key: str | tuple[str, ...]) -> R | None:
        """Return a record by its primary key, or None."""
        self._session.flush()
        return self._session.get(kind, key)

    def get_one(self, kind: type[R], key: str | tuple[str, ...]) -> R:
        """Return a record by its primary key. Raises NotFound."""
        record = self.get(kind, key)
        if record is None:
            raise NotFound(_("This record is no longer there."))
        return record

    def execute(self, statement: Select[*tuple[Any, ...]]) -> Result[*tuple[Any, ...]]:
        """Read rows; what was added and changed until now is seen."""
        return self._session.execute(statement)

    def scalars(self, statement: Select[T]) -> ScalarResult[T]:
        """Read one column or one kind of record; what was added and changed until now is seen."""
        return self._session.scalars(statement)

    def remove(self, record: Base) -> None:
        """Remove a record for good. What she wrote is set aside instead; this is for rows that were replaced."""
        of = Base.metadata.tables[record.__tablename__]
        key = rows.key_of(inspect(type(record)).primary_key_from_instance(record))
        holds.keep_removed(self._session.connection(), of, key, to_millisecond(self._clock.now()))
        self._session.delete(record)
        self._session.flush()  # at once: left to itself, SQLAlchemy would insert its like before it

    def number(self, series: str, year: int | None = None) -> str:
        """Return the next number of a series ("client", "encounter", "referral") in a year, by default this one."""
        return numbers.draw(self._session.connection(), series, year or self._clock.today().year)

    def packet_number(self) -> str:
        """Return six random digits that no packet bears."""
        self._session.flush()
        return numbers.draw_packet(self._session.connection())

    def audit(self, kind: str, object_type: str, object_id: str, detail_code: str = "", *, outcome: str = "ok") -> None:
        """Have the audit log tell more of this act than that it was written: codes and ids only, never a name."""
        self.entries.append(AuditEntry(kind, object_type, object_id, detail_code, outcome))

    @property
    def changes(self) -> Changes:
        """What was written. Known once the write is over."""
        if self._changes is None:
            raise MisuseError("The write is not over.")
        return self._changes

    def finish(self, changes: Changes) -> None:
        """Say what was written; the store calls it."""
        self._changes = changes


def to_millisecond(moment: datetime) -> datetime:
    """Cut a moment to what the file keeps, so that a record in hand equals the one in the file."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
