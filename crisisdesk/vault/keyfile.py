"""The key file and its twin on disk.

Written: the twin first, then the key file, each whole. A crash in between leaves the new twin beside the old key
file; the old one counts, as the change was not finished. Read: the key file, else its twin. Whichever opened the
vault is put in the place of the other.
"""

from contextlib import suppress
from pathlib import Path

from crisisdesk.errors import DiskFull, VaultDamaged, VaultError, VaultMissing, VaultReadOnly
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import disk
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.header import MAX_BYTES, SealedHeader, decode


def write(paths: VaultPaths, encoded: bytes) -> None:
    """Write both, the twin first.

    Raises DiskFull or VaultReadOnly; the key file then is still the old one.
    """
    with sorted_errors():
        disk.write_whole(paths.keys_twin, encoded)
        disk.write_whole(paths.keys, encoded)


def read(paths: VaultPaths, *, floor: int) -> tuple[SealedHeader, ...]:
    """Return the key file, then its twin if that differs: those of the two that have the right form.

    Raises VaultMissing, or what is wrong with the key file if neither has it.
    """
    files: list[SealedHeader] = []
    refusals: list[VaultError] = []
    for path in (paths.keys, paths.keys_twin):
        try:
            sealed = _read_one(path, floor)
        except VaultError as refused:
            refusals.append(refused)
        else:
            if sealed not in files:
                files.append(sealed)
    if files:
        return tuple(files)
    told = [refused for refused in refusals if not isinstance(refused, VaultMissing)]
    if told:
        raise told[0]
    if paths.database.exists():
        raise VaultDamaged(
            _("The key file of the vault is gone. Without it the vault can't be opened: restore a backup.")
        )
    raise refusals[0]


def is_whole(paths: VaultPaths) -> bool:
    """Whether the key file and its twin are there and the same: then a secret that opens neither is wrong."""
    keys = _bytes(paths.keys)
    return keys is not None and keys == _bytes(paths.keys_twin)


def repair(paths: VaultPaths, sealed: SealedHeader) -> None:
    """Put the key file that opened the vault in the place of one that is missing or differs.

    A folder that can't be written is no reason not to open.
    """
    for path in (paths.keys_twin, paths.keys):
        with suppress(DiskFull, VaultReadOnly, IsADirectoryError), sorted_errors():
            if _bytes(path) != sealed.encoded:
                disk.write_whole(path, sealed.encoded)


def _read_one(path: Path, floor: int) -> SealedHeader:
    encoded = _bytes(path)
    if encoded is None:
        raise VaultMissing(_("There is no vault here yet."))
    return decode(encoded, floor=floor)


def _bytes(path: Path) -> bytes | None:
    """Return the file's bytes, one more than a key file may have at most, or None if there is none."""
    try:
        with sorted_errors(), path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError):
        return None
