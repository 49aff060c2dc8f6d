"""Working days: which days are public holidays where she works, and dates that keep off them."""

from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

from crisisdesk.i18n import N_, _

_DAY = timedelta(days=1)
_SATURDAY = 5

# The library's names are for calendars; these are how people say them.
_SAID = {
    "New Year's Day": N_("New Year’s Day"),
    "Thanksgiving Day": N_("Thanksgiving"),
    "Christmas Day": N_("Christmas"),
    "Juneteenth National Independence Day": N_("Juneteenth"),
    "Martin Luther King Jr. Day": N_("Martin Luther King Day"),
}


@lru_cache(maxsize=64)
def _holidays(region: str, year: int) -> dict[date, str]:
    try:
        found = country_holidays("US", subdiv=region or None, years=year)
    except NotImplementedError:  # the library's word for a region that it doesn't know
        found = country_holidays("US", years=year)
    return {day: name.split(";")[0].strip() for day, name in found.items()}


def holiday_regions() -> tuple[str, ...]:
    """Return the US states and territories whose public holidays are known ("MD")."""
    return tuple(country_holidays("US").subdivisions)


def holiday(day: date, region: str = "") -> str:
    """Return the name of a public holiday ("Thanksgiving"), or "" on any other day.

    ``region`` is a US state or territory ("MD"); without one only the federal holidays count.
    """
    name = _holidays(region.upper(), day.year).get(day, "")
    said = name.removesuffix(" (observed)")
    return _(_SAID.get(said, said)) if said else ""


def is_workday(day: date, region: str = "") -> bool:
    """Whether offices are open: neither a weekend nor a public holiday."""
    return day.weekday() < _SATURDAY and not holiday(day, region)


def next_workday(day: date, region: str = "") -> date:
    """Return the day itself if it is a working day, else the first one after it."""
    while not is_workday(day, region):
        day += _DAY
    return day


def add_workdays(day: date, count: int, region: str = "") -> date:
    """Return the working day that is ``count`` working days after ``day``; 0 gives ``next_workday(day)``.

    A negative count goes back.
    """
    if count == 0:
        return next_workday(day, region)
    step = _DAY if count > 0 else -_DAY
    for _each in range(abs(count)):
        day += step
        while not is_workday(day, region):
            day += step
    return day
