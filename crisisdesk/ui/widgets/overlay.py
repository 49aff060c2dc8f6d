"""Large work as a card over the dimmed window, 40 from the top; its dimming is one flat colour."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from crisisdesk.ui import theme
from crisisdesk.ui.focus import focused, holds_focus, takes_tab
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import DIMMING

TOP = 40


class Overlay(QWidget):
    """Covers its window and holds one card; Esc and its close button ask the card's owner to close it."""

    def __init__(self, window: QWidget, card: QWidget, *, width: int = 760, on_close: Callable[[], object]) -> None:
        super().__init__(window)
        self._width = width
        self._on_close = on_close
        self._before = focused(window)
        self._frame = QFrame(self)
        self._frame.setProperty("look", "dialog")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(card)
        self.card = card
        window.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        card.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._on_close()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001  Qt's signature
        """Keep Tab within the card."""
        moved = super().focusNextPrevChild(next)
        if not holds_focus(self):
            chain = [child for child in self._frame.findChildren(QWidget) if takes_tab(child)]
            if chain:
                chain[0 if next else -1].setFocus(Qt.FocusReason.TabFocusReason)
        return moved

    def ask_to_close(self) -> None:
        """Have the card's owner close it, as Esc does: what is being written is kept first."""
        self._on_close()

    def refit(self) -> None:
        """Fit the card again after its height has changed."""
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        dim = QColor(theme.colour("dim"))
        dim.setAlphaF(DIMMING)
        painter.fillRect(self.rect(), dim)
        painter.end()

    def end(self) -> None:
        """Take it away and give the focus back."""
        before = self._before
        self.hide()
        self.deleteLater()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        self.setGeometry(window.rect())
        width = min(px(self._width), window.width() - 2 * px(24))
        wanted = (
            self._frame.heightForWidth(width) if self._frame.hasHeightForWidth() else self._frame.sizeHint().height()
        )
        height = min(max(wanted, self._frame.minimumSizeHint().height()), window.height() - px(TOP) - px(24))
        self._frame.setGeometry((window.width() - width) // 2, px(TOP), width, height)
