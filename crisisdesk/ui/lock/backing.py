"""The backup that is due, in two parts: its pages are copied while the vault is open, the rest needs no vault.

The copy is a job. Sealing it takes seconds, and holds nothing but the few keys that it needs, so it has a thread of its
own: neither a lock nor an unlock nor another job waits for it or stops it, and it ends with the program.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from crisisdesk.errors import DeskError, VaultError
from crisisdesk.i18n import _

if TYPE_CHECKING:
    from crisisdesk.desk import Desk
    from crisisdesk.ui.jobs import Jobs, Running
    from crisisdesk.vault.backup import Backup
    from crisisdesk.vault.making import Making

FOR_SEALING = 60.0  # seconds that a program which was closed stays for; then the backup is given up


class _GivenUp(Exception):  # noqa: N818  no error: the program ends
    """Raised inside the sealing."""


class _Sealing:
    """The second half of one backup, on its own thread."""

    def __init__(self, making: "Making", tell: Callable[["_Sealing"], None]) -> None:
        self.making = making
        self.made: Backup | None = None
        self.problem: BaseException | None = None
        self._tell = tell
        self._is_given_up = Event()
        self.thread = Thread(target=self._run, name="sealing", daemon=True)

    def end(self, seconds: float) -> None:
        """Wait for it, but no longer than this; what is given up leaves nothing that is listed."""
        self.thread.join(seconds)
        self._is_given_up.set()

    def _run(self) -> None:
        try:
            self.made = self.making.seal(self._go_on)
        except _GivenUp:
            return
        except OSError:  # the folder is gone, or its disk
            self.problem = VaultError(_("The folder for backups can’t be reached. The next backup will be tried anew."))
        except BaseException as problem:  # noqa: BLE001  sorted on the main thread, as a job's
            self.problem = problem
        self._tell(self)

    def _go_on(self, _done: float) -> None:
        if self._is_given_up.is_set():
            raise _GivenUp


class Backing(QObject):
    """Makes the backup that is due at a lock, at quitting, and while nobody is there."""

    _sealed = Signal(object)

    def __init__(self, jobs: "Jobs", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._desk: Desk | None = None
        self._making: Making | None = None  # whose pages are being copied, or are copied and wait
        self._sealing: _Sealing | None = None
        self._unsaid: tuple[Making, DeskError] | None = None  # went wrong while the vault was closed
        self._after: Callable[[], object] | None = None
        self.running: Running | None = None  # the copying
        # Queued: it is told on the sealing's thread.
        self._sealed.connect(self._write_down, Qt.ConnectionType.QueuedConnection)

    @property
    def is_copying(self) -> bool:
        """Whether the open vault's pages are being copied."""
        return self.running is not None

    @property
    def is_due(self) -> bool:
        """Whether the vault should not be closed before its pages are copied."""
        if self._desk is None or self._sealing is not None:
            return False
        with suppress(DeskError):
            return self.is_copying or self._desk.safekeeping.is_due()
        return False

    @property
    def is_sealing(self) -> bool:
        """Whether a copy is being made a backup."""
        return self._sealing is not None

    def opened(self, desk: "Desk") -> None:
        """Tell a desk that was unlocked what went wrong while it was closed. What went well it has found itself."""
        self._desk = desk
        unsaid, self._unsaid = self._unsaid, None
        if unsaid is not None and desk.safekeeping.owns(unsaid[0]):
            with suppress(DeskError):
                desk.safekeeping.failed(unsaid[1])

    def copy(self, after: Callable[[], object] | None = None) -> bool:
        """Begin to copy if a backup is due, or say that it is under way; ``after`` is called once, when that is over.

        Without ``after`` the copy is sealed at once; with it, when ``seal`` is called.
        """
        if self.running is None and not self._begin():
            return False
        self._after = after
        return True

    def _begin(self) -> bool:
        desk = self._desk
        if desk is None or self._sealing is not None or self._making is not None:
            return False
        try:
            making = desk.safekeeping.start_due()
        except DeskError:
            return False  # a full disk must not keep the vault open
        if making is None:
            return False

        def copy() -> None:
            making.copy()

        self._making = making
        self.running = self._jobs.start(self, copy, done=self._copied, failed=self._failed)
        return True

    def give_up(self) -> None:
        """Stop copying, and leave nothing behind. Harmless when nothing is under way; what is sealed goes on."""
        self._after = None
        if self.running is not None:
            self.running.cancel()
            self.running = None
            making, self._making = self._making, None
            if making is not None:
                making.cancel()

    def seal(self) -> None:
        """Make a backup of what is copied, whatever becomes of the vault. Harmless when nothing is."""
        if self.running is not None or self._making is None:
            return
        self._sealing = _Sealing(self._making, self._sealed.emit)
        self._making = None
        self._sealing.thread.start()

    def closed(self) -> None:
        """Forget the desk: its vault is closed. A copy that is whole is sealed."""
        self.give_up()
        self.seal()
        self._desk = None

    def end(self, seconds: float | None = None) -> None:
        """Wait for the sealing at the program's end; give it up after so many seconds."""
        self.closed()
        sealing, self._sealing = self._sealing, None
        if sealing is not None:
            sealing.end(FOR_SEALING if seconds is None else seconds)

    def _copied(self, _nothing: None) -> None:
        self.running = None
        after, self._after = self._after, None
        if after is None:
            self.seal()
        else:
            after()

    def _failed(self, problem: DeskError) -> None:
        self.running = self._making = None
        after, self._after = self._after, None
        if self._desk is not None:
            with suppress(DeskError):
                self._desk.safekeeping.failed(problem)
        if after is not None:
            after()

    def _write_down(self, sealing: _Sealing) -> None:
        if self._sealing is sealing:
            self._sealing = None
        problem, desk = sealing.problem, self._desk
        if problem is not None and not isinstance(problem, DeskError):
            raise problem
        if desk is None or not desk.safekeeping.owns(sealing.making):
            if problem is not None:
                self._unsaid = (sealing.making, problem)
            return
        with suppress(DeskError):
            if problem is not None:
                desk.safekeeping.failed(problem)
            else:
                desk.safekeeping.opened(sealing.made)
