"""A copy that can be carried away: on another disk, read again, the oldest gone last."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from crisisdesk.errors import BackupRefused, VaultReadOnly
from crisisdesk.vault import media
from crisisdesk.vault.backup import verify
from crisisdesk.vault.manifest import Kind


@pytest.fixture
def made(store):
    return store.begin_backup(Kind.MANUAL).run()


@pytest.fixture
def drive(tmp_path):
    folder = tmp_path / "drive"
    folder.mkdir()
    return folder


def test_a_copy_is_the_backup_byte_for_byte_and_opens(store, made, drive):
    copied = media.copy_to(made, drive, may_share_disk=True)
    assert copied.backup.path.read_bytes() == made.path.read_bytes()
    keys = store.lend_keys()
    assert verify(copied.backup.path, keys) == made.manifest.said
    keys.wipe()
    assert media.copies(drive, made.manifest.vault_id) == [copied.backup]


def test_a_stranger_finds_out_what_it_is(made, drive):
    media.copy_to(made, drive, may_share_disk=True)
    text = (drive / media.FOLDER / "README.txt").read_text("utf-8")
    assert "recovery sheet" in text
    assert "crisisdesk_recover.py" in text
    for beside in ("crisisdesk_recover.py", "crisisdesk_recover.txt"):
        assert (drive / media.FOLDER / beside).stat().st_size > 1000


def test_the_vaults_own_disk_is_refused_in_a_sentence(made, drive):
    with pytest.raises(BackupRefused, match="same disk"):
        media.copy_to(made, drive)
    assert list(drive.iterdir()) == []


def test_another_disk_is_taken(made):
    elsewhere = [Path(each) for each in ("/dev/shm", "/var/tmp") if os.path.isdir(each)]  # noqa: S108, PTH112
    others = [each for each in elsewhere if each.stat().st_dev != made.path.stat().st_dev]
    if not others:
        pytest.skip("there is no second disk here")
    assert not media.shares_disk(made.path, others[0])


def test_a_drive_that_is_not_there_is_asked_for(made, tmp_path):
    with pytest.raises(VaultReadOnly, match="Plug it in"):
        media.copy_to(made, tmp_path / "gone", may_share_disk=True)


def test_a_drive_is_known_again_by_its_number(made, drive):
    first = media.copy_to(made, drive, may_share_disk=True).serial
    assert first
    assert media.copy_to(made, drive, may_share_disk=True).serial == first


def test_the_oldest_copies_go_once_the_new_one_is_read_back(store, clock, drive):
    vault_id = b""
    for _day in range(media.KEPT + 2):
        clock.moment += timedelta(days=7)
        made = store.begin_backup(Kind.AUTO).run()
        vault_id = made.manifest.vault_id
        copied = media.copy_to(made, drive, may_share_disk=True)
    assert [each.manifest.seq for each in media.copies(drive, vault_id)] == [7, 6, 5, 4, 3]
    assert len(copied.gone) == 1


def test_a_drive_that_keeps_something_else_than_was_written_is_told_of(made, drive, monkeypatch):
    """A broken stick: what is read back differs by one bit."""
    forget = media._forget_cached

    def broken(path):
        forget(path)
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)

    monkeypatch.setattr(media, "_forget_cached", broken)
    with pytest.raises(BackupRefused):
        media.copy_to(made, drive, may_share_disk=True)
    assert media.copies(drive, made.manifest.vault_id) == []
    assert list((drive / media.FOLDER).glob("making-*")) == []
