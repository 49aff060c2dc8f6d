"""A service typed by hand: its public facts, and what only she knows."""

from dataclasses import fields
from typing import Any, cast

from PySide6.QtWidgets import QCompleter

from crisisdesk.desk.service_draft import PrivateDraft, ServiceDraft, ServicePhoneDraft
from crisisdesk.i18n import _
from crisisdesk.records.choices import Need, PhoneType, ServiceStatus
from crisisdesk.ui.forms.card import FormCard
from crisisdesk.ui.forms.editors import (
    CheckEditor,
    ChipsEditor,
    ChoiceEditor,
    LineEditor,
    NumberEditor,
    PhoneEditor,
    TextEditor,
    is_twelve_hour,
)
from crisisdesk.ui.page import Context
from crisisdesk.ui.widgets.buttons import button

# The numbers that a service may have in the form, by the field's name; others that came with an import are kept.
_PHONES = (("phone", PhoneType.VOICE), ("intake", PhoneType.INTAKE), ("fax_public", PhoneType.FAX))
_OWN = tuple(f.name for f in fields(ServiceDraft) if f.name not in {"phones", "needs", "status"})


class ServiceForm(FormCard):
    """The public facts of a service, new or to change."""

    def __init__(self, context: Context, service_id: str = "") -> None:
        title = _("Service") if service_id else _("New service")
        super().__init__(context, title=title, icon="resources", kept=("service", service_id))
        self._service_id = service_id
        self._draft = (
            context.desk.services.draft(service_id, twenty_four=not is_twelve_hour()) if service_id else ServiceDraft()
        )
        organization = LineEditor()
        organization.setCompleter(QCompleter(list(context.desk.services.organizations()), organization))
        self.form.add("organization", _("&Organization"), organization, hint=_("one that is here, or a new one"))
        self.form.add("name", _("&Service"), LineEditor(placeholder=_("Single rooms")))
        self.form.add("description", _("What it &does"), TextEditor(lines=2), hint=_("one plain sentence"), wide=True)
        self.form.add("needs", _("They &need"), ChipsEditor(Need, many=True), wide=True)
        self.form.add("phone", _("&Phone"), PhoneEditor())
        self.form.add("intake", _("&Intake phone"), PhoneEditor())
        self.form.add("hours", _("&Hours"), LineEditor(placeholder=_("Mon-Fri 9-5, Sat 10-14")))
        self.form.add("for_whom", _("For &whom"), LineEditor(placeholder=_("Adults 18 and older")))
        self.form.section(_("Where it is"), folded=bool(service_id))
        self.form.add("address", _("S&treet"), LineEditor())
        self.form.add("city", _("&City"), LineEditor())
        self.form.add("state", _("State"), LineEditor())
        self.form.add("postal_code", _("ZIP"), LineEditor())
        self.form.add("directions", _("How to find it"), LineEditor(placeholder=_("beside the library, bus 4")))
        self.form.add("address_is_private", "", CheckEditor(_("Never print this address")))
        self.form.add("by_phone_only", "", CheckEditor(_("By phone only, there is no place to go")))
        self.form.section(_("For the handout"), folded=True)
        self.form.add("how_to_get_in", _("How to get in"), TextEditor(lines=2), wide=True)
        self.form.add("bring", _("What to bring"), TextEditor(lines=2))
        self.form.add("cost", _("What it costs"), TextEditor(lines=2))
        self.form.add("what_happens", _("What will happen"), TextEditor(lines=2))
        self.form.add("say_this", _("Words to say"), TextEditor(lines=2), hint=_("on the phone"))
        self.form.section(_("More"), folded=True)
        self.form.add("insurance", _("Takes"), LineEditor(placeholder=_("Medicaid, Medicare")))
        self.form.add("languages", _("Languages"), LineEditor(placeholder=_("English, Spanish")))
        self.form.add("minimum_age", _("From age"), NumberEditor(most=125))
        self.form.add("maximum_age", _("To age"), NumberEditor(most=125))
        self.form.add("fax_public", _("Fax"), PhoneEditor())
        self.form.add("website", _("Website"), LineEditor())
        self.form.add("email", _("E-mail"), LineEditor())
        self.form.add("status", _("Is it there?"), ChoiceEditor(ServiceStatus))
        self.form.set_values(self._values())
        self.set_acts(button(_("Cancel"), run=self.leave), button(_("Keep it"), look="primary", run=self.finish))
        self.begin()

    @classmethod
    def open_card(cls, context: Context, service_id: str = "") -> "ServiceForm":
        """Show the form over the window."""
        made = cls(context, service_id)
        made.show_over(first=made.form.editor("organization" if not service_id else "name"))
        return made

    def _values(self) -> dict[str, object]:
        values: dict[str, object] = {name: getattr(self._draft, name) for name in _OWN}
        for name in ("minimum_age", "maximum_age"):
            age = getattr(self._draft, name)
            values[name] = None if age is None else int(age)
        values["needs"] = tuple(self._draft.needs)
        values["status"] = self._draft.status
        for name, kind in _PHONES:
            first = next((phone for phone in self._draft.phones if phone.type is kind), None)
            values[name] = first.number if first else ""
        return values

    def draft(self) -> ServiceDraft:
        """Return what the form holds, with the numbers it does not show kept as they were."""
        values: dict[str, Any] = self.form.values()
        made = ServiceDraft(**{name: values[name] for name in _OWN})
        made.needs = [Need(str(code)) for code in values["needs"]]
        made.status = values["status"] or ServiceStatus.ACTIVE
        shown: set[int] = set()
        for name, kind in _PHONES:
            first = next((phone for phone in self._draft.phones if phone.type is kind), None)
            shown |= {id(first)} if first else set()
            if number := str(values[name] or "").strip():
                made.phones.append(
                    ServicePhoneDraft(
                        number=number,
                        type=kind,
                        extension=first.extension if first else "",
                        description=first.description if first else "",
                    )
                )
        made.phones += [phone for phone in self._draft.phones if id(phone) not in shown]
        return made

    def save(self) -> str:
        """Keep the service. Raises Invalid."""
        services = self.context.desk.services
        if self._service_id:
            services.edit(self._service_id, self.draft())
            return _("The service was changed.")
        self._service_id = services.add(self.draft())
        return _("The service is in the directory. Mark it as checked once you have called.")

    def saved(self) -> None:
        """Show it."""
        self.context.window.go("resources", self._service_id)


class PrivateForm(FormCard):
    """What only she knows of a service."""

    def __init__(self, context: Context, service_id: str) -> None:
        super().__init__(context, title=_("Only for you"), icon="lock", kept=("private", service_id))
        self._service_id = service_id
        self.form.add("back_line", _("&Back line"), PhoneEditor(), hint=_("never printed"))
        self.form.add("who_answers", _("&Who answers"), LineEditor(placeholder=_("Renee, before 11 is best")))
        self.form.add("what_helps", _("What &helps"), TextEditor(lines=2), wide=True)
        self.form.add("said_no_to", _("What they &said no to, and why"), TextEditor(lines=2), wide=True)
        self.form.add("fax", _("&Fax for referrals"), PhoneEditor())
        self.form.add("reply_days", _("They answer in &days"), NumberEditor(least=1, most=365))
        self.form.add("rating", _("Your &rating"), NumberEditor(least=1, most=5), hint=_("1 to 5"))
        draft = context.desk.services.private_draft(service_id)
        self.form.set_values({f.name: getattr(draft, f.name) for f in fields(PrivateDraft)})
        self.set_acts(button(_("Cancel"), run=self.leave), button(_("Keep it"), look="primary", run=self.finish))
        self.begin()

    @classmethod
    def open_card(cls, context: Context, service_id: str) -> "PrivateForm":
        """Show the form over the window."""
        made = cls(context, service_id)
        made.show_over(width=640, first=made.form.editor("back_line"))
        return made

    def save(self) -> str:
        """Keep it. Raises Invalid."""
        values = cast("dict[str, Any]", self.form.values())
        self.context.desk.services.set_private(self._service_id, PrivateDraft(**values))
        return _("Kept. Only you see this.")
