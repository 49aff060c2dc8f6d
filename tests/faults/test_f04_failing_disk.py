"""F4: whichever operation on the disk fails, she is told, nothing of the act is kept, and the next try works."""

import json
import subprocess
import sys
from collections import Counter

import pytest

from tests.faults.child import Failed, Job
from tests.faults.shim import environment

LONGEST = 590  # seconds
FIRST_TOLD = {"opening": 14}  # what comes before touches files beside the vault, whose loss is harmless; a quick look


def let_fail(tmp_path, scenario, first, last, *, stays=False) -> list[Failed]:
    job = Job(
        folder=str(tmp_path / "disk" / "vault"),
        ledger=str(tmp_path / "ledger"),
        seed=4,
        scenario=scenario,
        first=first,
        last=last,
        stays=stays,
    )
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.child", "fail", job.text()],
        env=environment(tmp_path / "disk"),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stderr
    return [Failed(**json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("stays", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("scenario", ["saving", "opening", "keys", "making"])
def test_an_operation_that_fails_is_told_and_leaves_nothing_half_done(scenario, stays, tmp_path, figure, told):
    first = figure(FIRST_TOLD.get(scenario, 1), 1, 1)
    found = let_fail(tmp_path, scenario, first, figure(first + 7, 400, 4_000), stays=stays)
    failed = [each for each in found if each.reached]
    wrong = {each.at: each.wrong for each in found if each.wrong}
    kinds = Counter(each.kind for each in failed)
    told(
        f"F4 {scenario}{', disk stays broken' if stays else ''}: failed={len(failed)} "
        f"told={sum(1 for each in failed if each.said)} harmless={kinds['']} wrong={len(wrong)} "
        f"{dict(sorted((kind, count) for kind, count in kinds.items() if kind))}"
    )
    assert wrong == {}
    assert kinds.keys() <= {"", "DiskFull", "SaveUnsure", "VaultDamaged", "VaultReadOnly"}
    assert all(each.said.endswith(".") for each in failed if each.said)
    assert any(each.said for each in failed)
