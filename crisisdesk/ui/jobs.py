"""Slow work on other threads: frozen data in, frozen data out, and nothing of Qt or of the vault goes along.

    running = context.jobs.start(self, packet_pdf, packet, done=self._show, failed=self._sorry)
    running.cancel()

``work(*args)`` runs on a thread of the pool; if it has a parameter ``progress`` it is given one, reports with
``progress.step(done, total, words)`` at most ten times a second, and is stopped there by Cancelled once it is
cancelled. ``done``, ``failed`` and ``progress`` are called on the main thread, and not at all once the owner is gone.
A DeskError goes to ``failed``; everything else is a bug and flies to the crash handler.
"""

import gc
import inspect
import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRunnable, QThreadPool, QTimer
from shiboken6 import isValid

from crisisdesk.errors import DeskError

_BEAT = 0.1  # seconds between two reports of progress
_SWEEP = 1000  # milliseconds between two looks of the sweeper
_WAKE = QEvent.Type(QEvent.registerEventType())


class Cancelled(Exception):  # noqa: N818  not an error: she asked for it
    """The work was cancelled; raised inside it by ``progress.step``."""


@dataclass(frozen=True)
class Step:
    """How far the work is, in its own units, and in words."""

    done: int
    total: int
    words: str = ""


class Progress:
    """How work reports, from its own thread."""

    def __init__(self, tell: Callable[[Step], None], cancelled: Event) -> None:
        self._tell = tell
        self._cancelled = cancelled
        self._last = 0.0

    @property
    def is_cancelled(self) -> bool:
        """Whether she has pressed Cancel."""
        return self._cancelled.is_set()

    def step(self, done: int, total: int, words: str = "") -> None:
        """Report; raises Cancelled if the work is to stop. The last step is always told."""
        if self._cancelled.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._last >= _BEAT or done >= total:
            self._last = now
            self._tell(Step(done, total, words))


@dataclass(eq=False)
class Running:
    """One job that was started."""

    owner: QObject
    done: Callable[..., object] | None
    failed: Callable[..., object] | None
    progress: Callable[[Step], object] | None
    is_kept: bool = False  # a lock waits for it: what it has done must be written down
    cancelled: Event = field(default_factory=Event)
    is_over: bool = False

    def cancel(self) -> None:
        """Ask the work to stop; neither ``done`` nor ``failed`` will be called."""
        self.cancelled.set()

    @property
    def is_wanted(self) -> bool:
        """Whether somebody still waits for the outcome."""
        return not self.cancelled.is_set() and isValid(self.owner)


class _Work(QRunnable):
    """Runs on a thread of the pool. It knows nothing of Qt's but the relay, which outlives it."""

    def __init__(self, work: Callable[[Progress], object], running_id: int, jobs: "Jobs", cancelled: Event) -> None:
        super().__init__()
        self._work = work
        self._id = running_id
        self._jobs = jobs
        self._cancelled = cancelled

    def run(self) -> None:
        progress = Progress(lambda step: self._jobs.post(self._id, step), self._cancelled)
        outcome: object
        try:
            outcome = _Done(self._work(progress))
        except Cancelled:
            outcome = _Failed(None)
        except BaseException as error:  # noqa: BLE001  sorted on the main thread: hers to put right, or a bug
            outcome = _Failed(error)
        self._jobs.post(self._id, outcome)


@dataclass(frozen=True)
class _Done:
    value: object


@dataclass(frozen=True)
class _Failed:
    error: BaseException | None


class Jobs(QObject):
    """Starts work and brings its outcome back to the main thread. One for the whole program."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._posted: queue.SimpleQueue[tuple[int, object]] = queue.SimpleQueue()
        self._running: dict[int, Running] = {}
        self._count = 0

    def start(
        self,
        owner: QObject,
        work: Callable[..., object],
        *args: object,
        done: Callable[..., object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
        progress: Callable[[Step], object] | None = None,
        is_kept: bool = False,
    ) -> Running:
        """Start work for an owner. Refuses anything of Qt's among what the work is given.

        A lock cancels it, or waits a little for work that ``is_kept`` and for who is told of it.
        """
        given = (*args, getattr(work, "__self__", None))
        if any(isinstance(value, QObject) for value in given):
            raise TypeError("a job takes frozen data, nothing of Qt's")
        self._count += 1
        running = Running(owner, done, failed, progress, is_kept)
        self._running[self._count] = running
        wants_progress = "progress" in inspect.signature(work).parameters

        def run(reporter: Progress) -> object:
            return work(*args, progress=reporter) if wants_progress else work(*args)

        self._pool.start(_Work(run, self._count, self, running.cancelled))
        return running

    def post(self, running_id: int, message: object) -> None:
        """Bring a message to the main thread. Called by the work's thread only."""
        self._posted.put((running_id, message))
        QCoreApplication.postEvent(self, QEvent(_WAKE))

    def event(self, event: QEvent) -> bool:
        if event.type() == _WAKE:
            self._deliver()
            return True
        return super().event(event)

    @property
    def is_busy(self) -> bool:
        """Whether anything is still under way."""
        return bool(self._running)

    def stop(self, *, but: Running | None = None) -> bool:
        """Cancel what need not be ended; return whether anything is still under way. ``but`` goes on uncounted."""
        others = [running for running in self._running.values() if running is not but]
        for running in others:
            if not running.is_kept:
                running.cancel()
        return bool(others)

    def close(self) -> None:
        """Cancel everything and wait for the threads; for the program's end."""
        for running in self._running.values():
            running.cancel()
        self._pool.waitForDone()
        self._deliver()

    def _deliver(self) -> None:
        while not self._posted.empty():
            running_id, message = self._posted.get_nowait()
            if isinstance(message, Step):
                self._report(running_id, message)
            else:
                self._finish(running_id, message)

    def _report(self, running_id: int, step: Step) -> None:
        running = self._running.get(running_id)
        if running and running.is_wanted and running.progress:
            running.progress(step)

    def _finish(self, running_id: int, outcome: object) -> None:
        running = self._running.pop(running_id, None)
        if running is None:
            return
        running.is_over = True
        error = outcome.error if isinstance(outcome, _Failed) else None
        if error is not None and not isinstance(error, DeskError):
            raise error
        if not running.is_wanted:
            return
        if isinstance(outcome, _Done) and running.done:
            running.done(outcome.value)
        elif isinstance(error, DeskError) and running.failed:
            running.failed(error)


class Sweeper(QObject):
    """Collects garbage on the main thread only.

    PySide6 6.12 destroys widgets on whichever thread the collector happens to run: a garbage collection on a worker
    destroyed 200 of 200 widgets held in reference cycles there. So the collector is off, and a timer runs it here.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_SWEEP)
        self._timer.timeout.connect(self.sweep)

    def start(self) -> None:
        """Turn the collector off and sweep from now on."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Hand the work back to Python's own collector."""
        self._timer.stop()
        gc.enable()

    def sweep(self) -> int:
        """Collect the generations that are due; return how many objects went."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(3) if counts[generation] > limits[generation] > 0]
        return gc.collect(due[-1]) if due else 0
