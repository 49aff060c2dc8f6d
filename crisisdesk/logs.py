"""The program's log: what went wrong and where in the code, in codes only. Never a value, a message or a name.

Lines look like ``2026-11-24T09:46:00Z error ValueError crisisdesk/desk/notes.py:112 sign``. There are five files of
1 MB, then the oldest goes.
"""

import itertools
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from crisisdesk import paths

NAME = "crisisdesk"
_SIZE = 1_000_000  # bytes a file
_FILES = 5
_DEEPEST = 12  # frames of a traceback that are worth keeping
_OURS = "crisisdesk"


class _Rotating(logging.FileHandler):
    """Goes on in a new file when one is full. Python's own handler loads sockets and pickles, which takes time."""

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is not None and self.stream.tell() + len(self.format(record)) >= _SIZE:
            self._turn()
        super().emit(record)

    def _turn(self) -> None:
        self.close()
        files = [Path(self.baseFilename), *(Path(f"{self.baseFilename}.{n}") for n in range(1, _FILES))]
        for newer, older in reversed(list(itertools.pairwise(files))):
            if newer.exists():
                newer.replace(older)
        self.stream = self._open()


class _Codes(logging.Formatter):
    """Writes the moment, the level and the code; whatever else a record carries stays out."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        code = record.msg if isinstance(record.msg, str) and not record.args else "unspoken"
        return f"{moment} {record.levelname.lower()} {_one_line(code)}"


def start(folder: Path | None = None) -> logging.Logger:
    """Open the log in the program's own folder; where that can't be written the program runs without one."""
    log = logging.getLogger(NAME)
    stop()
    log.setLevel(logging.INFO)
    log.propagate = False
    place = folder or paths.logs()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = place / "app.log"
        handler = _Rotating(file, encoding="utf-8")
        file.chmod(0o600)
    except OSError:
        log.addHandler(logging.NullHandler())
        return log
    handler.setFormatter(_Codes())
    log.addHandler(handler)
    return log


def stop() -> None:
    """Close the log's files."""
    log = logging.getLogger(NAME)
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()


def code_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return an exception as codes: its type and where it went through, never what it says."""
    frames = traceback.extract_tb(trace)[-_DEEPEST:]
    places = " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{kind.__module__}.{kind.__qualname__} {places or '-'}"


def _short(filename: str) -> str:
    """Return a file's name from our package on, or its own name alone: a path may hold the user's name."""
    parts = Path(filename).parts
    if _OURS in parts:
        start_at = len(parts) - 1 - parts[::-1].index(_OURS)
        return "/".join(parts[start_at:])
    return parts[-1] if parts else "-"


def _one_line(code: str) -> str:
    return " ".join(code.split())
