"""How often a secret may be tried at this computer (security.md 3.4).

Five wrong tries in a row within 15 minutes close the entry for 15 minutes; from then on each wrong try closes it for
15 more, until a right one. Strict, by her choice or the agency's policy: it stays closed until a recovery or hand-over
code is used. Codes are never closed: 130 random bits can't be guessed.

A try is written down as a failure before the secret is tried and taken back if it was right or could not be tried.
So nobody gains a try by killing the program in time, and processes side by side share one count. A clock that is set
back starts the wait anew: entry never opens earlier for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crisisdesk.errors import TooManyAttempts, WrongPassphrase
from crisisdesk.i18n import _, ngettext
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import device, policy, state
from crisisdesk.vault.slots import SlotKind
from crisisdesk.vault.state import Attempts, Failure, State

MOST = 5
WITHIN = timedelta(minutes=15)
CLOSED = timedelta(minutes=15)
MOST_PINS = 5

_FEW = 2  # tries left, from which on she is told

_ALWAYS_OPEN = frozenset({SlotKind.RECOVERY, SlotKind.HANDOVER})


def check(paths: VaultPaths, now: datetime) -> None:
    """Raise TooManyAttempts while passphrase and PIN are closed. Only a clock that was set back is written down."""
    now = _utc(now)
    attempts = state.read(paths).attempts
    if _set_back(attempts, now) != attempts:
        attempts = state.try_change(
            paths, lambda found: replace(found, attempts=_set_back(found.attempts, now))
        ).attempts
    until, is_closed = _closed(attempts, now)
    if is_closed:
        raise _refusal(until)


def warning(paths: VaultPaths, now: datetime) -> str:
    """Return after how many more wrong tries entry closes, or nothing if there are many, or it is closed already."""
    attempts = state.read(paths).attempts
    left = _left(attempts, _utc(now))
    if not 0 < left <= _FEW:
        return ""
    if attempts.is_strict or policy.read().strict_attempts:
        words = ngettext(
            "After one more wrong try only the recovery sheet or the hand-over code opens the vault.",
            "After {count} more wrong tries only the recovery sheet or the hand-over code opens the vault.",
            left,
        )
    else:
        words = ngettext(
            "After one more wrong try you have to wait 15 minutes.",
            "After {count} more wrong tries you have to wait 15 minutes.",
            left,
        )
    return words.format(count=left)


@contextmanager
def attempt(paths: VaultPaths, kind: SlotKind, now: datetime) -> Iterator[None]:
    """Hold while a secret is tried: WrongPassphrase out of it is a failure, its quiet end a success.

    Anything else is neither: the secret could not be tried. Raises TooManyAttempts, and is not entered then.
    """
    before = failed(paths, kind, now)
    try:
        yield
    except WrongPassphrase:
        raise
    except BaseException:
        _withdraw(paths, kind, now, before)
        raise
    succeeded(paths, now, kind=kind)


def failed(paths: VaultPaths, kind: SlotKind, now: datetime) -> Attempts:
    """Write down a wrong try, or that one was refused; return how it stood before.

    Raises TooManyAttempts if entry is closed: then the secret must not be tried.
    """
    now = _utc(now)
    refused: list[TooManyAttempts] = []
    before = [Attempts()]

    def count(found: State) -> State:
        refused.clear()
        attempts = found.attempts if kind in _ALWAYS_OPEN else _set_back(found.attempts, now)
        before[0] = attempts
        until, is_closed = _closed(attempts, now)
        if is_closed and kind not in _ALWAYS_OPEN:
            refused.append(_refusal(until))
            entry = Failure(at=now, kind=kind.value, outcome="locked-out")
        else:
            entry = Failure(at=now, kind=kind.value)
            attempts = attempts if kind in _ALWAYS_OPEN else _counted(attempts, kind, now)
        return replace(found, attempts=attempts, failures=state.add_failure(found.failures, entry))

    state.try_change(paths, count)
    if refused:
        raise refused[0]
    return before[0]


def succeeded(paths: VaultPaths, now: datetime, *, kind: SlotKind = SlotKind.PASSPHRASE) -> tuple[Failure, ...]:
    """Start the count anew after a right secret; return the failures that the audit log has not heard of.

    The try that was written down for this very secret is taken back. After anything but a PIN, quick unlock works
    again for a while.
    """
    now = _utc(now)
    shown = None if kind is SlotKind.DEVICE else device.proof(now)

    def forget(found: State) -> State:
        kept = replace(found.attempts, count=0, recent=(), closed_at=None)
        if not kept.is_device_dead:
            kept = replace(kept, pins=0)
        failures = _without(found.failures, kind, now)
        return replace(found, attempts=kept, failures=failures, proof=shown or found.proof)

    return state.try_change(paths, forget).failures


def merged(paths: VaultPaths, told: tuple[Failure, ...]) -> None:
    """Forget the failures that now stand in the audit log."""
    if told:
        state.try_change(
            paths, lambda found: replace(found, failures=tuple(each for each in found.failures if each not in told))
        )


def set_strict(paths: VaultPaths, *, is_strict: bool) -> None:
    """Have five wrong tries close the entry until a recovery or hand-over code is used, or for 15 minutes again.

    Raises DiskFull, VaultReadOnly.
    """
    state.change(paths, lambda found: replace(found, attempts=replace(found.attempts, is_strict=is_strict)))


def is_strict(paths: VaultPaths) -> bool:
    """Whether only a code opens the entry again."""
    return state.read(paths).attempts.is_strict


def _counted(attempts: Attempts, kind: SlotKind, now: datetime) -> Attempts:
    recent = (*attempts.recent, now)[-MOST:]
    many = len(recent) == MOST and now - recent[0] <= WITHIN
    pins = attempts.pins + (kind is SlotKind.DEVICE)
    return replace(
        attempts,
        count=attempts.count + 1,
        recent=recent,
        closed_at=now if many or attempts.closed_at is not None else None,
        pins=pins,
        is_device_dead=attempts.is_device_dead or pins >= MOST_PINS,
    )


def _left(attempts: Attempts, now: datetime) -> int:
    """Return how many wrong tries, made now, close the entry; none where it is closed."""
    left = 0
    while attempts.closed_at is None:
        attempts = _counted(attempts, SlotKind.PASSPHRASE, now)
        left += 1
    return left


def _set_back(attempts: Attempts, now: datetime) -> Attempts:
    """Return the same as seen from now: what lies ahead of a clock that was set back happens now."""
    return replace(
        attempts,
        recent=tuple(min(each, now) for each in attempts.recent),
        closed_at=None if attempts.closed_at is None else min(attempts.closed_at, now),
    )


def _closed(attempts: Attempts, now: datetime) -> tuple[datetime | None, bool]:
    if attempts.closed_at is None:
        return None, False
    if attempts.is_strict or policy.read().strict_attempts:
        return None, True
    until = attempts.closed_at + CLOSED
    return until, now < until


def _withdraw(paths: VaultPaths, kind: SlotKind, now: datetime, before: Attempts) -> None:
    """Take back a try that could not be made: what it alone has closed is open again."""
    now = _utc(now)

    def less(found: State) -> State:
        attempts = found.attempts
        if kind not in _ALWAYS_OPEN and attempts.count and attempts.recent[-1:] == (now,):
            pins = max(0, attempts.pins - (kind is SlotKind.DEVICE))
            is_alone = attempts.count == before.count + 1  # no try of another program came in between
            attempts = replace(
                attempts,
                count=attempts.count - 1,
                recent=before.recent if is_alone else attempts.recent[:-1],
                pins=pins,
                closed_at=before.closed_at if is_alone else attempts.closed_at,
                is_device_dead=before.is_device_dead if is_alone else attempts.is_device_dead,
            )
        return replace(found, attempts=attempts, failures=_without(found.failures, kind, now))

    state.try_change(paths, less)


def _without(failures: tuple[Failure, ...], kind: SlotKind, now: datetime) -> tuple[Failure, ...]:
    own = Failure(at=now, kind=kind.value)
    for place in range(len(failures) - 1, -1, -1):
        if failures[place] == own:
            return failures[:place] + failures[place + 1 :]
    return failures


def _refusal(until: datetime | None) -> TooManyAttempts:
    if until is None:
        return TooManyAttempts(
            _("Too many wrong tries. Now only the recovery sheet or the hand-over code opens the vault."), until
        )
    at = until.astimezone()
    return TooManyAttempts(
        _("Too many wrong tries. You can try again at {hour}:{minute}. The recovery sheet works now.").format(
            hour=at.hour, minute=f"{at.minute:02d}"
        ),
        until,
    )


def _utc(moment: datetime) -> datetime:
    """Return the moment as the file keeps it: UTC, to the millisecond."""
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
