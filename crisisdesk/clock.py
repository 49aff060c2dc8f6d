"""The one place that knows what time it is."""

from datetime import UTC, date, datetime, tzinfo
from typing import Protocol


class Clock(Protocol):
    """Where time comes from, so that tests and the practice desk can stand still."""

    def now(self) -> datetime:
        """Return this moment, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the date on her wall."""
        ...

    def local(self, moment: datetime) -> datetime:
        """Return an aware moment in her time zone."""
        ...


class SystemClock:
    """The computer's own clock and time zone."""

    def now(self) -> datetime:
        """Return this moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the date on her wall."""
        return self.local(self.now()).date()

    def local(self, moment: datetime) -> datetime:
        """Return an aware moment in the computer's time zone."""
        return moment.astimezone()


class FixedClock:
    """A clock that stands still at ``moment`` until it is set, in one time zone (default: that of ``moment``)."""

    def __init__(self, moment: datetime, zone: tzinfo | None = None) -> None:
        self.moment = moment
        self._zone = zone or moment.tzinfo

    def now(self) -> datetime:
        """Return the moment it stands at, in UTC."""
        return self.moment.astimezone(UTC)

    def today(self) -> date:
        """Return its date in its zone."""
        return self.local(self.moment).date()

    def local(self, moment: datetime) -> datetime:
        """Return an aware moment in its zone."""
        return moment.astimezone(self._zone)
