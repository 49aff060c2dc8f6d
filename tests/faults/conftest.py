"""The fault campaigns of security.md 5. Each says below all tests what it did: kills, acknowledged, lost, torn.

    python3 dev.py test tests/faults        a few seconds each
    python3 dev.py faults                   the figures that .ci/run asks for, on two cores
    python3 dev.py faults --campaign=nightly -k f05

A campaign's chances come from a seed that stands in its line: the same seed tries the same again.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crisisdesk.paths import VaultPaths
from tests.stores import make_vault


@pytest.fixture
def figure(campaign: str) -> Callable[[int, int, int], int]:
    """Return what chooses a campaign's figure: the quick one, that of .ci/run, the nightly one."""
    place = ("quick", "ci", "nightly").index(campaign)
    return lambda *figures: figures[place]


@pytest.fixture
def new_vault(tmp_path: Path) -> Callable[[str], VaultPaths]:
    """Return what makes an empty vault of this test's own under a name."""
    return lambda name: VaultPaths(Path(shutil.copytree(make_vault(), tmp_path / name)))
