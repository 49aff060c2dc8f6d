"""Quick call-outs, stamps past midnight, and who may be the same person."""

from datetime import UTC, datetime, time, timedelta

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.alike import Sought
from crisisdesk.desk.clients import ClientDraft, PhoneDraft
from crisisdesk.desk.encounters import EncounterDraft, QuickDraft
from crisisdesk.desk.followups import TryDraft
from crisisdesk.desk.moments import at_local, last_before, near
from crisisdesk.desk.releases import ReleaseDraft
from crisisdesk.errors import Invalid, NotFound
from crisisdesk.records.choices import Ending, RequestedBy, TryResult


def test_a_call_out_with_somebody_unknown_is_one_act(desk: Desk, clock: FixedClock) -> None:
    encounter = EncounterDraft(began_at=clock.now(), location="Elm Street bridge", endings=(Ending.GONE,))
    kept = desk.encounters.quick(QuickDraft(who="Man, about 30, grey hoodie", encounter=encounter))
    assert kept.is_new_client
    assert desk.chart.head(kept.client_id).name == "Man, about 30, grey hoodie"
    assert desk.encounters.draft(kept.encounter_id).endings == (Ending.GONE,)
    desk.undo()
    assert desk.undo_label != "Add call-out"
    with pytest.raises(NotFound):
        desk.chart.head(kept.client_id)


def test_a_call_out_goes_into_the_chart_of_who_was_found(desk: Desk, client_id: str, clock: FixedClock) -> None:
    kept = desk.encounters.quick(
        QuickDraft(client_id=client_id, who="Maria", encounter=EncounterDraft(began_at=clock.now()))
    )
    assert (kept.client_id, kept.is_new_client) == (client_id, False)
    assert desk.encounters.lines(client_id)[0].id == kept.encounter_id
    assert desk.encounters.client_of(kept.encounter_id) == client_id


def test_somebody_of_whom_nothing_is_known_is_named_after_the_place(desk: Desk, clock: FixedClock) -> None:
    encounter = EncounterDraft(began_at=clock.now(), location="41 Cedar Street")
    kept = desk.encounters.quick(QuickDraft(encounter=encounter))
    assert desk.chart.head(kept.client_id).name == "Unknown person, 41 Cedar Street"


def test_a_call_out_needs_a_who_or_a_where(desk: Desk, clock: FixedClock) -> None:
    with pytest.raises(Invalid) as refused:
        desk.encounters.quick(QuickDraft(encounter=EncounterDraft(began_at=clock.now(), narrative="Wet and cold.")))
    assert set(refused.value.problems) == {"who"}


def test_blanks_are_said_in_the_words_of_today(desk: Desk, client_id: str, clock: FixedClock) -> None:
    draft = EncounterDraft(began_at=clock.now(), requested_by=RequestedBy.PATROL, location="Elm Street")
    desk.encounters.record(client_id, draft)
    row = desk.today.look().finish.rows[0]
    assert draft.blanks() == row.blanks


@pytest.mark.parametrize(
    ("base", "typed", "expected"), [("23:50", "0:20", 1), ("23:50", "23:40", 0), ("0:10", "23:55", -1)]
)
def test_a_stamp_past_midnight_is_the_next_day(base: str, typed: str, expected: int) -> None:
    clock = FixedClock(datetime(2026, 11, 24, 9, 40, tzinfo=UTC))
    began = at_local(clock, datetime(2026, 11, 20, tzinfo=UTC).date(), time.fromisoformat(base.zfill(5)))
    moment = near(clock, began, time.fromisoformat(typed.zfill(5)))
    assert (moment.date() - began.date()).days == expected


def test_a_stamp_that_is_typed_over_lies_behind_her() -> None:
    clock = FixedClock(datetime(2026, 11, 24, 0, 20, tzinfo=UTC))
    assert last_before(clock, clock.now(), time(23, 50)) == clock.now() - timedelta(minutes=30)
    assert last_before(clock, clock.now(), time(0, 10)) == clock.now() - timedelta(minutes=10)


@pytest.mark.parametrize(
    "sought",
    [
        Sought(first_name="MARIA", last_name="delgado"),
        Sought(first_name="Delgado", last_name="María"),
        Sought(phones=("(555) 555 0142".replace("(555) ", ""),)),
    ],
)
def test_a_client_who_may_be_the_same_is_found(desk: Desk, client_id: str, sought: Sought) -> None:
    assert [each.id for each in desk.alike.find(sought)] == [client_id]
    assert desk.alike.find(sought, besides=client_id) == ()


def test_the_same_birth_date_is_told(desk: Desk) -> None:
    born = datetime(1985, 3, 4, tzinfo=UTC).date()
    other = desk.clients.add(ClientDraft(first_name="Ann", last_name="O’Neil", born_on=born))
    found = desk.alike.find(Sought(first_name="?", born_on=born))
    assert [(each.id, each.why) for each in found] == [(other, "same birth date")]


def test_nobody_is_like_a_stranger(desk: Desk, client_id: str) -> None:
    assert client_id
    sought = Sought(first_name="Łukasz", last_name="Nguyễn", phones=("555-0199",))
    assert desk.alike.find(sought) == ()
    assert desk.alike.find(Sought(first_name="=cmd()", goes_by="<b>")) == ()
    assert desk.alike.find(Sought(phones=("?", "12"))) == ()


def test_whom_she_met_at_a_place_is_remembered(desk: Desk, client_id: str, clock: FixedClock) -> None:
    desk.encounters.record(client_id, EncounterDraft(began_at=clock.now(), location="Elm Street bridge"))
    assert [each.id for each in desk.alike.at_place("elm street, east walkway")] == [client_id]
    assert desk.alike.at_place("Elm") == ()


def test_a_release_can_be_put_right(desk: Desk, client_id: str, release_id: str, organization_id: str) -> None:
    draft = desk.releases.draft(release_id)
    assert draft.organization_id == organization_id
    draft.purpose = "to find a room"
    desk.releases.edit(release_id, draft)
    assert desk.releases.draft(release_id).purpose == "to find a room"
    assert desk.releases.agencies() == {"hope house": organization_id}
    with pytest.raises(Invalid):
        desk.releases.edit(release_id, ReleaseDraft())
    assert client_id


def test_a_try_is_read_as_it_was_logged(desk: Desk, client_id: str) -> None:
    logged = desk.followups.log_contact(client_id, TryDraft(result=TryResult.REACHED, note="x" * 900, minutes=4))
    tried = desk.followups.read_try(logged)
    assert (tried.note, tried.minutes, tried.result) == ("x" * 900, 4, TryResult.REACHED)


def test_a_phone_of_another_client_is_no_match_by_its_last_four(desk: Desk) -> None:
    desk.clients.add(ClientDraft(last_name="Okafor", phones=[PhoneDraft(number="512-556-0142")]))
    assert desk.alike.find(Sought(phones=("555-0142",))) == ()
