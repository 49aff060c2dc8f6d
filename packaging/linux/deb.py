"""Makes the Debian package from the frozen program: the same bytes from the same program at any time."""

import gzip
import hashlib
import os
import shutil
from pathlib import Path

from linux import depends
from linux.fills import MAINTAINER, built_at, changes, fill, metainfo
from linux.system import must

import crisisdesk

PLACE = "usr/lib/crisisdesk"
_SCRIPTS = ("preinst", "prerm", "postrm")


def make(build: Path, out: Path) -> Path:
    """Make the package out of what lies in the build folder and return it."""
    stage = build / "linux/deb"
    shutil.rmtree(stage, ignore_errors=True)
    _lay_program(build / "CrisisDesk", stage / PLACE)
    _lay_desktop(build / "icons", stage / "usr/share")
    _lay_documents(build / "parts", stage / "usr/share/doc/crisisdesk")
    _lay_control(stage, depends.kept(build))
    _settle(stage)
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"crisisdesk_{crisisdesk.__version__}_amd64.deb"
    pack(stage, package, "-Zxz", "-z3")  # a twelfth larger than the default, in half the time
    shutil.rmtree(stage)
    return package


def pack(stage: Path, package: Path, *how: str) -> None:
    """Pack a folder that is laid out as a package."""
    must("dpkg-deb", "--root-owner-group", *how, "--build", stage, package)


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _write_packed(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(raw, 9, mtime=0))


def _lay_program(program: Path, place: Path) -> None:
    """Copy the program. Only it is executable: a library is loaded, never started."""
    shutil.copytree(program, place, symlinks=True)
    for path in place.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(0o755 if path.parent == place else 0o644)
    link = place.parents[1] / "bin" / "crisisdesk"
    link.parent.mkdir(parents=True)
    link.symlink_to("../lib/crisisdesk/crisisdesk")


def _lay_desktop(icons: Path, share: Path) -> None:
    entry = fill("share/entry.desktop", START="crisisdesk", ICON=crisisdesk.APP_ID)
    _write(share / "applications" / f"{crisisdesk.APP_ID}.desktop", entry)
    _write(share / "metainfo" / f"{crisisdesk.APP_ID}.metainfo.xml", metainfo())
    shutil.copytree(icons / "hicolor", share / "icons/hicolor")
    _write_packed(share / "man/man1/crisisdesk.1.gz", fill("share/crisisdesk.1").encode())


def _lay_documents(parts: Path, place: Path) -> None:
    """Lay what is read outside the program; the licence's own text is in every Debian system already."""
    _write(place / "copyright", fill("control/copyright"))
    _write_packed(place / "changelog.gz", changes().encode())
    for path in sorted(parts.rglob("*")):
        if path.is_file() and path.name != "LICENSE":
            to = place / path.relative_to(parts)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to)
    overrides = place.parents[1] / "lintian/overrides/crisisdesk"
    _write(overrides, fill("control/lintian-overrides"))


def _lay_control(stage: Path, packages: list[str]) -> None:
    files = [path for path in sorted(stage.rglob("*")) if path.is_file() and not path.is_symlink()]
    size = sum(-(-path.stat().st_size // 1024) for path in files)
    facts = {
        "MAINTAINER": MAINTAINER,
        "SIZE": str(size),
        "DEPENDS": ", ".join(packages),
    }
    _write(stage / "DEBIAN/control", fill("control/control", **facts))
    sums = ((hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest(), path) for path in files)
    _write(stage / "DEBIAN/md5sums", "".join(f"{known}  {path.relative_to(stage)}\n" for known, path in sums))
    running = fill("control/running.sh", PLACE=f"/{PLACE}").rstrip()
    for name in _SCRIPTS:
        needs = {"RUNNING": running} if name != "postrm" else {}
        _write(stage / "DEBIAN" / name, fill(f"control/{name}", **needs), 0o755)


def _settle(stage: Path) -> None:
    """Give every folder the same mode and everything the same date, whatever the build machine's habits are."""
    moment = int(built_at().timestamp())
    for path in (*stage.rglob("*"), stage):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
        elif not path.is_symlink() and not path.stat().st_mode & 0o100:
            path.chmod(0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)
