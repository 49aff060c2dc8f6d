"""Write an open vault's file anew, without the pages that are free in it: the end of a purge, on another thread.

The connection is taken for as long as that lasts, some seconds for 100 MB, so whoever reads or saves meanwhile waits:
the window says that it works. Nothing hangs on it: what was purged is overwritten with zeros by then. ``stop`` breaks
it off, and the file is as it was; a lock does not wait for it.
"""

from threading import Event, Lock

from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.errors import VaultError
from crisisdesk.i18n import _
from crisisdesk.vault.connection import guard
from crisisdesk.vault.faults import sorted_errors


class Compacting:
    """One such work. Made on the store's thread, run on any."""

    def __init__(self, connection: sqlcipher.Connection) -> None:
        # Not through SQLAlchemy: handing a connection back rolls back, perhaps what the other thread just began.
        self._connection: sqlcipher.Connection | None = connection
        self._stopped = Event()
        self._running = Lock()

    def run(self) -> None:
        """Do it. Raises DiskFull, VaultReadOnly, VaultError if something is being read or was stopped."""
        with self._running:
            connection = self._connection
            if connection is None or self._stopped.is_set():
                raise _stopped()
            connection.set_authorizer(None)
            try:
                with sorted_errors():
                    connection.execute("VACUUM")
            except sqlcipher.OperationalError:  # interrupted, or something is being read just now
                raise _stopped() from None
            finally:
                guard(connection)
                self._connection = None

    def stop(self) -> None:
        """Break it off, and return only when the connection is free. Harmless when it is over."""
        self._stopped.set()
        while not self._running.acquire(timeout=0.01):
            connection = self._connection
            if connection is not None:
                connection.interrupt()
        self._connection = None
        self._running.release()


def _stopped() -> VaultError:
    return VaultError(_("The file could not be made smaller now."))
