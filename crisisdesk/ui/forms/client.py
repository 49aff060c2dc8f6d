"""The client form: a few facts first, the rest folded by section; it warns of a client who may be the same."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.alike import Alike, Sought
from crisisdesk.desk.clients import ClientDraft, PhoneDraft
from crisisdesk.i18n import _
from crisisdesk.records.choices import (
    BirthQuality,
    LivingSituation,
    NameQuality,
    PhoneType,
    Race,
    Sex,
    SubstanceUse,
    Tier,
    VoicemailRule,
    YesNo,
)
from crisisdesk.ui.forms.card import FormCard, shown_client
from crisisdesk.ui.forms.editors import (
    CheckEditor,
    ChipsEditor,
    ChoiceEditor,
    DateEditor,
    LineEditor,
    NumberEditor,
    TextEditor,
)
from crisisdesk.ui.forms.form import Form, Section, Values
from crisisdesk.ui.forms.known import KnownEditor
from crisisdesk.ui.forms.several import LinesEditor, PhonesEditor
from crisisdesk.ui.page import Context
from crisisdesk.ui.theme import px
from crisisdesk.ui.widgets.banner import Strip
from crisisdesk.ui.widgets.buttons import button, link, small

if TYPE_CHECKING:
    from datetime import date

_OLDEST = 125
_LOOK_AFTER = 300  # milliseconds after the last key
_ALIKE_FIELDS = frozenset({"first_name", "last_name", "goes_by", "born_on", "phones"})
_LISTS = frozenset({"phones", "addresses", "other_names", "races"})
_CODES: Mapping[str, type] = {
    "name_quality": NameQuality,
    "birth_quality": BirthQuality,
    "sex": Sex,
    "interpreter": YesNo,
    "veteran": YesNo,
    "safe_to_mail": YesNo,
    "living_situation": LivingSituation,
    "substance_use": SubstanceUse,
}


class ClientCard(FormCard):
    """A new client, or one to change."""

    def __init__(self, context: Context, client_id: str = "") -> None:
        title = _("Edit client") if client_id else _("New client")
        about = shown_client(context, client_id) if client_id else ""
        super().__init__(context, title=title, icon="clients", kept=("client", client_id), about=about)
        self._client_id = client_id
        self.saved_id = ""
        self.sections: dict[str, Section] = {}
        self._refused: set[str] = set()
        self._add_fields(self.form)
        self.alike = AlikeStrips(self._open_other, self._not_them)
        self.body.insertWidget(1, self.alike)
        draft = context.desk.clients.draft(client_id) if client_id else ClientDraft()
        self.form.set_values(shown_values(draft))
        if not client_id:
            self.form.set_values({"name_quality": NameQuality.NOT_ASKED})
        self.begin()
        self._look_later = QTimer(self)
        self._look_later.setSingleShot(True)
        self._look_later.setInterval(_LOOK_AFTER)
        self._look_later.timeout.connect(self.look_for_alike)
        self.form.changed.connect(self._changed)
        self.set_acts(
            button(_("Cancel"), run=self.leave),
            button(_("Save") if client_id else _("Add client"), look="primary", key="Ctrl+Enter", run=self.finish),
        )

    def _add_fields(self, form: Form) -> None:
        form.add("first_name", _("&First name"), LineEditor())
        form.add("last_name", _("&Last name"), LineEditor())
        form.add("goes_by", _("&Goes by"), LineEditor())
        form.add("described_as", _("&Described as"), LineEditor(), hint=_("while no name is known"))
        form.add("born_on", _("&Born"), DateEditor(self.context.clock, is_past=True, placeholder=_("3/4/1985")))
        form.add("age_guess", _("or about how &old"), NumberEditor(most=_OLDEST))
        form.add("pronouns", _("&Pronouns"), LineEditor(placeholder=_("she/her")))
        form.add("languages", _("La&nguages"), LineEditor(placeholder=_("Spanish and English")))
        self._section("reach", _("How to reach"))
        form.add("phones", _("Numbers"), PhonesEditor(), wide=True)
        form.add("addresses", _("Addresses"), LinesEditor(_("Another address"), _("Address")), wide=True)
        form.add("email", _("&E-mail"), LineEditor())
        form.add("safe_to_mail", _("Safe to mail"), KnownEditor(YesNo))
        form.add("plain_envelope", _("Plain envelope"), CheckEditor(_("Plain envelope onl&y")), labelled=False)
        self._section("names", _("Name and identity"))
        form.add("middle_name", _("&Middle name"), LineEditor())
        form.add("name_quality", _("How much of the name is known"), KnownEditor(NameQuality))
        form.add("other_names", _("Other names"), LinesEditor(_("Another name"), _("Other name")), wide=True)
        form.add("birth_quality", _("How sure the birth date is"), KnownEditor(BirthQuality))
        form.add("sex", _("Se&x"), KnownEditor(Sex))
        form.add("gender", _("Gender"), LineEditor(), hint=_("in their words"))
        form.add("races", _("Race and ethnicity"), ChipsEditor(Race), wide=True)
        self._add_life(form)

    def _add_life(self, form: Form) -> None:
        self._section("life", _("Home and background"))
        form.add("living_situation", _("Stays now"), KnownEditor(LivingSituation))
        form.add("interpreter", _("Needs an &interpreter"), KnownEditor(YesNo))
        form.add("veteran", _("&Veteran"), KnownEditor(YesNo))
        form.add("guardian", _("Guardian"), LineEditor())
        form.add("legal_status", _("Legal status"), LineEditor(placeholder=_("probation, court dates")), wide=True)
        self._section("health", _("Health and insurance"))
        form.add("substance_use", _("Substance use"), KnownEditor(SubstanceUse))
        form.add("medication", _("Medication"), LineEditor(), hint=_("as told"))
        form.add("allergies", _("Allergies"), LineEditor())
        form.add("doctor", _("Doctor"), LineEditor())
        form.add("provider", _("Present provider"), LineEditor())
        form.add("prescriber", _("Prescriber"), LineEditor())
        form.add("pharmacy", _("Pharmacy"), LineEditor())
        form.add("insurance", _("Insurance"), LineEditor())
        form.add("insurance_number", _("Insurance number"), LineEditor())
        self._section("work", _("The work"))
        form.add("tier", _("How much work"), ChoiceEditor(Tier))
        form.add("source", _("Who brought them"), LineEditor())
        form.add("goals", _("&What they want"), TextEditor(lines=2), wide=True)

    def _section(self, name: str, title: str) -> None:
        self.sections[name] = self.form.section(title, folded=True)

    def unfold(self, name: str) -> None:
        """Open a section, and put the focus into it."""
        section = self.sections[name]
        section.fold(folded=False)
        if section.fields:
            section.fields[0].box.editor.setFocus()

    # Who may be the same

    def look_for_alike(self) -> None:
        """Say who may be the same person; nothing is filled in."""
        values = self.form.values()
        sought = Sought(
            first_name=str(values["first_name"]),
            last_name=str(values["last_name"]),
            goes_by=str(values["goes_by"]),
            born_on=cast("date | None", values["born_on"]),
            phones=tuple(str(phone["number"]) for phone in _phones(values)),
        )
        found = self.context.desk.alike.find(sought, besides=self._client_id)
        self.alike.show_them([each for each in found if each.id not in self._refused], self.context)

    def _changed(self, name: str) -> None:
        if name in _ALIKE_FIELDS:
            self._look_later.start()

    def _open_other(self, client_id: str) -> None:
        self.leave()
        self.context.window.go("chart", client_id)

    def _not_them(self, client_id: str) -> None:
        self._refused.add(client_id)
        self.look_for_alike()

    # Saving

    def save(self) -> str:
        """Add the client, or change the client's facts. Raises Invalid."""
        draft = read_draft(self.form.values())
        clients = self.context.desk.clients
        if self._client_id:
            clients.edit(self._client_id, draft)
            return _("The client’s facts were changed.")
        self.saved_id = clients.add(draft)
        return _("The client was added.")

    def saved(self) -> None:
        if self.saved_id:
            self.context.window.go("chart", self.saved_id)
            self.context.window.say(_("The client was added."), undo=True)


class AlikeStrips(QWidget):
    """One strip for each client who may be the same."""

    def __init__(self, opened: Callable[[str], None], refused: Callable[[str], None]) -> None:
        super().__init__()
        self._opened = opened
        self._refused = refused
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(3), 0, px(3), 0)
        self._column.setSpacing(px(4))
        self.shown: tuple[str, ...] = ()
        self.hide()

    def show_them(self, found: list[Alike], context: Context) -> None:
        """Show these, and no others."""
        ids = tuple(each.id for each in found)
        if ids == self.shown:
            return
        self.shown = ids
        while self._column.count():
            item = self._column.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for each in found:
            self._column.addWidget(self._strip(each, context))
        self.setVisible(bool(found))

    def _strip(self, each: Alike, context: Context) -> Strip:
        parts = [context.cover.shown(each.name, each.initials), each.age, each.number]
        who = ", ".join(part for part in parts if part)
        return Strip(
            "clients",
            _("Maybe {who}? The {why}.").format(who=who, why=each.why),
            small(_("Open that chart"), run=lambda: self._opened(each.id)),
            link(_("No"), lambda: self._refused(each.id)),
        )


def shown_values(draft: ClientDraft) -> Values:
    """Return a client's facts as the form's editors take them."""
    values: Values = {f.name: getattr(draft, f.name) for f in fields(ClientDraft)}
    values["phones"] = [{f.name: getattr(phone, f.name) for f in fields(PhoneDraft)} for phone in draft.phones]
    return values


def read_draft(values: Mapping[str, object]) -> ClientDraft:
    """Return what the form holds as a draft."""
    plain = {name: value for name, value in values.items() if name not in _LISTS and name not in _CODES}
    codes = {name: values[name] or kind("99") for name, kind in _CODES.items()}
    if values["born_on"] and codes["birth_quality"] is BirthQuality.NOT_ASKED:
        codes["birth_quality"] = BirthQuality.FULL
    if values["first_name"] and values["last_name"] and codes["name_quality"] is NameQuality.NOT_ASKED:
        codes["name_quality"] = NameQuality.FULL
    draft = ClientDraft(
        races=cast("tuple[Race, ...]", values["races"]),
        phones=[
            PhoneDraft(
                number=phone["number"],
                kind=PhoneType(phone["kind"]),
                voicemail=VoicemailRule(phone["voicemail"]),
                voicemail_words=phone["voicemail_words"],
                text_ok=YesNo(phone["text_ok"]),
                safe_to_call=YesNo(phone["safe_to_call"]),
                safe_hours=phone["safe_hours"],
            )
            for phone in _phones(values)
        ],
        addresses=list(cast("tuple[str, ...]", values["addresses"])),
        other_names=list(cast("tuple[str, ...]", values["other_names"])),
    )
    for name, value in {**plain, **codes}.items():
        setattr(draft, name, value)
    return draft


def _phones(values: Mapping[str, object]) -> tuple[Mapping[str, str], ...]:
    return cast("tuple[Mapping[str, str], ...]", values["phones"])


def open_client(context: Context, client_id: str = "", *, section: str = "") -> ClientCard:
    """Open the form over the window, perhaps at one of its sections."""
    card = ClientCard(context, client_id)
    card.show_over(first=card.form.editor("first_name"))
    if section:
        card.unfold(section)
    return card
