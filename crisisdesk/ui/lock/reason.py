"""Why the vault locks."""

from enum import StrEnum


class Reason(StrEnum):
    """What asked for a lock; the value stands in the audit log."""

    ASKED = "asked"
    IDLE = "idle"  # nobody touched keys or mouse
    COVERED = "covered"  # the cover lay over it for a minute
    LONG = "long"  # half a day since the passphrase
    LEFT = "left"  # locked a quarter of an hour ago, and nobody came back
    JUMP = "jump"  # the clock has moved: the computer slept, or somebody set it
    SESSION = "session"  # the system is locked, or shows another user
    SLEEP = "sleep"
    SHUTDOWN = "shutdown"

    @property
    def is_hard(self) -> bool:
        """Whether the program starts anew, so that nothing is left in its memory."""
        return self in _HARD


_HARD = frozenset({Reason.LEFT, Reason.JUMP, Reason.SESSION, Reason.SLEEP, Reason.SHUTDOWN})
