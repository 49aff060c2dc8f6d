"""Settings: her letterhead and habits, the lock, the keys and backups, and how the window looks on this computer."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.practice import Practice
from crisisdesk.desk.workdays import holiday_regions
from crisisdesk.errors import Invalid
from crisisdesk.i18n import N_, _
from crisisdesk.ui import theme
from crisisdesk.ui.forms.editors import CheckEditor, ChoiceEditor, LineEditor, NumberEditor, PhoneEditor, SegmentsEditor
from crisisdesk.ui.forms.form import Form
from crisisdesk.ui.page import Context, Page, Scroll, beside
from crisisdesk.ui.pages.settings_backups import BackupsCard
from crisisdesk.ui.pages.settings_keys import KeysCard
from crisisdesk.ui.pages.settings_lock import LockCard
from crisisdesk.ui.theme import TEXT_SIZES, px
from crisisdesk.ui.tokens import Scheme
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import paragraph

_WIDTH = 720  # pixels; no form is wider
_ROOM = 900  # pixels of page from which the list of parts stands beside the forms
_LARGE_TEXT = 1.5
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
    """What stands on her paper, how the window looks, and everything that keeps the vault safe."""

    tables: ClassVar[frozenset[str]] = frozenset({"setting", "medium"})

    _wanted = ""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Settings"))
        self.letterhead = self._made_letterhead()
        self.keep_button = button(_("Keep it"), look="primary", run=self.keep)
        self.keep_button.setEnabled(False)
        self.device = self._made_device()
        self.lock = LockCard(context)
        self.keys = KeysCard(context)
        self.backups = BackupsCard(context)
        self.cards: dict[str, Card] = {
            "paper": self._paper_card(),
            "computer": self._computer_card(),
            "lock": self.lock,
            "keys": self.keys,
            "backups": self.backups,
            "lists": self._lists_card(),
            "records": self._records_card(),
            "security": self._security_card(),
        }
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        for card in self.cards.values():
            column.addWidget(card)
        column.addStretch(1)
        holder.setMaximumWidth(px(_WIDTH))
        self._scroll = Scroll(holder)
        self.index = _Index([(name, card.title_label.text()) for name, card in self.cards.items()], self.open)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self.index)
        row.addWidget(self._scroll, 1)
        self.body.addLayout(row, 1)

    def _paper_card(self) -> Card:
        card = Card(_("Your paper"), icon="print", heading=40)
        card.add(paragraph(_("This stands on every page that you print. It lies in your file, not on the computer.")))
        card.add(self.letterhead)
        card.add(beside(self.keep_button))
        return card

    def _computer_card(self) -> Card:
        card = Card(_("This computer"), icon="eye", heading=40)
        card.add(self.device)
        return card

    def _lists_card(self) -> Card:
        card = Card(_("Lists that came in"), icon="resources", heading=40)
        card.add(paragraph(_("Directories from elsewhere, each of which can be taken out whole again.")))
        card.add(beside(button(_("Show the lists…"), run=lambda: self.context.commands.run("directory.lists"))))
        return card

    def _records_card(self) -> Card:
        card = Card(_("Records"), icon="list", heading=40)
        card.add(paragraph(_("Who looked at what and what left the office; and how long closed records are kept.")))
        go = self.context.window.go
        card.add(
            beside(
                button(_("Audit log"), run=lambda: go("audit")),
                button(_("How long records are kept"), run=lambda: go("retention")),
            )
        )
        return card

    def _security_card(self) -> Card:
        card = Card(_("Security"), icon="verified", heading=40)
        card.add(paragraph(_("What this computer tells of itself, what CrisisDesk promises, and what nobody can.")))
        card.add(beside(button(_("How safe is this?"), run=lambda: self.context.window.go("security"))))
        return card

    def open(self, argument: str) -> None:
        """Bring a card to the top: paper, computer, lock, keys, backups, lists, records or security."""
        card = self.cards.get(argument)
        if card is not None:
            self._wanted = argument
            self.index.light(argument)
            QTimer.singleShot(0, self, self._bring)

    def _bring(self) -> None:
        """Scroll there, once everything has its height."""
        card = self.cards.get(self._wanted)
        if card is not None:
            self._scroll.verticalScrollBar().setValue(card.y())

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
        self.refresh(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.index.setVisible(theme.factor() < _LARGE_TEXT and self.width() >= px(_ROOM))

    def first_focus(self) -> QWidget:
        return self.letterhead.editor("clinician")

    def regions(self) -> list[QWidget]:
        return [self.index, self.letterhead, self.device, self.lock, self.keys, self.backups]

    def refresh(self, changes: object) -> None:
        del changes
        self.lock.refresh()
        self.keys.refresh()
        self.backups.refresh()
        if self.letterhead.is_changed:
            return
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


class _Index(QWidget):
    """The cards by name, at the left; a click brings one to the top."""

    def __init__(self, cards: Sequence[tuple[str, str]], chosen: Callable[[str], None]) -> None:
        super().__init__()
        self.setFixedWidth(px(176))
        self.setAccessibleName(_("Parts of the settings"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(4), 0, 0)
        column.setSpacing(px(2))
        self._buttons = {}
        for name, words in cards:
            made = button(words, look="quiet", run=partial(chosen, name))
            column.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
            self._buttons[name] = made
        column.addStretch(1)

    def light(self, name: str) -> None:
        """Mark the one that was chosen."""
        for each, made in self._buttons.items():
            made.set_look("row" if each == name else "quiet")


__all__ = ["SettingsPage"]
