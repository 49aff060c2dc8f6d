"""Which modules PyInstaller looked for and did not find, and why the program does without each of them.

PyInstaller notes every import that it can't follow. Those inside a function or a ``try`` are their authors' own "if it
is there"; one at the head of a module means that this module can't be loaded, and has its reason here or stops the
build.
"""

import re
from collections.abc import Iterable

_REASONS = {
    "_frozen_importlib": "Python's own, built in",
    "_frozen_importlib_external": "as above",
    "_overlapped": "Windows' half of asyncio",
    "_winapi": "as above, and of multiprocessing",
    "dateutil.tz.tzfile": "a class, not a module",
    "jellyfish.metaphone": "a function, not a module",
    "msvcrt": "Windows' own",
    "multiprocessing": "functions that it makes itself, not modules",
    "olefile": "for two kinds of picture that nobody brings",
    "phonenumbers.carrierdata": "left out: who owns a number",
    "phonenumbers.geodata": "left out: where a number is",
    "phonenumbers.tzdata": "left out: what time it is there",
    "psycopg2": "another database",
    "pygments": "colours for mako's templates, of which none is shown",
    "PySide6.QtNetwork": "left out; QtPdf loads without it",
    "reportlab.platypus.XPreformatted": "a class, not a module",
    "setuptools": "left out: nothing is installed from within",
    "six.moves": "names that six makes itself, not modules",
    "unittest": "left out: reportlab's own tests",
}
_LINE = re.compile(r"(?:missing|excluded) module named '?([\w.]+)'? - imported by (.*)")
_AT_THE_HEAD = re.compile(r"'?([\w./-]+)'? \([^)]*top-level[^)]*\)")
_OTHERS = {  # what one system has and another lacks
    "fcntl": "not on Windows",
    "grp": "as above",
    "posix": "as above",
    "pwd": "as above",
    "resource": "as above",
    "termios": "as above",
    "_posixshmem": "as above",
    "_posixsubprocess": "as above",
    "_scproxy": "macOS' own",
    "winreg": "Windows' own",
}


def unexplained(noted: str) -> list[str]:
    """Return what PyInstaller's notes say is missing where it is needed, without a reason here."""
    wrong = []
    for line in noted.splitlines():
        found = _LINE.match(line)
        needed = _AT_THE_HEAD.findall(found[2]) if found else []
        if found and needed and not _has_reason(found[1]):
            wrong.append(f"{found[1]}, which {', '.join(needed[:3])} can't be loaded without")
    return wrong


def _has_reason(name: str) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:end]) in {*_REASONS, *_OTHERS} for end in range(1, len(parts) + 1))


def left_behind(wanted: Iterable[str], archive: str) -> list[str]:
    """Return the modules that are loaded by name and did not come along; ``archive``: PyInstaller's list of modules."""
    return [name for name in wanted if f"('{name}'," not in archive]
