"""The program's checks of itself, at a cost that only tests can ask for."""

from functools import partial

import pytest

from crisisdesk.selftest import place, scenario
from crisisdesk.vault import access
from tests.vault.fast import COST, FLOOR

_READ = ("unlock", "unlock_with_recovery", "read_header", "slots_of", "revoke")
_WRITTEN = ("add_recovery", "change_passphrase")


@pytest.fixture
def quick_keys(monkeypatch) -> None:
    """Let vaults be made and read whose keys cost nothing."""
    for name in (*_READ, *_WRITTEN):
        monkeypatch.setattr(access, name, partial(getattr(access, name), floor=FLOOR))
    for module in (place, scenario):
        monkeypatch.setattr(module, "QUICK", COST)
        monkeypatch.setattr(module, "FLOOR", FLOOR)
