"""The dialogs for files where Qt draws them: no system's dialog is there, as on a bare X server."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QMessageBox, QStyle, QWidget

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.ui import ask, style
from crisisdesk.ui.unlock import UnlockPage
from tests.stores import NOON
from tests.vault.fast import COST, FLOOR, PASSPHRASE

OURS = tuple(f"{kind} {number}" for number in (1, 2) for kind in ("save", "folder", "open", "made by Qt"))


def test_the_program_outlives_each_dialog_for_files_opened_twice_before_and_after_unlocking(store, vault_paths):
    store.close()
    command = (sys.executable, "-m", "tests.ui.file_dialogs_child", str(vault_paths.folder))
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, tuple(done.stdout.splitlines())) == (0, (*OURS, *OURS, "done")), done.stderr
    assert "Error" not in done.stderr, "nor is anything wrong painted"


def test_what_goes_wrong_in_the_style_is_logged_and_painted_by_fusion(qtbot, monkeypatch, caplog):
    window = QWidget()
    qtbot.addWidget(window)
    box = QCheckBox("Safe to mail", window)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    box.setFocus()

    def fail(*_given):
        raise RuntimeError("Internal C++ object already deleted.")

    for name in ("paint_ring", "paint_check", "px"):
        monkeypatch.setattr(style, name, fail)
    window.grab()
    assert QApplication.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth) > 0
    logged = {record.getMessage().split(" < ")[0].split(" ")[0] for record in caplog.records}
    assert logged == {"builtins.RuntimeError"}
    assert len(caplog.records) >= 3


@pytest.fixture
def program(qapp, qtbot, answers, store, vault_paths):
    del answers  # the real door stands in its place
    store.close()
    made = Program(qapp, place=vault_paths, clock=FixedClock(NOON), keys=Keys(COST, COST, FLOOR))
    before = ask.use(ask.QtDoor())
    made.start()
    qtbot.waitExposed(made.window)
    (page,) = made.window.findChildren(UnlockPage)
    page.field.setText(PASSPHRASE)
    page.unlock()
    qtbot.waitUntil(lambda: made.desk is not None)
    yield made
    made.end()
    made.deleteLater()
    ask.use(before)


def press_over(kind, key, before=lambda _dialog: None):
    """Press Ctrl and a key over the next dialog of a kind, once it is in front."""

    def now():
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, kind) or not dialog.isActiveWindow():
            QTimer.singleShot(5, now)
            return
        before(dialog)
        QTest.keyClick(QApplication.focusWidget() or dialog, key, Qt.KeyboardModifier.ControlModifier)

    QTimer.singleShot(0, now)


OPENED = {
    "folder": lambda window: ask.folder(window, "Choose the USB drive"),
    "open": lambda window: ask.open_file(window, "Choose the list", [("Lists", "*.csv")]),
    "save": lambda window: ask.save_file(window, "Save the sheet", "sheet.pdf", [("PDF", "*.pdf")]),
}


@pytest.mark.parametrize("door", OPENED)
def test_ctrl_l_locks_over_a_dialog_for_files(program, qtbot, door):
    press_over(QFileDialog, Qt.Key.Key_L)
    assert OPENED[door](program.window) is None
    qtbot.waitUntil(lambda: program.desk is None)
    assert QApplication.activeModalWidget() is None


def test_ctrl_q_closes_over_a_dialog_for_files(program, qtbot):
    press_over(QFileDialog, Qt.Key.Key_Q)
    assert OPENED["folder"](program.window) is None
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert program.desk is None


def test_ctrl_l_locks_over_the_question_that_a_dialog_for_files_asks(program, qtbot, tmp_path):
    old = tmp_path / "sheet.pdf"
    old.write_bytes(b"old")
    press_over(QMessageBox, Qt.Key.Key_L)
    QTimer.singleShot(0, lambda: choose(old))
    assert OPENED["save"](program.window) is None
    qtbot.waitUntil(lambda: program.desk is None)
    assert old.read_bytes() == b"old"


def choose(file):
    dialog = QApplication.activeModalWidget()
    if not isinstance(dialog, QFileDialog):
        QTimer.singleShot(5, lambda: choose(file))
        return
    dialog.selectFile(str(file))
    QTimer.singleShot(0, dialog.accept)


def test_a_dialog_for_files_gives_what_was_chosen(program, tmp_path):
    (tmp_path / "list.csv").write_text("name\n")
    QTimer.singleShot(0, lambda: choose(tmp_path / "list.csv"))
    assert OPENED["open"](program.window) == tmp_path / "list.csv"
    QTimer.singleShot(0, lambda: choose(tmp_path / "new.pdf"))
    assert OPENED["save"](program.window) == tmp_path / "new.pdf"
    (tmp_path / "stick").mkdir()
    QTimer.singleShot(0, lambda: choose(tmp_path / "stick"))
    assert OPENED["folder"](program.window) == tmp_path / "stick"


@pytest.mark.parametrize("has_documents", [True, False])
def test_a_dialog_for_files_begins_in_documents_and_not_where_the_program_was_started(
    qtbot, answers, tmp_path, monkeypatch, has_documents
):
    del answers  # the real door is asked
    documents = tmp_path / "Documents"
    if has_documents:
        documents.mkdir()
    places = {QStandardPaths.StandardLocation.DocumentsLocation: documents}
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda place: str(places.get(place, tmp_path)))
    window = QWidget()
    qtbot.addWidget(window)
    began = []

    class Look(ask.QtDoor):
        def run(self, dialog):
            QFileDialog(window, "Made by Qt alone", str(tmp_path.parent))  # Qt would begin there the next time
            began.append((dialog.directory().absolutePath(), [Path(file).name for file in dialog.selectedFiles()]))
            return False

    door = Look()
    door.open_file(window, "Choose the list", "")
    door.folder(window, "Choose the USB drive")
    door.save_file(window, "Save the sheet", "sheet.pdf", "")
    assert {folder for folder, _names in began} == {str(documents if has_documents else tmp_path)}
    assert began[-1][1] == ["sheet.pdf"]
