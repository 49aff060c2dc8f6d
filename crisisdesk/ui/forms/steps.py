"""Next steps from a row, the chart or a referral: log a try, done, move, drop, and a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from PySide6.QtWidgets import QWidget

from crisisdesk.desk.beside import FrontDesk
from crisisdesk.desk.dates import say_date
from crisisdesk.desk.followups import FollowUpDraft, StepFacts, TryDraft
from crisisdesk.desk.phones import show_phone
from crisisdesk.desk.steps import ask_for
from crisisdesk.errors import DeskError, Invalid, NotFound
from crisisdesk.i18n import N_, _
from crisisdesk.records.choices import Channel, PhoneType, StepKind, TryResult
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import FormDialog, shown_client
from crisisdesk.ui.forms.editors import (
    CheckEditor,
    ChipsEditor,
    ChoiceEditor,
    DateEditor,
    LineEditor,
    NumberEditor,
    TextEditor,
    TimeEditor,
)
from crisisdesk.ui.page import Context
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.chips import Option
from crisisdesk.ui.widgets.labels import paragraph

if TYPE_CHECKING:
    from datetime import date, time

# What can come of a try, by how it was made; the likely ones first.
RESULTS: Mapping[Channel, tuple[TryResult, ...]] = {
    Channel.CALL: (
        TryResult.REACHED,
        TryResult.VOICEMAIL,
        TryResult.NO_ANSWER,
        TryResult.CALL_BACK,
        TryResult.BUSY,
        TryResult.WRONG_NUMBER,
        TryResult.DISCONNECTED,
        TryResult.ESCALATED,
    ),
    Channel.TEXT: (
        TryResult.SENT,
        TryResult.REPLIED,
        TryResult.NO_REPLY,
        TryResult.UNDELIVERABLE,
        TryResult.OPTED_OUT,
    ),
    Channel.VISIT: (TryResult.REACHED, TryResult.NOT_HOME, TryResult.ESCALATED),
    Channel.LETTER: (TryResult.SENT, TryResult.REPLIED, TryResult.UNDELIVERABLE),
    Channel.EMAIL: (TryResult.SENT, TryResult.REPLIED, TryResult.UNDELIVERABLE, TryResult.OPTED_OUT),
    Channel.COLLATERAL: (TryResult.REACHED, TryResult.VOICEMAIL, TryResult.NO_ANSWER, TryResult.CALL_BACK),
    Channel.PROVIDER: (TryResult.REACHED, TryResult.VOICEMAIL, TryResult.NO_ANSWER, TryResult.CALL_BACK),
}

# What nobody can talk into.
_SILENT = frozenset({PhoneType.FAX, PhoneType.TEXT, PhoneType.PAGER})


@dataclass(frozen=True, kw_only=True)
class Agency:
    """Whom a referral went to, and whom to ask there."""

    name: str = ""
    phone: str = ""
    ask_for: str = ""  # "Ask for Renee, 555-0176"


def agency(context: Context, referral_id: str | None) -> Agency:
    """Return the agency of a referral, as far as one is chosen."""
    if not referral_id:
        return Agency()
    try:
        draft = context.desk.referrals.facts(referral_id).draft
        card = context.desk.services.card(draft.service_id or "")
    except NotFound:
        return Agency()
    public = next((each.number for each in card.public.phones if each.type not in _SILENT), "")
    desk = FrontDesk(who=card.private.who_answers, phone=card.private.back_line.strip() or public)
    return Agency(name=card.organization, phone=show_phone(desk.phone), ask_for=ask_for(draft.spoke_with, desk))


def about(context: Context, client_id: str, referral_id: str | None = None) -> str:
    """Return whom a step is about: "About Maria Delgado, referred to Hope House"."""
    client, place = shown_client(context, client_id), agency(context, referral_id).name
    if place:
        return _("About {client}, referred to {agency}").format(client=client, agency=place)
    return _("About {client}").format(client=client)


class TryDialog(FormDialog):
    """One call, text, letter or visit, and what came of it; what happens next in the same go."""

    keeps_on_cancel = False

    def __init__(self, context: Context, step: StepFacts | None, client_id: str, numbers: tuple[str, ...] = ()) -> None:
        referral_id = step.referral_id if step else None
        words = about(context, client_id, referral_id)
        kept = ("try", step.id if step else f"new {client_id}")
        super().__init__(context, _("Log a try"), words, kept=kept)
        self._step = step
        self._client_id = client_id
        channel = step.channel if step else Channel.CALL
        self._channel = ChoiceEditor(Channel)
        self.form.add("channel", _("&How"), self._channel)
        if channel is Channel.PROVIDER:
            asks = agency(context, referral_id)
            numbers = numbers or ((asks.phone,) if asks.phone else ())
            self.body.insertWidget(0, paragraph(asks.ask_for))
        self.form.add("number_used", _("N&umber"), LineEditor(placeholder=", ".join(numbers)))
        self.form.add("result", _("What came of &it"), self._results(channel), wide=True)
        self.form.add("note", _("In your own &words"), TextEditor(lines=2), wide=True)
        self.form.add("minutes", _("&Minutes"), NumberEditor(most=600))
        if step:
            self.form.add("again_on", _("&Again on"), DateEditor(context.clock), hint=_("“fri”, “in 2 days”"))
            self.form.add("finish", "", CheckEditor(_("This step is &done")), wide=True)
        self.form.set_values({"channel": channel, "number_used": numbers[0] if len(numbers) == 1 else ""})
        self._channel.changed.connect(self._offer_results)
        self.saved = ""
        self.begin(act=_("Log it"))
        self._offer_results()

    def _results(self, channel: Channel) -> ChipsEditor:
        given = [(each.value, each.label) for each in RESULTS[channel]]
        return ChipsEditor(given, many=False)

    def _offer_results(self) -> None:
        channel = cast("Channel | None", self._channel.value()) or Channel.CALL
        chips = cast("ChipsEditor", self.form.editor("result"))
        chips.set_options([Option(each.value, each.label) for each in RESULTS[channel]])

    def save(self) -> None:
        """Log it. Raises Invalid."""
        values = self.form.values()
        result = values["result"]
        draft = TryDraft(
            channel=cast("Channel", values["channel"] or Channel.CALL),
            number_used=str(values["number_used"] or ""),
            result=TryResult(str(result)) if result else None,
            minutes=cast("int | None", values["minutes"]),
            note=str(values["note"] or ""),
        )
        followups = self.context.desk.followups
        if self._step is None:
            self.saved = followups.log_contact(self._client_id, draft)
        else:
            again_on = cast("date | None", values["again_on"])
            again = FollowUpDraft(kind=self._step.kind, what=self._step.what, due_on=again_on) if again_on else None
            self.saved = followups.log_try(self._step.id, draft, finish=bool(values["finish"]), again=again)


class MoveDialog(FormDialog):
    """Another day, and perhaps an hour."""

    keeps_on_cancel = False

    def __init__(self, context: Context, step: StepFacts) -> None:
        words = about(context, step.client_id, step.referral_id)
        super().__init__(context, _("Move the next step"), words, kept=("move", step.id), width=440)
        self.form.add("due_on", _("&When"), DateEditor(context.clock), hint=_("“tomorrow”, “fri”, “3/4”, “in 2 weeks”"))
        self.form.add("due_at", _("&At"), TimeEditor(), hint=_("or any time"))
        self.form.set_values({"due_on": step.due_on, "due_at": step.due_at})
        self._step = step
        self.begin(act=_("Move it"), keep=_("Keep it"))

    def save(self) -> None:
        """Move it. Raises Invalid."""
        values = self.form.values()
        due_on = cast("date | None", values["due_on"])
        if due_on is None:
            raise Invalid({"due_on": _("When? “Tomorrow”, “fri”, “3/4” or “in 2 weeks” will do.")})
        self.context.desk.followups.move(self._step.id, due_on, cast("time | None", values["due_at"]))


class FollowUpDialog(FormDialog):
    """A new next step for a client, perhaps about one of the client's referrals; or one to change."""

    keeps_on_cancel = False

    def __init__(
        self, context: Context, client_id: str, *, referral_id: str | None = None, step: StepFacts | None = None
    ) -> None:
        words = about(context, client_id, referral_id or (step.referral_id if step else None))
        kept = ("referral-step", referral_id) if referral_id else ("step", step.id if step else f"new {client_id}")
        super().__init__(context, _("Next step"), words, kept=kept)
        self._client_id = client_id
        self._referral_id = referral_id
        self._step = step
        self.form.add("kind", _("&What kind"), ChipsEditor(StepKind, many=False), wide=True)
        self.form.add("what", _("What a&bout"), LineEditor(placeholder=_("day 7, did she go?")), wide=True)
        self.form.add("due_on", _("&When"), DateEditor(context.clock), hint=_("“fri”, “in 2 weeks”"))
        self.form.add("due_at", _("&At"), TimeEditor(), hint=_("or any time"))
        if step:
            self.form.set_values({"kind": step.kind, "what": step.what, "due_on": step.due_on, "due_at": step.due_at})
        else:
            self.form.set_values({"kind": StepKind.AGENCY if referral_id else StepKind.CALL})
        self.begin(act=_("Set it") if step is None else _("Keep it so"))

    def save(self) -> None:
        """Set it. Raises Invalid."""
        values = self.form.values()
        draft = FollowUpDraft(
            kind=cast("StepKind | None", values["kind"]) or StepKind.CALL,
            what=str(values["what"] or ""),
            due_on=cast("date | None", values["due_on"]),
            due_at=cast("time | None", values["due_at"]),
        )
        desk = self.context.desk
        if self._step:
            desk.followups.edit(self._step.id, draft)
        elif self._referral_id:
            desk.referrals.next_step(self._referral_id, draft)
        else:
            desk.followups.add(self._client_id, draft)


class StepActs:
    """What can be done with a next step, the same from Today, the chart and the referrals."""

    TITLES: ClassVar[Mapping[str, str]] = {
        "try": N_("Log a try…"),
        "done": N_("Done"),
        "move": N_("Move the date…"),
        "edit": N_("Edit…"),
        "drop": N_("No longer needed…"),
    }

    def __init__(self, context: Context, owner: QWidget) -> None:
        self._context = context
        self._owner = owner

    def do(self, act: str, step_id: str) -> None:
        """Do one of ``TITLES`` with a step, and say so. A step that is gone is said, not raised."""
        try:
            getattr(self, f"_{act}")(self._context.desk.followups.facts(step_id))
        except DeskError as error:
            self._context.window.say(str(error), state=State.CAUTION)

    def _try(self, step: StepFacts) -> None:
        numbers = tuple(phone.number for phone in self._context.desk.clients.draft(step.client_id).phones)
        is_agency = step.channel is Channel.PROVIDER
        if ask.run(TryDialog(self._context, step, step.client_id, () if is_agency else numbers)):
            self._context.window.say(_("The try was logged."), undo=True)

    def log_contact(self, client_id: str) -> None:
        """Log a try that no next step asked for."""
        numbers = tuple(phone.number for phone in self._context.desk.clients.draft(client_id).phones)
        if ask.run(TryDialog(self._context, None, client_id, numbers)):
            self._context.window.say(_("The try was logged."), undo=True)

    def _done(self, step: StepFacts) -> None:
        self._context.desk.followups.done(step.id)
        self._context.window.say(_("The step is done."), undo=True)

    def _move(self, step: StepFacts) -> None:
        if ask.run(MoveDialog(self._context, step)):
            moved = self._context.desk.followups.facts(step.id)
            day = say_date(moved.due_on, self._context.clock.today())
            self._context.window.say(_("The step was moved to {day}.").format(day=day), undo=True)

    def _edit(self, step: StepFacts) -> None:
        if ask.run(FollowUpDialog(self._context, step.client_id, step=step)):
            self._context.window.say(_("The step was changed."), undo=True)

    def _drop(self, step: StepFacts) -> None:
        reason = ask.text(
            self._context.window.widget, _("Drop this step?"), _("Why it is no longer needed"), act=_("Drop it")
        )
        if reason is not None:
            self._context.desk.followups.drop(step.id, reason)
            self._context.window.say(_("The step was dropped."), undo=True)


__all__ = ["FollowUpDialog", "MoveDialog", "StepActs", "TryDialog"]
