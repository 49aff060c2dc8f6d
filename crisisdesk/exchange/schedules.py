"""Read opening hours: HSDS 2 and 3 (RFC 5545), HSDS 1 and Ohana (a row for each weekday, holidays apart)."""

import re
from datetime import date

from crisisdesk.exchange.build import build
from crisisdesk.exchange.problems import Problems
from crisisdesk.exchange.rows import Row
from crisisdesk.exchange.values import a_date, a_time, days, truth
from crisisdesk.i18n import N_, _
from crisisdesk.records.incoming import IncomingSchedule

_SOONEST = 1900  # Ohana writes the year 1 for a holiday that comes every year
_NUMBERED = re.compile(r"[+-]?\d")

_NO_TIME = N_("“{value}” is not a time that can be read; it was kept as words.")
_NO_DAY = N_("“{value}” is no day of the week; it was kept as words.")
_IN_UTC = N_(
    "Some opening hours are marked as UTC. They were kept as written, as most publishers mean local time; please look."
)

_SAYS = (
    "valid_from",
    "valid_to",
    "byday",
    "bymonthday",
    "opens_at",
    "closes_at",
    "description",
    "schedule_link",
    "notes",
)
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def schedule(row: Row, problems: Problems) -> IncomingSchedule | None:
    """Return a schedule, or None if the row says nothing. What can't be read is kept as words in its description."""
    values = row.values
    words = [row.get("description")]
    if row.table == "regular_schedule":
        values["byday"] = row.get("byday") or row.get("weekday")
        values.setdefault("freq", "WEEKLY")
    if row.table == "holiday_schedule":
        words += _holiday(row)
    is_closed = row.table == "holiday_schedule" and truth(row.get("closed"))
    byday = _days(row, words, problems)
    opens_at, closes_at, offset = _times(row, words, problems)
    values["description"] = "\n".join(dict.fromkeys(filter(None, words)))
    if not is_closed and not any(row.get(name) for name in _SAYS):
        return None
    return build(
        IncomingSchedule,
        row,
        problems,
        byday=byday,
        freq=_frequency(row.get("freq"), byday),
        opens_at=opens_at,
        closes_at=closes_at,
        offset=offset,
        is_closed=is_closed,
    )


def _days(row: Row, words: list[str], problems: Problems) -> str:
    cell = row.get("byday")
    if not cell:
        return ""
    found = days(cell)
    if found is None:
        problems.repair(row.place, _(_NO_DAY), column="byday", value=cell)
        words.append(cell)
    return found or ""


def _times(row: Row, words: list[str], problems: Problems) -> tuple[str, str, str]:
    """Return when it opens and closes, and the offset behind the times; 00:00 to 00:00 is the whole day."""
    read: dict[str, str] = {}
    offset = ""
    for column in ("opens_at", "closes_at"):
        cell = row.get(column)
        found = a_time(cell) if cell else ("", "")
        if found is None:
            problems.repair(row.place, _(_NO_TIME), column=column, value=cell)
            words.append(cell)
            found = ("", "")
        read[column] = found[0]
        offset = offset or found[1]
    if offset == "Z":
        problems.note((row.file, None), _(_IN_UTC))
    if read["opens_at"] == read["closes_at"] == "00:00":
        read["closes_at"] = "23:59"
    return read["opens_at"], read["closes_at"], offset


def _frequency(given: str, byday: str) -> str:
    """Return WEEKLY or MONTHLY; a numbered day ("2MO") can only be monthly."""
    if given:
        return given.upper()
    return ("MONTHLY" if _NUMBERED.search(byday) else "WEEKLY") if byday else ""


def _holiday(row: Row) -> list[str]:
    """Move a holiday's dates to those of a schedule; return words for one that comes every year."""
    first, last = a_date(row.get("start_date")), a_date(row.get("end_date"))
    if first and first.year < _SOONEST:
        span = _("Every year, {first}") if last in (None, first) else _("Every year, {first} to {last}")
        return [span.format(first=_spoken(first), last=_spoken(last or first))]
    for column, source in (("valid_from", "start_date"), ("valid_to", "end_date")):
        if row.get(source):
            row.values[column] = row.get(source)
    return []


def _spoken(day: date) -> str:
    return _("{month} {day}").format(month=_(_MONTHS[day.month - 1]), day=day.day)
