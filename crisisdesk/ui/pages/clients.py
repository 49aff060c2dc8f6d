"""Clients: find as she types, filter, and a preview beside the list."""

from collections.abc import Sequence
from typing import ClassVar, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from crisisdesk.desk.client_list import ClientFilter, ClientKey, ClientList, ClientOrder, ClientQuery, ClientRow
from crisisdesk.desk.words import About, Mark
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.ui import ask
from crisisdesk.ui.forms.steps import FollowUpDialog, StepActs
from crisisdesk.ui.page import Columns, Context, Page, Scroll, beside
from crisisdesk.ui.pages.client_preview import ClientPreview
from crisisdesk.ui.settled import SEARCH, Settled
from crisisdesk.ui.tables import RIGHT, Cell, Column, PagedTable, TableView, Words, cell, mark, name, words
from crisisdesk.ui.tables import Key as PageKey
from crisisdesk.ui.tables import Page as RowsPage
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.card import Card, Foot
from crisisdesk.ui.widgets.chips import Chips, Option
from crisisdesk.ui.widgets.empty import Empty
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.search import SearchField
from crisisdesk.vault.changes import Changes

_FILTERS = tuple(each for each in ClientFilter if each is not ClientFilter.ALL)
_LOOSE = "loose"  # what Today's "Show it" asks for


def flag_words(given: Mark) -> Words:
    """Return what to know before going as a mark; high concern bears a flag."""
    return mark(State(given.tone.value), given.text, icon="flag" if given.about is About.CONCERN else "")


class ClientSource:
    """The list of clients as a table reads it."""

    def __init__(self, clients: ClientList, query: ClientQuery) -> None:
        self._clients = clients
        self._query = query

    def page(self, after: PageKey | None, limit: int) -> RowsPage:
        """Return the rows after a key."""
        key = cast("ClientKey", after[0]) if after else None
        page = self._clients.page(self._query, key, limit)
        return RowsPage(page.rows, (page.next_key,) if page.next_key else None)

    def rows(self, ids: Sequence[str]) -> Sequence[ClientRow]:
        """Return these rows as they are now."""
        return self._clients.rows(ids)


class ClientsPage(Page):
    """Who she works with."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"client", "client_name", "client_phone", "client_address", "followup", "attempt", "encounter", "referral"}
        | {"safety_flag", "response_plan", "note", "related_person", "organization"}
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Clients"))
        if "client.new" in context.commands:
            self.head.add(button(_("New client"), icon="plus", run=lambda: context.commands.run("client.new")))
        self.field = SearchField(_("Name, other name, phone, birth date, address, incident"))
        self.field.setFixedWidth(self.field.fontMetrics().averageCharWidth() * 62)
        self.field.typed.connect(self._ask)
        self._searched = Settled(self, self._tell_search, SEARCH)
        self.field.typed.connect(lambda _text: self._searched.again())
        self.field.down.connect(self._into_list)
        self.chips = Chips([Option(each.value, each.label) for each in _FILTERS], name=_("Which clients"))
        self.chips.choose([ClientFilter.OPEN.value], as_start=True)
        self.chips.changed.connect(self._ask)
        self.body.addWidget(beside(self.field, self.chips, gap=12, stretch=False, wraps=True))
        self._steps = StepActs(context, self)
        self._order = ClientOrder.NEXT_STEP
        self._model = PagedTable(self._columns(), tables=self.tables)
        self.table = TableView(
            self._model, name=_("Clients"), row_height=52, keys={"T": "try", "R": "refer", "F": "followup"}
        )
        self.table.opened.connect(lambda client_id: context.window.go("chart", client_id))
        self.table.chosen.connect(self._choose)
        self.table.acted.connect(self._act)
        self.table.sort_asked.connect(self._sort)
        self.preview = ClientPreview(context, self._act)
        self.body.addWidget(Columns(self._list(), Scroll(_at_top(self.preview), margin=0), kind="preview"), 1)

    def _list(self) -> QWidget:
        self._card = Card()
        self._card.add_row(self.table, 1, hairline=False)
        self._count = label("", Role.SMALL, "text3")
        self._foot = Foot(self._count)
        self._card.add_row(self._foot)
        self._empty = Empty("", acts=(button(_("Clear"), run=self._clear),))
        self._nobody = Empty(
            _("The people you work with will stand here, the one you owe the next step first."),
            acts=(button(_("Add a client"), look="primary", run=lambda: self.context.commands.run("client.new")),),
        )
        for each in (self._empty, self._nobody):
            self._card.add_row(each, 1, hairline=False)
        return self._card

    def _columns(self) -> tuple[Column, ...]:
        cover = self.context.cover

        def who(row: ClientRow) -> Cell:
            return cell(name(row.initials if cover.is_on else row.name), _covered(row) if cover.is_on else row.detail)

        def step(row: ClientRow) -> Cell:
            state = State(row.tone.value)
            first = words(row.step) if state is State.PLAIN else mark(state, row.step, role=Role.NAME)
            return cell(first, row.step_note)

        return (
            Column(_("Client"), "name", who, width=252),
            Column(
                _("Know before going"), "", lambda row: flag_words(row.mark) if row.mark else "", width=148, least=560
            ),
            Column(_("Next step, soonest first"), "next_step", step),
            Column(_("Last contact"), "", lambda row: words(row.last_contact, ink="text2"), align=RIGHT, width=104),
        )

    def open(self, argument: str) -> None:
        if argument == _LOOSE:
            self.field.clear()
            self.chips.choose([ClientFilter.NO_NEXT_STEP.value])

    def shown(self) -> None:
        self.refresh(None)

    def first_focus(self) -> QWidget:
        return self.field

    def regions(self) -> list[QWidget]:
        return [self.field, self.table, self.preview]

    def refresh(self, changes: Changes | None) -> None:
        if changes is None or self._model.count_fetched == 0:
            self._ask()
        else:
            self._model.refresh(changes)
            self._say_counts()
        if self.table.current_id():
            self._choose(self.table.current_id())

    def _query(self) -> ClientQuery:
        chosen = self.chips.chosen()
        text = self.field.text()
        wanted = ClientFilter(chosen[0]) if chosen else ClientFilter.OPEN
        return ClientQuery(text=text, filter=wanted, order=self._order)

    def _tell_search(self) -> None:
        if self.field.text().strip():
            self.context.desk.audit_trail.searched("clients", self._model.count_fetched)

    def _ask(self) -> None:
        kept = self.table.current_id()
        self._model.set_source(ClientSource(self.context.desk.client_list, self._query()))
        self.table.show_sort(self._order.value if self._order is ClientOrder.NEXT_STEP else "name", descending=False)
        self._say_counts()
        if not self.table.choose(kept) and not self.table.choose_first():
            self.preview.show_client("")

    def _say_counts(self) -> None:
        counts = self.context.desk.client_list.counts()
        self.chips.set_counts({each.value: counts[each] for each in _FILTERS})
        query = self._query()
        shown, total = self._model.count_fetched, counts[query.filter]
        is_nobody = counts[ClientFilter.ALL] == 0
        has_rows = shown > 0
        self.table.setVisible(has_rows)
        self._foot.setVisible(has_rows)
        self._nobody.setVisible(not has_rows and is_nobody)
        self._empty.setVisible(not has_rows and not is_nobody)
        if query.text.strip():
            sentence = ngettext("{count} client found", "{count} clients found", shown).format(count=shown)
            self._empty.say(
                _("No client matches “{text}” in {filter}.").format(text=query.text.strip(), filter=query.filter.label)
            )
        else:
            sentence = ngettext("{count} client", "{count} clients", total).format(count=total)
            self._empty.say(_("Nobody stands in {filter}.").format(filter=query.filter.label))
        self._count.setText(sentence)

    def _clear(self) -> None:
        self.field.clear()
        self.chips.clear()
        self._ask()
        self.field.setFocus()

    def _into_list(self) -> None:
        self.table.setFocus()
        if not self.table.current_id():
            self.table.choose_first()

    def _sort(self, field: str, _descending: bool = False) -> None:  # noqa: FBT001, FBT002  the view's signal
        self._order = ClientOrder.NAME if field == "name" else ClientOrder.NEXT_STEP
        self._ask()

    def _choose(self, client_id: str) -> None:
        self.preview.show_client(client_id)

    def _act(self, client_id: str, act: str) -> None:
        row = self._model.row(client_id)
        if not isinstance(row, ClientRow):
            return
        if act == "open":
            self.context.window.go("chart", client_id)
        elif act == "refer":
            self.context.window.go("refer", f"client:{client_id}")
        elif act == "try":
            self._try(row)
        elif act == "followup":
            if ask.run(FollowUpDialog(self.context, client_id)):
                self.context.window.say(_("The next step is set."), undo=True)
        elif act == "more":
            self.table.popup_menu(self._menu(client_id))

    def _try(self, row: ClientRow) -> None:
        if row.step_id:
            self._steps.do("try", row.step_id)
        else:
            self._steps.log_contact(row.id)

    def _menu(self, client_id: str) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act, title in _MENU:
            menu.addAction(_(title)).triggered.connect(lambda _on=False, a=act: self._act(client_id, a))
        return menu


_MENU = (
    ("open", N_("Open chart")),
    ("try", N_("Log a try…")),
    ("followup", N_("Next step…")),
    ("refer", N_("Refer…")),
)


def _know(row: ClientRow) -> Words | str:
    return flag_words(row.mark) if row.mark else ""


def _covered(row: ClientRow) -> str:
    """Return a second line without another name in it: the record number alone."""
    return row.detail.rsplit(" · ", maxsplit=1)[-1]


def _at_top(widget: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    column.addStretch(1)
    return made
