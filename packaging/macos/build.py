"""Sign CrisisDesk.app and put it into a disk image. Not run yet on a real Mac: packaging/README.md has the check list.

$CRISISDESK_SIGN_MAC is the identity in the keychain: "Developer ID Application: NAME (TEAM)". Without it the app is
signed for this machine alone, and says so. $CRISISDESK_NOTARY is the profile that "xcrun notarytool store-credentials"
made; without it nothing is sent to Apple.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import crisisdesk

IDENTITY = "CRISISDESK_SIGN_MAC"
NOTARY = "CRISISDESK_NOTARY"
ENTITLEMENTS = Path(__file__).with_name("entitlements.plist")
_HERE_ALONE = "-"  # codesign's name for "by nobody, for this machine"
# The first bytes of what macOS can load: Mach-O for 64 bits, and several of them in one file.
_LOADABLE = (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")


def make(build: Path, out: Path) -> Path:
    """Sign, check, pack and, where it is asked for, notarize; return the disk image."""
    app = build / crisisdesk.NAME / f"{crisisdesk.NAME}.app"
    identity = os.environ.get(IDENTITY, "")
    sign(app, identity)
    image = pack(app, build / "parts", out / f"CrisisDesk-{crisisdesk.__version__}-macos-arm64.dmg")
    if identity:
        _run("codesign", "--force", "--timestamp", "--sign", identity, str(image))
    else:
        _warn(f"{app.name} IS NOT SIGNED: set {IDENTITY}. No other Mac will open it by a double click.")
    profile = os.environ.get(NOTARY, "")
    if identity and profile:
        notarize(image, profile)
    else:
        _warn(f"{image.name} IS NOT NOTARIZED: set {IDENTITY} and {NOTARY}. macOS will refuse to open it elsewhere.")
    return image


# --- signing ---------------------------------------------------------------------------------------------------------


def innermost_first(app: Path) -> list[Path]:
    """Return everything in an app that has a signature of its own, whatever lies deeper before what it lies in.

    codesign seals what is inside a bundle into the bundle's own signature; signed the other way round, each would break
    the one before. That is what ``--deep`` gets wrong, besides giving libraries the program's entitlements.
    """
    files = [path for path in app.rglob("*") if path.is_file() and not path.is_symlink() and _is_loadable(path)]
    frameworks = [path for path in app.rglob("*.framework") if path.is_dir() and not path.is_symlink()]
    main = app / "Contents" / "MacOS" / crisisdesk.NAME
    inner = [path for path in (*files, *frameworks) if path != main]
    return [*sorted(inner, key=lambda path: (-len(path.parts), str(path))), app]


def _is_loadable(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in _LOADABLE


def sign(app: Path, identity: str) -> None:
    """Sign an app from the inside out, and have the signature checked."""
    for path in innermost_first(app):
        line = ["codesign", "--force", "--sign", identity or _HERE_ALONE]
        if identity:
            # Signed by nobody there is no team, and the hardened runtime refuses libraries of no team.
            line += ["--options", "runtime", "--timestamp"]
        if path == app:
            line += ["--entitlements", str(ENTITLEMENTS)]
        _run(*line, str(path))
    _run("codesign", "--verify", "--deep", "--strict", "--verbose=2", str(app))


# --- the disk image --------------------------------------------------------------------------------------------------


def pack(app: Path, parts: Path, image: Path) -> Path:
    """Make the disk image that she opens: the app, the folder to draw it to, and the guide."""
    folder = image.parent / "dmg"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _run("ditto", str(app), str(folder / app.name))  # keeps links and signatures, which a plain copy may not
    (folder / "Applications").symlink_to("/Applications")
    for part in (*sorted(parts.glob("*.pdf")), parts / "LICENSE", parts / "THIRD-PARTY.txt"):
        shutil.copy2(part, folder)
    image.unlink(missing_ok=True)
    name = f"{crisisdesk.NAME} {crisisdesk.__version__}"
    _run("hdiutil", "create", "-volname", name, "-srcfolder", str(folder), "-fs", "HFS+", "-format", "UDZO", str(image))
    _run("hdiutil", "verify", str(image))
    shutil.rmtree(folder)
    return image


def notarize(image: Path, profile: str) -> None:
    """Have Apple look at the image, wait for the answer, and fasten it to the image so that no Mac must ask for it."""
    _run("xcrun", "notarytool", "submit", str(image), "--keychain-profile", profile, "--wait", "--timeout", "30m")
    _run("xcrun", "stapler", "staple", str(image))
    _run("xcrun", "stapler", "validate", str(image))
    _run("spctl", "--assess", "--type", "open", "--context", "context:primary-signature", "--verbose", str(image))


def _run(*line: str) -> None:
    done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603  macOS's own tools
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}{' '.join(line[:3])} … failed; what it said stands above.")


def _warn(line: str) -> None:
    sys.stdout.write(f"*** {line} ***\n")
    sys.stdout.flush()
