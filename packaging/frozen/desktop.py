"""Finds a program's window on Windows and macOS and closes it as a person would. Not run yet: no such computer here."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BEAT = 0.02  # seconds between two looks
_CLOSE = 0x0010  # WM_CLOSE
_OSASCRIPT = "/usr/bin/osascript"


class Desktop:
    """The desktop that this runs on."""

    def painted(self, title: str, limit: float, is_running: Callable[[], bool]) -> int | None:
        """Wait for a window with a title and return it; None if the program or the time ended before."""
        until = time.monotonic() + limit
        while time.monotonic() < until and is_running():
            window = _windows_window(title) if sys.platform == "win32" else _mac_window(title)
            if window:
                return window
            time.sleep(_BEAT)
        return None

    def connections(self, process: int) -> list[str]:
        """Return the network connections of a running program, as the system's own tool lists them."""
        windows = ["netstat", "-ano"]
        mac = ["/usr/sbin/lsof", "-nP", "-i", "-a", "-p", str(process)]
        asked = windows if sys.platform == "win32" else mac
        told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()  # noqa: S603  as below
        if sys.platform == "win32":
            return [line.strip() for line in told if line.split()[-1:] == [str(process)]]
        return told[1:]  # after its heading

    def close(self, window: int) -> None:
        """Close it: the cross on Windows, Quit on a Mac."""
        if sys.platform == "win32":
            getattr(ctypes, "windll").user32.PostMessageW(ctypes.c_void_p(window), _CLOSE, 0, 0)  # noqa: B009  Windows alone has it
        else:
            _say_to_mac('tell application "CrisisDesk" to quit')


def _windows_window(title: str) -> int:
    user = getattr(ctypes, "windll").user32  # noqa: B009  as above
    user.FindWindowW.restype = ctypes.c_void_p
    window = user.FindWindowW(None, title)
    return int(window) if window and user.IsWindowVisible(ctypes.c_void_p(window)) else 0


def _mac_window(title: str) -> int:
    asked = f'tell application "System Events" to count windows of (processes whose name is "{title}")'
    return int(_say_to_mac(asked).strip().rpartition(" ")[2] or 0)


def _say_to_mac(words: str) -> str:
    done = subprocess.run([_OSASCRIPT, "-e", words], capture_output=True, text=True, check=False)  # noqa: S603  the system's
    return done.stdout
