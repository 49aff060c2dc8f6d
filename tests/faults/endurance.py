"""Works for a long time at a large desk, locking and unlocking.

    python -m tests.faults.endurance FOLDER SECONDS CLIENTS

Prints a line (JSON): what was acknowledged, lost, torn, how memory grew, how long things took.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

from crisisdesk.clock import FixedClock
from crisisdesk.desk.client_list import ClientQuery
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest.driver import Driver
from crisisdesk.selftest.ledger import Ledger, account
from crisisdesk.selftest.verifier import Verdict, verify
from crisisdesk.vault import access
from crisisdesk.vault.slots import Cost
from crisisdesk.vault.store import Store
from tests.bench.crowd import Size, make
from tests.faults.child import say
from tests.stores import NOON
from tests.vault import fast

LATER = NOON.replace(year=2027)  # the crowd has taken the numbers of 2026
PER_CLIENT = 6  # encounters, each with words of its own
SITTING = 150  # acts between two locks
WARM = 0.3  # of the time, before memory is measured first


class Day:
    """A desk that is worked at without an end."""

    def __init__(self, paths: VaultPaths, ledger: Path) -> None:
        self.unlocks: list[float] = []
        self.saves: list[float] = []
        self.searches: list[float] = []
        self._paths = paths
        self._ledger = ledger
        self.driver = Driver(self._open, FixedClock(LATER), Ledger(ledger), 22)

    def _open(self) -> Store:
        began = time.perf_counter()
        # The floor is the product's: the key costs here what it costs her.
        store = Store.open(self._paths, access.unlock(self._paths, fast.PASSPHRASE, now=LATER), FixedClock(LATER))
        self.unlocks.append(time.perf_counter() - began)
        return store

    def sit(self) -> None:
        """Act, look things up, lock and unlock."""
        for count in range(SITTING):
            began = time.perf_counter()
            self.driver.act()
            self.saves.append(time.perf_counter() - began)
            if count % 10 == 0:
                self._look_up(("mar", "delgado 555", "porch bridge", "C-2026")[count // 10 % 4])
        self.driver.lock()

    def _look_up(self, typed: str) -> None:
        began = time.perf_counter()
        self.driver.desk.search.find(typed)
        self.searches.append(time.perf_counter() - began)
        self.driver.desk.today.look()
        self.driver.desk.client_list.page(ClientQuery(text=typed))


def resident() -> int:
    """Return how much memory this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def high(samples: list[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    return statistics.quantiles(samples, n=20)[-1] * 1000 if len(samples) > 1 else samples[0] * 1000


def held(paths: VaultPaths, ledger: Path) -> Verdict:
    """Hold the vault against the ledger."""
    return verify(paths, access.unlock(paths, fast.PASSPHRASE, now=LATER), ledger, FixedClock(LATER))


def main(arguments: list[str]) -> None:
    """Make the desk, work, and tell."""
    folder, seconds, clients = Path(arguments[0]), float(arguments[1]), int(arguments[2])
    paths = make(folder, Size(clients, clients * PER_CLIENT, services=min(1000, clients)))
    master = fast.unlock(paths, fast.PASSPHRASE)
    access.change_passphrase(paths, master, fast.PASSPHRASE, cost=Cost.DEFAULT, floor=fast.FLOOR)
    access.replace_recovery(paths, master, fast.CODE, cost=Cost.DEFAULT, floor=fast.FLOOR)
    master.wipe()
    ledger = folder / "ledger"
    Ledger(ledger).close()
    usual = held(paths, ledger).failures  # what was loaded in bulk has no journal
    day, began = Day(paths, ledger), time.monotonic()
    first = 0
    while first == 0 or time.monotonic() - began < seconds:
        day.sit()
        if first == 0 and time.monotonic() - began >= seconds * WARM:
            first = resident()
    last = resident()
    day.driver.close()
    acknowledged = account(ledger).acknowledged
    verdict = held(paths, ledger)
    say(
        json.dumps(
            {
                "acknowledged": acknowledged,
                "lost": verdict.lost,
                "torn": [*verdict.torn, *(each for each in verdict.failures if each not in usual)],
                "growth": last - first,
                "locks": len(day.unlocks) - 1,
                "unlock": high(day.unlocks),
                "save": high(day.saves),
                "search": high(day.searches),
                "megabytes": paths.database.stat().st_size / 1e6,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
