"""How safe is this? What this computer tells of itself, what CrisisDesk promises, and what nobody can promise."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QSlider, QVBoxLayout, QWidget

from crisisdesk.computer import Computer, Told
from crisisdesk.desk.keys import why_no_quick_unlock
from crisisdesk.desk.this_computer import Line, lines
from crisisdesk.i18n import N_, _
from crisisdesk.ui import theme
from crisisdesk.ui.commands import Command
from crisisdesk.ui.page import Context, Page, Scroll, beside
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import label, line, paragraph
from crisisdesk.ui.widgets.marks import StateMark

if TYPE_CHECKING:
    from crisisdesk.ui.jobs import Running

_ROOM = 960  # pixels of page from which the halves stand side by side
_LARGE_TEXT = 1.5
_SCROLLS = {
    Qt.Key.Key_PageUp: QSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QSlider.SliderAction.SliderToMaximum,
}
_HALF = 720  # pixels; no half is wider where they stand one under the other
_ANY = 16_777_215  # QWIDGETSIZE_MAX
_STATES = {True: State.DONE, False: State.CAUTION, None: State.PLAIN}

# What is promised, in a few words and in a sentence.
_PROMISES = (
    (
        N_("Nobody reads it without a key"),
        N_(
            "Everything you record lies in one encrypted file (AES-256). Your passphrase, your recovery sheet and the "
            "hand-over envelope open it, and a PIN if you turned that on; nothing else does, neither we nor IT."
        ),
    ),
    (
        N_("It talks to nobody"),
        N_("CrisisDesk uses no network and no cloud. Nothing leaves unless you print it, save it or copy a backup."),
    ),
    (
        N_("It locks by itself"),
        N_("And keeps what is half typed. After five wrong tries it makes whoever tries wait; it never deletes."),
    ),
    (
        N_("What happens is written down"),
        N_("Who looked at what, what was printed, what was deleted. A line that is changed or cut out is noticed."),
    ),
    (
        N_("There is a way back"),
        N_("Backups are encrypted like the vault, and each is opened and checked before CrisisDesk calls it good."),
    ),
    (
        N_("It keeps quiet"),
        N_("Its own log, its error messages, its file names and its window’s title hold nothing of what you record."),
    ),
)
_LIMITS = (
    (
        N_("While it is unlocked"),
        N_(
            "Spying programs, whoever administers this computer, whoever sits down at it, and a phone’s camera can see "
            "what you see. Pictures of the screen are kept black on Windows; a Mac and Linux allow them."
        ),
    ),
    (
        N_("Right after a lock"),
        N_(
            "Some words may stay in the computer’s memory, for a quarter of an hour at most. They go sooner when the "
            "computer tells that it is locked or goes to sleep."
        ),
    ),
    (
        N_("What the computer writes down"),
        N_(
            "Memory, print jobs and scraps on an old disk are the computer’s own. Only an encrypted disk covers them; "
            "destroy a disk before it leaves the office."
        ),
    ),
    (
        N_("Copies and old backups"),
        N_(
            "A copied file can be guessed at for years: a long passphrase is what protects it. A backup opens with the "
            "passphrase and sheet of its day, whatever you changed since."
        ),
    ),
    (
        N_("All keys lost"),
        N_("Without passphrase, sheet and envelope the records are gone, for everyone. There is no back door."),
    ),
    (
        N_("Paper, files, envelopes"),
        N_("What you print or save is yours to guard. A sealed envelope shows that it was opened; it stops nobody."),
    ),
    (
        N_("The end of the audit log"),
        N_(
            "It proves itself up to the last page or backup that bears its mark. Whoever has your passphrase could "
            "rewrite what came after."
        ),
    ),
    (
        N_("An earlier day put back"),
        N_("An old vault file is noticed. But if IT sets the whole computer back, backups too, it may not be."),
    ),
    (
        N_("A forged CrisisDesk"),
        N_("Whoever replaces the program has everything you type. Install it only from where your agency gets it."),
    ),
    (
        N_("Power cuts and worn disks"),
        N_("CrisisDesk waits until the disk says “saved”. A disk that says so too early can lose the last minutes."),
    ),
    (
        N_("No certificate"),
        N_(
            "The encryption follows the published standards (AES-256), but its program part is not certified (FIPS "
            "140). Where your agency must have that, the disk’s own encryption may bring it: ask IT."
        ),
    ),
    (
        N_("The law"),
        N_("A court can have the records opened. CrisisDesk hides nothing, and wipes nothing by itself."),
    ),
)


class FactRow(QWidget):
    """One fact about this computer: its mark, why it matters, and what to do."""

    def __init__(self, fact: Line) -> None:
        super().__init__()
        self.fact = fact
        column = _column(self)
        column.addWidget(StateMark(_STATES[fact.is_well], fact.words, role=Role.NAME))
        column.addWidget(paragraph(fact.reason))
        if fact.advice:
            column.addWidget(paragraph(fact.advice, "text"))


class SecurityPage(Page):
    """The facts about this computer at the left, the promises and their limits at the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("How safe is this?"))
        self.computer = Card(_("This computer"), icon="eye", heading=40)
        self._holder = QWidget()
        self._rows = QVBoxLayout(self._holder)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._asking = paragraph(_("The computer is being asked…"))
        self.computer.add(self._asking)
        self.computer.add_row(self._holder)
        self.look_button = button(_("Look again"), run=self.look)
        self.head.add(self.look_button)
        go = context.window.go
        self.log_button = button(_("Audit log"), run=lambda: go("audit"))
        self.backups_button = button(_("Backups"), run=lambda: go("safekeeping"))
        self.promises = _said(_("What CrisisDesk promises"), "verified", _PROMISES)
        self.promises.add(beside(self.log_button, self.backups_button, wraps=True))
        self.limits = _said(_("What nobody can promise"), "info", _LIMITS)
        self._halves = _Halves(_half(self.computer), _half(self.promises, self.limits))
        self._scroll = Scroll(self._halves, margin=0)
        self.body.addWidget(self._scroll, 1)
        self._found: Computer | None = None
        self._facts: tuple[Line, ...] = ()
        self._why_no_pin: str | None = None  # not known yet
        self._running: list[Running] = []

    @property
    def facts(self) -> dict[str, Line]:
        """The facts as they are shown, by their names; none while the computer is being asked."""
        return {fact.id: fact for fact in self._facts}

    def shown(self) -> None:
        self.look()

    def first_focus(self) -> QWidget:
        return self.look_button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll: most of the page is text, which takes no focus."""
        step = _SCROLLS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._scroll.verticalScrollBar().triggerAction(step)

    def regions(self) -> list[QWidget]:
        return [self.head, self.promises]

    def hidden(self) -> None:
        for running in self._running:
            running.cancel()
        self._running.clear()

    def look(self) -> None:
        """Ask the computer, in jobs: it may take some seconds."""
        self.hidden()
        start = self.context.jobs.start
        self._running = [
            start(self, self.context.desk.this_computer.look().run, done=self._looked),
            start(self, why_no_quick_unlock, done=self._asked),
        ]

    def _looked(self, found: Computer) -> None:
        self._found = found
        self._show()

    def _asked(self, why_not: str) -> None:
        self._why_no_pin = why_not
        self._show()

    def _show(self) -> None:
        if self._found is None:
            return
        box = self._asking.parentWidget()  # with its margins, which would leave a gap
        if box is not None:
            box.hide()
        hears = self.context.window.hears_system
        is_heard = Told.UNTOLD if hears is None else Told.YES if hears else Told.NO
        _empty(self._rows)
        self._facts = lines(self._found, is_heard=is_heard, keyring=self._why_no_pin)
        for fact in self._facts:
            if self._rows.count():
                self._rows.addWidget(line())
            self._rows.addWidget(FactRow(fact))
        poor = sum(each.is_well is False for each in self.facts.values())
        self.computer.set_state(State.CAUTION if poor else None, "" if poor else "eye")
        self.computer.set_count(poor)


class _Halves(QWidget):
    """Two halves side by side, or one under the other where there is no room."""

    def __init__(self, *halves: QWidget) -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(px(16))
        self._parts = halves
        for half in halves:
            self._box.addWidget(half, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        has_room = self.width() >= px(_ROOM) and theme.factor() < _LARGE_TEXT
        self._box.setDirection(directions.LeftToRight if has_room else directions.TopToBottom)
        for half in self._parts:
            half.setMaximumWidth(_ANY if has_room else px(_HALF))


def _half(*cards: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(16))
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return made


def _said(title: str, icon: str, said: Sequence[tuple[str, str]]) -> Card:
    card = Card(title, icon=icon, heading=40)
    for head, sentence in said:
        row = QWidget()
        column = _column(row)
        column.addWidget(label(_(head), Role.NAME))
        column.addWidget(paragraph(_(sentence)))
        card.add_row(row)
    return card


def _column(row: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(row)
    column.setContentsMargins(px(16), px(8), px(16), px(8))
    column.setSpacing(px(2))
    return column


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        gone = item.widget()
        if gone is not None:
            gone.hide()
            gone.deleteLater()


def open_page(context: Context) -> None:
    """Open the page."""
    context.window.go("security")


COMMANDS: tuple[Command[Context], ...] = (
    Command(
        "security.open",
        N_("How safe is this?"),
        run=open_page,
        icon="info",
        menu="help",
        words=N_("security encryption privacy promise"),
    ),
)
