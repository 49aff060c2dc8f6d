"""What SQLite and the disk say when something fails, sorted once into what it means for her.

    FULL, ENOSPC, EDQUOT                                DiskFull
    READONLY, CANTOPEN, PERM, EACCES, EPERM, EROFS      VaultReadOnly
    CORRUPT, NOTADB, IOERR                              VaultDamaged
    BUSY, LOCKED                                        VaultInUse

NOTADB ("file is not a database") is what SQLCipher says to a wrong key and to a damaged first page alike. Here it
always means damage: a database is only opened with a key that the MAC of the key file has proven.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy.exc
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.errors import DiskFull, SaveUnsure, VaultDamaged, VaultError, VaultInUse, VaultReadOnly, VaultTooNew
from crisisdesk.i18n import N_, _
from crisisdesk.vault.holds import raise_on_hold

_FULL = N_("The disk is full. Nothing was lost, but nothing more can be saved until you free some space.")
_READONLY = N_("The vault's folder can't be written. Whoever looks after this computer can give you the right to.")
_DAMAGED = N_("The vault's file is damaged. Don't delete it: restore a backup, and keep the damaged file beside it.")
_DISK = N_("The disk reported an error. What you were saving was not kept. Make a backup on another disk soon.")
_UNSURE = N_(
    "The disk reported an error at the very end of saving. Look whether it is there before you do it again, and make "
    "a backup on another disk soon."
)
_TOO_NEW = N_(
    "This file was last opened with a newer CrisisDesk. It is well, and nothing was changed. Install that version "
    "here, or a later one, and unlock again."
)
_IN_USE = N_("The vault is open in another CrisisDesk. Close that one first.")

_SQLITE: dict[int, tuple[type[VaultError], str]] = {
    sqlcipher.SQLITE_FULL: (DiskFull, _FULL),
    sqlcipher.SQLITE_READONLY: (VaultReadOnly, _READONLY),
    sqlcipher.SQLITE_CANTOPEN: (VaultReadOnly, _READONLY),
    sqlcipher.SQLITE_PERM: (VaultReadOnly, _READONLY),
    sqlcipher.SQLITE_CORRUPT: (VaultDamaged, _DAMAGED),
    sqlcipher.SQLITE_NOTADB: (VaultDamaged, _DAMAGED),
    sqlcipher.SQLITE_IOERR: (VaultDamaged, _DISK),
    sqlcipher.SQLITE_BUSY: (VaultInUse, _IN_USE),
    sqlcipher.SQLITE_LOCKED: (VaultInUse, _IN_USE),
}

_SYSTEM: dict[int, tuple[type[VaultError], str]] = {
    errno.ENOSPC: (DiskFull, _FULL),
    errno.EDQUOT: (DiskFull, _FULL),
    errno.EACCES: (VaultReadOnly, _READONLY),
    errno.EPERM: (VaultReadOnly, _READONLY),
    errno.EROFS: (VaultReadOnly, _READONLY),
    errno.EIO: (VaultDamaged, _DISK),
}

_PRIMARY = 0xFF  # SQLite's extended codes carry the plain one in the low byte


def damaged() -> VaultDamaged:
    """Make the error for a file that is wrong although its key is proven."""
    return VaultDamaged(_(_DAMAGED))


def unsure() -> SaveUnsure:
    """Make the error for an act that was refused by the disk and stands all the same."""
    return SaveUnsure(_(_UNSURE))


def in_use() -> VaultInUse:
    """Make the error for a vault that another CrisisDesk holds."""
    return VaultInUse(_(_IN_USE))


def too_new() -> VaultTooNew:
    """Make the error for a vault that a newer program has brought up to its date."""
    return VaultTooNew(_(_TOO_NEW))


def sort_error(error: BaseException) -> VaultError | None:
    """Return what an error of SQLite, of SQLAlchemy or of the system means for her, or None if it is a bug of ours."""
    if isinstance(error, VaultError):
        return error
    if isinstance(error, sqlalchemy.exc.DBAPIError) and error.orig is not None:
        return sort_error(error.orig)
    if isinstance(error, sqlcipher.Error):
        # An error that the driver itself raises carries no code.
        found = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)
    elif isinstance(error, OSError) and error.errno is not None:
        found = _SYSTEM.get(error.errno)
    else:
        found = None
    if found is None:
        return None
    kind, sentence = found
    return kind(_(sentence))


@contextmanager
def sorted_errors_of_open(database: Path) -> Iterator[None]:
    """Do as ``sorted_errors`` for an open vault.

    Once SQLCipher has met a page that is not what was written, it refuses every write as to a read-only file. Where
    the file can be written, that is damage.
    """
    try:
        with sorted_errors():
            yield
    except VaultReadOnly as refused:
        if not _is_refused_by_cipher(refused.__cause__) or not os.access(database, os.W_OK):
            raise
        raise damaged() from refused.__cause__


def _is_refused_by_cipher(error: BaseException | None) -> bool:
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        error = error.orig
    return getattr(error, "sqlite_errorcode", None) == sqlcipher.SQLITE_READONLY


@contextmanager
def sorted_errors() -> Iterator[None]:
    """Raise SQLite's and the disk's errors as a VaultError, a hold's refusal as OnHold; let all else fly on."""
    try:
        yield
    except (sqlcipher.Error, sqlalchemy.exc.DBAPIError, OSError) as error:
        raise_on_hold(error)
        sorted_error = sort_error(error)
        if sorted_error is None:
            raise
        raise sorted_error from error
