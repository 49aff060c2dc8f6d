"""Somebody around a client: who it is, a number, and whether that person may be contacted."""

from crisisdesk.desk.clients import PersonDraft
from crisisdesk.i18n import _
from crisisdesk.records.choices import MayContact
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import FormDialog
from crisisdesk.ui.forms.editors import CheckEditor, LineEditor, PhoneEditor
from crisisdesk.ui.forms.known import KnownEditor
from crisisdesk.ui.page import Context


class PersonDialog(FormDialog):
    """A new person, or one to change."""

    def __init__(self, context: Context, client_id: str, person_id: str = "") -> None:
        ref = person_id or f"new {client_id}"
        super().__init__(context, _("Somebody around the client"), kept=("person", ref))
        self._client_id = client_id
        self._person_id = person_id
        self.form.add("name", _("&Name"), LineEditor())
        self.form.add("relationship", _("&Who it is"), LineEditor(placeholder=_("sister, neighbor")))
        self.form.add("phone", _("N&umber"), PhoneEditor())
        self.form.add("may_contact", _("&May be contacted"), KnownEditor(MayContact))
        self.form.add("note", _("What to &know"), LineEditor(), wide=True)
        self.form.add(
            "lives_with", _("Lives with the client"), CheckEditor(_("&Lives with the client")), labelled=False
        )
        if person_id:
            draft = context.desk.clients.person_draft(person_id)
            self.form.set_values({name: getattr(draft, name) for name in self.form.names})
        self.begin(act=_("Keep it so") if person_id else _("Add the person"))

    def save(self) -> None:
        """Write it down. Raises Invalid."""
        values = self.form.values()
        draft = PersonDraft(
            name=str(values["name"]),
            relationship=str(values["relationship"]),
            phone=str(values["phone"]),
            may_contact=MayContact(str(values["may_contact"] or MayContact.NOT_ASKED)),
            lives_with=bool(values["lives_with"]),
            note=str(values["note"]),
        )
        if self._person_id:
            self.context.desk.clients.edit_person(self._person_id, draft)
        else:
            self.context.desk.clients.add_person(self._client_id, draft)


def open_person(context: Context, client_id: str, person_id: str = "") -> None:
    """Ask about somebody around the client, and write it down. Raises NotFound."""
    if ask.run(PersonDialog(context, client_id, person_id)):
        said = _("What is known of the person was changed.") if person_id else _("The person was added.")
        context.window.say(said, undo=True)
