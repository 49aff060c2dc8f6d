import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit

from crisisdesk.ui import ask
from crisisdesk.ui.ask import Question, TextQuestion
from crisisdesk.ui.widgets.dialog import Dialog


def test_a_dialog_that_no_test_expected_fails_the_test():
    with pytest.raises(pytest.fail.Exception, match="did not expect"):
        ask.confirm(None, "Set aside the note?", "It stays in the record.", act="Set aside")


def test_answers_are_taken_in_order(answers, tmp_path):
    answers.confirm(True)
    answers.confirm(False)
    answers.text(" Dana ")
    answers.text(None)
    answers.file(tmp_path)
    assert ask.confirm(None, "One?", "", act="Do it")
    assert not ask.confirm(None, "Two?", "", act="Do it")
    assert ask.text(None, "Who?", "Name", act="Keep") == "Dana"
    assert ask.text(None, "Who?", "Name", act="Keep") is None
    assert ask.folder(None, "Where?") == tmp_path
    assert answers.seen == ["One?", "Two?", "Who?", "Who?", "Where?"]


def shown(qtbot, dialog):
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    return dialog


class Purge(Dialog):
    """Asks for a reason first."""

    reason: QLineEdit


@pytest.fixture
def purge(qtbot):
    dialog = Purge(None, "Purge her record?", "It can't be undone.")
    dialog.reason = QLineEdit()
    dialog.add(dialog.reason)
    dialog.set_acts(act="Purge", keep="Keep it", danger=True)
    return shown(qtbot, dialog)


def test_enter_never_does_what_cannot_be_undone(purge):
    purge.reason.setFocus()
    QTest.keyClick(purge, Qt.Key.Key_Return)
    assert purge.isVisible(), "a reason half typed is not thrown away either"
    assert purge.act_button.look == "danger"
    assert not purge.act_button.isDefault()


def test_the_button_that_keeps_things_has_the_focus_first_and_takes_enter(purge, qtbot):
    qtbot.waitUntil(lambda: purge.focusWidget() is not None)
    assert purge.focusWidget().text() == "Keep it"
    QTest.keyClick(purge, Qt.Key.Key_Return)
    assert (purge.isVisible(), purge.result()) == (False, QDialog.DialogCode.Rejected)


def test_enter_on_the_act_itself_does_it(purge):
    purge.act_button.setFocus()
    QTest.keyClick(purge, Qt.Key.Key_Return)
    assert purge.result() == QDialog.DialogCode.Accepted


def test_enter_does_the_act_of_a_harmless_question(qtbot):
    question = shown(qtbot, Question(None, "Send it?", "", act="Send", keep="Cancel", danger=False))
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert question.result() == QDialog.DialogCode.Accepted


def test_escape_keeps_things_as_they_are(qtbot):
    question = shown(qtbot, Question(None, "Send it?", "", act="Send", keep="Cancel", danger=False))
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert question.result() == QDialog.DialogCode.Rejected


def test_no_name_stands_in_the_title_that_the_system_shows(qtbot):
    question = Question(None, "Set aside Maria’s note of Nov 19?", "", act="Set aside", keep="Keep it", danger=False)
    qtbot.addWidget(question)
    assert question.windowTitle() == "CrisisDesk"
    assert question.accessibleName() == "Set aside Maria’s note of Nov 19?"


def test_a_text_must_be_typed_before_it_is_taken(qtbot):
    question = TextQuestion(None, "Why?", "Reason", act="Set aside")
    qtbot.addWidget(question)
    assert question.act_button
    assert not question.act_button.isEnabled()
    question.line.setText("Written twice")
    assert question.act_button.isEnabled()


def test_a_dialog_may_refuse_what_was_typed(answers):
    class Refusing(Dialog):
        def check(self):
            return False

    dialog = Refusing(None, "Move the date")
    dialog.set_acts(act="Move it", keep="Keep it")
    answers.run(lambda _dialog: True)
    assert not ask.run(dialog)


def test_markup_in_a_question_is_shown_as_typed(qtbot):
    question = Question(None, "<b>O'Neil</b>?", "<img src=x>", act="Go", keep="Stay", danger=False)
    qtbot.addWidget(question)
    assert {label.textFormat() for label in question.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
