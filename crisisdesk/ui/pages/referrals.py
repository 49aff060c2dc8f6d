"""Referrals: every referral by what happens next, what blocks first; a packet's number opens the one it belongs to."""

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from crisisdesk.desk.referral_list import (
    NextAct,
    ReferralFilter,
    ReferralGroup,
    ReferralKey,
    ReferralPage,
    ReferralQuery,
    ReferralRow,
)
from crisisdesk.i18n import N_, _
from crisisdesk.records.choices import FINAL_STATES, Need, ReferralState
from crisisdesk.ui import ask, theme
from crisisdesk.ui.commands import Command
from crisisdesk.ui.forms.steps import FollowUpDialog, StepActs
from crisisdesk.ui.page import Context, Page
from crisisdesk.ui.pages.refer import begin_referral, happened
from crisisdesk.ui.tables import MORE, Act, Cell, Column, Group, GroupedRows, TableView, badge, cell, mark, name, words
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.chips import Chips, Option
from crisisdesk.ui.widgets.empty import Empty
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.search import SearchField
from crisisdesk.vault.changes import Changes

_LOOSE = "loose"  # what Today's "Show it" asks for: those without a next step
_NEED = "need:"
_NEEDS = 3  # needs that have a chip of their own, the most frequent
_DIGITS = 6
_FOLD = 1.25  # the text size from which on a row has two lines
_ICONS = {NextAct.CLIENT: "clients", NextAct.SCHEDULED: "calendar", NextAct.DRAFT: "note", NextAct.CLOSED: "done"}
# What the words of a state can't show by colour.
_BADGE_ICONS = {
    ReferralState.SCHEDULED: "calendar",
    ReferralState.WAIT_LISTED: "list",
    ReferralState.NEEDS_CLIENT: "clients",
}


class ReferralsPage(Page):
    """Who was sent where, and what comes of it."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"referral", "followup", "attempt", "client", "service", "organization", "packet", "setting"}
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Referrals"))
        self._steps = StepActs(context, self)
        self._filter = ReferralFilter.OPEN.value
        self._closed: list[ReferralRow] = []
        self._next: ReferralKey | None = None
        self._offered: list[tuple[str, str]] = []
        self.head.add(label(_("A reply came back?"), ink="text2"))
        self.packet = SearchField(_("Packet number, 6 digits"), icon="reports")
        self.packet.setFixedWidth(px(240))
        self.packet.typed.connect(self._find_packet)
        self.packet.down.connect(lambda: self._find_packet(self.packet.text(), is_over=True))
        self.head.add(self.packet)
        self.head.add(button(_("New referral"), icon="plus", run=lambda: begin_referral(context)))
        self.chips = Chips(name=_("Which referrals"))
        self.chips.changed.connect(self._choose_filter)
        self.body.addWidget(self.chips)
        self._model = GroupedRows(self._columns())
        self.table = TableView(
            self._model,
            name=_("Referrals"),
            row_height=52 if theme.factor() >= _FOLD else 40,
            keys={"T": "try", "N": "step", "H": "happened"},
        )
        self.table.set_plain_head()
        self.table.opened.connect(lambda referral_id: context.window.go("refer", referral_id))
        self.table.acted.connect(self._act)
        self._card = Card()
        self._card.add_row(self.table, 1, hairline=False)
        self._empty = Empty(_("No referral is here."), acts=(button(_("Clear"), run=self._clear),))
        self._nobody = Empty(
            _("Whom you send where will stand here, by what happens next."),
            acts=(button(_("New referral"), look="primary", run=lambda: begin_referral(context)),),
        )
        for each in (self._empty, self._nobody):
            self._card.add_row(each, 1, hairline=False)
        self.body.addWidget(self._card, 1)

    def _columns(self) -> tuple[Column, ...]:
        cover = self.context.cover
        is_folded = theme.factor() >= _FOLD  # then the service stands under the name, and the number is left out

        def who(row: ReferralRow) -> Cell:
            return cell(name(cover.shown(row.name, row.initials)), row.place if is_folded else "")

        return (
            Column(_("Number"), "", lambda row: words(row.number), width=124, ink="text2", least=1000),
            Column(_("Client"), "", who, width=256 if is_folded else 196),
            Column(_("Service"), "", lambda row: words(row.place), width=228, least=1000 if is_folded else 700),
            Column(_("State"), "", _state, width=160),
            Column(_("What happens next"), "", _next),
            Column("", acts=_acts, width=150),
        )

    def open(self, argument: str) -> None:
        """Show a filter ("loose": those without a next step), or make a referral the current row, by its id."""
        if argument == _LOOSE or argument in {each.value for each in ReferralFilter}:
            self._filter = argument
            return
        if self._model.row_of(argument) < 0:
            self._filter = ReferralFilter.OPEN.value
            self.refresh(None)
        self.table.choose(argument)

    def shown(self) -> None:
        self.refresh(None)

    def first_focus(self) -> QWidget:
        return self.table

    def regions(self) -> list[QWidget]:
        return [self.packet, self.chips, self.table]

    def refresh(self, changes: Changes | None) -> None:
        del changes  # a next step or a reply can move any row
        self._show_chips()
        if self._filter == ReferralFilter.CLOSED:
            self._read_closed(max(len(self._closed), 1))
        else:
            self._show(self._read())

    # The list --------------------------------------------------------------------------------------------------

    def _query(self) -> ReferralQuery:
        if self._filter.startswith(_NEED):
            return ReferralQuery(need=Need(self._filter.removeprefix(_NEED)))
        return ReferralQuery(filter=ReferralFilter(self._filter) if self._filter != _LOOSE else ReferralFilter.OPEN)

    def _read(self) -> tuple[ReferralGroup, ...]:
        groups = self.context.desk.referral_list.read(self._query()).groups
        if self._filter == _LOOSE:
            groups = tuple(group for group in groups if group.act is NextAct.NO_STEP)
        return groups

    def _read_closed(self, least: int) -> None:
        """Read closed referrals until at least so many are there."""
        self._closed, self._next = [], None
        while True:
            page: ReferralPage = self.context.desk.referral_list.read(self._query(), self._next)
            self._closed += [row for group in page.groups for row in group.rows]
            self._next = page.next_key
            if self._next is None or len(self._closed) >= least:
                break
        self._show((ReferralGroup(act=NextAct.CLOSED, rows=tuple(self._closed)),) if self._closed else ())

    def _show(self, groups: tuple[ReferralGroup, ...]) -> None:
        current = self.table.current_id()
        self._model.set_groups([self._group(group) for group in groups])
        if groups and not (current and self.table.choose(current)):
            self.table.choose_first()
        is_start = self._filter == ReferralFilter.OPEN
        self.table.setVisible(bool(groups))
        self._nobody.setVisible(not groups and is_start)
        self._empty.setVisible(not groups and not is_start)

    def _group(self, group: ReferralGroup) -> Group:
        tone = State(group.act.tone.value)
        has_more = group.act is NextAct.CLOSED and self._next is not None
        return Group(
            id=group.act.value,
            title=group.act.label,
            rows=group.rows,
            state=None if tone is State.PLAIN else tone,
            icon=_ICONS.get(group.act, ""),
            count=len(group.rows),
            act="more_closed" if has_more else "",
            act_words=_("Show more") if has_more else "",
        )

    def _show_chips(self) -> None:
        counts = self.context.desk.referral_list.counts()
        loose = sum(
            len(group.rows)
            for group in self.context.desk.referral_list.read(ReferralQuery()).groups
            if group.act is NextAct.NO_STEP
        )
        frequent = sorted(counts.needs, key=lambda pair: -pair[1])[:_NEEDS]
        options = [Option(ReferralFilter.OPEN.value, _("Open"), counts.open)]
        if loose or self._filter == _LOOSE:
            options.append(Option(_LOOSE, _("No next step"), loose))
        options += [
            Option(ReferralFilter.OVERDUE.value, _("Overdue"), counts.overdue),
            Option(ReferralFilter.NO_REPLY.value, counts.no_reply_label, counts.no_reply),
            *(Option(f"{_NEED}{need.value}", need.label, count) for need, count in frequent),
            Option(ReferralFilter.CLOSED.value, _("Closed"), counts.closed),
        ]
        if self._filter not in {option.value for option in options}:
            self._filter = ReferralFilter.OPEN.value
        if [(o.value, o.words) for o in options] != self._offered:
            self._offered = [(option.value, option.words) for option in options]
            self.chips.set_options(options)
        self.chips.set_counts({option.value: option.count for option in options})
        self.chips.choose([self._filter])

    def _choose_filter(self) -> None:
        chosen = self.chips.chosen()
        self._filter = chosen[0] if chosen else ReferralFilter.OPEN.value
        self._closed = []
        self.refresh(None)

    def _clear(self) -> None:
        self._filter = ReferralFilter.OPEN.value
        self.refresh(None)

    def _find_packet(self, text: str, *, is_over: bool = False) -> None:
        digits = [char for char in text if char.isdecimal()]
        if len(digits) < _DIGITS and not is_over:
            return
        found = self.context.desk.referral_list.by_packet_number(text)
        if found is None:
            self.context.window.say(
                _("No packet has the number {text}.").format(text=text.strip()), state=State.CAUTION
            )
            return
        self.packet.clear()
        self.context.window.go("refer", found)

    # What can be done with a row -------------------------------------------------------------------------------

    def _act(self, row_id: str, act: str) -> None:
        if act == "more_closed":
            self._read_closed(len(self._closed) + 1)
            return
        row = self._model.row(row_id)
        if not isinstance(row, ReferralRow):
            return
        if act == "more":
            self.table.popup_menu(self._menu(row))
        elif act == "step":
            self._set_step(row)
        elif act == "happened":
            happened(self.context, row.id)
        elif act in {"open", "print"}:
            self.context.window.go("refer", row.id)
        elif act == "chart":
            self.context.window.go("chart", row.client_id)
        elif act == "aside":
            self._set_aside(row)
        elif row.step_id:
            self._steps.do(act, row.step_id)

    def _set_step(self, row: ReferralRow) -> None:
        if row.state in FINAL_STATES:
            return
        if ask.run(FollowUpDialog(self.context, row.client_id, referral_id=row.id)):
            self.context.window.say(_("The next step is set."), undo=True)

    def _set_aside(self, row: ReferralRow) -> None:
        reason = ask.text(
            self.context.window.widget,
            _("Set this referral aside?"),
            _("Why"),
            act=_("Set aside"),
            words=_("It goes out of view with your reason. Nothing is deleted."),
        )
        if reason is not None:
            self.context.desk.referrals.set_aside(row.id, reason)
            self.context.window.say(_("The referral was set aside."), undo=True)

    def _menu(self, row: ReferralRow) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_open = row.state not in FINAL_STATES
        acts: list[tuple[str, str]] = [("open", _("Open the referral")), ("chart", _("Open the chart"))]
        if row.state is not ReferralState.DRAFT:
            acts.append(("happened", _("What happened…")))
        if is_open:
            acts.append(("step", _("Next step…")))
        acts.append(("print", _("Print…")))
        if row.step_id:
            acts += [(act, _(title)) for act, title in StepActs.TITLES.items()]
        acts.append(("aside", _("Set aside…")))
        for act, title in acts:
            menu.addAction(title).triggered.connect(lambda _on=False, act=act: self._act(row.id, act))
        return menu


def _state(row: ReferralRow) -> Cell:
    return cell(badge(State(row.badge.tone.value), row.badge.text, icon=_BADGE_ICONS.get(row.state, "")))


def _next(row: ReferralRow) -> Cell:
    state = State(row.tone.value)
    if state is State.PLAIN:
        return cell(words(row.next_words))
    if state is State.DANGER:
        return cell(name(row.next_words, ink=state.value))
    return cell(mark(state, row.next_words, role=Role.BODY))


def _acts(row: ReferralRow) -> tuple[Act, ...]:
    """Return what is most likely done with a row, and More."""
    if row.act is NextAct.NO_STEP:
        return Act("step", _("Next step…"), look="primary"), MORE
    if row.state in FINAL_STATES or row.state is ReferralState.DRAFT:
        return Act("open", _("Open")), MORE
    if row.state is ReferralState.INFORMATION:
        return Act("print", _("Print")), MORE
    return (Act("try", _("Log try")), MORE) if row.step_id else (Act("step", _("Next step…")), MORE)


def count_open(context: Context) -> int:
    """Return how many referrals are open, for the rail."""
    return context.desk.referral_list.counts().open


COMMANDS = (
    Command(
        "referral.new",
        N_("New referral"),
        run=begin_referral,
        key="Ctrl+Shift+R",
        icon="referrals",
        menu="new",
        words=N_("refer packet send"),
    ),
)
