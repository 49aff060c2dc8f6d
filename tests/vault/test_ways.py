"""Recovery codes, the hand-over code and the PIN: put, tried, taken away."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from crisisdesk import paths as places
from crisisdesk.errors import Invalid, NotFound, QuickUnlockClosed, StateConflict, VaultError, WrongPassphrase
from crisisdesk.vault import access, device, folder, policy, state
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import SlotKind
from tests.vault.fast import (
    CODE,
    FLOOR,
    NOW,
    OTHER_CODE,
    PASSPHRASE,
    add_recovery,
    change_passphrase,
    create,
    disable_device,
    enable_device,
    put_handover,
    read_header,
    replace_recovery,
    revoke,
    slots_of,
    unlock,
    unlock_with_device,
    unlock_with_recovery,
)
from tests.vault.keyrings import MemoryKeyring, store_of

PIN = "830164"


def kinds(paths, master) -> list[str]:
    return [slot.kind.value for slot in slots_of(paths, master)]


def opens(paths, code) -> str:
    try:
        return unlock_with_recovery(paths, str(code)).opened_by
    except WrongPassphrase:
        return ""


# Codes


def test_a_hand_over_code_opens_and_says_that_it_is_one(paths, master):
    put_handover(paths, master, OTHER_CODE)
    assert (opens(paths, OTHER_CODE), opens(paths, CODE)) == ("handover", "recovery")
    assert unlock(paths, PASSPHRASE).opened_by == "passphrase"


def test_a_new_hand_over_code_ends_the_old_one(paths, master):
    newer = RecoveryCode.random()
    put_handover(paths, master, OTHER_CODE)
    put_handover(paths, master, newer)
    assert (opens(paths, OTHER_CODE), opens(paths, newer)) == ("", "handover")
    assert kinds(paths, master) == ["passphrase", "recovery", "handover"]


def test_a_new_sheet_leaves_the_envelope_in_force(paths, master):
    put_handover(paths, master, OTHER_CODE)
    replace_recovery(paths, master, RecoveryCode.random())
    assert (opens(paths, OTHER_CODE), opens(paths, CODE)) == ("handover", "")


def test_eight_ways_in_fit_and_a_ninth_is_refused(paths, master):
    codes = [RecoveryCode.random() for _each in range(6)]
    for code in codes:
        add_recovery(paths, master, code)
    with pytest.raises(StateConflict, match="8 ways"):
        add_recovery(paths, master, OTHER_CODE)
    assert all(opens(paths, code) for code in codes)
    assert opens(paths, OTHER_CODE) == ""


def test_what_is_taken_away_no_longer_opens(paths, master):
    put_handover(paths, master, OTHER_CODE)
    before = read_header(paths, master).generation
    (gone,) = [slot for slot in slots_of(paths, master) if slot.kind is SlotKind.HANDOVER]
    assert revoke(paths, master, gone.id).generation == before + 1 == master.generation
    assert opens(paths, OTHER_CODE) == ""
    with pytest.raises(NotFound):
        revoke(paths, master, gone.id)


def test_the_passphrase_and_the_last_recovery_code_can_not_be_taken_away(paths, master):
    add_recovery(paths, master, OTHER_CODE)
    passphrase, first, second = slots_of(paths, master)
    with pytest.raises(StateConflict, match="changed, not taken away"):
        revoke(paths, master, passphrase.id)
    revoke(paths, master, first.id)
    with pytest.raises(StateConflict, match="only recovery code"):
        revoke(paths, master, second.id)
    assert opens(paths, OTHER_CODE) == "recovery"


def test_names_around_her_make_no_passphrase(paths, master):
    own = ("Marigold Fairhaven", "Bexley Police")
    with pytest.raises(Invalid):
        create(type(paths)(paths.folder / "other"), "marigold fairhaven", CODE, own_words=own)
    with pytest.raises(Invalid):
        change_passphrase(paths, master, "fairhaven bexley", own_words=own)


# Quick unlock


@pytest.fixture
def keyring():
    return store_of(MemoryKeyring())


def test_the_pin_opens_only_with_the_stores_half(paths, master, keyring):
    enable_device(paths, master, PIN, keyring)
    assert unlock_with_device(paths, PIN, keyring).secret == master.secret
    with pytest.raises(WrongPassphrase, match=r"^Wrong PIN\.$"):
        unlock_with_device(paths, "111222", keyring)
    MemoryKeyring.kept.update(dict.fromkeys(MemoryKeyring.kept, "A" * 43 + "="))
    with pytest.raises(WrongPassphrase):
        unlock_with_device(paths, PIN, keyring)


def test_it_is_off_until_it_is_switched_on_and_after_it_is_switched_off(paths, master, keyring):
    with pytest.raises(QuickUnlockClosed, match="off"):
        unlock_with_device(paths, PIN, keyring)
    assert not access.offers_device(paths, NOW, floor=FLOOR)
    enable_device(paths, master, PIN, keyring)
    unlock(paths, PASSPHRASE)
    assert access.offers_device(paths, NOW, floor=FLOOR)
    disable_device(paths, master, keyring)
    assert MemoryKeyring.kept == {}
    assert not access.offers_device(paths, NOW, floor=FLOOR)
    assert kinds(paths, master) == ["passphrase", "recovery"]


def test_a_new_pin_ends_the_old_one_and_its_half(paths, master, keyring):
    unlock(paths, PASSPHRASE)
    enable_device(paths, master, PIN, keyring)
    enable_device(paths, master, "902615", keyring)
    assert len(MemoryKeyring.kept) == 1
    assert unlock_with_device(paths, "902615", keyring).secret == master.secret
    with pytest.raises(WrongPassphrase):
        unlock_with_device(paths, PIN, keyring)


@pytest.mark.parametrize("hours", [12, 40, -1])
def test_after_twelve_hours_the_passphrase_is_asked_for(paths, master, keyring, hours):
    unlock(paths, PASSPHRASE)
    enable_device(paths, master, PIN, keyring)
    later = NOW + timedelta(hours=hours)
    assert not access.offers_device(paths, later, floor=FLOOR)
    with pytest.raises(QuickUnlockClosed, match="12 hours"):
        access.unlock_with_device(paths, PIN, keyring, now=later, floor=FLOOR)


def test_after_the_computer_was_started_anew_the_passphrase_is_asked_for(monkeypatch):
    monkeypatch.setattr(device, "_uptime", lambda: 500_000)
    shown = device.proof(NOW)
    later = NOW + timedelta(hours=2)
    assert [
        device.is_fresh(shown, later)
        for seconds in (500_000 + 7200, 60, 7200, 500_000)
        if monkeypatch.setattr(device, "_uptime", lambda seconds=seconds: seconds) is None
    ] == [True, False, False, False]
    assert not device.is_fresh(None, later)


def test_a_pin_does_not_prove_the_passphrase(paths, master, keyring):
    enable_device(paths, master, PIN, keyring)
    unlock(paths, PASSPHRASE)
    before = state.read(paths).proof
    access.unlock_with_device(paths, PIN, keyring, now=NOW, floor=FLOOR)
    assert state.read(paths).proof == before


@pytest.mark.parametrize(
    "pin", ["", "12345", "abcdef", "123456", "654321", "000000", "890123", "12 345", "٣٤٥٦٧١", "7" * 40]
)
def test_a_pin_that_is_short_or_guessed_first_is_refused(paths, master, keyring, pin):
    with pytest.raises(Invalid):
        enable_device(paths, master, pin, keyring)
    assert MemoryKeyring.kept == {}


def test_a_key_file_that_can_not_be_written_leaves_nothing_in_the_store(paths, master, keyring, monkeypatch):
    def refuse(*_arguments):
        raise OSError(28, "full")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(VaultError):
        enable_device(paths, master, PIN, keyring)
    assert MemoryKeyring.kept == {}


# What the agency decides


@pytest.mark.parametrize(
    ("content", "quick", "strict", "idle"),
    [
        (None, True, False, 15),
        (b"{}", True, False, 15),
        (b'{"quick_unlock": false}', False, False, 15),
        (b'{"strict_attempts": true, "most_idle_minutes": 3}', True, True, 3),
        (b'{"most_idle_minutes": 0}', False, False, 15),
        (b'{"quick_unlock": 1}', False, False, 15),
        (b'{"surprise": 1}', False, False, 15),
        (b"[]", False, False, 15),
        (b"\xff", False, False, 15),
        (b"{" * 9000, False, False, 15),
    ],
)
def test_a_policy_is_read_and_a_damaged_one_forbids(tmp_path, content, quick, strict, idle):
    path = tmp_path / "policy.json"
    if content is not None:
        path.write_bytes(content)
    assert policy.read(path) == policy.Policy(quick_unlock=quick, strict_attempts=strict, most_idle_minutes=idle)


def test_the_agency_can_forbid_quick_unlock(paths, master, keyring, monkeypatch, tmp_path):
    enable_device(paths, master, PIN, keyring)
    unlock(paths, PASSPHRASE)
    (tmp_path / "policy.json").write_bytes(b'{"quick_unlock": false}')
    monkeypatch.setattr(places, "policy", lambda: tmp_path / "policy.json")
    assert not access.offers_device(paths, NOW, floor=FLOOR)
    assert device.credential_store() is None
    assert "agency" in device.availability().reason


# Where a vault may lie

MOUNTS = (
    "22 1 8:1 / / rw - ext4 /dev/sda1 rw",
    "30 22 0:40 / /home rw - nfs4 server:/home rw",
    "31 22 0:41 / /mnt/a\\040b rw - fuse.sshfs me@there: rw",
    "32 22 8:17 / /media/stick rw shared:1 - vfat /dev/sdb1 rw",
    "33 22 0:42 / /mnt/a\\040b/inner rw - ext4 /dev/sda2 rw",
    "34 22 0:43 / /enc rw - fuse.gocryptfs x rw",
)


@pytest.mark.parametrize(
    ("where", "is_refused"),
    [
        ("/var/vault", False),
        ("/home/me/vault", True),
        ("/homes/vault", False),
        ("/mnt/a b/vault", True),
        ("/mnt/a b/inner/vault", False),
        ("/enc/vault", False),
    ],
)
def test_a_folder_on_a_network_is_refused(monkeypatch, where, is_refused):
    monkeypatch.setattr(folder, "_mount", lambda real: folder._innermost(real, MOUNTS))
    assert folder._is_on_network(Path(where)) is is_refused


def test_a_removable_disk_is_known_by_its_own_flag_or_its_parents(tmp_path):
    for disk, flag in (("sdb", "1\n"), ("sda", "0\n")):
        (tmp_path / disk / f"{disk}1").mkdir(parents=True)
        (tmp_path / disk / "removable").write_text(flag, encoding="ascii")
    devices = tmp_path / "block"
    devices.mkdir()
    for number, real in (("8:17", "sdb/sdb1"), ("8:1", "sda/sda1"), ("8:16", "sdb")):
        (devices / number).symlink_to(tmp_path / real)
    found = [folder._is_removable_device(number, devices) for number in ("8:17", "8:1", "8:16", "0:40", "")]
    assert found == [True, False, True, False, False]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ("OneDrive - Bexley Police/vault", "OneDrive"),
        ("onedrive/x", "OneDrive"),
        ("Dropbox/vault", "Dropbox"),
        ("Library/Mobile Documents/vault", "iCloud"),
        ("iCloudDrive/vault", "iCloud"),
        ("Google Drive/My Drive/vault", "Google Drive"),
        ("Nextcloud/vault", "Nextcloud"),
    ],
)
def test_a_folder_that_a_cloud_copies_is_refused_before_anything_is_made(paths, tmp_path, parts, name):
    inside = type(paths)(tmp_path / parts)
    with pytest.raises(VaultError, match=name):
        create(inside, PASSPHRASE, CODE)
    assert not inside.folder.exists()
    create(inside, PASSPHRASE, CODE, anywhere=True).wipe()


def test_a_link_into_a_cloud_is_followed(paths, tmp_path):
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "innocent").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(VaultError, match="Dropbox"):
        create(type(paths)(tmp_path / "innocent" / "vault"), PASSPHRASE, CODE)


def test_what_windows_says_of_onedrive_is_believed(paths, tmp_path, monkeypatch):
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "Work Files"))
    with pytest.raises(VaultError, match="OneDrive"):
        create(type(paths)(tmp_path / "Work Files" / "vault"), PASSPHRASE, CODE)
