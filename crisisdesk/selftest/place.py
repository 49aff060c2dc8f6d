"""A vault for a self-test: really encrypted, with a passphrase that guards nothing and a key quickly derived."""

from dataclasses import dataclass
from pathlib import Path

from crisisdesk.clock import Clock, SystemClock
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import access
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import FLOOR_KIB, Cost
from crisisdesk.vault.store import Store

QUICK = Cost(memory_kib=FLOOR_KIB, passes=1, lanes=4)  # the least that the product itself reads
FLOOR = FLOOR_KIB
PASSPHRASE = "trial lantern orbit walnut ferry moss"  # noqa: S105  of no vault but the self-tests'


@dataclass(frozen=True)
class Trial:
    """A vault in a scratch folder, and what opens it."""

    paths: VaultPaths
    clock: Clock
    code: RecoveryCode
    passphrase: str = PASSPHRASE

    @classmethod
    def make(cls, folder: Path, clock: Clock | None = None) -> "Trial":
        """Make one in a folder of its own."""
        trial = cls(VaultPaths(folder), clock or SystemClock(), RecoveryCode.random())
        Store.create(trial.paths, trial.passphrase, trial.code, trial.clock, cost=QUICK, floor=FLOOR).close()
        return trial

    def key(self) -> MasterKey:
        """Derive the master key from the passphrase."""
        return access.unlock(self.paths, self.passphrase, now=self.clock.now())

    def open(self) -> Store:
        """Unlock."""
        return Store.open(self.paths, self.key(), self.clock)
