"""Make a vault's keys, unlock them, change who can: passphrase, recovery codes, hand-over code, PIN.

Unlocking costs a key derivation (a third of a second or more), so it belongs in a job; what it returns, a proven
master key, opens the database. All of it works on the key file alone: a new passphrase wraps the same master key
anew, and backups keep the passphrase of their day. After each change ``Store.keys_changed`` has the database remember
the key file's new version; if that is missed, the next opening does it.

Before a secret is tried, attempts.py is asked, and the try is written down.
"""

import os
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import crisisdesk
from crisisdesk.clock import SystemClock
from crisisdesk.errors import (
    Invalid,
    NotFound,
    QuickUnlockClosed,
    StateConflict,
    VaultError,
    VaultExists,
    VaultInUse,
    VaultTooNew,
    WrongPassphrase,
)
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import (
    attempts,
    calibration,
    connection,
    device,
    disk,
    engine,
    folder,
    keyfile,
    policy,
    state,
    swap,
)
from crisisdesk.vault.device import CredentialStore
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.header import MOST_SLOTS, VAULT_ID_BYTES, Header, SealedHeader, damaged
from crisisdesk.vault.keys import KEY_BYTES, MasterKey, wiped
from crisisdesk.vault.lockfile import VaultLock
from crisisdesk.vault.passphrase import check_passphrase, encode
from crisisdesk.vault.place import exists, unfinished
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import FLOOR_KIB, Cost, Slot, SlotKind, seal, unseal
from crisisdesk.vault.state import State

_CODES = frozenset({SlotKind.RECOVERY, SlotKind.HANDOVER})


@dataclass(frozen=True)
class SlotInfo:
    """One way in: the slot's id (hex, to revoke it by), whose secret it takes, and what a guess costs."""

    id: str
    kind: SlotKind
    cost: Cost


def new_vault_id() -> bytes:
    """Return a name for a vault that is still to be made, so that its recovery sheet can bear it."""
    return os.urandom(VAULT_ID_BYTES)


def calibrate() -> Cost:
    """Return what a new vault's keys should cost on this computer; takes about as long as an unlock. For a job."""
    return calibration.calibrate()


def create(  # noqa: PLR0913  facts of a vault that is made once
    paths: VaultPaths,
    passphrase: str,
    recovery: RecoveryCode,
    *,
    now: datetime,
    vault_id: bytes | None = None,
    own_words: Iterable[str] = (),
    anywhere: bool = False,
    cost: Cost = Cost.DEFAULT,
    floor: int = FLOOR_KIB,
) -> MasterKey:
    """Write the key file of a new vault and return its master key; ``connection.create_database`` comes next.

    ``own_words`` are names around her that the passphrase may not be made of. Only tests pass a ``floor`` (KiB) or
    ``anywhere``, which takes a folder on a network or a stick, too.
    Raises Invalid for a passphrase that is too weak, UnsafePlace, VaultExists, VaultReadOnly, DiskFull.
    """
    _refuse_cost(cost, floor)
    engine.check()
    check_passphrase(passphrase, own_words=own_words)
    if not anywhere:
        folder.refuse_unsafe(paths.folder)
    if exists(paths):
        raise VaultExists(_("There is a vault already. It is not overwritten."))
    with sorted_errors():
        disk.make_folder(paths.folder)
        folder.keep_others_out(paths.folder)
        disk.make_empty(unfinished(paths))  # from here to the end of create_database there is no vault yet
    master, vault_id = MasterKey.random(), vault_id or new_vault_id()
    slots = seal_ways(master, passphrase, recovery, None, vault_id=vault_id, cost=cost, floor=floor)
    header = Header(vault_id=vault_id, generation=1, created=now.astimezone(UTC), slots=slots)
    keyfile.write(paths, header.encode(master))
    master.generation = header.generation
    state.try_change(paths, lambda known: replace(known, proof=device.proof(now)))
    return master


def unlock(paths: VaultPaths, passphrase: str, *, now: datetime, floor: int = FLOOR_KIB) -> MasterKey:
    """Return the master key for a passphrase.

    Raises TooManyAttempts, WrongPassphrase, VaultMissing, VaultDamaged, VaultForeign, VaultTooNew.
    """
    found = _read(paths, floor)
    try:
        with attempts.attempt(paths, SlotKind.PASSPHRASE, now):
            master = _unlock_with_words(paths, found, passphrase)
    except WrongPassphrase as wrong:
        raise WrongPassphrase(" ".join(filter(None, (str(wrong), attempts.warning(paths, now))))) from None
    _bury_device(paths, master, floor)
    return master


def unlock_with_recovery(paths: VaultPaths, code: str, *, now: datetime, floor: int = FLOOR_KIB) -> MasterKey:
    """Return the master key for a printed recovery or hand-over code, as typed; its ``opened_by`` says which.

    Afterwards a new passphrase and a new code are due. A code is never refused for too many wrong tries.
    Raises Invalid ("recovery") for a mistyped code, else as ``unlock``.
    """
    with wiped(RecoveryCode.parse(code).secret()) as secret:
        found = _read(paths, floor)
        wrong = _wrong(
            paths,
            _("This recovery code is not the one of this vault."),
            _("This recovery code is not the one of this vault, or the key file is damaged."),
        )
        with attempts.attempt(paths, SlotKind.RECOVERY, now):
            master = _unlock(paths, found, _CODES, secret, wrong)
    _bury_device(paths, master, floor)
    return master


def unlock_with_device(
    paths: VaultPaths, pin: str, keyring: CredentialStore, *, now: datetime, floor: int = FLOOR_KIB
) -> MasterKey:
    """Return the master key for a PIN, together with what this computer's credential store keeps.

    Raises QuickUnlockClosed with why the PIN can't be used, else as ``unlock``; the fifth wrong PIN ends it for good.
    """
    found = _read(paths, floor)
    slot, vault_id = _device_slot(paths, found, now)
    attempts.check(paths, now)
    account = _account(vault_id, slot)
    stored = keyring.read(account)
    if stored is None:
        raise QuickUnlockClosed(_("This computer no longer has its half of the key. Type your passphrase."))
    with wiped(stored), wiped(bytearray(pin, "utf-8", "replace")) as secret:
        try:
            with attempts.attempt(paths, SlotKind.DEVICE, now):
                wrong = WrongPassphrase(_("Wrong PIN."))
                return _unlock(paths, found, {SlotKind.DEVICE}, secret, wrong, stored)
        except WrongPassphrase:
            if not state.read(paths).attempts.is_device_dead:
                raise
    with suppress(QuickUnlockClosed):  # dead anyway: the slot is not asked again, and goes at the next unlock
        keyring.delete(account)
    raise QuickUnlockClosed(_("That was the last wrong PIN: quick unlock is off now. Type your passphrase."))


def refuse_broken(paths: VaultPaths, *, floor: int = FLOOR_KIB) -> None:
    """Raise what can be seen to be wrong with a vault before a secret is tried.

    VaultMissing, VaultDamaged, VaultForeign, VaultReadOnly.
    """
    _read(paths, floor)
    connection.check_file(paths.database)


def offers_device(paths: VaultPaths, now: datetime, *, floor: int = FLOOR_KIB) -> bool:
    """Whether to ask for a PIN: it is set up, and the passphrase was typed in the last 12 hours and since the start."""
    try:
        _device_slot(paths, _read(paths, floor), now)
        attempts.check(paths, now)
    except VaultError:
        return False
    return True


def change_passphrase(
    paths: VaultPaths,
    master: MasterKey,
    passphrase: str,
    *,
    own_words: Iterable[str] = (),
    cost: Cost = Cost.DEFAULT,
    floor: int = FLOOR_KIB,
) -> Header:
    """Have another passphrase open the vault from now on; return the new header.

    The old one stays in force if anything fails.
    Raises Invalid for a passphrase that is too weak, VaultDamaged, VaultReadOnly, DiskFull.
    """
    _refuse_cost(cost, floor)
    check_passphrase(passphrase, own_words=own_words)
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
    return _put(paths, master, header, _seal_code(master, recovery, header.vault_id, cost))


def add_recovery(
    paths: VaultPaths, master: MasterKey, recovery: RecoveryCode, *, cost: Cost = Cost.DEFAULT, floor: int = FLOOR_KIB
) -> Header:
    """Have one more recovery code open the vault; return the new header.

    Raises StateConflict if there are as many ways in as there can be, VaultDamaged, VaultReadOnly, DiskFull.
    """
    _refuse_cost(cost, floor)
    header = read_header(paths, master, floor=floor)
    return _add(paths, master, header, _seal_code(master, recovery, header.vault_id, cost))


def put_handover(
    paths: VaultPaths, master: MasterKey, code: RecoveryCode, *, cost: Cost = Cost.DEFAULT, floor: int = FLOOR_KIB
) -> Header:
    """Have this sealed code open the vault for a successor, and no older one; return the new header.

    Raises StateConflict, VaultDamaged, VaultReadOnly, DiskFull.
    """
    _refuse_cost(cost, floor)
    header = read_header(paths, master, floor=floor)
    slot = _seal_code(master, code, header.vault_id, cost, SlotKind.HANDOVER)
    return _add(paths, master, _without(header, SlotKind.HANDOVER), slot)


def enable_device(
    paths: VaultPaths,
    master: MasterKey,
    pin: str,
    keyring: CredentialStore,
    *,
    cost: Cost = Cost.DEFAULT,
    floor: int = FLOOR_KIB,
) -> Header:
    """Have a PIN open the vault on this computer, and no older one; return the new header.

    Raises Invalid ("pin"), QuickUnlockClosed if the credential store does not keep its half, else as ``put_handover``.
    """
    _refuse_cost(cost, floor)
    header = read_header(paths, master, floor=floor)
    kind = SlotKind.DEVICE
    with wiped(device.check_pin(pin)) as secret, wiped(bytearray(os.urandom(KEY_BYTES))) as stored:
        slot = seal(master, secret, vault_id=header.vault_id, kind=kind, cost=cost, stored=stored)
        account = _account(header.vault_id, slot)
        keyring.write(account, stored)
    try:
        state.change(paths, _with_live_device)
        changed = _add(paths, master, _without(header, kind), slot)
    except BaseException:
        with suppress(QuickUnlockClosed):
            keyring.delete(account)
        raise
    _forget_stored(header, keyring)
    return changed


def disable_device(
    paths: VaultPaths, master: MasterKey, keyring: CredentialStore | None, *, floor: int = FLOOR_KIB
) -> Header:
    """Have no PIN open the vault any more; return the header. Without a credential store its half is left there.

    Raises VaultDamaged, VaultReadOnly, DiskFull.
    """
    header = read_header(paths, master, floor=floor)
    changed = _write(paths, master, _without(header, SlotKind.DEVICE))
    if keyring is not None:
        _forget_stored(header, keyring)
    return changed


def seal_ways(  # noqa: PLR0913  who can open a vault, and a cost and a floor for tests
    master: MasterKey,
    passphrase: str,
    recovery: RecoveryCode,
    handover: RecoveryCode | None,
    *,
    vault_id: bytes,
    cost: Cost,
    floor: int,
) -> tuple[Slot, ...]:
    """Return the slots of a key file that is still to be made."""
    _refuse_cost(cost, floor)
    slots = (
        _seal_passphrase(master, passphrase, vault_id, cost),
        _seal_code(master, recovery, vault_id, cost),
    )
    if handover is None:
        return slots
    return (*slots, _seal_code(master, handover, vault_id, cost, SlotKind.HANDOVER))


def slots_of(paths: VaultPaths, master: MasterKey, *, floor: int = FLOOR_KIB) -> tuple[SlotInfo, ...]:
    """Return every way in. Raises VaultDamaged."""
    return tuple(
        SlotInfo(slot.id.hex(), slot.kind, slot.cost) for slot in read_header(paths, master, floor=floor).slots
    )


def revoke(paths: VaultPaths, master: MasterKey, slot_id: str, *, floor: int = FLOOR_KIB) -> Header:
    """Take one way in away, by its id; return the new header.

    Raises StateConflict for the passphrase and for the last recovery code, NotFound, VaultDamaged, VaultReadOnly,
    DiskFull.
    """
    header = read_header(paths, master, floor=floor)
    slot = next((slot for slot in header.slots if slot.id.hex() == slot_id), None)
    if slot is None:
        raise NotFound(_("This way in is gone already."))
    if slot.kind is SlotKind.PASSPHRASE:
        raise StateConflict(_("The passphrase can be changed, not taken away."))
    if slot.kind is SlotKind.RECOVERY and sum(each.kind is slot.kind for each in header.slots) == 1:
        raise StateConflict(_("This is the only recovery code. Make a new recovery sheet: that ends the old one."))
    return _write(paths, master, replace(header, slots=tuple(each for each in header.slots if each is not slot)))


def read_header(paths: VaultPaths, master: MasterKey, *, floor: int = FLOOR_KIB) -> Header:
    """Return the key file's header, proven by the master key.

    Its ``generation`` lower than the one that the database remembers means that an old key file was put back.
    Raises VaultDamaged if neither the key file nor its twin is vouched for by this key.
    """
    for sealed in _read(paths, floor):
        if sealed.is_proven(master):
            return sealed.header
    raise damaged()


def cost_of(header: Header) -> Cost:
    """Return what the passphrase costs: a new key costs as much."""
    return next(slot.cost for slot in header.slots if slot.kind is SlotKind.PASSPHRASE)


def finish(paths: VaultPaths) -> None:
    """Go on with a restore or a change of keys that was broken off; a CrisisDesk that is at it is left alone."""
    if swap.journal_of(paths).exists():
        with suppress(VaultInUse), VaultLock(paths, since=SystemClock().now()):
            swap.finish(paths)


def _read(paths: VaultPaths, floor: int) -> tuple[SealedHeader, ...]:
    with sorted_errors():  # a folder that is closed to her
        finish(paths)
        return keyfile.read(paths, floor=floor)


def _unlock_with_words(paths: VaultPaths, found: tuple[SealedHeader, ...], passphrase: str) -> MasterKey:
    wrong = _wrong(paths, _("Wrong passphrase."), _("Wrong passphrase, or the key file is damaged."))
    try:
        encoded = encode(passphrase)
    except Invalid:
        raise wrong from None
    with wiped(encoded) as secret:
        return _unlock(paths, found, {SlotKind.PASSPHRASE}, secret, wrong)


def _wrong(paths: VaultPaths, sentence: str, or_damaged: str) -> WrongPassphrase:
    """Blame the key file only where it gives cause: that is no hint, as it is said whatever was typed."""
    with sorted_errors():
        return WrongPassphrase(sentence if keyfile.is_whole(paths) else or_damaged)


def _unlock(
    paths: VaultPaths,
    found: tuple[SealedHeader, ...],
    kinds: Collection[SlotKind],
    secret: bytearray,
    wrong: WrongPassphrase,
    stored: bytearray | None = None,
) -> MasterKey:
    opened_unproven, tried = False, 0
    for sealed in found:
        header = sealed.header
        if tried and not opened_unproven and header.generation != tried:
            break  # the twin of an unfinished change: its secret does not count yet
        tried = header.generation
        master = _try_slots(header, kinds, secret, stored)
        if master is None:
            continue
        if sealed.is_proven(master):
            _refuse_newer(header)
            keyfile.repair(paths, sealed)
            master.generation = header.generation
            return master
        master.wipe()
        opened_unproven = True
    raise damaged() if opened_unproven else wrong


def _try_slots(
    header: Header, kinds: Collection[SlotKind], secret: bytearray, stored: bytearray | None
) -> MasterKey | None:
    for slot in header.slots:
        if slot.kind in kinds:
            master = unseal(slot, secret, vault_id=header.vault_id, stored=stored)
            if master is not None:
                master.opened_by = slot.kind.value
                return master
    return None


def _put(paths: VaultPaths, master: MasterKey, header: Header, slot: Slot) -> Header:
    """Write the key file anew, with the slot in place of all of its kind."""
    return _add(paths, master, _without(header, slot.kind), slot)


def _add(paths: VaultPaths, master: MasterKey, header: Header, slot: Slot) -> Header:
    if len(header.slots) >= MOST_SLOTS:
        raise StateConflict(
            _("There are {most} ways in, and can’t be more. Take one away first.").format(most=MOST_SLOTS)
        )
    return _write(paths, master, replace(header, slots=(*header.slots, slot)))


def _write(paths: VaultPaths, master: MasterKey, header: Header) -> Header:
    changed = replace(header, generation=header.generation + 1)
    keyfile.write(paths, changed.encode(master))
    master.generation = changed.generation
    return changed


def _without(header: Header, kind: SlotKind) -> Header:
    return replace(header, slots=tuple(slot for slot in header.slots if slot.kind is not kind))


def _device_slot(paths: VaultPaths, found: tuple[SealedHeader, ...], now: datetime) -> tuple[Slot, bytes]:
    """Return this vault's device slot and the vault's id. Raises QuickUnlockClosed if it may not be used now."""
    header = found[0].header
    slot = next((slot for slot in header.slots if slot.kind is SlotKind.DEVICE), None)
    known = state.read(paths)
    if slot is None or known.attempts.is_device_dead or not policy.read().quick_unlock:
        raise QuickUnlockClosed(_("Quick unlock is off. Type your passphrase."))
    if not device.is_fresh(known.proof, now):
        raise QuickUnlockClosed(_("The PIN works for 12 hours after the passphrase was typed. Type your passphrase."))
    return slot, header.vault_id


def _account(vault_id: bytes, slot: Slot) -> str:
    return f"{vault_id.hex()[:8]}-{slot.id.hex()}"


def _forget_stored(header: Header, keyring: CredentialStore) -> None:
    """Delete the credential store's halves for a header's slots. What stays there opens nothing any more."""
    for slot in header.slots:
        if slot.kind is SlotKind.DEVICE:
            with suppress(QuickUnlockClosed):
                keyring.delete(_account(header.vault_id, slot))


def _bury_device(paths: VaultPaths, master: MasterKey, floor: int) -> None:
    """Take the slot away whose PIN was tried too often; without the master key nobody could."""
    if not state.read(paths).attempts.is_device_dead:
        return
    with suppress(VaultError):  # the state keeps it closed until it works
        header = read_header(paths, master, floor=floor)
        without = _without(header, SlotKind.DEVICE)
        if without != header:
            _write(paths, master, without)
        state.change(paths, _with_live_device)


def _with_live_device(found: State) -> State:
    return replace(found, attempts=replace(found.attempts, pins=0, is_device_dead=False))


def _seal_passphrase(master: MasterKey, passphrase: str, vault_id: bytes, cost: Cost) -> Slot:
    with wiped(encode(passphrase)) as secret:
        return seal(master, secret, vault_id=vault_id, kind=SlotKind.PASSPHRASE, cost=cost)


def _seal_code(
    master: MasterKey, code: RecoveryCode, vault_id: bytes, cost: Cost, kind: SlotKind = SlotKind.RECOVERY
) -> Slot:
    with wiped(code.secret()) as secret:
        return seal(master, secret, vault_id=vault_id, kind=kind, cost=cost)


def _refuse_cost(cost: Cost, floor: int) -> None:
    """Refuse to write a key file that we would refuse to read."""
    if not cost.is_allowed(floor):
        raise ValueError("That cost is out of bounds.")


def _refuse_newer(header: Header) -> None:
    if _numbers(header.min_app) > _numbers(crisisdesk.__version__):
        raise VaultTooNew(
            _(
                "This file needs CrisisDesk {version} or later. It is well, and nothing was changed. Install that "
                "version here, and unlock again."
            ).format(version=header.min_app)
        )


def _numbers(version: str) -> tuple[int, ...]:
    """Return the first three numbers of a version, "0.2.0rc1" too."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
