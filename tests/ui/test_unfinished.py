"""What is unfinished, from Today in the real window: each row opens its form as it was left."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.encounters import EncounterDraft
from crisisdesk.desk.today_cards import _HALF_TYPED, CardRow
from crisisdesk.desk.unsaved import _KNOWN
from crisisdesk.records.choices import StepKind
from crisisdesk.records.followups import FollowUp
from crisisdesk.ui.focus import focused, holds_focus
from crisisdesk.ui.forms.client import ClientCard
from crisisdesk.ui.forms.encounter import EncounterCard
from crisisdesk.ui.forms.note import NoteCard
from crisisdesk.ui.forms.person import PersonDialog
from crisisdesk.ui.forms.quick import QuickCard
from crisisdesk.ui.forms.release import ReleaseCard
from crisisdesk.ui.forms.service import ServiceForm
from crisisdesk.ui.pages.kept_forms import OPENERS
from crisisdesk.ui.pages.today import TodayPage
from crisisdesk.ui.shell import Shell
from crisisdesk.ui.tables import Header
from tests.windows import Answers


@pytest.fixture
def page(shell: Shell) -> TodayPage:
    assert isinstance(shell.page, TodayPage)
    return shell.page


@pytest.fixture
def maria(shell: Shell) -> str:
    return shell.context.desk.alike.named("Maria Delgado")[0].id


def over(shell: Shell) -> QWidget:
    assert shell._overlay is not None
    return shell._overlay.card


def finish_rows(page: TodayPage) -> list[CardRow]:
    return [row.words for row in page.finish._model.rows if not isinstance(row, Header)]


def press(page: TodayPage, title: str) -> None:
    """Choose a row of To finish by its words, and press Enter."""
    view = page.finish._view
    (row,) = [each for each in page.finish._model.rows if not isinstance(each, Header) and each.words.title == title]
    view.choose(row.id)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)


def test_every_form_that_is_kept_has_its_words_and_opens() -> None:
    assert _HALF_TYPED.keys() == OPENERS.keys() == _KNOWN


def test_a_half_written_note_stands_on_today_and_opens_with_the_cursor_at_its_end(
    shell: Shell, page: TodayPage, maria: str
) -> None:
    before = shell.context.desk.today.look().finish.count
    shell.context.desk.unsaved.keep("note", f"new {maria}", {"body": "She said\nthat"})
    page.refresh(None)
    assert shell.context.desk.today.look().finish.count == before + 1
    assert finish_rows(page)[0].title == "A half-written note"
    press(page, "A half-written note")
    card = over(shell)
    assert isinstance(card, NoteCard)
    assert shell.here == ("chart", maria)
    body = card.form.editor("body")
    assert focused(shell) is body
    QTest.keyClicks(body, " her dog")
    assert card.form.values()["body"] == "She said\nthat her dog"


def test_a_half_typed_client_opens_the_client_form(shell: Shell, page: TodayPage) -> None:
    shell.context.desk.unsaved.keep("client", "", {"first_name": "Ruth"})
    page.refresh(None)
    press(page, "A new client, half typed")
    card = over(shell)
    assert isinstance(card, ClientCard)
    assert card.form.values()["first_name"] == "Ruth"


@pytest.mark.parametrize(
    "case",
    [
        ("quick", "", "A quick call-out, half typed", QuickCard),
        ("encounter", "new {}", "A new encounter, half typed", EncounterCard),
        ("release", "new {}", "A new release, half typed", ReleaseCard),
        ("client", "{}", "Changes to a client, half typed", ClientCard),
        ("service", "", "A new service, half typed", ServiceForm),
    ],
)
def test_other_forms_open_from_their_rows(
    shell: Shell, page: TodayPage, maria: str, case: tuple[str, str, str, type[QWidget]]
) -> None:
    form, ref, title, kind = case
    shell.context.desk.unsaved.keep(form, ref.format(maria), {})
    page.refresh(None)
    press(page, title)
    assert isinstance(over(shell), kind)


def test_a_half_typed_dialog_opens_over_its_chart(shell: Shell, page: TodayPage, maria: str, answers: Answers) -> None:
    shell.context.desk.unsaved.keep("person", f"new {maria}", {"name": "Ana"})
    page.refresh(None)
    seen = []

    def look(dialog: PersonDialog) -> bool:
        seen.append(dialog.form.values()["name"])
        return False

    answers.run(look)
    press(page, "A person around a client, half typed")
    assert seen == ["Ana"]
    assert shell.here == ("chart", maria)


def test_a_form_kept_over_today_stands_there_at_once(shell: Shell, page: TodayPage, qtbot) -> None:
    shell.context.commands.run("encounter.quick")
    card = over(shell)
    assert isinstance(card, QuickCard)
    narrative = card.form.editor("narrative")
    narrative.setFocus()
    QTest.keyClicks(narrative, "Spoke with her")
    card.leave()
    qtbot.waitUntil(lambda: finish_rows(page)[0].title == "A quick call-out, half typed")
    press(page, "A quick call-out, half typed")
    again = over(shell)
    assert isinstance(again, QuickCard)
    again.begin_again()
    qtbot.waitUntil(lambda: finish_rows(page)[0].title != "A quick call-out, half typed")
    again.leave()


def test_a_call_out_with_blanks_opens_its_encounter_form(shell: Shell, page: TodayPage, maria: str) -> None:
    desk = shell.context.desk
    draft = EncounterDraft(began_at=desk.clock.now(), narrative="Spoke.")
    encounter_id = desk.encounters.record(maria, draft)
    page.refresh(None)
    (row,) = [each for each in finish_rows(page) if each.targets[0].id == encounter_id]
    press(page, row.title)
    card = over(shell)
    assert isinstance(card, EncounterCard)
    assert card.form.values()["narrative"] == "Spoke."
    assert holds_focus(card)
    card.leave()
    assert focused(shell) is not None
    shell.go("today")
    shell.go("chart", f"{maria}:encounter:{encounter_id}")
    assert holds_focus(over(shell))


def test_the_foot_of_a_quick_call_out_is_one_sentence_after_the_other(shell: Shell) -> None:
    shell.context.commands.run("encounter.quick")
    card = over(shell)
    assert isinstance(card, QuickCard)
    assert card._trouble.text() == (
        "7 blanks can wait: who asked, when you arrived, when you were clear, where and 3 more. They will be on Today."
    )


def test_a_step_for_an_agency_shows_its_client_and_covered_the_initials(
    shell: Shell, page: TodayPage, maria: str
) -> None:
    desk = shell.context.desk
    referral = desk.chart.side(maria).referrals.rows[0].id
    step = FollowUp(
        client_id=maria,
        due_on=desk.clock.today(),
        what="ask if received",
        kind=StepKind.AGENCY,
        referral_id=referral,
    )
    with desk._store.write("Add") as s:
        s.add(step)
    step_id = step.id

    def spoken() -> str:
        model = page._model
        return str(model.index(model.row_of(step_id), 0).data(Qt.ItemDataRole.AccessibleTextRole))

    assert "for Maria Delgado" in spoken()
    shell.context.cover.turn(on=True)
    assert "for M. D." in spoken()
    assert "Maria Delgado" not in spoken()


def test_a_new_client_half_typed_says_who_by_initials_while_names_are_covered(shell: Shell, page: TodayPage) -> None:
    desk = shell.context.desk
    desk.unsaved.keep("client", "", {"first_name": "Lena", "last_name": "Moss"})
    page.refresh(None)
    (row,) = [row for row in finish_rows(page) if row.title == "A new client, half typed"]
    assert row.detail.startswith("Lena Moss, ")
    assert row.covers == (("Lena Moss", "L. M."),)
    desk.unsaved.keep("client", "", {"described_as": "Man with the red cart", "born_on": None})
    page.refresh(None)
    (row,) = [row for row in finish_rows(page) if row.title == "A new client, half typed"]
    assert row.detail.startswith("Man with the red cart, ")
    assert row.covers == (("Man with the red cart", "?"),)
    desk.unsaved.keep("client", "", {"goals": "A bed"})
    page.refresh(None)
    (row,) = [row for row in finish_rows(page) if row.title == "A new client, half typed"]
    assert row.covers == ()
