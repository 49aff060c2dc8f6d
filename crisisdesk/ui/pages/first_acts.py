"""What an empty Today says: what to do first, and the keys worth knowing; and what is still to be done then."""

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

_TABLES = {"encounter.quick": "encounter", "client.new": "client", "directory.import": "service"}
_KEYS = ("guide.open", "encounter.quick", "palette.open", "vault.lock", "cover.show")


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
        look = "" if self.first_button else "primary"
        key = self._context.commands.command(command).key if self.first_button is None else ""
        act = button(verb, look=look, key=key, run=_runner(self._context, command))
        self.first_button = self.first_button or act
        return _act_line(icon, title, detail, act)


class StillToBegin(QWidget):
    """Those first acts that are not done yet, below the list, until they are or she lets them go."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.card: Card | None = None
        self._shown: frozenset[str] = frozenset()
        self.hide()

    def refresh(self, lacks: frozenset[str]) -> None:
        """Be there, or not. ``lacks``: the tables in which nothing stands yet."""
        if self._context.settings.has_begun or "client" in lacks:
            lacks = frozenset()  # she let it go; or Today is empty, and the whole card stands there
        if lacks != self._shown:
            self._shown = lacks
            self._make(lacks)
        self.setVisible(self.card is not None)

    def let_go(self) -> None:
        """Show it no more on this computer."""
        self._context.settings.has_begun = True
        self.refresh(frozenset())

    def _make(self, lacks: frozenset[str]) -> None:
        if self.card is not None:
            self.card.hide()
            self.card.deleteLater()
            self.card = None
        acts = [act for act in _ACTS if act[-1] in self._context.commands and _TABLES.get(act[-1], "") in {"", *lacks}]
        if not lacks or not acts:
            return
        self.card = Card(_("Still to start with"), icon="list")
        self.card.set_act(_("Let it go"), self.let_go)
        for icon, title, detail, verb, command in acts:
            act = button(_(verb), run=_runner(self._context, command))
            self.card.add_row(_act_line(icon, _(title), _(detail), act))
        self._column.addWidget(self.card)


def _act_line(icon: str, title: str, detail: str, act: Button) -> QWidget:
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
    row.addWidget(act)
    return made


def _runner(context: Context, command: str) -> Callable[[], object]:
    return lambda: context.commands.run(command)


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
