import sys

import pytest
from PySide6.QtCore import QObject, QRect, Signal

import crisisdesk.ui  # noqa: F401  importing it is what is tested


class Sender(QObject):
    said = Signal(bool)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="constants are immortal from Python 3.12 on")
class TestConstantsUnderPython311:
    @pytest.mark.parametrize("constant", [None, True, False])
    def test_a_constant_can_lose_a_reference_at_each_call_for_years(self, constant):
        assert sys.getrefcount(constant) > 1 << 50

    def test_qt_still_takes_a_reference_to_none_that_is_not_its_own(self):
        """The claim that holding None stands on; if PySide6 mends it, the hold can go."""
        rect, before = QRect(), sys.getrefcount(None)
        for _call in range(1000):
            rect.setLeft(0)
        assert before - sys.getrefcount(None) >= 900

    def test_qt_still_takes_a_reference_to_true_at_each_signal(self):
        """As above, for True: without the hold, a working day's signals end the program."""
        heard: list[bool] = []
        sender = Sender()
        sender.said.connect(heard.append)
        before = sys.getrefcount(True)
        for _signal in range(1000):
            sender.said.emit(False)
        assert before - sys.getrefcount(True) >= 900
