"""F22: hours of work at a large desk, with locks in between: nothing lost, and memory does not grow without end."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="not run: needs Linux's /proc")

MOST_GROWTH = 50 * 1024 * 1024  # bytes


def test_a_long_day_loses_nothing_and_keeps_its_memory(tmp_path, figure, told):
    seconds, clients = figure(2, 60, 600), figure(50, 2_000, 10_000)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.endurance", tmp_path, str(seconds), str(clients)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    day = json.loads(done.stdout)
    told(
        f"F22 {seconds} s at {clients} clients ({day['megabytes']:.0f} MB): acknowledged={day['acknowledged']} "
        f"locks={day['locks']} lost={len(day['lost'])} torn={len(day['torn'])} growth={day['growth'] / 1e6:.1f}MB "
        f"unlock_p95={day['unlock']:.0f}ms save_p95={day['save']:.1f}ms search_p95={day['search']:.0f}ms"
    )
    assert day["lost"] == []
    assert day["torn"] == []
    assert day["growth"] < MOST_GROWTH
