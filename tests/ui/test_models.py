from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt

from crisisdesk.ui.tables import PAGE, Group, GroupedRows, Header, PagedTable
from crisisdesk.ui.tokens import State
from tests.ui.rows import COLUMNS, Person, Shelf, Touched, people


def paged(rows, tables=("client",)):
    model = PagedTable(COLUMNS, tables)
    shelf = Shelf(rows)
    model.set_source(shelf)
    return model, shelf


def test_a_paged_table_keeps_the_rules_of_qt_models(qtmodeltester):
    model, _shelf = paged(people(PAGE + 40))
    qtmodeltester.check(model)
    model.fetchMore()
    qtmodeltester.check(model)


def test_a_grouped_list_keeps_the_rules_of_qt_models(qtmodeltester):
    model = GroupedRows(COLUMNS)
    model.set_groups([Group(id="a", title="Overdue", rows=people(3)), Group(id="b", title="Today", rows=people(3, 5))])
    qtmodeltester.check(model)
    model.set_groups([Group(id="b", title="Today", rows=people(4, 4))])
    qtmodeltester.check(model)


def test_rows_come_a_page_at_a_time_by_key():
    model, shelf = paged(people(2 * PAGE + 10))
    assert (model.count_fetched, model.is_complete) == (PAGE, False)
    while model.canFetchMore():
        model.fetchMore()
    assert (model.count_fetched, model.is_complete) == (2 * PAGE + 10, True)
    after = [asked[1] for asked in shelf.asked]
    assert after == [None, (f"p{PAGE - 1:05}",), (f"p{2 * PAGE - 1:05}",)]


def test_a_change_of_another_table_reads_nothing():
    model, shelf = paged(people(3))
    shelf.asked.clear()
    assert not model.refresh(Touched("service"))
    assert shelf.asked == []


def test_a_refresh_is_one_query_whatever_is_shown():
    model, shelf = paged(people(3 * PAGE))
    model.fetchMore()
    shelf.asked.clear()
    model.refresh(Touched("client"))
    assert shelf.asked == [("page", None, 2 * PAGE)]


def test_a_refresh_of_very_many_rows_reads_just_those():
    model, shelf = paged(people(8 * PAGE))
    while model.count_fetched < 6 * PAGE:
        model.fetchMore()
    shelf.rename(7, "New Name")
    shelf.asked.clear()
    model.refresh(Touched("client"))
    assert shelf.asked == [("rows", 6 * PAGE)]
    assert model.row("p00007").name == "New Name"


def test_a_row_keeps_its_index_by_id_when_rows_come_and_go_around_it():
    model, shelf = paged(people(10))
    kept = QPersistentModelIndex(model.index(5, 0))
    shelf.all = [Person("new", "New Person"), *shelf.all[2:]]
    model.refresh(Touched("client"))
    assert model.id_at(kept.row()) == "p00005"


def test_a_row_keeps_its_index_by_id_when_the_order_changes():
    model, shelf = paged(people(10))
    kept = QPersistentModelIndex(model.index(5, 2))
    shelf.all.reverse()
    model.refresh(Touched("client"))
    assert (model.id_at(kept.row()), kept.column()) == ("p00005", 2)


def test_only_the_rows_that_changed_are_said_to_have_changed():
    model, shelf = paged(people(10))
    said = []
    model.dataChanged.connect(lambda top, _bottom: said.append(top.row()))
    shelf.rename(4, "Other")
    model.refresh(Touched("client"))
    assert said == [4]


@settings(max_examples=150)
@given(
    st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 30), unique=True), st.sets(st.integers(0, 30))
)
def test_whatever_changes_the_model_shows_exactly_the_new_rows_and_no_index_strays(before, after, renamed):
    model = GroupedRows(COLUMNS)
    old = [Person(str(number), f"N{number}") for number in before]
    model.set_rows(old)
    kept = {row.id: QPersistentModelIndex(model.index(place, 0)) for place, row in enumerate(old)}
    new = [Person(str(number), f"N{number}{'x' if number in renamed else ''}") for number in after]
    model.set_rows(new)
    assert list(model.rows) == new
    for row_id, index in kept.items():
        assert not index.isValid() or model.id_at(index.row()) == row_id


def test_two_rows_with_one_id_are_refused():
    model = GroupedRows()
    model.set_rows(people(2))
    with pytest.raises(ValueError, match="one id"):
        model.set_rows([Person("same", "A"), Person("same", "B")])


def test_headers_can_be_read_but_not_chosen():
    model = GroupedRows(COLUMNS)
    model.set_groups(
        [Group(id="o", title="Overdue", rows=people(1), state=State.OVERDUE, count=1, note="since Monday")]
    )
    header = model.index(0, 0)
    assert isinstance(model.rows[0], Header)
    assert not model.flags(header) & Qt.ItemFlag.ItemIsSelectable
    assert model.data(header, Qt.ItemDataRole.AccessibleTextRole) == "Overdue 1 since Monday"


def test_a_group_without_rows_is_left_out():
    model = GroupedRows()
    model.set_groups([Group(id="o", title="Overdue", rows=[]), Group(id="t", title="Today", rows=people(1))])
    assert [getattr(row, "title", row.id) for row in model.rows] == ["Today", "p00000"]


def test_a_cell_says_its_column_and_both_its_lines():
    model, _shelf = paged([replace(people(1)[0], flag="Visit in pairs")])
    said = [model.data(model.index(0, column), Qt.ItemDataRole.AccessibleTextRole) for column in range(3)]
    assert said == ["Client: Person 00000, 44", "Flag: Visit in pairs", "Next step: call"]


def test_what_is_shown_is_plain_text_whatever_it_holds():
    model, _shelf = paged([Person("1", "<b>O'Neil & Łukasz</b> =cmd()")])
    assert model.data(model.index(0, 0)) == "<b>O'Neil & Łukasz</b> =cmd()"
