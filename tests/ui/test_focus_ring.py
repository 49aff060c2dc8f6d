"""The focus ring leaves a control whole: PySide would have the ring own what it surrounds."""

import gc

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from crisisdesk.ui.widgets.buttons import Button, button


def test_a_button_that_had_the_focus_outlives_the_sweeper(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for words in ("First", "Second"):
        column.addWidget(button(words, run=lambda: None))
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    for made in window.findChildren(Button):
        made.setFocus()
        QApplication.processEvents()
        assert any(one is made for one in gc.get_referents(window)), "its parent holds it"
    del made
    gc.collect()
    assert [made.sizeHint().isEmpty() for made in window.findChildren(Button)] == [False, False]
