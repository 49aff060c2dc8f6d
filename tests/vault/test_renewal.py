"""An older vault is brought up to date after a backup; a newer one is left exactly as it is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crisisdesk.clock import Clock
from crisisdesk.errors import DiskFull, VaultTooNew
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import backup, renewal, upgrade
from crisisdesk.vault.connection import connect, make_engine
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.store import Store

Key = Callable[[], MasterKey]


@contextmanager
def engine_of(paths: VaultPaths, key: Key) -> Iterator[Engine]:
    with closing(connect(paths, key(), maintenance=True)) as connection:
        yield make_engine(lambda: connection)


def make_older(paths: VaultPaths, key: Key) -> None:
    with engine_of(paths, key) as engine:
        upgrade.move(engine, upgrade.SCHEMA - 1)


def files_of(paths: VaultPaths) -> dict[str, bytes]:
    """What counts of a vault: the lock and the counters of tries are no part of it."""
    folders = (paths.folder, paths.backups)
    found = [file for folder in folders if folder.is_dir() for file in folder.iterdir() if file.is_file()]
    return {file.name: file.read_bytes() for file in found if file not in {paths.lock, paths.state}}


def refuse(_done: float) -> None:
    """Fail: there is nothing to do, so nothing is told."""
    pytest.fail("progress was told")


OPENERS: Mapping[str, Callable[[VaultPaths, MasterKey, Clock], object]] = {
    "store": Store.open,
    "renewal": lambda paths, key, clock: renewal.bring_up_to_date(paths, key, clock, refuse),
}


class StoppedError(Exception):
    """Raised where the program is ended in the middle."""


def test_an_older_vault_is_backed_up_and_brought_up_to_date_with_its_progress_told(
    vault_paths: VaultPaths, vault_key: Key, clock: Clock
) -> None:
    make_older(vault_paths, vault_key)
    steps: list[float] = []
    made = renewal.bring_up_to_date(vault_paths, vault_key(), clock, steps.append)
    assert made is not None
    assert (made.manifest.kind, made.manifest.said.schema) == (Kind.PRE_MIGRATE, upgrade.SCHEMA - 1)
    assert backup.verify(made.path, vault_key()) == made.manifest.said
    assert (steps[0], steps[-1], steps == sorted(steps)) == (0.0, 1.0, True)
    with closing(Store.open(vault_paths, vault_key(), clock)) as store:
        assert store.verify_audit().is_sound
    assert len(backup.listed(vault_paths.backups)) == 1, "the store found nothing more to do"


def test_a_vault_of_today_is_not_touched_and_nothing_is_told(
    vault_paths: VaultPaths, vault_key: Key, clock: Clock
) -> None:
    before = files_of(vault_paths)
    assert renewal.bring_up_to_date(vault_paths, vault_key(), clock, refuse) is None
    assert files_of(vault_paths) == before


@pytest.mark.parametrize("was_locked_well", [True, False])
@pytest.mark.parametrize("opens", ["renewal", "store"])
def test_a_newer_vault_is_refused_with_what_to_do_and_not_one_byte_of_it_is_changed(
    vault_paths: VaultPaths, vault_key: Key, clock: Clock, opens: str, *, was_locked_well: bool
) -> None:
    store = Store.open(vault_paths, vault_key(), clock)
    if was_locked_well:
        store.close()
    else:  # as after a power cut: then a vault is looked through when it is opened, and mended
        store._forget()
        store._lock.release()
    with closing(connect(vault_paths, vault_key(), maintenance=True)) as connection:
        connection.execute("CREATE TABLE scratch_of_free_pages (zeros BLOB)")  # of a mending that was cut short
        connection.execute(f"PRAGMA user_version = {upgrade.SCHEMA + 1}")
    before = files_of(vault_paths)
    with pytest.raises(VaultTooNew, match=r"It is well, and nothing was changed\. Install that version here"):
        OPENERS[opens](vault_paths, vault_key(), clock)
    assert files_of(vault_paths) == before


def test_without_room_for_the_backup_it_says_what_to_do_and_leaves_the_older_vault(
    vault_paths: VaultPaths, vault_key: Key, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_older(vault_paths, vault_key)
    before = files_of(vault_paths)

    def full(_folder: Path, _need: int) -> None:
        raise DiskFull("It needs 2 MB, and 1 MB are free.")

    monkeypatch.setattr("crisisdesk.vault.making.need_room", full)
    with pytest.raises(DiskFull, match=r"no room for one\. It needs 2 MB.* then unlock again; nothing was changed"):
        renewal.bring_up_to_date(vault_paths, vault_key(), clock, lambda _done: None)
    assert files_of(vault_paths) == before


@pytest.mark.parametrize("at", [0.0, 0.2, 0.5, 0.9])
def test_stopped_in_the_middle_it_is_the_older_vault_and_the_next_time_finishes(
    vault_paths: VaultPaths, vault_key: Key, clock: Clock, at: float
) -> None:
    make_older(vault_paths, vault_key)
    before = vault_paths.database.read_bytes()

    def stop(done: float) -> None:
        if done >= at:
            raise StoppedError

    with pytest.raises(StoppedError):
        renewal.bring_up_to_date(vault_paths, vault_key(), clock, stop)
    assert vault_paths.database.read_bytes() == before
    assert backup.listed(vault_paths.backups) == []
    assert renewal.bring_up_to_date(vault_paths, vault_key(), clock, lambda _done: None) is not None
