"""Read the values of a cell as people and programs write them: dates, times, days, numbers, states."""

import math
import re
from datetime import date, time

_MONTHS = {
    name: number
    for number, name in enumerate(
        (
            *("january", "february", "march", "april", "may", "june", "july"),
            *("august", "september", "october", "november", "december"),
        ),
        start=1,
    )
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:$|[T ])")
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:$|[T ])")
_WORDED = re.compile(r"(?:[a-z]+,? +)?([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})", re.IGNORECASE)
_WORDED_EUROPEAN = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? +([a-z]{3,9})\.?,? +(\d{4})", re.IGNORECASE)
_LONGEST = 120  # characters of a date, a time or days; beyond it patterns would take long on hostile cells
_CENTURY = 69  # "1/24/70" is 1970, "1/24/14" is 2014, as POSIX has it
_MONTH_COUNT = 12

_CLOCK = re.compile(
    r"(?:\d{4}-\d\d-\d\d[T ])?(\d{1,2})(?::?(\d{2}))?(?::\d{2}(?:\.\d+)?)?"
    r"\s*([ap])?\.?(?:m\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_SPOKEN_TIMES = {"noon": "12:00", "midnight": "00:00"}
_HOURS = 24
_MINUTES = 60
_NOON = 12

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY_NAMES = {
    name: code
    for code, names in zip(
        DAYS,
        (
            "1 mo mon monday mondays",
            "2 tu tue tues tuesday tuesdays",
            "3 we wed weds wednesday wednesdays",
            "4 th thu thur thurs thursday thursdays",
            "5 fr fri friday fridays",
            "6 sa sat saturday saturdays",
            "7 0 su sun sunday sundays",
        ),
        strict=True,
    )
    for name in names.split()
}
_DAY = re.compile(r"([+-]?\d{1,2})?([a-z]+|\d)", re.IGNORECASE)

# HSDS 3.0 service.status, and what other publishers write for it.
_STATUSES = {
    "active": "active",
    "open": "active",
    "current": "active",
    "published": "active",
    "inactive": "inactive",
    "disabled": "inactive",
    "not active": "inactive",
    "defunct": "defunct",
    "closed": "defunct",
    "permanently closed": "defunct",
    "deleted": "defunct",
    "archived": "defunct",
    "temporarily closed": "temporarily closed",
    "suspended": "temporarily closed",
    "on hold": "temporarily closed",
}

_NUMBER = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,20})?|\.\d{1,20})(?:e[+-]?\d{1,2})?", re.IGNORECASE)
_TRUE = frozenset({"true", "t", "yes", "y", "1"})


def a_date(text: str) -> date | None:
    """Read a date: ISO, month first ("1/24/70"), or with the month's name; a time behind it is passed over.

    Returns None if it is no date.
    """
    if len(text) > _LONGEST:
        return None
    if match := _ISO.match(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.match(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if year < 100:  # noqa: PLR2004  two digits
            year += 1900 if year >= _CENTURY else 2000
        month, day = (second, first) if first > _MONTH_COUNT >= second else (first, second)
        return _day(year, month, day)
    if match := _WORDED.match(text):
        return _day(int(match[3]), _month(match[1]), int(match[2]))
    if match := _WORDED_EUROPEAN.match(text):
        return _day(int(match[3]), _month(match[2]), int(match[1]))
    return None


def _month(name: str) -> int:
    return next((number for month, number in _MONTHS.items() if month.startswith(name.lower())), 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def a_time(text: str) -> tuple[str, str] | None:
    """Read a time of day as ``("HH:MM", offset)``: "9:30", "5:00 PM", "1700", "09:00-05:00", "noon".

    Returns None if it is none. Times stay on the wall on which they were written, with the offset beside them.
    24:00 is 00:00.
    """
    if len(text) > _LONGEST:
        return None
    if spoken := _SPOKEN_TIMES.get(text.lower()):
        return spoken, ""
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if half := (match[3] or "").lower():
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    if hour == _HOURS and minute == 0:
        hour = 0
    if hour >= _HOURS or minute >= _MINUTES:
        return None
    offset = (match[4] or "").upper().replace("UTC", "Z")
    return time(hour, minute).strftime("%H:%M"), offset


def days(text: str) -> str | None:
    """Read days as RFC 5545 has them: "MO,TU", "2MO", "-1FR"; also "Monday", "Mon-Fri" and weekday numbers from 1.

    Returns None if a part of it is no day.
    """
    if len(text) > _LONGEST:
        return None
    found: list[str] = []
    for part in re.split(r"[,;/&\s]+|\band\b", text.strip().lower()):
        if not part:
            continue
        if (ends := part.split("-")) and len(ends) == 2 and all(end in _DAY_NAMES for end in ends):  # noqa: PLR2004
            first, last = (DAYS.index(_DAY_NAMES[end]) for end in ends)
            found += [DAYS[index % len(DAYS)] for index in range(first, last + (1 if last >= first else 8))]
            continue
        match = _DAY.fullmatch(part)
        code = _DAY_NAMES.get(match[2].lower()) if match else None
        if not match or not code:
            return None
        found.append((match[1] or "").lstrip("+") + code)
    return ",".join(dict.fromkeys(found)) or None


def number(text: str) -> float | None:
    """Read a number at the beginning of a text ("18", "18.0", "18 years"); None if there is none or it isn't finite."""
    match = _NUMBER.match(text.strip())
    value = float(match.group()) if match else math.nan
    return value if math.isfinite(value) else None


def truth(text: str) -> bool:
    """Read yes or no; anything else is no."""
    return text.lower() in _TRUE


def status(text: str) -> str | None:
    """Read a service's state as HSDS 3.0 has it; None if nobody knows that word."""
    return _STATUSES.get(" ".join(re.split(r"[\s_-]+", text.lower())))


def items(text: str) -> list[str]:
    """Split a list in one cell at its commas, semicolons, bars or lines, but not within brackets."""
    parts: list[str] = []
    depth, start = 0, 0
    for index, mark in enumerate(text):
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
        elif mark in ",;|\n" and not depth:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [stripped for part in parts if (stripped := part.strip(" \t[]\"'{}"))]
