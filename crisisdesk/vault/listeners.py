"""Who is told of each write once it is saved."""

import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from crisisdesk.vault.changes import Changes

Listener = Callable[[Changes], None]


class Listeners:
    """Calls each listener once for each write, in the order of the writes, also if a listener writes."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._waiting: deque[Changes] = deque()

    def add(self, listener: Listener) -> Callable[[], None]:
        """Call the listener from now on; returns the function that ends it."""
        self._listeners.append(listener)
        return partial(self._remove, listener)

    def tell(self, changes: Changes) -> None:
        """Tell every listener; told by one of them, after all have heard of the write before."""
        self._waiting.append(changes)
        if len(self._waiting) > 1:
            return
        while self._waiting:
            for listener in tuple(self._listeners):
                _call(listener, self._waiting[0])
            self._waiting.popleft()

    def _remove(self, listener: Listener) -> None:
        with suppress(ValueError):
            self._listeners.remove(listener)


def _call(listener: Listener, changes: Changes) -> None:
    """Call a listener; what it raises is a bug of its own, and no reason to say that the write failed."""
    try:
        listener(changes)
    except Exception:  # noqa: BLE001  the crash handler gets it, the write stands
        kind, error, trace = sys.exc_info()
        if kind is not None and error is not None:
            sys.excepthook(kind, error, trace)
