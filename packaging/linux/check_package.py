"""Asks Debian's own tools what they think of the package."""

import tempfile
from pathlib import Path

from linux.system import ask, must

import crisisdesk


def check(build: Path, out: Path) -> list[str]:
    """Return what the validators find, a sentence each."""
    (package,) = out.glob("*.deb")
    with tempfile.TemporaryDirectory(dir=build) as work:
        must("dpkg-deb", "--extract", package, work)
        share = Path(work, "usr/share")
        entry = share / f"applications/{crisisdesk.APP_ID}.desktop"
        info = share / f"metainfo/{crisisdesk.APP_ID}.metainfo.xml"
        return [
            *_said("desktop-file-validate", str(entry)),
            *_said("appstreamcli", "validate", "--no-net", "--no-color", str(info), unless="Validation was successful"),
            *_said("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(share / "man/man1/crisisdesk.1.gz")),
            *_said("lintian", "--allow-root", "--tag-display-limit", "0", "--fail-on", "error,warning", str(package)),
            *_sizes_of_icons(share),
        ]


def _said(*line: str, unless: str = "") -> list[str]:
    """Run a tool; what it says is a finding. A manual page's own output isn't: that is the page."""
    done = ask(*line)
    said = done.stderr if line[0] == "man" else done.stdout + done.stderr
    if (unless and unless in said) or not (said.strip() or done.returncode):
        return []
    return [f"{line[0]}: {each.strip()}" for each in said.splitlines() if each.strip()] or [f"{line[0]} failed"]


def _sizes_of_icons(share: Path) -> list[str]:
    """Return which of the sizes that menus, panels and lists ask for are missing."""
    there = {path.parts[-3] for path in (share / "icons/hicolor").rglob(f"{crisisdesk.APP_ID}.*")}
    wanted = {f"{size}x{size}" for size in (16, 24, 32, 48, 64, 128, 256, 512)}
    return [f"there is no icon of {size} pixels" for size in sorted(wanted - there)]
