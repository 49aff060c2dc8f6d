"""What a build needs of a Debian system, and how it gets there."""

import shutil
import subprocess
import sys

from steps import FailedError

import dev

# What each is for, so that nobody keeps one that has lost its reason.
PACKAGES = {
    "appstream": "validates what software centres show",
    "binutils": "PyInstaller reads libraries with it",
    "desktop-file-utils": "validates the menu's entry",
    "dpkg-dev": "finds what the program loads from a system",
    "imagemagick": "takes pictures of windows",
    "libwayland-client0": "Qt's Wayland plugin loads it, and its package is looked up",
    "libwayland-cursor0": "as libwayland-client0",
    "lintian": "validates the package",
    "man-db": "validates the manual page",
    "mmdebstrap": "makes the bare system that the installers are tried in",
    "mount": "mounts inside that system",
    "msitools": "completes and reads the MSI",
    "poppler-utils": "looks at printed pages",
    "strace": "watches for sockets",
    "util-linux": "keeps mounts and processes of a trial to itself",
    "wine": "installs the MSI",
    "wine64": "as wine",
    "wixl": "compiles the MSI",
    "x11-utils": "asks windows what they are",
    "xdotool": "clicks and types",
    "xvfb": "a screen for windows that nobody sees",
    "xz-utils": "packs the tar",
    "zstd": "keeps the bare system",
}


def missing() -> list[str]:
    """Return the packages that this computer lacks."""
    line = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\\n"]
    told = subprocess.run(line, check=True, capture_output=True, text=True).stdout  # noqa: S603  Debian's own tool
    wanted = {*PACKAGES, *_python()}
    return sorted(wanted - installed(told))


def installed(told: str) -> set[str]:
    """Return which packages are there, from dpkg-query's lines of a name and a state; one may be half taken out."""
    return {line.split()[0] for line in told.splitlines() if line.endswith(" installed")}


def _python() -> set[str]:
    """Return the package of Python's library, which the frozen program carries and Debian's own Python does without."""
    return {f"libpython3.{sys.version_info.minor}"} if sys.base_prefix == "/usr" else set()


def provide() -> None:
    """Install what is missing, as root; else raise FailedError with the line to copy."""
    if not shutil.which("dpkg-query"):
        raise FailedError("Installers for Linux and Windows are made on Debian or Ubuntu, and this is another system.")
    lacking = missing()
    if not lacking:
        return
    try:
        dev.provide_packages({package: package for package in lacking}, what="makes and tries installers")
    except dev.CannotStartError as reason:
        raise FailedError(str(reason)) from None
