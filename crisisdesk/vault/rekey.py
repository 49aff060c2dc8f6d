"""Give the vault a new master key: after a suspicion, at a hand-over, when a drive was lost with a weak passphrase.

A copy of the closed database is made page by page under the new key, looked through by the four checks, and put in
the vault's place together with a key file of its own (swap.py): old key file and old database, or new and new, never a
mixture. The replaced vault stays beside it, encrypted under the old key, until the next verified backup. Backups from
before still open with the passphrase and the codes of their day.

The audit log goes on: its lines keep their MACs, the earlier key stays in the encrypted file to check them with
(audit.py), and the first line under the new key says so, chained to the last under the old.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from crisisdesk.clock import Clock
from crisisdesk.errors import VaultDamaged
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.vault import access, audit, disk, meta, swap
from crisisdesk.vault.audit import Anchor, AuditEntry, AuditLog
from crisisdesk.vault.backup import random_name
from crisisdesk.vault.checks import look_through
from crisisdesk.vault.connection import connect, make_copy, make_engine, open_copy
from crisisdesk.vault.digest import counts, digest
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.header import MIN_APP, Header
from crisisdesk.vault.keys import MasterKey, Purpose, wiped
from crisisdesk.vault.lockfile import VaultLock
from crisisdesk.vault.passphrase import check_passphrase
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import FLOOR_KIB, Cost
from crisisdesk.vault.write import to_millisecond

_PAGES = 256  # copied between two reports: 1 MiB
_COPIED = 0.6  # of the way; the checks are the rest


@dataclass(frozen=True, kw_only=True)
class NewWays:
    """Who can open the vault afterwards. A PIN is set up anew on each computer."""

    passphrase: str = field(repr=False)
    recovery: RecoveryCode
    handover: RecoveryCode | None = None
    own_words: tuple[str, ...] = ()


def nothing(_share: float) -> None:
    """Tell nobody how far it has come."""


def rekey(  # noqa: PLR0913  a cost and a floor for tests
    paths: VaultPaths,
    master: MasterKey,
    ways: NewWays,
    clock: Clock,
    *,
    progress: Callable[[float], None] = nothing,
    cost: Cost = Cost.DEFAULT,
    floor: int = FLOOR_KIB,
) -> MasterKey:
    """Give a closed vault a new master key and return it. For a job: it copies the whole vault.

    ``progress`` hears shares from 0 to 1. Whatever fails or is killed leaves the old vault or the new one, whole.
    Raises Invalid for a passphrase that is too weak, VaultInUse if it is open, VaultDamaged, BackupRefused if the copy
    is not what it was made from, VaultReadOnly, DiskFull.
    """
    check_passphrase(ways.passphrase, own_words=ways.own_words)
    new, making = MasterKey.random(), paths.folder / random_name()
    with VaultLock(paths, since=clock.now()):
        try:
            swap.finish(paths)
            _sweep(paths)
            old = access.read_header(paths, master, floor=floor)
            header = _header(old, new, ways, cost, floor)
            said = _copy(paths, master, making, new, progress)
            last = _hand_over(making, master, new, header, clock)
            _check(making, new, said, last)
            progress(1.0)
            swap.begin(paths, making, header.encode(new))
        except BaseException:
            if not swap.journal_of(paths).exists():
                new.wipe()
            raise
        finally:
            with sorted_errors():
                disk.remove(making)
    new.generation = header.generation
    return new


# Tables whose row counts a change of keys changes by itself.
_CHANGED = {"audit": 0, "audit_key": 0, "vault_meta": 0}


def _sweep(paths: VaultPaths) -> None:
    """Take away copies that were broken off. Whoever makes one in the vault's folder holds its lock, as we do now."""
    with sorted_errors():
        for path in paths.folder.glob("making-*"):
            disk.remove(path)


def _differs() -> VaultDamaged:
    return VaultDamaged(_("The copy under the new key is not what it was made from. Nothing was changed."))


def _header(old: Header, new: MasterKey, ways: NewWays, cost: Cost, floor: int) -> Header:
    slots = access.seal_ways(
        new, ways.passphrase, ways.recovery, ways.handover, vault_id=old.vault_id, cost=cost, floor=floor
    )
    return replace(old, generation=old.generation + 1, min_app=MIN_APP, slots=slots)


def _copy(
    paths: VaultPaths, master: MasterKey, making: Path, new: MasterKey, progress: Callable[[float], None]
) -> dict[str, int]:
    """Copy every page under the new key; return the rows of each table."""

    def tell(_status: int, remaining: int, total: int) -> None:
        progress(_COPIED * (1 - remaining / max(total, 1)))

    source = connect(paths, master)
    try:
        target = make_copy(making, new)
        try:
            with sorted_errors():
                source.backup(target, pages=_PAGES, progress=tell)
                if digest(source) != digest(target):
                    raise _differs()
                return counts(source)
        finally:
            target.close()
    finally:
        source.close()


def _check(making: Path, new: MasterKey, said: dict[str, int], last: Anchor) -> None:
    found = look_through(making, new, anchor=last)
    if found.audit.seq != last.seq + 1 or {**found.counts, **_CHANGED} != {**said, **_CHANGED}:
        raise _differs()


def _hand_over(making: Path, master: MasterKey, new: MasterKey, header: Header, clock: Clock) -> Anchor:
    """Let the copy know its new keys; return the last audit line under the old one."""
    connection = open_copy(making, new)
    now = to_millisecond(clock.now())
    try:
        engine = make_engine(lambda: connection)
        with (
            wiped(master.subkey(Purpose.AUDIT)) as earlier,
            wiped(new.subkey(Purpose.AUDIT)) as key,
            sorted_errors(),
            engine.begin() as writing,
        ):
            last = audit.change_key(writing, earlier)
            meta.remember(writing, meta.Meta(MIN_APP, header.generation, now))
            entry = AuditEntry(AuditKind.REKEY, "vault", header.vault_id.hex()[:8], str(last))
            AuditLog(key, clock, secrets.token_hex(4)).append(writing, [entry])
    finally:
        connection.close()
    return last
