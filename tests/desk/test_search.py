"""The palette finds clients, services and referrals as she types."""

import pytest

from crisisdesk.desk.search import Found
from crisisdesk.records.choices import ClientStatus, ReferralState
from crisisdesk.records.disclosures import Packet
from tests.desk.town import at


@pytest.fixture
def maria(town):
    return town.client("Maria", "Delgado", goes_by="Mari", number="C-2026-8031")


@pytest.fixture
def referral(town, maria):
    referral = town.referral(
        maria, town.service("Hope House", "Single rooms"), sent_at=at(11, 20), number="R-2026-0142"
    )
    town.add(Packet(referral_id=referral, client_id=maria, number="481207"))
    return referral


def found(desk, text):
    return [(row.kind, row.title, row.detail) for row in desk.search.find(text)]


@pytest.mark.usefixtures("maria")
def test_a_name_finds_the_client(desk):
    assert found(desk, "delg") == [(Found.CLIENT, "Maria Delgado", "Goes by Mari · C-2026-8031")]
    assert desk.search.find("delg")[0].initials == "M. D."


def test_a_word_finds_the_service_under_its_organization(desk, town):
    town.service("Hope House", "Single rooms")
    assert found(desk, "rooms") == [(Found.SERVICE, "Single rooms", "Hope House")]


@pytest.mark.parametrize(
    "typed", ["R-2026-0142", "r20260142", "2026-0142", "142", "0142", "r142", "R-2026-01", "481 207", "481207"]
)
def test_a_referral_is_found_by_its_number_or_its_packets(desk, referral, typed):
    hits = [row for row in desk.search.find(typed) if row.kind is Found.REFERRAL]
    assert [(row.id, row.title) for row in hits] == [(referral, "R-2026-0142")]
    assert hits[0].detail == "Maria Delgado · Hope House, single rooms · Waiting, day 4"


@pytest.mark.usefixtures("referral")
@pytest.mark.parametrize("typed", ["", "  ", "1", "R", "R-", "2026", "143", "481208", "3/14/1982", "maria"])
def test_nothing_else_is_taken_for_a_referrals_number(desk, typed):
    assert all(row.kind is not Found.REFERRAL for row in desk.search.find(typed))


def test_a_closed_client_is_found_and_says_so(desk, town):
    town.client("Was", "Here", status=ClientStatus.CLOSED, number="C-2026-8001")
    assert found(desk, "was here") == [(Found.CLIENT, "Was Here", "C-2026-8001 · Closed")]


def test_what_is_set_aside_is_not_found(desk, town, maria):
    town.client("Maria", "Aside", set_aside_at=at(11, 1))
    town.referral(maria, None, ReferralState.SENT, number="R-2026-0777", set_aside_at=at(11, 1))
    assert [row.title for row in desk.search.find("maria")] == ["Maria Delgado"]
    assert found(desk, "R-2026-0777") == []


@pytest.mark.usefixtures("maria")
@pytest.mark.parametrize("typed", ['"', "*", "(", "NEAR(", "a AND", "-", "^", "%", "\0", "' OR 1=1", "😀", "Ω" * 500])
def test_hostile_text_finds_nothing_and_harms_nothing(desk, typed):
    assert desk.search.find(typed) == () or typed == "a AND"
