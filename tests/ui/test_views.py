from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from crisisdesk.ui import theme
from crisisdesk.ui.dress import dress
from crisisdesk.ui.tables import MORE, Group, GroupedRows, ListView, PagedTable, TableView
from crisisdesk.ui.tokens import Scheme, State
from tests.ui.rows import COLUMNS, Person, PersonDelegate, Shelf, people


def list_view(qtbot, groups, keys=None):
    model = GroupedRows()
    model.set_groups(groups)
    view = ListView(model, PersonDelegate(), name="Next steps", keys=keys or {"T": "try", "D": "done"})
    show(qtbot, view)
    return view, model


def table_view(qtbot, rows):
    model = PagedTable(COLUMNS, ("client",))
    model.set_source(Shelf(rows))
    view = TableView(model, name="Clients", row_height=52, keys={"T": "try"})
    show(qtbot, view)
    return view, model


def show(qtbot, view):
    view.resize(820, 400)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    view.setFocus()


def heard(signal):
    told = []
    signal.connect(lambda *what: told.append(what))
    return told


GROUPS = [
    Group(id="over", title="Overdue", rows=people(2), state=State.OVERDUE, count=2),
    Group(id="next", title="Next 7 days", rows=people(2, 5), count=11, act="all", act_words="Show all 11"),
]


@pytest.mark.parametrize("kind", ["list", "table"])
def test_a_row_button_is_pressed_where_it_is_painted(qtbot, kind):
    view, _model = list_view(qtbot, GROUPS) if kind == "list" else table_view(qtbot, people(4))
    told = heard(view.acted)
    for row_id in ("p00000", "p00001"):
        rect = view.rect_of(row_id, "try")
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert told == [("p00000", "try"), ("p00001", "try")]
    assert view.current_id() == "p00001"


def test_a_click_beside_the_buttons_chooses_and_does_nothing_else(qtbot):
    view, _model = list_view(qtbot, GROUPS)
    told = heard(view.acted)
    rect = view.rect_of("p00001", "try")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center() - QPoint(200, 0))
    assert (told, view.current_id()) == ([], "p00001")


def test_a_button_let_go_beside_it_does_nothing(qtbot):
    view, _model = list_view(qtbot, GROUPS)
    told = heard(view.acted)
    rect = view.rect_of("p00000", "try")
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center() + QPoint(0, 60))
    assert told == []


@pytest.mark.parametrize("kind", ["list", "table"])
def test_everything_works_from_the_keyboard(qtbot, kind):
    view, _model = list_view(qtbot, GROUPS) if kind == "list" else table_view(qtbot, people(4))
    acted, opened = heard(view.acted), heard(view.opened)
    view.choose_first()
    QTest.keyClick(view, Qt.Key.Key_T)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_T)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert acted == [("p00000", "try"), ("p00001", "try")]
    assert opened == [("p00001",)]


@pytest.mark.parametrize("kind", ["list", "table"])
def test_the_arrow_keys_step_over_headers(qtbot, kind):
    if kind == "list":
        view, _model = list_view(qtbot, GROUPS)
    else:
        model = GroupedRows(COLUMNS)
        model.set_groups(GROUPS)
        view = TableView(model, name="Referrals")
        show(qtbot, view)
    view.choose_first()
    seen = [view.current_id()]
    for _step in range(3):
        QTest.keyClick(view, Qt.Key.Key_Down)
        seen.append(view.current_id())
    assert seen == ["p00000", "p00001", "p00005", "p00006"]


def test_a_letter_without_a_meaning_moves_nothing(qtbot):
    view, _model = list_view(qtbot, GROUPS)
    view.choose("p00001")
    QTest.keyClick(view, Qt.Key.Key_P)
    assert view.current_id() == "p00001"


def test_ctrl_and_a_letter_is_left_to_the_windows_commands(qtbot):
    view, _model = list_view(qtbot, GROUPS)
    told = heard(view.acted)
    view.choose_first()
    QTest.keyClick(view, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert told == []


@pytest.mark.parametrize("kind", ["list", "table"])
def test_a_headers_act_is_told_with_its_group(qtbot, kind):
    if kind == "list":
        view, _model = list_view(qtbot, GROUPS)
    else:
        model = GroupedRows(COLUMNS)
        model.set_groups(GROUPS)
        view = TableView(model, name="Referrals")
        show(qtbot, view)
    told = heard(view.acted)
    rect = view.rect_of("group:next", "all")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert told == [("group:next", "all")]


def test_right_click_and_the_menu_key_ask_for_more(qtbot):
    view, _model = list_view(qtbot, GROUPS)
    told = heard(view.acted)
    view.choose_first()
    QTest.keyClick(view, Qt.Key.Key_Menu)
    point = view.rect_of("p00001", "try").center()
    for target, reason, pos in (
        (view, QContextMenuEvent.Reason.Keyboard, QPoint()),
        (view.viewport(), QContextMenuEvent.Reason.Mouse, point),
    ):
        QApplication.sendEvent(target, QContextMenuEvent(reason, pos, view.viewport().mapToGlobal(pos)))
    assert told[-2:] == [("p00000", MORE.id), ("p00001", MORE.id)]


def test_a_menu_opens_at_the_rows_more_button(qtbot):
    view, _model = list_view(qtbot, GROUPS)
    view.choose("p00001")
    menu = QMenu(view)
    menu.addAction("Move the date…")
    view.popup_menu(menu)
    assert menu.isVisible()
    menu.close()


def test_the_choice_survives_a_refresh_by_id(qtbot):
    view, model = list_view(qtbot, GROUPS)
    view.choose("p00005")
    model.set_groups([Group(id="next", title="Next 7 days", rows=[*people(3, 2), *people(2, 5)])])
    assert view.current_id() == "p00005"


def test_chosen_is_told_when_the_row_goes(qtbot):
    view, model = list_view(qtbot, GROUPS)
    view.choose("p00005")
    told = heard(view.chosen)
    model.set_groups([Group(id="over", title="Overdue", rows=people(2))])
    assert told
    assert told[-1][0] != "p00005"


def test_the_whole_row_is_read_aloud_with_its_warning(qtbot):
    flagged = [Person("1", "Maria Delgado", "Visit in pairs", "call, 72 h after call-out")]
    _view, model = list_view(qtbot, [Group(id="o", title="Overdue", rows=flagged)])
    said = model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "10:30, Maria Delgado, call, 72 h after call-out, Visit in pairs, 2 tries"


def pieces(width, **about):
    delegate = PersonDelegate()
    return delegate.pieces(Person("1", about.get("name", "Maria"), about.get("flag", "")), QRect(0, 0, width, 56))


def test_the_second_line_is_cut_from_the_right_and_never_loses_the_warning():
    for width in range(240, 1000, 20):
        shown = [piece.spoken for piece in pieces(width, name="N" * 200, flag="Visit in pairs")]
        assert "Visit in pairs" in shown, width


def test_no_piece_leaves_the_row_or_lies_on_another():
    for width in (320, 400, 640, 820, 1400):
        placed = [piece.rect for piece in pieces(width, name="Nguyễn " * 30, flag="Visit in pairs and call first")]
        for number, rect in enumerate(placed):
            assert QRect(0, 0, width, 56).contains(rect), (width, rect)
            assert not any(rect.intersects(other) for other in placed[number + 1 :]), (width, rect)


def test_the_acts_fold_into_more_where_there_is_little_room(qapp):
    assert [piece.act for piece in pieces(820) if piece.act] == ["more", "done", "try"]
    assert [piece.act for piece in pieces(400) if piece.act] == ["more"]
    dress(qapp, scheme=Scheme.LIGHT, percent=200)
    assert [piece.act for piece in pieces(820) if piece.act] == ["more"]


def test_rows_grow_with_the_text(qtbot, qapp):
    dress(qapp, scheme=Scheme.LIGHT, percent=200)
    view, _model = list_view(qtbot, GROUPS)
    assert view.sizeHintForRow(1) == 112
    assert theme.factor() == 2.0


def test_a_fitted_list_is_as_high_as_its_rows(qtbot):
    view, model = list_view(qtbot, GROUPS)
    view.fit()
    assert view.height() == 2 * 32 + 4 * 56
    model.set_groups([Group(id="o", title="Overdue", rows=people(1))])
    assert view.height() == 32 + 56


def test_the_ring_is_painted_around_the_current_row_only_while_the_list_has_the_focus(qtbot):
    view, _model = list_view(qtbot, GROUPS)
    qtbot.waitUntil(view.hasFocus)
    view.choose_first()
    ring = theme.colour("focus")

    def ringed() -> bool:
        return view.viewport().grab().toImage().pixelColor(1, 40) == ring

    assert ringed()
    view.clearFocus()
    assert not ringed()


def test_a_click_on_a_head_asks_for_that_order_and_again_for_the_other(qtbot):
    view, _model = table_view(qtbot, people(3))
    told = heard(view.sort_asked)
    head = view.horizontalHeader()
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    view.show_sort("name", descending=False)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(230, 10))
    assert told == [("name", False), ("name", True)]
    assert head.accessibleName() == "Client, sorted, first to last"


def test_a_column_that_needs_room_is_shown_only_where_there_is_room(qtbot):
    model = PagedTable((*COLUMNS[:3], replace(COLUMNS[1], title="Officer", least=1000)))
    model.set_source(Shelf(people(2)))
    view = TableView(model, name="Clients")
    show(qtbot, view)
    assert view.isColumnHidden(3)
    view.resize(1200, 300)
    qtbot.waitUntil(lambda: not view.isColumnHidden(3))


def test_the_columns_fill_the_table_exactly(qtbot):
    view, _model = table_view(qtbot, people(2))
    assert sum(view.columnWidth(column) for column in range(4)) == view.viewport().width()


def test_scrolling_to_the_end_fetches_the_rest(qtbot):
    view, model = table_view(qtbot, people(450))

    def scrolled_to_the_end():
        view.scrollToBottom()
        return model.is_complete

    qtbot.waitUntil(scrolled_to_the_end)
    assert model.count_fetched == 450


def test_what_was_cut_is_told_whole_in_a_tooltip_that_is_no_markup(qtbot):
    long = Person("1", "<b>" + "Nguyễn " * 40)
    view, _model = list_view(qtbot, [Group(id="o", title="Overdue", rows=[long])])
    where = view.rect_of("1", "more").center()
    assert view.events.hits.tip(where) == "More"
    assert view.events.hits.tip(QPoint(200, where.y() - 8)) == long.name
    assert view.events.hits.tip(QPoint(20, where.y())) == ""


def test_the_header_above_the_current_row_is_seen_with_it_once_there_is_room(qtbot):
    view, model = list_view(qtbot, [Group(id="over", title="Overdue", rows=people(30), state=State.OVERDUE, count=30)])
    view.resize(820, 60)  # less than the header and a row, as before a page is laid out
    view.choose_first()
    assert view.visualRect(model.index(0, 0)).top() < 0
    view.resize(820, 400)
    assert view.visualRect(model.index(0, 0)).top() == 0


def test_who_scrolled_elsewhere_stays_there_when_the_list_grows(qtbot):
    view, _model = list_view(qtbot, [Group(id="over", title="Overdue", rows=people(30), state=State.OVERDUE, count=30)])
    view.choose_first()
    view.verticalScrollBar().setValue(500)
    view.resize(820, 500)
    assert view.verticalScrollBar().value() == 500
