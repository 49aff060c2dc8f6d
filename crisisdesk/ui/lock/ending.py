"""Hears that the system ends the program: a signal, the end of the session, an installer that needs its files.

Linux and macOS send a signal. Windows asks each program first whether its session may end, then says that it does:
when it shuts down, and when an installer closes what it is about to replace. Windows and macOS were not run.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Timer

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QGuiApplication

_SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP")
_PATIENCE = 4.0  # seconds from the signal to the end, whatever is under way: systems kill after five and more
_MOST = 64  # signals read at once


class Ending(QObject):
    """Calls on the main thread: ``keep`` when the session may end, ``leave`` when the program must end now.

    After ``leave`` the process ends by itself within seconds, even if something holds it: all that is saved is saved
    in whole transactions.
    """

    def __init__(
        self,
        app: QGuiApplication,
        *,
        keep: Callable[[], object],
        leave: Callable[[], object],
        patience: float = _PATIENCE,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._keep = keep
        self._leave = leave
        self._patience = patience
        self._pipe: tuple[int, int] | None = None
        self._notifier: QSocketNotifier | None = None
        self._before: dict[int, object] = {}

    def start(self) -> None:
        """Listen from now on. On the main thread, once."""
        self._app.commitDataRequest.connect(self._asked)
        if sys.platform == "win32":
            return  # nobody sends a signal to a program with a window
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        self._notifier = QSocketNotifier(self._pipe[0], QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)
        signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        for name in _SIGNALS:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup wants it to go on
                self._before[number] = signal.signal(number, _wake)

    def stop(self) -> None:
        """Listen no more."""
        self._app.commitDataRequest.disconnect(self._asked)
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]  # as it was
        self._before = {}
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self._pipe is not None:
            signal.set_wakeup_fd(-1)
            for end in self._pipe:
                os.close(end)
            self._pipe = None

    def _asked(self) -> None:
        self._keep()

    def _heard(self) -> None:
        if self._pipe is None:
            return
        numbers = b""
        with suppress(BlockingIOError):
            numbers = os.read(self._pipe[0], _MOST)
        if not any(number in self._before for number in numbers):
            return
        last = Timer(self._patience, os._exit, (0,))
        last.daemon = True
        last.start()
        self._leave()


def _wake(_number: int, _frame: object) -> None:
    """Do nothing here, between any two instructions: the pipe wakes the window's thread."""
