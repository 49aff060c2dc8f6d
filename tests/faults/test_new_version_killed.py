"""Killed anywhere while it brings an older vault up to date: it is the older one or the new one, whole, and goes on."""

import os
import random
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import backup, upgrade
from crisisdesk.vault.connection import connect, make_engine
from crisisdesk.vault.store import Store
from tests.stores import NOON
from tests.vault.fast import PASSPHRASE, unlock

_LONGEST = 1.2  # seconds from the first step to the last kill


@pytest.fixture
def older(town_paths: VaultPaths) -> VaultPaths:
    """The practice data as the program before this one left it."""
    with closing(connect(town_paths, unlock(town_paths, PASSPHRASE), maintenance=True)) as connection:
        upgrade.move(make_engine(lambda: connection), upgrade.SCHEMA - 1)
    return town_paths


def test_killed_anywhere_it_opens_with_everything_and_a_backup_from_before(
    older: VaultPaths, tmp_path: Path, figure: Callable[[int, int, int], int], told: Callable[[str], None]
) -> None:
    seed = secrets.randbelow(1_000_000)
    chances = random.Random(seed)  # noqa: S311  no secret
    finished = begun = 0
    for number in range(figure(3, 15, 150)):
        place = VaultPaths(Path(shutil.copytree(older.folder, tmp_path / f"{number}" / "vault")))
        finished += killed_after(place, chances.uniform(0, _LONGEST))
        begun += not backup.listed(place.backups)
        with closing(Store.open(place, unlock(place, PASSPHRASE), FixedClock(NOON))) as store:
            assert store.verify_audit().is_sound
            assert store.counts()["client"] > 0
            (_one, *_more) = backup.listed(place.backups)
        shutil.rmtree(place.folder.parent)
    told(f"new version: {number + 1} kills, {begun} before the backup was whole, {finished} too late; seed {seed}")


def killed_after(place: VaultPaths, seconds: float) -> bool:
    """Kill it so many seconds after its first step; return whether it had ended by itself."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.renewal_child", str(place.folder)],
        cwd=Path(__file__).parents[2],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "0.00\n"
        time.sleep(seconds)
        is_over = child.poll() is not None
        child.kill()
    return is_over
