"""Opening hours: the vectors of domain.md, and a reading minute by minute that knows nothing of ours."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.hours import Opening, is_open_at, last_day, open_state

SUNDAY = date(2026, 11, 22)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001  hours are told by her wall's clock


def weekly(byday: str, opens: str, closes: str, **rest) -> Opening:
    return Opening(freq="WEEKLY", byday=byday, opens_at=opens, closes_at=closes, **rest)


def said(rows, moment, **style) -> str:
    return open_state(rows, moment, **style).sentence


OFFICE = [weekly("MO,TU,WE,TH,FR", "09:00", "17:00")]


def test_it_says_until_when_it_is_open():
    state = open_state(OFFICE, at(SUNDAY + timedelta(1), 16, 59))
    assert state.is_open
    assert state.sentence == "Open till 17:00"


def test_at_the_minute_of_closing_it_is_closed():
    assert open_state(OFFICE, at(SUNDAY + timedelta(1), 17)).is_open is False


def test_it_says_on_which_day_it_opens_next():
    assert said(OFFICE, at(SUNDAY, 12)) == "Closed, opens Mon 9:00"
    assert said(OFFICE, at(SUNDAY + timedelta(1), 7)) == "Closed, opens 9:00"


def test_twelve_hour_times_are_said_as_people_say_them():
    assert said(OFFICE, at(SUNDAY + timedelta(1), 10), twenty_four=False) == "Open till 5 pm"
    assert said(OFFICE, at(SUNDAY, 10), twenty_four=False) == "Closed, opens Mon 9 am"


@pytest.mark.parametrize(("day", "is_open"), [(7, False), (9, False), (14, True), (21, False), (28, False)])
def test_2mo_opens_only_on_the_second_monday(day, is_open):
    rows = [Opening(freq="MONTHLY", byday="2MO", opens_at="09:00", closes_at="12:00")]
    assert open_state(rows, at(date(2026, 12, day), 10)).is_open is is_open


@pytest.mark.parametrize(("day", "is_open"), [(6, False), (20, False), (27, True)])
def test_minus_1fr_opens_only_on_the_last_friday(day, is_open):
    rows = [Opening(freq="MONTHLY", byday="-1FR", opens_at="09:00", closes_at="12:00")]
    assert open_state(rows, at(date(2026, 11, day), 10)).is_open is is_open


def test_an_nth_weekday_is_the_months_even_if_the_publisher_says_weekly():
    rows = [weekly("2MO", "09:00", "12:00")]
    assert open_state(rows, at(date(2026, 12, 7), 10)).is_open is False
    assert open_state(rows, at(date(2026, 12, 14), 10)).is_open


def test_midnight_to_23_59_is_the_whole_day():
    rows = [weekly("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59")]
    assert said(rows, at(SUNDAY, 23, 59)) == "Open 24 hours"


def test_a_whole_day_that_ends_says_so():
    rows = [weekly("MO", "00:00", "23:59")]
    assert said(rows, at(SUNDAY + timedelta(1), 23, 59)) == "Open till midnight"


def test_a_validity_that_has_passed_asks_for_a_check_and_does_not_say_closed():
    rows = [weekly("MO,TU,WE,TH,FR,SA,SU", "09:00", "17:00", valid_to=SUNDAY - timedelta(1))]
    state = open_state(rows, at(SUNDAY, 12))
    assert state.is_open is None
    assert state.sentence == "Hours need checking"


def test_the_last_day_of_a_validity_still_counts():
    rows = [weekly("SU", "09:00", "17:00", valid_to=SUNDAY)]
    assert open_state(rows, at(SUNDAY, 12)).is_open


def test_changed_hours_are_an_ended_row_and_a_new_one():
    rows = [
        weekly("MO,TU,WE,TH,FR,SA,SU", "09:00", "17:00", valid_to=SUNDAY - timedelta(1)),
        weekly("MO,TU,WE,TH,FR,SA,SU", "13:00", "15:00", valid_from=SUNDAY),
    ]
    assert said(rows, at(SUNDAY, 12)) == "Closed, opens 13:00"


def test_overnight_hours_span_midnight():
    rows = [weekly("SU", "20:00", "08:00")]
    assert said(rows, at(SUNDAY, 23)) == "Open till 8:00"
    assert said(rows, at(SUNDAY + timedelta(1), 7, 59)) == "Open till 8:00"
    assert open_state(rows, at(SUNDAY + timedelta(1), 8)).is_open is False


def test_a_holiday_closes_and_the_next_day_opens():
    thanksgiving = date(2026, 11, 26)
    rows = [*OFFICE, Opening(valid_from=thanksgiving, valid_to=thanksgiving, is_closed=True)]
    assert said(rows, at(thanksgiving, 10)) == "Closed, opens Fri 9:00"


def test_other_hours_on_a_date_replace_the_regular_ones():
    day = date(2026, 11, 25)
    rows = [*OFFICE, Opening(valid_from=day, valid_to=day, opens_at="09:00", closes_at="12:00")]
    assert open_state(rows, at(day, 13)).is_open is False


def test_a_holiday_that_is_over_does_not_ask_for_a_check():
    rows = [*OFFICE, Opening(valid_from=date(2026, 7, 4), valid_to=date(2026, 7, 4), is_closed=True)]
    assert open_state(rows, at(SUNDAY + timedelta(1), 10)).is_open


def test_every_other_week_counts_from_its_first_day():
    rows = [weekly("MO", "09:00", "12:00", interval=2, starts_on=date(2026, 11, 2))]
    assert open_state(rows, at(date(2026, 11, 16), 10)).is_open
    assert open_state(rows, at(date(2026, 11, 23), 10)).is_open is False


def test_every_other_week_without_a_first_day_is_not_guessed():
    rows = [weekly("MO", "09:00", "12:00", interval=2)]
    assert open_state(rows, at(date(2026, 11, 23), 10)).is_open is None


def test_hours_that_stand_side_by_side_are_one():
    rows = [weekly("MO", "09:00", "12:00"), weekly("MO", "12:00", "17:00")]
    assert said(rows, at(SUNDAY + timedelta(1), 10)) == "Open till 17:00"


def test_nothing_written_down_is_not_known():
    state = open_state([], at(SUNDAY, 12))
    assert (state.is_open, state.sentence) == (None, "Hours not known")


def test_hours_in_words_are_shown_and_not_judged():
    state = open_state([Opening(description="by appointment")], at(SUNDAY, 12))
    assert (state.is_open, state.sentence) == (None, "By appointment")


@pytest.mark.parametrize("times", [("", "17:00"), ("9", "17"), ("25:00", "26:00"), ("09:75", "10:00"), ("?", "?")])
def test_times_that_are_none_are_not_known(times):
    assert open_state([weekly("MO", *times)], at(SUNDAY, 12)).is_open is None


@pytest.mark.parametrize("byday", ["XX", "0MO", "99MO", "MO TU", "mo,tu", "MO,,TU", "MONDAY"])
def test_odd_days_never_fail(byday):
    open_state([Opening(freq="MONTHLY", byday=byday, opens_at="09:00", closes_at="10:00")], at(SUNDAY, 12))


def test_a_counted_recurrence_ends_on_its_last_day():
    row = weekly("MO,WE", "09:00", "10:00", starts_on=date(2026, 11, 2))
    assert last_day(row, 3) == date(2026, 11, 9)


# Against a reading of one's own ---------------------------------------------------------------------------------------

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_days = st.dates(date(2026, 10, 1), date(2026, 12, 31))
_times = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02d}:{quarter % 4 * 15:02d}")
_validity = {"valid_from": st.none() | _days, "valid_to": st.none() | _days}
_rows = st.one_of(
    st.builds(
        Opening,
        freq=st.sampled_from(("WEEKLY", "")),
        byday=st.sets(st.sampled_from(_CODES), min_size=1).map(lambda days: ",".join(sorted(days))),
        opens_at=_times,
        closes_at=_times,
        **_validity,
    ),
    st.builds(
        Opening,
        freq=st.just("MONTHLY"),
        byday=st.builds("{}{}".format, st.sampled_from((1, 2, 3, 4, 5, -1, -2)), st.sampled_from(_CODES)),
        opens_at=_times,
        closes_at=_times,
        **_validity,
    ),
    st.builds(
        Opening,
        freq=st.just("MONTHLY"),
        bymonthday=st.sampled_from(("1", "15", "31", "-1", "1,15")),
        opens_at=_times,
        closes_at=_times,
    ),
    st.builds(
        Opening, freq=st.just("WEEKLY"), interval=st.integers(2, 3), byday=st.sampled_from(_CODES), starts_on=_days,
        opens_at=_times, closes_at=_times,
    ),
    _days.map(lambda day: Opening(valid_from=day, valid_to=day, is_closed=True)),
    st.builds(
        lambda day, opens, closes: Opening(valid_from=day, valid_to=day, opens_at=opens, closes_at=closes),
        _days,
        _times,
        _times,
    ),
)  # fmt: skip
_moments = st.builds(
    lambda day, quarter: at(day, quarter // 4, quarter % 4 * 15 + 7),
    _days,
    st.integers(0, 95),
)


def applies(row: Opening, day: date) -> bool:
    """Tell whether a row is about a day, by counting on fingers."""
    begins = max(filter(None, (row.valid_from, row.starts_on)), default=day)
    if day < begins or (row.valid_to and day > row.valid_to):
        return False
    if row.bymonthday:
        length = monthrange(day.year, day.month)[1]
        return any(day.day == (int(n) if int(n) > 0 else length + 1 + int(n)) for n in row.bymonthday.split(","))
    if row.freq == "MONTHLY":
        return day in nth_weekdays(row.byday, day)
    if row.byday and row.interval and row.starts_on:
        first = row.starts_on - timedelta(days=row.starts_on.weekday())
        weeks = (day - timedelta(days=day.weekday()) - first).days // 7
        return weeks % row.interval == 0 and _CODES[day.weekday()] == row.byday
    return not row.byday or _CODES[day.weekday()] in row.byday.split(",")


def nth_weekdays(byday: str, day: date) -> list[date]:
    nth, weekday = int(byday[:-2]), _CODES.index(byday[-2:])
    days = [day.replace(day=n) for n in range(1, monthrange(day.year, day.month)[1] + 1)]
    same = [one for one in days if one.weekday() == weekday]
    return same[nth - 1 : nth] if nth > 0 else same[nth : nth + 1 or None]


def is_special(row: Opening) -> bool:
    return not (row.byday or row.bymonthday)


@lru_cache(maxsize=64)  # days: each is asked for every quarter of an hour
def opens_around(rows: tuple[Opening, ...], day: date) -> list[tuple[int, int]]:
    """Return a day's openings in minutes of that day, by the rules of domain.md."""
    today = [row for row in rows if applies(row, day)]
    if any(row.is_closed for row in today):
        return []
    found = []
    for row in [row for row in today if is_special(row)] or today:
        begin, end = (int(text[:2]) * 60 + int(text[3:]) for text in (row.opens_at, row.closes_at))
        found.append((begin, end if end > begin else end + 24 * 60))
    return found


def is_open(rows, moment: datetime) -> bool:
    minute = moment.hour * 60 + moment.minute
    today = any(a <= minute < b for a, b in opens_around(rows, moment.date()))
    before = moment.date() - timedelta(1)
    return today or any(a <= minute + 24 * 60 < b for a, b in opens_around(rows, before))


def can_be_told(rows, day: date) -> bool:
    regular = [row for row in rows if not row.is_closed and not is_special(row)]
    holding = [
        r for r in regular if (not r.valid_from or r.valid_from <= day) and (not r.valid_to or day <= r.valid_to)
    ]
    timed = [row for row in rows if not row.is_closed]
    return bool(timed) and (not regular or bool(holding))


@given(st.lists(_rows, max_size=5).map(tuple), _moments)
def test_open_or_closed_is_what_a_minute_by_minute_reading_says(rows, moment):
    state = open_state(rows, moment)
    if not can_be_told(rows, moment.date()):
        assert state.is_open is None
        return
    assert state.is_open is is_open(rows, moment)
    assert is_open_at(rows, moment) is is_open(rows, moment)


@given(st.lists(_rows, max_size=4).map(tuple), _moments)
def test_it_stays_so_until_the_moment_that_is_said(rows, moment):
    state = open_state(rows, moment)
    change = state.until or state.opens
    if change is None:
        return
    step = timedelta(minutes=15)
    until = moment.replace(minute=moment.minute - moment.minute % 15) + step
    while until < change:
        assert is_open(rows, until) is state.is_open
        until += step
    assert is_open(rows, change) is not state.is_open
