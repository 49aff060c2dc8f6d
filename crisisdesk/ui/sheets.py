"""The neutral sheets over the window and over each dialog, until a key or a click."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from crisisdesk.i18n import _
from crisisdesk.ui import paint, theme
from crisisdesk.ui.focus import focused
from crisisdesk.ui.tokens import Role

_ALONE = {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta}


class Sheet(QWidget):
    """The neutral sheet over one window. It lets nothing through, neither keys nor shortcuts."""

    def __init__(self, window: QWidget, words: str, touched: Callable[[], object]) -> None:
        super().__init__(window)
        self._words = words
        self._touched = touched
        self._before = focused(window)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(words)
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Go away and give the focus back."""
        self.hide()
        self.deleteLater()
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        parent = self.parentWidget()
        if event.type() is QEvent.Type.Resize and parent is not None:
            self.setGeometry(parent.rect())
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()  # no shortcut works behind the sheet
            return True
        return super().event(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001  Qt's signature
        """Keep the focus: Tab is a key like any other."""
        del next
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _ALONE:
            self._touched()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        del event
        self._touched()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("frame"))
        paint.paint_text(painter, self.rect(), self._words, Role.BODY, "text3", Qt.AlignmentFlag.AlignHCenter)
        painter.end()


class Sheets:
    """A sheet over the window, and one over every dialog that stands before it."""

    def __init__(self, window: QWidget, touched: Callable[[], object]) -> None:
        self._window = window
        self._touched = touched
        self._sheets: list[Sheet] = []
        self.is_closing = False  # the vault is being closed: no key takes them away

    @property
    def is_on(self) -> bool:
        """Whether everything is hidden."""
        return bool(self._sheets)

    def put(self, *, is_closing: bool = False) -> None:
        """Hide everything at once."""
        self.is_closing = self.is_closing or is_closing
        while (popup := QApplication.activePopupWidget()) is not None and popup.close():
            pass
        words = _("Locking…") if self.is_closing else _("Press any key to go on.")
        self._sheets = [sheet for sheet in self._sheets if isValid(sheet)]  # a dialog that is gone took its own along
        has_one = {sheet.parentWidget() for sheet in self._sheets}
        dialogs = [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()]
        for top in (self._window, *dialogs):
            if top not in has_one:
                self._sheets.append(Sheet(top, words, self._asked))

    def take(self) -> None:
        """Take them away."""
        sheets, self._sheets = self._sheets, []
        self.is_closing = False
        for sheet in sheets:
            if isValid(sheet):
                sheet.end()

    def _asked(self) -> None:
        if not self.is_closing:
            self._touched()
