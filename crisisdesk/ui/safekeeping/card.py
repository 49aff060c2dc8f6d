"""Today's card on safe-keeping: how the backups stand, and the one act that is due."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.keeping_words import Standing
from crisisdesk.i18n import _
from crisisdesk.ui.page import Context
from crisisdesk.ui.safekeeping.acts import BackupActs
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.banner import Banner
from crisisdesk.ui.widgets.buttons import Button, small
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import Paragraph, paragraph
from crisisdesk.ui.widgets.marks import StateMark
from crisisdesk.ui.widgets.progress import ProgressStrip


class StandingLine(QWidget):
    """A state's icon and its words, over as many lines as they need."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._mark = StateMark(State.DONE, "")
        self._words = paragraph("", State.DONE.value)
        self.state = State.DONE
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def text(self) -> str:
        """Return the words."""
        return self._words.text()

    def say(self, state: State, text: str) -> None:
        """Show another state."""
        self.state = state
        self._mark.say(state, "")
        self._words.say(text, state.value)


class StandingLines(QWidget):
    """Three marks: the last backup, the copy elsewhere, the last trial."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        self.backup, self.copy, self.trial = (StandingLine() for _each in range(3))
        for mark in (self.backup, self.copy, self.trial):
            column.addWidget(mark)

    def show_standing(self, standing: Standing) -> None:
        """Show how each stands."""
        first = State.DANGER if standing.problem else State.OVERDUE if standing.needs_backup else State.DONE
        if standing.last_at is None and not standing.needs_backup:
            first = State.CAUTION
        self.backup.say(first, standing.last_words)
        copied = None if standing.is_copy_behind else standing.copied_at
        self.copy.say(_state(copied, is_overdue=standing.needs_copy), standing.copied_words)
        drilled = None if standing.is_drill_behind else standing.drilled_at
        self.trial.say(_state(drilled, is_overdue=standing.is_drill_overdue), standing.drilled_words)


class SafeKeepingCard(Card):
    """How the backups stand, in three lines, and what is due."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Safe-keeping"), icon="verified")
        self._context = context
        self.acts = BackupActs(context, self)
        self._lines = StandingLines()
        self._problem: Paragraph = paragraph("", "danger")
        self._problem.hide()
        self.button: Button = small("", run=self._do)
        self._run: Callable[[], object] | None = None
        self.banner = OverdueBanner(self)
        self._has_rechecked = False  # once a session at most
        self._strip = ProgressStrip()
        self._strip.hide()
        for widget in (self._lines, self._problem, self._strip):
            self.add(widget)
        self.inside.addWidget(self.button)
        self.set_act(_("Backups"), lambda: context.window.go("safekeeping"))
        self._strip.cancelled.connect(self.acts.cancel)
        self.acts.began.connect(self._began)
        self.acts.stepped.connect(self._strip.show_step)
        self.acts.ended.connect(self.refresh)

    def refresh(self) -> None:
        """Show how things stand now."""
        standing = self._context.desk.safekeeping.standing()
        self.banner.show_standing(standing)
        self._strip.setVisible(self.acts.is_busy)
        self._lines.show_standing(standing)
        self.set_state(worst(standing), "verified" if standing.is_well else "")
        self._problem.say(standing.problem or "")
        self._problem.setVisible(bool(standing.problem))
        words, self._run = self._due(standing)
        self.button.setText(words)
        self.button.updateGeometry()
        self.button.setVisible(bool(words) and not self.acts.is_busy)
        if standing.is_check_due and not self._has_rechecked:
            self._has_rechecked = True
            self.acts.recheck()

    def _due(self, standing: Standing) -> tuple[str, Callable[[], object] | None]:
        if standing.needs_backup or standing.last_at is None:
            return _("Make a backup now"), self.acts.make
        if standing.needs_copy or standing.copied_at is None:
            return _("Copy to a USB drive…"), self.acts.copy
        if standing.is_drill_overdue:
            return _("Try the newest one"), self.acts.drill
        return "", None

    def _do(self) -> None:
        if self._run is not None:
            self._run()

    def _began(self, words: str) -> None:
        self._strip.start(words)
        self._strip.show()
        self.button.hide()


class OverdueBanner(QWidget):
    """Stands over Today while there is no fresh backup, or none elsewhere: one loss away from losing everything."""

    def __init__(self, card: SafeKeepingCard) -> None:
        super().__init__()
        self._card = card
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._said: tuple[str, str, str] | None = None
        self._banner: Banner | None = None
        self.hide()

    @property
    def words(self) -> str:
        """What it says, or nothing."""
        return self._said[0] if self._said else ""

    def show_standing(self, standing: Standing) -> None:
        """Say what is overdue, or go away."""
        said = self._what(standing)
        if said == self._said:
            return
        self._said = said
        if self._banner is not None:
            self._column.removeWidget(self._banner)
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None
        if said is not None:
            first, reason, act = said
            self._banner = Banner(State.DANGER, first, reason)
            run = self._card.acts.copy if standing.is_copy_overdue and not standing.is_overdue else self._card.acts.make
            self._banner.add(small(act, run=run))
            self._column.addWidget(self._banner)
        self.setVisible(said is not None)

    def _what(self, standing: Standing) -> tuple[str, str, str] | None:
        if standing.is_overdue:
            reason = _("What you wrote since then is only on this computer’s disk.")
            return _("No verified backup for more than a day."), reason, _("Make a backup now")
        if standing.is_copy_overdue:
            reason = _("If this computer is lost or stolen, so is everything since.")
            first = _("No copy away from this computer for more than a week.")
            return first, reason, _("Copy to a USB drive…")
        return None


def worst(standing: Standing) -> State:
    """Return the state that the whole is in."""
    if standing.problem:
        return State.DANGER
    if not standing.is_well:
        return State.OVERDUE
    return State.DONE if standing.last_at else State.CAUTION


def _state(at: object, *, is_overdue: bool) -> State:
    if is_overdue:
        return State.OVERDUE
    return State.DONE if at else State.PLAIN
