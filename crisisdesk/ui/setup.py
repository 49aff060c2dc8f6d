"""First start: three steps and out. Also the new passphrase and the new sheet after the recovery code was used."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.practice import Practice
from crisisdesk.errors import DeskError, Invalid
from crisisdesk.i18n import _
from crisisdesk.ui import ask, paint, theme
from crisisdesk.ui.help.links import HelpLinks
from crisisdesk.ui.jobs import Jobs
from crisisdesk.ui.page import Scroll
from crisisdesk.ui.setup_steps import PassphraseStep, SheetStep, Step, YouStep, own_words
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.buttons import button, link
from crisisdesk.ui.widgets.labels import Paragraph, label, line
from crisisdesk.ui.widgets.marks import IconLabel, Tile
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.recovery import RecoveryCode

PANEL = 295
CONTENT = 640
_LARGE_TEXT = 1.5


@dataclass(frozen=True, kw_only=True)
class SetupDoor:
    """What the first start asks of the program.

    ``make(passphrase, code)`` runs as a job and returns the key of the vault that it made (or gave a new passphrase);
    ``enter(key, practice)`` opens it on the main thread and leaves this page, practice None for a new passphrase only.
    ``sheet(code)`` is the recovery sheet as a PDF. ``look_around`` opens the practice desk, ``restore`` brings back a
    backup, ``leave`` keeps the old passphrase and sheet; None leaves the link out.
    """

    make: Callable[[str, RecoveryCode], MasterKey]
    enter: Callable[[MasterKey, Practice | None], object]
    sheet: Callable[[RecoveryCode], bytes]
    look_around: Callable[[], object] | None = None
    restore: Callable[[], object] | None = None
    leave: Callable[[], object] | None = None


class StepMark(QLabel):
    """One step in the panel: its number, its name, and what it is about."""

    def __init__(self, number: int, name: str, about: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(name)
        self._number = number
        self._about = about
        self._state = "ahead"

    def show_state(self, state: str) -> None:
        """Show whether it is "done", "now" or "ahead"."""
        self._state = state
        said = {"done": _("{step}, done"), "now": _("{step}, now"), "ahead": _("{step}, ahead")}[state]
        self.setAccessibleName(said.format(step=self.text()))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(247), px(56))

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        is_now = self._state == "now"
        if is_now:
            paint.fill(painter, self.rect(), "accent_tint", radius=px(6))
        disc = QRect(px(12), px(10), px(24), px(24))
        if self._state == "ahead":
            paint.box(painter, disc, "frame", "control", disc.width() / 2)
        else:
            paint.fill(painter, disc, "accent", radius=disc.width() / 2)
        sign = "✓" if self._state == "done" else str(self._number)
        ink = "text2" if self._state == "ahead" else "on_accent"
        paint.paint_text(painter, disc, sign, Role.SMALL_NAME, ink, Qt.AlignmentFlag.AlignHCenter)
        left = px(48)
        name = QRect(left, px(10), self.width() - left, px(20))
        paint.paint_text(painter, name, self.text(), Role.NAME, "text" if is_now else "text2")
        about = QRect(left, px(29), self.width() - left, px(18))
        paint.paint_text(painter, about, self._about, Role.SMALL, "text2" if is_now else "text3")
        painter.end()


class SetupPage(QWidget):
    """The panel with the steps at the left, the step at the right."""

    def __init__(self, door: SetupDoor, jobs: Jobs, *, is_renewal: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door = door
        self._jobs = jobs
        self._is_renewal = is_renewal
        self._is_busy = False
        self._code = RecoveryCode.random()
        self.passphrase = PassphraseStep()
        self.sheet = SheetStep(self._code, door.sheet(self._code))
        self.you = YouStep()
        steps: list[Step] = [self.passphrase, self.sheet]
        if not is_renewal:
            steps.append(self.you)
        self._steps = steps
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._panel())
        row.addWidget(line(is_vertical=True))
        row.addWidget(self._content(), 1)
        for step in steps:
            step.ready.connect(self._look)
        self._go(0)

    def _panel(self) -> QWidget:
        panel = _Panel()
        column = QVBoxLayout(panel)
        column.setContentsMargins(px(24), px(48), px(24), px(24))
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(Tile("verified", ground="accent", ink="on_accent"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label("CrisisDesk", Role.SECTION))
        about = _("A new passphrase and sheet") if self._is_renewal else _("First start, about 4 minutes")
        words.addWidget(label(about, Role.SMALL, "text2"))
        head.addLayout(words, 1)
        column.addLayout(head)
        column.addSpacing(px(32))
        self._marks = [
            StepMark(1, _("A passphrase"), _("Six words that only you know")),
            StepMark(2, _("The recovery sheet"), _("One page, printed and kept safe")),
            StepMark(3, _("You"), _("Name, credential, department")),
        ][: len(self._steps)]
        for mark in self._marks:
            column.addWidget(mark)
        column.addStretch(1)
        self.help = HelpLinks(self, self._jobs)
        column.addWidget(self.help)
        column.addSpacing(px(16))
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(IconLabel("lock", "text2", 16), 0, Qt.AlignmentFlag.AlignTop)
        promise = _("Everything stays in one locked file on this computer. CrisisDesk never connects to anything.")
        foot.addWidget(Paragraph(promise, "text2", Role.SMALL), 1)
        column.addLayout(foot)
        return panel

    def _content(self) -> QWidget:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(px(92), px(44), px(24), px(24))
        column.setSpacing(0)
        self._stack = QStackedWidget()
        for step in self._steps:
            self._stack.addWidget(step)
        box = QWidget()
        box.setMaximumWidth(px(CONTENT))
        inner = QVBoxLayout(box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._stack)
        inner.addSpacing(px(32))
        inner.addWidget(line())
        inner.addSpacing(px(16))
        inner.addLayout(self._buttons())
        column.addWidget(box)
        column.addStretch(1)
        return Scroll(sheet, margin=4)

    def _buttons(self) -> QBoxLayout:
        """Return what leads elsewhere, and the way on; one under the other where large text leaves no room."""
        directions = QBoxLayout.Direction
        both = QBoxLayout(directions.TopToBottom if theme.factor() >= _LARGE_TEXT else directions.LeftToRight)
        both.setSpacing(px(8))
        both.addLayout(self._elsewhere())
        onward = QHBoxLayout()
        onward.setSpacing(px(8))
        onward.addStretch(1)
        self.lacks = label("", Role.SMALL, "text3")
        onward.addWidget(self.lacks)
        self.next_button = button("", look="primary", run=self.go_on)
        onward.addWidget(self.next_button)
        both.addLayout(onward, 1)
        return both

    def _elsewhere(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.look_link = link(_("Look around with made-up people first"), self._look_around, icon="people")
        thrown_away = _("Nothing real goes in there: all that you do on the practice desk is thrown away.")
        self.look_link.setToolTip(thrown_away)
        self.look_link.setAccessibleDescription(thrown_away)
        self.restore_link = link(_("Restore a backup…"), self._restore, icon="undo")
        self.back_button = button(_("Back"), run=self.back)
        links = QVBoxLayout()
        links.setSpacing(px(4))
        links.addWidget(self.look_link, 0, Qt.AlignmentFlag.AlignLeft)
        links.addWidget(self.restore_link, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(links)
        self.leave_link = link(_("Leave everything as it is"), self.leave)
        row.addWidget(self.leave_link)
        row.addWidget(self.back_button)
        row.addStretch(1)
        return row

    @property
    def step(self) -> int:
        """Which step is open, from 0."""
        return self._stack.currentIndex()

    @property
    def is_busy(self) -> bool:
        """Whether the vault is being made."""
        return self._is_busy

    def go_on(self) -> None:
        """Go to the next step, or finish."""
        if not self._steps[self.step].is_ready or self._is_busy:
            return
        if self.step < len(self._steps) - 1:
            self._go(self.step + 1)
        else:
            self._finish()

    def back(self) -> None:
        """Go to the step before."""
        if self.step and not self._is_busy:
            self._go(self.step - 1)

    def _go(self, step: int) -> None:
        self._stack.setCurrentIndex(step)
        for place, mark in enumerate(self._marks):
            mark.show_state("done" if place < step else "now" if place == step else "ahead")
        is_last = step == len(self._steps) - 1
        last_words = _("Keep both") if self._is_renewal else _("Open CrisisDesk")
        words = (_("Next: recovery sheet"), _("Next: you"), "")[step]
        self.next_button.setText(last_words if is_last else words)
        self.next_button.updateGeometry()
        self.back_button.setVisible(step > 0)
        self.look_link.setVisible(step == 0 and self._door.look_around is not None)
        self.leave_link.setVisible(step == 0 and self._door.leave is not None)
        self.restore_link.setVisible(step == 0 and self._door.restore is not None)
        self._look()
        self.setFocusProxy(self._steps[step])
        self._steps[step].setFocus(Qt.FocusReason.OtherFocusReason)

    def _look(self) -> None:
        step = self._steps[self.step]
        self.next_button.setEnabled(step.is_ready and not self._is_busy)
        lacks = "" if step.is_ready or self._is_busy else step.lacks
        self.lacks.setText(lacks)
        self.next_button.setAccessibleDescription(lacks)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.go_on()
            return
        super().keyPressEvent(event)

    def _look_around(self) -> None:
        if self._door.look_around is not None:
            self._door.look_around()

    def _restore(self) -> None:
        if self._door.restore is not None:
            self._door.restore()

    def leave(self) -> None:
        """Keep the old passphrase and sheet, where that is possible."""
        if self._door.leave is not None and not self._is_busy:
            self._door.leave()

    def _finish(self) -> None:
        if not self._is_renewal and not self.passphrase.know(own_words(self.you.practice())):
            self._go(0)  # made of her name or department, which only the last step told
            return
        self._set_busy(busy=True)
        self._jobs.start(
            self, self._door.make, self.passphrase.passphrase(), self._code, done=self._made, failed=self._failed
        )

    def _made(self, master: MasterKey) -> None:
        try:
            self._door.enter(master, None if self._is_renewal else self.you.practice())
        except DeskError as problem:
            self._failed(problem)
        else:
            self.passphrase.forget()

    def _failed(self, problem: DeskError) -> None:
        self._set_busy(busy=False)
        if isinstance(problem, Invalid) and not self._is_renewal:
            self.you.form.show_problems(problem.problems)
            return
        ask.tell(self, _("The vault could not be made"), str(problem))

    def _set_busy(self, *, busy: bool) -> None:
        self._is_busy = busy
        self._stack.setEnabled(not busy)
        self.back_button.setEnabled(not busy)
        if busy:
            self.lacks.clear()
            self.next_button.setText(_("One moment…"))
            self.next_button.setEnabled(False)
        else:
            self._go(self.step)


class _Panel(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(px(PANEL))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("frame"))
        painter.end()
