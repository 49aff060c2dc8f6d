"""The computer's own credential store, which keeps one half of quick unlock; the PIN is the other.

The store's class is taken from the list below, one for each system, and made without asking the environment:
``keyring.get_keyring()`` would import whatever a file in her home folder names, and take a store that keeps nothing.
A store may be missing, locked, slow or broken at any time, so each call has a time limit and a sentence for each way
to fail; the passphrase never depends on it. Call from a job: a call may take as long as its limit.

Not run here: Windows (Credential Manager, kept on this computer: the library's own choice would roam with the
account) and macOS (Keychain).
"""

import base64
import binascii
import importlib
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol, TypeVar

from crisisdesk.errors import Invalid, QuickUnlockClosed
from crisisdesk.i18n import N_, _
from crisisdesk.vault import policy
from crisisdesk.vault.keys import KEY_BYTES, wipe
from crisisdesk.vault.state import Proof

T = TypeVar("T")

SERVICE = "CrisisDesk quick unlock"
LIMIT = 5.0  # seconds that the store may take
AGAIN_AFTER = timedelta(hours=12)  # then the passphrase is asked for
_SLACK = timedelta(minutes=5)  # by which clock and uptime may disagree
_FEWEST_DIGITS = 6
_MOST_DIGITS = 32

# Module and class, and the name that people know it by.
_STORES = {
    "linux": ("keyring.backends.SecretService", "Keyring", N_("the computer's keyring")),
    "win32": ("keyring.backends.Windows", "WinVaultKeyring", N_("the Windows Credential Manager")),
    "darwin": ("keyring.backends.macOS", "Keyring", N_("the Mac's keychain")),
}


class Backend(Protocol):
    """What is used of a keyring's class."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret."""
        ...


@dataclass(frozen=True)
class Availability:
    """The store, or why there is none."""

    store: "CredentialStore | None"
    reason: str


class CredentialStore:
    """Keeps 32-byte secrets by name. Every method raises QuickUnlockClosed with what is wrong with the store."""

    def __init__(self, make: Callable[[], Backend], name: str, *, limit: float = LIMIT) -> None:
        """Take what makes the backend (made anew for each call), its name for her, and seconds that a call may take."""
        self._make = make
        self._name = name
        self._limit = limit

    def read(self, account: str) -> bytearray | None:
        """Return the secret, or None if there is none or it is not one of ours. The caller wipes it."""
        text = self._call(lambda backend: backend.get_password(SERVICE, account))
        if not isinstance(text, str) or len(text) != _TEXT:
            return None
        try:
            secret = bytearray(base64.b64decode(text, validate=True))
        except (ValueError, binascii.Error):
            return None
        return secret if len(secret) == KEY_BYTES else None

    def write(self, account: str, secret: bytearray) -> None:
        """Keep a secret, and read it back: some stores take everything and keep nothing."""
        text = base64.b64encode(secret).decode("ascii")
        self._call(lambda backend: backend.set_password(SERVICE, account, text))
        kept = self.read(account)
        is_kept = kept == secret
        if kept is not None:
            wipe(kept)
        if not is_kept:
            raise QuickUnlockClosed(_("{store} did not keep the secret.").format(store=self._begin()))

    def delete(self, account: str) -> None:
        """Forget a secret, if it is there."""
        if self._call(lambda backend: backend.get_password(SERVICE, account)) is not None:
            self._call(lambda backend: backend.delete_password(SERVICE, account))

    def _call(self, act: Callable[[Backend], T]) -> T:
        """Act on a thread of its own, and leave it behind if it takes too long."""
        results: list[T] = []
        problems: list[BaseException] = []

        def run() -> None:
            try:
                results.append(act(self._make()))
            except BaseException as problem:  # noqa: BLE001  backends raise whatever their system does
                problems.append(problem)

        thread = threading.Thread(target=run, name="credential store", daemon=True)
        thread.start()
        thread.join(self._limit)
        if results:
            return results[0]
        if not problems:
            raise QuickUnlockClosed(_("{store} does not answer.").format(store=self._begin()))
        # Its own words are left out: they may hold what it was given.
        if type(problems[0]).__name__ == "KeyringLocked":
            raise QuickUnlockClosed(_("{store} is locked.").format(store=self._begin()))
        raise QuickUnlockClosed(_("{store} can’t be reached.").format(store=self._begin()))

    def _begin(self) -> str:
        name = _(self._name)
        return name[:1].upper() + name[1:]


_TEXT = len(base64.b64encode(bytes(KEY_BYTES)))  # characters of a secret in base 64


def credential_store() -> CredentialStore | None:
    """Return this system's store, whether it answers or not; None if there is none or the agency forbids it."""
    return availability().store


def availability() -> Availability:
    """Return this system's store, or why quick unlock can't be had. Asks the system nothing yet; ``is_there`` does."""
    known = _STORES.get(sys.platform)
    if not policy.read().quick_unlock:
        return Availability(None, _("Your agency has switched quick unlock off on this computer."))
    if known is None:
        return Availability(None, _("This system has no credential store that CrisisDesk knows."))
    module, kind, name = known
    return Availability(CredentialStore(lambda: _backend(module, kind), name), "")


def unavailable_because(store: CredentialStore) -> str:
    """Ask the store for something that it hasn't got; return what is wrong with it, or nothing. For a job."""
    try:
        store.read("is-it-there")
    except QuickUnlockClosed as problem:
        return str(problem)
    return ""


def _backend(module: str, kind: str) -> Backend:
    found = getattr(importlib.import_module(module), kind)
    # Past __init__, which would set any attribute that an environment variable KEYRING_PROPERTY_… names.
    made = found.__new__(found)
    if sys.platform == "win32":
        made.persist = "local machine"
    elif sys.platform == "darwin":
        made.keychain = None  # else taken from the environment
    backend: Backend = made
    return backend


def check_pin(pin: str) -> bytearray:
    """Return a PIN's bytes; the caller wipes them. Raises Invalid ("pin"): too short, or guessed first."""
    if not pin.isascii() or not pin.isdigit():
        raise Invalid({"pin": _("Digits only.")})
    if not _FEWEST_DIGITS <= len(pin) <= _MOST_DIGITS:
        raise Invalid({"pin": _("At least {least} digits.").format(least=_FEWEST_DIGITS)})
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise Invalid({"pin": _("This is one of the first that anybody tries.")})
    return bytearray(pin, "ascii")


def proof(now: datetime) -> Proof:
    """Return that the passphrase was typed now."""
    return Proof(at=now, ticks=_uptime())


def is_fresh(shown: Proof | None, now: datetime) -> bool:
    """Whether the passphrase was typed less than 12 hours ago, and the computer was not started anew since.

    Where the clock on the wall and the time since the start disagree, one of them was changed: then it is not.
    """
    if shown is None:
        return False
    passed, run = now - shown.at, timedelta(seconds=_uptime() - shown.ticks)
    return timedelta() <= passed < AGAIN_AFTER and abs(passed - run) < _SLACK


def _uptime() -> int:
    """Return seconds since the computer was started, asleep or not."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        with suppress(AttributeError, OSError):
            return int(time.clock_gettime(getattr(time, name)))
    return int(time.monotonic())
