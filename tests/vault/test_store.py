"""The door: reads that only read, writes that are whole."""

import sys
import threading
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from crisisdesk.errors import DiskFull, NotFound
from crisisdesk.records.attachments import Attachment
from crisisdesk.records.clients import Client, ClientPhone
from crisisdesk.records.notes import Note
from crisisdesk.vault.changes import Act
from crisisdesk.vault.search import search
from crisisdesk.vault.sessions import MisuseError
from tests.stores import NOON
from tests.vault.people import A_DAY, add_client, add_note, last_name, rename

COUNTED = (
    *("client", "note", "client_line", "journal_step", "journal_row"),
    *("audit", "search_doc", "fts_client", "number_series", "draft"),
)
_COUNT = "SELECT '{0}', count(*) FROM {0}"


def _fail(store):
    """Do a little of everything in a write, and fail."""
    with store.write("Add client") as s:
        s.add(Client(number=s.number("client"), first_name="Maria"))
        s.execute(select(Client.id))
        s.audit("view", "client", "x")
        raise ZeroDivisionError


def _counts(store):
    """Return how many rows each table has."""
    with store.read() as s:
        counted = s.connection().exec_driver_sql(" UNION ALL ".join(map(_COUNT.format, COUNTED)))
        return dict(counted.all())


def test_what_was_written_is_there_after_a_restart(store, open_store):
    client_id = add_client(store, last_name="Delgado")
    store.close()
    again = open_store()
    assert last_name(again, client_id) == "Delgado"
    again.close()


def test_a_record_is_plain_data_once_its_write_is_over(store):
    with store.write("Add client") as s:
        client = s.add(Client(number="C-2026-0001", first_name="Łukasz"))
    assert client.first_name == "Łukasz"
    assert client.created_at == NOON


def test_a_record_is_plain_data_once_its_read_is_over(store):
    client_id = add_client(store)
    with store.read() as s:
        client = s.get(Client, client_id)
    assert (client.last_name, client.races, client.born_on) == ("Delgado", (), None)


def test_a_failed_write_leaves_nothing_behind(store):
    before = _counts(store)
    with pytest.raises(ZeroDivisionError):
        _fail(store)
    assert _counts(store) == before
    assert store.undo_label is None


def test_a_number_of_a_failed_write_is_given_out_again(store):
    with pytest.raises(ZeroDivisionError):
        _fail(store)
    with store.write("Add client") as s:
        assert [s.number("client"), s.number("client"), s.number("client", 2025)] == [
            "C-2026-0001",
            "C-2026-0002",
            "C-2025-0001",
        ]


def test_each_series_has_its_own_form(store):
    with store.write("Count") as s:
        assert [s.number("referral"), s.number("encounter", 2024)] == ["R-2026-0001", "2024-0001"]
        assert len(s.packet_number()) == 6


def test_a_packet_number_is_not_given_to_two_packets(store, monkeypatch):
    numbers = iter((7, 7, 8))
    monkeypatch.setattr("secrets.randbelow", lambda _most: next(numbers))
    from crisisdesk.records.disclosures import Packet  # noqa: PLC0415  beside its one use
    from crisisdesk.records.referrals import Referral  # noqa: PLC0415  as above

    client_id = add_client(store)
    with store.write("Number packet", undoable=False) as s:
        referral = s.add(Referral(client_id=client_id, number=s.number("referral")))
        s.add(Packet(client_id=client_id, referral_id=referral.id, number=s.packet_number()))
        assert s.packet_number() == "000008"


def test_a_change_in_a_read_is_refused(store):
    client_id = add_client(store)
    with pytest.raises(MisuseError), store.read() as s:
        s.get(Client, client_id).last_name = "Other"
    with pytest.raises(MisuseError), store.read() as s:
        s.add(Client(number="C-1"))
    with pytest.raises(MisuseError), store.read() as s:
        s.delete(s.get(Client, client_id))
    assert last_name(store, client_id) == "Delgado"


def test_a_flush_in_a_read_is_refused(store):
    client_id = add_client(store)
    with store.read() as s:
        client = s.get(Client, client_id)
        client.last_name = "Other"
        with pytest.raises(MisuseError):
            s.flush()
        s.refresh(client)


def test_sql_that_writes_past_the_session_of_a_read_is_refused_and_undone(store):
    client_id = add_client(store)
    with pytest.raises(MisuseError), store.read() as s:
        s.connection().exec_driver_sql("UPDATE client SET last_name = 'Other'")
    assert last_name(store, client_id) == "Delgado"


@pytest.mark.parametrize(
    "statement",
    [
        update(Client).values(last_name="Other"),
        delete(Client),
        insert(Client).values(id="1", number="C-1"),
        text("DELETE FROM client"),
    ],
    ids=["update", "delete", "insert", "text"],
)
def test_bulk_statements_are_refused_as_the_journal_would_miss_them(store, statement):
    client_id = add_client(store)
    with pytest.raises(MisuseError), store.read() as s:
        s.execute(statement)
    with pytest.raises(MisuseError), store.write("Edit client") as s:
        s.execute(statement)
    assert last_name(store, client_id) == "Delgado"


def test_a_write_does_not_begin_inside_another_or_inside_a_read(store):
    with pytest.raises(MisuseError), store.write("One") as _s, store.write("Two"):
        pass
    with pytest.raises(MisuseError), store.read() as _r, store.write("Two"):
        pass
    add_client(store)  # the door is not stuck


def test_a_read_inside_a_read_is_the_same_one(store):
    with store.read() as outer, store.read() as inner:
        assert inner is outer


def test_a_read_inside_a_write_sees_what_was_written_until_now(store):
    with store.write("Add client") as s:
        client_id = s.add(Client(number="C-1", last_name="Nguyễn")).id
        with store.read() as r:
            seen = r.get(Client, client_id)
        assert seen.last_name == "Nguyễn"
        s.get_one(Client, client_id).last_name = "Tran"
    assert last_name(store, client_id) == "Tran"


def test_a_write_sees_its_own_changes(store):
    with store.write("Add client") as s:
        client = s.add(Client(number="C-1"))
        assert s.get_one(Client, client.id) is client
        assert s.scalars(select(Client)).all() == [client]
        assert s.get(Client, "nobody") is None


def test_a_record_that_is_gone_is_said_so(store):
    with pytest.raises(NotFound, match="no longer there"), store.write("Edit client") as s:
        s.get_one(Client, "nobody")


def test_only_a_new_record_is_added(store):
    client_id = add_client(store)
    with store.read() as s:
        old = s.get(Client, client_id)
    with pytest.raises(MisuseError), store.write("Edit client") as s:
        s.add(old)


def test_records_come_in_any_order_as_references_are_checked_at_the_end(store):
    with store.write("Add client") as s:
        client = Client(number="C-1")
        s.add_all([ClientPhone(client_id=client.id, number="555-0101"), client])
    with store.read() as r:
        assert r.scalars(select(ClientPhone.number)).all() == ["555-0101"]


def test_what_the_journal_can_not_keep_is_not_written_in_an_undoable_act(store):
    client_id = add_client(store)
    with pytest.raises(MisuseError, match="undoable"), store.write("File paper") as s:
        s.add(Attachment(client_id=client_id, content=b"%PDF"))
    with store.write("File paper", undoable=False) as s:
        paper = s.add(Attachment(client_id=client_id, content=b"%PDF"))
    assert s.changes.ids["attachment"] == {paper.id}


def test_the_store_belongs_to_its_thread(store):
    caught = []

    def read():
        try:
            with store.read():
                pass
        except MisuseError as error:
            caught.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_a_closed_store_is_closed(store):
    store.close()
    with pytest.raises(MisuseError), store.read():
        pass
    store.close()


def test_closing_lets_go_of_the_vault_and_the_key(store, open_store):
    key = store._audit.key
    store.close()
    assert not any(key)
    open_store().close()


def test_no_word_of_a_record_lies_bare_in_the_vaults_folder(store, vault_paths):
    client_id = add_client(store, last_name="Xylander", described_as="Unknown man, Elm Street bridge")
    add_note(store, client_id, "Quicksilver")
    rename(store, client_id, "Quigley")
    store.keep_draft("note", client_id, "half a sentence")
    store.close()
    written = b"".join(path.read_bytes() for path in vault_paths.folder.iterdir())
    assert not any(
        word in written for word in (b"Xyland", b"Elm Street", b"Quick", b"Quigley", b"half a sent", b"Add note")
    )


def test_a_full_disk_is_told_and_nothing_of_the_act_is_kept(store):
    client_id = add_client(store)
    driver = store._engine.raw_connection().driver_connection
    driver.set_authorizer(None)
    driver.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size instead
    before = _counts(store)
    with pytest.raises(DiskFull), store.write("Add note") as s:
        s.add(Note(client_id=client_id, body="x" * 100_000, written_at=A_DAY))
    assert _counts(store) == before


# Listeners --------------------------------------------------------------------------------------------------------


def test_a_write_is_told_once_after_it_is_saved(store):
    heard: list[Any] = []

    def listen(changes):
        with store.read() as s:
            heard.append((changes, len(s.scalars(select(Client.id)).all())))

    store.subscribe(listen)
    client_id = add_client(store)
    ((changes, clients),) = heard
    assert clients == 1
    assert (changes.label, changes.act, changes.is_undoable) == ("Add client", Act.DO, True)
    assert changes.ids == {"client": {client_id}}
    assert changes.touches("client", "note")
    assert not changes.touches("note")
    assert changes.concerns("client", client_id)
    assert not changes.concerns("client", "another")


def test_a_failed_write_is_not_told(store):
    heard: list[Any] = []
    store.subscribe(heard.append)
    with pytest.raises(ZeroDivisionError):
        _fail(store)
    assert heard == []


def test_a_listener_that_fails_does_not_break_the_write(store, monkeypatch):
    crashes: list[Any] = []
    heard: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_rest: crashes.append(kind))

    def fail(_changes):
        raise ZeroDivisionError

    store.subscribe(fail)
    store.subscribe(heard.append)
    client_id = add_client(store)
    assert last_name(store, client_id) == "Delgado"
    assert crashes == [ZeroDivisionError]
    assert len(heard) == 1


def test_listeners_hear_writes_in_their_order_also_if_one_writes(store):
    client_id = add_client(store)
    heard: list[Any] = []

    def answer(changes):
        if changes.label == "Edit client":
            add_note(store, client_id, "Renamed.")

    store.subscribe(answer)
    store.subscribe(lambda changes: heard.append(changes.label))
    rename(store, client_id, "Ortiz")
    assert heard == ["Edit client", "Add note"]


def test_who_no_longer_listens_is_not_told(store):
    heard: list[Any] = []
    end = store.subscribe(heard.append)
    end()
    end()
    add_client(store)
    assert heard == []


def test_a_write_that_changed_nothing_leaves_no_trace(store):
    client_id = add_client(store)
    before = _counts(store)
    heard: list[Any] = []
    store.subscribe(heard.append)
    with store.write("Edit client") as s:
        s.get_one(Client, client_id).last_name = "Delgado"
        s.get_one(Client, client_id).first_name = "Mia"
        s.execute(select(Client.id))
        s.get_one(Client, client_id).first_name = "Maria"
    assert _counts(store) == before
    assert heard == []
    assert s.changes.step is None


def test_what_a_write_did_is_not_known_before_its_end(store):
    with store.write("Look") as s, pytest.raises(MisuseError):
        _ = s.changes


# Half-typed forms -------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_outside_of_journal_audit_and_undo(store):
    add_client(store)
    store.undo()
    before = _counts(store)
    heard: list[Any] = []
    store.subscribe(heard.append)
    store.keep_draft("note", "42", '{"body": "half"}')
    store.keep_draft("note", "42", '{"body": "half a sent"}')
    assert _counts(store) == before | {"draft": 1}
    assert heard == []
    assert store.redo_label == "Add client"
    assert store.draft("note", "42").body == '{"body": "half a sent"}'
    assert store.draft("note", "42").at == NOON
    assert [draft.ref for draft in store.drafts()] == ["42"]
    store.drop_draft("note", "42")
    assert store.draft("note", "42") is None
    assert store.drafts() == []


def test_the_search_can_be_made_anew(store):
    client_id = add_client(store, first_name="Łukasz")
    with store._unit() as session:
        session.connection().exec_driver_sql("DELETE FROM fts_client")
    with store.read() as s:
        assert search(s, "lukasz") == []
    store.rebuild_search()
    with store.read() as s:
        assert [hit.ref for hit in search(s, "lukasz")] == [client_id]
