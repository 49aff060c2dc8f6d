"""She leaves the desk with half a note written, or the power goes while she writes: the note is there again."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.paths import VaultPaths
from crisisdesk.ui import ask
from crisisdesk.ui.forms.note import NoteCard, open_note
from crisisdesk.ui.lock.countdown import Countdown
from crisisdesk.ui.lock.locking import Host
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.ui.widgets.dialog import Dialog
from crisisdesk.ui.widgets.pdf_preview import PagePicture
from crisisdesk.vault.store import Store
from tests.clocks import SetClocks
from tests.stores import NOON
from tests.vault.fast import COST, FLOOR, PASSPHRASE, unlock

HALF = "Says the river is loud at night, and the porch li"
BEAT = 5  # seconds
ENOUGH = 150  # letters typed until it is killed: six seconds
MOST_LOST = 3000  # milliseconds of typing: the two that are promised, and one for a busy computer


def hers(place: VaultPaths) -> VaultPaths:
    """Let the practice data count as her own: the practice desk is watched by nobody."""
    desk = Desk(Store.open(place, unlock(place, PASSPHRASE), FixedClock(NOON)), FixedClock(NOON))
    desk.practice.keep(replace(desk.practice.get(), is_practice_desk=False))
    desk.close()
    return place


@pytest.fixture
def clocks() -> SetClocks:
    return SetClocks()


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot, dressed: QApplication, town_paths: VaultPaths, clocks: SetClocks):
    del dressed
    before = ask.use(ask.QtDoor())  # dialogs open and wait, as they do for her
    keys = Keys(cost=COST, practice_cost=COST, floor=FLOOR)
    made = Program(qapp, place=hers(town_paths), clock=FixedClock(NOON), keys=keys, host=Host(clocks=clocks))
    made.start()
    qtbot.waitExposed(made.window)
    unlock_window(made, qtbot)
    yield made
    made.end()
    made.deleteLater()
    ask.use(before)


def unlock_window(program: Program, qtbot: QtBot) -> None:
    (page,) = program.window.findChildren(UnlockPage)
    page.field.setText(PASSPHRASE)
    page.unlock()
    qtbot.waitUntil(lambda: program.desk is not None, timeout=10_000)


def seen(program: Program, kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in program.window.findChildren(kind) if widget.isVisible()]


def body(program: Program) -> QPlainTextEdit:
    (card,) = program.window.findChildren(NoteCard)
    editor = card.form.editor("body")
    assert isinstance(editor, QPlainTextEdit)
    return editor


def test_five_minutes_away_from_half_a_note_and_a_packet_about_to_be_printed(
    program: Program, qtbot: QtBot, clocks: SetClocks
) -> None:
    shell = program.window.shell
    assert shell is not None
    context = shell.context
    client_id = context.desk.alike.named("Maria Delgado")[0].id
    referral_id = context.desk.chart.side(client_id).referrals.rows[0].id
    context.window.go("refer", referral_id)
    qtbot.waitUntil(lambda: bool(seen(program, PagePicture)), timeout=10_000)
    open_note(context, client_id)
    QTest.keyClicks(body(program), HALF)
    answers: list[bool] = []
    warned: list[str] = []

    def away() -> None:
        for _beat in range(300 // BEAT):
            clocks.go(BEAT)
            program.locking.guard.beat()
            warned.extend(strip.words.text() for strip in seen_countdowns(program))

    QTimer.singleShot(0, away)
    answers.append(ask.choose_printer(program.window, QPrinter()))  # it stands open when she goes
    qtbot.waitUntil(lambda: program.desk is None, timeout=10_000)
    assert answers == [False]
    assert warned[0] == "CrisisDesk locks in 30 seconds. Any key or a move of the mouse keeps it open."
    assert len(set(warned)) == 30 // BEAT, "it counts down"
    assert not seen(program, PagePicture)
    assert not [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()]
    assert not Dialog.waiting()
    unlock_window(program, qtbot)
    qtbot.waitUntil(lambda: bool(seen(program, NoteCard)), timeout=10_000)
    assert body(program).toPlainText() == HALF
    back = program.window.shell
    assert back is not None
    assert back.here == ("refer", referral_id)


def seen_countdowns(program: Program) -> Iterator[Countdown]:
    return (strip for strip in program.window.findChildren(Countdown) if strip.isVisible())


@pytest.mark.skipif(sys.platform == "win32", reason="there a new process takes over, and its output goes elsewhere")
def test_a_window_that_is_held_for_ever_is_started_anew_and_locked(
    town_paths: VaultPaths, told: Callable[[str], None]
) -> None:
    place = hers(town_paths)
    with child_of("blocked_child", place) as child:
        assert child.stdout is not None
        held, anew = json.loads(child.stdout.readline()), json.loads(child.stdout.readline())
    assert child.returncode == 0
    assert held == {"pid": child.pid, "is_locked": False}
    assert anew == {"pid": child.pid, "is_locked": True}, "the same process, and nothing of its memory"
    told("watchdog: a window held for ever, started anew and locked")
    Store.open(place, unlock(place, PASSPHRASE), FixedClock(NOON)).close()  # nothing holds the vault


def child_of(name: str, place: VaultPaths) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.journeys.{name}", str(place.folder)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_killed_while_she_types_without_a_pause_it_loses_two_seconds_at_most(
    town_paths: VaultPaths, told: Callable[[str], None]
) -> None:
    place = hers(town_paths)
    with child_of("typing_child", place) as child:
        assert child.stdout is not None
        at = [0]
        for line in child.stdout:
            at.append(int(line.split()[1]))
            if len(at) > ENOUGH:
                break
        child.kill()
        at += [int(line.split()[1]) for line in child.stdout if line.endswith("\n")]
    desk = Desk(Store.open(place, unlock(place, PASSPHRASE), FixedClock(NOON)), FixedClock(NOON))
    (kept,) = (each for each in desk.unsaved.kept() if each.form == "note")
    found = desk.unsaved.find(kept.form, kept.ref)
    desk.close()
    assert found is not None
    letters = len(str(found.values["body"]))
    lost = at[-1] - at[letters]
    told(f"kill -9 while typing: {len(at) - 1} letters typed, {letters} kept, {lost} ms of typing lost")
    assert 0 < letters < len(at)
    assert lost <= MOST_LOST
