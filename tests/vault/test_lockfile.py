"""A second CrisisDesk is kept out."""

import os
import subprocess
import sys
import time

import pytest

from crisisdesk.errors import VaultInUse
from crisisdesk.vault import lockfile
from crisisdesk.vault.lockfile import VaultLock, refuse_in_use
from tests.vault.fast import NOW

TAKE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from crisisdesk.errors import VaultInUse
from crisisdesk.paths import VaultPaths
from crisisdesk.vault.lockfile import VaultLock
try:
    VaultLock(VaultPaths(Path(sys.argv[1])), since=datetime.now(UTC))
except VaultInUse as told:
    print("in use:", told)
else:
    print("taken")
    sys.stdout.flush()
    sys.stdin.read()
"""


def test_another_process_is_told_that_the_vault_is_open(paths):
    with VaultLock(paths, since=NOW):
        second = subprocess.run(
            [sys.executable, "-c", TAKE, str(paths.folder)], capture_output=True, text=True, timeout=60, check=True
        )
    assert second.stdout == "in use: The vault is open in another CrisisDesk. Close that one first.\n"


def test_the_lock_of_a_killed_process_is_free(paths):
    with subprocess.Popen(
        [sys.executable, "-c", TAKE, str(paths.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "taken\n"
        with pytest.raises(VaultInUse):
            VaultLock(paths, since=NOW)
        first.kill()
        first.wait()
        VaultLock(paths, since=NOW).release()


def test_a_second_lock_of_the_same_process_is_refused(paths):
    with VaultLock(paths, since=NOW), pytest.raises(VaultInUse):
        VaultLock(paths, since=NOW)


def test_a_released_lock_can_be_taken_again(paths):
    lock = VaultLock(paths, since=NOW)
    lock.release()
    lock.release()
    VaultLock(paths, since=NOW).release()


def test_a_file_that_was_left_behind_is_no_lock(paths):
    paths.folder.mkdir()
    paths.lock.write_text("pid 1\nsince 1970-01-01T00:00:00Z\nand much more than we would write\n")
    with VaultLock(paths, since=NOW):
        assert paths.lock.read_text() == f"pid {os.getpid()}\nsince 2026-11-22T05:00:00Z\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_the_lock_file_is_hers_alone(paths):
    paths.folder.mkdir(mode=0o755)
    with VaultLock(paths, since=NOW):
        assert paths.lock.stat().st_mode & 0o777 == 0o600
        assert paths.folder.stat().st_mode & 0o777 == 0o700


def test_a_look_tells_who_has_it_and_leaves_nothing_behind(paths):
    refuse_in_use(paths)
    assert not paths.folder.exists()
    lock = VaultLock(paths, since=NOW)
    written = paths.lock.read_bytes()
    with pytest.raises(VaultInUse):
        refuse_in_use(paths)
    lock.release()
    refuse_in_use(paths)
    assert paths.lock.read_bytes() == written
    VaultLock(paths, since=NOW).release()


def test_a_look_of_another_at_the_very_moment_keeps_nobody_out(paths, monkeypatch):
    VaultLock(paths, since=NOW).release()
    looking = os.open(paths.lock, os.O_RDWR)
    lockfile.lock_descriptor(looking)
    monkeypatch.setattr(time, "sleep", lambda _pause: lockfile.unlock_descriptor(looking))
    VaultLock(paths, since=NOW).release()
    os.close(looking)
