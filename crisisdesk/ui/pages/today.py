"""Today: what she must do, in the order in which she'd do it, each row doable from the row."""

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from crisisdesk.desk.steps import StepRow
from crisisdesk.desk.today import Group, Guarantee, TodayView, When
from crisisdesk.desk.today_cards import Card as CardWords
from crisisdesk.desk.today_cards import CardRow
from crisisdesk.desk.words import About, Mark
from crisisdesk.i18n import _
from crisisdesk.records.choices import StepKind
from crisisdesk.ui.forms.encounter import open_encounter
from crisisdesk.ui.forms.note import open_note
from crisisdesk.ui.forms.steps import StepActs
from crisisdesk.ui.help.news import NewVersionStrip
from crisisdesk.ui.page import Columns, Context, Page, Scroll, beside, stack
from crisisdesk.ui.pages.account_warning import AccountWarning
from crisisdesk.ui.pages.first_acts import FirstActs, KeysCard, StillToBegin
from crisisdesk.ui.pages.kept_forms import open_kept
from crisisdesk.ui.pages.unheard_notice import UnheardNotice
from crisisdesk.ui.safekeeping.card import SafeKeepingCard
from crisisdesk.ui.tables import (
    MORE,
    Act,
    GroupedRows,
    ListView,
    Row,
    RowDelegate,
    Words,
    mark,
    name,
    words,
)
from crisisdesk.ui.tables import Group as Rows
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import link
from crisisdesk.ui.widgets.card import Card, Foot
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.marks import Badge, KeyCap, StateMark
from crisisdesk.vault.changes import Changes

KIND_ICONS = {
    StepKind.CALL: "phone",
    StepKind.VISIT: "visit",
    StepKind.TEXT: "message",
    StepKind.LETTER: "mail",
    StepKind.AGENCY: "referrals",
    StepKind.OTHER: "list",
}
_FEW = 3  # rows of the next seven days that are shown before "Show all"
_SHOWN = 3  # rows of a side card
_UNFINISHED = 6  # rows of "To finish": what is half typed stands above the rest and hides none of it
_MINUTE = 60_000  # milliseconds; "in 50 min" must stay true


def mark_words(given: Mark) -> Words:
    """Return a desk's mark as a piece of a row."""
    state = State(given.tone.value)
    if given.about is About.CONCERN:
        return mark(state, given.text, icon="flag")
    if given.about is About.VOICEMAIL:
        return words(given.text, icon="voicemail")
    return words(given.text) if state is State.PLAIN else mark(state, given.text)


class StepDelegate(RowDelegate):
    """A next step: two lines with its acts, or one line for what lies ahead."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cover = context.cover
        self._clock = context.clock

    def height_of(self, item: StepRow) -> int:
        """Return 56 for what is due and 32 for what lies ahead."""
        return 32 if self._is_ahead(item) else 56

    def lay_out(self, item: StepRow, row: Row) -> None:
        who = item.initials if self._cover.is_on and item.initials else item.name
        state = State(item.tone.value)
        ink = "text" if state is State.PLAIN else state.value
        client = self._cover.shown(item.whose, item.whose_initials)
        whose = words(_("for {name}").format(name=client)) if client else None
        if self._is_ahead(item):
            when = row.column(64)
            when.line(item.when, ink="text2")
            row.icon(KIND_ICONS[item.kind])
            row.rest().flow(name(who), whose, words(item.line), right=words(item.aside, role=Role.SMALL, ink="text3"))
            return
        row.acts(Act("try", _("Log try")), Act("done", _("Done")), MORE)
        when = row.column(64)
        when.line(item.when, role=Role.NAME, ink=ink)
        if item.when_note:
            when.line(item.when_note, role=Role.SMALL, ink=ink if ink != "text" else "text3")
        row.icon(KIND_ICONS[item.kind])
        text = row.rest()
        text.flow(name(who), whose, words(item.line))
        text.flow(*(mark_words(each) for each in item.marks[:3]), role=Role.SMALL)

    def _is_ahead(self, item: StepRow) -> bool:
        return item.due_on > self._clock.today()


class CardRowDelegate(RowDelegate):
    """Two lines of a side card, with a word at the right."""

    height: ClassVar[int] = 48

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cover = context.cover

    def lay_out(self, item: "SideRow", row: Row) -> None:
        shown = item.words
        title, detail = shown.title, shown.detail
        if self._cover.is_on:
            for full, short in shown.covers:
                title, detail = title.replace(full, short), detail.replace(full, short)
        ink = "text3" if shown.tone.value == State.PLAIN.value else shown.tone.value
        text = row.rest()
        text.flow(name(title), right=words(shown.aside, role=Role.SMALL, ink=ink))
        text.flow(words(detail), role=Role.SMALL)


class SideRow:
    """A side card's row with an id of its own, so that the list keeps its place."""

    def __init__(self, shown: CardRow, number: int) -> None:
        self.words = shown
        self.id = shown.targets[0].id if shown.targets else str(number)


class SideCard(Card):
    """Waiting on agencies, To finish or Running out."""

    most = _SHOWN  # rows

    def __init__(self, context: Context, title: str, icon: str, opened: Callable[[CardRow], None]) -> None:
        super().__init__(title, icon=icon)
        self._model = GroupedRows()
        self._view = ListView(self._model, CardRowDelegate(context), name=title)
        self._opened = opened
        self._words: CardWords | None = None
        self.add_row(self._view)
        self._view.opened.connect(self._open)
        self._view.clicked.connect(lambda index: self._open(self._model.id_at(index.row())))

    def show_words(self, shown: CardWords) -> None:
        """Show a card of Today."""
        self._words = shown
        self.title_label.setText(shown.title)
        self.set_count(shown.count, State(shown.tone.value))
        rows = [SideRow(each, number) for number, each in enumerate(shown.rows[: self.most])]
        self._model.set_rows(rows)
        self._view.setVisible(bool(rows))
        self._view.fit()
        self.set_empty("" if rows else shown.sentence)

    def keep_to(self, most: int) -> None:
        """Show so many rows at most from now on."""
        self.most = most
        if self._words is not None:
            self.show_words(self._words)

    def _open(self, row_id: str) -> None:
        row = self._model.row(row_id)
        if row is not None:
            self._opened(row.words)


class Side(Scroll):
    """The side's cards. Before the last of them is cut at the foot, fewer rows of another are shown: all are a page."""

    def __init__(self, cards: QWidget, yielding: SideCard) -> None:
        super().__init__(cards, margin=0)
        self._cards = cards
        self._yielding = yielding

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        room, row = self.viewport().size(), px(CardRowDelegate.height)
        needs = self._cards.heightForWidth(room.width()) if self._cards.hasHeightForWidth() else 0
        spare = (room.height() - max(needs, self._cards.sizeHint().height())) // row  # rows; fewer than none: too high
        most = min(_SHOWN, self._yielding.most + spare)
        if most != self._yielding.most and most > 0:
            self._yielding.keep_to(most)


class TodayPage(Page):
    """The program's heart."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"client", "followup", "attempt", "referral", "note", "encounter", "disposition", "release", "safety_flag"}
        | {"client_phone", "service", "service_check", "private_notes", "setting", "phone", "medium"}
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Today"))
        self._acts = StepActs(context, self)
        self._is_whole = False
        self._guarantees = QHBoxLayout()
        self._guarantees.setSpacing(px(16))
        holder = QWidget()
        self._guarantees.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(self._guarantees)
        self.head.add(holder)
        self._model = GroupedRows()
        self.list = ListView(
            self._model, StepDelegate(context), name=_("Next steps"), keys={"T": "try", "D": "done", "M": "move"}
        )
        self.list.opened.connect(self._open)
        self.list.acted.connect(self._act)
        self._card = Card()
        self._card.add_row(self.list, 1, hairline=False)
        self._card.add_row(_keys_foot())
        self._first = FirstActs(context)
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        column.addWidget(self._card, 1)
        column.addWidget(self._first)
        self.still = StillToBegin(context)
        column.addWidget(self.still)
        self._filler = QWidget()
        column.addWidget(self._filler, 1)
        self.waiting = SideCard(context, _("Waiting on agencies"), "waiting", self._open_card_row)
        self.waiting.set_act(_("All"), lambda: context.window.go("referrals"))
        self.finish = SideCard(context, _("To finish"), "note", self._open_card_row)
        self.finish.most = _UNFINISHED
        self.running_out = SideCard(context, _("Running out"), "caution", self._open_card_row)
        self.safe = SafeKeepingCard(context)
        self._keys = KeysCard(context)
        side = stack(self.waiting, self.finish, self.running_out, self.safe, self._keys)
        self.account = AccountWarning(context)
        self.unheard = UnheardNotice(context)
        self.news = NewVersionStrip(context)
        for notice in (self.safe.banner, self.account, self.unheard, self.news):
            self.body.addWidget(notice)
        self.side = Side(side, self.waiting)
        self.body.addWidget(Columns(main, self.side), 1)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE)
        self._minute.timeout.connect(lambda: self.refresh(None))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(lambda: self.refresh(None))
        self._stop_hearing: Callable[[], None] | None = None

    def shown(self) -> None:
        self.refresh(None)
        self._minute.start()
        if self._stop_hearing is None:
            self._stop_hearing = self.context.desk.unsaved.subscribe(self._soon.start)

    def hidden(self) -> None:
        self._minute.stop()
        self._soon.stop()
        if self._stop_hearing is not None:
            self._stop_hearing()
            self._stop_hearing = None

    def first_focus(self) -> QWidget | None:
        return self._first.first_button if self._first.isVisibleTo(self) else self.list

    def regions(self) -> list[QWidget]:
        return [self.list, self.waiting, self.finish, self.running_out, self.safe]

    def refresh(self, changes: Changes | None) -> None:
        del changes
        view = self.context.desk.today.look()
        self.head.set_title(view.heading)
        self._show_guarantees(view)
        self._card.setVisible(not view.is_empty)
        self._first.setVisible(view.is_empty)
        self._filler.setVisible(view.is_empty)
        self._keys.setVisible(view.is_empty)
        self.still.refresh(view.lacks)
        self._first.greet(view.greeting)
        self._model.set_groups([self._rows(group) for group in view.groups])
        self.waiting.show_words(view.waiting)
        self.finish.show_words(view.finish)
        self.running_out.show_words(view.running_out)
        self.running_out.setVisible(not view.is_empty)
        self.safe.refresh()
        self.account.refresh()
        self.unheard.refresh()
        self.news.refresh()

    def _rows(self, group: Group) -> Rows:
        rows = group.rows
        is_ahead_group = group.when is When.AHEAD
        if is_ahead_group and self._is_whole:
            rows = self.context.desk.today.group(group.when).rows
        elif is_ahead_group:
            rows = rows[:_FEW]
        can_show = is_ahead_group and group.count > _FEW and not self._is_whole
        return Rows(
            id=group.when.value,
            title=group.when.label,
            rows=rows,
            state=None if is_ahead_group else State(group.when.tone.value),
            icon="calendar" if is_ahead_group else "",
            count=group.count,
            note=group.note or (_("Nothing is due.") if not rows and group.when is When.TODAY else ""),
            act="all" if can_show else "",
            act_words=_("Show all {count}").format(count=group.count) if can_show else "",
        )

    def _show_guarantees(self, view: TodayView) -> None:
        while self._guarantees.count():
            item = self._guarantees.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.deleteLater()
        for guarantee in view.guarantees:
            self._guarantees.addWidget(self._guarantee(guarantee))
        if view.nobody:
            self._guarantees.addWidget(label(view.nobody, ink="text2"))

    def _guarantee(self, guarantee: Guarantee) -> QWidget:
        if guarantee.holds:
            return StateMark(State.DONE, guarantee.text)
        target = "clients" if guarantee.table == "client" else "referrals"
        show = link(_("Show it"), lambda: self.context.window.go(target, "loose"))
        return beside(Badge(State.DANGER, guarantee.text), show, stretch=False)

    def _open(self, step_id: str) -> None:
        row = self._model.row(step_id)
        if isinstance(row, StepRow):
            self.context.window.go("chart", row.client_id)

    def _act(self, step_id: str, act: str) -> None:
        if act == "all":
            self._is_whole = True
            self.refresh(None)
            return
        row = self._model.row(step_id)
        if not isinstance(row, StepRow):
            return
        if act == "more":
            self.list.popup_menu(self._menu(row))
        else:
            self._acts.do(act, row.id)

    def _menu(self, row: StepRow) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act, title in self._acts.TITLES.items():
            menu.addAction(_(title)).triggered.connect(lambda _on=False, a=act: self._acts.do(a, row.id))
        menu.addSeparator()
        menu.addAction(_("Open the chart")).triggered.connect(lambda: self._open(row.id))
        if row.referral_id:
            referral = row.referral_id
            menu.addAction(_("Open the referral")).triggered.connect(lambda: self.context.window.go("refer", referral))
        return menu

    def _open_card_row(self, row: CardRow) -> None:
        if row.kept is not None:
            open_kept(self.context, row.kept)
            return
        target = row.targets[0]
        if target.table == "referral":
            self.context.window.go("refer", target.id)
        elif target.table == "service":
            self.context.window.go("resources", target.id)
        elif target.client_id:
            self.context.window.go("chart", target.client_id)
            if target.table == "encounter":
                open_encounter(self.context, target.client_id, target.id)
            elif target.table == "note":
                open_note(self.context, target.client_id, target.id)


def _keys_foot() -> QWidget:
    pairs = (
        (("↑", "↓"), _("choose")),
        (("T",), _("log a try")),
        (("D",), _("done")),
        (("M",), _("move the date")),
        (("Enter",), _("open the chart")),
    )
    parts: list[QWidget] = []
    for caps, meaning in pairs:
        parts += [KeyCap(cap) for cap in caps]
        parts.append(label(meaning, Role.SMALL, "text2"))
    return Foot(*parts)
