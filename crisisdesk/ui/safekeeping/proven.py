"""The card that every change of the keys is made in: what will happen, the passphrase once more, and a job."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.errors import DeskError, Invalid
from crisisdesk.i18n import _
from crisisdesk.ui.forms.card import LargeCard
from crisisdesk.ui.jobs import Running
from crisisdesk.ui.page import Context
from crisisdesk.ui.passphrase import PassphraseField
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.widgets.marks import StateMark
from crisisdesk.ui.widgets.problem import Problem

WIDTH = 700


class NowField(QWidget):
    """The passphrase in force, asked for once more, with its problem under it."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        name = name or _("Your passphrase now")
        words = label(name, Role.NAME)
        column.addWidget(words)
        self.field = PassphraseField(name)
        self.field.setMaximumWidth(px(600))
        words.setBuddy(self.field)
        column.addWidget(self.field)
        self.caps = StateMark(State.CAUTION, _("Caps Lock is on"))
        column.addWidget(self.caps)
        self.caps.hide()
        self._problem = Problem()
        column.addWidget(self._problem)
        self.field.caps_changed.connect(self.caps.setVisible)
        self.field.textEdited.connect(lambda _text: self.say(""))
        self.setFocusProxy(self.field)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.field.text()

    @property
    def problem(self) -> str:
        """The sentence that is shown, or nothing."""
        return self._problem.words

    def say(self, problem: str) -> None:
        """Show what is wrong with it; an empty sentence takes that away."""
        self._problem.say(problem)
        self.field.setAccessibleDescription(problem)
        self.field.setProperty("problem", "true" if problem else "false")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)


class ProvenCard(LargeCard):
    """One change, proven by the passphrase. A change has its own ``is_ready``, ``work`` and ``finished``."""

    def __init__(self, context: Context, *, title: str, icon: str, about: str, act: str) -> None:
        super().__init__(context, title=title, icon=icon)
        self._running: Running | None = None
        self._act_words = act
        holder = QWidget()
        self.column = QVBoxLayout(holder)
        self.column.setContentsMargins(px(7), px(8), px(7), px(12))
        self.column.setSpacing(px(16))
        self.column.addWidget(paragraph(about, "text"))
        self.now = NowField()
        self.column.addWidget(self.now)
        self.body.addWidget(holder)
        self.act = button(act, look="primary", run=self.go_on)
        self.keep = button(_("Cancel"), run=self.leave)
        self.set_acts(self.keep, self.act)
        self.now.field.textChanged.connect(self.look)
        self.now.field.returnPressed.connect(self.go_on)

    def open_card(self) -> None:
        """Show it over the window."""
        self.look()
        self.show_over(width=WIDTH, first=self.now.field)

    @property
    def is_ready(self) -> bool:
        """Whether what is new is whole; the card's own."""
        return True

    def work(self) -> Callable[[], object]:
        """Return what to run in a job; the card's own."""
        raise NotImplementedError

    def finished(self) -> str:
        """Write it down, and return the sentence to say."""
        raise NotImplementedError

    @property
    def is_busy(self) -> bool:
        """Whether the change is being made."""
        return self._running is not None

    def look(self) -> None:
        """Offer the act once everything is there."""
        self.act.setEnabled(bool(self.now.text) and self.is_ready and not self.is_busy)

    def go_on(self) -> None:
        """Make the change."""
        if not self.act.isEnabled():
            return
        self.say("")
        start = self.context.jobs.start
        self._set_busy(start(self, self.work(), done=self._done, failed=self._failed, is_kept=True))

    def failed(self, problem: DeskError) -> bool:
        """Say a problem where it belongs, and whether that was done; the card's own."""
        del problem
        return False

    def leave(self) -> None:
        """Go away, unless the change is being made just now."""
        if not self.is_busy:
            self.forget()
            self.go_away()

    def forget(self) -> None:
        """Empty the fields."""
        self.now.field.forget()

    def _done(self, _outcome: object) -> None:
        self._set_busy(None)
        self.proven()

    def proven(self) -> None:
        """Write down what the job has changed, say it, and go; a card that goes on has its own."""
        try:
            said = self.finished()
        except DeskError as problem:
            self.say(str(problem), "danger")
            return
        window = self.context.window
        self.forget()
        self.go_away()
        window.say(said)

    def _failed(self, problem: DeskError) -> None:
        self._set_busy(None)
        if isinstance(problem, Invalid) and "now" in problem.problems:
            self.now.say(problem.problems["now"])
            self.now.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.now.field.selectAll()
        elif not self.failed(problem):
            self.say(str(problem), "danger")

    def _set_busy(self, running: Running | None) -> None:
        self._running = running
        self.act.setText(self._act_words if running is None else _("One moment…"))
        self._inside.setEnabled(running is None)
        self.keep.setEnabled(running is None)
        self.look()


__all__ = ["WIDTH", "NowField", "ProvenCard"]
