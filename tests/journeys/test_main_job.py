"""The main job from end to end in the real window: first start, a directory, a client, a referral, the next day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk import paths
from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.desk.entries import EntryKind
from crisisdesk.desk.service_list import ServiceQuery
from crisisdesk.records.choices import Need, ReleaseStatus, TryResult
from crisisdesk.ui.forms.client import ClientCard
from crisisdesk.ui.forms.note import NoteCard
from crisisdesk.ui.forms.release import ReleaseCard
from crisisdesk.ui.forms.steps import TryDialog
from crisisdesk.ui.pages.chart import ChartPage
from crisisdesk.ui.pages.import_list import ImportCard
from crisisdesk.ui.pages.refer import ReferPage
from crisisdesk.ui.pages.resources import ResourcesPage
from crisisdesk.ui.pages.today import TodayPage
from crisisdesk.ui.setup import SetupPage
from crisisdesk.ui.unlock import UnlockPage
from tests.exchange.samples import tables_of, write_tables
from tests.gallery.directory import OHANA
from tests.journeys.hand import Hand
from tests.journeys.leaks import leaks, pairs_of
from tests.vault.fast import COST, FLOOR
from tests.windows import Answers

TUESDAY = datetime(2026, 11, 24, 9, 40, tzinfo=ZoneInfo("America/New_York"))
FIRST, LAST, PHONE = "Nguyễn", "O'Neil", "555-0147"
NOTE = "Says the river is loud at night and the porch light helps."
SENTENCE = "Wants a dry bed until the end of the month."
TRIED = "Left word with the night desk."


@dataclass(frozen=True)
class Secrets:
    """What only she and her paper know."""

    passphrase: str
    code: str


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[], Hand]]:
    """Start the program as ``dev.py run`` does, with keys that are derived quickly."""
    made: list[Program] = []

    def begin() -> Hand:
        keys = Keys(cost=COST, practice_cost=COST, floor=FLOOR)
        program = Program(qapp, place=paths.vault(), clock=FixedClock(TUESDAY), keys=keys)
        made.append(program)
        program.start()
        qtbot.waitUntil(program.window.isActiveWindow)
        return Hand(program, qtbot)

    yield begin
    for program in made:
        program.end()
        program.deleteLater()


def first_start(hand: Hand) -> Secrets:
    """Type the six words, the code from the sheet, and who she is."""
    first = hand.see(SetupPage)
    passphrase, code = " ".join(first.passphrase.words), str(first._code)
    hand.type(passphrase, first.passphrase.field)
    hand.press("Next: recovery sheet")
    hand.type(code.lower(), first.sheet.field)
    hand.press("Next: you")
    for field, text in (("clinician", "Dana Whitlock"), ("credential", "LCSW"), ("department", "Harlow Falls Police")):
        hand.type(text, first.you.form.editor(field))
    hand.press("Open CrisisDesk")
    hand.wait(lambda: hand.program.desk is not None)
    return Secrets(passphrase, code)


def bring_in(hand: Hand, answers: Answers, folder: Path) -> None:
    """Bring in a directory by the window's own import."""
    hand.key("Ctrl+4")
    hand.page(ResourcesPage)
    hand.press("Bring in a list…")
    answers.file(folder)
    hand.press("Choose a folder…", hand.see(ImportCard))
    card = hand.see(ImportCard)
    hand.wait(card.act.isVisible)
    hand.press("Bring it in")
    hand.wait(lambda: hand.said)
    assert hand.said == "4 services are in. None is marked as checked."


def enter_client(hand: Hand) -> str:
    """Type a client into the form, and a note about what was said."""
    hand.key("Ctrl+Shift+C")
    card = hand.see(ClientCard)
    hand.type(FIRST, card.form.editor("first_name"))
    hand.type(LAST, card.form.editor("last_name"))
    hand.type(PHONE, card.form.editor("phones").row(0).number)  # type: ignore[attr-defined]  # the numbers' editor
    hand.press("Add client", card)
    chart = hand.page(ChartPage)
    assert hand.said == "The client was added."
    hand.press("Note", chart)
    note = hand.see(NoteCard)
    hand.type(NOTE, note.form.editor("body"))
    hand.press("Save as draft", note)
    return str(hand.page(ChartPage).client_id)


def refer(hand: Hand, answers: Answers, paper: Path) -> str:
    """Refer the client to the imported night beds, get the release, print."""
    hand.press("Refer", hand.page(ChartPage))
    page = hand.page(ReferPage)
    hand.press(Need.BED_TONIGHT.label, page.need)
    hand.type(SENTENCE, page.need.sentence)
    hand.key("Down", page.where.list)
    hand.key("Return", page.where.list)
    assert page.where.service_id, "the imported service was chosen"
    assert not page.foot.print.isEnabled(), "nothing leaves without a release"
    hand.press("Get a release…", page)
    release = hand.see(ReleaseCard)
    hand.type("a bed", release.form.editor("purpose"))
    hand.press(ReleaseStatus.SIGNED.label, release)
    hand.press("Add the release", release)
    answers.printer(paper)
    hand.press("Print and file", hand.page(ReferPage))
    hand.wait(lambda: "was written to an open file" in hand.said)
    return str(page.referral_id)


def log_a_try(hand: Hand, answers: Answers) -> str:
    """Log a try from the row on Today; return the step."""
    hand.key("Ctrl+1")
    today = hand.page(TodayPage)
    today.list.setFocus()
    today.list.choose_first()
    step = str(today.list.current_id())

    def call(dialog: TryDialog) -> bool:
        dialog.form.set_values({"result": TryResult.VOICEMAIL, "note": TRIED})
        return True

    answers.run(call)
    hand.key("T", today.list)
    assert hand.said == "The try was logged."
    return step


def tries(hand: Hand, client: str) -> int:
    """Count the tries in a chart."""
    desk = hand.program.desk
    assert desk is not None
    return len(desk.timeline.read(client, kinds=[EntryKind.TRY]).entries)


def unlock(hand: Hand, passphrase: str) -> None:
    """Type the passphrase into the locked window."""
    locked = hand.see(UnlockPage)
    hand.type(passphrase, locked.field)
    hand.key("Return", locked.field)
    hand.wait(lambda: hand.program.desk is not None)


def assert_all_there(hand: Hand, client: str, referral: str) -> None:
    """Look at everything that was done, where she'd look for it."""
    desk = hand.program.desk
    assert desk is not None
    hand.key("Ctrl+1")
    rows = [row for group in desk.today.look().groups for row in group.rows]
    assert [row.referral_id for row in rows] == [referral], "Today shows the follow-up"
    assert [row.name for row in hand.page(TodayPage)._model.rows if hasattr(row, "referral_id")] == [rows[0].name]
    assert desk.chart.head(client).name == f"{FIRST} {LAST}"
    kinds = [entry.kind for entry in desk.timeline.read(client).entries]
    assert {EntryKind.NOTE, EntryKind.REFERRAL, EntryKind.PAPER} <= set(kinds)
    papers = desk.disclosures.papers(referral)
    assert all(desk.disclosures.paper(each.attachment_id).startswith(b"%PDF") for each in papers)
    assert len(desk.services.page(ServiceQuery(), None, 10).rows) == 4
    assert desk.practice.get().clinician == "Dana Whitlock"


@pytest.mark.usefixtures("dressed")
def test_the_main_job_from_end_to_end(start, answers, tmp_path):
    folder = write_tables(tmp_path / "county", tables_of(OHANA))
    paper = tmp_path / "printed.pdf"
    hand = start()
    secrets = first_start(hand)
    bring_in(hand, answers, folder)
    client = enter_client(hand)
    referral = refer(hand, answers, paper)
    assert paper.read_bytes().startswith(b"%PDF")

    assert tries(hand, client) == 0
    log_a_try(hand, answers)
    assert tries(hand, client) == 1
    hand.key("Ctrl+Z")
    assert hand.said == "Undone: Log try."
    assert tries(hand, client) == 0

    def nothing_leaks() -> None:
        typed = [FIRST, LAST, f"{FIRST} {LAST}", PHONE, NOTE, SENTENCE, TRIED, "porch light", secrets.code]
        assert leaks(paths.home().parent, [*typed, *secrets.code.split("-"), *pairs_of(secrets.passphrase)]) == []

    nothing_leaks()
    hand.key("Ctrl+L")
    hand.see(UnlockPage)
    assert hand.program.desk is None
    nothing_leaks()
    unlock(hand, secrets.passphrase)
    assert_all_there(hand, client, referral)
    hand.window.close()
    nothing_leaks()

    again = start()
    unlock(again, secrets.passphrase)
    assert_all_there(again, client, referral)
