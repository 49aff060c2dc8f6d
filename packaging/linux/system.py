"""Runs the system's own tools, and what is tried with them."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from steps import FailedError

Done = subprocess.CompletedProcess[str]


class ToolFailedError(FailedError):
    """What a tool said when it could not do its work."""


def ask(*line: str | Path, folder: Path | None = None, env: Mapping[str, str] | None = None, heard: str = "") -> Done:
    """Run a tool that hears something, and return how it ended and what it said, well or not."""
    return subprocess.run(  # noqa: S603  Debian's tools, and what is tried
        line, cwd=folder, env=env, input=heard, check=False, capture_output=True, text=True
    )


def must(*line: str | Path, folder: Path | None = None) -> str:
    """Run a tool that has to do its work, and return what it printed."""
    done = ask(*line, folder=folder)
    if done.returncode:
        raise ToolFailedError(f"{line[0]} failed: {said(done)}")
    return done.stdout


def said(done: Done, most: int = 12) -> str:
    """Return the last lines of what a program said, for a report."""
    lines = f"{done.stdout}\n{done.stderr}".strip().splitlines()
    return "\n".join(lines[-most:])
