"""Purge: all of one chart goes, nothing of the others, and the store goes on as before."""

from typing import TYPE_CHECKING

import pytest

from crisisdesk.errors import NotFound, OnHold
from crisisdesk.records.clients import Client, ClientPhone
from crisisdesk.records.keeping import LegalHold, Tombstone
from crisisdesk.vault import index
from crisisdesk.vault.purge import Order, counts
from crisisdesk.vault.search import search
from tests.stores import NOON
from tests.vault.people import add_client, add_note, last_name, rename

if TYPE_CHECKING:
    from crisisdesk.vault.changes import Changes


def _order(client_id, reason="Schedule 2231"):
    return Order(client_id=client_id, retention_class="adult", reason=reason)


def _one(store, statement):
    with store.read() as s:
        return s.connection().exec_driver_sql(statement).scalar()


def test_a_purge_leaves_a_tombstone_and_an_audit_line(store):
    client_id = add_client(store)
    add_note(store, client_id, "A talk.")
    done = store.purge(_order(client_id))
    with store.read() as s:
        stone = s.get(Tombstone, done.tombstone_id)
    assert (stone.subject_id, stone.retention_class, stone.rows, stone.reason, stone.certificate) == (
        client_id,
        "adult",
        2,
        "Schedule 2231",
        "P-2026-0001",
    )
    assert _one(store, "SELECT kind || ' ' || object_id || ' ' || detail_code FROM audit ORDER BY seq DESC") == (
        f"purge {client_id} adult:2"
    )
    assert store.verify_audit().is_sound


def test_certificates_are_numbered_one_after_the_other(store):
    numbers = [store.purge(_order(add_client(store))).certificate for _ in range(3)]
    assert numbers == ["P-2026-0001", "P-2026-0002", "P-2026-0003"]


def test_what_was_counted_before_is_what_goes(store):
    client_id = add_client(store)
    for words in ("One.", "Two."):
        add_note(store, client_id, words)
    with store.read() as s:
        counted = counts(s.connection(), client_id)
    assert counted == {"client": 1, "note": 2}
    assert store.purge(_order(client_id)).counts == counted


def test_a_neighbour_is_left_as_before(store):
    gone, stays = add_client(store, last_name="Kowalczyk"), add_client(store)
    add_note(store, stays, "Kept.")
    store.purge(_order(gone))
    assert last_name(store, stays) == "Delgado"
    with store.read() as s:
        assert [hit.ref for hit in search(s, "delgado", (index.Kind.CLIENT,))] == [stays]
        assert search(s, "kowalczyk", (index.Kind.CLIENT,)) == []


def test_what_the_journal_knew_goes_also_of_rows_taken_out_before(store):
    client_id = add_client(store)
    with store.write("Add phone") as s:
        phone = s.add(ClientPhone(client_id=client_id, number="555-0142"))
    with store.write("Remove phone") as s:
        s.remove(s.get_one(ClientPhone, phone.id))
    rename(store, client_id, "Lost")
    store.undo()
    done = store.purge(_order(client_id))
    assert done.images == 5
    assert _one(store, "SELECT count(*) FROM journal_row") == 0


def test_the_store_can_be_written_and_read_after_a_purge(open_store, store):
    store.purge(_order(add_client(store)))
    store.compact()
    client_id = add_client(store, last_name="Ortiz")
    rename(store, client_id, "Other")
    store.undo()
    store.close()
    again = open_store()
    assert last_name(again, client_id) == "Ortiz"
    again.close()


def test_the_guard_is_on_again_after_the_file_was_written_anew(store):
    store.compact()
    with pytest.raises(Exception, match="not authorized"), store.read() as s:
        s.connection().exec_driver_sql("DROP TABLE note")


def test_the_file_is_smaller_once_it_was_written_anew(store, vault_paths):
    store.compact()
    empty = vault_paths.database.stat().st_size
    client_id = add_client(store)
    for number in range(100):
        add_note(store, client_id, f"Talk {number}. " * 40)
    full = vault_paths.database.stat().st_size
    store.purge(_order(client_id))
    store.compact()
    assert vault_paths.database.stat().st_size - empty < (full - empty) / 5


def test_a_hold_stops_a_purge_before_anything_is_written(store):
    client_id = add_client(store)
    with store.write("Set hold", undoable=False) as s:
        s.add(LegalHold(client_id=client_id, reason="Subpoena", set_at=NOON))
    before = _one(store, "SELECT max(seq) FROM audit")
    with pytest.raises(OnHold):
        store.purge(_order(client_id))
    assert _one(store, "SELECT max(seq) FROM audit") == before
    with store.read() as s:
        assert s.get(Client, client_id) is not None


def test_nobody_is_purged_twice(store):
    client_id = add_client(store)
    store.purge(_order(client_id))
    with pytest.raises(NotFound):
        store.purge(_order(client_id))


def test_a_listener_hears_of_a_purge(store):
    client_id = add_client(store)
    heard: list[Changes] = []
    store.subscribe(heard.append)
    store.purge(_order(client_id))
    assert heard[0].touches("client", "tombstone")
    assert not heard[0].is_undoable


@pytest.mark.parametrize("statement", ["DELETE FROM tombstone", "UPDATE tombstone SET rows = 0"])
def test_a_tombstone_stays(store, statement):
    store.purge(_order(add_client(store)))
    with pytest.raises(Exception, match="tombstone"), store.load("Try", "x") as load:
        load._connection.exec_driver_sql(statement)


def test_a_text_whose_document_is_gone_is_not_left_in_the_index(store):
    client_id = add_client(store)
    with store.write("Set aside") as s:
        s.get_one(Client, client_id).set_aside_at = NOON
    for name in ("fts_client", "fts_number", "search_doc"):
        assert _one(store, f"SELECT count(*) FROM {name}") == 0  # noqa: S608  own names
