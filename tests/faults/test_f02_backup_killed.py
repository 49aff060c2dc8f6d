"""F2: killed in a backup, in clearing away, in a copy to a drive, in a check. What is listed is whole, always."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.errors import VaultError
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import media
from crisisdesk.vault.backup import Backup, listed, verify
from crisisdesk.vault.rotation import outdated
from crisisdesk.vault.store import Store
from tests.faults.backups import Job
from tests.stores import NOON
from tests.vault.fast import PASSPHRASE, unlock

_ROOT = Path(__file__).parents[2]
_PART = 1.2  # of an act, at most, until the kill

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork and no SIGKILL")


class Nursery:
    """The process that forks what is killed."""

    def __init__(self):
        self.lasts = 0.1  # seconds that an act takes
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.backups"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def kill_one(self, job: Job, acts: int, part: float) -> None:
        """Kill a child after so many acts and a part of the next, by how long an act has taken until now."""
        assert self.process.stdin is not None
        self.process.stdin.write(job.text() + "\n")
        self.process.stdin.flush()
        pid = int(self._line("ready").split()[1])
        self._line("begun")
        began = time.monotonic()
        for _act in range(acts):
            self._line("begun")
        if acts:
            self.lasts = (self.lasts + (time.monotonic() - began) / acts) / 2
        time.sleep(part * self.lasts)  # when the kill comes is what the campaign varies
        os.kill(pid, signal.SIGKILL)
        while self._line("") != "killed":
            pass

    def _line(self, start: str) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line, "the nursery ended"
        assert line.startswith((start, "begun", "killed")), line
        return line

    def close(self):
        self.process.communicate()


class Verifier:
    """Looks at the vault and both folders after a kill."""

    def __init__(self, paths: VaultPaths, drive: Path, ledger: Path) -> None:
        self.paths, self.drive, self.ledger = paths, drive, ledger
        self.whole: set[tuple[str, int]] = set()  # files that were looked through, and have not changed since
        self.torn = self.lost = self.looked = 0
        self.known: dict[str, Backup] = {}

    def look(self) -> None:
        with closing(Store.open(self.paths, unlock(self.paths, PASSPHRASE), FixedClock(NOON))) as store:
            assert store.verify_audit().is_sound
            keys = store.lend_keys()
            here = listed(self.paths.backups, keys=keys)
            vault_id = here[0].manifest.vault_id if here else bytes(16)
            for each in (*here, *media.copies(self.drive, vault_id)):
                self._look_through(each, keys)
            keys.wipe()
        self._look_for_lost(here)

    def _look_through(self, backup: Backup, keys) -> None:
        name = (str(backup.path), backup.path.stat().st_mtime_ns)
        if name in self.whole:
            return
        self.looked += 1
        try:
            verify(backup.path, keys)
        except VaultError:
            self.torn += 1
        self.whole.add(name)

    def _look_for_lost(self, here: list[Backup]) -> None:
        self.known |= {each.path.name: each for each in here}
        said = self.ledger.read_text().split() if self.ledger.exists() else []
        rightly_gone = {each.path.name for each in outdated(self.known.values(), max_created(self.known.values()))}
        there = {each.path.name for each in here}
        self.lost += sum(name not in there and name not in rightly_gone and name in self.known for name in said)
        self.lost += bool(said) and said[-1] not in there
        damaged = list(self.paths.backups.glob("*.damaged")) if self.paths.backups.exists() else []
        self.torn += len(damaged)


def max_created(backups):
    return max((each.manifest.created for each in backups), default=NOON)


def test_f02_a_killed_backup_leaves_every_listed_one_whole(new_vault, tmp_path, figure, told):
    kills, seed = figure(5, 60, 500), 20261122
    chance = random.Random(seed)  # noqa: S311  chances of a test
    paths, drive, ledger = new_vault("vault"), tmp_path / "drive", tmp_path / "ledger"
    drive.mkdir()
    verifier, nursery = Verifier(paths, drive, ledger), Nursery()
    try:
        for _kill in range(kills):
            job = Job(folder=str(paths.folder), drive=str(drive), ledger=str(ledger), seed=chance.randrange(1 << 30))
            nursery.kill_one(job, chance.randrange(4), chance.uniform(0, _PART))
            verifier.look()
    finally:
        nursery.close()
    left = len([each for each in paths.backups.iterdir() if each.name.startswith("making-")])
    acknowledged = len(ledger.read_text().split()) if ledger.exists() else 0
    told(
        f"F2 kills={kills} acknowledged={acknowledged} looked_through={verifier.looked} unfinished={left}"
        f" lost={verifier.lost} torn={verifier.torn} seed={seed}"
    )
    assert (verifier.lost, verifier.torn) == (0, 0)
    assert acknowledged >= kills / 2
