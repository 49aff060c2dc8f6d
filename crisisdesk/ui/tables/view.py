"""Lists and tables as they stand in a page: keys, row buttons, the ring around a whole row, and one set of signals.

chosen(id)        the current row changed; "" for none
opened(id)        Enter or a double click
acted(id, act)    a row's button, its key, or "more" (menu key, right click, the More button)
"""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListView, QMenu, QSizePolicy, QTableView, QWidget

from crisisdesk.ui import paint
from crisisdesk.ui.tables.delegate import HEADER, CellDelegate, RowDelegate, lay_out_header, paint_pieces
from crisisdesk.ui.tables.events import RowEvents
from crisisdesk.ui.tables.head import Head
from crisisdesk.ui.tables.model import ROW, Header, Index, RowsModel
from crisisdesk.ui.tables.overlay_bar import OverlayBar
from crisisdesk.ui.tables.pieces import MORE, Piece
from crisisdesk.ui.theme import px


def _prepare(view: QAbstractItemView, name: str) -> None:
    view.setFrameShape(QAbstractItemView.Shape.NoFrame)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setTabKeyNavigation(False)
    OverlayBar(view)
    view.setAccessibleName(name)


def _popup(view: QAbstractItemView, menu: QMenu, rect: QRect) -> None:
    where = rect.bottomLeft() if rect.isValid() else QPoint(view.viewport().width() // 2, 0)
    menu.popup(view.viewport().mapToGlobal(where + QPoint(0, px(4))))


class ListView(QListView):
    """A list of rows painted by a RowDelegate. ``name`` is for a screen reader: "Next steps"."""

    chosen = Signal(str)
    opened = Signal(str)
    acted = Signal(str, str)

    def __init__(
        self,
        model: RowsModel,
        delegate: RowDelegate,
        *,
        name: str,
        keys: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        _prepare(self, name)
        self._rows = model
        self._delegate = delegate
        self._is_fitted = False
        self._fitted_rows = 0
        delegate.setParent(self)
        model.describe = delegate.describe
        self.setItemDelegate(delegate)
        self.setModel(model)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.events = RowEvents(
            self, model, self._pieces_of, keys or {}, acted=self.acted.emit, opened=self.opened.emit
        )
        delegate.hits = self.events.hits
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.layoutChanged, model.dataChanged):
            signal.connect(self._refit)

    def current_id(self) -> str:
        """Return the id of the current row, or nothing."""
        return self.events.current_id()

    def choose(self, row_id: str) -> bool:
        """Make a row the current one; say whether it is there."""
        return self.events.choose(row_id)

    def choose_first(self) -> bool:
        """Make the first row the current one."""
        return self.events.choose_first()

    def rect_of(self, row_id: str, act: str) -> QRect:
        """Return where a row's button stands in the viewport."""
        return self.events.hits.rect_of(self._rows.index(self._rows.row_of(row_id), 0), act)

    def popup_menu(self, menu: QMenu) -> None:
        """Open a menu at the current row's More button."""
        _popup(self, menu, self.rect_of(self.current_id(), MORE.id))

    def fit(self, rows: int = 0) -> None:
        """Be as high as the rows are, or as so many of them, and never scroll: for a card's list."""
        self._is_fitted = True
        self._fitted_rows = rows
        self.setProperty("isFitted", True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._refit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.chosen.emit(self._rows.id_at(current.row()) if current.isValid() else "")

    def resizeEvent(self, e: QResizeEvent) -> None:
        super().resizeEvent(e)
        if self._delegate.grows and e.oldSize().width() != e.size().width():
            self.scheduleDelayedItemsLayout()
            self._refit()

    def _pieces_of(self, index: QModelIndex) -> list[Piece]:
        return self._delegate.pieces(index.data(ROW), self.visualRect(index)) if index.isValid() else []

    def _refit(self) -> None:
        if self._is_fitted:
            count = self._rows.rowCount()
            shown = min(count, self._fitted_rows) if self._fitted_rows else count
            self.setFixedHeight(sum(self.sizeHintForRow(place) for place in range(shown)))


class TableView(QTableView):
    """A table of rows in columns, without a grid; one ring around the current row."""

    chosen = Signal(str)
    opened = Signal(str)
    acted = Signal(str, str)
    sort_asked = Signal(str, bool)

    def __init__(
        self,
        model: RowsModel,
        *,
        name: str,
        row_height: int = 40,
        keys: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        _prepare(self, name)
        self._rows = model
        self._row_height = row_height
        self._sorted = ("", False)
        self._cells = CellDelegate(self)
        self._head = Head(self)
        self.setHorizontalHeader(self._head)
        self.setItemDelegate(self._cells)
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        side = self.verticalHeader()
        side.hide()
        side.setMinimumSectionSize(1)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(px(row_height))
        self._head.sectionClicked.connect(self._ask_sort)
        self.events = RowEvents(
            self, model, self._pieces_of, keys or {}, acted=self.acted.emit, opened=self.opened.emit
        )
        self._cells.hits = self.events.hits
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.layoutChanged):
            signal.connect(self._set_heights)
        self._set_heights()

    def current_id(self) -> str:
        """Return the id of the current row, or nothing."""
        return self.events.current_id()

    def choose(self, row_id: str) -> bool:
        """Make a row the current one; say whether it is there."""
        return self.events.choose(row_id)

    def choose_first(self) -> bool:
        """Make the first row the current one."""
        return self.events.choose_first()

    def rect_of(self, row_id: str, act: str) -> QRect:
        """Return where a row's button stands in the viewport."""
        return self.events.hits.rect_of(self._rows.index(self._rows.row_of(row_id), 0), act)

    def popup_menu(self, menu: QMenu) -> None:
        """Open a menu at the current row's More button."""
        _popup(self, menu, self.rect_of(self.current_id(), MORE.id))

    def show_sort(self, field: str, *, descending: bool) -> None:
        """Show a chevron on the column that sorts."""
        self._sorted = (field, descending)
        for section, column in enumerate(self._rows.columns):
            if column.field == field and field:
                order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
                self._head.setSortIndicatorShown(True)
                self._head.setSortIndicator(section, order)
                self._head.setAccessibleName(self._head.spoken(section))
                return
        self._head.setSortIndicatorShown(False)

    def set_plain_head(self) -> None:
        """Give the heads the card's own ground: where a group's header follows at once."""
        self._head.ground = "surface"

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.row() != previous.row() or current.isValid() != previous.isValid():
            self.chosen.emit(self._rows.id_at(current.row()) if current.isValid() else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_widths()

    def paintEvent(self, e: QPaintEvent) -> None:
        super().paintEvent(e)
        painter = QPainter(self.viewport())
        for place in self._rows_in(e.rect()):
            item = self._rows.rows[place]
            if isinstance(item, Header):
                paint_pieces(
                    painter, lay_out_header(item, self._row_rect(place)), self.events.hits, self._rows.index(place, 0)
                )
        current = self.currentIndex()
        if current.isValid() and self.hasFocus():
            paint.paint_focus(painter, self._row_rect(current.row()))
        painter.end()

    def _rows_in(self, rect: QRect) -> range:
        first, last = self.rowAt(rect.top()), self.rowAt(rect.bottom())
        if first < 0:
            return range(0)
        return range(first, (last if last >= 0 else self._rows.rowCount() - 1) + 1)

    def _row_rect(self, place: int) -> QRect:
        return QRect(0, self.rowViewportPosition(place), self.viewport().width(), self.rowHeight(place))

    def _pieces_of(self, index: QModelIndex) -> list[Piece]:
        if not index.isValid():
            return []
        item = index.data(ROW)
        if isinstance(item, Header):
            return lay_out_header(item, self._row_rect(index.row()))
        out: list[Piece] = []
        for section, column in enumerate(self._rows.columns):
            if not self.isColumnHidden(section):
                out += self._cells.pieces(column, item, self.visualRect(index.siblingAtColumn(section)))
        return out

    def _ask_sort(self, section: int) -> None:
        field = self._rows.columns[section].field
        if not field:
            return
        was, falling = self._sorted
        # Qt has turned the chevron already; it shows what is, until the page has sorted.
        self.show_sort(was, descending=falling)
        self.sort_asked.emit(field, was == field and not falling)

    def _set_heights(self) -> None:
        side = self.verticalHeader()
        side.setDefaultSectionSize(px(self._row_height))
        for place, row in enumerate(self._rows.rows):
            wanted = px(HEADER if isinstance(row, Header) else self._row_height)
            if side.sectionSize(place) != wanted:
                side.resizeSection(place, wanted)
        self._set_widths()

    def _set_widths(self) -> None:
        room = self.viewport().width()
        columns = self._rows.columns
        for section, column in enumerate(columns):
            self.setColumnHidden(section, room < px(column.least))
        shown = [section for section in range(len(columns)) if not self.isColumnHidden(section)]
        fixed = sum(px(columns[section].width) for section in shown)
        free = [section for section in shown if not columns[section].width]
        for section in shown:
            width = px(columns[section].width) if columns[section].width else max(px(60), (room - fixed) // len(free))
            self.setColumnWidth(section, width)
