"""Windows in tests: dialogs answered by script, a desk with made-up people, and the window around it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.paths import VaultPaths
from tests.stores import NOON
from tests.vault.fast import CODE, COST, FLOOR, PASSPHRASE, unlock

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QApplication, QDialog, QWidget

    from crisisdesk.desk import Desk
    from crisisdesk.ui.page import Context
    from crisisdesk.ui.shell import Shell


class Answers:
    """Stands at the door of the dialogs. Each dialog takes the next answer; one without an answer fails the test."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, Any]] = []
        self.seen: list[str] = []
        self.jobs: list[str] = []  # the names of what was sent to a printer

    def confirm(self, answer: bool = True) -> None:  # noqa: FBT001, FBT002  reads as a sentence
        """Answer the next question of ours, or close the next notice."""
        self._waiting.append(("dialog", answer))

    def text(self, typed: str | None) -> None:
        """Type this into the next question for a line of text; None leaves it."""
        self._waiting.append(("dialog", _typist(typed)))

    def run(self, act: Callable[[Any], bool]) -> None:
        """Hand the next dialog of ours to a function, which says whether it is accepted."""
        self._waiting.append(("dialog", act))

    def file(self, path: Path | None) -> None:
        """Choose this file or folder in the next file dialog; None leaves it."""
        self._waiting.append(("file", path))

    def printer(self, path: Path | None, *, is_wanted: bool = True) -> None:
        """Print the next paper into this file, as a PDF of pictures; None cancels the system's print dialog.

        A printer that makes files is asked about: ``is_wanted`` is the answer.
        """
        self._waiting.append(("printer", path))
        if path is not None:
            self.confirm(is_wanted)

    @property
    def unused(self) -> list[str]:
        """The answers that nothing has asked for."""
        return [kind for kind, _answer in self._waiting]

    def _take(self, kind: str, title: str) -> Any:
        self.seen.append(title)
        if not self._waiting or self._waiting[0][0] != kind:
            pytest.fail(f"A dialog opened that this test did not expect: {title!r}")
        return self._waiting.pop(0)[1]

    # What crisisdesk.ui.ask.Door asks for

    def run_dialog(self, dialog: "QDialog") -> bool:
        """Answer one of our dialogs as its buttons would: ``check`` may refuse to accept it."""
        title = str(getattr(dialog, "title", dialog.windowTitle()))
        answer = self._take("dialog", title)
        accepted = answer(dialog) if callable(answer) else bool(answer)
        if accepted and hasattr(dialog, "check"):
            accepted = bool(dialog.check())
        dialog.deleteLater()
        return accepted

    def open_file(self, parent: "QWidget | None", title: str, kinds: str) -> Path | None:
        """Answer with a file."""
        del parent, kinds
        return self._take("file", title)

    def save_file(self, parent: "QWidget | None", title: str, suggested: str, kinds: str) -> Path | None:
        """Answer with a file."""
        del parent, kinds
        self.seen.append(suggested)
        return self._take("file", title)

    def folder(self, parent: "QWidget | None", title: str) -> Path | None:
        """Answer with a folder."""
        del parent
        return self._take("file", title)

    def choose_printer(self, parent: "QWidget | None", printer: "QPrinter") -> bool:
        """Answer with a file to print into, or by cancelling."""
        del parent
        self.jobs.append(printer.docName())
        path = self._take("printer", "print")
        if path is None:
            return False
        printer.setResolution(72)  # quick; how fine a page is drawn is the printer's affair
        printer.setOutputFormat(printer.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        return True


class _Door:
    """The answers, under the names that the door has."""

    def __init__(self, answers: Answers) -> None:
        self.run = answers.run_dialog
        self.open_file = answers.open_file
        self.save_file = answers.save_file
        self.folder = answers.folder
        self.choose_printer = answers.choose_printer


def _typist(typed: str | None) -> Callable[[Any], bool]:
    def type_it(dialog: Any) -> bool:
        if typed is None:
            return False
        dialog.line.setText(typed)
        return True

    return type_it


@pytest.fixture(autouse=True)
def answers() -> Iterator[Answers]:
    """Script the dialogs of a test; an unexpected one fails it, and so does an answer that nothing asked for."""
    script = Answers()
    if "PySide6.QtWidgets" not in sys.modules:
        yield script
        return
    from crisisdesk.ui import ask  # noqa: PLC0415  a test without Qt need not load it

    before = ask.use(_Door(script))
    yield script
    ask.use(before)
    if script.unused:
        pytest.fail(f"Nothing asked for these answers: {script.unused}")


@pytest.fixture
def dressed(qapp: "QApplication") -> "QApplication":
    """Dress the application: light, 100 %."""
    from crisisdesk.ui.dress import dress  # noqa: PLC0415  as above
    from crisisdesk.ui.tokens import Scheme  # noqa: PLC0415

    dress(qapp, scheme=Scheme.LIGHT, percent=100)
    return qapp


@pytest.fixture(scope="session")
def _town_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a vault with the practice data, once."""
    from crisisdesk.desk.sample import fill  # noqa: PLC0415  only who asks for a town pays for it
    from crisisdesk.vault.store import Store  # noqa: PLC0415

    paths = VaultPaths(tmp_path_factory.mktemp("town") / "vault")
    clock = FixedClock(NOON)
    store = Store.create(paths, PASSPHRASE, CODE, clock, cost=COST, floor=FLOOR)
    fill(store, clock)
    store.close()
    return paths.folder


@pytest.fixture
def town_paths(tmp_path: Path, _town_vault: Path) -> VaultPaths:
    """Return the places of a vault of this test's own with the practice data."""
    return VaultPaths(Path(shutil.copytree(_town_vault, tmp_path / "town")))


@pytest.fixture
def town(town_paths: VaultPaths) -> Iterator["Desk"]:
    """Open a desk with the practice data: 60 made-up clients around Monday, November 23, 2026, noon UTC."""
    from crisisdesk.desk import Desk  # noqa: PLC0415  as above
    from crisisdesk.vault.store import Store  # noqa: PLC0415

    desk = Desk(Store.open(town_paths, unlock(town_paths, PASSPHRASE), FixedClock(NOON)), FixedClock(NOON))
    yield desk
    desk.close()


@pytest.fixture
def shell(dressed: "QApplication", town: "Desk") -> Iterator["Shell"]:
    """Show the real window, 1366×768, open on the practice data."""
    del dressed
    from crisisdesk.ui.commands import Registry  # noqa: PLC0415  as above
    from crisisdesk.ui.cover import Cover  # noqa: PLC0415
    from crisisdesk.ui.feed import Feed  # noqa: PLC0415
    from crisisdesk.ui.jobs import Jobs  # noqa: PLC0415
    from crisisdesk.ui.page import Context  # noqa: PLC0415
    from crisisdesk.ui.pages import PAGES  # noqa: PLC0415
    from crisisdesk.ui.settings import DeviceSettings  # noqa: PLC0415
    from crisisdesk.ui.shell import Port, Shell  # noqa: PLC0415
    from crisisdesk.ui.window import COMMANDS, Window  # noqa: PLC0415

    settings, jobs, feed = DeviceSettings(), Jobs(), Feed(town)
    window = Window(settings)
    registry: Registry[Context] = Registry((*COMMANDS, *(each for entry in PAGES for each in entry.commands)))
    port = Port(window)
    context = Context(
        desk=town,
        feed=feed,
        window=port,
        jobs=jobs,
        settings=settings,
        commands=registry,
        clock=town.clock,
        cover=Cover(),
    )
    opened = Shell(PAGES, context)
    window.show_shell(opened)
    window.show()
    opened.go("today")
    yield opened
    jobs.close()
    opened.end()
    feed.close()
    window.close()
    window.deleteLater()


@pytest.fixture
def context(shell: "Shell") -> "Context":
    """Return what a page of the real window is given."""
    return shell.context
