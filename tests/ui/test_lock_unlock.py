"""The locked window after too many wrong tries, and with a PIN."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from crisisdesk.clock import FixedClock
from crisisdesk.errors import QuickUnlockClosed, TooManyAttempts, VaultInUse, VaultMissing, WrongPassphrase
from crisisdesk.ui.jobs import Jobs
from crisisdesk.ui.unlock import UnlockDoor, UnlockPage, Way
from crisisdesk.vault.keys import MasterKey
from tests.stores import NOON

UNTIL = NOON + timedelta(minutes=15)
SENTENCE = "Too many wrong tries."


class House:
    """What the door leads to, and whether it is closed."""

    def __init__(self) -> None:
        self.clock = FixedClock(NOON)
        self.closed: TooManyAttempts | None = None
        self.broken: VaultInUse | VaultMissing | None = None
        self.takes_pin = False
        self.tried: list[str] = []
        self.entered: list[str] = []
        self.pin_problem: Exception | None = None

    def look(self) -> bool:
        if self.closed is not None:
            raise self.closed
        if self.broken is not None:
            raise self.broken
        return self.takes_pin

    def unlock(self, words: str) -> MasterKey:
        self.tried.append(words)
        if len(self.tried) > 1:
            raise TooManyAttempts(SENTENCE, UNTIL)
        raise WrongPassphrase("Wrong.")

    def unlock_with_pin(self, pin: str) -> MasterKey:
        self.tried.append(pin)
        if self.pin_problem is not None:
            raise self.pin_problem
        return MasterKey.random()

    def door(self) -> UnlockDoor:
        return UnlockDoor(
            unlock=self.unlock,
            unlock_with_recovery=lambda _code: MasterKey.random(),
            enter=lambda _key: self.entered.append("in"),
            enter_anew=lambda _key: self.entered.append("anew"),
            other=print,
            look=self.look,
            unlock_with_pin=self.unlock_with_pin,
            now=self.clock.now,
        )


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def page(house: House, qtbot) -> Iterator[UnlockPage]:
    jobs = Jobs()
    made = UnlockPage(house.door(), jobs)
    qtbot.addWidget(made)
    made.show()
    yield made
    jobs.close()


def test_too_many_wrong_tries_close_the_field_but_not_the_recovery_sheet(page, house, qtbot):
    for words in ("one", "two"):
        page.field.setText(words)
        page.unlock()
        qtbot.waitUntil(lambda: not page.is_busy)
    assert (page.problem, page.field.isEnabled(), page.field.text()) == (SENTENCE, False, "")
    assert page.unlock_button.text() == "Open again in 15:00"
    assert page.card.hasFocus()
    page.field.setText("three")
    page.unlock()
    assert house.tried == ["one", "two"]
    page.recovery_link.click()
    assert (page.problem, page.field.isEnabled(), page.unlock_button.isEnabled()) == ("", True, True)
    page.field.setText("the code")
    page.unlock()
    qtbot.waitUntil(lambda: house.entered == ["anew"])


def test_a_passphrase_that_is_typed_blindly_while_entry_is_closed_goes_nowhere(page, house):
    page.field.setFocus()
    page._close(TooManyAttempts(SENTENCE, UNTIL))
    for sign in "blue door never locked":
        QTest.keyClicks(QApplication.focusWidget() or page, sign)
    assert (page.way, page.field.text()) == (Way.PASSPHRASE, "")
    page.recovery_link.setFocus()
    QTest.keyClick(page.recovery_link, Qt.Key.Key_Space)
    assert page.way is Way.PASSPHRASE
    QTest.keyClick(page.recovery_link, Qt.Key.Key_Return)
    assert (page.way, page.field.text(), page.field.hasFocus()) == (Way.RECOVERY, "", True)
    assert page.field.echoMode() is QLineEdit.EchoMode.Password
    assert house.tried == []


def test_no_link_has_the_focus_while_a_key_is_derived(page, qtbot):
    page.unlock_button.setFocus()
    page.field.setText("one")
    page.unlock_button.click()
    assert page.field.hasFocus()
    assert not page.restore_link.isEnabled()
    qtbot.waitUntil(lambda: not page.is_busy)


def test_the_wrong_try_that_closes_the_entry_says_so_at_once(page, house, qtbot):
    house.closed = TooManyAttempts(SENTENCE, UNTIL)
    page.field.setText("one")
    page.unlock()
    qtbot.waitUntil(lambda: not page.is_busy)
    assert page.problem == f"Wrong. {SENTENCE}"
    assert (page.field.isEnabled(), page.unlock_button.text()) == (False, "Open again in 15:00")


def test_a_file_that_is_gone_is_said_before_anything_is_typed(house, qtbot):
    house.broken = VaultMissing("The file is gone.")
    jobs = Jobs()
    page = UnlockPage(house.door(), jobs)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.problem == "The file is gone.")
    assert page.field.isEnabled()
    jobs.close()


def test_it_counts_down_and_opens_by_itself(page, house):
    page._close(TooManyAttempts(SENTENCE, UNTIL))
    house.clock.moment += timedelta(minutes=14, seconds=1)
    page._count_down()
    assert page.unlock_button.text() == "Open again in 0:59"
    house.clock.moment += timedelta(seconds=59)
    page._count_down()
    assert (page.problem, page.field.isEnabled(), page.unlock_button.text()) == ("", True, "Unlock")


def test_a_page_that_comes_up_while_entry_is_closed_says_so(house, qtbot):
    house.closed = TooManyAttempts(SENTENCE, None)
    jobs = Jobs()
    page = UnlockPage(house.door(), jobs)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: page.problem == SENTENCE)
    assert not page.field.isEnabled()
    assert page.unlock_button.text() == "Unlock", "only the sheet opens it: there is nothing to count"
    jobs.close()


def test_a_pin_is_asked_for_where_it_will_do_and_the_passphrase_always_does(house, qtbot):
    house.takes_pin = True
    jobs = Jobs()
    page = UnlockPage(house.door(), jobs)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.way is Way.PIN)
    assert page.field.accessibleName() == "PIN"
    page.recovery_link.click()
    assert (page.way, page.pin_link.isVisible()) == (Way.PASSPHRASE, True)
    page.pin_link.click()
    QTest.keyClicks(page.field, "482913")
    page.unlock()
    qtbot.waitUntil(lambda: house.entered == ["in"])
    assert house.tried == ["482913"]
    jobs.close()


def test_a_pin_that_is_dead_leads_to_the_passphrase(house, qtbot):
    house.takes_pin, house.pin_problem = True, QuickUnlockClosed("Quick unlock is off now.")
    jobs = Jobs()
    page = UnlockPage(house.door(), jobs)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: page.way is Way.PIN)
    page.field.setText("482913")
    page.unlock()
    qtbot.waitUntil(lambda: page.way is Way.PASSPHRASE)
    assert page.problem == "Quick unlock is off now."
    assert page.pin_link.isHidden()
    jobs.close()


def test_a_vault_that_is_open_elsewhere_is_said_until_it_is_closed_there(house, qtbot):
    house.broken, house.takes_pin = VaultInUse("Open elsewhere."), True
    jobs = Jobs()
    page = UnlockPage(house.door(), jobs)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.problem == "Open elsewhere.")
    QTest.keyClicks(page.field, "b")
    assert page.problem == "Open elsewhere."
    assert page._look_again.isActive()
    page._look_again.timeout.emit()
    assert page.problem == "Open elsewhere."
    house.broken = None
    page._look_again.timeout.emit()
    assert (page.problem, page.field.text(), page.way) == ("", "b", Way.PASSPHRASE)
    assert not page._look_again.isActive()
    jobs.close()
