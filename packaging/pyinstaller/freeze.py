"""Freezes CrisisDesk for the system that this runs on: into ``.build/CrisisDesk``, whole or not at all."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

from pyinstaller import absent, contents, listing  # noqa: E402  as above

import crisisdesk  # noqa: E402  it lies where the line above says

BUILD = ROOT / ".build"
RESULT = BUILD / "CrisisDesk"
_WORK = BUILD / "pyinstaller"


def freeze() -> Path:
    """Build the program and return its folder. What was there stays until the new one is whole."""
    made = _WORK / "dist"
    shutil.rmtree(made, ignore_errors=True)
    subprocess.run(  # noqa: S603  our own tool
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR"),
            *("--distpath", str(made), "--workpath", str(_WORK / "work")),
            str(Path(__file__).with_name("crisisdesk.spec")),
        ],
        check=True,
        cwd=ROOT,
    )
    _look_for_missing(_WORK / "work" / "crisisdesk")
    program = made / crisisdesk.NAME
    if sys.platform == "darwin":
        shutil.rmtree(program)  # what the bundle was made of
        made.joinpath(f"{crisisdesk.NAME}.app").rename(program.with_name("app"))
        program.mkdir()
        made.joinpath("app").rename(program / f"{crisisdesk.NAME}.app")
    if sys.platform == "linux":
        _strip(program)
    listing.write(program / f"{crisisdesk.NAME}.app" / "Contents" if sys.platform == "darwin" else program)
    old = _WORK / "old"
    shutil.rmtree(old, ignore_errors=True)
    if RESULT.exists():
        RESULT.rename(old)
    program.rename(RESULT)
    shutil.rmtree(old, ignore_errors=True)
    return RESULT


def _look_for_missing(notes: Path) -> None:
    """Stop where a module did not come along. Raises RuntimeError."""
    archive = notes.joinpath("PYZ-00.toc").read_text(encoding="utf-8")
    wrong = [
        *absent.unexplained(notes.joinpath("warn-crisisdesk.txt").read_text(encoding="utf-8")),
        *absent.left_behind(contents.modules(ROOT), archive),
    ]
    if wrong:
        raise RuntimeError("Modules are missing from the program: " + "; ".join(wrong))


def _strip(program: Path) -> None:
    """Take the debugger's tables out of Python's own libraries. A wheel's were patched: they are not touched."""
    tree = program / contents.TREE
    own = [*tree.glob("libpython3*"), *tree.glob("python3*/lib-dynload/*.so")]
    subprocess.run(["strip", "--strip-unneeded", *map(str, own)], check=True)  # noqa: S603, S607  binutils'


if __name__ == "__main__":
    sys.stdout.write(f"{freeze()}\n")
