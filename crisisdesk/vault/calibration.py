"""How dear a guess at the passphrase can be made on this computer without her waiting for it."""

import ctypes
import os
import sys
import time
from collections.abc import Callable

from crisisdesk.errors import VaultError
from crisisdesk.vault.slots import SALT_BYTES, Cost, stretch

_LEAST = 0.5  # seconds that unlocking may well take
_AIM = 0.75
_MOST_KIB = 1_048_576
_STEP_KIB = 65_536
_SHARE = 8  # of all memory: what is free today may not be tomorrow


def calibrate(timed: Callable[[Cost], float] | None = None, memory_kib: int | None = None) -> Cost:
    """Return what a new vault's keys should cost here: the usual, or more memory where that is quick. For a job.

    Never less than the usual: a slow computer or one with little memory waits a little longer. Tests bring a clock
    (``timed``: seconds that a cost takes) and the computer's memory.
    """
    usual = Cost.DEFAULT
    try:
        took = (timed or _timed)(usual)
    except VaultError:
        return usual  # no memory for it now; making the keys will say so
    if took >= _LEAST:
        return usual
    room = (_memory_kib() if memory_kib is None else memory_kib) // _SHARE
    wanted = int(usual.memory_kib * _AIM / max(took, 0.001))
    memory = min(wanted, room, _MOST_KIB) // _STEP_KIB * _STEP_KIB
    return Cost(memory_kib=max(usual.memory_kib, memory), passes=usual.passes, lanes=usual.lanes)


def _timed(cost: Cost) -> float:
    start = time.perf_counter()
    stretch(bytearray(b"how long does it take"), cost, os.urandom(SALT_BYTES))
    return time.perf_counter() - start


def _memory_kib() -> int:
    """Return the memory of this computer; 0 if it does not say. Windows: not run here."""
    if sys.platform == "win32":
        status = (ctypes.c_uint64 * 8)(64)  # MEMORYSTATUSEX: two 32-bit numbers, then seven of 64 bits
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status[1]) // 1024
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024
    except (ValueError, OSError):
        return 0
