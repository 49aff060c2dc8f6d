"""Finds a program's window on an X11 screen, sees when it is painted, and closes it as a desktop does.

Standard library and the system's libX11 only: ``check_frozen.py`` runs where nothing else may be.
"""

from __future__ import annotations

import ctypes
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BEAT = 0.005  # seconds between two looks
_VIEWABLE = 2
_CLIENT_MESSAGE = 33
_Z_PIXMAP = 2
_ANY_TYPE = 0
_DEEP = 3  # a window manager puts frames around windows


class _Attributes(ctypes.Structure):
    _fields_ = (
        ("x", ctypes.c_int),
        ("y", ctypes.c_int),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("border", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("visual", ctypes.c_void_p),
        ("root", ctypes.c_ulong),
        ("kind", ctypes.c_int),
        ("gravity", ctypes.c_int * 2),
        ("backing", ctypes.c_int),
        ("planes", ctypes.c_ulong * 2),
        ("save_under", ctypes.c_int),
        ("colours", ctypes.c_ulong),
        ("is_installed", ctypes.c_int),
        ("map_state", ctypes.c_int),
        ("masks", ctypes.c_long * 3),
        ("overrides", ctypes.c_int),
        ("screen", ctypes.c_void_p),
    )


class _Message(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("is_sent", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("room", ctypes.c_char * 192),  # the call copies as much as its largest event
    )


class Screen:
    """One X11 screen."""

    def __init__(self, display: str) -> None:
        self._x = x = ctypes.CDLL("libX11.so.6")
        x.XOpenDisplay.restype = ctypes.c_void_p
        x.XInternAtom.restype = x.XDefaultRootWindow.restype = x.XGetPixel.restype = ctypes.c_ulong
        x.XGetImage.restype = ctypes.c_void_p
        self._on_error = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda *_what: 0)
        x.XSetErrorHandler(self._on_error)  # a window may be gone when it is asked for: else that ends this process
        opened = x.XOpenDisplay(display.encode())
        if not opened:
            raise OSError(f"there is no screen {display}")
        self._display = ctypes.c_void_p(opened)
        self._root = x.XDefaultRootWindow(self._display)

    def painted(self, title: str, limit: float, is_running: Callable[[], bool]) -> int | None:
        """Wait for a window with a title to be painted and return it; None if the program or the time ended before."""
        until = time.monotonic() + limit
        while time.monotonic() < until and is_running():
            for window in self._windows(self._root, _DEEP):
                if title in self._title(window) and self._is_painted(window):
                    return window
            time.sleep(_BEAT)
        return None

    def connections(self, _process: int) -> list[str]:
        """Return nothing: on Linux strace sees every socket."""
        return []

    def close(self, window: int) -> None:
        """Ask a window to close, as the cross in its corner does."""
        data = (ctypes.c_long * 5)(self._atom("WM_DELETE_WINDOW"), 0, 0, 0, 0)
        message = _Message(kind=_CLIENT_MESSAGE, window=window, type=self._atom("WM_PROTOCOLS"), format=32, data=data)
        self._x.XSendEvent(self._display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(message))
        self._x.XFlush(self._display)

    def _atom(self, name: str) -> int:
        return int(self._x.XInternAtom(self._display, name.encode(), 0))

    def _windows(self, parent: int, depth: int) -> Iterator[int]:
        root, above, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        below = ctypes.POINTER(ctypes.c_ulong)()
        found = (ctypes.byref(root), ctypes.byref(above), ctypes.byref(below), ctypes.byref(count))
        if not self._x.XQueryTree(self._display, ctypes.c_ulong(parent), *found):
            return
        windows = [below[number] for number in range(count.value)]
        if count.value:
            self._x.XFree(below)
        for window in windows:
            yield window
            if depth > 1:
                yield from self._windows(window, depth - 1)

    def _title(self, window: int) -> str:
        kind, bits, count, rest = ctypes.c_ulong(), ctypes.c_int(), ctypes.c_ulong(), ctypes.c_ulong()
        text = ctypes.c_char_p()
        asked = (ctypes.c_ulong(self._atom("_NET_WM_NAME")), ctypes.c_long(0), ctypes.c_long(64), 0, _ANY_TYPE)
        found = (ctypes.byref(kind), ctypes.byref(bits), ctypes.byref(count), ctypes.byref(rest), ctypes.byref(text))
        if self._x.XGetWindowProperty(self._display, ctypes.c_ulong(window), *asked, *found):
            return ""
        title = (text.value or b"").decode("utf-8", "replace")
        self._x.XFree(text)
        return title

    def _is_painted(self, window: int) -> bool:
        """Whether it is on the screen and the pixel in its middle is no longer what an empty window has: black."""
        its = _Attributes()
        known = self._x.XGetWindowAttributes(self._display, ctypes.c_ulong(window), ctypes.byref(its))
        if not known or its.map_state != _VIEWABLE:
            return False
        place = (its.width // 2, its.height // 2, 1, 1)
        image = self._x.XGetImage(
            self._display, ctypes.c_ulong(window), *place, ctypes.c_ulong(0xFFFFFF), ctypes.c_int(_Z_PIXMAP)
        )
        if not image:
            return False
        pixel = int(self._x.XGetPixel(ctypes.c_void_p(image), 0, 0)) & 0xFFFFFF
        self._x.XDestroyImage(ctypes.c_void_p(image))
        return pixel != 0
