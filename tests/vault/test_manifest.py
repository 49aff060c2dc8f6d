"""What a backup says of itself: the known text, and what is refused instead of believed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crisisdesk.errors import BackupRefused, VaultDamaged, VaultError, VaultTooNew
from crisisdesk.vault.audit import Anchor
from crisisdesk.vault.checks import Checked
from crisisdesk.vault.header import Header
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.manifest import Kind, Manifest, decode_manifest
from crisisdesk.vault.slots import SlotKind, canonical, seal
from tests.vault.fast import COST, FLOOR, NOW

MANIFEST = Manifest(
    vault_id=bytes(range(16)),
    seq=7,
    created=NOW,
    kind=Kind.PRE_IMPORT,
    app="0.1.0",
    keys="{}\n",
    size=8192,
    sha256="ab" * 32,
    said=Checked(schema=2, counts={"note": 3, "client": 1}, audit=Anchor(42, "cd" * 32), digest="ef" * 32),
)
KNOWN = (
    b'{"app":"0.1.0","audit":{"mac":"' + b"cd" * 32 + b'","seq":42},"counts":{"client":1,"note":3},'
    b'"created":"2026-11-22T05:00:00Z","digest":"' + b"ef" * 32 + b'","format":1,"keys":"{}\\n","kind":"pre-import",'
    b'"schema":2,"seq":7,"sha256":"' + b"ab" * 32 + b'","size":8192,"vault":"000102030405060708090a0b0c0d0e0f"}'
)
"""Whoever changes this makes every backup of today unreadable."""


def changed(**fields: object) -> bytes:
    return canonical({**json.loads(KNOWN), **fields})


def test_a_manifest_is_the_known_text_and_is_read_from_it():
    assert MANIFEST.encode() == KNOWN
    assert decode_manifest(KNOWN) == MANIFEST


def test_the_moment_is_written_in_utc_wherever_she_is():
    there = replace(MANIFEST, created=NOW.astimezone(timezone(timedelta(hours=-6))))
    assert there.encode() == KNOWN
    assert there.file_name == "20261122T050000Z-00010203-7.cdbak"
    assert decode_manifest(KNOWN).created == datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_read_and_those_before_an_act_are_known(kind):
    read = decode_manifest(changed(kind=kind.value))
    assert read.kind is kind
    before = {"pre-migrate", "pre-import", "pre-purge", "pre-rekey"}
    assert kind.is_before_an_act == (kind.value in before)


def test_the_kinds_have_the_names_that_are_in_the_files():
    assert [kind.value for kind in Kind] == [
        *("auto", "manual", "pre-migrate", "pre-import", "pre-purge", "pre-rekey", "hand-over")
    ]


@pytest.mark.parametrize("field", ["schema", "seq", "size"])
def test_a_number_is_whole_not_negative_and_below_what_any_disk_holds(field):
    for allowed in (0, 2**48 - 1):
        assert json.loads(decode_manifest(changed(**{field: allowed})).encode())[field] == allowed
    for refused in (-1, 2**48, True, 1.0, "1", None):
        with pytest.raises(BackupRefused):
            decode_manifest(changed(**{field: refused}))


def test_a_thousand_tables_are_counted_and_more_are_refused():
    many = {f"table{number}": 1 for number in range(1000)}
    assert decode_manifest(changed(counts=many)).said.counts == many
    with pytest.raises(BackupRefused):
        decode_manifest(changed(counts={**many, "one more": 1}))


@pytest.mark.parametrize(
    "fields",
    [
        *({field: "ab" * 31 + wrong} for field in ("sha256", "digest") for wrong in ("AB", "a", "abc", "ab\n", "g0")),
        {"audit": {"mac": "ab" * 31, "seq": 42}},
        {"audit": {"mac": "ab" * 32, "seq": -1}},
        {"audit": {"mac": "ab" * 32, "seq": 42, "more": 1}},
        {"audit": {"seq": 42}},
        {"audit": None},
        {"counts": {"client": True}},
        {"counts": {"client": -1}},
        {"counts": None},
        {"created": "2026-11-22T05:00:00+01:00"},
        {"created": "2026-02-30T05:00:00Z"},
        {"created": 7},
        {"app": 7},
        {"kind": "pre-"},
        {"keys": "Zoë"},
        {"keys": None},
        {"vault": "00" * 15},
        {"vault": "00" * 17},
        {"vault": "AB" * 16},
        {"vault": "00 " * 16},
        {"format": 0},
        {"format": "1"},
        {"format": "2"},
        {"format": True},
        {"more": 1},
    ],
    ids=str,
)
def test_a_field_of_another_form_is_refused(fields):
    with pytest.raises(BackupRefused, match="damaged"):
        decode_manifest(changed(**fields))


@pytest.mark.parametrize("field", sorted(json.loads(KNOWN)))
def test_a_field_too_few_is_refused(field):
    plain = json.loads(KNOWN)
    del plain[field]
    with pytest.raises(BackupRefused, match="damaged"):
        decode_manifest(canonical(plain))


@pytest.mark.parametrize(
    "spelling",
    [
        KNOWN + b"\n",
        KNOWN.replace(b'"seq":7', b'"seq":7,"seq":7'),
        KNOWN.replace(b'"seq":7', b'"seq":9,"seq":7'),
        KNOWN.replace(b'"seq":7', b'"seq":7e0'),
        KNOWN.replace(b"{}", b"\\u007b}"),
        KNOWN.replace(b"0.1.0", "0.1.é".encode()),
    ],
    ids=range(6),
)
def test_any_other_spelling_of_the_same_is_refused(spelling):
    with pytest.raises(BackupRefused, match="damaged"):
        decode_manifest(spelling)


@pytest.mark.parametrize("junk", [b"", b"\xff", b"null", b"7", b"[]", b"{}", b'"format"', b"{" * 4000, b"[" * 100_000])
def test_what_is_no_object_is_refused_in_a_sentence(junk):
    with pytest.raises(BackupRefused, match=r"damaged.*\.$"):
        decode_manifest(junk)


def test_a_later_format_asks_for_that_program_whatever_else_it_holds():
    for later in (b'{"format":2}', changed(format=2), changed(format=900, seq="seven")):
        with pytest.raises(VaultTooNew, match="newer"):
            decode_manifest(later)


def test_the_key_file_of_its_day_is_read_as_strictly_as_the_one_beside_the_vault():
    master = MasterKey(bytearray(32))
    slots = tuple(
        seal(master, bytearray(b"secret"), vault_id=bytes(16), kind=kind, cost=COST)
        for kind in (SlotKind.PASSPHRASE, SlotKind.RECOVERY)
    )
    encoded = Header(vault_id=bytes(16), generation=1, created=NOW, slots=slots).encode(master)
    manifest = replace(MANIFEST, keys=encoded.decode("ascii"))
    assert manifest.header(floor=FLOOR).is_proven(master)
    with pytest.raises(VaultDamaged):
        manifest.header()  # the tests' cheap cost is nobody's
    with pytest.raises(VaultError):
        MANIFEST.header(floor=FLOOR)
