"""Installs CrisisDesk in the bare system as a person would, looks at it from every side, and takes it away again.

Started by room.run_apart, in namespaces of its own: ``python -m linux.check_installed BUILD OUT REPORT``.
"""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from linux import deb, room, screen
from linux.room import HOME, USER, Room
from linux.system import ask, must, said

import crisisdesk

_PROGRAM = f"/{deb.PLACE}/crisisdesk"
_VAULT = f"{HOME}/.local/share/crisisdesk"
_WORDS = "six made-up words for a trial"
_OLDER = "0.0.9"
_STALE = f"/{deb.PLACE}/_internal/left-from-before.txt"
CHECKER = Path(__file__).parents[1] / "check_frozen.py"

# What nobody who installs a program should get with it, by package and by file.
UNWANTED = re.compile(
    r"^python3?[\d.]*(-minimal)?$|^libpython3[\d.]*-(minimal|stdlib)|^(gcc|g\+\+|clang|tcc|cpp)(-[\d.]+)?$"
    r"|-dev$|^make$|^binutils"
)
_UNWANTED_PROGRAMS = re.compile(r"^(python[\d.]*|gcc.*|g\+\+.*|cc|c\+\+|clang.*|tcc|make|ld|as)$")


@dataclass
class Trial:
    """One walk through: what is looked at, and what was found."""

    room: Room
    out: Path
    build: Path
    findings: list[str] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)

    def expect(self, *, holds: bool, otherwise: str) -> None:
        """Note a finding unless something holds."""
        if not holds:
            self.findings.append(otherwise)

    @property
    def package(self) -> Path:
        """The package that is tried."""
        (package,) = self.out.glob("*.deb")
        return package

    def put(self, path: Path) -> str:
        """Lay a file where the person finds it, and return its place inside."""
        shutil.copy(path, self.room.path(f"/opt/{path.name}"))
        return f"/opt/{path.name}"


def packages(inside: Room) -> set[str]:
    """Return what is installed."""
    return set(inside.run("dpkg-query", "--show", "--showformat=${Package}\\n").stdout.split())


def unwanted(inside: Room) -> list[str]:
    """Return what makes a system less than bare: an interpreter of Python, a compiler, files for developers."""
    named = [name for name in packages(inside) if UNWANTED.search(name)]
    folders = ("usr/bin", "usr/local/bin")
    paths = (path for folder in folders if inside.path(folder).is_dir() for path in inside.path(folder).iterdir())
    return sorted([*named, *(path.name for path in paths if _UNWANTED_PROGRAMS.match(path.name))])


def bytes_of(folder: Path) -> dict[str, str]:
    """Return a digest of every file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


# --- the steps -------------------------------------------------------------------------------------------------------


def older(trial: Trial) -> Path:
    """Make an older version out of the package: another number, and a file that the new one has no more."""
    stage = trial.build / "linux/older"
    shutil.rmtree(stage, ignore_errors=True)
    must("dpkg-deb", "--raw-extract", trial.package, stage)
    control = stage / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {_OLDER}", control.read_text(encoding="utf-8")))
    (stage / _STALE.lstrip("/")).write_text("from before\n")
    package = trial.build / "linux" / f"crisisdesk_{_OLDER}_amd64.deb"
    deb.pack(stage, package, "-Znone")
    shutil.rmtree(stage)
    return package


def install_older(trial: Trial) -> None:
    """Install an older version into the bare system, with what it depends on and nothing else."""
    inside = trial.room
    trial.expect(holds=not unwanted(inside), otherwise=f"the bare system isn't bare: {unwanted(inside)}")
    before = packages(inside)
    updated = inside.apt_get("update")
    trial.expect(holds=updated.returncode == 0, otherwise=f"the bare system finds no packages: {said(updated)}")
    done = inside.apt_get("install", trial.put(older(trial)))
    trial.expect(holds=done.returncode == 0, otherwise=f"an older version could not be installed: {said(done)}")
    trial.facts["came along"] = sorted(packages(inside) - before - {"crisisdesk"})
    trial.expect(holds=not unwanted(inside), otherwise=f"the package brought {unwanted(inside)}")


def first_use(trial: Trial) -> None:
    """Let the person make her vault with the older version."""
    told = trial.room.run("crisisdesk", "--version", user=USER)
    trial.expect(
        holds=told.returncode == 0 and bool(told.stdout.strip()), otherwise=f"crisisdesk --version failed: {said(told)}"
    )
    made = trial.room.run("crisisdesk", "vault", "create", "--pass-fd", "0", user=USER, secret=_WORDS)
    trial.expect(holds=made.returncode == 0, otherwise=f"no vault could be made: {said(made)}")


def while_open(trial: Trial) -> None:
    """Try to replace and to remove the program while its window is open; both must be refused, and change nothing."""
    inside = trial.room
    program = inside.path(deb.PLACE)
    with screen.shown(inside, "/usr/bin/crisisdesk", shot=trial.build / "linux/locked-window.png") as window:
        trial.expect(holds=window.is_there, otherwise=f"the window didn't come: {window.said()}")
        entry = inside.path(f"/usr/share/applications/{crisisdesk.APP_ID}.desktop").read_text(encoding="utf-8")
        (known,) = re.findall(r"(?m)^StartupWMClass=(.*)$", entry)
        trial.expect(holds=f'"{known}"' in window.kind, otherwise=f"the menu's entry doesn't know {window.kind}")
        before = bytes_of(program)
        for act in (("install", trial.put(trial.package)), ("remove", "crisisdesk")):
            done = inside.apt_get(*act)
            is_told = f"{crisisdesk.NAME} is open on this computer" in done.stdout + done.stderr
            trial.expect(holds=done.returncode != 0 and is_told, otherwise=f"{act[0]} wasn't refused while it was open")
            trial.expect(holds=bytes_of(program) == before, otherwise=f"a refused {act[0]} changed the program")
        trial.expect(holds=window.is_running(), otherwise=f"the open program ended: {window.said()}")


def upgrade(trial: Trial) -> None:
    """Install the version that was built over the older one."""
    inside = trial.room
    kept = bytes_of(inside.path(_VAULT))
    done = inside.apt_get("install", trial.put(trial.package))
    trial.expect(holds=done.returncode == 0, otherwise=f"the upgrade failed: {said(done)}")
    trial.expect(holds=not inside.path(_STALE).exists(), otherwise="the upgrade left a file of the older version")
    trial.expect(holds=bool(kept) and bytes_of(inside.path(_VAULT)) == kept, otherwise="the upgrade touched the vault")
    opened = inside.run("crisisdesk", "vault", "verify", "--pass-fd", "0", user=USER, secret=_WORDS)
    trial.expect(holds=opened.returncode == 0, otherwise=f"the vault doesn't open after the upgrade: {said(opened)}")


def check_program(trial: Trial, program: str, name: str, *more: str) -> None:
    """Let check_frozen walk through the installed program, and see that its own files are as they were."""
    place = trial.room.path(program).parent
    before = bytes_of(place)
    report = trial.build / f"linux/{name}.json"
    line = (sys.executable, CHECKER, program, "--root", trial.room.root, "--user", USER, "--out", report)
    done = ask(*line, *more, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    sys.stdout.write(done.stdout)
    trial.expect(holds=done.returncode == 0, otherwise=f"check_frozen, {name}: {said(done, 30)}")
    trial.expect(holds=bytes_of(place) == before, otherwise=f"{name}: the program changed files of its own")
    if report.exists():
        trial.facts[name] = json.loads(report.read_text(encoding="utf-8"))


def check_deb(trial: Trial) -> None:
    """Look at the installed program."""
    check_program(trial, _PROGRAM, "installed from the .deb", "--source", sys.executable)
    verified = trial.room.run("dpkg", "--verify", "crisisdesk")
    trial.expect(holds=not verified.stdout, otherwise=f"installed files differ from the package's: {verified.stdout}")
    paths = (path for path in trial.room.path(deb.PLACE).rglob("*") if not path.is_symlink())
    loose = [path.name for path in paths if path.stat().st_uid != 0 or path.stat().st_mode & 0o022]
    trial.expect(holds=not loose, otherwise=f"anybody could change {loose[:5]}")


def remove(trial: Trial) -> None:
    """Remove it, and then every trace of it; what she recorded must stay, and she must be told where."""
    inside = trial.room
    kept = bytes_of(inside.path(_VAULT))
    for act in ("remove", "purge"):
        if act == "purge":
            inside.apt_get("install", trial.put(trial.package))
        done = inside.apt_get(act, "crisisdesk")
        trial.expect(holds=done.returncode == 0, otherwise=f"{act} failed: {said(done)}")
        is_told = "~/.local/share/crisisdesk" in done.stdout
        trial.expect(holds=is_told, otherwise=f"{act} doesn't say where the records are")
        trial.expect(holds=bool(kept) and bytes_of(inside.path(_VAULT)) == kept, otherwise=f"{act} touched the vault")
        left = [*_named(inside.path("/usr")), *_named(inside.path("/etc"))]
        trial.expect(holds=not left, otherwise=f"{act} left {left[:5]}")


def _named(folder: Path) -> Iterable[str]:
    return (str(path) for path in folder.rglob("*crisisdesk*"))


def main(build: Path, out: Path, report: Path) -> int:
    """Walk through everything, and write down what was found."""
    from linux import check_portable  # noqa: PLC0415  it uses what stands above

    walk: tuple[Callable[[Trial], None], ...] = (
        *(install_older, first_use, while_open, upgrade, check_deb, remove),
        *check_portable.WALK,
    )
    with room.opened(build) as inside:
        trial = Trial(inside, out, build)
        try:
            for act in walk:
                sys.stdout.write(f"{act.__module__}.{act.__name__}\n")
                sys.stdout.flush()
                act(trial)
        finally:  # what was found before something broke helps to see why
            told = {"findings": trial.findings, "facts": trial.facts}
            report.write_text(json.dumps(told, indent=1, sort_keys=True), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
