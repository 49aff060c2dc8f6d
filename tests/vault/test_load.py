"""Data sets: brought in and taken out whole, past the journal."""

from typing import Any

import pytest
from sqlalchemy import select

from crisisdesk.errors import CannotUndo
from crisisdesk.records.choices import Need, ServiceStatus
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import DataSet, Organization, Phone, Service, ServiceNeed
from crisisdesk.records.lines import ClientLine
from crisisdesk.vault.index import Kind
from crisisdesk.vault.search import search
from crisisdesk.vault.sessions import MisuseError
from tests.stores import NOON
from tests.vault.people import add_client, add_service

SET = "11111111-1111-4111-8111-111111111111"


def _bring_in(store, services=("Food pantry", "Night shelter")):
    with store.load("Import directory", SET) as load:
        load.insert(DataSet, [{"id": SET, "title": "Town", "imported_at": NOON}])
        load.insert(Organization, [{"id": "agency", "name": "Mercy Harbor", "data_set_id": SET}])
        load.insert(
            Service,
            (
                {"id": name, "organization_id": "agency", "name": name, "data_set_id": SET, "source_id": str(row)}
                for row, name in enumerate(services)
            ),
        )
        load.insert(ServiceNeed, [{"service_id": services[0], "need": Need.FOOD_CLOTHES, "data_set_id": SET}])
        load.insert(Phone, [{"service_id": services[0], "number": "555-0199", "data_set_id": SET}])


def _found(store, typed, kind=Kind.SERVICE):
    with store.read() as s:
        return {hit.ref for hit in search(s, typed, (kind,))}


def test_rows_come_in_with_what_they_leave_out_filled_in(store):
    _bring_in(store)
    with store.read() as s:
        service = s.get(Service, "Food pantry")
        phone = s.scalars(select(Phone)).one()
    assert (service.created_at, service.status, service.alternate_name) == (NOON, ServiceStatus.ACTIVE, "")
    assert (service.source_id, service.minimum_age) == ("0", None)
    assert len(phone.id) == 36


def test_what_came_in_is_found(store):
    _bring_in(store)
    assert _found(store, "food pan") == {"Food pantry"}
    assert _found(store, "mercy") == {"Food pantry", "Night shelter"}
    assert _found(store, "555-0199") == {"Food pantry"}
    assert _found(store, "clothes") == {"Food pantry"}


def test_what_was_changed_is_found_as_it_is_now(store):
    _bring_in(store)
    with store.load("Import directory", SET) as load:
        load.update(Service, [{"id": "Food pantry", "name": "Soup kitchen"}, {"id": "Night shelter", "url": "x.test"}])
        load.update(Organization, [{"id": "agency", "name": "Grace House"}])
        assert load.execute(select(Service.name).where(Service.id == "Food pantry")).scalar_one() == "Soup kitchen"
    assert _found(store, "pantry") == set()
    assert _found(store, "soup grace") == {"Food pantry"}
    assert _found(store, "mercy") == set()
    with store.read() as s:
        assert s.get(Service, "Night shelter").url == "x.test"


def test_a_row_that_changes_hands_is_found_under_its_new_owner_alone(store):
    _bring_in(store)
    with store.read() as s:
        phone_id = s.scalars(select(Phone.id)).one()
    with store.load("Import directory", SET) as load:
        load.update(Phone, [{"id": phone_id, "service_id": "Night shelter"}])
    assert _found(store, "555-0199") == {"Night shelter"}


def test_a_data_set_goes_out_whole(store):
    _bring_in(store)
    with store.load("Take out directory", SET) as load:
        with store.read() as s:
            phones = s.scalars(select(Phone.id)).all()
        load.remove(Phone, phones)
        load.remove(ServiceNeed, ['["Food pantry","food_clothes"]'])
        load.remove(Service, ["Food pantry", "Night shelter"])
        load.remove(Organization, ["agency"])
        load.remove(DataSet, [SET])
    assert _found(store, "food") | _found(store, "mercy") | _found(store, "555-0199") == set()
    with store.read() as s:
        connection = s.connection()
        for table in ("service", "organization", "phone", "service_need", "data_set", "search_doc"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0  # noqa: S608  own names


def test_a_failed_load_leaves_nothing_behind(store):
    with pytest.raises(KeyError), store.load("Import directory", SET) as load:
        load.insert(Organization, [{"id": "agency", "name": "Mercy Harbor"}, {"colour": "red"}])
    with store.read() as s:
        assert s.scalars(select(Organization.id)).all() == []
    add_client(store)


def test_a_column_that_there_is_not_is_a_bug(store):
    with pytest.raises(KeyError, match="colour"), store.load("Import directory", SET) as load:
        load.insert(Organization, [{"name": "Mercy Harbor", "colour": "red"}])


def test_a_load_is_one_act_that_undo_stops_at(store):
    add_client(store)
    heard: list[Any] = []
    store.subscribe(heard.append)
    _bring_in(store)
    (changes,) = heard
    assert changes.ids == dict.fromkeys(
        ("data_set", "organization", "service", "service_need", "phone"), frozenset[str]()
    )
    assert changes.concerns("service", "any")
    assert not changes.is_undoable
    with pytest.raises(CannotUndo, match="“Import directory” can’t be undone"):
        store.undo()


def test_a_load_keeps_no_images_and_one_audit_line(store):
    with store.read() as s:
        before = s.connection().exec_driver_sql("SELECT count(*) FROM journal_row").scalar_one()
    _bring_in(store)
    with store.read() as s:
        assert s.connection().exec_driver_sql("SELECT count(*) FROM journal_row").scalar_one() == before
        line = s.connection().exec_driver_sql("SELECT * FROM audit ORDER BY seq DESC").mappings().first()
    assert (line["kind"], line["object_type"], line["object_id"]) == ("load", "data_set", SET)
    assert line["detail_code"] == "import-directory:6"


def test_an_empty_load_leaves_no_trace(store):
    heard: list[Any] = []
    store.subscribe(heard.append)
    with store.load("Import directory", SET) as load:
        pass
    assert load.counts == {}
    assert heard == []


def test_a_load_leaves_services_of_another_agency_alone(store):
    own = add_service(store, "Bed for a night")
    _bring_in(store)
    assert _found(store, "bed") == {own}


def test_clients_that_come_in_have_their_lines(store):
    with store.load("Import people", SET) as load:
        load.insert(Client, [{"id": "one", "number": "C-1", "list_name": "delgado maria", "last_name": "Delgado"}])
    with store.read() as s:
        assert s.get(ClientLine, "one").list_name == "delgado maria"
    assert _found(store, "delgado", Kind.CLIENT) == {"one"}


def test_no_write_begins_inside_a_load(store):
    with pytest.raises(MisuseError), store.load("Import directory", SET) as _load, store.write("Add client"):
        pass
