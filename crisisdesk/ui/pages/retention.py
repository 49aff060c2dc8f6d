"""Retention: which closed charts may be purged, legal holds, the agency's rules, and what was purged before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.holds import HoldRow
from crisisdesk.desk.retention import Certificate, DueRow, PurgedRow, PurgePreview
from crisisdesk.desk.retention_rules import Rules
from crisisdesk.desk.when import short_day
from crisisdesk.documents.certificate import certificate_pdf
from crisisdesk.documents.gather import paper_size
from crisisdesk.errors import DeskError, Invalid
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.ui import ask, proof
from crisisdesk.ui.commands import Command
from crisisdesk.ui.forms.editors import LineEditor, NumberEditor, is_twelve_hour
from crisisdesk.ui.forms.form import Form
from crisisdesk.ui.jobs import Progress
from crisisdesk.ui.page import Context, Page, Scroll, beside
from crisisdesk.ui.pages.chart_commands import ON_CHART, has_chart
from crisisdesk.ui.pages.retention_dialogs import PurgeDialog, ask_last, lift_hold, set_hold, tell_refusal
from crisisdesk.ui.printing import Went, print_pdf
from crisisdesk.ui.tables import Act, GroupedRows, ListView, Row, RowDelegate, mark, name, words
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.banner import Banner
from crisisdesk.ui.widgets.buttons import button, small
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import paragraph
from crisisdesk.ui.widgets.progress import ProgressStrip
from crisisdesk.vault.manifest import Kind

if TYPE_CHECKING:
    from crisisdesk.vault.backup import Backup
    from crisisdesk.vault.changes import Changes
    from crisisdesk.vault.making import Making

_WIDTH = 760  # pixels; no wider than a large card
_PAINTED = 50  # milliseconds after which the strip has been painted


@dataclass(frozen=True)
class _Line:
    """A row of one of the lists, in words."""

    id: str
    lead: str
    rest: str
    detail: str
    acts: tuple[tuple[str, str], ...]
    mark: str = ""


class _Lines(RowDelegate):
    """What it is, a second line on how it stands, and its acts."""

    height: ClassVar[int] = 52

    def lay_out(self, item: _Line, row: Row) -> None:
        row.acts(*(Act(act, said) for act, said in item.acts))
        text = row.rest()
        text.flow(name(item.lead), mark(State.PLAIN, item.mark, icon="lock") if item.mark else None, words(item.rest))
        text.flow(words(item.detail), role=Role.SMALL)


class _ListCard(Card):
    """A card with one list, or the sentence that stands there without any."""

    def __init__(self, title: str, icon: str, sentence: str) -> None:
        super().__init__(title, icon=icon, heading=40)
        self._sentence = sentence
        self._model = GroupedRows()
        self.list = ListView(self._model, _Lines(), name=title)
        self.add_row(self.list)
        self.list.fit()

    def show_lines(self, lines: Sequence[_Line]) -> None:
        """Show its rows."""
        self._model.set_rows(list(lines))
        self.list.setVisible(bool(lines))
        self.list.fit()
        self.set_count(len(lines))
        self.set_empty("" if lines else self._sentence)

    @property
    def ids(self) -> list[str]:
        """The ids of its rows, as they stand."""
        return [str(row.id) for row in self._model.rows]


def _make_backup(making: "Making", progress: Progress) -> "Backup":
    """Make a backup; in a job."""
    return making.run(lambda done: progress.step(int(100 * done), 100, _("Making a backup first")))


class RetentionPage(Page):
    """Everything about how long records are kept."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"client", "legal_hold", "tombstone", "setting", "disclosure", "encounter", "note"}
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Retention"))
        self._holds: dict[str, HoldRow] = {}
        self._asked: tuple[PurgePreview, str, str] | None = None
        self.undecided = Banner(
            State.CAUTION, _("The rules are not your agency’s yet."), _("Nothing can be purged until they are.")
        )
        self.overdue = Banner(
            State.DUE, _("Old backups still hold what was purged over a year ago."), _("A newer backup stays.")
        )
        self.overdue.add(small(_("Delete them"), run=self.clear_copies))
        self.progress = ProgressStrip(_("Making a backup first"), can_cancel=False)
        self.progress.hide()
        self.due = _ListCard(_("May be purged"), "calendar", _("No chart is due. CrisisDesk never deletes by itself."))
        self.due.list.acted.connect(self._act_on_due)
        self.waiting = paragraph("")
        self.due.add(self.waiting)
        self.holds = _ListCard(_("Legal holds"), "lock", _("None is set. A chart’s own hold is set from the chart."))
        self.holds.list.acted.connect(self._act_on_hold)
        self.holds.set_act(_("Hold everything…"), lambda: set_hold(context, None))
        self.rules = self._made_rules()
        self.keep_button = button(_("Keep the rules"), look="primary", run=self.keep_rules)
        self.purged = _ListCard(_("Purged"), "list", _("Nothing was purged yet."))
        self.purged.list.acted.connect(lambda tombstone_id, _act: self.print_certificate(tombstone_id))
        self._lay_out()

    def _lay_out(self) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        kept = Card(_("How long records are kept"), icon="note", heading=40)
        kept.add(
            paragraph(
                _(
                    "Your agency decides: its records officer has your state’s schedule. Where two rules fit, the "
                    "longer one holds. A chart without an age is kept as a newborn’s. The audit log is never deleted. "
                    "A backup that still holds a purged chart after a year is shown here, to be deleted."
                )
            )
        )
        kept.add(self.rules)
        kept.add(beside(self.keep_button))
        for each in (self.undecided, self.overdue, self.progress, self.due, self.holds, kept, self.purged):
            column.addWidget(each)
        column.addStretch(1)
        holder.setMaximumWidth(px(_WIDTH))
        self.body.addWidget(Scroll(holder), 1)

    def _made_rules(self) -> Form:
        form = Form(columns=2)
        years = _("years")
        form.add("adult_years", _("&Adult’s chart, after closing"), NumberEditor(least=1, most=99), hint=years)
        form.add("majority", _("Comes of &age at"), NumberEditor(least=1, most=99), hint=years)
        form.add("minor_years", _("&Minor’s chart, after that birthday"), NumberEditor(least=1, most=99), hint=years)
        form.add(
            "disclosure_years",
            _("After the last &disclosure"),
            NumberEditor(least=1, most=99),
            hint=_("years (HIPAA: 6)"),
        )
        form.add("authority", _("&Who decided"), LineEditor(placeholder=_("County schedule 2231, item 4")), wide=True)
        form.changed.connect(lambda _name: self.keep_button.setEnabled(True))
        return form

    def shown(self) -> None:
        self.refresh(None)

    def first_focus(self) -> QWidget:
        return self.due.list if self.due.ids else self.rules.editor("adult_years")

    def regions(self) -> list[QWidget]:
        return [self.due.list, self.holds.list, self.rules, self.purged.list]

    def refresh(self, changes: "Changes | None") -> None:
        desk = self.context.desk
        rules = desk.retention.rules()
        if not self.rules.is_changed or changes is None:
            self.rules.set_values({each: getattr(rules, each) for each in Rules.__dataclass_fields__})
            self.keep_button.setEnabled(not rules.is_decided)
        self.undecided.setVisible(not rules.is_decided)
        self.overdue.setVisible(bool(desk.retention.overdue_copies(desk.safekeeping.here())))
        review = desk.retention.review()
        waiting = review.waiting
        self.due.show_lines([self._due_line(row) for row in review.due])
        self.waiting.say(
            ngettext(
                "{count} closed chart is still within its time.",
                "{count} closed charts are still within their time.",
                waiting,
            ).format(count=waiting)
        )
        holds = desk.holds.active()
        self._holds = {row.id: row for row in holds}
        self.holds.show_lines([self._hold_line(row) for row in holds])
        self.purged.show_lines([self._purged_line(row) for row in desk.retention.purged()])

    # Rows --------------------------------------------------------------------------------------------------------

    def _called(self, full: str, short: str) -> str:
        return short if self.context.cover.is_on else full

    def _due_line(self, row: DueRow) -> _Line:
        today = self.context.clock.today()
        acts = [("purge", _("Purge…")), ("hold", _("Legal hold…"))]
        detail = _("Closed {ended}. May be purged since {due}.").format(
            ended=short_day(row.ended_on, today), due=short_day(row.due_on, today)
        )
        if row.is_back:
            detail = _("Purged on {day}, and back with an old backup: to be purged again.").format(
                day=short_day(row.due_on, today)
            )
        return _Line(
            id=row.id,
            lead=row.number,
            rest=_("{name}, {kind}").format(name=self._called(row.name, row.initials), kind=row.retention_class.label),
            detail=detail,
            acts=() if row.is_held else tuple(acts),
            mark=_("Legal hold") if row.is_held else "",
        )

    def _hold_line(self, row: HoldRow) -> _Line:
        since = _("Since {day}: {reason}").format(
            day=short_day(row.set_on, self.context.clock.today()), reason=row.reason
        )
        lead = row.number if row.client_id else _("Everything")
        rest = self._called(row.name, row.initials)
        return _Line(id=row.id, lead=lead, rest=rest, detail=since, acts=(("lift", _("Lift…")),))

    def _purged_line(self, row: PurgedRow) -> _Line:
        day = short_day(row.purged_at.date(), self.context.clock.today())
        entries = ngettext("{count} entry, {day}", "{count} entries, {day}", row.rows).format(count=row.rows, day=day)
        acts = (("print", _("Print the certificate…")),)
        return _Line(id=row.id, lead=row.certificate, rest=row.retention_class.label, detail=entries, acts=acts)

    # Acts --------------------------------------------------------------------------------------------------------

    def keep_rules(self) -> None:
        """Keep the rules, or show what is missing beside the field."""
        values: dict[str, Any] = self.rules.values()
        given = {each: values[each] for each in Rules.__dataclass_fields__}
        given = {each: value if value is not None else 0 for each, value in given.items()}
        try:
            self.context.desk.retention.keep_rules(Rules(**given))
        except Invalid as invalid:
            self.rules.show_problems(invalid.problems)
            return
        self.refresh(None)
        self.context.window.say(_("The rules are kept."), undo=True)

    def _act_on_due(self, client_id: str, act: str) -> None:
        if act == "hold":
            set_hold(self.context, client_id)
        elif act == "purge":
            self.purge(client_id)

    def _act_on_hold(self, hold_id: str, _act: str) -> None:
        if hold_id in self._holds:
            lift_hold(self.context, self._holds[hold_id])

    def purge(self, client_id: str) -> None:
        """Ask, make a backup, ask again, purge, and print the certificate."""
        try:
            preview = self.context.desk.retention.preview(client_id)
        except DeskError as problem:
            tell_refusal(self.context, problem)
            return
        dialog = PurgeDialog(self.context, preview)
        if not ask.run(dialog):
            return
        self._asked = (preview, dialog.number, dialog.reason)
        making = self.context.desk.safekeeping.start(Kind.PRE_PURGE)
        self.progress.show()
        self.context.jobs.start(
            self, _make_backup, making, done=self._backed_up, failed=self._refused, progress=self.progress.show_step
        )

    def _refused(self, problem: DeskError) -> None:
        self.progress.hide()
        tell_refusal(self.context, problem)

    def _backed_up(self, backup: "Backup") -> None:
        self.progress.hide()
        desk = self.context.desk
        desk.safekeeping.finish(backup)
        if self._asked is None:
            return
        preview, number, reason = self._asked
        self._asked = None
        if not ask_last(self.context, preview):
            return
        self._work(_("Working: the chart is being taken out"))
        QTimer.singleShot(_PAINTED, self, lambda: self._purge(preview, number, reason, backup))

    def _purge(self, preview: PurgePreview, number: str, reason: str, backup: "Backup") -> None:
        desk = self.context.desk
        try:
            made = desk.retention.purge(
                preview.row.id,
                typed_number=number,
                reason=reason,
                backup=backup,
                kept=desk.safekeeping.here(),
                compacts=False,
            )
        except DeskError as problem:
            self._rest()
            tell_refusal(self.context, problem)
            return
        self._work(_("Working: the file is being made smaller"))
        QTimer.singleShot(_PAINTED, self, lambda: self._compact(made))  # what is shown is read anew before

    def _compact(self, made: Certificate) -> None:
        self._purged(replace(made, is_compacted=self.context.desk.retention.compact()))

    def _purged(self, made: Certificate) -> None:
        self._rest()
        self.context.window.say(_("The chart was purged. Its certificate stays in the list below."))
        self._print(made)

    def _work(self, words: str) -> None:
        """Say that it works; until it is done, whatever reads or saves has to wait."""
        self.progress.start(words)
        self.progress.show()
        for each in (self.due, self.holds, self.purged, self.overdue):
            each.setEnabled(False)

    def _rest(self) -> None:
        self.progress.hide()
        for each in (self.due, self.holds, self.purged, self.overdue):
            each.setEnabled(True)

    def clear_copies(self) -> None:
        """Delete the backups that still hold what was purged long ago."""
        desk = self.context.desk
        try:
            gone = desk.retention.clear_copies(desk.retention.overdue_copies(desk.safekeeping.here()))
        except DeskError as problem:
            tell_refusal(self.context, problem)
            return
        self.refresh(None)
        self.context.window.say(
            ngettext("{count} old backup was deleted.", "{count} old backups were deleted.", gone).format(count=gone)
        )

    def print_certificate(self, tombstone_id: str) -> None:
        """Print the certificate of a purge, with the copies that are still there today."""
        desk = self.context.desk
        self._print(desk.retention.certificate(tombstone_id, desk.safekeeping.here()))

    def _print(self, made: Certificate) -> None:
        desk = self.context.desk
        if not proof.is_given(self.context, _("Type your passphrase again to print")):
            desk.retention.note_print(made.number, str(Went.NOWHERE))
            return
        data = certificate_pdf(made, paper=paper_size(desk.practice.get()), twelve_hour=is_twelve_hour())
        try:
            went = print_pdf(self.context.window.widget, data, made.number)
        except DeskError as problem:
            tell_refusal(self.context, problem)
            return
        desk.retention.note_print(made.number, str(went))


def _hold_chart(context: Context) -> None:
    page = context.window.page
    set_hold(context, str(getattr(page, "client_id", "")) or None)


COMMANDS: tuple[Command[Context], ...] = (
    Command(
        "retention.open",
        N_("Retention and legal holds"),
        run=lambda context: context.window.go("retention"),
        icon="lock",
        menu="desk",
        words=N_("how long records are kept purge delete destroy"),
    ),
    Command(
        "hold.set",
        N_("Legal hold on this client…"),
        run=_hold_chart,
        icon="lock",
        menu="edit",
        when=has_chart,
        where=ON_CHART,
    ),
)

__all__ = ["COMMANDS", "RetentionPage"]
