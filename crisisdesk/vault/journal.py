"""The images of each row before and after each write: for Undo, and as every record's history.

A step is one write; a journal row is one row's change in it. An added row has no ``before``, a removed row no
``after``; of a changed row both hold just the columns that changed. Undo is a step of its own that puts the images
back, so the journal only ever grows, but for a purge.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, ForeignKey, Index, Integer, String, Table, insert, select

from crisisdesk.errors import Stale
from crisisdesk.records.base import Base, Moment
from crisisdesk.vault import rows
from crisisdesk.vault.changes import Act
from crisisdesk.vault.rows import Image

JOURNAL_STEP = Table(
    "journal_step",
    Base.metadata,
    Column("seq", Integer, primary_key=True),
    Column("label", String, nullable=False),
    Column("act", String(4), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("is_undoable", Boolean, nullable=False),
    Column("reverses_seq", ForeignKey("journal_step.seq"), nullable=True),  # what an undo or redo took back
)
JOURNAL_ROW = Table(
    "journal_row",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("step_seq", ForeignKey("journal_step.seq"), nullable=False, index=True),
    Column("table_name", String(40), nullable=False),
    Column("row_key", String, nullable=False),
    Column("before", String, nullable=True),
    Column("after", String, nullable=True),
    Index("ix_journal_row_table_key", "table_name", "row_key"),
)


@dataclass(frozen=True)
class RowChange:
    """What one write did to one row: its whole image before and after, None where there was or is no row."""

    table: str
    key: str
    before: Image | None
    after: Image | None

    @property
    def columns(self) -> frozenset[str]:
        """The columns that have another value now; all of them if the row was added or removed."""
        if self.before is None or self.after is None:
            return frozenset(self.before or self.after or ())
        return frozenset(column for column, value in self.after.items() if self.before[column] != value)

    def images(self) -> tuple[Image, ...]:
        """Return the images that there are."""
        return tuple(image for image in (self.before, self.after) if image is not None)


@dataclass(frozen=True)
class Step:
    """One write, as the journal keeps it."""

    label: str
    made_at: datetime
    act: Act = Act.DO
    is_undoable: bool = True
    reverses: int | None = None


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a record's history: when, by which act, and what was there before and after."""

    step: int
    label: str
    act: Act
    made_at: datetime
    before: Image | None
    after: Image | None


class Ledger:
    """The rows that a unit of work touches, each with its image from before the first touch."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._before: dict[tuple[str, str], Image | None] = {}
        self.unkept: dict[str, set[str]] = {}

    def note(self, of: Table, key: str, *, is_new: bool = False) -> None:
        """Remember a row as it is now, unless it is remembered already. Call it before the row is written."""
        name = (of.name, key)
        if name not in self._before:
            self._before[name] = None if is_new else rows.read(self._connection, of, key)

    def note_unkept(self, table: str, key: str) -> None:
        """Remember that a row is written of which the journal keeps no image."""
        self.unkept.setdefault(table, set()).add(key)

    def changes(self) -> tuple[RowChange, ...]:
        """Return what has become of the rows, in the order of their first touch; what came to nothing is left out."""
        made = [
            RowChange(name, key, before, rows.read(self._connection, Base.metadata.tables[name], key))
            for (name, key), before in self._before.items()
        ]
        return tuple(change for change in made if change.before != change.after)


def record(connection: Connection, step: Step, changes: tuple[RowChange, ...]) -> int:
    """Write a step with its rows, and return its number."""
    values = {
        "label": step.label,
        "act": step.act.value,
        "made_at": step.made_at,
        "is_undoable": step.is_undoable,
        "reverses_seq": step.reverses,
    }
    seq = int(connection.execute(insert(JOURNAL_STEP).returning(JOURNAL_STEP.c.seq), values).scalar_one())
    if changes:
        connection.execute(
            insert(JOURNAL_ROW),
            [
                {
                    "step_seq": seq,
                    "table_name": change.table,
                    "row_key": change.key,
                    "before": _text(_kept(change, change.before)),
                    "after": _text(_kept(change, change.after)),
                }
                for change in changes
            ],
        )
    return seq


def reverse(connection: Connection, seq: int, ledger: Ledger, *, refusal: str) -> None:
    """Put back what was there before a step, the last row first.

    Raises Stale with ``refusal`` if one of its rows has changed since.
    """
    of_step = select(JOURNAL_ROW).where(JOURNAL_ROW.c.step_seq == seq).order_by(JOURNAL_ROW.c.id.desc())
    for row in connection.execute(of_step).all():
        of = Base.metadata.tables[row.table_name]
        before, after = _image(row.before), _image(row.after)
        now = rows.read(connection, of, row.row_key)
        if not _still_is(now, after, is_whole=before is None):
            raise Stale(refusal)
        ledger.note(of, row.row_key, is_new=now is None)
        rows.put(connection, of, row.row_key, before, is_there=now is not None)


def has_step(connection: Connection, seq: int, label: str) -> bool:
    """Whether a step was written down."""
    step = select(JOURNAL_STEP.c.seq).where(JOURNAL_STEP.c.seq == seq, JOURNAL_STEP.c.label == label)
    return connection.execute(step).first() is not None


def history(connection: Connection, table: str, key: str) -> list[HistoryEntry]:
    """Return what was done to one record, oldest first."""
    lines = (
        select(JOURNAL_STEP, JOURNAL_ROW.c.before, JOURNAL_ROW.c.after)
        .join(JOURNAL_ROW, JOURNAL_ROW.c.step_seq == JOURNAL_STEP.c.seq)
        .where(JOURNAL_ROW.c.table_name == table, JOURNAL_ROW.c.row_key == key)
        .order_by(JOURNAL_STEP.c.seq)
    )
    return [
        HistoryEntry(line.seq, line.label, Act(line.act), line.made_at, _image(line.before), _image(line.after))
        for line in connection.execute(lines)
    ]


def _still_is(now: Image | None, after: Image | None, *, is_whole: bool) -> bool:
    """Whether a row is still as a step left it: wholly, or in the columns that the step set."""
    if now is None or after is None:
        return now is None and after is None
    if is_whole:
        return _compact(now) == after
    return all(now[column] == value for column, value in after.items())


def _compact(image: Image | None) -> Image | None:
    """Leave out what is null: a row put back without a column has null there."""
    return None if image is None else {column: value for column, value in image.items() if value is not None}


def _kept(change: RowChange, image: Image | None) -> Image | None:
    """Return what the journal keeps of an image: the columns that changed, or what an added or removed row said."""
    if image is None or change.before is None or change.after is None:
        return _compact(image)
    return {column: image[column] for column in sorted(change.columns)}


def _text(image: Image | None) -> str | None:
    return None if image is None else json.dumps(image, ensure_ascii=False, separators=(",", ":"))


def _image(text: str | None) -> Image | None:
    return None if text is None else dict(json.loads(text))
