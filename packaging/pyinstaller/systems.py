"""What the frozen program is called and what it carries on each system: icons, versions, manifests."""

import sys
from pathlib import Path
from typing import Any

import crisisdesk

# The name, and whether it talks to a terminal. Windows' programs do one or the other.
if sys.platform == "win32":
    PROGRAMS: tuple[tuple[str, bool], ...] = ((crisisdesk.NAME, False), (f"{crisisdesk.NAME.lower()}-cli", True))
elif sys.platform == "darwin":
    PROGRAMS = ((crisisdesk.NAME, False),)
else:
    PROGRAMS = ((crisisdesk.NAME.lower(), True),)


def program(root: Path, name: str, *, console: bool) -> dict[str, Any]:
    """Return what PyInstaller's EXE is told beside its contents."""
    icons = root / ".build" / "icons"
    if sys.platform == "win32":
        from windows import version_info  # noqa: PLC0415  no other system has a use for it

        return {
            "icon": str(icons / "crisisdesk.ico"),
            "version": version_info.version_resource(name, console=console),
            "manifest": version_info.MANIFEST,
            "hide_console": None,
        }
    if sys.platform == "darwin":
        return {"target_arch": "arm64", "argv_emulation": False}
    return {}


def bundle(root: Path) -> dict[str, Any]:
    """Return what PyInstaller's BUNDLE is told on macOS."""
    from macos import info  # noqa: PLC0415  as above

    return {
        "icon": str(root / ".build" / "icons" / "crisisdesk.icns"),
        "bundle_identifier": crisisdesk.APP_ID,
        "version": crisisdesk.__version__,
        "info_plist": info.plist(),
    }
