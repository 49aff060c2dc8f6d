"""What the system tells: it is locked, goes to sleep, or shows another user."""

import sys
from collections.abc import Callable
from typing import Protocol

from crisisdesk.ui.lock.reason import Reason

Tell = Callable[[Reason], object]  # called on any thread


class Listeners(Protocol):
    """All that listen on this system."""

    def start(self, tell: Tell) -> None:
        """Listen from now on."""
        ...

    def stop(self) -> None:
        """Listen no more."""
        ...

    @property
    def are_heard(self) -> bool:
        """Whether the system has promised to tell."""
        ...


def here() -> Listeners:
    """Return those of this system."""
    if sys.platform == "win32":
        from crisisdesk.ui.lock.windows import WindowsListeners  # noqa: PLC0415  each system has its own

        return WindowsListeners()
    if sys.platform == "darwin":
        from crisisdesk.ui.lock.mac import MacListeners  # noqa: PLC0415  as above

        return MacListeners()
    from crisisdesk.ui.lock.linux import LinuxListeners  # noqa: PLC0415  as above

    return LinuxListeners()
