"""What was half typed and the disk could not take, sealed while the vault is locked. In memory alone, never on a disk.

A nonce of 12 random bytes, then AES-256-GCM under the key for this purpose; the purpose's name is vouched for too.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crisisdesk.vault.keys import KeySource, Purpose, wiped

_NONCE = 12  # bytes
_LABEL = b"crisisdesk/v1/pocket"


def seal(keys: KeySource, content: bytes) -> bytes:
    """Return the content as only this vault's key opens it."""
    nonce = os.urandom(_NONCE)
    with wiped(keys.subkey(Purpose.POCKET)) as key:
        return nonce + AESGCM(key).encrypt(nonce, content, _LABEL)


def unseal(keys: KeySource, sealed: bytes) -> bytes | None:
    """Return what was sealed; None if it is another vault's."""
    with wiped(keys.subkey(Purpose.POCKET)) as key:
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _LABEL)
        except InvalidTag:
            return None
