"""How safe is this? The page with the computer's facts and the promises, the ways to it, and Today's one warning."""

from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.computer import Computer, Told
from crisisdesk.ui.lock.locking import Host
from crisisdesk.ui.pages.security import FactRow, SecurityPage
from crisisdesk.ui.pages.today import TodayPage
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.ui.widgets.marks import StateMark
from tests.stores import NOON
from tests.vault.fast import COST, FLOOR, PASSPHRASE

WELL = Computer(
    is_disk_encrypted=Told.YES,
    is_swap_encrypted=Told.YES,
    is_administrator=Told.NO,
    is_program_writable=Told.NO,
    is_program_whole=Told.YES,
    is_folder_private=Told.YES,
    is_memory_closed=Told.YES,
)
KEYS = Keys(cost=COST, practice_cost=COST, floor=FLOOR)


def opened(shell, qtbot, found=WELL):
    shell.context.desk.this_computer.take = lambda _folder: found
    shell.go("security")
    page = shell.page
    assert isinstance(page, SecurityPage)
    qtbot.waitUntil(lambda: bool(page.facts) and not shell.context.jobs.is_busy, timeout=20_000)
    return page


def today(program):
    shell = program.window.shell
    assert shell is not None
    assert isinstance(shell.page, TodayPage)
    return shell.page


def said(widget):
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget)]


def test_every_fact_stands_there_with_its_mark_and_what_to_do(shell, qtbot):
    page = opened(shell, qtbot, replace(WELL, is_disk_encrypted=Told.NO, is_administrator=Told.YES))
    rows = page.computer.findChildren(FactRow)
    assert [row.fact.id for row in rows][:2] == ["disk", "account"]
    for row in rows:
        assert said(row) == [text for text in (row.fact.words, row.fact.reason, row.fact.advice) if text]
        assert row.findChildren(StateMark)[0].text() == row.fact.words
    assert page.computer._count.text() == "2"
    assert "The computer is being asked…" not in said(page)


def test_looking_again_shows_what_has_changed_and_nothing_twice(shell, qtbot):
    page = opened(shell, qtbot, replace(WELL, is_disk_encrypted=Told.NO))
    assert page.facts["disk"].words == "The disk is not encrypted"
    shell.context.desk.this_computer.take = lambda _folder: WELL
    page.look_button.click()
    qtbot.waitUntil(lambda: not shell.context.jobs.is_busy, timeout=20_000)
    assert page.facts["disk"].words == "The disk is encrypted"
    rows = page.computer.findChildren(FactRow)  # those that are taken away are hidden, and deleted a little later
    assert len([row for row in rows if row.isVisibleTo(page)]) == len(page.facts)
    assert page.computer._count.isHidden()


def test_a_computer_that_is_slow_to_answer_holds_nobody_up(shell, qtbot):
    gate = Event()

    def take(_folder):
        gate.wait(20)
        return WELL

    shell.context.desk.this_computer.take = take
    shell.go("security")
    page = shell.page
    assert "The computer is being asked…" in said(page)
    assert "Nobody reads it without a key" in said(page)
    shell.go("today")
    gate.set()
    qtbot.waitUntil(lambda: not shell.context.jobs.is_busy, timeout=20_000)
    assert page.facts == {}


@pytest.mark.parametrize(("hears", "told"), [(True, True), (False, False), (None, None)])
def test_whether_the_computers_own_lock_is_heard_is_told_as_it_is(shell, qtbot, hears, told):
    shell.window().hears_system = None if hears is None else lambda: hears
    assert opened(shell, qtbot).facts["heard"].is_well is told


def test_the_page_is_reached_from_the_settings_and_the_help_menu_and_leads_on(shell, qtbot):
    shell.go("settings", "security")
    shell.page.cards["security"].findChild(type(shell.page.keep_button)).click()
    assert shell.current_id == "security"
    page = opened(shell, qtbot)
    page.log_button.click()
    assert shell.current_id == "audit"
    shell.back()
    page.backups_button.click()
    assert shell.current_id == "safekeeping"
    shell.page._standing._act.click()
    assert shell.current_id == "security"
    (helping,) = shell.context.commands.possible("help")
    assert helping.title == "How safe is this?"
    assert shell.context.commands.run("security.open")
    assert shell.current_id == "security"


def test_the_whole_page_can_be_read_with_the_keyboard(shell, qtbot):
    page = opened(shell, qtbot)
    bar = page._scroll.verticalScrollBar()
    assert bar.maximum() > 0
    page.look_button.setFocus()
    QTest.keyClick(page.look_button, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(page.look_button, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    QTest.keyClick(page.look_button, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_it_names_no_place_and_nobody(shell, qtbot, town_paths):
    words = " ".join(said(opened(shell, qtbot)))
    assert str(town_paths.folder) not in words
    assert "/" not in words.replace("CrisisDesk’s", "")
    assert "Delgado" not in words


@pytest.fixture
def begin(qapp, vault_paths, qtbot):
    """Open a program on a vault, under an account that says what it is."""
    made = []

    def start(account, listeners=None):
        host = Host(listeners=listeners)
        program = Program(qapp, place=vault_paths, clock=FixedClock(NOON), keys=KEYS, host=host)
        program.account = account and (lambda: account)
        program.start()
        made.append(program)
        (locked,) = program.window.findChildren(UnlockPage)
        locked.field.setText(PASSPHRASE)
        locked.unlock()
        qtbot.waitUntil(lambda: program.desk is not None)
        return program, today(program)

    yield start
    for program in made:
        program.end()
        program.deleteLater()


class Listeners:
    """What listens to a system that tells something, or nothing."""

    def __init__(self, are_heard):
        self.are_heard = are_heard

    def start(self, tell):
        del tell

    def stop(self):
        pass


@pytest.mark.parametrize("hears", [True, False, None])
def test_the_page_knows_of_the_programs_own_listeners(begin, hears):
    program, _page = begin(None, None if hears is None else Listeners(hears))
    assert program.window.shell.context.window.hears_system is hears


# The warning --------------------------------------------------------------------------------------------------------


def test_an_administrator_is_told_once_on_today(begin):
    program, page = begin(Told.YES)
    assert page.account.isVisibleTo(page)
    page.account.more_button.click()
    assert program.window.shell.current_id == "security"
    program.window.shell.go("today")
    assert page.account.isVisibleTo(page)  # it was not answered yet
    page.account.known_button.click()
    assert not page.account.isVisibleTo(page)
    program.end()
    _program, page = begin(Told.YES)
    assert not page.account.isVisibleTo(page)


@pytest.mark.parametrize("account", [Told.NO, Told.UNTOLD, None])
def test_nobody_else_is_told(begin, account):
    _program, page = begin(account)
    assert not page.account.isVisibleTo(page)


def test_the_practice_desk_warns_of_nothing(qapp, vault_paths):
    program = Program(qapp, place=vault_paths, clock=FixedClock(NOON), keys=KEYS)
    program.account = lambda: Told.YES
    program.start(practice=True)
    page = today(program)
    assert not page.account.isVisibleTo(page)
    program.end()
    program.deleteLater()
