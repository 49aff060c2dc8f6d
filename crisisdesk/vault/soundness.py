"""Look the file through at an opening that follows a crash or a power cut (security.md 3.3).

Only then: it takes a second for 160 MB, and the daily backup is checked more thoroughly still.

A power cut in the middle of a write can leave torn bytes in a page that was free before it and is free again
afterwards: SQLite keeps no copy of such pages, as nothing in them counts. SQLCipher's check complains of them for
ever, and would hide real damage. They are written anew.
"""

from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.vault.audit import AuditEntry
from crisisdesk.vault.connection import PAGE
from crisisdesk.vault.faults import damaged

_SCRATCH = "scratch_of_free_pages"
_AT_ONCE = 4096  # pages in one row: SQLite takes no row of a gigabyte


def ended_well(connection: sqlcipher.Connection) -> bool:
    """Whether the vault was locked when it was open last; a new one was never open."""
    has_log = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'audit'").fetchone()
    last = has_log and connection.execute("SELECT kind FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return not last or last[0] == AuditKind.LOCK


def look_through(connection: sqlcipher.Connection) -> AuditEntry | None:
    """Check each page, and write torn free ones anew. Returns a line for the audit log if there was anything.

    ``connection`` has no guard yet and is in no transaction. Raises VaultDamaged if pages in use are damaged.
    """
    connection.execute(f"DROP TABLE IF EXISTS {_SCRATCH}")  # of a repair that was cut short
    torn = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
        raise damaged()
    if not torn:
        return None
    _write_free_pages(connection)
    if connection.execute("PRAGMA cipher_integrity_check").fetchall():
        raise damaged()
    return AuditEntry(AuditKind.INTEGRITY, "vault", "", f"free-pages:{len(torn)}", outcome="repaired")


def _write_free_pages(connection: sqlcipher.Connection) -> None:
    """Fill all free pages with zeros and free them again; none of them is read for it."""
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    connection.execute("BEGIN")
    try:
        connection.execute(f"CREATE TABLE {_SCRATCH} (zeros BLOB)")
        for done in range(0, free, _AT_ONCE):
            some = min(_AT_ONCE, free - done) * PAGE
            connection.execute(f"INSERT INTO {_SCRATCH} VALUES (zeroblob(?))", (some,))  # noqa: S608  our own name
        connection.execute("COMMIT")
        connection.execute(f"DROP TABLE {_SCRATCH}")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
