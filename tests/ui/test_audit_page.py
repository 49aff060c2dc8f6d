"""The page of the audit log: what it shows, how it checks, and how it leaves."""

import json
from typing import Any

import pytest
from PySide6.QtWidgets import QMenu

from crisisdesk.desk.audit_rows import TrailQuery
from crisisdesk.desk.audit_trail import AuditTrail
from crisisdesk.desk.client_list import ClientQuery
from crisisdesk.records.audit_kinds import AuditGroup
from crisisdesk.ui import printing
from crisisdesk.ui.page import Context
from crisisdesk.ui.pages.audit import AuditPage
from crisisdesk.vault import audit


@pytest.fixture
def trail(town) -> AuditTrail:
    return town.audit_trail


@pytest.fixture
def maria(town) -> str:
    return town.client_list.page(ClientQuery()).rows[0].id


@pytest.fixture
def page(shell) -> AuditPage:
    shell.go("audit")
    return shell.page


def _until(qtbot, page: AuditPage) -> None:
    qtbot.waitUntil(page.check_button.isEnabled, timeout=10_000)


def _texts(page: AuditPage) -> list[str]:
    rows: Any = page.table.model()
    return [row.what for row in rows.rows]


def test_opening_a_chart_twice_is_one_look(shell, town, maria):
    shell.go("chart", maria)
    shell.go("today")
    shell.go("chart", maria)
    looks = town.audit_trail.lines.page(TrailQuery(group=AuditGroup.LOOKED)).rows
    assert [(row.about, row.client_id) for row in looks] == [("Chart", maria)]


def test_a_list_and_a_passing_preview_are_no_look(shell, town):
    shell.go("clients")
    shell.page.table.choose_first()
    assert not town.audit_trail.lines.page(TrailQuery(group=AuditGroup.LOOKED)).rows


def test_a_preview_that_she_stays_at_is_one(shell, town):
    shell.go("clients")
    preview = shell.page.preview
    assert preview._looked.isActive()
    preview._looked.timeout.emit()
    assert len(town.audit_trail.lines.page(TrailQuery(group=AuditGroup.LOOKED)).rows) == 1


def test_a_search_is_told_once_when_she_stops_typing(shell, town):
    shell.go("clients")
    for text in ("d", "de", "del"):
        shell.page.field.setText(text)
        shell.page.field.typed.emit(text)
    assert not [row for row in town.audit_trail.lines.page(TrailQuery()).rows if row.what.startswith("Searched")]
    shell.page._searched.timeout.emit()
    found = [row for row in town.audit_trail.lines.page(TrailQuery()).rows if row.what.startswith("Searched")]
    assert [row.what for row in found] == ["Searched the clients"]


def test_looking_at_the_log_is_told_to_the_log(page):
    assert _texts(page)[0] == "Looked at the audit log"


def test_the_chips_filter(page):
    page.groups.choose([AuditGroup.DOOR.value])
    page._choose()
    assert set(_texts(page)) == {"Unlocked", "Locked"}


def test_who_looked_at_a_chart_comes_from_its_menu(shell, maria, town):
    shell.go("chart", maria)
    head = town.chart.head(maria)
    menu = QMenu(shell)
    shell.page.acts.fill_more_menu(menu, head)
    next(act for act in menu.actions() if act.text() == "Who looked at this chart").trigger()
    assert isinstance(shell.page, AuditPage)
    assert _texts(shell.page) == ["Looked at"]
    assert shell.page.groups.chosen() == (AuditGroup.LOOKED.value,)


def test_covered_names_are_covered_here_too(shell, maria, context: Context):
    shell.go("chart", maria)
    context.cover.turn(on=True)
    shell.go("audit", f"client:{maria}")
    model = shell.page.table.model()
    shown = [model.data(model.index(row, 2)) for row in range(model.rowCount())]
    name, short = context.desk.audit_trail.lines.client_name(maria)
    assert shown == [short]
    assert name not in shell.page._whose._label.text()


def test_a_check_says_that_all_fits(page, qtbot):
    page.check()
    assert not page.check_button.isEnabled()
    _until(qtbot, page)
    assert page.result.words.endswith("lines fit, from the first to the last.")


def test_a_check_gives_the_window_its_turn_after_each_piece(page, qtbot, monkeypatch, trail):
    monkeypatch.setattr(audit.Walk.step, "__defaults__", (1,))
    for number in range(5):
        trail.searched("clients", number)
    page.check()
    seen: list[str] = []

    def look() -> bool:
        seen.append(page.result.words)
        return page.check_button.isEnabled()

    qtbot.waitUntil(look, timeout=10_000)
    assert any("lines checked" in words for words in seen)


def test_a_check_names_a_changed_line(page, qtbot, town):
    driver = town._store._engine.raw_connection().driver_connection
    driver.set_authorizer(None)
    driver.execute("DROP TRIGGER audit_refuses_update")
    driver.execute("UPDATE audit SET object_id = 'x' WHERE seq = 2")
    page.check()
    _until(qtbot, page)
    assert page.result.words == "Line 2 is missing or was changed. Up to line 1 everything fits."


def test_a_mark_from_paper_is_compared(page, qtbot, answers, trail):
    answers.text(trail.anchor())
    page.compare()
    _until(qtbot, page)
    assert page.result.words.endswith("The mark from paper is among them.")
    answers.text("not a mark")
    page.compare()
    assert page.result.words.startswith("That is not a mark from a printed page.")


def test_leaving_the_page_ends_a_check(page, shell):
    page.check()
    shell.go("today")
    assert page.check_button.isEnabled()
    assert page._slices is None


def test_the_lines_are_printed_and_that_is_told(page, qtbot, answers, tmp_path, monkeypatch, trail):
    printed = []
    monkeypatch.setattr(printing, "paint_pages", lambda pdfs, _printer: printed.append(pdfs))
    answers.printer(tmp_path / "log.pdf")
    page.print_lines()
    _until(qtbot, page)
    assert printed
    assert answers.jobs[0].startswith("CD-")
    assert trail.lines.page(TrailQuery()).rows[0].what == "Printed the audit log"


def test_the_month_is_checked_and_printed(page, qtbot, answers, tmp_path, trail):
    answers.printer(tmp_path / "month.pdf")
    page.print_month(0)
    _until(qtbot, page)
    first = trail.lines.page(TrailQuery()).rows[:2]
    assert [row.what for row in first] == ["Printed the audit log", "Checked the audit log"]


def test_a_copy_is_saved_under_a_neutral_name(page, qtbot, answers, tmp_path, trail):
    answers.file(tmp_path / "copy.jsonl")
    page.save_copy()
    _until(qtbot, page)
    copy = (tmp_path / "copy.jsonl").read_bytes()
    assert trail.seal_fits(copy)
    assert json.loads(copy.splitlines()[0])["seq"] == 1
    assert "audit-2026-11-23.jsonl" in answers.seen


def test_a_copy_that_she_calls_off_is_no_copy(page, answers):
    answers.file(None)
    page.save_copy()
    assert page.check_button.isEnabled()
    assert "Saved the audit log as a file" not in _texts(page)
