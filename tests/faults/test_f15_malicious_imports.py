"""F15: a malicious or broken directory is refused, or brought in exactly as previewed, within 60 s and 2 GB."""

import json
import subprocess
import sys
from collections import Counter

import pytest

from tests.faults.corpus import all_of

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="not run: needs Linux's limits of memory")

ENDS = {".csv": 40, ".json": 40, ".zip": 20}


def test_the_corpus_has_a_hundred_files():
    assert Counter(sample.name[sample.name.rindex(".") :] for sample in all_of()) == ENDS


def test_every_file_is_refused_or_brought_in_as_previewed(tmp_path, figure, told):
    step = figure(9, 1, 1)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.imports", tmp_path, "0", str(step)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:] + done.stdout[-300:]
    came = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = Counter(each["outcome"] for each in came)
    slowest = max(came, key=lambda each: each["seconds"])
    told(
        f"F15 files={len(came)} {dict(kinds)} wrong={sum(1 for each in came if each['wrong'])} "
        f"slowest={slowest['name']} {slowest['seconds']:.1f}s peak={max(each['megabytes'] for each in came)}MB"
    )
    assert [each for each in came if each["wrong"]] == []
    assert all(each["said"].endswith(".") for each in came if each["outcome"] == "refused")
