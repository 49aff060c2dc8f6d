"""The locked window: one card, and nothing of what the vault holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.clock import SystemClock
from crisisdesk.errors import DeskError, QuickUnlockClosed, TooManyAttempts, VaultInUse, WrongPassphrase
from crisisdesk.i18n import _
from crisisdesk.ui import theme
from crisisdesk.ui.help.links import HelpLinks
from crisisdesk.ui.jobs import Jobs, Running, Step
from crisisdesk.ui.passphrase import PassphraseField
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button, link
from crisisdesk.ui.widgets.labels import label, line, paragraph
from crisisdesk.ui.widgets.marks import StateMark, Tile
from crisisdesk.ui.widgets.problem import Problem
from crisisdesk.ui.widgets.progress import ProgressStrip

if TYPE_CHECKING:
    from crisisdesk.vault.keys import MasterKey

WIDTH = 440
_SECOND = 1000  # milliseconds
_LOOK_AGAIN = 2 * _SECOND  # while another CrisisDesk has the vault open
_PAINTED = 150  # milliseconds after which the page stands there


@dataclass(frozen=True, kw_only=True)
class UnlockDoor:
    """What the locked window asks of the program. The first two run as jobs, the others on the main thread.

    A job may have a parameter ``progress``: it reports while it brings an older vault up to date.

    ``enter`` opens the vault with the key and leaves this page; ``enter_anew`` too, for a new passphrase and a new
    sheet; ``other`` goes to another vault's folder, ``restore`` to a backup. Each raises a DeskError with a sentence
    for her. ``look`` raises TooManyAttempts while passphrase and PIN are closed, VaultInUse while another CrisisDesk
    has the vault open, or what can be seen to be wrong with it without a key, and says whether a PIN will do;
    ``unlock_with_pin`` runs as a job too.
    """

    unlock: "Callable[..., MasterKey]"
    unlock_with_recovery: "Callable[..., MasterKey]"
    enter: "Callable[[MasterKey], object]"
    enter_anew: "Callable[[MasterKey], object]"
    other: Callable[[Path], object]
    restore: Callable[[], object] | None = None
    look: Callable[[], bool] | None = None
    unlock_with_pin: "Callable[..., MasterKey] | None" = None
    now: Callable[[], datetime] = SystemClock().now


class Way(Enum):
    """What is typed to get in."""

    PASSPHRASE = "words"  # noqa: S105  a name
    RECOVERY = "recovery"
    PIN = "pin"


class _Card(QFrame):
    """Takes the focus while entry is closed: what is typed blindly then goes nowhere, least of all onto a link."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not event.text():
            super().keyPressEvent(event)


class UnlockPage(QWidget):
    """Asks for the passphrase, or for the recovery code."""

    def __init__(
        self,
        door: UnlockDoor,
        jobs: Jobs,
        *,
        since: str = "",
        kept: tuple[State, str] | None = None,
        problem: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._door = door
        self._jobs = jobs
        self.way = Way.PASSPHRASE
        self._running: Running | None = None
        self._closed: TooManyAttempts | None = None
        self._held = ""  # said as long as another CrisisDesk has the vault open
        self._is_pin_offered = False
        self._look_again = QTimer(self)
        self._look_again.setInterval(_LOOK_AGAIN)
        self._look_again.timeout.connect(self._look)
        self._again = QTimer(self)
        self._again.setInterval(_SECOND)
        self._again.timeout.connect(self._count_down)
        column = QVBoxLayout(self)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._card(since, kept=kept))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        foot = label(_("In an emergency, write on paper first. It can be typed in afterwards."), Role.SMALL, "text3")
        foot.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(foot)
        self.help = HelpLinks(self, jobs)
        for each in (self.help.guide_link, self.help.about_link):
            each.installEventFilter(self)
        column.addSpacing(px(8))
        column.addWidget(self.help)
        column.setContentsMargins(0, px(24), 0, px(16))
        self.setFocusProxy(self.field)
        if problem:
            self._say(problem)
        QTimer.singleShot(_PAINTED, self, self._look)

    def _card(self, since: str, *, kept: tuple[State, str] | None) -> QFrame:
        self.card = card = _Card()
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
        self.field.textEdited.connect(lambda _text: self._say(self._held))
        column.addWidget(self.field)
        column.addLayout(self._problems())
        column.addSpacing(px(12))
        self.unlock_button = button(_("Unlock"), look="primary", run=self.unlock)
        self.unlock_button.setProperty("scale", "large")
        column.addWidget(self.unlock_button)
        column.addSpacing(px(10))
        column.addLayout(self._links())
        if kept is not None:
            column.addSpacing(px(14))
            column.addWidget(line())
            column.addSpacing(px(17))
            column.addWidget(_kept_mark(*kept))
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
        self.since = paragraph(since or _("Everything lies in one locked file."))
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
        self.renewal = paragraph(
            _(
                "This CrisisDesk is newer than your file. It makes a backup first, then it brings the file up to "
                "date. That happens once."
            )
        )
        self.progress = ProgressStrip(can_cancel=False)
        for each in (self.renewal, self.progress):
            column.addWidget(each)
            each.hide()
        return column

    def _links(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.recovery_link = link(_("Use the recovery sheet"), self._turn_recovery)
        self.other_link = link(_("Another file…"), self._other)
        self.pin_link = link(_("Use the PIN"), lambda: self._turn(Way.PIN))
        self.pin_link.hide()
        row.addWidget(self.pin_link)
        row.addWidget(self.recovery_link)
        row.addStretch(1)
        self.restore_link = link(_("Restore a backup…"), self._door.restore)
        row.addWidget(self.restore_link)
        row.addStretch(1)
        if self._door.restore is None:
            self.restore_link.hide()
        row.addWidget(self.other_link)
        for each in (self.pin_link, self.recovery_link, self.restore_link, self.other_link):
            each.installEventFilter(self)
        return row

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the links to Enter: a space may be part of a passphrase that is typed without looking."""
        is_key = event.type() in {QEvent.Type.KeyPress, QEvent.Type.KeyRelease}
        if is_key and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            return True
        return super().eventFilter(watched, event)

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
        if not typed or self.is_busy or (self._closed is not None and self.way is not Way.RECOVERY):
            return
        self._say("")
        self._set_busy(busy=True)
        works = {Way.RECOVERY: self._door.unlock_with_recovery, Way.PIN: self._door.unlock_with_pin}
        work = works.get(self.way) or self._door.unlock
        self._running = self._jobs.start(
            self, work, typed, done=self._unlocked, failed=self._refused, progress=self._renewing
        )

    def _renewing(self, step: Step) -> None:
        """Say what takes so long: an older vault is backed up and brought up to date, once."""
        for each in (self.renewal, self.progress):
            each.show()
        self.progress.show_step(step)

    def _unlocked(self, master: "MasterKey") -> None:
        enter = self._door.enter_anew if self.way is Way.RECOVERY else self._door.enter
        try:
            enter(master)
        except DeskError as problem:
            master.wipe()
            self._refused(problem)
        else:
            self.field.forget()

    def _refused(self, problem: DeskError) -> None:
        self._set_busy(busy=False)
        if isinstance(problem, TooManyAttempts):
            self._close(problem)
            return
        if isinstance(problem, QuickUnlockClosed):
            self._is_pin_offered = False
            self._turn(Way.PASSPHRASE)
        if isinstance(problem, WrongPassphrase) and self._has_closed(problem):
            return
        if isinstance(problem, VaultInUse):
            self._hold(str(problem))
        self._say(str(problem))
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _has_closed(self, problem: WrongPassphrase) -> bool:
        """Say that this wrong try was the one that closed the entry, if it was."""
        try:
            if self._door.look is not None and self.way is not Way.RECOVERY:
                self._door.look()
        except TooManyAttempts as closed:
            self._close(TooManyAttempts(f"{problem} {closed}", closed.until))
            return True
        except DeskError:
            pass  # a wrong passphrase is what she must hear
        return False

    def _set_busy(self, *, busy: bool) -> None:
        self._running = self._running if busy else None
        for each in (self.renewal, self.progress):
            each.hide()
        self.unlock_button.setText(_("Unlocking…") if busy else _("Unlock"))
        if busy:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)  # Qt would give it to whichever link is left
        for widget in (self.unlock_button, self.recovery_link, self.pin_link, self.restore_link, self.other_link):
            widget.setEnabled(not busy)
        self.field.setReadOnly(busy)

    def _say(self, problem: str) -> None:
        self._problem.say(problem)
        self.field.setProperty("problem", "true" if problem else "false")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
        self.field.setAccessibleDescription(problem)

    def _caps(self, on: bool) -> None:  # noqa: FBT001  Qt's signal
        self.caps.setVisible(on and self.way is Way.PASSPHRASE)

    def _look(self) -> None:
        """Ask, once the page is painted, whether entry is closed and whether a PIN will do."""
        if self._door.look is None or self.is_busy:
            return
        try:
            is_offered = self._door.look()
        except DeskError as problem:
            self._hold(str(problem) if isinstance(problem, VaultInUse) else "")
            if isinstance(problem, TooManyAttempts):
                self._close(problem)
            elif not self.problem:
                self._say(str(problem))
            return
        self._hold("")
        if is_offered and not self.field.text() and self.way is Way.PASSPHRASE:
            self._turn(Way.PIN)
        self._is_pin_offered = is_offered
        self.pin_link.setVisible(is_offered and self.way is Way.PASSPHRASE)

    def _hold(self, held: str) -> None:
        """Keep in mind that another CrisisDesk has the vault open, and look again; what is said of it goes with it."""
        if held == self._held:
            return
        if self.problem == self._held:
            self._say("")
        self._held = held
        if held:
            self._look_again.start()
        else:
            self._look_again.stop()

    def _close(self, closed: TooManyAttempts) -> None:
        """Close passphrase and PIN for a while, or until the recovery sheet comes; that one is never closed."""
        self._closed = closed
        self.field.forget()
        self._show_closed()
        if closed.until is not None:
            self._again.start()

    def _show_closed(self) -> None:
        is_shut = self._closed is not None and self.way is not Way.RECOVERY
        if is_shut:
            self.card.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.setEnabled(not is_shut)
        self.unlock_button.setEnabled(not is_shut)
        said = str(self._closed) if is_shut else self._held
        self._say(said)
        self.card.setAccessibleName(said)  # it has the focus
        self.unlock_button.setText(_("Unlock"))
        if is_shut:
            self._count_down()

    def _count_down(self) -> None:
        if self._closed is None or self._closed.until is None:
            return
        left = ceil((self._closed.until - self._door.now()).total_seconds())
        if left <= 0:
            self._again.stop()
            self._closed = None
            self._show_closed()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.way is not Way.RECOVERY:
            words = _("Open again in {minutes}:{seconds}")
            self.unlock_button.setText(words.format(minutes=left // 60, seconds=f"{left % 60:02d}"))

    def _turn_recovery(self) -> None:
        self._turn(Way.RECOVERY if self.way is Way.PASSPHRASE else Way.PASSPHRASE)

    def _turn(self, way: Way) -> None:
        self.way = way
        self.field.forget()
        self.caps.hide()
        is_recovery = way is Way.RECOVERY
        words = {Way.PASSPHRASE: _("Passphrase"), Way.RECOVERY: _("Recovery code"), Way.PIN: _("PIN")}[way]
        self._label.setText(words)
        self.field.setAccessibleName(words)
        self.field.setPlaceholderText(_("30 letters and digits, in six groups") if is_recovery else "")
        is_passphrase = way is Way.PASSPHRASE
        self.recovery_link.setText(_("Use the recovery sheet") if is_passphrase else _("Use the passphrase"))
        self.recovery_link.updateGeometry()
        self.pin_link.setVisible(self._is_pin_offered and is_passphrase)
        self._show_closed()
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


def _kept_mark(state: State, words: str) -> QWidget:
    """Return what says how the half-typed words are."""
    if state is State.DONE:
        return StateMark(state, words)
    problem = Problem()
    problem.say(words)
    return problem
