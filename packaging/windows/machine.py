"""A made-up Windows computer: a fresh Wine prefix for each check, on a screen that nobody sees."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

from windows import tables

from crisisdesk import NAME

USER = "clinician"
LOCAL = PureWindowsPath(rf"C:\users\{USER}\AppData\Local")
PROGRAM = LOCAL / "Programs" / NAME
EVERYONES = PureWindowsPath(rf"C:\Program Files\{NAME}")
VAULT = LOCAL / NAME
DESKTOP = PureWindowsPath(rf"C:\users\{USER}\Desktop")
START_MENU = PureWindowsPath(rf"C:\users\{USER}\AppData\Roaming\Microsoft\Windows\Start Menu\Programs")

_HIVES = ("system.reg", "user.reg", "userdef.reg")
_LINKED = ("Desktop", "Documents", "Downloads", "Music", "Pictures", "Videos", "Templates")
_PATIENCE = 120  # seconds until a tool counts as hung


@contextmanager
def screen() -> Iterator[str]:
    """Run a screen that nobody sees, and give its name."""
    read, write = os.pipe()
    line = ("Xvfb", "-displayfd", str(write), "-screen", "0", "1024x700x24", "-nolisten", "tcp")
    server = subprocess.Popen(line, pass_fds=(write,), stderr=subprocess.DEVNULL)  # noqa: S603  a tool of the build
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


class Machine:
    """One computer with Windows 10 as Wine has it, and nobody's data on it."""

    def __init__(self, folder: Path, display: str) -> None:
        self.folder = folder
        quiet = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe="}
        home = folder.parent / "home"
        home.mkdir(parents=True, exist_ok=True)
        place = {"WINEPREFIX": str(folder), "HOME": str(home), "USER": USER, "LOGNAME": USER, "DISPLAY": display}
        self.environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **quiet, **place}

    @classmethod
    def installed(cls, folder: Path, display: str) -> "Machine":
        """Return the computer that all others are copies of; it is set up only once."""
        machine = cls(folder, display)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            machine.run("wineboot", "--init")
            machine.run("wine", "winecfg", "-v", "win10")
            # Without a window manager Wine would wait two seconds for it at each window that closes.
            machine.run("wine", "reg", "add", r"HKCU\Software\Wine\X11 Driver", "/v", "Managed", "/d", "N")
            machine.run("wineserver", "--wait")
            own = folder / "drive_c" / "users" / USER
            for name in _LINKED:  # Wine points them at the folders of who runs it
                if (own / name).is_symlink():
                    (own / name).unlink()
                    (own / name).mkdir()
            (folder / "ready").touch()
        return machine

    def copy(self, folder: Path) -> "Machine":
        """Return another computer like this one. Windows' own files are shared; the registry is written in place."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder, symlinks=True, copy_function=os.link)
        for hive in _HIVES:
            (folder / hive).unlink()
            shutil.copyfile(self.folder / hive, folder / hive)
        return Machine(folder, self.environment["DISPLAY"])

    def off(self) -> None:
        """Switch it off and throw it away."""
        self.run("wineserver", "--kill")
        self.run("wineserver", "--wait")
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *line: str) -> str:
        """Run something on it and return what it wrote."""
        done = subprocess.run(  # noqa: S603  tools of the build
            line,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=_PATIENCE,
        )
        return done.stdout.decode(errors="replace").replace("\r", "")

    def start(self, *line: str) -> subprocess.Popen[bytes]:
        """Start something on it that goes on running."""
        silence = subprocess.DEVNULL
        return subprocess.Popen(line, env=self.environment, stdout=silence, stderr=silence)  # noqa: S603  as above

    def path(self, where: PureWindowsPath) -> Path:
        """Return where a path of that computer lies on this one."""
        return self.folder.joinpath("drive_c", *where.parts[1:])

    def msiexec(self, *words: str) -> int:
        """Run Windows Installer and return its exit code, whole: Linux would keep eight bits of it."""
        batch = self.folder / "drive_c" / "run.bat"
        quoted = " ".join(f'"{word}"' if " " in word else word for word in words)
        batch.write_text(f"@echo off\r\nmsiexec {quoted}\r\necho %ERRORLEVEL%\r\n", encoding="ascii")
        said = self.run("wine", "cmd", "/c", r"C:\run.bat").split()
        batch.unlink()
        return int(said[-1])

    def registry(self, key: str) -> dict[str, str]:
        """Return the values of a key with their names; nothing if there is no such key."""
        lines = (line.split(maxsplit=2) for line in self.run("wine", "reg", "query", key).splitlines())
        return {words[0]: words[2] for words in lines if len(words) > 2 and words[1].startswith("REG_")}  # noqa: PLR2004

    def files(self, where: PureWindowsPath) -> dict[str, str]:
        """Return what lies in a folder: names, each with the hash of what is in it."""
        return hashes(self.path(where))


def hashes(folder: Path) -> dict[str, str]:
    """Return the files of a folder, each with the hash of what is in it."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def windows_path(path: Path) -> str:
    """Return how Wine calls a path of this computer."""
    return "Z:" + str(path.resolve()).replace("/", "\\")


def as_windows_takes_it(package: Path) -> Path:
    """Return a copy in which ALLUSERS is as Windows itself would have set it; Wine 8 doesn't know that rule.

    Windows makes nothing of ALLUSERS=2 where MSIINSTALLPERUSER is 1 (see ``authoring.py``), also when it repairs and
    removes; here it is nothing from the start. Nothing else is different.
    """
    told = tables.export(package, "Property")
    if {("ALLUSERS", "2"), ("MSIINSTALLPERUSER", "1")} - set(told.rows):
        raise ValueError(f"{package.name} isn't for one person by default")
    told.rows = [row for row in told.rows if row[0] not in {"ALLUSERS", "MSIINSTALLPERUSER"}]
    copy = package.with_name(f"wine-{package.name}")
    shutil.copyfile(package, copy)
    tables.put(copy, [told])
    return copy
