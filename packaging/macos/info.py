"""What CrisisDesk's Info.plist says on macOS. Not run yet on a real Mac: see the check list in packaging/README.md."""

from typing import Any

import crisisdesk

# What the wheels in requirements.lock were tried with; an older system couldn't load them all.
OLDEST = "15.0"


def plist() -> dict[str, Any]:
    """Return the values beside those that PyInstaller sets by itself (name, executable, icon, identifier)."""
    return {
        "CFBundleDisplayName": crisisdesk.NAME,
        "CFBundleShortVersionString": crisisdesk.__version__,
        "CFBundleVersion": crisisdesk.__version__,
        "LSMinimumSystemVersion": OLDEST,
        "LSArchitecturePriority": ["arm64"],  # never under Rosetta
        "LSApplicationCategoryType": "public.app-category.medical",
        "NSHumanReadableCopyright": f"{crisisdesk.PUBLISHER}. Apache License 2.0.",
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,  # nothing here needs the faster, hungrier graphics
        "NSRequiresAquaSystemAppearance": False,  # dark where the desktop is dark
        "NSSupportsSuddenTermination": False,  # leaving seals half-typed words, locks, and then goes
        "NSSupportsAutomaticTermination": False,
        # No CFBundleDocumentTypes: a double click on a vault or a backup opens nothing. No usage strings: nothing asks
        # for camera, microphone, contacts, calendar or place, and the system refuses whatever asks without one.
    }
