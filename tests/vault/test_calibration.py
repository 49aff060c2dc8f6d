"""A guess costs as much as this computer gives without her waiting for it, and never less than the usual."""

import pytest

from crisisdesk.errors import VaultError
from crisisdesk.vault.calibration import calibrate
from crisisdesk.vault.slots import Cost

GIB = 1_048_576  # KiB


@pytest.mark.parametrize(
    ("seconds", "memory", "expected"),
    [
        (0.60, 64 * GIB, 262_144),
        (3.00, 64 * GIB, 262_144),
        (0.30, 64 * GIB, 655_360),
        (0.10, 64 * GIB, GIB),
        (0.00, 64 * GIB, GIB),
        (0.10, 4 * GIB, 524_288),
        (0.10, GIB, 262_144),
        (0.10, 0, 262_144),
    ],
)
def test_memory_goes_up_where_it_is_quick_and_there(seconds, memory, expected):
    cost = calibrate(lambda _cost: seconds, memory)
    assert (cost.memory_kib, cost.passes, cost.lanes) == (expected, 3, 4)
    assert cost.is_allowed()


def test_a_computer_without_memory_for_it_keeps_the_usual():
    def starve(_cost: Cost) -> float:
        raise VaultError("no memory")

    assert calibrate(starve, GIB) == Cost.DEFAULT
