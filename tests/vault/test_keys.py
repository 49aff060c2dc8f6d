"""The master key and its subkeys."""

import hashlib
import hmac

import pytest

from crisisdesk.vault import keys
from crisisdesk.vault.keys import MasterKey, Purpose, Subkeys, combine, wipe, wiped

# Key bytes 00 01 … 1f. Whoever changes one of these closes every vault.
KNOWN = {
    Purpose.DB: "230dadb2d9618898a05a198cf8b47d9e7d45ece8d5c964fb06bf72a188d975db",
    Purpose.HEADER: "58662d7e6c1d7f5f3c1890d5a16536681a0aa8a21039e959df9dd19726a7d00e",
    Purpose.AUDIT: "07ffd9119df8a679934067a8a00ad07459070208d3aa459ab34db6ada91cc066",
    Purpose.BACKUP: "6c1667abd2d292a08f5f5a7396db45436c7f6c7534ce24c6a0e91cdb14e95285",
    Purpose.POCKET: "d7634034375f43cf9a9aef1b85dcef2fda2a5437bba96edf6a0797ea5c99d05d",
}


@pytest.fixture
def known():
    return MasterKey(bytearray(range(32)))


@pytest.mark.parametrize("purpose", Purpose)
def test_a_subkey_is_the_known_one(known, purpose):
    assert known.subkey(purpose).hex() == KNOWN[purpose]


@pytest.mark.parametrize("purpose", Purpose)
def test_a_subkey_is_what_rfc_5869_says(known, purpose):
    extracted = hmac.digest(bytes(32), bytes(range(32)), "sha256")
    info = b"crisisdesk/v1/" + purpose.value.encode("ascii")
    assert known.subkey(purpose) == hmac.digest(extracted, info + b"\x01", hashlib.sha256)


def test_two_halves_make_the_known_key():
    """Whoever changes this closes every quick unlock."""
    first, second = bytearray(range(32)), bytearray(range(32, 64))
    extracted = hmac.digest(bytes(32), bytes(range(64)), "sha256")
    expected = hmac.digest(extracted, b"crisisdesk/v1/device\x01", "sha256")
    assert combine(first, second) == expected
    assert expected.hex() == "592ac482f3fe71363c02d7909e3d8ee7942cf998f303511619b62dc4e06dddb5"
    assert combine(second, first) != expected
    assert (first, second) == (bytearray(range(32)), bytearray(range(32, 64)))  # the caller's to wipe


def test_what_two_halves_were_joined_in_is_wiped(monkeypatch):
    seen: list[bytearray] = []

    def watched(secret: bytearray) -> None:
        seen.append(secret)
        wipe(secret)

    monkeypatch.setattr(keys, "wipe", watched)
    combine(bytearray(b"first"), bytearray(b"second"))
    assert seen == [bytearray(11)]


def test_two_random_keys_differ():
    assert MasterKey.random().secret != MasterKey.random().secret


def test_a_key_that_no_key_file_gave_says_so():
    key = MasterKey.random()
    assert (key.generation, key.opened_by) == (0, "")


def test_wiping_zeroes_the_very_bytes_that_were_given():
    given = bytearray(range(32))
    key = MasterKey(given)
    key.wipe()
    key.wipe()
    assert given == bytes(32)
    assert key.is_wiped


def test_a_wiped_key_derives_nothing(known):
    known.wipe()
    with pytest.raises(ValueError, match="wiped"):
        known.subkey(Purpose.DB)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_has_32_bytes(length):
    with pytest.raises(ValueError, match="32"):
        MasterKey(bytearray(length))


def test_a_key_does_not_show_itself(known):
    assert "0001" not in repr(known)
    assert bytes(range(8)).hex() not in repr(known)


def test_a_lent_secret_is_wiped_even_after_an_error():
    secret = bytearray(b"secret")

    def fail():
        with wiped(secret):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert secret == bytes(6)


def test_wiping_keeps_the_buffer_in_its_place():
    secret = bytearray(b"secret")
    view = memoryview(secret)  # a resized bytearray would refuse
    wipe(secret)
    assert view == bytes(6)


def test_keys_that_are_lent_are_the_same_ones_and_outlive_the_master_key(known):
    lent = Subkeys(known, Purpose.DB, Purpose.BACKUP)
    known.wipe()
    for purpose in (Purpose.DB, Purpose.BACKUP):
        lent.subkey(purpose)[:] = bytes(32)  # a copy, which a caller wipes
        assert lent.subkey(purpose).hex() == KNOWN[purpose]


def test_a_key_that_was_not_lent_is_not_given(known):
    with pytest.raises(ValueError, match="not lent"):
        Subkeys(known, Purpose.DB).subkey(Purpose.HEADER)


def test_lent_keys_are_zeroed_when_they_are_wiped(known):
    lent = Subkeys(known, Purpose.DB)
    (key,) = lent._keys.values()
    lent.wipe()
    lent.wipe()
    assert key == bytes(32)
    with pytest.raises(ValueError, match="wiped"):
        lent.subkey(Purpose.DB)
