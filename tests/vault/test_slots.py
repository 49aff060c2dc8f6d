"""The master key, wrapped for one secret."""

import hmac
import os
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from crisisdesk.errors import VaultError
from crisisdesk.vault import slots
from crisisdesk.vault.keys import MasterKey, combine
from crisisdesk.vault.slots import FLOOR_KIB, Cost, SlotKind, canonical, seal, unseal
from tests.vault.fast import COST

VAULT = bytes(16)
SECRET = b"a secret of some length"


@pytest.fixture
def key():
    return MasterKey(bytearray(range(32)))


@pytest.fixture
def slot(key):
    return seal(key, bytearray(SECRET), vault_id=VAULT, kind=SlotKind.PASSPHRASE, cost=COST)


def test_the_right_secret_opens_a_slot(key, slot):
    opened = unseal(slot, bytearray(SECRET), vault_id=VAULT)
    assert opened is not None
    assert opened.secret == key.secret


def test_the_kinds_have_the_names_that_are_in_the_files():
    assert [kind.value for kind in SlotKind] == ["passphrase", "recovery", "handover", "device"]


def test_a_wrong_secret_does_not_open_a_slot(slot):
    assert unseal(slot, bytearray(SECRET + b"."), vault_id=VAULT) is None


def test_a_slot_is_new_each_time(key, slot):
    again = seal(key, bytearray(SECRET), vault_id=VAULT, kind=SlotKind.PASSPHRASE, cost=COST)
    assert {slot.id, slot.salt, slot.nonce, slot.box}.isdisjoint({again.id, again.salt, again.nonce, again.box})


@pytest.mark.parametrize(
    "change",
    [
        {"id": os.urandom(8)},
        {"kind": SlotKind.RECOVERY},
        {"kind": SlotKind.DEVICE},
        {"cost": Cost(72, 1, 1)},
        {"cost": Cost(64, 2, 1)},
        {"salt": os.urandom(16)},
        {"nonce": os.urandom(12)},
        {"box": os.urandom(48)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_slot_does_not_open(slot, change):
    assert unseal(replace(slot, **change), bytearray(SECRET), vault_id=VAULT) is None


def test_a_slot_of_another_vault_does_not_open(slot):
    assert unseal(slot, bytearray(SECRET), vault_id=os.urandom(16)) is None


def test_a_slot_is_the_known_one(key, monkeypatch):
    monkeypatch.setattr(os, "urandom", lambda count: bytes([count]) * count)
    slot = seal(key, bytearray(SECRET), vault_id=VAULT, kind=SlotKind.RECOVERY, cost=COST)
    # The same by hand, in nothing but the words of the docstring.
    wrapping = Argon2id(salt=b"\x10" * 16, length=32, iterations=1, lanes=1, memory_cost=64).derive(SECRET)
    vouched = (
        b'["CDKEYS",1,"00000000000000000000000000000000","0808080808080808","recovery",'
        b'{"m":64,"name":"argon2id","p":1,"salt":"10101010101010101010101010101010","t":1}]'
    )
    assert slot.box == AESGCM(wrapping).encrypt(b"\x0c" * 12, bytes(range(32)), vouched)


def test_canonical_json_is_the_one_text_of_a_value():
    assert (
        canonical({"b": [1, "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}"], "a": None})
        == b'{"a":null,"b":[1,"Zo\\u00eb"]}'
    )


def test_a_device_slot_takes_both_halves_in_their_order(key, monkeypatch):
    stored = bytearray(range(100, 132))
    monkeypatch.setattr(os, "urandom", lambda count: bytes([count]) * count)
    slot = seal(key, bytearray(SECRET), vault_id=VAULT, kind=SlotKind.DEVICE, cost=COST, stored=stored)
    # By hand again: HKDF-SHA256 without salt over the stretched PIN and the half from the credential store.
    pin = Argon2id(salt=b"\x10" * 16, length=32, iterations=1, lanes=1, memory_cost=64).derive(SECRET)
    extracted = hmac.digest(bytes(32), pin + stored, "sha256")
    wrapping = hmac.digest(extracted, b"crisisdesk/v1/device\x01", "sha256")
    vouched = (
        b'["CDKEYS",1,"00000000000000000000000000000000","0808080808080808","device",'
        b'{"m":64,"name":"argon2id","p":1,"salt":"10101010101010101010101010101010","t":1}]'
    )
    assert slot.box == AESGCM(wrapping).encrypt(b"\x0c" * 12, bytes(range(32)), vouched)
    opened = unseal(slot, bytearray(SECRET), vault_id=VAULT, stored=stored)
    assert opened is not None
    assert opened.secret == key.secret
    assert unseal(slot, bytearray(SECRET), vault_id=VAULT) is None
    assert unseal(slot, bytearray(SECRET), vault_id=VAULT, stored=bytearray(32)) is None
    assert unseal(slot, bytearray(b"1"), vault_id=VAULT, stored=stored) is None


def test_what_was_derived_on_the_way_is_wiped(key, monkeypatch):
    seen: list[bytearray] = []

    def watched(first: bytearray, second: bytearray) -> bytearray:
        seen.extend((first, combined := combine(first, second)))
        return combined

    monkeypatch.setattr(slots, "combine", watched)
    stored = bytearray(range(32))
    slot = seal(key, bytearray(SECRET), vault_id=VAULT, kind=SlotKind.DEVICE, cost=COST, stored=stored)
    unseal(slot, bytearray(SECRET), vault_id=VAULT, stored=stored)
    assert seen == 4 * [bytearray(32)]
    assert stored == bytearray(range(32))  # the caller's to wipe


@pytest.mark.parametrize(("memory_kib", "is_allowed"), [(127, False), (128, True)])
def test_each_lane_has_eight_kib_at_least(memory_kib, is_allowed):
    assert Cost(memory_kib, 1, 16).is_allowed(floor=8) is is_allowed


@pytest.mark.parametrize(
    ("cost", "is_allowed"),
    [
        (Cost.DEFAULT, True),
        (Cost(65_536, 1, 1), True),
        (Cost(65_535, 3, 4), False),
        (Cost(2_097_152, 20, 16), True),
        (Cost(2_097_153, 3, 4), False),
        (Cost(2**50, 3, 4), False),
        (Cost(262_144, 0, 4), False),
        (Cost(262_144, 21, 4), False),
        (Cost(262_144, 3, 0), False),
        (Cost(262_144, 3, 17), False),
        (Cost(262_144, -3, 4), False),
        (COST, False),
    ],
)
def test_a_cost_is_allowed_within_its_bounds(cost, is_allowed):
    assert cost.is_allowed() is is_allowed


def test_the_default_is_what_the_design_says():
    default = Cost.DEFAULT
    assert (default.memory_kib, default.passes, default.lanes) == (256 * 1024, 3, 4)
    assert FLOOR_KIB == 64 * 1024


def test_a_computer_without_the_memory_says_so(key, monkeypatch):
    class Starved:
        def __init__(self, **_options):
            pass

        def derive_into(self, _secret, _key):
            raise MemoryError

    monkeypatch.setattr(slots, "Argon2id", Starved)
    with pytest.raises(VaultError, match="memory"):
        seal(key, bytearray(SECRET), vault_id=VAULT, kind=SlotKind.PASSPHRASE, cost=COST)
