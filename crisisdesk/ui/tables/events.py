"""Keys and pointer in rows, the same in a list and in a table."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QToolTip

from crisisdesk.ui.tables.hits import Hits, PiecesOf
from crisisdesk.ui.tables.model import Header, RowsModel
from crisisdesk.ui.tables.pieces import MORE
from crisisdesk.ui.widgets.labels import plain_tip

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_NEXT_MOVES = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class RowEvents(QObject):
    """Watches a view: ``keys`` maps a letter to an act; ``acted`` and ``opened`` are told by id."""

    def __init__(
        self,
        view: QAbstractItemView,
        model: RowsModel,
        pieces_of: PiecesOf,
        keys: Mapping[str, str],
        *,
        acted: Callable[[str, str], None],
        opened: Callable[[str], None],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._port = view.viewport()
        self._model = model
        self._keys = dict(keys)
        self._acted = acted
        self._opened = opened
        self.hits = Hits(view, pieces_of, self._press_done)
        view.setMouseTracking(True)
        view.viewport().setMouseTracking(True)
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        view.selectionModel().currentChanged.connect(self._show_current)

    def current_id(self) -> str:
        """Return the id of the current row, or nothing."""
        index = self._view.currentIndex()
        return self._model.id_at(index.row()) if index.isValid() else ""

    def choose(self, row_id: str) -> bool:
        """Make a row the current one; say whether it is there."""
        place = self._model.row_of(row_id)
        if place < 0:
            return False
        index = self._model.index(place, 0)
        flags = QItemSelectionModel.SelectionFlag
        self._view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self._show_current()
        return True

    def choose_first(self) -> bool:
        """Make the first row that is no header the current one."""
        for place, row in enumerate(self._model.rows):
            if not isinstance(row, Header):
                return self.choose(self._model.id_at(place))
        return False

    def _show_current(self) -> None:
        """Scroll to the current row, together with the header above it if there is room for both."""
        index = self._view.currentIndex()
        if not index.isValid():
            return
        above = index.row() - 1
        if 0 <= above < len(self._model.rows) and isinstance(self._model.rows[above], Header):
            self._view.scrollTo(self._model.index(above, 0))
        self._view.scrollTo(index)

    def _resized(self) -> None:
        """Where more can be seen, the header above the current row comes in; whoever scrolled elsewhere stays there."""
        if self._port.rect().intersects(self._view.visualRect(self._view.currentIndex())):
            self._show_current()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._port:
            if isinstance(event, QMouseEvent):
                return self._mouse(event)
            if kind is QEvent.Type.Leave:
                self.hits.leave()
            elif kind is QEvent.Type.Resize:
                self._resized()
            elif isinstance(event, QHelpEvent):
                return self._tip(event)
            elif isinstance(event, QContextMenuEvent) and event.reason() is QContextMenuEvent.Reason.Mouse:
                return self._more_at(event.pos())
        elif isinstance(event, QKeyEvent) and kind is QEvent.Type.KeyPress:
            return self._key(event)
        elif isinstance(event, QContextMenuEvent):
            return self._do(MORE.id)
        elif kind is QEvent.Type.FocusIn and not self._view.currentIndex().isValid():
            self.choose_first()
        return False

    def _tip(self, event: QHelpEvent) -> bool:
        """Show the whole of what was cut, or the name of a button that is an icon."""
        said = self.hits.tip(event.pos())
        if said:
            QToolTip.showText(event.globalPos(), plain_tip(said), self._view)
        else:
            QToolTip.hideText()
        return True

    def _mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        point = event.position().toPoint()
        if kind is QEvent.Type.MouseMove:
            self.hits.move(point)
            return False
        if event.button() is not Qt.MouseButton.LeftButton:
            return False
        acts = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseButtonRelease: self.hits.release,
            QEvent.Type.MouseButtonDblClick: self._press_twice,
        }
        return kind in acts and acts[kind](point)

    def _press_twice(self, point: QPoint) -> bool:
        if self.hits.find(point):
            return self._press(point)
        index = self._view.indexAt(point)
        if not index.isValid() or isinstance(self._model.rows[index.row()], Header):
            return False
        self._opened(self._model.id_at(index.row()))
        return True

    def _press(self, point: QPoint) -> bool:
        if not self.hits.press(point):
            return False
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        index = self._view.indexAt(point)
        if not isinstance(self._model.rows[index.row()], Header):
            self.choose(self._model.id_at(index.row()))
        return True

    def _key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & _MODIFIERS:
            return False
        if event.key() in _ENTER:
            return self._open_current()
        if event.key() in _NEXT_MOVES:
            return False
        act = self._keys.get(event.text().upper())
        if act:
            return self._do(act)
        # A letter that means nothing here must not send the list's own type-ahead to another row.
        return bool(self._keys) and bool(event.text().strip()) and event.text().isprintable()

    def _open_current(self) -> bool:
        row_id = self.current_id()
        if row_id:
            self._opened(row_id)
        return bool(row_id)

    def _do(self, act: str) -> bool:
        row_id = self.current_id()
        if row_id:
            self._acted(row_id, act)
        return bool(row_id)

    def _more_at(self, point: QPoint) -> bool:
        index = self._view.indexAt(point)
        if not index.isValid() or isinstance(self._model.rows[index.row()], Header):
            return False
        self.choose(self._model.id_at(index.row()))
        return self._do(MORE.id)

    def _press_done(self, index: QModelIndex, act: str) -> None:
        self._acted(self._model.id_at(index.row()), act)
