"""Finds what the frozen program needs of a Debian system, from what its files really load."""

import re
import tempfile
from pathlib import Path

from linux.system import ask, must

_KEPT = "linux/depends.txt"
_ELF = b"\x7fELF"

# Debian asks for libx11's own newest version here, for a library with one function that is as old as the library.
_TOO_STRICT = "libX11-xcb 1 libx11-xcb1\n"


def elves(program: Path) -> list[Path]:
    """Return every program and library in a folder, links left out."""
    return [path for path in sorted(program.rglob("*")) if path.is_file() and not path.is_symlink() and _is_elf(path)]


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _ELF


def find(program: Path) -> list[str]:
    """Return the packages, with the oldest version that will do; dpkg-shlibdeps knows both from the symbols in use."""
    files = elves(program)
    folders = sorted({str(path.parent) for path in files})
    with tempfile.TemporaryDirectory() as work:
        debian = Path(work, "debian")
        debian.mkdir()
        (debian / "control").write_text("Source: crisisdesk\n\nPackage: crisisdesk\nArchitecture: amd64\n")
        (debian / "shlibs.local").write_text(_TOO_STRICT)
        told = must(
            # What comes along belongs to no package: that is no mistake, and the clean root shows that nothing lacks.
            *("dpkg-shlibdeps", "-O", "--ignore-missing-info", *(f"-x{package}" for package in _brought(files))),
            *(*(f"-l{folder}" for folder in folders), *(f"-e{path}" for path in files)),
            folder=Path(work),
        )
    found = re.search(r"(?m)^shlibs:Depends=(.*)$", told)
    if not found:
        raise ValueError("dpkg-shlibdeps named no package")
    return sorted(found[1].split(", "))


def keep(program: Path, build: Path) -> None:
    """Find the packages once for the .deb and the tar: it takes its time."""
    place = build / _KEPT
    place.parent.mkdir(exist_ok=True)
    place.write_text("".join(f"{package}\n" for package in find(program)), encoding="utf-8")


def kept(build: Path) -> list[str]:
    """Return the packages that were found."""
    return (build / _KEPT).read_text(encoding="utf-8").splitlines()


def _brought(files: list[Path]) -> list[str]:
    """Return the packages of libraries that come along, so that nobody need install them too."""
    owners = ask("dpkg-query", "--search", *(f"*/x86_64-linux-gnu/{path.name}" for path in files))
    return sorted({line.split(":")[0] for line in owners.stdout.splitlines()})
