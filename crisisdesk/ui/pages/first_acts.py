"""What an empty Today says: what to do first, and the keys worth knowing."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.i18n import N_, _
from crisisdesk.ui.page import Context
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.buttons import Button, button
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.widgets.marks import KeyCap, Tile

# Icon, what to do, what it takes, the button, and the command behind it; a line without its command is left out.
_ACTS = (
    (
        "call-out",
        N_("Write down your last call-out"),
        N_("One minute, half of it can stay blank"),
        N_("Quick call-out"),
        "encounter.quick",
    ),
    (
        "clients",
        N_("Add the people you follow now"),
        N_("A name and the next step are enough"),
        N_("Add a client"),
        "client.new",
    ),
    (
        "resources",
        N_("Add the places you send people"),
        N_("Type the five you call most, or bring in a county list"),
        N_("Bring in a list"),
        "directory.import",
    ),
    (
        "settings",
        N_("Look over your letterhead"),
        N_("It stands on every page that you print"),
        N_("Open settings"),
        "go.settings",
    ),
)

_KEYS = ("encounter.quick", "palette.open", "vault.lock", "cover.show")


class FirstActs(QWidget):
    """A card of first acts, each with its button."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.first_button: Button | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card()
        self._greeting = label("", Role.SECTION)
        card.add(self._greeting)
        card.add(
            paragraph(
                _(
                    "Today will show who to call, visit or write to, in the order in which you’d do it. "
                    "It fills itself from what you write down."
                )
            )
        )
        for icon, title, detail, verb, command in _ACTS:
            if command in context.commands:
                card.add_row(self._line(icon, _(title), _(detail), _(verb), command))
        column.addWidget(card)

    def greet(self, greeting: str) -> None:
        """Say good morning."""
        self._greeting.setText(_("{greeting} Start with whatever is on your desk.").format(greeting=greeting))

    def _line(self, icon: str, title: str, detail: str, verb: str, command: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(px(20), px(15), px(16), px(15))
        row.setSpacing(px(16))
        row.addWidget(Tile(icon))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(title, Role.NAME))
        texts.addWidget(label(detail, ink="text2"))
        row.addLayout(texts, 1)
        look = "" if self.first_button else "primary"
        key = self._context.commands.command(command).key if self.first_button is None else ""
        act = button(verb, look=look, key=key, run=self._runner(command))
        self.first_button = self.first_button or act
        row.addWidget(act)
        return made

    def _runner(self, command: str) -> Callable[[], object]:
        return lambda: self._context.commands.run(command)


class KeysCard(Card):
    """The keys worth knowing, while Today is empty."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Keys worth knowing"), icon="info")
        for command_id in _KEYS:
            if command_id in context.commands:
                command = context.commands.command(command_id)
                self.add(_key_line(_(command.title), command.key))


def _key_line(title: str, key: str) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label(title.rstrip("…")), 1)
    row.addWidget(KeyCap(key))
    return made
