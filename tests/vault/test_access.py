"""Make, unlock and re-seal a vault's keys: with twins, crashes, damage and other people's files."""

import errno
import json
import os
import shutil
import sys
import unicodedata
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

import crisisdesk
from crisisdesk.errors import (
    DiskFull,
    Invalid,
    VaultDamaged,
    VaultError,
    VaultExists,
    VaultForeign,
    VaultMissing,
    VaultReadOnly,
    VaultTooNew,
    WrongPassphrase,
)
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import access, attempts, connection, slots
from crisisdesk.vault.header import decode
from crisisdesk.vault.place import exists, unfinished
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import Cost
from tests.vault.fast import (
    CODE,
    COST,
    FLOOR,
    NOW,
    OTHER_CODE,
    OTHER_PASSPHRASE,
    PASSPHRASE,
    change_passphrase,
    create,
    read_header,
    replace_recovery,
    unlock,
    unlock_with_recovery,
)

SAMPLE = Path(__file__).parents[1] / "data" / "vault" / "format-1.keys"


def opens(paths, passphrase) -> bool:
    with suppress(WrongPassphrase):
        unlock(paths, passphrase)
        return True
    return False


def spoil(path: Path, place: int = 100) -> None:
    """Put another hex digit into a key file: in the first slot's box, which has the right form still."""
    text = bytearray(path.read_bytes())
    start = text.index(b'"box":"') + 7 + place % 90
    text[start] = ord("0") if text[start] != ord("0") else ord("1")
    path.write_bytes(text)


def test_the_passphrase_opens_the_vault(paths, master):
    assert unlock(paths, PASSPHRASE).secret == master.secret


def test_the_recovery_code_opens_the_vault(paths, master):
    assert unlock_with_recovery(paths, f" {str(CODE).lower()} ").secret == master.secret


@pytest.mark.parametrize("wrong", ["", " ", PASSPHRASE + " ", PASSPHRASE.upper(), str(CODE), "x" * 2000, "\ud800" * 20])
@pytest.mark.usefixtures("master")
def test_a_wrong_passphrase_is_told_so_and_no_more(paths, wrong):
    with pytest.raises(WrongPassphrase, match=r"^Wrong passphrase\.$"):
        unlock(paths, wrong)


@pytest.mark.parametrize("spare", ["gone", "spoiled", "cut"])
@pytest.mark.usefixtures("master")
def test_the_key_file_is_blamed_for_a_wrong_passphrase_only_where_it_gives_cause(paths, spare):
    if spare == "gone":
        paths.keys_twin.unlink()
    elif spare == "spoiled":
        spoil(paths.keys_twin)
    else:
        paths.keys_twin.write_bytes(b"{")
    with pytest.raises(WrongPassphrase, match=r"^Wrong passphrase, or the key file is damaged\.$"):
        unlock(paths, OTHER_PASSPHRASE)
    with pytest.raises(WrongPassphrase, match="or the key file is damaged"):
        unlock_with_recovery(paths, str(OTHER_CODE))


@pytest.mark.usefixtures("master")
def test_the_third_and_fourth_wrong_passphrase_say_what_the_fifth_brings(paths):
    said = []
    for _each in range(5):
        with pytest.raises(WrongPassphrase) as told:
            unlock(paths, OTHER_PASSPHRASE)
        said.append(str(told.value))
    two_left = "Wrong passphrase. After 2 more wrong tries you have to wait 15 minutes."
    one_left = "Wrong passphrase. After one more wrong try you have to wait 15 minutes."
    assert said == ["Wrong passphrase."] * 2 + [two_left, one_left, "Wrong passphrase."]


@pytest.mark.usefixtures("master")
def test_the_fourth_says_so_too_where_only_a_code_opens_after_the_fifth(paths):
    attempts.set_strict(paths, is_strict=True)
    for _each in range(4):
        with pytest.raises(WrongPassphrase) as told:
            unlock(paths, OTHER_PASSPHRASE)
    assert str(told.value).endswith(
        "After one more wrong try only the recovery sheet or the hand-over code opens the vault."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "is gone"),
        (b"", "is empty"),
        (b"SQLite format 3\0" + bytes(9000), "is not encrypted"),
        (bytes(5000), "is cut short"),
    ],
    ids=["gone", "empty", "plain", "cut"],
)
@pytest.mark.usefixtures("master")
def test_what_is_wrong_with_the_file_is_seen_without_a_key(paths, content, sentence):
    if content is None:
        paths.database.unlink(missing_ok=True)
    else:
        paths.database.write_bytes(content)
    with pytest.raises(VaultError, match=sentence):
        access.refuse_broken(paths, floor=FLOOR)


@pytest.mark.usefixtures("master")
def test_the_recovery_code_of_another_vault_does_not_open_this_one(paths):
    with pytest.raises(WrongPassphrase, match="recovery code"):
        unlock_with_recovery(paths, str(OTHER_CODE))


@pytest.mark.usefixtures("master")
def test_a_mistyped_recovery_code_costs_no_key_derivation(paths, monkeypatch):
    monkeypatch.setattr(slots, "Argon2id", lambda **_options: pytest.fail("derived"))
    with pytest.raises(Invalid, match="group 1 is mistyped"):
        unlock_with_recovery(paths, "1" + str(CODE)[1:])


def test_the_same_letters_from_another_keyboard_open_the_vault(paths):
    typed = "Ångström häufig fünf Größe"
    create(paths, unicodedata.normalize("NFD", typed), CODE)
    unlock(paths, unicodedata.normalize("NFC", typed))


def test_a_weak_passphrase_makes_no_vault(paths):
    with pytest.raises(Invalid):
        create(paths, "password password", CODE)
    assert not paths.folder.exists()


@pytest.mark.usefixtures("master")
def test_a_vault_is_not_made_over_another(paths):
    unfinished(paths).unlink()
    with pytest.raises(VaultExists):
        create(paths, OTHER_PASSPHRASE, OTHER_CODE)
    assert opens(paths, PASSPHRASE)


def test_a_vault_is_not_made_beside_a_database_without_keys(paths):
    paths.folder.mkdir()
    paths.database.write_bytes(b"")
    with pytest.raises(VaultExists):
        create(paths, PASSPHRASE, CODE)


@pytest.mark.usefixtures("master")
def test_a_vault_whose_making_was_broken_off_is_made_anew(paths):
    assert not exists(paths)
    create(paths, OTHER_PASSPHRASE, OTHER_CODE)
    assert not opens(paths, PASSPHRASE)
    assert opens(paths, OTHER_PASSPHRASE)


@pytest.mark.usefixtures("made")
def test_a_finished_vault_exists(paths):
    assert exists(paths)


@pytest.mark.usefixtures("made")
def test_keys_without_their_database_are_a_vault_still(paths):
    paths.database.unlink()
    assert exists(paths)


def test_nothing_is_no_vault(paths):
    assert not exists(paths)
    with pytest.raises(VaultMissing):
        unlock(paths, PASSPHRASE)


@pytest.mark.usefixtures("made")
def test_a_database_whose_key_files_are_gone_says_so(paths):
    paths.keys.unlink()
    paths.keys_twin.unlink()
    with pytest.raises(VaultDamaged, match="gone"):
        unlock(paths, PASSPHRASE)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_all_files_are_hers_alone_whatever_the_umask(paths):
    before = os.umask(0o022)
    try:
        master = create(paths, PASSPHRASE, CODE)
        with connection.create_database(paths, master) as database:
            database.execute("CREATE TABLE note (body TEXT)")
        with connection.create_database(VaultPaths(paths.folder / "deep" / "er"), master):
            pass
        change_passphrase(paths, master, OTHER_PASSPHRASE)
    finally:
        os.umask(before)
    assert paths.folder.stat().st_mode & 0o777 == 0o700
    assert {file.name: file.stat().st_mode & 0o777 for file in paths.folder.iterdir() if file.is_file()} == {
        "vault.db": 0o600,
        "vault.keys": 0o600,
        "vault.keys.bak": 0o600,
        "vault.state": 0o600,
        "vault.state.lock": 0o600,
    }


def test_nothing_typed_stands_in_the_key_files(paths, master):
    for path in (paths.keys, paths.keys_twin):
        text = path.read_bytes()
        assert PASSPHRASE.split(" ")[0].encode() not in text
        assert CODE.groups[5].encode() not in text
        assert master.secret.hex().encode() not in text


# Changing the passphrase and the code


def test_a_changed_passphrase_opens_and_the_old_one_does_not(paths, master):
    assert change_passphrase(paths, master, OTHER_PASSPHRASE).generation == 2
    assert opens(paths, OTHER_PASSPHRASE)
    assert not opens(paths, PASSPHRASE)
    assert unlock_with_recovery(paths, str(CODE)).secret == master.secret


def test_a_new_recovery_code_opens_and_the_old_one_does_not(paths, master):
    assert replace_recovery(paths, master, OTHER_CODE).generation == 2
    assert unlock_with_recovery(paths, str(OTHER_CODE)).secret == master.secret
    with pytest.raises(WrongPassphrase):
        unlock_with_recovery(paths, str(CODE))
    assert opens(paths, PASSPHRASE)


def test_the_generation_goes_up_by_one_each_time(paths, master):
    for generation in (2, 3, 4):
        assert replace_recovery(paths, master, RecoveryCode.random()).generation == generation
    assert read_header(paths, master).generation == 4


def test_the_vault_keeps_its_id_and_its_date(paths, master):
    before = read_header(paths, master)
    change_passphrase(paths, master, OTHER_PASSPHRASE)
    after = read_header(paths, master)
    assert (after.vault_id, after.created) == (before.vault_id, before.created) == (before.vault_id, NOW)


def test_a_weak_passphrase_changes_nothing(paths, master):
    with pytest.raises(Invalid):
        change_passphrase(paths, master, "too short")
    assert opens(paths, PASSPHRASE)


@pytest.mark.usefixtures("master")
def test_another_vaults_key_changes_nothing(paths, tmp_path):
    stranger = create(VaultPaths(tmp_path / "other"), PASSPHRASE, CODE)
    with pytest.raises(VaultDamaged):
        change_passphrase(paths, stranger, OTHER_PASSPHRASE)
    assert opens(paths, PASSPHRASE)


def test_the_product_can_not_make_a_cheap_key(paths):
    with pytest.raises(ValueError, match="cost"):
        access.create(paths, PASSPHRASE, CODE, now=NOW, cost=COST)
    assert not paths.folder.exists()
    master = create(paths, PASSPHRASE, CODE)
    with pytest.raises(ValueError, match="cost"):
        access.change_passphrase(paths, master, OTHER_PASSPHRASE, cost=COST)
    with pytest.raises(ValueError, match="cost"):
        access.replace_recovery(paths, master, OTHER_CODE, cost=COST)


@pytest.mark.usefixtures("master")
def test_the_product_does_not_read_a_cheap_key(paths):
    with pytest.raises(VaultDamaged):
        access.unlock(paths, PASSPHRASE, now=NOW)


def test_a_key_at_the_floor_needs_no_leave(paths):
    master = access.create(paths, PASSPHRASE, CODE, now=NOW, cost=Cost(65_536, 1, 4))
    assert access.unlock(paths, PASSPHRASE, now=NOW).secret == master.secret


def test_a_vault_that_needs_a_newer_program_says_which(paths, master):
    header = replace(read_header(paths, master), min_app="9.10.0")
    for path in (paths.keys, paths.keys_twin):
        path.write_bytes(header.encode(master))
    with pytest.raises(VaultTooNew, match=r"9\.10\.0"):
        unlock(paths, PASSPHRASE)


@pytest.mark.usefixtures("master")
def test_a_vault_of_this_very_version_opens(paths, monkeypatch):
    monkeypatch.setattr(crisisdesk, "__version__", "0.1.0rc1")
    assert opens(paths, PASSPHRASE)


# Twins


@pytest.mark.parametrize("lost", ["keys", "keys_twin"])
@pytest.mark.parametrize(
    "lose",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b'{"magic":"OTHER"}'),
        lambda path: path.write_bytes(path.read_bytes()[:400]),
        lambda path: path.write_bytes(b"x" * 1_000_000),
        lambda path: path.write_bytes(path.read_bytes().replace(b'"gen":1', b'"gen":7')),
        lambda path: path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":9')),
        spoil,
    ],
    ids=["gone", "empty", "foreign", "cut", "huge", "other generation", "other format", "spoilt slot"],
)
def test_a_damaged_twin_is_repaired_by_the_other(paths, master, lost, lose):
    good = paths.keys.read_bytes()
    lose(getattr(paths, lost))
    assert unlock(paths, PASSPHRASE).secret == master.secret
    assert paths.keys.read_bytes() == paths.keys_twin.read_bytes() == good


@pytest.mark.usefixtures("master")
def test_two_damaged_twins_are_never_taken_for_a_wrong_passphrase_if_the_slot_opens(paths):
    for path in (paths.keys, paths.keys_twin):
        path.write_bytes(path.read_bytes().replace(b'"gen":1', b'"gen":7'))
    with pytest.raises(VaultDamaged, match="changed"):
        unlock(paths, PASSPHRASE)


@pytest.mark.usefixtures("master")
def test_two_files_of_another_program_are_told_apart(paths):
    for path in (paths.keys, paths.keys_twin):
        path.write_bytes(b'{"magic":"OTHER"}')
    with pytest.raises(VaultForeign):
        unlock(paths, PASSPHRASE)


@pytest.mark.usefixtures("master")
def test_the_keys_of_another_vault_do_not_open_with_this_ones_passphrase(paths, tmp_path):
    other = VaultPaths(tmp_path / "other")
    create(other, OTHER_PASSPHRASE, OTHER_CODE)
    shutil.copy(other.keys, paths.keys)
    shutil.copy(other.keys, paths.keys_twin)
    assert not opens(paths, PASSPHRASE)


@pytest.mark.usefixtures("master")
def test_a_wrong_passphrase_repairs_nothing(paths):
    paths.keys_twin.unlink()
    assert not opens(paths, OTHER_PASSPHRASE)
    assert not paths.keys_twin.exists()


@pytest.mark.usefixtures("master")
def test_a_twin_that_can_not_be_repaired_does_not_keep_her_out(paths, monkeypatch):
    paths.keys_twin.unlink()

    def refuse(*_arguments):
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(os, "replace", refuse)
    assert opens(paths, PASSPHRASE)


@pytest.mark.usefixtures("master")
def test_no_single_flipped_bit_in_both_files_opens_the_vault(paths):
    good = paths.keys.read_bytes()
    spread = 43  # a prime: 150 bits or so, spread over every field and every place in a byte
    for place in range(0, 8 * len(good), spread):
        flipped = bytearray(good)
        flipped[place // 8] ^= 1 << place % 8
        for path in (paths.keys, paths.keys_twin):
            path.write_bytes(flipped)
        with pytest.raises(VaultError):
            unlock(paths, PASSPHRASE)
        assert paths.keys.read_bytes() == flipped


# Crashes and full disks


def test_a_crash_before_the_key_file_leaves_the_old_passphrase(paths, master):
    old = paths.keys.read_bytes()
    change_passphrase(paths, master, OTHER_PASSPHRASE)
    new = paths.keys.read_bytes()
    paths.keys.write_bytes(old)  # the twin is written first
    assert paths.keys_twin.read_bytes() == new

    assert not opens(paths, OTHER_PASSPHRASE)
    assert unlock_with_recovery(paths, str(CODE)).secret == master.secret
    assert opens(paths, PASSPHRASE)
    assert paths.keys_twin.read_bytes() == old


def test_an_old_twin_put_back_does_not_open_the_vault(paths, master):
    old = paths.keys.read_bytes()
    change_passphrase(paths, master, OTHER_PASSPHRASE)
    paths.keys_twin.write_bytes(old)
    assert not opens(paths, PASSPHRASE)
    assert opens(paths, OTHER_PASSPHRASE)


def test_a_file_left_from_a_crash_is_in_nobodys_way(paths, master):
    (paths.folder / "vault.keys.0011223344556677.new").write_bytes(b"half")
    change_passphrase(paths, master, OTHER_PASSPHRASE)
    assert opens(paths, OTHER_PASSPHRASE)


class FailingDisk:
    """The system's calls on files, of which the n-th fails."""

    def __init__(self, patch: pytest.MonkeyPatch, code: int, fail_at: int) -> None:
        self.calls = 0
        self._code, self._fail_at = code, fail_at
        for name in ("open", "write", "fsync", "replace", "close"):
            patch.setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, real):
        def call(*arguments, **options):
            self.calls += 1
            if self.calls == self._fail_at:
                raise OSError(self._code, "injected")
            return real(*arguments, **options)

        return call


@pytest.mark.parametrize(
    ("code", "told"), [(errno.ENOSPC, DiskFull), (errno.EACCES, VaultReadOnly), (errno.EIO, VaultDamaged)]
)
def test_whichever_call_fails_what_she_is_told_is_true_and_a_retry_works(paths, master, code, told, monkeypatch):
    fail_at, calls = 0, 1
    while fail_at <= calls:
        fail_at += 1
        before, after = (PASSPHRASE, OTHER_PASSPHRASE) if opens(paths, PASSPHRASE) else (OTHER_PASSPHRASE, PASSPHRASE)
        with monkeypatch.context() as patch:
            failing = FailingDisk(patch, code, fail_at)
            with suppress(told):
                change_passphrase(paths, master, after)
                before, after = after, before  # she was told that it is changed
            calls = failing.calls
        assert opens(paths, before)
        assert not opens(paths, after)
        assert unlock_with_recovery(paths, str(CODE)).secret == master.secret
        assert {file.name for file in paths.folder.glob("*.new")} <= {"vault.db.new"}
    assert fail_at > 15


def test_a_disk_that_writes_in_bits_and_pieces_is_waited_for(paths, master, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:7]))
    change_passphrase(paths, master, OTHER_PASSPHRASE)
    assert opens(paths, OTHER_PASSPHRASE)


# Every released key file opens for ever


def test_the_sample_of_format_1_opens(paths):
    paths.folder.mkdir()
    shutil.copy(SAMPLE, paths.keys)
    assert unlock(paths, PASSPHRASE).secret == bytes(range(32))
    assert unlock_with_recovery(paths, "01234-56789-ABCDE-FGHJK-MNPQR-ST45Z").secret == bytes(range(32))


def test_the_sample_of_format_1_is_what_we_would_write(paths):
    paths.folder.mkdir()
    shutil.copy(SAMPLE, paths.keys)
    master = unlock(paths, PASSPHRASE)
    header = decode(SAMPLE.read_bytes(), floor=FLOOR).header
    assert header.encode(master) == SAMPLE.read_bytes()
    assert json.loads(SAMPLE.read_bytes())["created"] == "2026-11-22T05:00:00Z"
