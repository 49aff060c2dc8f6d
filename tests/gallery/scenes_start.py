"""First start and the locked window."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crisisdesk.ui.unlock import UnlockPage
from tests.gallery.stage import Stage
from tests.vault.fast import CODE


def _type_words(stage: Stage, count: int = 6) -> None:
    step = stage.setup.passphrase
    step.field.setText(" ".join(step.words[:count]))
    stage.settle()


def _own_passphrase(stage: Stage) -> None:
    step = stage.setup.passphrase
    step.own_link.click()
    step.field.setText("the heron stands by the mill at noon")
    step.again.setText("the heron stands")
    stage.wait(300)


def _wrong_word(stage: Stage) -> None:
    step = stage.setup.passphrase
    step.field.setText(" ".join([*step.words[:2], "mistake "]))
    stage.settle()


def _sheet(stage: Stage) -> None:
    _type_words(stage)
    stage.setup.go_on()
    stage.settle()


def _sheet_typed(stage: Stage) -> None:
    _sheet(stage)
    stage.setup.sheet.field.setText(str(CODE))
    stage.settle()


def _you(stage: Stage) -> None:
    _sheet(stage)
    setup = stage.setup
    setup.sheet.field.setText(str(setup.sheet._code))
    setup.go_on()
    setup.you.form.set_values(
        {"clinician": "Dana Whitlock", "credential": "LCSW", "department": "Harlow Falls Police Department"}
    )
    stage.settle()


def _wrong(stage: Stage) -> None:
    page = stage.find(UnlockPage)
    page.field.setText("not the words that open it")
    page.unlock()
    stage.settle()


def _caps(stage: Stage) -> None:
    field = stage.find(UnlockPage).field
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Q)
    field.setText("")
    field._set_caps(on=True)  # as a capital without Shift tells it
    stage.settle()


def _recovery(stage: Stage) -> None:
    stage.find(UnlockPage).recovery_link.click()
    stage.settle()


def _renew(stage: Stage) -> None:
    page = stage.find(UnlockPage)
    page.recovery_link.click()
    page.field.setText(str(CODE))
    page.unlock()
    stage.settle()


def _locked_since(stage: Stage) -> None:
    stage.unlock()
    stage.run("vault.lock")
    stage.wait(50)


FIRST_START: Mapping[str, Callable[[Stage], object]] = {
    "first-start-1-passphrase": Stage.settle,
    "first-start-2-sheet": _sheet,
    "first-start-3-you": _you,
}
FIRST_START_DETAILS: Mapping[str, Callable[[Stage], object]] = {
    "first-start-1-passphrase-half": lambda stage: _type_words(stage, 3),
    "first-start-1-passphrase-wrong": _wrong_word,
    "first-start-1-passphrase-own": _own_passphrase,
    "first-start-2-sheet-other-code": _sheet_typed,
}
LOCKED: Mapping[str, Callable[[Stage], object]] = {
    "unlock": Stage.settle,
    "unlock-wrong-passphrase": _wrong,
    "unlock-new-passphrase": _renew,
}
LOCKED_DETAILS: Mapping[str, Callable[[Stage], object]] = {
    "unlock-since": _locked_since,
    "unlock-caps-lock": _caps,
    "unlock-recovery": _recovery,
}
