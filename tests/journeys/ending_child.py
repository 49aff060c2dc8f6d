"""The whole program with half a note typed, to be ended by the system: python -m tests.journeys.ending_child WHERE.

WHERE is what stands open when the end comes: "card", "dialog", "question", "locked", or "stuck" in work that goes on.
Prints a line once it is so. The vault is that of CRISISDESK_HOME.
"""

import sys
import time
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

from crisisdesk import app
from crisisdesk.app import Keys, Program
from crisisdesk.ui import ask
from crisisdesk.ui.forms.flag import add_flag
from crisisdesk.ui.forms.form import Form
from crisisdesk.ui.forms.note import open_note
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.ui.widgets.dialog import Dialog
from tests.vault.fast import COST, FLOOR, PASSPHRASE

HALF = "Says the river is loud at night, and the porch li"
_BLINK = 20  # milliseconds
_FOR_EVER = 3600  # seconds


class Typist(Program):
    """The program, and somebody who types."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, keys=Keys(cost=COST, practice_cost=COST, floor=FLOOR), **named)

    def start(self, *, practice: bool = False) -> None:
        super().start(practice=practice)
        (page,) = self.window.findChildren(UnlockPage)
        page.field.setText(PASSPHRASE)
        page.unlock()
        self._begin()

    def _begin(self) -> None:
        shell = self.window.shell
        if shell is None:
            QTimer.singleShot(_BLINK, self, self._begin)
            return
        context, where = shell.context, sys.argv[1]
        client = context.desk.alike.named("Maria Delgado")[0].id
        if where == "dialog":
            QTimer.singleShot(_BLINK, self, self._type_in_dialog)
            add_flag(context, client)
            return
        card = open_note(context, client)
        QTest.keyClicks(card.form.editor("body"), HALF)
        if where == "locked":
            self.lock()
        if where == "stuck":
            context.jobs.start(self, lambda: time.sleep(_FOR_EVER), is_kept=True)
        QTimer.singleShot(_BLINK, self, self._tell)
        if where == "question":
            ask.confirm(self.window, "Go on?", "It waits for an answer.", act="Go on")

    def _type_in_dialog(self) -> None:
        (dialog,) = Dialog.waiting()
        (form,) = dialog.findChildren(Form)
        form.set_values({"words": HALF})
        QTest.keyClicks(form.editor("words"), "!")
        self._tell()

    def _tell(self) -> None:
        if sys.argv[1] == "locked" and self.desk is not None:
            QTimer.singleShot(_BLINK, self, self._tell)
            return
        sys.stdout.write("typed\n")
        sys.stdout.flush()


if __name__ == "__main__":
    app.Program = Typist  # type: ignore[misc]  # what main() starts
    sys.exit(app.main([]))
