"""A week's hours in one sentence, and back from what she types."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.hours import Opening
from crisisdesk.desk.typed_hours import read_week
from crisisdesk.desk.week import week_sentence

TODAY = date(2026, 11, 22)


def said(text: str, **style) -> str:
    return week_sentence(read_week(text), TODAY, **style)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Every day 8-20, last intake 17:00", "Every day 8–20, last intake 17:00"),
        ("Mon-Fri 9-5, Sat 10-2", "Mon–Fri 9–17, Sat 10–14"),
        ("M-F 8:30am-4:30pm", "Mon–Fri 8:30–16:30"),
        ("Monday through Friday 9:00 a.m. - 5:00 p.m.", "Mon–Fri 9–17"),
        ("Mon, Wed, Fri 9-12 and 1-5", "Mon, Wed, Fri 9–12 and 13–17"),
        ("Tue and Thu 1-5 pm", "Tue, Thu 13–17"),
        ("weekdays 20-8", "Mon–Fri 20–8"),
        ("Mon–Fri, 9–17", "Mon–Fri 9–17"),
        ("24/7", "Every day 24 hours"),
        ("Every day, 24 hours", "Every day 24 hours"),
        ("Sat 10am to noon", "Sat 10–12"),
        ("Sat & Sun noon-4", "Sat, Sun 12–16"),
        ("Fri-Mon 22-midnight", "Mon, Fri–Sun 22–24"),
        ("2nd Mon 9-12", "2nd Mon 9–12"),
        ("last Fri 13-15", "Last Fri 13–15"),
        ("Mon-Fri 9-5 (intake until 3)", "Mon–Fri 9–17, intake until 3"),
        ("by appointment", "By appointment"),
        ("Mon 25-30", "Mon 25-30"),
        ("", ""),
        ("O'Neil <b>=cmd()</b> ?", "O'Neil <b>=cmd()</b> ?"),
    ],
)
def test_typed_hours_come_back_as_a_plain_sentence(typed, sentence):
    assert said(typed) == sentence


def test_twelve_hour_hours_are_said_with_am_and_pm():
    assert said("Mon-Fri 9-5, Sat 10-midnight", twenty_four=False) == "Mon–Fri 9 am–5 pm, Sat 10 am–midnight"


def test_what_is_not_hours_is_kept_as_typed():
    (note,) = read_week("Ring twice, ask for Renee")
    assert note == Opening(description="Ring twice, ask for Renee")


def test_hours_that_ran_out_are_left_out_while_others_hold():
    rows = [
        Opening(freq="WEEKLY", byday="MO", opens_at="09:00", closes_at="12:00", valid_to=date(2026, 10, 1)),
        Opening(freq="WEEKLY", byday="TU", opens_at="09:00", closes_at="12:00"),
    ]
    assert week_sentence(rows, TODAY) == "Tue 9–12"
    assert week_sentence(rows[:1], TODAY) == "Mon 9–12"


def test_a_coming_holiday_is_said_and_a_far_one_is_not():
    office = Opening(freq="WEEKLY", byday="MO", opens_at="09:00", closes_at="12:00")
    near, far = (
        Opening(valid_from=day, valid_to=day, is_closed=True) for day in (date(2026, 11, 26), date(2027, 7, 4))
    )
    assert week_sentence([office, near, far], TODAY) == "Mon 9–12, closed Nov 26"


def test_hours_that_skip_weeks_are_said_so():
    rows = [
        Opening(freq="WEEKLY", byday="MO", interval=2, starts_on=TODAY, opens_at="09:00", closes_at="12:00"),
        Opening(freq="MONTHLY", bymonthday="1,15", opens_at="13:00", closes_at="15:00"),
    ]
    assert week_sentence(rows, TODAY) == "Every other Mon 9–12, day 1 and 15 of the month 13–15"


_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_minutes = st.integers(0, 95).map(lambda quarter: quarter * 15)
_weekly = st.builds(
    lambda days, opens, closes: Opening(
        freq="WEEKLY",
        byday=",".join(sorted(days, key=_CODES.index)),
        opens_at=f"{opens // 60:02d}:{opens % 60:02d}",
        closes_at=f"{closes // 60:02d}:{closes % 60:02d}",
    ),
    st.sets(st.sampled_from(_CODES), min_size=1),
    _minutes,
    _minutes,
)


@given(st.lists(_weekly, min_size=1, max_size=3), st.booleans())
def test_a_sentence_that_is_typed_again_means_the_same(rows, twenty_four):
    sentence = week_sentence(rows, TODAY, twenty_four=twenty_four)
    assert week_sentence(read_week(sentence), TODAY, twenty_four=twenty_four) == sentence


@given(st.text(max_size=60))
def test_no_text_makes_it_fail_or_vanish(text):
    rows = read_week(text)
    assert bool(week_sentence(rows, TODAY)) is bool(text.strip())
