"""When somebody last made sure that a service is as it says, and what to think of that.

domain.md 3.4: good for 180 days, to be looked at for a year, then stale; a call that failed is worse than old; what
people need tonight (a bed, safety, a hotline) is to be looked at after 90 days. Only her own checks count. A date that
the publisher gives is told beside, but a row that was imported is never shown as checked.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crisisdesk.desk.when import short_day
from crisisdesk.desk.words import Tone
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.choices import CheckHow

FRESH_DAYS = 180
CRITICAL_DAYS = 90
STALE_DAYS = 365
_COUNT_DAYS = 100  # below, people count days: "80 days"; above, months
_MONTH = 30.44  # days


class CheckState(StrEnum):
    """What the age of a check means."""

    FRESH = "fresh"
    AGING = "aging"
    STALE = "stale"
    FAILED = "failed"
    NEVER = "never"


_TONES = {
    CheckState.FRESH: Tone.DONE,
    CheckState.AGING: Tone.CAUTION,
    CheckState.STALE: Tone.CAUTION,
    CheckState.NEVER: Tone.CAUTION,
    CheckState.FAILED: Tone.DANGER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is known of a service's last check. Dates are hers, but for ``assured_on``, the publisher's."""

    checked_on: date | None = None
    how: CheckHow | None = None
    failed_on: date | None = None  # of a check that failed, if none that worked came after it
    assured_on: date | None = None
    is_critical: bool = False  # what people need tonight

    def mark(self, today: date) -> "CheckMark":
        """Say it in words, as of a day."""
        return CheckMark(
            state=self.state(today),
            short=self._short(today),
            sentence=self._sentence(today),
            by=self._by(today),
            warning=self._warning(today),
        )

    def state(self, today: date) -> CheckState:
        """Return what its age means today."""
        if self.failed_on:
            return CheckState.FAILED
        if self.checked_on is None:
            return CheckState.NEVER
        days = (today - self.checked_on).days
        if days > STALE_DAYS:
            return CheckState.STALE
        return CheckState.AGING if days > (CRITICAL_DAYS if self.is_critical else FRESH_DAYS) else CheckState.FRESH

    def _short(self, today: date) -> str:
        if self.failed_on:
            return _("Didn’t work")
        return age_words((today - self.checked_on).days) if self.checked_on else _("Never")

    def _sentence(self, today: date) -> str:
        if self.failed_on:
            return _("Last check didn’t work, {day}").format(day=_day_words(self.failed_on, today))
        if self.checked_on is None:
            return _("Never checked")
        days = (today - self.checked_on).days
        return _("Checked today") if days <= 0 else _("Checked {age} ago").format(age=age_words(days))

    def _by(self, today: date) -> str:
        """Return "by you, by phone"; of a service that she never checked, what its publisher says."""
        if self.failed_on or self.checked_on:
            return _("by you, {how}").format(how=self.how.label) if self.how else _("by you")
        if self.assured_on is None:
            return ""
        return _("its publisher did, {day}").format(day=short_day(self.assured_on, today))

    def _warning(self, today: date) -> str:
        """Return what to say before she sends somebody there; "" if nothing."""
        state = self.state(today)
        if state is CheckState.FAILED:
            return _("The last check didn’t work: call before you print")
        if state is CheckState.NEVER:
            return _("Never checked: call before you print")
        if state is CheckState.STALE and self.checked_on:
            age = age_words((today - self.checked_on).days)
            return _("Not checked for {age}: call before you print").format(age=age)
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMark:
    """A check in words: for a list's corner, for a sentence, and what to say before a referral."""

    state: CheckState
    short: str  # "12 days", "14 months", "Never"
    sentence: str  # "Checked 12 days ago"
    by: str  # "by you, by phone"
    warning: str  # "Not checked for 14 months: call before you print"

    @property
    def tone(self) -> Tone:
        """The colour and the icon."""
        return _TONES[self.state]


def age_words(days: int) -> str:
    """Return "today", "12 days" or "14 months"."""
    if days <= 0:
        return _("today")
    if days < _COUNT_DAYS:
        return ngettext("{count} day", "{count} days", days).format(count=days)
    months = int(days / _MONTH)
    return ngettext("{count} month", "{count} months", months).format(count=months)


def _day_words(day: date, today: date) -> str:
    days = (today - day).days
    return _("today") if days <= 0 else _("{age} ago").format(age=age_words(days))
