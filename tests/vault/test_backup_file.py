"""A backup's file by itself, byte by byte and without a vault: how it is laid out, and what is refused."""

import hashlib
import hmac
import shutil
import struct
from dataclasses import replace
from datetime import timedelta

import pytest

from crisisdesk.errors import BackupRefused, DiskFull, VaultTooNew
from crisisdesk.vault import backup
from crisisdesk.vault.audit import Anchor
from crisisdesk.vault.backup import (
    Backup,
    listed,
    need_room,
    random_name,
    read_manifest,
    set_aside,
    unpack,
    verify,
    wrap,
)
from crisisdesk.vault.checks import Checked
from crisisdesk.vault.keys import MasterKey, Purpose
from crisisdesk.vault.manifest import MAX_BYTES, Kind, Manifest
from tests.vault.fast import NOW

PAGES = bytes(range(256)) * 32  # 8192 bytes that are no vault
SAID = Checked(schema=2, counts={}, audit=Anchor(1, "cd" * 32), digest="ef" * 32)
MANIFEST = Manifest(
    vault_id=bytes(range(16)),
    seq=7,
    created=NOW,
    kind=Kind.AUTO,
    app="0.1.0",
    keys="{}\n",
    size=len(PAGES),
    sha256=hashlib.sha256(PAGES).hexdigest(),
    said=SAID,
)
KEYS = MasterKey(bytearray(range(32)))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pages").write_bytes(PAGES)
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def made(folder):
    return put(folder)


def put(folder, **changed):
    manifest = replace(MANIFEST, **changed)
    target = folder / manifest.file_name
    wrap(target, folder.parent / "pages", manifest, KEYS)
    return target


def framed(manifest: bytes, *, magic=b"CDBAK1\0\n", length=None, rest=bytes(32) + PAGES) -> bytes:
    return magic + struct.pack(">I", len(manifest) if length is None else length) + manifest + rest


def refused(path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(BackupRefused) as told:
        read_manifest(path)
    assert listed(path.parent) == []
    return str(told.value)


def test_the_file_is_the_known_bytes(made):
    front = framed(MANIFEST.encode(), rest=b"")
    mac = hmac.new(KEYS.subkey(Purpose.BACKUP), front, "sha256").digest()
    assert made.read_bytes() == front + mac + PAGES
    assert made.stat().st_mode & 0o777 == 0o600


def test_what_was_written_is_read_and_vouched_for(made):
    read = read_manifest(made)
    assert read == Backup(made, MANIFEST)
    assert read.is_vouched(KEYS)
    assert not read.is_vouched(MasterKey(bytearray(32)))


def test_no_file_is_written_over(made):
    with pytest.raises(FileExistsError):
        wrap(made, made, MANIFEST, KEYS)
    assert read_manifest(made).manifest == MANIFEST


def test_every_bit_of_the_front_is_vouched_for(made):
    """What reads as another manifest is not vouched for; nothing else reads at all."""
    content = made.read_bytes()
    for place in range(len(content) - len(PAGES)):
        flipped = bytearray(content)
        flipped[place] ^= 1
        made.write_bytes(flipped)
        try:
            read = read_manifest(made)
        except (BackupRefused, VaultTooNew):
            continue
        assert not read.is_vouched(KEYS), place


def test_each_other_beginning_is_called_no_backup(made):
    for magic in (b"CDBAK2\0\n", b"CDBAK1\0\r", b"\0" * 8):
        assert "no backup" in refused(made, framed(MANIFEST.encode(), magic=magic))
    assert "no backup" in refused(made, b"")
    assert "no backup" in refused(made, b"CDBAK1\0")


@pytest.mark.parametrize("length", [0, MAX_BYTES + 1, 2**32 - 1])
def test_a_length_that_no_manifest_has_is_refused_at_once(made, length):
    assert "not what was written" in refused(made, framed(MANIFEST.encode(), length=length))


def test_a_length_that_the_file_does_not_have_is_called_cut_short(made):
    for length in (1, MAX_BYTES):
        told = refused(made, framed(b"", length=length, rest=b""))
        assert "cut short" in told


def test_a_byte_too_few_is_called_cut_short_and_one_too_many_is_refused(made):
    content = made.read_bytes()
    for fewer in (1, len(PAGES), len(PAGES) + 1, len(PAGES) + 32):
        assert "cut short" in refused(made, content[:-fewer])
    assert "not what was written" in refused(made, content + b"\0")
    made.write_bytes(content)
    assert listed(made.parent) == [Backup(made, MANIFEST)]


def test_a_manifest_as_large_as_may_be_is_written_and_read_and_one_byte_more_is_not(folder):
    room = MAX_BYTES - len(replace(MANIFEST, keys="").encode())
    largest = put(folder, keys="x" * room)
    assert len(read_manifest(largest).manifest.encode()) == MAX_BYTES == 1_000_000
    with pytest.raises(ValueError, match="too large"):
        put(folder, keys="x" * (room + 1), seq=8)
    assert [each.name for each in folder.iterdir()] == [largest.name]


def test_a_backup_of_a_later_program_says_so(made):
    made.write_bytes(framed(b'{"format":2}'))
    with pytest.raises(VaultTooNew):
        read_manifest(made)
    assert listed(made.parent) == []


def test_what_is_gone_is_said_to_be_gone(made):
    read = read_manifest(made)
    for gone in (made.with_name("no such file"), made.parent):
        with pytest.raises(BackupRefused, match="no longer there"):
            read_manifest(gone)
    made.unlink()
    with pytest.raises(BackupRefused, match="no longer there"):
        read.is_vouched(KEYS)


def test_backups_are_listed_the_newest_number_first_then_the_newest(folder):
    for seq, hours in ((2, 5), (10, 0), (2, 6), (9, 9)):
        put(folder, seq=seq, created=NOW + timedelta(hours=hours))
    found = [(each.manifest.seq, each.manifest.created - NOW) for each in listed(folder)]
    assert [(seq, passed // timedelta(hours=1)) for seq, passed in found] == [(10, 0), (9, 9), (2, 6), (2, 5)]


def test_only_what_is_asked_for_is_listed(folder):
    other = MasterKey(bytearray(32))
    ours = put(folder)
    theirs = folder / replace(MANIFEST, vault_id=bytes(16), seq=8).file_name
    wrap(theirs, folder.parent / "pages", replace(MANIFEST, vault_id=bytes(16), seq=8), other)
    assert [each.path for each in listed(folder)] == [theirs, ours]
    assert [each.path for each in listed(folder, keys=KEYS)] == [ours]
    assert [each.path for each in listed(folder, keys=other)] == [theirs]
    assert [each.path for each in listed(folder, vault_id=bytes(16))] == [theirs]
    assert [each.path for each in listed(folder, vault_id=bytes(range(16)), keys=KEYS)] == [ours]
    assert listed(folder, vault_id=bytes(16), keys=KEYS) == []


def test_other_names_are_not_listed(made):
    for other in (made.name + ".part", "x" + made.name, made.name.upper(), made.name.replace("-7.", "-8."), "making-1"):
        shutil.copy(made, made.with_name(other))
    made.with_name("20261122T050000Z-00010203-9.cdbak").mkdir()
    assert [each.path for each in listed(made.parent)] == [made]


def test_a_folder_that_is_not_there_has_no_backups(tmp_path):
    assert listed(tmp_path / "none") == []


def test_what_is_set_aside_keeps_its_bytes_and_says_what_it_is(made):
    content = made.read_bytes()
    aside = set_aside(read_manifest(made))
    assert aside == made.with_name(made.name + ".damaged")
    assert aside.read_bytes() == content
    assert not made.exists()
    assert listed(made.parent) == []


def test_nothing_is_unpacked_that_is_not_vouched_for(made, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "check_copy", lambda *_all, **_named: pytest.fail("read"))
    with pytest.raises(BackupRefused, match="another vault"):
        unpack(made, MasterKey(bytearray(32)), tmp_path / "unpacked")
    assert not (tmp_path / "unpacked").exists()


def test_what_is_unpacked_are_the_pages_and_nothing_else(made, tmp_path, monkeypatch):
    asked = []

    def check(path, keys, **said):
        asked.append((path.read_bytes(), keys, said))
        return SAID

    monkeypatch.setattr(backup, "check_copy", check)
    assert unpack(made, KEYS, tmp_path / "unpacked") == SAID
    assert asked == [(PAGES, KEYS, {"size": len(PAGES), "sha256": MANIFEST.sha256, "said": SAID})]


def test_a_scratch_lies_where_it_is_asked_for_and_goes_again(made, tmp_path, monkeypatch):
    seen = []

    def check(path, *_keys, **_said):
        path.with_name(path.name + "-journal").touch()
        seen.append(path.parent)
        return SAID

    monkeypatch.setattr(backup, "check_copy", check)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert verify(made, KEYS) == SAID
    assert verify(made, KEYS, scratch=elsewhere) == SAID
    assert seen == [made.parent, elsewhere]
    assert list(elsewhere.iterdir()) == []
    assert list(made.parent.iterdir()) == [made]


def test_nothing_is_unpacked_where_there_is_no_room(made, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**9, 10**9, len(PAGES) - 1))
    with pytest.raises(DiskFull, match="needs 1 MB"):
        unpack(made, KEYS, tmp_path / "unpacked")
    assert not (tmp_path / "unpacked").exists()


def test_what_fails_a_check_is_not_left_behind(made, tmp_path):
    flipped = bytearray(made.read_bytes())
    flipped[-1] ^= 1
    made.write_bytes(flipped)
    with pytest.raises(BackupRefused, match="not what was written"):
        unpack(made, KEYS, tmp_path / "unpacked")
    assert not (tmp_path / "unpacked").exists()


@pytest.mark.parametrize(
    ("free", "need", "told"),
    [
        (10_000_000, 10_000_000, None),
        (10_000_000, 10_000_001, "needs 11 MB, and 10 MB are free"),
        (0, 999_999, "needs 1 MB, and 0 MB are free"),
        (999_999, 1_000_000, "needs 2 MB, and 0 MB are free"),
    ],
)
def test_room_is_asked_for_to_the_byte_and_told_in_megabytes(tmp_path, monkeypatch, free, need, told):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**9, 10**9 - free, free))
    if told is None:
        need_room(tmp_path, need)
        return
    with pytest.raises(DiskFull, match=told):
        need_room(tmp_path, need)


def test_a_file_in_the_making_has_a_name_of_its_own_that_is_no_backups():
    names = {random_name() for _time in range(20)}
    assert len(names) == 20
    assert not any(backup._NAME.fullmatch(name) for name in names)
    assert all(name.startswith("making-") and len(name) == 23 for name in names)
