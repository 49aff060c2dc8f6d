"""Runs a child where mounts of its own can be made, seen by nobody else and gone with it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.child import Job

SMALL = "3m"


def on_small_disk(place: Path, what: str, job: Job) -> str:
    """Run tests.faults.places with a disk of 3 MB mounted at ``place``; return what it printed."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("not run: a small disk can only be mounted by root on Linux (unshare, mount)")
    place.mkdir(exist_ok=True)
    line = f'mount -t tmpfs -o size={SMALL},mode=700 tmpfs "$0" && exec "$@"'
    child = [sys.executable, "-m", "tests.faults.places", what, job.text()]
    done = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", line, place, *child],  # noqa: S607  where it is
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and ("ermission denied" in done.stderr or "not permitted" in done.stderr):
        pytest.skip("not run: no mounts can be made here")
    assert done.returncode == 0, done.stderr
    return done.stdout
