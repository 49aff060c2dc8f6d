"""A packaged program of which a part is missing says so in one sentence, and not in a traceback."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from crisisdesk import damaged, resources

# The program as it is packaged, but for one module; what shows a window is left out.
START = """
import sys
from crisisdesk import __main__, damaged
if "packaged" in sys.argv:
    sys.frozen = True
damaged._show = lambda: sys.stderr.write("shown\\n")
sys.modules[sys.argv[1]] = None
del sys.argv[1:]
sys.exit(__main__.main())
"""


def start(*given):
    return subprocess.run(
        [sys.executable, "-c", START, *given], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("module", ["PySide6.QtWidgets", "crisisdesk.app"])
def test_a_packaged_program_without_its_window_says_one_sentence(module):
    done = start(module, "packaged")
    assert (done.returncode, done.stdout, done.stderr) == (70, "", f"{damaged.words()}\nshown\n")


def test_from_its_sources_the_traceback_stays():
    done = start("crisisdesk.app")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def error_of(act):
    with pytest.raises(OSError, match=r".") as told:
        act()
    return told.value


def test_what_is_damage_and_what_is_not(monkeypatch, tmp_path):
    errors = [
        ModuleNotFoundError(),
        ImportError("libQt6Core.so.6: cannot open shared object file"),
        error_of(lambda: ctypes.CDLL("libmissing-of-crisisdesk.so")),
        error_of(lambda: resources.resource("icons", "missing.svg")),
    ]
    others = [error_of((tmp_path / "missing").read_bytes), OSError(28, "No space left on device"), ValueError(), None]
    assert not any(map(damaged.is_damage, errors + others))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert all(map(damaged.is_damage, errors))
    assert not any(map(damaged.is_damage, others))


def test_the_first_tool_that_is_there_shows_the_words(tmp_path):
    there = tmp_path / "kdialog"
    there.touch()
    tools = ((tmp_path / "zenity", ("{words}",)), (there, ("--title", "{title}", "--error", "{words}")))
    assert damaged.linux_command(tools) == (str(there), "--title", "CrisisDesk", "--error", damaged.words())
    assert damaged.linux_command(tools[:1]) == ()
    assert Path(damaged.mac_command()[0]).name == "osascript"
    assert damaged.mac_command()[-2:] == ("CrisisDesk", damaged.words())
