"""What the window does: opening on a large vault, a chart, and going on while a packet is made."""

import itertools
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.documents.facts import Packet
from crisisdesk.documents.packet import packet_pdf
from crisisdesk.paths import VaultPaths
from crisisdesk.records.choices import PageKind
from crisisdesk.ui.unlock import UnlockPage
from tests.bench.crowd import LONG_CHARTS
from tests.bench.desk import long_packet, timed
from tests.bench.table import Figure, mebibytes, middle, milliseconds
from tests.gallery.vaults import NOW
from tests.vault.fast import COST, FLOOR, PASSPHRASE

_RUNS = 5
_BACKUPS = 3
_PATIENCE = 60.0
_QUIET = 30  # looks in which nothing more was loaded
_TICK = 2  # milliseconds between two signs of life


@contextmanager
def program(app: QApplication, place: VaultPaths, home: Path) -> Iterator[Program]:
    """Start the program on a vault; it is locked."""
    os.environ["CRISISDESK_HOME"] = str(home)
    keys = Keys(cost=COST, practice_cost=COST, floor=FLOOR)
    made = Program(app, place=place, clock=FixedClock(NOW), keys=keys)
    made.start()
    settle(app, made)
    let_load(app)
    yield made
    made.end()
    made.window.deleteLater()
    made.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def let_load(app: QApplication) -> None:
    """Wait, as while she types her passphrase, until the program has loaded what it loads ahead."""
    known, quiet = 0, 0
    while quiet < _QUIET:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.01)
        quiet = quiet + 1 if len(sys.modules) == known else 0
        known = len(sys.modules)


def settle(app: QApplication, made: Program, until: Callable[[], bool] = lambda: True) -> None:
    """Wait until no job runs and everything is painted."""
    end = time.monotonic() + _PATIENCE
    while made.jobs.is_busy or not until():
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if time.monotonic() > end:
            raise TimeoutError("the window did not come to rest")
    for _round in range(3):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # only exec() does it by itself


def unlock(app: QApplication, made: Program) -> None:
    """Type the passphrase and press Unlock; return when Today stands there."""
    page = cast("UnlockPage", made.window.findChild(UnlockPage))
    page.field.setText(PASSPHRASE)
    page.unlock()
    settle(app, made, until=lambda: made.desk is not None)


def to_today(app: QApplication, place: VaultPaths, home: Path, size: str) -> Figure:
    """Unlock with a key that costs nothing: what is left is ours. The first time counts: nothing is warm."""
    taken = []
    for _run in range(_RUNS):
        with program(app, place, home) as made:
            taken.append(timed(unlock, app, made))
    measured = f"{milliseconds(taken[0])} the first time, {milliseconds(middle(taken[1:]))} again"
    return Figure(
        act="unlock to a filled Today",
        size=size,
        bar="key derivation + ≤ 300 ms",
        measured=measured,
        holds=taken[0] <= 0.300,
    )


def open_chart(app: QApplication, place: VaultPaths, home: Path) -> Figure:
    """Open a chart of 500 entries, again and again, going elsewhere in between."""
    with program(app, place, home) as made:
        unlock(app, made)
        desk, shell = made.desk, made.window.shell
        if desk is None or shell is None:
            raise RuntimeError("the desk did not open")

        def show(client: str) -> None:
            shell.go("chart", client)
            settle(app, made)

        first = timed(show, LONG_CHARTS[0])
        taken = []
        for run in range(2 * _RUNS):
            shell.go("today")
            settle(app, made)
            taken.append(timed(show, LONG_CHARTS[run % 2]))
        entries = sum(desk.timeline.counts(LONG_CHARTS[0]).by_kind.values())
    return Figure(
        act="open a chart",
        size=f"{entries} entries",
        bar="≤ 50 ms",
        measured=f"{milliseconds(middle(taken))} (the first of the day {milliseconds(first)})",
        holds=middle(taken) <= 0.050,
    )


def packet(app: QApplication, place: VaultPaths, home: Path) -> tuple[Figure, Figure]:
    """Make a packet of twelve pages in a job, with the window telling every moment that it is alive."""
    facts, pages = long_packet()
    with program(app, place, home) as made:
        taken, pauses = [], []
        for _run in range(_RUNS):
            seconds, pause = _make(app, made, cast("Packet", facts))
            taken.append(seconds)
            pauses.append(pause)
    size = f"{pages} pages"
    return (
        Figure(
            act="a 12-page packet",
            size=size,
            bar="≤ 700 ms",
            measured=milliseconds(middle(taken)),
            holds=middle(taken) <= 0.700,
        ),
        Figure(
            act="  the window's longest pause meanwhile",
            size=size,
            bar="≤ 100 ms",
            measured=milliseconds(middle(pauses)),
            holds=middle(pauses) <= 0.100,
        ),
    )


def backup(app: QApplication, place: VaultPaths, home: Path) -> Figure:
    """Make the backup that is due while the desk is open, with the window telling every moment that it is alive."""
    taken, pauses = [], []
    for _run in range(_BACKUPS):
        shutil.rmtree(place.backups, ignore_errors=True)
        with program(app, place, home) as made:
            unlock(app, made)
            with signs_of_life(made) as ticks:
                made.locking.guard.rested.emit()
                while not any(place.backups.glob("*.cdbak")):
                    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)  # a window at rest spins not
                settle(app, made)
            taken.append(ticks[-1] - ticks[0])
            pauses.append(longest(ticks))
    return Figure(
        act="the window's longest pause while a backup is made",
        size=f"a vault of {mebibytes(place.database.stat().st_size)}",
        bar="≤ 100 ms",
        measured=f"{milliseconds(middle(pauses))} (at worst {milliseconds(max(pauses))}; {middle(taken):.1f} s in all)",
        holds=middle(pauses) <= 0.100,
    )


@contextmanager
def signs_of_life(made: Program) -> Iterator[list[float]]:
    """Lend the moments in which the window was alive, from now to the end."""
    ticks = [time.perf_counter()]
    timer = QTimer(made)
    timer.setInterval(_TICK)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    yield ticks
    timer.stop()
    ticks.append(time.perf_counter())


def longest(ticks: Sequence[float]) -> float:
    """Return the longest time between two moments."""
    return max(later - now for now, later in itertools.pairwise(ticks))


def _make(app: QApplication, made: Program, facts: Packet) -> tuple[float, float]:
    done: list[float] = []
    with signs_of_life(made) as ticks:
        made.jobs.start(made, packet_pdf, facts, tuple(PageKind), done=lambda _pdf: done.append(time.perf_counter()))
        settle(app, made)
    moments = [*(tick for tick in ticks if tick < done[0]), done[0]]
    return done[0] - ticks[0], longest(moments)
