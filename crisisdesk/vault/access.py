"""Make a vault's keys, unlock them, change the passphrase or the recovery code.

Unlocking costs a key derivation (a third of a second or more), so it belongs in a job; what it returns, a proven
master key, opens the database. All of it works on the key file alone: a new passphrase wraps the same master key
anew, and backups keep the passphrase of their day.
"""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime

import crisisdesk
from crisisdesk.errors import Invalid, VaultExists, VaultTooNew, WrongPassphrase
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import disk, keyfile
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.header import VAULT_ID_BYTES, Header, damaged
from crisisdesk.vault.keys import MasterKey, wiped
from crisisdesk.vault.passphrase import check_passphrase, encode
from crisisdesk.vault.place import exists, unfinished
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import FLOOR_KIB, Cost, Slot, SlotKind, seal, unseal


def new_vault_id() -> bytes:
    """Return a name for a vault that is still to be made, so that its recovery sheet can bear it."""
    return os.urandom(VAULT_ID_BYTES)


def create(  # noqa: PLR0913  facts of a vault that is made once
    paths: VaultPaths,
    passphrase: str,
    recovery: RecoveryCode,
    *,
    now: datetime,
    vault_id: bytes | None = None,
    cost: Cost = Cost.DEFAULT,
    floor: int = FLOOR_KIB,
) -> MasterKey:
    """Write the key file of a new vault and return its master key; ``connection.create_database`` comes next.

    Raises Invalid for a passphrase that is too weak, VaultExists, VaultReadOnly, DiskFull.
    Only tests pass a ``floor`` (KiB).
    """
    _refuse_cost(cost, floor)
    check_passphrase(passphrase)
    if exists(paths):
        raise VaultExists(_("There is a vault already. It is not overwritten."))
    with sorted_errors():
        disk.make_folder(paths.folder)
        disk.make_empty(unfinished(paths))  # from here to the end of create_database there is no vault yet
    master, vault_id = MasterKey.random(), vault_id or new_vault_id()
    slots = (
        _seal_passphrase(master, passphrase, vault_id, cost),
        _seal_recovery(master, recovery, vault_id, cost),
    )
    header = Header(vault_id=vault_id, generation=1, created=now.astimezone(UTC), slots=slots)
    keyfile.write(paths, header.encode(master))
    return master


def unlock(paths: VaultPaths, passphrase: str, *, floor: int = FLOOR_KIB) -> MasterKey:
    """Return the master key for a passphrase.

    Raises WrongPassphrase, VaultMissing, VaultDamaged, VaultForeign, VaultTooNew.
    """
    wrong = WrongPassphrase(_("Wrong passphrase, or the key file is damaged."))
    try:
        encoded = encode(passphrase)
    except Invalid:
        raise wrong from None
    with wiped(encoded) as secret:
        return _unlock(paths, SlotKind.PASSPHRASE, secret, wrong, floor)


def unlock_with_recovery(paths: VaultPaths, code: str, *, floor: int = FLOOR_KIB) -> MasterKey:
    """Return the master key for a printed recovery code, as typed.

    Afterwards a new passphrase and a new code are due.
    Raises Invalid ("recovery") for a mistyped code, else as ``unlock``.
    """
    wrong = WrongPassphrase(_("This recovery code is not the one of this vault, or the key file is damaged."))
    with wiped(RecoveryCode.parse(code).secret()) as secret:
        return _unlock(paths, SlotKind.RECOVERY, secret, wrong, floor)


def change_passphrase(
    paths: VaultPaths, master: MasterKey, passphrase: str, *, cost: Cost = Cost.DEFAULT, floor: int = FLOOR_KIB
) -> Header:
    """Have another passphrase open the vault from now on; return the new header.

    The old one stays in force if anything fails.
    Raises Invalid for a passphrase that is too weak, VaultDamaged, VaultReadOnly, DiskFull.
    """
    _refuse_cost(cost, floor)
    check_passphrase(passphrase)
    header = read_header(paths, master, floor=floor)
    return _put(paths, master, header, _seal_passphrase(master, passphrase, header.vault_id, cost))


def replace_recovery(
    paths: VaultPaths, master: MasterKey, recovery: RecoveryCode, *, cost: Cost = Cost.DEFAULT, floor: int = FLOOR_KIB
) -> Header:
    """Have another recovery code open the vault, and no older one; return the new header.

    Raises VaultDamaged, VaultReadOnly, DiskFull.
    """
    _refuse_cost(cost, floor)
    header = read_header(paths, master, floor=floor)
    return _put(paths, master, header, _seal_recovery(master, recovery, header.vault_id, cost))


def read_header(paths: VaultPaths, master: MasterKey, *, floor: int = FLOOR_KIB) -> Header:
    """Return the key file's header, proven by the master key.

    Its ``generation`` lower than the one that the database remembers means that an old key file was put back.
    Raises VaultDamaged if neither the key file nor its twin is vouched for by this key.
    """
    for sealed in keyfile.read(paths, floor=floor):
        if sealed.is_proven(master):
            return sealed.header
    raise damaged()


def _unlock(paths: VaultPaths, kind: SlotKind, secret: bytearray, wrong: WrongPassphrase, floor: int) -> MasterKey:
    opened_unproven, tried = False, 0
    for sealed in keyfile.read(paths, floor=floor):
        header = sealed.header
        if tried and not opened_unproven and header.generation != tried:
            break  # the twin of an unfinished change: its secret does not count yet
        tried = header.generation
        master = _try_slots(header, kind, secret)
        if master is None:
            continue
        if sealed.is_proven(master):
            _refuse_newer(header)
            keyfile.repair(paths, sealed)
            return master
        master.wipe()
        opened_unproven = True
    raise damaged() if opened_unproven else wrong


def _try_slots(header: Header, kind: SlotKind, secret: bytearray) -> MasterKey | None:
    for slot in header.slots:
        if slot.kind is kind:
            master = unseal(slot, secret, vault_id=header.vault_id)
            if master is not None:
                return master
    return None


def _put(paths: VaultPaths, master: MasterKey, header: Header, slot: Slot) -> Header:
    """Write the key file anew, with the slot in place of all of its kind."""
    others = tuple(kept for kept in header.slots if kept.kind is not slot.kind)
    changed = replace(header, generation=header.generation + 1, slots=(*others, slot))
    keyfile.write(paths, changed.encode(master))
    return changed


def _seal_passphrase(master: MasterKey, passphrase: str, vault_id: bytes, cost: Cost) -> Slot:
    with wiped(encode(passphrase)) as secret:
        return seal(master, secret, vault_id=vault_id, kind=SlotKind.PASSPHRASE, cost=cost)


def _seal_recovery(master: MasterKey, recovery: RecoveryCode, vault_id: bytes, cost: Cost) -> Slot:
    with wiped(recovery.secret()) as secret:
        return seal(master, secret, vault_id=vault_id, kind=SlotKind.RECOVERY, cost=cost)


def _refuse_cost(cost: Cost, floor: int) -> None:
    """Refuse to write a key file that we would refuse to read."""
    if not cost.is_allowed(floor):
        raise ValueError("That cost is out of bounds.")


def _refuse_newer(header: Header) -> None:
    if _numbers(header.min_app) > _numbers(crisisdesk.__version__):
        raise VaultTooNew(
            _("The vault needs CrisisDesk {version} or later. Install that version to open it.").format(
                version=header.min_app
            )
        )


def _numbers(version: str) -> tuple[int, ...]:
    """Return the first three numbers of a version, "0.2.0rc1" too."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
