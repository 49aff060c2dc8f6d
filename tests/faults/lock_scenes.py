"""Every dialog that may stand open when the vault locks, with something half typed in it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.unsaved import KeptForm
from crisisdesk.ui import ask
from crisisdesk.ui.forms.form import Form
from crisisdesk.ui.page import Context
from crisisdesk.ui.pages.kept_forms import OPENERS
from crisisdesk.ui.pages.refer_dialogs import AnywayDialog, WhoDialog
from crisisdesk.ui.widgets.dialog import Dialog
from tests.stores import NOON

TYPED = "She said that her sister would come by at six, 'if the dog is in'."  # QTest types Latin alone


@dataclass(frozen=True)
class Scene:
    """A form or a dialog: how it is opened, and the field that is typed into."""

    name: str
    open: Callable[[Context], object]
    field: str = ""  # of its form; "" for a question's line


def _kept(form: str, field: str, about: Callable[[Context], KeptForm]) -> Scene:
    return Scene(form, lambda context: OPENERS[form](context, about(context)), field)


def _client(context: Context) -> str:
    return context.desk.alike.named("Maria Delgado")[0].id


def _new(form: str) -> Callable[[Context], KeptForm]:
    def about(context: Context) -> KeptForm:
        client_id = _client(context)
        return KeptForm(form=form, ref=f"new {client_id}", at=NOON, client_id=client_id)

    return about


def _step(context: Context) -> KeptForm:
    client_id = _client(context)
    steps = context.desk.followups.open_steps(client_id)
    return KeptForm(form="step", ref=steps[0].id, record_id=steps[0].id, at=NOON, client_id=client_id)


def _referral(context: Context) -> KeptForm:
    client_id = _client(context)
    referral_id = context.desk.chart.side(client_id).referrals.rows[0].id
    return KeptForm(form="", ref=referral_id, record_id=referral_id, at=NOON, client_id=client_id)


def _service(context: Context) -> KeptForm:
    service_id = context.desk.referrals.facts(_referral(context).record_id).draft.service_id or ""
    return KeptForm(form="", ref=service_id, record_id=service_id, at=NOON)


SCENES = (
    _kept("note", "body", _new("note")),
    _kept("quick", "narrative", _new("quick")),
    _kept("encounter", "narrative", _new("encounter")),
    _kept("flag", "reason", _new("flag")),
    _kept("person", "name", _new("person")),
    _kept("plan", "avoid", _new("plan")),
    _kept("try", "note", _step),
    _kept("move", "due_on", _step),
    _kept("step", "what", _step),
    _kept("referral-step", "what", _referral),
    _kept("happened", "note", _referral),
    _kept("check", "note", _service),
    _kept("service", "name", _new("service")),
)
QUESTIONS = (
    Scene(
        "question",
        lambda context: ask.text(context.window.widget, "Set this referral aside?", "Why", act="Set aside"),
    ),
    Scene("ground", lambda context: ask.run(AnywayDialog(context.window.widget, "Hope House")), "reason"),
)
OTHERS = (
    Scene("confirmation", lambda context: ask.confirm(context.window.widget, "Really?", "", act="Yes", danger=True)),
    Scene("notice", lambda context: ask.tell(context.window.widget, "Something to know", "A sentence.")),
    Scene("who", lambda context: ask.run(WhoDialog(context))),
    Scene("file", lambda context: ask.open_file(context.window.widget, "Choose a list", [("Lists", "*.csv")])),
    Scene("printer", lambda context: ask.choose_printer(context.window.widget, QPrinter())),
    Scene("folder", lambda context: ask.folder(context.window.widget, "Choose a folder")),
)


def form_in(window: QWidget) -> Form | None:
    """Return the form in front, if there is one: a dialog's, else the card's over the window."""
    dialogs = Dialog.waiting()
    roots = [dialogs[-1]] if dialogs else [window]
    forms = [form for root in roots for form in root.findChildren(Form) if form.isVisible()]
    return forms[-1] if forms else None
