"""When to lock, counted on two clocks: one that nobody can set, and the one on the wall.

Neither clock alone is enough. The steady one stands still while some computers sleep; the wall's can be set back.
Each limit is over as soon as either of them says so, and a gap between two beats means that the computer slept.
"""

import time
from dataclasses import dataclass
from typing import Protocol

from crisisdesk.ui.lock.reason import Reason


class TwoClocks(Protocol):
    """Both clocks, in seconds since some moment of their own."""

    def steady(self) -> float:
        """Return the time of the clock that nobody can set."""
        ...

    def wall(self) -> float:
        """Return the time of the clock on the wall."""
        ...


class SystemClocks:
    """This computer's clocks; the steady one counts sleep where the system has one that does."""

    def steady(self) -> float:
        """Return seconds since the computer was started."""
        boot = getattr(time, "CLOCK_BOOTTIME", None)  # Linux; elsewhere the usual one counts sleep
        return time.monotonic() if boot is None else time.clock_gettime(boot)

    def wall(self) -> float:
        """Return seconds since 1970."""
        return time.time()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long things may last, in seconds (security.md 3.5)."""

    idle: float = 5 * 60
    warning: float = 30  # before an idle lock
    covered: float = 60
    longest: float = 12 * 3600  # since the passphrase
    left: float = 15 * 60  # from a soft lock to the hard one
    jump: float = 30  # between two beats, which come every five seconds or faster
    rest: float = 60  # of idling, after which work in the background disturbs nobody


UNHEARD = 2 * 60  # seconds of idling, if the system does not tell when it is locked


@dataclass(frozen=True)
class _Moment:
    steady: float
    wall: float

    def since(self, other: "_Moment") -> float:
        """Return the seconds since another moment, by the clock that says more."""
        return max(self.steady - other.steady, self.wall - other.wall)


class Watch:
    """Counts. ``beat`` says when to lock and why; whoever asks it does the locking."""

    def __init__(self, clocks: TwoClocks, limits: Limits | None = None) -> None:
        self.clocks = clocks
        self.limits = limits or Limits()
        self._beat_at = self._touched_at = self._now()
        self._opened_at: _Moment | None = None
        self._covered_at: _Moment | None = None
        self._locked_at: _Moment | None = None

    def _now(self) -> _Moment:
        return _Moment(self.clocks.steady(), self.clocks.wall())

    @property
    def is_open(self) -> bool:
        """Whether a vault is open."""
        return self._opened_at is not None

    def opened(self) -> None:
        """Count from now: the passphrase was right."""
        self._opened_at = self._touched_at = self._beat_at = self._now()
        self._covered_at = self._locked_at = None

    def locked(self) -> None:
        """Count from now how long what it held may still lie about in memory."""
        self._locked_at = self._now()
        self._opened_at = self._covered_at = None

    def touched(self) -> None:
        """Somebody is there."""
        self._touched_at = self._now()

    def covered(self, *, on: bool) -> None:
        """Count how long the cover lies over the window; ``on`` is False once it is taken away."""
        self._covered_at = self._now() if on else None

    @property
    def idle(self) -> float:
        """Seconds since somebody was there, by the steady clock: what is beyond 30 is a jump."""
        return self.clocks.steady() - self._touched_at.steady

    @property
    def warning(self) -> int:
        """Whole seconds until an idle lock once they are few, else 0."""
        left = self.limits.idle - self.idle
        return max(1, round(left)) if self.is_open and left <= self.limits.warning else 0

    @property
    def due_at(self) -> float | None:
        """When it must be locked, by the steady clock; None while nothing is open."""
        opened, covered = self._opened_at, self._covered_at
        if opened is None:
            return None
        ends = [self._touched_at.steady + self.limits.idle, opened.steady + self.limits.longest]
        if covered is not None:
            ends.append(covered.steady + self.limits.covered)
        return min(ends)

    def beat(self) -> Reason | None:
        """Look at the clocks; return why to lock now, if there is a reason."""
        before, now = self._beat_at, self._now()
        self._beat_at = now
        has_jumped = now.since(before) > self.limits.jump
        if self._opened_at is not None:
            return Reason.JUMP if has_jumped else self._why_now(now, self._opened_at)
        if self._locked_at is not None and has_jumped:
            return Reason.JUMP
        is_left = self._locked_at is not None and now.since(self._locked_at) >= self.limits.left
        return Reason.LEFT if is_left else None

    def _why_now(self, now: _Moment, opened_at: _Moment) -> Reason | None:
        if now.since(opened_at) >= self.limits.longest:
            return Reason.LONG
        if self._covered_at is not None and now.steady - self._covered_at.steady >= self.limits.covered:
            return Reason.COVERED
        return Reason.IDLE if self.idle >= self.limits.idle else None
