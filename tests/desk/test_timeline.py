"""A chart's timeline, head, side cards and preview."""

from datetime import date, time, timedelta

import pytest

from crisisdesk.desk.entries import EntryKind
from crisisdesk.desk.words import Tone
from crisisdesk.errors import NotFound
from crisisdesk.records.attachments import Attachment
from crisisdesk.records.choices import (
    Audience,
    Basis,
    Channel,
    ClientStatus,
    Direction,
    DisclosureHow,
    Ending,
    FlagKind,
    HandOff,
    MayContact,
    Need,
    NoteKind,
    NoteStatus,
    ReferralState,
    ReleaseStatus,
    Severity,
    StepKind,
    ToldBy,
    TryResult,
    VoicemailRule,
    YesNo,
)
from crisisdesk.records.clients import ClientAddress, RelatedPerson
from crisisdesk.records.directory import PrivateNotes
from crisisdesk.records.disclosures import Disclosure, Packet
from crisisdesk.records.notes import Note
from crisisdesk.records.referrals import ReferralEvent
from crisisdesk.records.releases import Release
from crisisdesk.records.safety import ResponsePlan
from tests.desk.town import TUESDAY, at


@pytest.fixture
def maria(town):
    return town.client(
        "Maria",
        "Delgado",
        goes_by="Mari",
        born_on=date(1982, 1, 1),
        pronouns="she/her",
        languages="Spanish and English",
        number="C-2026-8031",
    )


def entry(desk, client_id):
    (found,) = desk.timeline.read(client_id).entries
    return found


# Entries


def test_a_call_out_says_who_asked_how_long_and_how_it_ended(desk, town, maria):
    town.encounter(
        maria,
        at(11, 18, 23, 40),
        Ending.LEFT_WITH_FAMILY,
        Ending.SAFETY_PLAN,
        number="2026-8388",
        requested_by_name="Ofc. Brandt",
        paged_at=at(11, 18, 23, 40),
        on_scene_at=at(11, 18, 23, 52),
        clear_at=at(11, 19, 0, 43),
    )
    found = entry(desk, maria)
    assert (found.heading, found.time) == ("Wednesday, November 18", "23:40")
    assert (found.title, found.detail) == ("Crisis call-out", "2026-8388, Ofc. Brandt asked")
    assert found.body == "12 min to scene, 51 min there. Left with family, safety plan."
    assert found.short == "Crisis call-out, left with family"


@pytest.mark.parametrize(
    ("stamps", "said"),
    [
        ({"on_scene_at": 10}, ""),
        ({"on_scene_at": 10, "clear_at": 40}, "30 min there."),
        ({"en_route_at": 3, "on_scene_at": 10}, "7 min to scene."),
        ({"paged_at": 0, "en_route_at": 3, "on_scene_at": 10}, "10 min to scene."),
        ({"paged_at": 0, "clear_at": 40}, ""),
    ],
)
def test_minutes_are_said_only_between_two_stamps(desk, town, maria, stamps, said):
    town.encounter(maria, at(11, 18), **{name: at(11, 18, 12, minute) for name, minute in stamps.items()})
    assert entry(desk, maria).body == said


def test_tries_are_numbered_within_their_step(desk, town, maria):
    step = town.step(maria, TUESDAY)
    town.attempt(maria, at(11, 21), TryResult.NO_ANSWER, followup_id=step)
    town.attempt(
        maria,
        at(11, 22, 14, 5),
        TryResult.VOICEMAIL,
        followup_id=step,
        number_used="5550142",
        minutes=1,
        note="“Hi, it’s Dana, for Maria.”",
    )
    town.attempt(maria, at(11, 20), TryResult.SENT, channel=Channel.TEXT)
    newest, older, text = desk.timeline.read(maria).entries
    assert (newest.title, newest.detail) == ("Try 2: left voicemail", "on 555-0142, 1 min")
    assert newest.body == "“Hi, it’s Dana, for Maria.”"
    assert older.title == "Try 1: no answer"
    assert (text.title, text.detail) == ("Text: sent", "text")


def test_a_note_says_what_it_is_about_and_whether_it_is_signed(desk, town, maria):
    call_out = town.encounter(maria, at(11, 18))
    note = Note(
        client_id=maria, encounter_id=call_out, written_at=at(11, 19, 9, 12), body="Spoke through the door." * 40
    )
    town.add(note)
    town.add(
        Note(
            client_id=maria,
            amends_id=note.id,
            kind=NoteKind.ADDENDUM,
            status=NoteStatus.SIGNED,
            written_at=at(11, 20),
            body="Called back.",
        )
    )
    addendum, draft = desk.timeline.read(maria, [EntryKind.NOTE]).entries
    assert (draft.title, draft.detail) == ("Note", "about the crisis call-out of Nov 18")
    assert (draft.badge.text, draft.badge.tone) == ("Draft, sign it", Tone.CAUTION)
    assert len(draft.body) < 400
    assert (addendum.title, addendum.detail) == ("Addendum", "to the note of Nov 19")


def test_a_referral_says_how_it_went_out_and_stands(desk, town, maria):
    service = town.service("Hope House", "Single rooms")
    referral = town.referral(
        maria,
        service,
        sent_at=at(11, 20, 10, 20),
        need=Need.PLACE_TO_LIVE,
        hand_off=HandOff.WARM,
        spoke_with="Renee",
        sentence="She needs a room of her own by Dec 1.",
    )
    packet = Packet(referral_id=referral, client_id=maria, number="481207")
    town.add(packet)
    town.add(
        Disclosure(
            client_id=maria,
            referral_id=referral,
            packet_id=packet.id,
            made_at=at(11, 20, 10, 20),
            audience=Audience.PROVIDER,
            recipient="Hope House",
            how=DisclosureHow.FAXED,
            basis=Basis.RELEASE,
            pages=5,
        )
    )
    town.add(ReferralEvent(referral_id=referral, at=at(11, 20, 10, 20), state=ReferralState.SENT))
    found = entry(desk, maria)
    assert (found.title, found.detail) == ("Referred to Hope House", "for a place to live")
    assert found.body == (
        "Warm hand-off, spoke with Renee. Packet 481 207 faxed, 5 pages. She needs a room of her own by Dec 1."
    )
    assert (found.badge.text, found.badge.tone) == ("Waiting, day 4", Tone.WAITING)


def test_what_became_of_a_referral_is_an_entry_that_opens_it(desk, town, maria):
    referral = town.referral(maria, town.service("Hope House", "Rooms"), ReferralState.SCHEDULED, sent_at=at(11, 1))
    town.add(
        ReferralEvent(
            referral_id=referral,
            at=at(11, 23),
            state=ReferralState.SCHEDULED,
            told_by=ToldBy.PROVIDER,
            note="Dec 3 at 10.",
        )
    )
    event, _sent = desk.timeline.read(maria).entries
    assert (event.title, event.detail, event.body) == ("Hope House: scheduled", "said the agency", "Dec 3 at 10.")
    assert event.record_id == referral


def test_a_paper_says_for_whom_it_was_made(desk, town, maria):
    paper = Attachment(client_id=maria, title="Packet 481 207, for the provider", pages=5, content=b"%PDF")
    town.add(paper)
    town.add(
        Disclosure(
            client_id=maria,
            attachment_id=paper.id,
            made_at=at(11, 24),
            audience=Audience.PROVIDER,
            recipient="Hope House",
            basis=Basis.RELEASE,
        )
    )
    found = entry(desk, maria)
    assert (found.kind, found.title, found.detail) == (EntryKind.PAPER, "Packet 481 207, for the provider", "5 pages")
    assert found.body == "Printed for Hope House."


def test_what_is_set_aside_and_other_peoples_things_are_not_shown(desk, town, maria):
    other = town.client("James", "Wu")
    town.encounter(other, at(11, 1))
    town.encounter(maria, at(11, 1), set_aside_at=at(11, 2))
    town.attempt(maria, at(11, 1), TryResult.BUSY, set_aside_at=at(11, 2))
    assert desk.timeline.read(maria).entries == ()
    assert desk.timeline.counts(maria).everything == 0


# Pages, counts, ahead


def seeded(town, maria):
    for day in range(1, 6):
        town.encounter(maria, at(11, day))
        town.attempt(maria, at(11, day), TryResult.BUSY)
        town.add(Note(client_id=maria, body="…", written_at=at(11, day)))


def test_pages_of_a_timeline_hold_everything_once_and_newest_first(desk, town, maria):
    seeded(town, maria)
    whole = desk.timeline.read(maria).entries
    paged, key = [], None
    while True:
        page = desk.timeline.read(maria, after=key, limit=4)
        paged += page.entries
        key = page.next_key
        if key is None:
            break
    assert paged == list(whole)
    assert len(whole) == 15
    assert [each.at for each in whole] == sorted((each.at for each in whole), reverse=True)


def test_chips_count_what_they_show(desk, town, maria):
    seeded(town, maria)
    referral = town.referral(maria, None, ReferralState.NEEDS_CLIENT, sent_at=at(11, 1))
    town.add(ReferralEvent(referral_id=referral, at=at(11, 2), state=ReferralState.NEEDS_CLIENT))
    counts = desk.timeline.counts(maria)
    for kind in EntryKind:
        assert counts.by_kind[kind] == len(desk.timeline.read(maria, [kind]).entries), kind
    assert counts.everything == len(desk.timeline.read(maria).entries) == 17


def test_open_steps_are_ahead(desk, town, maria):
    town.step(maria, TUESDAY + timedelta(days=1), "later")
    town.step(maria, date(2026, 11, 22), "72 h after call-out")
    first, second = desk.timeline.ahead(maria)
    assert (first.when, first.when_note) == ("Sun 22", "2 days late")
    assert second.line == "call, later"


# The head


def test_the_head_says_who_it_is(desk, maria):
    head = desk.chart.head(maria)
    assert (head.name, head.initials, head.number) == ("Maria Delgado", "M. D.", "C-2026-8031")
    assert head.line == "“Mari” · 44, she/her · Spanish and English"
    assert (head.status.text, head.status.tone, head.is_open) == ("Open, active", Tone.DONE, True)
    assert head.plan is None
    assert head.banners == ()


def test_danger_stands_above_caution_with_its_reason_and_review(desk, town, maria):
    town.flag(maria, FlagKind.PLAIN_ENVELOPE, reason="He may read her mail.", source="She asked for this Nov 18")
    town.flag(
        maria,
        FlagKind.IN_PAIRS,
        Severity.DANGER,
        reason="Ex-partner hit an officer here Aug 14.",
        review_on=date(2026, 12, 15),
    )
    danger, caution = desk.chart.head(maria).banners
    assert (danger.mark.text, danger.reason, danger.note) == (
        "Visit in pairs",
        "Ex-partner hit an officer here Aug 14.",
        "Review by Dec 15",
    )
    assert (caution.mark.text, caution.note) == ("Plain envelope only", "She asked for this Nov 18")


def test_a_flag_whose_review_is_late_still_stands(desk, town, maria):
    town.flag(maria, FlagKind.DOG, review_on=date(2026, 11, 1))
    (banner,) = desk.chart.head(maria).banners
    assert banner.note == "Review was due Nov 1"


def test_the_tick_for_plain_envelopes_speaks_as_loud_as_the_flag(desk, town):
    client_id = town.client("Peter", "Vance", plain_envelope=True)
    (banner,) = desk.chart.head(client_id).banners
    assert (banner.mark.text, banner.mark.tone) == ("Plain envelope only", Tone.CAUTION)
    town.flag(client_id, FlagKind.PLAIN_ENVELOPE)
    assert len(desk.chart.head(client_id).banners) == 1


def test_what_worked_last_time_stands_in_the_head(desk, town, maria):
    town.add(ResponsePlan(client_id=maria, opens_with="her dog, Canela", planned_on=date(2026, 11, 18)))
    plan = desk.chart.head(maria).plan
    assert (plan.opens_with, plan.avoid, plan.day) == ("her dog, Canela", "", "Nov 18")


def test_a_client_who_is_gone_is_said_so(desk):
    for read in (desk.chart.head, desk.chart.side, desk.chart.preview):
        with pytest.raises(NotFound):
            read("nobody")


def test_closed_and_set_aside_charts_are_not_open(desk, town):
    closed = desk.chart.head(town.client("A", "B", status=ClientStatus.CLOSED))
    aside = desk.chart.head(town.client("C", "D", set_aside_at=at(11, 1)))
    assert (closed.status.text, closed.is_open) == ("Closed", False)
    assert (aside.status.text, aside.is_open) == ("Set aside", False)


# The side


def test_the_side_shows_steps_numbers_people_referrals_and_releases(desk, town, maria):
    service = town.service("Hope House", "Single rooms")
    town.add(PrivateNotes(service_id=service, who_answers="Renee answers before 11."))
    referral = town.referral(maria, service, sent_at=at(11, 20))
    town.add(Packet(referral_id=referral, client_id=maria, number="481207"))
    town.step(maria, date(2026, 11, 22), "72 h")
    town.step(maria, TUESDAY, "how it stands", kind=StepKind.AGENCY, referral_id=referral, due_at=time(11))
    town.phone(
        maria,
        voicemail=VoicemailRule.CUSTOM,
        voicemail_words="Dana, for Maria",
        text_ok=YesNo.YES,
        safe_hours="9 to 14",
    )
    town.phone(maria, "555-0150", safe_to_call=YesNo.NO, position=1)
    town.add(
        RelatedPerson(client_id=maria, name="Elena", relationship="sister", phone="5550119", may_contact=MayContact.YES)
    )
    town.clock.moment += timedelta(seconds=1)
    town.add(RelatedPerson(client_id=maria, name="R. D.", relationship="ex-partner", may_contact=MayContact.NO))
    town.add(
        Release(client_id=maria, recipient="Hope House", direction=Direction.BOTH, expires_on=date(2026, 11, 27)),
        Release(client_id=maria, recipient="Old", status=ReleaseStatus.REVOKED, revoked_on=date(2026, 11, 1)),
    )
    side = desk.chart.side(maria)

    def said(card):
        return [(row.lead, row.rest, row.aside, row.tone) for row in card.rows]

    assert said(side.steps) == [
        ("Call", "72 h", "2 days late", Tone.OVERDUE),
        ("Ask Hope House", "how it stands", "today 11:00", Tone.DUE),
    ]
    assert side.reach.title == "Reach her"
    assert said(side.reach) == [
        ("555-0142", "mobile", "text ok", Tone.PLAIN),
        ("555-0150", "mobile", "not safe to call", Tone.DANGER),
        ("555-0119", "Elena, sister", "may contact", Tone.PLAIN),
    ]
    assert side.reach.rows[0].detail == "Voicemail ok: “Dana, for Maria”. Best 9 to 14."
    assert said(side.referrals) == [("Hope House", "single rooms", "waiting, day 4", Tone.WAITING)]
    assert side.referrals.rows[0].detail == "Packet 481 207. Renee answers before 11."
    assert side.people.title == "People around her"
    assert said(side.people) == [
        ("Elena", "sister", "may contact", Tone.PLAIN),
        ("R. D.", "ex-partner", "never contact", Tone.DANGER),
    ]
    assert said(side.releases) == [
        ("Hope House", "two-way", "until Nov 27", Tone.CAUTION),
        ("Old", "to them", "revoked Nov 1", Tone.DANGER),
    ]


def test_an_empty_side_says_what_will_stand_there(desk, maria):
    side = desk.chart.side(maria)
    for card in (side.steps, side.reach, side.referrals, side.people, side.releases):
        assert card.rows == ()
        assert card.sentence


# The preview


def test_the_preview_shows_where_to_write_and_what_came_lately(desk, town, maria):
    town.flag(maria, FlagKind.PLAIN_ENVELOPE)
    town.add(ClientAddress(client_id=maria, address="218 Cotter Street, 3B"))
    town.referral(maria, town.service("Hope House", "Rooms"), sent_at=at(11, 20), need=Need.PLACE_TO_LIVE)
    town.attempt(maria, at(11, 22, 14, 5), TryResult.VOICEMAIL)
    town.encounter(maria, at(11, 17), Ending.LEFT_WITH_FAMILY)
    town.encounter(maria, at(11, 1))
    preview = desk.chart.preview(maria)
    assert (preview.address, preview.address_note) == ("218 Cotter Street, 3B", "Plain envelope only")
    assert [(each.text, each.aside, each.tone) for each in preview.lately] == [
        ("Left voicemail", "Sun 14:05", Tone.PLAIN),
        ("Hope House, a place to live", "waiting, day 4", Tone.WAITING),
        ("Crisis call-out, left with family", "Nov 17", Tone.PLAIN),
    ]
