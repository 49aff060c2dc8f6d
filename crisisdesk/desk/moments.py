"""Make moments of what is typed as a day and times of her wall; work that goes past midnight included."""

from datetime import UTC, date, datetime, time, timedelta

from crisisdesk.clock import Clock


def at_local(clock: Clock, day: date, at: time) -> datetime:
    """Return the moment of a day and a time on her wall."""
    guess = datetime.combine(day, at, clock.local(clock.now()).tzinfo)
    # The offset of today need not be that of the day: summer time lies between.
    apart = guess.replace(tzinfo=None) - clock.local(guess).replace(tzinfo=None)
    return (guess + apart).astimezone(UTC)


def near(clock: Clock, base: datetime, at: time) -> datetime:
    """Return the moment nearest to ``base`` with that time on her wall: "0:20" after "23:50" is the next day."""
    day = clock.local(base).date()
    made = [at_local(clock, day + timedelta(days=days), at) for days in (-1, 0, 1)]
    return min(made, key=lambda moment: abs(moment - base))


def last_before(clock: Clock, now: datetime, at: time) -> datetime:
    """Return the last moment up to ``now`` with that time on her wall: a stamp that is typed over lies behind her."""
    day = clock.local(now).date()
    made = [at_local(clock, day + timedelta(days=days), at) for days in (0, -1)]
    return next((moment for moment in made if moment <= now), made[-1])


def wall_time(clock: Clock, moment: datetime | None) -> time | None:
    """Return a moment's time on her wall, to the minute."""
    return None if moment is None else clock.local(moment).time().replace(second=0, microsecond=0)
