"""The vaults that the pictures start from, really encrypted, with a key that costs nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.practice import Practice
from crisisdesk.desk.sample import fill
from crisisdesk.paths import VaultPaths
from crisisdesk.vault.store import Store
from tests.vault.fast import CODE, COST, FLOOR, PASSPHRASE, unlock

NOW = datetime(2026, 11, 24, 9, 40, tzinfo=ZoneInfo("America/New_York"))  # a Tuesday, as the design draws it
TOWN = "town"  # the practice data
EMPTY = "empty"  # a vault with her name and nobody in it
NOTHING = "nothing"  # no vault yet

_HER = Practice(clinician="Dana Whitlock", first_name="Dana", credential="LCSW", department="Harlow Falls Police")


def make_vaults(folder: Path) -> None:
    """Make a vault of each kind, for ``copy_of`` to copy."""
    for kind in (TOWN, EMPTY):
        clock = FixedClock(NOW)
        store = Store.create(VaultPaths(folder / kind), PASSPHRASE, CODE, clock, cost=COST, floor=FLOOR)
        if kind == TOWN:
            fill(store, clock)
        else:
            Desk(store, clock).practice.keep(_HER)
        store.close()
    (folder / NOTHING).mkdir()


def copy_of(folder: Path, kind: str, to: Path) -> VaultPaths:
    """Return the places of a vault of its own."""
    shutil.rmtree(to, ignore_errors=True)
    return VaultPaths(Path(shutil.copytree(folder / kind, to)))


@contextmanager
def open_town(folder: Path, to: Path) -> Iterator[Desk]:
    """Open a desk with the practice data, without a window."""
    place, clock = copy_of(folder, TOWN, to), FixedClock(NOW)
    desk = Desk(Store.open(place, unlock(place, PASSPHRASE), clock), clock)
    yield desk
    desk.close()
