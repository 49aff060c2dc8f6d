"""Safety flags: what to know before going. One ends by its review, with what the review found."""

from typing import TYPE_CHECKING, cast

from crisisdesk.desk.chart import Banner
from crisisdesk.desk.clients import FlagDraft
from crisisdesk.i18n import _
from crisisdesk.records.choices import FlagKind, Severity
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import FormDialog
from crisisdesk.ui.forms.editors import ChoiceEditor, DateEditor, LineEditor, SegmentsEditor
from crisisdesk.ui.page import Context

if TYPE_CHECKING:
    from datetime import date


class FlagDialog(FormDialog):
    """A new safety flag."""

    def __init__(self, context: Context, client_id: str) -> None:
        text = _("It stands on the chart and in every list until its review. Nobody can click it away.")
        super().__init__(context, _("What to know before going"), text, kept=("flag", client_id))
        self._client_id = client_id
        self.form.add("kind", _("&Kind"), ChoiceEditor(FlagKind))
        self.form.add("words", _("In a few &words"), LineEditor(placeholder=_("Dog in yard")), hint=_("for the badge"))
        self.form.add("severity", _("How loud"), SegmentsEditor([(s.value, s.label) for s in Severity]), wide=True)
        self.form.add(
            "reason", _("Wh&y"), LineEditor(placeholder=_("Ex-partner hit an officer here Aug 14")), wide=True
        )
        self.form.add("source", _("Who says &so"), LineEditor())
        self.form.add("review_on", _("&Review by"), DateEditor(context.clock))
        self.form.set_values({"severity": Severity.CAUTION})
        self.begin(act=_("Add the flag"))

    def save(self) -> None:
        """Put it on the chart. Raises Invalid."""
        values = self.form.values()
        draft = FlagDraft(
            kind=cast("FlagKind | None", values["kind"]) or FlagKind.OTHER,
            words=str(values["words"]),
            severity=Severity(str(values["severity"] or Severity.CAUTION)),
            reason=str(values["reason"]),
            source=str(values["source"]),
            review_on=cast("date | None", values["review_on"]),
        )
        self.context.desk.clients.flag(self._client_id, draft)


def add_flag(context: Context, client_id: str) -> None:
    """Ask for a safety flag and put it on the chart."""
    if ask.run(FlagDialog(context, client_id)):
        context.window.say(_("The safety flag was added."), undo=True)


def end_flag(context: Context, banner: Banner) -> None:
    """End a flag, after asking what its review found."""
    if banner.id is None:
        return
    found = ask.text(
        context.window.widget,
        _("End “{flag}”?").format(flag=banner.mark.text),
        _("What the review found"),
        act=_("End it"),
    )
    if found is not None:
        context.desk.clients.end_flag(banner.id, found)
        context.window.say(_("The safety flag was ended."), undo=True)
