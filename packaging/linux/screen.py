"""A screen that nobody sees, for a window of a program in the bare system."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from linux.room import USER, Room
from linux.system import ask

import crisisdesk

_LONGEST = 60.0  # seconds until a window must be there, on a computer that does much else


@dataclass
class Window:
    """A started program, and its window if it came."""

    process: "subprocess.Popen[str]"
    is_there: bool
    kind: str  # X11's class, which the menu's entry names
    log: Path

    def is_running(self) -> bool:
        """Say whether the program is still there."""
        return self.process.poll() is None

    def said(self) -> str:
        """Return what the program wrote."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def opened() -> Iterator[str]:
    """Start a screen and yield its name."""
    line = ["Xvfb", "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-ac"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:  # noqa: S603  Debian's own tool
        try:
            if server.stdout is None:
                raise RuntimeError("Xvfb says nothing")
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


@contextmanager
def shown(inside: Room, program: str, shot: Path, **settings: str) -> Iterator[Window]:
    """Start a program as the person does, wait for its window, keep a picture of it, and end it."""
    log = shot.with_suffix(".log")
    with opened() as display, log.open("w", encoding="utf-8") as heard:
        line = inside.line(program, user=USER, DISPLAY=display, **settings)
        with subprocess.Popen(line, stdout=heard, stderr=heard, text=True) as process:  # noqa: S603  what is tried
            try:
                found = _window(process, display)
                kind = _ask(display, "xprop", "-id", found, "WM_CLASS") if found else ""
                if found:
                    _ask(display, "import", "-window", "root", shot)
                yield Window(process, is_there=bool(found), kind=kind.partition("= ")[2].strip(), log=log)
            finally:
                _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(_LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()


def _window(process: "subprocess.Popen[str]", display: str) -> str:
    """Return the window's number once it is painted; nothing if the program ends before or takes too long."""
    until = time.monotonic() + _LONGEST
    while process.poll() is None and time.monotonic() < until:
        found = _ask(display, "xdotool", "search", "--onlyvisible", "--name", crisisdesk.NAME).split()
        if found and _colours(display, found[0]) > _PAINTED:
            return found[0]
        time.sleep(0.2)  # X11 tells nobody when a window was painted
    return ""


_PAINTED = 50  # colours: text with smooth edges has them; an empty window has one


def _colours(display: str, window: str) -> int:
    told = _ask(display, "import", "-window", window, "-format", "%k", "info:")
    return int(told) if told.isdigit() else 0


def _ask(display: str, *line: str | Path) -> str:
    return ask(*line, env={"DISPLAY": display, "PATH": "/usr/bin:/bin"}).stdout.strip()
