"""Close a client's file, with the reason."""

from typing import cast

from crisisdesk.errors import Invalid, StateConflict
from crisisdesk.i18n import _
from crisisdesk.records.choices import CloseReason
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import FormDialog
from crisisdesk.ui.forms.editors import ChoiceEditor
from crisisdesk.ui.page import Context


class CloseDialog(FormDialog):
    """Why the file is closed."""

    keeps_on_cancel = False

    def __init__(self, context: Context, client_id: str, name: str) -> None:
        title = _("Close the file of {name}?").format(name=name)
        text = _("It leaves the open clients and can be opened again at any time. Nothing is deleted.")
        super().__init__(context, title, text, kept=("close", client_id), width=440)
        self._client_id = client_id
        self.form.add("reason", _("&Why"), ChoiceEditor(CloseReason))
        self.begin(act=_("Close the file"), keep=_("Keep it open"))

    def save(self) -> None:
        """Close it. Raises Invalid with what stands against it."""
        reason = cast("CloseReason | None", self.form.values()["reason"])
        if reason is None:
            raise Invalid({"reason": _("Why is it closed?")})
        try:
            self.context.desk.clients.close(self._client_id, reason)
        except StateConflict as conflict:
            raise Invalid({"reason": str(conflict)}) from conflict


def close_client(context: Context, client_id: str, name: str) -> None:
    """Ask why, and close the file."""
    if ask.run(CloseDialog(context, client_id, name)):
        context.window.say(_("The client’s file is closed."), undo=True)
