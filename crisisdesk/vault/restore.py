"""Bring back a backup: never over the live vault, always beside it first.

The backup's own key file opens it, with the passphrase or a code of its day, so this works on a computer that has no
vault, or a damaged one. It is unpacked into the vault's folder under a random name and passes all four checks there;
what the vault knows of legal holds and purges since is carried over (carry.py), and its audit log says all that; then
it changes places with the vault (swap.py). The replaced vault stays, encrypted, for two weeks at least, unless she lets
it go; ``back_up_replaced`` makes a backup of it, by which she can go back to it like to any other.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from crisisdesk.clock import Clock
from crisisdesk.errors import BackupRefused, DiskFull, Invalid, VaultError, VaultReadOnly, WrongPassphrase
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.vault import carry, disk, keyfile, making, state, swap
from crisisdesk.vault.audit import AuditEntry, AuditLog, head
from crisisdesk.vault.backup import Backup, random_name, unpack
from crisisdesk.vault.carry import Carried
from crisisdesk.vault.checks import Checked
from crisisdesk.vault.connection import make_engine, open_copy
from crisisdesk.vault.copying import Copying, Progress
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.header import damaged
from crisisdesk.vault.keys import MasterKey, Purpose, Subkeys, wiped
from crisisdesk.vault.lockfile import VaultLock
from crisisdesk.vault.making import sweep
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.passphrase import encode
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import FLOOR_KIB, SlotKind, unseal
from crisisdesk.vault.upgrade import upgrade
from crisisdesk.vault.write import to_millisecond

NOT_CARRIED = "not-carried"
"""The code of the line that says: what was held or purged since the backup could not be read."""

_SESSION = "restore"


def unlock(backup: Backup, passphrase: str, *, floor: int = FLOOR_KIB) -> MasterKey:
    """Return a backup's master key, for the passphrase of its day. Costs a key derivation: call it in a job.

    Raises WrongPassphrase, VaultDamaged. Only tests pass a ``floor``.
    """
    wrong = WrongPassphrase(_("This is not the passphrase of the day on which the backup was made."))
    try:
        encoded = encode(passphrase)
    except Invalid:
        raise wrong from None
    return _unlock(backup, encoded, frozenset({SlotKind.PASSPHRASE}), wrong, floor)


def unlock_with_code(backup: Backup, code: str, *, floor: int = FLOOR_KIB) -> MasterKey:
    """Return a backup's master key, for the recovery or hand-over code of its day.

    Raises Invalid ("recovery") for a mistyped code, else as ``unlock``.
    """
    secret = RecoveryCode.parse(code).secret()
    wrong = WrongPassphrase(_("This is not a code of the day on which the backup was made."))
    return _unlock(backup, secret, frozenset({SlotKind.RECOVERY, SlotKind.HANDOVER}), wrong, floor)


def back_up_replaced(
    paths: VaultPaths,
    kept: VaultPaths,
    master: MasterKey,
    created: datetime,
    progress: Progress = lambda _done: None,
) -> Backup:
    """Make a backup of the vault in ``kept`` that a restore replaced at that moment. For a worker; wipes the key.

    Raises BackupRefused if the key does not open it, VaultDamaged, DiskFull, VaultReadOnly.
    """
    try:
        try:
            sealed = making.key_file(kept, master)
        except VaultError:
            words = _("The vault that was replaced has other keys. It stays: choose one of its backups instead.")
            raise BackupRefused(words) from None
        connection = open_copy(kept.database, master)
        try:
            with sorted_errors(), make_engine(lambda: connection).connect() as reading:
                anchor = head(reading)
            plan = making.Plan(
                paths=paths,
                vault_id=sealed.header.vault_id,
                keys=sealed.encoded.decode("ascii"),
                kind=Kind.MANUAL,
                seq=making.next_seq(paths),
                created=created,
                anchor=anchor,
            )
            return making.Making(plan, Copying(connection), Subkeys(master, *making.PURPOSES)).run(progress)
        finally:
            connection.close()
    finally:
        master.wipe()


class Restoring:
    """A restore that was decided on: holds the backup's master key, wiped at its end. Run on a worker thread.

    The vault must be closed by then. What it knows of holds and purges is read from it with the backup's key; for a
    backup from before the keys were changed, it must be ``carried``. Without ``tells`` nothing is carried over and the
    audit log gets no line, so that what is restored can be compared with what was backed up, to the last digit.
    """

    def __init__(
        self,
        paths: VaultPaths,
        backup: Backup,
        master: MasterKey,
        clock: Clock,
        *,
        carried: Carried | None = None,
        tells: bool = True,
    ) -> None:
        self._carried = carried
        self._tells = tells
        self._paths = paths
        self._backup = backup
        self._master = master
        self._clock = clock

    def run(self, progress: Progress = lambda _done: None) -> Checked:
        """Check the backup beside the vault, then have them change places; return what the vault holds now.

        Raises BackupRefused, VaultDamaged, VaultInUse, VaultReadOnly, DiskFull; the vault is as it was then.
        """
        try:
            with VaultLock(self._paths, since=self._clock.now()):
                swap.finish(self._paths)
                return self._run(progress)
        finally:
            self._master.wipe()

    def _run(self, progress: Progress) -> Checked:
        self._refuse_other_vault()
        beside = self._paths.folder / random_name()
        sweep(self._paths.folder, self._paths.lock)  # just written
        try:
            said = unpack(self._backup.path, self._master, beside)
            progress(0.8)
            if self._tells:
                self._carry_over(beside)
            swap.begin(self._paths, beside, self._backup.manifest.keys.encode("ascii"))
        finally:
            for left in (beside, beside.with_name(f"{beside.name}-journal")):
                with suppress(OSError):
                    disk.remove(left)
        # What is known of the replaced vault's last line would look like a vault that was put back behind her back.
        with suppress(DiskFull, VaultReadOnly):
            state.change(self._paths, lambda known: replace(known, mark=None))
        progress(1)
        return said

    def _refuse_other_vault(self) -> None:
        try:
            found = keyfile.read(self._paths, floor=0)
        except VaultError:
            return  # no key file, or none that can be read: then there is nothing that it would take the place of
        if all(sealed.header.vault_id != self._backup.manifest.vault_id for sealed in found):
            raise BackupRefused(_("This backup is of another vault than the one on this computer."))

    def _carry_over(self, beside: Path) -> None:
        """Put into the copy what was held and purged since, and write down that it is restored."""
        carried = self._carried or self._of_present()
        entries = [AuditEntry(AuditKind.RESTORE, "backup", self._backup.manifest.file_name)]
        if carried is None and self._paths.database.exists():
            entries.append(AuditEntry(AuditKind.RESTORE, "vault", "", NOT_CARRIED, "failed"))
        connection = open_copy(beside, self._master)
        try:
            engine = make_engine(lambda: connection)
            if carried is not None and not carried.is_empty:
                with sorted_errors():
                    upgrade(engine)
            with wiped(self._master.subkey(Purpose.AUDIT)) as key, sorted_errors(), engine.begin() as writing:
                if carried is not None:
                    entries += carry.put(writing, carried, to_millisecond(self._clock.now()))
                AuditLog(key, self._clock, _SESSION).append(writing, entries)
            if any(entry.kind == AuditKind.PURGE for entry in entries):
                with sorted_errors():
                    connection.execute("VACUUM")
        finally:
            connection.close()

    def _of_present(self) -> Carried | None:
        """Return what the vault that stands knows; None if there is none, or it can't be read with the backup's key."""
        try:
            connection = open_copy(self._paths.database, self._master)
        except VaultError:
            return None
        try:
            with sorted_errors(), make_engine(lambda: connection).connect() as reading:
                return carry.read(reading)
        except VaultError:
            return None
        finally:
            connection.close()


def _unlock(
    backup: Backup, secret: bytearray, kinds: frozenset[SlotKind], wrong: WrongPassphrase, floor: int
) -> MasterKey:
    sealed = backup.manifest.header(floor=floor)
    with wiped(secret):
        for slot in sealed.header.slots:
            master = unseal(slot, secret, vault_id=sealed.header.vault_id) if slot.kind in kinds else None
            if master is None:
                continue
            if sealed.is_proven(master) and sealed.header.vault_id == backup.manifest.vault_id:
                return master
            master.wipe()
            raise damaged()
    raise wrong
