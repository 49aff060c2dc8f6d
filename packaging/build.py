"""Makes the installers of this system and tries them: ``python3 dev.py build``.

On Debian: the .deb, the portable tar, and Windows' MSI and zip around a stand-in for the program, which only Windows
can freeze. On Windows and macOS: that system's own. Everything lies in ``.build``, the results in ``.build/out``.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from steps import FailedError, Run, Step, do, say

import crisisdesk

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
OUT = BUILD / "out"
PROGRAM = BUILD / "CrisisDesk"
PAYLOAD = "CRISISDESK_WINDOWS_PROGRAM"  # where --payload travels to the steps


# --- what every system makes -----------------------------------------------------------------------------------------


def _icons() -> None:
    import icons  # noqa: PLC0415  each step loads what it needs, and Qt is slow

    icons.make()


def _parts() -> None:
    import parts  # noqa: PLC0415  as above

    parts.make(BUILD)
    for listed in (BUILD / "parts").glob("*.cdx.json"):
        shutil.copy(listed, OUT)


def _freeze() -> None:
    from pyinstaller import freeze  # noqa: PLC0415  as above

    freeze.freeze()


def _sums() -> None:
    import sums  # noqa: PLC0415  as above

    sums.write(OUT)


def _check_sums() -> Sequence[str]:
    import sums  # noqa: PLC0415  as above

    return sums.check(OUT)


def _check_files() -> Sequence[str]:
    import licences  # noqa: PLC0415  as above
    from pyinstaller import contents  # noqa: PLC0415  as above

    return [*contents.check_files(PROGRAM), *licences.check(PROGRAM)]


def _check_program() -> Sequence[str]:
    names = {"win32": "crisisdesk-cli.exe", "darwin": "CrisisDesk.app/Contents/MacOS/CrisisDesk"}
    line = [sys.executable, str(Path(__file__).with_name("check_frozen.py")), str(PROGRAM / names[sys.platform])]
    done = subprocess.run(line, check=False)  # noqa: S603  ours
    return [] if done.returncode == 0 else ["check_frozen found what stands above"]


COMMON = (
    Step(name="icons", does=_icons),
    Step(name="parts", does=_parts),
    Step(name="freeze", does=_freeze, after=("icons", "parts")),
    Step(name="check files", does=_check_files, after=("freeze",), is_check=True),
)


# --- Linux -----------------------------------------------------------------------------------------------------------


def _bare_root() -> Sequence[str]:
    from linux import room  # noqa: PLC0415  as above

    refused = room.refusal()
    if not refused:
        room.provide(BUILD)
    return refused


def _depends() -> None:
    from linux import depends  # noqa: PLC0415  as above

    depends.keep(PROGRAM, BUILD)


def _deb() -> None:
    from linux import deb  # noqa: PLC0415  as above

    deb.make(BUILD, OUT)


def _tar() -> None:
    from linux import portable  # noqa: PLC0415  as above

    portable.make(BUILD, OUT)


def _check_package() -> Sequence[str]:
    from linux import check_package  # noqa: PLC0415  as above

    return check_package.check(BUILD, OUT)


def _check_installed() -> Sequence[str]:
    from linux import room  # noqa: PLC0415  as above

    return room.run_apart(BUILD, OUT)


LINUX = (
    Step(name="bare root", does=_bare_root, is_check=True),
    Step(name="depends", does=_depends, after=("freeze",)),
    Step(name="deb", does=_deb, after=("depends",)),
    Step(name="tar", does=_tar, after=("depends",)),
    Step(name="check installed", does=_check_installed, after=("bare root", "deb", "tar"), is_check=True),
    Step(name="check package", does=_check_package, after=("deb",), is_check=True),
)


# --- Windows, made here around a stand-in or around a program that Windows froze --------------------------------------


def _wheels() -> None:
    from windows import payload  # noqa: PLC0415  as above

    payload.fetch(BUILD)


def _stand_in() -> None:
    from windows import payload  # noqa: PLC0415  as above

    payload.make(BUILD)


def _see_given() -> None:
    program, _ = _windows_program()
    if not (program / f"{crisisdesk.NAME}.exe").is_file():
        raise FailedError(f"There is no {crisisdesk.NAME}.exe in {program}: that is not what Windows froze.")


def _windows_program() -> tuple[Path, bool]:
    if sys.platform == "win32":
        return PROGRAM, False
    given = os.environ.get(PAYLOAD)
    return (Path(given), False) if given else (BUILD / "windows/payload/CrisisDesk", True)


def _msi() -> None:
    from windows import msi  # noqa: PLC0415  as above

    program, is_stand_in = _windows_program()
    msi.make(program, OUT, standin=is_stand_in)


def _zip() -> None:
    from windows import portable  # noqa: PLC0415  as above

    program, is_stand_in = _windows_program()
    portable.make(program, OUT, standin=is_stand_in)


def _check_payload() -> Sequence[str]:
    from windows import payload  # noqa: PLC0415  as above

    return payload.check(_windows_program()[0])


def _check_msi() -> Sequence[str]:
    from windows import check_msi  # noqa: PLC0415  as above

    return check_msi.check(BUILD, _windows_program()[0])


WHEELS = (
    Step(name="windows wheels", does=_wheels),
    Step(name="windows program", does=_stand_in, after=("windows wheels", "icons", "parts")),
)
# Where Windows froze the program, there is nothing to stand in for.
GIVEN = (Step(name="windows program", does=_see_given, after=("icons", "parts")),)
AROUND = (
    Step(name="msi", does=_msi, after=("windows program",)),
    Step(name="zip", does=_zip, after=("windows program",)),
    Step(name="check payload", does=_check_payload, after=("windows program",), is_check=True),
    Step(name="check msi", does=_check_msi, after=("msi",), is_check=True),
)
WINDOWS = (
    Step(name="windows program", does=_see_given, after=("freeze",)),
    Step(name="zip", does=_zip, after=("windows program",)),
    Step(name="check program", does=_check_program, after=("freeze",), is_check=True),
)


# --- macOS -----------------------------------------------------------------------------------------------------------


def _dmg() -> None:
    from macos import build as image  # noqa: PLC0415  as above

    image.make(BUILD, OUT)


MACOS = (
    Step(name="dmg", does=_dmg, after=("freeze",)),
    Step(name="check program", does=_check_program, after=("dmg",), is_check=True),
)


# --- the whole -------------------------------------------------------------------------------------------------------


def steps(only: str = "") -> list[Step]:
    """Return the steps of this system: what is made before what is looked at, where both could be next."""
    windows = (*(GIVEN if os.environ.get(PAYLOAD) else WHEELS), *AROUND)
    if sys.platform == "win32":
        has_wixl = shutil.which("wixl") or os.environ.get("CRISISDESK_MSITOOLS")  # build.ps1 brings it
        chosen = [*COMMON, *WINDOWS, *AROUND[:1]] if has_wixl else [*COMMON, *WINDOWS]
    elif sys.platform == "darwin":
        chosen = [*COMMON, *MACOS]
    elif only == "linux":
        chosen = [*COMMON, *LINUX]
    elif only == "windows":
        chosen = [*COMMON[:2], *windows]
    else:
        chosen = [*COMMON, *LINUX, *windows]
    made = tuple(step.name for step in chosen if not step.is_check)
    chosen.append(Step(name="sums", does=_sums, after=made))
    chosen.append(Step(name="check sums", does=_check_sums, after=("sums",), is_check=True))
    return sorted(chosen, key=lambda step: step.is_check and bool(step.after))


def moment() -> str:
    """Return the last commit's time, which every file is dated with: the same sources give the same files."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    git = shutil.which("git")
    if git:
        line = [git, "-C", str(ROOT), "log", "-1", "--format=%ct"]
        told = subprocess.run(line, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603  git, found above
        if told:
            return told
    return str(int((ROOT / "CHANGELOG.md").stat().st_mtime))  # an unpacked archive: it keeps its files' dates


def _given(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="dev.py build", description="Make the installers of this system and try them."
    )
    parser.add_argument("--skip-checks", action="store_true", help="make everything, try nothing")
    parser.add_argument("--only", choices=("linux", "windows"), default="", help="on Linux: not the other's")
    parser.add_argument("--payload", type=Path, help="the folder that Windows froze, instead of the stand-in")
    parser.add_argument("--step", metavar="NAME", help="do one step, after those that it needs were done once")
    return parser.parse_args(arguments)


def _all(given: argparse.Namespace) -> int:
    """Do everything, and say what came out of it."""
    began = time.monotonic()
    if sys.platform.startswith("linux"):
        from linux import tools  # noqa: PLC0415  as above

        tools.provide()
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    say(f"{crisisdesk.NAME} {crisisdesk.__version__}: installers, in {OUT}")
    run = Run(Path(__file__), BUILD / "logs")
    run.all([step for step in steps(given.only) if not (given.skip_checks and step.is_check)])
    if sys.platform.startswith("linux"):
        from linux import summary  # noqa: PLC0415  as above

        summary.show(BUILD, OUT)
    say(f"{time.monotonic() - began:6.1f} s in all")
    if run.failed:
        say(f"Failed: {', '.join(run.failed)}")
    else:
        say("Made; nothing was checked." if given.skip_checks else "Every check passed.")
    return 1 if run.failed else 0


def main(arguments: list[str]) -> int:
    """Do what the words say."""
    given = _given(arguments)
    os.environ["SOURCE_DATE_EPOCH"] = moment()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the steps must end with us
    if given.payload:
        os.environ[PAYLOAD] = str(given.payload.resolve())
    try:
        if given.step:
            return do({step.name: step for step in steps()}[given.step])
        return _all(given)
    except FailedError as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
