"""Which backups have had their day.

All of the last two days stay, the last 3 that she made herself, the newest of each of the last 7 days, 5 weeks and 12
months, and 3 from before an act. Days, weeks and months are counted where there is a backup, not back from today. A
backup from the future (the clock was set back since) is neither counted nor deleted. Whoever calls this has just made a
backup that passed its checks: the newest one stays.

None but the newest gets older than ``Rule.age``, whatever it was made for: what is purged must be gone from all of
them a year later. Age is counted from the third of the last days with a backup, not from now: a clock that jumps ahead
costs nothing until backups of three days bear it out.

Backups from before the keys were changed are counted by themselves: nobody can vouch for them, so they must not crowd
out one that is known to open. So are those of what a restore gave up: she may want to go back to it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crisisdesk.vault.backup import Backup
from crisisdesk.vault.manifest import Kind

GONE_BY = timedelta(days=366)
"""What a purge took is in no backup here so long after, if one is made every fortnight."""

_BORNE_OUT = 3  # days with a backup


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How many of each stay, and how long the oldest."""

    days: int = 7
    weeks: int = 5
    months: int = 12
    before_acts: int = 3
    manual: int = 3
    whole: timedelta = timedelta(hours=50)  # today and yesterday, be one of them the longest of the year
    age: timedelta = GONE_BY - timedelta(days=16)


def outdated(
    backups: Iterable[Backup],
    now: datetime,
    rule: Rule = Rule(),
    *,
    earlier: Iterable[Backup] = (),
    given_up: Iterable[Backup] = (),
    since: datetime | None = None,
) -> tuple[Backup, ...]:
    """Return those that may be deleted, the oldest first.

    ``earlier`` are those from before a change of keys, ``given_up`` those of what a restore gave up; of it and of
    ``backups`` all stay that were made ``since`` then.
    """
    past, before, other = _past(backups, now), _past(earlier, now), _past(given_up, now)
    known = _past((*past, *other), now)
    oldest = _sure(known) - rule.age
    kept = {each.path for each in (*past[:1], *known[:1])}
    for group in (past, before, other):
        kept.update(each.path for each in _chosen(group, rule, oldest))
    if known:
        whole = known[0].manifest.created - rule.whole
        whole = max(oldest, whole if since is None else min(whole, since))
        kept.update(each.path for each in known if each.manifest.created >= whole)
    return tuple(each for each in sorted((*known, *before), key=_age) if each.path not in kept)


def _chosen(past: Sequence[Backup], rule: Rule, oldest: datetime) -> Iterable[Backup]:
    young = [each for each in past if each.manifest.created >= oldest]
    usual = [each for each in young if each.manifest.kind in {Kind.AUTO, Kind.MANUAL}]
    acts = [each for each in young if each.manifest.kind.is_before_an_act]
    manual = [each for each in young if each.manifest.kind is Kind.MANUAL]
    return (
        *_newest_of_each(usual, rule.days, lambda at: at.date()),
        *_newest_of_each(usual, rule.weeks, lambda at: at.isocalendar()[:2]),
        *_newest_of_each(usual, rule.months, lambda at: (at.year, at.month)),
        *acts[: rule.before_acts],
        *manual[: rule.manual],
        *(each for each in young if each.manifest.kind is Kind.HAND_OVER),
    )


def _past(backups: Iterable[Backup], now: datetime) -> list[Backup]:
    """Return those that are not from the future, the newest first."""
    return sorted((each for each in backups if each.manifest.created <= now), key=_age, reverse=True)


def _age(backup: Backup) -> tuple[datetime, int]:
    return backup.manifest.created, backup.manifest.seq


def _sure(past: Sequence[Backup]) -> datetime:
    """Return the latest moment that is borne out by backups; without enough of them, long ago."""
    days = _newest_of_each(past, _BORNE_OUT, lambda at: at.date())
    return days[-1].manifest.created if len(days) == _BORNE_OUT else datetime(1970, 1, 1, tzinfo=UTC) + 2 * GONE_BY


def _newest_of_each(backups: Sequence[Backup], count: int, span: Callable[[datetime], object]) -> list[Backup]:
    """Return the newest backup of each of the last spans (UTC) that have one; ``backups`` come newest first."""
    newest: dict[object, Backup] = {}
    for each in backups:
        newest.setdefault(span(each.manifest.created.astimezone(UTC)), each)
    return list(newest.values())[:count]
