"""What must be known while the vault is closed: ``vault.state``, one line of JSON beside it, no record content.

    attempts      wrong tries in a row, their times, and since when entry is closed (attempts.py)
    failures      wrong tries and refusals that the audit log has not heard of yet
    mark          how far the audit log and the key file had come when the vault was last open
    last_backup   number, time and file name of the last verified backup
    proof         when the passphrase was last typed, as quick unlock needs it (device.py)

Losing the file is harmless: missing, damaged or hostile, it reads as a fresh one. Whoever can delete it can also copy
the vault and try there, where only the key derivation stands in the way. Changes are made under the lock of
``vault.state.lock``, which ends with its process; it is held for milliseconds.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from crisisdesk.errors import VaultError
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import disk
from crisisdesk.vault.faults import in_use, sorted_errors
from crisisdesk.vault.lockfile import lock_descriptor, unlock_descriptor

MAX_BYTES = 65_536
_FORMAT = 1
_MOST_ENTRIES = 200  # failures kept; older ones are told as a sum
_MOST_COUNT = 1 << 53
_MOST_TEXT = 200  # characters of any text in it
_WAIT = 5.0  # seconds for another process, which needs milliseconds
_STEP = 0.01


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Wrong tries, or refusals while entry was closed: what they were for and how many one line stands for."""

    at: datetime
    kind: str
    outcome: str = "failed"
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """Wrong tries since the last right one.

    ``recent``: the times of the last of them; ``closed_at``: when entry was closed last; ``pins``: wrong PINs;
    ``is_device_dead``: too many of those, so its slot goes at the next unlock.
    """

    count: int = 0
    recent: tuple[datetime, ...] = ()
    closed_at: datetime | None = None
    pins: int = 0
    is_device_dead: bool = False
    is_strict: bool = False


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How far the vault had come: last audit line and its MAC, key file's version, and when that was."""

    seq: int
    mac: str
    generation: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LastBackup:
    """The last verified backup."""

    seq: int
    at: datetime
    file_name: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """When the passphrase was last typed: by the clock on the wall, and in seconds since the computer was started."""

    at: datetime
    ticks: int


@dataclass(frozen=True, kw_only=True)
class State:
    """All of it."""

    attempts: Attempts = field(default_factory=Attempts)
    failures: tuple[Failure, ...] = ()
    mark: Mark | None = None
    last_backup: LastBackup | None = None
    proof: Proof | None = None


def read(paths: VaultPaths) -> State:
    """Return what is known; a fresh state if the file is missing, damaged or not ours."""
    try:
        with paths.state.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        plain = json.loads(content)
        if len(content) > MAX_BYTES or not isinstance(plain, dict) or plain.pop("format", None) != _FORMAT:
            return State()
        state = _load(State, plain)
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return State()
    return state if isinstance(state, State) else State()


def write(paths: VaultPaths, state: State) -> None:
    """Put it on the disk whole. To change a part of it use ``change``. Raises DiskFull, VaultReadOnly."""
    plain = {"format": _FORMAT, **asdict(state)}
    encoded = json.dumps(plain, sort_keys=True, separators=(",", ":"), default=_moment).encode("ascii") + b"\n"
    if len(encoded) > MAX_BYTES:
        raise ValueError("The state would be too large.")
    with sorted_errors():
        disk.write_whole(paths.state, encoded)


def change(paths: VaultPaths, how: Callable[[State], State]) -> State:
    """Read, change and write it while no other process does; return what it is now.

    ``how`` may raise: then nothing is written. Raises VaultInUse if another process hangs, DiskFull, VaultReadOnly.
    """
    with _alone(paths):
        before = read(paths)
        after = how(before)
        if after != before:
            write(paths, after)
        return after


def try_change(paths: VaultPaths, how: Callable[[State], State]) -> State:
    """Do as ``change``; where the disk takes nothing or another process hangs, return what it would be.

    Neither may keep her out, and neither gains anybody a try that a copy of the vault would not give as well.
    """
    with suppress(VaultError):
        return change(paths, how)
    return how(read(paths))


def add_failure(failures: tuple[Failure, ...], new: Failure) -> tuple[Failure, ...]:
    """Return the failures with another; refusals in a row become one, and of very many the oldest become a sum."""
    last = failures[-1] if failures else None
    if last is not None and new.outcome != "failed" and (last.kind, last.outcome) == (new.kind, new.outcome):
        return (*failures[:-1], Failure(at=new.at, kind=new.kind, outcome=new.outcome, count=last.count + new.count))
    kept = (*failures, new)
    while len(kept) > _MOST_ENTRIES:
        first, second, *rest = kept
        kept = (
            Failure(at=second.at, kind=second.kind, outcome=second.outcome, count=first.count + second.count),
            *rest,
        )
    return kept


@contextmanager
def _alone(paths: VaultPaths) -> Iterator[None]:
    with sorted_errors():
        descriptor = disk.open_kept(_lock_of(paths))
    try:
        _wait_for(descriptor)
        try:
            yield
        finally:
            unlock_descriptor(descriptor)
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int) -> None:
    latest = time.monotonic() + _WAIT
    while True:
        try:
            lock_descriptor(descriptor)
        except OSError:
            if time.monotonic() > latest:
                raise in_use() from None
            time.sleep(_STEP)
        else:
            return


def _lock_of(paths: VaultPaths) -> Path:
    return paths.state.with_name(f"{paths.state.name}.lock")


def _moment(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError
    return value.astimezone(UTC).isoformat(timespec="milliseconds")


def _load(kind: Any, plain: object) -> object:  # noqa: ANN401  a type form
    """Return what a JSON value means as a field of this type. Raises TypeError, ValueError, KeyError."""
    if get_origin(kind) is UnionType:
        inner = next(part for part in get_args(kind) if part is not NoneType)
        return None if plain is None else _load(inner, plain)
    if get_origin(kind) is tuple:
        if not isinstance(plain, list):
            raise TypeError
        return tuple(_load(get_args(kind)[0], each) for each in plain)
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(plain, dict) or plain.keys() != {each.name for each in fields(kind)}:
            raise TypeError
        hints = get_type_hints(kind)
        return kind(**{name: _load(hints[name], value) for name, value in plain.items()})
    if kind is datetime:
        return _read_moment(plain)
    if type(plain) is not kind:  # True is an int, too
        raise TypeError
    if (isinstance(plain, int) and not 0 <= plain <= _MOST_COUNT) or (
        isinstance(plain, str) and len(plain) > _MOST_TEXT
    ):
        raise ValueError
    return plain


def _read_moment(plain: object) -> datetime:
    if not isinstance(plain, str):
        raise TypeError
    moment = datetime.fromisoformat(plain)
    if moment.tzinfo is None or not 1970 <= moment.year <= 9000:  # noqa: PLR2004  room to reckon with it
        raise ValueError
    return moment.astimezone(UTC)
