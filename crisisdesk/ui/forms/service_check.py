"""A check of a service: how, and what it found."""

from typing import cast

from crisisdesk.errors import Invalid
from crisisdesk.i18n import _
from crisisdesk.records.choices import CheckHow, CheckResult
from crisisdesk.ui.forms.card import FormDialog
from crisisdesk.ui.forms.editors import ChipsEditor, TextEditor
from crisisdesk.ui.page import Context


class CheckDialog(FormDialog):
    """Writes down today's check."""

    keeps_on_cancel = False

    def __init__(self, context: Context, service_id: str) -> None:
        title = context.desk.services.card(service_id).title
        super().__init__(
            context,
            _("Checked {service} today?").format(service=title),
            _("Handouts say when a place was last checked."),
            kept=("check", service_id),
        )
        self._service_id = service_id
        self.form.add("how", _("&How"), ChipsEditor(CheckHow, many=False), wide=True)
        self.form.add("result", _("&What you found"), ChipsEditor(CheckResult, many=False), wide=True)
        self.form.add("note", _("In your own wor&ds"), TextEditor(lines=2), wide=True)
        self.form.set_values({"how": CheckHow.PHONE, "result": CheckResult.WORKED})
        self.begin(act=_("Write it down"))

    def save(self) -> None:
        """Write it down. Raises Invalid."""
        values = self.form.values()
        how = cast("CheckHow | None", values["how"])
        result = cast("CheckResult | None", values["result"])
        problems = {}
        if how is None:
            problems["how"] = _("How did you check it?")
        if result is None:
            problems["result"] = _("What did you find?")
        if how is None or result is None:
            raise Invalid(problems)
        self.context.desk.services.check(self._service_id, how, result, str(values["note"] or ""))
