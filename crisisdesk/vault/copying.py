"""Copy an open vault's pages while she works: the one thing that another thread does with the live connection.

SQLite (THREADSAFE=1) lets one thread in at a time, so a step of a few pages is the longest that a read or a save waits.
Between two steps the copier sleeps a moment, so that whoever waits comes first. A save during the copy goes to both
files; while one is under way, the copier waits for its end, so the copy is always a whole state of the vault.
"""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock

from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.errors import VaultError
from crisisdesk.i18n import _
from crisisdesk.vault.connection import make_copy
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.keys import KeySource

Progress = Callable[[float], None]
"""Told how much is done, from 0 to 1. Called on the thread that does the work."""

_STEP = 64  # pages: a quarter of a megabyte, about a millisecond
_PAUSE = 0.0005  # seconds
_WAIT = 0.01  # seconds, while a save is under way


class CopyStopped(VaultError):  # noqa: N818  named as errors.py names what she may be told
    """The vault was closed before the copy was whole."""


class Copying:
    """One copy of an open vault. Made on the store's thread, run on any."""

    def __init__(self, source: sqlcipher.Connection) -> None:
        self._source: sqlcipher.Connection | None = source
        self._stopped = Event()
        self._running = Lock()

    def run(self, target: Path, keys: KeySource, progress: Progress) -> None:
        """Copy every page into a new file, encrypted with the same key.

        Raises CopyStopped if ``stop`` was called, DiskFull, VaultReadOnly, VaultDamaged.
        """
        with self._running:
            if self._stopped.is_set() or self._source is None:
                raise _stopped()
            copy = make_copy(target, keys)
            try:
                with sorted_errors():
                    self._source.backup(copy, pages=_STEP, progress=self._step(progress), sleep=_WAIT)
            finally:
                copy.close()
                self._source = None

    @property
    def is_over(self) -> bool:
        """Whether the connection is free."""
        return self._source is None

    def stop(self) -> None:
        """End the copy, and return only when the connection is free. Harmless when it is over."""
        self._stopped.set()
        with self._running:
            self._source = None

    def _step(self, progress: Progress) -> Callable[[int, int, int], None]:
        def step(_status: int, remaining: int, total: int) -> None:
            if self._stopped.is_set():
                raise _stopped()
            progress(1 - remaining / max(total, 1))
            time.sleep(_PAUSE)

        return step


def _stopped() -> CopyStopped:
    return CopyStopped(_("The vault was locked before the backup was whole. It will be made next time."))
