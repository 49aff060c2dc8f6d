"""How long a record is kept: the agency's figures, and the day that follows from them."""

from dataclasses import dataclass
from datetime import date

from crisisdesk.desk.drafts import Problems
from crisisdesk.i18n import N_, _
from crisisdesk.records.choice import Choice

_MOST = 99  # years


class RetentionClass(Choice):
    """By which rule a chart is kept."""

    ADULT = "adult", N_("Adult’s chart")
    MINOR = "minor", N_("Minor’s chart")
    AGE_UNKNOWN = "age-unknown", N_("Chart without an age")
    DISCLOSURES = "disclosures", N_("Log of what left the office")


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The agency's figures, in years. The defaults are what many states ask for; the agency decides.

    Where two rules fit, the longer one holds. ``authority`` names who decided; without it nothing is purged.
    """

    adult_years: int = 7  # after a chart was closed, or the last contact
    majority: int = 18  # the age at which a minor comes of age
    minor_years: int = 7  # after that birthday
    disclosure_years: int = 6  # after the last disclosure: HIPAA's accounting (45 CFR 164.528)
    authority: str = ""  # "County schedule 2231, item 4"

    @property
    def is_decided(self) -> bool:
        """Whether the agency has said so."""
        return bool(self.authority.strip())

    def check(self) -> None:
        """Raise Invalid where the rules can't be kept."""
        problems = Problems()
        words = _("A number of years from 1 to 99.")
        for name in ("adult_years", "majority", "minor_years", "disclosure_years"):
            if not 1 <= getattr(self, name) <= _MOST:
                problems.add(name, words)
        problems.require(
            "authority",
            self.authority,
            _("Name the schedule or the person who decided: it stands on each certificate."),
        )
        problems.raise_any()


@dataclass(frozen=True, kw_only=True)
class ChartDates:
    """What the rules need to know of a closed chart."""

    ended_on: date  # the day it was closed, or the last contact if that was later
    born_on: date | None  # of a guessed age: the last day on which that person may have been born
    disclosed_on: date | None  # the last time that something of it left the office


def due(chart: ChartDates, rules: Rules) -> tuple[RetentionClass, date]:
    """Return by which rule a chart is kept, and from which day on it may be purged.

    A chart without an age is kept as that of a newborn: no rule can ask for longer.
    """
    born = chart.born_on or chart.ended_on
    found = (RetentionClass.ADULT, later(chart.ended_on, rules.adult_years))
    of_age = later(born, rules.majority)
    if chart.ended_on < of_age:
        kind = RetentionClass.MINOR if chart.born_on else RetentionClass.AGE_UNKNOWN
        found = (kind, max(found[1], later(of_age, rules.minor_years)))
    if chart.disclosed_on is not None:
        until = later(chart.disclosed_on, rules.disclosure_years)
        if until > found[1]:
            found = (RetentionClass.DISCLOSURES, until)
    return found


def later(day: date, years: int) -> date:
    """Return the same day so many years on; March 1 for a February 29 that isn't there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
