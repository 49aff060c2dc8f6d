"""Encounters, notes, next steps, tries, releases, referrals and packets: the acts of the main job."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from crisisdesk.desk.disclosures import Paper
from crisisdesk.desk.encounters import EncounterDraft
from crisisdesk.desk.followups import FollowUpDraft, TryDraft
from crisisdesk.desk.notes import NoteDraft
from crisisdesk.desk.practice import Practice
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.desk.releases import ReleaseDraft, usual_end
from crisisdesk.errors import CannotUndo, Invalid, StateConflict
from crisisdesk.records.attachments import Attachment
from crisisdesk.records.choices import (
    Audience,
    Basis,
    Channel,
    DisclosureHow,
    Ending,
    NoteKind,
    NoteStatus,
    PageKind,
    ReferralResult,
    ReferralState,
    ReleaseStatus,
    StepKind,
    StepState,
    ToldBy,
    TryResult,
)
from crisisdesk.records.clients import Client
from crisisdesk.records.disclosures import Disclosure
from crisisdesk.records.encounters import Disposition
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.referrals import Referral, ReferralEvent

if TYPE_CHECKING:
    from crisisdesk.vault.changes import Changes

PROVIDER = Paper(
    audience=Audience.PROVIDER, kinds=(PageKind.COVER, PageKind.REFERRAL_FORM), pages=2, content=b"%PDF provider"
)
HANDOUT = Paper(audience=Audience.CLIENT, kinds=(PageKind.HANDOUT,), pages=1, content=b"%PDF client")


def count(store, kind, *where) -> int:
    with store.read() as s:
        return s.scalar(select(func.count()).select_from(kind).where(*where))


# Encounters


def test_an_encounter_needs_only_when_it_began(desk, client_id, clock):
    encounter_id = desk.encounters.record(client_id, EncounterDraft(began_at=clock.now()))
    assert desk.encounters.draft(encounter_id).began_at == clock.now()
    with pytest.raises(Invalid):
        desk.encounters.record(client_id, EncounterDraft())


def test_endings_keep_their_order_and_are_rows_of_their_own(desk, store, client_id, clock):
    draft = EncounterDraft(began_at=clock.now(), endings=(Ending.VOLUNTARY_ER, Ending.SAFETY_PLAN))
    encounter_id = desk.encounters.record(client_id, draft)
    draft.endings = (Ending.SAFETY_PLAN, Ending.REFERRED)
    desk.encounters.edit(encounter_id, draft)
    assert desk.encounters.draft(encounter_id).endings == (Ending.SAFETY_PLAN, Ending.REFERRED)
    assert count(store, Disposition) == 2


def test_times_out_of_order_are_told_beside_the_later_one(desk, client_id, clock):
    now = clock.now()
    draft = EncounterDraft(began_at=now - timedelta(hours=1), on_scene_at=now, clear_at=now - timedelta(minutes=5))
    with pytest.raises(Invalid) as refused:
        desk.encounters.record(client_id, draft)
    assert set(refused.value.problems) == {"clear_at"}


def test_an_encounter_moves_the_last_contact_forward_only(desk, store, client_id, clock):
    desk.encounters.record(client_id, EncounterDraft(began_at=clock.now()))
    desk.encounters.record(client_id, EncounterDraft(began_at=clock.now() - timedelta(days=3)))
    with store.read() as s:
        assert s.get(Client, client_id).last_contact_at == clock.now()


# Notes


def test_a_signed_note_takes_only_addenda(desk, client_id):
    note = desk.notes.write(client_id, NoteDraft(body="Sat on the stairs."))
    desk.notes.sign(note)
    with pytest.raises(StateConflict):
        desk.notes.edit(note, NoteDraft(body="Called back."))
    desk.notes.add_to(note, NoteKind.ADDENDUM, NoteDraft(body="Called back."))
    read = desk.notes.read(note)
    assert (read.body, read.status) == ("Sat on the stairs.", NoteStatus.SIGNED)
    assert [added.body for added in read.additions] == ["Called back."]
    assert read.signed_by == "Dana Whitlock, LCSW"


def test_signing_cannot_be_undone(desk, client_id):
    note = desk.notes.write(client_id, NoteDraft(body="Sat on the stairs."))
    desk.notes.sign(note)
    with pytest.raises(CannotUndo):
        desk.undo()


def test_a_draft_takes_no_addendum(desk, client_id):
    note = desk.notes.write(client_id, NoteDraft(body="Sat on the stairs."))
    with pytest.raises(StateConflict):
        desk.notes.add_to(note, NoteKind.ADDENDUM, NoteDraft(body="More."))


def test_an_empty_note_is_refused(desk, client_id):
    with pytest.raises(Invalid):
        desk.notes.write(client_id, NoteDraft(body="  \n"))


# Next steps and tries


def test_a_try_that_reached_her_moves_the_last_contact(desk, store, client_id, clock):
    step = desk.followups.add(client_id, FollowUpDraft(due_on=clock.today()))
    desk.followups.log_try(step, TryDraft(result=TryResult.NO_ANSWER))
    with store.read() as s:
        assert s.get(Client, client_id).last_contact_at is None
    desk.followups.log_try(step, TryDraft(result=TryResult.REACHED), finish=True)
    with store.read() as s:
        assert s.get(Client, client_id).last_contact_at is not None
        assert s.get(FollowUp, step).state is StepState.DONE


def test_reaching_the_agency_is_not_reaching_her(desk, store, client_id, clock):
    step = desk.followups.add(client_id, FollowUpDraft(kind=StepKind.AGENCY, due_on=clock.today()))
    desk.followups.log_try(step, TryDraft(channel=Channel.PROVIDER, result=TryResult.REACHED))
    with store.read() as s:
        assert s.get(Client, client_id).last_contact_at is None


def test_a_try_can_move_the_step_in_the_same_act(desk, client_id, clock):
    step = desk.followups.add(client_id, FollowUpDraft(due_on=clock.today()))
    later = clock.today() + timedelta(days=2)
    desk.followups.log_try(step, TryDraft(result=TryResult.VOICEMAIL), again=FollowUpDraft(due_on=later))
    assert desk.followups.facts(step).due_on == later
    desk.undo()
    assert desk.followups.facts(step).due_on == clock.today()


def test_a_finished_step_is_not_finished_twice(desk, client_id, clock):
    step = desk.followups.add(client_id, FollowUpDraft(due_on=clock.today()))
    desk.followups.done(step)
    with pytest.raises(StateConflict):
        desk.followups.move(step, clock.today())


def test_a_step_without_a_date_and_a_try_without_a_result_are_refused(desk, client_id, clock):
    with pytest.raises(Invalid) as refused:
        desk.followups.add(client_id, FollowUpDraft())
    assert set(refused.value.problems) == {"due_on"}
    step = desk.followups.add(client_id, FollowUpDraft(due_on=clock.today()))
    with pytest.raises(Invalid):
        desk.followups.log_try(step, TryDraft())


# Releases


def test_a_release_lets_tell_until_it_ends_or_is_revoked(desk, client_id, organization_id, release_id, clock):
    assert desk.releases.in_force(client_id, organization_id).id == release_id
    clock.moment += timedelta(days=800)
    assert desk.releases.in_force(client_id, organization_id) is None
    clock.moment -= timedelta(days=800)
    desk.releases.revoke(release_id)
    assert desk.releases.in_force(client_id, organization_id) is None


def test_a_release_that_ends_before_it_begins_is_refused(desk, client_id, clock):
    draft = ReleaseDraft(
        recipient="Hope House",
        purpose="to find a place",
        status=ReleaseStatus.SIGNED,
        signed_on=clock.today(),
        expires_on=clock.today() - timedelta(days=1),
    )
    with pytest.raises(Invalid) as refused:
        desk.releases.add(client_id, draft)
    assert set(refused.value.problems) == {"expires_on"}


def test_an_empty_release_is_none(desk, client_id):
    with pytest.raises(Invalid) as refused:
        desk.releases.add(client_id, ReleaseDraft(scopes=()))
    assert set(refused.value.problems) == {"recipient", "purpose", "status", "signed_on", "expires_on", "scopes"}


@pytest.mark.parametrize(
    ("signed_on", "ends"), [(date(2026, 11, 24), date(2027, 11, 24)), (date(2028, 2, 29), date(2029, 2, 28))]
)
def test_a_release_usually_ends_after_a_year(signed_on, ends):
    assert usual_end(signed_on) == ends


# Referrals and packets


def test_printing_files_logs_sends_and_asks_again_in_one_write(desk, store, referral_id, clock):
    steps_before = count(store, FollowUp)
    told: list[Changes] = []
    stop = desk.subscribe(told.append)
    desk.disclosures.packet_number(referral_id)
    told.clear()
    again = FollowUpDraft(kind=StepKind.AGENCY, what="did they get it?", due_on=clock.today() + timedelta(days=3))
    desk.disclosures.file_packet(referral_id, (PROVIDER, HANDOUT), how=DisclosureHow.PRINTED, again=again)
    stop()
    assert len(told) == 1
    assert count(store, Attachment) == 2
    assert count(store, Disclosure, Disclosure.basis == Basis.RELEASE) == 1
    assert count(store, Disclosure, Disclosure.basis == Basis.CLIENT) == 1
    assert count(store, FollowUp) == steps_before + 1
    assert desk.referrals.facts(referral_id).state is ReferralState.SENT
    papers = desk.disclosures.papers(referral_id)
    assert {desk.disclosures.paper(paper.attachment_id) for paper in papers} == {PROVIDER.content, HANDOUT.content}


def test_nothing_leaves_without_a_release_or_a_stated_ground(desk, store, client_id, service_id):
    referral_id = desk.referrals.open(client_id, ReferralDraft(service_id=service_id))
    desk.disclosures.packet_number(referral_id)
    with pytest.raises(Invalid):
        desk.disclosures.file_packet(referral_id, (PROVIDER,), how=DisclosureHow.PRINTED, again=None)
    assert count(store, Attachment) == 0
    draft = desk.referrals.facts(referral_id).draft
    draft.basis, draft.basis_reason = Basis.TREATMENT, "They treat her already."
    desk.referrals.edit(referral_id, draft)
    desk.disclosures.file_packet(referral_id, (PROVIDER,), how=DisclosureHow.PRINTED, again=None)
    assert count(store, Disclosure, Disclosure.reason == "They treat her already.") == 1


def test_a_revoked_release_stops_the_packet(desk, referral_id, release_id):
    desk.disclosures.packet_number(referral_id)
    desk.releases.revoke(release_id)
    with pytest.raises(Invalid):
        desk.disclosures.file_packet(referral_id, (PROVIDER,), how=DisclosureHow.PRINTED, again=None)


def test_a_handout_alone_needs_no_release(desk, client_id, service_id):
    referral_id = desk.referrals.open(client_id, ReferralDraft(service_id=service_id))
    desk.disclosures.packet_number(referral_id)
    desk.disclosures.file_packet(referral_id, (HANDOUT,), how=DisclosureHow.PRINTED, again=None)
    assert desk.referrals.facts(referral_id).state is ReferralState.INFORMATION


def test_printing_cannot_be_undone_and_a_second_print_is_a_copy(desk, referral_id):
    assert desk.disclosures.first_printed_at(referral_id) is None
    number = desk.disclosures.packet_number(referral_id)
    desk.disclosures.file_packet(referral_id, (PROVIDER,), how=DisclosureHow.PRINTED, again=None)
    with pytest.raises(CannotUndo):
        desk.undo()
    assert desk.disclosures.first_printed_at(referral_id) is not None
    assert desk.disclosures.packet_number(referral_id) == number


def test_a_final_state_finishes_the_open_steps(desk, store, referral_id, clock):
    desk.referrals.next_step(referral_id, FollowUpDraft(kind=StepKind.AGENCY, due_on=clock.today()))
    desk.referrals.set_state(referral_id, ReferralState.GOT_HELP, told_by=ToldBy.CLIENT)
    assert count(store, FollowUp, FollowUp.state == StepState.OPEN) == 0
    with store.read() as s:
        referral = s.get(Referral, referral_id)
        assert (referral.is_open, referral.result) == (False, ReferralResult.ACCEPTED)
    assert count(store, ReferralEvent) == 1
    desk.undo()
    assert count(store, FollowUp, FollowUp.state == StepState.OPEN) == 1


def test_a_sent_referral_does_not_change_its_service(desk, referral_id):
    desk.disclosures.packet_number(referral_id)
    desk.disclosures.file_packet(referral_id, (PROVIDER,), how=DisclosureHow.PRINTED, again=None)
    draft = desk.referrals.facts(referral_id).draft
    draft.service_id = None
    with pytest.raises(StateConflict):
        desk.referrals.edit(referral_id, draft)


# Practice and half-typed forms


def test_the_practice_comes_back_and_needs_a_name(desk):
    practice = Practice(clinician="Dana Whitlock", department="Harlow Falls PD", fax="555-0109", reply_workdays=5)
    desk.practice.keep(practice)
    assert desk.practice.get() == practice
    with pytest.raises(Invalid) as refused:
        desk.practice.keep(Practice())
    assert set(refused.value.problems) == {"clinician", "department"}


def test_a_half_typed_form_is_kept_and_is_no_undo_step(desk, client_id):
    label = desk.undo_label
    desk.unsaved.keep("note", client_id, {"body": "Sat on the st"})
    assert desk.unsaved.find("note", client_id).values == {"body": "Sat on the st"}
    assert desk.undo_label == label
    desk.unsaved.forget("note", client_id)
    assert desk.unsaved.find("note", client_id) is None
