"""SQLCipher, opened in the one safe order.

1. The key is 32 bytes, handed over as a wiped bytearray ``x'<64 hex digits>'``: with 62 digits, or bare bytes,
   SQLCipher would silently take it for a passphrase; as text in a PRAGMA it would stay in memory in three places.
2. The file is there, whole pages, at least two, and no plain SQLite file.
3. Opened for reading and writing, never creating: an empty file in place of a lost one would otherwise become a new
   vault.
4. The engine says that it is SQLCipher; the cipher's settings are set, and read back.
5. The settings of ``_SETTINGS``, each read back. Then the exclusive lock.
6. The file says that it is a vault.
7. The guard: what no act of hers ever does is refused by SQLite itself.

SQLCipher's ``cipher_memory_security`` stays off: it makes search four times slower and left as much in memory. Its
log would write to stderr.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.errors import VaultDamaged, VaultExists, VaultForeign, VaultMissing
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import disk, engine
from crisisdesk.vault.faults import damaged, sorted_errors
from crisisdesk.vault.keys import KEY_BYTES, KeySource, MasterKey, Purpose, wiped
from crisisdesk.vault.place import unfinished

APPLICATION_ID = 0x43445631  # "CDV1"
PAGE = 4096  # bytes

_OLDEST_CIPHER = (4, 19)
_PLAIN_SQLITE = b"SQLite format 3\0"
_DIGITS = b"0123456789abcdef"
_WAIT = 0.5  # seconds for a file that a virus scanner holds; a second CrisisDesk is told at once by the lock file
_WAIT_OPEN = 5000  # milliseconds, once it is open
_STATEMENTS = 512  # kept prepared: the guard is asked about each column whenever one is prepared anew

_CIPHER = (
    ("cipher_compatibility", "4"),
    ("cipher_page_size", str(PAGE)),
    ("cipher_use_hmac", "ON"),
    ("cipher_hmac_algorithm", "HMAC_SHA512"),
    ("cipher_kdf_algorithm", "PBKDF2_HMAC_SHA512"),
    ("cipher_plaintext_header_size", "0"),
)
_CIPHER_READ_BACK = frozenset(
    {
        "PRAGMA kdf_iter = 256000;",  # not used with a raw key, but part of "compatibility 4"
        f"PRAGMA cipher_page_size = {PAGE};",
        "PRAGMA cipher_use_hmac = 1;",
        "PRAGMA cipher_plaintext_header_size = 0;",
        "PRAGMA cipher_hmac_algorithm = HMAC_SHA512;",
        "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;",
    }
)

# Setting, value, and what SQLite says when it took it.
_SETTINGS: tuple[tuple[str, str, int | str], ...] = (
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("mmap_size", "0", 0),
    (
        "cache_size",
        "-8192",
        -8192,
    ),  # 8 MiB of decrypted pages: bulk writes take three times as long with the 2 MiB of old, and no less with 32
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    (
        "journal_mode",
        "DELETE",
        "delete",
    ),  # not WAL: a flipped bit in a WAL dropped 51 of 200 saved rows, and every check said clean
    ("synchronous", "EXTRA", 3),
    *((("fullfsync", "ON", 1),) if sys.platform == "darwin" else ()),
)

_SCHEMA_CHANGES = frozenset(
    {
        sqlcipher.SQLITE_ALTER_TABLE,
        sqlcipher.SQLITE_ATTACH,
        sqlcipher.SQLITE_DETACH,
        sqlcipher.SQLITE_CREATE_INDEX,
        sqlcipher.SQLITE_CREATE_TABLE,
        sqlcipher.SQLITE_CREATE_TEMP_INDEX,
        sqlcipher.SQLITE_CREATE_TEMP_TABLE,  # one called "audit" would stand before the real one
        sqlcipher.SQLITE_CREATE_TEMP_VIEW,
        sqlcipher.SQLITE_CREATE_VIEW,
        sqlcipher.SQLITE_CREATE_VTABLE,
        sqlcipher.SQLITE_CREATE_TRIGGER,
        sqlcipher.SQLITE_CREATE_TEMP_TRIGGER,
        sqlcipher.SQLITE_DROP_INDEX,
        sqlcipher.SQLITE_DROP_TABLE,
        sqlcipher.SQLITE_DROP_TEMP_INDEX,
        sqlcipher.SQLITE_DROP_TEMP_TABLE,
        sqlcipher.SQLITE_DROP_TEMP_TRIGGER,
        sqlcipher.SQLITE_DROP_TEMP_VIEW,
        sqlcipher.SQLITE_DROP_TRIGGER,
        sqlcipher.SQLITE_DROP_VIEW,
        sqlcipher.SQLITE_DROP_VTABLE,
    }
)
_REWRITES = frozenset({sqlcipher.SQLITE_UPDATE, sqlcipher.SQLITE_DELETE})
_APPEND_ONLY = frozenset({"audit"})
# With these, what stands in the brackets is a question, not a new value.
_QUESTIONS = frozenset(
    {
        "foreign_key_check",
        "index_info",
        "index_list",
        "index_xinfo",
        "integrity_check",
        "quick_check",
        "table_info",
        "table_xinfo",
    }
)
_DANGEROUS_FUNCTIONS = frozenset({"load_extension", "sqlcipher_export", "fts3_tokenizer"})


def connect(paths: VaultPaths, master: MasterKey, *, maintenance: bool = False) -> sqlcipher.Connection:
    """Open the vault's database with a key that the key file has proven.

    ``maintenance`` leaves the guard away, for migrations and VACUUM; ``guard`` puts it on afterwards.
    Raises VaultMissing, VaultForeign, VaultDamaged, VaultInUse, VaultReadOnly, DiskFull.
    """
    check_file(paths.database)
    connection = _open(paths.database, master)
    try:
        with sorted_errors():
            _set_up(connection)
            _check_application(connection)
            # SQLite takes the exclusive lock with the first write; a vault that can't be written should say so now.
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            _check_size(connection, paths.database)
            connection.execute(f"PRAGMA busy_timeout = {_WAIT_OPEN}")
        if not maintenance:
            guard(connection)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def create_database(paths: VaultPaths, master: MasterKey) -> Iterator[sqlcipher.Connection]:
    """Lend a maintenance connection to a new database; on leaving, close it and put it in its place.

    Until then it has another name (``unfinished``), so that a crash or an error leaves no half-made vault.
    Raises VaultExists, VaultReadOnly, DiskFull.
    """
    if paths.database.exists():
        raise VaultExists(_("There is a vault already. It is not overwritten."))
    making = unfinished(paths)
    with sorted_errors():
        disk.make_folder(paths.folder)
        for database in (making, paths.database):
            disk.remove(database.with_name(f"{database.name}-journal"))  # SQLite would play it back into the new file
        disk.make_empty(making)
        connection = _open(making, master)
        try:
            _set_up(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            yield connection
        finally:
            connection.close()
        disk.flush_file(making)
        os.replace(making, paths.database)  # noqa: PTH105  one layer of os calls, where a test can let each one fail
        disk.flush_folder(paths.folder)


def open_copy(path: Path, keys: KeySource) -> sqlcipher.Connection:
    """Open a copy of a vault that nobody else uses, without a guard, to look through it.

    Raises VaultMissing, VaultForeign, VaultDamaged, VaultReadOnly, DiskFull.
    """
    check_file(path)
    connection = _open(path, keys)
    try:
        with sorted_errors():
            _set_up(connection)
            _check_application(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def make_copy(path: Path, keys: KeySource) -> sqlcipher.Connection:
    """Make an empty encrypted file, to copy a vault's pages into. Raises VaultReadOnly, DiskFull."""
    with sorted_errors():
        disk.make_empty(path)
        connection = _open(path, keys)
        try:
            _set_up(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def guard(connection: sqlcipher.Connection, *, append_only: frozenset[str] = _APPEND_ONLY) -> None:
    """Let SQLite refuse what no act of hers does.

    That is: to attach a file, to change the schema or a setting, to rewrite or empty the ``append_only`` tables.
    """

    def decide(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
        denied = (
            action in _SCHEMA_CHANGES
            or (action in _REWRITES and first in append_only)
            or (action == sqlcipher.SQLITE_PRAGMA and second is not None and first not in _QUESTIONS)
            or (action == sqlcipher.SQLITE_FUNCTION and second in _DANGEROUS_FUNCTIONS)
        )
        return sqlcipher.SQLITE_DENY if denied else sqlcipher.SQLITE_OK

    connection.set_authorizer(decide)


@contextmanager
def maintained(engine: sqlalchemy.Engine) -> Iterator[sqlcipher.Connection]:
    """Lend the one connection without its guard, for a VACUUM. It must be in no transaction."""
    pooled = engine.raw_connection()
    connection = pooled.driver_connection
    if not isinstance(connection, sqlcipher.Connection):
        raise TypeError("The vault's connection is SQLCipher's.")
    connection.set_authorizer(None)
    try:
        yield connection
    finally:
        guard(connection)
        pooled.close()


def make_engine(creator: Callable[[], sqlcipher.Connection]) -> sqlalchemy.Engine:
    """Return SQLAlchemy's door to the one connection that ``creator`` opens.

    Its errors carry no parameters: they are note text. ``dispose()`` closes the connection.
    """
    engine = sqlalchemy.create_engine(
        "sqlite+pysqlite://", module=sqlcipher, creator=creator, poolclass=StaticPool, hide_parameters=True, echo=False
    )

    # BEGIN by hand: the driver runs DDL outside a transaction, so a failed upgrade would leave half a table.
    @event.listens_for(engine, "begin")
    def begin(connection: sqlalchemy.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def check_file(path: Path) -> None:
    """Raise what can be seen to be wrong with a vault's file without its key.

    VaultMissing, VaultForeign, VaultDamaged, VaultReadOnly.
    """
    with sorted_errors():
        try:
            with path.open("rb") as file:
                start = file.read(len(_PLAIN_SQLITE))
                size = os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            raise VaultMissing(
                _("The vault's file is gone, though its keys are here. Put it back where it was, or restore a backup.")
            ) from None
    if start == _PLAIN_SQLITE:
        raise VaultForeign(_("The file in the vault's place is not encrypted, so it is not a vault. Restore a backup."))
    if not size:
        raise VaultDamaged(_("The vault's file is empty. Don't delete it: restore a backup."))
    if size < 2 * PAGE or size % PAGE:
        raise VaultDamaged(
            _("The vault's file is cut short. Don't delete it: restore a backup, and keep the damaged file beside it.")
        )


def _open(path: Path, keys: KeySource) -> sqlcipher.Connection:
    engine.check()
    with sorted_errors():
        connection = sqlcipher.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=_WAIT,
            isolation_level=None,
            check_same_thread=False,  # a backup copies its pages on another (copying.py); the store minds its own
            cached_statements=_STATEMENTS,
        )
    with wiped(keys.subkey(Purpose.DB)) as key, wiped(_raw_key(key)) as text:
        connection.set_key(text)
    return connection


def _raw_key(key: bytearray) -> bytearray:
    """Return ``x'<64 hex digits>'``, made without a str or bytes of it on the way."""
    if len(key) != KEY_BYTES:
        raise ValueError("A raw key has 32 bytes.")
    text = bytearray(2 * KEY_BYTES + 3)  # at its full length at once: growing would leave copies behind
    text[:2], text[-1:] = b"x'", b"'"
    for place, byte in enumerate(key):
        text[2 * place + 2] = _DIGITS[byte >> 4]
        text[2 * place + 3] = _DIGITS[byte & 15]
    return text


def _set_up(connection: sqlcipher.Connection) -> None:
    version = _value(connection, "cipher_version")
    if not isinstance(version, str) or _numbers(version) < _OLDEST_CIPHER:
        raise RuntimeError("The database engine is not SQLCipher 4.19 or later.")
    connection.execute("PRAGMA cipher_log_level = NONE")
    for name, value in _CIPHER:
        connection.execute(f"PRAGMA {name} = {value}")
    if {row[0] for row in connection.execute("PRAGMA cipher_settings")} != _CIPHER_READ_BACK:
        raise RuntimeError("SQLCipher did not take its settings.")
    for name, value, said in _SETTINGS:
        connection.execute(f"PRAGMA {name} = {value}")
        if _value(connection, name) != said:
            raise RuntimeError(f"SQLite did not take {name} = {value}.")


def _check_size(connection: sqlcipher.Connection, path: Path) -> None:
    """Refuse a file that is longer or shorter than its first page says.

    A turned bit in the journal of a commit that was cut off makes SQLite stretch the file to terabytes, or cut it;
    and of a file that was cut between two pages SQLCipher's own check says nothing.
    """
    pages = _value(connection, "page_count")
    if not isinstance(pages, int) or path.stat().st_size != pages * PAGE:
        raise damaged()


def _check_application(connection: sqlcipher.Connection) -> None:
    if _value(connection, "application_id") != APPLICATION_ID:
        raise VaultForeign(_("The file in the vault's place belongs to another program. Restore a backup."))


def _value(connection: sqlcipher.Connection, pragma: str) -> object:
    row = connection.execute(f"PRAGMA {pragma}").fetchone()
    return row[0] if row else None


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of "4.19.0 community"."""
    return tuple(int(number) for number in version.split(maxsplit=1)[0].split("."))
