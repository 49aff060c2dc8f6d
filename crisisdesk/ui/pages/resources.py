"""Resources: places to send people, found by everyday words, with what she knows of them."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.glance import Takes
from crisisdesk.desk.service_list import CheckedWithin, HoursKind, ServiceQuery, ServiceRow, Sort
from crisisdesk.desk.services import Services
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.records.choices import Need
from crisisdesk.ui import theme
from crisisdesk.ui.commands import Command
from crisisdesk.ui.forms.editors import is_twelve_hour
from crisisdesk.ui.forms.service import ServiceForm
from crisisdesk.ui.page import NARROW, Context, Page, Scroll
from crisisdesk.ui.pages.import_list import ImportCard
from crisisdesk.ui.pages.lists_card import ListsCard
from crisisdesk.ui.pages.resource_card import ResourceCard
from crisisdesk.ui.pages.resource_filters import ResourceFilters
from crisisdesk.ui.settled import SEARCH, Settled
from crisisdesk.ui.tables import Key as PageKey
from crisisdesk.ui.tables import ListView, PagedTable, Row, RowDelegate, mark, name, words
from crisisdesk.ui.tables import Page as RowsPage
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button, link
from crisisdesk.ui.widgets.card import Card, Foot
from crisisdesk.ui.widgets.chips import Chips, Option
from crisisdesk.ui.widgets.empty import Empty
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.search import SearchField
from crisisdesk.vault.changes import Changes

_OPEN_NOW = "open_now"
_FIELD, _FILTERS = 584, 196  # pixels wide
_FOLD = 1.5  # the text size from which on there is one column
_NEXT_SORT = {Sort.BEST: Sort.NAME, Sort.NAME: Sort.CHECKED, Sort.CHECKED: Sort.BEST}


class ServiceSource:
    """The list of services as a list view reads it."""

    def __init__(self, services: Services, query: ServiceQuery) -> None:
        self._services = services
        self._query = query
        self.total = 0

    def page(self, after: PageKey | None, limit: int) -> RowsPage:
        """Return the services after a key."""
        page = self._services.page(self._query, after, limit, twenty_four=not is_twelve_hour())
        self.total = page.total
        return RowsPage(page.rows, page.next)

    def rows(self, ids: Sequence[str]) -> Sequence[ServiceRow]:
        """Return these services as they are now."""
        return self._services.rows(list(ids), twenty_four=not is_twelve_hour())


class ServiceDelegate(RowDelegate):
    """A service: its name and when it was checked, where it is, and its hours and outcome."""

    height: ClassVar[int] = 71

    def lay_out(self, item: ServiceRow, row: Row) -> None:
        text = row.rest()
        state = State(item.check.tone.value)
        text.flow(name(item.name), right=mark(state, item.check.short, role=Role.SMALL))
        text.flow(words(item.where), role=Role.SMALL)
        hours = (
            mark(State.CAUTION, item.hours)
            if item.hours_kind is HoursKind.UNKNOWN
            else words(item.hours, icon="phone" if item.hours_kind is HoursKind.PHONE else "due")
        )
        text.flow(hours, words(item.outcome), role=Role.SMALL)


class ResourcesPage(Page):
    """The directory."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"service", "organization", "location", "phone", "schedule", "address", "service_need", "private_notes"}
        | {"service_check", "service_at_location", "referral", "data_set", "referral_event"}
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Resources"))
        self._sort = Sort.BEST
        self._wanted = ""
        self.card = ResourceCard(context)
        run = context.commands.run
        self.head.add(button(_("Bring in a list…"), icon="out", run=lambda: run("directory.import")))
        self.head.add(button(_("New service"), icon="plus", run=lambda: run("service.new")))
        self.field = SearchField(_("What they need, a name, a street, a phone number"))
        self.field.setMaximumWidth(px(_FIELD))
        self.field.typed.connect(self._ask)
        self._searched = Settled(self, self._tell_search, SEARCH)
        self.field.typed.connect(lambda _text: self._searched.again())
        self.field.down.connect(self._into_list)
        self.chips = Chips([Option(_OPEN_NOW, _("Open now"))], many=True, name=_("Filters"))
        self.chips.changed.connect(self._chips_changed)
        self._clear = link(_("Clear"), self.clear)
        top = QWidget()
        line = QHBoxLayout(top)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(12))
        line.addWidget(self.field, 3)
        line.addWidget(self.chips, 2)
        line.addWidget(self._clear)
        self.body.addWidget(top)
        self.filters = ResourceFilters()
        self.filters.changed.connect(self._ask)
        self._model = PagedTable((), tables=self.tables)
        self.list = ListView(self._model, ServiceDelegate(self), name=_("Services"), keys={"R": "refer", "C": "check"})
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(self._open_service)
        self.list.acted.connect(self.card.act)
        self._columns = QWidget()
        row = QHBoxLayout(self._columns)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(16))
        self._filter_scroll = Scroll(self.filters, margin=0)
        self._filter_scroll.setFixedWidth(px(_FILTERS))
        row.addWidget(self._filter_scroll)
        self._list_card = self._made_list()
        row.addWidget(self._list_card, 2)
        self._side = Scroll(self._at_top(), margin=0)
        row.addWidget(self._side, 3)
        self.body.addWidget(self._columns, 1)
        self._nothing = Empty(
            _("The places you send people will stand here, each with when it was last checked and how it went."),
            title=_("No place yet"),
            acts=(
                button(_("Bring in a list…"), look="primary", run=lambda: run("directory.import")),
                button(_("New service"), run=lambda: run("service.new")),
            ),
        )
        self.body.addWidget(self._nothing, 1)

    def _at_top(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        column.addStretch(1)
        return made

    def _made_list(self) -> QWidget:
        card = Card()
        self._count = label("", ink="text2")
        self._sort_act = link("", self._next_sort)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(px(16), 0, px(9), 0)
        row.addWidget(self._count, 1)
        row.addWidget(self._sort_act)
        head.setFixedHeight(px(36))
        card.add_row(head, hairline=False)
        card.add_row(self.list, 1)
        self._none = Empty("", acts=(button(_("Clear"), run=self.clear),))
        card.add_row(self._none, 1, hairline=False)
        self._foot = Foot(label(_("R refer here, C checked"), Role.SMALL, "text3"))
        card.add_row(self._foot)
        return card

    # The window's questions ----------------------------------------------------------------------------------------

    def open(self, argument: str) -> None:
        self._wanted = argument

    def shown(self) -> None:
        self.refresh(None)

    def first_focus(self) -> QWidget:
        return self.field

    def regions(self) -> list[QWidget]:
        return [self.field, self.filters, self.list, self.card]

    def refresh(self, changes: Changes | None) -> None:
        del changes  # a check, a referral or an import can move any row
        self._ask()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt's own event, passed on
        folded = theme.factor() >= _FOLD or self.window().width() < NARROW
        self._side.setVisible(not folded)

    # Asking --------------------------------------------------------------------------------------------------------

    @property
    def query(self) -> ServiceQuery:
        """What is asked for now."""
        chosen = self.filters.chosen()
        return ServiceQuery(
            text=self.field.text(),
            needs=frozenset(Need(code) for code in chosen["needs"]),
            takes=frozenset(Takes(code) for code in chosen["takes"]),
            speaks=frozenset(chosen["speaks"]),
            checked=frozenset(CheckedWithin(code) for code in chosen["checked"]),
            open_now=_OPEN_NOW in self.chips.chosen(),
            sort=self._sort,
        )

    def _tell_search(self) -> None:
        if self.field.text().strip():
            self.context.desk.audit_trail.searched("services", self._model.count_fetched)

    def _ask(self) -> None:
        services = self.context.desk.services
        query = self.query
        facets = services.facets(query)
        self._show_chips(facets.open_now)
        self.filters.show_facets(facets)
        kept = self._wanted or self.list.current_id()
        self._wanted = ""
        source = ServiceSource(services, query)
        self._model.set_source(source)
        is_empty = facets.all == 0
        has_rows = source.total > 0
        self._columns.setVisible(not is_empty)
        self._nothing.setVisible(is_empty)
        self.list.setVisible(has_rows)
        self._foot.setVisible(has_rows)
        self._none.setVisible(not has_rows)
        self._none.say(self._nothing_found())
        counted = ngettext("{count} service", "{count} services", source.total).format(count=f"{source.total:,}")
        self._count.setText(counted)
        self._sort_act.setText(self._sort.label)
        self._clear.setVisible(query != ServiceQuery(sort=self._sort))
        if kept and not self.list.choose(kept):
            self.card.show_service(kept)
            if self.card.service_id:
                return
        if not self.list.current_id() and not self.list.choose_first():
            self.card.show_service("")
        elif self.list.current_id():
            self.card.show_service(self.list.current_id())

    def _show_chips(self, open_now: int) -> None:
        chosen = _OPEN_NOW in self.chips.chosen()
        options = [Option(_OPEN_NOW, _("Open now"), None if chosen else open_now)]
        options += [Option(f"{group}:{code}", words_of) for group, code, words_of in self.filters.on()]
        self.chips.set_options(options)
        self.chips.choose([option.value for option in options if option.value != _OPEN_NOW or chosen])

    def _chips_changed(self) -> None:
        chosen = set(self.chips.chosen())
        for group, code, _words in self.filters.on():
            if f"{group}:{code}" not in chosen:
                self.filters.turn_off(group, code)
        self._ask()

    def _nothing_found(self) -> str:
        text = self.field.text().strip()
        if text:
            return _("No service matches “{text}” with these filters.").format(text=text)
        return _("No service fits all of these filters.")

    def clear(self) -> None:
        """Ask for everything again."""
        self.field.clear()
        self.filters.clear()
        self.chips.choose([])
        self._ask()
        self.field.setFocus()

    def _next_sort(self) -> None:
        self._sort = _NEXT_SORT[self._sort]
        self._ask()

    def _into_list(self) -> None:
        self.list.setFocus()
        if not self.list.current_id():
            self.list.choose_first()

    def _choose(self, service_id: str) -> None:
        if service_id:
            self.card.show_service(service_id)

    def _open_service(self, service_id: str) -> None:
        self.card.show_service(service_id)
        if not self._side.isVisible():
            self.card.act(service_id, "read")
        else:
            self.card.setFocus()


COMMANDS: tuple[Command[Context], ...] = (
    Command("service.new", N_("New service"), run=ServiceForm.open_card, icon="resources", menu="new"),
    Command(
        "directory.import",
        N_("Bring in a list of places…"),
        run=ImportCard.open_card,
        icon="resources",
        menu="new",
        words="import directory HSDS Ohana 211",
    ),
    Command("directory.lists", N_("Lists that came in…"), run=ListsCard.open_card, icon="list", menu="desk"),
)
