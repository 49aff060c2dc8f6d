from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from crisisdesk.errors import NotFound
from crisisdesk.ui.commands import Command, Registry
from crisisdesk.ui.page import Columns, Context, Page, PageEntry, stack
from crisisdesk.ui.palette import Hit
from crisisdesk.ui.shell import Port, Shell
from crisisdesk.ui.topbar import TopBar
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.window import COMMANDS, Window


class Plain(Page):
    """A page that writes down what happens to it."""

    tables = frozenset({"client"})

    def __init__(self, context, title="Plain"):
        super().__init__(context, title)
        self.log = []
        self.first, self.second = QLineEdit(), QLineEdit()
        self.main, self.side = stack(self.first, self.second), Card("Side")
        self.columns = Columns(self.main, self.side)
        self.body.addWidget(self.columns, 1)

    def open(self, argument):
        if argument == "gone":
            raise NotFound("This client is no longer here.")
        self.log.append(f"open {argument}")

    def shown(self):
        self.log.append("shown")

    def hidden(self):
        self.log.append("hidden")

    def refresh(self, changes):
        self.log.append("refresh all" if changes is None else f"refresh {changes.label}")

    def first_focus(self):
        return self.first

    def regions(self):
        return [self.main, self.side]


class Changed:
    def __init__(self, label, *tables):
        self.label, self.tables = label, tables

    def touches(self, *tables):
        return bool(set(tables) & set(self.tables))


PAGES = (
    PageEntry(id="one", title="One", icon="today", make=Plain, count=lambda _c: 7, count_tables=frozenset({"client"})),
    PageEntry(id="two", title="Two", icon="clients", make=Plain),
    PageEntry(id="chart", title="Chart", make=Plain, rail=False, under="two"),
)
HITS = [
    Hit("client", "c1", "Maria Delgado", "44"),
    Hit("service", "s1", "Hope House"),
    Hit("client", "c2", "Mario Ruiz"),
]


class Locking(Window):
    """A window that writes down when it was locked."""

    locked: list[bool]


@pytest.fixture
def window(qtbot, context):
    made = Locking(context.settings)
    registry = Registry(COMMANDS)
    locked: list[bool] = []
    registry.add([Command("vault.lock", "Lock now", run=lambda _c: locked.append(True), key="Ctrl+L", icon="lock")])
    made.locked = locked
    context = replace(context, window=Port(made), commands=registry)
    shell = Shell(PAGES, context, search=lambda text: [hit for hit in HITS if text.lower() in hit.title.lower()])
    made.show_shell(shell)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    shell.go("one")
    QApplication.processEvents()
    yield made
    shell.end()


def page_of(window, page_id):
    return window.shell._open[page_id].page


def test_a_page_is_made_when_it_is_first_opened_and_kept(window):
    shell = window.shell
    assert list(shell._open) == ["one"]
    shell.go("two")
    first = page_of(window, "two")
    shell.go("one")
    shell.go("two")
    assert page_of(window, "two") is first
    assert first.log == ["shown", "hidden", "shown"]


def test_a_page_is_opened_with_an_id_before_it_is_shown(window):
    window.shell.go("chart", "c1")
    assert page_of(window, "chart").log == ["open c1", "shown"]
    assert window.shell.rail.pages.lit == "two"


def test_a_record_that_is_gone_is_said_and_breaks_nothing(window):
    window.shell.go("chart", "gone")
    assert window.shell.message.words == "This client is no longer here."
    assert (window.shell.current_id, window.shell.rail.pages.lit) == ("one", "one")


def test_a_message_lies_over_the_page_that_comes_next(window):
    shell = window.shell
    shell.say("Moved.")
    for page_id in ("two", "one"):
        shell.go(page_id)
        assert shell.stack.childAt(shell.message.geometry().topLeft() + QPoint(3, 3)) is shell.message


def test_back_goes_where_she_came_from(window):
    shell = window.shell
    shell.go("two")
    shell.go("chart", "c1")
    shell.go("chart", "c2")
    shell.back()
    assert (shell.current_id, page_of(window, "chart").log[-2:]) == ("chart", ["open c1", "shown"])
    shell.back()
    shell.back()
    shell.back()
    assert shell.current_id == "one"


def test_a_change_refreshes_the_page_in_front_and_the_others_once_when_they_come_back(window, context):
    shell = window.shell
    shell.go("two")
    one, two = page_of(window, "one"), page_of(window, "two")
    one.log.clear()
    for label in ("A", "B"):
        context.feed.changed.emit(Changed(label, "client"))
    context.feed.changed.emit(Changed("C", "service"))
    assert two.log == ["shown", "refresh A", "refresh B"]
    assert one.log == []
    shell.go("one")
    assert one.log == ["refresh all", "shown"]


def test_covering_names_refreshes_everything(window, context):
    context.cover.turn(on=True)
    assert page_of(window, "one").log[-1] == "refresh all"
    context.cover.turn(on=False)


def test_the_rail_counts_and_recounts_only_what_is_concerned(window, context):
    shell = window.shell
    counts = {entry.id: entry.count for entry in shell.rail.pages._entries.entries}
    assert counts == {"one": 7, "two": None}
    context.feed.changed.emit(Changed("A", "client"))


def test_the_rail_opens_pages_by_mouse_and_by_keys(window):
    shell = window.shell
    rail = shell.rail.pages
    box = rail.visualRect(rail.model().index(1, 0))
    QTest.mouseClick(rail.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert shell.current_id == "two"
    QTest.keyClick(rail, Qt.Key.Key_Up)
    assert shell.current_id == "two"
    QTest.keyClick(rail, Qt.Key.Key_Return)
    assert shell.current_id == "one"


def test_the_lock_in_the_rail_and_in_the_bar_run_the_command(window):
    foot = window.shell.rail.foot
    QTest.mouseClick(foot.viewport(), Qt.MouseButton.LeftButton, pos=foot.visualRect(foot.model().index(0, 0)).center())
    window.shell.top.lock.click()
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.locked == [True, True, True]


def test_coming_back_restores_the_focus(window, qtbot):
    shell = window.shell
    qtbot.waitUntil(page_of(window, "one").first.hasFocus)
    page_of(window, "one").second.setFocus()
    shell.go("two")
    qtbot.waitUntil(page_of(window, "two").first.hasFocus)
    shell.go("one")
    qtbot.waitUntil(page_of(window, "one").second.hasFocus)


def test_f6_walks_the_parts_of_the_window_and_comes_round(window):
    shell = window.shell
    page_of(window, "one").side.add(QPushButton("Act"))
    QApplication.processEvents()
    seen = []
    for _step in range(4):
        QTest.keyClick(window, Qt.Key.Key_F6)
        focused = window.focusWidget()
        seen.append(
            next(place for place, part in enumerate(shell.regions()) if part is focused or part.isAncestorOf(focused))
        )
    assert seen == [3, 0, 1, 2]


def test_ctrl_k_opens_the_palette_and_enter_takes_the_first_hit(window, qtbot):
    shell = window.shell
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(shell.top.field.hasFocus)
    QTest.keyClicks(shell.top.field, "mari")
    qtbot.waitUntil(shell.palette_list.isVisible)
    assert shell.palette_list.view.current_id() == "client/c1"
    QTest.keyClick(shell.top.field, Qt.Key.Key_Down)
    QTest.keyClick(shell.top.field, Qt.Key.Key_Return)
    assert page_of(window, "chart").log == ["open c2", "shown"]
    assert (shell.top.field.text(), shell.palette_list.isVisible()) == ("", False)


def test_the_palette_runs_commands_and_says_when_nothing_fits(window, qtbot):
    shell = window.shell
    shell.find_anything()
    QTest.keyClicks(shell.top.field, "lock")
    qtbot.waitUntil(shell.palette_list.isVisible)
    QTest.keyClick(shell.top.field, Qt.Key.Key_Return)
    assert window.locked == [True]
    shell.find_anything()
    QTest.keyClicks(shell.top.field, "zzz")
    qtbot.waitUntil(shell.palette_list.isVisible)
    assert "zzz" in shell.palette_list._nothing.text()
    QTest.keyClick(shell.top.field, Qt.Key.Key_Escape)
    assert not shell.palette_list.isVisible()


def test_the_sentence_for_nothing_found_begins_where_the_rows_do(window, qtbot):
    shell = window.shell
    shell.find_anything()
    QTest.keyClicks(shell.top.field, "mari")
    qtbot.waitUntil(shell.palette_list.view.isVisible)
    QTest.keyClicks(shell.top.field, "zzz")
    qtbot.waitUntil(shell.palette_list.view.isHidden)
    nothing = shell.palette_list._nothing
    qtbot.waitUntil(lambda: nothing.mapTo(shell.palette_list, QPoint()).x() - shell.palette_list.view.x() == 16)


def test_the_cover_hides_everything_until_a_key_and_swallows_the_keys_between(window, qtbot):
    QTest.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.is_covered
    picture = window.grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(0, 1366, 20) for y in range(0, 300, 20)}
    assert len(colours) == 1
    qtbot.waitUntil(window._sheets._sheets[0].hasFocus)
    QTest.keyClick(window._sheets._sheets[0], Qt.Key.Key_Space)
    assert not window.is_covered


def test_undo_says_what_it_took_back(window, context):
    practice = context.desk.practice.get()
    context.desk.practice.keep(replace(practice, fax="555-0111"))
    window.shell.undo()
    assert context.desk.practice.get().fax == practice.fax
    assert window.shell.message.words.startswith("Undone: ")
    window.shell.redo()
    assert context.desk.practice.get().fax == "555-0111"


def test_the_side_column_goes_under_the_main_one_in_a_narrow_window(window, qtbot):
    page = page_of(window, "one")
    assert page.side.y() == page.main.y()
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: page.side.geometry().top() > page.main.geometry().bottom())
    assert window.shell.rail.width() == 72


def test_the_fixed_columns_keep_their_width_and_the_main_one_takes_the_rest(window, qtbot):
    page = page_of(window, "one")
    assert page.side.width() == 312
    window.resize(1700, 900)
    qtbot.waitUntil(lambda: page.side.width() == 360)


def test_a_pages_contents_stop_and_stay_left_on_a_very_wide_screen(window, qtbot):
    window.resize(2600, 900)
    page = page_of(window, "one")
    qtbot.waitUntil(lambda: page.columns.width() == 1680)
    assert page.columns.x() == 32


def test_the_title_never_says_more_than_the_programs_name(window):
    window.shell.go("chart", "c1")
    assert window.windowTitle() == "CrisisDesk"


def test_every_control_of_the_window_has_a_name_for_a_screen_reader(window):
    from PySide6.QtWidgets import QAbstractButton  # noqa: PLC0415  this test's own

    buttons = window.findChildren(QAbstractButton)
    assert buttons
    assert [button for button in buttons if not (button.text() or button.accessibleName())] == []


def test_a_card_is_closed_by_its_owner_before_another_page_opens(window):
    shell, asked = window.shell, []

    def close():
        asked.append(True)
        if len(asked) > 1:
            shell.close_overlay()

    shell.overlay(QLineEdit(), width=400, on_close=close)
    shell.go("two")
    assert (shell.current_id, asked) == ("one", [True])
    shell.go("two")
    assert (shell.current_id, asked) == ("two", [True, True])


def test_the_practice_desk_says_that_it_is_practice(window):
    badge = window.shell.top.practice
    assert badge.isVisible()
    assert badge.text() == "Practice, made-up people"
    window.shell.top.set_narrow(narrow=True)
    assert (badge.isVisible(), badge.text()) == (True, "Practice")


def test_a_desk_of_her_own_bears_no_sign_of_practice(qtbot):
    left: list[bool] = []
    leave: Command[Context] = Command("practice.leave", "Leave the practice desk", run=lambda _c: left.append(True))
    own = TopBar(Registry(COMMANDS))
    qtbot.addWidget(own)
    own.show()
    assert not own.practice.isVisible()
    assert own.leave_practice is None
    practice = TopBar(Registry((*COMMANDS, leave)), is_practice=True)
    qtbot.addWidget(practice)
    assert practice.leave_practice is not None
    assert practice.leave_practice.accessibleName() == "Leave the practice desk"


def test_six_digits_list_the_referral_of_that_packet_first(window):
    window.shell.palette_list._search = lambda _text: [Hit("client", "c1", "Maria"), Hit("referral", "r1", "R-2026-1")]
    for typed, first in (("481 207", "referral/r1"), ("481207", "referral/r1"), ("48120", "client/c1")):
        window.shell.find_anything()
        window.shell.top.field.setText(typed)
        window.shell.palette_list._find()
        assert window.shell.palette_list.view.current_id() == first


def test_what_is_being_written_on_a_card_is_kept_when_the_desk_is_locked(window):
    shell, asked = window.shell, []
    shell.overlay(QLineEdit(), width=400, on_close=lambda: asked.append(True))
    shell.end()
    assert asked == [True]
