"""The window. The only folder that imports Qt; it holds ids and shows what the desk tells it."""

import ctypes
import sys


def _hold_constants() -> None:
    """Keep ``None``, ``True`` and ``False`` alive under Python 3.10 and 3.11.

    PySide6 6.12 gives back references that it never took: to None at each call without a result, to True at each
    signal that is sent. After some thousands Python dies of "none_dealloc" or "bool_dealloc", in the midst of work or
    while it ends. From 3.12 on these are immortal; here they are made nearly so.
    """
    if sys.version_info < (3, 12):
        for constant in (None, True, False):
            ctypes.c_ssize_t.from_address(id(constant)).value += 1 << 60


_hold_constants()
