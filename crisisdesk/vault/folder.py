"""Whether a folder is fit for a vault, and who may enter it.

Unfit is one that other computers see or that vanishes: a network drive, a stick, a folder that a cloud copies away.
The exclusive lock can't be trusted there, and every copy is attacked at leisure with the passphrase of its day.

Linux asks /proc and /sys; Windows asks the drive's type (not run here); macOS goes by the folder's name (not run here).
"""

import ctypes
import getpass
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from crisisdesk import paths
from crisisdesk.errors import UnsafePlace
from crisisdesk.i18n import N_, _

_NETWORK = N_("This folder is on a network drive. A vault belongs on this computer’s own disk.")
_REMOVABLE = N_(
    "This folder is on a removable disk. A vault belongs on this computer’s own disk; backups go on sticks."
)
_CLOUD = N_("This folder is copied to a cloud by {name}. A vault belongs in a folder that stays on this computer.")

_NETWORK_SYSTEMS = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "afpfs",
        "ceph",
        "glusterfs",
        "davfs",
        "webdav",
    }
)
_LOCAL_FUSE = frozenset({"fuse.fuse-overlayfs", "fuse.gocryptfs", "fuse.cryfs", "fuse.encfs", "fuse.veracrypt"})
_CLOUDS = (
    (re.compile(r"onedrive( ?-.*)?", re.IGNORECASE), "OneDrive"),
    (re.compile(r"dropbox( \(.*\))?", re.IGNORECASE), "Dropbox"),
    (re.compile(r"iclouddrive|icloud drive|mobile documents|com~apple~clouddocs", re.IGNORECASE), "iCloud"),
    (re.compile(r"google ?drive|googledrive-.*|my drive", re.IGNORECASE), "Google Drive"),
    (re.compile(r"nextcloud|owncloud", re.IGNORECASE), "Nextcloud"),
    (re.compile(r"box|box sync|box-box", re.IGNORECASE), "Box"),
)
_DRIVE_REMOVABLE, _DRIVE_REMOTE, _DRIVE_CDROM = 2, 4, 5  # of GetDriveTypeW
_ICACLS = 20  # seconds


def refuse_unsafe(folder: Path) -> None:
    """Raise UnsafePlace for a folder, there or still to be made, where a vault would travel or vanish."""
    real = Path(os.path.realpath(folder))
    name = _cloud(real) or _cloud(folder.absolute())
    if name:
        raise UnsafePlace(_(_CLOUD).format(name=name))
    if _is_on_network(real):
        raise UnsafePlace(_(_NETWORK))
    if _is_removable(real):
        raise UnsafePlace(_(_REMOVABLE))


def keep_others_out(folder: Path) -> None:
    """On Windows leave the folder to her and the system alone, inheriting nothing; elsewhere its mode says so already.

    Not run here. Where it fails (FAT has no lists) the folder is as private as its parent, which is her profile.
    """
    if sys.platform != "win32":
        return
    tool = paths.windows_tool("icacls.exe")
    rights = (f"{getpass.getuser()}:(OI)(CI)F", "*S-1-5-18:(OI)(CI)F")  # the latter is SYSTEM in every language
    subprocess.run(  # noqa: S603  the system's own tool, at its own place
        [tool, folder, "/inheritance:r", "/grant:r", *rights], check=False, capture_output=True, timeout=_ICACLS
    )


def _cloud(folder: Path) -> str:
    """Return the name of the cloud whose folder it is in, or nothing."""
    if any(folder.is_relative_to(given) for given in paths.onedrives()):
        return "OneDrive"
    for part in folder.parts:
        for pattern, name in _CLOUDS:
            if pattern.fullmatch(part):
                return name
    return ""


def _is_on_network(folder: Path) -> bool:
    if sys.platform == "win32":
        return str(folder).startswith("\\\\") or _drive_type(folder) == _DRIVE_REMOTE
    if sys.platform == "linux":
        kind = _mount(folder)[1]
        return kind in _NETWORK_SYSTEMS or (kind.startswith("fuse.") and kind not in _LOCAL_FUSE)
    return folder.is_relative_to("/Network")


def _is_removable(folder: Path) -> bool:
    if sys.platform == "win32":
        return _drive_type(folder) in {_DRIVE_REMOVABLE, _DRIVE_CDROM}
    if sys.platform == "linux":
        return _is_removable_device(_mount(folder)[0])
    return folder.is_relative_to("/Volumes")


def _drive_type(folder: Path) -> int:
    if sys.platform != "win32":
        return 0
    return int(ctypes.windll.kernel32.GetDriveTypeW(folder.anchor))


def _mount(folder: Path) -> tuple[str, str]:
    """Return the device number ("8:1") and the file system of what is mounted there."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return "", ""
    return _innermost(folder, lines)


def _innermost(folder: Path, lines: Iterable[str]) -> tuple[str, str]:
    """Find the mount of a folder in the lines of mountinfo(5); of two at one place the later hides the earlier."""
    found, deepest = ("", ""), -1
    for line in lines:
        left, _separator, right = line.partition(" - ")
        fields = left.split(" ")
        at = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4]))
        if folder.is_relative_to(at) and len(at.parts) >= deepest:
            found, deepest = (fields[2], right.split(" ")[0]), len(at.parts)
    return found


def _is_removable_device(number: str, devices: Path = Path("/sys/dev/block")) -> bool:
    """Whether the kernel calls a disk, or the disk of a partition, removable."""
    try:
        device = (devices / number).resolve(strict=True)
    except OSError:
        return False  # a disk in memory, a container
    for each in (device, device.parent):
        flag = each / "removable"
        if number and flag.is_file():
            return flag.read_text(encoding="ascii").strip() == "1"
    return False
