"""Makes sure that what opens the file is SQLCipher.

Python's own SQLite would take the key, say nothing, and write clear text to the disk.

Asked before the first byte of a new vault is written, and before a file is opened. CRISISDESK_TEST_DRIVER=stdlib
has Python's own SQLite answer instead, to show that nothing is opened or made then; it can't open anything.
"""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.errors import VaultError
from crisisdesk.i18n import _

if TYPE_CHECKING:
    import sqlite3

Raw = sqlcipher.Connection  # for who is lent one, but may not make one
Live = Connection  # SQLAlchemy's, likewise
OLDEST = (4, 19)


@dataclass(frozen=True)
class Versions:
    """What the engine says of itself: "4.19.0 community", and the SQLite in it."""

    sqlcipher: str
    sqlite: str


def versions() -> Versions:
    """Return the engine's versions, without a vault."""
    connection = sqlcipher.connect(":memory:")
    sqlite = connection.execute("SELECT sqlite_version()").fetchone()
    return Versions(sqlcipher=_version(connection), sqlite=str(sqlite[0]))


def check() -> None:
    """Raise VaultError unless the engine is SQLCipher 4.19 or later."""
    if os.environ.get("CRISISDESK_TEST_DRIVER") == "stdlib":
        import sqlite3  # noqa: PLC0415  never loaded but to show that it is refused

        said = _version(sqlite3.connect(":memory:"))
    else:
        said = _version(sqlcipher.connect(":memory:"))
    if numbers(said) < OLDEST:
        raise VaultError(
            _("This installation lacks the part that encrypts the vault. Nothing was opened; install CrisisDesk anew.")
        )


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of "4.19.0 community"; none of an empty text."""
    first = version.split(maxsplit=1)[:1]
    return tuple(int(number) for number in first[0].split(".")) if first else ()


def _version(connection: "sqlcipher.Connection | sqlite3.Connection") -> str:
    try:
        row = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    return str(row[0]) if row else ""
