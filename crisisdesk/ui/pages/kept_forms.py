"""Open a half-typed form again, over the page that it belongs to."""

from collections.abc import Callable, Mapping

from crisisdesk.desk.unsaved import KeptForm
from crisisdesk.i18n import _
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import shown_client
from crisisdesk.ui.forms.client import open_client
from crisisdesk.ui.forms.close import close_client
from crisisdesk.ui.forms.encounter import open_encounter
from crisisdesk.ui.forms.flag import add_flag
from crisisdesk.ui.forms.note import open_note
from crisisdesk.ui.forms.person import open_person
from crisisdesk.ui.forms.plan import edit_plan
from crisisdesk.ui.forms.quick import quick_callout
from crisisdesk.ui.forms.release import open_release
from crisisdesk.ui.forms.service import PrivateForm, ServiceForm
from crisisdesk.ui.forms.service_check import CheckDialog
from crisisdesk.ui.forms.steps import FollowUpDialog, StepActs
from crisisdesk.ui.page import Context
from crisisdesk.ui.pages.refer import happened


def _steps(context: Context) -> StepActs:
    return StepActs(context, context.window.widget)


def _try(context: Context, kept: KeptForm) -> None:
    if kept.record_id:
        _steps(context).do("try", kept.record_id)
    else:
        _steps(context).log_contact(kept.client_id)


def _step(context: Context, kept: KeptForm) -> None:
    if kept.record_id:
        _steps(context).do("edit", kept.record_id)
    elif ask.run(FollowUpDialog(context, kept.client_id)):
        context.window.say(_("The next step was set."), undo=True)


def _referral_step(context: Context, kept: KeptForm) -> None:
    if ask.run(FollowUpDialog(context, kept.client_id, referral_id=kept.record_id)):
        context.window.say(_("The next step is set."), undo=True)


def _check(context: Context, kept: KeptForm) -> None:
    if ask.run(CheckDialog(context, kept.record_id)):
        context.window.say(_("The check is written down."), undo=True)


OPENERS: Mapping[str, Callable[[Context, KeptForm], object]] = {
    "addition": lambda context, kept: open_note(context, kept.client_id, kept.record_id),
    "check": _check,
    "client": lambda context, kept: open_client(context, kept.client_id),
    "close": lambda context, kept: close_client(context, kept.client_id, shown_client(context, kept.client_id)),
    "encounter": lambda context, kept: open_encounter(context, kept.client_id, kept.record_id),
    "flag": lambda context, kept: add_flag(context, kept.client_id),
    "happened": lambda context, kept: happened(context, kept.record_id),
    "move": lambda context, kept: _steps(context).do("move", kept.record_id),
    "note": lambda context, kept: open_note(context, kept.client_id, kept.record_id),
    "person": lambda context, kept: open_person(context, kept.client_id, kept.record_id),
    "plan": lambda context, kept: edit_plan(context, kept.client_id),
    "private": lambda context, kept: PrivateForm.open_card(context, kept.record_id),
    "quick": lambda context, _kept: quick_callout(context),
    "referral-step": _referral_step,
    "release": lambda context, kept: open_release(context, kept.client_id, kept.record_id),
    "service": lambda context, kept: ServiceForm.open_card(context, kept.record_id),
    "step": _step,
    "try": _try,
}


def open_kept(context: Context, kept: KeptForm) -> None:
    """Go to the chart that the form is about, if it is about one, and open the form as it was left."""
    if kept.client_id:
        context.window.go("chart", kept.client_id)
    OPENERS[kept.form](context, kept)
