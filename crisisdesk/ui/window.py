"""The window: locked, first start, or the open desk; its own commands, the cover, and its place on the screen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from crisisdesk.i18n import N_, _
from crisisdesk.ui import theme
from crisisdesk.ui.commands import Command
from crisisdesk.ui.dress import dress_as_set
from crisisdesk.ui.settings import DeviceSettings
from crisisdesk.ui.sheets import Sheets
from crisisdesk.ui.theme import TEXT_SIZES
from crisisdesk.ui.tokens import Scheme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from crisisdesk.ui.page import Context
    from crisisdesk.ui.shell import Shell
    from crisisdesk.vault.keys import MasterKey

SMALLEST = (800, 560)
START = (1366, 768)


class Window(QMainWindow):
    """The one window. Its title never says more than the program's name."""

    def __init__(self, settings: DeviceSettings) -> None:
        super().__init__()
        self.settings = settings
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setWindowTitle("CrisisDesk")
        self.setMinimumSize(QSize(*SMALLEST))
        self.resize(*START)
        self._shell: Shell | None = None
        self._sheets = Sheets(self, self.uncover)
        self.covers_when_minimized = False
        self.covered: Callable[[bool], object] | None = None  # told when the cover comes and goes
        self.hears_system: Callable[[], bool] | None = None  # whether the computer tells when it is locked
        self.closing: Callable[[], object] | None = None
        self.leaving: Callable[[], bool] | None = None  # whether it must wait; then ``leave`` closes it
        self._is_leaving = False
        self.restoring: Callable[[Path], object] | None = None  # closes the vault and goes back to a backup's file
        self.rekeying: Callable[[MasterKey], object] | None = None  # closes the vault and gives it another master key
        self.resized_text: Callable[[], object] | None = None  # every size has changed: show what is shown anew
        geometry = settings.geometry
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)

    def open_up(self) -> None:
        """Show the window where it stood last time; the first time as large as a small screen is."""
        room = self.screen().availableSize()
        is_small = room.width() <= START[0] or room.height() <= START[1]
        if self.settings.geometry.isEmpty() and is_small:
            self.showMaximized()
        else:
            self.show()
        self.activateWindow()

    @property
    def shell(self) -> "Shell | None":
        """The open desk, or None while it is locked."""
        return self._shell

    def show_page(self, page: QWidget) -> None:
        """Show the unlock page or the first start instead of everything else."""
        self._clear()
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_shell(self, shell: "Shell") -> None:
        """Show the open desk."""
        self._clear()
        self._shell = shell
        self._stack.addWidget(shell)
        self._stack.setCurrentWidget(shell)

    def _clear(self) -> None:
        self.uncover()
        if self._shell is not None:
            self._shell.end()
            self._shell = None
        while (gone := self._stack.currentWidget()) is not None:
            self._stack.removeWidget(gone)
            gone.deleteLater()

    def cover(self, *, is_closing: bool = False) -> None:
        """Hide everything, dialogs too, behind a neutral sheet until a key or a click; or until the vault is closed."""
        was_covered = self.is_covered
        self._sheets.put(is_closing=is_closing)
        if self.covered is not None and not was_covered:
            self.covered(True)

    def uncover(self) -> None:
        """Take the sheet away."""
        if self.is_covered:
            self._sheets.take()
            if self.covered is not None:
                self.covered(False)

    @property
    def is_covered(self) -> bool:
        """Whether the sheet hides everything."""
        return self._sheets.is_on

    def dress_again(self) -> None:
        """Follow the settings' scheme and text size."""
        before = theme.factor()
        dress_as_set(self.settings)
        if theme.factor() != before and self.resized_text is not None:
            self.resized_text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        is_state = event.type() is QEvent.Type.WindowStateChange
        if is_state and self.isMinimized() and self.covers_when_minimized and self._shell is not None:
            self.cover()

    def _would_lose(self) -> bool:
        """Whether she stays, asked because what is half typed can't be kept."""
        if self._shell is None:
            return False
        from crisisdesk.ui.forms.card import may_be_lost  # noqa: PLC0415  the locked window has no forms
        from crisisdesk.ui.lock.place import is_behind  # noqa: PLC0415  as above

        if not is_behind(self):
            return False
        if not may_be_lost(self):
            return True
        self._shell.close_overlay()  # it need not ask again
        return False

    def _must_stay(self) -> bool:
        if not self._sheets.is_closing and self._would_lose():  # a lock that is under way keeps what it can
            return True
        return self.leaving is not None and self.leaving()

    def leave(self) -> None:
        """Close, after whatever had to be waited for."""
        self._is_leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_leaving and self._must_stay():
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.settings.keep()
        if self.closing is not None:
            self.closing()
        self._clear()
        super().closeEvent(event)


# The window's own commands ----------------------------------------------------------------------------------------


def _window(context: "Context") -> Window:
    window = context.window.widget
    if not isinstance(window, Window):
        raise TypeError("the context's window is no Window")
    return window


def _shell(context: "Context") -> "Shell":
    shell = _window(context).shell
    if shell is None:
        raise TypeError("the desk is locked")
    return shell


def find_anything(context: "Context") -> None:
    """Put the focus into the search field."""
    _shell(context).find_anything()


def cover_window(context: "Context") -> None:
    """Hide everything behind a neutral sheet."""
    _window(context).cover()


def turn_initials(context: "Context") -> None:
    """Show initials instead of names, or names again."""
    context.cover.turn(on=not context.cover.is_on)
    context.settings.is_initials_only = context.cover.is_on
    said = _("Names are covered: initials only.") if context.cover.is_on else _("Names are shown again.")
    context.window.say(said)


def is_initials_only(context: "Context") -> bool:
    """Whether names are covered."""
    return context.cover.is_on


def undo(context: "Context") -> None:
    """Take back the last act."""
    context.window.undo()


def redo(context: "Context") -> None:
    """Bring back what was taken back."""
    _shell(context).redo()


def can_undo(context: "Context") -> bool:
    """Whether there is anything to take back."""
    return context.desk.undo_label is not None


def can_redo(context: "Context") -> bool:
    """Whether there is anything to bring back."""
    return context.desk.redo_label is not None


def go_back(context: "Context") -> None:
    """Go back to where she came from."""
    context.window.back()


def next_part(context: "Context") -> None:
    """Move the focus to the next part of the window."""
    _shell(context).next_region()


def part_before(context: "Context") -> None:
    """Move the focus to the part before."""
    _shell(context).next_region(-1)


def _scheme_setter(scheme: Scheme) -> "Callable[[Context], None]":
    def choose(context: "Context") -> None:
        context.settings.scheme = scheme
        _window(context).dress_again()

    return choose


def _scheme_is(scheme: Scheme) -> "Callable[[Context], bool]":
    def is_chosen(context: "Context") -> bool:
        return context.settings.scheme is scheme

    return is_chosen


def _text_setter(step: int) -> "Callable[[Context], None]":
    def choose(context: "Context") -> None:
        sizes: Sequence[int] = TEXT_SIZES
        here = min(range(len(sizes)), key=lambda place: abs(sizes[place] - context.settings.text_size))
        place = max(0, min(len(sizes) - 1, here + step)) if step else 0
        context.settings.text_size = sizes[place]
        _window(context).dress_again()

    return choose


COMMANDS: "tuple[Command[Context], ...]" = (
    Command("palette.open", N_("Find anything"), run=find_anything, key="Ctrl+K", icon="search", menu="go"),
    Command("go.back", N_("Back"), run=go_back, key="Alt+Left", icon="chevron-left", menu="go"),
    Command("go.next_part", N_("Next part of the window"), run=next_part, key="F6", menu="go"),
    Command("go.part_before", N_("Part before"), run=part_before, key="Shift+F6", menu="go"),
    Command("edit.undo", N_("Undo"), run=undo, key="Ctrl+Z", icon="undo", menu="edit", when=can_undo),
    Command("edit.redo", N_("Redo"), run=redo, key="Ctrl+Shift+Z", menu="edit", when=can_redo),
    Command(
        "cover.show",
        N_("Cover the window"),
        run=cover_window,
        key="Ctrl+Shift+H",
        icon="cover",
        menu="view",
        leaves=True,
    ),
    Command(
        "cover.initials",
        N_("Initials instead of names"),
        run=turn_initials,
        menu="view",
        is_on=is_initials_only,
    ),
    Command("text.larger", N_("Larger text"), run=_text_setter(1), key="Ctrl++", menu="view"),
    Command("text.smaller", N_("Smaller text"), run=_text_setter(-1), key="Ctrl+-", menu="view"),
    Command("text.normal", N_("Normal text size"), run=_text_setter(0), key="Ctrl+0", menu="view"),
    *(
        Command(
            f"scheme.{scheme.value}",
            title,
            run=_scheme_setter(scheme),
            menu="view",
            is_on=_scheme_is(scheme),
        )
        for scheme, title in (
            (Scheme.LIGHT, N_("Light colors")),
            (Scheme.DARK, N_("Dark colors")),
            (Scheme.SYSTEM, N_("Colors as the computer has them")),
        )
    ),
)
