"""What is in the frozen program and what is not: the spec asks when it builds, and a check asks of what was built.

Whatever a system has to have of its own (its C library, OpenGL, X11's first library, fonts, printing, the message bus)
stays the system's: an old copy of it beside ours would not fit its drivers and its settings.
"""

import fnmatch
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from crisisdesk import integrity
from crisisdesk.selftest.diag import PARTS

HERE = Path(__file__).parent
_ABOUT = PurePosixPath("crisisdesk/resources/about")
TREE = "_internal"  # where PyInstaller puts everything but the program that one starts

# Loaded by name when they are needed, so that nobody finds them by reading the sources.
LOADED_BY_NAME = (
    "alembic.context",
    "alembic.op",
    "crisisdesk.exchange.apart_child",
    "crisisdesk.selftest.lock_child",
    "dateparser.data.date_translation_data.en",
    "holidays.countries.united_states",
    "logging.config",  # the migrations' environment
    "sqlalchemy.dialects.sqlite",
)

# The credential stores that vault/device.py knows; keyring's own search for others stays outside.
KEYRINGS = {
    "darwin": ("keyring.backends.macOS",),
    "linux": ("keyring.backends.SecretService",),
    "win32": ("keyring.backends.Windows",),
}

# Parts of libraries that nothing here calls; most of them would be found because something *could* import them.
LEFT_OUT = (
    "IPython",
    "PIL.ImageTk",
    "PIL._avif",  # twelve megabytes for a kind of picture that nobody brings
    "PIL._imagingcms",
    "PIL._imagingtk",
    "PIL._webp",
    "PySide6.QtNetwork",  # QtPdf's library links Qt's network library; nothing may call it
    "PySide6.QtOpenGL",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "_pytest",
    "_ssl",
    "_uuid",  # Python's own is as good
    "babel",
    "curses",
    "defusedxml",  # a tool of ours has it installed; PIL would take it along
    "distutils",
    "doctest",
    "ensurepip",
    "http.server",
    "idlelib",
    "lib2to3",
    "lxml",
    "numpy",
    "pdb",
    "phonenumbers.carrierdata",
    "phonenumbers.geodata",
    "phonenumbers.tzdata",
    "pip",
    "pkg_resources",
    "pydoc",
    "pydoc_data",
    "pygments",
    "pypdf",
    "pytest",
    "readline",
    "rich",
    "setuptools",
    "sqlite3",
    "ssl",
    "tkinter",
    "turtle",
    "unittest",
    "venv",
    "wheel",
    "xmlrpc.server",
)

# Qt's plugins, by folder. Whoever adds one says why here; the list of files says which of them a system has.
PLUGINS: dict[str, frozenset[str]] = {
    "iconengines": frozenset({"qsvgicon"}),  # QIcon of an SVG
    "imageformats": frozenset({"qico", "qjpeg", "qsvg"}),  # the icons, and pictures inside a PDF's preview
    "platforms": frozenset(
        {
            "qcocoa",
            "qoffscreen",  # self-tests without a screen
            "qwayland",
            "qwindows",
            "qxcb",
        }
    ),
    "platforminputcontexts": frozenset({"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"}),
    "platformthemes": frozenset({"qxdgdesktopportal"}),  # light or dark, and the desktop's own file dialogs
    "printsupport": frozenset({"cupsprintersupport"}),
    "styles": frozenset({"qmacstyle", "qmodernwindowsstyle"}),
    "wayland-decoration-client": frozenset({"bradient"}),  # a window's frame where the desktop draws none
    "wayland-graphics-integration-client": frozenset(),  # pictures through shared memory are quick enough
    "wayland-shell-integration": frozenset({"xdg-shell"}),
    "xcbglintegrations": frozenset(),  # nothing here draws with OpenGL
}

# What is never in it, on any system: names in lower case, looked for anywhere in a file's path.
NEVER = re.compile(
    r"webengine|qtqml|qt6?qml|quick|qtnetwork\.|designer|virtualkeyboard|/tls/|networkinformation|qmltooling|sqldrivers"
    r"|opengl32sw|/translations/|(^|/)(tests?|pip|setuptools|pytest|tkinter|tcl\d*|tk\d*)(/|$)|_mei|\.pdb$|\.a$|\.lib$"
    r"|/lib-dynload/_(ssl|sqlite3)\.|/dlls/(_ssl|_sqlite3|sqlite3)\.|libssl"
    r"|/pytz/zoneinfo/|/dateutil/zoneinfo/"  # the system's zones are read, and Windows' come with tzdata
    r"|\.dist-info/(?!metadata$)"  # a version and a licence; the rest names folders of the machine that built it
)

# The system's own, on Linux: the .deb depends on them. What a bare desktop may lack (xcb-util's family, xkbcommon) is
# small and unchanged for years: it comes along.
SYSTEMS = re.compile(
    r"^lib("
    r"EGL|GL|GLX|GLdispatch|OpenGL|drm|gbm"
    r"|X11|X11-xcb|xcb|Xau|Xdmcp|Xext|Xrender"
    r"|fontconfig|freetype|expat|png16|brotli(dec|common)|uuid|z|zstd"
    r"|glib-2\.0|gthread-2\.0|gio-2\.0|gobject-2\.0|gmodule-2\.0|pcre2-8|mount|blkid|selinux|ffi"
    r"|dbus-1|systemd|cap|gcrypt|gpg-error|lz4|bsd|md"
    r"|cups|avahi-client|avahi-common|gnutls|nettle|hogweed|gmp|idn2|unistring|tasn1|p11-kit"
    r"|gssapi_krb5|krb5|k5crypto|krb5support|com_err|keyutils|resolv"
    r"|crypto|stdc\+\+|gcc_s|wayland-(client|cursor|egl)|tinfo|ncursesw|readline"
    r")\.so"
)


def stays(target: str, kind: str) -> bool:
    """Whether a file that PyInstaller found belongs into the program; ``target`` is where it would lie."""
    path = PurePosixPath(target.replace("\\", "/"))
    if NEVER.search(f"/{path}".lower()):
        return False
    if "plugins" in path.parts and "PySide6" in path.parts:
        return _is_wanted_plugin(path)
    is_library = kind in {"BINARY", "SYMLINK"} and sys.platform == "linux" and ".so" in path.name
    return not (is_library and SYSTEMS.match(path.name))


def _is_wanted_plugin(path: PurePosixPath) -> bool:
    folder, name = path.parts[-2], path.name.split(".")[0].removeprefix("lib")
    return name in PLUGINS.get(folder, frozenset())


def needed(found: Sequence[tuple[str, str, str]]) -> set[str]:
    """Return the targets of those libraries that something in the program links, and of all that is loaded by name.

    PyInstaller has looked for the libraries of plugins that were then left out: half of a desktop.
    """
    from PyInstaller.depend import bindepend  # type: ignore[import-untyped]  # noqa: PLC0415  the check of what was built runs without it

    files = {target: source for target, source, kind in found if kind in {"BINARY", "EXTENSION"}}
    by_name = {PurePosixPath(target).name: target for target in files}
    waiting = [target for target in files if _is_loaded_by_name(target)]
    kept = set(waiting)
    while waiting:
        for name, _path in bindepend.get_imports(files[waiting.pop()]):
            target = by_name.get(PurePosixPath(name).name)
            if target and target not in kept:
                kept.add(target)
                waiting.append(target)
    return kept | {link for link, source, kind in found if kind == "SYMLINK" and source in kept}


def _is_loaded_by_name(target: str) -> bool:
    name = PurePosixPath(target).name
    return not name.startswith("lib") or name.startswith("libpython") or "/plugins/" in target


def files_in(folder: Path) -> list[str]:
    """Return every file of a built program, as paths below its folder, with slashes."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def modules(root: Path) -> list[str]:
    """Return the modules that are loaded by name: CrisisDesk's own, all of them, and a few of its libraries'."""
    from PyInstaller.utils.hooks import collect_submodules  # type: ignore[import-untyped]  # noqa: PLC0415  as above

    codes = collect_submodules("reportlab.graphics.barcode")  # one of them draws our QR code, and it asks for all
    return [*own_modules(root), *LOADED_BY_NAME, *KEYRINGS.get(sys.platform, ()), *codes]


def own_modules(root: Path) -> list[str]:
    """Return every module of CrisisDesk but the migrations, which are read as files."""
    paths = (path.relative_to(root).with_suffix("") for path in sorted((root / "crisisdesk").rglob("*.py")))
    return [".".join(path.parts).removesuffix(".__init__") for path in paths if "versions" not in path.parts]


def of_libraries() -> Iterable[tuple[str, str]]:
    """Return the files that libraries read, and what says the version of each that ``--diag`` tells of."""
    from PyInstaller.utils.hooks import collect_data_files, copy_metadata  # noqa: PLC0415  as above

    return [*collect_data_files("anyascii"), *(pair for name in PARTS for pair in copy_metadata(name))]


def data(root: Path) -> list[tuple[str, str]]:
    """Return the files that are read as files, each with the folder that it goes to."""
    migrations = root / "crisisdesk" / "vault" / "migrations"
    scripts = [migrations / "env.py", *sorted((migrations / "versions").glob("*.py"))]
    shipped = [path for path in sorted((root / "resources").rglob("*")) if path.is_file()]
    parts = root / ".build" / "parts"  # licences, the list of parts, the guide: Help finds them there
    going = [path for path in sorted(parts.rglob("*")) if path.is_file()]
    return [
        *of_libraries(),
        *((str(path), path.relative_to(root).parent.as_posix()) for path in scripts),
        *((str(path), f"crisisdesk/{path.relative_to(root).parent.as_posix()}") for path in shipped),
        *((str(path), (_ABOUT / path.relative_to(parts).parent).as_posix()) for path in going),
    ]


def check_files(folder: Path) -> list[str]:
    """Return what is in a built program and must not be, and what is missing."""
    found = files_in(folder)
    wrong = [f"never in the program: {path}" for path in found if NEVER.search(f"/{path}".lower())]
    plugins = [path for path in found if "/plugins/" in path and "PySide6/" in path]
    wrong += [f"a plugin that nobody wants: {path}" for path in plugins if not _is_wanted_plugin(PurePosixPath(path))]
    wrong += [f"a link that leads out of the program: {path}" for path in found if _leads_out(folder, path)]
    if sys.platform == "linux":
        wrong += check_list(found, HERE.joinpath("files-linux.txt").read_text(encoding="utf-8"))
    whole = integrity.compare_with(folder, _listed(folder))
    wrong += [f"not as its own list says: {path}" for path in (*whole.changed, *whole.gone, *whole.added)]
    return wrong


def check_list(found: Sequence[str], text: str) -> list[str]:
    """Compare files with the lines of a list: each file must have its line, and each line its file."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    patterns = {line: fnmatch.translate(line.removeprefix("? ")).replace(r"\{hash\}", "[0-9a-f]{8}") for line in lines}
    known = re.compile("|".join(patterns.values()))
    missing = [
        line
        for line, pattern in patterns.items()
        if not line.startswith("? ") and not any(re.match(pattern, path) for path in found)
    ]
    return [
        *(f"not on the list of files: {path}" for path in found if not known.match(path)),
        *(f"on the list of files, and not there: {line}" for line in missing),
    ]


def _listed(folder: Path) -> dict[str, str]:
    lists = [path for path in folder.rglob("/".join(integrity.LIST)) if path.is_file()]
    return integrity.read(lists[0].read_text(encoding="utf-8")) if lists else {}


def _leads_out(folder: Path, path: str) -> bool:
    file = folder / path
    return file.is_symlink() and not (file.exists() and file.resolve().is_relative_to(folder.resolve()))
