"""How lists and headings say days and times: "Sunday, November 22", "Sun 22", "2 days late", "in 50 min"."""

from datetime import date, datetime, time

from crisisdesk.i18n import N_, _, ngettext

_WEEK = 7  # days; nearer ones are called by their weekday
_NOON = 12
_SOON = 60  # minutes; a time further off needs no count

WEEKDAYS = (
    (N_("Monday"), N_("Mon")),
    (N_("Tuesday"), N_("Tue")),
    (N_("Wednesday"), N_("Wed")),
    (N_("Thursday"), N_("Thu")),
    (N_("Friday"), N_("Fri")),
    (N_("Saturday"), N_("Sat")),
    (N_("Sunday"), N_("Sun")),
)
MONTHS = (
    (N_("January"), N_("Jan")),
    (N_("February"), N_("Feb")),
    (N_("March"), N_("Mar")),
    (N_("April"), N_("Apr")),
    (N_("May"), N_("May")),
    (N_("June"), N_("Jun")),
    (N_("July"), N_("Jul")),
    (N_("August"), N_("Aug")),
    (N_("September"), N_("Sep")),
    (N_("October"), N_("Oct")),
    (N_("November"), N_("Nov")),
    (N_("December"), N_("Dec")),
)

_face = {"twelve": False}


def weekday(day: date) -> str:
    """Return "Sunday"."""
    return _(WEEKDAYS[day.weekday()][0])


def short_weekday(number: int) -> str:
    """Return "Sun" for a weekday's number (Monday is 0)."""
    return _(WEEKDAYS[number][1])


def day_heading(day: date, today: date) -> str:
    """Return "Sunday, November 22", with the year if it isn't this one."""
    words = _("{weekday}, {month} {day}") if day.year == today.year else _("{weekday}, {month} {day}, {year}")
    return words.format(weekday=weekday(day), month=_(MONTHS[day.month - 1][0]), day=day.day, year=day.year)


def short_day(day: date, today: date) -> str:
    """Return "Nov 22", with the year if it isn't this one."""
    words = _("{month} {day}") if day.year == today.year else _("{month} {day}, {year}")
    return words.format(month=_(MONTHS[day.month - 1][1]), day=day.day, year=day.year)


def row_day(day: date, today: date) -> str:
    """Return "Sun 22" for days around today, "Oct 30" for others."""
    if abs((day - today).days) > 2 * _WEEK:
        return short_day(day, today)
    return _("{weekday} {day}").format(weekday=short_weekday(day.weekday()), day=day.day)


def coming_day(day: date, today: date) -> str:
    """Return a day to come as it is said in a sentence: "today", "tomorrow", "Friday", "Dec 15"."""
    days = (day - today).days
    if days in (0, 1):
        return _("today") if days == 0 else _("tomorrow")
    return weekday(day) if 0 < days < _WEEK else short_day(day, today)


def table_day(day: date, today: date) -> str:
    """Return a day to come as a table says it: "Wed" within the week, "Mon Nov 30" within two, "Dec 15"."""
    days = (day - today).days
    short = short_weekday(day.weekday())
    if 0 < days < _WEEK:
        return short
    if _WEEK <= days < 2 * _WEEK:
        return _("{weekday} {day}").format(weekday=short, day=short_day(day, today))
    return _("today") if days == 0 else short_day(day, today)


def past_day(day: date, today: date) -> str:
    """Return a day gone by as it is said in a sentence: "today", "yesterday", "Sunday", "Nov 12"."""
    days = (today - day).days
    if days in (0, 1):
        return _("today") if days == 0 else _("yesterday")
    return weekday(day) if 0 < days < _WEEK else short_day(day, today)


def show_twelve_hours(*, on: bool) -> None:
    """Say times as "2:05 PM" from now on, as the window finds the system does; like the language, it holds for all."""
    _face["twelve"] = on


def clock_time(at: time | datetime) -> str:
    """Return "14:05", or "2:05 PM" where the system has it so."""
    if not _face["twelve"]:
        return _("{hour}:{minute}").format(hour=at.hour, minute=f"{at.minute:02d}")
    words = _("{hour}:{minute} PM") if at.hour >= _NOON else _("{hour}:{minute} AM")
    return words.format(hour=(at.hour - 1) % _NOON + 1, minute=f"{at.minute:02d}")


def late(days: int) -> str:
    """Return "2 days late"."""
    return ngettext("{count} day late", "{count} days late", days).format(count=days)


def time_left(minutes: int) -> str:
    """Return "in 50 min", "20 min late", or "" while it is further off."""
    if minutes > _SOON:
        return ""
    if minutes > 0:
        return _("in {count} min").format(count=minutes)
    if minutes == 0:
        return _("now")
    hours = -minutes // 60
    return _("{count} h late").format(count=hours) if hours else _("{count} min late").format(count=-minutes)


def ago(days: int) -> str:
    """Return "5 days", "14 months": how old something is."""
    months = days // 30
    if months < 2:  # noqa: PLR2004  below two months people count days
        return ngettext("{count} day", "{count} days", days).format(count=days)
    return ngettext("{count} month", "{count} months", months).format(count=months)
