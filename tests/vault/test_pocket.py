"""What a full disk could not take, sealed while the vault is locked."""

import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crisisdesk.vault import pocket
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.sessions import MisuseError

WORDS = b"She says that the river is loud."


@pytest.fixture
def master() -> MasterKey:
    return MasterKey(bytearray(range(32)))


def test_what_is_sealed_comes_back_and_shows_nothing_of_itself(master):
    sealed = pocket.seal(master, WORDS)
    assert WORDS[:8] not in sealed
    assert pocket.unseal(master, sealed) == WORDS
    assert pocket.seal(master, WORDS) != sealed


def test_it_is_sealed_as_documented(master):
    sealed = pocket.seal(master, WORDS)
    extracted = hmac.digest(bytes(32), bytes(range(32)), "sha256")
    key = hmac.digest(extracted, b"crisisdesk/v1/pocket\x01", "sha256")
    assert AESGCM(key).decrypt(sealed[:12], sealed[12:], b"crisisdesk/v1/pocket") == WORDS


def test_another_vault_or_a_changed_byte_gets_nothing(master):
    sealed = pocket.seal(master, WORDS)
    assert pocket.unseal(MasterKey.random(), sealed) is None
    assert pocket.unseal(master, sealed[:-1] + bytes([sealed[-1] ^ 1])) is None


def test_a_locked_vault_seals_and_opens_nothing(store):
    sealed = store.seal_pocket(WORDS)
    assert store.open_pocket(sealed) == WORDS
    store.close()
    with pytest.raises(MisuseError):
        store.open_pocket(sealed)
