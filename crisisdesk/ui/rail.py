"""The rail: the pages with their counts, Settings and Lock at the bottom."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui import paint
from crisisdesk.ui.icons import paint_icon
from crisisdesk.ui.tables.model import Index
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role

WIDTH = 168
NARROW_WIDTH = 72
ITEM = 36
_STEP = 38
_NARROW_STEP = 56
_ENTRY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """One line of the rail."""

    id: str
    title: str
    icon: str
    count: int | None = None
    key: str = ""


class _Entries(QAbstractListModel):
    def __init__(self, entries: list[Entry], parent: QObject) -> None:
        super().__init__(parent)
        self.entries = entries

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == _ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " ".join(filter(None, (entry.title, "" if entry.count is None else str(entry.count), entry.key)))
        return None

    def set_entry(self, place: int, entry: Entry) -> None:
        self.entries[place] = entry
        self.dataChanged.emit(self.index(place, 0), self.index(place, 0))


class _RailDelegate(QStyledItemDelegate):
    def __init__(self, parent: "RailList") -> None:
        super().__init__(parent)
        self._list = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        return QSize(0, px(_NARROW_STEP if self._list.is_narrow else _STEP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(_ENTRY)
        is_current = self._list.lit == entry.id
        side = px(4 if self._list.is_narrow else 8)
        rect = option.rect.adjusted(side, 0, -side, -px(2))
        is_hot = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if is_current or is_hot:
            paint.fill(painter, rect, "accent_tint" if is_current else "sunk", radius=px(6))
        if is_current:
            height = px(20)
            top = rect.top() + px(6) if self._list.is_narrow else rect.center().y() + 1 - height // 2
            bar = QRect(rect.left(), top, px(3), height)
            paint.fill(painter, bar, "accent", radius=px(1.5))
        if self._list.is_narrow:
            self._paint_narrow(painter, rect, entry, is_current=is_current)
        else:
            self._paint_wide(painter, rect, entry, is_current=is_current)
        if option.state & QStyle.StateFlag.State_HasFocus and self._list.hasFocus():
            paint.paint_focus(painter, rect)

    def _paint_wide(self, painter: QPainter, rect: QRect, entry: Entry, *, is_current: bool) -> None:
        side = px(20)
        ink = "accent" if is_current else "text2"
        paint_icon(painter, QRect(rect.left() + px(10), rect.center().y() + 1 - side // 2, side, side), entry.icon, ink)
        tail = "" if entry.count is None else str(entry.count)
        right = rect.right() + 1 - px(10)
        if entry.key:
            size = paint.cap_size(entry.key)
            cap = QRect(
                right - size.width() + 1, rect.center().y() + 1 - size.height() // 2, size.width(), size.height()
            )
            paint.paint_cap(painter, cap, entry.key, ground="frame")
            right = cap.left()
        elif tail:
            width = paint.text_width(tail)
            paint.paint_text(
                painter, QRect(right - width + 1, rect.top(), width, rect.height()), tail, Role.BODY, "text3"
            )
            right -= width
        text = QRect(rect.left() + px(40), rect.top(), right - rect.left() - px(44), rect.height())
        role = Role.NAME if is_current else Role.BODY
        paint.paint_text(painter, text, entry.title, role, "text" if is_current else "text2")

    def _paint_narrow(self, painter: QPainter, rect: QRect, entry: Entry, *, is_current: bool) -> None:
        side = px(20)
        square = QRect(rect.center().x() - side // 2, rect.top() + px(6), side, side)
        paint_icon(painter, square, entry.icon, "accent" if is_current else "text2")
        text = QRect(rect.left(), square.bottom() + px(3), rect.width(), px(18))
        role = Role.SMALL_NAME if is_current else Role.SMALL
        paint.paint_text(
            painter, text, entry.title, role, "text" if is_current else "text2", Qt.AlignmentFlag.AlignHCenter
        )


class RailList(QListView):
    """Some entries; arrow keys choose, Enter and Space open, a click opens at once."""

    asked = Signal(str)

    def __init__(self, entries: list[Entry], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_narrow = False
        self.lit = ""
        self._entries = _Entries(entries, self)
        self.setModel(self._entries)
        self.setItemDelegate(_RailDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("look", "rail")
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(lambda index: self.asked.emit(self._entries.entries[index.row()].id))

    def fit(self) -> None:
        """Be as high as the entries are."""
        self.setFixedHeight(len(self._entries.entries) * px(_NARROW_STEP if self.is_narrow else _STEP))
        self.scheduleDelayedItemsLayout()

    def light(self, entry_id: str) -> None:
        """Show which page is open."""
        self.lit = entry_id
        for place, entry in enumerate(self._entries.entries):
            if entry.id == entry_id:
                self.setCurrentIndex(self._entries.index(place, 0))
        self.viewport().update()

    def set_count(self, entry_id: str, count: int | None) -> None:
        """Show another count."""
        for place, entry in enumerate(self._entries.entries):
            if entry.id == entry_id and entry.count != count:
                self._entries.set_entry(place, Entry(entry.id, entry.title, entry.icon, count, entry.key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            index = self.currentIndex()
            if index.isValid():
                self.asked.emit(self._entries.entries[index.row()].id)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]  # Qt's own event, handed on
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._entries.index(0, 0))


class Rail(QWidget):
    """Pages above, Settings and Lock below."""

    asked = Signal(str)

    def __init__(self, pages: list[Entry], foot: list[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(8), 0, px(7))
        column.setSpacing(0)
        self.pages = RailList(pages, _("Pages"))
        self.foot = RailList(foot, _("Settings and Lock"))
        for part in (self.pages, self.foot):
            part.asked.connect(self.asked)
        column.addWidget(self.pages)
        column.addStretch(1)
        column.addWidget(self.foot)
        self.set_narrow(narrow=False)

    def set_narrow(self, *, narrow: bool) -> None:
        """Show icons with names under them, or the whole rail."""
        for part in (self.pages, self.foot):
            part.is_narrow = narrow
            part.fit()
        self.setFixedWidth(px(NARROW_WIDTH if narrow else WIDTH))

    def light(self, entry_id: str) -> None:
        """Show which page is open."""
        self.pages.light(entry_id)
        self.foot.light(entry_id)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.set_narrow(narrow=self.pages.is_narrow)
