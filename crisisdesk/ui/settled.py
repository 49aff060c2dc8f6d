"""What is told only once she has come to rest: a search when she stops typing, a preview that she stays at."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

SEARCH = 1500  # milliseconds without a key, and the search is what she looked for
LOOK = 2000  # milliseconds at one row of a list, and its preview was looked at


class Settled(QTimer):
    """Calls ``tell`` once nothing has happened for a while; ``again`` says that something has."""

    def __init__(self, owner: QObject, tell: Callable[[], object], after: int) -> None:
        super().__init__(owner)
        self.setSingleShot(True)
        self.setInterval(after)
        self.timeout.connect(tell)

    def again(self) -> None:
        """Wait anew."""
        self.start()
