"""A hard lock: the program starts anew in its place, and whatever lay in its memory is gone."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

_PRACTICE = "--practice"  # whoever was looking around comes back to the start
_MOST_FILES = 4096


def command() -> list[str]:
    """Return how this program was started, without what only that start wanted."""
    words = sys.argv if getattr(sys, "frozen", False) else sys.orig_argv
    return [sys.executable, *(word for word in words[1:] if word != _PRACTICE)]


def anew() -> NoReturn:
    """Start anew, now, from any thread. Nothing is closed first: that is the caller's."""
    if sys.platform == "win32":
        subprocess.Popen(command(), close_fds=True)  # noqa: S603  ourselves, as we were started
        os._exit(0)
    _keep_files_here()
    os.execv(sys.executable, command())  # noqa: S606  ourselves, and no shell


def _keep_files_here() -> None:
    """Let no open file or connection go along."""
    try:
        numbers = [int(name.name) for name in Path("/proc/self/fd").iterdir()]
    except OSError:
        numbers = list(range(_MOST_FILES))
    for number in numbers:
        if number > 2:  # noqa: PLR2004  standard input, output and error stay
            with suppress(OSError):
                os.set_inheritable(number, False)
