"""What she copies is marked, wherever she copies it, and gone at a lock; what others copied stays."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from crisisdesk.ui.clipboard import FORMATS, OwnClipboard
from crisisdesk.ui.forms.editors import LineEditor


@pytest.fixture
def own(qapp: QApplication) -> Iterator[OwnClipboard]:
    qapp.clipboard().clear()
    made = OwnClipboard(qapp.clipboard(), owns=lambda: True)
    yield made
    made.end()
    made.deleteLater()


def test_what_a_field_copies_by_itself_is_marked_and_taken_back(own, qapp, qtbot):
    field = LineEditor()
    qtbot.addWidget(field)
    field.setText("555-0142")
    field.selectAll()
    field.copy()
    clipboard = qapp.clipboard()
    qtbot.waitUntil(lambda: clipboard.mimeData().hasFormat("x-kde-passwordManagerHint"))
    assert clipboard.text() == "555-0142"
    for name, value in FORMATS.items():
        assert bytes(clipboard.mimeData().data(name).data()) == value
    own.forget()
    assert clipboard.text() == ""


def test_what_somebody_else_copied_stays(own, qapp):
    own.copy("hers")
    own._owns = lambda: False
    qapp.clipboard().setText("theirs")
    own.forget()
    assert qapp.clipboard().text() == "theirs"


def test_half_a_minute_is_what_it_lasts(own):
    own.copy("hers")
    assert own._timer.isActive()
    assert own._timer.interval() == 30_000
