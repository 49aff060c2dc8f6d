"""The master key, and the keys derived from it.

A vault has one master key: 32 random bytes that are never stored bare. Each use has its own key, so that none stands
in for another: HKDF-SHA256 (RFC 5869), no salt, info ``crisisdesk/v1/<purpose>``, 32 bytes.

    db       SQLCipher's raw key
    header   the MAC of the key file
    audit    the chain of the audit log
    backup   the MAC of a backup's manifest

Secrets lie in bytearrays, so that they can be wiped; Python can't wipe bytes or str.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


class Purpose(StrEnum):
    """What a derived key is for; the value is part of HKDF's info and never changes."""

    DB = "db"
    HEADER = "header"
    AUDIT = "audit"
    BACKUP = "backup"


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
    """The key of one vault, held in memory while the vault is unlocked."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytearray) -> None:
        """Take ``secret`` over, without a copy."""
        if len(secret) != KEY_BYTES:
            raise ValueError("A master key has 32 bytes.")
        self._secret = secret

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
