"""Work that needs the vault, done in small pieces on the main thread, so that the window never waits for it."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from crisisdesk.errors import DeskError

T = TypeVar("T")


class Slices(QObject, Generic[T]):
    """Takes one piece of an iterator after the other, with the window's own events in between.

    ``each(piece)`` after every piece, ``done(last)`` at the end, ``failed(problem)`` if one can't be had.
    It ends with its owner: what is locked or closed is not asked again.
    """

    def __init__(
        self,
        owner: QObject,
        pieces: Iterator[T],
        *,
        done: Callable[[T | None], object],
        failed: Callable[[DeskError], object],
        each: Callable[[T], object] = lambda _piece: None,
    ) -> None:
        super().__init__(owner)
        self._pieces = pieces
        self._each, self._done, self._failed = each, done, failed
        self._last: T | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        self._timer.start(0)

    def stop(self) -> None:
        """Leave it there."""
        self._timer.stop()
        self.deleteLater()

    def _step(self) -> None:
        try:
            self._last = next(self._pieces)
        except StopIteration:
            self.stop()
            self._done(self._last)
        except DeskError as problem:
            self.stop()
            self._failed(problem)
        else:
            self._each(self._last)
