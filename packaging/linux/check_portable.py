"""Unpacks the portable archive where a person would, runs it there, and puts it into her menu and out again."""

import shlex
from collections.abc import Callable

from linux import screen
from linux.check_installed import Trial, bytes_of, check_program, unwanted
from linux.room import HOME, USER, Room
from linux.system import ask, must, said

import crisisdesk

_HERS = f"{HOME}/Écran d’accueil – bureau"
_STICK = "/media/USB STICK"
_NAME = f"{crisisdesk.NAME}-{crisisdesk.__version__}"
_MENU = f"{HOME}/.local/share/applications/{crisisdesk.APP_ID}.desktop"
_PLACE = f"{HOME}/.local/lib/crisisdesk"
_VAULT = f"{HOME}/.local/share/crisisdesk"


def unpack(trial: Trial) -> None:
    """Unpack it as she does, in a folder with blanks and accents, with the .deb gone and its libraries still there."""
    (archive,) = trial.out.glob("*.tar.xz")
    inside = trial.room
    inside.run("mkdir", "-p", _HERS, user=USER)
    # Unpacked from outside, since the bare system has no xz: a desktop's archive program brings its own.
    must("tar", "--extract", "--file", archive, "--directory", inside.path(_HERS))
    inside.run("chown", "-R", f"{USER}:{USER}", _HERS)
    trial.expect(holds=not unwanted(inside), otherwise=f"the system isn't bare any more: {unwanted(inside)}")
    names = {path.name for path in inside.path(f"{_HERS}/{_NAME}").iterdir()}
    lacking = {"crisisdesk", "README.txt", "Install and first client.pdf", "LICENSE", "THIRD-PARTY.txt"} - names
    trial.expect(holds=not lacking, otherwise=f"the archive lacks {sorted(lacking)}")


def run_where_it_lies(trial: Trial) -> None:
    """Walk through the program from her folder."""
    check_program(trial, f"{_HERS}/{_NAME}/crisisdesk", "unpacked from the tar")


def run_from_a_stick(trial: Trial) -> None:
    """Start it from where nothing can be written."""
    inside = trial.room
    with inside.mounted(inside.path(_HERS), _STICK, "-o", "bind,ro"):
        told = inside.run(f"{_STICK}/{_NAME}/crisisdesk", "--diag", "--json", user=USER)
        trial.expect(holds=told.returncode == 0, otherwise=f"from a read-only stick, --diag failed: {said(told)}")
        fresh = {"CRISISDESK_HOME": f"{HOME}/first"}  # no vault yet: the window that she sees first
        shot = trial.build / "linux/first-window.png"
        with screen.shown(inside, f"{_STICK}/{_NAME}/crisisdesk", shot, **fresh) as window:
            trial.expect(holds=window.is_there, otherwise=f"from a read-only stick, no window: {window.said()}")
        into_the_menu(trial, _STICK)


def into_the_menu(trial: Trial, source: str) -> None:
    """Put it into her menu, and start what the menu's entry says."""
    inside = trial.room
    done = inside.run("sh", f"{source}/{_NAME}/add-to-menu.sh", user=USER)
    is_told = "is in your menu now" in done.stdout
    trial.expect(holds=done.returncode == 0 and is_told, otherwise=f"add-to-menu failed: {said(done)}")
    validated = ask("desktop-file-validate", inside.path(_MENU))
    trial.expect(holds=not validated.stdout + validated.stderr, otherwise=f"the menu's entry: {validated.stdout}")
    started = _exec(inside)
    told = inside.run(*started, "--version", user=USER)
    is_right = told.stdout.strip().endswith(crisisdesk.__version__) and started[0] == f"{_PLACE}/crisisdesk"
    trial.expect(holds=is_right, otherwise=f"the menu's entry starts {started}: {said(told)}")


def _exec(inside: Room) -> list[str]:
    """Return what the menu's entry starts, read as a desktop reads it."""
    path = inside.path(_MENU)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    (line, *_) = [*(each.removeprefix("Exec=") for each in lines if each.startswith("Exec=")), "nothing"]
    return shlex.split(line.replace("\\\\", "\\").replace("%%", "%"))


def refuse(trial: Trial) -> None:
    """Refuse to go back to an older version, and to replace one that is open."""
    inside = trial.room
    program = inside.path(f"{_PLACE}/crisisdesk")
    kept = program.read_bytes()
    program.write_text("#!/bin/sh\necho CrisisDesk 99.0\n", encoding="utf-8")
    _refused(trial, "this one is older")
    program.write_bytes(kept)
    with screen.shown(inside, f"{_PLACE}/crisisdesk", trial.build / "linux/menu-window.png") as window:
        trial.expect(holds=window.is_there, otherwise=f"from the menu, no window: {window.said()}")
        _refused(trial, "is open: close it")
        _refused(trial, "is open: close it", script="remove-from-menu.sh")


def _refused(trial: Trial, why: str, script: str = "add-to-menu.sh") -> None:
    place = trial.room.path(_PLACE)
    before = bytes_of(place)
    done = trial.room.run("sh", f"{_HERS}/{_NAME}/{script}", user=USER)
    is_refused = done.returncode != 0 and why in done.stdout
    trial.expect(holds=is_refused, otherwise=f"{script} wasn't refused with “{why}”: {said(done)}")
    trial.expect(holds=bytes_of(place) == before, otherwise=f"a refused {script} changed the program")


def out_of_the_menu(trial: Trial) -> None:
    """Put it in again over itself, take it out, and see that her vault is as it was."""
    inside = trial.room
    kept = bytes_of(inside.path(_VAULT))
    into_the_menu(trial, _HERS)
    done = inside.run("sh", f"{_HERS}/{_NAME}/remove-from-menu.sh", user=USER)
    trial.expect(holds=done.returncode == 0, otherwise=f"remove-from-menu failed: {said(done)}")
    left = [path for path in (_MENU, _PLACE, f"{_PLACE}.old", f"{_PLACE}.new") if inside.path(path).exists()]
    trial.expect(holds=not left, otherwise=f"remove-from-menu left {left}")
    trial.expect(
        holds=bool(kept) and bytes_of(inside.path(_VAULT)) == kept, otherwise="remove-from-menu touched the vault"
    )


WALK: tuple[Callable[[Trial], None], ...] = (unpack, run_where_it_lies, run_from_a_stick, refuse, out_of_the_menu)
