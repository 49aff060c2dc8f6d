"""Kill a working program at random moments, and count what was lost (F1, M8).

A child process works at a desk and writes down what was acknowledged; it is killed with SIGKILL after a random time,
sometimes while it is still unlocking; then the vault is opened and held against the ledger. All in a scratch folder.
"""

import math
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from crisisdesk.selftest import driver
from crisisdesk.selftest.driver import Driver
from crisisdesk.selftest.ledger import Ledger, account
from crisisdesk.selftest.place import Trial
from crisisdesk.selftest.verifier import Verdict, verify

_EARLY = 0.1  # share of kills while the vault is being opened
_WITHIN = 0.15  # seconds of work, at most, before a kill
_LEAST = 12  # acknowledged acts a kill, on average; where the disk is slow the work goes on longer
_PATIENCE = 30.0  # seconds for a child to begin


@dataclass
class Outcome:
    """What a campaign did and found."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    torn: int = 0
    extra: int = 0
    failures: int = 0
    recovery: list[float] = field(default_factory=list)  # seconds, one a kill
    told: list[str] = field(default_factory=list)  # what was wrong, if anything

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost and all was sound."""
        return self.lost == self.torn == self.failures == 0 and bool(self.kills)

    @property
    def recovery_p95(self) -> float:
        """Return the time to reopen that 95 of 100 kills stayed below, in seconds."""
        ordered = sorted(self.recovery)
        return ordered[max(0, math.ceil(len(ordered) * 0.95) - 1)] if ordered else 0.0

    def line(self) -> str:
        """Return it as the line that a check reads."""
        return (
            f"kills={self.kills} acknowledged={self.acknowledged} lost={self.lost} torn={self.torn} "
            f"extra={self.extra} integrity_failures={self.failures} recovery_p95={self.recovery_p95 * 1000:.0f}ms"
        )

    def add(self, verdict: Verdict) -> None:
        """Count what one kill did. ``acknowledged`` is the ledger's own sum."""
        self.kills += 1
        self.acknowledged = verdict.acknowledged
        self.lost += len(verdict.lost)
        self.torn += len(verdict.torn) + max(0, verdict.extra - 1)
        self.extra += min(verdict.extra, 1)
        self.failures += len(verdict.failures)
        self.recovery.append(verdict.recovery)
        self.told += [*verdict.lost, *verdict.torn, *verdict.failures]


def campaign(
    kills: int,
    seed: int,
    *,
    folder: Path | None = None,
    within: float = _WITHIN,
    spoil: Callable[[Path], None] | None = None,
) -> Outcome:
    """Kill this many times and return what came of it.

    ``spoil`` is handed the ledger before the last look, to show that the verifier notices a lie.
    """
    with tempfile.TemporaryDirectory(prefix="crisisdesk-trial-") as scratch:
        place = folder or Path(scratch)
        trial = Trial.make(place / "vault")
        ledger = place / "ledger.jsonl"
        dice, outcome = random.Random(seed), Outcome()  # noqa: S311  repeatable, and no secret
        for number in range(kills):
            least = (number + 1) * _LEAST - account(ledger).acknowledged
            _work_and_kill(trial, ledger, dice, within=within, least=min(least, 4 * _LEAST))
            if spoil is not None and number == kills - 1:
                spoil(ledger)
            outcome.add(verify(trial.paths, trial.key(), ledger, trial.clock))
            if outcome.told:
                break  # what follows a loss can't be counted: the ledger and the vault differ from here on
    return outcome


def _work_and_kill(trial: Trial, ledger: Path, dice: random.Random, *, within: float, least: int) -> None:
    # Forked where that can be had: a child that starts from nothing takes a second to load.
    ways = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in ways else "spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(  # type: ignore[attr-defined]  # every context has one; its stub's base class lacks it
        target=_work, args=(trial, ledger, dice.randrange(1 << 30), theirs), daemon=True
    )
    child.start()
    theirs.close()
    try:
        if dice.random() < _EARLY:
            time.sleep(dice.uniform(0, within))
        else:
            _hear(ours)  # the vault is open
            time.sleep(dice.uniform(0, within))
            for _act in range(least):
                _hear(ours)
            time.sleep(dice.uniform(0, within / 5))  # anywhere within the act that follows
    finally:
        child.kill()
        child.join()
        child.close()
        ours.close()


def _hear(pipe: Connection) -> None:
    if not pipe.poll(_PATIENCE):
        raise RuntimeError("The child did not begin.")
    pipe.recv_bytes()


def _work(trial: Trial, path: Path, seed: int, pipe: Connection) -> None:
    """Be the child: unlock, work, and never stop by itself, but for quitting and starting anew now and then."""
    while True:
        clients = driver.clients_of(list(account(path).facts.values()))
        worker = Driver(trial.open, trial.clock, Ledger(path), seed, clients=clients)
        pipe.send_bytes(b".")

        def is_over(worker: Driver = worker) -> bool:
            pipe.send_bytes(b".")
            return worker.chance(0.01)

        driver.run(worker, until=is_over)
        worker.close()
        seed += 1
