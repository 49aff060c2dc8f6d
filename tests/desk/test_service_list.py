"""The Resources page: found as she types, counted by filter, best for her first, a page at a time."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from crisisdesk.desk.glance import Takes, speaks, takes
from crisisdesk.desk.service_list import CheckedWithin, HoursKind, ServiceQuery, Sort
from crisisdesk.desk.shelf import Shelf, places
from crisisdesk.records.choices import CheckResult, Need, ReferralState, ServiceStatus
from crisisdesk.records.directory import Organization, Service

CONNECTED, MISSED = ReferralState.CONNECTED, ReferralState.NO_CAPACITY


def names(desk, **query):
    return [row.name for row in desk.services.page(ServiceQuery(**query)).rows]


@pytest.fixture
def resources(agencies):
    """Build the services of look/resources.png, in another order."""
    live = {"needs": [Need.PLACE_TO_LIVE], "insurance": "Medicaid"}
    day = {"hours": "Every day 8-20", **live}
    made = {
        "Host homes, 18 to 24": agencies.add("Bright Path Youth", "Host homes, 18 to 24", by_phone_only=True, **live),
        "Mill Street Rooms": agencies.add("Mill Street Mission", "Mill Street Rooms", **live),
        "Senior apartments": agencies.add(
            "Tamarack Elder Services", "Senior apartments", hours="Every day 8-16:30", **live
        ),
        "Recovery residence": agencies.add("Northside Recovery", "Recovery residence", hours="24/7", **live),
        "Rapid rehousing": agencies.add("Tamarack County Housing", "Rapid rehousing", hours="Wed 9-12", **live),
        "Family rooms": agencies.add("Hope House", "Family rooms", address="41 Cedar Street", **day),
        "Shelter": agencies.add("Juniper House", "Shelter", hours="24/7", needs=[Need.BED_TONIGHT]),
        "Single rooms": agencies.add(
            "Hope House", "Single rooms", address="41 Cedar Street", languages="Spanish", **day
        ),
    }
    checked = {
        "Single rooms": 12, "Shelter": 3, "Family rooms": 12, "Rapid rehousing": 41, "Recovery residence": 80,
        "Senior apartments": 215, "Mill Street Rooms": 430,
    }  # fmt: skip
    for name, days in checked.items():
        agencies.checked(made[name], days)
    used = {"Single rooms": (7, 9), "Shelter": (4, 5), "Family rooms": (2, 3), "Rapid rehousing": (5, 12)}
    used |= {"Senior apartments": (1, 1), "Mill Street Rooms": (1, 4)}
    for name, (connected, ended) in used.items():
        agencies.used(made[name], *[CONNECTED] * connected, *[MISSED] * (ended - connected))
    return made


def test_the_list_is_that_of_the_picture(desk, resources):
    page = desk.services.page(ServiceQuery())
    assert page.total == len(resources)
    assert [(row.name, row.hours, row.outcome, row.check.short) for row in page.rows] == [
        ("Single rooms", "Open till 20:00", "7 of 9 connected", "12 days"),
        ("Shelter", "Open 24 hours", "4 of 5 connected", "3 days"),
        ("Family rooms", "Open till 20:00", "2 of 3 connected", "12 days"),
        ("Rapid rehousing", "Closed, opens Wed 9:00", "5 of 12 connected", "41 days"),
        ("Recovery residence", "Open 24 hours", "Never used", "80 days"),
        ("Senior apartments", "Open till 16:30", "1 of 1 connected", "7 months"),
        ("Mill Street Rooms", "Hours not known", "1 of 4 connected", "14 months"),
        ("Host homes, 18 to 24", "By phone only", "Never used", "Never"),
    ]
    assert page.rows[0].where == "Hope House · Cedar Street"
    assert [row.hours_kind for row in page.rows[-2:]] == [HoursKind.UNKNOWN, HoursKind.PHONE]


def test_a_failed_check_stands_below_one_never_made(desk, agencies):
    failed, never = agencies.add("A"), agencies.add("B")
    agencies.checked(failed, 3)
    agencies.checked(failed, 0, CheckResult.DID_NOT)
    assert [row.id for row in desk.services.page(ServiceQuery()).rows] == [never, failed]


@pytest.mark.usefixtures("resources")
def test_filters_of_one_group_widen_and_of_two_groups_narrow(desk):
    assert names(desk, needs=frozenset({Need.BED_TONIGHT})) == ["Shelter"]
    assert len(names(desk, needs=frozenset({Need.BED_TONIGHT, Need.PLACE_TO_LIVE}))) == 8
    assert names(desk, needs=frozenset({Need.BED_TONIGHT}), takes=frozenset({Takes.MEDICAID})) == []
    assert names(desk, speaks=frozenset({"Spanish"})) == ["Single rooms"]
    assert names(desk, checked=frozenset({CheckedWithin.OLDER})) == [
        "Senior apartments",
        "Mill Street Rooms",
        "Host homes, 18 to 24",
    ]


@pytest.mark.usefixtures("resources")
def test_a_count_is_the_number_of_rows_that_its_filter_would_show(desk):
    query = ServiceQuery(needs=frozenset({Need.PLACE_TO_LIVE}), text="o")
    facets = desk.services.facets(query)
    assert facets.total == desk.services.page(query).total
    for name, kind, choices in (
        ("needs", Need, facets.needs),
        ("takes", Takes, facets.takes),
        ("speaks", str, facets.speaks),
        ("checked", CheckedWithin, facets.checked),
    ):
        for choice in choices:
            given: dict[str, Any] = {"needs": query.needs, "text": query.text, name: frozenset({kind(choice.code)})}
            assert desk.services.page(ServiceQuery(**given)).total == choice.count, choice.label
    assert desk.services.page(ServiceQuery(needs=query.needs, text="o", open_now=True)).total == facets.open_now


def test_open_now_follows_the_clock(desk, resources, clock):
    assert len(names(desk, open_now=True)) == 5
    clock.moment = datetime(2026, 11, 23, 19, 59, tzinfo=UTC)
    assert len(names(desk, open_now=True)) == 4
    clock.moment += timedelta(minutes=1)
    assert sorted(names(desk, open_now=True)) == ["Recovery residence", "Shelter"]
    assert resources


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("single", ["Single rooms"]),
        ("rooms hope", ["Single rooms", "Family rooms"]),
        ("CEDAR", ["Single rooms", "Family rooms"]),
        ("no such thing", []),
        ("\"'*()", []),
        ("mill street", ["Mill Street Rooms"]),
    ],
)
@pytest.mark.usefixtures("resources")
def test_words_find_names_agencies_and_places(desk, text, found):
    assert names(desk, text=text) == found


def test_what_is_called_so_comes_before_what_is_better(desk, agencies):
    agencies.checked(agencies.add("Juniper House", "Beds", description="Like Hope House, but bigger."), 1)
    agencies.add("Hope House", "Rooms")
    assert names(desk, text="hope house") == ["Rooms", "Beds"]


@pytest.mark.usefixtures("resources")
def test_pages_give_each_service_once_in_the_order_of_the_whole(desk):
    for sort, text in product(Sort, ("", "o", "house", "re", "live")):
        query = ServiceQuery(sort=sort, text=text)
        whole = [row.id for row in desk.services.page(query).rows]
        paged, page = [], desk.services.page(query, None, limit=3)
        for _turn in whole:
            paged += [row.id for row in page.rows]
            if page.next is None:
                break
            page = desk.services.page(query, page.next, limit=3)
        assert paged == whole
        assert page.total == len(whole)


@pytest.mark.usefixtures("resources")
def test_the_list_can_be_sorted_by_name_and_by_check(desk):
    assert names(desk, sort=Sort.NAME)[:2] == ["Family rooms", "Host homes, 18 to 24"]
    assert names(desk, sort=Sort.CHECKED)[0] == "Shelter"


def test_what_does_not_run_is_shown_only_if_asked_for(desk, agencies):
    agencies.add("Old House", status=ServiceStatus.DEFUNCT)
    agencies.add("Winter House", status=ServiceStatus.TEMPORARILY_CLOSED)
    assert names(desk) == ["Winter House"]
    assert desk.services.facets(ServiceQuery()).inactive == 1
    page = desk.services.page(ServiceQuery(include_inactive=True))
    assert {row.name: row.hours for row in page.rows} == {
        "Old House": "Closed for good",
        "Winter House": "Closed for now",
    }


# The shelf follows every change ---------------------------------------------------------------------------------------


def test_each_kind_of_change_shows_at_once(desk, agencies, store, clock):
    rooms = agencies.add("Hope House", "Rooms")
    assert names(desk) == ["Rooms"]
    draft = desk.services.draft(rooms)
    draft.name, draft.hours = "Single rooms", "24/7"
    desk.services.edit(rooms, draft)
    assert [row.hours for row in desk.services.page(ServiceQuery()).rows] == ["Open 24 hours"]
    agencies.used(rooms, CONNECTED)
    assert [row.outcome for row in desk.services.page(ServiceQuery()).rows] == ["1 of 1 connected"]
    desk.undo()
    assert [row.outcome for row in desk.services.page(ServiceQuery()).rows] == ["Never used"]
    desk.undo()
    assert names(desk) == ["Rooms"]
    with store.write("Rename agency") as s:
        s.get_one(Organization, desk.services.card(rooms).organization_id).name = "Hope Home"
    assert [row.where for row in desk.services.page(ServiceQuery()).rows] == ["Hope Home"]
    desk.services.set_aside(rooms, "Gone")
    assert names(desk) == []
    desk.undo()
    agencies.checked(rooms, 0)
    clock.moment += timedelta(days=12)
    assert [row.check.short for row in desk.services.page(ServiceQuery()).rows] == ["12 days"]


def test_the_shelf_after_changes_is_the_shelf_read_anew(desk, store, clock, resources, agencies):
    shelf = desk.services._shelf
    assert len(shelf.view().items) == len(resources)
    agencies.checked(resources["Shelter"], 0, CheckResult.DID_NOT)
    agencies.used(resources["Family rooms"], MISSED)
    agencies.add("Hope House", "Chairs", needs=[Need.FOOD_CLOTHES])
    desk.services.set_aside(resources["Single rooms"], "Gone")
    assert shelf.view().items == Shelf(store, clock).view().items


def test_a_service_of_an_organization_set_aside_is_out_of_view(desk, agencies, store, clock):
    rooms = agencies.add("Hope House", "Rooms")
    assert names(desk) == ["Rooms"]
    with store.write("Set organization aside") as s:
        organization = s.get_one(Organization, s.get_one(Service, rooms).organization_id)
        organization.set_aside_at = clock.now()
    assert names(desk) == []


def test_bits_come_back_as_places():
    assert list(places(0)) == []
    assert list(places(1 | 1 << 7 | 1 << 8 | 1 << 1000)) == [0, 7, 8, 1000]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("Medicaid, Medicare", {Takes.MEDICAID, Takes.MEDICARE}),
        ("Maryland Medical Assistance", {Takes.MEDICAID}),
        ("Free", {Takes.NO_INSURANCE}),
        ("Sliding scale", {Takes.NO_INSURANCE}),
        ("30 % of income", {Takes.NO_INSURANCE}),
        ("No charge.", {Takes.NO_INSURANCE}),
        ("Freedom House members", set()),
        ("Private insurance", set()),
        ("", set()),
    ],
)
def test_who_can_come_is_read_from_the_published_words(words, kinds):
    assert takes(words) == kinds


@pytest.mark.parametrize(
    ("words", "languages"),
    [
        ("Spanish, english", {"Spanish", "English"}),
        ("American Sign Language; Spanish", {"ASL", "Spanish"}),
        ("Spanish and Tiếng Việt", {"Spanish", "Tiếng Việt"}),
        ("Interpreters for 150 languages by phone on request", set()),
        ("Spanish (Mon only), Korean", {"Spanish", "Korean"}),
        ("", set()),
    ],
)
def test_languages_are_read_from_the_published_words(words, languages):
    assert speaks(words) == languages
