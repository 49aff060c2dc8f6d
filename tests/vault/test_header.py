"""The key file's form: what is read, and what is refused before a secret is tried."""

import hmac
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.errors import VaultDamaged, VaultError, VaultForeign, VaultTooNew
from crisisdesk.vault.header import MAX_BYTES, Header, decode
from crisisdesk.vault.keys import MasterKey, Purpose
from crisisdesk.vault.slots import Slot, SlotKind, canonical, seal
from tests.vault.fast import COST, FLOOR, NOW, read_header


@pytest.fixture
def encoded(paths, master):
    return read_header(paths, master).encode(master)


def _changed(encoded: bytes, **fields: object) -> bytes:
    return canonical({**json.loads(encoded), **fields}) + b"\n"


def _with_slot(encoded: bytes, **fields: object) -> bytes:
    slots = json.loads(encoded)["slots"]
    return _changed(encoded, slots=[{**slots[0], **fields}, slots[1]])


def _with_kdf(encoded: bytes, **fields: object) -> bytes:
    return _with_slot(encoded, kdf={**json.loads(encoded)["slots"][0]["kdf"], **fields})


def _without(encoded: bytes, field: str) -> bytes:
    plain = json.loads(encoded)
    del plain[field]
    return canonical(plain) + b"\n"


def test_what_is_written_is_read(encoded, master):
    sealed = decode(encoded, floor=FLOOR)
    assert sealed.is_proven(master)
    assert sealed.header.encode(master) == encoded
    assert [slot.kind for slot in sealed.header.slots] == [SlotKind.PASSPHRASE, SlotKind.RECOVERY]


def _slot(number: int, kind: SlotKind) -> Slot:
    return Slot(
        id=bytes([number]) * 8, kind=kind, cost=COST, salt=b"\x10" * 16, nonce=b"\x0c" * 12, box=bytes([number]) * 48
    )


def test_a_key_file_is_the_known_text():
    """Whoever changes this locks every vault."""
    key = MasterKey(bytearray(range(32)))
    slots = (_slot(1, SlotKind.PASSPHRASE), _slot(2, SlotKind.RECOVERY))
    header = Header(vault_id=bytes(range(16)), generation=7, created=NOW, slots=slots)

    def slot(number: int, kind: str) -> str:
        return (
            f'{{"box":"{f"{number:02x}" * 48}","id":"{f"{number:02x}" * 8}",'
            f'"kdf":{{"m":64,"name":"argon2id","p":1,"salt":"{"10" * 16}","t":1}},'
            f'"kind":"{kind}","nonce":"{"0c" * 12}"}}'
        )

    before = '{"cipher":{"hmac":"sha512","kdf":"n/a","page":4096},"created":"2026-11-22T05:00:00Z","format":1,"gen":7,'
    behind = (
        f'"magic":"CDKEYS","min_app":"0.1.0","slots":[{slot(1, "passphrase")},{slot(2, "recovery")}],'
        '"vault":"000102030405060708090a0b0c0d0e0f"}'
    )
    mac = hmac.new(key.subkey(Purpose.HEADER), (before + behind).encode(), "sha256").hexdigest()
    known = f'{before}"mac":"{mac}",{behind}\n'.encode()
    assert header.encode(key) == known
    there = replace(header, created=NOW.astimezone(timezone(timedelta(hours=-6))))
    assert there.encode(key) == known
    sealed = decode(known, floor=FLOOR)
    assert (sealed.header, sealed.mac.hex(), sealed.encoded) == (header, mac, known)
    assert sealed.is_proven(key)


def test_eight_slots_fit_and_a_ninth_is_refused(master):
    kinds = [SlotKind.PASSPHRASE, *8 * [SlotKind.RECOVERY]]
    slots = tuple(_slot(number, kind) for number, kind in enumerate(kinds))
    nine = Header(vault_id=bytes(16), generation=1, created=NOW, slots=slots)
    eight = replace(nine, slots=slots[:8])
    assert decode(eight.encode(master), floor=FLOOR).header == eight
    with pytest.raises(VaultDamaged):
        decode(nine.encode(master), floor=FLOOR)


def test_a_key_file_is_under_4_kib(master):
    header = Header(vault_id=bytes(16), generation=1, created=NOW, slots=(), min_app="")
    room = MAX_BYTES - len(header.encode(master))
    assert len(replace(header, min_app="x" * room).encode(master)) == MAX_BYTES == 4095
    with pytest.raises(ValueError, match="too large"):
        replace(header, min_app="x" * (room + 1)).encode(master)
    with pytest.raises(VaultDamaged):
        decode(b"[" * MAX_BYTES, floor=FLOOR)
    with pytest.raises(VaultForeign):
        decode(b"[" * (MAX_BYTES + 1), floor=FLOOR)


def test_a_key_file_is_small(encoded):
    assert len(encoded) < 1024


@pytest.mark.parametrize("kind", [SlotKind.HANDOVER, SlotKind.DEVICE])
def test_a_slot_of_a_later_kind_is_read(encoded, master, kind):
    header = decode(encoded, floor=FLOOR).header
    slot = seal(master, bytearray(b"secret"), vault_id=header.vault_id, kind=kind, cost=COST)
    more = replace(header, slots=(*header.slots, slot)).encode(master)
    assert decode(more, floor=FLOOR).header.slots[-1] == slot


def test_a_cheap_key_is_refused_unless_a_test_asks(encoded):
    with pytest.raises(VaultDamaged):
        decode(encoded)


HOSTILE = {
    "no JSON": lambda _good: b"CDKEYS 1",
    "nothing": lambda _good: b"",
    "half": lambda good: good[: len(good) // 2],
    "no line end": lambda good: good.rstrip(b"\n"),
    "a Windows line end": lambda good: good.replace(b"\n", b"\r\n"),
    "a space": lambda good: good.replace(b",", b", ", 1),
    "a byte order mark": lambda good: b"\xef\xbb\xbf" + good,
    "no UTF-8": lambda good: b"\xff" + good,
    "more behind it": lambda good: good + good,
    "a field too many": lambda good: _changed(good, note=1),
    "a field too few": lambda good: _without(good, "created"),
    "no mac": lambda good: _without(good, "mac"),
    "a doubled field": lambda good: good.replace(b'"gen":1', b'"gen":1,"gen":1'),
    "a doubled field, the other first": lambda good: good.replace(b'"gen":1', b'"gen":9,"gen":1'),
    "fields in another order": lambda good: (
        json.dumps(dict(reversed(json.loads(good).items())), separators=(",", ":")).encode() + b"\n"
    ),
    "NaN": lambda good: good.replace(b'"gen":1', b'"gen":NaN'),
    "infinity": lambda good: good.replace(b'"gen":1', b'"gen":Infinity'),
    "a fraction": lambda good: good.replace(b'"gen":1', b'"gen":1.0'),
    "true for one": lambda good: good.replace(b'"gen":1', b'"gen":true'),
    "generation zero": lambda good: _changed(good, gen=0),
    "a generation of 900 digits": lambda good: good.replace(b'"gen":1', b'"gen":-' + b"9" * 900),
    "deep nesting": lambda _good: b"[" * 4000,
    "deep nesting inside": lambda good: good.replace(b'"gen":1', b'"gen":' + b"[" * 1500 + b"]" * 1500),
    "another cipher": lambda good: _changed(good, cipher={"hmac": "none", "kdf": "n/a", "page": 4096}),
    "a page of 4096.0": lambda good: good.replace(b"4096", b"4096.0"),
    "a date that is none": lambda good: _changed(good, created="2026-02-30T00:00:00Z"),
    "a local date": lambda good: _changed(good, created="2026-11-22T05:00:00+01:00"),
    "format zero": lambda good: _changed(good, format=0),
    "a format in words": lambda good: _changed(good, format="1"),
    "a short vault id": lambda good: _changed(good, vault="00"),
    "an id in capitals": lambda good: _changed(good, vault="AB" * 16),
    "an id with spaces": lambda good: _changed(good, vault="0 " * 16),
    "a mac of another length": lambda good: _changed(good, mac="00" * 31),
    "a version in words": lambda good: _changed(good, min_app="newest"),
    "a version in Arabic digits": lambda good: _changed(good, min_app="\N{ARABIC-INDIC DIGIT ZERO}.1.0"),
    "no slots": lambda good: _changed(good, slots=[]),
    "slots that are no list": lambda good: _changed(good, slots={}),
    "a slot that is no object": lambda good: _changed(good, slots=[1, 2]),
    "only a passphrase": lambda good: _changed(good, slots=json.loads(good)["slots"][:1]),
    "only a recovery code": lambda good: _changed(good, slots=json.loads(good)["slots"][1:]),
    "two passphrases": lambda good: _changed(good, slots=[*json.loads(good)["slots"], json.loads(good)["slots"][0]]),
    "one slot twice": lambda good: _changed(good, slots=[*json.loads(good)["slots"], json.loads(good)["slots"][1]]),
    "nine slots": lambda good: _changed(good, slots=json.loads(good)["slots"] + 7 * json.loads(good)["slots"][1:]),
    "an unknown kind": lambda good: _with_slot(good, kind="backdoor"),
    "a slot with a field too many": lambda good: _with_slot(good, hint="the cat"),
    "a slot without its nonce": lambda good: _changed(
        good, slots=[{"kind": "passphrase"}, json.loads(good)["slots"][1]]
    ),
    "a short nonce": lambda good: _with_slot(good, nonce="00"),
    "a short box": lambda good: _with_slot(good, box="00" * 47),
    "another key derivation": lambda good: _with_kdf(good, name="md5"),
    "a derivation that is no object": lambda good: _with_slot(good, kdf="argon2id"),
    "1 PiB of memory": lambda good: _with_kdf(good, m=2**40),
    "1 KiB of memory": lambda good: _with_kdf(good, m=1),
    "memory in words": lambda good: _with_kdf(good, m="64"),
    "a million passes": lambda good: _with_kdf(good, t=10**6),
    "no lanes": lambda good: _with_kdf(good, p=0),
    "a short salt": lambda good: _with_kdf(good, salt="00"),
}


def test_a_hostile_key_file_is_refused_as_damaged(encoded):
    accepted = []
    for name, spoil in HOSTILE.items():
        spoiled = spoil(encoded)
        assert spoiled != encoded, name
        with suppress(VaultDamaged):
            decode(spoiled, floor=FLOOR)
            accepted.append(name)
    assert accepted == []


@pytest.mark.parametrize(
    "foreign",
    [b"{}\n", b"[]\n", b"null\n", b'{"magic":"OTHER"}\n', b'"CDKEYS"\n', b'["CDKEYS"]\n', b" " * (MAX_BYTES + 1)],
)
def test_a_file_of_another_program_is_told_apart(foreign):
    with pytest.raises(VaultForeign):
        decode(foreign, floor=FLOOR)


def test_a_large_file_is_not_even_parsed(monkeypatch):
    monkeypatch.setattr(json, "loads", lambda _text: pytest.fail("parsed"))
    with pytest.raises(VaultForeign):
        decode(b"[" * 1_000_000, floor=FLOOR)


def test_a_later_format_asks_for_a_newer_program(encoded):
    with pytest.raises(VaultTooNew, match="newer"):
        decode(_changed(encoded, format=2, something="else"), floor=FLOOR)


TAMPERED = {
    "created": lambda good: _changed(good, created="2026-11-22T05:00:01Z"),
    "gen": lambda good: _changed(good, gen=2),
    "min_app": lambda good: _changed(good, min_app="0.0.9"),
    "vault": lambda good: _changed(good, vault="ab" * 16),
    "mac": lambda good: _changed(good, mac="ab" * 32),
    "slot order": lambda good: _changed(good, slots=json.loads(good)["slots"][::-1]),
    "slot id": lambda good: _with_slot(good, id="ab" * 8),
    "slot nonce": lambda good: _with_slot(good, nonce="ab" * 12),
    "slot box": lambda good: _with_slot(good, box="ab" * 48),
    "slot kdf m": lambda good: _with_kdf(good, m=128),
    "slot kdf t": lambda good: _with_kdf(good, t=2),
    "slot kdf salt": lambda good: _with_kdf(good, salt="ab" * 16),
}


def test_a_changed_field_is_not_vouched_for(encoded, master):
    changed = {name: decode(tamper(encoded), floor=FLOOR) for name, tamper in TAMPERED.items()}
    assert [name for name, sealed in changed.items() if sealed.is_proven(master)] == []


def test_another_key_does_not_vouch(encoded):
    assert not decode(encoded, floor=FLOOR).is_proven(MasterKey.random())


def test_no_flipped_bit_passes(encoded, master):
    for place in range(len(encoded)):
        for bit in range(8):
            flipped = bytearray(encoded)
            flipped[place] ^= 1 << bit
            try:
                sealed = decode(bytes(flipped), floor=FLOOR)
            except VaultError:
                continue
            assert not sealed.is_proven(master), (place, bit)


@given(st.binary(max_size=5000))
def test_any_bytes_are_refused_with_a_sentence(junk):
    with pytest.raises(VaultError, match=r"\.$"):
        decode(junk, floor=FLOOR)


def _good():
    key = MasterKey(bytearray(32))
    slots = tuple(
        seal(key, bytearray(b"secret"), vault_id=bytes(16), kind=kind, cost=COST)
        for kind in (SlotKind.PASSPHRASE, SlotKind.RECOVERY)
    )
    return Header(vault_id=bytes(16), generation=1, created=NOW, slots=slots)


_GOOD = _good()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(["cipher", "created", "format", "gen", "mac", "min_app", "slots", "vault"]),
)
def test_any_value_in_any_field_is_refused_or_not_vouched_for(value, field):
    key = MasterKey(bytearray(32))
    good = _GOOD.encode(key)
    spoiled = _changed(good, **{field: value})
    if spoiled == good:
        return
    try:
        sealed = decode(spoiled, floor=FLOOR)
    except VaultError:
        return
    assert not sealed.is_proven(key)
