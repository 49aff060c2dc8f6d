"""The list of referrals, by what happens next."""

from datetime import date, time

import pytest

from crisisdesk.desk.referral_list import NextAct, ReferralFilter, ReferralQuery
from crisisdesk.desk.words import Tone
from crisisdesk.records.choices import Need, ReferralState, StepKind, StepState
from crisisdesk.records.disclosures import Packet
from tests.desk.town import TUESDAY, at


@pytest.fixture
def people(town):
    return iter(
        [town.client(first, last) for first, last in (("Devon", "Pratt"), ("Maria", "Delgado"), ("Grace", "Lim"))]
    )


@pytest.fixture
def rooms(town):
    return town.service("Hope House", "Single rooms")


def groups(desk, **query):
    page = desk.referral_list.read(ReferralQuery(**query))
    return {group.act: [row.number for row in group.rows] for group in page.groups}


def only(desk):
    (group,) = desk.referral_list.read(ReferralQuery()).groups
    (row,) = group.rows
    return group.act, row


def test_what_blocks_her_stands_first(desk, town, people, rooms):
    client_id = next(people)

    def referral(number, state, due_on=None):
        made = town.referral(client_id, rooms, state, number=number, sent_at=at(11, 20))
        if due_on:
            town.step(client_id, due_on, referral_id=made)

    later = date(2026, 11, 30)
    referral("R-scheduled", ReferralState.SCHEDULED, later)
    referral("R-client", ReferralState.NEEDS_CLIENT, later)
    referral("R-draft", ReferralState.DRAFT)
    referral("R-waiting", ReferralState.SENT, later)
    referral("R-waitlisted", ReferralState.WAIT_LISTED, later)
    referral("R-today", ReferralState.SCHEDULED, TUESDAY)
    referral("R-late", ReferralState.SENT, date(2026, 11, 20))
    referral("R-loose", ReferralState.NO_SHOW)
    referral("R-ended", ReferralState.GOT_HELP)
    assert list(groups(desk).items()) == [
        (NextAct.NO_STEP, ["R-loose"]),
        (NextAct.TODAY, ["R-late", "R-today"]),
        (NextAct.THEIR_REPLY, ["R-waiting", "R-waitlisted"]),
        (NextAct.CLIENT, ["R-client"]),
        (NextAct.SCHEDULED, ["R-scheduled"]),
        (NextAct.DRAFT, ["R-draft"]),
    ]


def test_a_finished_step_is_no_next_step(desk, town, people, rooms):
    client_id = next(people)
    referral = town.referral(client_id, rooms, sent_at=at(11, 20))
    town.step(client_id, TUESDAY, referral_id=referral, state=StepState.DONE)
    act, row = only(desk)
    assert act is NextAct.NO_STEP
    assert (row.next_words, row.tone) == ("Choose a next step", Tone.DANGER)


@pytest.mark.parametrize(
    ("due", "what", "words"),
    [
        ((TUESDAY, time(11)), "ask Renee", "11:00 · ask Renee"),
        ((TUESDAY, None), "ask for a date, by 16:00", "Ask for a date, by 16:00"),
        ((date(2026, 11, 27), None), "ask if she called", "Fri · ask if she called"),
        ((date(2026, 12, 1), None), "ask if received", "Tue Dec 1 · ask if received"),
        ((date(2026, 12, 15), None), "ask for her place", "Dec 15 · ask for her place"),
        ((date(2026, 11, 22), None), "ask Renee", "2 days late · ask Renee"),
    ],
)
def test_the_next_words_say_when_and_what(desk, town, rooms, due, what, words):
    client_id = town.client("Devon", "Pratt")
    referral = town.referral(client_id, rooms, sent_at=at(11, 20), number="R-2026-8142")
    town.step(client_id, due[0], what, due_at=due[1], kind=StepKind.AGENCY, referral_id=referral)
    _act, row = only(desk)
    assert row.next_words == words
    assert (row.number, row.name, row.initials, row.place) == (
        "R-2026-8142",
        "Devon Pratt",
        "D. P.",
        "Hope House, single rooms",
    )
    assert row.badge.text == "Waiting, day 4"


def test_the_soonest_of_several_steps_counts(desk, town, people, rooms):
    client_id = next(people)
    referral = town.referral(client_id, rooms, sent_at=at(11, 20))
    town.step(client_id, date(2026, 12, 15), referral_id=referral)
    soon = town.step(client_id, date(2026, 11, 30), referral_id=referral)
    assert only(desk)[1].step_id == soon


def test_filters_and_their_counts_agree(desk, town, people, rooms):
    one, two, three = people
    late = town.referral(one, rooms, sent_at=at(11, 20), need=Need.PLACE_TO_LIVE, number="R-1")
    town.step(one, date(2026, 11, 23), referral_id=late)
    asked = town.referral(two, rooms, sent_at=at(11, 19), need=Need.PLACE_TO_LIVE, number="R-2")
    town.step(two, date(2026, 11, 30), referral_id=asked)
    town.referral(three, rooms, ReferralState.DRAFT, need=Need.LEGAL_HELP, number="R-3")
    town.referral(three, rooms, ReferralState.DECLINED, closed_at=at(11, 1), number="R-4")
    counts = desk.referral_list.counts()
    assert (counts.open, counts.overdue, counts.no_reply, counts.closed) == (3, 1, 1, 1)
    assert counts.needs == ((Need.PLACE_TO_LIVE, 2), (Need.LEGAL_HELP, 1))
    assert counts.no_reply_label == "No reply after 3 days"
    assert groups(desk, filter=ReferralFilter.OVERDUE) == {NextAct.TODAY: ["R-1"]}
    # Sent on Thursday: Friday, Monday and Tuesday are three working days. Sent on Friday they are two.
    assert groups(desk, filter=ReferralFilter.NO_REPLY) == {NextAct.THEIR_REPLY: ["R-2"]}
    assert groups(desk, need=Need.LEGAL_HELP) == {NextAct.DRAFT: ["R-3"]}
    assert groups(desk, filter=ReferralFilter.CLOSED) == {NextAct.CLOSED: ["R-4"]}


def test_closed_ones_come_in_pages_the_last_closed_first(desk, town, people, rooms):
    client_id = next(people)
    for day in (3, 1, 2, 4):
        town.referral(client_id, rooms, ReferralState.GOT_HELP, closed_at=at(11, day), number=f"R-{day}")
    query = ReferralQuery(filter=ReferralFilter.CLOSED)
    first = desk.referral_list.read(query, limit=3)
    rest = desk.referral_list.read(query, first.next_key, limit=3)
    assert [row.number for row in first.groups[0].rows] == ["R-4", "R-3", "R-2"]
    assert [row.number for row in rest.groups[0].rows] == ["R-1"]
    assert rest.next_key is None
    assert first.groups[0].rows[0].next_words == "Closed Nov 4"


def test_what_is_set_aside_is_out_of_view(desk, town, people, rooms):
    town.referral(next(people), rooms, set_aside_at=at(11, 1))
    gone = town.client("Gone", "Away", set_aside_at=at(11, 1))
    town.referral(gone, rooms)
    assert groups(desk) == {}
    assert desk.referral_list.counts().open == 0


def test_rows_are_read_again_in_the_order_asked_for(desk, town, people, rooms):
    client_id = next(people)
    ids = [town.referral(client_id, rooms) for _each in range(3)]
    assert [row.id for row in desk.referral_list.rows([ids[2], ids[0]])] == [ids[2], ids[0]]


@pytest.mark.parametrize("typed", ["481207", "481 207", "481-207", " 481 207 "])
def test_a_packets_number_opens_its_referral(desk, town, people, rooms, typed):
    client_id = next(people)
    referral = town.referral(client_id, rooms)
    town.add(Packet(referral_id=referral, client_id=client_id, number="481207"))
    assert desk.referral_list.by_packet_number(typed) == referral


@pytest.mark.parametrize("typed", ["", "48120", "481208", "4812071", "R-481207", "fax 481207"])
def test_no_other_number_opens_anything(desk, town, people, rooms, typed):
    client_id = next(people)
    town.add(Packet(referral_id=town.referral(client_id, rooms), client_id=client_id, number="481207"))
    assert desk.referral_list.by_packet_number(typed) is None
