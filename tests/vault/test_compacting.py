"""The file is written anew on another thread: smaller, whole, and broken off at once by a lock."""

from contextlib import closing
from threading import Event, Thread

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.errors import DiskFull, VaultError
from crisisdesk.records.clients import Client
from crisisdesk.records.practice import Setting
from tests.vault.people import add_client, add_note, last_name

MANY, SIZE = 200, 40_000


@pytest.fixture
def full(store):
    """A store of some megabytes; returns its one client's id."""
    client = add_client(store, last_name="Delgado")
    with store.write("Fill", undoable=False) as s:
        s.add_all(Setting(key=f"k{number}", value="x" * SIZE) for number in range(MANY))
    return client


@pytest.fixture
def roomy(store, full):
    """That store, after most of what was in it is gone."""
    with store._unit() as session:
        for table in ("journal_row", "setting"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608  our own tables
    return full


def in_thread(act):
    """Run it on a thread of its own, to its end; return what it raised."""
    raised = []

    def run():
        try:
            act()
        except VaultError as error:
            raised.append(error)

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return raised


def test_the_file_gets_smaller_and_the_guard_is_on_again(store, roomy):
    before, said = store.paths.database.stat().st_size, store.digest()
    assert in_thread(store.begin_compacting().run) == []
    assert store.paths.database.stat().st_size < before / 4
    assert store.digest() == said
    assert last_name(store, roomy) == "Delgado"
    with pytest.raises(sqlcipher.DatabaseError, match="not authorized"):
        store._driver().execute("DROP TABLE note")


def test_a_lock_breaks_it_off_and_the_file_is_as_it_was(store, full, open_store):
    compacting = store.begin_compacting()
    began, raised = Event(), []

    def under_way(_statement):
        began.set()
        compacting._stopped.wait(20)

    store._driver().set_trace_callback(under_way)
    thread = Thread(target=lambda: raised.extend(in_thread(compacting.run)))
    thread.start()
    assert began.wait(20)
    store.close()
    thread.join(20)
    assert len(raised) == 1
    with closing(open_store()) as again:
        assert last_name(again, full) == "Delgado"
        assert again.verify_audit().is_sound


def test_it_does_not_begin_once_the_vault_is_closed(store):
    compacting = store.begin_compacting()
    store.close()
    assert len(in_thread(compacting.run)) == 1


def test_it_gives_way_to_a_write_that_is_under_way(store, roomy):
    compacting = store.begin_compacting()
    with store.write("Edit client") as s:
        s.get_one(Client, roomy).last_name = "Ortiz"
        store._writing.flush()
        (raised,) = in_thread(compacting.run)
    assert not isinstance(raised, DiskFull)
    assert last_name(store, roomy) == "Ortiz"


def test_what_is_written_meanwhile_is_saved_whichever_comes_first(store, roomy):
    compacting = store.begin_compacting()
    thread = Thread(target=lambda: in_thread(compacting.run))
    thread.start()
    for number in range(20):
        add_note(store, roomy, f"Note {number}")
    thread.join()
    assert store.counts()["note"] == 20
    assert store.verify_audit().is_sound
