"""What is looked at when the vault is opened after a crash."""

import shutil

import pytest
from sqlalchemy import select

from crisisdesk.errors import VaultDamaged
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import soundness
from crisisdesk.vault.audit import AUDIT
from crisisdesk.vault.connection import PAGE, connect
from crisisdesk.vault.store import Store
from tests.vault.fast import PASSPHRASE, unlock
from tests.vault.people import add_client


def _maintained(paths):
    return connect(paths, unlock(paths, PASSPHRASE), maintenance=True)


def _ask(paths, *questions):
    connection = _maintained(paths)
    try:
        return [connection.execute(f"PRAGMA {question}").fetchall() for question in questions]
    finally:
        connection.close()


@pytest.fixture
def crashed(vault_paths, open_store, tmp_path):
    """The places of a vault whose program was killed, with a hundred pages that are free."""
    opened = open_store()
    add_client(opened)
    crashed = VaultPaths(tmp_path / "crashed")
    shutil.copytree(vault_paths.folder, crashed.folder)
    opened.close()
    connection = _maintained(crashed)
    connection.execute("CREATE TABLE filler (bytes BLOB)")
    connection.execute("INSERT INTO filler VALUES (randomblob(400000))")
    connection.execute("DROP TABLE filler")
    connection.close()
    return crashed


def _flip(paths, page):
    content = bytearray(paths.database.read_bytes())
    content[(page - 1) * PAGE + 100] ^= 1
    paths.database.write_bytes(content)


def _lines(store):
    with store.read() as session:
        return [tuple(row) for row in session.execute(select(AUDIT.c.kind, AUDIT.c.outcome).order_by(AUDIT.c.seq))]


def test_a_torn_page_that_is_free_is_written_anew_and_told(crashed, clock):
    (((pages,),),) = _ask(crashed, "page_count")
    for page in (pages - 3, pages - 20):
        _flip(crashed, page)
    torn, sound = _ask(crashed, "cipher_integrity_check", "quick_check")
    assert (len(torn), sound) == (2, [("ok",)])
    store = Store.open(crashed, unlock(crashed, PASSPHRASE), clock)
    assert _lines(store)[-1] == ("integrity", "repaired")
    store.close()
    assert _ask(crashed, "cipher_integrity_check", "integrity_check") == [[], [("ok",)]]


@pytest.mark.parametrize("page", [2, 60])
def test_a_damaged_page_in_use_keeps_a_crashed_vault_closed(page, crashed, clock):
    _flip(crashed, page)
    before = crashed.database.read_bytes()
    with pytest.raises(VaultDamaged):
        Store.open(crashed, unlock(crashed, PASSPHRASE), clock)
    assert crashed.database.read_bytes() == before


def test_a_vault_that_was_locked_is_not_looked_through(open_store, monkeypatch):
    def refuse(_connection):
        pytest.fail("looked through")

    open_store().close()
    monkeypatch.setattr(soundness, "look_through", refuse)
    open_store().close()


def test_a_killed_program_ended_otherwise_than_by_a_lock(crashed, vault_paths):
    for paths, is_well in ((crashed, False), (vault_paths, True)):
        connection = _maintained(paths)
        assert soundness.ended_well(connection) is is_well
        connection.close()


def test_what_a_repair_that_was_cut_short_left_behind_goes(crashed, clock):
    connection = _maintained(crashed)
    connection.execute(f"CREATE TABLE {soundness._SCRATCH} (zeros BLOB)")
    connection.close()
    Store.open(crashed, unlock(crashed, PASSPHRASE), clock).close()
    connection = _maintained(crashed)
    found = connection.execute("SELECT name FROM sqlite_master WHERE name = ?", (soundness._SCRATCH,)).fetchall()
    connection.close()
    assert found == []
