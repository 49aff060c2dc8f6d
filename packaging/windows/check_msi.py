"""Installs the installer, upgrades, repairs, refuses and removes: on Wine, since no Windows is here.

``python packaging/windows/check_msi.py`` checks the one that ``build.py`` made. What a real Windows does besides
(rolling back, closing programs, asking an administrator) is in the check list of ``packaging/README.md``.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "packaging"), str(ROOT)]

from windows import msi, walk  # noqa: E402  it lies where the lines above say
from windows.machine import (  # noqa: E402  as above
    DESKTOP,
    EVERYONES,
    PROGRAM,
    START_MENU,
    VAULT,
    Machine,
    as_windows_takes_it,
    hashes,
    screen,
    windows_path,
)
from windows.source import REGISTRY, UNINSTALL  # noqa: E402  as above

from crisisdesk import NAME  # noqa: E402  as above

BUILD = ROOT / ".build"
OLD, NEW = "0.1.0", "0.2.0"
REFUSED, UNKNOWN = 1603, 1605

_RECORDS = b"not a real vault, but nothing may touch it\n" * 100
_LINK = f"{NAME}.lnk"


@dataclass(frozen=True)
class Packages:
    """The installers to try: small ones of two versions, and the whole one."""

    folder: Path
    old: Path
    new: Path
    again: Path  # the old version once more, built anew
    whole: Path | None
    program: Path  # what is in the whole one

    def payload(self, version: str) -> dict[str, str]:
        """Return what must lie in the program's folder."""
        return hashes(self.folder / f"payload-{version}")

    def broken(self) -> Path:
        """Return the newer one as a bad stick gives it: a hole in the middle of its files."""
        damaged = bytearray(self.new.read_bytes())
        start = damaged.index(b"MSCF") + 4096
        damaged[start : start + 32768] = bytes(32768)
        path = self.folder / "broken.msi"
        path.write_bytes(damaged)
        return path


Check = Callable[[Machine, Packages], Iterator[str]]


def _small(folder: Path, template: Machine, name: str, *, version: str) -> Path:
    """Make a small installer around a program that runs: Wine's editor under our name."""
    payload = folder / f"payload-{name}"
    deep = payload / "_internal" / "/".join(["a-folder-with-a-long-name"] * 6)
    deep.mkdir(parents=True)
    editor = (template.path(PureWindowsPath(r"C:\windows\notepad.exe"))).read_bytes()
    (payload / f"{NAME}.exe").write_bytes(editor + name.encode())
    (payload / f"{NAME.lower()}-cli.exe").write_bytes(editor)
    (payload / "_internal" / "kept.txt").write_text(f"{name}\n", encoding="ascii")
    (payload / "_internal" / f"only-in-{name}.txt").write_text("x\n", encoding="ascii")
    (deep / ("deep" * 10 + ".txt")).write_text("x\n", encoding="ascii")
    return as_windows_takes_it(msi.make(payload, folder / name, standin=True, version=version))


def packages(folder: Path, template: Machine, whole: Path | None, program: Path) -> Packages:
    """Make the installers to try."""
    shutil.rmtree(folder, ignore_errors=True)
    old, new = (_small(folder, template, version, version=version) for version in (OLD, NEW))
    again = _small(folder, template, "again", version=OLD)
    if whole:
        copy = folder / whole.name
        shutil.copyfile(whole, copy)
        whole = as_windows_takes_it(copy)
    return Packages(folder, old, new, again, whole, program)


# --- what is tried ----------------------------------------------------------------------------------------------------


def installs(machine: Machine, made: Packages) -> Iterator[str]:
    """Install for one person: the files, the start menu, the list of programs; no desktop icon unless asked."""
    yield from _went(machine.msiexec("/i", windows_path(made.old), "/qn"))
    yield from _program_is(machine, made, OLD)
    yield from _links(machine, START_MENU / _LINK, expected=True)
    yield from _links(machine, DESKTOP / _LINK, expected=False)
    entry = machine.registry(rf"HKCU\{UNINSTALL}")
    wanted = {"DisplayVersion": OLD, "DisplayIcon": str(PROGRAM / f"{NAME}.exe"), "NoModify": "0x1"}
    for name, value in wanted.items():
        if entry.get(name) != value:
            yield f"the list of programs says {name} = {entry.get(name)}, not {value}"
    missing = {"Publisher", "EstimatedSize", "UninstallString", "QuietUninstallString", "Comments"} - set(entry)
    yield from (f"the list of programs says no {name}" for name in sorted(missing))
    if machine.registry(rf"HKLM\{REGISTRY}") or machine.files(EVERYONES):
        yield "installing for one person wrote what belongs to everyone"


def repairs(machine: Machine, made: Packages) -> Iterator[str]:
    """Bring back what was damaged or deleted in the program's folder."""
    yield from _went(machine.msiexec("/i", windows_path(made.old), "/qn"))
    folder = machine.path(PROGRAM) / "_internal"
    (folder / "kept.txt").write_text("damaged", encoding="ascii")
    (folder / f"only-in-{OLD}.txt").unlink()
    yield from _went(machine.msiexec("/i", _code(machine), "REINSTALL=ALL", "REINSTALLMODE=amus", "/qn"))
    yield from _program_is(machine, made, OLD)


def upgrades(machine: Machine, made: Packages) -> Iterator[str]:
    """Put a newer version in the older one's place, file for file, with its desktop icon; refuse the way back."""
    yield from _went(machine.msiexec("/i", windows_path(made.old), "DESKTOPICON=1", "/qn"))
    yield from _links(machine, DESKTOP / _LINK, expected=True)
    yield from _went(machine.msiexec("/i", windows_path(made.new), "/qn"))
    yield from _program_is(machine, made, NEW)
    yield from _links(machine, DESKTOP / _LINK, expected=True)
    if (now := machine.registry(rf"HKCU\{UNINSTALL}").get("DisplayVersion")) != NEW:
        yield f"after the upgrade the list of programs says {now}"
    if (code := machine.msiexec("/i", windows_path(made.old), "/qn")) != REFUSED:
        yield f"an older version over a newer one ended with {code}, not {REFUSED}"
    yield from _program_is(machine, made, NEW)
    if (now := machine.registry(rf"HKCU\{REGISTRY}").get("Version")) != NEW:
        yield f"after the older version was refused, the registry says {now}"


def replaces_the_same_version(machine: Machine, made: Packages) -> Iterator[str]:
    """Put another build of the same version in its place: one entry, not two; no desktop icon, if so asked."""
    yield from _went(machine.msiexec("/i", windows_path(made.old), "DESKTOPICON=1", "/qn"))
    before = _code(machine)
    yield from _went(machine.msiexec("/i", windows_path(made.again), "DESKTOPICON=0", "/qn"))
    yield from _links(machine, DESKTOP / _LINK, expected=False)
    yield from _program_is(machine, made, "again")
    if machine.msiexec("/x", before, "/qn") != UNKNOWN:
        yield "two builds of the same version are installed side by side"


def installs_for_everyone(machine: Machine, made: Packages) -> Iterator[str]:
    """Install for everyone with ALLUSERS=1, in Program Files; then nobody gets a second one beside it."""
    everyone = ("ALLUSERS=1", "/qn")
    yield from _went(machine.msiexec("/i", windows_path(made.old), *everyone))
    yield from _program_is(machine, made, OLD, EVERYONES)
    if not machine.registry(rf"HKLM\{UNINSTALL}") or machine.registry(rf"HKCU\{UNINSTALL}"):
        yield "what is installed for everyone isn't in everyone's list of programs"
    if (code := machine.msiexec("/i", windows_path(made.new), "/qn")) != REFUSED or machine.files(PROGRAM):
        yield f"beside everyone's copy, a second one for one person ended with {code}, not {REFUSED}"
    yield from _went(machine.msiexec("/i", windows_path(made.new), *everyone))
    yield from _program_is(machine, made, NEW, EVERYONES)
    yield from _went(machine.msiexec("/x", windows_path(made.new), *everyone))
    if machine.files(EVERYONES) or machine.registry(rf"HKLM\{REGISTRY}") or machine.registry(rf"HKLM\{UNINSTALL}"):
        yield "removed for everyone, but something is left"


def removes(machine: Machine, made: Packages) -> Iterator[str]:
    """Leave nothing of the program, but the records, and a file of her own in the program's folder."""
    before = machine.files(PureWindowsPath(r"C:\users"))
    yield from _went(machine.msiexec("/i", windows_path(made.old), "DESKTOPICON=1", "/qn"))
    hers = machine.path(PROGRAM) / "hers.txt"
    hers.write_text("hers", encoding="ascii")
    quiet = machine.registry(rf"HKCU\{UNINSTALL}")["QuietUninstallString"].split()
    yield from _went(machine.msiexec(*quiet[1:]))
    if not hers.exists():
        yield "removing took a file that the installer never wrote"
    hers.unlink(missing_ok=True)
    after = machine.files(PureWindowsPath(r"C:\users"))
    left = sorted(name for name in set(after) - set(before) if "/Temp/" not in name)
    yield from (f"after removing, {name} is left" for name in left)
    yield from (f"removing took {name}" for name in sorted(set(before) - set(after)) if "/Temp/" not in name)
    if machine.registry(rf"HKCU\{REGISTRY}") or machine.registry(rf"HKCU\{UNINSTALL}"):
        yield "after removing, the registry still names the program"


def survives_a_damaged_file(machine: Machine, made: Packages) -> Iterator[str]:
    """Say so where the installer has a hole in it; the whole one then puts everything right."""
    yield from _went(machine.msiexec("/i", windows_path(made.old), "/qn"))
    if (code := machine.msiexec("/i", windows_path(made.broken()), "/qn")) == 0:
        yield "a damaged installer claims that it installed"
    yield from _went(machine.msiexec("/i", windows_path(made.new), "/qn"), f"after one that ended with {code}")
    yield from _program_is(machine, made, NEW)


def upgrades_while_it_runs(machine: Machine, made: Packages) -> Iterator[str]:
    """Lose nothing where the program is open during a quiet upgrade; the new one is whole afterwards."""
    yield from _went(machine.msiexec("/i", windows_path(made.old), "/qn"))
    running = machine.start("wine", str(PROGRAM / f"{NAME}.exe"))
    walk.wait_for(machine, "Untitled - Notepad")
    code = machine.msiexec("/i", windows_path(made.new), "/qn")
    machine.run("wine", "taskkill", "/f", "/im", f"{NAME}.exe")
    running.wait()
    if code:
        machine.run("wineboot")  # what had to wait for a restart
        yield from _went(machine.msiexec("/i", windows_path(made.new), "/qn"), "after the program was closed")
    yield from _program_is(machine, made, NEW)


def installs_the_whole(machine: Machine, made: Packages) -> Iterator[str]:
    """Install the whole payload, byte for byte, after a first try that a power cut ended halfway."""
    if made.whole:
        walk.cut_the_power(machine, made.whole)
        yield from _went(machine.msiexec("/i", windows_path(made.whole), "/qn"))
        yield from _same(machine.files(PROGRAM), hashes(made.program))


CHECKS: tuple[Check, ...] = (
    installs,
    repairs,
    upgrades,
    replaces_the_same_version,
    installs_for_everyone,
    removes,
    survives_a_damaged_file,
    upgrades_while_it_runs,
    installs_the_whole,
    walk.windows,
)


# --- what is looked at ------------------------------------------------------------------------------------------------


def _went(code: int, when: str = "") -> Iterator[str]:
    if code:
        yield f"Windows Installer ended with {code} {when}".strip()


def _code(machine: Machine) -> str:
    """Return the product code of what is installed."""
    return machine.registry(rf"HKCU\{UNINSTALL}")["UninstallString"].split()[1].removeprefix("/i")


def _program_is(machine: Machine, made: Packages, name: str, where: PureWindowsPath = PROGRAM) -> Iterator[str]:
    yield from _same(machine.files(where), made.payload(name))


def _same(found: dict[str, str], wanted: dict[str, str]) -> Iterator[str]:
    yield from (f"{name} isn't there" for name in sorted(set(wanted) - set(found)))
    yield from (f"{name} is there and should not be" for name in sorted(set(found) - set(wanted)))
    both = sorted(set(found) & set(wanted))
    yield from (f"{name} isn't as it was built" for name in both if found[name] != wanted[name])


def _links(machine: Machine, where: PureWindowsPath, *, expected: bool) -> Iterator[str]:
    link = machine.path(where)
    if link.exists() is not expected:
        yield f"{where} is {'missing' if expected else 'there, and nobody asked for it'}"
    elif expected and str(PROGRAM / f"{NAME}.exe").encode() not in link.read_bytes():
        yield f"{where} doesn't lead to the program"


def check(build: Path = BUILD, program: Path | None = None, only: Collection[str] = ()) -> list[str]:
    """Try everything, each on a fresh computer with records on it, and return a sentence for each failure.

    ``program`` is what the installer in ``out`` was made around; without it, the stand-in.
    """
    work = build / "windows" / "machines"
    whole = next((build / "out").glob(f"{NAME}-*-windows-x64*.msi"), None)
    wrong = msi.faults(whole) if whole else []
    with screen() as display:
        template = Machine.installed(work / "template", display)
        made = packages(work / "packages", template, whole, program or build / "windows" / "payload" / NAME)
        for each in CHECKS:
            if not only or each.__name__ in only:
                wrong += _try(each, template, made, work / "running")
    return wrong


def _try(each: Check, template: Machine, made: Packages, folder: Path) -> list[str]:
    began = time.monotonic()
    machine = template.copy(folder)
    vault = machine.path(VAULT) / "vault" / "vault.db"
    vault.parent.mkdir(parents=True)
    vault.write_bytes(_RECORDS)
    found: list[str] = []
    try:
        found.extend(each(machine, made))
        if not vault.exists() or vault.read_bytes() != _RECORDS:
            found.append("the records were touched")
    except (OSError, KeyError, subprocess.TimeoutExpired) as lacking:  # a window, a file or a value that never came
        found.append(f"{type(lacking).__name__}: {lacking}")
    finally:
        machine.off()
    name = each.__name__.replace("_", " ")
    sys.stdout.write(f"  {name}: {'WRONG' if found else 'well'} ({time.monotonic() - began:.0f} s)\n")
    sys.stdout.flush()
    return [f"{name}: {sentence}" for sentence in found]


def main() -> int:
    """Check, print, and say by the exit code whether all went well."""
    wrong = check(only=sys.argv[1:])
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
