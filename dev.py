"""Set up and run CrisisDesk from a checkout, with nothing but Python: python3 dev.py run, test and a few more."""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Callable, NamedTuple

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "crisisdesk-ready"

OLDEST, NEWEST = (3, 11), (3, 14)  # requirements.lock has wheels for these and no others

# What PySide6-Essentials and PySide6-Pdf 6.12 load from a Linux system (readelf -d: the window, paper, printing),
# and the Debian packages that have it.
QT_LIBRARIES = (
    ("libEGL.so.1", "libegl1"),
    ("libGL.so.1", "libgl1"),
    ("libX11.so.6", "libx11-6"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libbrotlidec.so.1", "libbrotli1"),
    ("libcups.so.2", "libcups2"),
    ("libdbus-1.so.3", "libdbus-1-3"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libfreetype.so.6", "libfreetype6"),
    ("libglib-2.0.so.0", "libglib2.0-0"),
    ("libgthread-2.0.so.0", "libglib2.0-0"),
    ("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
    ("libxcb.so.1", "libxcb1"),
    ("libxcb-cursor.so.0", "libxcb-cursor0"),
    ("libxcb-icccm.so.4", "libxcb-icccm4"),
    ("libxcb-image.so.0", "libxcb-image0"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    ("libxcb-randr.so.0", "libxcb-randr0"),
    ("libxcb-render.so.0", "libxcb-render0"),
    ("libxcb-render-util.so.0", "libxcb-render-util0"),
    ("libxcb-shape.so.0", "libxcb-shape0"),
    ("libxcb-shm.so.0", "libxcb-shm0"),
    ("libxcb-sync.so.1", "libxcb-sync1"),
    ("libxcb-util.so.1", "libxcb-util1"),
    ("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    ("libxcb-xkb.so.1", "libxcb-xkb1"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    ("libzstd.so.1", "libzstd1"),
)


class CannotStartError(Exception):
    """Why nothing was started, in a sentence that says what to do."""


class Verb(NamedTuple):
    """What one word after dev.py does."""

    says: str
    run: Callable[[list[str]], int]


# --- what the computer must have -------------------------------------------------------------------------------------


def unfit_python(version: tuple[int, ...]) -> str | None:
    """Return the sentence for a Python that is too old or too new, or None."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    return (
        "CrisisDesk needs Python {}.{} to {}.{}, and this is Python {}.{}; "
        "start it with a Python that fits, for example: python3.12 dev.py run"
    ).format(*OLDEST, *NEWEST, *version[:2])


def loads(library: str) -> bool:
    """Say whether the system finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(finds: Callable[[str], bool] = loads, *, can_make_venv: bool = True) -> dict[str, str]:
    """Return what this Linux computer lacks, as {what: Debian package}."""
    missing = {library: package for library, package in QT_LIBRARIES if not finds(library)}
    if not can_make_venv:
        missing["Python's venv"] = "python{}.{}-venv".format(*sys.version_info[:2])
    return missing


def provide_packages(missing: dict[str, str], what: str = "the window needs") -> None:
    """Install what is missing, as root on Debian; else raise with the line to copy."""
    packages = " ".join(sorted(set(missing.values())))
    if not shutil.which("apt-get"):
        names = ", ".join(missing)
        raise CannotStartError(f"This computer lacks {names}. Install that with its package manager, then start again.")
    if os.geteuid() != 0:
        raise CannotStartError(
            f"This computer lacks what {what}. Copy this line, then start again:\nsudo apt-get install {packages}"
        )
    say(f"Installing what {what}, Debian packages: {packages}")
    began = time.monotonic()
    settings = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for line in ("apt-get update -qq", f"apt-get install -y -qq --no-install-recommends {packages}"):
        done = subprocess.run(line.split(), env=settings, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotStartError(f"{done.stdout}{done.stderr}'{line}' failed; what it said stands above.")
    say(f"  done in {seconds(began)}")


# --- .venv -----------------------------------------------------------------------------------------------------------


def python() -> Path:
    """Return the Python of .venv."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def base_python() -> str:
    """Return the Python that .venv is made from, also when dev.py is run by the one inside it."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)


def stamp() -> str:
    """Return what a finished .venv is known by: the packages, the Python, and the place, since it can't be moved."""
    parts = (hashlib.sha256(LOCK.read_bytes()).hexdigest(), platform.python_version(), str(ROOT))
    return "\n".join(parts)


def is_ready() -> bool:
    """Say whether .venv was finished, for this lock, this Python and this place."""
    try:
        return STAMP.read_text(encoding="utf-8") == stamp() and python().exists()
    except OSError:
        return False


def set_up() -> None:
    """Make .venv from requirements.lock unless it is ready. The stamp comes last: a half-made one is made anew."""
    ready = is_ready()
    if sys.platform.startswith("linux"):
        missing = missing_packages(can_make_venv=ready or importlib.util.find_spec("ensurepip") is not None)
        if missing:
            provide_packages(missing)
    if ready:
        return
    began = time.monotonic()
    say(f"Setting up .venv {'anew' if VENV.exists() else 'for the first time'}, which takes a minute or two.")
    make = [base_python(), "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(make, capture_output=True, text=True, check=False)
    if made.returncode:
        raise CannotStartError(
            f"{made.stdout}{made.stderr}"
            "The folder .venv could not be made. Close CrisisDesk if it is open, then start again."
        )
    install_packages()
    # The checkout itself, so that .venv's Python finds it from any folder: no build step, nothing more to fetch.
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV), "platbase": str(VENV)}))
    (site / "crisisdesk-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    STAMP.write_text(stamp(), encoding="utf-8")
    say(f"  ready in {seconds(began)}")


PIP = (
    "-m pip install --require-hashes --only-binary :all: --no-deps"
    " --no-input --disable-pip-version-check --no-warn-script-location -r"
)


def install_packages() -> None:
    """Install what requirements.lock names, by its hashes, from wherever this computer's pip fetches."""
    at_most = len(re.findall(r"(?m)^[a-z]", LOCK.read_text(encoding="utf-8")))
    heard = []
    with subprocess.Popen(
        [str(python()), *PIP.split(), str(LOCK)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as pip:
        for raw in pip.stdout or ():
            heard.append(raw.decode(errors="replace"))
            collected = sum(said.startswith("Collecting ") for said in heard)
            if sys.stdout.isatty():
                print(f"\r  package {collected} of at most {at_most} ", end="", flush=True)
    if sys.stdout.isatty():
        print("\r" + " " * 40, end="\r")
    if pip.returncode:
        raise CannotStartError("".join(heard[-15:]) + "The packages could not be fetched; what pip said stands above.")


# --- the verbs -------------------------------------------------------------------------------------------------------


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


def seconds(began: float) -> str:
    """Return the time since a moment in words."""
    return f"{time.monotonic() - began:.1f} s"


def start(arguments: list[str], **settings: str) -> int:
    """Run .venv's Python in the checkout and return what it returned."""
    return subprocess.run(
        [str(python()), *arguments], cwd=str(ROOT), env=dict(os.environ, **settings), check=False
    ).returncode


def has_screen() -> bool:
    """Say whether a window could be seen; Windows and macOS always have one."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def run(arguments: list[str]) -> int:
    """Open CrisisDesk."""
    if not has_screen():
        raise CannotStartError(
            "There is no screen here for a window. To see CrisisDesk in pictures: python3 dev.py gallery"
        )
    set_up()
    return start(["-m", "crisisdesk", *arguments])


LINT = (
    ("ruff check", ["-m", "ruff", "check", "--output-format=concise", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "--output-format=concise", "."]),
    ("mypy", ["-m", "mypy"]),
)


def walk(steps: tuple[tuple[str, list[str]], ...]) -> list[str]:
    """Run every step, also after one that failed, and return the names of those that did."""
    failed = []
    for name, arguments in steps:
        say(f"== {name}")
        began = time.monotonic()
        if start(arguments):
            failed.append(name)
        say(f"   {'FAILED' if name in failed else 'passed'} in {seconds(began)}")
    return failed


def lint(arguments: list[str]) -> int:
    """Check style and types."""
    refuse(arguments)
    set_up()
    return 1 if walk(LINT) else 0


def test(arguments: list[str]) -> int:
    """Run style, types, layers and tests, but for the campaigns of faults. Arguments go to pytest, run alone then."""
    set_up()
    failed = [] if arguments else walk(LINT)
    say("== pytest")
    began = time.monotonic()
    # Two workers for the whole suite; for a few tests, starting them takes longer than they save.
    line = ["-m", "pytest", *(arguments or ["-n", "2", "--ignore=tests/faults"])]
    if sys.stdout.isatty():
        line.append("--color=yes")
    closing = ""
    # Each worker, and each process that a test starts, would otherwise compile the program anew where this is set.
    settings = dict(os.environ, QT_QPA_PLATFORM="offscreen", PYTHONDONTWRITEBYTECODE="")
    with subprocess.Popen([str(python()), *line], cwd=str(ROOT), env=settings, stdout=subprocess.PIPE) as tests:
        for raw in tests.stdout or ():
            sys.stdout.buffer.write(raw)
            sys.stdout.flush()
            closing = raw.decode(errors="replace").rstrip() or closing
    if tests.returncode:
        failed.append("pytest")
    say(f"   {'FAILED' if tests.returncode else 'passed'} in {seconds(began)}")
    say(f"Failed: {', '.join(failed)}" if failed else "Every check passed.")
    say(closing)
    return 1 if failed else 0


def gallery(arguments: list[str]) -> int:
    """Draw every page, form and dialog into PNG files; --out DIR names the folder."""
    set_up()
    return start(["-m", "tests.gallery", *arguments], QT_QPA_PLATFORM="offscreen")


def bench(arguments: list[str]) -> int:
    """Measure the speeds that README's ARCHITECTURE section promises."""
    set_up()
    return start(["-m", "tests.bench", *arguments], QT_QPA_PLATFORM="offscreen")


def faults(arguments: list[str]) -> int:
    """Let everything go wrong that can, at the figures that .ci/run asks for; tests/faults/conftest.py says more."""
    set_up()
    line = ["-m", "pytest", "tests/faults", "--campaign=ci", "-n", "2", *arguments]
    return start(line, QT_QPA_PLATFORM="offscreen")


def selftest(arguments: list[str]) -> int:
    """Run the acceptance checks against the installed program; --break shows that each would notice."""
    set_up()
    return start(["-m", "tests.selftest", *arguments], QT_QPA_PLATFORM="offscreen")


def build(arguments: list[str]) -> int:
    """Make this system's installers and try them; packaging/README.md says more."""
    set_up()
    return start(["packaging/build.py", *arguments])


def words(arguments: list[str]) -> int:
    """Gather the texts to translate into resources/locale/crisisdesk.pot."""
    refuse(arguments)
    set_up()
    return start(["-m", "tests.architecture.words"])


def refuse(arguments: list[str]) -> None:
    """Refuse arguments where there are none to give."""
    if arguments:
        raise CannotStartError(f"Nothing can be added here: {' '.join(arguments)}")


VERBS: dict[str, Verb] = {
    "run": Verb("open CrisisDesk (--practice: with made-up people)", run),
    "test": Verb("run every check but faults, selftest and bench", test),
    "lint": Verb("check style and types only", lint),
    "gallery": Verb("draw every page and document into pictures (--out DIR)", gallery),
    "bench": Verb("measure speed", bench),
    "faults": Verb("let everything go wrong that can (--campaign=nightly: for hours)", faults),
    "selftest": Verb("check security's promises on the installed program (M1 M8 …, --break)", selftest),
    "build": Verb("make the installers and try them (--skip-checks, --only linux|windows)", build),
    "words": Verb("gather the texts to translate", words),
}


def main(arguments: list[str]) -> int:
    """Do what the first word says."""
    unfit = unfit_python(sys.version_info[:2])
    if unfit:
        say(unfit)
        return 1
    if not arguments or arguments[0] not in VERBS:
        say("python3 dev.py ...")
        for name, verb in VERBS.items():
            say(f"  {name:8} {verb.says}")
        return 0 if arguments[:1] in ([], ["-h"], ["--help"]) else 2
    try:
        return VERBS[arguments[0]].run(arguments[1:])
    except CannotStartError as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
