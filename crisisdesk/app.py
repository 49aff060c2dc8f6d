"""The only place that knows all the parts: the window, the vault while it is open, the desk, and the pages."""

import os
import secrets
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

import crisisdesk
from crisisdesk import logs, paths
from crisisdesk.clock import Clock, SystemClock
from crisisdesk.desk import Desk
from crisisdesk.desk.practice import Practice
from crisisdesk.desk.sample import fill
from crisisdesk.desk.when import show_twelve_hours
from crisisdesk.desk.workdays import holiday
from crisisdesk.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf
from crisisdesk.errors import DeskError, VaultMissing
from crisisdesk.i18n import N_, _
from crisisdesk.paths import VaultPaths
from crisisdesk.ui import ask
from crisisdesk.ui.commands import Command, Registry
from crisisdesk.ui.cover import Cover
from crisisdesk.ui.crash import Crash
from crisisdesk.ui.dress import dress
from crisisdesk.ui.feed import Feed
from crisisdesk.ui.forms.editors import is_twelve_hour
from crisisdesk.ui.jobs import Jobs, Sweeper
from crisisdesk.ui.page import Context, PageEntry
from crisisdesk.ui.pages import PAGES
from crisisdesk.ui.palette import Hit
from crisisdesk.ui.settings import DeviceSettings
from crisisdesk.ui.setup import SetupDoor, SetupPage
from crisisdesk.ui.shell import Port, Shell
from crisisdesk.ui.unlock import UnlockDoor, UnlockPage
from crisisdesk.ui.window import COMMANDS, Window
from crisisdesk.vault import access
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import FLOOR_KIB, Cost
from crisisdesk.vault.store import Store

# Nobody's secrets lie on the practice desk, so its key may be quick.
_SHEET_ID = 8  # signs of the vault's id on the recovery sheet
_PRACTICE_COST = Cost(memory_kib=FLOOR_KIB, passes=1, lanes=4)


@dataclass(frozen=True)
class Keys:
    """How keys are derived; tests bring quick ones."""

    cost: Cost = Cost.DEFAULT
    practice_cost: Cost = _PRACTICE_COST
    floor: int = FLOOR_KIB


class Program(QObject):
    """One window, and the desk behind it from unlock to lock."""

    def __init__(
        self,
        app: QApplication,
        *,
        place: VaultPaths,
        clock: Clock,
        pages: Sequence[PageEntry] = PAGES,
        keys: Keys | None = None,
    ) -> None:
        super().__init__(app)
        self._place = place
        self._clock = clock
        self._pages = tuple(pages)
        self._keys = keys or Keys()
        self._store: Store | None = None
        self._desk: Desk | None = None
        self._feed: Feed | None = None
        self._more_commands: tuple[Command[Context], ...] = ()
        self._was_at: tuple[str, str] | None = None
        self.settings = DeviceSettings()
        show_twelve_hours(on=is_twelve_hour())
        dress(app, scheme=self.settings.scheme, percent=self.settings.text_size)
        app.styleHints().colorSchemeChanged.connect(self._dress_again)
        self.jobs = Jobs(self)
        self.window = Window(self.settings)
        self.window.closing = self._close_desk
        self.window.resized_text = self._show_anew

    @property
    def desk(self) -> Desk | None:
        """The open desk, or None while it is locked."""
        return self._desk

    # Opening

    def start(self, *, practice: bool = False) -> None:
        """Show the window: the practice desk, the locked vault, or the first start."""
        if practice:
            self.look_around()
        elif access.exists(self._place):
            self._show_unlock()
        else:
            self._show_setup()
        self.window.open_up()

    def look_around(self) -> None:
        """Open a fresh practice desk with made-up people; the one before is thrown away."""
        place = VaultPaths(paths.home() / "practice")
        shutil.rmtree(place.folder, ignore_errors=True)
        passphrase = secrets.token_urlsafe(24)
        keys = self._keys
        store = Store.create(
            place, passphrase, RecoveryCode.random(), self._clock, cost=keys.practice_cost, floor=keys.floor
        )
        fill(store, self._clock)
        self._open(store, commands=(self._leave_command(),))

    def _show_unlock(self, *, since: str = "", has_kept: bool = False) -> None:
        place, floor, today = self._place, self._keys.floor, self._clock.today()

        def unlock(passphrase: str) -> MasterKey:
            holiday(today)  # loads the calendars that Today needs while the key is derived
            return access.unlock(place, passphrase, floor=floor)

        door = UnlockDoor(
            unlock=unlock,
            unlock_with_recovery=lambda code: access.unlock_with_recovery(place, code, floor=floor),
            enter=self._enter,
            enter_anew=self._enter_anew,
            other=self._go_to_other,
        )
        self.window.show_page(UnlockPage(door, self.jobs, since=since, has_kept=has_kept))

    def _show_setup(self) -> None:
        place, keys, clock, vault_id = self._place, self._keys, self._clock, access.new_vault_id()

        def make(passphrase: str, code: RecoveryCode) -> MasterKey:
            return access.create(
                place, passphrase, code, now=clock.now(), vault_id=vault_id, cost=keys.cost, floor=keys.floor
            )

        door = SetupDoor(
            make=make, enter=self._enter_new, sheet=self._sheet(vault_id), look_around=self._try_look_around
        )
        self.window.show_page(SetupPage(door, self.jobs))

    def _enter(self, master: MasterKey) -> None:
        self._open(Store.open(self._place, master, self._clock))

    def _enter_new(self, master: MasterKey, practice: Practice | None) -> None:
        store = Store.make(self._place, master, self._clock)
        desk = self._open(store)
        if practice is not None:
            desk.practice.keep(practice)

    def _enter_anew(self, master: MasterKey) -> None:
        """Ask for a new passphrase and a new sheet, after the recovery code was used."""
        place, keys = self._place, self._keys

        def make(passphrase: str, code: RecoveryCode) -> MasterKey:
            access.change_passphrase(place, master, passphrase, cost=keys.cost, floor=keys.floor)
            access.replace_recovery(place, master, code, cost=keys.cost, floor=keys.floor)
            return master

        vault_id = access.read_header(place, master, floor=keys.floor).vault_id
        door = SetupDoor(make=make, enter=lambda key, _practice: self._enter(key), sheet=self._sheet(vault_id))
        self.window.show_page(SetupPage(door, self.jobs, is_renewal=True))

    def _go_to_other(self, folder: Path) -> None:
        place = VaultPaths(folder)
        if not access.exists(place):
            raise VaultMissing(_("There is no vault in that folder."))
        self._place = place
        self._show_unlock()

    def _try_look_around(self) -> None:
        try:
            self.look_around()
        except DeskError as problem:
            ask.tell(self.window, _("The practice desk could not be opened"), str(problem))

    def _sheet(self, vault_id: bytes) -> Callable[[RecoveryCode], bytes]:
        """Return what prints the recovery sheet of a vault; the sheet bears the start of the vault's id."""

        def sheet(code: RecoveryCode) -> bytes:
            made_at = self._clock.local(self._clock.now())
            return recovery_sheet_pdf(RecoverySheet(code=str(code), vault=vault_id.hex()[:_SHEET_ID], made_at=made_at))

        return sheet

    def _open(self, store: Store, commands: Sequence[Command[Context]] = ()) -> Desk:
        self._store, self._desk = store, Desk(store, self._clock)
        self._more_commands = tuple(commands)
        self._show_desk(self._desk)
        return self._desk

    def _show_desk(self, desk: Desk) -> None:
        feed = Feed(desk, self)
        cover = Cover(is_on=self.settings.is_initials_only, parent=feed)
        registry: Registry[Context] = Registry(self._commands())
        registry.add(self._more_commands)
        context = Context(
            desk=desk,
            feed=feed,
            window=Port(self.window),
            jobs=self.jobs,
            settings=self.settings,
            commands=registry,
            clock=self._clock,
            cover=cover,
        )
        self._feed = feed
        shell = Shell(self._pages, context, search=lambda text: self._search(desk, cover, text))
        self.window.show_shell(shell)
        page, argument = self._was_at or (self._pages[0].id, "")
        self._was_at = None
        shell.go(page, argument)
        if not shell.current_id:  # what she was at is gone
            shell.go(self._pages[0].id)

    def _show_anew(self) -> None:
        """Make the open pages again: every size in them has changed with the text."""
        QTimer.singleShot(0, self, self._make_anew)

    def _make_anew(self) -> None:
        shell, desk = self.window.shell, self._desk
        if shell is None or desk is None:
            return
        self._was_at = shell.here
        shell.end()
        self._end_feed()
        self._show_desk(desk)

    def _search(self, desk: Desk, cover: Cover, text: str) -> list[Hit]:
        hits = []
        for row in desk.search.find(text):
            title, detail = row.title, row.detail
            if cover.is_on and row.name:
                title, detail = title.replace(row.name, row.initials), detail.replace(row.name, row.initials)
            hits.append(Hit(row.kind.value, row.id, title, detail))
        return hits

    # Commands

    def _commands(self) -> list[Command[Context]]:
        made = list(COMMANDS)
        in_rail = [entry for entry in self._pages if entry.rail]
        for number, entry in enumerate(in_rail, start=1):
            made.append(Command(f"go.{entry.id}", entry.title, _goer(entry.id), f"Ctrl+{number}", entry.icon, "go"))
        for entry in self._pages:
            made.extend(entry.commands)
        made.append(Command("vault.lock", N_("Lock now"), self._lock_now, "Ctrl+L", "lock", "desk"))
        made.append(Command("app.quit", N_("Close CrisisDesk"), self._quit, "Ctrl+Q", "out", "desk"))
        return made

    def _leave_command(self) -> Command[Context]:
        return Command("practice.leave", N_("Leave the practice desk"), self._leave_practice, icon="out", menu="desk")

    def _lock_now(self, context: Context) -> None:
        del context
        self.lock()

    def _leave_practice(self, context: Context) -> None:
        del context
        # Later, when the command that asked has returned: its own action goes with the desk.
        QTimer.singleShot(0, self, self._back_to_start)

    def _quit(self, context: Context) -> None:
        del context
        QTimer.singleShot(0, self.window, self.window.close)

    # Closing

    def lock(self) -> None:
        """Close the vault, forget its key and show the locked window; what is being written is kept first."""
        QTimer.singleShot(0, self, self._lock)

    def _lock(self) -> None:
        shell = self.window.shell
        if shell is not None:
            self._was_at = shell.here
            shell.end()  # forms keep what is being written
        at = self._clock.local(self._clock.now())
        self._show_locked(_("Since {hour}:{minute}").format(hour=at.hour, minute=f"{at.minute:02d}"))

    def _show_locked(self, since: str) -> None:
        has_kept = self._store is not None and bool(self._store.drafts())
        if access.exists(self._place):
            self._show_unlock(since=since, has_kept=has_kept)
        else:
            self._show_setup()
        self._close_desk()

    def _back_to_start(self) -> None:
        self._was_at = None
        self._show_locked("")
        shutil.rmtree(paths.home() / "practice", ignore_errors=True)

    def _close_desk(self) -> None:
        if self.window.shell is not None:
            self.window.shell.end()
        self._end_feed()
        if self._desk is not None:
            desk, self._desk, self._store = self._desk, None, None
            desk.close()

    def _end_feed(self) -> None:
        if self._feed is not None:
            self._feed.close()
            self._feed.deleteLater()
            self._feed = None

    def end(self) -> None:
        """Close everything, in the order in which nothing is missed."""
        self.jobs.close()
        self._close_desk()
        self.window.close()

    def _dress_again(self) -> None:
        self.window.dress_again()

    def sorry(self, code: str, sentence: str = "") -> None:
        """Say once what went wrong; nothing that was written is lost."""
        if sentence:
            ask.tell(self.window, _("That did not work"), sentence)
            return
        ask.tell(
            self.window,
            _("Something went wrong inside CrisisDesk"),
            _(
                "Nothing that you wrote is lost, and you can go on. If it happens again, tell whoever looks after "
                "CrisisDesk this code: {code}"
            ).format(code=code),
        )


def _goer(page_id: str) -> Callable[[Context], None]:
    def go(context: Context) -> None:
        context.window.go(page_id)

    return go


def main(arguments: Sequence[str] | None = None) -> int:
    """Open CrisisDesk and return when it is closed. ``--practice`` opens it on made-up people."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.umask(0o077)  # whatever this program writes is its user's alone (security.md 3.1)
    QApplication.setApplicationName("CrisisDesk")
    QApplication.setApplicationVersion(crisisdesk.__version__)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    logs.start()
    sweeper = Sweeper(app)
    sweeper.start()
    program = Program(app, place=paths.vault(), clock=SystemClock())
    crash = Crash(program.sorry, program)
    crash.install(paths.logs())
    program.start(practice="--practice" in given)
    try:
        return app.exec()
    finally:
        program.end()
        sweeper.stop()
        crash.uninstall()
        logs.stop()
