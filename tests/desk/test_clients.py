"""Clients: anybody can be written down, known or not, and the form gives back what was typed."""

from datetime import timedelta

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.clients import ClientDraft, FlagDraft, PersonDraft, PhoneDraft, PlanDraft
from crisisdesk.desk.followups import FollowUpDraft
from crisisdesk.errors import Invalid, NotFound, StateConflict
from crisisdesk.records.choices import ClientStatus, CloseReason, FlagKind, Race, Severity, Sex
from crisisdesk.records.clients import Client, ClientPhone
from crisisdesk.vault.store import Store

NAMES = ("O'Neil", "Nguyễn", "Łukasz", "=cmd()", "<b>", "x" * 200, "?", "  spaced  ", "Мария")


def record(store: Store, client_id: str) -> Client:
    with store.read() as s:
        client = s.get(Client, client_id)
    assert client is not None
    return client


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_back_as_it_was_typed(desk, name):
    client_id = desk.clients.add(ClientDraft(last_name=name, other_names=[name.strip()]))
    assert desk.clients.draft(client_id).last_name == name
    assert desk.clients.draft(client_id).other_names == [name.strip()]


def test_a_person_without_a_name_is_shown_as_described(desk, store):
    client_id = desk.clients.add(ClientDraft(described_as="Unknown man, Elm Street bridge"))
    assert record(store, client_id).shown_name == "Unknown man, Elm Street bridge"


def test_nothing_at_all_is_refused_in_words(desk):
    with pytest.raises(Invalid) as refused:
        desk.clients.add(ClientDraft(first_name="  "))
    assert "Described as" in refused.value.problems["last_name"]


def test_a_birth_date_to_come_is_refused(desk, clock: FixedClock):
    draft = ClientDraft(last_name="Wu", born_on=clock.today() + timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        desk.clients.add(draft)
    assert set(refused.value.problems) == {"born_on"}


def test_every_field_of_the_draft_comes_back(desk):
    draft = ClientDraft(
        first_name="Maria", last_name="Delgado", sex=Sex.FEMALE, races=(Race.HISPANIC, Race.WHITE),
        phones=[PhoneDraft(number="555-0142"), PhoneDraft(number="555-0119")], addresses=["218 Cotter Street, 3B"],
        other_names=["Mari"], medication="as told", goals="a door that I can close",
    )  # fmt: skip
    assert desk.clients.draft(desk.clients.add(draft)) == draft


def test_editing_a_phone_keeps_its_row(desk, store, client_id):
    def rows() -> dict[str, str]:
        with store.read() as s:
            return {row.id: row.number for row in s.query(ClientPhone)}

    before = rows()
    draft = desk.clients.draft(client_id)
    draft.phones[0].number = "555-0199"
    desk.clients.edit(client_id, draft)
    assert list(rows()) == list(before)
    assert list(rows().values()) == ["555-0199"]


def test_removing_a_phone_and_undoing_brings_it_back(desk, client_id):
    draft = desk.clients.draft(client_id)
    before = list(draft.phones)
    draft.phones = []
    desk.clients.edit(client_id, draft)
    assert desk.clients.draft(client_id).phones == []
    desk.undo()
    assert desk.clients.draft(client_id).phones == before


def test_an_undone_client_is_gone_and_redo_brings_it_back(desk, store):
    client_id = desk.clients.add(ClientDraft(last_name="Wu"))
    desk.undo()
    with pytest.raises(NotFound):
        desk.clients.draft(client_id)
    desk.redo()
    assert record(store, client_id).last_name == "Wu"


def test_a_client_with_an_open_step_cannot_be_closed(desk, client_id, clock):
    step = desk.followups.add(client_id, FollowUpDraft(due_on=clock.today()))
    with pytest.raises(StateConflict):
        desk.clients.close(client_id, CloseReason.GOALS_MET)
    desk.followups.done(step)
    desk.clients.close(client_id, CloseReason.GOALS_MET)


def test_a_closed_client_can_be_opened_again(desk, store, client_id):
    desk.clients.close(client_id, CloseReason.MOVED)
    desk.clients.set_status(client_id, ClientStatus.ACTIVE)
    client = record(store, client_id)
    assert (client.status, client.closed_on, client.close_reason) == (ClientStatus.ACTIVE, None, None)


def test_setting_aside_needs_a_reason(desk, client_id):
    with pytest.raises(Invalid):
        desk.clients.set_aside(client_id, " ")


def test_a_flag_of_its_own_kind_needs_words(desk, client_id):
    with pytest.raises(Invalid):
        desk.clients.flag(client_id, FlagDraft(kind=FlagKind.OTHER, severity=Severity.DANGER))
    assert desk.clients.flag(client_id, FlagDraft(kind=FlagKind.IN_PAIRS, severity=Severity.DANGER))


def test_what_worked_is_kept_once_per_client(desk, client_id):
    desk.clients.plan(client_id, PlanDraft(opens_with="her dog"))
    desk.clients.plan(client_id, PlanDraft(opens_with="her dog, Canela", avoid="the doorway"))
    assert desk.clients.plan_draft(client_id) == PlanDraft(opens_with="her dog, Canela", avoid="the doorway")


def test_a_person_around_a_client_can_be_changed(desk, client_id):
    person = desk.clients.add_person(client_id, PersonDraft(name="Elena", relationship="sister"))
    desk.clients.edit_person(person, PersonDraft(name="Elena Delgado", relationship="sister", phone="555-0119"))
    assert desk.clients.person_draft(person).phone == "555-0119"


def test_a_client_who_is_gone_is_said_so(desk: Desk):
    with pytest.raises(NotFound):
        desk.clients.edit("no such id", ClientDraft(last_name="Wu"))
