"""The questions of the retention page: set a legal hold, lift it, and purge a chart."""

from crisisdesk.desk.holds import HoldRow
from crisisdesk.desk.retention import PurgePreview
from crisisdesk.errors import DeskError, Invalid
from crisisdesk.i18n import _, ngettext
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import FormDialog
from crisisdesk.ui.forms.editors import LineEditor
from crisisdesk.ui.page import Context
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.labels import paragraph

_ALL = "everything"


class HoldDialog(FormDialog):
    """A new legal hold, on one chart or on everything."""

    def __init__(self, context: Context, client_id: str | None) -> None:
        text = _("Nothing of it can be deleted until you lift the hold. Your work on it goes on as before.")
        title = _("Put this chart under a legal hold?") if client_id else _("Put everything under a legal hold?")
        super().__init__(context, title, text, kept=("hold", client_id or _ALL))
        self._client_id = client_id
        hint = _("Subpoena of Nov 20, case 26-CR-118")
        self.form.add("reason", _("Who &asked for it"), LineEditor(placeholder=hint), wide=True)
        self.begin(act=_("Set the hold"))

    def save(self) -> None:
        """Set it. Raises Invalid."""
        try:
            self.context.desk.holds.set(self._client_id, str(self.form.values()["reason"]))
        except Invalid:
            raise
        except DeskError as problem:
            raise Invalid({"reason": str(problem)}) from None


class LiftDialog(FormDialog):
    """The end of a legal hold."""

    def __init__(self, context: Context, hold: HoldRow) -> None:
        text = _("Set because of: {reason}").format(reason=hold.reason)
        super().__init__(context, _("Lift this legal hold?"), text, kept=("lift", hold.id))
        self._hold_id = hold.id
        self.form.add(
            "reason", _("Who &released it"), LineEditor(placeholder=_("Letter of the court, Dec 3")), wide=True
        )
        self.begin(act=_("Lift the hold"), keep=_("Keep it"))

    def save(self) -> None:
        """Lift it. Raises Invalid."""
        self.context.desk.holds.lift(self._hold_id, str(self.form.values()["reason"]))


class PurgeDialog(FormDialog):
    """What would go, why, and the record's number typed by hand: the first of two questions before a purge."""

    def __init__(self, context: Context, preview: PurgePreview) -> None:
        number = preview.row.number
        title = _("Purge {number}?").format(number=number)
        text = _("All of this chart is destroyed: here it can’t be undone. A backup is made and checked first.")
        super().__init__(context, title, text, kept=("purge", preview.row.id))
        self._client_id = preview.row.id
        listed = [_("{what}: {count}").format(what=what, count=count) for what, count in preview.counts if count]
        self.body.insertWidget(0, paragraph(" · ".join(listed), "text"))
        self.form.add("reason", _("&Why"), LineEditor(placeholder=_("Time of keeping is over")), wide=True)
        self.form.add(
            "number", _("The record &number"), LineEditor(placeholder=number), hint=_("typed, as a second look")
        )
        self.begin(act=_("Make a backup and go on"), keep=_("Keep the chart"))
        self.reason = ""
        self.number = ""

    def save(self) -> None:
        """See whether it may go. Raises Invalid."""
        values = self.form.values()
        self.reason, self.number = str(values["reason"]), str(values["number"])
        try:
            self.context.desk.retention.check(self._client_id, typed_number=self.number, reason=self.reason)
        except Invalid:
            raise
        except DeskError as problem:
            raise Invalid({"reason": str(problem)}) from None


def set_hold(context: Context, client_id: str | None) -> bool:
    """Ask for a legal hold and set it."""
    done = ask.run(HoldDialog(context, client_id))
    if done:
        context.window.say(_("The legal hold is set. Nothing of it can be deleted."))
    return done


def lift_hold(context: Context, hold: HoldRow) -> bool:
    """Ask who released a hold, and lift it."""
    done = ask.run(LiftDialog(context, hold))
    if done:
        context.window.say(_("The legal hold is lifted."))
    return done


def ask_last(context: Context, preview: PurgePreview) -> bool:
    """Ask the second time, once the backup is there."""
    words = ngettext("{count} entry goes.", "{count} entries go.", preview.total).format(count=preview.total)
    until = _("The backup that was just made still holds it. In a year you are asked to delete that.")
    return ask.confirm(
        context.window.widget,
        _("Purge {number} for good?").format(number=preview.row.number),
        _("{first} {second}").format(first=words, second=until),
        act=_("Purge it"),
        keep=_("Keep the chart"),
        danger=True,
    )


def tell_refusal(context: Context, problem: DeskError) -> None:
    """Say why nothing was purged."""
    context.window.say(str(problem), state=State.CAUTION)
