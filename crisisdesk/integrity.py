"""Whether the program's files are as they were built (security.md 3.10, SI-7).

The packaged program carries a list of its files with their SHA-256. That notices a broken disk, half an update, a file
that somebody put beside the others. Whoever replaces the program can replace the list too: against that stand the
installer's checksum and signature, and a folder that only an administrator may write to.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.resources import resource

LIST = ("about", "files.sha256")  # among the resources
_TREE = "_internal"  # PyInstaller's folder; what a packager lays beside it (a licence) is no part of the program
_CODE = frozenset({".dll", ".dylib", ".exe", ".pyd", ".so", ".zip"})
_SIGNED = (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")  # macOS' programs: signing changes them, and seals them better


@dataclass(frozen=True, slots=True)
class Compared:
    """How many files are as they were built, and the paths of those that are not, gone or too many."""

    well: int
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all are as they were built."""
        return not (self.changed or self.gone or self.added)


def compare() -> Compared | None:
    """Compare this program with its list, in a second or so: for a job. None where it runs from its sources."""
    folder = program_folder()
    if folder is None:
        return None
    try:
        return compare_with(folder, read(resource(*LIST).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return Compared(0, gone=("/".join(LIST),))


def program_folder() -> Path | None:
    """Return the packaged program's folder; None where it runs from its sources."""
    if not getattr(sys, "frozen", False):
        return None
    beside = Path(sys.executable).resolve().parent
    return beside.parent if sys.platform == "darwin" else beside  # …/CrisisDesk.app/Contents


def compare_with(folder: Path, listed: Mapping[str, str]) -> Compared:
    """Compare a folder with a list of its files."""
    found = dict.fromkeys(files(folder))
    same = {path: _sha256(folder / path) == digest for path, digest in listed.items() if path in found}
    return Compared(
        sum(same.values()),
        changed=tuple(path for path, is_same in same.items() if not is_same),
        gone=tuple(path for path in listed if path not in found),
        added=tuple(path for path in found if path not in listed and _is_ours(path)),
    )


def listing(folder: Path) -> str:
    """Return the list of a folder's files, as sha256sum writes it. For the build."""
    return "".join(f"{_sha256(folder / path)}  {path}\n" for path in files(folder))


def read(text: str) -> dict[str, str]:
    """Return the digests in a list by their paths. Raises ValueError."""
    lines = (line.split("  ", 1) for line in text.splitlines())
    return {path: digest for digest, path in lines}


def files(folder: Path) -> Iterator[str]:
    """Yield the paths that a list holds: all files below a folder but the list itself and what signing changes."""
    own = "/".join(LIST)
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder).as_posix()
        if path.is_file() and not below.endswith(own) and not _is_sealed(path):
            yield below


def _is_sealed(path: Path) -> bool:
    if sys.platform != "darwin":
        return False
    if "_CodeSignature" in path.parts:
        return True
    with path.open("rb") as file:
        return file.read(4) in _SIGNED


def _is_ours(path: str) -> bool:
    return sys.platform == "darwin" or path.startswith(f"{_TREE}/") or Path(path).suffix.lower() in _CODE


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
