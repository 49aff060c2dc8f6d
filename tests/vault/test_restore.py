"""The way back: with the backup's own passphrase or code, beside the vault first, in steps that can be broken off."""

import os
import shutil
from contextlib import closing

import pytest

from crisisdesk.errors import BackupRefused, Invalid, VaultDamaged, VaultInUse, WrongPassphrase
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import restore, swap
from crisisdesk.vault.audit import AUDIT
from crisisdesk.vault.backup import unpack
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.restore import Restoring
from crisisdesk.vault.store import Store
from tests.vault.fast import CODE, FLOOR, OTHER_PASSPHRASE, PASSPHRASE, change_passphrase, create, unlock
from tests.vault.people import add_client, last_name, rename


@pytest.fixture
def client(store):
    return add_client(store, last_name="Delgado")


@pytest.fixture
def closed(store, made, vault_paths):
    """The places of that vault, closed."""
    assert made.path.exists()
    store.close()
    return vault_paths


@pytest.fixture
def made(store, client):
    """A backup in which the client is called Delgado; in the vault, the name is Ortiz since."""
    done = store.begin_backup(Kind.MANUAL).run()
    rename(store, client, "Ortiz")
    return done


def names(paths, clock, client, passphrase=PASSPHRASE):
    with closing(Store.open(paths, unlock(paths, passphrase), clock)) as store:
        assert store.verify_audit().is_sound
        return last_name(store, client)


def test_a_backup_is_brought_back_and_the_replaced_vault_is_kept(store, made, client, vault_paths, clock):
    master = restore.unlock(made, PASSPHRASE, floor=FLOOR)
    store.close()
    said = Restoring(vault_paths, made, master, clock).run()
    assert said == made.manifest.said
    assert names(vault_paths, clock, client) == "Delgado"
    (kept,) = swap.replaced(vault_paths)
    assert names(kept, clock, client) == "Ortiz"
    assert master.is_wiped


def test_the_restored_vault_says_that_it_was(store, made, vault_paths, clock):
    store.close()
    Restoring(vault_paths, made, restore.unlock(made, PASSPHRASE, floor=FLOOR), clock).run()
    with closing(Store.open(vault_paths, unlock(vault_paths, PASSPHRASE), clock)) as again:
        assert again.rollback_warning is None  # she went back herself
        with again.read() as s:
            lines = s.execute(AUDIT.select().where(AUDIT.c.kind == "restore")).all()
    assert [line.object_id for line in lines] == [made.path.name]


def test_the_replaced_vault_goes_with_the_next_verified_backup(store, made, vault_paths, clock):
    store.close()
    Restoring(vault_paths, made, restore.unlock(made, PASSPHRASE, floor=FLOOR), clock).run()
    assert swap.drop_replaced(vault_paths) == 1
    assert swap.replaced(vault_paths) == ()


def test_a_computer_without_a_vault_gets_one_with_the_recovery_code(store, made, client, tmp_path, clock):
    store.close()
    there = VaultPaths(tmp_path / "other" / "vault")
    Restoring(there, made, restore.unlock_with_code(made, str(CODE), floor=FLOOR), clock).run()
    assert names(there, clock, client) == "Delgado"
    assert swap.replaced(there) == ()
    assert {each.stat().st_mode & 0o777 for each in there.folder.iterdir() if each.is_file()} == {0o600}


def test_a_damaged_vault_and_lost_keys_are_replaced(store, made, client, vault_paths, clock):
    store.close()
    vault_paths.database.write_bytes(b"nothing that was")
    vault_paths.keys.unlink()
    vault_paths.keys_twin.unlink()
    Restoring(vault_paths, made, restore.unlock(made, PASSPHRASE, floor=FLOOR), clock).run()
    assert names(vault_paths, clock, client) == "Delgado"


def test_an_old_backup_opens_with_the_passphrase_of_its_day(store, made, client, vault_paths, clock):
    store.close()
    change_passphrase(vault_paths, unlock(vault_paths, PASSPHRASE), OTHER_PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        restore.unlock(made, OTHER_PASSPHRASE, floor=FLOOR)
    Restoring(vault_paths, made, restore.unlock(made, PASSPHRASE, floor=FLOOR), clock).run()
    assert names(vault_paths, clock, client) == "Delgado"


def test_wrong_secrets_are_told_apart_from_mistyped_ones(made):
    with pytest.raises(WrongPassphrase):
        restore.unlock(made, "", floor=FLOOR)
    with pytest.raises(WrongPassphrase):
        restore.unlock_with_code(made, str(RecoveryCode.random()), floor=FLOOR)
    with pytest.raises(Invalid):
        restore.unlock_with_code(made, "00000", floor=FLOOR)


def test_a_cheap_key_file_in_a_backup_is_refused(made):
    with pytest.raises(VaultDamaged):
        restore.unlock(made, PASSPHRASE)  # the tests' keys are cheaper than any product's


def test_nothing_happens_while_the_vault_is_open(store, made, vault_paths, clock):
    with pytest.raises(VaultInUse):
        Restoring(vault_paths, made, restore.unlock(made, PASSPHRASE, floor=FLOOR), clock).run()
    assert store.verify_audit().is_sound


def test_a_damaged_backup_changes_nothing(store, made, client, vault_paths, clock):
    store.close()
    master = restore.unlock(made, PASSPHRASE, floor=FLOOR)
    content = bytearray(made.path.read_bytes())
    content[-3000] ^= 1
    made.path.write_bytes(content)
    before = {each.name: each.read_bytes() for each in vault_paths.folder.iterdir() if each != vault_paths.lock}
    with pytest.raises(BackupRefused):
        Restoring(vault_paths, made, master, clock).run()
    after = {each.name: each.read_bytes() for each in vault_paths.folder.iterdir() if each != vault_paths.lock}
    assert before == after
    assert names(vault_paths, clock, client) == "Ortiz"


def test_a_backup_of_another_vault_does_not_replace_this_one(made, tmp_path, clock):
    other = VaultPaths(tmp_path / "other" / "vault")
    create(other, PASSPHRASE, CODE)
    with pytest.raises(BackupRefused, match="another vault"):
        Restoring(other, made, restore.unlock(made, PASSPHRASE, floor=FLOOR), clock).run()


# The swap -----------------------------------------------------------------------------------------------------------


class PlugPulled(BaseException):
    """The power is gone."""


def test_a_swap_that_is_broken_off_anywhere_ends_with_the_old_vault_or_the_new(
    made, client, closed, clock, tmp_path, monkeypatch
):
    """At each call that changes the disk in turn, the process is gone; the next start finds one vault, whole."""
    change_passphrase(closed, unlock(closed, PASSPHRASE), OTHER_PASSPHRASE)  # so that the key files differ
    real = {name: getattr(os, name) for name in ("replace", "open", "fsync", "unlink")}
    left = [0]

    def count(name):
        def call(*given, **options):
            left[0] -= 1
            if left[0] == 0:
                raise PlugPulled
            return real[name](*given, **options)

        return call

    found = []
    for point in range(1, 200):
        paths = VaultPaths(tmp_path / f"try{point}" / "vault")
        shutil.copytree(closed.folder, paths.folder)
        beside = paths.folder / "making-0000000000000000"
        master = restore.unlock(made, PASSPHRASE, floor=FLOOR)
        unpack(made.path, master, beside)
        master.wipe()
        left[0] = point
        with monkeypatch.context() as patch:
            for name in real:
                patch.setattr(os, name, count(name))
            try:
                swap.begin(paths, beside, made.manifest.keys.encode())
            except PlugPulled:
                pass
            else:
                break
        swap.finish(paths)
        is_new = paths.keys.read_bytes() == made.manifest.keys.encode()
        found.append(names(paths, clock, client, PASSPHRASE if is_new else OTHER_PASSPHRASE))
        assert not swap.journal_of(paths).exists()
        for kept in swap.replaced(paths):
            for file in kept.folder.iterdir():  # to the last byte what was replaced, however often it began anew
                assert file.read_bytes() == (closed.folder / file.name).read_bytes()
        shutil.rmtree(paths.folder.parent)
    assert set(found) == {"Ortiz", "Delgado"}
    assert found == sorted(found, reverse=True)  # first the old one, from some point on the new one
    assert names(paths, clock, client) == "Delgado"
    assert len(found) > 15


def test_a_hot_journal_of_the_replaced_vault_is_not_played_into_the_new_one(store, made, client, vault_paths, clock):
    store.close()
    journal = vault_paths.database.with_name("vault.db-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(4096))
    Restoring(vault_paths, made, restore.unlock(made, PASSPHRASE, floor=FLOOR), clock).run()
    assert not journal.exists()
    assert names(vault_paths, clock, client) == "Delgado"


def test_a_note_on_a_swap_that_is_not_ours_is_refused(vault_paths):
    for content in (b"", b"{}", b'{"format": 1, "keep": "../elsewhere"}', b"[" * 2000, b'{"format": 1, "keep": 3}'):
        swap.journal_of(vault_paths).write_bytes(content)
        with pytest.raises(VaultDamaged):
            swap.finish(vault_paths)


def test_nothing_is_dropped_before_a_swap_is_over(vault_paths):
    kept = vault_paths.folder / "replaced-00000000"
    kept.mkdir()
    (kept / "vault.db").write_bytes(b"x")
    swap.journal_of(vault_paths).write_bytes(b'{"format": 1, "keep": "replaced-00000000"}')
    assert swap.drop_replaced(vault_paths) == 0
    swap.finish(vault_paths)
    assert swap.drop_replaced(vault_paths) == 1
