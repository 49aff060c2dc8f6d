"""Brings an older vault up to date, to be killed on the way: python -m tests.faults.renewal_child FOLDER.

Prints a line at each step that is told.
"""

import sys
from pathlib import Path

from crisisdesk.clock import FixedClock
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import renewal
from tests.stores import NOON
from tests.vault.fast import PASSPHRASE, unlock


def tell(done: float) -> None:
    """Say how far it is."""
    sys.stdout.write(f"{done:.2f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    place = VaultPaths(Path(sys.argv[1]))
    renewal.bring_up_to_date(place, unlock(place, PASSPHRASE), FixedClock(NOON), tell)
