"""Runs the steps of a build: each a process of its own, as many at once as there are cores, after those it needs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that is made, or one thing that is looked at."""

    name: str
    does: Callable[[], Sequence[str] | object]  # a check returns its findings, a sentence each
    after: tuple[str, ...] = ()
    is_check: bool = False


class FailedError(Exception):
    """A step that makes something could not, so that nothing after it can be made."""


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def do(step: Step) -> int:
    """Do one step in this process, and print what a check found."""
    found = step.does()
    if not step.is_check:
        return 0
    findings = [str(finding) for finding in found] if isinstance(found, Sequence) else []
    for finding in findings:
        say(f"- {finding}")
    return 1 if findings else 0


@dataclass
class Run:
    """The steps on their way."""

    script: Path  # started with "--step NAME", it does that one
    logs: Path
    failed: list[str] = field(default_factory=list)
    _processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    _starting: Lock = field(default_factory=Lock)  # nothing starts while everything is being ended, or after it
    _is_over: bool = False

    def all(self, steps: Sequence[Step]) -> None:
        """Do every step; a check that finds something is noted, anything else that fails raises FailedError."""
        self.logs.mkdir(parents=True, exist_ok=True)
        waiting, done = list(steps), set[str]()
        unknown = {name for step in steps for name in step.after} - {step.name for step in steps}
        if unknown:
            raise ValueError(f"no such step: {', '.join(sorted(unknown))}")
        with ThreadPoolExecutor(os.cpu_count() or 1) as cores:
            running: dict[Future[float], Step] = {}
            try:
                while waiting or running:
                    for step in [each for each in waiting if done.issuperset(each.after)]:
                        if len(running) < (os.cpu_count() or 1):
                            waiting.remove(step)
                            running[cores.submit(self._one, step)] = step
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        step = running.pop(future)
                        self._close(step, future.result())
                        done.add(step.name)
            finally:
                self._stop()

    def _one(self, step: Step) -> float:
        began = time.monotonic()
        with self._log(step).open("wb") as log:
            line = [sys.executable, str(self.script), "--step", step.name]
            with self._starting:
                if self._is_over:
                    return 0.0
                process = subprocess.Popen(line, stdout=log, stderr=log, start_new_session=True)  # noqa: S603  ourselves
                self._processes[step.name] = process
            process.wait()
        return time.monotonic() - began

    def _close(self, step: Step, seconds: float) -> None:
        is_good = self._processes.pop(step.name).returncode == 0
        say(f"{seconds:6.1f} s  {step.name}{'' if is_good else '  FAILED'}")
        if is_good:
            return
        heard = self._log(step).read_text(encoding="utf-8", errors="replace").splitlines()
        for line in heard[-40:]:
            say(f"          {line}")
        if not step.is_check:
            raise FailedError(f'"{step.name}" failed. What it said stands above, and whole in {self._log(step)}.')
        self.failed.append(step.name)

    def _log(self, step: Step) -> Path:
        return self.logs / f"{step.name.replace(' ', '-')}.log"

    def _stop(self) -> None:
        """End what still runs after a failure or Ctrl+C, with everything that it started."""
        with self._starting:
            self._is_over = True
        for process in list(self._processes.values()):
            try:
                os.killpg(process.pid, signal.SIGTERM) if os.name == "posix" else process.terminate()
            except ProcessLookupError:  # it ended by itself
                continue
