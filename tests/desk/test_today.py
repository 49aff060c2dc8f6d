"""Today: what must be done, in the order in which she'd do it, and what must not be forgotten."""

from datetime import date, time

import pytest
from sqlalchemy import event

from crisisdesk.desk.practice import Practice
from crisisdesk.desk.today import When
from crisisdesk.desk.words import About, Tone
from crisisdesk.records.choices import (
    Channel,
    ClientStatus,
    Direction,
    Ending,
    FlagKind,
    NoteStatus,
    ReferralState,
    RequestedBy,
    Severity,
    StepKind,
    StepState,
    TryResult,
    VoicemailRule,
    YesNo,
)
from crisisdesk.records.directory import PrivateNotes
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.notes import Note
from crisisdesk.records.releases import Release
from tests.desk.town import TUESDAY, at


@pytest.fixture
def maria(town):
    client_id = town.client("Maria", "Delgado", goes_by="Mari")
    town.phone(client_id, voicemail=VoicemailRule.CUSTOM, voicemail_words="Dana, for Maria")
    return client_id


def group(view, when):
    return next(each for each in view.groups if each.when is when)


def texts(row):
    return [mark.text for mark in row.marks]


@pytest.mark.usefixtures("town")
def test_an_empty_desk_says_so_and_promises_nothing(desk):
    view = desk.today.look()
    assert view.heading == "Tuesday, November 24"
    assert view.greeting == "Good morning, Dana."
    assert view.is_empty
    assert view.lacks == {"client", "encounter", "service"}
    assert view.nobody == "Nobody is waiting for you here yet"
    assert view.guarantees == ()
    assert view.waiting.sentence.startswith("Referrals without an answer")


def test_what_not_one_was_written_down_of_yet_is_told(desk, town, maria):
    assert desk.today.look().lacks == {"encounter", "service"}
    town.encounter(maria, at(11, 1))
    view = desk.today.look()
    assert (view.is_empty, view.lacks) == (False, {"service"})


def test_a_late_call_says_how_late_and_what_to_know_before_calling(desk, town, maria):
    town.flag(maria, FlagKind.PLAIN_ENVELOPE)
    town.flag(maria, FlagKind.IN_PAIRS, Severity.DANGER)
    step = town.step(maria, date(2026, 11, 22), "72 h after call-out")
    town.attempt(maria, at(11, 21), TryResult.NO_ANSWER, followup_id=step)
    town.attempt(maria, at(11, 22, 14, 5), TryResult.VOICEMAIL, followup_id=step)
    overdue = group(desk.today.look(), When.OVERDUE)
    (row,) = overdue.rows
    assert (row.when, row.when_note, row.tone) == ("Sun 22", "2 days late", Tone.OVERDUE)
    assert (row.name, row.initials, row.line) == ("Maria Delgado", "M. D.", "call, 72 h after call-out")
    assert texts(row) == ["Visit in pairs", "Voicemail ok: “Dana, for Maria”", "2 tries, left message Sunday"]
    assert [mark.tone for mark in row.marks] == [Tone.DANGER, Tone.PLAIN, Tone.PLAIN]


def test_todays_times_come_in_order_and_any_time_last(desk, town, maria):
    town.step(maria, TUESDAY, "c")
    town.step(maria, TUESDAY, "b", due_at=time(13, 0))
    town.step(maria, TUESDAY, "a", due_at=time(10, 30))
    town.step(maria, TUESDAY, "late", due_at=time(9, 10))
    rows = group(desk.today.look(), When.TODAY).rows
    assert [(row.when, row.when_note) for row in rows] == [
        ("9:10", "30 min late"),
        ("10:30", "in 50 min"),
        ("13:00", ""),
        ("Any time", ""),
    ]
    assert rows[0].tone is Tone.OVERDUE


def test_a_client_who_was_reached_before_says_when(desk, town, maria):
    town.step(maria, TUESDAY)
    town.attempt(maria, at(11, 20), TryResult.REACHED, minutes=6)
    town.attempt(maria, at(11, 21), TryResult.REACHED, channel=Channel.PROVIDER)
    (row,) = group(desk.today.look(), When.TODAY).rows
    assert texts(row)[-1] == "Reached Nov 20, 6 min"


def test_a_number_that_is_not_safe_is_never_offered(desk, town):
    client_id = town.client("Ruth", "Okafor")
    town.phone(client_id, safe_to_call=YesNo.NO, voicemail=VoicemailRule.OK)
    town.step(client_id, TUESDAY)
    (row,) = group(desk.today.look(), When.TODAY).rows
    assert texts(row) == ["No number is safe to call", "No try yet"]
    assert row.marks[0].tone is Tone.CAUTION


def test_each_kind_of_step_tells_its_own_rule(desk, town):
    client_id = town.client("Tyrell", "Banks", plain_envelope=True)
    town.step(client_id, TUESDAY, kind=StepKind.CALL)
    assert texts(group(desk.today.look(), When.TODAY).rows[0])[0] == "No phone"
    town.phone(client_id, text_ok=YesNo.YES, safe_hours="9 to 20", voicemail=VoicemailRule.NO)
    town.step(client_id, TUESDAY, kind=StepKind.TEXT)
    town.step(client_id, TUESDAY, kind=StepKind.LETTER)
    said = {row.kind: texts(row)[0] for row in group(desk.today.look(), When.TODAY).rows}
    assert said == {
        StepKind.CALL: "No voicemail",
        StepKind.TEXT: "Text ok, 9 to 20",
        StepKind.LETTER: "Plain envelope",
    }


def test_before_a_letter_the_flag_about_envelopes_speaks(desk, town, maria):
    town.flag(maria, FlagKind.DOG, set_on=date(2026, 11, 20))
    town.flag(maria, FlagKind.PLAIN_ENVELOPE, set_on=date(2026, 1, 1))
    town.step(maria, TUESDAY, kind=StepKind.LETTER)
    (row,) = group(desk.today.look(), When.TODAY).rows
    assert texts(row)[0] == "Plain envelope only"


def test_a_flag_that_ended_is_silent(desk, town, maria):
    town.flag(maria, FlagKind.DOG, set_aside_at=at(11, 1))
    town.step(maria, TUESDAY)
    (row,) = group(desk.today.look(), When.TODAY).rows
    assert all(mark.about is not About.SAFETY for mark in row.marks)


def test_a_step_for_an_agency_names_it_and_whom_to_ask(desk, town, maria):
    service = town.service("Hope House", "Single rooms")
    town.add(PrivateNotes(service_id=service, who_answers="Renee", back_line="555-0176"))
    referral = town.referral(maria, service, sent_at=at(11, 20), number="R-2026-0142")
    what = "did they get Maria’s packet?"
    town.step(maria, TUESDAY, what, kind=StepKind.AGENCY, referral_id=referral, due_at=time(11))
    (row,) = group(desk.today.look(), When.TODAY).rows
    assert (row.name, row.initials, row.line) == ("Hope House", "", what)
    assert texts(row) == ["Waiting, day 4", "Ask for Renee, 555-0176", "R-2026-0142"]
    assert row.marks[0].tone is Tone.WAITING


def test_a_step_for_an_agency_says_whom_it_is_about_where_its_words_do_not(desk, town, maria):
    referral = town.referral(maria, town.service("Hope House", "Single rooms"), sent_at=at(11, 20))
    town.step(maria, TUESDAY, "ask if received", kind=StepKind.AGENCY, referral_id=referral, due_at=time(11))
    will = town.client("Will", "Hart")
    other = town.referral(will, town.service("Riverbend", "Intake"), sent_at=at(11, 20))
    town.step(will, TUESDAY, "Will they take him?", kind=StepKind.AGENCY, referral_id=other, due_at=time(12))
    town.step(maria, TUESDAY, "did they get Maria’s packet?", kind=StepKind.AGENCY, referral_id=referral)
    town.step(maria, TUESDAY, due_at=time(13))
    rows = group(desk.today.look(), When.TODAY).rows
    assert [(row.name, row.whose, row.whose_initials) for row in rows] == [
        ("Hope House", "Maria Delgado", "M. D."),
        ("Riverbend", "Will Hart", "W. H."),
        ("Maria Delgado", "", ""),
        ("Hope House", "", ""),
    ]


def test_a_step_for_an_agency_tells_its_tries_before_its_number(desk, town, maria):
    service = town.service("Hope House", "Single rooms")
    town.add(PrivateNotes(service_id=service, who_answers="Renee", back_line="555-0176"))
    referral = town.referral(maria, service, sent_at=at(11, 20), number="R-2026-0142")
    step = town.step(maria, TUESDAY, kind=StepKind.AGENCY, referral_id=referral)
    town.attempt(maria, at(11, 23), TryResult.VOICEMAIL, followup_id=step)
    (row,) = group(desk.today.look(), When.TODAY).rows
    assert texts(row)[:3] == ["Waiting, day 4", "Ask for Renee, 555-0176", "1 try, left message yesterday"]


def test_the_week_ahead_tells_of_the_holiday_and_what_moved(desk, town, maria):
    desk.practice.keep(Practice(clinician="Dana Whitlock", department="Harlow Falls PD", region="OH"))
    town.step(maria, date(2026, 11, 25), "caring note", kind=StepKind.LETTER)
    town.step(maria, date(2026, 11, 27), moved_from=date(2026, 11, 26))
    town.step(maria, date(2026, 11, 27), moved_from=date(2026, 11, 26))
    town.step(maria, date(2026, 12, 2), "beyond")
    ahead = group(desk.today.look(), When.AHEAD)
    assert ahead.count == 3
    assert ahead.note == "Thursday is Thanksgiving: 2 steps moved to Friday"
    assert [row.when for row in ahead.rows] == ["Wed 25", "Fri 27", "Fri 27"]
    assert ahead.rows[1].aside == "Moved from Thursday"


def test_a_finished_step_and_a_client_set_aside_leave_today(desk, town, maria):
    town.step(maria, TUESDAY, state=StepState.DONE)
    town.step(town.client("Gone", "Away", set_aside_at=at(11, 1)), TUESDAY)
    view = desk.today.look()
    assert [(each.count, each.rows) for each in view.groups] == [(0, ())] * 3
    assert view.counts.today == 0


# The guarantee


def test_all_is_well_when_everybody_has_a_next_step(desk, town, maria):
    town.step(maria, date(2027, 3, 1))
    (sentence,) = desk.today.look().guarantees
    assert sentence.holds
    assert sentence.text == "The one open client has a next step"


def test_a_client_without_a_next_step_is_said_with_the_id(desk, town, maria):
    other = town.client("James", "Wu")
    town.step(other, TUESDAY)
    town.client("Closed", "Client", status=ClientStatus.CLOSED)
    (sentence,) = desk.today.look().guarantees
    assert not sentence.holds
    assert sentence.text == "1 client has no next step"
    assert sentence.ids == (maria,)


def test_a_sent_referral_needs_a_next_step_of_its_own(desk, town, maria):
    service = town.service("Hope House", "Single rooms")
    referral = town.referral(maria, service, sent_at=at(11, 20))
    town.step(maria, TUESDAY)
    clients, referrals = desk.today.look().guarantees
    assert clients.holds
    assert referrals.text == "1 referral has no next step"
    assert referrals.ids == (referral,)
    town.step(maria, TUESDAY, referral_id=referral)
    assert all(sentence.holds for sentence in desk.today.look().guarantees)


def test_a_draft_and_an_ended_referral_need_no_next_step(desk, town, maria):
    service = town.service("Hope House", "Single rooms")
    town.referral(maria, service, ReferralState.DRAFT)
    town.referral(maria, service, ReferralState.GOT_HELP, sent_at=at(11, 1), closed_at=at(11, 9))
    town.step(maria, TUESDAY)
    view = desk.today.look()
    assert all(sentence.table == "client" for sentence in view.guarantees)
    assert view.counts.referrals == 1


def test_undo_brings_the_guarantee_back(desk, town, maria):
    step = town.step(maria, TUESDAY)
    desk.followups.done(step)
    assert not desk.today.look().guarantees[0].holds
    desk.undo()
    assert desk.today.look().guarantees[0].holds


# The cards


def test_agencies_that_owe_an_answer_stand_by_the_longest_wait(desk, town, maria):
    rooms = town.service("Hope House", "Single rooms")
    therapy = town.service("Riverbend Behavioral", "Therapy intake")
    first = town.referral(maria, rooms, sent_at=at(11, 20))
    james = town.client("James", "Wu")
    second = town.referral(james, therapy, ReferralState.RECEIVED, sent_at=at(11, 22))
    town.step(james, date(2026, 11, 30), referral_id=second)
    town.referral(james, therapy, ReferralState.SCHEDULED, sent_at=at(11, 2))
    card = desk.today.look().waiting
    assert card.count == 2
    assert [(row.title, row.detail, row.aside) for row in card.rows] == [
        ("Hope House", "Maria Delgado, single rooms", "day 4, ask today"),
        ("Riverbend Behavioral", "James Wu, therapy intake", "day 2"),
    ]
    assert card.rows[0].targets[0].id == first
    assert card.rows[0].covers == (("Maria Delgado", "M. D."),)


def test_a_call_out_with_blanks_says_which(desk, town):
    man = town.client(described_as="Unknown man, Elm Street bridge")
    town.encounter(man, at(11, 24, 4, 31), requested_by=RequestedBy.PATROL, on_scene_at=at(11, 24, 4, 50))
    whole = {"requested_by": RequestedBy.PATROL, "on_scene_at": at(11, 23, 2), "clear_at": at(11, 23, 3)}
    town.encounter(
        man,
        at(11, 23),
        Ending.REFERRED,
        location="Elm Street",
        final_nature="welfare_check",
        narrative="Spoke.",
        **whole,
    )
    card = desk.today.look().finish
    assert card.count == 1
    (row,) = card.rows
    assert row.title == "Crisis call-out, 4:31 this morning"
    assert row.detail == "Unknown man, Elm Street bridge, 5 blanks left"
    assert row.blanks == ("when you were clear", "where", "what it was", "how it ended", "what happened")
    assert row.aside == "~4 min"


def test_what_is_half_typed_is_told_by_form_and_name_and_of_its_words_only_a_new_clients_name(desk, town, maria, clock):
    desk.unsaved.keep("client", "", {"first_name": "Lena", "goals": "Secret"})
    clock.moment = at(11, 24, 14, 5)
    desk.unsaved.keep("note", f"new {maria}", {"body": "Secret"})
    town.client("Tyrell", "Banks")
    card = desk.today.look().finish
    assert card.count == 2
    assert [(row.title, row.detail, row.covers) for row in card.rows] == [
        ("A half-written note", "Maria Delgado, 14:05 today", (("Maria Delgado", "M. D."),)),
        ("A new client, half typed", "Lena, 9:40 this morning", (("Lena", "L."),)),
    ]
    desk.unsaved.forget("note", f"new {maria}")
    assert desk.today.look().finish.count == 1


def test_an_old_call_out_is_no_longer_asked_about(desk, town, maria):
    town.encounter(maria, at(11, 1))
    assert desk.today.look().finish.count == 0


def test_notes_to_sign_and_referrals_to_send_stand_in_one_row_each(desk, town, maria):
    banks = town.client("Tyrell", "Banks")
    town.add(Note(client_id=maria, body="…", written_at=at(11, 19)))
    town.add(Note(client_id=banks, body="…", written_at=at(11, 20)))
    town.add(Note(client_id=banks, body="…", written_at=at(11, 2), status=NoteStatus.SIGNED))
    town.referral(banks, None, ReferralState.DRAFT)
    card = desk.today.look().finish
    assert card.count == 3
    notes, drafts = card.rows
    assert (notes.title, notes.detail, notes.aside) == (
        "2 notes to sign",
        "Delgado Nov 19, Banks Nov 20",
        "oldest 5 days",
    )
    assert (drafts.title, drafts.detail) == ("1 referral not sent yet", "Tyrell Banks")


def test_releases_that_end_soon_and_services_unchecked_run_out(desk, town, maria):
    service = town.service("Riverbend", "Therapy intake")
    fresh = town.service("Hope House", "Single rooms", checked_on=date(2026, 10, 1))
    release = Release(client_id=maria, recipient="Riverbend", direction=Direction.BOTH, expires_on=date(2026, 11, 27))
    late = Release(client_id=maria, recipient="Hope House", expires_on=date(2026, 10, 1))
    unused = Release(client_id=maria, recipient="Old", expires_on=date(2026, 10, 1))
    town.add(release, late, unused)
    town.referral(maria, service, sent_at=at(11, 20))
    town.referral(maria, fresh, sent_at=at(11, 20), release_id=late.id)
    card = desk.today.look().running_out
    assert card.count == 3
    assert [(row.title, row.detail, row.aside, row.tone) for row in card.rows] == [
        ("Maria Delgado’s release", "Hope House, to them", "ended Oct 1", Tone.DANGER),
        ("Maria Delgado’s release", "Riverbend, two-way", "ends Friday", Tone.CAUTION),
        ("1 service to check", "In use, and not checked for half a year", "1 never checked", Tone.PLAIN),
    ]


# Size


def test_today_reads_as_many_queries_for_ten_rows_as_for_one(desk, store, town, maria):
    town.step(maria, TUESDAY)
    few = _queries(store, desk.today.look)
    for number in range(10):
        client_id = town.client("Person", f"Number {number}")
        town.phone(client_id)
        town.step(client_id, TUESDAY)
    assert _queries(store, desk.today.look) == few


def test_a_desk_left_alone_for_months_shows_a_hundred_and_counts_all(desk, store, maria):
    with store.write("Add", undoable=False) as s:
        s.add_all(FollowUp(client_id=maria, due_on=date(2026, 8, 1)) for _each in range(120))
    overdue = group(desk.today.look(), When.OVERDUE)
    assert (overdue.count, len(overdue.rows)) == (120, 100)
    assert len(desk.today.group(When.OVERDUE).rows) == 120


def _queries(store, look):
    seen = []

    def count(*_args):
        seen.append(1)

    event.listen(store._engine, "before_cursor_execute", count)
    try:
        look()
    finally:
        event.remove(store._engine, "before_cursor_execute", count)
    return len(seen)
