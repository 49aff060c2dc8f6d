"""Starts the program anew if the window can't lock: a system's own dialog may hold its thread for hours."""

import threading
from collections.abc import Callable

from crisisdesk.ui.lock.watch import Watch

LATE = 5.0  # seconds that the window has for a lock
_LOOK = 1.0  # seconds between two looks


class Watchdog:
    """A thread that looks at the clocks by itself; it touches nothing of the window's or of the vault's."""

    def __init__(self, watch: Watch, restart: Callable[[], object]) -> None:
        self._watch = watch
        self._restart = restart
        self._over = threading.Event()
        self._asked_at: float | None = None
        self._seen_at = watch.clocks.steady()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look from now on."""
        if self._thread is None:
            self._over = threading.Event()
            self._asked_at = None
            self._seen_at = self._watch.clocks.steady()
            self._thread = threading.Thread(target=self._run, name="lock watchdog", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def must_lock(self) -> None:
        """Count from now: a lock was asked for that can't wait. On any thread."""
        if self._asked_at is None:
            self._asked_at = self._watch.clocks.steady()

    def is_too_late(self) -> bool:
        """Whether the window should have locked, and has not."""
        now = self._watch.clocks.steady()
        due_at = self._watch.due_at
        if due_at is None:
            self._asked_at = None
            self._seen_at = now
            return False
        if now - self._seen_at > self._watch.limits.jump:
            self.must_lock()  # the computer slept
        self._seen_at = now
        ends = [due_at, *([] if self._asked_at is None else [self._asked_at])]
        return now > min(ends) + LATE

    def _run(self) -> None:
        while not self._over.wait(_LOOK):
            if self.is_too_late():
                self._restart()
                return
