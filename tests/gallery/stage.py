"""A window for pictures: the real program over a vault of its own, at a time that stands still, dialogs and all."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QEventLoop, QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.ui import ask, theme
from crisisdesk.ui.help.changelog import this_version
from crisisdesk.ui.page import Context
from crisisdesk.ui.settings import DeviceSettings
from crisisdesk.ui.setup import SetupPage
from crisisdesk.ui.shell import Shell
from crisisdesk.ui.tokens import Scheme
from crisisdesk.ui.unlock import UnlockPage
from tests.gallery.vaults import NOW, copy_of
from tests.vault.fast import COST, FLOOR, PASSPHRASE

W = TypeVar("W", bound=QWidget)
_PATIENCE = 20.0  # seconds for a job of the window; longer is a fault
_QUIET = 3  # rounds of the event loop in which nothing is left to do


@dataclass(frozen=True)
class Variant:
    """How the window looks in one set of pictures."""

    name: str
    width: int
    height: int
    scheme: Scheme = Scheme.LIGHT
    percent: int = 100
    has_details: bool = False  # whether a scene's finer points are drawn too


# The larger ones first: two are drawn side by side, and the small ones fill up the end.
VARIANTS = (
    Variant("light-1920", 1920, 1080),
    Variant("dark-1920", 1920, 1080, Scheme.DARK),
    Variant("light-1366", 1366, 768, has_details=True),
    Variant("dark-1366", 1366, 768, Scheme.DARK),
    Variant("text-150", 1366, 768, percent=150),
)


class Stage:
    """One scene: the program in a fresh folder, and what a scene does with it."""

    def __init__(self, app: QApplication, variant: Variant, vaults: Path, home: Path, town: Desk) -> None:
        self.app = app
        self.variant = variant
        self._vaults = vaults
        self.home = home
        self.town = town  # the same practice data in another copy: what is whose, before the window is unlocked
        self.picture: QImage | None = None
        self.seen: set[type] = set()
        self._program: Program | None = None
        self.files: list[Path] = []  # what file dialogs answer, one after the other

    # Opening ----------------------------------------------------------------------------------------------------------

    @contextmanager
    def play(self, kind: str) -> Iterator[None]:
        """Start the program over a vault of a kind, and end it."""
        os.environ["CRISISDESK_HOME"] = str(self.home / "home")
        settings = DeviceSettings()
        settings.scheme, settings.text_size = self.variant.scheme, self.variant.percent
        settings.is_initials_only = False
        settings.seen_version = this_version()
        settings.keep()
        scene = self.home / "scene"
        shutil.rmtree(
            scene, ignore_errors=True
        )  # with what lay beside the last one's vault: backups, what was replaced
        place = copy_of(self._vaults, kind, scene / "vault")
        self._program = Program(
            self.app,
            place=place,
            clock=FixedClock(NOW),
            keys=Keys(cost=COST, practice_cost=COST, floor=FLOOR),
        )
        before = ask.use(_Door(self))
        self._program.start()
        self.window.showNormal()  # on the small screen of the offscreen platform it opens maximized
        self.window.resize(self.variant.width, self.variant.height)
        self.settle()
        try:
            yield
        finally:
            for widget in self.app.topLevelWidgets():
                widget.close()
            self._program.end()
            self._program.deleteLater()
            ask.use(before)
            self._program = None
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def unlock(self, page_id: str = "", argument: str = "") -> None:
        """Open the locked window, as she does: on Today, or where she was."""
        page = self.find(UnlockPage)
        page.field.setText(PASSPHRASE)
        page.unlock()
        self.settle()
        if page_id:
            self.shell.go(page_id, argument)
            self.settle()

    # What a scene reaches for -----------------------------------------------------------------------------------------

    @property
    def program(self) -> Program:
        """The program that runs."""
        if self._program is None:
            raise RuntimeError("nothing is played")
        return self._program

    @property
    def window(self) -> QWidget:
        """Its window."""
        return self.program.window

    @property
    def shell(self) -> Shell:
        """The open desk; it is unlocked first where the scene has not been anywhere."""
        if self.program.window.shell is None:
            self.unlock()
        shell = self.program.window.shell
        if shell is None:
            raise RuntimeError("the desk is locked")
        return shell

    @property
    def context(self) -> Context:
        """What pages are given."""
        return self.shell.context

    @property
    def setup(self) -> SetupPage:
        """The first start."""
        return self.find(SetupPage)

    def find(self, kind: type[W]) -> W:
        """Return the one widget of a kind that can be seen."""
        found = [widget for widget in self.window.findChildren(kind) if widget.isVisible()]
        if not found:
            raise LookupError(f"no {kind.__name__} is shown")
        return found[0]

    def go(self, page: str, argument: str = "") -> None:
        """Open a page; the first one is where the unlocked window begins."""
        if self.program.window.shell is None:
            self.unlock(page, argument)
        else:
            self.shell.go(page, argument)
            self.settle()

    def run(self, command: str) -> None:
        """Run a command."""
        if not self.context.commands.run(command):
            raise LookupError(f"the command {command} is not possible here")
        self.settle()

    def settle(self) -> None:
        """Let everything happen that is under way: jobs, timers of no time, layouts, pictures."""
        end = time.monotonic() + _PATIENCE
        quiet = 0
        while quiet < _QUIET:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            quiet = 0 if self.program.jobs.is_busy else quiet + 1
            if time.monotonic() > end:
                raise TimeoutError("the window did not come to rest")

    def wait(self, milliseconds: int) -> None:
        """Let time pass, for what the window does a moment after the last key."""
        end = time.monotonic() + milliseconds / 1000
        while time.monotonic() < end:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        self.settle()

    # Pictures ---------------------------------------------------------------------------------------------------------

    def shoot(self) -> None:
        """Take the picture: the window, and what lies over it; only the first of a scene counts."""
        if self.picture is not None:
            return
        self.settle()
        shown = [widget for widget in self.app.topLevelWidgets() if widget.isVisible()]
        over = [widget for widget in shown if widget is not self.window]
        image = self.window.grab().toImage()
        painter = QPainter(image)
        for widget in sorted(over, key=lambda each: isinstance(each, QDialog), reverse=True):
            at = self._middle(widget) if isinstance(widget, QDialog) else widget.pos() - self.window.pos()
            painter.drawPixmap(at, widget.grab())
            painter.setPen(theme.colour("control"))
            painter.drawRect(widget.rect().translated(at).adjusted(-1, -1, 0, 0))
        painter.end()
        self.picture = image
        for widget in self.app.allWidgets():
            if widget.isVisible():
                self.seen.add(type(widget))

    def _middle(self, widget: QWidget) -> QPoint:
        spare = self.window.size() - widget.size()
        return QPoint(max(0, spare.width() // 2), max(0, spare.height() // 3))

    def show_dialog(self, dialog: QDialog) -> bool:
        """Take a dialog's picture in place of answering it; it changes nothing."""
        dialog.setModal(False)
        dialog.show()
        self.shoot()
        dialog.hide()
        dialog.deleteLater()
        return False

    def next_file(self) -> Path | None:
        """Return what a file dialog answers next."""
        return self.files.pop(0) if self.files else None


class _Door:
    """Where dialogs would open: our own are drawn, the system's are answered."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def run(self, dialog: QDialog) -> bool:
        """Draw one of our dialogs."""
        return self._stage.show_dialog(dialog)

    def open_file(self, parent: QWidget | None, title: str, kinds: str) -> Path | None:
        """Answer with a file."""
        del parent, title, kinds
        return self._stage.next_file()

    def save_file(self, parent: QWidget | None, title: str, suggested: str, kinds: str) -> Path | None:
        """Answer with a file."""
        del parent, title, suggested, kinds
        return self._stage.next_file()

    def folder(self, parent: QWidget | None, title: str) -> Path | None:
        """Answer with a folder."""
        del parent, title
        return self._stage.next_file()

    def choose_printer(self, parent: QWidget | None, printer: QPrinter) -> bool:
        """Change her mind: no picture needs paper."""
        del parent, printer
        return False
