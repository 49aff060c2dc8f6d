"""The program from first start to lock, with a real encrypted vault and quick keys."""

import stat

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.errors import PrintProblem, VaultInUse
from crisisdesk.paths import VaultPaths
from crisisdesk.ui import ask
from crisisdesk.ui.jobs import Jobs
from crisisdesk.ui.page import Page, PageEntry
from crisisdesk.ui.setup import SetupPage
from crisisdesk.ui.sheets import Sheet
from crisisdesk.ui.unlock import UnlockDoor, UnlockPage
from crisisdesk.ui.widgets.dialog import Dialog
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.recovery import RecoveryCode
from tests.stores import NOON
from tests.vault.fast import CODE, COST, FLOOR, OTHER_PASSPHRASE, PASSPHRASE

KEYS = Keys(cost=COST, practice_cost=COST, floor=FLOOR)


class Blank(Page):
    def __init__(self, context):
        super().__init__(context, "Today")


PAGES = (
    PageEntry(id="today", title="Today", icon="today", make=Blank),
    PageEntry(id="two", title="Two", icon="list", make=Blank),
)


@pytest.fixture
def start(qapp, qtbot):
    made = []

    def begin(place, *, practice=False):
        program = Program(qapp, place=place, clock=FixedClock(NOON), pages=PAGES, keys=KEYS)
        made.append(program)
        program.start(practice=practice)
        qtbot.waitExposed(program.window)
        QApplication.processEvents()
        return program

    yield begin
    for program in made:
        program.end()
        program.deleteLater()


def page(program):
    return program.window.centralWidget().currentWidget()


def unlock(program, qtbot, words):
    locked = page(program)
    locked.field.setText(words)
    QTest.keyClick(locked.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.desk is not None or bool(locked.problem))
    return locked


def set_up(program, qtbot):
    first = page(program)
    assert isinstance(first, SetupPage)
    words = " ".join(first.passphrase.words)
    first.passphrase.field.setText(words)
    first.go_on()
    first.sheet.field.setText(str(first._code).lower().replace("-", " "))
    first.go_on()
    for name, typed in (("clinician", "Dana Whitlock"), ("department", "Harlow Falls Police")):
        QTest.keyClicks(first.you.form.editor(name), typed)
    code = str(first._code)
    first.go_on()
    qtbot.waitUntil(lambda: program.desk is not None)
    return words, code


def test_the_first_start_makes_a_vault_that_opens_again(start, qtbot, tmp_path):
    place = VaultPaths(tmp_path / "vault")
    program = start(place)
    words, _code = set_up(program, qtbot)
    assert program.desk.practice.get().clinician == "Dana Whitlock"
    assert program.window.shell.current_id == "today"
    program.end()
    again = start(place)
    assert isinstance(page(again), UnlockPage)
    unlock(again, qtbot, words)
    assert again.desk.practice.get().department == "Harlow Falls Police"


def test_a_step_is_left_only_when_it_is_done(start, tmp_path):
    first = page(start(VaultPaths(tmp_path / "vault")))
    first.go_on()
    assert (first.step, first.next_button.isEnabled()) == (0, False)
    first.passphrase.field.setText(" ".join(first.passphrase.words))
    first.go_on()
    first.sheet.field.setText(str(RecoveryCode.random()))
    first.go_on()
    assert first.step == 1
    assert first.sheet.answer.text() == "This is the code of another sheet."
    first.sheet.field.setText(str(first._code))
    first.go_on()
    first.go_on()
    assert (first.step, first.next_button.isEnabled()) == (2, False)
    first.back()
    assert first.step == 1


def test_enter_goes_on_once_the_step_is_done_and_what_is_lacking_is_said(start, tmp_path):
    first = page(start(VaultPaths(tmp_path / "vault")))
    assert first.lacks.text() == "First type the six words."
    assert first.next_button.accessibleDescription() == "First type the six words."
    QTest.keyClick(first.passphrase.field, Qt.Key.Key_Return)
    assert first.step == 0
    first.passphrase.field.setText(" ".join(first.passphrase.words))
    assert (first.lacks.text(), first.next_button.accessibleDescription()) == ("", "")
    QTest.keyClick(first.passphrase.field, Qt.Key.Key_Return)
    assert (first.step, first.lacks.text()) == (1, "First type the code.")
    first.sheet.field.setText(str(first._code))
    QTest.keyClick(first.sheet.field, Qt.Key.Key_Enter)
    assert (first.step, first.lacks.text()) == (2, "First your name.")
    QTest.keyClicks(first.you.form.editor("clinician"), "Dana Whitlock")
    assert first.lacks.text() == "First your department."
    QTest.keyClick(first.you.form.editor("clinician"), Qt.Key.Key_Return)
    assert not first.is_busy


def test_a_vault_whose_file_is_gone_is_said_before_the_passphrase_is_typed(start, vault_paths, qtbot):
    vault_paths.database.unlink()
    locked = page(start(vault_paths))
    qtbot.waitUntil(lambda: locked.problem.startswith("The vault's file is gone, though its keys are here."))


def test_the_practised_words_are_judged_while_she_types(start, tmp_path):
    step = page(start(VaultPaths(tmp_path / "vault"))).passphrase
    words = step.words

    def said(typed):
        step.field.setText(typed)
        return step.answer.text()

    assert said("") == ""
    assert said(words[0][:2]) == "0 of 6 are right so far."
    assert said(f"{words[0]} ") == "1 of 6 are right so far."
    assert said(f"{words[0]} {words[1]} qqq") == f"Word 3 is “{words[2]}”. 2 of 6 are right so far."
    assert said(" ".join(words)) == "All six are right."
    assert said(" ".join(words) + " more") == "There are only six words."
    step.others.click()
    assert step.words != words
    assert not step.is_ready


def test_a_passphrase_of_her_own_is_judged_in_words_and_typed_twice(start, tmp_path, qtbot):
    step = page(start(VaultPaths(tmp_path / "vault"))).passphrase
    step.own_link.click()
    step.field.setText("short")
    qtbot.waitUntil(lambda: "15 characters" in step.answer.text())
    assert not step.is_ready
    step.field.setText(OTHER_PASSPHRASE)
    qtbot.waitUntil(lambda: "guess" in step.answer.text())
    assert not step.is_ready, "it was typed once"
    step.again.setText("something else")
    qtbot.waitUntil(lambda: step.answer.text() == "The two are not the same.")
    step.again.setText(OTHER_PASSPHRASE)
    qtbot.waitUntil(lambda: step.is_ready)
    assert step.passphrase() == OTHER_PASSPHRASE


def test_the_sheet_can_be_saved_and_a_printer_that_fails_is_said(start, tmp_path, answers):
    first = page(start(VaultPaths(tmp_path / "vault")))
    file = tmp_path / "sheet.pdf"
    answers.file(file)
    first.sheet.save_button.click()
    assert file.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    answers.file(tmp_path / "missing" / "sheet.pdf")
    answers.confirm(True)
    first.sheet.save_button.click()
    taken = tmp_path / "taken"
    (taken / "inside").mkdir(parents=True)
    answers.file(taken)  # can't be replaced, as on a full disk
    answers.confirm(True)
    first.sheet.save_button.click()
    assert not list(tmp_path.glob(".*.part"))

    printed = tmp_path / "printed.pdf"
    answers.printer(printed)
    first.sheet.print_button.click()
    assert first.sheet.printed.text().startswith("The sheet was written to a file.")
    assert stat.S_IMODE(printed.stat().st_mode) == 0o600

    def refuse(_sheet):
        raise PrintProblem("The printer did not take the pages.")

    first.sheet._print_sheet = refuse
    answers.confirm(True)
    first.sheet.print_button.click()
    assert answers.seen[-1] == "The sheet was not printed"


def test_a_wrong_passphrase_is_said_and_what_was_typed_can_be_typed_over(start, vault_paths, qtbot):
    program = start(vault_paths)
    locked = unlock(program, qtbot, "not the passphrase")
    assert locked.problem == "Wrong passphrase."
    assert (locked.field.selectedText(), locked.is_busy) == ("not the passphrase", False)
    QTest.keyClicks(locked.field, "x")
    assert locked.problem == ""
    unlock(program, qtbot, PASSPHRASE)
    assert program.desk is not None


def test_the_window_does_not_freeze_while_the_key_is_derived(start, vault_paths, qtbot):
    program = start(vault_paths)
    locked = page(program)
    locked.field.setText(PASSPHRASE)
    locked.unlock()
    assert locked.is_busy
    assert (locked.unlock_button.text(), locked.unlock_button.isEnabled()) == ("Unlocking…", False)
    qtbot.waitUntil(lambda: program.desk is not None)


def test_a_vault_that_is_open_elsewhere_says_so(start, store, vault_paths, qtbot):
    del store
    program = start(vault_paths)
    qtbot.waitUntil(lambda: "open" in page(program).problem)  # before she types anything
    locked = unlock(program, qtbot, PASSPHRASE)
    assert "open" in locked.problem
    assert program.desk is None


def test_a_damaged_vault_says_so_and_nothing_is_changed(start, vault_paths, qtbot):
    whole = bytearray(vault_paths.database.read_bytes())
    whole[100:200] = bytes(100)  # in the first page, which holds the list of tables
    vault_paths.database.write_bytes(whole)
    program = start(vault_paths)
    locked = unlock(program, qtbot, PASSPHRASE)
    assert locked.problem
    assert program.desk is None
    assert vault_paths.database.read_bytes() == whole


def test_a_vault_that_has_gone_says_so(start, vault_paths, qtbot):
    program = start(vault_paths)
    for file in (vault_paths.keys, vault_paths.keys_twin):
        file.unlink()
    locked = unlock(program, qtbot, PASSPHRASE)
    assert locked.problem
    assert program.desk is None


def test_the_recovery_sheet_lets_her_in_and_asks_for_a_new_passphrase_and_sheet(start, vault_paths, qtbot):
    program = start(vault_paths)
    locked = page(program)
    locked.recovery_link.click()
    locked.field.setText("00000")
    locked.unlock()
    qtbot.waitUntil(lambda: bool(locked.problem))
    assert "30 letters and digits" in locked.problem
    locked.field.setText(str(CODE))
    locked.unlock()
    qtbot.waitUntil(lambda: isinstance(page(program), SetupPage))
    renewal = page(program)
    words = " ".join(renewal.passphrase.words)
    renewal.passphrase.field.setText(words)
    renewal.go_on()
    renewal.sheet.field.setText(str(renewal._code))
    renewal.go_on()
    qtbot.waitUntil(lambda: program.desk is not None)
    program.end()
    again = start(vault_paths)
    assert unlock(again, qtbot, PASSPHRASE).problem
    unlock(again, qtbot, words)
    assert again.desk is not None


def test_locking_closes_the_vault_and_unlocking_comes_back_to_the_same_place(start, vault_paths, qtbot):
    program = start(vault_paths)
    unlock(program, qtbot, PASSPHRASE)
    program.window.shell.go("two")
    program.desk.unsaved.keep("note", "", {"body": "She said"})
    QTest.keyClick(program.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: program.desk is None)
    assert isinstance(page(program), UnlockPage)
    assert page(program).since.text() == "Since 12:00"
    said = [label.text() for label in page(program).findChildren(QLabel)]
    assert "What you were writing is kept. You’ll be back in it." in said
    unlock(program, qtbot, PASSPHRASE)
    assert program.window.shell.current_id == "two"


def test_nothing_of_the_vault_is_on_the_locked_window(start, vault_paths, qtbot):
    program = start(vault_paths)
    unlock(program, qtbot, PASSPHRASE)
    program.lock()
    qtbot.waitUntil(lambda: isinstance(page(program), UnlockPage))
    QApplication.processEvents()
    assert program.window.findChildren(Page) == []
    assert all(not field.text() for field in program.window.findChildren(QLineEdit))


@pytest.fixture
def real_door(answers):
    """Let dialogs open and wait, as they do for her."""
    del answers  # puts the door of before back
    ask.use(ask.QtDoor())


def press(key, more=Qt.KeyboardModifier.NoModifier):
    """Press Ctrl and a key in the dialog that is in front, once it is there."""

    def now():
        dialog = QApplication.activeModalWidget()
        if dialog is None or not dialog.isActiveWindow():
            QTimer.singleShot(5, now)
            return
        QTest.keyClick(dialog, key, Qt.KeyboardModifier.ControlModifier | more)

    QTimer.singleShot(0, now)


@pytest.mark.usefixtures("real_door")
def test_ctrl_l_locks_with_a_dialog_open(start, vault_paths, qtbot):
    program = start(vault_paths)
    unlock(program, qtbot, PASSPHRASE)
    press(Qt.Key.Key_L)
    assert ask.text(program.window, "Drop this step?", "Why", act="Drop it") is None
    qtbot.waitUntil(lambda: program.desk is None)
    assert isinstance(page(program), UnlockPage)
    assert QApplication.activeModalWidget() is None


@pytest.mark.usefixtures("real_door")
def test_locking_leaves_dialogs_over_dialogs_and_waits_for_whoever_asked(start, vault_paths, qtbot):
    program = start(vault_paths)
    unlock(program, qtbot, PASSPHRASE)
    was_open = []

    class Outer(Dialog):
        def ask(self):
            QTimer.singleShot(0, program.lock)
            ask.confirm(self, "Really?", "", act="Do it")
            was_open.append(program.desk is not None)

    outer = Outer(program.window, "First?")
    QTimer.singleShot(0, outer, outer.ask)
    assert not ask.run(outer)
    assert program.desk is not None
    qtbot.waitUntil(lambda: program.desk is None)
    assert was_open == [True]
    assert isinstance(page(program), UnlockPage)


@pytest.mark.usefixtures("real_door")
def test_ctrl_q_closes_with_a_dialog_open(start, vault_paths, qtbot):
    program = start(vault_paths)
    unlock(program, qtbot, PASSPHRASE)
    press(Qt.Key.Key_Q)
    assert not ask.confirm(program.window, "Really?", "", act="Do it", danger=True)
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert program.desk is None


@pytest.mark.usefixtures("real_door")
def test_the_window_is_covered_with_a_dialog_open_which_is_there_again_after_a_key(start, vault_paths, qtbot):
    program = start(vault_paths)
    unlock(program, qtbot, PASSPHRASE)
    press(Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    seen = []

    def look():
        if not program.window.is_covered:
            QTimer.singleShot(5, look)
            return
        (dialog,) = Dialog.waiting()
        assert isinstance(dialog, ask.TextQuestion)
        (sheet,) = dialog.findChildren(Sheet)
        seen.append(sheet.size() == dialog.size())
        QTest.keyClick(sheet, Qt.Key.Key_Space)
        seen.append(program.window.is_covered)
        dialog.line.setText("Moved away")
        dialog.accept()

    QTimer.singleShot(0, look)
    assert ask.text(program.window, "Drop this step?", "Why", act="Drop it") == "Moved away"
    assert seen == [True, False]


def test_another_folder_without_a_vault_is_said(start, vault_paths, tmp_path, answers):
    program = start(vault_paths)
    answers.file(tmp_path / "empty")
    page(program).other_link.click()
    assert page(program).problem == "There is no vault in that folder."


def test_the_practice_desk_opens_without_a_passphrase_and_is_thrown_away(start, tmp_path, qtbot):
    program = start(VaultPaths(tmp_path / "vault"), practice=True)
    assert program.desk.practice.get().is_practice_desk
    assert not (tmp_path / "vault").exists()
    program.window.shell.top.leave_practice.click()
    qtbot.waitUntil(lambda: isinstance(page(program), SetupPage))
    assert program.desk is None


def test_a_key_that_opens_nothing_is_wiped(qtbot):
    key, jobs = MasterKey.random(), Jobs()

    def refuse(_key):
        raise VaultInUse("The vault is open already.")

    door = UnlockDoor(
        unlock=lambda _words: key, unlock_with_recovery=lambda _code: key, enter=refuse, enter_anew=print, other=print
    )
    locked = UnlockPage(door, jobs)
    qtbot.addWidget(locked)
    locked.field.setText("anything")
    locked.unlock()
    qtbot.waitUntil(lambda: not locked.is_busy)
    assert (locked.problem, key.is_wiped) == ("The vault is open already.", True)
    jobs.close()


def test_caps_lock_is_said(start, vault_paths):
    locked = page(start(vault_paths))

    def press(text, modifiers=Qt.KeyboardModifier.NoModifier):
        key = Qt.Key(ord(text.upper()))
        QApplication.sendEvent(locked.field, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))

    press("A")
    assert locked.caps.isVisible()
    press("a")
    assert not locked.caps.isVisible()
    press("A", Qt.KeyboardModifier.ShiftModifier)
    assert not locked.caps.isVisible()
    press("a", Qt.KeyboardModifier.ShiftModifier)
    assert locked.caps.isVisible()


def test_the_passphrase_is_hidden_until_the_eye_is_pressed_and_again_when_the_field_is_left(start, vault_paths):
    field = page(start(vault_paths)).field
    assert field.echoMode() is QLineEdit.EchoMode.Password
    field.eye.click()
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    field.setFocus()
    page_button = field.window().findChildren(type(field.eye))
    assert page_button
    field.clearFocus()
    assert field.echoMode() is QLineEdit.EchoMode.Password


def test_a_bug_is_told_with_a_code_and_no_content(start, vault_paths, answers):
    program = start(vault_paths)
    answers.confirm(True)
    program.sorry("builtins.ValueError crisisdesk/desk/notes.py:112 sign")
    assert answers.seen == ["Something went wrong inside CrisisDesk"]
