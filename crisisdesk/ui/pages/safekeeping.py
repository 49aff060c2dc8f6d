"""Safe-keeping: the backups, the drives that carry copies, trials, and the way back."""

from datetime import datetime
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.when import clock_time, past_day
from crisisdesk.errors import DeskError
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.records.keeping import Medium
from crisisdesk.ui import ask
from crisisdesk.ui.commands import Command
from crisisdesk.ui.page import Columns, Context, Page, Scroll, stack
from crisisdesk.ui.safekeeping.acts import BackupActs
from crisisdesk.ui.safekeeping.card import StandingLines, worst
from crisisdesk.ui.safekeeping.restore import offer_restore
from crisisdesk.ui.tables import RIGHT, Act, Column, GroupedRows, TableView, cell
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.banner import Banner
from crisisdesk.ui.widgets.buttons import button, small
from crisisdesk.ui.widgets.card import Card, Foot
from crisisdesk.ui.widgets.labels import Elided, label, paragraph
from crisisdesk.ui.widgets.progress import ProgressStrip
from crisisdesk.vault.backup import Backup
from crisisdesk.vault.manifest import Kind

_KINDS = {
    Kind.AUTO: N_("by itself"),
    Kind.MANUAL: N_("by you"),
    Kind.PRE_MIGRATE: N_("before a new version"),
    Kind.PRE_IMPORT: N_("before a list came in"),
    Kind.PRE_PURGE: N_("before a record was purged"),
    Kind.PRE_REKEY: N_("before the lock was changed"),
    Kind.HAND_OVER: N_("for a hand-over"),
}
_MEGA = 1_000_000  # bytes


class BackupRow:
    """A backup's line."""

    def __init__(self, backup: Backup, context: Context, *, is_newest: bool, is_earlier: bool = False) -> None:
        manifest, clock = backup.manifest, context.clock
        made = clock.local(manifest.created)
        self.id = backup.path.name
        self.backup = backup
        self.when = _("{day} at {time}").format(day=past_day(made.date(), clock.today()), time=clock_time(made))
        self.when = self.when[:1].upper() + self.when[1:]
        self.note = _("the newest") if is_newest else ""
        if is_earlier:
            self.note = _("opens with the passphrase of its day")
        self.why = _(_KINDS[manifest.kind])
        self.holds = held_words(backup)
        self.size = _("{size} MB").format(size=f"{max(0.1, manifest.size / _MEGA):.1f}")


def held_words(backup: Backup) -> str:
    """Return "58 clients, 203 notes"."""
    counts = backup.manifest.said.counts
    clients, notes = counts.get("client", 0), counts.get("note", 0)
    return _("{clients}, {notes}").format(
        clients=ngettext("{count} client", "{count} clients", clients).format(count=f"{clients:,}"),
        notes=ngettext("{count} note", "{count} notes", notes).format(count=f"{notes:,}"),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Made"), "", lambda row: cell(row.when, row.note), width=0),
        Column(_("Why"), "", lambda row: row.why, width=190, ink="text2"),
        Column(_("Holds"), "", lambda row: row.holds, width=170, ink="text2"),
        Column(_("Size"), "", lambda row: row.size, align=RIGHT, width=80, ink="text2"),
        Column("", acts=lambda _row: (Act("restore", _("Restore…")),), width=110),
    )


class SafeKeepingPage(Page):
    """Everything about backups in one place."""

    tables: ClassVar[frozenset[str]] = frozenset({"medium"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Safe-keeping"))
        self.acts = BackupActs(context, self)
        self.make_button = button(_("Make a backup now"), look="primary", run=self.acts.make)
        self.file_button = button(_("Restore from a file…"), run=self._restore_file)
        self.head.add(self.file_button)
        self.head.add(self.make_button)
        self._trouble = QVBoxLayout()
        self._trouble.setSpacing(px(8))
        self.body.addLayout(self._trouble)
        self.strip = ProgressStrip()
        self.strip.hide()
        self.strip.cancelled.connect(self.acts.cancel)
        self.body.addWidget(self.strip)
        self._model = GroupedRows(_columns())
        self.list = TableView(self._model, name=_("Backups on this computer"), row_height=52)
        self.list.acted.connect(self._act)
        self._card = Card(_("On this computer"), icon="verified", heading=40)
        self._card.add_row(self.list, 1)
        kept = _("Kept: all of two days, your last 3, then one a day for 7, a week for 5, a month for 12.")
        self._card.add_row(Foot(label(kept, Role.SMALL, "text3")))
        side = stack(self._standing_card(), self._drives_card(), self._trial_card())
        self.body.addWidget(Columns(self._card, Scroll(side, margin=0)), 1)
        self.acts.began.connect(self._began)
        self.acts.stepped.connect(self.strip.show_step)
        self.acts.ended.connect(self._ended)
        self._had_focus: QWidget | None = None  # what was pressed: a button that is off loses the focus

    def _standing_card(self) -> Card:
        self._standing = Card(_("How it stands"), icon="verified")
        self._lines = StandingLines()
        self._standing.add(self._lines)
        self._standing.set_act(_("How safe is this?"), lambda: self.context.window.go("security"))
        return self._standing

    def _drives_card(self) -> Card:
        self._drives = Card(_("Drives that carry copies"), icon="bring")
        self._drive_rows = QVBoxLayout()
        self._drive_rows.setSpacing(px(8))
        holder = QWidget()
        holder.setLayout(self._drive_rows)
        self._drive_rows.setContentsMargins(0, 0, 0, 0)
        self._drives.add(holder)
        self.copy_button = small(_("Copy to a USB drive…"), run=self.acts.copy)
        self._drives.add(self.copy_button)
        return self._drives

    def _trial_card(self) -> Card:
        card = Card(_("Trying it out"), icon="check")
        card.add(paragraph(_("Once a month, see that the newest backup really opens. Your records stay as they are.")))
        self.drill_button = small(_("Try the newest one"), run=self.acts.drill)
        card.add(self.drill_button)
        return card

    def shown(self) -> None:
        self.refresh(None)

    def first_focus(self) -> QWidget:
        return self.make_button

    def regions(self) -> list[QWidget]:
        return [self.list, self._standing, self._drives]

    def refresh(self, changes: object) -> None:
        del changes
        keeping = self.context.desk.safekeeping
        standing, found = keeping.standing(), keeping.listed()
        self._lines.show_standing(standing)
        self._standing.set_state(worst(standing))
        self._say_trouble(standing.problem or "")
        self._show_replaced(keeping.replaced_at())
        earlier, newest = keeping.earlier(), keeping.newest()
        rows = [BackupRow(each, self.context, is_newest=each == newest) for each in found]
        rows += [BackupRow(each, self.context, is_newest=False, is_earlier=True) for each in earlier]
        self._model.set_rows(rows)
        self._card.set_count(len(rows))
        self.list.setVisible(bool(rows))
        self._card.set_empty(
            "" if rows else _("There is no backup yet. Until there is one, this computer’s disk is the only place.")
        )
        self._show_drives(keeping.media())
        self.drill_button.setEnabled(bool(found) and not self.acts.is_busy)
        self.make_button.setEnabled(not self.acts.is_busy)
        self.copy_button.setEnabled(not self.acts.is_busy)
        self.strip.setVisible(self.acts.is_busy)

    def _say_trouble(self, words: str) -> None:
        _empty(self._trouble)
        if words:
            self._trouble.addWidget(Banner(State.DANGER, _("The last one did not work out."), words))

    def _show_replaced(self, at: datetime | None) -> None:
        """Say that what a restore replaced is still here, under what went wrong."""
        if at is None:
            return
        clock = self.context.clock
        words = _("The vault that was replaced {day} is still here.")
        day = past_day(clock.local(at).date(), clock.today())
        banner = Banner(State.CAUTION, words.format(day=day))
        back = small(_("Go back to it…"), run=partial(self.acts.back_up_replaced, self._go_back))
        back.setEnabled(not self.acts.is_busy)
        banner.add(back)
        banner.add(small(_("Let it go…"), look="quiet", run=self._let_go))
        self._trouble.addWidget(banner)

    def _go_back(self, made: Backup) -> None:
        offer_restore(self.context, made.path)

    def _let_go(self) -> None:
        if not ask.confirm(
            self.context.window.widget,
            _("Let the replaced vault go?"),
            _("What was written in it between the backup and your going back is then only in its backups, if any."),
            act=_("Delete it"),
            keep=_("Keep it"),
            danger=True,
        ):
            return
        try:
            self.context.desk.safekeeping.drop_replaced()
        except DeskError as problem:
            ask.tell(self.context.window.widget, _("It stays"), str(problem))
        self.refresh(None)

    def _show_drives(self, known: list[Medium]) -> None:
        _empty(self._drive_rows)
        used = [each for each in known if each.retired_at is None]
        if not used:
            self._drive_rows.addWidget(
                paragraph(_("None yet. A copy on a USB drive outlives this computer: theft, fire, a dead disk."))
            )
        for each in used:
            self._drive_rows.addWidget(self._drive(each))

    def _drive(self, medium: Medium) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Elided(medium.holder or medium.label, Role.NAME))
        at = self.context.clock.local(medium.last_backup_at).date() if medium.last_backup_at else None
        day = past_day(at, self.context.clock.today()) if at else _("never")
        texts.addWidget(
            Elided(_("{label}, copied {day}").format(label=medium.label or _("Drive"), day=day), ink="text2")
        )
        row.addLayout(texts, 1)
        row.addWidget(small(_("Gone…"), look="quiet", run=partial(self._retire, medium)))
        return made

    def _retire(self, medium: Medium) -> None:
        if ask.confirm(
            self.context.window.widget,
            _("Is this drive no longer in use?"),
            _(
                "It leaves the register. If it was lost, whoever finds it can read nothing without the passphrase or "
                "the recovery sheet of its day; if those may be known to others, change the lock itself, under Keys."
            ),
            act=_("No longer in use"),
            keep=_("Leave it"),
        ):
            self.context.desk.safekeeping.retire(medium.id)
            self.refresh(None)

    def _ended(self) -> None:
        self.refresh(None)
        if self._had_focus is not None and self.isVisible():
            self._had_focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._had_focus = None

    def _began(self, words: str) -> None:
        pressed = (self.make_button, self.drill_button, self.copy_button)
        self._had_focus = next((each for each in pressed if each.hasFocus()), None)
        self.refresh(None)
        self.strip.start(words)
        self.strip.show()

    def _act(self, row_id: str, act: str) -> None:
        row = self._model.row(row_id)
        if act == "restore" and isinstance(row, BackupRow):
            offer_restore(self.context, row.backup.path)

    def _restore_file(self) -> None:
        chosen = ask.open_file(self.context.window.widget, _("Choose a backup"), [(_("CrisisDesk backups"), "*.cdbak")])
        if chosen is not None:
            offer_restore(self.context, chosen)


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        gone = item.widget() if item else None
        if gone is not None:
            gone.hide()
            gone.deleteLater()


def _make(context: Context) -> None:
    context.window.go("safekeeping")
    page = context.window.page
    if isinstance(page, SafeKeepingPage):
        page.acts.make()


def _drill(context: Context) -> None:
    context.window.go("safekeeping")
    page = context.window.page
    if isinstance(page, SafeKeepingPage):
        page.acts.drill()


def _copy(context: Context) -> None:
    context.window.go("safekeeping")
    page = context.window.page
    if isinstance(page, SafeKeepingPage):
        page.acts.copy()


COMMANDS: tuple[Command[Context], ...] = (
    Command("backup.show", N_("Safe-keeping: backups"), lambda context: context.window.go("safekeeping"), menu="desk"),
    Command("backup.make", N_("Make a backup now"), _make),
    Command("backup.copy", N_("Copy a backup to a USB drive…"), _copy),
    Command("backup.drill", N_("Try out the newest backup"), _drill),
)
