"""Keeps a second CrisisDesk out of the same vault.

The system's advisory lock on ``vault.lock`` (flock; on Windows one locked byte far behind the text) ends with the
process, so a crash leaves nothing to clean up. The file says who holds it, for whoever looks after the computer: a
line "pid <decimal>" and a line "since <UTC>". Nothing decides by it.
"""

import os
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from crisisdesk.paths import VaultPaths
from crisisdesk.vault import disk
from crisisdesk.vault.faults import in_use, sorted_errors

_TRIES = 3
_PAUSE = 0.02  # seconds; a look at the lock takes some microseconds

if sys.platform == "win32":
    import msvcrt

    _LOCKED_BYTE = 1 << 20  # a locked byte can't be read by others, and the text should be

    def lock_descriptor(descriptor: int) -> None:
        """Take the system's lock on an open file; raises OSError if another has it."""
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def unlock_descriptor(descriptor: int) -> None:
        """Let it go."""
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def lock_descriptor(descriptor: int) -> None:
        """Take the system's lock on an open file; raises OSError if another has it."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def unlock_descriptor(descriptor: int) -> None:
        """Let it go."""
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def refuse_in_use(paths: VaultPaths) -> None:
    """Raise VaultInUse if somebody has the vault's lock now; nothing is written, and no lock is left behind.

    The lock is had for an instant, there is no other way to look; who takes it meanwhile tries again.
    """
    try:
        descriptor = os.open(paths.lock, os.O_RDWR)
    except OSError:
        return  # never locked yet, or not to be opened: the unlocking itself says why
    try:
        lock_descriptor(descriptor)
    except OSError:
        raise in_use() from None
    else:
        with suppress(OSError):
            unlock_descriptor(descriptor)
    finally:
        os.close(descriptor)


class VaultLock:
    """The lock of one vault, held until ``release`` or the end of the process."""

    def __init__(self, paths: VaultPaths, *, since: datetime) -> None:
        """Take the lock at once or not at all.

        Raises VaultInUse if another process, or another lock of this one, has it; VaultReadOnly, DiskFull.
        """
        with sorted_errors():
            disk.make_folder(paths.folder)
            self._descriptor = disk.open_kept(paths.lock)
        try:
            self._take(since)
        except BaseException:
            os.close(self._descriptor)
            raise

    def _take(self, since: datetime) -> None:
        for left in reversed(range(_TRIES)):  # another CrisisDesk may be looking just now, see refuse_in_use
            try:
                lock_descriptor(self._descriptor)
                break
            except OSError:
                if not left:
                    raise in_use() from None
                time.sleep(_PAUSE)
        with sorted_errors():
            text = f"pid {os.getpid()}\nsince {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.write(self._descriptor, text.encode("ascii"))

    def release(self) -> None:
        """Let the vault go. Harmless when done twice."""
        if self._descriptor < 0:
            return
        unlock_descriptor(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
