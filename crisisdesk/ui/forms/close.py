"""Close a client's file, with the reason."""

from typing import cast

from crisisdesk.errors import StateConflict
from crisisdesk.i18n import _
from crisisdesk.records.choices import CloseReason
from crisisdesk.ui import ask
from crisisdesk.ui.forms.editors import ChoiceEditor
from crisisdesk.ui.forms.form import Form
from crisisdesk.ui.page import Context
from crisisdesk.ui.widgets.dialog import Dialog


class CloseDialog(Dialog):
    """Why the file is closed."""

    def __init__(self, context: Context, client_id: str, name: str) -> None:
        title = _("Close the file of {name}?").format(name=name)
        text = _("It leaves the open clients and can be opened again at any time. Nothing is deleted.")
        super().__init__(context.window.widget, title, text)
        self._context = context
        self._client_id = client_id
        self.form = Form(columns=1)
        self.form.add("reason", _("&Why"), ChoiceEditor(CloseReason))
        self.add(self.form)
        self.set_acts(act=_("Close the file"), keep=_("Keep it open"))

    def check(self) -> bool:
        """Close it, or show what stands against it."""
        reason = cast("CloseReason | None", self.form.values()["reason"])
        if reason is None:
            self.form.show_problems({"reason": _("Why is it closed?")})
            return False
        try:
            self._context.desk.clients.close(self._client_id, reason)
        except StateConflict as conflict:
            self.form.show_problems({"reason": str(conflict)})
            return False
        return True


def close_client(context: Context, client_id: str, name: str) -> None:
    """Ask why, and close the file."""
    if ask.run(CloseDialog(context, client_id, name)):
        context.window.say(_("The client’s file is closed."), undo=True)
