"""The key file and its twin: which counts, which is mended, and what is said when neither can be read."""

import errno
import os
from dataclasses import replace

import pytest

from crisisdesk.errors import DiskFull, VaultDamaged, VaultForeign, VaultMissing, VaultReadOnly, VaultTooNew
from crisisdesk.vault import keyfile
from crisisdesk.vault.header import MAX_BYTES, Header, decode
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.slots import Slot, SlotKind
from tests.vault.fast import COST, FLOOR, NOW

KEY = MasterKey(bytearray(range(32)))
SLOTS = tuple(
    Slot(id=bytes([place]) * 8, kind=kind, cost=COST, salt=bytes(16), nonce=bytes(12), box=bytes(48))
    for place, kind in enumerate((SlotKind.PASSPHRASE, SlotKind.RECOVERY))
)
HEADER = Header(vault_id=bytes(16), generation=1, created=NOW, slots=SLOTS)
OLD, NEW = HEADER.encode(KEY), replace(HEADER, generation=2).encode(KEY)
DAMAGED, FOREIGN, TOO_NEW = OLD[:-1], b"{}\n", b'{"format":2,"magic":"CDKEYS"}\n'


@pytest.fixture
def folder(paths):
    paths.folder.mkdir()
    return paths


def put(folder, key_file, twin):
    for path, content in ((folder.keys, key_file), (folder.keys_twin, twin)):
        if content is not None:
            path.write_bytes(content)


def lie_there(folder):
    return tuple(path.read_bytes() if path.is_file() else None for path in (folder.keys, folder.keys_twin))


def test_both_are_written_for_her_alone(folder):
    keyfile.write(folder, NEW)
    assert lie_there(folder) == (NEW, NEW)
    assert {path.stat().st_mode & 0o777 for path in (folder.keys, folder.keys_twin)} == {0o600}


@pytest.mark.parametrize(
    ("code", "told"), [(errno.ENOSPC, DiskFull), (errno.EROFS, VaultReadOnly)], ids=["full", "read-only"]
)
@pytest.mark.parametrize(("fails_at", "left"), [(1, (OLD, OLD)), (2, (OLD, NEW))])
def test_the_twin_comes_first_so_a_write_that_fails_leaves_the_key_file(
    folder, monkeypatch, code, told, fails_at, left
):
    put(folder, OLD, OLD)
    really, calls = os.replace, []

    def fail(making, path):
        calls.append(path)
        if len(calls) == fails_at:
            raise OSError(code, "no")
        really(making, path)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(told):
        keyfile.write(folder, NEW)
    assert lie_there(folder) == left
    assert keyfile.read(folder, floor=FLOOR)[0].encoded == OLD


@pytest.mark.parametrize(
    ("key_file", "twin", "found"),
    [
        (OLD, OLD, [OLD]),
        (OLD, NEW, [OLD, NEW]),
        (NEW, OLD, [NEW, OLD]),
        (OLD, None, [OLD]),
        (None, OLD, [OLD]),
        (OLD, DAMAGED, [OLD]),
        (DAMAGED, OLD, [OLD]),
        (FOREIGN, OLD, [OLD]),
        (TOO_NEW, OLD, [OLD]),
    ],
)
def test_those_that_have_the_form_are_returned_the_key_file_first(folder, key_file, twin, found):
    put(folder, key_file, twin)
    assert [sealed.encoded for sealed in keyfile.read(folder, floor=FLOOR)] == found


@pytest.mark.parametrize(
    ("key_file", "twin", "told"),
    [
        (None, None, VaultMissing),
        (DAMAGED, None, VaultDamaged),
        (None, DAMAGED, VaultDamaged),
        (None, FOREIGN, VaultForeign),
        (FOREIGN, DAMAGED, VaultForeign),
        (DAMAGED, FOREIGN, VaultDamaged),
        (TOO_NEW, DAMAGED, VaultTooNew),
        (OLD + bytes(MAX_BYTES), None, VaultForeign),
    ],
)
def test_what_is_wrong_with_the_key_file_is_told_if_neither_can_be_read(folder, key_file, twin, told):
    put(folder, key_file, twin)
    with pytest.raises(told):
        keyfile.read(folder, floor=FLOOR)


def test_a_database_without_keys_is_told_apart_from_no_vault(folder):
    with pytest.raises(VaultMissing):
        keyfile.read(folder, floor=FLOOR)
    folder.database.write_bytes(b"pages")
    with pytest.raises(VaultDamaged, match="gone"):
        keyfile.read(folder, floor=FLOOR)
    folder.keys.mkdir()  # a folder of that name is no key file either
    with pytest.raises(VaultDamaged, match="gone"):
        keyfile.read(folder, floor=FLOOR)


def test_the_products_floor_is_kept(folder):
    put(folder, OLD, OLD)
    with pytest.raises(VaultDamaged):
        keyfile.read(folder, floor=65_536)


def test_no_more_of_a_large_file_is_read_than_tells_that_it_is_one(folder):
    put(folder, bytes(10 * MAX_BYTES), None)
    assert keyfile._bytes(folder.keys) == bytes(MAX_BYTES + 1)


@pytest.mark.parametrize(
    ("key_file", "twin"), [(OLD, OLD), (OLD, NEW), (NEW, OLD), (None, OLD), (OLD, None), (DAMAGED, FOREIGN)]
)
def test_the_one_that_opened_the_vault_is_put_in_the_place_of_the_other(folder, key_file, twin):
    put(folder, key_file, twin)
    keyfile.repair(folder, decode(OLD, floor=FLOOR))
    assert lie_there(folder) == (OLD, OLD)


def test_what_is_right_already_is_not_written_again(folder, monkeypatch):
    put(folder, OLD, OLD)
    monkeypatch.setattr(os, "replace", lambda *_paths: pytest.fail("written"))
    keyfile.repair(folder, decode(OLD, floor=FLOOR))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_takes_nothing_is_no_reason_not_to_open(folder, monkeypatch, code):
    put(folder, DAMAGED, None)

    def fail(*_paths):
        raise OSError(code, "no")

    monkeypatch.setattr(os, "replace", fail)
    keyfile.repair(folder, decode(OLD, floor=FLOOR))
    assert lie_there(folder) == (DAMAGED, None)


def test_a_folder_in_the_key_files_place_does_not_keep_its_good_twin_from_opening(folder):
    folder.keys.mkdir()
    folder.keys_twin.write_bytes(OLD)
    keyfile.repair(folder, decode(OLD, floor=FLOOR))
    assert folder.keys.is_dir()
