"""Read dates as people write them, and say them back in the same words."""

import re
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from crisisdesk.desk import when
from crisisdesk.i18n import _

_WEEK = 7
_CENTURY = 100
_FAR = 120  # years; further away than that is a slip of the keys, not a date
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORDS = {"today": 0, "now": 0, "tod": 0, "tomorrow": 1, "tom": 1, "tmw": 1, "tmrw": 1, "yesterday": -1, "yest": -1}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_UNITS = {"d": "days", "day": "days", "w": "weeks", "wk": "weeks", "week": "weeks", "m": "months", "mo": "months"}
_UNITS |= {"month": "months", "y": "years", "yr": "years", "year": "years"}
_SPAN = re.compile(r"(in |\+)?\s*(\d{1,3}|" + "|".join(_NUMBERS) + r")\s*([a-z]+?)s?( ago)?")
_NUMERIC = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{4}|\d{2}))?\.?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_YEAR = re.compile(r"\b\d{4}\b")
_TIME = re.compile(r"(\d{1,2})(?:\s*[:.h]?\s*(\d{2}))?\s*(am|pm|a|p|h)?")


def read_date(text: str, today: date, *, day_first: bool = False, is_past: bool = False) -> date | None:
    """Return the date that was meant, or None if it can't be told.

    "tomorrow", "fri", "next tue", "3/4", "in 2 weeks", "+10d", "dec 15", "4 March 1985", "2026-12-01". A day without a
    year is the next one to come or, with ``is_past`` (a birthday, a past call-out), the last one gone by.
    """
    typed = " ".join(text.lower().replace(",", " ").split())
    if not typed:
        return None
    found = (
        _by_word(typed, today, is_past=is_past)
        or _by_span(typed, today)
        or _by_number(typed, today, day_first, is_past)
    )
    if found is None and any(char.isalpha() for char in typed) and any(char.isdigit() for char in typed):
        found = _by_month_name(typed, today, is_past=is_past)
    if found is None or abs(found.year - today.year) > _FAR:
        return None
    return found


def _by_word(typed: str, today: date, *, is_past: bool) -> date | None:
    if typed in _WORDS:
        return today + timedelta(days=_WORDS[typed])
    if typed in {"next week", "last week"}:
        return today + timedelta(days=_WEEK if typed.startswith("next") else -_WEEK)
    if typed in {"next month", "last month"}:
        return today + relativedelta(months=1 if typed.startswith("next") else -1)
    lead, _space, day = typed.rpartition(" ")
    name = day.rstrip(".")
    if lead not in {"", "on", "this", "next", "last"} or name[:3] not in _DAYS or not _is_weekday(name):
        return None
    number = _DAYS.index(name[:3])
    if lead == "last" or (is_past and lead != "next"):
        return today - timedelta(days=(today.weekday() - number - 1) % _WEEK + 1)
    ahead = (number - today.weekday() - 1) % _WEEK + 1
    # "next Friday" said on a Tuesday is the Friday of next week; "Friday" is the one to come.
    is_this_week = lead == "next" and today.weekday() + ahead < _WEEK
    return today + timedelta(days=ahead + (_WEEK if is_this_week else 0))


def _is_weekday(name: str) -> bool:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return any(day.startswith(name) for day in full) or name in {"tues", "thur", "thurs", "weds"}


def _by_span(typed: str, today: date) -> date | None:
    found = _SPAN.fullmatch(typed)
    if not found or found.group(3) not in _UNITS or (found.group(1) and found.group(4)):
        return None
    count = int(found.group(2)) if found.group(2).isdigit() else _NUMBERS[found.group(2)]
    signed = -count if found.group(4) else count
    unit = _UNITS[found.group(3)]
    spans = {
        "days": relativedelta(days=signed),
        "weeks": relativedelta(weeks=signed),
        "months": relativedelta(months=signed),
        "years": relativedelta(years=signed),
    }
    try:
        return today + spans[unit]
    except (OverflowError, ValueError):
        return None


def _by_number(typed: str, today: date, day_first: bool, is_past: bool) -> date | None:  # noqa: FBT001  private
    iso = _ISO.fullmatch(typed)
    if iso:
        return _date(int(iso.group(1)), int(iso.group(2)), int(iso.group(3)))
    found = _NUMERIC.fullmatch(typed)
    if not found:
        return None
    one, two, year = int(found.group(1)), int(found.group(2)), found.group(3)
    month, day = (two, one) if day_first else (one, two)
    if month > 12 >= day:  # noqa: PLR2004  13/4 can only be the thirteenth of April
        month, day = day, month
    if year is None:
        return _nearest(month, day, today, is_past=is_past)
    return _date(_full_year(int(year), today, is_past=is_past), month, day)


def _full_year(year: int, today: date, *, is_past: bool) -> int:
    if year >= _CENTURY:
        return year
    full = today.year // _CENTURY * _CENTURY + year
    latest = today.year if is_past else today.year + 50
    return full - _CENTURY if full > latest else full


def _nearest(month: int, day: int, today: date, *, is_past: bool) -> date | None:
    steps = (0, -1, -2, -3, -4) if is_past else (0, 1, 2, 3, 4)  # four: the 29th of February
    for step in steps:
        made = _date(today.year + step, month, day)
        if made and (made <= today if is_past else made >= today):
            return made
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _by_month_name(typed: str, today: date, *, is_past: bool) -> date | None:
    import dateparser  # noqa: PLC0415  takes a third of a second to load, and few dates need it

    found = dateparser.parse(
        typed,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(today, time(12)),
            "REQUIRE_PARTS": ["day", "month"],
            "PARSERS": ["absolute-time"],
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    if found is None or _YEAR.search(typed):
        return found.date() if found else None
    return _nearest(found.month, found.day, today, is_past=is_past)


def read_time(text: str) -> time | None:
    """Return the time of day that was meant: "9", "930", "9:30", "9.30 pm", "14h", "noon"; None if it can't be told."""
    typed = text.strip().lower().replace(" ", "")
    words = {"noon": time(12), "midnight": time(0)}
    if typed in words:
        return words[typed]
    found = _TIME.fullmatch(typed)
    if not found:
        return None
    hour, minute, half = int(found.group(1)), int(found.group(2) or 0), (found.group(3) or "")[:1]
    if half in {"a", "p"}:
        if not 1 <= hour <= 12:  # noqa: PLR2004  a clock's face
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


def say_time(at: time | datetime, *, twelve: bool = False) -> str:
    """Return a time as the system has it: "14:05", or "2:05 PM"."""
    if not twelve:
        return when.clock_time(at)
    words = _("{hour}:{minute} PM") if at.hour >= 12 else _("{hour}:{minute} AM")  # noqa: PLR2004  noon
    return words.format(hour=(at.hour - 1) % 12 + 1, minute=f"{at.minute:02d}")


def say_date(day: date, today: date) -> str:
    """Return a date as a row says it: "Today", "Tomorrow", "Yesterday", "Fri 27", "Dec 15", "Mar 4, 1985"."""
    near = {0: _("Today"), 1: _("Tomorrow"), -1: _("Yesterday")}.get((day - today).days)
    return near or when.row_day(day, today)


def say_long_date(day: date, today: date) -> str:
    """Return a date as a date field says it: "Tuesday, December 15", with the year if it isn't this one."""
    return when.day_heading(day, today)


def say_late(day: date, today: date) -> str:
    """Return "2 days late" for a day gone by, else ""."""
    days = (today - day).days
    return when.late(days) if days > 0 else ""
