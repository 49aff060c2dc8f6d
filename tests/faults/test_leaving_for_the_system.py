"""The system ends the program while she writes: her words are kept, the vault is closed, the process goes at once."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.paths import VaultPaths
from crisisdesk.vault.store import Store
from tests.faults.test_leaving_the_desk import hers
from tests.journeys.ending_child import HALF
from tests.stores import NOON
from tests.vault.fast import PASSPHRASE, unlock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals; it asks instead")
_GIVEN_UP = 60  # seconds: a process that is still there then does not end at all


@pytest.fixture
def home(town_paths: VaultPaths, tmp_path: Path) -> Path:
    """A program's own folder with her vault in it."""
    made = tmp_path / "home"
    made.mkdir()
    shutil.move(town_paths.folder, made / "vault")
    hers(VaultPaths(made / "vault"))
    return made


def end(home: Path, where: str, number: signal.Signals) -> tuple[int, float, str]:
    """Start the program, end it when the words are typed; return its exit code, the seconds it took, its complaints."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.ending_child", where],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "CRISISDESK_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        last = Timer(_GIVEN_UP, child.kill)
        last.start()
        assert child.stdout is not None
        assert child.stdout.readline() == "typed\n"
        began = time.monotonic()
        child.send_signal(number)
        _out, complaints = child.communicate()
        last.cancel()
        return child.returncode, time.monotonic() - began, complaints


def kept_of(home: Path, form: str) -> str:
    """Open the vault again and return what is half typed in a form."""
    place = VaultPaths(home / "vault")
    desk = Desk(Store.open(place, unlock(place, PASSPHRASE), FixedClock(NOON)), FixedClock(NOON))
    kept = next(each for each in desk.unsaved.kept() if each.form == form)
    found = desk.unsaved.find(kept.form, kept.ref)
    is_due = desk.safekeeping.is_due()
    desk.close()
    assert found is not None
    assert is_due, "no backup was waited for: the next start makes it"
    return str(found.values["body" if form == "note" else "words"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_half_a_note_is_kept_and_the_vault_closed_by_each_signal(
    home: Path, number: signal.Signals, told: Callable[[str], None]
) -> None:
    code, seconds, complaints = end(home, "card", number)
    assert (code, complaints) == (0, "")
    assert last_line(home) == ("lock", "shutdown")
    assert kept_of(home, "note") == HALF
    told(f"{number.name}: gone after {seconds:.1f} s")


@pytest.mark.parametrize("where", ["question", "locked"])
def test_neither_a_question_nor_a_lock_holds_it_up(home: Path, where: str, told: Callable[[str], None]) -> None:
    code, seconds, complaints = end(home, where, signal.SIGTERM)
    assert (code, complaints) == (0, "")
    assert last_line(home)[0] == "lock"
    told(f"SIGTERM, {where}: gone after {seconds:.1f} s")


def test_what_is_typed_in_a_dialog_is_kept_too(home: Path, told: Callable[[str], None]) -> None:
    code, seconds, complaints = end(home, "dialog", signal.SIGTERM)
    assert (code, complaints) == (0, "")
    assert kept_of(home, "flag") == f"!{HALF}"
    told(f"SIGTERM, dialog: gone after {seconds:.1f} s")


def test_work_that_never_ends_is_not_waited_for(home: Path, told: Callable[[str], None]) -> None:
    code, seconds, complaints = end(home, "stuck", signal.SIGTERM)
    assert (code, complaints) == (0, "")
    assert last_line(home) == ("lock", "shutdown")
    assert kept_of(home, "note") == HALF
    told(f"SIGTERM, stuck: gone after {seconds:.1f} s")


def last_line(home: Path) -> tuple[str, str]:
    """Return the audit log's last line before the vault is opened again: its kind and its code."""
    from contextlib import closing  # noqa: PLC0415  here alone

    from crisisdesk.vault.connection import open_copy  # noqa: PLC0415  as above

    place = VaultPaths(home / "vault")
    with closing(open_copy(place.database, unlock(place, PASSPHRASE))) as connection:
        kind, code = connection.execute("SELECT kind, detail_code FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return str(kind), str(code)
