"""Walks through the installer's windows as she would, with the keyboard, and takes a picture of each."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from windows import dialogs, tables
from windows.machine import DESKTOP, PROGRAM, VAULT, Machine, hashes, windows_path
from windows.source import UNINSTALL

from crisisdesk import NAME

if TYPE_CHECKING:
    from windows.check_msi import Packages

SHOTS = Path(__file__).resolve().parents[2] / ".build" / "windows" / "shots"
EDITOR = "Notepad"  # what stands for the program

CANCELLED, FAILED = 1602, 1603

# Windows that nothing here leads to: Wine has no manager of restarts and no full disk. They are put in Welcome's place.
_UNREACHED = ("Everyones", "NoRoom", "Sure", "MsiRMFilesInUse", "FilesInUse", "Error")

_PATIENCE = 60.0  # seconds; a window comes within two, unless the computer is busy with something else
_STEP = 0.1


def wait_for(machine: Machine, title: str) -> str:
    """Return the window whose title begins so, as soon as it is there."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        found = machine.run("xdotool", "search", "--onlyvisible", "--name", f"^{title}").split()
        if found:
            return found[-1]
        time.sleep(_STEP)
    raise TimeoutError(f"no window {title!r} came")


class Walk:
    """One run of Windows Installer with its windows."""

    def __init__(self, machine: Machine, *words: str) -> None:
        self._machine = machine
        self._running = machine.start("wine", "msiexec", *words)

    def see(self, key: str, *, doing: str = "", shot: str = "") -> None:
        """Wait for a window and take its picture."""
        heading = next(each.heading for each in dialogs.DIALOGS if each.key == key)
        title = re.escape(heading.replace("[DOING]", doing)).replace("\\ ", " ")
        window = wait_for(self._machine, f"{title} - ")
        self._machine.run("xdotool", "windowfocus", "--sync", window)
        time.sleep(3 * _STEP)  # until it has drawn what is in it
        self._machine.run("import", "-window", window, str(SHOTS / f"{shot or key}.png"))

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self._machine.run("xdotool", "key", key)
            time.sleep(_STEP)

    def ended(self) -> int:
        """Wait for the end and return what Linux keeps of the exit code."""
        return self._running.wait(_PATIENCE)

    def stop(self) -> None:
        """Stop it where it is."""
        self._running.kill()
        self._running.wait()


def windows(machine: Machine, made: "Packages") -> Iterator[str]:
    """See every window come when it should, and its buttons do what they say."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    yield from _install(machine, made)
    yield from _repair(machine, made)
    yield from _upgrade(machine, made)
    yield from _remove(machine, made)
    yield from _fail(machine, made)
    _show_the_others(machine, made.old)


def cut_the_power(machine: Machine, package: Path) -> None:
    """Switch the computer off in the middle of an installation."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    walk = Walk(machine, "/i", windows_path(package))
    walk.see("Welcome", shot="Welcome-whole")
    walk.press("Return")
    until = time.monotonic() + _PATIENCE
    while not machine.files(PROGRAM) and time.monotonic() < until:
        time.sleep(_STEP)
    walk.see("Progress", doing="installed")
    machine.run("wineserver", "--kill")
    walk.stop()


def _install(machine: Machine, made: "Packages") -> Iterator[str]:
    walk = Walk(machine, "/i", windows_path(made.old))
    walk.see("Welcome")
    walk.press("alt+d", "Return")
    walk.see("Done", doing="installed", shot="Done-installed")
    walk.press("Return")
    wait_for(machine, "Untitled - Notepad")
    yield from _ended(walk, 0, "installing")
    machine.run("wine", "taskkill", "/f", "/im", f"{NAME}.exe")
    if not (machine.path(DESKTOP) / f"{NAME}.lnk").exists():
        yield "the box for the desktop's icon was ticked, and there is none"


def _repair(machine: Machine, made: "Packages") -> Iterator[str]:
    (machine.path(PROGRAM) / "_internal" / "kept.txt").write_text("damaged", encoding="ascii")
    walk = Walk(machine, "/i", windows_path(made.old))
    walk.see("Maintain")
    walk.press("alt+r")
    walk.see("Done", doing="repaired", shot="Done-repaired")
    walk.press("alt+s", "Return")
    yield from _ended(walk, 0, "repairing")
    if hashes(machine.path(PROGRAM)) != made.payload("0.1.0"):
        yield "Repair did not put the program's files right"


def _upgrade(machine: Machine, made: "Packages") -> Iterator[str]:
    walk = Walk(machine, "/i", windows_path(made.new))
    walk.see("Welcome", shot="Welcome-upgrade")
    walk.press("Escape")
    walk.see("Cancelled")
    walk.press("Return")
    yield from _ended(walk, CANCELLED, "cancelling")
    if hashes(machine.path(PROGRAM)) != made.payload("0.1.0"):
        yield "Cancel changed something"
    walk = Walk(machine, "/i", windows_path(made.new))
    walk.see("Welcome", shot="Welcome-upgrade")
    walk.press("alt+d", "Return")  # takes the tick away that the desktop's icon had put there
    walk.see("Done", doing="installed", shot="Done-upgraded")
    walk.press("alt+s", "Return")
    yield from _ended(walk, 0, "upgrading")
    if (machine.path(DESKTOP) / f"{NAME}.lnk").exists():
        yield "the box for the desktop's icon was cleared, and it is still there"
    walk = Walk(machine, "/i", windows_path(made.old))
    walk.see("Newer")
    walk.press("Return")
    yield from _ended(walk, CANCELLED, "an older version over a newer one")
    if hashes(machine.path(PROGRAM)) != made.payload("0.2.0"):
        yield "an older version that was refused changed something"


def _remove(machine: Machine, made: "Packages") -> Iterator[str]:
    """Ask for it as Windows' list of programs does, and leave; then remove it from the installer's own window."""
    line = machine.registry(rf"HKCU\{UNINSTALL}")["UninstallString"].split()
    walk = Walk(machine, *line[1:])
    walk.see("Remove")
    walk.press("Escape")
    walk.see("Cancelled", shot="Cancelled-removing")
    walk.press("Return")
    yield from _ended(walk, CANCELLED, "leaving the question")
    if hashes(machine.path(PROGRAM)) != made.payload("0.2.0"):
        yield "leaving the question whether to remove it changed something"
    walk = Walk(machine, "/i", windows_path(made.new))
    walk.see("Maintain", shot="Maintain-new")
    walk.press("alt+m")
    walk.see("Remove", shot="Remove-asked")
    walk.press("alt+r")
    walk.see("Done", doing="removed", shot="Done-removed")
    walk.press("Return")
    yield from _ended(walk, 0, "removing")
    if machine.path(PROGRAM).exists():
        yield "Remove left the program's folder"
    if not machine.files(VAULT):
        yield "Remove took the records"


def _fail(machine: Machine, made: "Packages") -> Iterator[str]:
    walk = Walk(machine, "/i", windows_path(made.broken()))
    walk.see("Welcome", shot="Welcome-broken")
    walk.press("Return")
    walk.see("Failed")
    walk.press("Return")
    yield from _ended(walk, FAILED, "a damaged installer")


def _ended(walk: Walk, expected: int, what: str) -> Iterator[str]:
    if (code := walk.ended()) != expected & 0xFF:
        yield f"{what} ended with {code}, not {expected & 0xFF}"


def _show_the_others(machine: Machine, package: Path) -> None:
    """Show one after the other in one run, where any button goes on to the next."""
    copy = package.with_name("others.msi")
    shutil.copyfile(package, copy)
    order, events = tables.export(copy, "InstallUISequence"), tables.export(copy, "ControlEvent")
    order.rows = [row for row in order.rows if row[0] not in {"Welcome", "ExecuteAction", *_UNREACHED}]
    order.rows += [(key, "", str(1230 + number)) for number, key in enumerate(_UNREACHED)]
    events.rows = [row for row in events.rows if row[0] not in _UNREACHED]
    every = ((each.key, button.key) for each in dialogs.DIALOGS if each.key in _UNREACHED for button in each.buttons)
    events.rows += [(dialog, button, "EndDialog", "Return", "1", "1") for dialog, button in every]
    tables.put(copy, [order, events])
    walk = Walk(machine, "/i", windows_path(copy))
    for key in _UNREACHED:
        walk.see(key)
        walk.press("Return" if key != "Error" else "alt+y")
    walk.stop()
