"""Services: typed by hand, edited, checked, with what only she knows; and the week's calls."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crisisdesk.desk.checks import Checked, CheckState, age_words
from crisisdesk.desk.service_card import ages_words, cost_words
from crisisdesk.desk.service_draft import PrivateDraft, ServiceDraft, ServicePhoneDraft
from crisisdesk.desk.service_list import ServiceQuery
from crisisdesk.desk.words import Tone
from crisisdesk.errors import Invalid, NotFound
from crisisdesk.records.choices import CheckHow, CheckResult, Need, PhoneType, ReferralState
from crisisdesk.records.directory import Address, Location, Organization, Schedule, Service, ServiceAtLocation

FULL = ServiceDraft(
    organization="Hope House",
    name="Single rooms",
    description="A safe room for one adult for up to six months.",
    needs=[Need.PLACE_TO_LIVE],
    for_whom="Adults 18+, county residents. Small dogs ok.",
    minimum_age=18,
    how_to_get_in="Call intake, then come the same day before 17:00",
    phones=[
        ServicePhoneDraft(number="555-0171"),
        ServicePhoneDraft(number="555-0172", type=PhoneType.INTAKE),
    ],
    hours="Every day 8–20, last intake 17:00",
    address="41 Cedar Street",
    city="Harlow Falls",
    directions="beside the library, bus 4",
    cost="Medicaid, or 30 % of income",
    bring="Any ID, medicines in their bottles",
    languages="Spanish, English",
    what_happens="Renee shows you the room.",
    say_this="I'm Mari, I need a room.",
)


def pairs(card):
    return {pair.label: pair.value for pair in card.public_pairs}


def test_a_service_typed_by_hand_reads_on_its_card_as_it_was_typed(desk):
    card = desk.services.card(desk.services.add(FULL))
    assert card.title == "Hope House, single rooms"
    assert card.summary == "A safe room for one adult for up to six months."
    assert card.hours_now == "Open till 20:00"
    assert pairs(card) == {
        "For whom": "Adults 18+, county residents. Small dogs ok.",
        "How to get in": "Call intake, then come the same day before 17:00",
        "Phone": "555-0171, intake 555-0172",
        "Hours": "Every day 8–20, last intake 17:00",
        "Where": "41 Cedar Street, Harlow Falls, beside the library, bus 4",
        "Cost": "Medicaid, or 30 % of income",
        "Bring": "Any ID, medicines in their bottles",
        "Languages": "Spanish, English",
        "What happens": "Renee shows you the room.",
        "Words to say": "I'm Mari, I need a room.",
    }


def test_the_form_shows_what_was_typed(desk):
    assert desk.services.draft(desk.services.add(FULL)) == FULL


def test_saving_an_unchanged_form_changes_no_fact(desk, store):
    service_id = desk.services.add(FULL)
    before = pairs(desk.services.card(service_id))
    desk.services.edit(service_id, desk.services.draft(service_id, twenty_four=False))
    assert pairs(desk.services.card(service_id)) == before
    with store.read() as s:
        assert len(s.scalars(select(Schedule)).all()) == 2


def test_every_field_can_be_changed_and_undone(desk):
    service_id = desk.services.add(FULL)
    before = desk.services.draft(service_id)
    changed = ServiceDraft(
        organization="Juniper House",
        name="Shelter",
        description="A bed.",
        needs=[Need.BED_TONIGHT, Need.SAFE_AT_HOME],
        for_whom="Anybody",
        minimum_age=16,
        maximum_age=24,
        how_to_get_in="Ring",
        phones=[ServicePhoneDraft(number="555-0199", extension="7", description="night desk")],
        hours="Mon-Fri 20-8",
        address="7 Mill Street",
        city="Alder Falls",
        state="MN",
        postal_code="55001",
        directions="behind the church",
        cost="Free",
        insurance="Medicaid",
        bring="Nothing",
        languages="ASL",
        what_happens="A bed is made.",
        say_this="I need a bed.",
        website="https://example.org",
        email="beds@example.org",
    )
    desk.services.edit(service_id, changed)
    shown = desk.services.draft(service_id)
    assert shown.hours == "Mon–Fri 20–8"
    shown.hours = changed.hours
    assert shown == changed
    desk.undo()
    assert desk.services.draft(service_id) == before


def test_a_name_is_enough_and_no_name_is_said_beside_the_field(desk):
    assert desk.services.card(desk.services.add(ServiceDraft(organization="Mill Street Mission"))).title == (
        "Mill Street Mission"
    )
    with pytest.raises(Invalid) as refused:
        desk.services.add(ServiceDraft(organization="  "))
    assert refused.value.problems == {"name": "Type what it is called."}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"minimum_age": 200}, "minimum_age"),
        ({"minimum_age": 20, "maximum_age": 10}, "maximum_age"),
        ({"by_phone_only": True, "address": "41 Cedar Street"}, "address"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(desk, facts, field):
    with pytest.raises(Invalid) as refused:
        desk.services.add(ServiceDraft(name="Rooms", **facts))
    assert set(refused.value.problems) == {field}


def test_an_organization_is_known_again_in_any_spelling(agencies, store):
    agencies.add("Łukasz House", "Rooms")
    agencies.add("lukasz  house", "Beds")
    with store.read() as s:
        assert s.scalars(select(Organization.name)).all() == ["Łukasz House"]


def test_hours_that_were_not_touched_stay_as_their_publisher_has_them(desk, agencies, store):
    service_id = agencies.add("Hope House", "Rooms")
    with store.write("Add hours") as s:
        s.add(Schedule(service_id=service_id, freq="MONTHLY", bymonthday="15", opens_at="09:00", closes_at="12:00"))
        s.get_one(Service, service_id).edited_at = None
    draft = desk.services.draft(service_id)
    assert draft.hours == "Day 15 of the month 9–12"
    draft.bring = "ID"
    desk.services.edit(service_id, draft)
    with store.read() as s:
        assert s.scalars(select(Schedule.bymonthday)).all() == ["15"]


def test_a_place_that_others_share_is_left_to_them(desk, agencies, store):
    first = agencies.add("Hope House", "Rooms", address="41 Cedar Street")
    second = agencies.add("Hope House", "Beds", address="41 Cedar Street")
    with store.write("Share place") as s:
        place = s.scalars(select(Location.id)).first()
        for link in s.scalars(select(ServiceAtLocation)):
            link.location_id = place
    draft = desk.services.draft(second)
    draft.address = "7 Mill Street"
    desk.services.edit(second, draft)
    assert desk.services.card(second).public.places[0].street == "7 Mill Street"
    assert desk.services.card(first).public.places[0].street == "41 Cedar Street"


def test_a_private_address_is_only_in_her_half(desk, agencies):
    card = desk.services.card(agencies.add("Juniper House", "Shelter", address="9 Elm Street", address_is_private=True))
    assert pairs(card) == {"Where": "Address kept private"}
    assert {pair.label: pair.value for pair in card.private_pairs}["Private address"] == "9 Elm Street"
    (row,) = desk.services.page(ServiceQuery()).rows
    assert row.where == "Juniper House · address kept private"


def test_a_place_by_phone_only_says_so(desk, agencies):
    card = desk.services.card(agencies.add("Bright Path Youth", "Host homes", by_phone_only=True))
    assert card.hours_now == "By phone only"


def test_what_only_she_knows_is_in_her_half_with_how_it_went(desk, agencies):
    service_id = agencies.add("Hope House", "Rooms")
    connected = [ReferralState.CONNECTED] * 6 + [ReferralState.GOT_HELP]
    agencies.used(service_id, *connected, ReferralState.NO_RESPONSE, ReferralState.NO_RESPONSE)
    agencies.used(service_id, ReferralState.REVOKED, ReferralState.DRAFT)
    desk.services.set_private(
        service_id,
        PrivateDraft(
            back_line="555-0176", who_answers="Renee", what_helps="Say the dog first.", reply_days=3, rating=5
        ),
    )
    card = desk.services.card(service_id)
    assert {pair.label: pair.value for pair in card.private_pairs} == {
        "Back line": "555-0176, Renee",
        "What helps": "Say the dog first.",
        "They answer in": "about 3 days",
        "Your rating": "5 of 5",
        "You so far": "7 of 9 connected, about 6 days, 2 no reply",
    }
    assert "555-0176" not in str(card.public)
    assert desk.services.private_draft(service_id).rating == 5


@pytest.mark.parametrize(("facts", "field"), [({"reply_days": 0}, "reply_days"), ({"rating": 6}, "rating")])
def test_private_numbers_out_of_bounds_are_refused(desk, service_id, facts, field):
    with pytest.raises(Invalid) as refused:
        desk.services.set_private(service_id, PrivateDraft(**facts))
    assert set(refused.value.problems) == {field}


def test_a_service_that_is_gone_is_not_found(desk):
    for act in (desk.services.card, desk.services.draft):
        with pytest.raises(NotFound):
            act("no such id")


def test_a_service_set_aside_is_out_of_view_until_undone(desk, service_id):
    with pytest.raises(Invalid):
        desk.services.set_aside(service_id, " ")
    desk.services.set_aside(service_id, "Closed for good")
    assert desk.services.page(ServiceQuery()).total == 0
    desk.undo()
    assert desk.services.page(ServiceQuery()).total == 1


# Checks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (0, CheckState.FRESH),
        (180, CheckState.FRESH),
        (181, CheckState.AGING),
        (365, CheckState.AGING),
        (366, CheckState.STALE),
    ],
)
def test_a_check_ages_as_domain_md_says(clock, days, state):
    today = clock.today()
    assert Checked(checked_on=today - timedelta(days=days)).state(today) is state


@pytest.mark.parametrize(("days", "state"), [(90, CheckState.FRESH), (91, CheckState.AGING)])
def test_what_people_need_tonight_ages_sooner(clock, days, state):
    today = clock.today()
    assert Checked(checked_on=today - timedelta(days=days), is_critical=True).state(today) is state


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "1 day"), (12, "12 days"), (80, "80 days"), (215, "7 months"), (430, "14 months")],
)
def test_the_age_of_a_check_is_said_in_days_and_then_in_months(days, words):
    assert age_words(days) == words


def test_a_check_that_worked_says_who_and_how(desk, service_id):
    desk.services.check(service_id, CheckHow.PHONE, CheckResult.WORKED)
    mark = desk.services.card(service_id).check
    assert (mark.sentence, mark.by, mark.tone) == ("Checked today", "by you, by phone", Tone.DONE)


def test_a_check_that_failed_is_no_check(desk, agencies, service_id, store, clock):
    agencies.checked(service_id, 12)
    desk.services.check(service_id, CheckHow.PHONE, CheckResult.DID_NOT, "Number off")
    card = desk.services.card(service_id)
    assert (card.check.state, card.check.short) == (CheckState.FAILED, "Didn’t work")
    with store.read() as s:
        assert s.scalars(select(Service.checked_on)).all() == [clock.today() - timedelta(days=12)]
    assert [line.words for line in card.checks] == ["Didn’t, by phone", "Worked, by phone"]
    desk.services.check(service_id, CheckHow.VISIT, CheckResult.CHANGED)
    assert desk.services.card(service_id).check.sentence == "Checked today"


def test_undoing_a_check_brings_back_the_one_before(desk, agencies, service_id):
    agencies.checked(service_id, 12)
    desk.services.check(service_id, CheckHow.PHONE, CheckResult.DID_NOT)
    desk.undo()
    (row,) = desk.services.rows([service_id])
    assert row.check.short == "12 days"


def test_the_weeks_calls_begin_with_what_she_uses_and_what_is_needed_tonight(desk, agencies):
    plain = [agencies.add(f"Agency {number}") for number in range(4)]
    bed = agencies.add("Shelter", needs=[Need.BED_TONIGHT])
    used = agencies.used(agencies.add("Used"), ReferralState.CONNECTED)
    agencies.checked(agencies.add("Fresh"), 8)
    sheet = desk.services.call_sheet()
    assert (sheet.done, sheet.of) == (0, 5)
    assert [row.id for row in sheet.rows] == [used, bed, *plain[:3]]
    desk.services.check(used, CheckHow.PHONE, CheckResult.WORKED)
    sheet = desk.services.call_sheet()
    assert (sheet.done, [row.id for row in sheet.rows]) == (1, [bed, *plain[:3]])


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("youngest", "oldest", "words"),
    [
        (None, None, ""),
        (18, None, "Adults 18 and older"),
        (16, None, "16 and older"),
        (0, 17, "Up to 17"),
        (12, 17.5, "Ages 12 to 17.5"),
        (18, 99, "Adults 18 and older"),
    ],
)
def test_ages_are_said_in_words(youngest, oldest, words):
    assert ages_words(youngest, oldest) == words


@pytest.mark.parametrize(
    ("fees", "insurance", "words"),
    [
        ("", "", ""),
        ("Free", "", "Free"),
        ("", "Medicaid", "Takes Medicaid"),
        ("30 % of income", "Medicaid", "30 % of income; takes Medicaid"),
        ("Medicaid, or 30 % of income", "Medicaid", "Medicaid, or 30 % of income"),
    ],
)
def test_the_cost_says_no_insurance_twice(fees, insurance, words):
    assert cost_words(fees, insurance) == words


@pytest.mark.parametrize(
    ("first", "second", "street"),
    [
        ("41 Cedar Street, 2Nd Floor", "2nd floor", "41 Cedar Street, 2Nd Floor"),
        ("41 Cedar Street", "2nd floor", "41 Cedar Street, 2nd floor"),
        ("41 Cedar Street 12", "2", "41 Cedar Street 12, 2"),
    ],
)
def test_an_address_says_its_second_line_once(desk, store, agencies, first, second, street):
    service_id = agencies.add("Hope House", "Rooms", address="41 Cedar Street")
    with store.write("Edit service") as s:
        address = s.scalars(select(Address)).one()
        address.address_1, address.address_2 = first, second
    assert desk.services.card(service_id).public.places[0].street == street
