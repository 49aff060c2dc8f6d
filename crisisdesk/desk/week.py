"""A week's opening hours in one sentence, for cards and handouts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from crisisdesk.desk.hours import (
    DAY,
    Opening,
    clock_words,
    holds_on,
    is_exception,
    is_placed,
    minutes,
    month_days,
    plain_days,
    weekdays,
)
from crisisdesk.desk.when import short_day, short_weekday
from crisisdesk.i18n import N_, _

Times = tuple[tuple[int, int], ...]  # opening and closing, minutes from midnight, in order

_WEEK = frozenset(range(7))
_EARLY, _NOON = 6 * 60, 12 * 60  # minutes
_HOLIDAYS_AHEAD = 31  # days: a holiday further off is noise on a card
_NTH = {
    0: N_("every {day}"),
    1: N_("1st {day}"),
    2: N_("2nd {day}"),
    3: N_("3rd {day}"),
    4: N_("4th {day}"),
    5: N_("5th {day}"),
    -1: N_("last {day}"),
    -2: N_("2nd last {day}"),
    -3: N_("3rd last {day}"),
    -4: N_("4th last {day}"),
    -5: N_("5th last {day}"),
}


def week_sentence(openings: Iterable[Opening], on: date, *, twenty_four: bool = True) -> str:
    """Return "Mon–Fri 9–17, Sat 10–14", with the notes and the coming holidays behind; "" if nothing is written.

    Rows that have run out are left out as long as others hold.
    """
    rows = [row for row in openings if not is_exception(row)]
    timed = [row for row in rows if minutes(row)]
    holding = [row for row in timed if holds_on(row, on)] or timed
    parts = [*_plain(holding, twenty_four=twenty_four), *_skipping(holding, twenty_four=twenty_four)]
    parts += [row.description for row in rows if not minutes(row) and row.description and not row.is_closed]
    parts += _holidays(openings, on)
    sentence = ", ".join(dict.fromkeys(parts))
    return sentence[:1].upper() + sentence[1:]


def _plain(rows: Iterable[Opening], *, twenty_four: bool) -> Iterator[str]:
    """Say the weekly hours, days with the same hours together, Monday's first."""
    week: dict[int, set[tuple[int, int]]] = {}
    for row in rows:
        for day in plain_days(row) or ():
            times = minutes(row)
            if times:
                week.setdefault(day, set()).add(times)
    same: dict[Times, list[int]] = {}
    for day in sorted(week):
        same.setdefault(_joined(week[day]), []).append(day)
    for joined, days in same.items():
        yield _("{days} {hours}").format(days=days_words(days), hours=_times_words(joined, twenty_four=twenty_four))


def _joined(times: Iterable[tuple[int, int]]) -> Times:
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted(times):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return tuple((opens, min(closes, opens + DAY)) for opens, closes in joined)


def _skipping(rows: Iterable[Opening], *, twenty_four: bool) -> Iterator[str]:
    """Say the hours that don't come back each week, or whose days nobody wrote down."""
    for row in rows:
        times = minutes(row)
        if plain_days(row) is not None or times is None:
            continue
        hours = _times_words((times,), twenty_four=twenty_four)
        days = _skipping_days(row) if is_placed(row) else row.description
        yield _("{days} {hours}").format(days=days, hours=hours) if days else hours


def _skipping_days(row: Opening) -> str:
    found = weekdays(row.byday)
    if any(nth for nth, _day in found):
        words = _and([_(_NTH[nth]).format(day=short_weekday(day)) for nth, day in found])
    elif found:
        words = days_words(sorted({day for _nth, day in found}))
    elif row.bymonthday:
        words = _("day {days} of the month").format(days=_and([str(day) for day in month_days(row.bymonthday)]))
    else:
        words = short_weekday(row.starts_on.weekday()) if row.starts_on else ""
    if (row.interval or 1) == 1:
        return words
    if row.interval == 2 and row.freq in {"", "WEEKLY"}:  # noqa: PLR2004  every other
        return _("every other {day}").format(day=words)
    unit = _("every {count} months, {days}") if row.freq == "MONTHLY" else _("every {count} weeks, {days}")
    return unit.format(count=row.interval, days=words)


def _holidays(openings: Iterable[Opening], on: date) -> Iterator[str]:
    for row in openings:
        begin = row.valid_from or row.starts_on
        if not (is_exception(row) and row.is_closed and begin):
            continue
        end = row.valid_to or begin
        if end < on or begin > on + timedelta(days=_HOLIDAYS_AHEAD):
            continue
        if begin == end:
            yield _("closed {day}").format(day=short_day(begin, on))
        else:
            yield _("closed {first}–{last}").format(first=short_day(begin, on), last=short_day(end, on))


def days_words(days: Sequence[int]) -> str:
    """Return "Every day", "Mon–Fri", "Mon, Wed, Fri" or "Mon–Wed, Sat" for weekdays in order (Monday is 0)."""
    if len(days) == len(_WEEK):
        return _("every day")
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    words = []
    for run in runs:
        if len(run) > 2:  # noqa: PLR2004  two days are named, three are a range
            words.append(_("{first}–{last}").format(first=short_weekday(run[0]), last=short_weekday(run[-1])))
        else:
            words.extend(short_weekday(day) for day in run)
    return ", ".join(words)


def _times_words(times: Times, *, twenty_four: bool) -> str:
    if times == ((0, DAY),):
        return _("24 hours")
    return _and([_time_words(opens, closes, twenty_four=twenty_four) for opens, closes in times])


def _time_words(opens: int, closes: int, *, twenty_four: bool) -> str:
    begin, end = (clock_words(minute, twenty_four=twenty_four) for minute in (opens, closes))
    if twenty_four and opens == 0:
        begin = "0"
    if twenty_four and ((opens < _EARLY and closes <= _NOON) or (closes > DAY and opens <= _NOON)):
        # "5–8" would be taken for the afternoon, "05–08" isn't.
        begin, end = (words.zfill(5 if ":" in words else 2) for words in (begin, end))
    return _("{opens}–{closes}").format(opens=begin, closes=end)


def _and(words: Sequence[str]) -> str:
    return _(" and ").join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)
