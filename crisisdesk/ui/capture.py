"""Keeps windows out of screenshots and screen sharing, where a system can: Windows. Not run: no such computer here."""

import ctypes
import sys
from typing import TYPE_CHECKING

from PySide6.QtGui import QWindow

if TYPE_CHECKING:
    from collections.abc import Callable

_SHOWN, _LEFT_OUT = 0x00, 0x11  # WDA_NONE, WDA_EXCLUDEFROMCAPTURE


class Capture:
    """Whether windows may be seen in pictures of the screen."""

    def __init__(self) -> None:
        self.is_allowed = False

    def apply(self, window: QWindow) -> None:
        """Tell the system about a window. Repeated, because Qt may make a window anew; it costs a microsecond."""
        if sys.platform != "win32" or not window.handle():
            return
        loader: Callable[[str], ctypes.CDLL] = getattr(ctypes, "WinDLL")  # noqa: B009  Windows alone has it
        how = _SHOWN if self.is_allowed else _LEFT_OUT
        loader("user32").SetWindowDisplayAffinity(ctypes.c_void_p(int(window.winId())), ctypes.c_uint32(how))
