"""F5: the power fails: what the disk had not flushed is dropped, shuffled or torn, and nothing is lost."""

import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest.verifier import verify
from tests.faults.child import Job
from tests.faults.power import Disk, Loss, cut_points
from tests.faults.shim import Kind, environment, read_record
from tests.stores import NOON, make_vault
from tests.vault.fast import PASSPHRASE, unlock

SHARES = 2


@dataclass
class Cuts:
    """What a campaign of power cuts has done so far."""

    by_loss: Counter[Loss] = field(default_factory=Counter)
    acknowledged: int = 0
    lost: int = 0
    torn: int = 0
    bad: list[str] = field(default_factory=list)


def recorded(tmp_path: Path, seed: int, acts: int, *, lies: bool = False) -> tuple[Path, Path]:
    """Drive a vault with its disk's record; return the record and the ledger, which carries marks of its length."""
    folder, ledger, log = tmp_path / "disk", tmp_path / "ledger", tmp_path / "record"
    folder.mkdir()
    (folder / "vault").mkdir(0o700)
    for file in make_vault().iterdir():
        (folder / "vault" / file.name).write_bytes(file.read_bytes())
    job = Job(folder=str(folder / "vault"), ledger=str(ledger), seed=seed, acts=acts)
    subprocess.run(
        [sys.executable, "-m", "tests.faults.child", "record", job.text()],
        env=environment(folder, log, lies=lies),
        check=True,
    )
    return log, ledger


def cut(tmp_path: Path, seed: int, acts: int, wanted: int, *, lies: bool = False) -> Cuts:
    """Cut the power at so many moments of a recorded run, and hold what is found against the ledger of that moment."""
    log, ledger = recorded(tmp_path, seed, acts, lies=lies)
    chance, cuts = random.Random(seed), Cuts()  # noqa: S311  repeatable, and no secret
    operations = list(read_record(log))
    # The run has changed the folder since: the disk begins as the vault was made.
    disk = Disk(tmp_path / "disk", start={"vault": make_vault()})
    points, said = set(cut_points(operations, wanted, chance)), 0
    for number, operation in enumerate(operations, 1):
        disk.do(operation)
        if operation.kind is Kind.MARK:
            said = operation.number
        if number in points:
            loss = list(Loss)[sum(cuts.by_loss.values()) % len(Loss)]
            cuts.by_loss[loss] += 1
            disk.lay_out(tmp_path / "found", loss, chance)
            (tmp_path / "told").write_bytes(ledger.read_bytes()[:said])
            judge(tmp_path, f"operation {number}, {loss}", cuts)
    return cuts


def judge(tmp_path: Path, moment: str, cuts: Cuts) -> None:
    """Open what was found, and compare."""
    paths = VaultPaths(tmp_path / "found" / "vault")
    try:
        verdict = verify(paths, unlock(paths, PASSPHRASE), tmp_path / "told", FixedClock(NOON))
    except Exception as refused:  # noqa: BLE001  whatever is raised, the vault can't be opened
        cuts.lost += 1
        cuts.bad.append(f"{moment}: {type(refused).__name__}: {refused}")
        return
    cuts.acknowledged = max(cuts.acknowledged, verdict.acknowledged)
    cuts.lost += len(verdict.lost)
    cuts.torn += len(verdict.torn) + len(verdict.failures)
    if not verdict.is_good:
        cuts.bad.append(f"{moment}: {(*verdict.lost, *verdict.torn, *verdict.failures, verdict.extra)}")


@pytest.mark.parametrize("share", range(SHARES))
def test_a_power_cut_loses_nothing_that_was_acknowledged(share, tmp_path, figure, told):
    cuts = cut(tmp_path, 500 + share, figure(12, 60, 200), figure(20, 150, 1_500))
    told(
        f"F5 seed={500 + share} cuts={sum(cuts.by_loss.values())} acknowledged={cuts.acknowledged} lost={cuts.lost} "
        f"torn={cuts.torn} {dict(cuts.by_loss)}"
    )
    assert cuts.bad == []
    assert cuts.acknowledged > 0


def test_a_disk_that_only_says_it_has_flushed_is_noticed(tmp_path, told):
    cuts = cut(tmp_path, 599, 12, 24, lies=True)
    told(f"F5 control, a disk that lies: cuts={sum(cuts.by_loss.values())} lost={cuts.lost} torn={cuts.torn}")
    assert cuts.bad
