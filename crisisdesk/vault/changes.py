"""What a write did, as everybody who shows records is told it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """How a change came about."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True)
class Changes:
    """One finished write: its label, and the keys of the rows that it added, changed or removed, by table.

    A bulk load names its tables with an empty set, which means all of the table. ``step`` is the journal's number for
    it, None if nothing but the audit log was written. The label is the English one of the code; ``_()`` translates it
    where it is shown.
    """

    label: str
    ids: Mapping[str, frozenset[str]]
    step: int | None = None
    act: Act = Act.DO
    is_undoable: bool = True

    def touches(self, *tables: str) -> bool:
        """Whether any of these tables changed."""
        return any(table in self.ids for table in tables)

    def concerns(self, table: str, key: str) -> bool:
        """Whether this row may have changed."""
        keys = self.ids.get(table)
        return keys is not None and (not keys or key in keys)
