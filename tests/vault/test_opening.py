"""An old database is opened with a warning, an old key file is refused; a change cut short locks nobody out."""

import shutil
from datetime import timedelta

import pytest

from crisisdesk.errors import OldKeyFile
from crisisdesk.vault import opening, state
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.opening import Rollback
from crisisdesk.vault.store import Store
from tests.stores import NOON
from tests.vault.fast import OTHER_PASSPHRASE, PASSPHRASE, change_passphrase, unlock


def visit(paths, clock, passphrase=PASSPHRASE, drafts=0) -> Rollback | None:
    store = Store.open(paths, unlock(paths, passphrase), clock)
    for _draft in range(drafts):
        store.rebuild_search()
        with store.write("Note nothing"):
            pass
        store.note()
    found = store.rollback_warning
    store.close()
    return found


def generation(store: Store) -> int:
    known = store.remembered()
    assert known is not None
    return known.header_gen


def lines(paths, clock) -> list[tuple[str, str, str]]:
    store = Store.open(paths, unlock(paths, PASSPHRASE), clock)
    with store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT kind, outcome, detail_code FROM audit ORDER BY seq").all()
    store.close()
    return [tuple(row) for row in rows]


def test_a_vault_that_was_left_alone_gives_no_warning(vault_paths, clock):
    assert [visit(vault_paths, clock) for _time in range(3)] == [None] * 3


def test_yesterdays_database_is_opened_with_a_warning_that_counts(vault_paths, clock, tmp_path):
    visit(vault_paths, clock)
    shutil.copy(vault_paths.database, tmp_path / "yesterday")
    clock.moment = NOON + timedelta(hours=26)
    visit(vault_paths, clock)
    visit(vault_paths, clock)
    shutil.copy(tmp_path / "yesterday", vault_paths.database)
    clock.moment = NOON + timedelta(hours=30)
    assert visit(vault_paths, clock) == Rollback(lines_behind=4, older_by=timedelta(hours=26))
    assert visit(vault_paths, clock) is None
    assert ("integrity", "warned", "rollback-26h:4") in lines(vault_paths, clock)


def test_another_branch_of_the_same_vault_is_noticed_too(vault_paths, clock, tmp_path):
    visit(vault_paths, clock)
    shutil.copytree(vault_paths.folder, tmp_path / "branch")
    visit(vault_paths, clock)
    branch = type(vault_paths)(tmp_path / "branch")
    clock.moment = NOON + timedelta(minutes=1)
    for _time in range(4):
        visit(branch, clock)
    shutil.copy(branch.database, vault_paths.database)
    found = visit(vault_paths, clock)
    assert found == Rollback(lines_behind=0, older_by=timedelta())


def test_a_restore_that_she_decided_on_gives_no_warning(vault_paths, clock, tmp_path):
    shutil.copy(vault_paths.database, tmp_path / "backup")
    visit(vault_paths, clock)
    shutil.copy(tmp_path / "backup", vault_paths.database)
    opening.forget_mark(vault_paths)
    assert visit(vault_paths, clock) is None


def test_an_old_key_file_that_was_put_back_is_refused(vault_paths, clock):
    old = vault_paths.keys.read_bytes()
    change_passphrase(vault_paths, unlock(vault_paths, PASSPHRASE), OTHER_PASSPHRASE)
    visit(vault_paths, clock, OTHER_PASSPHRASE)
    for path in (vault_paths.keys, vault_paths.keys_twin):
        path.write_bytes(old)
    with pytest.raises(OldKeyFile, match="old key file was put back"):
        visit(vault_paths, clock)


def test_a_change_while_the_vault_is_open_is_remembered_at_the_latest_when_it_closes(vault_paths, clock):
    old = vault_paths.keys.read_bytes()
    store = Store.open(vault_paths, unlock(vault_paths, PASSPHRASE), clock)
    change_passphrase(vault_paths, unlock(vault_paths, PASSPHRASE), OTHER_PASSPHRASE)
    store.close()
    for path in (vault_paths.keys, vault_paths.keys_twin):
        path.write_bytes(old)
    with pytest.raises(OldKeyFile):
        visit(vault_paths, clock)


def test_remembering_at_once_is_possible(vault_paths, clock):
    store = Store.open(vault_paths, unlock(vault_paths, PASSPHRASE), clock)
    assert generation(store) == 1
    change_passphrase(vault_paths, unlock(vault_paths, PASSPHRASE), OTHER_PASSPHRASE)
    store.remember_keys()
    assert generation(store) == 2
    store.close()


def test_a_crash_between_key_file_and_database_locks_nobody_out(vault_paths, clock):
    for number in range(3):
        before, after = (PASSPHRASE, OTHER_PASSPHRASE) if number % 2 == 0 else (OTHER_PASSPHRASE, PASSPHRASE)
        change_passphrase(vault_paths, unlock(vault_paths, before), after)  # and no word to the database
    visit(vault_paths, clock, OTHER_PASSPHRASE)
    mark = state.read(vault_paths).mark
    assert mark is not None
    assert mark.generation == 4


def test_an_older_database_with_a_newer_key_file_opens(vault_paths, clock, tmp_path):
    visit(vault_paths, clock)
    shutil.copy(vault_paths.database, tmp_path / "older")
    change_passphrase(vault_paths, unlock(vault_paths, PASSPHRASE), OTHER_PASSPHRASE)
    visit(vault_paths, clock, OTHER_PASSPHRASE)
    shutil.copy(tmp_path / "older", vault_paths.database)
    assert visit(vault_paths, clock, OTHER_PASSPHRASE) is not None


def test_a_key_that_no_key_file_gave_is_not_judged_by_one(vault_paths, clock):
    bare = MasterKey(bytearray(unlock(vault_paths, PASSPHRASE).secret))
    Store.open(vault_paths, bare, clock).close()
