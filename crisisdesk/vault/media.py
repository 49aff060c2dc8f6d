"""Copies of backups on a drive that can be carried away: on another disk, read again after they were written.

A copy is written under a random name, flushed, read back from the drive, and only then given its name; then the oldest
copies go. Beside it lie a README and the stand-alone reader, so that a stranger can open it in ten years.
"""

import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.errors import BackupRefused, VaultReadOnly
from crisisdesk.i18n import _
from crisisdesk.resources import resource
from crisisdesk.vault import disk
from crisisdesk.vault.backup import Backup, listed, need_room, random_name, read_manifest
from crisisdesk.vault.checks import chunks, refuse_changed, sha256_of
from crisisdesk.vault.copying import Progress
from crisisdesk.vault.faults import sorted_errors

FOLDER = "CrisisDesk backups"
KEPT = 5  # copies of a vault on one drive

_MARK = "crisisdesk-drive.txt"  # bears a number of our own, where the system tells none
_MARK_BYTES = 64
_BESIDE = {"crisisdesk_recover.py": "crisisdesk_recover.py", "README.txt": "crisisdesk_recover.txt"}
_SYS = Path("/sys/dev/block")
_UUIDS = Path("/dev/disk/by-uuid")
_README = """This drive holds backups of a CrisisDesk vault. Everything in them is encrypted.

To restore one: install CrisisDesk, start it, choose "Restore a backup", and choose the newest file here that ends in
.cdbak. It opens with the passphrase that was in force on the day it was made (the name begins with that date), or with
the recovery code on the printed recovery sheet.

Without CrisisDesk: crisisdesk_recover.py beside this file reads a backup on any computer with Python. How to go about
it, step by step, stands in crisisdesk_recover.txt.

If you found this drive, please give it to the police department's records office.
"""


@dataclass(frozen=True)
class Copied:
    """A copy that was read back from its drive and is the same, byte for byte."""

    backup: Backup
    serial: str
    gone: tuple[str, ...]  # names of the copies that were cleared away


def copy_to(
    backup: Backup, drive: Path, *, may_share_disk: bool = False, progress: Progress = lambda _done: None
) -> Copied:
    """Copy a backup to a drive, in a folder of our own. For a worker thread; only tests share a disk.

    Raises BackupRefused if the drive is the backup's own disk or what was written is not what is read back; DiskFull,
    VaultReadOnly, VaultDamaged.
    """
    check_drive(backup, drive, may_share_disk=may_share_disk)
    folder = drive / FOLDER
    with sorted_errors():
        folder.mkdir(exist_ok=True)
        _sweep(folder)
        need_room(folder, backup.path.stat().st_size + (1 << 20))
        made = _copy(backup, folder, progress)
        serial = serial_of(folder)
        _put_beside(folder)
        gone = _clear(folder, backup.manifest.vault_id)
    return Copied(made, serial, gone)


def check_drive(backup: Backup, drive: Path, *, may_share_disk: bool = False) -> None:
    """Raise BackupRefused if the drive is the backup's own disk, VaultReadOnly if it is not there."""
    if not drive.is_dir():
        raise VaultReadOnly(_("The drive is not there. Plug it in, then try again."))
    if not may_share_disk and shares_disk(backup.path, drive):
        raise BackupRefused(
            _("This folder is on the same disk as the vault: if the disk fails, both are lost. Choose a USB drive.")
        )


def copies(drive: Path, vault_id: bytes) -> list[Backup]:
    """Return the copies of a vault's backups on a drive, the newest first."""
    return listed(drive / FOLDER, vault_id=vault_id)


def shares_disk(one: Path, other: Path) -> bool:
    """Whether two places lie on the same physical disk, as far as the system tells."""
    with sorted_errors():
        first, second = one.stat().st_dev, other.stat().st_dev
    return first == second or bool(_disks(first) & _disks(second))


def serial_of(folder: Path) -> str:
    """Return what names a drive: its file system's number, or one that we leave on it."""
    with sorted_errors():
        told = _volume_serial(folder) or _uuid(folder.stat().st_dev)
        if told:
            return told
        mark = folder / _MARK
        if mark.exists():
            with mark.open("rb") as file:
                return file.read(_MARK_BYTES).decode("ascii", "replace").strip()
        made = secrets.token_hex(4).upper()
        disk.write_whole(mark, f"{made}\n".encode("ascii"))
        return made


def _copy(backup: Backup, folder: Path, progress: Progress) -> Backup:
    making = folder / random_name()
    size, total, written = backup.path.stat().st_size, hashlib.sha256(), 0

    def parts() -> Iterator[bytes]:
        nonlocal written
        for chunk in chunks(backup.path):
            total.update(chunk)
            written += len(chunk)
            progress(0.5 * written / size)
            yield chunk

    try:
        disk.write_stream(making, parts())
        _forget_cached(making)
        if sha256_of(making) != total.hexdigest() or read_manifest(making).manifest != backup.manifest:
            refuse_changed()
        progress(0.95)
        disk.place(making, folder / backup.manifest.file_name)
    finally:
        with suppress(OSError):
            disk.remove(making)
    return read_manifest(folder / backup.manifest.file_name)


def _forget_cached(path: Path) -> None:
    """Have the next read come from the drive itself, where the system can be told so."""
    if sys.platform == "linux":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def _put_beside(folder: Path) -> None:
    disk.write_whole(folder / "README.txt", _(_README).encode("utf-8"))
    for source, name in _BESIDE.items():
        disk.write_whole(folder / name, resource("recover", source).read_bytes())


def _clear(folder: Path, vault_id: bytes) -> tuple[str, ...]:
    gone = listed(folder, vault_id=vault_id)[KEPT:]
    for each in gone:
        disk.remove(each.path)
    return tuple(each.path.name for each in gone)


def _sweep(folder: Path) -> None:
    for path in folder.glob("making-*"):
        with suppress(OSError):
            disk.remove(path)


def _disks(device: int) -> frozenset[str]:
    """Return the names of the physical disks under a Linux device number: "sda"; below an encrypted one, its own."""
    place = _SYS / f"{os.major(device)}:{os.minor(device)}" if sys.platform == "linux" else None
    if place is None or not place.exists():
        return frozenset()
    found: set[str] = set()
    waiting = [place.resolve()]
    while waiting:
        block = waiting.pop()
        below = [each.resolve() for each in (block / "slaves").iterdir()] if (block / "slaves").is_dir() else []
        if below:
            waiting += below
        else:
            found.add(block.parent.name if (block / "partition").exists() else block.name)
    return frozenset(found)


def _uuid(device: int) -> str:
    if sys.platform == "linux" and _UUIDS.is_dir():
        for link in _UUIDS.iterdir():
            with suppress(OSError):
                if link.stat().st_rdev == device:
                    return link.name
    return ""


if sys.platform == "win32":
    import ctypes

    def _volume_serial(folder: Path) -> str:
        number = ctypes.c_uint32()
        root = ctypes.c_wchar_p(f"{folder.absolute().drive}\\")
        found = ctypes.windll.kernel32.GetVolumeInformationW(root, None, 0, ctypes.byref(number), None, None, None, 0)
        return f"{number.value:08X}" if found else ""

else:

    def _volume_serial(_folder: Path) -> str:
        return ""
