"""Settings: her letterhead and habits, which lie in the vault, and how the window looks on this computer."""

from dataclasses import fields, replace
from typing import Any, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.practice import Practice
from crisisdesk.desk.workdays import holiday_regions
from crisisdesk.errors import Invalid
from crisisdesk.i18n import N_, _
from crisisdesk.ui.forms.editors import CheckEditor, ChoiceEditor, LineEditor, NumberEditor, PhoneEditor, SegmentsEditor
from crisisdesk.ui.forms.form import Form
from crisisdesk.ui.page import Context, Page, Scroll, beside
from crisisdesk.ui.theme import TEXT_SIZES, px
from crisisdesk.ui.tokens import Scheme
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import paragraph

_WIDTH = 720  # pixels; no form is wider
_PAPERS = (("letter", N_("Letter")), ("a4", N_("A4")))
_SCHEMES = ((Scheme.SYSTEM, N_("As the system")), (Scheme.LIGHT, N_("Light")), (Scheme.DARK, N_("Dark")))
_TEXT_FIELDS = (
    "clinician",
    "first_name",
    "credential",
    "department",
    "unit",
    "phone",
    "phone_note",
    "fax",
    "address",
    "paper",
    "large_print",
    "region",
)


class SettingsPage(Page):
    """What stands on her paper, and how the window looks."""

    tables: ClassVar[frozenset[str]] = frozenset({"setting"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Settings"))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        self.letterhead = self._made_letterhead()
        self.keep_button = button(_("Keep it"), look="primary", run=self.keep)
        self.keep_button.setEnabled(False)
        paper = Card(_("Your paper"), icon="print", heading=40)
        paper.add(paragraph(_("This stands on every page that you print. It lies in your file, not on the computer.")))
        paper.add(self.letterhead)
        paper.add(beside(self.keep_button))
        column.addWidget(paper)
        self.device = self._made_device()
        look = Card(_("This computer"), icon="eye", heading=40)
        look.add(self.device)
        column.addWidget(look)
        lists = Card(_("Lists that came in"), icon="resources", heading=40)
        lists.add(paragraph(_("Directories from elsewhere, each of which can be taken out whole again.")))
        lists.add(beside(button(_("Show the lists…"), run=lambda: context.commands.run("directory.lists"))))
        column.addWidget(lists)
        column.addStretch(1)
        holder.setMaximumWidth(px(_WIDTH))
        self.body.addWidget(Scroll(holder), 1)

    def _made_letterhead(self) -> Form:
        form = Form(columns=2)
        form.add("clinician", _("Your &name"), LineEditor())
        form.add("credential", _("&Credential"), LineEditor(placeholder="LCSW"))
        form.add("first_name", _("What clients call &you"), LineEditor(), hint=_("on handouts"))
        form.add("department", _("&Department"), LineEditor())
        form.add("unit", _("&Unit"), LineEditor(placeholder=_("Crisis Response")))
        form.add("phone", _("&Phone"), PhoneEditor())
        form.add("phone_note", _("When it is answered"), LineEditor(placeholder=_("nights too")))
        form.add("fax", _("&Fax"), PhoneEditor())
        form.add("address", _("&Address"), LineEditor(), wide=True)
        form.add("paper", _("Pape&r"), SegmentsEditor([(code, _(words)) for code, words in _PAPERS]))
        form.add("large_print", "", CheckEditor(_("Large print for handouts")))
        form.add("reply_workdays", _("Ask an agency again after"), NumberEditor(least=1, most=60), hint=_("workdays"))
        states = [(code, code) for code in holiday_regions()]
        form.add("region", _("&State"), ChoiceEditor(states, blank=_("Any")), hint=_("for its holidays"))
        form.changed.connect(lambda _name: self.keep_button.setEnabled(True))
        return form

    def _made_device(self) -> Form:
        form = Form(columns=2)
        form.add("scheme", _("&Look"), SegmentsEditor([(each.value, _(words)) for each, words in _SCHEMES]), wide=True)
        sizes = [(str(size), _("{size} %").format(size=size)) for size in TEXT_SIZES]
        form.add("text_size", _("&Text size"), SegmentsEditor(sizes), wide=True)
        form.add("initials", "", CheckEditor(_("Show initials in place of names")))
        form.changed.connect(self._look_changed)
        return form

    def shown(self) -> None:
        if not self.letterhead.is_changed:
            self.refresh(None)

    def first_focus(self) -> QWidget:
        return self.letterhead.editor("clinician")

    def regions(self) -> list[QWidget]:
        return [self.letterhead, self.device]

    def refresh(self, changes: object) -> None:
        del changes
        practice = self.context.desk.practice.get()
        values: dict[str, object] = {name: getattr(practice, name) for name in _TEXT_FIELDS}
        self.letterhead.set_values({**values, "reply_workdays": practice.reply_workdays})
        self.keep_button.setEnabled(False)
        settings = self.context.settings
        self.device.set_values(
            {
                "scheme": settings.scheme.value,
                "text_size": str(settings.text_size),
                "initials": settings.is_initials_only,
            }
        )

    def keep(self) -> None:
        """Keep the letterhead, or show what is missing beside the field."""
        values: dict[str, Any] = self.letterhead.values()
        known = {field.name for field in fields(Practice)}
        given = {name: value for name, value in values.items() if name in known and value is not None}
        given["region"] = values["region"] or ""
        try:
            self.context.desk.practice.keep(replace(self.context.desk.practice.get(), **given))
        except Invalid as invalid:
            self.letterhead.show_problems(invalid.problems)
            return
        self.refresh(None)
        self.context.window.say(_("Your settings are kept."), undo=True)

    def _look_changed(self, name: str) -> None:
        values: dict[str, Any] = self.device.values()
        settings = self.context.settings
        if name == "initials":
            settings.is_initials_only = bool(values["initials"])
            self.context.cover.turn(on=bool(values["initials"]))
        elif name == "scheme" and values["scheme"]:
            settings.scheme = Scheme(str(values["scheme"]))
        elif name == "text_size" and values["text_size"]:
            settings.text_size = int(str(values["text_size"]))
        settings.keep()
        if name != "initials":
            self.context.window.dress_again()


__all__ = ["SettingsPage"]
