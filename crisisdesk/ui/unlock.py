"""The locked window: one card, and nothing of what the vault holds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.errors import DeskError
from crisisdesk.i18n import _
from crisisdesk.ui import theme
from crisisdesk.ui.jobs import Jobs, Running
from crisisdesk.ui.passphrase import PassphraseField
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button, link
from crisisdesk.ui.widgets.labels import label, line
from crisisdesk.ui.widgets.marks import StateMark, Tile
from crisisdesk.ui.widgets.problem import Problem

if TYPE_CHECKING:
    from crisisdesk.vault.keys import MasterKey

WIDTH = 440


@dataclass(frozen=True, kw_only=True)
class UnlockDoor:
    """What the locked window asks of the program. The first two run as jobs, the others on the main thread.

    ``enter`` opens the vault with the key and leaves this page; ``enter_anew`` too, for a new passphrase and a new
    sheet; ``other`` goes to another vault's folder. Each raises a DeskError with a sentence for her.
    """

    unlock: "Callable[[str], MasterKey]"
    unlock_with_recovery: "Callable[[str], MasterKey]"
    enter: "Callable[[MasterKey], object]"
    enter_anew: "Callable[[MasterKey], object]"
    other: Callable[[Path], object]


class UnlockPage(QWidget):
    """Asks for the passphrase, or for the recovery code."""

    def __init__(
        self,
        door: UnlockDoor,
        jobs: Jobs,
        *,
        since: str = "",
        has_kept: bool = False,
        problem: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._door = door
        self._jobs = jobs
        self._is_recovery = False
        self._running: Running | None = None
        column = QVBoxLayout(self)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._card(since, has_kept=has_kept))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        foot = label(_("In an emergency, write on paper first. It can be typed in afterwards."), Role.SMALL, "text3")
        foot.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(foot)
        column.setContentsMargins(0, px(24), 0, px(16))
        self.setFocusProxy(self.field)
        if problem:
            self._say(problem)

    def _card(self, since: str, *, has_kept: bool) -> QFrame:
        card = QFrame()
        card.setProperty("look", "dialog")
        card.setFixedWidth(px(WIDTH))
        column = QVBoxLayout(card)
        column.setContentsMargins(px(32), px(32), px(32), px(26))
        column.setSpacing(0)
        column.addLayout(self._head(since))
        column.addSpacing(px(24))
        self._label = label(_("Passphrase"), Role.NAME)
        column.addWidget(self._label)
        column.addSpacing(px(4))
        self.field = PassphraseField(_("Passphrase"))
        self._label.setBuddy(self.field)
        self.field.returnPressed.connect(self.unlock)
        self.field.caps_changed.connect(self._caps)
        self.field.textEdited.connect(lambda _text: self._say(""))
        column.addWidget(self.field)
        column.addLayout(self._problems())
        column.addSpacing(px(12))
        self.unlock_button = button(_("Unlock"), look="primary", run=self.unlock)
        self.unlock_button.setProperty("scale", "large")
        column.addWidget(self.unlock_button)
        column.addSpacing(px(10))
        column.addLayout(self._links())
        if has_kept:
            column.addSpacing(px(14))
            column.addWidget(line())
            column.addSpacing(px(17))
            column.addWidget(StateMark(State.DONE, _("What you were writing is kept. You’ll be back in it.")))
        return card

    def _head(self, since: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(Tile("lock", ground="accent", ink="on_accent"))
        words = QVBoxLayout()
        words.setSpacing(0)
        title = label(_("CrisisDesk is locked"), Role.TITLE)
        title.setMinimumHeight(px(24))
        words.addWidget(title)
        self.since = label(since or _("Everything lies in one locked file."), ink="text2")
        words.addWidget(self.since)
        row.addLayout(words, 1)
        return row

    def _problems(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(0, px(6), 0, 0)
        column.setSpacing(px(4))
        self.caps = StateMark(State.CAUTION, _("Caps Lock is on"))
        column.addWidget(self.caps)
        self.caps.hide()
        self._problem = Problem()
        column.addWidget(self._problem)
        return column

    def _links(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.recovery_link = link(_("Use the recovery sheet"), self._turn)
        self.other_link = link(_("Another file…"), self._other)
        row.addWidget(self.recovery_link)
        row.addStretch(1)
        row.addWidget(self.other_link)
        return row

    @property
    def problem(self) -> str:
        """The sentence that is shown, or nothing."""
        return self._problem.words

    @property
    def is_busy(self) -> bool:
        """Whether a key is being derived."""
        return self._running is not None

    def unlock(self) -> None:
        """Try what was typed."""
        typed = self.field.text()
        if not typed or self.is_busy:
            return
        self._say("")
        self._set_busy(busy=True)
        work = self._door.unlock_with_recovery if self._is_recovery else self._door.unlock
        self._running = self._jobs.start(self, work, typed, done=self._unlocked, failed=self._refused)

    def _unlocked(self, master: "MasterKey") -> None:
        enter = self._door.enter_anew if self._is_recovery else self._door.enter
        try:
            enter(master)
        except DeskError as problem:
            master.wipe()
            self._refused(problem)
        else:
            self.field.forget()

    def _refused(self, problem: DeskError) -> None:
        self._set_busy(busy=False)
        self._say(str(problem))
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _set_busy(self, *, busy: bool) -> None:
        self._running = self._running if busy else None
        self.unlock_button.setText(_("Unlocking…") if busy else _("Unlock"))
        for widget in (self.unlock_button, self.recovery_link, self.other_link):
            widget.setEnabled(not busy)
        self.field.setReadOnly(busy)

    def _say(self, problem: str) -> None:
        self._problem.say(problem)
        self.field.setProperty("problem", "true" if problem else "false")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
        self.field.setAccessibleDescription(problem)

    def _caps(self, on: bool) -> None:  # noqa: FBT001  Qt's signal
        self.caps.setVisible(on and not self._is_recovery)

    def _turn(self) -> None:
        self._is_recovery = not self._is_recovery
        self.field.forget()
        self._say("")
        self.caps.hide()
        words = _("Recovery code") if self._is_recovery else _("Passphrase")
        self._label.setText(words)
        self.field.setAccessibleName(words)
        self.field.setPlaceholderText(_("30 letters and digits, in six groups") if self._is_recovery else "")
        self.field.eye.setChecked(self._is_recovery)
        self.recovery_link.setText(_("Use the passphrase") if self._is_recovery else _("Use the recovery sheet"))
        self.recovery_link.updateGeometry()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _other(self) -> None:
        from crisisdesk.ui import ask  # noqa: PLC0415  the locked window stands sooner without the dialogs

        folder = ask.folder(self, _("Choose the folder with the vault"))
        if folder is None:
            return
        try:
            self._door.other(folder)
        except DeskError as problem:
            self._say(str(problem))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("frame"))
        painter.end()
