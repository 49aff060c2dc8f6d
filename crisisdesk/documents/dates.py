"""Dates and times as paper says them, in the language of the page."""

from collections.abc import Callable
from datetime import date, datetime

from crisisdesk.desk.when import MONTHS, WEEKDAYS

Gettext = Callable[[str], str]

_NOON = 12


def day(on: date, _: Gettext) -> str:
    """Return "November 19, 2026"."""
    return _("{month} {day}, {year}").format(month=_(MONTHS[on.month - 1][0]), day=on.day, year=on.year)


def short_day(on: date, _: Gettext) -> str:
    """Return "Nov 19, 2026"."""
    return _("{month} {day}, {year}").format(month=_(MONTHS[on.month - 1][1]), day=on.day, year=on.year)


def weekday(on: date, _: Gettext) -> str:
    """Return "Tuesday, November 24"."""
    words = _("{weekday}, {month} {day}")
    return words.format(weekday=_(WEEKDAYS[on.weekday()][0]), month=_(MONTHS[on.month - 1][0]), day=on.day)


def moment(at: datetime, _: Gettext, *, twelve_hour: bool) -> str:
    """Return "Thursday, November 19, 2026, 10:20"."""
    words = _("{weekday}, {day}, {time}")
    name = _(WEEKDAYS[at.weekday()][0])
    return words.format(weekday=name, day=day(at, _), time=clock(at, _, twelve_hour=twelve_hour))


def short_moment(at: datetime, _: Gettext, *, twelve_hour: bool) -> str:
    """Return "Nov 19, 2026, 10:16"."""
    return _("{day}, {time}").format(day=short_day(at, _), time=clock(at, _, twelve_hour=twelve_hour))


def clock(at: datetime, _: Gettext, *, twelve_hour: bool) -> str:
    """Return "14:20", or "2:20 PM" on a clock of twelve hours."""
    if not twelve_hour:
        return f"{at.hour}:{at.minute:02d}"
    half = _("AM") if at.hour < _NOON else _("PM")
    return f"{at.hour % _NOON or _NOON}:{at.minute:02d} {half}"
