"""F9: key files that are missing, somebody else's, older, dearer than any computer, a megabyte of JSON: all refused.

The matrix is that of ``crisisdesk selftest header``; it runs in a child that may not take more memory than it says.
"""

import json
import subprocess
import sys

import pytest

from crisisdesk.selftest.header import MOST_MEMORY

FEWEST = 30
RUN = """
import json
from crisisdesk.selftest import header
results = [*header.manipulations(), *header.flips(9, {flips})]
print(json.dumps([[[each.what, each.outcome, each.said] for each in results], header.peak_memory()]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="not run: Windows counts memory otherwise")
def test_no_manipulated_key_file_opens_the_vault_or_takes_memory(figure, told):
    script = RUN.format(flips=figure(6, 150, 1500))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=1200, check=True)
    results, peak = json.loads(done.stdout)
    outcomes = [outcome for _what, outcome, _said in results]
    told(
        f"F9 key files: tried={len(results)} refused={outcomes.count('found')} "
        f"twin={outcomes.count('harmless')} opened-rightly={outcomes.count('opens')} "
        f"missed={outcomes.count('MISSED')} peak={peak} MB"
    )
    assert [each for each in results if each[1] == "MISSED"] == []
    assert len({what for what, outcome, _said in results if outcome == "found"}) >= FEWEST
    assert all(said for _what, outcome, said in results if outcome == "found")
    assert peak < MOST_MEMORY
