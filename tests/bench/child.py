"""What takes a program of its own: python -m tests.bench.child VERB FOLDER. It prints one line of JSON."""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QApplication

from crisisdesk.paths import VaultPaths
from crisisdesk.ui.jobs import Sweeper
from crisisdesk.ui.pages.import_list import ImportCard
from tests.bench.crowd import LONG_CHARTS, Size, make, make_long_list
from tests.bench.window import program, settle, unlock


def own_app() -> QApplication:
    """Return this program's application."""
    return cast("QApplication", QApplication.instance())


def memory(folder: Path) -> None:
    """Unlock a large vault, look at Today, the clients and a chart, search, and say how much memory it took."""
    with program(own_app(), VaultPaths(folder), folder.parent / "home-memory") as made:
        unlock(own_app(), made)
        shell = made.window.shell
        if shell is None or made.desk is None:
            raise RuntimeError("the desk did not open")
        for page, argument in (("clients", ""), ("chart", LONG_CHARTS[0]), ("resources", ""), ("today", "")):
            shell.go(page, argument)
            settle(own_app(), made)
        made.desk.search.find("ma")
        say(peak=peak_memory())


def bring_in(folder: Path) -> None:
    """Bring a directory in through the window, and say how long that took and how much memory."""

    with program(own_app(), VaultPaths(folder / "vault"), folder / "home") as made:
        unlock(own_app(), made)
        shell = made.window.shell
        if shell is None or made.desk is None:
            raise RuntimeError("the desk did not open")
        before = peak_memory()
        began = time.perf_counter()
        card = ImportCard.open_card(shell.context)
        card.read(folder / "county")
        settle(own_app(), made)
        read = time.perf_counter() - began
        desk = made.desk
        card.bring_in()
        settle(own_app(), made, until=lambda: bool(desk.directory.data_sets()))
        say(seconds=time.perf_counter() - began, read=read, peak=peak_memory(), before=before)


def make_vaults(folder: Path) -> None:
    """Make one of the large vaults; the folder's name says which."""

    kind, *numbers = folder.name.split("-")
    sizes = [int(number) for number in numbers]
    if kind == "list":
        make_long_list(folder, sizes[0])
    else:
        make(folder, Size(clients=sizes[0], encounters=sizes[1], services=sizes[2]))


def peak_memory() -> int | None:
    """Return the most memory this program has had, in bytes; None where the system doesn't say.

    On Linux not by getrusage: there, what the program that started this one had counts too.
    """
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    try:
        resource = importlib.import_module("resource")
    except ImportError:  # Windows
        return None
    most = int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return most if sys.platform == "darwin" else most * 1024


def say(**figures: float | None) -> None:
    """Tell the bench."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


VERBS = {"memory": memory, "bring-in": bring_in, "make": make_vaults}

if __name__ == "__main__":
    app = QApplication([])
    Sweeper(app).start()  # as the program itself does
    VERBS[sys.argv[1]](Path(sys.argv[2]))
    sys.stdout.flush()
    os._exit(0)
