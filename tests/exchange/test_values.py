"""Dates, times, days and lists as people write them."""

from datetime import date

import pytest

from crisisdesk.exchange.languages import languages
from crisisdesk.exchange.values import a_date, a_time, days, items, number, status
from crisisdesk.records.choices import ServiceStatus


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-01", date(2026, 2, 1)),
        ("2026-02-01T10:30:45.123Z", date(2026, 2, 1)),
        ("1/24/70", date(1970, 1, 24)),
        ("1/24/14", date(2014, 1, 24)),
        ("12/24/2015", date(2015, 12, 24)),
        ("24/2/2015", date(2015, 2, 24)),
        ("January 20, 1970", date(1970, 1, 20)),
        ("Thursday, December 24, 2014", date(2014, 12, 24)),
        ("24 Dec 2014", date(2014, 12, 24)),
        ("13/27/2014", None),
        ("2026-02-30", None),
        ("0000-00-00", None),
        ("soon", None),
    ],
)
def test_dates(text, expected):
    assert a_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00", ("09:00", "")),
        ("9:30", ("09:30", "")),
        ("5:00 PM", ("17:00", "")),
        ("12 a.m.", ("00:00", "")),
        ("12:30pm", ("12:30", "")),
        ("1700", ("17:00", "")),
        ("17:00:00", ("17:00", "")),
        ("09:00-05:00", ("09:00", "-05:00")),
        ("09:00Z", ("09:00", "Z")),
        ("2000-01-01T09:00:00.000Z", ("09:00", "Z")),
        ("24:00", ("00:00", "")),
        ("noon", ("12:00", "")),
        ("25:00", None),
        ("13 PM", None),
        ("whenever", None),
    ],
)
def test_times(text, expected):
    assert a_time(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MO,TU", "MO,TU"),
        ("Monday", "MO"),
        ("1", "MO"),
        ("7", "SU"),
        ("Mon-Fri", "MO,TU,WE,TH,FR"),
        ("Fri-Mon", "FR,SA,SU,MO"),
        ("Tuesdays and Thursdays", "TU,TH"),
        ("2MO", "2MO"),
        ("+2MO", "2MO"),
        ("-1FR", "-1FR"),
        ("Caturday", None),
        (",", None),
    ],
)
def test_days(text, expected):
    assert days(text) == expected


def test_numbers_are_finite_and_may_be_followed_by_words():
    assert [number(text) for text in ("18", "18.5", "18 years", "-76.6", "inf", "nan", "x", "1e999")] == [
        *(18, 18.5, 18, -76.6),
        *(None, None, None, 1e99),
    ]


def test_every_state_that_is_read_is_one_of_hsds():
    words = ("Active", "closed", "Temporarily_Closed", "INACTIVE", "suspended", "archived", "open")
    ours = {ServiceStatus.NOT_SAID}  # for what the publisher leaves open
    assert {ServiceStatus(status(word) or "") for word in words} == set(ServiceStatus) - ours
    assert status("fabulous") is None


def test_lists_are_split_outside_brackets():
    assert items("Chinese (Mandarin, Cantonese), Tagalog;Spanish | ASL") == [
        *("Chinese (Mandarin, Cantonese)", "Tagalog", "Spanish", "ASL"),
    ]


@pytest.mark.parametrize(
    ("cell", "names", "rest"),
    [
        ("Spanish", ["Spanish"], ""),
        ("Spanish.", ["Spanish"], ""),
        ("Spanish and Korean.", ["Spanish", "Korean"], ""),
        ("Chinese (Mandarin), Filipino (Tagalog)", ["Chinese (Mandarin)", "Filipino (Tagalog)"], ""),
        ("ASL", ["American Sign Language"], ""),
        ("Accommodations possible.", [], "Accommodations possible."),
        ("Spanish.  Other accommodations possible.", ["Spanish"], "Spanish.  Other accommodations possible."),
        ("Offers brochures in Spanish.", [], "Offers brochures in Spanish."),
        ("English, Spanish, Ixil", ["English", "Spanish", "Ixil"], ""),
        ("None.", [], "None."),
    ],
)
def test_languages_are_told_from_sentences(cell, names, rest):
    assert languages(cell) == (names, rest)
