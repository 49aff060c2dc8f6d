"""A program in which somebody types a note without a pause, to be killed: python -m tests.journeys.typing_child HOME.

Prints a line for each letter: how many there are, and when it was typed in milliseconds.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from crisisdesk.app import Keys, Program
from crisisdesk.clock import SystemClock
from crisisdesk.paths import VaultPaths
from crisisdesk.ui.forms.note import open_note
from crisisdesk.ui.unlock import UnlockPage
from tests.vault.fast import COST, FLOOR, PASSPHRASE

BETWEEN = 40  # milliseconds between two letters: fast


def main() -> int:
    """Unlock, open a note of Maria Delgado's, and type until the end."""
    app = QApplication(sys.argv[:1])
    place = VaultPaths(Path(sys.argv[1]))
    program = Program(app, place=place, clock=SystemClock(), keys=Keys(cost=COST, practice_cost=COST, floor=FLOOR))
    program.start()
    (page,) = program.window.findChildren(UnlockPage)
    page.field.setText(PASSPHRASE)
    page.unlock()
    typed = 0

    def type_on(editor: QWidget) -> None:
        nonlocal typed
        QTest.keyClick(editor, Qt.Key.Key_Space if typed % 6 == 5 else Qt.Key.Key_A)
        typed += 1
        sys.stdout.write(f"{typed} {round(time.monotonic() * 1000)}\n")
        sys.stdout.flush()

    def begin() -> None:
        shell = program.window.shell
        if shell is None:
            QTimer.singleShot(BETWEEN, begin)
            return
        card = open_note(shell.context, shell.context.desk.alike.named("Maria Delgado")[0].id)
        timer.timeout.connect(lambda: type_on(card.form.editor("body")))
        timer.start(BETWEEN)

    timer = QTimer()
    begin()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
