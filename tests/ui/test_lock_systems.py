"""What the messages of Windows mean here; the calls themselves need a Windows computer."""

import pytest

from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.lock.windows import POWER, QUERY_END, SESSION_CHANGE, reason_of


@pytest.mark.parametrize(
    ("message", "detail", "reason"),
    [
        (SESSION_CHANGE, 7, Reason.SESSION),  # locked
        (SESSION_CHANGE, 2, Reason.SESSION),  # another user at the screen
        (SESSION_CHANGE, 4, Reason.SESSION),  # a remote session hung up
        (SESSION_CHANGE, 8, None),  # unlocked
        (POWER, 4, Reason.SLEEP),
        (POWER, 7, None),  # awake again
        (QUERY_END, 0, Reason.SHUTDOWN),
        (0x0200, 7, None),  # a move of the mouse
    ],
)
def test_a_message_of_windows_locks_or_does_not(message: int, detail: int, reason: Reason | None) -> None:
    assert reason_of(message, detail) is reason
