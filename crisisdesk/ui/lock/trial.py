"""A program that locks as it is told by lines, so that another can look through its memory (crisisdesk.selftest)."""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sized
from itertools import zip_longest
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from crisisdesk.ui.lock import restart
from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.unlock import UnlockPage

if TYPE_CHECKING:
    from crisisdesk.desk import Desk
    from crisisdesk.ui.forms.form import Form
    from crisisdesk.ui.shell import Shell
    from crisisdesk.ui.window import Window

App = QApplication  # for those who may not know Qt
_LOOK = 10  # milliseconds
_LINE = 4096  # bytes; no line is longer
_SETTLE = 300  # milliseconds for what Qt deletes later
_ANEW = "CRISISDESK_TRIAL_ANEW"


class Running(Protocol):
    """The program, as far as it is needed here."""

    window: "Window"

    @property
    def desk(self) -> "Desk | None":
        """The open desk."""
        ...

    def lock(self, reason: Reason = ...) -> None:
        """Lock."""
        ...

    def start(self, *, practice: bool = ...) -> None:
        """Show the window."""
        ...

    def end(self) -> None:
        """Close everything."""
        ...


class Trial(QObject):
    """Does what it is told, one line after the other: open, soft, again, hard."""

    def __init__(self, program: Running, held: Sized) -> None:
        super().__init__()
        self._program = program
        self._held = held
        self._passphrase = self._name = self._note = ""  # told: the process after a hard lock knows none of them
        self._acts: Mapping[str, Callable[[], object]] = {
            "open": lambda: self._unlock(self._write),
            "soft": self._lock_softly,
            "again": lambda: self._unlock(lambda: QTimer.singleShot(_SETTLE, self, self._compare)),
            "hard": lambda: self._program.lock(Reason.SLEEP),
        }
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._hear)
        if os.environ.pop(_ANEW, ""):
            QTimer.singleShot(0, self, _say)

    def _hear(self) -> None:
        line = os.read(sys.stdin.fileno(), _LINE)
        if not line:
            QApplication.quit()
            return
        told = json.loads(line)
        if told["act"] == "open":
            self._passphrase, self._name, self._note = told["passphrase"], told["name"], told["note"]
        QTimer.singleShot(0, self, self._acts[told["act"]])

    def _unlock(self, then: Callable[[], object]) -> None:
        (page,) = self._program.window.findChildren(UnlockPage)
        page.field.setText(self._passphrase)
        page.unlock()
        self._when(lambda: self._program.window.shell is not None, then)

    @property
    def _shell(self) -> "Shell":
        shell = self._program.window.shell
        if shell is None:
            raise RuntimeError("the desk is not open")
        return shell

    def _write(self) -> None:
        from crisisdesk.desk.clients import ClientDraft  # noqa: PLC0415  the locked window loads no desk
        from crisisdesk.ui.forms.note import open_note  # noqa: PLC0415  as above

        context = self._shell.context
        client_id = context.desk.clients.add(ClientDraft(first_name=self._name, last_name="Trial"))
        context.window.go("chart", client_id)
        open_note(context, client_id)
        self._form().editor("body").setPlainText(self._note)  # type: ignore[attr-defined]  # a text editor
        _say()

    def _form(self) -> "Form":
        from crisisdesk.ui.forms.form import Form  # noqa: PLC0415  as above

        if self._shell.card is None:
            raise RuntimeError("no form is open")
        return self._shell.card.findChildren(Form)[0]

    def _lock_softly(self) -> None:
        began = time.perf_counter()
        self._program.lock(Reason.IDLE)
        covered = (time.perf_counter() - began) * 1000
        self._when(
            lambda: self._program.desk is None,
            lambda: QTimer.singleShot(_SETTLE, self, lambda: _say(covered_ms=covered, held=len(self._held))),
        )

    def _compare(self) -> None:
        body = str(self._form().values()["body"]) if self._shell.card is not None else ""
        _say(lost=sum(typed != there for typed, there in zip_longest(self._note, body)))

    def _when(self, is_so: Callable[[], bool], then: Callable[[], object]) -> None:
        if is_so():
            then()
        else:
            QTimer.singleShot(_LOOK, self, lambda: self._when(is_so, then))


def start_anew() -> None:
    """Start anew as a hard lock does, and let the new process say so."""
    os.environ[_ANEW] = "yes"
    restart.anew()


def play(make: Callable[[QApplication], Running], held: Sized = ()) -> int:
    """Show the program, and do what standard input says until it is closed. ``held``: the keys that are kept alive."""
    app = QApplication(sys.argv[:1])
    program = make(app)
    program.start()
    trial = Trial(program, held)
    code = app.exec()
    trial.deleteLater()
    program.end()
    return code


def _say(**facts: float) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
