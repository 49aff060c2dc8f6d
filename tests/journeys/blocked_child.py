"""A program whose window a dialog of the system's holds for ever: python -m tests.journeys.blocked_child HOME.

Prints a line of JSON once it is held, and one when it was started anew: its process, and whether it is locked.
"""

import json
import os
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from crisisdesk.app import Keys, Program
from crisisdesk.clock import SystemClock
from crisisdesk.paths import VaultPaths
from crisisdesk.ui.lock.watch import Limits
from crisisdesk.ui.unlock import UnlockPage
from tests.vault.fast import COST, FLOOR, PASSPHRASE

HELD = "CRISISDESK_TRIAL_HELD"
BLINK = 10  # milliseconds
PATIENCE = 60.0  # seconds; only a failure lasts so long
IDLE = 1.0  # seconds until the lock that can't come


def main() -> int:
    """Unlock and be held; the process that takes its place says so and ends."""
    app = QApplication(sys.argv[:1])
    place = VaultPaths(Path(sys.argv[1]))
    program = Program(app, place=place, clock=SystemClock(), keys=Keys(cost=COST, practice_cost=COST, floor=FLOOR))
    program.start()
    (page,) = program.window.findChildren(UnlockPage)
    if os.environ.get(HELD):
        _say(is_locked=page.isVisible() and program.desk is None)
        program.end()
        return 0
    os.environ[HELD] = "yes"
    page.field.setText(PASSPHRASE)
    page.unlock()

    def hold() -> None:
        if program.desk is None:
            QTimer.singleShot(BLINK, hold)
            return
        program.locking.guard.watch.limits = Limits(idle=IDLE)
        _say(is_locked=False)
        threading.Event().wait(PATIENCE)  # the window's thread is gone
        os._exit(1)

    hold()
    return app.exec()


def _say(*, is_locked: bool) -> None:
    sys.stdout.write(json.dumps({"pid": os.getpid(), "is_locked": is_locked}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
