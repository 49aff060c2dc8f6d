"""The installed program: a wheel of this checkout, built and installed into a place of its own."""

import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BREAKAGES = Path(__file__).with_name("breakages.py")
_LIMIT = 900  # seconds for one command
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


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
    python: Path = Path(sys.executable)  # what runs it there
    settings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def install(cls, scratch: Path) -> "Program":
        """Build the wheel, and install it beside the libraries of this environment but without its checkout."""
        wheels, place = scratch / "wheels", scratch / "installed"
        _do(*_PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(wheels), str(ROOT))
        _do(sys.executable, "-m", "venv", "--without-pip", str(place))
        (wheel,) = wheels.glob("*.whl")
        python = place / "bin" / "python"
        _do(*_PIP, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
        (site,) = place.glob("lib/python*/site-packages")
        # A line in a .pth file adds a folder and not what that folder's own .pth files name: so no checkout.
        (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
        return cls((str(place / "bin" / "crisisdesk"),), scratch, site, python)

    @property
    def files(self) -> list[Path]:
        """What it consists of, so far as it lies in a folder of its own: installed by us, or packaged."""
        beside = Path(self.command[0]).parent
        folder = self.site or (beside if (beside / "_internal").is_dir() else None)
        return list(folder.rglob("*")) if folder else []

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

        ``broken`` names a promise that is broken on purpose, in the checkout if it isn't installed by us;
        ``before`` is what runs it ("strace …").
        """
        command = list(self.command)
        if broken:
            command = [str(self.python), "-P", str(_BREAKAGES), str(self.site or ROOT), broken]
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


def _do(*line: str) -> None:
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{done.stdout}{done.stderr}")


def _pipe(secret: str) -> int:
    reading, writing = os.pipe()
    os.write(writing, f"{secret}\n".encode())
    os.close(writing)
    return reading
