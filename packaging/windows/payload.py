"""A stand-in for what PyInstaller makes on Windows, put together where no Windows is, to try the installer around it.

Its libraries are the real ones, from the Windows wheels that requirements.lock names; its program is PyInstaller's own
starter for Windows with the sources behind it. It doesn't start, and is never handed out.
"""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pyinstaller import contents
from windows import pe

from crisisdesk import NAME

ROOT = Path(__file__).resolve().parents[2]
STARTER = "pyinstaller"  # its wheel brings the starter; none of its modules is in a program
STARTERS = {f"{NAME}.exe": "runw.exe", f"{NAME.lower()}-cli.exe": "run.exe"}
_LONGEST = 160  # letters below the program's folder: Windows takes 260 in all, and zips are unpacked in deep folders
MARK = "STAND-IN.txt"
_MARK_SAYS = "This is no program. It stands for one, to try the installer. Don't hand it out.\n"

# What marker texts are asked for: the Windows and the Python that the installer is for.
_WINDOWS = {
    "sys_platform": "win32",
    "platform_system": "Windows",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "python_version": "3.11",
    "python_full_version": "3.11.9",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "extra": "",
}
_PIP = ("--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp")
_ABIS = ("--abi", "cp311", "--abi", "abi3", "--abi", "none")

# Modules of Qt that the spec's Python never names, but without which the others don't load.
_QT_ALWAYS = frozenset({"QtCore"})


@dataclass(frozen=True)
class Locked:
    """One entry of requirements.lock."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]

    @property
    def is_for_windows(self) -> bool:
        """Whether Windows gets it at all."""
        return not self.marker or Marker(self.marker).evaluate(_WINDOWS)

    @property
    def line(self) -> str:
        """What pip needs to download exactly this."""
        return " ".join((f"{self.name}=={self.version}", *(f"--hash={each}" for each in self.hashes)))


def locked(text: str) -> dict[str, Locked]:
    """Read requirements.lock."""
    entry = re.compile(r"^([\w.-]+)==(\S+)(?: ; ([^\\\n]+?))? ?\\\n((?:    .*\n?)+)", re.MULTILINE)
    found = {}
    for name, version, marker, rest in entry.findall(text):
        comments = [line.strip()[1:].strip().removeprefix("via").strip() for line in rest.splitlines() if "#" in line]
        hashes = tuple(re.findall(r"--hash=(\S+)", rest))
        found[name] = Locked(name, version, marker, hashes, tuple(each for each in comments if each))
    return found


def runtime(root: Path = ROOT) -> dict[str, Locked]:
    """Return what the program needs on Windows, and nothing that only developers need."""
    lock = locked((root / "requirements.lock").read_text(encoding="utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = (Requirement(line) for line in project["dependencies"])
    waiting = [canonicalize_name(each.name) for each in asked if not each.marker or each.marker.evaluate(_WINDOWS)]
    needed: dict[str, Locked] = {}
    while waiting:
        name = waiting.pop()
        if name in needed or name not in lock or not lock[name].is_for_windows:
            continue
        needed[name] = lock[name]
        waiting += [canonicalize_name(each.name) for each in lock.values() if name in each.wanted_by]
    return dict(sorted(needed.items()))


def fetch(build: Path) -> Path:
    """Download the wheels, each checked against its hash in the lock, and return their folder."""
    wheels = build / "windows" / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    lock = locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    wanted = [*runtime().values(), lock[STARTER]]
    missing = [each for each in wanted if not _wheel(wheels, each)]
    if missing:
        listed = wheels / "wanted.txt"
        listed.write_text("".join(f"{each.line}\n" for each in missing), encoding="utf-8")
        only = ("--no-deps", "--require-hashes", "--only-binary", ":all:")
        line = (sys.executable, "-m", "pip", "download", "--quiet", *_PIP, *_ABIS, *only)
        subprocess.run([*line, "--dest", str(wheels), "--requirement", str(listed)], check=True)  # noqa: S603  pip
    return wheels


def _wheel(wheels: Path, wanted: Locked) -> Path | None:
    """Return the wheel of an entry, whichever of the ways to spell its name the wheel has."""
    for path in sorted(wheels.glob("*.whl")):
        name, version = path.name.split("-")[:2]
        if canonicalize_name(name) == wanted.name and version == wanted.version:
            return path
    return None


def make(build: Path) -> Path:
    """Put the stand-in together, and return its folder."""
    wheels = fetch(build)
    folder = build / "windows" / "payload" / NAME
    shutil.rmtree(folder, ignore_errors=True)
    tree = folder / contents.TREE
    tree.mkdir(parents=True)
    sources = build / "windows" / "sources.zip"
    with zipfile.ZipFile(sources, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in runtime().values():
            wheel = _wheel(wheels, each)
            if wheel:
                _unpack(wheel, tree, archive)
        for path in sorted((ROOT / "crisisdesk").rglob("*.py")):
            archive.write(path, path.relative_to(ROOT).as_posix())
    _copy_own(build, tree)
    _drop_unlinked(tree)
    _starters(wheels, folder, sources)
    (folder / MARK).write_text(_MARK_SAYS, encoding="utf-8")
    return folder


def _unpack(wheel: Path, tree: Path, archive: zipfile.ZipFile) -> None:
    """Lay out one wheel as PyInstaller would: modules into the archive, all that must be a file into the tree."""
    with zipfile.ZipFile(wheel) as packed:
        for entry, path in _kept(packed):
            if path.suffix != ".py":
                target = tree / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(packed.read(entry))
            elif path.as_posix() not in archive.NameToInfo:  # PySide6's two wheels both bring its first modules
                archive.writestr(path.as_posix(), packed.read(entry))


def _kept(packed: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """Give the files of a wheel that come into a program, each with the path at which it is installed."""
    for entry in packed.infolist():
        path = PurePosixPath(re.sub(r"^[^/]+\.data/(purelib|platlib)/", "", entry.filename))
        if not (entry.is_dir() or ".data" in path.parts[0] or _is_left_out(path)):
            kind = "BINARY" if path.suffix in pe.SUFFIXES else "DATA"
            if contents.stays(f"{contents.TREE}/{path}", kind):
                yield entry, path


def _is_left_out(path: PurePosixPath) -> bool:
    """Whether a file of a wheel is for who builds with it, or of a module that the spec leaves out."""
    module = ".".join((*path.parts[:-1], path.name.split(".")[0]))
    if any(module == each or module.startswith(f"{each}.") for each in contents.LEFT_OUT):
        return True
    if path.parts[0] in {"PySide6", "shiboken6"}:  # examples, headers, QML, programs
        is_top = path.parent.name == path.parts[0]
        return not (is_top or path.parts[1] == "plugins") or path.suffix not in {".dll", ".pyd", ".py"}
    return path.suffix in {".exe", ".h", ".hpp", ".c", ".cpp", ".pyx", ".pxd", ".pyi", ".mo", ".po"}


def _copy_own(build: Path, tree: Path) -> None:
    own = tree / NAME.lower()
    shutil.copytree(ROOT / "resources", own / "resources", ignore=shutil.ignore_patterns("__pycache__"))
    if (build / "parts").is_dir():
        shutil.copytree(build / "parts", own / "resources" / "about", dirs_exist_ok=True)
    migrations = Path(NAME.lower()) / "vault" / "migrations"
    for script in (migrations / "env.py", *sorted((ROOT / migrations / "versions").glob("*.py"))):
        target = tree / (script.relative_to(ROOT) if script.is_absolute() else script)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / script, target)


def _drop_unlinked(tree: Path) -> None:
    """Leave out Qt's libraries that nothing in the program links, as PyInstaller does by looking for what is linked."""
    named = re.compile(r"PySide6\.(Qt\w+)|PySide6 import ([\w, ]+)")
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / NAME.lower()).rglob("*.py"))
    modules = _QT_ALWAYS | {word for one, many in named.findall(text) for word in re.findall(r"Qt\w+", one or many)} - {
        "QtDBus"
    }
    for path in (tree / "PySide6").glob("Qt*.pyd"):
        if path.stem not in modules:
            path.unlink()
    libraries = {path.name.lower(): path for path in tree.glob("PySide6/*.dll")}
    libraries |= {
        path.name.lower(): path for path in tree.glob("shiboken6/*.dll") if path.name.lower() not in libraries
    }
    waiting = [*tree.rglob("*.pyd"), *tree.glob("PySide6/plugins/*/*.dll")]
    linked: set[Path] = set()
    while waiting:
        for name in pe.read(waiting.pop()).imports:
            library = libraries.get(name)
            if library and library not in linked:
                linked.add(library)
                waiting.append(library)
    for path in (*tree.glob("PySide6/*.dll"), *tree.glob("shiboken6/*.dll")):
        if path not in linked:
            path.unlink()


def _starters(wheels: Path, folder: Path, sources: Path) -> None:
    """Write the programs: PyInstaller's starters, and behind the first what would be its archive."""
    starter = _wheel(wheels, locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))[STARTER])
    if starter is None:
        raise FileNotFoundError(STARTER)
    with zipfile.ZipFile(starter) as packed:
        for name, inside in STARTERS.items():
            program = packed.read(f"PyInstaller/bootloader/Windows-64bit-intel/{inside}")
            (folder / name).write_bytes(program + (sources.read_bytes() if inside == "runw.exe" else b""))


# --- what must be true of it, and of the real one ---------------------------------------------------------------------


def check(folder: Path) -> list[str]:
    """Say what is missing in a payload or doesn't belong there; of a stand-in, also which library isn't in it."""
    wrong = [f"{name} is not in the program's folder" for name in STARTERS if not (folder / name).is_file()]
    if not wrong and (folder / MARK).is_file():
        wrong += _absent(folder, folder.parents[1] / "wheels")
    here = {path.name.lower() for path in folder.rglob("*") if path.suffix.lower() in pe.SUFFIXES}
    for path in sorted(folder.rglob("*")):
        where = path.relative_to(folder).as_posix()
        if path.suffix.lower() in pe.SUFFIXES:
            wrong += [f"{where} {what}" for what in _unfit(pe.read(path), here)]
        if path.is_file() and contents.NEVER.search(f"/{where}".lower()):
            wrong.append(f"{where} must not be in it")
        if len(where) > _LONGEST:
            wrong.append(f"{where} is too long a path for Windows below a person's folder")
    return wrong


def _unfit(program: pe.Program, here: set[str]) -> Iterator[str]:
    if not program.is_x64:
        yield "is not for 64-bit Windows"
    for name in sorted(program.imports - here):
        if not pe.is_brought(name):
            yield f"needs {name}, which neither the program nor Windows has"


def _absent(folder: Path, wheels: Path) -> Iterator[str]:
    """Say of which wheel something isn't in a stand-in; of Qt, all is there that something links."""
    present = _standing_in(folder)
    for each in runtime().values():
        wheel = _wheel(wheels, each)
        if wheel is None:
            yield f"{each.name} was not downloaded"
            continue
        with zipfile.ZipFile(wheel) as packed:
            kept = {path.as_posix() for _entry, path in _kept(packed) if path.parts[0] not in {"PySide6", "shiboken6"}}
        if missing := sorted(kept - present):
            yield f"of {each.name}, {len(missing)} files are missing, {missing[0]} among them"


def _standing_in(folder: Path) -> set[str]:
    """Return what a stand-in holds, as its wheels name it."""
    tree = folder / contents.TREE
    with zipfile.ZipFile(folder / f"{NAME}.exe") as archive:
        return {*archive.namelist(), *contents.files_in(tree)}
