"""Which services fit one person and one need, why, and what to look out for."""

import pytest

from crisisdesk.desk.matching import ClientFacts
from crisisdesk.records.choices import CheckResult, Need, ReferralState, ServiceStatus
from crisisdesk.records.directory import Service

HOME = Need.PLACE_TO_LIVE
MARIA = ClientFacts(age=44, languages="Spanish, English", insurance="Medicaid")


def titles(desk, client=MARIA, need=HOME, text=""):
    return [row.title for row in desk.matching.match(client, need, text).rows]


def test_reasons_are_told_in_words(desk, agencies):
    rooms = agencies.add(
        "Hope House", "Single rooms", needs=[HOME], insurance="Medicaid", languages="Spanish", hours="Every day 8-20",
        minimum_age=18,
    )  # fmt: skip
    agencies.checked(rooms, 12)
    agencies.used(rooms, *[ReferralState.CONNECTED] * 7, ReferralState.NO_CAPACITY, ReferralState.NO_RESPONSE)
    (row,) = desk.matching.match(MARIA, HOME).rows
    assert (row.service_id, row.title) == (rooms, "Hope House, single rooms")
    assert row.reasons_line == "Takes Medicaid · Spanish · open till 20:00 · Adults 18 and older"
    assert row.so_far == "You: 7 of 9 connected, about 6 days, 1 no reply"
    assert row.warnings == ()
    assert row.check.sentence == "Checked 12 days ago"


def test_only_what_answers_the_need_is_matched(desk, agencies):
    agencies.add("Hope House", needs=[HOME])
    agencies.add("Food bank", needs=[Need.FOOD_CLOTHES])
    matches = desk.matching.match(MARIA, HOME)
    assert ([row.title for row in matches.rows], matches.total, matches.directory) == (["Hope House"], 1, 2)


def test_a_need_and_words_both_count(desk, agencies):
    agencies.add("Hope House", "Rooms", needs=[HOME], description="Dogs welcome.")
    agencies.add("Mill Street", "Rooms", needs=[HOME])
    agencies.add("Dog pound", "Boarding", description="Dogs.")
    assert titles(desk, text="dogs") == ["Hope House, rooms"]
    assert len(titles(desk, need=None, text="dogs")) == 2


def test_a_service_for_another_age_is_left_out_but_counted(desk, agencies):
    agencies.add("Senior rooms", needs=[HOME], minimum_age=62)
    agencies.add("Youth rooms", needs=[HOME], maximum_age=24)
    agencies.add("Rooms", needs=[HOME], minimum_age=18, maximum_age=64)
    matches = desk.matching.match(MARIA, HOME)
    assert ([row.title for row in matches.rows], matches.other_age) == (["Rooms"], 2)
    assert matches.left_out == "2 more don’t take that age."


@pytest.mark.parametrize(("age", "fits"), [(17, False), (18, True), (24, True), (25, False), (None, True)])
def test_an_age_fits_to_the_last_day_of_its_year(desk, agencies, age, fits):
    agencies.add("Youth rooms", needs=[HOME], minimum_age=18, maximum_age=24)
    assert bool(titles(desk, ClientFacts(age=age))) is fits


def test_an_age_that_was_only_read_out_of_words_warns_and_stands_last(desk, agencies, store):
    grown = agencies.add("Adult rooms", needs=[HOME], minimum_age=18)
    agencies.checked(grown, 1)
    with store.write("Read ages from words") as s:
        s.get_one(Service, grown).ages_from_words = True
    agencies.add("Youth rooms", needs=[HOME])
    matches = desk.matching.match(ClientFacts(age=16), HOME)
    assert [row.title for row in matches.rows] == ["Youth rooms", "Adult rooms"]
    assert matches.rows[1].warnings == ("Adults 18 and older: this client is 16",)
    assert matches.other_age == 0


def test_somebody_without_english_is_warned_where_the_language_is_missing(desk, agencies):
    agencies.add("Rooms", needs=[HOME], languages="English, Russian")
    agencies.add("Silent rooms", needs=[HOME])
    (first, second) = desk.matching.match(ClientFacts(languages="Spanish"), HOME).rows
    assert (first.title, second.title) == ("Silent rooms", "Rooms")
    assert second.warnings[0] == "Spanish isn’t among their languages"
    assert not any("Spanish" in words for row in desk.matching.match(MARIA, HOME).rows for words in row.warnings)


def test_what_nobody_checked_says_to_call_first(desk, agencies):
    never, stale = agencies.add("Never", needs=[HOME]), agencies.add("Stale", needs=[HOME])
    failed = agencies.add("Failed", needs=[HOME])
    agencies.checked(stale, 430)
    agencies.checked(failed, 1, CheckResult.DID_NOT)
    warned = {row.service_id: row.warnings for row in desk.matching.match(MARIA, HOME).rows}
    assert warned == {
        never: ("Never checked: call before you print",),
        stale: ("Not checked for 14 months: call before you print",),
        failed: ("The last check didn’t work: call before you print",),
    }


def test_a_service_closed_for_now_warns_and_stands_last(desk, agencies):
    closed = agencies.add("A closed one", needs=[HOME], status=ServiceStatus.TEMPORARILY_CLOSED)
    agencies.checked(closed, 1)
    agencies.add("B open one", needs=[HOME])
    rows = desk.matching.match(MARIA, HOME).rows
    assert [row.title for row in rows] == ["B open one", "A closed one"]
    assert rows[1].warnings == ("Closed for now",)


def test_a_service_that_does_not_run_is_not_matched(desk, agencies):
    agencies.add("Gone", needs=[HOME], status=ServiceStatus.DEFUNCT)
    assert titles(desk) == []


def test_somebody_without_insurance_is_sent_where_none_is_needed(desk, agencies):
    agencies.add("A", needs=[HOME], insurance="Medicaid")
    agencies.add("B", needs=[HOME], cost="Free")
    rows = desk.matching.match(ClientFacts(insurance="none"), HOME).rows
    assert [(row.title, row.reasons) for row in rows] == [("B", ("No insurance needed",)), ("A", ())]


def test_what_fits_this_person_comes_before_what_is_as_good(desk, agencies):
    agencies.add("A", needs=[HOME])
    agencies.add("B", needs=[HOME], languages="Spanish")
    agencies.add("C", needs=[HOME], languages="Spanish", insurance="Medicaid")
    assert titles(desk) == ["C", "B", "A"]


def test_what_connected_comes_before_what_only_speaks_the_language(desk, agencies):
    agencies.used(agencies.add("A", needs=[HOME]), *[ReferralState.GOT_HELP] * 5)
    agencies.add("B", needs=[HOME], languages="Spanish")
    assert titles(desk) == ["A", "B"]


def test_the_total_counts_what_the_limit_hides(desk, agencies):
    for number in range(4):
        agencies.add(f"Rooms {number}", needs=[HOME])
    matches = desk.matching.match(MARIA, HOME, limit=2)
    assert (len(matches.rows), matches.total) == (2, 4)
