"""Words that several pages share."""

from datetime import date, time

import pytest

from crisisdesk.desk import when
from crisisdesk.desk.words import (
    Birth,
    Tone,
    age,
    flag_mark,
    lower_first,
    one_stop,
    place,
    pronoun,
    referral_badge,
    step_line,
    step_title,
    texting,
    tries,
    voicemail,
)
from crisisdesk.records.choices import (
    BirthQuality,
    FlagKind,
    ReferralState,
    Severity,
    StepKind,
    TryResult,
    VoicemailRule,
    YesNo,
)

TODAY = date(2026, 11, 24)


def test_an_age_is_counted_to_the_last_birthday():
    assert age(Birth(born_on=date(1982, 11, 24)), TODAY) == "44"
    assert age(Birth(born_on=date(1982, 11, 25)), TODAY) == "43"
    assert age(Birth(born_on=date(2026, 3, 1)), TODAY) == "under 1"


def test_a_guessed_age_says_so_and_grows_older():
    assert age(Birth(guess=30, guessed_on=date(2024, 1, 1)), TODAY) == "about 32"
    assert age(Birth(born_on=date(1982, 1, 1), quality=BirthQuality.APPROXIMATE), TODAY) == "about 44"
    assert age(Birth(), TODAY) == ""


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("she/her", "Reach her"),
        ("He, him", "Reach him"),
        ("they/them", "Reach them"),
        ("", "Reach them"),
        ("ze/hir", "Reach them"),
    ],
)
def test_the_first_pronoun_titles_the_card(typed, title):
    assert pronoun(typed).reach_title == title


def test_a_place_is_not_named_twice():
    assert place("Hope House", "Single rooms") == "Hope House, single rooms"
    assert place("Hope House", "Hope House Shelter") == "Hope House Shelter"
    assert place("HOPE HOUSE", "Hope House") == "HOPE HOUSE"
    assert place("", "Single rooms") == "Single rooms"


def test_only_a_plain_name_is_lowered_inside_a_line():
    assert lower_first("Legal Aid") == "Legal Aid"
    assert lower_first("AA meeting") == "AA meeting"
    assert lower_first("Al-Anon") == "Al-Anon"
    assert lower_first("Intake") == "intake"
    assert lower_first("") == ""


@pytest.mark.parametrize(
    ("kind", "what", "line"),
    [
        (StepKind.CALL, "72 h after call-out", "call, 72 h after call-out"),
        (StepKind.CALL, "", "call"),
        (StepKind.VISIT, "home visit, day 7", "home visit, day 7"),
        (StepKind.VISIT, "visit with Ofc. Marsh", "visit with Ofc. Marsh"),
        (StepKind.TEXT, "did you go on Monday?", "text: “did you go on Monday?”"),
        (StepKind.LETTER, "caring note, month 2", "caring note, month 2"),
        (StepKind.AGENCY, "did they get Maria’s packet?", "did they get Maria’s packet?"),
        (StepKind.AGENCY, "", "ask the agency"),
        (StepKind.CALL, "ask St. Brendan ER for a name", "ask St. Brendan ER for a name"),
        (StepKind.CALL, "did she like the group?", "did she like the group?"),
    ],
)
def test_what_is_to_be_done_reads_after_a_name(kind, what, line):
    assert step_line(kind, what) == line


def test_a_step_has_a_heavy_word_and_a_rest():
    call = step_title(StepKind.CALL, "72 h after call-out")
    assert (call.lead, call.rest) == ("Call", "72 h after call-out")
    visit = step_title(StepKind.VISIT, "home visit, day 7")
    assert (visit.lead, visit.rest) == ("Home visit", "day 7")
    question = step_title(StepKind.CALL, "did she like the group?")
    assert (question.lead, question.rest) == ("Call", "did she like the group?")
    asked = step_title(StepKind.AGENCY, "did they get it?", "Hope House")
    assert (asked.lead, asked.rest) == ("Ask Hope House", "did they get it?")


def test_a_voicemail_rule_is_quoted_in_the_clients_words():
    assert voicemail(VoicemailRule.CUSTOM, "Dana, for Maria") == "Voicemail ok: “Dana, for Maria”"
    assert voicemail(VoicemailRule.NO, "ignored") == "No voicemail"


def test_every_rule_result_and_flag_has_words():
    assert all(voicemail(rule) for rule in VoicemailRule)
    assert all(tries(2, result, "Sunday") for result in TryResult)
    assert all(flag_mark(kind, "", Severity.CAUTION).text for kind in FlagKind)
    assert all(referral_badge(state, 4).text for state in ReferralState)


def test_tries_say_how_many_and_what_came_of_the_last():
    assert tries(2, TryResult.VOICEMAIL, "Sunday") == "2 tries, left message Sunday"
    assert tries(1, TryResult.NO_ANSWER, "Monday") == "1 try, no answer Monday"
    assert tries(0) == "No try yet"


def test_texts_are_allowed_in_hours_or_not_at_all():
    assert texting(YesNo.YES, "9 to 20") == "Text ok, 9 to 20"
    assert texting(YesNo.NO, "9 to 20") == "No texts"
    assert texting(YesNo.NOT_ASKED, "") == "Texts: not asked"


def test_only_waiting_has_an_age():
    assert referral_badge(ReferralState.SENT, 4).text == "Waiting, day 4"
    assert referral_badge(ReferralState.SENT, 0).text == "Waiting, today"
    assert referral_badge(ReferralState.NO_SHOW, 4).text == "No show"
    assert referral_badge(ReferralState.NO_SHOW).tone is Tone.CAUTION


def test_high_concern_is_always_loud():
    assert flag_mark(FlagKind.HIGH_CONCERN, "", Severity.CAUTION).tone is Tone.DANGER


def test_days_are_said_as_people_say_them():
    assert when.day_heading(TODAY, TODAY) == "Tuesday, November 24"
    assert when.day_heading(date(2025, 3, 4), TODAY) == "Tuesday, March 4, 2025"
    assert when.row_day(date(2026, 11, 22), TODAY) == "Sun 22"
    assert when.row_day(date(2026, 10, 30), TODAY) == "Oct 30"
    assert when.coming_day(date(2026, 11, 27), TODAY) == "Friday"
    assert when.coming_day(date(2026, 12, 15), TODAY) == "Dec 15"
    assert when.past_day(date(2026, 11, 22), TODAY) == "Sunday"
    assert when.past_day(date(2025, 11, 22), TODAY) == "Nov 22, 2025"
    assert when.table_day(date(2026, 11, 25), TODAY) == "Wed"
    assert when.table_day(date(2026, 12, 1), TODAY) == "Tue Dec 1"


def test_lateness_and_nearness_are_counted():
    assert when.late(1) == "1 day late"
    assert when.time_left(50) == "in 50 min"
    assert when.time_left(0) == "now"
    assert when.time_left(-20) == "20 min late"
    assert when.time_left(-130) == "2 h late"
    assert when.time_left(200) == ""
    assert when.ago(5) == "5 days"
    assert when.ago(430) == "14 months"


def test_times_follow_the_system():
    assert when.clock_time(time(14, 5)) == "14:05"
    when.show_twelve_hours(on=True)
    try:
        assert when.clock_time(time(14, 5)) == "2:05 PM"
        assert when.clock_time(time(0, 5)) == "12:05 AM"
        assert when.clock_time(time(12, 0)) == "12:00 PM"
    finally:
        when.show_twelve_hours(on=False)


@pytest.mark.parametrize(
    ("said", "is_read"),
    [("Printed for Acme Inc..", "Printed for Acme Inc."), ("For Hope House.", "For Hope House."), ("So...", "So...")],
)
def test_a_sentence_ends_with_one_stop(said, is_read):
    assert one_stop(said) == is_read
