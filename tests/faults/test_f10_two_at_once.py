"""F10: a second CrisisDesk is told at once that the vault is open, and a killed one leaves no lock behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.errors import VaultInUse
from crisisdesk.paths import VaultPaths
from crisisdesk.vault.store import Store
from tests.faults.child import Job
from tests.stores import NOON
from tests.vault.fast import PASSPHRASE, unlock

PATIENCE = 1.0  # seconds; told, not asserted: a busy computer is no fault


@contextmanager
def another(paths: VaultPaths, ledger: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process hold the vault, and wait until it does."""
    job = Job(folder=str(paths.folder), ledger=str(ledger), seed=10)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.child", "hold", job.text()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready")
        yield process
        assert process.stdin is not None
        process.stdin.close()


def try_to_open(paths: VaultPaths) -> float:
    """Try, expect to be told, and return how long that took."""
    key = unlock(paths, PASSPHRASE)
    began = time.perf_counter()
    with pytest.raises(VaultInUse) as told:
        Store.open(paths, key, FixedClock(NOON))
    assert "open in another CrisisDesk" in str(told.value)
    return time.perf_counter() - began


def test_a_second_process_is_told_at_once(vault_paths, tmp_path, figure, told):
    count = figure(5, 50, 500)
    with another(vault_paths, tmp_path / "ledger"):
        took = [try_to_open(vault_paths) for _count in range(count)]
    Store.open(vault_paths, unlock(vault_paths, PASSPHRASE), FixedClock(NOON)).close()
    slow = sum(each > PATIENCE for each in took)
    told(f"F10 second process: tries={count} refused={count} longest={max(took) * 1000:.0f}ms over_1s={slow}")


def test_a_second_window_of_the_same_process_is_told_at_once(vault_paths, store):
    assert store.undo_label is None
    try_to_open(vault_paths)


@pytest.mark.skipif(sys.platform == "win32", reason="not run: needs SIGKILL")
def test_a_killed_one_leaves_no_lock(vault_paths, tmp_path, figure, told):
    count = figure(2, 10, 50)
    for number in range(count):
        with another(vault_paths, tmp_path / f"ledger-{number}") as process:
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert vault_paths.lock.read_text("ascii").startswith("pid "), "what it wrote is still there, and means nothing"
        Store.open(vault_paths, unlock(vault_paths, PASSPHRASE), FixedClock(NOON)).close()
    told(f"F10 killed holder: kills={count} opened_again={count}")


@pytest.mark.skipif(sys.platform == "win32", reason="not run: needs SIGSTOP")
def test_one_that_hangs_still_holds_it(vault_paths, tmp_path, told):
    with another(vault_paths, tmp_path / "ledger") as process:
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        took = try_to_open(vault_paths)
        process.send_signal(signal.SIGCONT)
    told(f"F10 another that hangs: refused after {took * 1000:.0f}ms")


def test_unlocking_beside_an_open_one_harms_neither(vault_paths, tmp_path):
    with another(vault_paths, tmp_path / "ledger"):
        unlock(vault_paths, PASSPHRASE).wipe()
    store = Store.open(vault_paths, unlock(vault_paths, PASSPHRASE), FixedClock(NOON))
    assert store.verify_audit().is_sound
    store.close()
