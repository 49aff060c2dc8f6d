import gc
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThreadPool
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from crisisdesk.errors import DiskFull
from crisisdesk.ui.jobs import Cancelled, Jobs, Progress, Step, Sweeper


@pytest.fixture
def jobs(qapp):
    del qapp
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def owner(qapp):
    del qapp
    return QObject()


def test_work_runs_on_another_thread_and_its_outcome_comes_back_on_this_one(qtbot, jobs, owner):
    outcome = []
    jobs.start(
        owner,
        lambda number: (number + 1, threading.get_ident()),
        41,
        done=lambda value: outcome.append((*value, threading.get_ident())),
    )
    qtbot.waitUntil(lambda: bool(outcome))
    value, there, here = outcome[0]
    assert value == 42
    assert there != here == threading.get_ident()


def test_a_problem_of_hers_goes_to_the_page(qtbot, jobs, owner):
    def fail():
        raise DiskFull("There is no room.")

    told: list[Any] = []
    jobs.start(owner, fail, done=told.append, failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], DiskFull)


def test_a_bug_in_the_work_flies_to_the_crash_handler(qtbot, jobs, owner):
    def fail():
        raise ZeroDivisionError

    told: list[Any] = []
    with qtbot.captureExceptions() as caught:
        jobs.start(owner, fail, done=told.append, failed=told.append)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError
    assert told == []


def test_the_outcome_is_dropped_if_its_owner_is_gone(qtbot, jobs):
    owner, may_end = QWidget(), Event()
    told: list[Any] = []
    jobs.start(owner, lambda: may_end.wait(5), done=told.append)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not isValid(owner))
    may_end.set()
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert told == []


def test_cancelling_stops_the_work_at_its_next_step_and_tells_nobody(qtbot, jobs, owner):
    told: list[Any] = []
    steps: list[int] = []
    may_go = Event()

    def count(progress: Progress):
        may_go.wait(5)
        for number in range(1000):
            steps.append(number)
            progress.step(number, 1000)

    running = jobs.start(owner, count, done=told.append, failed=told.append, progress=told.append)
    running.cancel()
    may_go.set()
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert (told, steps) == ([], [0])
    assert running.is_over


def test_progress_is_told_at_most_ten_times_a_second_and_always_at_the_end():
    told: list[Any] = []
    progress = Progress(told.append, Event())
    for number in range(100_001):
        progress.step(number, 100_000)
    assert told[0] == Step(0, 100_000)
    assert told[-1] == Step(100_000, 100_000)
    assert len(told) < 50


def test_progress_arrives_on_the_main_thread(qtbot, jobs, owner):
    told: list[Any] = []
    jobs.start(
        owner,
        lambda progress: progress.step(3, 3, "3 of 3 services"),
        progress=lambda step: told.append((step, threading.get_ident())),
    )
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(Step(3, 3, "3 of 3 services"), threading.get_ident())]


def test_a_cancelled_step_raises():
    stopped = Event()
    stopped.set()
    with pytest.raises(Cancelled):
        Progress(lambda _step: None, stopped).step(1, 2)


@pytest.mark.parametrize("given", ["an argument", "a bound method"])
def test_nothing_of_qts_goes_along(jobs, owner, given):
    widget = QWidget()
    work, arguments = (print, (widget,)) if given == "an argument" else (widget.width, ())
    with pytest.raises(TypeError):
        jobs.start(owner, work, *arguments)
    widget.deleteLater()


def test_closing_waits_for_the_threads_and_tells_nobody():
    jobs, owner, may_end = Jobs(), QObject(), Event()
    told: list[Any] = []
    jobs.start(owner, lambda: may_end.wait(5), done=told.append)
    threading.Timer(0.05, may_end.set).start()
    jobs.close()
    assert (told, jobs.is_busy) == ([], False)


ROOT = Path(__file__).parent.parent.parent


class _Grave:
    """Writes down on which thread widgets in reference cycles are destroyed."""

    def __init__(self, count):
        self.threads: list[int] = []
        for _number in range(count):
            widget = QWidget()
            vars(widget)["me"] = widget  # a cycle: only the collector can free it
            weakref.finalize(widget, lambda: self.threads.append(threading.get_ident()))


def _litter():
    """Make enough garbage that Python's collector runs by itself, on the thread that calls this."""
    for _number in range(20_000):
        cycle: list[object] = []
        cycle.append(cycle)


_WITHOUT_SWEEPER = """
import gc, threading
import crisisdesk.ui
from PySide6.QtWidgets import QApplication
from tests.ui.test_jobs import _Grave, _litter
app = QApplication([])
grave = _Grave(200)
gc.enable()
worker = threading.Thread(target=_litter)
worker.start()
worker.join()
gc.disable()
print("destroyed by the worker:", sum(each != threading.get_ident() for each in grave.threads), flush=True)
"""


def test_without_the_sweeper_a_worker_would_destroy_widgets():
    """The claim that the sweeper stands on, in a process that it may crash; once it is mended, the sweeper can go."""
    ran = subprocess.run(
        [sys.executable, "-c", _WITHOUT_SWEEPER], capture_output=True, text=True, cwd=ROOT, check=False
    )
    destroyed = int(ran.stdout.rpartition(":")[2] or 0)
    assert destroyed > 0, ran.stderr


def test_with_the_sweeper_widgets_are_destroyed_on_the_main_thread_only(qtbot, jobs, owner):
    gc.collect()
    sweeper = Sweeper()
    sweeper.start()
    grave = _Grave(200)
    over = []
    jobs.start(owner, _litter, done=lambda _value: over.append(True))
    qtbot.waitUntil(lambda: bool(over))
    assert grave.threads == []
    assert sweeper.sweep() > 0
    gc.collect()
    assert len(grave.threads) == 200
    assert set(grave.threads) == {threading.get_ident()}
    sweeper.stop()
    gc.disable()


def test_no_job_outlives_the_pool():
    assert QThreadPool.globalInstance().activeThreadCount() == 0
