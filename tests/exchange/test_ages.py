"""Ages in a publisher's words: read where they are plain, left alone where there is any doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.exchange.ages import Ages, ages


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("Ages 18 and older.", 18, None),
        ("18+", 18, None),
        ("Homeless men, 18 years of age or older, with mental illness.", 18, None),
        ("Persons ages 60 and up.", 60, None),
        ("Persons 50 & older", 50, None),
        ("Youth, ages 11-18", 11, 18),
        ("Children (8-17) who need a positive role model", 8, 17),
        ("Ages 16 to 24.", 16, 24),
        ("Youth under 18.", None, 17),
    ],
)
def test_plain_ages_are_read(text, lowest, highest):
    assert ages(text) == Ages(lowest, highest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Open to anyone.",
        "Age 55 or over for most programs, age 60 or over for lunch",
        "Limited income persons, and senior citizens (60 and over.)",
        "60 and older and persons with low income.",
        "Youth, ages 6-14, and adults.",
        "Children up to age 19 and pregnant women of any age.",
        "Families with children ages 0-5.",
        "Must be 18 or older to become a day care provider.",
        "Persons in crisis. Targeted to youth under 24.",
        "Ages 62 and up. Income cannot exceed $41,300.",
        "Infants 3-18 months",
        "150% below the poverty level",
        "Must have completed a 28-day program.",
        "Ages 55 and older; spouses of any age.",
        "Ages 18 or 19-21",
        "Ages 65-60",
        "Ages 18 and older, except for the food pantry.",
    ],
)
def test_ages_with_a_condition_are_left_alone(text):
    assert ages(text) is None


@given(st.text(max_size=400))
def test_any_text_is_read_or_left_alone(text):
    found = ages(text)
    assert found is None or (found.lowest or 0) <= (found.highest or 110)
