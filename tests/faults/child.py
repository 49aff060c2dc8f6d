"""What the campaigns run in processes of their own, to be killed, failed or recorded: python -m tests.faults.child.

nursery           reads a job a line (JSON), forks a driver for each, and prints "ready PID", later "ended PID"
record JOB        drives a vault with the shim loaded, a mark for each line of the ledger, and prints the acts
fail JOB          lets operation 1, 2, 3, … of a scenario fail, and prints a line (JSON) for each
"""

import errno
import gc
import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

from crisisdesk.clock import FixedClock
from crisisdesk.errors import DeskError, SaveUnsure, WrongPassphrase
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest.driver import Driver, clients_of, run
from crisisdesk.selftest.ledger import Ledger, Line, account
from crisisdesk.selftest.verifier import verify
from crisisdesk.vault import place
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.store import Store
from tests.faults.shim import Shim
from tests.stores import NOON, make_vault
from tests.vault import fast

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
NEXT_CODE = RecoveryCode.random()


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a child is to do."""

    folder: str
    ledger: str
    seed: int
    acts: int = 0  # before it is ready; for a record: in all
    locks: float = 0.05  # share of acts
    scenario: str = ""
    first: int = 1  # operations that fail
    last: int = 1
    stays: bool = False  # whether the disk stays broken until the end of the scenario

    def text(self) -> str:
        """Return it as one line."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, kw_only=True)
class Failed:
    """What came of one operation that failed. ``said`` is the sentence, or "" if nothing had to be said."""

    at: int
    error: int
    said: str
    kind: str
    wrong: list[str]
    reached: bool  # whether there were so many operations


class MarkedLedger(Ledger):
    """A ledger that marks the shim's record with its own length whenever a line is on the disk."""

    def __init__(self, path: Path, shim: Shim) -> None:
        super().__init__(path)
        self._shim = shim

    def _write(self, line: Line) -> None:
        super()._write(line)
        self._shim.mark(self.path.stat().st_size)


def opener(paths: VaultPaths) -> Callable[[], Store]:
    """Return what unlocks and opens a vault."""
    return lambda: Store.open(paths, fast.unlock(paths, fast.PASSPHRASE), FixedClock(NOON))


def drive(job: Job, ledger: Ledger) -> Driver:
    """Open a vault with a driver that knows the ledger's clients."""
    known = clients_of(list(account(ledger.path).facts.values()))
    return Driver(opener(VaultPaths(Path(job.folder))), FixedClock(NOON), ledger, job.seed, clients=known)


# Killed ---------------------------------------------------------------------------------------------------------------


def nursery() -> None:
    """Fork a driver for each job; all that is slow to load is loaded by now."""
    gc.freeze()
    for line in sys.stdin:
        job = Job(**json.loads(line))
        child = os.fork()
        if child == 0:
            live(job)
        os.waitpid(child, 0)
        say(f"ended {child}")


def live(job: Job) -> NoReturn:
    """Act until killed."""
    if job.acts == 0:
        say(f"ready {os.getpid()}")  # to be killed while it opens
    driver = drive(job, Ledger(Path(job.ledger)))
    for _count in range(job.acts):
        driver.act()
    if job.acts:
        say(f"ready {os.getpid()}")
    run(driver, until=lambda: False, locks=job.locks)
    os._exit(1)


def say(line: str) -> None:
    """Print a line in one piece."""
    os.write(1, line.encode() + b"\n")


def hold(job: Job) -> None:
    """Open a vault, act once, and keep it open until told to end."""
    with closing(drive(job, Ledger(Path(job.ledger)))) as driver:
        driver.act()
        say(f"ready {os.getpid()}")
        sys.stdin.read()


# Recorded -------------------------------------------------------------------------------------------------------------


def record(job: Job) -> None:
    """Drive a vault, with the shim loaded."""
    with closing(drive(job, MarkedLedger(Path(job.ledger), Shim()))) as driver:
        dice = random.Random(job.seed)  # noqa: S311  repeatable, and no secret
        count = iter(range(job.acts))
        run(driver, until=lambda: next(count, None) is None, locks=job.locks, undos=dice.choice((0.05, 0.2)))


# Failed ---------------------------------------------------------------------------------------------------------------


class Saving:
    """She works: a few acts, one after the other."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.paths = VaultPaths(Path(job.folder))
        self.ledger = Path(job.ledger)
        self.driver: Driver | None = None

    def prepare(self) -> None:
        """Do what comes before the disk fails."""
        self.driver = drive(self.job, Ledger(self.ledger))
        self.driver.act()
        self.driver.act()

    def go(self) -> None:
        """Do what the disk fails in."""
        assert self.driver is not None, "prepared"
        for _count in range(5):
            self.driver.act()

    def settle(self, said: DeskError | None, at: int) -> Iterator[str]:
        """Yield what is not as it must be, now that the disk works again."""
        is_unsure = isinstance(said, SaveUnsure)  # she was told to look first: it stands, or it does not
        if self.driver is not None and said is not None and at % 2 and not is_unsure:
            self.driver.act()  # the same desk goes on
        if self.driver is not None:
            self.driver.close()
        yield from self.look(may_stand=is_unsure)
        again = drive(self.job, Ledger(self.ledger))
        again.act()
        again.close()
        yield from self.look()

    def look(self, *, may_stand: bool = False) -> Iterator[str]:
        """Hold the vault against the ledger. ``may_stand``: the last act, of which nothing was promised."""
        verdict = verify(self.paths, fast.unlock(self.paths, fast.PASSPHRASE), self.ledger, FixedClock(NOON))
        yield from (*verdict.lost, *verdict.torn, *verdict.failures)
        if verdict.extra > may_stand:
            yield f"{verdict.extra} acts stand that were refused"


class Opening(Saving):
    """She unlocks, does one thing and locks."""

    def prepare(self) -> None:
        """Leave the vault shut."""

    def go(self) -> None:
        """Unlock, act, lock."""
        driver = drive(self.job, Ledger(self.ledger))
        try:
            driver.act()
        finally:
            driver.close()


class Keys:
    """She changes her passphrase, then her recovery code."""

    def __init__(self, job: Job) -> None:
        self.paths = VaultPaths(Path(job.folder))
        self.changed = 0

    def prepare(self) -> None:
        """Unlock."""
        self.master = fast.unlock(self.paths, fast.PASSPHRASE)

    def go(self) -> None:
        """Change both."""
        fast.change_passphrase(self.paths, self.master, fast.OTHER_PASSPHRASE)
        self.changed = 1
        fast.replace_recovery(self.paths, self.master, NEXT_CODE)
        self.changed = 2

    def settle(self, said: DeskError | None, at: int) -> Iterator[str]:
        """Yield which secret opens that should not, or does not and should."""
        del at
        passphrases, codes = (fast.PASSPHRASE, fast.OTHER_PASSPHRASE), (fast.CODE, NEXT_CODE)
        for count, passphrase in enumerate(passphrases):
            if self.opens(passphrase) is not (count == min(self.changed, 1)):
                yield f"passphrase {count} after {self.changed} changes"
        for count, code in enumerate(codes):
            if self.opens_with(code) is not (count == self.changed // 2):
                yield f"code {count} after {self.changed} changes"
        if said is not None:
            self.go()
            if not self.opens(fast.OTHER_PASSPHRASE) or not self.opens_with(NEXT_CODE):
                yield "the second try did not work"

    def opens(self, passphrase: str) -> bool:
        """Whether a passphrase opens the vault and its database."""
        try:
            Store.open(self.paths, fast.unlock(self.paths, passphrase), FixedClock(NOON)).close()
        except WrongPassphrase:
            return False
        return True

    def opens_with(self, code: RecoveryCode) -> bool:
        """Whether a recovery code opens the vault and its database."""
        try:
            Store.open(self.paths, fast.unlock_with_recovery(self.paths, str(code)), FixedClock(NOON)).close()
        except WrongPassphrase:
            return False
        return True


class Making(Saving):
    """She makes her vault for the first time."""

    def prepare(self) -> None:
        """Have nothing there."""
        shutil.rmtree(self.paths.folder)

    def go(self) -> None:
        """Make it."""
        Store.create(self.paths, fast.PASSPHRASE, fast.CODE, FixedClock(NOON), cost=fast.COST, floor=fast.FLOOR).close()

    def settle(self, said: DeskError | None, at: int) -> Iterator[str]:
        """Make it again where it was refused; half a vault must not stand in the way."""
        if said is not None:
            if place.exists(self.paths) and not self.is_whole():
                yield "half a vault is taken for one"
            if not place.exists(self.paths):
                self.go()
        yield from super().settle(None, at)

    def is_whole(self) -> bool:
        """Whether it opens."""
        Store.open(self.paths, fast.unlock(self.paths, fast.PASSPHRASE), FixedClock(NOON)).close()
        return True


SCENARIOS: dict[str, type[Saving] | type[Keys]] = {
    "saving": Saving,
    "opening": Opening,
    "keys": Keys,
    "making": Making,
}


def fail(job: Job) -> None:
    """Let each operation of a scenario fail in turn, on a fresh copy of the vault."""
    shim = Shim()
    for at in range(job.first, job.last + 1):
        failed = fail_once(job, shim, at)
        say(json.dumps(asdict(failed)))
        if not failed.reached:
            return


def fail_once(job: Job, shim: Shim, at: int) -> Failed:
    """Let one operation of a scenario fail."""
    shutil.rmtree(job.folder, ignore_errors=True)
    shutil.copytree(make_vault(), job.folder)
    Path(job.ledger).unlink(missing_ok=True)
    scenario = SCENARIOS[job.scenario](job)
    scenario.prepare()
    error = ERRORS[at % len(ERRORS)]
    said: DeskError | None = None
    wrong: list[str] = []
    shim.arm(at, error, stays=job.stays)
    try:
        scenario.go()
    except DeskError as problem:
        said = problem
    except Exception as bug:  # noqa: BLE001  whatever else flies is what this looks for
        wrong.append(f"bug: {type(bug).__name__}: {bug}")
    reached = shim.disarm() >= at
    wrong += scenario.settle(said, at)
    return Failed(
        at=at, error=error, said=str(said or ""), kind=type(said).__name__ if said else "", wrong=wrong, reached=reached
    )


def main(arguments: list[str]) -> None:
    """Do what the first word says."""
    if arguments[0] == "nursery":
        nursery()
    else:
        {"record": record, "fail": fail, "hold": hold}[arguments[0]](Job(**json.loads(arguments[1])))


if __name__ == "__main__":
    main(sys.argv[1:])
