"""F18: a whole day in the real window, bugs and a wrong passphrase in it: nothing of it lies anywhere in the clear."""

import logging
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk import logs, paths
from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.desk.clients import ClientDraft
from crisisdesk.desk.encounters import EncounterDraft
from crisisdesk.desk.notes import NoteDraft
from crisisdesk.ui.crash import Crash
from crisisdesk.ui.forms.note import NoteCard
from crisisdesk.ui.pages.chart import ChartPage
from crisisdesk.ui.unlock import UnlockPage
from tests.exchange.samples import tables_of, write_tables
from tests.faults.test_f17_hostile_queries import ask_everywhere
from tests.gallery.directory import OHANA
from tests.journeys import test_main_job as job
from tests.journeys.hand import Hand
from tests.journeys.leaks import leaks, pairs_of
from tests.vault.fast import COST, FLOOR
from tests.windows import Answers

if TYPE_CHECKING:
    from types import TracebackType

pytestmark = pytest.mark.usefixtures("dressed")

# What she types beside the main job's own words.
CANARIES: dict[str, Any] = {
    "goes_by": "Quillfeather",
    "described_as": "grey hoodie and a limping terrier",
    "email": "quill@canary.example",
    "insurance_number": "MX-90144-QUILL",
    "doctor": "Dr. Abernathyx",
    "pharmacy": "Foxglove Pharmacyx",
    "medication": "lamotrigine 200 canary",
    "allergies": "penicillin and canaries",
    "guardian": "Aunt Wilhelminax",
    "legal_status": "probation until Juneuary",
    "goals": "wants to see her Zanzibar sister",
    "provider": "Harborlightx Clinic",
}
SSN = "078-05-1120"
PLAN = "has pills counted out in the blue thermos"
HALF = "half a thought about the railway bridgex"
WRONG = "a wrong passphrase that she mistyped quite plainly"
BUG = "the bug quotes Quillfeather on the bridgex"
NARRATIVE = "found under the Mulberryx viaduct, said she would jump"


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have whatever is temporary lie in a folder of its own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[], Hand]]:
    """Start the program as ``main`` does, with log and crash handler, and keys that are derived quickly."""
    made: list[tuple[Program, Crash]] = []

    def begin() -> Hand:
        logs.start().setLevel(logging.DEBUG)
        program = Program(qapp, place=paths.vault(), clock=FixedClock(job.TUESDAY), keys=Keys(COST, COST, FLOOR))
        crash = Crash(print, program)  # what it says is looked through like all else
        crash.install(paths.logs())
        made.append((program, crash))
        program.start()
        qtbot.waitUntil(program.window.isActiveWindow)
        return Hand(program, qtbot)

    yield begin
    for program, crash in made:
        crash.uninstall()
        program.end()
        program.deleteLater()
    logs.stop()


def type_all(hand: Hand) -> str:
    """Write down the canaries that no form of the main job asks for; return the client."""
    desk = hand.program.desk
    assert desk is not None
    client = desk.clients.add(ClientDraft(first_name="Octaviax", last_name="Brackenridgex", **CANARIES))
    note = desk.notes.write(client, NoteDraft(body=f"{PLAN}; {SSN}"))
    desk.notes.sign(note)
    desk.encounters.record(client, EncounterDraft(began_at=job.TUESDAY, narrative=NARRATIVE))
    ask_everywhere(desk, "Brackenridgex")
    return client


def have_bugs(hand: Hand, client: str, patch: pytest.MonkeyPatch) -> int:
    """Let the desk raise in the middle of what she does, each time with a text that quotes the record."""
    desk, shell = hand.program.desk, hand.program.window.shell
    assert desk is not None
    assert shell is not None
    shell.go("chart", client)
    hand.press("Note", hand.page(ChartPage))
    card = hand.see(NoteCard)
    hand.type(HALF, card.form.editor("body"))
    acts: tuple[tuple[object, str, Callable[[], object]], ...] = (
        (desk.unsaved, "keep", lambda: card.kept.keep(card.form)),
        (desk.notes, "write", card.finish),
        (desk.search, "find", lambda: desk.search.find(HALF)),
        (desk.chart, "head", lambda: shell.go("chart", client)),
    )
    for where, name, act in acts:
        with patch.context() as broken:
            broken.setattr(where, name, fail)
            catch(act)
    return len(acts)


def fail(*_given: object, **_named: object) -> None:
    """Be a bug that quotes the record."""
    raise RuntimeError(BUG, CANARIES["described_as"], PLAN)


def catch(act: Callable[[], object]) -> None:
    """Do it as a slot would be called: what flies goes to Python's hook."""
    kind: type[BaseException] | None = None
    error: BaseException | None = None
    trace: TracebackType | None = None
    try:
        act()
    except RuntimeError:
        kind, error, trace = sys.exc_info()
    assert kind is not None, "it had the bug"
    assert error is not None
    sys.excepthook(kind, error, trace)


class Search:
    """Looks for canaries wherever something of the program's may lie."""

    def __init__(self, folder: Path, temp: Path, words: list[str]) -> None:
        self._places = (paths.home().parent, temp, folder)
        self._said = folder
        self.words = words
        self.found: list[str] = []

    def look(self, moment: str, streams: str) -> None:
        """Look through files, what was printed, the command line and the environment."""
        self._said.mkdir(exist_ok=True)
        (self._said / "streams").write_text(streams, "utf-8")
        (self._said / "command").write_text("\0".join(sys.orig_argv), "utf-8")
        (self._said / "environment").write_text("\n".join(map(str, os.environ.items())), "utf-8")
        for place in self._places:
            self.found.extend(f"{moment}: {leak}" for leak in leaks(place, self.words))


@pytest.fixture
def search(temp: Path, tmp_path: Path) -> Search:
    """Return what looks for every canary but her secrets, which the first start makes."""
    words = (*CANARIES.values(), SSN, PLAN, HALF, WRONG, BUG, NARRATIVE, "Octaviax", "Brackenridgex")
    typed = (job.FIRST, job.LAST, job.PHONE, job.NOTE, job.SENTENCE, job.TRIED, "porch light")
    return Search(tmp_path / "said", temp, [*words, *typed])


def main_job(hand: Hand, answers: Answers, folder: Path) -> None:
    """Do the main job, as tests/journeys does."""
    job.bring_in(hand, answers, write_tables(folder / "county", tables_of(OHANA)))
    job.enter_client(hand)
    job.refer(hand, answers, folder / "printed.pdf")
    job.log_a_try(hand, answers)


def type_wrong(hand: Hand) -> None:
    """Type a wrong passphrase."""
    page = hand.see(UnlockPage)
    hand.window.activateWindow()
    page.field.setFocus()
    hand.wait(lambda: QApplication.focusWidget() is not None)
    hand.type(WRONG, page.field)
    hand.key("Return", page.field)
    hand.rest()
    page.field.clear()


@pytest.fixture
def day(start, answers, search, tmp_path, monkeypatch, capfd, figure, caplog) -> tuple[Search, int]:  # noqa: PLR0913, PLR0917  fixtures
    """Live through a day, and look after each part of it."""
    del caplog  # the bugs are meant to be logged
    hand = start()
    secrets = job.first_start(hand)
    search.words += [secrets.code, *secrets.code.split("-"), *pairs_of(secrets.passphrase)]
    if figure(0, 1, 1):  # the journey of tests/journeys looks there, too
        main_job(hand, answers, tmp_path)
        search.look("at work", "".join(capfd.readouterr()))
    bugs = have_bugs(hand, type_all(hand), monkeypatch)
    search.look("after bugs", "".join(capfd.readouterr()))
    hand.key("Ctrl+L")
    hand.see(UnlockPage)
    search.look("locked", "".join(capfd.readouterr()))
    type_wrong(hand)
    search.look("after a wrong passphrase", "".join(capfd.readouterr()))
    job.unlock(hand, secrets.passphrase)
    hand.window.close()
    search.look("closed", "".join(capfd.readouterr()))
    return search, bugs


def test_a_day_with_bugs_leaves_nothing_in_the_clear(day, told):
    search, bugs = day
    files = [path for path in paths.home().rglob("*") if path.is_file()]
    told(f"F18 canaries={len(set(search.words))} bugs={bugs} files={len(files)} hits={len(search.found)}")
    assert search.found == []
    assert "RuntimeError" in (paths.logs() / "app.log").read_text("utf-8"), "the bugs were logged"


def test_the_search_for_canaries_finds_them_in_a_plain_file(tmp_path):
    with sqlite3.connect(tmp_path / "plain.db") as plain:
        plain.execute("CREATE TABLE client (text)")
        plain.executemany("INSERT INTO client VALUES (?)", [(text,) for text in (*CANARIES.values(), SSN, PLAN, HALF)])
    plain.close()
    assert len(leaks(tmp_path, [*CANARIES.values(), SSN, PLAN, HALF])) == len(CANARIES) + 3
