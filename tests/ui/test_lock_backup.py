"""The backup at a lock and at quitting: the vault closes once its pages are copied; the rest needs no vault."""

from threading import Event

import pytest
from PySide6.QtWidgets import QApplication

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.errors import DiskFull
from crisisdesk.ui.lock import backing
from crisisdesk.ui.lock.locking import Host
from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.page import Page, PageEntry
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.vault import backup, copying, making
from tests.clocks import SetClocks
from tests.stores import NOON
from tests.vault.fast import COST, FLOOR, PASSPHRASE

KEYS = Keys(cost=COST, practice_cost=COST, floor=FLOOR)
PATIENCE = 10  # seconds for work that a test holds up; only a failure waits so long


class Blank(Page):
    def __init__(self, context):
        super().__init__(context, "Today")


PAGES = (PageEntry(id="today", title="Today", icon="today", make=Blank),)


@pytest.fixture
def clocks() -> SetClocks:
    return SetClocks()


@pytest.fixture
def anew() -> list[str]:
    return []


@pytest.fixture
def program(vault_paths, qapp, qtbot, clocks, anew):
    """The real program, open; starting anew is noted."""
    host = Host(clocks=clocks, start_anew=lambda: anew.append("anew"))
    made = Program(qapp, place=vault_paths, clock=FixedClock(NOON), pages=PAGES, keys=KEYS, host=host)
    made.start()
    qtbot.waitExposed(made.window)
    unlock(made, qtbot)
    yield made
    made.end()
    made.deleteLater()


@pytest.fixture
def held(monkeypatch):
    """Hold up the sealing, after its checks, until the event is set."""
    go_on, verify = Event(), backup.verify

    def wait_and_verify(*args):
        go_on.wait(PATIENCE)
        return verify(*args)

    monkeypatch.setattr(making, "verify", wait_and_verify)
    yield go_on
    go_on.set()


@pytest.fixture
def slow(monkeypatch):
    """Let the disk take a page in a twentieth of a second: the copy takes longer than any test."""
    monkeypatch.setattr(copying, "_STEP", 1)
    monkeypatch.setattr(copying, "_PAUSE", 0.05)


def unlock(program, qtbot):
    (locked,) = (page for page in program.window.findChildren(UnlockPage) if page.isVisible())
    locked.field.setText(PASSPHRASE)
    locked.unlock()
    qtbot.waitUntil(lambda: program.desk is not None)


def files(paths):
    return sorted(path.suffix or "making" for path in paths.backups.iterdir()) if paths.backups.exists() else []


def lines(desk):
    query = "SELECT outcome FROM audit WHERE kind = 'backup' ORDER BY seq"
    with desk._store.read() as s:
        return [outcome for (outcome,) in s.connection().exec_driver_sql(query)]


def test_the_key_is_gone_while_the_backup_is_still_sealed_and_the_next_unlock_writes_it_down(
    program, held, vault_paths, qtbot
):
    master = program.desk._store._master
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None)
    assert master.is_wiped
    assert program.locking._backing.is_sealing
    assert program.window.findChild(UnlockPage) is not None
    assert ".cdbak" not in files(vault_paths)
    held.set()
    qtbot.waitUntil(lambda: not program.locking._backing.is_sealing)
    assert files(vault_paths) == [".cdbak"]
    unlock(program, qtbot)
    assert lines(program.desk) == ["ok"]
    assert not program.desk.safekeeping.is_due()


def test_its_own_keys_are_wiped_when_it_is_sealed(program, held, qtbot):
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None)
    sealing = program.locking._backing._sealing
    held.set()
    qtbot.waitUntil(lambda: not program.locking._backing.is_sealing)
    assert sealing.making._keys._keys == {}


def test_unlocking_while_it_is_sealed_works_and_it_is_written_down_once(program, held, vault_paths, qtbot):
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None)
    unlock(program, qtbot)
    assert lines(program.desk) == []
    held.set()
    qtbot.waitUntil(lambda: bool(lines(program.desk)))
    assert lines(program.desk) == ["ok"]
    assert files(vault_paths) == [".cdbak"]


def test_locking_again_while_it_is_sealed_begins_no_second_one(program, held, vault_paths, qtbot):
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None)
    first = program.locking._backing._sealing
    unlock(program, qtbot)
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None)
    assert program.locking._backing._sealing is first
    held.set()
    qtbot.waitUntil(lambda: not program.locking._backing.is_sealing)
    assert files(vault_paths) == [".cdbak"]


def test_a_hard_lock_in_the_middle_of_copying_waits_for_nothing_and_leaves_nothing(
    program, slow, anew, vault_paths, qtbot
):
    del slow
    program.lock()
    qtbot.waitUntil(lambda: program.locking._backing.is_copying)
    program.lock(Reason.SLEEP)
    qtbot.waitUntil(lambda: bool(anew))
    assert program.desk is None
    qtbot.waitUntil(lambda: not program.jobs.is_busy)
    assert files(vault_paths) == []


def test_a_copy_that_was_whole_when_it_was_given_up_leaves_neither_file_nor_keys(program, vault_paths, qtbot):
    backing_up = program.locking._backing
    assert backing_up.copy()
    made = backing_up._making
    program.jobs._pool.waitForDone()  # and nobody has heard of it yet
    assert files(vault_paths) == ["making"]
    backing_up.give_up()
    assert files(vault_paths) == []
    assert made._keys._keys == {}
    qtbot.waitUntil(lambda: not program.jobs.is_busy)


def test_a_copy_that_takes_longer_than_two_seconds_is_given_up_for_the_lock(program, slow, clocks, vault_paths, qtbot):
    del slow
    program.lock()
    qtbot.waitUntil(lambda: program.locking._backing.is_copying)
    clocks.go(1.9)
    QApplication.processEvents()
    assert program.desk is not None
    clocks.go(0.2)
    qtbot.waitUntil(lambda: program.desk is None)
    qtbot.waitUntil(lambda: not program.jobs.is_busy)
    assert files(vault_paths) == []
    unlock(program, qtbot)
    assert program.desk.safekeeping.is_due()


def test_what_went_wrong_while_it_was_locked_is_told_at_the_next_unlock(program, monkeypatch, qtbot):
    def full(*_args):
        raise DiskFull("The disk is full.")

    monkeypatch.setattr(making, "verify", full)
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None and not program.locking._backing.is_sealing)
    unlock(program, qtbot)
    assert lines(program.desk) == ["failed"]
    assert program.desk.safekeeping.standing().problem == "The disk is full."


def test_quitting_hides_the_window_with_the_vault_closed_and_ends_when_the_backup_is_sealed(
    program, held, vault_paths, open_store, qtbot
):
    master = program.desk._store._master
    program.window.close()
    assert program.window.is_covered
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert master.is_wiped
    assert ".cdbak" not in files(vault_paths)
    open_store().close()  # a second start meanwhile
    held.set()
    program.end()
    assert files(vault_paths) == [".cdbak"]
    store = open_store()
    assert len(backup.listed(vault_paths.backups, keys=store.lend_keys())) == 1
    store.close()


def test_a_backup_that_keeps_a_closed_program_too_long_is_given_up_and_never_listed(
    program, held, vault_paths, monkeypatch, qtbot
):
    monkeypatch.setattr(backing, "FOR_SEALING", 0.05)
    program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible())
    sealing = program.locking._backing._sealing
    program.end()
    assert sealing.thread.is_alive()
    assert ".cdbak" not in files(vault_paths)
    held.set()
    sealing.thread.join(PATIENCE)
    assert files(vault_paths) == []


def test_quitting_with_no_backup_due_closes_at_once(program, vault_paths, qtbot):
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None and not program.locking._backing.is_sealing)
    unlock(program, qtbot)
    program.window.close()
    assert not program.window.isVisible()
    assert program.desk is None
    assert files(vault_paths) == [".cdbak"]


def test_closing_the_window_while_it_locks_ends_the_program_after_the_lock(program, held, vault_paths, qtbot):
    held.set()
    program.lock()
    program.window.close()
    assert program.window.isVisible()
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert program.desk is None
    program.end()
    assert files(vault_paths) == [".cdbak"]
