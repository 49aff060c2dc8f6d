"""Today in the real window: each row doable from the row, by key and by button, and taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from crisisdesk.records.choices import StepState
from crisisdesk.ui.pages.today import TodayPage
from crisisdesk.ui.settings import DeviceSettings
from crisisdesk.ui.shell import Shell
from crisisdesk.ui.tables import Header
from crisisdesk.ui.widgets.buttons import Button


@pytest.fixture
def page(shell: Shell) -> TodayPage:
    assert isinstance(shell.page, TodayPage)
    return shell.page


def rows(page):
    return [row for row in page.list.model().rows if not isinstance(row, Header)]


def headers(page):
    return [row.title for row in page.list.model().rows if isinstance(row, Header)]


def test_the_groups_stand_in_the_order_in_which_she_would_do_them(page):
    assert headers(page) == ["Overdue", "Today", "Next 7 days"]
    due = [row.due_on for row in rows(page)]
    assert due == sorted(due)


def test_d_finishes_the_step_and_undo_brings_it_back(shell, page):
    step = rows(page)[0]
    page.list.choose(step.id)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_D)
    assert shell.context.desk.followups.facts(step.id).state is StepState.DONE
    assert step.id not in [row.id for row in rows(page)]
    assert shell.message.can_undo
    shell.undo()
    assert step.id in [row.id for row in rows(page)]


def test_t_logs_a_try_and_says_so(shell, page, answers):
    step = rows(page)[0]
    page.list.choose(step.id)

    def fill(dialog):
        dialog.form.set_values({"result": "voicemail", "note": "<b>Left word</b>"})
        return True

    answers.run(fill)
    QTest.keyClick(page.list, Qt.Key.Key_T)
    assert shell.message.words == "The try was logged."
    assert "left message" in next(row for row in rows(page) if row.id == step.id).marks[-1].text


def test_a_try_without_a_result_stays_open_with_the_reason_beside_it(page, answers):
    page.list.choose(rows(page)[0].id)
    seen = {}

    def fill(dialog):
        seen["refused"] = not dialog.check()
        seen["problems"] = dialog.form.problems()
        return False

    answers.run(fill)
    QTest.keyClick(page.list, Qt.Key.Key_T)
    assert seen == {"refused": True, "problems": {"result": "What came of it?"}}


def test_m_moves_the_date_as_people_write_it(shell, page, answers):
    step = rows(page)[0]
    page.list.choose(step.id)

    def fill(dialog):
        editor = dialog.form.editor("due_on")
        editor.clear()
        QTest.keyClicks(editor, "tomorrow")
        return True

    answers.run(fill)
    QTest.keyClick(page.list, Qt.Key.Key_M)
    moved = shell.context.desk.followups.facts(step.id)
    assert moved.due_on == shell.context.clock.today() + timedelta(days=1)


def test_enter_opens_the_chart(shell, page):
    step = rows(page)[0]
    page.list.choose(step.id)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert shell.here == ("chart", step.client_id)


def test_covered_names_are_initials(shell, page):
    step = next(row for row in rows(page) if row.initials)
    index = page.list.model().index(page.list.model().row_of(step.id), 0)
    assert step.name in index.data(Qt.ItemDataRole.AccessibleTextRole)
    shell.context.cover.turn(on=True)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert step.initials in spoken
    assert step.name not in spoken


def test_show_all_shows_all_of_the_next_seven_days(page):
    before = len(rows(page))
    page.list.acted.emit("group:ahead", "all")
    assert len(rows(page)) > before


def test_the_missing_next_step_is_said_with_the_way_to_it(shell, page):
    words = [guarantee.text for guarantee in shell.context.desk.today.look().guarantees if not guarantee.holds]
    assert words == ["1 referral has no next step"]
    assert page.isVisible()


@pytest.fixture
def beginner(shell, page, monkeypatch):
    """Have a desk with clients and nothing else yet."""
    desk = shell.context.desk
    look = desk.today.look
    lacks = {"encounter", "service"}
    monkeypatch.setattr(desk.today, "look", lambda: replace(look(), lacks=frozenset(lacks)))
    page.refresh(None)
    return lacks


def verbs(page):
    return [made.text() for made in page.still.card.findChildren(Button) if not made.isHidden()]


def test_first_acts_that_are_not_done_stay_below_the_list_until_they_are(page, beginner):
    assert page.still.isVisible()
    assert page.list.isVisible()
    assert verbs(page) == ["Let it go", "Quick call-out", "Bring in a list"]
    beginner.remove("encounter")
    page.refresh(None)
    assert verbs(page) == ["Let it go", "Bring in a list"]
    beginner.remove("service")
    page.refresh(None)
    assert not page.still.isVisible()


def test_first_acts_are_let_go_for_good(page, beginner):
    page.still.card.findChildren(Button)[0].click()
    page.refresh(None)
    assert beginner
    assert not page.still.isVisible()
    assert DeviceSettings().has_begun


@pytest.mark.parametrize("height", [768, 900])
def test_on_the_smallest_screen_nothing_of_the_side_is_cut_and_on_a_larger_one_no_row_is_missing(
    shell, page, height, qtbot
):
    shell.window().resize(1366, height)
    qtbot.waitUntil(lambda: page.side.verticalScrollBar().maximum() == 0)
    button = page.safe.button
    assert button.isVisible()
    assert page.side.viewport().rect().contains(button.rect().translated(button.mapTo(page.side.viewport(), QPoint())))
    assert len(page.waiting._model.rows) == (2 if height == 768 else 3)
