"""Locks: covers at once, keeps what is typed, leaves every dialog, closes the vault; a hard lock then starts anew."""

import gc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from crisisdesk.errors import DeskError
from crisisdesk.i18n import _
from crisisdesk.ui import half_asked
from crisisdesk.ui.clipboard import OwnClipboard
from crisisdesk.ui.lock import place, restart
from crisisdesk.ui.lock import rollback as older
from crisisdesk.ui.lock.backing import Backing
from crisisdesk.ui.lock.countdown import Countdown
from crisisdesk.ui.lock.guard import Guard
from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.lock.watch import UNHEARD, Limits, SystemClocks, TwoClocks, Watch

if TYPE_CHECKING:
    from crisisdesk.desk import Desk
    from crisisdesk.ui.jobs import Jobs
    from crisisdesk.ui.lock.listeners import Listeners
    from crisisdesk.ui.page import Context
    from crisisdesk.ui.window import Window
    from crisisdesk.vault.opening import Rollback

_BLINK = 10  # milliseconds between two looks whether the dialogs are gone
_PATIENCE = 2.0  # seconds for a dialog of the system's; then only starting anew closes it
_FOR_COPY = 2.0  # seconds for a backup's pages; a lock is worth more than a copy
_BRIEF = 1.0  # seconds for a dialog when the system ends the program
_SESSION_ENDS = 60_000  # milliseconds after which a session that was about to end goes on after all
_FOR_WORK = 4.0  # seconds for a file or a key that is just being written; less than the watchdog has


@dataclass(frozen=True)
class Host:
    """What a lock stands on: the clocks, how a process starts anew in its own place, and who hears the system.

    Without listeners nobody expects the system to tell anything: tests, and the practice desk.
    """

    clocks: TwoClocks = field(default_factory=SystemClocks)
    start_anew: Callable[[], object] = restart.anew
    listeners: "Listeners | None" = None


class Locking(QObject):
    """Everything between "lock" and the locked window, and the way back.

    ``close(reason)`` shows the locked window and closes the vault.
    """

    def __init__(
        self,
        window: "Window",
        jobs: "Jobs",
        close: Callable[[Reason], object],
        *,
        host: Host | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._clipboard = OwnClipboard(QGuiApplication.clipboard(), self)
        self._jobs = jobs
        self._close = close
        host = host or Host()
        self._start_anew = host.start_anew
        self._clocks = host.clocks
        self._desk: Desk | None = None
        self._reason: Reason | None = None
        self._left: place.LeftAt | None = None
        self._backing = Backing(jobs, self)
        self._pockets: list[bytes] = []  # what a full disk did not take, sealed: words that only this process has
        self._is_waiting_for_copy = False
        self._is_quitting = False
        self._is_ending = False  # the system ends the program, or is about to: it does not wait for long
        self._is_clean = True  # nothing of a vault was in this process's memory yet
        self._countdown: Countdown | None = None
        self.guard = Guard(Watch(self._clocks), host.start_anew, self)
        self.guard.due.connect(lambda reason: self.lock(Reason(reason)))
        self.guard.warned.connect(self._warn)
        self.guard.rested.connect(self._back_up)
        window.covered = self.guard.covered
        window.leaving = self.quits_later
        self._listeners = host.listeners
        self.guard.start()
        if self._listeners is not None:
            self._listeners.start(self.guard.tell)
            window.hears_system = lambda: self.hears_system

    # Open ------------------------------------------------------------------------------------------------------

    def opened(self, desk: "Desk", *, is_watched: bool) -> None:
        """Watch over an open desk from now on. The practice desk isn't: its people are made up."""
        self._desk = desk
        self._is_clean = False
        if not is_watched:
            return
        self._backing.opened(desk)
        self.guard.opened()
        self.guard.watchdog.start()
        self.follow(desk)
        desk.subscribe(lambda changes: self.follow(desk) if changes.touches("setting") else None)

    def follow(self, desk: "Desk") -> None:
        """Take over the lock's settings."""
        locks = desk.locks.get()
        idle: float = locks.idle_minutes * 60
        if not self.hears_system:
            idle = min(idle, UNHEARD)
        self.guard.watch.limits = Limits(idle=idle)
        self._window.covers_when_minimized = locks.cover_minimized
        self.guard.capture.is_allowed = locks.is_capture_allowed

    @property
    def hears_system(self) -> bool:
        """Whether the system tells when it is locked or goes to sleep. Without listeners nobody asked for them."""
        return self._listeners is None or self._listeners.are_heard

    def go_back(self, context: "Context", *, left: place.LeftAt | None, rollback: "Rollback | None" = None) -> None:
        """Say first that the file is an older one, then open what was half typed, once the window stands."""
        QTimer.singleShot(0, self, lambda: self._go_back(context, left, rollback))

    def _go_back(self, context: "Context", left: place.LeftAt | None, rollback: "Rollback | None") -> None:
        if self._is_still(context) and rollback is not None:
            older.warn(context, rollback)
        if self._is_still(context) and left is not None:
            place.open_forms(context, left)

    def _is_still(self, context: "Context") -> bool:
        return self._desk is context.desk and self._reason is None

    # Locking ---------------------------------------------------------------------------------------------------

    def lock(self, reason: Reason = Reason.ASKED) -> None:
        """Lock. Nothing that was typed is lost, whatever dialog stands open."""
        if self._desk is None:
            if reason.is_hard and not self._is_clean and not self._pockets:
                self._start_anew()
            return
        if self._reason is not None:
            self._harden(reason)
            return
        self._reason = reason
        self._clipboard.forget()
        self._window.cover(is_closing=True)
        self._window.repaint()  # now, not after what follows
        self._left = place.look(self._window)
        self._when_alone(self._copy_and_close)

    def when_alone(self, act: Callable[[], object]) -> None:
        """Leave all dialogs, and act when whoever asked has their answers: none may stand over a closed desk.

        What is being made for the window is stopped too: no page of hers may be ready after the key is gone.
        """
        place.flush(self._window)
        self._when_alone(act)

    def _when_alone(self, act: Callable[[], object], *, for_work: bool = True) -> None:
        from crisisdesk.ui import ask  # noqa: PLC0415  the locked window stands sooner without it
        from crisisdesk.ui.widgets.dialog import Dialog  # noqa: PLC0415  as above

        since = self._clocks.steady()

        def look() -> None:
            waited = self._clocks.steady() - since
            is_asking = Dialog.leave_all() or ask.is_waited_for()
            is_working = self._jobs.stop(but=self._backing.running) and for_work
            if is_asking and waited > _PATIENCE:
                self._leave_by_force()
            elif is_asking or (is_working and waited <= self._patience):
                QTimer.singleShot(_BLINK, self, look)
            else:
                act()

        Dialog.leave_all()
        QTimer.singleShot(0, self, look)

    @property
    def _patience(self) -> float:
        return _PATIENCE if self._reason is not None and self._reason.is_hard else _FOR_WORK

    def _leave_by_force(self) -> None:
        """Close the vault under a dialog that does not go away; whoever waits for it is gone with this process."""
        if self._desk is not None:
            self._keep_place()
            self._desk.close((self._reason or Reason.ASKED).value)
        self._start_anew()

    def _harden(self, reason: Reason) -> None:
        """Do at once what can't wait, although a softer lock is under way."""
        if reason.is_hard:
            self._reason = reason
            if self._is_waiting_for_copy:
                self._wait_no_more()

    def _copy_and_close(self) -> None:
        self.guard.watchdog.stop()  # the window answers: nothing holds its thread
        is_hard = self._reason is not None and self._reason.is_hard
        if is_hard or not self._backing.copy(self._wait_no_more):
            self._backing.give_up()
            self._finish()
            return
        self._is_waiting_for_copy = True
        since = self._clocks.steady()

        def look() -> None:
            if not self._is_waiting_for_copy:
                return
            if self._clocks.steady() - since > _FOR_COPY:
                self._wait_no_more()
            else:
                QTimer.singleShot(_BLINK, self, look)

        look()

    def _wait_no_more(self) -> None:
        """Go on without the copy if it is not whole."""
        self._is_waiting_for_copy = False
        self._backing.give_up()
        self._finish_alone()

    def _finish_alone(self) -> None:
        """Finish after a backup; work that has ended meanwhile may have asked something."""
        self._when_alone(self._finish, for_work=False)

    def _finish(self) -> None:
        reason = self._reason or Reason.ASKED
        self._keep_place()
        is_quitting = self._is_quitting and not self._pockets
        try:
            if is_quitting:
                self._window.leave()
            else:
                self._close(reason)
        finally:
            self._desk = self._reason = self._left = None
            self._is_quitting = False
            self._backing.closed()
            self.guard.locked()
            self.guard.watchdog.stop()
        QTimer.singleShot(0, self, gc.collect)  # once Qt has deleted the pages
        if reason.is_hard and not is_quitting and not self._pockets:
            self._start_anew()

    def _keep_place(self) -> None:
        """Keep where she is. A form stays half typed: it is left, not ended as Esc would."""
        if self._window.shell is not None:
            self._window.shell.close_overlay()
        if self._desk is None or self._left is None or self._desk.practice.get().is_practice_desk:
            half_asked.take_all()
            return
        with suppress(DeskError):  # a full disk must not keep the vault open
            place.keep(self._desk, self._left)
        if sealed := self._desk.unsaved.pocket():
            self._pockets.append(sealed)

    def take_back(self, desk: "Desk") -> None:
        """Give the desk of a vault that was unlocked again what a full disk could not take when it was locked."""
        self._pockets = [sealed for sealed in self._pockets if not desk.unsaved.take_back(sealed)]

    @property
    def holds_words(self) -> bool:
        """Whether this process alone has something that was typed: it must not end before the vault is unlocked."""
        return bool(self._pockets)

    # Quitting --------------------------------------------------------------------------------------------------

    def quits_later(self) -> bool:
        """Whether the window must stay: for a lock that is under way, a backup that is due, or words it alone has."""
        if self._reason is not None:
            self._is_quitting = True
            return True
        if self._desk is None:
            return self.holds_words and not self._is_ending and not self._may_forget()
        is_ending = self._is_ending or _is_session_ending()
        if not self.guard.watch.is_open or is_ending or not self._backing.is_due:
            return False
        self.lock()
        self._is_quitting, self._left = True, None  # she leaves; what could not be kept she has given up
        return True

    def keep_now(self) -> None:
        """Keep what is half typed: the session may end. From now on, and for a while, nothing holds the end up."""
        place.flush(self._window)
        self._is_ending = True
        QTimer.singleShot(_SESSION_ENDS, self, self._goes_on)

    def _goes_on(self) -> None:
        self._is_ending = False

    def leave_now(self, act: Callable[[], object]) -> None:
        """Keep what is half typed and where she is, leave all dialogs, and act: the system ends the program.

        It waits for seconds only, so neither a backup nor a question holds it up; the next start makes the backup.
        """
        from crisisdesk.ui import ask  # noqa: PLC0415  as above
        from crisisdesk.ui.widgets.dialog import Dialog  # noqa: PLC0415  as above

        self._is_ending = self._is_quitting = True
        self._left = place.look(self._window) or self._left
        self._backing.give_up()
        since = self._clocks.steady()

        def look() -> None:
            is_asking = Dialog.leave_all() or ask.is_waited_for()
            self._jobs.stop()
            if is_asking and self._clocks.steady() - since <= _BRIEF:
                QTimer.singleShot(_BLINK, self, look)
            else:
                self._keep_place()
                act()

        look()

    def leave_at_once(self) -> None:
        """Keep where she is; the process ends when this returns, and no dialog can be left any more."""
        self._left = place.look(self._window) or self._left
        self._keep_place()

    def _may_forget(self) -> bool:
        from crisisdesk.ui import ask  # noqa: PLC0415  the locked window stands sooner without it

        return ask.confirm(
            self._window,
            _("Throw away what you typed?"),
            _("The disk was full, so it is not in the vault. Make room on the disk, unlock, and it is kept."),
            act=_("Throw it away"),
            keep=_("Stay here"),
            danger=True,
        )

    def closed(self) -> None:
        """Stop watching: the vault was closed without a lock."""
        self._backing.closed()
        self._desk = None
        self.guard.locked()
        self.guard.watchdog.stop()

    def end(self) -> None:
        """Stop everything. Harmless when done twice."""
        self._window.leaving = None
        self._backing.end(0.0 if self._is_ending else None)
        if not self.guard.is_on:
            return
        self._clipboard.end()
        self.guard.stop()
        self._window.covered = None
        if self._listeners is not None:
            self._listeners.stop()

    # While it is open ------------------------------------------------------------------------------------------

    def _warn(self, seconds: int) -> None:
        if self._countdown is None and seconds:
            self._countdown = Countdown(self._window)
        if self._countdown is not None:
            self._countdown.say(seconds)

    def _back_up(self) -> None:
        """Make the backup that is due while nobody is there, so that an idle lock needs none."""
        if self._reason is None and self.guard.watch.is_open:
            self._backing.copy()


def _is_session_ending() -> bool:
    """Whether the system waits for this program: it does not wait for long."""
    app = QGuiApplication.instance()
    return isinstance(app, QGuiApplication) and app.isSavingSession()
