"""Runs a built program as its user would: no Python on its path, a home of its own, nothing of ours around it.

On Linux every run is watched by strace: which sockets it asks for, in itself and in the processes that it starts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frozen.desktop import Desktop
    from frozen.screen import Screen

_LIMIT = 300  # seconds for one command
_NETWORK = ("AF_INET", "AF_INET6", "AF_PACKET")
_KEPT = ("SYSTEMROOT", "WINDIR", "COMSPEC", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE")  # Windows needs them


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


@dataclass
class Program:
    """A built program; ``root`` is the system that it is started in, if that is another than this one."""

    path: Path
    root: Path | None = None
    user: str = ""  # whose account it runs under in that system
    display: str = ""
    before: tuple[str, ...] = ()  # words before all others: what a Python needs to start our sources
    at: Path | None = None  # the folder that it starts in
    is_watched: bool = sys.platform == "linux"
    home: Path = field(init=False)
    _logs: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make it a home."""
        place = self.root / "tmp" if self.root else None
        self.home = Path(tempfile.mkdtemp(prefix="crisisdesk-check-", dir=place))
        for name in ("tmp", "run", "no-programs"):
            (self.home / name).mkdir(mode=0o700)
            self.own(self.home / name)
        self.own(self.home)
        self._traces = Path(tempfile.mkdtemp(prefix="crisisdesk-traces-"))

    @property
    def folder(self) -> Path:
        """The folder that holds the whole program; on macOS the bundle's."""
        beside = self.path.parent
        return beside.parent if beside.name == "MacOS" else beside

    def own(self, path: Path) -> None:
        """Give a file or a folder to the account that it runs under."""
        if self.root and self.user:
            accounts = (self.root / "etc" / "passwd").read_text(encoding="utf-8").splitlines()
            fields = next(line.split(":") for line in accounts if line.startswith(f"{self.user}:"))
            os.chown(path, int(fields[2]), int(fields[3]))

    def inside(self, path: Path) -> str:
        """Return a path as the program sees it."""
        return f"/{path.relative_to(self.root)}" if self.root else str(path)

    def run(self, *words: str, secret: str = "") -> Ran:
        """Run it with words and wait; "@" among them stands for the number of a pipe that holds the secret."""
        reading = _pipe(secret) if secret else None
        line = [str(reading) if word == "@" else word for word in words]
        try:
            done = subprocess.run(  # noqa: S603  the program that is checked
                self.command(*line),
                env=self.environment(),
                cwd=str(self.at or self.root or self.home),
                pass_fds=() if reading is None else (reading,),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=_LIMIT,
                check=False,
            )
        finally:
            if reading is not None:
                os.close(reading)
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, *, watched: bool = True) -> subprocess.Popen[str]:
        """Start its window; unwatched it starts as quickly as it can."""
        return subprocess.Popen(  # noqa: S603  as above
            self.command(watched=watched),
            env=self.environment(),
            cwd=str(self.at or self.root or self.home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )

    def command(self, *words: str, watched: bool = True) -> list[str]:
        """Return the whole line that runs it."""
        is_answering = bool(words) and sys.platform == "win32"  # there, a program with a window answers no terminal
        path = self.path.with_name("crisisdesk-cli.exe") if is_answering else self.path
        line = [self.inside(path), *self.before, *words]
        if self.root:
            line = [_tool("chroot"), *([f"--userspec={self.user}"] if self.user else []), str(self.root), *line]
        if not (self.is_watched and watched):
            return line
        self._logs.append(self._traces / f"{len(self._logs)}.strace")
        return [_tool("strace"), "-f", "-qq", "-e", "trace=socket", "-o", str(self._logs[-1]), *line]

    def environment(self) -> dict[str, str]:
        """Return what a desktop gives a program, and a path without any program on it."""
        home = self.inside(self.home)
        given = {name: os.environ[name] for name in _KEPT if name in os.environ}
        given.update(HOME=home, USERPROFILE=home, LOCALAPPDATA=home, APPDATA=home, LANG="C.UTF-8", USER="dana")
        given.update({name: os.path.join(home, "tmp") for name in ("TMPDIR", "TMP", "TEMP")})  # noqa: PTH118  as text
        given.update(
            PATH=os.path.join(home, "no-programs"),  # noqa: PTH118  as above
            XDG_RUNTIME_DIR=os.path.join(home, "run"),  # noqa: PTH118  as above
        )
        given.update({"DISPLAY": self.display} if self.display else {"QT_QPA_PLATFORM": "offscreen"})
        return given

    def sockets(self) -> list[str]:
        """Return the network sockets that were asked for in all runs so far."""
        lines = [line for log in self._logs if log.exists() for line in log.read_text(errors="replace").splitlines()]
        return [line for line in lines if any(f"({kind}," in line for kind in _NETWORK)]

    def was_watched(self) -> bool:
        """Whether the runs were seen at all: each of a desktop's programs asks for a socket of the X11 server."""
        return any(log.exists() and log.read_text(errors="replace") for log in self._logs)

    def unpacked(self) -> list[str]:
        """Return what was unpacked into temporary folders, as a program in a single file does."""
        return [str(path) for path in self.home.rglob("_MEI*")]

    def forget(self) -> None:
        """Remove its home."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self._traces, ignore_errors=True)


class Server:
    """A screen of its own, where there is none: Xvfb."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        line = [_tool("Xvfb"), "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
        self._process = subprocess.Popen(line, pass_fds=(writing,), stderr=subprocess.DEVNULL)  # noqa: S603  Debian's
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{told.readline().strip()}"

    def end(self) -> None:
        """Switch it off."""
        self._process.terminate()
        self._process.wait(10)


def seconds_to_window(program: Program, screen: Screen | Desktop, title: str) -> float:
    """Start it, wait for its painted window, close that; return how long the window took. Raises OSError."""
    began = time.perf_counter()
    process = program.start(watched=False)
    window = screen.painted(title, 60, lambda: process.poll() is None)
    took = time.perf_counter() - began
    if window is None:
        process.kill()
        raise OSError(f"no window was painted: {process.communicate()[1]}")
    screen.close(window)
    process.wait(60)
    process.communicate()
    return took


def _tool(name: str) -> str:
    """Return where a tool is: the program that it runs has nothing on its path."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if found is None:
        raise OSError(f"{name} is not installed")
    return found


def _pipe(secret: str) -> int:
    reading, writing = os.pipe()
    os.write(writing, f"{secret}\n".encode())
    os.close(writing)
    return reading
