"""Undo and Redo, and the journal that they rest on."""

import pytest
from sqlalchemy import select

from crisisdesk.errors import CannotUndo, Stale
from crisisdesk.records.choices import Ending, Need, Race
from crisisdesk.records.clients import Client, ClientName
from crisisdesk.records.directory import ServiceNeed
from crisisdesk.records.encounters import Disposition, Encounter
from crisisdesk.records.notes import Note
from crisisdesk.vault.changes import Act
from crisisdesk.vault.search import search
from crisisdesk.vault.stack import Done, UndoStack
from tests.vault.people import A_DAY, add_client, add_note, add_service, last_name, rename


def _found(store, typed):
    with store.read() as s:
        return [hit.ref for hit in search(s, typed)]


def test_an_edit_is_taken_back_and_brought_back(store):
    client_id = add_client(store)
    rename(store, client_id, "Ortiz")
    assert store.undo_label == "Edit client"
    changes = store.undo()
    assert last_name(store, client_id) == "Delgado"
    assert (changes.label, changes.act, changes.ids) == ("Edit client", Act.UNDO, {"client": {client_id}})
    assert store.redo_label == "Edit client"
    assert store.redo().act is Act.REDO
    assert last_name(store, client_id) == "Ortiz"
    assert store.redo_label is None


def test_several_acts_are_taken_back_one_by_one_and_brought_back(store):
    client_id = add_client(store)
    for name in ("Ortiz", "Reyes"):
        rename(store, client_id, name)
    seen = [(store.undo(), last_name(store, client_id))[1] for _ in range(3)]
    seen += [(store.redo(), last_name(store, client_id))[1] for _ in range(3)]
    assert seen == ["Ortiz", "Delgado", None, "Delgado", "Ortiz", "Reyes"]


def test_undo_and_redo_may_alternate(store):
    client_id = add_client(store)
    rename(store, client_id, "Ortiz")
    for _ in range(3):
        store.undo()
        assert last_name(store, client_id) == "Delgado"
        store.redo()
        assert last_name(store, client_id) == "Ortiz"


def test_an_added_record_comes_back_whole(store):
    with store.write("Add client") as s:
        client = s.add(
            Client(
                number=s.number("client"), last_name="O'Neil", races=(Race.WHITE, Race.HISPANIC), plain_envelope=True
            )
        )
        s.add(ClientName(client_id=client.id, name="Nguyễn"))
    store.undo()
    store.redo()
    with store.read() as r:
        again = r.get(Client, client.id)
    assert again == client


def test_a_removed_record_comes_back(store):
    client_id = add_client(store)
    with store.write("Add name") as s:
        name = s.add(ClientName(client_id=client_id, name="Mia"))
    with store.write("Edit client") as s:
        s.remove(s.get_one(ClientName, name.id))
    store.undo()
    with store.read() as r:
        assert r.get(ClientName, name.id).name == "Mia"


def test_a_row_with_a_key_of_two_parts_is_taken_back(store):
    service_id = add_service(store, "Bed for a night")
    with store.write("Edit needs") as s:
        s.add(ServiceNeed(service_id=service_id, need=Need.BED_TONIGHT))
    with store.write("Edit needs") as s:
        s.remove(s.get_one(ServiceNeed, (service_id, Need.BED_TONIGHT)))
        s.add(ServiceNeed(service_id=service_id, need=Need.FOOD_CLOTHES))
    store.undo()
    with store.read() as r:
        assert r.get(ServiceNeed, (service_id, Need.BED_TONIGHT)) is not None
        assert r.get(ServiceNeed, (service_id, Need.FOOD_CLOTHES)) is None


def test_a_row_that_is_removed_and_added_anew_in_one_write_is_one_change(store):
    service_id = add_service(store, "Bed for a night")
    with store.write("Edit needs") as s:
        s.add(ServiceNeed(service_id=service_id, need=Need.BED_TONIGHT))
    with store.write("Edit needs") as s:
        s.remove(s.get_one(ServiceNeed, (service_id, Need.BED_TONIGHT)))
        s.add(ServiceNeed(service_id=service_id, need=Need.BED_TONIGHT))
    assert s.changes.step is None


def test_a_row_that_gave_way_to_its_like_comes_back(store):
    client_id = add_client(store)
    with store.write("Add encounter") as s:
        encounter = s.add(Encounter(client_id=client_id, number=s.number("encounter"), began_at=A_DAY))
        first = s.add(Disposition(encounter_id=encounter.id, ending=Ending.REFERRED))
    with store.write("Edit encounter") as s:
        s.remove(s.get_one(Disposition, first.id))
        second = s.add(Disposition(encounter_id=encounter.id, ending=Ending.REFERRED))
    for act, there in ((store.undo, first), (store.redo, second), (store.undo, first)):
        act()
        with store.read() as r:
            assert r.scalars(select(Disposition.id)).all() == [there.id]


def test_the_search_follows_undo_and_redo(store):
    client_id = add_client(store, last_name="Delgado")
    rename(store, client_id, "Ortiz")
    assert (_found(store, "delgado"), _found(store, "ortiz")) == ([], [client_id])
    store.undo()
    assert (_found(store, "delgado"), _found(store, "ortiz")) == ([client_id], [])
    store.undo()
    assert _found(store, "delgado") == []
    store.redo()
    assert _found(store, "delgado") == [client_id]


def test_a_new_write_ends_redo(store):
    client_id = add_client(store)
    rename(store, client_id, "Ortiz")
    store.undo()
    rename(store, client_id, "Reyes")
    assert store.redo_label is None
    with pytest.raises(CannotUndo, match="nothing to redo"):
        store.redo()


def test_with_nothing_done_there_is_nothing_to_undo(store):
    assert store.undo_label is None
    with pytest.raises(CannotUndo, match="nothing to undo"):
        store.undo()


def test_an_act_that_can_not_be_undone_is_named_and_stops_undo(store):
    client_id = add_client(store)
    with store.write("Print packet", undoable=False) as s:
        s.get_one(Client, client_id).goes_by = "Mia"
    assert not s.changes.is_undoable
    assert store.undo_label is None
    with pytest.raises(CannotUndo, match="“Print packet” can’t be undone"):
        store.undo()


def test_undo_refuses_if_a_row_has_changed_since(store):
    client_id = add_client(store)
    rename(store, client_id, "Ortiz")
    with store._unit() as session:
        session.connection().exec_driver_sql("UPDATE client SET last_name = 'Behind'")
    with pytest.raises(Stale, match="“Edit client” can’t be undone"):
        store.undo()
    assert last_name(store, client_id) == "Behind"
    assert store.undo_label == "Edit client"


def test_undo_of_an_added_record_refuses_if_any_of_it_has_changed_since(store):
    client_id = add_client(store)
    with store._unit() as session:
        session.connection().exec_driver_sql("UPDATE client SET born_on = '1982-03-14'")  # it was null
    with pytest.raises(Stale):
        store.undo()
    assert last_name(store, client_id) == "Delgado"


def test_undo_of_an_edit_leaves_other_columns_as_they_are(store):
    client_id = add_client(store)
    rename(store, client_id, "Ortiz")
    with store._unit() as session:
        session.connection().exec_driver_sql("UPDATE client SET goes_by = 'Mia'")
    store.undo()
    with store.read() as r:
        client = r.get(Client, client_id)
    assert (client.last_name, client.goes_by) == ("Delgado", "Mia")


def test_redo_refuses_if_a_row_has_changed_since(store):
    client_id = add_client(store)
    rename(store, client_id, "Ortiz")
    store.undo()
    with store._unit() as session:
        session.connection().exec_driver_sql("UPDATE client SET last_name = 'Behind'")
    with pytest.raises(Stale, match="can’t be redone"):
        store.redo()


def test_undo_reaches_back_to_the_opening_of_the_vault(store, open_store):
    client_id = add_client(store)
    store.close()
    again = open_store()
    assert again.undo_label is None
    assert last_name(again, client_id) == "Delgado"
    again.close()


def test_undo_reaches_back_a_hundred_acts():
    stack = UndoStack()
    for seq in range(150):
        stack.push(Done(seq, "Edit client"))
    reached = []
    while stack.undo_label:
        reached.append(stack.to_undo().seq)
        stack.undone(1000 + len(reached))
    assert reached == list(range(149, 49, -1))


def test_a_record_tells_its_history(store):
    client_id = add_client(store)
    rename(store, client_id, "Ortiz")
    store.undo()
    added, edited, undone = store.history("client", client_id)
    assert (added.label, added.before, added.after["last_name"]) == ("Add client", None, "Delgado")
    assert (edited.act, edited.before, edited.after) == (Act.DO, {"last_name": "Delgado"}, {"last_name": "Ortiz"})
    assert (undone.act, undone.before, undone.after) == (Act.UNDO, {"last_name": "Ortiz"}, {"last_name": "Delgado"})


def test_a_number_that_was_given_out_is_not_given_out_again_after_undo(store):
    add_client(store)
    store.undo()
    second = add_client(store)
    with store.read() as s:
        assert s.get(Client, second).number == "C-2026-0002"


def test_a_clients_line_follows_undo(store):
    client_id = add_client(store, list_name="delgado maria")
    with store.read() as s:
        line = "SELECT count(*) FROM client_line WHERE client_id = ?"
        assert s.connection().exec_driver_sql(line, (client_id,)).scalar_one() == 1
    store.undo()
    with store.read() as s:
        assert s.connection().exec_driver_sql(line, (client_id,)).scalar_one() == 0


def test_a_note_with_every_kind_of_letter_comes_back_as_it_was(store):
    client_id = add_client(store)
    body = "“=cmd()” <b>Nguyễn</b> 😀 \x01 \\ \u2028 " + "x" * 200
    note_id = add_note(store, client_id, body)
    store.undo()
    store.redo()
    with store.read() as s:
        assert s.get(Note, note_id).body == body
