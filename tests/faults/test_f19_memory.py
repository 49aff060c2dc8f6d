"""F19: after a soft lock no key lies in the program's memory, after a hard lock nothing of what was recorded."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crisisdesk.selftest import lock_mem

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux lets a program look through another’s memory"
)
# A program with a mistake in it: what is put in the place of what wipes keys does nothing.
BROKEN = """
import sys
from crisisdesk.selftest import lock_child
from crisisdesk.vault import keys
{mistake} = lambda *_given: None
sys.exit(lock_child.main(sys.argv[1]))
"""


def test_a_soft_lock_leaves_no_key_and_a_hard_lock_no_word(tmp_path: Path, told: Callable[[str], None]) -> None:
    found = lock_mem.campaign(tmp_path)
    told(f"F19 {found.line()}")
    assert found.open_keys > 0, "the search finds what is there"
    assert found.open_words > 0
    assert found.held > 0, "no key is gone by chance"
    assert found.keys_after_soft == 0
    assert (found.keys_after_hard, found.words_after_hard) == (0, 0)
    assert found.lost == 0
    assert found.is_good


@pytest.mark.parametrize("mistake", ["keys.wipe", "keys.MasterKey.wipe"])
def test_a_key_that_a_mistake_leaves_in_memory_is_found(
    mistake: str, tmp_path: Path, told: Callable[[str], None]
) -> None:
    child = (sys.executable, "-c", BROKEN.format(mistake=mistake))
    found = lock_mem.campaign(tmp_path, child)
    told(f"F19 without {mistake}: keys after the soft lock={found.keys_after_soft} of {found.held} held")
    assert found.keys_after_soft > 0
    assert not found.is_good
