"""The search field: icon leading, a clear button once there is text, Down into the list, Esc clears and then leaves."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui import paint
from crisisdesk.ui.icons import icon as icon_of
from crisisdesk.ui.icons import paint_icon
from crisisdesk.ui.theme import px


class SearchField(QLineEdit):
    """Says ``typed`` at once with each change, ``down`` for Down and Enter, ``left`` for a second Esc."""

    typed = Signal(str)
    down = Signal()
    left = Signal()

    def __init__(self, placeholder: str, *, key: str = "", icon: str = "search", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self._key = key
        self._clear = QToolButton(self)
        self._icon_name = icon
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self._clear.setIcon(icon_of("close"))
        self._clear.setAccessibleName(_("Clear the search"))
        self._clear.setCursor(Qt.CursorShape.PointingHandCursor)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.hide()
        self._clear.clicked.connect(self.clear)
        self.textChanged.connect(self._changed)
        self._set_margins()

    def changeEvent(self, arg__1: QEvent) -> None:
        super().changeEvent(arg__1)
        if arg__1.type() is QEvent.Type.FontChange:
            self._set_margins()

    def resizeEvent(self, arg__1: QResizeEvent) -> None:
        del arg__1
        side = px(24)
        self._clear.setGeometry(self.width() - side - px(5), (self.height() - side) // 2, side, side)

    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        if arg__1.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.down.emit()
        elif arg__1.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(arg__1)

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        super().paintEvent(arg__1)
        painter = QPainter(self)
        side = px(20)
        paint_icon(painter, QRect(px(9), (self.height() - side) // 2, side, side), self._icon_name, "text2")
        if self._key and not self.text():
            size = paint.cap_size(self._key)
            rect = QRect(
                self.width() - size.width() - px(8), (self.height() - size.height()) // 2, size.width(), size.height()
            )
            paint.paint_cap(painter, rect, self._key)
        painter.end()

    def _changed(self, text: str) -> None:
        self._set_margins()
        self._clear.setVisible(bool(text))
        self.typed.emit(text)

    def _set_margins(self) -> None:
        is_capped = self._key and not self.text()
        self.setTextMargins(px(28), 0, paint.cap_size(self._key).width() + px(6) if is_capped else px(28), 0)
