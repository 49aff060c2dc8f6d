"""Rows for views: an id each, refreshed in place so that selection, focus and scroll stay where they were."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from crisisdesk.ui import paint
from crisisdesk.ui.tables.pieces import Act, Words, words
from crisisdesk.ui.tokens import State

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole  # the row's own object
LEFT = paint.Left
RIGHT = paint.Right
_RUNS = 40  # more separate changes than that and a reset is quicker for the view


class Identified(Protocol):
    """A row: anything with an id; a frozen dataclass or a named tuple."""

    @property
    def id(self) -> str:
        """The record's id."""
        ...


class Touching(Protocol):
    """What the store says has changed; ``Changes`` of the vault is one."""

    def touches(self, *tables: str) -> bool:
        """Whether one of these tables is concerned."""
        ...


@dataclass(frozen=True)
class Cell:
    """What a table's cell shows: one line, or two."""

    first: Words
    second: Words | None = None

    @property
    def spoken(self) -> str:
        """What it says to someone who listens."""
        return ", ".join(part.text for part in (self.first, self.second) if part and part.text)


def cell(first: Words | str, second: Words | str = "") -> Cell:
    """Return a cell: words, a name, a mark or a badge, and perhaps a small second line."""
    return Cell(_worded(first), _worded(second) if second else None)


def _worded(given: Words | str) -> Words:
    return words(given) if isinstance(given, str) else given


@dataclass(frozen=True)
class Column:
    """A column as data: its title, what sorts it, how it shows a row, and how wide it is at 100 % (0: the rest).

    ``acts`` puts buttons in it. ``least`` hides it while the table is narrower than so many pixels at 100 %.
    ``ink`` is for words that bring no ink of their own.
    """

    title: str
    field: str = ""
    show: Callable[[Any], Cell | Words | str] | None = None
    align: Qt.AlignmentFlag = LEFT
    width: int = 0
    acts: Callable[[Any], Sequence[Act]] | None = None
    least: int = 0
    ink: str = "text"

    def cell(self, row: object) -> Cell:
        """Return what the column shows of a row."""
        shown = self.show(row) if self.show else ""
        return shown if isinstance(shown, Cell) else cell(shown)


@dataclass(frozen=True, kw_only=True)
class Header:
    """A group's header among the rows."""

    id: str
    title: str
    state: State | None = None
    icon: str = ""
    count: int | None = None
    note: str = ""
    act: str = ""
    act_words: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows under one header. ``id`` comes back as ``group:<id>`` when the header's act is pressed."""

    id: str
    title: str
    rows: Sequence[Any]
    state: State | None = None
    icon: str = ""
    count: int | None = None
    note: str = ""
    act: str = ""
    act_words: str = ""

    def header(self) -> Header:
        """Return the row that stands above its rows."""
        return Header(
            id=f"group:{self.id}",
            title=self.title,
            state=self.state,
            icon=self.icon,
            count=self.count,
            note=self.note,
            act=self.act,
            act_words=self.act_words,
        )


class RowsModel(QAbstractTableModel):
    """Rows with ids, in columns or, without columns, whole for a list's delegate."""

    def __init__(self, columns: Sequence[Column] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.describe: Callable[[Any], str] = _describe_nothing
        self._rows: list[Any] = []
        self._places: dict[str, int] = {}

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else max(1, len(self.columns))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._display(row, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns:
            return int(self.columns[index.column()].align | paint.Middle)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(self.columns[section].align | paint.Middle)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._rows[index.row()], Header):
            return Qt.ItemFlag.ItemNeverHasChildren
        flags = Qt.ItemFlag
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemNeverHasChildren

    def row(self, row_id: str) -> Any | None:  # noqa: ANN401  the page's own row type
        """Return the row with an id, or nothing."""
        place = self._places.get(row_id)
        return None if place is None else self._rows[place]

    def row_of(self, row_id: str) -> int:
        """Return where a row stands, or -1."""
        return self._places.get(row_id, -1)

    def id_at(self, place: int) -> str:
        """Return the id of the row that stands there; a header has one too."""
        return str(self._rows[place].id) if 0 <= place < len(self._rows) else ""

    @property
    def rows(self) -> tuple[Any, ...]:
        """Everything that has been fetched, headers included."""
        return tuple(self._rows)

    def replace(self, rows: Iterable[Any]) -> None:
        """Show these rows instead, with as little movement as possible."""
        new = list(rows)
        if self._must_reset(new):
            self.beginResetModel()
            self._set(new)
            self.endResetModel()
            return
        self._remove_gone({row.id for row in new})
        self._reorder(new)
        self._insert_new(new)
        self._update(new)

    def _display(self, row: object, column: int) -> str:
        if isinstance(row, Header):
            return row.title if column == 0 else ""
        if self.columns:
            return self.columns[column].cell(row).first.text
        return self.describe(row)

    def _spoken(self, row: object, column: int) -> str:
        if isinstance(row, Header):
            return " ".join(filter(None, (row.title, "" if row.count is None else str(row.count), row.note)))
        if not self.columns:
            return self.describe(row)
        return ": ".join(filter(None, (self.columns[column].title, self.columns[column].cell(row).spoken)))

    def _must_reset(self, new: Sequence[Identified]) -> bool:
        if not self._rows or not new:
            return True
        ids = {row.id for row in new}
        if len(ids) != len(new):
            raise ValueError("two rows with one id")
        kept = sum(1 for row in self._rows if row.id in ids)
        return len(self._rows) - kept + len(new) - kept > _RUNS or kept == 0

    def _set(self, rows: list[Any]) -> None:
        self._rows = rows
        self._places = {row.id: place for place, row in enumerate(rows)}

    def _remove_gone(self, ids: set[str]) -> None:
        for place in range(len(self._rows) - 1, -1, -1):
            if self._rows[place].id not in ids:
                self.beginRemoveRows(QModelIndex(), place, place)
                self._set(self._rows[:place] + self._rows[place + 1 :])
                self.endRemoveRows()

    def _reorder(self, new: Sequence[Identified]) -> None:
        order = [row.id for row in new if row.id in self._places]
        if order == [row.id for row in self._rows]:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._rows[index.row()].id for index in before]
        self._set([self._rows[self._places[row_id]] for row_id in order])
        after = [self.index(self._places[row_id], index.column()) for row_id, index in zip(ids, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _insert_new(self, new: Sequence[Identified]) -> None:
        for place, row in enumerate(new):
            if row.id not in self._places:
                self.beginInsertRows(QModelIndex(), place, place)
                self._set([*self._rows[:place], row, *self._rows[place:]])
                self.endInsertRows()

    def _update(self, new: list[Any]) -> None:
        changed = [place for place, row in enumerate(new) if row != self._rows[place]]
        self._set(new)
        for place in changed:
            self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))


def _describe_nothing(row: object) -> str:
    del row
    return ""
