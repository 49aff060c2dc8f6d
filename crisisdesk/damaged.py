"""A packaged program of which a part is missing or broken: what she is told, with a window and without one.

A program that runs from its sources has no such thing: there the traceback says more.
"""

import subprocess
import sys
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import crisisdesk
from crisisdesk.i18n import N_, _

EXIT = 70  # sysexits.h: EX_SOFTWARE
_WORDS = N_(
    "A part of CrisisDesk itself is missing or damaged. Your records are safe and unchanged. Install CrisisDesk again "
    "(or unpack its archive again), then start it."
)
_NOT_LOADED = frozenset({126, 127, 193})  # Windows: a library, or a function in it, is not there, or is no library
_ERROR_ICON = 0x10  # MessageBoxW: MB_ICONERROR
_LINUX = (  # the last one breaks no lines
    (Path("/usr/bin/zenity"), ("--error", "--no-markup", "--title", "{title}", "--text", "{words}")),
    (Path("/usr/bin/kdialog"), ("--title", "{title}", "--error", "{words}")),
    (Path("/usr/bin/xmessage"), ("-center", "-title", "{title}", "{lines}")),
)
_MAC = ("on run given", "display alert (item 1 of given) message (item 2 of given) as critical", "end run")


def is_damage(error: BaseException | None) -> bool:
    """Whether an error says that a part of the packaged program can't be loaded: a module, a library, a resource."""
    if not getattr(sys, "frozen", False):
        return False
    if isinstance(error, ImportError):
        return True
    if not isinstance(error, OSError):
        return False
    # ctypes, and "resource", raise these two with words alone.
    is_without_number = type(error) in {OSError, FileNotFoundError} and error.errno is None
    return is_without_number or getattr(error, "winerror", None) in _NOT_LOADED


def words() -> str:
    """Return what she is told; in English where the translations are what is missing."""
    try:
        return _(_WORDS)
    except OSError:
        return _WORDS


def tell() -> int:
    """Tell it without Qt, on the terminal and in a window of the system's; return the program's exit code."""
    if sys.stderr is not None:  # on Windows a program with a window has none
        sys.stderr.write(f"{words()}\n")
        sys.stderr.flush()
    with suppress(ImportError, OSError, AttributeError):  # what shows the window may be what is missing
        _show()
    return EXIT


def _show() -> None:
    from crisisdesk.hardening import harden  # noqa: PLC0415  its ctypes may be what is missing

    harden()  # the system's tools want the system's libraries
    if sys.platform == "win32":  # not run: no such computer here
        import ctypes  # noqa: PLC0415  as above

        ctypes.windll.user32.MessageBoxW(None, words(), crisisdesk.NAME, _ERROR_ICON)
    else:
        command = mac_command() if sys.platform == "darwin" else linux_command()
        if command:
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  the system's own tool, at its own place


def linux_command(tools: Sequence[tuple[Path, tuple[str, ...]]] = _LINUX) -> tuple[str, ...]:
    """Return what shows the words with the first tool that is there; nothing without one."""
    said = {"title": crisisdesk.NAME, "words": words(), "lines": textwrap.fill(words())}
    for tool, options in tools:
        if tool.exists():
            return (str(tool), *(each.format_map(said) for each in options))
    return ()


def mac_command() -> tuple[str, ...]:
    """Return what shows the words on macOS. Not run: no such computer here."""
    script = tuple(part for line in _MAC for part in ("-e", line))
    return ("/usr/bin/osascript", *script, crisisdesk.NAME, words())
