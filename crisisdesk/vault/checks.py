"""The four checks of a copy (security.md 3.7): none alone is enough.

1. Every byte is the one that was written: SHA-256 and exact size, whole pages, at least two.
2. ``cipher_integrity_check``: every page is vouched for by its key. It calls a file clean that was cut at a page's end.
3. ``integrity_check``, ``foreign_key_check``, and FTS5's own check: the structure holds.
4. What it says: rows per table, the audit log's chain from line 1 to its head, the digest. An old page or a whole
   old file put back passes the first three.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.errors import BackupRefused
from crisisdesk.i18n import _
from crisisdesk.vault import audit
from crisisdesk.vault.audit import Anchor
from crisisdesk.vault.connection import PAGE, make_engine, open_copy
from crisisdesk.vault.digest import counts, digest
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.keys import KeySource, Purpose, wiped

_CHUNK = 1 << 20
_CACHE = -65536  # 64 MiB of pages while a file is checked: with 8, those of an index are decrypted again and again


@dataclass(frozen=True)
class Checked:
    """What a copy that passed the checks 2 and 3 says of itself: the fourth check compares it."""

    schema: int
    counts: Mapping[str, int]
    audit: Anchor
    digest: str


def check_copy(path: Path, keys: KeySource, *, size: int, sha256: str, said: Checked) -> Checked:
    """Run all four checks on a copy's file; return what it says.

    Raises BackupRefused, or VaultDamaged, VaultForeign, if any fails.
    """
    if not (size == path.stat().st_size >= 2 * PAGE and size % PAGE == 0) or sha256_of(path) != sha256:
        refuse_changed()
    found = look_through(path, keys)
    if found != said:
        raise BackupRefused(_("This backup does not hold what it was made from. Use another one."))
    return found


def look_through(path: Path, keys: KeySource, *, anchor: Anchor | None = None) -> Checked:
    """Run the checks 2 and 3 on a file, follow its audit log, and return what it says.

    ``anchor`` is a line that its audit log must hold.
    Raises BackupRefused, VaultDamaged, VaultForeign.
    """
    with _opened(path, keys) as connection:
        _check_pages(connection)
        _check_structure(connection)
        return _said(connection, keys, anchor)


def read_through(path: Path, keys: KeySource, *, anchor: Anchor) -> Checked:
    """Return what a file says, as ``look_through``, without the third check.

    For a file whose very bytes, by their SHA-256, pass ``check_copy`` before anyone relies on them: there the structure
    is checked once, where it would otherwise be twice. Raises as ``look_through``.
    """
    with _opened(path, keys) as connection:
        _check_pages(connection)
        return _said(connection, keys, anchor)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file: 64 hex digits."""
    total = hashlib.sha256()
    for chunk in chunks(path):
        total.update(chunk)
    return total.hexdigest()


def chunks(path: Path, start: int = 0) -> Iterator[bytes]:
    """Read a file piece by piece, from a place in it."""
    with path.open("rb") as file:
        file.seek(start)
        while chunk := file.read(_CHUNK):
            yield chunk


def refuse_changed() -> NoReturn:
    """Refuse a backup whose bytes are not those that were written."""
    raise BackupRefused(_("This backup is damaged: it is not what was written. Use another one."))


@contextmanager
def _opened(path: Path, keys: KeySource) -> Iterator[sqlcipher.Connection]:
    with closing(open_copy(path, keys)) as connection, sorted_errors():
        connection.execute(f"PRAGMA cache_size = {_CACHE}")
        yield connection


def _said(connection: sqlcipher.Connection, keys: KeySource, anchor: Anchor | None) -> Checked:
    head = _check_audit(connection, keys, anchor)
    schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
    return Checked(schema, counts(connection), head, digest(connection))


def _check_pages(connection: sqlcipher.Connection) -> None:
    if connection.execute("PRAGMA cipher_integrity_check").fetchall():
        refuse_changed()


def _check_structure(connection: sqlcipher.Connection) -> None:
    sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    if not sound or connection.execute("PRAGMA foreign_key_check").fetchall():
        refuse_changed()
    full_text = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%USING fts5%'")]
    for name in full_text:
        connection.execute(f'INSERT INTO "{name}"("{name}") VALUES (\'integrity-check\')')  # noqa: S608  our schema's name


def _check_audit(connection: sqlcipher.Connection, keys: KeySource, anchor: Anchor | None) -> Anchor:
    engine = make_engine(lambda: connection)
    with wiped(keys.subkey(Purpose.AUDIT)) as key, engine.connect() as reading:
        check = audit.verify(reading, key, anchor)
    if not check.is_sound:
        raise BackupRefused(
            _("The log of what was done does not fit together from line {line} on. Use another backup.").format(
                line=check.broken_at
            )
        )
    return check.head
