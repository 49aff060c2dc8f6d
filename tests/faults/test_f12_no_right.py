"""F12: what may not be written or read, or is taken away while it is open, is told, and never loses what was told."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.child import Job
from tests.faults.mounts import on_small_disk


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that a user without rights can reach: pytest's own is root's alone."""
    folder = Path(tempfile.mkdtemp(prefix="crisisdesk-f12-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="not run: root alone can become nobody")
def test_what_is_forbidden_is_told_and_opens_again_afterwards(open_folder, told):
    job = Job(folder=str(open_folder / "nobody"), ledger=str(open_folder / "nobody" / "ledger"), seed=12)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.places", "denied", job.text()],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(open_folder)},
    )
    assert done.returncode == 0, done.stderr
    cases = [json.loads(line) for line in done.stdout.splitlines()]
    told(f"F12 forbidden: { ({case['case']: case['kind'] or 'opens' for case in cases}) }")
    assert [case["wrong"] for case in cases if case["wrong"]] == []
    assert all(case["said"].endswith(".") for case in cases if case["said"])
    assert [case["kind"] for case in cases if case["case"] == "database read-only"] == ["VaultReadOnly"], "no damage"
    refused = {case["case"] for case in cases if case["kind"]}
    assert refused >= {"folder closed", "database closed", "database read-only"}  # a folder of hers it opens again


@pytest.mark.parametrize("what", ["read-only", "deleted", "unmounted"])
def test_what_is_taken_away_is_told_and_loses_nothing(what, tmp_path, told):
    job = Job(folder=str(tmp_path / "small" / "vault"), ledger=str(tmp_path / "ledger"), seed=12)
    said = json.loads(on_small_disk(tmp_path / "small", what, job))
    told(f"F12 {what}: refused={said['refused']} {said['kinds']} lost={len(said['wrong'])}")
    assert said["wrong"] == []
    assert said["refused"] in {1, 3}, "no act was acknowledged meanwhile"
    assert all(each.endswith(".") for each in said["said"])
