"""Help: the guide, what is new, About with its details, from the open desk and from the locked window."""

import getpass
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import crisisdesk
from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.documents.guide import guide_pdf
from crisisdesk.paths import VaultPaths
from crisisdesk.resources import resource
from crisisdesk.ui.clipboard import OwnClipboard
from crisisdesk.ui.help import changelog, details, guide, licences, news, place
from crisisdesk.ui.help.about import AboutDialog
from crisisdesk.ui.help.guide import GuidePreview
from crisisdesk.ui.identity import program_icon
from crisisdesk.ui.page import Context
from crisisdesk.ui.settings import NO_VERSION
from crisisdesk.ui.setup import SetupPage
from crisisdesk.ui.unlock import UnlockPage
from tests.stores import NOON
from tests.vault.fast import COST, FLOOR, PASSPHRASE
from tests.windows import Answers

CANARIES = ("Quillfeather", "Brackwater", "Otterby", "Zinnia")
CHANGES = """# Changelog

## [Unreleased]

- Not out yet.

## [0.3.0]

### Added

- A **new** thing, see [the page](docs/page.md),
  told over two lines.
- `python3 dev.py gallery` draws more.

## [0.2.0]

- An older thing.

## [0.1.0]

- The first.
"""


@pytest.fixture
def canaries(context: Context) -> Context:
    """The open desk with names that would be known again anywhere."""
    desk = context.desk
    her = replace(desk.practice.get(), clinician=CANARIES[0], first_name=CANARIES[3], department=CANARIES[1])
    desk.practice.keep(replace(her, unit=CANARIES[2], is_practice_desk=False))
    return context


def test_the_details_name_nobody_and_count_nobody(canaries: Context, tmp_path: Path) -> None:
    said = details.details(place.over_desk(canaries, guide.WIDTH))
    desk = canaries.desk
    names = [row.name for group in desk.today.look().groups for row in group.rows if hasattr(row, "name")]
    assert len(names) > 5
    secret = [*CANARIES, *names, platform.node(), str(tmp_path), str(Path.home()), f"/{getpass.getuser()}"]
    assert [each for each in secret if each and each.lower() in said.lower()] == []
    assert str(desk.today.counts().clients) not in said.replace(platform.release(), "")
    assert f"CrisisDesk: {crisisdesk.__version__}" in said
    for words in ("SQLCipher: 4.", "Qt: 6.", "Vault: open", "Verified backup: never", "tables 2"):
        assert words in said


def test_what_is_copied_is_what_is_shown_and_it_may_stay(canaries: Context, qapp: QApplication) -> None:
    keeper = OwnClipboard(qapp.clipboard(), owns=lambda: True)
    dialog = AboutDialog(place.over_desk(canaries, guide.WIDTH))
    dialog.copy()
    assert qapp.clipboard().text() == dialog.details == dialog.shown.toPlainText()
    assert dialog.shown.isReadOnly()
    keeper.forget()
    assert qapp.clipboard().text() == dialog.details, "there is nothing in it to take back"
    keeper.end()
    qapp.clipboard().clear()
    dialog.deleteLater()


def test_the_licences_are_those_that_came_with_the_installer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(licences, "resource", _nothing)
    assert "comes with the installers" in licences.texts()
    for name in ("LICENSE", "THIRD-PARTY.txt"):
        (tmp_path / name).write_text(f"These are the words of {name}.", "utf-8")
    monkeypatch.setattr(licences, "resource", lambda *parts: tmp_path / parts[-1])
    assert licences.texts().startswith("These are the words of THIRD-PARTY.txt.")
    assert "words of LICENSE" in licences.texts()


def _nothing(*parts: str) -> Path:
    raise FileNotFoundError("/".join(parts))


def test_what_is_new_is_told_from_the_version_that_she_had() -> None:
    (newest,) = changelog.since(CHANGES, (0, 2, 0), (0, 3, 0))
    assert newest == changelog.News("0.3.0", ("A new thing, see the page, told over two lines.",))
    assert [each.version for each in changelog.since(CHANGES, (0, 1, 0), (0, 3, 0))] == ["0.3.0", "0.2.0"]
    assert changelog.since(CHANGES, (0, 3, 0), (0, 3, 0)) == (changelog.News("", ("Not out yet.",)),)
    assert changelog.since("", (), (0, 1, 0)) == ()


def test_what_has_no_version_yet_is_this_versions_until_it_has_a_heading() -> None:
    found = changelog.since(CHANGES, (0, 2, 0), (0, 4, 0))
    assert [each.version for each in found] == ["", "0.3.0"]
    assert [each.version for each in changelog.since(CHANGES, (), (0, 3, 0))] == ["0.3.0", "0.2.0", "0.1.0"]


def test_the_changelog_is_shipped_and_has_something_for_her() -> None:
    (newest, *_older) = changelog.since(changelog.shipped(), (), changelog.this_version())
    assert newest.lines
    assert not any("`" in line or "dev.py" in line for line in newest.lines)


def test_a_new_version_is_said_once_on_today(canaries: Context, answers: Answers) -> None:
    canaries.settings.seen_version = NO_VERSION
    first = news.NewVersionStrip(canaries)
    first.refresh()
    assert first.isHidden(), "the first start on this computer"
    assert canaries.settings.seen_version == changelog.this_version()
    canaries.settings.seen_version = (0, 0, 9)
    strip = news.NewVersionStrip(canaries)
    strip.refresh()
    assert not strip.isHidden()
    answers.confirm()
    strip.read()
    assert strip.isHidden()
    assert answers.seen == [f"What’s new in CrisisDesk {crisisdesk.__version__}"]
    assert canaries.settings.seen_version == changelog.this_version()


def test_the_practice_desk_is_told_nothing_of_versions(context: Context) -> None:
    context.settings.seen_version = (0, 0, 9)
    strip = news.NewVersionStrip(context)
    strip.refresh()
    assert strip.isHidden()


@pytest.fixture
def locked(qapp: QApplication, qtbot: QtBot, town_paths: VaultPaths) -> Iterator[Program]:
    """The whole program over the practice data, locked."""
    with _begun(qapp, qtbot, town_paths) as program:
        yield program


@contextmanager
def _begun(qapp: QApplication, qtbot: QtBot, place: VaultPaths) -> Iterator[Program]:
    keys = Keys(cost=COST, practice_cost=COST, floor=FLOOR)
    program = Program(qapp, place=place, clock=FixedClock(NOON), keys=keys)
    program.start()
    qtbot.waitExposed(program.window)
    try:
        yield program
    finally:
        program.end()
        program.deleteLater()


def test_the_links_of_the_first_start_are_seen_whole(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    with _begun(qapp, qtbot, VaultPaths(tmp_path / "new")) as program:
        (page,) = program.window.findChildren(SetupPage)
        for link in (page.help.guide_link, page.help.about_link):
            assert link.width() >= link.sizeHint().width()


def test_the_locked_window_has_the_guide_to_read_and_to_save(
    locked: Program, qtbot: QtBot, answers: Answers, tmp_path: Path
) -> None:
    (page,) = locked.window.findChildren(UnlockPage)
    page.help.guide_link.click()
    qtbot.waitUntil(lambda: bool(page.findChildren(GuidePreview)), timeout=20_000)
    (preview,) = page.findChildren(GuidePreview)
    answers.file(tmp_path / "guide.pdf")
    preview.save()
    qtbot.waitUntil(lambda: not locked.jobs.is_busy, timeout=20_000)
    assert (tmp_path / "guide.pdf").read_bytes() == guide_pdf()
    answers.printer(tmp_path / "printed.pdf")
    preview.print()
    assert answers.jobs == ["Install and first client"]
    QTest.keyClick(preview, Qt.Key.Key_Escape)
    assert not preview.isVisible()


def test_about_in_the_locked_window_knows_nothing_of_the_vault(locked: Program, answers: Answers) -> None:
    (page,) = locked.window.findChildren(UnlockPage)
    said: list[str] = []

    def read(dialog: AboutDialog) -> bool:
        said.append(dialog.details)
        return True

    answers.run(read)
    page.help.about_link.click()
    assert said[0].endswith("Vault: locked, or not made yet")


def test_help_stands_in_the_menu_and_is_found(locked: Program, qtbot: QtBot, answers: Answers) -> None:
    (page,) = locked.window.findChildren(UnlockPage)
    page.field.setText(PASSPHRASE)
    page.unlock()
    qtbot.waitUntil(lambda: locked.window.shell is not None, timeout=20_000)
    shell = locked.window.shell
    assert shell is not None
    registry = shell.context.commands
    offered = {command.id for command in registry.possible("help")}
    assert {"guide.open", "news.open", "about.open", "security.open"} <= offered
    assert registry.command("guide.open").key == "F1"
    assert [hit.id for hit in shell._find("about")][:1] == ["about.open"]
    registry.run("guide.open")
    qtbot.waitUntil(lambda: isinstance(shell.card, GuidePreview), timeout=20_000)
    answers.confirm()
    answers.confirm()
    registry.run("about.open")
    registry.run("news.open")
    assert answers.seen == ["About CrisisDesk", f"What’s new in CrisisDesk {crisisdesk.__version__}"]


def test_the_window_has_an_icon_in_every_size() -> None:
    sides = {size.width() for size in program_icon().availableSizes()}
    assert {16, 24, 32, 48, 256} <= sides
    assert resource("icons", "app.svg").is_file()
