"""A chart's timeline: filter chips with counts, what is ahead, then everything that happened, read as she scrolls."""

from collections.abc import Callable, Sequence
from math import ceil
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.clock import Clock
from crisisdesk.desk.entries import Entry, EntryKey, EntryKind
from crisisdesk.desk.steps import StepRow
from crisisdesk.desk.words import About, Mark, lower_start, upper_first
from crisisdesk.i18n import _
from crisisdesk.records.choices import StepKind, TryResult
from crisisdesk.ui import theme
from crisisdesk.ui.page import Context
from crisisdesk.ui.pages.entry_icons import entry_icon
from crisisdesk.ui.tables import MORE, Act, Group, GroupedRows, ListView, Row, RowDelegate, badge, name, words
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.chips import Chips, Option

if TYPE_CHECKING:
    from crisisdesk.ui.tables.model import Header

PAGE = 100  # entries; three screens
_NEAR = 600  # pixels from the end, where the next page is read
_ALL = "all"
_ICONS = {
    StepKind.CALL: "phone",
    StepKind.VISIT: "visit",
    StepKind.TEXT: "message",
    StepKind.LETTER: "mail",
    StepKind.AGENCY: "referrals",
    StepKind.OTHER: "list",
}
_AHEAD_FOR = {_ALL, EntryKind.TRY.value}


class TimelineDelegate(RowDelegate):
    """Time, icon, title with particulars, up to two lines of what was written, and a badge or the acts."""

    height: ClassVar[int] = 40
    grows: ClassVar[bool] = True
    is_top: ClassVar[bool] = True

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def lay_out(self, item: Entry | StepRow, row: Row) -> None:
        if isinstance(item, StepRow):
            self._step(item, row)
        else:
            self._entry(item, row)

    def _entry(self, item: Entry, row: Row) -> None:
        row.column(48, gap=14).line(item.time, ink="text2")
        state = State(item.badge.tone.value) if item.badge else State.PLAIN
        is_waiting = item.kind is EntryKind.REFERRAL and state is not State.PLAIN
        row.icon(_icon(item), state.value if is_waiting else "text2", gap=10)
        _right(row, item.badge)
        text = row.rest()
        text.flow(name(item.title), words(item.detail))
        text.wrap(item.body, lines=2)

    def _step(self, item: StepRow, row: Row) -> None:
        state = State(item.tone.value)
        is_late = state is State.OVERDUE
        title, rest = _step_words(item)
        if item.due_on > self._clock.today():
            row.column(48, gap=14).line(item.when, ink="text2")
            row.icon(_ICONS[item.kind], gap=10)
            aside = item.aside if item.moved_from else item.when_note
            row.rest().flow(name(title), words(rest), right=words(aside, role=Role.SMALL, ink="text3"))
            return
        row.acts(Act("try", _("Log try")), Act("done", _("Done")), MORE)
        row.column(48, gap=14).line(item.when, ink="text2")
        row.icon(_ICONS[item.kind], state.value if is_late else "text2", gap=10)
        text = row.rest()
        text.flow(name(title), words(rest))
        tries = [mark.text for mark in item.marks if mark.about in {About.TRIES, About.CONTACT}]
        late = words(item.when_note, ink=state.value if state is not State.PLAIN else "text3")
        text.flow(late if item.when_note else None, *(words(each) for each in tries))


def _right(row: Row, mark: Mark | None) -> None:
    if mark is None:
        return
    state = State(mark.tone.value)
    shown = badge(state, mark.text, icon="note" if state is State.CAUTION else "")
    row.right_column(ceil(shown.width(Role.SMALL) / theme.factor()), gap=16).flow(right=shown)


def _icon(item: Entry) -> str:
    is_voicemail = item.kind is EntryKind.TRY and lower_start(TryResult.VOICEMAIL.label) in item.title
    return "voicemail" if is_voicemail else entry_icon(item)


def _step_words(item: StepRow) -> tuple[str, str]:
    """Return the step's heading and the rest: on a chart the name would be the chart's own, an agency's stays."""
    if not item.initials:
        return _("Ask {organization}").format(organization=item.name), item.line
    lead, _comma, rest = item.line.partition(", ")
    return upper_first(lead), rest


class TimelinePanel(QWidget):
    """The chips and the list. ``opened(entry)``; a step's act comes as ``acted(step_id, act)``."""

    acted = Signal(str, str)

    def __init__(self, context: Context, opened: Callable[[Entry], None], opened_step: Callable[[str], None]) -> None:
        super().__init__()
        self._context = context
        self._opened = opened
        self._opened_step = opened_step
        self._client_id = ""
        self._entries: list[Entry] = []
        self._next: EntryKey | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        options = [Option(_ALL, _("Everything")), *(Option(kind.value, kind.label) for kind in EntryKind)]
        self.chips = Chips(options, name=_("Show"))
        self.chips.choose([_ALL], as_start=True)
        self.chips.changed.connect(self._filter)
        column.addWidget(self.chips)
        self._model = GroupedRows()
        self.list = ListView(
            self._model,
            TimelineDelegate(context.clock),
            name=_("Timeline"),
            keys={"T": "try", "D": "done", "M": "move"},
        )
        self.list.opened.connect(self._open)
        self.list.acted.connect(self._act)
        self.list.clicked.connect(lambda index: self._click(self._model.id_at(index.row())))
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._card = Card()
        self._card.add_row(self.list, 1, hairline=False)
        column.addWidget(self._card, 1)

    def take(self, client_id: str) -> None:
        """Take another client; ``refresh`` shows the timeline."""
        self._client_id = client_id
        self._entries = []
        self.chips.choose([_ALL])

    def refresh(self) -> None:
        """Read again what is shown."""
        if not self._client_id:
            return
        counts = self._context.desk.timeline.counts(self._client_id)
        by_kind = {kind.value: counts.by_kind.get(kind, 0) for kind in EntryKind}
        self.chips.set_counts({_ALL: counts.everything, **by_kind})
        page = self._context.desk.timeline.read(self._client_id, self._kinds(), limit=max(PAGE, len(self._entries)))
        self._entries, self._next = list(page.entries), page.next_key
        self._model.set_groups([*self._ahead(), *self._days(self._entries)])

    def step(self, step_id: str) -> StepRow | None:
        """Return a row of "Ahead"."""
        row = self._model.row(step_id)
        return row if isinstance(row, StepRow) else None

    def _kinds(self) -> tuple[EntryKind, ...]:
        return tuple(EntryKind(value) for value in self.chips.chosen() if value != _ALL)

    def _ahead(self) -> list[Group]:
        if not _AHEAD_FOR.intersection(self.chips.chosen()):
            return []
        steps = self._context.desk.timeline.ahead(self._client_id)
        is_all = self.chips.chosen() == (_ALL,)
        note = _("No next step. Choose one.") if not steps and is_all and self._is_open() else ""
        return [Group(id="ahead", title=_("Ahead"), rows=steps, note=note)]

    def _is_open(self) -> bool:
        return self._context.desk.chart.head(self._client_id).is_open

    def _days(self, entries: Sequence[Entry]) -> list[Group]:
        days: dict[str, list[Entry]] = {}
        for entry in entries:
            days.setdefault(entry.heading, []).append(entry)
        if not days:
            return [Group(id="none", title=_("So far"), rows=(), note=_("Nothing is written down here yet."))]
        return [Group(id=heading, title=heading, rows=rows) for heading, rows in days.items()]

    def _filter(self) -> None:
        self._entries = []
        self.refresh()
        self.list.scrollToTop()

    def _scrolled(self, value: int) -> None:
        if self._next is not None and value > self.list.verticalScrollBar().maximum() - px(_NEAR):
            self._read_on()

    def _read_on(self) -> None:
        """Read the next page and put it below; its first day may be the last one shown."""
        page = self._context.desk.timeline.read(self._client_id, self._kinds(), self._next, PAGE)
        last = self._entries[-1].heading if self._entries else ""
        self._next = page.next_key
        self._entries += page.entries
        rows: list[Header | Entry] = []
        for group in self._days(page.entries) if page.entries else []:
            if group.id != last:
                rows.append(group.header())
            rows.extend(group.rows)
        self._model.append(rows)

    def _open(self, row_id: str) -> None:
        row = self._model.row(row_id)
        if isinstance(row, Entry):
            self._opened(row)
        elif isinstance(row, StepRow):
            self._opened_step(row.id)

    def _click(self, row_id: str) -> None:
        """Open an entry by one click; a step has buttons for that."""
        row = self._model.row(row_id)
        if isinstance(row, Entry):
            self._opened(row)

    def _act(self, row_id: str, act: str) -> None:
        row = self._model.row(row_id)
        if isinstance(row, StepRow):
            self.acted.emit(row_id, act)
        elif isinstance(row, Entry) and act == MORE.id:
            self._opened(row)
