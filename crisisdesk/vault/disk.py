"""Small files that are either the old one or the new one, never half: for the key file and its like."""

import os
import secrets
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_OWNER_ONLY = 0o600
_OWNER_FOLDER = 0o700
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would otherwise turn line ends


def make_folder(folder: Path) -> None:
    """Make a folder that only she can enter, or close one that is there to everybody else."""
    folder.mkdir(mode=_OWNER_FOLDER, parents=True, exist_ok=True)
    folder.chmod(_OWNER_FOLDER)


def make_empty(path: Path) -> None:
    """Make an empty file that only she can read, or empty the one that is there."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, _OWNER_ONLY))


def open_kept(path: Path) -> int:
    """Open a file that only she can read, as it is or new and empty; return its descriptor."""
    return os.open(path, os.O_RDWR | os.O_CREAT | _BINARY, _OWNER_ONLY)


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place of the old one in one step, on the disk when this returns.

    The name of the file in the making is random: one that a power cut left behind never stands in the way.
    """
    making = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    try:
        _write(making, content)
        os.replace(making, path)  # noqa: PTH105  one layer of os calls, where a test can let each one fail
    except BaseException:
        with suppress(OSError):
            os.unlink(making)  # noqa: PTH108  as above
        raise
    flush_folder(path.parent)


def write_stream(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a new file that only she can read; on the disk when this returns, gone if it fails.

    Raises FileExistsError rather than write over a file.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, _OWNER_ONLY)
    try:
        try:
            for chunk in chunks:
                rest = memoryview(chunk)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108  as above
        raise


def place(making: Path, path: Path) -> None:
    """Give a finished file its name, and have the disk keep that."""
    os.replace(making, path)  # noqa: PTH105  as above
    flush_folder(path.parent)


def remove(path: Path) -> None:
    """Delete a file, if there is one."""
    with suppress(FileNotFoundError):
        os.unlink(path)  # noqa: PTH108  as above


def flush_file(path: Path) -> None:
    """Have the disk keep what was written to a file."""
    descriptor = os.open(path, os.O_RDWR | _BINARY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Have the disk keep a rename. Windows offers no such call and does it by itself.

    A disk that refuses is not reported: the rename stands, and to say that it failed would be wrong.
    """
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, _OWNER_ONLY)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
