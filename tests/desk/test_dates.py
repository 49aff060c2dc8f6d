from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.dates import read_date, read_time, say_date, say_late, say_long_date, say_time

TUESDAY = date(2026, 11, 24)

AHEAD = {
    "today": date(2026, 11, 24),
    "Tomorrow": date(2026, 11, 25),
    " tmrw ": date(2026, 11, 25),
    "yesterday": date(2026, 11, 23),
    "fri": date(2026, 11, 27),
    "Friday": date(2026, 11, 27),
    "Fri.": date(2026, 11, 27),
    "tue": date(2026, 12, 1),
    "mon": date(2026, 11, 30),
    "next fri": date(2026, 12, 4),
    "next monday": date(2026, 11, 30),
    "this thu": date(2026, 11, 26),
    "on thurs": date(2026, 11, 26),
    "last friday": date(2026, 11, 20),
    "next week": date(2026, 12, 1),
    "next month": date(2026, 12, 24),
    "in 2 weeks": date(2026, 12, 8),
    "in a week": date(2026, 12, 1),
    "2 weeks": date(2026, 12, 8),
    "2w": date(2026, 12, 8),
    "+10d": date(2026, 12, 4),
    "in three months": date(2027, 2, 24),
    "3 days ago": date(2026, 11, 21),
    "3/4": date(2027, 3, 4),
    "12/15": date(2026, 12, 15),
    "11/24": date(2026, 11, 24),
    "13/4": date(2027, 4, 13),
    "2/29": date(2028, 2, 29),
    "3/4/27": date(2027, 3, 4),
    "3-4-2027": date(2027, 3, 4),
    "2026-12-01": date(2026, 12, 1),
    "dec 15": date(2026, 12, 15),
    "15 Dec": date(2026, 12, 15),
    "December 15, 2027": date(2027, 12, 15),
    "mar 4": date(2027, 3, 4),
    "4 March 1985": date(1985, 3, 4),
}
PAST = {
    "3/4/85": date(1985, 3, 4),
    "3/4": date(2026, 3, 4),
    "12/15": date(2025, 12, 15),
    "fri": date(2026, 11, 20),
    "tue": date(2026, 11, 17),
    "3/4/26": date(2026, 3, 4),
    "3/4/27": date(1927, 3, 4),
    "dec 15": date(2025, 12, 15),
}
NOT_A_DATE = [
    "",
    "?",
    "a",
    "call her",
    "31/31",
    "13/13",
    "1000000",
    "in 99 z",
    "99/99/9999",
    "fribble",
    "2/30/2026",
    "0000-00-00",
]
NOT_A_DATE += ["in 900 years", "<b>fri</b>", "=cmd()", "may", "5", "monkey", "12:30", "x" * 2000]


@pytest.mark.parametrize(("text", "meant"), AHEAD.items())
def test_a_date_is_read_as_people_write_it(text, meant):
    assert read_date(text, TUESDAY) == meant


@pytest.mark.parametrize(("text", "meant"), PAST.items())
def test_a_date_in_the_past_is_the_last_one_gone_by(text, meant):
    assert read_date(text, TUESDAY, is_past=True) == meant


def test_the_day_comes_first_where_the_system_writes_it_first():
    assert read_date("3/4", TUESDAY, day_first=True) == date(2027, 4, 3)


@pytest.mark.parametrize("text", NOT_A_DATE)
def test_what_is_no_date_is_never_guessed(text):
    assert read_date(text, TUESDAY) is None


@given(st.text(max_size=40))
def test_no_text_makes_the_reading_fail(text):
    found = read_date(text, TUESDAY)
    assert found is None or abs(found.year - TUESDAY.year) <= 120


@pytest.mark.parametrize("days", [*range(-400, 400, 7), -1, 0, 1])
def test_a_date_that_is_said_reads_back_as_the_same_date(days):
    day = date.fromordinal(TUESDAY.toordinal() + days)
    assert read_date(say_long_date(day, TUESDAY), TUESDAY, is_past=days < 0) == day


def test_days_are_said_in_the_words_of_the_rows():
    said = [say_date(date(2026, 11, day), TUESDAY) for day in (22, 23, 24, 25, 27)]
    assert said == ["Sun 22", "Yesterday", "Today", "Tomorrow", "Fri 27"]
    assert say_long_date(date(2026, 12, 15), TUESDAY) == "Tuesday, December 15"
    assert say_late(date(2026, 11, 22), TUESDAY) == "2 days late"
    assert say_late(TUESDAY, TUESDAY) == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("9", time(9)),
        ("930", time(9, 30)),
        ("0431", time(4, 31)),
        ("9:30", time(9, 30)),
        ("9.30 pm", time(21, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("14h", time(14)),
        ("noon", time(12)),
        ("25", None),
        ("9:75", None),
        ("14 pm", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_write_it(text, meant):
    assert read_time(text) == meant


def test_a_time_is_said_as_the_system_has_it():
    assert [say_time(time(14, 5)), say_time(time(4, 31))] == ["14:05", "4:31"]
    assert [say_time(time(14, 5), twelve=True), say_time(time(0, 5), twelve=True)] == ["2:05 PM", "12:05 AM"]
