import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from crisisdesk.clock import FixedClock
from crisisdesk.records.choice import NOT_KNOWN
from crisisdesk.records.choices import Need, Sex, Urgency
from crisisdesk.ui.forms import (
    CheckEditor,
    ChipsEditor,
    ChoiceEditor,
    DateEditor,
    Form,
    LineEditor,
    NumberEditor,
    PhoneEditor,
    SegmentsEditor,
    TextEditor,
    TimeEditor,
)

CLOCK = FixedClock(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
HOSTILE = [
    "O'Neil",
    "Nguyễn",
    "Łukasz",
    "=cmd()",
    "<b>bold</b>",
    "x" * 200,
    "?",
    "a & b",
    "a\tb",
    "\U0001d518\U0001d52b",
]


class Held(Form):
    """A form that remembers its drafts and the page it stands on."""

    kept: list[dict[str, Any]]
    held: QWidget


@pytest.fixture
def form(qtbot):
    kept: list[dict[str, Any]] = []
    made = Held(on_draft=kept.append)
    made.kept = kept
    made.add("name", "&Name", LineEditor(), hint="as she says it")
    made.add("born_on", "&Born", DateEditor(CLOCK, is_past=True))
    made.section("Contact", folded=True)
    made.add("phone", "&Phone", PhoneEditor())
    made.add("sex", "Se&x", ChoiceEditor(Sex))
    made.add("needs", "Needs", ChipsEditor(Need, numbered=True), wide=True)
    made.add("soon", "How soon", SegmentsEditor(Urgency))
    made.add("at", "At", TimeEditor())
    made.add("age", "Age", NumberEditor(most=120))
    made.add("agreed", "Agreed", CheckEditor("She agreed"), labelled=False)
    made.add("story", "What happened", TextEditor(), wide=True)
    page = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(made.saved_mark)
    column.addWidget(made, 1)
    qtbot.addWidget(page)
    page.resize(820, 760)
    page.show()
    made.resize(800, 700)
    qtbot.waitExposed(page)
    page.activateWindow()
    made.held = page
    return made


VALUES = {
    "name": "Maria Delgado",
    "born_on": date(1982, 3, 14),
    "phone": "555-0142",
    "sex": Sex.FEMALE,
    "needs": tuple(list(Need)[:2]),
    "soon": next(iter(Urgency)),
    "at": time(14, 5),
    "age": 44,
    "agreed": True,
    "story": "Locked herself in.\nCame out when Elena arrived.",
}


def test_values_go_in_and_come_out_the_same(form):
    form.set_values(VALUES)
    assert form.values() == VALUES
    assert not form.is_changed


def test_an_empty_form_has_each_kinds_empty_value(form):
    empty: dict[str, Any] = {
        "name": "",
        "phone": "",
        "story": "",
        "born_on": None,
        "sex": None,
        "needs": (),
        "soon": None,
    }
    empty |= {"at": None, "age": None, "agreed": False}
    assert form.values() == empty


def test_a_draft_is_json_and_fills_the_form_again(form):
    form.set_values(VALUES)
    draft = json.loads(json.dumps(form.draft_values()))
    form.set_values(dict.fromkeys(VALUES, ""))
    form.set_values(draft)
    assert form.values() == VALUES


def test_a_draft_keeps_even_what_could_not_be_understood(form):
    form.editor("born_on").setText("the week of the flood")
    draft = form.draft_values()
    form.set_values({"born_on": None})
    form.set_values(draft)
    assert form.editor("born_on").text() == "the week of the flood"
    assert form.editor("born_on").is_unread


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_as_typed(form, text):
    form.editor("name").setText(text)
    assert form.values()["name"] == text
    form.set_values(form.draft_values())
    assert form.values()["name"] == text


def type_into(form, name, text):
    form.editor(name).setFocus()
    QTest.keyClicks(form.editor(name), text)


def test_a_draft_is_kept_two_seconds_after_the_last_key_and_once(form, qtbot):
    type_into(form, "name", "Mar")
    assert form.kept == []
    form._timer.setInterval(1)
    type_into(form, "name", "ia")
    qtbot.waitUntil(lambda: bool(form.kept))
    assert [kept["name"] for kept in form.kept] == ["Maria"]
    assert (form.saved_mark.text(), form.saved_mark.isVisible()) == ("Draft saved", True)
    form.flush_draft()
    assert len(form.kept) == 1


def test_leaving_at_once_keeps_the_last_words(form):
    type_into(form, "name", "Mari")
    form.flush_draft()
    assert form.kept[-1]["name"] == "Mari"


def test_what_is_kept_as_a_draft_is_json(form):
    form.set_values(VALUES)
    type_into(form, "name", "!")
    form.flush_draft()
    assert json.loads(json.dumps(form.kept[-1]))["born_on"] == "1982-03-14"


def test_problems_stand_beside_their_fields_and_the_first_has_the_focus(form):
    form.show_problems({"phone": "This has too few digits.", "name": "Please type a name."})
    assert form.problems() == {"name": "Please type a name.", "phone": "This has too few digits."}
    assert form.focusWidget() is form.editor("name")
    assert form.editor("phone").accessibleDescription() == "This has too few digits."
    assert form.editor("phone").isVisible(), "the folded section has opened"


def test_a_problem_goes_when_the_field_is_changed_and_the_hint_comes_back(form):
    form.show_problems({"name": "Please type a name."})
    type_into(form, "name", "M")
    assert form.problems() == {}
    assert form.editor("name").accessibleDescription() == "as she says it"


def test_a_problem_without_a_field_is_not_swallowed(form):
    form.show_problems({"nowhere": "Something else is wrong."})
    assert form.problems() == {"name": "Something else is wrong."}


def test_every_field_has_a_name_for_a_screen_reader_and_a_label_with_a_buddy(form):
    for name in form.names:
        box = form.box(name)
        assert box.editor.accessibleName()
        assert "&" not in box.editor.accessibleName()
        assert box.label.buddy() is box.editor


def test_mnemonics_are_unique_in_a_form(form):
    letters = [form.box(name).label.text().partition("&")[2][:1].lower() for name in form.names]
    used = [letter for letter in letters if letter]
    assert len(used) == len(set(used))


def test_a_folded_section_says_how_much_is_filled_in(form):
    form.set_values(VALUES)
    counts = [label.text() for label in form.findChildren(QLabel) if "filled in" in label.text()]
    assert "8 of 8 filled in" in counts
    assert not form.editor("phone").isVisible()


def column_of(form, name):
    return form.box(name).x()


def test_two_columns_above_640_pixels_and_one_below(form, qtbot):
    assert column_of(form, "born_on") > column_of(form, "name")
    form.window().resize(600, 900)
    qtbot.waitUntil(lambda: column_of(form, "born_on") == column_of(form, "name"))


def test_tab_walks_the_fields_in_order(form, qtbot):
    form.editor("name").setFocus()
    qtbot.waitUntil(form.editor("name").hasFocus)
    QTest.keyClick(form.editor("name"), Qt.Key.Key_Tab)
    assert form.focusWidget() is form.editor("born_on")


def test_two_fields_of_one_name_are_refused(form):
    with pytest.raises(ValueError, match="two fields"):
        form.add("name", "Name", LineEditor())


def test_a_list_about_a_person_ends_with_the_ways_of_not_knowing(qtbot):
    editor = ChoiceEditor(Sex)
    qtbot.addWidget(editor)
    codes = [editor.itemData(place) for place in range(editor.count())]
    assert set(codes[-3:]) == NOT_KNOWN
    assert codes[-4] is None, "a line sets them apart"


def test_the_wheel_never_changes_a_choice_by_accident(qtbot):
    editor = ChoiceEditor(Sex)
    qtbot.addWidget(editor)
    editor.set_value(Sex.FEMALE)
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 0),
        QPoint(0, -240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor, wheel)
    assert editor.value() is Sex.FEMALE


def test_a_date_is_shown_as_it_was_understood_once_the_field_is_left(qtbot):
    editor = DateEditor(CLOCK)
    qtbot.addWidget(editor)
    editor.setText("in 3 weeks")
    editor.settle()
    assert editor.text() == "Tuesday, December 15"
    assert editor.value() == date(2026, 12, 15)


def test_a_date_that_cannot_be_read_stays_as_typed(qtbot):
    editor = DateEditor(CLOCK)
    qtbot.addWidget(editor)
    editor.setText("some day")
    editor.settle()
    assert (editor.text(), editor.value(), editor.is_unread) == ("some day", None, True)


def test_the_order_of_chips_is_kept_and_shown(qtbot):
    editor = ChipsEditor(Need, numbered=True)
    qtbot.addWidget(editor)
    first, second = list(Need)[:2]
    editor.chip(second.value).click()
    editor.chip(first.value).click()
    assert editor.value() == (second, first)
    assert editor.chip(first.value).accessibleName().endswith("2")


def test_a_number_that_is_none_is_no_value_and_stays_as_typed(qtbot):
    editor = NumberEditor(least=1, most=120)
    qtbot.addWidget(editor)
    for typed, value in (
        ("44", 44),
        ("0", None),
        ("121", None),
        ("forty", None),
        ("9" * 400, None),
        ("4.5", None),
        ("", None),
    ):
        editor.setText(typed)
        assert (editor.value(), editor.text()) == (value, typed)


def test_enter_in_a_choice_of_chips_is_not_the_forms(qtbot):
    editor = ChipsEditor([("a", "One"), ("b", "Two")], many=False)
    qtbot.addWidget(editor)
    editor.show()
    editor.chip("a").click()
    editor.chip("b").click()
    assert editor.value() == "b"
