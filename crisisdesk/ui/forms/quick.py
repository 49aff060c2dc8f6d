"""The quick call-out: one card for what happened just now; half of it may stay blank, and the person unknown."""

from collections.abc import Callable, Mapping
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from crisisdesk.desk.alike import Alike
from crisisdesk.desk.encounters import EncounterDraft, QuickDraft, QuickKept
from crisisdesk.errors import Invalid
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.choices import Ending, RequestedBy
from crisisdesk.ui.forms.card import FormCard
from crisisdesk.ui.forms.editors import LineEditor, TextEditor
from crisisdesk.ui.forms.encounter import FEW_ASKED, FEW_ENDINGS, open_encounter
from crisisdesk.ui.forms.known import FewChips
from crisisdesk.ui.forms.stamps import StampsEditor
from crisisdesk.ui.page import Context
from crisisdesk.ui.theme import px
from crisisdesk.ui.widgets.banner import Strip
from crisisdesk.ui.widgets.buttons import button, link, small

_LOOK_AFTER = 250  # milliseconds after the last key
_SHORT = 3  # letters; fewer name too many
_NAMED = 4  # blanks that are named


class WhoEditor(LineEditor):
    """A name or what is known; once somebody is chosen, the client who is meant."""

    def __init__(self) -> None:
        super().__init__()
        self.client_id = ""
        self.textEdited.connect(self._forget)

    def value(self) -> Mapping[str, str]:  # type: ignore[override]  # who is meant goes with the words
        """Return the words, and who is meant by them."""
        return {"words": self.text().strip(), "client_id": self.client_id}

    def set_value(self, value: object) -> None:
        """Show words, and know who is meant."""
        given = value if isinstance(value, Mapping) else {}
        self.client_id = str(given.get("client_id", ""))
        self.setText(str(given.get("words", "")))

    def draft(self) -> object:
        """Return the words, and who is meant by them."""
        return self.value()

    def is_filled(self) -> bool:
        """Whether anything is known of the person."""
        return bool(self.text().strip())

    def _forget(self) -> None:
        self.client_id = ""


class QuickCard(FormCard):
    """One card over whatever she was doing. Esc keeps it as an encounter with blanks."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, title=_("Quick call-out"), icon="call-out", kept=("quick", ""))
        self._opened_at = context.clock.now()
        self._refused: set[str] = set()
        self._made: QuickKept | None = None
        self._wants_rest = False
        self.stamps = StampsEditor(context.clock)
        self.who = WhoEditor()
        self._add_fields()
        self.begin()
        self._look_later = QTimer(self)
        self._look_later.setSingleShot(True)
        self._look_later.setInterval(_LOOK_AFTER)
        self._look_later.timeout.connect(self.look_for_them)
        self.form.changed.connect(self._changed)
        self.later_button = button(_("Finish later"), key="Esc", run=self.leave)
        self.rest_button = button(_("Fill in the rest"), look="primary", run=self.fill_in_rest)
        self.set_acts(self.later_button, self.rest_button)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        for field in self.findChildren(QWidget):
            if isinstance(field, QLineEdit | QPlainTextEdit):
                field.installEventFilter(self)
        self._say_blanks()
        self.look_for_them()

    def _add_fields(self) -> None:
        # No label has the mnemonics P, E, S or C: with Alt they stamp.
        form = self.form
        form.add("stamps", _("Times"), self.stamps, wide=True, labelled=False)
        asked = FewChips(RequestedBy, FEW_ASKED, more=_("Other…"))
        form.add("requested_by", _("Who &asked"), asked, wide=True)
        form.add("location", _("&Where"), LineEditor())
        form.add("who", _("Wh&o"), self.who, hint=_("a name, or what you know"))
        self._guesses = QWidget()
        self._guess_column = QVBoxLayout(self._guesses)
        self._guess_column.setContentsMargins(px(3), 0, px(3), 0)
        self._guess_column.setSpacing(px(4))
        self._guesses.hide()
        form.add_widget(self._guesses)
        form.section("")
        form.add("narrative", _("What &happened"), TextEditor(lines=4), wide=True)
        ended = FewChips(Ending, FEW_ENDINGS, many=True, numbered=True)
        form.add("endings", _("How it en&ded"), ended, hint=_("first one is the main one"), wide=True)

    # Stamps by key

    def stamp(self, name: str) -> None:
        """Stamp the present moment: "paged", "en_route", "on_scene" or "clear"."""
        self.stamps.press(f"{name}_at")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier} and self._press(
            event
        ):
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A text field would take Alt+P for a letter, or a label for its mnemonic.
        if isinstance(event, QKeyEvent) and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            if event.type() is QEvent.Type.KeyPress and self._press(event):
                return True
            if event.type() is QEvent.Type.ShortcutOverride and _letter(event) in set("PESC"):
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        letter = _letter(event)
        return bool(letter) and self.stamps.press_key(letter)

    def _focus_moved(self, _before: object, now: object) -> None:
        self.stamps.show_keys(with_alt=isinstance(now, QLineEdit | QPlainTextEdit))

    # Who it may be

    def look_for_them(self) -> None:
        """Say who may be meant by the words or by the place; nothing is filled in."""
        desk = self.context.desk
        words = self.who.text().strip()
        if self.who.client_id:
            found = [each for each in desk.alike.named(words) if each.id == self.who.client_id]
            self._show_guesses(found[:1], is_chosen=True)
            return
        named = desk.alike.named(words) if len(words) >= _SHORT else ()
        by_place = desk.alike.at_place(str(self.form.values()["location"]))
        seen = {each.id: each for each in (*by_place[:1], *named[:2])}
        self._show_guesses([each for each in seen.values() if each.id not in self._refused], is_chosen=False)

    def choose(self, client_id: str, name: str) -> None:
        """Take an existing client as the one who is meant."""
        self.who.set_value({"words": name, "client_id": client_id})
        self.who.changed.emit()
        self.look_for_them()
        self.form.editor("narrative").setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_guesses(self, found: list[Alike], *, is_chosen: bool) -> None:
        while self._guess_column.count():
            item = self._guess_column.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for each in found:
            self._guess_column.addWidget(self._chosen(each) if is_chosen else self._guess(each))
        self._guesses.setVisible(bool(found))

    def _guess(self, each: Alike) -> Strip:
        shown = self._named(each)
        text = _("Maybe {who}? {why}.") if each.why else _("Maybe {who}?")
        why = each.why[:1].upper() + each.why[1:]
        return Strip(
            "clients",
            text.format(who=shown, why=why),
            small(_its_words(each.pronouns), run=lambda: self.choose(each.id, each.name)),
            link(_("No"), lambda: self._refuse(each.id)),
        )

    def _chosen(self, each: Alike) -> Strip:
        undo = link(_("Somebody else"), lambda: self._unchoose(each.id))
        return Strip("check", _("{who}. It goes into this chart.").format(who=self._named(each)), undo)

    def _named(self, each: Alike) -> str:
        name = self.context.cover.shown(each.name, each.initials)
        return ", ".join(part for part in (name, each.age, each.number) if part)

    def _refuse(self, client_id: str) -> None:
        self._refused.add(client_id)
        self.look_for_them()

    def _unchoose(self, client_id: str) -> None:
        self._refused.add(client_id)
        self.who.set_value({})
        self.who.changed.emit()
        self.look_for_them()
        self.who.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self, name: str) -> None:
        if name in {"who", "location"}:
            self._look_later.start()
        self._say_blanks()

    # Keeping it

    def _say_blanks(self) -> None:
        blanks = self._encounter().blanks()
        if not blanks:
            self.say("")
            return
        count = ngettext("{count} blank can wait: {blanks}.", "{count} blanks can wait: {blanks}.", len(blanks))
        named, more = ", ".join(blanks[:_NAMED]), len(blanks) - _NAMED
        if more > 0:
            named = _("{names} and {count} more").format(names=named, count=more)
        self.say(" ".join((count.format(count=len(blanks), blanks=named), _("They will be on Today."))))

    def _encounter(self) -> EncounterDraft:
        values = self.form.values()
        moments = self.stamps.moments()
        return EncounterDraft(
            began_at=min([*moments.values(), self._opened_at]) if moments else self._opened_at,
            requested_by=cast("RequestedBy | None", values["requested_by"]),
            location=str(values["location"]),
            narrative=str(values["narrative"]),
            endings=cast("tuple[Ending, ...]", values["endings"]),
            paged_at=moments.get("paged_at"),
            en_route_at=moments.get("en_route_at"),
            on_scene_at=moments.get("on_scene_at"),
            clear_at=moments.get("clear_at"),
        )

    def save(self) -> str:
        """Write it down, with somebody new if nobody was found. Raises Invalid."""
        if self.stamps.is_unread:
            raise Invalid({"stamps": _("One of the times can’t be read. “930” or “9:30 pm” will do.")})
        try:
            self._made = self.context.desk.encounters.quick(
                QuickDraft(
                    client_id=self.who.client_id or None, who=self.who.text().strip(), encounter=self._encounter()
                )
            )
        except Invalid as invalid:
            raise Invalid(
                {name if name in self.form.names else "stamps": words for name, words in invalid.problems.items()}
            ) from None
        blanks = self._encounter().blanks()
        return _("The call-out is written down. What is blank stands on Today.") if blanks else _("It is written down.")

    def leave(self) -> None:
        """Finish later: with a who or a where it is an encounter with blanks; with less it waits in this card."""
        has_anchor = self.who.is_filled() or bool(str(self.form.values()["location"]))
        if has_anchor:
            self.finish()
        else:
            super().leave()

    def fill_in_rest(self) -> None:
        """Write it down and go on in the encounter form."""
        self._wants_rest = True
        if not self.finish():
            self._wants_rest = False

    def saved(self) -> None:
        if self._wants_rest and self._made is not None:
            open_encounter(self.context, self._made.client_id, self._made.encounter_id)


def _letter(event: QKeyEvent) -> str:
    key = event.key()
    return chr(key) if Qt.Key.Key_A <= key <= Qt.Key.Key_Z else ""


def _its_words(pronouns: str) -> str:
    """Return the button that says yes to a guess."""
    first = pronouns.replace("/", " ").split()[:1]
    known: Mapping[str, Callable[[], str]] = {"she": lambda: _("It’s her"), "he": lambda: _("It’s him")}
    return known[first[0].casefold()]() if first and first[0].casefold() in known else _("That’s who")


def quick_callout(context: Context) -> QuickCard:
    """Open the card over whatever is in front, as it was left."""
    card = QuickCard(context)
    card.show_over(first=card.form.editor("location"))
    return card
