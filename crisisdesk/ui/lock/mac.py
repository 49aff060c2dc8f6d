"""What macOS tells: the screen is locked, the session is another user's, sleep. Not run: no such computer here.

Core Foundation's distributed notifications come on the main run loop, which is Qt's on macOS.
"""

import ctypes
import ctypes.util
from typing import Any

from crisisdesk.ui.lock.listeners import Tell
from crisisdesk.ui.lock.reason import Reason

TOLD = {
    "com.apple.screenIsLocked": Reason.SESSION,
    "com.apple.screensaver.didstart": Reason.SESSION,
    "com.apple.sessionDidResignActive": Reason.SESSION,
    "com.apple.shutdownInitiated": Reason.SHUTDOWN,
}
_SLEEPS = 0xE0000280  # kIOMessageSystemWillSleep
_CAN_SLEEP = 0xE0000270  # kIOMessageCanSystemSleep
_UTF8 = 0x08000100
_AT_ONCE = 4  # CFNotificationSuspensionBehaviorDeliverImmediately
_Heard = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
_Slept = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p)


class MacListeners:
    """An observer of the distributed notifications, and of the power manager."""

    def __init__(self) -> None:
        self.are_heard = False
        self._kept: list[Any] = []  # what Core Foundation points at
        self._centre: int | None = None
        self._core: ctypes.CDLL | None = None

    def start(self, tell: Tell) -> None:
        """Listen from now on."""
        try:
            core = ctypes.CDLL(ctypes.util.find_library("CoreFoundation") or "")
            self._observe(core, tell)
            self._watch_power(core, tell)
        except (OSError, AttributeError):
            return
        self.are_heard = True

    def stop(self) -> None:
        """Listen no more."""
        if self._core is not None and self._centre is not None:
            self._core.CFNotificationCenterRemoveEveryObserver(ctypes.c_void_p(self._centre), ctypes.c_void_p(id(self)))
        self.are_heard = False

    def _observe(self, core: ctypes.CDLL, tell: Tell) -> None:
        core.CFNotificationCenterGetDistributedCenter.restype = ctypes.c_void_p
        core.CFStringCreateWithCString.restype = ctypes.c_void_p
        centre = core.CFNotificationCenterGetDistributedCenter()
        for name, reason in TOLD.items():

            def heard(*_what: object, own: Reason = reason) -> None:
                tell(own)

            function = _Heard(heard)
            words = core.CFStringCreateWithCString(None, name.encode("ascii"), ctypes.c_uint32(_UTF8))
            core.CFNotificationCenterAddObserver(
                ctypes.c_void_p(centre),
                ctypes.c_void_p(id(self)),
                function,
                ctypes.c_void_p(words),
                None,
                ctypes.c_long(_AT_ONCE),
            )
            self._kept.append(function)
        self._core, self._centre = core, centre

    def _watch_power(self, core: ctypes.CDLL, tell: Tell) -> None:
        """Hear of sleep before it comes, and allow it: the lock is quicker than the half minute that is granted."""
        power = ctypes.CDLL(ctypes.util.find_library("IOKit") or "")
        power.IORegisterForSystemPower.restype = ctypes.c_uint32
        power.IONotificationPortGetRunLoopSource.restype = ctypes.c_void_p
        core.CFRunLoopGetMain.restype = ctypes.c_void_p
        port, notifier = ctypes.c_void_p(), ctypes.c_uint32()

        def slept(_own: object, _service: int, message: int, argument: int) -> None:
            if message == _SLEEPS:
                tell(Reason.SLEEP)
            if message in {_SLEEPS, _CAN_SLEEP}:
                power.IOAllowPowerChange(ctypes.c_uint32(root), ctypes.c_void_p(argument))

        function = _Slept(slept)
        root = power.IORegisterForSystemPower(None, ctypes.byref(port), function, ctypes.byref(notifier))
        source = power.IONotificationPortGetRunLoopSource(port)
        mode = ctypes.c_void_p.in_dll(core, "kCFRunLoopCommonModes")
        core.CFRunLoopAddSource(ctypes.c_void_p(core.CFRunLoopGetMain()), ctypes.c_void_p(source), mode)
        self._kept.extend((function, power))
