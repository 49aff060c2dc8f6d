"""Whether the file that is open still lies where the vault is.

On Linux and macOS an open file can be deleted, moved, or its disk pulled, and goes on taking what is written; that
would be gone with the process. So each write makes sure first, at the cost of a few microseconds.
"""

from pathlib import Path

from crisisdesk.errors import VaultMissing
from crisisdesk.i18n import _


class Presence:
    """One file, remembered as it was when it was opened."""

    def __init__(self, path: Path) -> None:
        """Remember the file that lies there. Raises OSError if there is none."""
        self._path = path
        self._file = _identity(path)

    def check(self) -> None:
        """Raise VaultMissing if another file, or none, lies there now; OSError if that can't be told."""
        try:
            is_there = _identity(self._path) == self._file
        except FileNotFoundError:
            is_there = False
        if not is_there:
            raise VaultMissing(
                _(
                    "The vault's file was moved or deleted while it was open, so nothing can be saved. "
                    "Put it back where it was; what you are writing stays in front of you until then."
                )
            )


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
