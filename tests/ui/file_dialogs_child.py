"""A program in which Qt draws the dialogs for files, each opened and left twice: python -m tests.ui.file_dialogs_child.

Takes the vault's folder. Prints a line for each dialog that was left, and "done" after a look at the desk.
"""

import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from crisisdesk.app import Keys, Program
from crisisdesk.clock import SystemClock
from crisisdesk.paths import VaultPaths
from crisisdesk.ui import ask
from crisisdesk.ui.crash import Crash
from crisisdesk.ui.jobs import Sweeper
from crisisdesk.ui.unlock import UnlockPage
from tests.vault.fast import COST, FLOOR, PASSPHRASE

BETWEEN = 20  # milliseconds


def say(words: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def look_round(dialog: QFileDialog) -> None:
    """Take the focus once round the dialog, painting it each time, then leave it."""
    for _each in range(12):
        dialog.focusNextChild()
        QApplication.processEvents()
        dialog.repaint()
    for field in dialog.findChildren(QLineEdit):
        field.setFocus()
        QApplication.processEvents()
    dialog.reject()


def when_open() -> None:
    """Look round the next file dialog, once it stands there."""
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, QFileDialog) and dialog.isVisible():
        QTimer.singleShot(BETWEEN, lambda: look_round(dialog))
    else:
        QTimer.singleShot(BETWEEN, when_open)


def open_all(window: QWidget) -> None:
    """Ask for a file to write, a folder and a file to read, twice."""
    for number in (1, 2):
        QTimer.singleShot(0, when_open)
        ask.save_file(window, "Save the sheet", "recovery-sheet.pdf", [("PDF files", "*.pdf")])
        say(f"save {number}")
        QTimer.singleShot(0, when_open)
        ask.folder(window, "Choose the USB drive")
        say(f"folder {number}")
        QTimer.singleShot(0, when_open)
        ask.open_file(window, "Choose the list", [("Lists", "*.csv *.zip")])
        say(f"open {number}")
        QTimer.singleShot(0, when_open)
        QFileDialog.getExistingDirectory(window, "Made by Qt alone")
        say(f"made by Qt {number}")


def main() -> int:
    """Ask at the locked window, as the first start does; unlock, and ask over the open desk."""
    app = QApplication(sys.argv[:1])
    app.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    sweeper = Sweeper(app)
    sweeper.start()
    place = VaultPaths(Path(sys.argv[1]))
    program = Program(app, place=place, clock=SystemClock(), keys=Keys(cost=COST, practice_cost=COST, floor=FLOOR))
    crash = Crash(lambda code, _sentence: say(f"crash {code}"), program)
    crash.install()
    program.start()

    def begin() -> None:
        open_all(program.window)
        (page,) = program.window.findChildren(UnlockPage)
        page.field.setText(PASSPHRASE)
        page.unlock()
        wait()

    def wait() -> None:
        if program.window.shell is None:
            QTimer.singleShot(BETWEEN, wait)
            return
        open_all(program.window)
        program.window.shell.go("settings")
        program.window.repaint()
        say("done")
        QTimer.singleShot(BETWEEN, app.quit)

    QTimer.singleShot(BETWEEN, begin)
    try:
        return app.exec()
    finally:
        program.end()
        sweeper.stop()
        crash.uninstall()


if __name__ == "__main__":
    sys.exit(main())
