"""What Today and Settings say about backups."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from crisisdesk.desk.when import clock_time, past_day
from crisisdesk.i18n import _, ngettext

Local = Callable[[datetime], datetime]

_SOON = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(hours=24)
_FORTNIGHT = 14 * _DAY


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How well the vault is kept. Moments are aware, in UTC; ``problem`` is the last thing that went wrong.

    ``is_missing``: the last backup is no longer there, or opens with former secrets alone; ``is_copy_former``: so does
    the copy on the drive; ``…_behind``: what was copied, or tried out, is older than the newest backup.
    """

    last_at: datetime | None
    last_words: str
    is_overdue: bool
    copied_at: datetime | None
    copied_words: str
    is_copy_overdue: bool
    drilled_at: datetime | None
    drilled_words: str
    is_drill_overdue: bool
    is_check_due: bool
    count: int
    folder: Path
    problem: str | None
    is_missing: bool = False
    is_copy_former: bool = False
    is_copy_behind: bool = False
    is_drill_behind: bool = False

    @property
    def is_well(self) -> bool:
        """Whether there is nothing that she should do."""
        return not (self.needs_backup or self.needs_copy or self.is_drill_overdue)

    @property
    def needs_backup(self) -> bool:
        """Whether a backup should be made at once."""
        return self.is_overdue or self.is_missing or bool(self.problem)

    @property
    def needs_copy(self) -> bool:
        """Whether the newest backup should go to a drive."""
        return self.is_copy_overdue or self.is_copy_former


@dataclass(frozen=True, kw_only=True)
class KeptSince:
    """What was held and purged since a backup, of which it knows nothing. ``purged``: the days of the purges."""

    holds: int = 0
    lifted: int = 0
    purged: tuple[date, ...] = ()

    def sentences(self, today: date) -> tuple[str, ...]:
        """Return what a restore would lose or bring back, and what becomes of it."""
        said: list[str] = []
        if self.holds:
            words = ngettext(
                "{count} legal hold was set since and is not in this copy. It is carried over.",
                "{count} legal holds were set since and are not in this copy. They are carried over.",
                self.holds,
            )
            said.append(words.format(count=self.holds))
        if self.lifted:
            words = ngettext(
                "{count} legal hold was lifted since. It stays lifted.",
                "{count} legal holds were lifted since. They stay lifted.",
                self.lifted,
            )
            said.append(words.format(count=self.lifted))
        if self.purged:
            words = ngettext(
                "{count} chart was purged since ({days}) and would come back. It is purged again at once, unless a "
                "legal hold keeps it.",
                "{count} charts were purged since ({days}) and would come back. They are purged again at once, unless "
                "a legal hold keeps them.",
                len(self.purged),
            )
            days = ", ".join(past_day(day, today) for day in sorted(set(self.purged), reverse=True))
            said.append(words.format(count=len(self.purged), days=days))
        return tuple(said)


def last_words(at: datetime | None, now: datetime, today: date, local: Local) -> str:
    """Return "Backup verified 3 h ago"."""
    if at is None:
        return _("No backup yet")
    age = now - at
    if age < timedelta():
        return _("Backup verified, but the clock was set back since")
    if age < _SOON:
        return _("Backup verified just now")
    if age < _HOUR:
        return _("Backup verified {count} min ago").format(count=age // timedelta(minutes=1))
    if age < _DAY:
        return _("Backup verified {count} h ago").format(count=age // _HOUR)
    return _("Backup verified {day}").format(day=past_day(local(at).date(), today))


def gone_words(made: datetime, today: date, local: Local) -> str:
    """Return "The backup from 9:16 is gone"."""
    return _("The backup from {moment} is gone").format(moment=_moment(made, today, local))


def copy_words(at: datetime | None, today: date, local: Local, of: datetime | None = None) -> str:
    """Return "Copied to a drive 9 days ago"; ``of`` names the backup where it is not the newest."""
    if at is None:
        return _("Not yet copied to a drive")
    days = (today - local(at).date()).days
    if days > 1:
        said = ngettext("Copied to a drive {count} day ago", "Copied to a drive {count} days ago", days)
        return said.format(count=days) + _which(of, today, local)
    day = past_day(local(at).date(), today) if days >= 0 else _("today")
    return _("Copied to a drive {day}").format(day=day) + _which(of, today, local)


def former_copy_words() -> str:
    """Return what is said of a copy from before the passphrase or the sheet was changed."""
    return _("The copy on the drive opens only as it did before you changed the keys")


def tried_words(at: datetime | None, today: date, local: Local, of: datetime | None = None) -> str:
    """Return "Last tried out Friday"; ``of`` names the backup where it is not the newest."""
    if at is None:
        return _("Never tried out")
    return _("Last tried out {day}").format(day=past_day(local(at).date(), today)) + _which(of, today, local)


def _which(of: datetime | None, today: date, local: Local) -> str:
    return "" if of is None else _(": the one from {moment}").format(moment=_moment(of, today, local))


def _moment(at: datetime, today: date, local: Local) -> str:
    """Return "9:16" for today, "Friday", "Nov 12"."""
    here = local(at)
    return clock_time(here) if here.date() == today else past_day(here.date(), today)


def fine_words(made: datetime, today: date, local: Local) -> str:
    """Return "Your backup from Friday opens fine."."""
    return _("Your backup from {day} opens fine.").format(day=past_day(local(made).date(), today))


def uncarried_words(at_utc: str | None, now: datetime) -> str | None:
    """Return what she must look after when a restore, at that moment, could not read the vault that it replaced."""
    if at_utc is None or now - datetime.fromisoformat(at_utc) > _FORTNIGHT:
        return None
    return _(
        "You went back to an old backup, and the vault that it replaced could not be read. Legal holds set since are "
        "missing, and purged charts may be back: look at your papers, set the holds again, purge again."
    )
