"""What has changed, from the store to the window: one signal, always on the main thread."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal


class Subscribable(Protocol):
    """The desk or the store: tells its listeners about each finished write, and gives back how to stop."""

    def subscribe(self, listener: Callable[..., None]) -> Callable[[], None]:
        """Call ``listener(changes)`` after each write until the returned function is called."""
        ...


class Feed(QObject):
    """Says ``changed(Changes)`` after each write, undo and redo."""

    changed = Signal(object)

    def __init__(self, source: Subscribable | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop: Callable[[], None] | None = None
        if source is not None:
            self._stop = source.subscribe(self.changed.emit)

    def close(self) -> None:
        """Hear nothing more: before the store is closed."""
        if self._stop is not None:
            self._stop()
            self._stop = None
