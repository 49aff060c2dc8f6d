"""Changes keys until it is killed: python -m tests.faults.keys_child reads a job a line and forks a driver for each.

A job is "KIND FOLDER LEDGER". The driver writes "try N" and "did N" into the ledger around each change, and the nursery
prints "ready PID" and "ended PID".
"""

import gc
import hashlib
import importlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from crisisdesk.clock import FixedClock
from crisisdesk.paths import VaultPaths
from crisisdesk.vault.passphrase import strength
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.rekey import NewWays, rekey
from crisisdesk.vault.slots import SlotKind
from crisisdesk.vault.store import Store
from tests.stores import NOON
from tests.vault.fast import (
    CODE,
    COST,
    FLOOR,
    PASSPHRASE,
    change_passphrase,
    put_handover,
    revoke,
    slots_of,
    unlock,
    unlock_with_recovery,
)

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def made_up(seed: str) -> RecoveryCode:
    """Return a code that is the same in every process: 26 signs and their check."""
    chosen = (seed * 26)[:26]
    bits = int.from_bytes(hashlib.sha256(f"crisisdesk/v1/recovery{chosen}".encode()).digest()[:4]) >> 12
    return RecoveryCode(chosen + "".join(_SIGNS[bits >> shift & 31] for shift in (15, 10, 5, 0)))


HANDOVERS = {1: made_up("HAND1"), 2: made_up("HAND2")}


def phrase(number: int) -> str:
    """Return the passphrase after so many changes."""
    return PASSPHRASE if number == 0 else f"{PASSPHRASE} turnip {number}"


def change_passphrases(paths: VaultPaths, tell: Callable[[str], None]) -> None:
    """Change the passphrase again and again, and have the open database remember each key file."""
    with_keys = unlock_with_recovery(paths, str(CODE))
    for number in range(1, 10_000):
        tell(f"try {number}")
        change_passphrase(paths, with_keys, phrase(number))
        tell(f"did {number}")
        if number % 3 == 0:
            store = Store.open(paths, unlock(paths, phrase(number)), FixedClock(NOON))
            store.remember_keys()
            store.close()


def change_slots(paths: VaultPaths, tell: Callable[[str], None]) -> None:
    """Put a hand-over code, by turns one of two, and take it away; the number says which is in force: 0 none, 1, 2."""
    with_keys = unlock(paths, PASSPHRASE)
    for turn in range(10_000):
        number = turn % 3
        tell(f"try {number}")
        if number:
            put_handover(paths, with_keys, HANDOVERS[number])
        else:
            for slot in slots_of(paths, with_keys):
                if slot.kind is SlotKind.HANDOVER:
                    revoke(paths, with_keys, slot.id)
        tell(f"did {number}")


def change_master_keys(paths: VaultPaths, tell: Callable[[str], None]) -> None:
    """Re-key again and again."""
    for number in range(1, 10_000):
        master = unlock(paths, phrase(number - 1))
        tell(f"try {number}")
        ways = NewWays(passphrase=phrase(number), recovery=CODE)
        rekey(paths, master, ways, FixedClock(NOON), cost=COST, floor=FLOOR).wipe()
        tell(f"did {number}")


def migrate(paths: VaultPaths, tell: Callable[[str], None]) -> None:
    """Open a vault of an older schema once."""
    tell("try 1")
    Store.open(paths, unlock(paths, PASSPHRASE), FixedClock(NOON)).close()
    tell("did 1")


DRIVERS = {
    "passphrase": change_passphrases,
    "slots": change_slots,
    "rekey": change_master_keys,
    "migration": migrate,
}


def drive(kind: str, folder: str, ledger: str) -> None:
    """Be the driver."""
    descriptor = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def tell(line: str) -> None:
        os.write(descriptor, f"{line}\n".encode("ascii"))

    DRIVERS[kind](VaultPaths(Path(folder)), tell)


def main() -> None:
    """Be the nursery."""
    gc.disable()
    strength(PASSPHRASE)  # loads its lists once, not in each driver
    importlib.import_module("alembic.command")
    for line in sys.stdin:
        kind, folder, ledger = line.split()
        child = os.fork()
        if child == 0:
            with suppress(Exception):
                drive(kind, folder, ledger)
            os._exit(0)
        sys.stdout.write(f"ready {child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write(f"ended {child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
