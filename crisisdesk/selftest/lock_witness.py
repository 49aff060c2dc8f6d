"""Keeps every key of this process alive, as a leak would: one that nobody wipes then stays where it can be found.

Memory that is let go is soon written over, so a key that was never wiped is often gone by chance. Held, it is not.
"""

# mypy: disable-error-code="method-assign"
# The doors that keys come through are given a witness, in the process that is looked through and in no other.

from collections.abc import Iterator
from contextlib import contextmanager

from crisisdesk.vault import keys

_wiped, _make, _subkey, _lent = keys.wiped, keys.MasterKey.__init__, keys.MasterKey.subkey, keys.Subkeys.subkey


def hold() -> list[bytearray]:
    """Hold each secret from now on; return where they are held. To be called before anything loads the vault."""
    held: list[bytearray] = []

    @contextmanager
    def wiped(secret: bytearray) -> Iterator[bytearray]:
        held.append(secret)
        with _wiped(secret) as lent:
            yield lent

    def make(self: keys.MasterKey, secret: bytearray) -> None:
        held.append(secret)
        _make(self, secret)

    def subkey(self: keys.MasterKey, purpose: keys.Purpose) -> bytearray:
        held.append(_subkey(self, purpose))
        return held[-1]

    def lent(self: keys.Subkeys, purpose: keys.Purpose) -> bytearray:
        held.append(_lent(self, purpose))
        return held[-1]

    keys.wiped = wiped
    keys.MasterKey.__init__, keys.MasterKey.subkey, keys.Subkeys.subkey = make, subkey, lent
    return held
