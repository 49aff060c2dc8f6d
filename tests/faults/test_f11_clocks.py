"""F11: clocks that jump, go back or stand still never make an open vault last longer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.lock.watch import Limits, Watch
from crisisdesk.vault.audit import AuditEntry
from tests.clocks import SetClocks

HOUR, MINUTE, BEAT = 3600.0, 60.0, 5.0
YEARS = 2 * 365 * 24 * HOUR


def beats(watch: Watch, clocks: SetClocks, seconds: float, *, touched: bool = True) -> Reason | None:
    """Let time pass in beats, with somebody at the keys or not; return the first reason to lock."""
    for _beat in range(int(seconds / BEAT)):
        clocks.go(BEAT)
        if touched:
            watch.touched()
        if (reason := watch.beat()) is not None:
            return reason
    return None


def opened() -> tuple[Watch, SetClocks]:
    clocks = SetClocks()
    watch = Watch(clocks, Limits())
    watch.opened()
    return watch, clocks


def ahead(clocks: SetClocks, _watch: Watch) -> None:
    clocks.set_wall(HOUR)


def slept(clocks: SetClocks, _watch: Watch) -> None:
    clocks.go(8 * HOUR)


def slept_while_the_steady_clock_stood(clocks: SetClocks, _watch: Watch) -> None:
    clocks.set_wall(8 * HOUR)


def slept_while_the_wall_was_set_back(clocks: SetClocks, _watch: Watch) -> None:
    clocks.go(HOUR)
    clocks.set_wall(-HOUR)


@pytest.mark.parametrize("jump", [ahead, slept, slept_while_the_steady_clock_stood, slept_while_the_wall_was_set_back])
def test_a_jump_locks_at_once_and_hard(jump: Callable[[SetClocks, Watch], None], told: Callable[[str], None]) -> None:
    watch, clocks = opened()
    assert beats(watch, clocks, MINUTE) is None
    jump(clocks, watch)
    reason = watch.beat()
    assert reason is Reason.JUMP
    assert reason.is_hard
    told(f"F11 {jump.__name__}: locked")


@pytest.mark.parametrize("back", [HOUR, YEARS, 1_000_000.0], ids=["an hour", "two years", "1970"])
def test_a_clock_set_back_extends_neither_idling_nor_the_day(back: float, told: Callable[[str], None]) -> None:
    watch, clocks = opened()
    assert beats(watch, clocks, 4 * MINUTE, touched=False) is None
    clocks.set_wall(-back)
    assert watch.beat() is None
    assert beats(watch, clocks, MINUTE - BEAT, touched=False) is None
    assert beats(watch, clocks, BEAT, touched=False) is Reason.IDLE

    watch.opened()
    assert beats(watch, clocks, 11 * HOUR) is None
    clocks.set_wall(-back)
    assert beats(watch, clocks, HOUR - BEAT) is None
    assert beats(watch, clocks, BEAT) is Reason.LONG
    told(f"F11 {back:.0f} s back: idle and 12 h kept")


def test_summer_time_is_no_jump(told: Callable[[str], None]) -> None:
    zone = FixedClock(datetime(2026, 11, 1, 5, 59, 58, tzinfo=UTC))
    watch, clocks = opened()
    clocks.on_wall = zone.now().timestamp()
    watch.opened()
    for _beat in range(3):  # seconds since 1970 know no summer time
        clocks.go(BEAT)
        zone.moment += timedelta(seconds=BEAT)
        assert clocks.wall() == zone.now().timestamp()
        assert watch.beat() is None
    told("F11 summer time: open")


def test_half_a_day_ends_by_whichever_clock_is_first() -> None:
    watch, clocks = opened()
    reason = None
    for _step in range(int(12 * HOUR / 25)):
        clocks.go(BEAT)
        clocks.set_wall(20.0)  # it runs fast, by less than a jump each beat
        watch.touched()
        reason = watch.beat()
        if reason is not None:
            break
    assert reason is Reason.LONG
    assert clocks.steadily - 1_000_000 < 12 * HOUR


def test_a_quarter_of_an_hour_after_a_soft_lock_comes_the_hard_one_whatever_the_clock_says() -> None:
    watch, clocks = opened()
    watch.locked()
    assert beats(watch, clocks, 10 * MINUTE) is None
    clocks.set_wall(-HOUR)
    assert watch.beat() is None
    assert beats(watch, clocks, 5 * MINUTE - BEAT) is None
    assert beats(watch, clocks, BEAT) is Reason.LEFT


def test_a_jump_while_softly_locked_starts_anew() -> None:
    watch, clocks = opened()
    watch.locked()
    clocks.go(8 * HOUR)
    assert watch.beat() is Reason.JUMP


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=730)], ids=["an hour", "two years"])
def test_the_audit_log_is_ordered_by_number_and_says_that_the_clock_went_back(store, clock, back: timedelta) -> None:
    store.note(AuditEntry("view"))
    clock.moment -= back
    store.note(AuditEntry("view"))
    with store.read() as s:
        rows = s.connection().exec_driver_sql("SELECT seq, kind FROM audit ORDER BY seq").all()
    assert [kind for _seq, kind in rows][-3:] == ["view", "clock", "view"]
    assert [seq for seq, _kind in rows] == list(range(1, len(rows) + 1))
    assert store.verify_audit().is_sound
