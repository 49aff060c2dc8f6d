"""The base of our dialogs: the title is the question, a sentence or two on what will happen, the acts at the right."""

from typing import ClassVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui.commands import listen_for_leaving
from crisisdesk.ui.focus import focused
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.buttons import Button, button
from crisisdesk.ui.widgets.labels import Paragraph, paragraph


class Dialog(QDialog):
    """A dialog 440 or 560 wide. Run it with ``ask.run(dialog)`` only."""

    _open: ClassVar[list["Dialog"]] = []  # those that wait for an answer, the one in front last
    _is_leaving: ClassVar[bool] = False

    def __init__(self, parent: QWidget | None, title: str, text: str = "", *, width: int = 440) -> None:
        super().__init__(parent)
        self.setWindowTitle("CrisisDesk")  # the question may hold a name, and the system shows titles to others
        self.setModal(True)
        self.setFixedWidth(px(width))
        self.title = title
        self.text = text
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(24), px(24), px(24))
        column.setSpacing(px(12))
        head = Paragraph(title, "text", Role.SECTION)
        column.addWidget(head)
        self._text = paragraph(text)
        column.addWidget(self._text)
        self._text.setVisible(bool(text))
        self.body = QVBoxLayout()
        self.body.setSpacing(px(12))
        column.addLayout(self.body)
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(0, px(12), 0, 0)
        self._buttons.setSpacing(px(8))
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        self._act: Button | None = None
        self._is_danger = False
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        if parent is not None:
            listen_for_leaving(self, parent.window(), lambda action: action.trigger())

    @classmethod
    def leave_all(cls) -> bool:
        """Leave every dialog that waits for an answer, the system's too; return whether there was one.

        What is typed in one of ours is kept, also where Esc would throw it away.
        """
        Dialog._is_leaving = True
        try:
            waiting = cls.waiting()
            for dialog in reversed(waiting):
                if dialog.isVisible():
                    dialog.reject()
            others = other_dialogs()
            for other in others:
                other.reject()
        finally:
            Dialog._is_leaving = False
        return bool(waiting or others)

    @classmethod
    def waiting(cls) -> tuple["Dialog", ...]:
        """Return our dialogs that wait for an answer, the one in front last."""
        return tuple(cls._open)

    @property
    def is_left_for_lock(self) -> bool:
        """Whether it is being left because the vault is being closed, not by her."""
        return Dialog._is_leaving

    def showEvent(self, arg__1: QShowEvent) -> None:
        if self not in self._open:
            self._open.append(self)
        super().showEvent(arg__1)

    def hideEvent(self, arg__1: QHideEvent) -> None:
        if self in self._open:
            self._open.remove(self)
        super().hideEvent(arg__1)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add something between the sentence and the acts."""
        self.body.addWidget(widget, stretch)

    def set_acts(self, *, act: str, keep: str = "", danger: bool = False) -> None:
        """Name the acts: what keeps things as they are, then the act by its verb."""
        self._is_danger = danger
        if keep or danger:
            kept = button(keep or _("Keep it"), run=self.reject)
            kept.setDefault(danger)
            self._buttons.addWidget(kept)
            if danger:
                kept.setFocus()
        self._act = button(act, look="danger" if danger else "primary", run=self.accept)
        self._act.setDefault(not danger)
        self._buttons.addWidget(self._act)

    @property
    def act_button(self) -> Button | None:
        """The button that does it."""
        return self._act

    def check(self) -> bool:
        """Return whether what was typed can be taken; a form shows its problems here. The dialog's own."""
        return True

    def accept(self) -> None:
        if self.check():
            super().accept()

    def event(self, arg__1: QEvent) -> bool:
        # Paragraphs know their height only by their width, and a problem beside a field needs room: Qt leaves both
        # to whoever has set a size by hand.
        seen = super().event(arg__1)
        if arg__1.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Show}:
            layout = self.layout()
            wanted = layout.totalHeightForWidth(self.width()) if layout else 0
            if wanted > self.height():
                self.resize(self.width(), wanted)
        return seen

    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        # Enter never does what can't be undone, nor throws away a reason half typed: only a button that has the focus.
        if self._is_danger and arg__1.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            here = focused(self)
            if isinstance(here, QPushButton):
                here.click()
            return
        super().keyPressEvent(arg__1)


def other_dialogs() -> list[QDialog]:
    """Return the dialogs that aren't ours: the system's for files and printers."""
    tops = [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and not isinstance(top, Dialog)]
    return [top for top in tops if top.isVisible()]
