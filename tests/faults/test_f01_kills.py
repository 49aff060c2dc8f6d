"""F1: killed at any moment, in saves, half-typed forms, locking and opening: nothing is lost, nothing torn."""

import os
import random
import signal
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.selftest.ledger import Ledger
from crisisdesk.selftest.verifier import Verdict, verify
from tests.faults.child import Job
from tests.stores import NOON
from tests.vault.fast import PASSPHRASE, unlock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="not run: needs fork and SIGKILL")

LONGEST_DELAY = 0.150  # seconds between "ready" and the kill
SHARES = 4  # of the kills, so that workers share them
OF_ONE_VAULT = 12  # kills, before the next vault: a long history only makes the verifier slow
WHILE_OPENING = 5  # every so many, the kill comes while it opens


class Nursery:
    """A process that forks drivers, to be killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.child", "nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, job: Job) -> int:
        """Start a driver; return its process id once it says that it is ready."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{job.text()}\n")
        self._process.stdin.flush()
        return int(self._next("ready"))

    def ended(self) -> None:
        """Wait for its end."""
        self._next("ended")

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _next(self, word: str) -> str:
        assert self._process.stdout is not None
        said, _, rest = self._process.stdout.readline().partition(" ")
        assert said == word, "the driver ended by itself"
        return rest


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    opened = Nursery()
    yield opened
    opened.close()


@dataclass
class Sum:
    """What a campaign has done so far."""

    kills: int = 0
    acknowledged: int = 0
    extra: int = 0
    bad: list[str] = field(default_factory=list)
    lost: int = 0
    torn: int = 0
    recovery: list[float] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Count a kill."""
        self.kills += 1
        self.lost += len(verdict.lost)
        self.torn += len(verdict.torn) + len(verdict.failures)
        self.extra += verdict.extra
        self.recovery.append(verdict.recovery)
        if not verdict.is_good:
            self.bad.append(f"kill {self.kills}: {(*verdict.lost, *verdict.torn, *verdict.failures, verdict.extra)}")

    def line(self) -> str:
        """Return the campaign's line."""
        slow = statistics.quantiles(self.recovery, n=20)[-1] if len(self.recovery) > 1 else max(self.recovery)
        return (
            f"kills={self.kills} acknowledged={self.acknowledged} lost={self.lost} torn={self.torn} "
            f"extra={self.extra} recovery_p95={slow * 1000:.0f}ms"
        )


def kill_after(pid: int, delay: float) -> None:
    """Kill a process in so many seconds."""
    threading.Event().wait(delay)
    os.kill(pid, signal.SIGKILL)


def campaign_of_kills(nursery: Nursery, new_vault, tmp_path: Path, seed: int, kills: int, acts: int) -> Sum:
    dice, total = random.Random(seed), Sum()  # noqa: S311  repeatable, and no secret
    for count in range(kills):
        if count % OF_ONE_VAULT == 0:
            paths, ledger = new_vault(f"vault-{count}"), tmp_path / f"ledger-{count}"
            Ledger(ledger).close()
            before = 0
        is_opening = count % WHILE_OPENING == WHILE_OPENING - 1
        job = Job(
            folder=str(paths.folder),
            ledger=str(ledger),
            seed=dice.randrange(1 << 30),
            acts=0 if is_opening else acts,
            locks=dice.choice((0.02, 0.3)),
        )
        kill_after(nursery.begin(job), dice.uniform(0, LONGEST_DELAY))
        nursery.ended()
        verdict = verify(paths, unlock(paths, PASSPHRASE), ledger, FixedClock(NOON))
        total.add(verdict)
        total.acknowledged += verdict.acknowledged - before
        before = verdict.acknowledged
    return total


@pytest.mark.parametrize("share", range(SHARES))
def test_a_kill_at_any_moment_loses_nothing(share, nursery, new_vault, tmp_path, figure, told):
    kills = figure(2, 50, 500)
    total = campaign_of_kills(nursery, new_vault, tmp_path, 100 + share, kills, acts=figure(3, 14, 14))
    told(f"F1 seed={100 + share} {total.line()}")
    assert total.bad == []
    assert total.acknowledged >= figure(2, 500, 5_000)
