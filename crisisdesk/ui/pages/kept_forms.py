"""Open a half-typed form again, over the page that it belongs to."""

from collections.abc import Callable, Mapping

from crisisdesk.desk.unsaved import KeptForm
from crisisdesk.ui.forms.client import open_client
from crisisdesk.ui.forms.encounter import open_encounter
from crisisdesk.ui.forms.flag import add_flag
from crisisdesk.ui.forms.note import open_note
from crisisdesk.ui.forms.person import open_person
from crisisdesk.ui.forms.plan import edit_plan
from crisisdesk.ui.forms.quick import quick_callout
from crisisdesk.ui.forms.release import open_release
from crisisdesk.ui.forms.service import PrivateForm, ServiceForm
from crisisdesk.ui.page import Context

OPENERS: Mapping[str, Callable[[Context, KeptForm], object]] = {
    "addition": lambda context, kept: open_note(context, kept.client_id, kept.record_id),
    "client": lambda context, kept: open_client(context, kept.client_id),
    "encounter": lambda context, kept: open_encounter(context, kept.client_id, kept.record_id),
    "flag": lambda context, kept: add_flag(context, kept.client_id),
    "note": lambda context, kept: open_note(context, kept.client_id, kept.record_id),
    "person": lambda context, kept: open_person(context, kept.client_id, kept.record_id),
    "plan": lambda context, kept: edit_plan(context, kept.client_id),
    "private": lambda context, kept: PrivateForm.open_card(context, kept.record_id),
    "quick": lambda context, _kept: quick_callout(context),
    "release": lambda context, kept: open_release(context, kept.client_id, kept.record_id),
    "service": lambda context, kept: ServiceForm.open_card(context, kept.record_id),
}


def open_kept(context: Context, kept: KeptForm) -> None:
    """Go to the chart that the form is about, if it is about one, and open the form as it was left."""
    if kept.client_id:
        context.window.go("chart", kept.client_id)
    OPENERS[kept.form](context, kept)
