import re
from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from crisisdesk.resources import resource
from crisisdesk.ui.commands import MENUS, Command, Registry
from crisisdesk.ui.palette import find_commands
from crisisdesk.ui.window import COMMANDS


def all_commands():
    from crisisdesk.ui.pages import PAGES  # noqa: PLC0415  the pages of the whole program

    return [*COMMANDS, *(command for entry in PAGES for command in entry.commands)]


def test_ids_and_keys_are_unique():
    commands = all_commands()
    assert [name for name, count in Counter(command.id for command in commands).items() if count > 1] == []
    keys = Counter(QKeySequence(command.key).toString() for command in commands if command.key)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_command_has_a_title_a_menu_and_an_id_of_noun_and_verb():
    for command in all_commands():
        assert command.title
        assert command.menu in MENUS
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", command.id), command.id


def test_every_key_is_one_that_qt_knows():
    for command in all_commands():
        assert not command.key or not QKeySequence(command.key).isEmpty(), command.key


def test_every_icon_exists():
    for command in all_commands():
        assert not command.icon or resource("icons", f"{command.icon}.svg").is_file()


def two(done):
    return [
        Command("note.sign", "Sign the note", run=lambda _c: done.append("sign"), key="Ctrl+Shift+S", menu="edit"),
        Command("client.new", "New client", run=lambda _c: done.append("new"), menu="new", when=lambda c: c == "open"),
    ]


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_a_second_command_with_the_same_id_or_key_is_refused():
    registry = Registry(two([]))
    with pytest.raises(ValueError, match="called"):
        registry.add([Command("note.sign", "Again", run=print)])
    with pytest.raises(ValueError, match="key"):
        registry.add([Command("note.other", "Other", run=print, key="Ctrl+Shift+S")])
    with pytest.raises(ValueError, match="no menu"):
        registry.add([Command("note.lost", "Lost", run=print, menu="nowhere")])


def test_a_command_runs_only_where_it_is_possible(window):
    done: list[str] = []
    registry = Registry(two(done))
    registry.bind("closed", window)
    assert registry.run("note.sign")
    assert not registry.run("client.new")
    registry.bind("open", window)
    assert registry.run("client.new")
    assert done == ["sign", "new"]


def test_while_locked_nothing_runs(window):
    done: list[str] = []
    registry = Registry(two(done))
    registry.bind("open", window)
    registry.unbind()
    assert not registry.run("note.sign")
    assert (done, window.actions()) == ([], [])


def test_a_menu_shows_what_is_not_possible_as_off(window):
    registry = Registry(two([]))
    registry.bind("closed", window)
    menu = QMenu(window)
    registry.fill(menu, "new")
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [("New client", False)]
    registry.bind("open", window)
    registry.fill(menu, "new")
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [("New client", True)]


def test_the_menu_of_menus_leaves_out_those_without_commands(window):
    registry = Registry(two([]))
    registry.bind("open", window)
    assert [action.text() for action in registry.whole_menu(window).actions()] == ["New", "Edit"]


def test_the_palette_finds_commands_by_the_beginnings_of_their_words(window):
    registry = Registry(two([]))
    registry.bind("open", window)
    assert [hit.id for hit in find_commands("si no", registry)] == ["note.sign"]
    assert [hit.id for hit in find_commands("cli", registry)] == ["client.new"]
    assert find_commands("ign", registry) == []
