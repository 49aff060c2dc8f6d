"""A backup: one file that holds everything, and opens with the passphrase or the recovery code of its day.

The file, ``YYYYMMDDTHHMMSSZ-<first 8 hex digits of the vault's id>-<seq>.cdbak``:

    offset      bytes       what
    0           8           the text "CDBAK1", a zero byte, a line feed
    8           4           n, the length of the manifest: unsigned, high byte first; at most 1,000,000
    12          n           the manifest (manifest.py): canonical JSON
    12 + n      32          HMAC-SHA256 of all bytes before it, under the master key's "backup" subkey
    44 + n      size        the SQLCipher file, its bytes as they are; nothing follows

Such a name is given last (making.py): a file that has it passed all four checks when it got it.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from crisisdesk.errors import BackupRefused, DiskFull, VaultError
from crisisdesk.i18n import _
from crisisdesk.vault import disk
from crisisdesk.vault.checks import Checked, check_copy, chunks, refuse_changed
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.keys import KeySource, Purpose, wiped
from crisisdesk.vault.manifest import MAX_BYTES, Kind, Manifest, decode_manifest

__all__ = ["Backup", "Kind", "Manifest", "listed", "read_manifest", "unpack", "verify"]

MAGIC = b"CDBAK1\0\n"
SUFFIX = ".cdbak"
DAMAGED_SUFFIX = ".cdbak.damaged"  # a backup that failed a check later on; never listed, never deleted by itself

_LENGTH = 4
_MAC = 32
_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}-\d{1,10}\.cdbak", re.ASCII)


@dataclass(frozen=True)
class Backup:
    """A backup's file and what it says of itself."""

    path: Path
    manifest: Manifest

    def is_vouched(self, keys: KeySource) -> bool:
        """Whether the vault's present keys vouch for the manifest; not so for one from before a change of keys."""
        with wiped(keys.subkey(Purpose.BACKUP)) as key:
            return _is_vouched(key, self.manifest.encode(), _mac_of(self.path, self.manifest))


def verify(path: Path, keys: KeySource, *, scratch: Path | None = None) -> Checked:
    """Unpack a backup into a scratch file, run all four checks, and throw the scratch away; return what it holds.

    ``scratch`` is a folder for it, by default the backup's own.
    Raises BackupRefused, VaultDamaged, VaultForeign, VaultTooNew, DiskFull.
    """
    unpacked = (scratch or path.parent) / random_name()
    try:
        return unpack(path, keys, unpacked)
    finally:
        for left in (unpacked, unpacked.with_name(f"{unpacked.name}-journal")):
            with suppress(OSError):
                disk.remove(left)


def unpack(path: Path, keys: KeySource, target: Path) -> Checked:
    """Write a backup's SQLCipher file to a new place, checked by all four checks; return what it holds.

    Raises as ``verify``; nothing is left at ``target`` then.
    """
    backup = read_manifest(path)
    manifest = backup.manifest
    if not backup.is_vouched(keys):
        raise BackupRefused(
            _("This backup is damaged, or it is of another vault, or from before the keys were changed.")
        )
    with sorted_errors():
        need_room(target.parent, manifest.size)
        disk.write_stream(target, chunks(path, _start(manifest)))
        try:
            return check_copy(target, keys, size=manifest.size, sha256=manifest.sha256, said=manifest.said)
        except VaultError:
            disk.remove(target)
            raise


def read_manifest(path: Path) -> Backup:
    """Return a file as the backup that it says it is: form and size are right, no key was asked.

    Raises BackupRefused, VaultTooNew; VaultReadOnly or VaultDamaged if the disk fails.
    """
    with sorted_errors(), _opened(path) as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise BackupRefused(_("This file is no backup of CrisisDesk."))
        length = int.from_bytes(file.read(_LENGTH), "big")
        if not 0 < length <= MAX_BYTES:
            refuse_changed()
        encoded = file.read(length)
        real = os.fstat(file.fileno()).st_size
    if len(encoded) != length:
        raise _cut_short()
    manifest = decode_manifest(encoded)
    if real < _start(manifest) + manifest.size:
        raise _cut_short()
    if real > _start(manifest) + manifest.size:
        refuse_changed()
    return Backup(path, manifest)


def listed(folder: Path, *, keys: KeySource | None = None, vault_id: bytes | None = None) -> list[Backup]:
    """Return a folder's backups, the newest first; of one vault, or vouched for by these keys, if that is asked.

    A file that has another name than it says, or is not whole, is left out.
    """
    found: list[Backup] = []
    with sorted_errors():
        names = sorted(os.listdir(folder)) if folder.is_dir() else []  # noqa: PTH208  one layer of os calls
    for name in names:
        if not _NAME.fullmatch(name):
            continue
        with suppress(VaultError, OSError):
            backup = read_manifest(folder / name)
            ours = vault_id is None or backup.manifest.vault_id == vault_id
            if ours and backup.manifest.file_name == name and (keys is None or backup.is_vouched(keys)):
                found.append(backup)
    return sorted(found, key=lambda each: (each.manifest.seq, each.manifest.created), reverse=True)


def moment_of(name: str) -> datetime | None:
    """Return when a backup was made, by its file's name (UTC); None for another name."""
    return datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if _NAME.fullmatch(name) else None


def set_aside(backup: Backup) -> Path:
    """Give a backup that failed a check a name under which it is never listed. It is kept: it may be all there is."""
    aside = backup.path.with_name(backup.path.name.removesuffix(SUFFIX) + DAMAGED_SUFFIX)
    with sorted_errors():
        disk.place(backup.path, aside)
    return aside


def wrap(target: Path, database: Path, manifest: Manifest, keys: KeySource) -> None:
    """Write a backup's file, new, from a checked copy. Raises FileExistsError, OSError."""
    encoded = manifest.encode()
    if len(encoded) > MAX_BYTES:
        raise ValueError("The manifest would be too large.")
    with wiped(keys.subkey(Purpose.BACKUP)) as key:
        mac = _hmac(key, encoded).finalize()
    disk.write_stream(target, _parts(_front(encoded) + mac, database))


def _parts(front: bytes, database: Path) -> Iterator[bytes]:
    yield front
    yield from chunks(database)


def _front(encoded: bytes) -> bytes:
    return MAGIC + len(encoded).to_bytes(_LENGTH, "big") + encoded


def _start(manifest: Manifest) -> int:
    """Return where the SQLCipher file begins."""
    return len(_front(manifest.encode())) + _MAC


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except (FileNotFoundError, IsADirectoryError):
        raise BackupRefused(_("This backup is no longer there.")) from None


def _mac_of(path: Path, manifest: Manifest) -> bytes:
    with sorted_errors(), _opened(path) as file:
        file.seek(_start(manifest) - _MAC)
        return file.read(_MAC)


def _is_vouched(key: bytearray, encoded: bytes, mac: bytes) -> bool:
    try:
        _hmac(key, encoded).verify(mac)
    except InvalidSignature:
        return False
    return True


def _hmac(key: bytearray, encoded: bytes) -> HMAC:
    made = HMAC(key, hashes.SHA256())
    made.update(_front(encoded))
    return made


def need_room(folder: Path, need: int) -> None:
    """Raise DiskFull unless so many bytes are free on the folder's disk."""
    free = shutil.disk_usage(folder).free
    if free < need:
        raise DiskFull(
            _("There is not enough room for a backup: it needs {need} MB, and {free} MB are free.").format(
                need=need // 1_000_000 + 1, free=free // 1_000_000
            )
        )


def random_name() -> str:
    """Return a name for a file in the making, which nothing ever takes for a backup."""
    return f"making-{secrets.token_hex(8)}"


def _cut_short() -> BackupRefused:
    return BackupRefused(_("This backup is cut short: part of it is missing. Use another one."))
