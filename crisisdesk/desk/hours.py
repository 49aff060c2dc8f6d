"""When a service is open: recurrences of HSDS 3.0 (RFC 5545) turned into answers and sentences.

What HSDS leaves to its readers is settled here (domain.md 3.1, app. C):
00:00 to 23:59 is the whole day; a closing time at or before the opening time is on the next day;
a row whose ``valid_to`` has passed doesn't mean "closed" but "look for new hours";
a row with dates but no recurrence is an exception and replaces the regular hours of those dates.
Times are those of the clock on her wall, as naive datetimes.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, YEARLY, rrule

from crisisdesk.desk.when import short_day, short_weekday
from crisisdesk.i18n import _

DAY = 24 * 60  # minutes
_LOOK_AHEAD = 62  # days: a monthly service opens again within them
_MANY_TIMES = 4000  # ten years of days
_WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_Frequency = Literal[0, 1, 2, 3, 4, 5, 6]  # as dateutil counts them
_FREQUENCIES: dict[str, _Frequency] = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\b")
_MOST_WEEKS = 5  # of a month
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One row of a schedule, as HSDS has it. Without times it is a note; with ``is_closed`` a holiday."""

    freq: str = ""
    interval: int | None = None
    byday: str = ""
    bymonthday: str = ""
    starts_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    opens_at: str = ""
    closes_at: str = ""
    is_closed: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenState:
    """Whether a service is open at a moment; ``is_open`` is None where nobody can tell from what is written."""

    is_open: bool | None
    until: datetime | None = None  # when it closes; None if it doesn't within a week
    opens: datetime | None = None  # when it opens next
    sentence: str = ""


def open_state(openings: Iterable[Opening], at: datetime, *, twenty_four: bool = True) -> OpenState:
    """Tell whether it is open at a wall-clock moment, until when or from when on, in words."""
    rows = tuple(openings)
    timed = [row for row in rows if minutes(row)]
    if not timed:
        notes = [
            row.description[:1].upper() + row.description[1:] for row in rows if row.description and not row.is_closed
        ]
        return OpenState(is_open=None, sentence=notes[0] if notes else _("Hours not known"))
    if not _is_current(timed, at.date()):
        return OpenState(is_open=None, sentence=_("Hours need checking"))
    until = _open_until(rows, at)
    if until:
        return _open_words(until, at, twenty_four=twenty_four)
    if any(not is_placed(row) for row in timed):
        return OpenState(is_open=None, sentence=_("Hours need checking"))
    opens = _next_opening(rows, at)
    return OpenState(is_open=False, opens=opens, sentence=_closed_sentence(opens, at, twenty_four=twenty_four))


def _open_words(until: datetime, at: datetime, *, twenty_four: bool) -> OpenState:
    if until - at >= timedelta(days=7):
        return OpenState(is_open=True, sentence=_("Open 24 hours"))
    if until - at >= timedelta(days=1):
        return OpenState(is_open=True, until=until, sentence=_("Open now"))
    sentence = _("Open till {time}").format(time=time_words(until, twenty_four=twenty_four))
    return OpenState(is_open=True, until=until, sentence=sentence)


def _closed_sentence(opens: datetime | None, at: datetime, *, twenty_four: bool) -> str:
    if opens is None:
        return _("Closed now")
    at_time = time_words(opens, twenty_four=twenty_four, opening=True)
    ahead = (opens.date() - at.date()).days
    if ahead == 0:
        return _("Closed, opens {time}").format(time=at_time)
    is_soon = ahead < 7  # noqa: PLR2004  days of a week
    day = short_weekday(opens.weekday()) if is_soon else short_day(opens.date(), at.date())
    return _("Closed, opens {day} {time}").format(day=day, time=at_time)


def is_known(openings: Iterable[Opening]) -> bool:
    """Whether any hours are written down, in times or in words."""
    return any(minutes(row) or row.description for row in openings)


def minutes(row: Opening) -> tuple[int, int] | None:
    """Return opening and closing as minutes from that day's midnight; closing may lie on the next day."""
    opens, closes = _minute(row.opens_at), _minute(row.closes_at)
    if opens is None or closes is None or row.is_closed or opens >= DAY:
        return None
    if closes == DAY - 1:
        closes = DAY
    return opens, closes if closes > opens else closes + DAY


@lru_cache(maxsize=2048)
def _minute(text: str) -> int | None:
    found = _CLOCK.match(text)
    if not found:
        return None
    value = int(found[1]) * 60 + int(found[2])
    return value if value <= DAY and int(found[2]) < 60 else None  # noqa: PLR2004  minutes of an hour


# Which days a row means ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def weekdays(byday: str) -> tuple[tuple[int, int], ...]:
    """Return HSDS byday as (which of the month, weekday), 0 for each week: "2MO,FR" is ((2, 0), (0, 4)).

    What is no day of a month ("9MO") is left out.
    """
    found = ((int(nth or 0), nth, _CODES.index(day)) for nth, day in _BYDAY.findall(byday.upper()))
    return tuple((nth, day) for nth, text, day in found if abs(nth) <= _MOST_WEEKS and (nth or not text))


@lru_cache(maxsize=4096)
def plain_days(row: Opening) -> frozenset[int] | None:
    """Return the weekdays (Monday 0) of a row that repeats each week, or None if it repeats otherwise."""
    if row.bymonthday or (row.interval or 1) > 1:
        return None
    if row.freq == "DAILY":
        return frozenset(range(7)) if not row.byday else None
    days = weekdays(row.byday)
    if row.freq not in {"", "WEEKLY"} or any(nth for nth, _day in days):
        return None
    if days:
        return frozenset(day for _nth, day in days)
    if row.freq and row.starts_on and not row.byday:
        return frozenset({row.starts_on.weekday()})
    return None


def is_exception(row: Opening) -> bool:
    """Whether a row is about certain dates only: a holiday, or other hours for a while."""
    return not (row.freq or row.byday or row.bymonthday) and bool(row.starts_on or (row.valid_from and row.valid_to))


def is_placed(row: Opening) -> bool:
    """Whether a row's days can be told at all: "every second week" can't without a first one."""
    if is_exception(row) or plain_days(row):
        return True
    every = (row.interval or 1) == 1 or row.starts_on or row.valid_from
    days = weekdays(row.byday) or month_days(row.bymonthday) or (row.starts_on and not row.byday)
    return bool(every and days and _frequency(row) is not None)


def _is_current(timed: Iterable[Opening], day: date) -> bool:
    """Whether the regular hours hold on a day: none is known to have run out, or not to have begun."""
    regular = [row for row in timed if not is_exception(row)]
    return not regular or any(holds_on(row, day) for row in regular)


def holds_on(row: Opening, day: date) -> bool:
    """Whether a day is within a row's validity, so far as that is written down."""
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)


def _runs_on(row: Opening, day: date) -> bool:
    """Whether a row applies to a day."""
    if not holds_on(row, day):
        return False
    if is_exception(row):
        return bool(row.valid_from and row.valid_to) or row.starts_on == day
    if row.starts_on and day < row.starts_on:
        return False
    days = plain_days(row)
    if days is not None:
        return day.weekday() in days
    return day.day in _days_of_month(row, day.year, day.month)


def _frequency(row: Opening) -> _Frequency | None:
    """Return the recurrence's unit; "2MO" means the month's second Monday whatever the publisher calls it."""
    has_nth = any(nth for nth, _day in weekdays(row.byday))
    if row.freq != "YEARLY" and (has_nth or (row.bymonthday and not row.freq)):
        return MONTHLY
    return _FREQUENCIES.get(row.freq or "WEEKLY")


def month_days(text: str) -> list[int]:
    """Return the days of a month in a HSDS bymonthday; -1 is the last."""
    return [day for day in map(int, re.findall(r"-?\d{1,2}", text)) if day and -31 <= day <= 31]  # noqa: PLR2004


@lru_cache(maxsize=4096)
def _days_of_month(row: Opening, year: int, month: int) -> frozenset[int]:
    """Return the days of a month on which a recurrence falls, by dateutil's reading of RFC 5545."""
    frequency = _frequency(row)
    if frequency is None or not is_placed(row):
        return frozenset()
    first = datetime(year, month, 1)  # noqa: DTZ001  her wall's clock
    last = first.replace(day=monthrange(year, month)[1])
    # Only a recurrence that skips depends on its beginning; the others start at this month, so that none is walked
    # through from 1970 on.
    start = row.starts_on or row.valid_from
    skips = (row.interval or 1) > 1 or not (row.byday or row.bymonthday)
    begin = datetime.combine(start, time()) if start and skips else first
    if frequency == YEARLY and not skips:
        begin = first.replace(month=1)
    return frozenset(found.day for found in _rule(row, begin, last).between(first, last, inc=True))


def _rule(row: Opening, begin: datetime, end: datetime) -> rrule:
    frequency = _frequency(row)
    return rrule(
        WEEKLY if frequency is None else frequency,
        dtstart=begin,
        interval=row.interval or 1,
        byweekday=[_WEEKDAYS[day](nth) if nth else _WEEKDAYS[day] for nth, day in weekdays(row.byday)] or None,
        bymonthday=month_days(row.bymonthday) or None,
        until=end,
    )


def last_day(row: Opening, count: int) -> date | None:
    """Return the day of a recurrence's last time, if it comes so many times within ten years of its start."""
    if row.starts_on is None or not 0 < count < _MANY_TIMES:
        return None
    begin = datetime.combine(row.starts_on, time())
    times = list(_rule(row, begin, begin.replace(year=min(begin.year + 10, 9999), day=1)))[:count]
    return times[-1].date() if len(times) == count else None


# Spans ------------------------------------------------------------------------------------------------------------


def spans(openings: Sequence[Opening], day: date) -> list[Span]:
    """Return when it opens on a day and when it closes, maybe on the next, in order and joined where they touch."""
    today = [row for row in openings if _runs_on(row, day)]
    if any(row.is_closed for row in today):
        return []
    today = [row for row in today if is_exception(row) and minutes(row)] or today
    midnight = datetime.combine(day, time())
    found = sorted(times for row in today if (times := minutes(row)))
    return _joined([(midnight + timedelta(minutes=a), midnight + timedelta(minutes=b)) for a, b in found])


def _joined(found: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for begin, end in found:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def is_open_at(openings: Sequence[Opening], at: datetime) -> bool:
    """Whether it is known to be open at a moment."""
    timed = [row for row in openings if minutes(row)]
    return bool(timed) and _is_current(timed, at.date()) and _end_of_span(openings, at) is not None


def _end_of_span(openings: Sequence[Opening], at: datetime) -> datetime | None:
    around = spans(openings, at.date() - timedelta(days=1)) + spans(openings, at.date())
    return max((end for begin, end in around if begin <= at < end), default=None)


def _open_until(openings: Sequence[Opening], at: datetime) -> datetime | None:
    """Return when it closes, following spans that touch for a week at most; None if it is closed."""
    end = _end_of_span(openings, at)
    while end and end - at < timedelta(days=8):
        later = _end_of_span(openings, end)
        if later is None:
            return end
        end = later
    return end


def _next_opening(openings: Sequence[Opening], at: datetime) -> datetime | None:
    for ahead in range(_LOOK_AHEAD):
        for begin, _end in spans(openings, at.date() + timedelta(days=ahead)):
            if begin > at:
                return begin
    return None


# Words for a time -----------------------------------------------------------------------------------------


def time_words(at: datetime, *, twenty_four: bool = True, opening: bool = False) -> str:
    """Return "20:00", "8 pm" or "8:30 pm"; midnight has no number that everyone reads alike."""
    if (at.hour, at.minute) == (0, 0) and not (opening and twenty_four):
        return _("midnight")
    if twenty_four:
        return f"{at.hour}:{at.minute:02d}"
    return _half_day(at.hour * 60 + at.minute)


def clock_words(minute: int, *, twenty_four: bool = True) -> str:
    """Return a time within a week's sentence: "8", "17:30", or "8 am", "5:30 pm"."""
    if twenty_four:
        hour, rest = (24, 0) if minute == DAY else divmod(minute % DAY, 60)
        return f"{hour}:{rest:02d}" if rest else str(hour)
    return _("midnight") if minute % DAY == 0 else _half_day(minute % DAY)


def _half_day(minute: int) -> str:
    hour, rest = divmod(minute, 60)
    words = _("{time} am") if hour < 12 else _("{time} pm")  # noqa: PLR2004  noon
    return words.format(time=f"{(hour - 1) % 12 + 1}:{rest:02d}" if rest else str((hour - 1) % 12 + 1))
