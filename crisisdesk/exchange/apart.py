"""Read a stranger's list in a process of its own (security.md 3.9): what it breaks there does not touch the vault.

``read`` is ``hsds.read`` with a wall around it: same file, same directory, same sentences. The child has no window, no
vault, none of this program's environment or open files; it may use 2 GB and a minute; what it sends is not trusted.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from os import fsencode
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import IO, Self

import crisisdesk
from crisisdesk import paths
from crisisdesk.errors import FileProblem
from crisisdesk.exchange import wire
from crisisdesk.i18n import _
from crisisdesk.records.incoming import IncomingDirectory

VERB = "read-list"  # __main__ knows it, and exchange.apart_child does what it says
_NO_MEMORY = 71  # as in exchange.apart_child, which loads the parsers and so is not loaded here
_OUT_OF_TIME = (-24, 1816)  # SIGXCPU; Windows' ERROR_NOT_ENOUGH_QUOTA
_OUTPUT_LIMIT = 256 * 1024 * 1024  # bytes; Baltimore takes 7 MB
_BEAT = 0.05  # seconds between two looks at Cancel and the clock
_NO_WINDOW = 0x08000000  # CREATE_NO_WINDOW

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may use: bytes of address space, seconds of processor time, seconds on the wall."""

    memory: int = 2 * 1024**3
    processor: int = 60
    wall: float = 60


_USUAL = Limits()


def command(limits: Limits = _USUAL) -> list[str]:
    """Return the line that starts the child: this program, with a verb."""
    words = [VERB, str(limits.memory), str(limits.processor)]
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    return [sys.executable, "-P", "-m", "crisisdesk", *words]


def environment() -> Mapping[str, str]:
    """Return all that the child knows of this program's environment."""
    needed = {"SYSTEMROOT": str(paths.windows_tool("").parent)} if sys.platform == "win32" else {}
    if not getattr(sys, "frozen", False):
        needed["PYTHONPATH"] = str(Path(crisisdesk.__file__).resolve().parents[1])
    return needed


def read(
    path: Path,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    limits: Limits = _USUAL,
    child: Sequence[str] | None = None,
) -> IncomingDirectory | None:
    """Return the directory at a path, or None if it was cancelled; ``cancelled`` is asked on a thread beside.

    Raises FileProblem, a whole sentence, whatever becomes of the child; what ``progress`` raises ends the child too.
    ``child`` is another line to start it by, for tests.
    """
    if cancelled and cancelled():
        return None
    path = path.absolute()
    try:
        process = _started(child or command(limits))
    except OSError:
        raise FileProblem(
            _("The list could not be read, because CrisisDesk could not start its reader. Please try again.")
        ) from None
    taking = wire.Taking()
    with process, _Watch(process, cancelled, limits.wall) as watch:
        try:
            _tell(process.stdin, path)
            _take(taking, process.stdout, progress)
            code = process.wait()
        except wire.GarbledError:
            code = None
        finally:
            process.kill()
    if watch.ended is _Ended.CANCELLED:
        return None
    if watch.ended is _Ended.LATE or code in _OUT_OF_TIME:
        raise FileProblem(_late(path))
    if code == 0 and isinstance(taking.outcome, IncomingDirectory):
        return taking.outcome
    if code == 0 and isinstance(taking.outcome, wire.Refused):
        raise FileProblem(taking.outcome.sentence)
    raise FileProblem(_too_large(path) if code == _NO_MEMORY else _broken(path))


def _started(line: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start the child where it holds no folder of hers open, with no file of ours but its two pipes."""
    return subprocess.Popen(  # noqa: S603  ourselves
        list(line),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(environment()),
        cwd=Path(sys.executable).parent,
        close_fds=True,
        creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
    )


def _tell(stdin: IO[bytes] | None, path: Path) -> None:
    """Say which file. A child that is gone already will be noticed by what it did not send."""
    if stdin is None:
        raise AssertionError("it was asked for")
    with contextlib.suppress(OSError), stdin:
        stdin.write(fsencode(path))


def _take(taking: wire.Taking, stdout: IO[bytes] | None, progress: Progress | None) -> None:
    for line in _lines(stdout):
        step = taking.take(line)
        if step and progress:
            progress(*step)


def _lines(stdout: IO[bytes] | None) -> Iterator[bytes]:
    """Yield whole lines, of bounded length each and together. Raises GarbledError."""
    if stdout is None:
        raise AssertionError("it was asked for")
    total = 0
    while line := stdout.readline(wire.LINE_LIMIT + 1):
        total += len(line)
        if total > _OUTPUT_LIMIT or len(line) > wire.LINE_LIMIT or not line.endswith(b"\n"):
            raise wire.GarbledError
        yield line


class _Ended(Enum):
    CANCELLED = auto()
    LATE = auto()


class _Watch:
    """Ends the child when she cancels or its time is up: the thread that reads may be waiting for a line."""

    def __init__(self, process: "subprocess.Popen[bytes]", cancelled: Cancelled | None, wall: float) -> None:
        self._process = process
        self._cancelled = cancelled
        self._until = time.monotonic() + wall
        self._over = Event()
        self._thread = Thread(target=self._look, name="reading a list", daemon=True)
        self.ended: _Ended | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_BEAT):
            if self._cancelled and self._cancelled():
                self.ended = _Ended.CANCELLED
            elif time.monotonic() >= self._until:
                self.ended = _Ended.LATE
            if self.ended:
                self._process.kill()
                return


# Why it could not be read ---------------------------------------------------------------------------------------------


def _late(path: Path) -> str:
    return _(
        "“{file}” took longer than a minute to read, which no directory should, so reading was stopped. "
        "Nothing was brought in. Ask its publisher for a smaller file."
    ).format(file=path.name)


def _too_large(path: Path) -> str:
    return _(
        "“{file}” needs more memory to be read than a directory should, so reading was stopped. "
        "Nothing was brought in. Ask its publisher for a smaller file."
    ).format(file=path.name)


def _broken(path: Path) -> str:
    return _(
        "“{file}” holds something that stopped the reading. Nothing was brought in, and what you have is as it was. "
        "Ask its publisher to export it again."
    ).format(file=path.name)
