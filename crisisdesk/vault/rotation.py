"""Which backups have had their day.

The newest of each of the last 7 days, 5 weeks and 12 months stay, and 3 from before an act. Days, weeks and months are
counted where there is a backup, not back from today: a clock that jumps ahead costs nothing. A backup from the future
(the clock was set back since) is neither counted nor deleted. The newest one always stays, and one for a hand-over too.
Whoever calls this has just made a backup that passed its checks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crisisdesk.vault.backup import Backup
from crisisdesk.vault.manifest import Kind


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How many of each stay."""

    days: int = 7
    weeks: int = 5
    months: int = 12
    before_acts: int = 3


def outdated(backups: Iterable[Backup], now: datetime, rule: Rule = Rule()) -> tuple[Backup, ...]:
    """Return those that may be deleted, the oldest first."""
    found = sorted(backups, key=lambda each: (each.manifest.created, each.manifest.seq), reverse=True)
    past = [each for each in found if each.manifest.created <= now]
    usual = [each for each in past if each.manifest.kind in {Kind.AUTO, Kind.MANUAL}]
    acts = [each for each in past if each.manifest.kind.is_before_an_act]
    stay = (
        *past[:1],
        *_newest_of_each(usual, rule.days, lambda at: at.date()),
        *_newest_of_each(usual, rule.weeks, lambda at: at.isocalendar()[:2]),
        *_newest_of_each(usual, rule.months, lambda at: (at.year, at.month)),
        *acts[: rule.before_acts],
    )
    kept = {each.path for each in stay}
    return tuple(each for each in reversed(past) if each in (*usual, *acts) and each.path not in kept)


def _newest_of_each(backups: Sequence[Backup], count: int, span: Callable[[datetime], object]) -> list[Backup]:
    """Return the newest backup of each of the last spans (UTC) that have one; ``backups`` come newest first."""
    newest: dict[object, Backup] = {}
    for each in backups:
        newest.setdefault(span(each.manifest.created.astimezone(UTC)), each)
    return list(newest.values())[:count]
