"""When to lock: idling, the cover, half a day, and what the thread beside the window does."""

import threading

import pytest

from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.lock.watch import Limits, Watch
from crisisdesk.ui.lock.watchdog import LATE, Watchdog
from tests.clocks import SetClocks


@pytest.fixture
def clocks() -> SetClocks:
    return SetClocks()


@pytest.fixture
def watch(clocks: SetClocks) -> Watch:
    made = Watch(clocks)
    made.opened()
    return made


def test_five_minutes_without_a_key_lock_and_a_key_begins_them_again(watch: Watch, clocks: SetClocks) -> None:
    for _beat in range(59):
        clocks.go(5)
        assert watch.beat() is None
    watch.touched()
    for _beat in range(59):
        clocks.go(5)
        assert watch.beat() is None
    clocks.go(5)
    assert watch.beat() is Reason.IDLE


def test_half_a_minute_before_she_is_warned(watch: Watch, clocks: SetClocks) -> None:
    clocks.go(269)
    assert watch.warning == 0
    clocks.go(1)
    assert watch.warning == 30
    clocks.go(29.6)
    assert watch.warning == 1
    watch.touched()
    assert watch.warning == 0


def test_the_cover_lasts_a_minute_whatever_moves(watch: Watch, clocks: SetClocks) -> None:
    watch.covered(on=True)
    for _beat in range(11):
        clocks.go(5)
        watch.touched()
        assert watch.beat() is None
    clocks.go(5)
    assert watch.beat() is Reason.COVERED


def test_while_nothing_is_open_nothing_is_due(clocks: SetClocks) -> None:
    watch = Watch(clocks, Limits())
    clocks.go(20 * 3600)
    assert (watch.beat(), watch.due_at, watch.warning) == (None, None, 0)


def test_only_what_may_leave_traces_is_a_hard_lock() -> None:
    soft = {reason for reason in Reason if not reason.is_hard}
    assert soft == {Reason.ASKED, Reason.IDLE, Reason.COVERED, Reason.LONG}


def test_the_watchdog_waits_five_seconds_beyond_an_idle_lock(watch: Watch, clocks: SetClocks) -> None:
    dog = Watchdog(watch, lambda: None)
    for _look in range(int(300 + LATE)):
        clocks.go(1)
        assert not dog.is_too_late()
    clocks.go(1)
    assert dog.is_too_late()


def test_the_watchdog_lets_be_who_locks_in_time(watch: Watch, clocks: SetClocks) -> None:
    dog = Watchdog(watch, lambda: None)
    dog.must_lock()
    clocks.go(LATE)
    assert not dog.is_too_late()
    watch.locked()
    clocks.go(60)
    assert not dog.is_too_late()
    watch.opened()
    clocks.go(LATE + 1)
    assert not dog.is_too_late(), "the lock of before was done"


def test_the_watchdog_knows_that_the_computer_slept(watch: Watch, clocks: SetClocks) -> None:
    dog = Watchdog(watch, lambda: None)
    clocks.go(31)
    assert not dog.is_too_late()
    clocks.go(LATE + 1)
    assert dog.is_too_late()


def test_the_watchdog_starts_anew_from_its_own_thread(watch: Watch, clocks: SetClocks) -> None:
    done = threading.Event()
    dog = Watchdog(watch, done.set)
    clocks.go(20)
    dog.start()
    dog.must_lock()
    clocks.go(LATE + 1)
    assert done.wait(10)
    dog.stop()
