"""Measure the speeds that are promised: python -m tests.bench [--small]. Ratios of one run; 1 if a bar is missed."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from crisisdesk.clock import FixedClock
from crisisdesk.paths import VaultPaths
from crisisdesk.ui.jobs import Sweeper
from crisisdesk.vault.store import Store
from tests.bench import desk, window
from tests.bench.county import write_county
from tests.bench.crowd import Size
from tests.bench.table import Figure, drawn, mebibytes, milliseconds
from tests.gallery.vaults import NOW
from tests.vault.fast import CODE, COST, FLOOR, PASSPHRASE

_STARTS = 7
_MIB = 1024 * 1024
_TODAY, _LARGE = Size(10_000, 100_000, 1_000), Size(50_000, 500_000, 10_000)
_BACKUP = Size(22_000, 220_000, 2_000)  # a vault of 160 MB
_LIST, _COUNTY = 200_000, 4_000
_SMALL = 20  # times smaller, for a quick look


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the vaults, measure, and print the table."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--small", action="store_true", help="a twentieth of everything: quick, and no proof")
    by = _SMALL if parser.parse_args(arguments).small else 1
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crisisdesk-bench-") as folder:
        places = _make(Path(folder), by)
        _say(f"Made in {time.monotonic() - began:.0f} s; now measuring.")
        figures = _measure(Path(folder), places, by)
    _say(drawn(figures))
    if hasattr(os, "getloadavg"):
        _say(
            f"{os.getloadavg()[0]:.1f} programs were at work on {os.cpu_count()} cores; bars hold for an idle computer."
        )
    _say(f"{time.monotonic() - began:.0f} s in all{', at a twentieth of the size' if by > 1 else ''}")
    return 1 if any(figure.holds is False for figure in figures) else 0


def _make(folder: Path, by: int) -> dict[str, VaultPaths]:
    """Make the vaults side by side."""
    sizes = {"today": _TODAY, "large": _LARGE, "backup": _BACKUP}
    names = {
        kind: f"{kind}-{size.clients // by}-{size.encounters // by}-{size.services // by}"
        for kind, size in sizes.items()
    }
    names["list"] = f"list-{_LIST // by}"
    running = [_start("make", folder / name) for name in reversed(names.values())]
    Store.create(VaultPaths(folder / "vault"), PASSPHRASE, CODE, FixedClock(NOW), cost=COST, floor=FLOOR).close()
    write_county(folder / "county", _COUNTY // by)
    for each in running:
        if each.wait():
            raise SystemExit("A vault could not be made.")
    return {kind: VaultPaths(folder / name) for kind, name in names.items()}


def _measure(folder: Path, places: dict[str, VaultPaths], by: int) -> list[Figure]:
    figures = [_starts(folder)]
    qInstallMessageHandler(lambda *_what: None)  # what only a screen has
    app = QApplication([])
    Sweeper(app).start()
    large = (
        f"{_LARGE.clients // by:,} clients, {_LARGE.encounters // by:,} encounters, {_LARGE.services // by:,} services"
    )
    today = f"{_TODAY.clients // by:,} clients, {_TODAY.encounters // by:,} encounters"
    figures.append(window.to_today(app, places["today"], folder / "home-today", today))
    figures.append(desk.search(places["large"], large))
    figures.append(desk.next_page(places["list"], f"{_LIST // by:,} rows"))
    figures.append(window.open_chart(app, places["large"], folder / "home-chart"))
    figures += window.packet(app, places["today"], folder / "home-packet")
    figures.append(window.backup(app, places["backup"], folder / "home-backup"))
    figures += _bring_in(folder, f"{_COUNTY // by:,} services")
    figures.append(_memory(places["large"], large))
    return figures


def _starts(folder: Path) -> Figure:
    """Start a bare window and the locked window in turn; the quickest of each is the least disturbed."""
    home = folder / "home-start"
    Store.create(VaultPaths(home / "vault"), PASSPHRASE, CODE, FixedClock(NOW), cost=COST, floor=FLOOR).close()
    settings = dict(os.environ, CRISISDESK_HOME=str(home))
    taken: dict[str, list[float]] = {"bare": [], "locked": []}
    for _turn in range(_STARTS):
        for verb, seconds in taken.items():
            began = time.perf_counter()
            if subprocess.run([sys.executable, "-m", f"tests.bench.{verb}"], env=settings, check=False).returncode:
                raise SystemExit(f"The {verb} window did not open.")
            seconds.append(time.perf_counter() - began)
    ours, theirs = min(taken["locked"]), min(taken["bare"])
    return Figure(
        act="start to the unlock window",
        size="–",
        bar="≤ 2.0 × a bare PySide6 window",
        measured=f"{ours / theirs:.1f} × ({milliseconds(ours)} against {milliseconds(theirs)})",
        holds=ours <= 2 * theirs,
    )


def _bring_in(folder: Path, size: str) -> tuple[Figure, Figure]:
    told = _told("bring-in", folder)
    seconds = cast("float", told["seconds"])
    took = Figure(
        act="import a directory",
        size=size,
        bar="≤ 10 s",
        measured=f"{seconds:.1f} s (reading {told['read']:.1f} s)",
        holds=seconds <= 10,
    )
    return took, _memory_figure("  its peak memory, window and all", size, told["peak"], 300)


def _memory(place: VaultPaths, size: str) -> Figure:
    return _memory_figure("memory with a large vault open", size, _told("memory", place.folder)["peak"], 250)


def _memory_figure(act: str, size: str, peak: float | None, bar: int) -> Figure:
    return Figure(
        act=act,
        size=size,
        bar=f"≤ {bar} MiB",
        measured="" if peak is None else mebibytes(peak),
        holds=None if peak is None else peak <= bar * _MIB,
    )


def _start(verb: str, folder: Path) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "tests.bench.child", verb, str(folder)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, text=True)


def _told(verb: str, folder: Path) -> dict[str, float | None]:
    child = _start(verb, folder)
    said, _errors = child.communicate()
    if child.returncode:
        raise SystemExit(f"Measuring “{verb}” failed.")
    return cast("dict[str, float | None]", json.loads(said.splitlines()[-1]))


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201  it talks to the developer


if __name__ == "__main__":
    sys.exit(main())
