"""What is true of the lock on a computer that does not tell when it is locked, sleeps or has its lid closed."""

from crisisdesk.desk.locks import Locks
from crisisdesk.i18n import _, ngettext
from crisisdesk.ui.lock.watch import UNHEARD


def minutes_of(locks: Locks) -> int:
    """Return after how many minutes it locks there."""
    return min(locks.idle_minutes, UNHEARD // 60)


def lock_words(locks: Locks) -> str:
    """Return after how long it locks there, and what she does herself."""
    minutes = minutes_of(locks)
    first = ngettext(
        "So CrisisDesk locks after {count} minute without a key or a move of the mouse.",
        "So CrisisDesk locks after {count} minutes without a key or a move of the mouse.",
        minutes,
    ).format(count=minutes)
    return _("{first} Press Ctrl+L when you leave.").format(first=first)
