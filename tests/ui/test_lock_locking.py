"""Locking as she sees it: the warning, the cover over dialogs, one lock under way at a time, and a forced one."""

import shutil
from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.ui.lock.countdown import Countdown
from crisisdesk.ui.lock.locking import Host
from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.page import Page, PageEntry
from crisisdesk.ui.sheets import Sheet
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.ui.widgets.dialog import Dialog
from tests.clocks import SetClocks
from tests.stores import NOON
from tests.vault.fast import COST, FLOOR, PASSPHRASE

KEYS = Keys(cost=COST, practice_cost=COST, floor=FLOOR)


class Blank(Page):
    def __init__(self, context):
        super().__init__(context, "Today")


PAGES = (PageEntry(id="today", title="Today", icon="today", make=Blank),)


class Deaf:
    """Listeners that nobody on this system speaks to."""

    are_heard = False

    def start(self, tell):
        del tell

    def stop(self):
        pass


@pytest.fixture
def clocks() -> SetClocks:
    return SetClocks()


@pytest.fixture
def begun(qapp, vault_paths, qtbot, clocks):
    """Open programs on one vault; what was started anew is noted."""
    made: list[Program] = []

    def begin(listeners=None):
        anew: list[str] = []
        host = Host(clocks=clocks, start_anew=lambda: anew.append("anew"), listeners=listeners)
        program = Program(qapp, place=vault_paths, clock=FixedClock(NOON), pages=PAGES, keys=KEYS, host=host)
        program.start()
        qtbot.waitExposed(program.window)
        (locked,) = program.window.findChildren(UnlockPage)
        locked.field.setText(PASSPHRASE)
        locked.unlock()
        qtbot.waitUntil(lambda: program.desk is not None)
        made.append(program)
        return program, anew

    yield begin
    for program in made:
        program.end()
        program.deleteLater()


PATIENCE = 10  # seconds for work that a test holds up; only a failure waits so long


def idle(program, clocks, seconds):
    for _beat in range(seconds // 5):
        clocks.go(5)
        program.locking.guard.beat()


def test_half_a_minute_before_an_idle_lock_a_strip_says_so_and_a_key_takes_it_away(begun, clocks, qtbot):
    program, _anew = begun()
    idle(program, clocks, 265)
    assert not program.window.findChildren(Countdown)
    idle(program, clocks, 10)
    (strip,) = program.window.findChildren(Countdown)
    assert strip.isVisible()
    assert strip.words.text() == "CrisisDesk locks in 25 seconds. Any key or a move of the mouse keeps it open."
    handle = program.window.windowHandle()
    QApplication.sendEvent(handle, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier))
    assert not strip.isVisible()
    idle(program, clocks, 60)
    assert program.desk is not None
    idle(program, clocks, 240)
    qtbot.waitUntil(lambda: program.desk is None)


def test_a_move_of_the_mouse_counts_and_a_window_that_comes_up_under_it_does_not(begun, clocks):
    program, _anew = begun()
    handle, none = program.window.windowHandle(), Qt.MouseButton.NoButton

    def move(x):
        at = QPointF(x, 10)
        kind = QEvent.Type.MouseMove
        QApplication.sendEvent(handle, QMouseEvent(kind, at, at, none, none, Qt.KeyboardModifier.NoModifier))

    move(10)
    idle(program, clocks, 100)
    move(10)
    assert program.locking.guard.watch.idle == 100
    move(11)
    assert program.locking.guard.watch.idle == 0


def test_the_cover_hides_a_dialog_too_and_leaves_it_as_it_is(begun):
    program, _anew = begun()
    dialog = Dialog(program.window, "Really?", "")
    dialog.set_acts(act="Do it")
    dialog.open()
    program.window.cover()
    sheets = [each for top in (program.window, dialog) for each in top.findChildren(Sheet)]
    assert {sheet.parentWidget() for sheet in sheets} == {program.window, dialog}
    assert {sheet.size() for sheet in sheets} == {program.window.size(), dialog.size()}
    QTest.keyClick(sheets[-1], Qt.Key.Key_Space)
    assert not program.window.is_covered
    assert dialog.isVisible()
    dialog.reject()


def test_while_it_locks_no_key_takes_the_cover_away(begun, qtbot):
    program, anew = begun()
    program.lock()
    QTest.keyClick(program.window.findChild(Sheet), Qt.Key.Key_Space)
    assert program.window.is_covered
    qtbot.waitUntil(lambda: program.desk is None)
    assert not anew, "she asked: a soft lock"


def test_sleep_while_a_soft_lock_is_under_way_makes_it_a_hard_one(begun, qtbot):
    program, anew = begun()
    program.lock()
    program.lock(Reason.SLEEP)
    qtbot.waitUntil(lambda: bool(anew))
    assert program.desk is None


def test_a_quarter_of_an_hour_later_it_starts_anew_and_not_before_anything_was_open(begun, clocks, qtbot):
    program, anew = begun()
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None)
    idle(program, clocks, 895)
    assert not anew
    idle(program, clocks, 5)
    assert anew == ["anew"]


def test_a_computer_that_does_not_tell_when_it_is_locked_has_two_minutes_and_says_so(begun, clocks, qtbot):
    program, _anew = begun(Deaf())
    assert program.window.shell.context.window.hears_system is False  # Today and Settings say so: test_unheard.py
    assert not program.window.shell.message.isVisible(), "and no message at each unlocking"
    idle(program, clocks, 115)
    assert program.desk is not None
    idle(program, clocks, 5)
    qtbot.waitUntil(lambda: program.desk is None)


def test_the_reason_stands_in_the_audit_log(begun, clocks, qtbot, open_store):
    program, _anew = begun()
    idle(program, clocks, 300)
    qtbot.waitUntil(lambda: program.desk is None)
    program.end()
    store = open_store()
    with store.read() as s:
        rows = s.connection().exec_driver_sql("SELECT detail_code FROM audit WHERE kind = 'lock' ORDER BY seq").all()
    store.close()
    assert rows[-1] == ("idle",)


def test_the_minutes_are_hers_to_set(begun, clocks, qtbot):
    program, _anew = begun()
    locks = program.desk.locks
    locks.keep(replace(locks.get(), idle_minutes=1, cover_minimized=True))
    assert program.window.covers_when_minimized
    idle(program, clocks, 60)
    qtbot.waitUntil(lambda: program.desk is None)


def test_a_backup_that_is_due_is_made_after_a_minute_of_rest(begun, clocks, qtbot):
    program, _anew = begun()
    assert program.desk.safekeeping.is_due()
    idle(program, clocks, 60)
    qtbot.waitUntil(lambda: not program.desk.safekeeping.is_due())


def test_an_older_file_is_said_once_with_counts_and_she_may_go_on(begun, vault_paths, tmp_path, answers, qtbot):
    program, _anew = begun()
    kept = tmp_path / "kept.db"
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None)
    shutil.copy(vault_paths.database, kept)
    program.end()
    again, _anew = begun()
    again.desk.practice.keep(replace(again.desk.practice.get(), clinician="Dana Whitlock", department="Harlow Falls"))
    again.end()
    shutil.copy(kept, vault_paths.database)
    seen = []

    def look(dialog):
        seen.append(dialog.text)
        return False

    answers.run(look)
    begun()
    qtbot.waitUntil(lambda: bool(seen))
    assert "acts that were written down here are not in it, from the last hour." in seen[0]


def test_the_watchdog_leaves_a_lock_alone_that_waits_for_its_backup(begun, clocks, qtbot):
    program, anew = begun()
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None or program.locking.guard.watchdog._thread is None)
    clocks.go(20)
    assert program.locking.guard.watchdog._thread is None
    qtbot.waitUntil(lambda: program.desk is None)
    assert not anew


def test_a_page_that_is_being_made_is_stopped_before_the_key_goes(begun, qtbot, monkeypatch):
    program, _anew = begun()
    busy_at_close, told = list[bool](), list[str]()
    close = program.locking._close

    def look_and_close(reason):
        busy_at_close.append(program.jobs.is_busy)
        close(reason)

    monkeypatch.setattr(program.locking, "_close", look_and_close)
    running = program.jobs.start(program.window, until_cancelled, done=told.append)
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None)
    assert running.is_over
    assert busy_at_close == [False]
    assert not told


def until_cancelled(progress):
    progress._cancelled.wait(PATIENCE)
    return "a page with names"


@pytest.mark.parametrize("reason", [Reason.ASKED, Reason.SLEEP])
def test_a_file_that_is_being_written_is_written_down_before_the_vault_closes(begun, qtbot, reason):
    program, _anew = begun()
    go_on, was_open = Event(), []
    program.jobs.start(
        program.window,
        go_on.wait,
        PATIENCE,
        done=lambda _written: was_open.append(program.desk is not None),
        is_kept=True,
    )
    program.lock(reason)
    QTimer.singleShot(50, go_on.set)
    qtbot.waitUntil(lambda: program.desk is None)
    assert was_open == [True]


def test_work_that_does_not_end_keeps_nothing_open(begun, qtbot, clocks):
    program, _anew = begun()
    go_on = Event()
    program.jobs.start(program.window, go_on.wait, PATIENCE, is_kept=True)
    program.lock()
    QApplication.processEvents()
    assert program.desk is not None
    clocks.go(4.5)
    qtbot.waitUntil(lambda: program.desk is None)
    go_on.set()


def test_allowing_pictures_of_the_screen_stands_in_the_audit_log(begun):
    program, _anew = begun()
    locks = program.desk.locks
    for is_allowed in (True, False):
        locks.keep(replace(locks.get(), is_capture_allowed=is_allowed))
    with program.desk._store.read() as s:
        rows = s.connection().exec_driver_sql("SELECT detail_code FROM audit WHERE kind = 'capture' ORDER BY seq").all()
    assert rows == [("allowed",), ("forbidden",)]
