"""The audit log: what happened with the records, line by line; filtered, checked, printed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from crisisdesk.desk.audit_rows import Key, TrailQuery, TrailRow
from crisisdesk.desk.audit_trail import Checked
from crisisdesk.errors import DeskError, Invalid
from crisisdesk.i18n import N_, _
from crisisdesk.records.audit_kinds import AuditGroup
from crisisdesk.ui import ask
from crisisdesk.ui.commands import Command
from crisisdesk.ui.page import Context, Page, PageHead, beside
from crisisdesk.ui.pages.audit_paper import AuditPaper
from crisisdesk.ui.slices import Slices
from crisisdesk.ui.tables import RIGHT, Cell, Column, PagedTable, TableView, cell, mark, name, words
from crisisdesk.ui.tables import paged as tables
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.banner import Strip
from crisisdesk.ui.widgets.buttons import button, link
from crisisdesk.ui.widgets.card import Card, Foot
from crisisdesk.ui.widgets.chips import Chips, Option
from crisisdesk.ui.widgets.empty import Empty
from crisisdesk.ui.widgets.labels import Paragraph, label
from crisisdesk.ui.widgets.marks import IconLabel
from crisisdesk.vault.changes import Changes

_ALL = "all"
_CLIENT = "client:"
_PERIODS = (("1", N_("Today"), 1), ("7", N_("7 days"), 7), ("31", N_("31 days"), 31), (_ALL, N_("All time"), 0))


class _Lines:
    """The table's source."""

    def __init__(self, context: Context, query: TrailQuery) -> None:
        self._lines = context.desk.audit_trail.lines
        self._query = query

    def page(self, after: tables.Key | None, limit: int) -> tables.Page:
        key: Key | None = None if after is None else (int(after[0]),)
        page = self._lines.page(self._query, key, limit)
        return tables.Page(page.rows, page.next_key)

    def rows(self, ids: Sequence[str]) -> Sequence[TrailRow]:
        return self._lines.rows(ids)


class _Result(QWidget):
    """What a check found, in a sentence that may take two lines."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(10), px(16), px(10))
        row.setSpacing(px(8))
        self._icon = IconLabel(State.PLAIN.icon)
        self._words = Paragraph("", "text")
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    @property
    def words(self) -> str:
        """The sentence that is shown, or nothing."""
        return "" if self.isHidden() else self._words.text()

    def say(self, state: State, words: str) -> None:
        """Show a sentence; an empty one takes it away."""
        ink = "text" if state is State.PLAIN else state.value
        self._icon.say(state.icon or "info", ink)
        self._words.say(words, ink)
        self.setVisible(bool(words))


class AuditPage(Page):
    """The audit log. It grows with each act and is read again when she comes to it, not at every act."""

    tables = frozenset({"audit"})  # no write names it: the page stays as it is while she reads

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Audit log"), has_head=False)
        self._query = TrailQuery(since=None)
        self._period = "31"
        self._slices: Slices[Checked] | None = None
        self.paper = AuditPaper(context, self, ended=self._idle)
        self.head = PageHead(_("Audit log"), back=context.window.back, back_words=_("Back"))
        self.check_button = button(_("Check the log now"), icon="done", run=self.check)
        self.print_button = button(_("Print or save"), icon="print", menu=self._print_menu())
        self.head.add(self.check_button)
        self.head.add(self.print_button)
        self.body.addWidget(self.head)
        self.groups = Chips(name=_("Which lines"))
        self.groups.set_options(
            [Option(_ALL, _("Everything")), *(Option(each.value, each.label) for each in AuditGroup)]
        )
        self.groups.choose([_ALL], as_start=True)
        self.groups.changed.connect(self._choose)
        self.periods = Chips([Option(value, _(title)) for value, title, _days in _PERIODS], name=_("From when"))
        self.periods.choose([self._period], as_start=True)
        self.periods.changed.connect(self._choose)
        self.body.addWidget(beside(self.groups, self.periods, gap=12, wraps=True))
        self._whose = Strip("clients", "", link(_("Show all lines"), self._drop_client))
        self._whose.hide()
        self.body.addWidget(self._whose)
        self.body.addWidget(self._made_card(), 1)

    def _made_card(self) -> Card:
        self._model = PagedTable(self._columns(), tables=self.tables)
        self.table = TableView(self._model, name=_("Audit log"), row_height=52)
        self.table.opened.connect(self._open_row)
        self._empty = Empty(_("No line is here."))
        self.result = _Result()
        self._anchor = label("", ink="text2")
        card = Card()
        card.add_row(self.table, 1, hairline=False)
        card.add_row(self._empty, 1, hairline=False)
        card.add_row(Foot(self._anchor, link(_("Compare with a printed page…"), self.compare)))
        card.add_row(self.result)
        return card

    def _print_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(_("Print these lines…")).triggered.connect(lambda _on=False: self.print_lines())
        menu.addAction(_("Print the page of this month, to sign…")).triggered.connect(
            lambda _on=False: self.print_month(0)
        )
        menu.addAction(_("Print the page of last month, to sign…")).triggered.connect(
            lambda _on=False: self.print_month(1)
        )
        menu.addSeparator()
        menu.addAction(_("Save a copy of the whole log…")).triggered.connect(lambda _on=False: self.save_copy())
        return menu

    def _columns(self) -> tuple[Column, ...]:
        cover = self.context.cover

        def when(row: TrailRow) -> Cell:
            return cell(row.time, row.when)

        def about(row: TrailRow) -> Cell:
            shown = cover.shown(row.name, row.initials)
            return cell(name(shown), row.about) if shown else cell(words(row.about, ink="text2"))

        def outcome(row: TrailRow) -> Cell:
            return cell(words(row.outcome, ink="text2") if row.is_ok else mark(State.DANGER, row.outcome))

        return (
            Column(_("When"), "", when, width=120),
            Column(_("What"), "", lambda row: cell(row.what, row.detail)),
            Column(_("About"), "", about, width=300),
            Column(_("How it ended"), "", outcome, width=150, least=700),
            Column(_("Line"), "", lambda row: words(f"{row.seq:,}"), align=RIGHT, width=90, ink="text2", least=820),
        )

    # What is shown ---------------------------------------------------------------------------------------------

    def open(self, argument: str) -> None:
        """Show a group of lines ("out"), or who looked at a chart ("client:<id>")."""
        if argument.startswith(_CLIENT):
            self._query = replace(self._query, client_id=argument.removeprefix(_CLIENT))
            self.groups.choose([AuditGroup.LOOKED.value])
            self.periods.choose([_ALL])
        elif argument in set(AuditGroup):
            self._query = replace(self._query, client_id="")
            self.groups.choose([argument])
        self._choose()

    def shown(self) -> None:
        self.context.desk.audit_trail.opened()
        self._choose()

    def hidden(self) -> None:
        self._stop()

    def first_focus(self) -> QWidget:
        return self.table

    def regions(self) -> list[QWidget]:
        return [self.head, self.groups, self.table]

    def refresh(self, changes: Changes | None) -> None:
        del changes
        self._choose()

    def _choose(self) -> None:
        group = next(iter(self.groups.chosen()), _ALL)
        self._period = next(iter(self.periods.chosen()), _ALL)
        days = next(days for value, _title, days in _PERIODS if value == self._period)
        since = self.context.clock.today() - timedelta(days=days - 1) if days else None
        self._query = replace(self._query, group=None if group == _ALL else AuditGroup(group), since=since)
        self._show_whose()
        self._model.set_source(_Lines(self.context, self._query))
        has_lines = bool(self._model.rows)
        self.table.setVisible(has_lines)
        self._empty.setVisible(not has_lines)
        if has_lines and not self.table.current_id():
            self.table.choose_first()
        self._show_anchor()

    def _show_anchor(self) -> None:
        words = _("Last line: {anchor}, which stands at the foot of what you print now.")
        self._anchor.setText(words.format(anchor=self.context.desk.audit_trail.anchor()))

    def _show_whose(self) -> None:
        self._whose.setVisible(bool(self._query.client_id))
        if self._query.client_id:
            self._whose.say(_("Only lines about {name}").format(name=self._client()))

    def _client(self) -> str:
        full, short = self.context.desk.audit_trail.lines.client_name(self._query.client_id)
        return self.context.cover.shown(full, short) or _("a client who is no longer in the file")

    def _drop_client(self) -> None:
        self._query = replace(self._query, client_id="")
        self.groups.choose([_ALL])
        self._choose()

    def _open_row(self, row_id: str) -> None:
        row = self._model.row(row_id)
        if isinstance(row, TrailRow) and row.client_id:
            self.context.window.go("chart", row.client_id)

    # Checking, printing ----------------------------------------------------------------------------------------

    def check(self, anchor: str = "") -> None:
        """Check the log from its first line to its last, while the window goes on."""
        self._stop()
        try:
            pieces = self.context.desk.audit_trail.checking(anchor)
        except Invalid as invalid:
            self._say(State.CAUTION, str(invalid))
            return
        self._busy(_("The log is being checked…"))
        self._slices = Slices(self, pieces, each=self._checked_more, done=self._checked, failed=self._sorry)

    def compare(self) -> None:
        """Ask for the mark of a printed page, and check the log against it."""
        typed = ask.text(
            self.context.window.widget,
            _("Compare with a printed page"),
            _("The mark at its foot"),
            act=_("Compare"),
            words=_("It begins with CD. The line that it names must still be there as it was."),
        )
        if typed:
            self.check(typed)

    def print_lines(self) -> None:
        """Print the lines that are chosen."""
        group = self._query.group
        period = next(_(title) for value, title, _days in _PERIODS if value == self._period)
        about = _("about {name}").format(name=self._client()) if self._query.client_id else ""
        self._busy(_("The pages are being made…"))
        self.paper.print_lines(self._query, (group.label if group else _("Everything"), about, period))

    def print_month(self, months_ago: int) -> None:
        """Print the page of a month: this one, or that before."""
        first = self.context.clock.today().replace(day=1)
        for _each in range(months_ago):
            first = (first - timedelta(days=1)).replace(day=1)
        self._busy(_("The log is being checked…"))
        self.paper.print_month(first)

    def save_copy(self) -> None:
        """Save the whole log as a file."""
        self._busy(_("The copy is being made…"))
        self.paper.save_copy()

    def _checked_more(self, so_far: Checked) -> None:
        words = _("{lines} of {total} lines checked")
        self._say(State.PLAIN, words.format(lines=f"{so_far.lines:,}", total=f"{so_far.total:,}"))

    def _checked(self, found: Checked | None) -> None:
        self._idle()
        self._show_anchor()
        if found is not None:
            self._say(State.DONE if found.is_sound else State.DANGER, found.sentence)

    def _sorry(self, problem: DeskError) -> None:
        self._idle()
        self._say(State.CAUTION, str(problem))

    def _busy(self, words: str) -> None:
        self.check_button.setEnabled(False)
        self.print_button.setEnabled(False)
        self._say(State.PLAIN, words)

    def _idle(self) -> None:
        self._slices = None
        self.check_button.setEnabled(True)
        self.print_button.setEnabled(True)
        self._say(State.PLAIN, "")

    def _stop(self) -> None:
        if self._slices is not None:
            self._slices.stop()
            self._idle()

    def _say(self, state: State, words: str) -> None:
        self.result.say(state, words)


def open_log(context: Context) -> None:
    """Open the audit log."""
    context.window.go("audit")


def who_looked(context: Context, client_id: str) -> None:
    """Show who looked at a chart."""
    context.window.go("audit", f"{_CLIENT}{client_id}")


COMMANDS: tuple[Command[Context], ...] = (
    Command("audit.open", N_("Audit log…"), run=open_log, icon="list", menu="desk", words=N_("who looked at what")),
)

__all__ = ["COMMANDS", "AuditPage", "AuditPaper", "who_looked"]
