"""In the window: an older file is brought up to date and she is told; a newer one is refused; the system ends it."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.errors import DiskFull
from crisisdesk.paths import VaultPaths
from crisisdesk.ui.forms.note import NoteCard, open_note
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.vault import backup, upgrade
from crisisdesk.vault.connection import connect, make_engine, open_copy
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.slots import FORMAT
from tests.stores import NOON
from tests.vault.fast import COST, FLOOR, PASSPHRASE, unlock

Start = Callable[[VaultPaths], UnlockPage]
HALF = "Says the river is loud at night, and the porch li"


@pytest.fixture
def programs(qapp: QApplication) -> Iterator[list[Program]]:
    del qapp
    made: list[Program] = []
    yield made
    for program in made:
        program.end()
        program.deleteLater()


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot, programs: list[Program]) -> Start:
    """Start the program over a vault, and return its locked window with the passphrase typed."""

    def begin(place: VaultPaths) -> UnlockPage:
        keys = Keys(cost=COST, practice_cost=COST, floor=FLOOR)
        programs.append(Program(qapp, place=place, clock=FixedClock(NOON), keys=keys))
        programs[-1].start()
        qtbot.waitExposed(programs[-1].window)
        (page,) = programs[-1].window.findChildren(UnlockPage)
        page.field.setText(PASSPHRASE)
        return page

    return begin


def set_schema(place: VaultPaths, schema: int) -> None:
    with closing(connect(place, unlock(place, PASSPHRASE), maintenance=True)) as connection:
        if schema < upgrade.SCHEMA:
            upgrade.move(make_engine(lambda: connection), schema)
        connection.execute(f"PRAGMA user_version = {schema:d}")


def test_she_is_told_before_and_after_her_file_is_brought_up_to_date(
    start: Start, programs: list[Program], town_paths: VaultPaths, qtbot: QtBot
) -> None:
    set_schema(town_paths, upgrade.SCHEMA - 1)
    page = start(town_paths)
    told: list[str] = []
    page._renewing = _noting(page._renewing, told, page)  # type: ignore[method-assign]  # and shows it as before
    page.unlock()
    qtbot.waitUntil(lambda: programs[0].desk is not None, timeout=20_000)
    assert told[0].startswith("This CrisisDesk is newer than your file. It makes a backup first")
    shell = programs[0].window.shell
    assert shell is not None
    said = "Your file was brought up to date. A verified backup from before it is kept."
    assert shell.message.accessibleName() == said
    (made,) = backup.listed(town_paths.backups)
    assert made.manifest.kind is Kind.PRE_MIGRATE


def _noting(show: Callable[..., None], told: list[str], page: UnlockPage) -> Callable[..., None]:
    def note(step: object) -> None:
        show(step)
        assert page.renewal.isVisible()
        told.append(page.renewal.text())

    return note


def test_a_full_disk_is_told_in_the_locked_window_and_the_file_stays(
    start: Start, programs: list[Program], town_paths: VaultPaths, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_schema(town_paths, upgrade.SCHEMA - 1)
    before = town_paths.database.read_bytes()

    def full(_folder: Path, _need: int) -> None:
        raise DiskFull("It needs 2 MB, and 1 MB are free.")

    monkeypatch.setattr("crisisdesk.vault.making.need_room", full)
    page = start(town_paths)
    page.unlock()
    qtbot.waitUntil(lambda: bool(page.problem), timeout=20_000)
    assert page.problem.endswith("Make room on the disk, then unlock again; nothing was changed.")
    assert programs[0].desk is None
    assert not page.renewal.isVisible()
    assert town_paths.database.read_bytes() == before


def test_a_file_of_a_newer_program_is_refused_politely_and_left_alone(
    start: Start, programs: list[Program], town_paths: VaultPaths, qtbot: QtBot
) -> None:
    set_schema(town_paths, upgrade.SCHEMA + 1)
    before = {file: file.read_bytes() for file in (town_paths.database, town_paths.keys, town_paths.keys_twin)}
    page = start(town_paths)
    page.unlock()
    qtbot.waitUntil(lambda: bool(page.problem), timeout=20_000)
    assert page.problem.startswith("This file was last opened with a newer CrisisDesk. It is well, and nothing was")
    assert {file: file.read_bytes() for file in before} == before
    assert programs[0].desk is None
    assert page.unlock_button.isEnabled()


def test_a_key_file_of_a_newer_form_is_told_before_she_types_a_word(
    start: Start, town_paths: VaultPaths, qtbot: QtBot
) -> None:
    for file in (town_paths.keys, town_paths.keys_twin):
        plain = json.loads(file.read_text("utf-8"))
        file.write_text(json.dumps({**plain, "format": FORMAT + 1}), "utf-8")
    before = town_paths.keys.read_bytes()
    page = start(town_paths)
    qtbot.waitUntil(lambda: bool(page.problem), timeout=20_000)
    assert page.problem.startswith("This file was last opened with a newer CrisisDesk.")
    page.unlock()
    qtbot.waitUntil(lambda: not page.is_busy, timeout=20_000)
    assert page.problem.startswith("This file was last opened with a newer CrisisDesk.")
    assert town_paths.keys.read_bytes() == before


def test_when_the_system_ends_it_half_a_note_is_kept_and_the_vault_is_closed(
    start: Start, programs: list[Program], town_paths: VaultPaths, qtbot: QtBot
) -> None:
    page = start(town_paths)
    page.unlock()
    program = programs[0]
    qtbot.waitUntil(lambda: program.desk is not None, timeout=20_000)
    shell = program.window.shell
    assert shell is not None
    context = shell.context
    practice = context.desk.practice
    practice.keep(replace(practice.get(), is_practice_desk=False))  # where she is on the practice desk is not kept
    client = context.desk.alike.named("Maria Delgado")[0].id
    card = open_note(context, client)
    editor = card.form.editor("body")
    assert isinstance(editor, QPlainTextEdit)
    QTest.keyClicks(editor, HALF)
    program.locking.keep_now()  # the session may end; it goes on for now
    assert isinstance(shell.card, NoteCard)
    assert context.desk.unsaved.kept()[0].form == "note"
    program.about_to_quit()  # Windows says so and ends the process
    assert program.desk is None
    with closing(open_copy(town_paths.database, unlock(town_paths, PASSPHRASE))) as connection:
        last = connection.execute("SELECT kind, detail_code FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        drafts = dict(connection.execute("SELECT form, body FROM draft").fetchall())
    assert last == ("lock", "shutdown")
    assert HALF in drafts["note"]
    assert json.loads(drafts["window"])["forms"][0][0] == "note", "she comes back into it"
