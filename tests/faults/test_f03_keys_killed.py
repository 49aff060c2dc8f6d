"""F3: killed while keys change: passphrase, ways in, master key, older tables. One of old and new opens."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.errors import WrongPassphrase
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import swap
from crisisdesk.vault.connection import connect, make_engine
from crisisdesk.vault.store import Store
from crisisdesk.vault.upgrade import SCHEMA, move
from tests.faults.keys_child import HANDOVERS, phrase
from tests.stores import NOON
from tests.vault.fast import CODE, PASSPHRASE, unlock, unlock_with_recovery

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="not run: needs fork and SIGKILL")

DRAFT = "half a sentence"
# Seconds from the first change to the kill.
LONGEST = {"passphrase": 0.3, "slots": 0.06, "rekey": 1.2, "migration": 1.2}


@dataclass
class Told:
    """What a campaign did."""

    kills: int = 0
    acknowledged: int = 0
    in_between: int = 0
    finished: int = 0  # swaps that the next start had to finish
    wrong: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        return (
            f"F3 {name}: kills={self.kills} acknowledged={self.acknowledged} in-between={self.in_between} "
            f"finished-later={self.finished} lost={len(self.wrong)} torn=0"
        )


class Nursery:
    """Forks drivers, to be killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.keys_child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def kill(self, kind: str, paths: VaultPaths, ledger: Path, delay: float) -> None:
        """Have a driver change keys, and kill it after some seconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{kind} {paths.folder} {ledger}\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline().split()[1])
        while not (ledger.exists() and ledger.stat().st_size) and Path(f"/proc/{child}").exists():
            time.sleep(0.001)
        time.sleep(delay)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        self._process.stdout.readline()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    opened = Nursery()
    yield opened
    opened.close()


@pytest.fixture
def vault(new_vault: Callable[[str], VaultPaths]) -> VaultPaths:
    paths = new_vault("killed")
    store = Store.open(paths, unlock(paths, PASSPHRASE), FixedClock(NOON))
    store.keep_draft("form", "ref", DRAFT)
    store.close()
    return paths


def opens(paths: VaultPaths, passphrase: str) -> bool:
    with suppress(WrongPassphrase):
        unlock(paths, passphrase).wipe()
        return True
    return False


def opens_with(paths: VaultPaths, code: object) -> bool:
    with suppress(WrongPassphrase):
        unlock_with_recovery(paths, str(code)).wipe()
        return True
    return False


def read(ledger: Path) -> tuple[int, int, int]:
    """Return the last change that was acknowledged, the last that was tried, and how many were acknowledged."""
    lines = ledger.read_text(encoding="ascii").splitlines() if ledger.exists() else []
    did = [int(line.split()[1]) for line in lines if line.startswith("did")]
    tried = [int(line.split()[1]) for line in lines if line.startswith("try")]
    return (did[-1] if did else 0), (tried[-1] if tried else 0), len(did)


def look_inside(paths: VaultPaths, told: Told) -> None:
    """Open the vault with the code: what was half typed is there and the audit log is whole, without a warning."""
    store = Store.open(paths, unlock_with_recovery(paths, str(CODE)), FixedClock(NOON))
    draft = store.draft("form", "ref")
    if draft is None or draft.body != DRAFT or not store.verify_audit().is_sound or store.rollback_warning:
        told.wrong.append("what was in the vault")
    store.close()


def kill_and_look(
    nursery: Nursery, kind: str, paths: VaultPaths, folder: Path, kills: int, ways: Callable[[VaultPaths, int], bool]
) -> Told:
    """Kill a driver so many times: exactly one of the last two changes is in force each time, and the code opens."""
    told, chance = Told(), random.Random(kills)  # noqa: S311  chances that can be had again
    for turn in range(kills):
        vault, ledger = VaultPaths(folder / f"{kind}-{turn}"), folder / f"{kind}-{turn}.ledger"
        shutil.copytree(paths.folder, vault.folder)
        nursery.kill(kind, vault, ledger, chance.uniform(0, LONGEST[kind]))
        did, tried, count = read(ledger)
        told.kills, told.acknowledged = told.kills + 1, told.acknowledged + count
        told.in_between += did != tried
        told.finished += swap.journal_of(vault).exists()
        in_force = [at for at in {did, tried} if ways(vault, at)]
        if len(in_force) != 1 or (did == tried and in_force != [did]):
            told.wrong.append(f"{turn}: did {did}, tried {tried}, in force {in_force}")
        if not opens_with(vault, CODE):
            told.wrong.append(f"{turn}: the code does not open")
        look_inside(vault, told)
        shutil.rmtree(vault.folder)
    return told


def test_a_passphrase_change_that_is_killed_leaves_the_old_one_or_the_new_one(nursery, vault, tmp_path, figure, told):
    kills = figure(4, 100, 1000)
    found = kill_and_look(nursery, "passphrase", vault, tmp_path, kills, lambda paths, at: opens(paths, phrase(at)))
    told(found.line("passphrase"))
    assert found.wrong == []


def test_a_change_of_ways_that_is_killed_leaves_the_old_ones_or_the_new_ones(nursery, vault, tmp_path, figure, told):
    def is_in_force(paths: VaultPaths, at: int) -> bool:
        return {number for number, code in HANDOVERS.items() if opens_with(paths, code)} == ({at} if at else set())

    found = kill_and_look(nursery, "slots", vault, tmp_path, figure(3, 30, 300), is_in_force)
    told(found.line("slots"))
    assert found.wrong == []


def test_a_change_of_the_master_key_that_is_killed_leaves_the_old_vault_or_the_new(
    nursery, vault, tmp_path, figure, told
):
    kills = figure(4, 30, 300)
    found = kill_and_look(nursery, "rekey", vault, tmp_path, kills, lambda paths, at: opens(paths, phrase(at)))
    told(found.line("rekey"))
    assert found.wrong == []


@pytest.mark.parametrize("schema", range(1, SCHEMA))
def test_an_upgrade_that_is_killed_is_done_at_the_next_opening(nursery, vault, tmp_path, figure, told, schema):
    connection = connect(vault, unlock(vault, PASSPHRASE), maintenance=True)
    engine = make_engine(lambda: connection)
    move(engine, schema)
    engine.dispose()
    kills = figure(3, 30, 300)
    found = kill_and_look(nursery, "migration", vault, tmp_path, kills, lambda _paths, at: at == 0 or kills > 0)
    found.wrong = [each for each in found.wrong if "in force" not in each]  # old and new tables open alike
    told(found.line(f"migration from {schema}"))
    assert found.wrong == []
