"""What test_f02 runs in processes of its own, to be killed: python -m tests.faults.backups.

Reads a job a line (JSON), forks a child for each, which opens the vault, prints "ready PID", and makes, copies, checks
and clears away backups until it is killed, with a line "begun" before each. What was acknowledged goes into a ledger
outside the vault, flushed.
"""

import gc
import json
import os
import random
import signal
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from crisisdesk.clock import FixedClock
from crisisdesk.desk.safekeeping import SafeKeeping
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import media
from crisisdesk.vault.backup import listed
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.store import Store
from tests.stores import NOON
from tests.vault import fast, people


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a child is to do."""

    folder: str
    drive: str
    ledger: str
    seed: int

    def text(self) -> str:
        """Return it as one line."""
        return json.dumps(asdict(self))


def work(job: Job) -> None:
    """Do one of the acts after another, until killed."""
    paths, chance = VaultPaths(Path(job.folder)), random.Random(job.seed)  # noqa: S311  chances of a test
    last = [each.manifest.created for each in listed(paths.backups)]
    clock = FixedClock(max([NOON, *last]))
    store = Store.open(paths, fast.unlock(paths, fast.PASSPHRASE), clock)
    keeping = SafeKeeping(store, clock)
    keeping.opened()
    print("ready", os.getpid(), flush=True)  # noqa: T201  to the test
    while True:
        print("begun", flush=True)  # noqa: T201  as above
        act = chance.random()
        if act < 0.5:
            people.add_client(store)
            clock.moment += timedelta(hours=chance.choice((1, 20, 100)))
            made = keeping.make_now(chance.choice((Kind.AUTO, Kind.AUTO, Kind.MANUAL, Kind.PRE_IMPORT)))
            acknowledge(Path(job.ledger), made.path.name)
        elif act < 0.8:
            found = keeping.listed()
            if found:
                keeping.copied(media.copy_to(found[0], Path(job.drive), may_share_disk=True))
        elif keeping.listed():
            keeping.drilled(keeping.drill().run())
            check = keeping.recheck()
            keeping.rechecked(check.run() if check else ())


def acknowledge(ledger: Path, line: str) -> None:
    """Write down, on the disk, that a backup was said to be good."""
    descriptor = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, f"{line}\n".encode())
    os.fsync(descriptor)
    os.close(descriptor)


def nursery() -> None:
    """Fork a child for each job, and wait for its end."""
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(Job(**json.loads(line)))
        _pid, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if killed else f"ended {status}", flush=True)  # noqa: T201  as above


if __name__ == "__main__":
    nursery()
