"""Bring in a list of places from elsewhere: read it, say what it would do, and only then write."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crisisdesk.desk.directory_plan import Counts, ImportPlan
from crisisdesk.errors import DeskError
from crisisdesk.exchange import apart
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.records.incoming import IncomingDirectory
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import LargeCard
from crisisdesk.ui.forms.editors import LineEditor
from crisisdesk.ui.jobs import Progress, Running
from crisisdesk.ui.page import Context, stack
from crisisdesk.ui.safekeeping.acts import BackupActs
from crisisdesk.ui.tables import GroupedRows, ListView, Row, RowDelegate
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.banner import Banner
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.widgets.progress import ProgressStrip
from crisisdesk.vault.manifest import Kind

_SHOWN = 500  # problems in the table; the rest are counted
_TABLE = 168  # pixels high
_KINDS = (("*.json *.zip *.csv", N_("Lists of services")),)

# What the summary says of services and organizations, in this order.
_SAYS = (
    ("new", N_("new")),
    ("changed", N_("changed")),
    ("unchanged", N_("as they were")),
    ("kept_yours", N_("kept as you edited them")),
    ("missing", N_("no longer in the file; they stay")),
)


class _ProblemRow:
    """One thing to know about the file."""

    def __init__(self, number: int, place: str, sentence: str) -> None:
        self.id = str(number)
        self.place = place
        self.sentence = sentence


class _ProblemDelegate(RowDelegate):
    """The sentence whole, and under it where it stands."""

    grows: ClassVar[bool] = True
    above: ClassVar[int] = 6
    height: ClassVar[int] = 32

    def lay_out(self, item: _ProblemRow, row: Row) -> None:
        text = row.rest()
        text.wrap(item.sentence, lines=4, ink="text")
        if item.place:
            text.line(item.place, role=Role.SMALL, ink="text3")


def read_list(path: Path, progress: Progress) -> IncomingDirectory | None:
    """Read a list in a job, which has a process of its own do it; None if she cancelled."""
    return apart.read(
        path,
        progress=lambda done, total: progress.step(done, total, _("Reading the list")),
        cancelled=lambda: progress.is_cancelled,
    )


class ImportCard(LargeCard):
    """Choose a file or folder → what it would do → bring it in."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, title=_("Bring in a list of places"), icon="resources")
        self._running: Running | None = None
        self._plan: ImportPlan | None = None
        self.problem = ""  # why the last list could not be read
        self._acts = BackupActs(context, self)
        self._what = QWidget()
        self.body.addWidget(self._what)
        self.act = button(_("Bring it in"), look="primary", run=self.bring_in)
        self.file_button = button(_("Choose a file…"), look="primary", run=self.choose_file)
        self.folder_button = button(_("Choose a folder…"), run=self.choose_folder)
        self._again = button(_("Another list…"), run=self._begin)
        self.set_acts(self._again, self.folder_button, self.file_button, self.act)
        self._begin()

    @classmethod
    def open_card(cls, context: Context) -> "ImportCard":
        """Show it over the window."""
        made = cls(context)
        made.show_over(width=680, first=made.file_button)
        return made

    def _show(self, *parts: QWidget) -> None:
        self.body.removeWidget(self._what)
        self._what.hide()
        self._what.deleteLater()
        self._what = stack(*parts, gap=12)
        self._what.setContentsMargins(px(7), px(8), px(7), px(8))
        self.body.insertWidget(0, self._what)

    def _offer(self, *, choose: bool, act: bool) -> None:
        self.file_button.setVisible(choose)
        self.folder_button.setVisible(choose)
        self._again.setVisible(act)
        self.act.setVisible(act)

    def _begin(self, problem: str = "") -> None:
        self._plan = None
        self.problem = problem
        parts: list[QWidget] = [Banner(State.DANGER, "", problem)] if problem else []
        parts += [
            paragraph(
                _(
                    "A county or a 2-1-1 often has its directory as a file. CrisisDesk reads Open Referral (HSDS) "
                    "as JSON, CSV or zip, and the CSV folders that Ohana and iCarol write."
                ),
                "text",
            ),
            paragraph(
                _("Nothing is written before you have seen what would change. The whole list can be taken out again.")
            ),
        ]
        self._show(*parts)
        self._offer(choose=True, act=False)
        self.say("")

    # Reading -------------------------------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Ask for a file and read it."""
        kinds = [(_(said), patterns) for patterns, said in _KINDS]
        self.read(ask.open_file(self, _("Choose a list"), kinds))

    def choose_folder(self) -> None:
        """Ask for a folder of tables and read it."""
        self.read(ask.folder(self, _("Choose the folder with the tables")))

    def read(self, path: Path | None) -> None:
        """Read a list in the background."""
        if path is None:
            return
        strip = ProgressStrip(_("Reading the list"))
        self._show(strip)
        self._offer(choose=False, act=False)
        self._running = self.context.jobs.start(
            self, read_list, path, done=self._was_read, failed=self._was_refused, progress=strip.show_step
        )
        strip.cancelled.connect(self._running.cancel)
        strip.cancelled.connect(self._begin)

    def _was_refused(self, error: DeskError) -> None:
        self._begin(str(error))

    def _was_read(self, incoming: object) -> None:
        if not isinstance(incoming, IncomingDirectory):
            self._begin()
            return
        try:
            self._plan = self.context.desk.directory.plan(incoming)
        except DeskError as error:
            self._was_refused(error)
            return
        self._show_plan(self._plan)

    # The summary ---------------------------------------------------------------------------------------------------

    def _show_plan(self, plan: ImportPlan) -> None:
        self._title = LineEditor()
        self._title.set_value(plan.title)
        self._title.setAccessibleName(_("What this list is called here"))
        parts: list[QWidget] = []
        if plan.updates:
            parts.append(
                paragraph(_("This is a newer edition of “{title}”, which is here already.").format(title=plan.updates))
            )
        parts += [stack(label(_("What this list is called here"), Role.NAME), self._title, gap=4)]
        for table, title in (("service", _("Services")), ("organization", _("Organizations"))):
            parts.append(_counts_line(title, plan.counts.get(table, Counts())))
        parts.append(
            paragraph(_("Nothing that comes in is marked as checked. You mark it, once you have called there."))
        )
        if plan.problems:
            parts += [self._problems_head(plan), self._problems(plan)]
        self._show(*parts)
        self._offer(choose=False, act=True)
        self.act.setEnabled(not plan.changes_nothing)
        (self._again if plan.changes_nothing else self.act).setFocus()
        self.say(_("All of it is here already.") if plan.changes_nothing else "")

    def _problems_head(self, plan: ImportPlan) -> QWidget:
        count = len(plan.problems)
        said = ngettext("{count} thing to know about the file", "{count} things to know about the file", count)
        made = label(said.format(count=f"{count:,}"), Role.NAME)
        if plan.skipped:
            skipped = ngettext("{count} row was left out", "{count} rows were left out", plan.skipped)
            return stack(made, label(skipped.format(count=f"{plan.skipped:,}"), ink="text2"), gap=0)
        return made

    def _problems(self, plan: ImportPlan) -> QWidget:
        model = GroupedRows()
        model.set_rows(
            [_ProblemRow(number, each.place(), each.sentence) for number, each in enumerate(plan.problems[:_SHOWN])]
        )
        card = Card(outside="surface")
        card.add_row(ListView(model, _ProblemDelegate(self), name=_("Things to know about the file")), hairline=False)
        card.setFixedHeight(px(_TABLE))
        return card

    # Writing -------------------------------------------------------------------------------------------------------

    def bring_in(self) -> None:
        """Make a backup to go back to, and then write it all, or nothing."""
        if self._plan is None or self._acts.is_busy:
            return
        self.act.setEnabled(False)
        self._again.setVisible(False)
        strip = ProgressStrip(_("Making a backup first"), can_cancel=False)
        self.body.insertWidget(1, strip)
        self._waiting = strip
        self._acts.stepped.connect(strip.show_step)
        self._acts.make(Kind.PRE_IMPORT, then=self._write_soon, otherwise=self._no_backup)

    def _write_soon(self) -> None:
        self.act.setText(_("Bringing in…"))
        QTimer.singleShot(0, self, self._write)  # after the button has said so

    def _no_backup(self, problem: str) -> None:
        self._waiting.hide()
        self._begin(
            _("Nothing was brought in, because no backup could be made before. {problem}").format(problem=problem)
        )

    def _write(self) -> None:
        if self._plan is None:
            return
        title = self._title.value().strip() or self._plan.title
        plan = replace(self._plan, title=title)
        try:
            self.context.desk.directory.bring_in(plan)
        except DeskError as error:
            self.act.setText(_("Bring it in"))
            self._begin(str(error))
            return
        self.go_away()
        count = plan.services
        said = ngettext("{count} service is in.", "{count} services are in.", count).format(count=f"{count:,}")
        self.context.window.say(_("{said} None is marked as checked.").format(said=said))
        self.context.window.go("resources")

    def leave(self) -> None:
        """Stop reading, if it still does, and go away."""
        if self._acts.is_busy:
            return  # in a moment it is written
        if self._running is not None:
            self._running.cancel()
        self.go_away()


def _counts_line(title: str, counts: Counts) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(16))
    heading = label(title, Role.NAME)
    heading.setFixedWidth(px(112))
    row.addWidget(heading)
    for name, said in _SAYS:
        count = getattr(counts, name)
        if count or name == "new":
            row.addWidget(label(_("{count} {what}").format(count=f"{count:,}", what=_(said))))
    row.addStretch(1)
    return made
