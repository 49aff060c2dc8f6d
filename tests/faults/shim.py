"""A layer between a program and its disk (shim.c): records every operation on a folder, or lets the k-th one fail.

It is loaded into a child process by LD_PRELOAD; inside that child, ``Shim`` arms it and marks the record.
"""

import ctypes
import hashlib
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("shim.c")
_HEAD = struct.Struct("<BIQI")  # kind, handle, number, length of what follows


class Kind(IntEnum):
    """What was done, as shim.c numbers it."""

    OPEN = 1
    WRITE = 2
    TRUNCATE = 3
    FSYNC = 4
    UNLINK = 5
    RENAME = 6
    MKDIR = 7
    MARK = 8


@dataclass(frozen=True)
class Operation:
    """One operation of the record. ``number`` is an offset, a length, the flags of an open or a mark."""

    kind: Kind
    handle: int
    number: int
    data: bytes


@cache
def library() -> Path:
    """Return the shim, compiled once for this source; skip the test where there is no compiler to do it."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("not run: the shim between program and disk needs Linux and a C compiler (gcc)")
    name = f"crisisdesk-shim-{hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]}-{os.getuid()}.so"
    made = Path(tempfile.gettempdir()) / name
    if not made.exists():
        making = made.with_suffix(f".{os.getpid()}")
        subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", making, SOURCE, "-ldl"], check=True)
        making.replace(made)
    return made


def environment(folder: Path, log: Path | None = None, *, lies: bool = False) -> dict[str, str]:
    """Return what a child needs in its environment to have the shim watch a folder; a lying disk drops every fsync."""
    settings = {**os.environ, "LD_PRELOAD": str(library()), "FAULTS_FOLDER": str(folder)}
    if log is not None:
        settings["FAULTS_LOG"] = str(log)
    if lies:
        settings["FAULTS_IGNORE_FSYNC"] = "1"
    return settings


class Shim:
    """The shim as the child that it was loaded into sees it."""

    def __init__(self) -> None:
        self._loaded = ctypes.CDLL(None)
        self._loaded.faults_mark.argtypes = [ctypes.c_uint64]
        self._loaded.faults_arm.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_int]
        self._loaded.faults_done.restype = ctypes.c_long

    def mark(self, number: int) -> None:
        """Write a mark into the record: what came before it was done when the program said so."""
        self._loaded.faults_mark(number)

    def arm(self, at: int, error: int, *, stays: bool = False) -> None:
        """Count from here, and let operation number ``at`` fail with an errno; every later one too if it ``stays``."""
        self._loaded.faults_arm(at, error, stays)

    def disarm(self) -> int:
        """Let nothing fail any more; return how many operations there were since ``arm``."""
        count = int(self._loaded.faults_done())
        self._loaded.faults_arm(0, 0, 0)
        return count


def read_record(log: Path) -> Iterator[Operation]:
    """Read the record; a last entry that a kill cut off is left out."""
    data = log.read_bytes()
    at = 0
    while at + _HEAD.size <= len(data):
        kind, handle, number, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        if at + length > len(data):
            return
        yield Operation(Kind(kind), handle, number, data[at : at + length])
        at += length
