"""The encounter form: when, kind, who asked, where, what happened and how it ended first; the rest by section."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime, time
from typing import cast

from crisisdesk.desk.encounters import EncounterDraft
from crisisdesk.desk.moments import at_local, near, wall_time
from crisisdesk.errors import Invalid
from crisisdesk.i18n import _
from crisisdesk.records.choices import (
    Behavior,
    ClinicianRole,
    ContactType,
    Ending,
    ForceLevel,
    LocationType,
    Nature,
    NeedCategory,
    RequestedBy,
    Weapon,
    YesNo,
)
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import FormCard, shown_client
from crisisdesk.ui.forms.editors import (
    ChipsEditor,
    ChoiceEditor,
    DateEditor,
    LineEditor,
    NumberEditor,
    TextEditor,
    TimeEditor,
)
from crisisdesk.ui.forms.form import Form, Values
from crisisdesk.ui.forms.known import FewChips, KnownEditor
from crisisdesk.ui.forms.note import open_note
from crisisdesk.ui.page import Context
from crisisdesk.ui.widgets.buttons import button, link

FEW_ASKED = (
    RequestedBy.PATROL,
    RequestedBy.DISPATCH,
    RequestedBy.SUPERVISOR,
    RequestedBy.FIRE_EMS,
    RequestedBy.CRISIS_LINE,
    RequestedBy.HOSPITAL,
    RequestedBy.FAMILY,
)
FEW_ENDINGS = (
    Ending.VOLUNTARY_ER,
    Ending.SAFETY_PLAN,
    Ending.LEFT_WITH_FAMILY,
    Ending.REFERRED,
    Ending.HOLD_OFFICER,
    Ending.ARREST,
    Ending.GONE,
    Ending.DECLINED,
)
_MOMENTS = (
    "paged_at",
    "en_route_at",
    "on_scene_at",
    "police_on_scene_at",
    "officer_released_at",
    "person_left_at",
    "clear_at",
)
_OWN = frozenset({"on", "at"})  # fields of the form that together are began_at


class EncounterCard(FormCard):
    """A new encounter, or one to change."""

    def __init__(self, context: Context, client_id: str, encounter_id: str = "") -> None:
        ref = encounter_id or f"new {client_id}"
        super().__init__(
            context,
            title=_("Encounter"),
            icon="call-out",
            kept=("encounter", ref),
            about=shown_client(context, client_id),
        )
        self._client_id = client_id
        self._encounter_id = encounter_id
        self.saved_id = ""
        self._add_first(self.form)
        self._add_rest(self.form)
        encounters = context.desk.encounters
        self._draft = encounters.draft(encounter_id) if encounter_id else EncounterDraft(began_at=context.clock.now())
        self.form.set_values(shown_values(self._draft, context))
        self.begin()
        if encounter_id:
            self._foot.insertWidget(0, link(_("Set aside…"), self._set_aside))
        self.set_acts(
            button(_("Save and write a note"), run=self._save_and_note),
            button(_("Save"), look="primary", key="Ctrl+Enter", run=self.finish),
        )
        self._wants_note = False

    def _add_first(self, form: Form) -> None:
        clock = self.context.clock
        form.add("on", _("&Day"), DateEditor(clock, is_past=True))
        form.add("at", _("&Time"), TimeEditor(), hint=_("it began, or you were paged"))
        form.add("contact_type", _("&Kind"), ChoiceEditor(ContactType))
        form.add("requested_by_name", _("Who asked, by na&me"), LineEditor(placeholder=_("Ofc. Brandt")))
        asked = FewChips(RequestedBy, FEW_ASKED, more=_("Other…"))
        form.add("requested_by", _("Who &asked"), asked, wide=True)
        form.add("location", _("Whe&re"), LineEditor(), wide=True)
        form.add("narrative", _("What &happened"), TextEditor(lines=5), wide=True)
        ended = FewChips(Ending, FEW_ENDINGS, many=True, numbered=True)
        form.add("endings", _("How it &ended"), ended, hint=_("first one is the main one"), wide=True)

    def _add_rest(self, form: Form) -> None:
        form.section(_("Times"), folded=True)
        form.add("paged_at", _("&Paged"), TimeEditor())
        form.add("en_route_at", _("En ro&ute"), TimeEditor())
        form.add("on_scene_at", _("On &scene"), TimeEditor())
        form.add("clear_at", _("&Clear"), TimeEditor())
        form.add("police_on_scene_at", _("Police on scene"), TimeEditor())
        form.add("officer_released_at", _("Officer released"), TimeEditor())
        form.add("person_left_at", _("Person left"), TimeEditor())
        form.add("documentation_minutes", _("Minutes of writing"), NumberEditor(most=1440))
        form.section(_("What it was about"), folded=True)
        form.add("initial_nature", _("As it came in"), ChoiceEditor(Nature))
        form.add("final_nature", _("What it was in the end"), ChoiceEditor(Nature))
        form.add("location_type", _("Kind of place"), ChoiceEditor(LocationType))
        form.add("beat", _("Beat"), LineEditor())
        form.add("people_present", _("Officers and others there"), LineEditor())
        form.add("minors_present", _("Children there"), KnownEditor(YesNo))
        form.add("needs", _("Needs"), ChipsEditor(NeedCategory), wide=True)
        form.add("behaviors", _("What was seen"), ChipsEditor(Behavior), wide=True)
        form.section(_("Weapons and injuries"), folded=True)
        form.add("weapons", _("What could hurt"), ChipsEditor(Weapon), wide=True)
        form.add("means_safety", _("Made safe"), LineEditor(placeholder=_("guns with his brother")))
        form.add("injuries", _("Injuries"), LineEditor())
        form.add("substances", _("Substances"), LineEditor())
        form.add("force_level", _("Highest police control"), ChoiceEditor(ForceLevel))
        form.section(_("Your part"), folded=True)
        form.add("role", _("Role"), ChoiceEditor(ClinicianRole))
        form.add("collateral", _("Others you talked with"), LineEditor())
        form.add("risk_words", _("Risk, in your own words"), TextEditor(lines=3), wide=True)
        form.add("transport", _("Transport"), LineEditor())
        form.add("facility", _("Taken to"), LineEditor())
        form.section(_("Numbers"), folded=True)
        form.add("incident_number", _("Incident number"), LineEditor(), hint=_("CAD"))
        form.add("report_number", _("Police report"), LineEditor())

    def save(self) -> str:
        """Write it down, or change what was written. Raises Invalid."""
        draft = read_draft(self.form.values(), self._draft, self.context)
        encounters = self.context.desk.encounters
        if self._encounter_id:
            encounters.edit(self._encounter_id, draft)
            return _("The encounter was changed.")
        self.saved_id = encounters.record(self._client_id, draft)
        return _("The encounter was written down.")

    def _save_and_note(self) -> None:
        self._wants_note = True
        if not self.finish():
            self._wants_note = False

    def saved(self) -> None:
        if self._wants_note:
            open_note(self.context, self._client_id, encounter_id=self._encounter_id or self.saved_id)

    def _set_aside(self) -> None:
        reason = ask.text(
            self,
            _("Set this encounter aside?"),
            _("Why"),
            act=_("Set it aside"),
            words=_("It leaves the timeline with your reason; nothing is deleted."),
        )
        if reason is not None:
            self.attempt(lambda: self._set_aside_for(reason))

    def _set_aside_for(self, reason: str) -> str:
        self.context.desk.encounters.set_aside(self._encounter_id, reason)
        return _("The encounter was set aside.")


def shown_values(draft: EncounterDraft, context: Context) -> Values:
    """Return an encounter as the form's editors take it: a day, and times of her wall."""
    clock = context.clock
    values: Values = {f.name: getattr(draft, f.name) for f in fields(EncounterDraft) if f.name != "began_at"}
    for name in _MOMENTS:
        values[name] = wall_time(clock, cast("datetime | None", values[name]))
    began = draft.began_at or clock.now()
    return {**values, "on": clock.local(began).date(), "at": wall_time(clock, began)}


def read_draft(values: Mapping[str, object], before: EncounterDraft, context: Context) -> EncounterDraft:
    """Return what the form holds as a draft. Raises Invalid if there is no time at all."""
    clock = context.clock
    on = cast("date | None", values["on"]) or clock.today()
    at = cast("time | None", values["at"]) or cast("time | None", values["paged_at"])
    if at is None:
        raise Invalid({"at": _("When was it? A time is enough, today is assumed.")})
    is_as_before = before.began_at is not None and (
        (on, at) == (clock.local(before.began_at).date(), wall_time(clock, before.began_at))
    )
    began = before.began_at if is_as_before and before.began_at else at_local(clock, on, at)
    moments = {name: _moment(context, name, values, before, began) for name in _MOMENTS}
    rest = {name: value for name, value in values.items() if name not in _OWN and name not in _MOMENTS}
    rest["contact_type"] = rest["contact_type"] or ContactType.CALL_OUT
    rest["minors_present"] = rest["minors_present"] or YesNo.NOT_ASKED
    draft = EncounterDraft(began_at=began)
    for name, value in {**moments, **rest}.items():
        setattr(draft, name, value)
    return draft


def _moment(
    context: Context, name: str, values: Mapping[str, object], before: EncounterDraft, began: datetime
) -> datetime | None:
    """Return a stamp's moment: as it was if its time was not touched, else the nearest to the beginning."""
    typed = cast("time | None", values[name])
    if typed is None:
        return None
    known = cast("datetime | None", getattr(before, name))
    is_moved = before.began_at is not None and before.began_at != began
    if known is not None and not is_moved and wall_time(context.clock, known) == typed:
        return known
    return near(context.clock, began, typed)


def open_encounter(context: Context, client_id: str, encounter_id: str = "") -> EncounterCard:
    """Open the form over the window: a new encounter, or one to change. Raises NotFound."""
    card = EncounterCard(context, client_id, encounter_id)
    if encounter_id:
        context.desk.audit_trail.saw("encounter", encounter_id)
    card.show_over(first=card.form.editor("narrative"))
    return card
