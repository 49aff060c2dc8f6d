"""Every act as data: menus, shortcuts, buttons, the palette and the page of shortcuts come from these tables.

    COMMANDS = (
        Command("client.new", N_("New client"), run=new_client, key="Ctrl+Shift+C", icon="clients", menu="new"),
    )

``run(context)`` does it; ``when(context)`` says whether it is possible now. Titles are marked with N_ and translated
where they are shown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtGui import QAction, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

from crisisdesk.i18n import N_, _
from crisisdesk.ui.icons import icon

C = TypeVar("C")

LEAVES = "leaves dialogs"  # the name of the window's actions whose keys close a dialog first: lock, quit, cover

MENUS: Mapping[str, str] = {
    "new": N_("New"),
    "go": N_("Go to"),
    "edit": N_("Edit"),
    "view": N_("View"),
    "desk": N_("Desk"),
    "help": N_("Help"),
}


def always(context: object) -> bool:
    """Say that an act is always possible."""
    del context
    return True


@dataclass(frozen=True)
class Command(Generic[C]):
    """One act: a verb that is the same in code, menu, journal and test."""

    id: str
    title: str
    run: Callable[[C], object]
    key: str = ""
    icon: str = ""
    menu: str = "desk"
    when: Callable[[C], bool] = always
    words: str = ""  # more words by which the palette finds it
    is_on: Callable[[C], bool] | None = None  # for a command that turns something on: ticked in the menu while it is
    where: str = ""  # what the palette says of it where it is not possible; without, it is left out there
    leaves: bool = False  # whether its key works over a dialog of ours, which it closes first


class Registry(Generic[C]):
    """All commands with the context they run in; one QAction each, shared by menus, buttons and shortcuts."""

    def __init__(self, commands: Iterable[Command[C]] = ()) -> None:
        self._commands: dict[str, Command[C]] = {}
        self._actions: dict[str, QAction] = {}
        self._context: C | None = None
        self._window: QWidget | None = None
        self.add(commands)

    def add(self, commands: Iterable[Command[C]]) -> None:
        """Take in more commands. An id or a key that is already there is a bug and raises ValueError."""
        for command in commands:
            if command.menu not in MENUS or not command.title:
                raise ValueError(f"{command.id} has no title or no menu")
            if command.id in self._commands:
                raise ValueError(f"two commands are called {command.id}")
            if command.key and command.key in self.keys():
                raise ValueError(f"two commands have the key {command.key}")
            self._commands[command.id] = command

    def bind(self, context: C, window: QWidget) -> None:
        """Make the actions, with their shortcuts, in a window."""
        self.unbind()
        self._context = context
        self._window = window
        for command in self._commands.values():
            action = QAction(_(command.title), window)
            if command.icon:
                action.setIcon(icon(command.icon))
            if command.key:
                action.setShortcut(QKeySequence(command.key))
            if command.leaves:
                action.setObjectName(LEAVES)
            action.triggered.connect(lambda _checked=False, own=command.id: self.run(own))
            window.addAction(action)
            self._actions[command.id] = action

    def unbind(self) -> None:
        """Take the actions out of the window again: while it is locked nothing can be run."""
        for action in self._actions.values():
            if self._window is not None and isValid(self._window):
                self._window.removeAction(action)
                action.deleteLater()
        self._actions = {}
        self._window = None
        self._context = None

    def __contains__(self, command_id: object) -> bool:
        return command_id in self._commands

    def __iter__(self) -> Iterator[Command[C]]:
        return iter(self._commands.values())

    def keys(self) -> list[str]:
        """Return all shortcuts."""
        return [command.key for command in self._commands.values() if command.key]

    def command(self, command_id: str) -> Command[C]:
        """Return a command."""
        return self._commands[command_id]

    def action(self, command_id: str) -> QAction:
        """Return a command's action in the window."""
        return self._actions[command_id]

    def is_possible(self, command_id: str) -> bool:
        """Whether a command can be run now."""
        return self._context is not None and self._commands[command_id].when(self._context)

    def run(self, command_id: str) -> bool:
        """Run a command if it is possible; say whether it was."""
        if self._context is None or not self.is_possible(command_id):
            return False
        self._commands[command_id].run(self._context)
        return True

    def possible(self, menu: str = "") -> list[Command[C]]:
        """Return the commands that can be run now, of one menu or of all."""
        commands = [command for command in self._commands.values() if not menu or command.menu == menu]
        return [command for command in commands if self.is_possible(command.id)]

    def fill(self, menu: QMenu, name: str) -> None:
        """Put a menu's commands into a QMenu; those that are not possible now are off."""
        menu.clear()
        for command in self._commands.values():
            if command.menu == name:
                action = self._actions[command.id]
                action.setEnabled(True)
                if command.is_on is not None and self._context is not None:
                    action.setIcon(icon("check") if command.is_on(self._context) else QIcon())
                if not self.is_possible(command.id):
                    action = QAction(_(command.title), menu)
                    action.setEnabled(False)
                menu.addAction(action)

    def menu(self, parent: QWidget, name: str) -> QMenu:
        """Return a menu that fills itself each time it opens."""
        made = QMenu(_(MENUS[name]), parent)
        made.aboutToShow.connect(lambda: self.fill(made, name))
        return made

    def whole_menu(self, parent: QWidget) -> QMenu:
        """Return the menu of menus that stands behind the menu button; menus without commands are left out."""
        made = QMenu(parent)
        for name, title in MENUS.items():
            if any(command.menu == name for command in self._commands.values()):
                part = self.menu(made, name)
                part.setTitle(_(title))
                made.addMenu(part)
        return made


def listen_for_leaving(dialog: QWidget, window: QWidget, leave: Callable[[QAction], object]) -> None:
    """Let a modal dialog hear the keys of the window's acts that close it first: lock, quit, cover."""
    for action in window.findChildren(QAction, LEAVES):
        QShortcut(action.shortcut(), dialog).activated.connect(partial(leave, action))
