"""How wrong tries are counted, to the millisecond and one by one; test_f14 has the same seen from outside."""

from contextlib import suppress
from datetime import timedelta

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.errors import TooManyAttempts, WrongPassphrase
from crisisdesk.vault import attempts, state
from crisisdesk.vault.attempts import attempt, check, failed, succeeded
from crisisdesk.vault.slots import SlotKind
from crisisdesk.vault.state import Attempts, Failure, State
from tests.vault.fast import NOW

MINUTE, INSTANT = timedelta(minutes=1), timedelta(milliseconds=1)
PASSPHRASE, DEVICE, RECOVERY, HANDOVER = SlotKind.PASSPHRASE, SlotKind.DEVICE, SlotKind.RECOVERY, SlotKind.HANDOVER


@pytest.fixture
def folder(paths):
    paths.folder.mkdir()
    return paths


def fail(folder, *moments, kind=PASSPHRASE):
    for moment in moments:
        failed(folder, kind, moment)


def is_closed(folder, now):
    try:
        check(folder, now)
    except TooManyAttempts:
        return True
    return False


def test_five_within_fifteen_minutes_to_the_instant_close_the_entry(folder):
    fail(folder, NOW, NOW, NOW, NOW, NOW + 15 * MINUTE)
    assert is_closed(folder, NOW + 15 * MINUTE)


def test_an_instant_more_and_they_do_not(folder):
    fail(folder, NOW, NOW, NOW, NOW, NOW + 15 * MINUTE + INSTANT)
    assert not is_closed(folder, NOW + 15 * MINUTE + INSTANT)


def test_four_close_nothing(folder):
    fail(folder, NOW, NOW, NOW, NOW)
    check(folder, NOW)
    assert state.read(folder).attempts == Attempts(count=4, recent=4 * (NOW,))


def test_the_last_five_of_many_count(folder):
    first = [NOW + hour * 60 * MINUTE for hour in range(6)]
    fail(folder, *first)
    late = first[-1]
    fail(folder, late, late, late)
    assert not is_closed(folder, late)
    fail(folder, late)
    assert is_closed(folder, late)
    found = state.read(folder).attempts
    assert (found.count, found.recent, found.closed_at) == (10, 5 * (late,), late)


def test_it_opens_at_the_instant_that_it_says(folder):
    fail(folder, *5 * [NOW])
    with pytest.raises(TooManyAttempts) as told:
        check(folder, NOW + 15 * MINUTE - INSTANT)
    assert told.value.until == NOW + 15 * MINUTE
    check(folder, NOW + 15 * MINUTE)


def test_the_sentence_names_the_hour_on_her_clock(folder):
    fail(folder, *5 * [NOW])
    until = (NOW + 15 * MINUTE).astimezone()
    with pytest.raises(TooManyAttempts, match=f" {until.hour}:{until.minute:02d}\\. "):
        check(folder, NOW)


def test_minutes_below_ten_have_two_digits(folder):
    fail(folder, *5 * [NOW + 50 * MINUTE])
    with pytest.raises(TooManyAttempts, match=r"again at \d+:05\. "):
        check(folder, NOW + 50 * MINUTE)


def test_a_refused_try_is_written_down_and_lengthens_nothing(folder):
    fail(folder, *5 * [NOW])
    for minute in (1, 2):
        with pytest.raises(TooManyAttempts) as told:
            failed(folder, DEVICE, NOW + minute * MINUTE)
        assert told.value.until == NOW + 15 * MINUTE
    found = state.read(folder)
    assert found.attempts == Attempts(count=5, recent=5 * (NOW,), closed_at=NOW)
    assert found.failures[-1] == Failure(at=NOW + 2 * MINUTE, kind="device", outcome="locked-out", count=2)


def test_after_the_wait_one_try_closes_it_again_however_late(folder):
    fail(folder, *5 * [NOW])
    later = NOW + timedelta(days=3)
    fail(folder, later)
    assert is_closed(folder, later + 15 * MINUTE - INSTANT)
    assert not is_closed(folder, later + 15 * MINUTE)


@pytest.mark.parametrize("kind", [RECOVERY, HANDOVER])
def test_a_wrong_code_is_told_to_the_log_and_counts_for_nothing(folder, kind):
    fail(folder, *5 * [NOW])
    before = state.read(folder).attempts
    fail(folder, *9 * [NOW - MINUTE], kind=kind)  # not even as a clock that was set back
    found = state.read(folder)
    assert found.attempts == before
    assert found.failures[5:] == 9 * (Failure(at=NOW - MINUTE, kind=kind.value),)


def test_wrong_pins_are_counted_for_themselves_and_the_fifth_ends_quick_unlock(folder):
    fail(folder, NOW)
    for day in range(1, 5):
        fail(folder, NOW + timedelta(days=day), kind=DEVICE)
    found = state.read(folder).attempts
    assert (found.count, found.pins, found.is_device_dead) == (5, 4, False)
    fail(folder, NOW + timedelta(days=9), kind=DEVICE)
    found = state.read(folder).attempts
    assert (found.count, found.pins, found.is_device_dead, found.closed_at) == (6, 5, True, None)


def test_what_is_dead_stays_so_whatever_is_typed(folder):
    fail(folder, *(NOW + timedelta(days=day) for day in range(5)), kind=DEVICE)
    fail(folder, NOW + timedelta(days=6))
    succeeded(folder, NOW + timedelta(days=6))
    found = state.read(folder).attempts
    assert (found.count, found.recent, found.pins, found.is_device_dead) == (0, (), 5, True)


def test_a_right_secret_clears_all_that_was_counted(folder):
    attempts.set_strict(folder, is_strict=True)
    fail(folder, *4 * [NOW])
    fail(folder, NOW, kind=DEVICE)
    succeeded(folder, NOW, kind=RECOVERY)
    assert state.read(folder).attempts == Attempts(is_strict=True)


def test_a_right_secret_takes_back_its_own_line_alone_and_tells_the_others(folder):
    fail(folder, NOW, NOW + MINUTE)
    fail(folder, NOW + MINUTE, kind=DEVICE)
    fail(folder, NOW + MINUTE)
    told = succeeded(folder, NOW + MINUTE)
    lines = [(NOW, "passphrase"), (NOW + MINUTE, "passphrase"), (NOW + MINUTE, "device")]
    assert [(each.at, each.kind) for each in told] == lines
    assert state.read(folder).failures == told


def test_a_passphrase_proves_that_she_is_there_and_a_pin_does_not(folder):
    succeeded(folder, NOW, kind=DEVICE)
    assert state.read(folder).proof is None
    succeeded(folder, NOW)
    proof = state.read(folder).proof
    assert proof is not None
    assert proof.at == NOW
    succeeded(folder, NOW + MINUTE, kind=DEVICE)
    assert state.read(folder).proof == proof


def test_what_the_log_has_heard_is_forgotten_and_nothing_else(folder):
    fail(folder, NOW, NOW + MINUTE)
    told = state.read(folder).failures
    fail(folder, NOW + 2 * MINUTE)
    attempts.merged(folder, told)
    assert [each.at for each in state.read(folder).failures] == [NOW + 2 * MINUTE]


def test_nothing_to_forget_writes_nothing(folder):
    attempts.merged(folder, ())
    assert list(folder.folder.iterdir()) == []


def test_strict_can_be_set_and_taken_back(folder):
    assert not attempts.is_strict(folder)
    attempts.set_strict(folder, is_strict=True)
    fail(folder, *5 * [NOW])
    with pytest.raises(TooManyAttempts, match="only") as told:
        check(folder, NOW + timedelta(days=400))
    assert told.value.until is None
    attempts.set_strict(folder, is_strict=False)
    assert not attempts.is_strict(folder)
    assert not is_closed(folder, NOW + 15 * MINUTE)


def test_a_clock_that_was_set_back_is_written_down_once(folder):
    fail(folder, NOW - MINUTE, *4 * [NOW])
    then = NOW - 30 * MINUTE
    assert is_closed(folder, then)
    assert state.read(folder).attempts == Attempts(count=5, recent=5 * (then,), closed_at=then)
    assert is_closed(folder, then + MINUTE)
    assert state.read(folder).attempts.closed_at == then


def test_a_look_at_an_entry_that_is_open_writes_nothing(folder):
    check(folder, NOW)
    assert list(folder.folder.iterdir()) == []


def test_moments_are_kept_to_the_millisecond_in_utc(folder):
    moment = FixedClock(NOW).now().astimezone() + timedelta(microseconds=1999)
    fail(folder, moment)
    (line,) = state.read(folder).failures
    assert line.at == NOW + INSTANT
    assert line.at.utcoffset() == timedelta()
    assert succeeded(folder, moment) == ()  # the same moment, although the file has it shorter


class TornError(Exception):
    """Something that is no answer."""


def tried(folder, now, problem, kind=PASSPHRASE):
    with pytest.raises(type(problem)), attempt(folder, kind, now):
        raise problem


def test_a_wrong_secret_stays_counted(folder):
    tried(folder, NOW, WrongPassphrase("No."))
    assert state.read(folder) == State(
        attempts=Attempts(count=1, recent=(NOW,)), failures=(Failure(at=NOW, kind="passphrase"),)
    )


def test_a_right_one_is_not_counted(folder):
    fail(folder, NOW - MINUTE)
    with attempt(folder, DEVICE, NOW):
        assert state.read(folder).attempts.count == 2  # on the disk already
    assert state.read(folder) == State(failures=(Failure(at=NOW - MINUTE, kind="passphrase"),))


@pytest.mark.parametrize("problem", [TornError(), KeyboardInterrupt()], ids=["error", "broken off"])
@pytest.mark.parametrize("kind", SlotKind)
def test_a_try_that_could_not_be_made_leaves_all_as_it_was(folder, kind, problem):
    fail(folder, NOW, NOW + MINUTE)
    fail(folder, NOW + MINUTE, kind=DEVICE)
    fail(folder, NOW + MINUTE)
    before = state.read(folder)
    tried(folder, NOW + 2 * MINUTE, problem, kind)  # would have been the fifth
    assert state.read(folder) == before


@pytest.mark.parametrize("kind", SlotKind)
def test_a_first_try_that_could_not_be_made_leaves_nothing(folder, kind):
    tried(folder, NOW, TornError(), kind)
    assert state.read(folder) == State()


@pytest.mark.parametrize("kind", [RECOVERY, HANDOVER])
def test_a_code_that_could_not_be_tried_takes_back_no_passphrase_of_that_instant(folder, kind):
    fail(folder, NOW)
    before = state.read(folder)
    tried(folder, NOW, TornError(), kind)
    assert state.read(folder) == before


def test_a_line_that_is_taken_back_leaves_those_behind_it(folder):
    for others in (1, 2, 3):
        fail(folder, NOW)
        behind = [NOW + minute * MINUTE for minute in range(1, 1 + others)]
        fail(folder, *behind, kind=RECOVERY)
        told = succeeded(folder, NOW)
        assert [(each.at, each.kind) for each in told] == [(moment, "recovery") for moment in behind]
        attempts.merged(folder, told)


def test_while_it_is_closed_nothing_is_tried(folder):
    fail(folder, *5 * [NOW])
    with pytest.raises(TooManyAttempts), attempt(folder, PASSPHRASE, NOW):
        pytest.fail("entered")
    with attempt(folder, RECOVERY, NOW):
        pass
    assert not is_closed(folder, NOW)


def test_a_try_that_could_not_be_made_does_not_take_back_another_ones(folder):
    """Two windows at once: the one whose try failed has written its own line behind."""

    def broken_off():
        with attempt(folder, PASSPHRASE, NOW):
            fail(folder, NOW + MINUTE)
            raise TornError

    with pytest.raises(TornError):
        broken_off()
    assert state.read(folder).attempts == Attempts(count=2, recent=(NOW, NOW + MINUTE))


def test_a_try_that_could_not_be_made_leaves_an_old_wait_over(folder):
    """Six slow tries long ago, four now, and one for which there was no memory: nothing is closed for that."""
    for hour in range(6):
        fail(folder, NOW + 60 * hour * MINUTE)
    late = NOW + 360 * MINUTE
    for _each in range(4):
        fail(folder, late)
    before = state.read(folder).attempts
    with suppress(MemoryError), attempt(folder, PASSPHRASE, late):
        raise MemoryError
    assert state.read(folder).attempts == before
    check(folder, late)


def test_a_try_that_could_not_be_made_after_the_wait_does_not_close_again(folder):
    for _each in range(5):
        fail(folder, NOW)
    later = NOW + 20 * MINUTE
    with suppress(MemoryError), attempt(folder, PASSPHRASE, later):
        raise MemoryError
    check(folder, later)


def test_a_fifth_pin_that_could_not_be_tried_leaves_quick_unlock_alone(folder):
    for minute in range(4):
        with suppress(WrongPassphrase), attempt(folder, SlotKind.DEVICE, NOW + 20 * minute * MINUTE):
            raise WrongPassphrase
    with suppress(MemoryError), attempt(folder, SlotKind.DEVICE, NOW + 90 * MINUTE):
        raise MemoryError
    left = state.read(folder).attempts
    assert (left.pins, left.is_device_dead) == (4, False)
