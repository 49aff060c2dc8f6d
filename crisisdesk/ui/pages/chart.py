"""A client's chart: the head that never scrolls, one timeline of everything, and the cards at its side."""

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from crisisdesk.desk.entries import Entry, EntryKind
from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.ui.forms.encounter import open_encounter
from crisisdesk.ui.forms.note import open_note
from crisisdesk.ui.forms.person import open_person
from crisisdesk.ui.forms.release import open_release
from crisisdesk.ui.forms.steps import StepActs
from crisisdesk.ui.page import Columns, Context, Page, Scroll, stack
from crisisdesk.ui.pages.chart_acts import ChartActs
from crisisdesk.ui.pages.chart_cards import SideCard
from crisisdesk.ui.pages.chart_head import HeadPanel, act_button
from crisisdesk.ui.pages.chart_timeline import TimelinePanel
from crisisdesk.ui.theme import px
from crisisdesk.ui.widgets.buttons import icon_button
from crisisdesk.vault.changes import Changes

if TYPE_CHECKING:
    from crisisdesk.desk.chart import ChartHead

_TIMELINE = 440  # pixels at 100 %; the least height of a timeline that is scrolled past
_HEAD_SHARE = 0.42  # of the page


class ChartPage(Page):
    """One client."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"client", "client_phone", "client_address", "client_name", "related_person", "safety_flag", "response_plan"}
        | {"encounter", "disposition", "note", "followup", "attempt", "referral", "referral_event", "release"}
        | {"attachment", "disclosure", "packet", "organization", "service", "private_notes", "setting", "phone"}
        | {"legal_hold"}
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Chart"), has_head=False)
        self.client_id = ""
        self._to_open = ("", "")
        self._head: ChartHead | None = None
        self._steps = StepActs(context, self)
        self.acts = ChartActs(context)
        self.head_panel = HeadPanel(context, self._buttons(), self._edit_plan)
        self._outer.insertWidget(0, self.head_panel)
        self.timeline = TimelinePanel(context, self._open_entry, self._edit_step)
        self.timeline.acted.connect(self._act_on_step)
        self.steps = SideCard(_("Next steps"), "calendar", self._edit_step, keys={"T": "try", "D": "done", "M": "move"})
        self.steps.list.acted.connect(self._act_on_side_step)
        self.steps.set_act(_("Add a next step"), self._add_step, icon="plus")
        self.reach = SideCard(_("Reach them"), "phone", self._open_reach)
        self.reach.has_count = False
        self.reach.set_act(_("Edit"), lambda: self.acts.edit_client(self.client_id, section="reach"))
        self.referrals = SideCard(_("Open referrals"), "referrals", lambda row: context.window.go("refer", row))
        self.referrals.set_act(_("Refer"), self._refer, icon="plus")
        self.people = SideCard(_("People around them"), "people", self._edit_person)
        self.people.set_act(_("Add a person"), lambda: open_person(context, self.client_id), icon="plus")
        self.releases = SideCard(_("Releases"), "reports", self._edit_release)
        self.releases.set_act(_("Add a release"), lambda: open_release(context, self.client_id), icon="plus")
        self._side = stack(self.steps, self.reach, self.referrals, self.people, self.releases)
        self._side_scroll = Scroll(self._side, margin=0)
        self._columns = Columns(self.timeline, self._side_scroll)
        self._whole = QWidget()
        self._whole_column = QVBoxLayout(self._whole)
        self._whole_column.setContentsMargins(0, 0, 0, 0)
        self._whole_column.setSpacing(px(12))
        self._whole_column.addWidget(self._columns, 1)
        self.body.addWidget(Scroll(self._whole, margin=0), 1)
        self._fit_margins()
        self._fold()

    def _buttons(self) -> list[QWidget]:
        acts = self.acts
        self._encounter = act_button(
            _("Encounter"), "plus", lambda: open_encounter(self.context, self.client_id), look="primary"
        )
        self._print = act_button(_("Print"), "print")
        self._print_menu = QMenu(self._print)
        self._print_menu.aboutToShow.connect(lambda: acts.fill_print_menu(self._print_menu, self.client_id))
        self._print.setMenu(self._print_menu)
        self._more = icon_button("dots", _("More about this client"), self._show_more, boxed=True)
        return [
            self._encounter,
            act_button(_("Refer"), "referrals", self._refer),
            act_button(_("Follow-up"), "calendar", self._add_step),
            act_button(_("Note"), "note", lambda: open_note(self.context, self.client_id)),
            self._print,
            self._more,
        ]

    def open(self, argument: str) -> None:
        """Show a client's chart: "<id>", or with something on it "<id>:encounter:<id>", "<id>:note:<id>".

        Raises NotFound.
        """
        client_id, _colon, about = argument.partition(":")
        self.context.desk.chart.head(client_id)
        self.context.desk.audit_trail.saw("client", client_id)
        is_other = client_id != self.client_id
        self.client_id = client_id
        if is_other:
            self.timeline.take(client_id)
        self.refresh(None)
        if is_other:
            self.timeline.list.scrollToTop()
        kind, _colon, record_id = about.partition(":")
        self._to_open = (kind, record_id)

    def shown(self) -> None:
        (kind, record_id), self._to_open = self._to_open, ("", "")
        if kind == "encounter":
            open_encounter(self.context, self.client_id, record_id)
        elif kind == "note":
            open_note(self.context, self.client_id, record_id)

    def first_focus(self) -> QWidget | None:
        return self._encounter

    def regions(self) -> list[QWidget]:
        cards = [self.steps, self.reach, self.referrals, self.people, self.releases]
        return [self.head_panel, self.timeline.list, *cards]

    def refresh(self, changes: Changes | None) -> None:
        del changes
        if not self.client_id:
            return
        try:
            self._head = self.context.desk.chart.head(self.client_id)
        except NotFound:  # adding the client was undone
            self.client_id = ""
            self.context.window.go("clients")
            return
        self.head_panel.show_head(self._head)
        self.timeline.refresh()
        side = self.context.desk.chart.side(self.client_id)
        pairs = (
            (self.steps, side.steps),
            (self.reach, side.reach),
            (self.referrals, side.referrals),
            (self.people, side.people),
            (self.releases, side.releases),
        )
        for card, words in pairs:
            card.show_words(words)
        self._fold()

    def _fit_margins(self) -> None:
        super()._fit_margins()
        margins = self.body.contentsMargins()
        self.body.setContentsMargins(margins.left(), px(12), margins.right(), px(6))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """In a small window let timeline and cards scroll as one; a head that takes half of it scrolls too."""
        is_folded = self._columns.is_folded
        self.timeline.setMinimumHeight(px(_TIMELINE) if is_folded else 0)
        self._side_scroll.setMinimumHeight(self._side.sizeHint().height() if is_folded else 0)
        is_high = is_folded and self.head_panel.sizeHint().height() > _HEAD_SHARE * self.height()
        is_inside = self.head_panel.parentWidget() is self._whole
        if is_high and not is_inside:
            self._whole_column.insertWidget(0, self.head_panel)
        elif is_inside and not is_high:
            self._outer.insertWidget(0, self.head_panel)

    # What can be done with the client

    def _show_more(self) -> None:
        if self._head is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.acts.fill_more_menu(menu, self._head)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + px(4))))

    def _refer(self) -> None:
        self.context.window.go("refer", f"client:{self.client_id}")

    def _add_step(self) -> None:
        self.acts.add_step(self.client_id)

    def _edit_plan(self) -> None:
        self.acts.edit_plan(self.client_id)

    # What rows open

    def _open_entry(self, entry: Entry) -> None:
        if entry.kind is EntryKind.REFERRAL:
            self.context.window.go("refer", entry.record_id)
        elif entry.kind is EntryKind.ENCOUNTER:
            open_encounter(self.context, self.client_id, entry.record_id)
        elif entry.kind is EntryKind.NOTE:
            open_note(self.context, self.client_id, entry.record_id)
        elif entry.kind is EntryKind.PAPER:
            self.acts.open_paper(entry)
        else:
            self.acts.read_try(entry)

    def _open_reach(self, record_id: str) -> None:
        if record_id:  # a person who may be asked
            self._edit_person(record_id)
        else:
            self.acts.edit_client(self.client_id, section="reach")

    def _edit_person(self, person_id: str) -> None:
        open_person(self.context, self.client_id, person_id)

    def _edit_release(self, release_id: str) -> None:
        open_release(self.context, self.client_id, release_id)

    def _edit_step(self, step_id: str) -> None:
        self._steps.do("edit", step_id)

    def _act_on_step(self, step_id: str, act: str) -> None:
        if act == "more":
            row = self.timeline.step(step_id)
            self.timeline.list.popup_menu(self._step_menu(step_id, (row.referral_id if row else None) or ""))
        else:
            self._steps.do(act, step_id)

    def _act_on_side_step(self, row_id: str, act: str) -> None:
        step_id = self.steps.record_id(row_id)
        if act == "more":
            self.steps.list.popup_menu(self._step_menu(step_id, ""))
        elif step_id:
            self._steps.do(act, step_id)

    def _step_menu(self, step_id: str, referral_id: str) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act, title in self._steps.TITLES.items():
            menu.addAction(_(title)).triggered.connect(lambda _on=False, a=act: self._steps.do(a, step_id))
        if referral_id:
            menu.addSeparator()
            opened = menu.addAction(_("Open the referral"))
            opened.triggered.connect(lambda: self.context.window.go("refer", referral_id))
        return menu
