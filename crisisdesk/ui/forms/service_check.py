"""A check of a service: how, and what it found."""

from typing import cast

from crisisdesk.i18n import _
from crisisdesk.records.choices import CheckHow, CheckResult
from crisisdesk.ui.forms.editors import ChipsEditor, TextEditor
from crisisdesk.ui.forms.form import Form
from crisisdesk.ui.page import Context
from crisisdesk.ui.widgets.dialog import Dialog


class CheckDialog(Dialog):
    """Writes down today's check."""

    def __init__(self, context: Context, service_id: str) -> None:
        title = context.desk.services.card(service_id).title
        super().__init__(
            context.window.widget,
            _("Checked {service} today?").format(service=title),
            _("Handouts say when a place was last checked."),
            width=560,
        )
        self._context = context
        self._service_id = service_id
        self.form = Form(columns=1)
        self.form.add("how", _("&How"), ChipsEditor(CheckHow, many=False))
        self.form.add("result", _("&What you found"), ChipsEditor(CheckResult, many=False))
        self.form.add("note", _("In your own wor&ds"), TextEditor(lines=2))
        self.form.set_values({"how": CheckHow.PHONE, "result": CheckResult.WORKED})
        self.add(self.form)
        self.set_acts(act=_("Write it down"), keep=_("Cancel"))

    def check(self) -> bool:
        """Write it down."""
        values = self.form.values()
        how = cast("CheckHow | None", values["how"])
        result = cast("CheckResult | None", values["result"])
        problems = {}
        if how is None:
            problems["how"] = _("How did you check it?")
        if result is None:
            problems["result"] = _("What did you find?")
        if how is None or result is None:
            self.form.show_problems(problems)
            return False
        self._context.desk.services.check(self._service_id, how, result, str(values["note"] or ""))
        return True
