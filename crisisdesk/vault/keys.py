"""The master key, and the keys derived from it.

A vault has one master key: 32 random bytes that are never stored bare. Each use has its own key, so that none stands
in for another: HKDF-SHA256 (RFC 5869), no salt, info ``crisisdesk/v1/<purpose>``, 32 bytes.

    db       SQLCipher's raw key
    header   the MAC of the key file
    audit    the chain of the audit log
    backup   the MAC of a backup's manifest
    pocket   what is half typed and a full disk could not take, in memory while the vault is locked (pocket.py)
    device   not of the master key: what a PIN and the secret in the computer's credential store wrap it with

Secrets lie in bytearrays, so that they can be wiped; Python can't wipe bytes or str.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


class Purpose(StrEnum):
    """What a derived key is for; the value is part of HKDF's info and never changes."""

    DB = "db"
    HEADER = "header"
    AUDIT = "audit"
    BACKUP = "backup"
    POCKET = "pocket"


def combine(first: bytearray, second: bytearray) -> bytearray:
    """Return one 32-byte key that takes both to know: HKDF-SHA256 of one after the other. The caller wipes all."""
    derived, joined = bytearray(KEY_BYTES), bytearray(len(first) + len(second))
    joined[: len(first)], joined[len(first) :] = first, second
    try:
        HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"crisisdesk/v1/device").derive_into(joined, derived)
    finally:
        wipe(joined)
    return derived


def wipe(secret: bytearray) -> None:
    """Overwrite a secret with zeros, in place."""
    secret[:] = bytes(len(secret))


@contextmanager
def wiped(secret: bytearray) -> Iterator[bytearray]:
    """Lend a secret and wipe it on leaving, whatever happens."""
    try:
        yield secret
    finally:
        wipe(secret)


class MasterKey:
    """The key of one vault, held in memory while the vault is unlocked.

    ``generation``: the version of the key file that gave it, 0 if none did; ``opened_by``: the kind of slot.
    """

    __slots__ = ("_secret", "generation", "opened_by")

    def __init__(self, secret: bytearray) -> None:
        """Take ``secret`` over, without a copy."""
        if len(secret) != KEY_BYTES:
            raise ValueError("A master key has 32 bytes.")
        self._secret = secret
        self.generation = 0
        self.opened_by = ""

    @classmethod
    def random(cls) -> "MasterKey":
        """Make a new key from the system's random source."""
        return cls(bytearray(os.urandom(KEY_BYTES)))

    @property
    def is_wiped(self) -> bool:
        """Whether the key is gone."""
        return not self._secret

    @property
    def secret(self) -> bytearray:
        """The key itself, for wrapping; not a copy.

        Raises ValueError once it is wiped: a vault that is locked must not be written to.
        """
        if self.is_wiped:
            raise ValueError("The master key is wiped.")
        return self._secret

    def subkey(self, purpose: Purpose) -> bytearray:
        """Derive the 32 bytes for one purpose. The caller wipes them."""
        derived = bytearray(KEY_BYTES)
        info = b"crisisdesk/v1/" + purpose.encode("ascii")
        HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive_into(self.secret, derived)
        return derived

    def wipe(self) -> None:
        """Forget the key. Harmless when done twice."""
        wipe(self._secret)
        self._secret = bytearray()


class KeySource(Protocol):
    """What derived keys come from: a master key, or the few that a job was lent."""

    def subkey(self, purpose: Purpose) -> bytearray:
        """Return the 32 bytes for one purpose. The caller wipes them."""
        ...


class Subkeys:
    """The derived keys that a job needs, and no master key: wiped at the job's end, whatever becomes of the vault."""

    __slots__ = ("_keys",)

    def __init__(self, source: KeySource, *purposes: Purpose) -> None:
        self._keys = {purpose: source.subkey(purpose) for purpose in purposes}

    def subkey(self, purpose: Purpose) -> bytearray:
        """Return a copy of one of them. The caller wipes it. Raises ValueError once they are wiped."""
        if purpose not in self._keys:
            raise ValueError("This key was not lent, or is wiped.")
        return bytearray(self._keys[purpose])

    def wipe(self) -> None:
        """Forget them. Harmless when done twice."""
        for key in self._keys.values():
            wipe(key)
        self._keys = {}
