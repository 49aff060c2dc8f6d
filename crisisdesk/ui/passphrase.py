"""The passphrase field: hidden, with an eye to look at it, and a word when Caps Lock is on."""

import sys

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui.icons import icon
from crisisdesk.ui.theme import px

_CAPITAL = 0x14  # Windows' virtual key of Caps Lock


class PassphraseField(QLineEdit):
    """Masked; the eye shows the text until the field is left. ``caps_changed`` says whether Caps Lock is on."""

    caps_changed = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("scale", "large")
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(name)
        self.setMaxLength(1024)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.is_caps = False
        self._eye = QToolButton(self)
        self._eye.setCheckable(True)
        self._eye.setIcon(icon("eye", "text2", "accent"))
        self._eye.setIconSize(QSize(px(20), px(20)))
        self._eye.setAccessibleName(_("Show what is typed"))
        self._eye.setToolTip(_("Show what is typed"))
        self._eye.setCursor(Qt.CursorShape.PointingHandCursor)
        self._eye.toggled.connect(self._show)
        self.setTextMargins(0, 0, px(32), 0)

    @property
    def eye(self) -> QToolButton:
        """The button that shows what is typed."""
        return self._eye

    def forget(self) -> None:
        """Empty the field, and its undo history with it."""
        self._eye.setChecked(False)
        self.clear()

    def resizeEvent(self, arg__1: QResizeEvent) -> None:
        super().resizeEvent(arg__1)
        side = px(30)
        self._eye.setGeometry(self.width() - side - px(5), (self.height() - side) // 2, side, side)

    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        super().keyPressEvent(arg__1)
        self._watch_caps(arg__1)

    def focusInEvent(self, arg__1: QFocusEvent) -> None:
        super().focusInEvent(arg__1)
        known = _system_caps()
        if known is not None:
            self._set_caps(on=known)

    def focusOutEvent(self, arg__1: QFocusEvent) -> None:
        super().focusOutEvent(arg__1)
        if arg__1.reason() is not Qt.FocusReason.PopupFocusReason and not self._eye.hasFocus():
            self._eye.setChecked(False)

    def changeEvent(self, arg__1: QEvent) -> None:
        super().changeEvent(arg__1)
        if arg__1.type() is QEvent.Type.FontChange:
            self.setTextMargins(0, 0, px(32), 0)

    def _show(self, on: bool) -> None:  # noqa: FBT001  Qt's signal
        self.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        words = _("Hide what is typed") if on else _("Show what is typed")
        self._eye.setAccessibleName(words)
        self._eye.setToolTip(words)

    def _watch_caps(self, event: QKeyEvent) -> None:
        """Tell Caps Lock from what a letter key gives: Qt doesn't say, and only Windows can be asked."""
        known = _system_caps()
        letter = event.text()
        if known is None and len(letter) == 1 and letter.isalpha() and letter.upper() != letter.lower():
            is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            known = letter.isupper() != is_shifted
        elif known is None and event.key() == Qt.Key.Key_CapsLock:
            known = False if self.is_caps else None
        if known is not None:
            self._set_caps(on=known)

    def _set_caps(self, *, on: bool) -> None:
        if on != self.is_caps:
            self.is_caps = on
            self.caps_changed.emit(on)


def _system_caps() -> bool | None:
    """Return whether Caps Lock is on where the system can be asked, else None."""
    if sys.platform != "win32":
        return None
    import ctypes  # noqa: PLC0415  Windows only

    return bool(ctypes.windll.user32.GetKeyState(_CAPITAL) & 1)
