"""The list of clients: its order, its filters, its pages and what a row says."""

from datetime import date, time

import pytest

from crisisdesk.desk.client_list import ClientFilter, ClientOrder, ClientQuery
from crisisdesk.desk.words import Tone
from crisisdesk.records.choices import (
    ClientStatus,
    CloseReason,
    FlagKind,
    ReferralState,
    Severity,
    StepKind,
    TryResult,
    YesNo,
)
from crisisdesk.records.clients import ClientAddress, ClientName
from crisisdesk.records.lines import ClientLine
from tests.desk.town import TUESDAY, at


def names(desk, **query):
    return [row.name for row in desk.client_list.page(ClientQuery(**query)).rows]


def row_of(desk, client_id):
    return desk.client_list.rows([client_id])[0]


# Order and filters


def test_the_soonest_next_step_stands_first_and_none_last(desk, town):
    none = town.client("Anna", "Aabb")
    town.step(town.client("Later", "Today"), TUESDAY, due_at=time(15, 30))
    town.step(town.client("Any", "Time"), TUESDAY)
    town.step(town.client("Overdue", "Long"), date(2026, 11, 2))
    town.step(town.client("Early", "Today"), TUESDAY, due_at=time(9, 30))
    assert names(desk) == ["Overdue Long", "Early Today", "Later Today", "Any Time", "Anna Aabb"]
    assert row_of(desk, none).step == "No next step"


def test_by_name_the_last_name_counts_in_plain_letters(desk, town):
    for first, last in (("Łukasz", "Zięba"), ("Ana", "Ávila"), ("Bo", "adams")):
        town.client(first, last)
    assert names(desk, order=ClientOrder.NAME) == ["Bo adams", "Ana Ávila", "Łukasz Zięba"]


def test_each_filter_shows_those_it_names(desk, town):
    concern = town.client("High", "Concern")
    town.flag(concern, FlagKind.HIGH_CONCERN)
    town.step(concern, TUESDAY)
    waiting = town.client("Is", "Waiting")
    town.referral(waiting, None, ReferralState.SENT)
    closed = town.client("Was", "Closed", status=ClientStatus.CLOSED)
    town.flag(closed, FlagKind.HIGH_CONCERN)
    town.client("Set", "Aside", set_aside_at=at(11, 1))
    assert names(desk, filter=ClientFilter.OPEN) == ["High Concern", "Is Waiting"]
    assert names(desk, filter=ClientFilter.NO_NEXT_STEP) == ["Is Waiting"]
    assert names(desk, filter=ClientFilter.HIGH_CONCERN) == ["High Concern"]
    assert names(desk, filter=ClientFilter.WAITING) == ["Is Waiting"]
    assert names(desk, filter=ClientFilter.CLOSED) == ["Was Closed"]
    assert names(desk, filter=ClientFilter.ALL) == ["High Concern", "Is Waiting", "Was Closed"]
    assert desk.client_list.counts() == {
        ClientFilter.OPEN: 2,
        ClientFilter.NO_NEXT_STEP: 1,
        ClientFilter.HIGH_CONCERN: 1,
        ClientFilter.WAITING: 1,
        ClientFilter.CLOSED: 1,
        ClientFilter.ALL: 3,
    }


@pytest.mark.parametrize("order", list(ClientOrder))
@pytest.mark.parametrize("which", list(ClientFilter))
def test_pages_follow_each_other_without_gap_or_overlap(desk, town, order, which):
    people = [town.client("Same", "Name") for _each in range(5)]
    people.append(town.client("Same", "Name", status=ClientStatus.CLOSED))
    for client_id in people[:2]:
        town.step(client_id, TUESDAY)
    query = ClientQuery(filter=which, order=order)
    whole = [row.id for row in desk.client_list.page(query).rows]
    paged, key = [], None
    while True:
        page = desk.client_list.page(query, key, limit=2)
        paged += [row.id for row in page.rows]
        key = page.next_key
        if key is None:
            break
    assert paged == whole
    assert len(set(paged)) == len(paged)


def test_a_page_knows_whether_more_follow(desk, town):
    for number in range(3):
        town.client("Person", str(number))
    assert desk.client_list.page(ClientQuery(), limit=3).next_key is not None
    assert desk.client_list.page(ClientQuery(), limit=4).next_key is None


# What a row says


def test_a_row_says_who_it_is(desk, town):
    maria = town.client("Maria", "Delgado", goes_by="Mari", born_on=date(1982, 1, 1), number="C-2026-8031")
    nadia = town.client(
        "Nadia", "Haddad", born_on=date(1997, 1, 1), languages="Arabic", interpreter=YesNo.YES, number="C-2026-8102"
    )
    man = town.client(described_as="Unknown man, Elm Street bridge", age_guess=30, number="C-2026-8118")
    assert row_of(desk, maria).detail == "44 · goes by Mari · C-2026-8031"
    assert row_of(desk, nadia).detail == "29 · Arabic, interpreter · C-2026-8102"
    assert row_of(desk, man).detail == "About 30 · C-2026-8118"
    assert row_of(desk, man).name == "Unknown man, Elm Street bridge"


def test_the_loudest_flag_is_what_to_know_before_going(desk, town):
    client_id = town.client("Maria", "Delgado")
    assert row_of(desk, client_id).mark is None
    town.flag(client_id, FlagKind.DOG, words="Dog in yard")
    assert row_of(desk, client_id).mark.text == "Dog in yard"
    loud = town.flag(client_id, FlagKind.IN_PAIRS, Severity.DANGER)
    assert (row_of(desk, client_id).mark.text, row_of(desk, client_id).mark.tone) == ("Visit in pairs", Tone.DANGER)
    desk.clients.end_flag(loud, "He moved out.")
    assert row_of(desk, client_id).mark.text == "Dog in yard"


def test_the_next_step_is_said_by_when_it_is(desk, town):
    def said(**facts):
        row = row_of(desk, _with_step(town, **facts))
        return row.step, row.step_note, row.tone

    assert said(due_on=date(2026, 11, 22), what="72 h") == ("Call, 2 days late", "No try yet", Tone.OVERDUE)
    assert said(due_on=TUESDAY, due_at=time(10, 30), what="day 7 after hospital") == (
        "Call today at 10:30",
        "Day 7 after hospital",
        Tone.PLAIN,
    )
    assert said(due_on=TUESDAY, kind=StepKind.VISIT, what="home visit") == ("Home visit today", "", Tone.PLAIN)
    assert said(due_on=date(2026, 11, 25), kind=StepKind.LETTER, what="caring note, month 2") == (
        "Caring note tomorrow",
        "Month 2",
        Tone.PLAIN,
    )


def _with_step(town, **facts):
    client_id = town.client("Some", "Body")
    town.step(client_id, **facts)
    return client_id


def test_tries_are_counted_for_a_late_step(desk, town):
    client_id = town.client("Maria", "Delgado")
    step = town.step(client_id, date(2026, 11, 22))
    for day in (22, 23):
        town.attempt(client_id, at(11, day), TryResult.NO_ANSWER, followup_id=step)
    assert row_of(desk, client_id).step_note == "2 tries"


def test_a_client_for_whom_an_agency_is_asked_later_waits_for_it(desk, town):
    client_id = town.client("Grace", "Lim")
    referral = town.referral(client_id, town.service("Bright Path", "Family therapy"), sent_at=at(11, 20))
    town.step(client_id, date(2026, 11, 30), kind=StepKind.AGENCY, referral_id=referral)
    row = row_of(desk, client_id)
    assert (row.step, row.step_note, row.tone) == ("Waiting for Bright Path", "Ask again Monday", Tone.WAITING)


def test_a_closed_client_says_since_when_and_why(desk, town):
    client_id = town.client(
        "Was",
        "Here",
        status=ClientStatus.CLOSED,
        closed_on=date(2026, 11, 3),
        close_reason=CloseReason.CONNECTED,
    )
    row = row_of(desk, client_id)
    assert (row.step, row.step_note) == ("Closed Nov 3", "Connected to a provider")


def test_the_last_contact_is_a_time_today_and_a_day_before(desk, town):
    today = town.client("A", "B", last_contact_at=at(11, 24, 4, 52))
    before = town.client("C", "D", last_contact_at=at(11, 18))
    assert [row.last_contact for row in desk.client_list.rows([today, before])] == ["4:52", "Nov 18"]


def test_rows_come_in_the_order_asked_for_and_leave_out_who_is_gone(desk, town):
    one, two = town.client("A", "A"), town.client("B", "B")
    gone = town.client("C", "C", set_aside_at=at(11, 1))
    assert [row.id for row in desk.client_list.rows([two, gone, one])] == [two, one]


# The line is kept true


def test_the_line_follows_every_act_and_its_undo(desk, store, town, client_id):
    def line():
        with store.read() as s:
            found = s.get(ClientLine, client_id)
            return found and (found.due_key, found.is_closed, found.high_concern)

    assert line() == ("~", False, False)
    step = town.step(client_id, TUESDAY, due_at=time(9, 5))
    assert line() == ("2026-11-24 09:05", False, False)
    desk.followups.move(step, date(2026, 12, 1))
    assert line() == ("2026-12-01 ~", False, False)
    desk.undo()
    assert line() == ("2026-11-24 09:05", False, False)
    desk.followups.done(step)
    town.flag(client_id, FlagKind.HIGH_CONCERN)
    assert line() == ("~", False, True)
    desk.clients.close(client_id, CloseReason.MOVED)
    assert line() == ("~", True, False)
    desk.clients.set_aside(client_id, "Entered twice.")
    assert line() is None
    desk.undo()
    assert line() == ("~", True, False)


def test_rebuilding_changes_nothing_in_a_true_list(desk, store, town):
    client_id = town.client("Maria", "Delgado")
    town.step(client_id, TUESDAY)
    town.referral(client_id, None, ReferralState.SENT)
    before = desk.client_list.page(ClientQuery(filter=ClientFilter.WAITING))
    store.rebuild_search()
    assert desk.client_list.page(ClientQuery(filter=ClientFilter.WAITING)) == before
    assert len(before.rows) == 1


# Search


def test_a_client_is_found_by_whatever_she_knows(desk, town):
    client_id = town.client("Łukasz", "Nguyễn", goes_by="Luke", born_on=date(1982, 3, 14))
    town.phone(client_id, "(512) 555-0142")
    town.add(ClientName(client_id=client_id, name="Smith"))
    town.add(ClientAddress(client_id=client_id, address="218 Cotter Street, 3B"))
    town.encounter(client_id, at(11, 1), incident_number="CAD-77812")
    town.client("Some", "Other")
    for text in ("nguyen", "Lukasz", "luke", "smyth", "5550142", "3/14/1982", "cotter", "77812"):
        assert names(desk, text=text) == ["Łukasz Nguyễn"], text


@pytest.mark.parametrize("name", ["?", "O'Neil", "=cmd()", "<b>", "x" * 200])
def test_odd_names_are_found_as_typed(desk, town, name):
    town.client("", name)
    town.client("Some", "Other")
    assert names(desk, text=name) == [name]


def test_the_best_match_stands_first_and_the_filter_still_holds(desk, town):
    town.step(town.client("Ann", "Smythe"), TUESDAY)
    town.client("Bo", "Smith")
    town.client("Cy", "Smith", status=ClientStatus.CLOSED)
    assert names(desk, text="smith") == ["Bo Smith", "Ann Smythe"]
    assert names(desk, text="smith", filter=ClientFilter.CLOSED) == ["Cy Smith"]
    assert names(desk, text="nobody at all") == []
