"""What Windows tells: the session locked or left, sleep, and the end of the session. Not run: no such computer here.

A hidden window of our own would miss nothing that the program's window gets, so the messages are taken where Qt hands
out those of every window: a filter on the application. Registration needs one window; it is made for that alone.
"""

import ctypes
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication
from PySide6.QtGui import QWindow

from crisisdesk.ui.lock.listeners import Tell
from crisisdesk.ui.lock.reason import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

SESSION_CHANGE, POWER, QUERY_END = 0x02B1, 0x0218, 0x0011  # WM_WTSSESSION_CHANGE, WM_POWERBROADCAST, WM_QUERYENDSESSION
_LEFT = frozenset({2, 4, 6, 7})  # console and remote disconnect, logoff, lock (WTS_…)
_SUSPEND = 4  # PBT_APMSUSPEND
_THIS_SESSION = 0  # NOTIFY_FOR_THIS_SESSION


def reason_of(message: int, detail: int) -> Reason | None:
    """Return what a message of Windows means here, if it means anything."""
    if message == SESSION_CHANGE and detail in _LEFT:
        return Reason.SESSION
    if message == POWER and detail == _SUSPEND:
        return Reason.SLEEP
    return Reason.SHUTDOWN if message == QUERY_END else None


class _Message(ctypes.Structure):
    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("detail", ctypes.c_size_t),
        ("more", ctypes.c_ssize_t),
        ("time", ctypes.c_ulong),
        ("x", ctypes.c_long),
        ("y", ctypes.c_long),
    )


class _Filter(QAbstractNativeEventFilter):
    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def nativeEventFilter(
        self,
        eventType: QByteArray | bytes | bytearray | memoryview,  # noqa: N803  Qt's signature
        message: int,
    ) -> object:
        kind = eventType.data() if isinstance(eventType, QByteArray) else bytes(eventType)
        if kind in {b"windows_generic_MSG", b"windows_dispatcher_MSG"}:
            seen = _Message.from_address(int(message))
            reason = reason_of(seen.message, seen.detail)
            if reason is not None:
                self._tell(reason)
        return False, 0


class WindowsListeners:
    """Registered with Windows for this session."""

    def __init__(self) -> None:
        self._window: QWindow | None = None
        self._filter: _Filter | None = None
        self.are_heard = False

    def start(self, tell: Tell) -> None:
        """Listen from now on."""
        app = QCoreApplication.instance()
        if app is None:
            return
        self._window = QWindow()
        self._window.create()
        self._filter = _Filter(tell)
        app.installNativeEventFilter(self._filter)
        self.are_heard = bool(self._call("WTSRegisterSessionNotification", _THIS_SESSION))

    def stop(self) -> None:
        """Listen no more."""
        app = QCoreApplication.instance()
        if self._filter is not None and app is not None:
            app.removeNativeEventFilter(self._filter)
            self._filter = None
        if self.are_heard:
            self._call("WTSUnRegisterSessionNotification")
            self.are_heard = False
        self._window = None

    def _call(self, name: str, *more: int) -> int:
        loader: Callable[[str], ctypes.CDLL] = getattr(ctypes, "WinDLL")  # noqa: B009  Windows alone has it
        try:
            function = getattr(loader("wtsapi32"), name)
        except (OSError, AttributeError):
            return 0
        window = ctypes.c_void_p(int(self._window.winId()) if self._window is not None else 0)
        return int(function(window, *more))
