"""A chart in brief, beside the list of clients."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.chart import ChartHead, Lately, Preview
from crisisdesk.desk.chart_side import SideRow
from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.ui.page import Context, beside
from crisisdesk.ui.pages.entry_icons import entry_icon
from crisisdesk.ui.settled import LOOK, Settled
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.banner import Banner
from crisisdesk.ui.widgets.buttons import button, icon_button
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import Elided, label, paragraph
from crisisdesk.ui.widgets.marks import Badge, IconLabel, StateMark


class ClientPreview(QWidget):
    """Status, banners, what worked, how to reach, and what happened lately. ``acted(client_id, act)`` does the rest."""

    def __init__(self, context: Context, acted: Callable[[str, str], None]) -> None:
        super().__init__()
        self._context = context
        self._acted = acted
        self._client_id = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._card: Card | None = None
        self._looked = Settled(self, self._tell_look, LOOK)

    def show_client(self, client_id: str) -> None:
        """Show a client; nobody leaves the place empty."""
        if self._card is not None:
            self._column.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
            self._card = None
        self._client_id = client_id
        self._looked.stop()
        if not client_id:
            return
        try:
            preview = self._context.desk.chart.preview(client_id)
        except NotFound:
            return
        self._card = self._made(preview)
        self._column.addWidget(self._card)
        self._looked.again()

    def _tell_look(self) -> None:
        """Tell the audit log of a preview that she stays at; those that she only passes are a list."""
        if self._client_id and self.isVisible():
            self._context.desk.audit_trail.saw("client", self._client_id)

    def _made(self, preview: Preview) -> Card:
        card = Card()
        card.add(self._head(preview.head))
        for banner in preview.head.banners[:1]:  # the loudest; the chart shows all
            card.add(Banner(State(banner.mark.tone.value), banner.mark.text + ".", banner.reason, banner.note))
        if preview.head.plan:
            card.add_row(_section(_("What worked last time"), self._plan(preview.head)))
        reach = [_phone_line(row) for row in preview.reach.rows]
        if preview.address:
            reach.append(_address_line(preview))
        if reach:
            card.add_row(_section("", reach))
        if preview.lately:
            card.add_row(_section(_("Lately"), [_lately_line(each) for each in preview.lately]))
        card.add_row(self._acts())
        return card

    def _head(self, head: ChartHead) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        shown = head.initials if self._context.cover.is_on else head.name
        row.addWidget(Elided(shown, Role.STAMP), 1)
        row.addWidget(Badge(State(head.status.tone.value), head.status.text))
        column.addLayout(row)
        column.addWidget(paragraph(head.number if self._context.cover.is_on else head.line))
        return made

    def _plan(self, head: ChartHead) -> list[QWidget]:
        plan = head.plan
        if plan is None:
            return []
        pairs = ((_("Opens with"), plan.opens_with), (_("Avoid"), plan.avoid), (_("Ask for"), plan.ask_for))
        return [_pair(title, value) for title, value in pairs if value]

    def _acts(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(px(16), px(12), px(16), px(12))
        row.setSpacing(px(8))
        row.addWidget(button(_("Open chart"), look="primary", run=lambda: self._act("open")))
        row.addWidget(button(_("Log try"), run=lambda: self._act("try")))
        row.addWidget(button(_("Refer"), run=lambda: self._act("refer")))
        row.addStretch(1)
        row.addWidget(icon_button("dots", _("More"), lambda: self._act("more"), boxed=True))
        return made

    def _act(self, act: str) -> None:
        self._acted(self._client_id, act)


def _section(title: str, lines: list[QWidget]) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(px(16), px(12), px(16), px(12))
    column.setSpacing(px(6))
    if title:
        column.addWidget(label(title, Role.SMALL_NAME, "text2"))
    for each in lines:
        column.addWidget(each)
    return made


def _pair(title: str, value: str) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(8))
    row.addWidget(label(title, ink="text3"))
    row.addWidget(Elided(value), 1)
    return made


def _phone_line(row: SideRow) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(beside(IconLabel("phone"), label(row.lead, Role.NAME), label(row.rest, ink="text3")))
    if row.detail:
        below = beside(Elided(row.detail, Role.SMALL, "text2"), stretch=False)
        below.setContentsMargins(px(28), 0, 0, 0)
        column.addWidget(below)
    return made


def _address_line(preview: Preview) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(beside(IconLabel("pin"), Elided(preview.address), stretch=False))
    if preview.address_note:
        below = beside(StateMark(State.CAUTION, preview.address_note, role=Role.SMALL))
        below.setContentsMargins(px(28), 0, 0, 0)
        column.addWidget(below)
    return made


def _lately_line(each: Lately) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(8))
    ink = each.tone.value if each.tone.value != State.PLAIN.value else "text2"
    row.addWidget(IconLabel(entry_icon(each.entry), ink))
    row.addWidget(Elided(each.text), 1)
    row.addWidget(label(each.aside, Role.SMALL, ink if ink != "text2" else "text3"))
    return made
