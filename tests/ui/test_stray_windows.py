"""No part of a page is ever a window of its own: shown before it has a parent, it flashes up and takes the focus."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.ui.pages import PAGES
from crisisdesk.ui.safekeeping.restore_page import RestorePage
from crisisdesk.ui.setup import SetupPage
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.ui.window import Window
from tests.stores import NOON
from tests.vault.fast import COST, FLOOR, PASSPHRASE

KEYS = Keys(cost=COST, practice_cost=COST, floor=FLOOR)


class Watch(QObject):
    """Writes down each widget that is shown as a window, but for the one window there is."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        is_shown = event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if is_shown and not isinstance(watched, Window):
            self.seen.append(type(watched).__name__)
        return False


@pytest.fixture
def strays():
    watch = Watch()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(watch)
    yield watch.seen
    app.removeEventFilter(watch)


def test_the_check_sees_a_widget_that_is_shown_before_it_has_a_parent(strays):
    stray = QWidget()
    stray.setVisible(True)
    stray.close()
    assert strays == ["QWidget"]


@pytest.mark.parametrize("page", [entry.id for entry in PAGES])
def test_no_part_of_a_page_is_a_window(page, shell, strays):
    shell.go(page)
    QApplication.processEvents()
    assert strays == []


def test_no_part_of_the_locked_window_the_first_start_or_the_way_back_is_a_window(qapp, qtbot, vault_paths, strays):
    program = Program(qapp, place=vault_paths, clock=FixedClock(NOON), keys=KEYS)
    program.start()
    page = program.window.findChild(UnlockPage)
    assert page is not None
    page.field.setText(PASSPHRASE)
    page.unlock()
    qtbot.waitUntil(lambda: program.desk is not None, timeout=20_000)
    program.lock()
    qtbot.waitUntil(lambda: program.desk is None, timeout=20_000)
    program._show_restore()
    assert program.window.findChild(RestorePage)
    program._show_setup()
    assert program.window.findChild(SetupPage)
    QApplication.processEvents()
    program.end()
    program.window.deleteLater()
    assert strays == []
