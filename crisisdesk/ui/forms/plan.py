"""What worked last time, in three lines."""

from crisisdesk.desk.clients import PlanDraft
from crisisdesk.i18n import _
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import FormDialog
from crisisdesk.ui.forms.editors import LineEditor
from crisisdesk.ui.page import Context


class PlanDialog(FormDialog):
    """The three lines at the head of a chart."""

    def __init__(self, context: Context, client_id: str) -> None:
        super().__init__(context, _("What worked last time"), kept=("plan", client_id))
        self._client_id = client_id
        opens = LineEditor(placeholder=_("her dog, before anything else"))
        self.form.add("opens_with", _("&Opens with"), opens, wide=True)
        self.form.add("avoid", _("A&void"), LineEditor(placeholder=_("standing in the doorway")), wide=True)
        self.form.add("ask_for", _("Ask &for"), LineEditor(placeholder=_("her sister, 555-0119")), wide=True)
        draft = context.desk.clients.plan_draft(client_id)
        self.form.set_values({"opens_with": draft.opens_with, "avoid": draft.avoid, "ask_for": draft.ask_for})
        self.begin(act=_("Keep it so"))

    def save(self) -> None:
        """Write it down."""
        values = self.form.values()
        draft = PlanDraft(
            opens_with=str(values["opens_with"]), avoid=str(values["avoid"]), ask_for=str(values["ask_for"])
        )
        self.context.desk.clients.plan(self._client_id, draft)


def edit_plan(context: Context, client_id: str) -> None:
    """Ask what worked, and write it down."""
    if ask.run(PlanDialog(context, client_id)):
        context.window.say(_("What worked was written down."), undo=True)
