"""Refer, once it is sent: how it stands, what happens next, how it came there, and its papers."""

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from crisisdesk.desk.referral_list import ReferralRow
from crisisdesk.desk.when import clock_time, short_day
from crisisdesk.desk.words import dotted, referral_badge
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.choices import FINAL_STATES, ReferralState
from crisisdesk.ui.page import Context, beside
from crisisdesk.ui.tables import GroupedRows, ListView, Row, RowDelegate, mark, words
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import Paragraph, label

if TYPE_CHECKING:
    from crisisdesk.desk.disclosures import Filed
    from crisisdesk.desk.referrals import Happened, ReferralFacts


class _EventDelegate(RowDelegate):
    grows: ClassVar[bool] = True
    height: ClassVar[int] = 40
    is_top: ClassVar[bool] = True

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context

    def lay_out(self, item: "Happened", row: Row) -> None:
        clock = self._context.clock
        at = clock.local(item.at)
        row.column(104).line(dotted(short_day(at.date(), clock.today()), clock_time(at)), ink="text2")
        shown = referral_badge(item.state)
        words_of = _("Sent") if item.state is ReferralState.SENT else shown.text
        state = State(shown.tone.value)
        text = row.rest()
        told = _("told by {who}").format(who=item.told_by.label) if item.told_by else ""
        text.flow(mark(state, words_of, role=Role.NAME), words(told))
        if item.note:
            text.wrap(item.note, lines=3, ink="text")


class _PaperDelegate(RowDelegate):
    height: ClassVar[int] = 40

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context

    def lay_out(self, item: "PaperRow", row: Row) -> None:
        row.icon("reports")
        row.rest().flow(words(item.title, ink="text"), right=words(item.aside, role=Role.SMALL, ink="text3"))


class PaperRow:
    """A filed paper as a row."""

    def __init__(self, filed: "Filed", context: Context) -> None:
        self.id = filed.attachment_id
        self.title = filed.title
        at = context.clock.local(filed.filed_at)
        pages = ngettext("{count} page", "{count} pages", filed.pages).format(count=filed.pages)
        self.aside = dotted(short_day(at.date(), context.clock.today()), pages)


class Standing(QWidget):
    """The cards of a referral that was sent. ``acted``: "happened", "step", "try", "chart"; ``paper_asked``: an id."""

    acted = Signal(str)
    paper_asked = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self._next = Card(_("What happens next"), icon="due", heading=40)
        self._step = Paragraph("", "text")
        self._next.add(self._step)
        self.happened = button(_("What happened…"), look="primary", run=lambda: self.acted.emit("happened"))
        self.log_try = button(_("Log try"), run=lambda: self.acted.emit("try"))
        self.set_step = button(_("Next step…"), run=lambda: self.acted.emit("step"))
        self._next.add(beside(self.happened, self.log_try, self.set_step))
        column.addWidget(self._next)
        self._history = Card(_("How it came here"), heading=40)
        self._events = GroupedRows()
        self._event_list = ListView(self._events, _EventDelegate(context), name=_("How it came here"))
        self._event_list.fit()
        self._history.add_row(self._event_list)
        column.addWidget(self._history)
        self._papers = Card(_("Papers"), icon="reports", heading=40)
        self._paper_rows = GroupedRows()
        self._paper_list = ListView(self._paper_rows, _PaperDelegate(context), name=_("Papers"))
        self._paper_list.fit()
        self._paper_list.opened.connect(self.paper_asked)
        self._paper_list.clicked.connect(lambda index: self.paper_asked.emit(self._paper_rows.id_at(index.row())))
        self._papers.add_row(self._paper_list)
        column.addWidget(self._papers)
        self._asked = Card(_("What was asked for"), heading=40)
        self._pairs = QGridLayout()
        self._pairs.setHorizontalSpacing(px(12))
        self._pairs.setVerticalSpacing(px(4))
        self._pairs.setColumnMinimumWidth(0, px(104))
        self._pairs.setColumnStretch(1, 1)
        holder = QWidget()
        self._pairs.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(self._pairs)
        self._asked.add(holder)
        self._asked.set_act(_("Open the chart"), lambda: self.acted.emit("chart"))
        column.addWidget(self._asked)
        column.addStretch(1)

    def show_referral(self, referral: "ReferralFacts", row: ReferralRow | None, place: str) -> None:
        """Show how a referral stands now."""
        desk = self._context.desk
        is_over = referral.state in FINAL_STATES
        self._step.say(
            row.next_words if row else _("Closed"), row.tone.value if row and row.tone != "plain" else "text"
        )
        self.log_try.setVisible(bool(row and row.step_id))
        self.set_step.setVisible(not is_over)
        self._events.set_rows(desk.referrals.happened(referral.id))
        self._event_list.fit()
        papers = [PaperRow(filed, self._context) for filed in desk.disclosures.papers(referral.id)]
        self._paper_rows.set_rows(papers)
        self._paper_list.fit()
        self._papers.setVisible(bool(papers))
        self._show_pairs(referral, place)

    def _show_pairs(self, referral: "ReferralFacts", place: str) -> None:
        while self._pairs.count():
            item = self._pairs.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        draft = referral.draft
        pairs = (
            (_("Where"), place),
            (_("Need"), draft.need.label if draft.need else ""),
            (_("In one sentence"), draft.sentence),
            (_("How soon"), draft.urgency.label),
            (_("How"), draft.hand_off.label),
            (_("Spoke with"), draft.spoke_with),
            (_("Wanted"), draft.wants),
            (_("Has"), draft.has),
            (_("Tried"), draft.tried),
        )
        for number, (title, value) in enumerate((pair for pair in pairs if pair[1]), start=0):
            self._pairs.addWidget(label(title, ink="text3"), number, 0)
            self._pairs.addWidget(Paragraph(value, "text"), number, 1)


def badge_of(row: ReferralRow | None) -> tuple[State, str]:
    """Return a referral's state as a badge's state and words."""
    return (State(row.badge.tone.value), row.badge.text) if row else (State.PLAIN, "")
