"""Make a backup, so that one that has its name is whole, whenever the power fails.

The live vault's pages are copied under a random name; that copy is asked what it says, by the checks 2 and 4; it is
wrapped, under another random name, and flushed to the disk; that file goes once through the way back, with all four
checks; only then it gets its name. What a broken-off backup leaves behind has a random name and is swept away by a
later one.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

import crisisdesk
from crisisdesk.errors import DiskFull, VaultError, VaultReadOnly
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import disk, keyfile, state
from crisisdesk.vault.audit import Anchor
from crisisdesk.vault.backup import Backup, listed, need_room, random_name, read_manifest, verify, wrap
from crisisdesk.vault.checks import Checked, read_through, refuse_changed, sha256_of
from crisisdesk.vault.copying import Copying, Progress
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.header import SealedHeader, damaged
from crisisdesk.vault.keys import MasterKey, Purpose, Subkeys
from crisisdesk.vault.manifest import Kind, Manifest

PURPOSES = (Purpose.DB, Purpose.AUDIT, Purpose.BACKUP)
"""The keys that making or checking a backup needs."""

_MAKING = re.compile(r"making-[0-9a-f]{16}(-journal)?", re.ASCII)
_SEQ = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}-(\d{1,10})\.cdbak(\.damaged)?", re.ASCII)
_STALE = 3600  # seconds after which what a broken-off backup left behind is taken away
_COPIED = 0.3  # of the whole work, when the pages are copied


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a backup is to be, and what it must hold."""

    paths: VaultPaths
    vault_id: bytes
    keys: str  # the key file's text
    kind: Kind
    seq: int
    created: datetime
    anchor: Anchor  # the last line of the audit log now: the copy must hold it

    @property
    def folder(self) -> Path:
        """Where it will lie."""
        return self.paths.backups


class Making:
    """A backup in the making: with the few keys that it needs, wiped at its end. Run on a worker thread.

    ``copy`` alone touches the live vault; once it is over, the vault may be closed while ``seal`` goes on.
    """

    def __init__(self, plan: Plan, copying: Copying, keys: Subkeys) -> None:
        self.plan = plan
        self.copying = copying
        self._keys = keys
        self._copy = plan.folder / random_name()

    def run(self, progress: Progress = lambda _done: None) -> Backup:
        """Make it. Raises DiskFull, VaultReadOnly, VaultDamaged, BackupRefused, CopyStopped; then none was made."""
        self.copy(lambda done: progress(done * _COPIED))
        return self.seal(lambda done: progress(_COPIED + done * (1 - _COPIED)))

    def copy(self, progress: Progress = lambda _done: None) -> None:
        """Copy the live vault's pages. Raises as ``run``."""
        with self._or_cancelled(), sorted_errors():
            disk.make_folder(self.plan.folder)
            disk.make_empty(self._copy)
            sweep(self.plan.folder, self._copy)
            need_room(self.plan.folder, 2 * self.plan.paths.database.stat().st_size)
            self.copying.run(self._copy, self._keys, progress)

    def seal(self, progress: Progress = lambda _done: None) -> Backup:
        """Check the copy, wrap it, try the way back, and name it. Raises as ``run``."""
        wrapped = self.plan.folder / random_name()
        try:
            with sorted_errors():
                said = read_through(self._copy, self._keys, anchor=self.plan.anchor)
                progress(0.35)
                manifest = self._manifest(said)
                wrap(wrapped, self._copy, manifest, self._keys)
                disk.remove(self._copy)
                progress(0.45)
                verify(wrapped, self._keys)
                progress(0.95)
                return self._name(wrapped, manifest)
        finally:
            self.cancel()
            with suppress(OSError):
                disk.remove(wrapped)

    def cancel(self) -> None:
        """Give it up: nothing is left of it but a backup that was finished already. Harmless when done twice."""
        self.copying.stop()
        self._keys.wipe()
        for left in (self._copy, self._copy.with_name(f"{self._copy.name}-journal")):
            with suppress(OSError):
                disk.remove(left)

    def _name(self, wrapped: Path, manifest: Manifest) -> Backup:
        named = self.plan.folder / manifest.file_name
        disk.place(wrapped, named)
        made = read_manifest(named)
        if made.manifest != manifest:
            refuse_changed()
        last = state.LastBackup(seq=manifest.seq, at=manifest.created, file_name=named.name)
        with suppress(DiskFull, VaultReadOnly, VaultError):  # the folder tells it as well
            state.change(self.plan.paths, lambda known: replace(known, last_backup=last))
        return made

    @contextmanager
    def _or_cancelled(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.cancel()
            raise

    def _manifest(self, said: Checked) -> Manifest:
        return Manifest(
            vault_id=self.plan.vault_id,
            seq=self.plan.seq,
            created=self.plan.created.replace(microsecond=0),
            kind=self.plan.kind,
            app=crisisdesk.__version__,
            keys=self.plan.keys,
            size=self._copy.stat().st_size,
            sha256=sha256_of(self._copy),
            said=said,
        )


def begin(
    paths: VaultPaths,
    source: sqlcipher.Connection,
    master: MasterKey,
    kind: Kind,
    *,
    created: datetime,
    anchor: Anchor,
) -> Making:
    """Return a backup that is still to be made, of the vault that ``source`` has open.

    ``anchor`` is the last line of its audit log. Raises VaultDamaged if no key file is vouched for.
    """
    sealed = key_file(paths, master)
    plan = Plan(
        paths=paths,
        vault_id=sealed.header.vault_id,
        keys=sealed.encoded.decode("ascii"),
        kind=kind,
        seq=next_seq(paths),
        created=created,
        anchor=anchor,
    )
    return Making(plan, Copying(source), Subkeys(master, *PURPOSES))


def key_file(paths: VaultPaths, master: MasterKey) -> SealedHeader:
    """Return the key file that the master key vouches for. Raises VaultDamaged, VaultMissing."""
    for sealed in keyfile.read(paths, floor=0):  # the master key vouches for it, so its cost was allowed
        if sealed.is_proven(master):
            return sealed
    raise damaged()


def next_seq(paths: VaultPaths) -> int:
    """Return a number that no backup here has, whole or damaged."""
    last = state.read(paths).last_backup
    names = [path.name for path in paths.backups.iterdir()] if paths.backups.is_dir() else []
    taken = [int(found[1]) for name in names if (found := _SEQ.fullmatch(name))]
    return max([*taken, last.seq if last else 0]) + 1


def newest(paths: VaultPaths, keys: Subkeys | MasterKey) -> Backup | None:
    """Return the newest backup here that the vault's present keys vouch for."""
    found = listed(paths.backups, keys=keys)
    return found[0] if found else None


def sweep(folder: Path, fresh: Path) -> None:
    """Take away what backups that were broken off left behind, an hour later than ``fresh`` was written.

    The disk's own time tells, as it wrote both.
    """
    with sorted_errors():
        now = fresh.stat().st_mtime
    for path in folder.iterdir():
        if _MAKING.fullmatch(path.name):
            with suppress(OSError):
                if abs(now - path.stat().st_mtime) > _STALE:
                    disk.remove(path)
