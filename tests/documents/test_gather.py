"""From the desk to a packet, and what is said before it leaves; on the practice data."""

from datetime import timedelta

import pytest

from crisisdesk.desk.client_list import ClientFilter, ClientQuery
from crisisdesk.desk.clients import ClientDraft, PersonDraft, PhoneDraft
from crisisdesk.desk.matching import ClientFacts
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.desk.releases import ReleaseDraft, usual_end
from crisisdesk.documents.gather import packet
from crisisdesk.documents.packet import packet_pdf
from crisisdesk.documents.preflight import Fix, Leaving, Weight, preflight
from crisisdesk.records.choices import (
    Basis,
    HandOff,
    MayContact,
    Need,
    PageKind,
    ReleaseScope,
    ReleaseStatus,
    VoicemailRule,
    YesNo,
)
from tests.documents.paper import pages

ALL = tuple(PageKind)


@pytest.fixture
def rooms(town):
    rows = town.matching.match(ClientFacts(), Need.PLACE_TO_LIVE).rows
    return town.services.card(next(row.service_id for row in rows if "single rooms" in row.title))


@pytest.fixture
def maria(town):
    return town.client_list.page(ClientQuery(text="Delgado", filter=ClientFilter.ALL)).rows[0].id


def _facts(town, client_id, **draft):
    referral_id = town.referrals.open(client_id, ReferralDraft(**draft))
    return packet(town, referral_id, printed_at=town.clock.local(town.clock.now()))


def _look(town, client_id, pages=ALL, **draft):
    return preflight(town, Leaving(client_id=client_id, draft=ReferralDraft(**draft), pages=pages, name="Ada"))


def _first(findings, weight):
    return [finding.first for finding in findings if finding.weight is weight]


def _release(town, client_id, card, **more):
    today = town.clock.today()
    given = {
        "recipient": card.organization,
        "purpose": "to find a room",
        "status": ReleaseStatus.SIGNED,
        "signed_on": today,
        "expires_on": usual_end(today),
    }
    town.releases.add(client_id, ReleaseDraft(organization_id=card.organization_id, **given | more))


def test_her_private_notes_are_on_no_page(town, maria, rooms):
    private = rooms.private
    said = repr(_facts(town, maria, service_id=rooms.id))
    for secret in (private.back_line, private.what_helps, private.said_no_to):
        assert not secret or secret not in said
    assert private.back_line


def test_a_private_address_is_not_printed(town, maria):
    hidden = next(
        card
        for row in town.matching.match(ClientFacts(), None, "", limit=100).rows
        if (card := town.services.card(row.service_id)).public.has_private_place
    )
    facts = _facts(town, maria, service_id=hidden.id)
    assert facts.handout.address == facts.recipient.address == ""
    assert hidden.private.places[0].street not in repr(facts)


def test_only_numbers_known_to_be_safe_are_printed(town, rooms):
    phones = [
        PhoneDraft(number="555-0130", safe_to_call=YesNo.NO),
        PhoneDraft(number="555-0131", safe_to_call=YesNo.YES),
        PhoneDraft(number="555-0132"),
        PhoneDraft(number="555-0133", safe_to_call=YesNo.DOES_NOT_KNOW, voicemail=VoicemailRule.OK),
    ]
    client_id = town.clients.add(ClientDraft(first_name="Ada", phones=phones))
    facts = _facts(town, client_id, service_id=rooms.id)
    assert [phone.number for phone in facts.client.reach.phones] == ["555-0131"]


def test_her_words_for_a_voicemail_are_said_in_their_name(town, rooms):
    phone = PhoneDraft(
        number="555-0131",
        safe_to_call=YesNo.YES,
        voicemail=VoicemailRule.CUSTOM,
        voicemail_words="Dana, for Ada",
    )
    client_id = town.clients.add(ClientDraft(first_name="Ada", phones=[phone]))
    known = _facts(town, client_id, service_id=rooms.id, spoke_with="Renee Aldous, intake")
    unknown = _facts(town, client_id, service_id=rooms.id)
    assert known.client.reach.phones[0].say_only == "Renee, for Ada"
    assert unknown.client.reach.phones[0].say_only == "(your first name), for Ada"
    assert known.client.reach.phones[0].voicemail == "Do not name Hope House."


def test_who_must_not_be_contacted_is_told_by_relationship(town, rooms):
    client_id = town.clients.add(ClientDraft(first_name="Ada"))
    town.clients.add_person(
        client_id, PersonDraft(name="Rick Dent", relationship="ex-partner", may_contact=MayContact.NO)
    )
    never = _facts(town, client_id, service_id=rooms.id).client.reach.never_contact
    assert never.startswith("Ex-partner. If they call")
    assert "Rick" not in never


def test_a_long_description_is_cut_between_sentences(town, maria, rooms):
    draft = town.services.draft(rooms.id)
    draft.description = "A safe room. " + "It has a bed and a door. " * 40
    town.services.edit(rooms.id, draft)
    what = _facts(town, maria, service_id=rooms.id).handout.what
    assert len(what) <= 180
    assert what.endswith("door.")


def test_a_referral_without_a_place_can_be_previewed(town, maria):
    facts = _facts(town, maria, sentence="Needs a room.")
    assert facts.referral.sentence == "Needs a room."
    assert facts.handout.name == ""


def test_the_release_is_the_basis_on_the_form(town, rooms):
    client_id = town.clients.add(ClientDraft(first_name="Ada"))
    _release(town, client_id, rooms, status=ReleaseStatus.VERBAL)
    assert _facts(town, client_id, service_id=rooms.id).referral.basis.startswith("Shared as the client agreed in")


def test_without_a_place_it_stops(town, maria):
    assert _first(_look(town, maria), Weight.BLOCKS) == ["No place is chosen."]


def test_without_pages_it_stops_unless_the_client_is_only_told(town, maria, rooms):
    assert _first(_look(town, maria, (), service_id=rooms.id), Weight.BLOCKS) == ["No page is ticked."]
    told = _look(town, maria, (), service_id=rooms.id, hand_off=HandOff.INFORMATION)
    assert _first(told, Weight.BLOCKS) == []


def test_without_a_release_it_stops_and_says_who_would_be_told(town, rooms):
    client_id = town.clients.add(ClientDraft(first_name="Ada"))
    found = _look(town, client_id, service_id=rooms.id)
    assert found[0].first == "This would tell Hope House about Ada."
    assert found[0].fixes == (Fix.RELEASE, Fix.ANYWAY)


def test_the_clients_own_page_needs_no_release(town, rooms):
    client_id = town.clients.add(ClientDraft(first_name="Ada"))
    assert _first(_look(town, client_id, (PageKind.HANDOUT,), service_id=rooms.id), Weight.BLOCKS) == []


def test_a_release_that_covers_no_reason_stops_the_form_but_not_the_cover(town, rooms):
    client_id = town.clients.add(ClientDraft(first_name="Ada"))
    _release(town, client_id, rooms, scopes=(ReleaseScope.IDENTITY,))
    found = _look(town, client_id, service_id=rooms.id)
    assert _first(found, Weight.BLOCKS) == ["Page 2 would tell Hope House why Ada is referred."]
    assert _first(_look(town, client_id, (PageKind.COVER,), service_id=rooms.id), Weight.BLOCKS) == []


def test_a_stated_ground_becomes_a_caution(town, rooms):
    client_id = town.clients.add(ClientDraft(first_name="Ada"))
    found = _look(town, client_id, service_id=rooms.id, basis=Basis.TREATMENT, basis_reason="She asked.")
    assert _first(found, Weight.BLOCKS) == []
    assert "Hope House is told without a release." in _first(found, Weight.CAUTION)


@pytest.mark.parametrize(("days", "weight"), [(14, Weight.CAUTION), (15, Weight.FINE)])
def test_a_release_that_ends_within_two_weeks_is_pointed_out(town, rooms, days, weight):
    client_id = town.clients.add(ClientDraft(first_name="Ada"))
    _release(town, client_id, rooms, expires_on=town.clock.today() + timedelta(days=days))
    found = _look(town, client_id, service_id=rooms.id)
    assert any("elease" in first for first in _first(found, weight))


def test_a_place_that_nobody_checked_is_to_be_called_first(town, maria):
    stale = next(
        row.service_id for row in town.matching.match(ClientFacts(), None, "", limit=100).rows if row.check.warning
    )
    found = _look(town, maria, (PageKind.HANDOUT,), service_id=stale)
    assert any(finding.fixes == (Fix.CHECKED,) for finding in found)


def test_a_client_without_a_number_is_pointed_out(town, rooms):
    client_id = town.clients.add(ClientDraft(first_name="Ada"))
    found = _look(town, client_id, service_id=rooms.id, sentence="Needs a room.")
    assert "How will they reach Ada? No safe number is known." in _first(found, Weight.CAUTION)


@pytest.mark.parametrize("name", ["O'Neil", "(", "a+b", "W" * 200, "?"])
def test_any_name_of_somebody_close_is_looked_for_as_typed(town, rooms, name):
    client_id = town.clients.add(ClientDraft(first_name="Ada"))
    town.clients.add_person(client_id, PersonDraft(name=name, relationship="sister"))
    assert _look(town, client_id, service_id=rooms.id, sentence=f"Stays with {name} now.")


def test_a_number_nobody_asked_about_is_not_called_safe(town, rooms):
    phone = PhoneDraft(number="555-0131", voicemail=VoicemailRule.OK)
    client_id = town.clients.add(ClientDraft(first_name="Ada", phones=[phone]))
    _release(town, client_id, rooms)
    facts = _facts(town, client_id, service_id=rooms.id)
    text = " ".join(pages(packet_pdf(facts, ALL).data)).replace("\u00a0", " ")
    assert "555-0131" not in text
    assert "No safe number is known. Please call us first" in text
    assert "before you try to reach the client" in text
    findings = _look(town, client_id, service_id=rooms.id, sentence="A room.")
    (asked,) = [each for each in findings if Fix.NUMBERS in each.fixes]
    assert asked.first == "Is 555-0131 safe to call? Nobody has asked."
    assert asked.rest == "It is not printed. Page 2 asks them to call you first."


def test_a_name_that_ends_with_a_stop_brings_no_second_one(town, rooms):
    draft = town.services.draft(rooms.id)
    draft.organization = "Acme Inc."
    town.services.edit(rooms.id, draft)
    phone = PhoneDraft(number="555-0131", safe_to_call=YesNo.YES, voicemail=VoicemailRule.NO_IDENTITY)
    client_id = town.clients.add(ClientDraft(first_name="Ada", phones=[phone]))
    facts = _facts(town, client_id, service_id=rooms.id)
    assert facts.client.reach.phones[0].voicemail.endswith("Do not name Acme Inc.")
