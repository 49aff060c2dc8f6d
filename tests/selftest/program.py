"""The installed program: our package and its resources as the wheel has them, in a folder of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BREAKAGES = Path(__file__).with_name("breakages.py")
_LIMIT = 900  # seconds for one command
_LAUNCHER = """\
import sys
sys.path.insert(0, {site!r})
from crisisdesk.__main__ import main
sys.exit(main())
"""


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


@dataclass
class Program:
    """The program under test, and a home of its own for each check."""

    command: tuple[str, ...]
    scratch: Path
    site: Path | None = None  # where it is installed, if we did that
    settings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def install(cls, scratch: Path) -> "Program":
        """Put package and resources where a wheel would."""
        site = scratch / "site"
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "crisisdesk", site / "crisisdesk", ignore=skip)
        shutil.copytree(ROOT / "resources", site / "crisisdesk" / "resources", ignore=skip)
        launcher = scratch / "launch.py"
        launcher.write_text(_LAUNCHER.format(site=str(site)), encoding="utf-8")
        return cls((sys.executable, "-P", str(launcher)), scratch, site)

    def home(self) -> Path:
        """Make an empty folder."""
        return Path(tempfile.mkdtemp(dir=self.scratch))

    def run(
        self,
        *words: str,
        secrets: Sequence[str] = (),
        env: Mapping[str, str | None] | None = None,
        broken: str = "",
        before: Sequence[str] = (),
    ) -> Ran:
        """Run it with words. ``secrets`` take the place of "@0", "@1" … as numbers of pipes that hold them.

        ``broken`` names a promise that is broken on purpose; ``before`` is what runs it ("strace …").
        """
        command = list(self.command)
        if broken:
            command = [sys.executable, "-P", str(_BREAKAGES), str(self.site), broken]
        pipes = [_pipe(secret) for secret in secrets]
        line = [*before, *command, *(str(pipes[int(word[1:])]) if word[:1] == "@" else word for word in words)]
        given = {**os.environ, **self.settings, "QT_QPA_PLATFORM": "offscreen", **(env or {})}
        try:
            done = subprocess.run(
                line,
                env={name: value for name, value in given.items() if value is not None},
                cwd=self.scratch,
                pass_fds=pipes,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=_LIMIT,
                stdin=subprocess.DEVNULL,
                check=False,
            )
        finally:
            for pipe in pipes:
                with suppress(OSError):
                    os.close(pipe)
        return Ran(done.returncode, done.stdout, done.stderr)


def _pipe(secret: str) -> int:
    reading, writing = os.pipe()
    os.write(writing, f"{secret}\n".encode())
    os.close(writing)
    return reading
