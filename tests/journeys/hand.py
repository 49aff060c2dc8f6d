"""A hand on the real window: it finds things by what they say, presses them, types, and waits for what must come."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.app import Program
from crisisdesk.ui.page import Page
from crisisdesk.ui.tables import ListView, TableView

W = TypeVar("W", bound=QWidget)
_KEPT = "&"  # marks a mnemonic in a button's words


class Hand:
    """What she can do with a window that is open."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program = program
        self._qtbot = qtbot

    # Seeing -----------------------------------------------------------------------------------------------------------

    @property
    def window(self) -> QWidget:
        """The window."""
        return self.program.window

    def see(self, kind: type[W]) -> W:
        """Wait for a widget of a kind, and return it."""
        found: list[W] = []

        def is_there() -> bool:
            found[:] = [widget for widget in self.window.findChildren(kind) if widget.isVisible()]
            return bool(found)

        self._qtbot.waitUntil(is_there)
        return found[-1]

    def wait(self, holds: Callable[[], object]) -> None:
        """Wait until something holds."""
        self._qtbot.waitUntil(lambda: bool(holds()))

    def rest(self) -> None:
        """Wait until no job runs and everything posted has been done."""
        self._qtbot.waitUntil(lambda: not self.program.jobs.is_busy)
        QApplication.processEvents()

    def page(self, kind: type[Page]) -> Any:
        """Return the page in front, which must be of a kind."""
        self.rest()
        shell = self.program.window.shell
        assert shell is not None, "the window is locked"
        assert isinstance(shell.page, kind), f"{type(shell.page).__name__} is in front"
        return shell.page

    @property
    def said(self) -> str:
        """What the message bar says."""
        shell = self.program.window.shell
        assert shell is not None
        return shell.message.words

    # Doing ------------------------------------------------------------------------------------------------------------

    def press(self, words: str, within: QWidget | None = None) -> None:
        """Press the button that says so; it must be there and possible."""
        buttons = [
            each
            for each in (within or self.window).findChildren(QAbstractButton)
            if each.isVisible() and words in {each.text().replace(_KEPT, ""), each.accessibleName()}
        ]
        assert buttons, f"no button says {words!r}"
        assert buttons[-1].isEnabled(), f"{words!r} can't be pressed now"
        QTest.mouseClick(buttons[-1], Qt.MouseButton.LeftButton)
        self.rest()

    def key(self, keys: str, on: QWidget | None = None) -> None:
        """Press keys as in "Ctrl+Shift+C", where the focus is."""
        *held, last = re.split(r"\+(?=.)", keys)
        modifier = Qt.KeyboardModifier.NoModifier
        for each in held:
            modifier |= getattr(Qt.KeyboardModifier, {"Ctrl": "Control"}.get(each, each) + "Modifier")
        QTest.keyClick(on or self._focused(), getattr(Qt.Key, f"Key_{last}"), modifier)
        self.rest()

    def type(self, text: str, into: QWidget) -> None:
        """Type a text into a field, letter by letter."""
        into.setFocus()
        field = QApplication.focusWidget()
        assert field is not None, "nothing has the focus"
        for letter in text:
            if letter.isascii():
                QTest.keyClicks(field, letter)
            else:  # a letter that QTest can't press
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))
        QApplication.processEvents()

    def choose(self, view: ListView | TableView, row_id: str) -> None:
        """Make a row the current one, as a click does, with the focus in the list."""
        view.setFocus()
        assert view.choose(row_id), "there is no such row"
        QApplication.processEvents()

    def _focused(self) -> QWidget:
        return QApplication.focusWidget() or self.window
