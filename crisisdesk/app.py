"""Starts the program and knows all its parts: the window, the vault while it is open, the desk and its pages.

Only the locked window is loaded before it stands there. The desk, the pages and the paper take a second on a slow
computer; they are loaded piece by piece while she types her passphrase.
"""

import importlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from crisisdesk import computer, logs, paths
from crisisdesk.clock import Clock, SystemClock
from crisisdesk.errors import DeskError, QuickUnlockClosed, VaultMissing
from crisisdesk.hardening import harden
from crisisdesk.i18n import N_, _
from crisisdesk.paths import VaultPaths
from crisisdesk.ui import identity
from crisisdesk.ui.commands import Command
from crisisdesk.ui.crash import Crash
from crisisdesk.ui.dress import dress
from crisisdesk.ui.jobs import Jobs, Sweeper
from crisisdesk.ui.lock import listeners
from crisisdesk.ui.lock import place as lock_place
from crisisdesk.ui.lock.ending import Ending
from crisisdesk.ui.lock.locking import Host, Locking
from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.lock.renewing import Renewing
from crisisdesk.ui.settings import DeviceSettings
from crisisdesk.ui.tokens import State
from crisisdesk.ui.unlock import UnlockDoor, UnlockPage
from crisisdesk.ui.window import Window
from crisisdesk.vault import place as vault_place

if TYPE_CHECKING:
    from crisisdesk.computer import Told
    from crisisdesk.desk import Desk
    from crisisdesk.desk.practice import Practice
    from crisisdesk.ui.jobs import Progress
    from crisisdesk.ui.opened import Opened
    from crisisdesk.ui.page import Context, PageEntry
    from crisisdesk.vault.carry import Carried
    from crisisdesk.vault.keys import MasterKey
    from crisisdesk.vault.recovery import RecoveryCode
    from crisisdesk.vault.slots import Cost
    from crisisdesk.vault.store import Store

_SHEET_ID = 8  # signs of the vault's id on the recovery sheet
_PAINTED = 100  # milliseconds after which the window has been painted
_UNATTENDED = 15 * 60_000  # milliseconds after which a new lock, or a way back, that nobody finishes is given up
_BLINK = 10  # milliseconds between two pieces, for what she types
# Loaded one after the other while the locked window stands there; each takes a blink.
_AHEAD = (
    "crisisdesk.ui.ask",
    "sqlalchemy.orm",
    "crisisdesk.vault.access",
    "crisisdesk.records.choices",
    "crisisdesk.vault.store",
    "crisisdesk.desk.words",
    "crisisdesk.desk.alike",
    "crisisdesk.desk",
    "crisisdesk.documents.fonts",
    "crisisdesk.documents.packet",
    "crisisdesk.ui.shell",
    "crisisdesk.ui.pages.today",
    "crisisdesk.ui.opened",
)


@dataclass(frozen=True)
class Keys:
    """How keys are derived; nothing means as the vault does. Tests bring quick ones."""

    cost: "Cost | None" = None
    practice_cost: "Cost | None" = None
    floor: int | None = None


class Program(QObject):
    """One window, and the desk behind it from unlock to lock."""

    def __init__(
        self,
        app: QApplication,
        *,
        place: VaultPaths,
        clock: Clock,
        pages: "Sequence[PageEntry] | None" = None,
        keys: Keys | None = None,
        host: Host | None = None,
    ) -> None:
        super().__init__(app)
        self._place = place
        self._clock = clock
        self._pages = pages
        self._keys = keys or Keys()
        self._opened: Opened | None = None
        self._ahead = list(_AHEAD)
        self.account: Callable[[], Told] | None = None  # whether it is an administrator's; unasked in tests
        self.settings = DeviceSettings()
        dress(app, scheme=self.settings.scheme, percent=self.settings.text_size)
        app.styleHints().colorSchemeChanged.connect(self._dress_again)
        self.jobs = Jobs(self)
        self.window = Window(self.settings)
        self.window.closing = self._close_desk
        self.window.restoring = self._leave_for_restore
        self.window.rekeying = self._leave_for_rekey
        self.window.resized_text = self._show_anew
        self.locking = Locking(
            self.window,
            self.jobs,
            self._show_locked_since,
            host=host,
            parent=self,
        )

    @property
    def desk(self) -> "Desk | None":
        """The open desk, or None while it is locked."""
        return self._opened.desk if self._opened else None

    # Opening

    def start(self, *, practice: bool = False) -> None:
        """Show the window: the practice desk, the locked vault, or the first start."""
        if practice:
            self.look_around()
        elif vault_place.exists(self._place):
            self._show_unlock()
        else:
            self._show_setup()
        self.window.open_up()
        QTimer.singleShot(_PAINTED, self, self._load_ahead)

    def _load_ahead(self) -> None:
        if self._ahead and self._opened is None:
            importlib.import_module(self._ahead.pop(0))
            QTimer.singleShot(_BLINK, self, self._load_ahead)

    def look_around(self) -> None:
        """Open a fresh practice desk with made-up people; the one before is thrown away."""
        import secrets  # noqa: PLC0415  see this module's first lines

        from crisisdesk.desk.sample import fill  # noqa: PLC0415  as above
        from crisisdesk.vault.recovery import RecoveryCode  # noqa: PLC0415  as above
        from crisisdesk.vault.store import Store  # noqa: PLC0415  as above

        place = VaultPaths(paths.home() / "practice" / "vault")  # its backups lie beside it, and go with it
        shutil.rmtree(place.folder.parent, ignore_errors=True)
        cost, floor = self._practice_cost()
        passphrase = secrets.token_urlsafe(24)
        store = Store.create(place, passphrase, RecoveryCode.random(), self._clock, cost=cost, floor=floor)
        fill(store, self._clock)
        self._open(store, commands=(self._leave_command(),))

    def _practice_cost(self) -> "tuple[Cost, int]":
        """Return what the practice desk's key costs: nobody's secrets lie there, so it may be quick."""
        from crisisdesk.vault.slots import FLOOR_KIB, Cost  # noqa: PLC0415  as above

        floor = FLOOR_KIB if self._keys.floor is None else self._keys.floor
        return self._keys.practice_cost or Cost(memory_kib=FLOOR_KIB, passes=1, lanes=4), floor

    def _costs(self) -> "tuple[Cost, int]":
        """Return what a key of her vault costs, and the least that its reader takes."""
        from crisisdesk.vault.slots import FLOOR_KIB, Cost  # noqa: PLC0415  as above

        return self._keys.cost or Cost.DEFAULT, FLOOR_KIB if self._keys.floor is None else self._keys.floor

    def _show_unlock(self, *, since: str = "", has_kept: bool = False) -> None:
        place, today = self._place, self._clock.today()
        renewing = Renewing(place, self._clock)

        def unlock(passphrase: str, progress: "Progress") -> "MasterKey":
            from crisisdesk.desk.workdays import holiday  # noqa: PLC0415  as above
            from crisisdesk.vault import access  # noqa: PLC0415  as above

            holiday(today)  # loads the calendars that Today needs while the key is derived
            master = access.unlock(place, passphrase, now=self._clock.now(), floor=self._costs()[1])
            return renewing.run(master, progress)

        def unlock_with_recovery(code: str, progress: "Progress") -> "MasterKey":
            from crisisdesk.vault import access  # noqa: PLC0415  as above

            master = access.unlock_with_recovery(place, code, now=self._clock.now(), floor=self._costs()[1])
            return renewing.run(master, progress)

        def unlock_with_pin(pin: str, progress: "Progress") -> "MasterKey":
            from crisisdesk.vault import access, device  # noqa: PLC0415  as above

            keyring = device.credential_store()
            if keyring is None:
                raise QuickUnlockClosed(_("Quick unlock can’t be used on this computer now. Type your passphrase."))
            master = access.unlock_with_device(place, pin, keyring, now=self._clock.now(), floor=self._costs()[1])
            return renewing.run(master, progress)

        def look() -> bool:
            from crisisdesk.vault import access, attempts, lockfile  # noqa: PLC0415  as above

            attempts.check(place, self._clock.now())
            access.refuse_broken(place, floor=self._costs()[1])
            lockfile.refuse_in_use(place)
            return access.offers_device(place, self._clock.now(), floor=self._costs()[1])

        door = UnlockDoor(
            unlock=unlock,
            unlock_with_recovery=unlock_with_recovery,
            enter=lambda master: self._enter(master, is_renewed=renewing.is_done),
            enter_anew=self._enter_anew,
            other=self._go_to_other,
            restore=self._show_restore,
            look=look,
            unlock_with_pin=unlock_with_pin,
            now=self._clock.now,
        )
        self.window.show_page(UnlockPage(door, self.jobs, since=since, kept=self._kept_words(has_kept=has_kept)))

    def _kept_words(self, *, has_kept: bool) -> tuple[State, str] | None:
        """Return what the locked window says of what is half typed."""
        if self.locking.holds_words:
            words = _("The disk is full. What you typed last is only in this computer’s memory until you unlock.")
            return State.CAUTION, words
        return (State.DONE, _("What you were writing is kept. You’ll be back in it.")) if has_kept else None

    def _show_setup(self) -> None:
        from crisisdesk.ui.setup import SetupDoor, SetupPage  # noqa: PLC0415  as above
        from crisisdesk.vault import access  # noqa: PLC0415  as above

        place, clock, vault_id = self._place, self._clock, access.new_vault_id()
        floor = self._costs()[1]

        def make(passphrase: str, code: "RecoveryCode") -> "MasterKey":
            usual = self._keys.cost or access.calibrate()
            return access.create(place, passphrase, code, now=clock.now(), vault_id=vault_id, cost=usual, floor=floor)

        door = SetupDoor(
            make=make,
            enter=self._enter_new,
            sheet=self._sheet(vault_id),
            look_around=self._try_look_around,
            restore=self._show_restore,
        )
        self.window.show_page(SetupPage(door, self.jobs))

    def _enter(self, master: "MasterKey", *, is_renewed: bool = False) -> "Opened":
        from crisisdesk.vault.store import Store  # noqa: PLC0415  as above

        opened = self._open(Store.open(self._place, master, self._clock))
        if is_renewed:
            opened.say(_("Your file was brought up to date. A verified backup from before it is kept."), State.DONE)
        return opened

    def _enter_new(self, master: "MasterKey", practice: "Practice | None") -> None:
        from crisisdesk.vault.store import Store  # noqa: PLC0415  as above

        opened = self._open(Store.make(self._place, master, self._clock))
        if practice is not None:
            opened.desk.practice.keep(practice)

    def _enter_anew(self, master: "MasterKey") -> None:
        """Ask for a new passphrase and a new sheet, after the recovery code was used."""
        from crisisdesk.ui.setup import SetupDoor, SetupPage  # noqa: PLC0415  as above
        from crisisdesk.vault import access  # noqa: PLC0415  as above

        place = self._place
        cost, floor = self._costs()

        def make(passphrase: str, code: "RecoveryCode") -> "MasterKey":
            access.change_passphrase(place, master, passphrase, cost=cost, floor=floor)
            access.replace_recovery(place, master, code, cost=cost, floor=floor)
            return master

        def enter(key: "MasterKey", _practice: "Practice | None") -> None:
            self._enter(key).desk.keys.renewed()

        vault_id = access.read_header(place, master, floor=floor).vault_id
        door = SetupDoor(make=make, enter=enter, sheet=self._sheet(vault_id))
        self.window.show_page(SetupPage(door, self.jobs, is_renewal=True))

    def _leave_for_rekey(self, master: "MasterKey") -> None:
        """Close the vault, and give it a new master key with a new passphrase and sheet."""

        def leave() -> None:
            self._show_rekey(master)
            self._close_desk()

        self.locking.when_alone(leave)

    def _show_rekey(self, master: "MasterKey") -> None:
        from crisisdesk.ui.setup import SetupDoor, SetupPage  # noqa: PLC0415  as above
        from crisisdesk.vault import access, rekey  # noqa: PLC0415  as above

        place, clock, floor = self._place, self._clock, self._costs()[1]
        header = access.read_header(place, master, floor=floor)

        def make(passphrase: str, code: "RecoveryCode") -> "MasterKey":
            ways = rekey.NewWays(passphrase=passphrase, recovery=code)
            return rekey.rekey(place, master, ways, clock, cost=access.cost_of(header), floor=floor)

        def enter(key: "MasterKey", _practice: "Practice | None") -> None:
            master.wipe()
            opened = self._enter(key)
            opened.desk.keys.rekeyed()
            opened.say(_("The lock is changed. Make a new hand-over envelope, and a copy on each drive."))

        def leave() -> None:
            master.wipe()
            self._show_unlock()

        door = SetupDoor(make=make, enter=enter, sheet=self._sheet(header.vault_id), leave=leave)
        page = SetupPage(door, self.jobs, is_renewal=True)
        self.window.show_page(page)
        QTimer.singleShot(_UNATTENDED, page, page.leave)

    def _show_restore(self, file: Path | None = None, carried: "Carried | None" = None) -> None:
        """Go back to a backup, with the vault closed or where there is none yet."""
        from crisisdesk.ui.safekeeping.restore_page import RestoreDoor, RestorePage  # noqa: PLC0415  as above

        door = RestoreDoor(
            paths=self._place,
            clock=self._clock,
            floor=self._costs()[1],
            has_vault=self._place.database.exists(),
            back=self._show_locked_or_setup,
            done=lambda words: self._show_unlock(since=words),
            carried=carried,
        )
        page = RestorePage(door, self.jobs, file=file)
        self.window.show_page(page)
        if carried is not None:  # what it says of legal holds does not stay in memory behind an empty chair
            QTimer.singleShot(_UNATTENDED, page, page.leave)

    def _leave_for_restore(self, file: Path) -> None:
        def leave() -> None:
            desk = self.desk
            self._show_restore(file, desk.safekeeping.carried_for_file(file) if desk is not None else None)
            self._close_desk()

        self.locking.when_alone(leave)

    def _show_locked_or_setup(self) -> None:
        if vault_place.exists(self._place):
            self._show_unlock()
        else:
            self._show_setup()

    def _go_to_other(self, folder: Path) -> None:
        place = VaultPaths(folder)
        if not vault_place.exists(place):
            raise VaultMissing(_("There is no vault in that folder."))
        self._place = place
        self._show_unlock()

    def _try_look_around(self) -> None:
        from crisisdesk.ui import ask  # noqa: PLC0415  as above

        try:
            self.look_around()
        except DeskError as problem:
            ask.tell(self.window, _("The practice desk could not be opened"), str(problem))

    def _sheet(self, vault_id: bytes) -> "Callable[[RecoveryCode], bytes]":
        """Return what prints the recovery sheet of a vault; the sheet bears the start of the vault's id."""
        from crisisdesk.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf  # noqa: PLC0415  as above

        def sheet(code: "RecoveryCode") -> bytes:
            made_at = self._clock.local(self._clock.now())
            return recovery_sheet_pdf(RecoverySheet(code=str(code), vault=vault_id.hex()[:_SHEET_ID], made_at=made_at))

        return sheet

    def _open(self, store: "Store", commands: "Sequence[Command[Context]]" = ()) -> "Opened":
        from crisisdesk.ui.opened import Opened  # noqa: PLC0415  as above

        own: list[Command[Context]] = [
            Command("vault.lock", N_("Lock now"), self._lock_now, "Ctrl+L", "lock", "desk", leaves=True),
            Command("app.quit", N_("Close CrisisDesk"), self._quit, "Ctrl+Q", "out", "desk", leaves=True),
            *commands,
        ]
        opened = Opened(store, self._clock, self.window, self.jobs, commands=own, pages=self._pages)
        opened.desk.keys.floor = self._costs()[1]
        self._opened = opened
        is_practice = opened.desk.practice.get().is_practice_desk
        if self.account is not None and not is_practice:
            opened.desk.this_computer.account = self.account()
        if not is_practice:
            self.locking.take_back(opened.desk)
        left = None if is_practice else lock_place.take(opened.desk)
        with suppress(DeskError):  # the backup is there; that it is not written down keeps nobody out
            opened.desk.safekeeping.opened()
        opened.show(left)
        self.locking.opened(opened.desk, is_watched=not is_practice)
        if left is not None or store.rollback_warning is not None:
            opened.go_back(self.locking, left, store.rollback_warning)
        return opened

    def _show_anew(self) -> None:
        # Later, when the command that asked has returned: its own action goes with the pages.
        QTimer.singleShot(0, self, self._make_anew)

    def _make_anew(self) -> None:
        if self._opened is not None:
            self._opened.show_anew()

    # Commands

    def _leave_command(self) -> "Command[Context]":
        return Command("practice.leave", N_("Leave the practice desk"), self._leave_practice, icon="out", menu="desk")

    def _lock_now(self, context: "Context") -> None:
        del context
        self.lock()

    def _leave_practice(self, context: "Context") -> None:
        del context
        QTimer.singleShot(0, self, self._back_to_start)

    def _quit(self, context: "Context") -> None:
        del context
        self.locking.when_alone(self.window.close)

    # Closing

    def lock(self, reason: Reason = Reason.ASKED) -> None:
        """Close the vault, forget its key and show the locked window; what is being written is kept first."""
        self.locking.lock(reason)

    def _show_locked_since(self, reason: Reason) -> None:
        at = self._clock.local(self._clock.now())
        self._show_locked(_("Since {hour}:{minute}").format(hour=at.hour, minute=f"{at.minute:02d}"), reason.value)

    def _show_locked(self, since: str, why: str = "") -> None:
        has_kept = self._opened is not None and self._opened.has_drafts
        if vault_place.exists(self._place):
            self._show_unlock(since=since, has_kept=has_kept)
        else:
            self._show_setup()
        self._close_desk(why)

    def _back_to_start(self) -> None:
        self._show_locked("")
        shutil.rmtree(paths.home() / "practice", ignore_errors=True)

    def _close_desk(self, why: str = "") -> None:
        if self._opened is not None:
            opened, self._opened = self._opened, None
            opened.close(why)
            self.locking.closed()

    def leave_now(self) -> None:
        """End, because the system says so: what is half typed is kept, the vault closed, and nothing is asked."""
        self.locking.leave_now(self._leave)

    def _leave(self) -> None:
        self._close_desk(Reason.SHUTDOWN.value)
        self.window.leave()
        QApplication.exit(0)

    def about_to_quit(self) -> None:
        """Close the vault if that is still to be done: Windows ends the process right after it said so."""
        if self._opened is not None:
            self.locking.leave_at_once()
            self._close_desk(Reason.SHUTDOWN.value)

    def end(self) -> None:
        """Close everything, in the order in which nothing is missed."""
        self._ahead.clear()
        self.locking.end()
        self.jobs.close()
        self._close_desk()
        self.window.close()

    def _dress_again(self) -> None:
        self.window.dress_again()

    def sorry(self, code: str, sentence: str = "") -> None:
        """Say once what went wrong; nothing that was written is lost."""
        from crisisdesk.ui import ask  # noqa: PLC0415  as above

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Open CrisisDesk and return when it is closed. ``--practice`` opens it on made-up people."""
    harden()
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.umask(0o077)  # whatever this program writes is its user's alone (security.md 3.1)
    identity.name_program()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setWindowIcon(identity.program_icon())
    logs.start()
    sweeper = Sweeper(app)
    sweeper.start()
    program = Program(app, place=paths.vault(), clock=SystemClock(), host=Host(listeners=listeners.here()))
    crash = Crash(program.sorry, program)
    crash.install(paths.logs())
    program.account = computer.is_administrator
    ending = Ending(app, keep=program.locking.keep_now, leave=program.leave_now)
    ending.start()
    app.aboutToQuit.connect(program.about_to_quit)
    program.start(practice="--practice" in given)
    try:
        return app.exec()
    finally:
        program.end()
        ending.stop()
        sweeper.stop()
        crash.uninstall()
        logs.stop()
