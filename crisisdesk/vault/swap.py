"""Put another database and key file in place of the vault's: after a restore, and after a change of keys.

Two steps, so that a power cut leaves the old vault or the new one and never a mixture:

1. Both new files lie complete in the vault's folder, as ``vault.db.swap`` and ``vault.keys.swap``. Then the journal
   ``vault.swap.json`` is written: {"format": 1, "keep": "replaced-<8 hex>"}. Without it, nothing has happened.
2. ``finish`` moves the old files into the folder ``keep``, puts the new ones in their place, and removes the journal.
   Each move is made if it was not made yet, so that it can be done again from wherever it was broken off.

``finish`` is called before a vault is looked at, always. The replaced vault stays, encrypted as it was, until
``drop_replaced`` is called: after a change of keys with the next verified backup, after a restore weeks later.
"""

import json
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from crisisdesk.errors import VaultDamaged
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import disk
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.place import swap_journal

_FORMAT = 1
_MOST = 1024  # bytes of a journal
_KEPT = re.compile(r"replaced-[0-9a-f]{8}", re.ASCII)


def journal_of(paths: VaultPaths) -> Path:
    """Return the place of the journal."""
    return swap_journal(paths)


def staged_database(paths: VaultPaths) -> Path:
    """Return where a new database waits; on the vault's own disk, so that the last step is a rename."""
    return paths.folder / "vault.db.swap"


def staged_keys(paths: VaultPaths) -> Path:
    """Return where a new key file waits."""
    return paths.folder / "vault.keys.swap"


def begin(paths: VaultPaths, new_db: Path, new_keys: bytes) -> None:
    """Put a checked, closed database and the bytes of its key file in place of the vault's, which must be closed, too.

    ``new_db`` lies on the vault's disk and is moved. The caller holds the vault's lock.
    Raises DiskFull, VaultReadOnly; unless the journal was written by then, everything is as it was.
    """
    finish(paths)
    with sorted_errors():
        disk.make_folder(paths.folder)
        disk.flush_file(new_db)
        disk.write_whole(staged_keys(paths), new_keys)
        os.replace(new_db, staged_database(paths))  # noqa: PTH105  one layer of os calls, where a test can let each one fail
        disk.flush_folder(paths.folder)
        plan = {"format": _FORMAT, "keep": f"replaced-{secrets.token_hex(4)}"}
        disk.write_whole(journal_of(paths), json.dumps(plan).encode("ascii") + b"\n")
    finish(paths)


def finish(paths: VaultPaths) -> bool:
    """Go on with a swap that was broken off, if there is one; return whether there was.

    Raises DiskFull, VaultReadOnly, VaultDamaged for a journal that nobody of ours wrote.
    """
    with sorted_errors():
        try:
            with journal_of(paths).open("rb") as file:
                kept = paths.folder / _read(file.read(_MOST + 1))
        except FileNotFoundError:
            return False
        disk.make_folder(kept)
        if staged_database(paths).exists():
            _set_aside(paths.database, kept)
            _set_aside(paths.database.with_name(f"{paths.database.name}-journal"), kept)
            disk.flush_folder(kept)
            os.replace(staged_database(paths), paths.database)  # noqa: PTH105  as above
        if staged_keys(paths).exists():
            _set_aside(paths.keys_twin, kept)
            _set_aside(paths.keys, kept)
            disk.flush_folder(kept)
            disk.write_whole(paths.keys_twin, staged_keys(paths).read_bytes())
            os.replace(staged_keys(paths), paths.keys)  # noqa: PTH105  as above
        disk.flush_folder(paths.folder)
        disk.remove(journal_of(paths))
        disk.flush_folder(paths.folder)
        with suppress(OSError):
            kept.rmdir()  # if there was nothing to replace
    return True


def replaced(paths: VaultPaths) -> tuple[VaultPaths, ...]:
    """Return the vaults that were replaced and are still kept."""
    if not paths.folder.is_dir():
        return ()
    return tuple(
        VaultPaths(each) for each in sorted(paths.folder.iterdir()) if _KEPT.fullmatch(each.name) and each.is_dir()
    )


def drop_replaced(paths: VaultPaths) -> int:
    """Delete the vaults that were replaced; return how many. Only after a verified backup of the one that stands."""
    with sorted_errors():
        if journal_of(paths).exists():
            return 0  # not replaced yet
        for staged in (staged_database(paths), staged_keys(paths)):
            disk.remove(staged)  # of a swap that never began
        found = replaced(paths)
        for each in found:
            for file in each.folder.iterdir():
                disk.remove(file)
            each.folder.rmdir()
    return len(found)


def _set_aside(path: Path, kept: Path) -> None:
    """Move a file into the folder, unless the one there is it already: what is in its place is then half a new one."""
    if path.exists() and not (kept / path.name).exists():
        os.replace(path, kept / path.name)  # noqa: PTH105  as above


def _read(content: bytes) -> str:
    try:
        plan = json.loads(content)
    except (ValueError, RecursionError):
        plan = None
    keep = plan.get("keep") if isinstance(plan, dict) and plan.get("format") == _FORMAT else None
    if len(content) > _MOST or not isinstance(keep, str) or not _KEPT.fullmatch(keep):
        raise VaultDamaged(
            _("The note on an unfinished restore is damaged. Delete nothing; call whoever looks after this computer.")
        )
    return keep
