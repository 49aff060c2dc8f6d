"""The window. The only folder that imports Qt; it holds ids and shows what the desk tells it."""

import ctypes
import sys


def _hold_none() -> None:
    """Keep ``None`` alive under Python 3.10 and 3.11.

    PySide6 6.12 gives back a reference to None that it never took, at each call without a result: after some
    thousands of calls Python dies of "none_dealloc". From 3.12 on None is immortal; here it is made nearly so.
    """
    if sys.version_info < (3, 12):
        ctypes.c_ssize_t.from_address(id(None)).value += 1 << 60


_hold_none()
