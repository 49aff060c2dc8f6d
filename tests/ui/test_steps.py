"""Dialogs about next steps in the real window, on the practice data."""

import pytest

from crisisdesk.desk.client_list import ClientFilter, ClientQuery
from crisisdesk.desk.followups import FollowUpDraft
from crisisdesk.desk.referral_list import ReferralQuery
from crisisdesk.records.choices import ReferralState, StepKind, TryResult
from crisisdesk.ui.forms.steps import FollowUpDialog, MoveDialog, StepActs, TryDialog, agency
from crisisdesk.ui.pages.refer_dialogs import HappenedDialog


@pytest.fixture
def maria(town):
    return town.client_list.page(ClientQuery(text="Delgado", filter=ClientFilter.ALL)).rows[0].id


@pytest.fixture
def step(town, maria):
    step_id = town.followups.add(maria, FollowUpDraft(what="ask about the dog", due_on=town.clock.today()))
    return town.followups.facts(step_id)


@pytest.fixture
def referral(town):
    rows = (row for group in town.referral_list.read(ReferralQuery()).groups for row in group.rows)
    facts = (town.referrals.facts(row.id) for row in rows if row.state is ReferralState.SENT)
    return next(each for each in facts if each.draft.service_id and each.draft.spoke_with)


@pytest.fixture
def agency_step(town, referral):
    draft = FollowUpDraft(kind=StepKind.AGENCY, what="ask for a date", due_on=town.clock.today())
    return town.followups.facts(town.referrals.next_step(referral.id, draft))


def type_in(dialog, field, words):
    dialog.form.editor(field).setText(words)


def test_a_day_that_cant_be_read_is_said_and_nothing_is_logged(context, town, step, maria, answers):
    before = town.timeline.read(maria).entries

    def blursday(dialog):
        dialog.form.set_values({"result": TryResult.REACHED})
        type_in(dialog, "again_on", "blursday")
        assert not dialog.check()
        assert "can’t be read as a date" in dialog.form.problems()["again_on"]
        return False

    answers.run(blursday)
    StepActs(context, context.window.widget).do("try", step.id)
    assert town.timeline.read(maria).entries == before
    assert town.followups.facts(step.id).due_on == step.due_on


def test_an_hour_that_cant_be_read_moves_nothing(context, town, step):
    dialog = MoveDialog(context, step)
    type_in(dialog, "due_on", "tomorrow")
    type_in(dialog, "due_at", "noonish")
    assert not dialog.check()
    assert list(dialog.form.problems()) == ["due_at"]
    assert town.followups.facts(step.id) == step


def test_a_next_step_with_an_hour_that_cant_be_read_is_not_set(context, town, maria):
    before = town.followups.open_steps(maria)
    dialog = FollowUpDialog(context, maria)
    type_in(dialog, "due_on", "tomorrow")
    type_in(dialog, "due_at", "noonish")
    assert not dialog.check()
    assert list(dialog.form.problems()) == ["due_at"]
    assert town.followups.open_steps(maria) == before


def test_what_happened_is_not_written_down_with_a_day_that_cant_be_read(context, town, referral):
    dialog = HappenedDialog(context, referral)
    dialog.form.set_values({"state": ReferralState.RECEIVED})
    type_in(dialog, "due_on", "blursday")
    assert not dialog.check()
    assert "can’t be read as a date" in dialog.form.problems()["due_on"]
    assert town.referrals.facts(referral.id) == referral


def test_the_dialogs_say_whom_they_are_about(context, step, maria):
    dialogs = [TryDialog(context, step, maria), MoveDialog(context, step), FollowUpDialog(context, maria)]
    assert {dialog.text for dialog in dialogs} == {"About Maria Delgado"}


def test_the_dialogs_cover_the_name_while_names_are_covered(context, step, maria):
    context.cover.turn(on=True)
    dialogs = [TryDialog(context, step, maria), MoveDialog(context, step), FollowUpDialog(context, maria)]
    assert {dialog.text for dialog in dialogs} == {"About M. D."}


def test_a_try_at_an_agency_says_which_and_whom_to_ask_and_knows_the_number(context, town, referral, agency_step):
    dialog = TryDialog(context, agency_step, referral.client_id)
    card = town.services.card(referral.draft.service_id)
    asked = agency(context, referral.id)
    assert dialog.text.endswith(f", referred to {card.organization}")
    assert referral.draft.spoke_with in asked.ask_for
    assert asked.phone.startswith("555-01") or "555-01" in asked.phone
    assert dialog.form.values()["number_used"] == asked.phone


def test_a_next_step_of_a_referral_says_where_to(context, town, referral):
    dialog = FollowUpDialog(context, referral.client_id, referral_id=referral.id)
    assert town.services.card(referral.draft.service_id).organization in dialog.text
