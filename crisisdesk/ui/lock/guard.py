"""Sees that somebody is there, beats every five seconds, and says when to lock."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWindow

from crisisdesk.ui.capture import Capture
from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.lock.watch import Watch
from crisisdesk.ui.lock.watchdog import Watchdog

BEAT = 5000  # milliseconds
_CLOSE = 1000  # the same while a limit is near: the watchdog must never be first
_NEAR = 10  # seconds
_ACTS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)


class Guard(QObject):
    """The watch's hands and eyes in the window.

    It looks at what reaches the windows themselves, which only a person or the system sends, and not at the thousands
    of events between their parts.
    """

    due = Signal(str)  # a Reason: lock now
    warned = Signal(int)  # seconds until an idle lock; 0 when somebody is there after all
    rested = Signal()  # nobody was there for a minute
    _told = Signal(str)

    def __init__(self, watch: Watch, restart: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.watch = watch
        self.watchdog = Watchdog(watch, restart)
        self.capture = Capture()
        self._warned = 0
        self._has_rested = False
        self._mouse_at = QPointF()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self.beat)
        # Queued: it is told on the threads of those who listen to the system.
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin to look."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._follow)
        self._follow_all()
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        if not self.is_on:
            return
        self._timer.stop()
        self.watchdog.stop()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.disconnect(self._follow)
            for window in app.topLevelWindows():
                window.removeEventFilter(self)

    @property
    def is_on(self) -> bool:
        """Whether it looks."""
        return self._timer.isActive()

    def tell(self, reason: Reason) -> None:
        """Say that the system wants a lock. On any thread."""
        self.watchdog.must_lock()
        self._told.emit(reason.value)

    def opened(self) -> None:
        """Count from now: the vault is open."""
        self.watch.opened()
        self._warned, self._has_rested = 0, False

    def locked(self) -> None:
        """Stop counting: the vault is closed."""
        self.watch.locked()
        self._calm()

    def covered(self, on: bool) -> None:  # noqa: FBT001  the window's call
        """Count while the cover lies over the window."""
        self.watch.covered(on=on)

    def touched(self) -> None:
        """Somebody is there."""
        self.watch.touched()
        self._has_rested = False
        self._calm()

    def beat(self) -> None:
        """Look at the clocks, and say what they say."""
        reason = self.watch.beat()
        if reason is not None:
            self.due.emit(reason.value)
            return
        self._follow_all()
        self._warn()
        if self.watch.is_open and not self._has_rested and self.watch.idle >= self.watch.limits.rest:
            self._has_rested = True
            self.rested.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _ACTS or (kind is QEvent.Type.MouseMove and self._has_moved(event)):
            self.touched()
        return super().eventFilter(watched, event)

    def _has_moved(self, event: QEvent) -> bool:
        """Say whether the mouse moved: a window that comes up under it gets a move too."""
        if not isinstance(event, QMouseEvent):
            return False
        before, self._mouse_at = self._mouse_at, event.globalPosition()
        return before != self._mouse_at

    def _hear(self, reason: str) -> None:
        self.due.emit(reason)

    def _follow(self, window: QWindow | None) -> None:
        if window is not None:
            self.capture.apply(window)
            window.installEventFilter(self)  # a second time moves it to the front, no more

    def _follow_all(self) -> None:
        for window in QGuiApplication.topLevelWindows():
            self._follow(window)

    def _warn(self) -> None:
        left = self.watch.warning
        if left:
            self._warned = left
            self.warned.emit(left)
        else:
            self._calm()
        due_at = self.watch.due_at
        is_near = due_at is not None and due_at - self.watch.clocks.steady() <= self.watch.limits.warning + _NEAR
        self._timer.setInterval(_CLOSE if is_near else BEAT)

    def _calm(self) -> None:
        if self._warned:
            self._warned = 0
            self.warned.emit(0)
