"""Facts about this computer that CrisisDesk can't change but that its safety stands on; each is yes, no or untold.

Nothing here needs an administrator, writes anything, or waits longer than two seconds. Linux answers from /sys, /proc
and /etc; the calls for Windows and macOS were not run: no such computer here.
"""

import ctypes
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import crisisdesk
from crisisdesk import integrity

if sys.platform != "win32":
    import resource

_GET_DUMPABLE = 3  # prctl: PR_GET_DUMPABLE
_OTHERS = 0o077  # of a mode: what group and everybody may do
_LONGEST = 2.0  # seconds that another program may take
_DEEPEST = 8  # devices that stand on one another; more is a loop
_WHEELS = frozenset({"sudo", "wheel", "admin"})  # groups whose members may do everything
_MAC_ADMIN = 80  # the group "admin"
_FDESETUP = "/usr/bin/fdesetup"


class Told(StrEnum):
    """What the computer says."""

    YES = "yes"
    NO = "no"
    UNTOLD = "untold"


@dataclass(frozen=True, kw_only=True)
class Computer:
    """The facts; yes is not always the good answer."""

    is_disk_encrypted: Told = Told.UNTOLD  # the disk under the vault's folder
    is_swap_encrypted: Told = Told.UNTOLD  # yes too where no memory goes to a disk
    is_administrator: Told = Told.UNTOLD  # whoever runs this may change everything
    is_program_writable: Told = Told.UNTOLD  # by the account that runs it
    is_program_whole: Told = Told.UNTOLD  # every file of the packaged program is as it was built
    is_folder_private: Told = Told.UNTOLD  # nobody but this account may enter the vault's folder
    is_memory_closed: Told = Told.UNTOLD  # no memory image at a crash, none for a program beside this one


def look(folder: Path, program: Path | None = None) -> Computer:
    """Return the facts for a vault's folder. For a job: it may take some seconds on macOS and Windows."""
    place = folder.resolve()
    is_encrypted = is_disk_encrypted(place)
    return Computer(
        is_disk_encrypted=is_encrypted,
        is_swap_encrypted=_is_swap_encrypted(is_encrypted),
        is_administrator=is_administrator(),
        is_program_writable=is_writable(program or program_folder()),
        is_program_whole=_is_whole(),
        is_folder_private=is_private(folder),
        is_memory_closed=is_memory_closed(),
    )


def program_folder() -> Path:
    """Return the folder that the program runs from."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).parent
    return Path(crisisdesk.__file__).parent


def _is_whole() -> Told:
    found = integrity.compare()
    return Told.UNTOLD if found is None else Told.YES if found.is_whole else Told.NO


def is_disk_encrypted(folder: Path) -> Told:
    """Whether everything on the disk under a folder (absolute, without links) is encrypted, as the system tells it."""
    if sys.platform == "win32":
        return _bitlocker(folder)
    if sys.platform == "darwin":
        return _filevault()
    return Disks().encrypted_under(folder)


def _is_swap_encrypted(disk: Told) -> Told:
    if sys.platform == "linux":
        return Disks().swap_encrypted()
    if sys.platform == "darwin":
        return Told.YES  # always, since Mac OS X 10.7
    return (
        disk if disk is Told.YES else Told.UNTOLD
    )  # Windows: pages go to the system's disk unless somebody moved them


# Linux: disks and what they stand on --------------------------------------------------------------------------------


class Disks:
    """What Linux tells of its disks. ``root`` holds proc, sys and dev; tests bring one of their own."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._block = root / "sys" / "dev" / "block"

    def encrypted_under(self, folder: Path) -> Told:
        """Whether the disks under a folder are encrypted whole."""
        number, source = self._mounted(folder)
        device = self._by_number(number) or self._by_name(source)
        return self._encrypted(device) if device is not None else Told.UNTOLD

    def swap_encrypted(self) -> Told:
        """Whether memory that is put away on a disk can't be read there; yes too where there is no such place."""
        try:
            lines = (self._root / "proc" / "swaps").read_text("utf-8", "surrogateescape").splitlines()[1:]
        except OSError:
            return Told.UNTOLD
        return _worst(self._swap(*line.split()[:2]) for line in lines)

    def _swap(self, name: str, kind: str) -> Told:
        at = _unescaped(name)
        if kind == "file":
            return self.encrypted_under(Path(at))
        device = self._by_name(at)
        if device is None:
            return Told.UNTOLD
        return Told.YES if device.name.startswith("zram") else self._encrypted(device)  # zram: it stays in memory

    def _encrypted(self, device: Path, deep: int = 0) -> Told:
        """Look at a device, then at all that it stands on: a volume on an encrypted disk, a mirror of two."""
        if _read(device / "dm" / "uuid").startswith("CRYPT-"):
            return Told.YES
        whole = device.parent if (device / "partition").exists() else device
        if whole.name.startswith(("loop", "nbd", "zram", "ram")) or deep > _DEEPEST:
            return Told.UNTOLD  # a file, another computer, memory: its own ground is not told here
        below = _listed(device / "slaves") or _listed(whole / "slaves")
        if not below:
            return Told.NO
        return _worst(self._encrypted(each.resolve(), deep + 1) for each in below)

    def _by_number(self, number: str) -> Path | None:
        """Return a device's folder in /sys; there is none for 0:…, which stands for no disk."""
        return _there(self._block / number) if number else None

    def _by_name(self, source: str) -> Path | None:
        """Return the folder of "/dev/mapper/home": a link to ../dm-0 there, and dm-0 in /sys."""
        if not source.startswith("/dev/"):
            return None
        link = self._root / source.lstrip("/")
        return _there(self._root / "sys" / "class" / "block" / link.resolve().name)

    def _mounted(self, folder: Path) -> tuple[str, str]:
        """Return the device's number ("8:1") and its name ("/dev/sda1") of what is mounted there, from mountinfo(5)."""
        found, deepest = ("", ""), -1
        lines = _read(self._root / "proc" / "self" / "mountinfo").splitlines()
        for fields, right in ((left.split(" "), end.split(" ")) for left, _dash, end in _halves(lines)):
            at = Path(_unescaped(fields[4]))
            if folder.is_relative_to(at) and len(at.parts) >= deepest:  # the later of two hides the earlier
                found, deepest = (fields[2], _unescaped(right[1])), len(at.parts)
        return found


def _halves(lines: list[str]) -> Iterator[tuple[str, str, str]]:
    return (line.partition(" - ") for line in lines if " - " in line)


def _worst(told: Iterator[Told]) -> Told:
    """Return no if there is a no, else untold if there is one, else yes."""
    found = set(told)
    return next((each for each in (Told.NO, Told.UNTOLD) if each in found), Told.YES)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), text)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _there(path: Path) -> Path | None:
    try:
        return path.resolve(strict=True)
    except OSError:
        return None


# Who runs this, and what that account may do ------------------------------------------------------------------------


def is_administrator() -> Told:
    """Whether the account that runs this may change everything on the computer. Quick on every system."""
    if sys.platform == "win32":
        return _administrator_windows()
    if sys.platform == "darwin":
        return _told(os.geteuid() == 0 or _MAC_ADMIN in os.getgroups())
    return may_do_everything(os.geteuid(), os.getgroups(), Path("/etc/group"))


def may_do_everything(user: int, groups: list[int], file: Path) -> Told:
    """Whether a user is root, or in a group of a group(5) file whose members may become root."""
    if user == 0:
        return Told.YES
    listed = (line.split(":") for line in _read(file).splitlines())
    known = {fields[0]: fields[2] for fields in listed if len(fields) > 2}  # noqa: PLR2004  name, password, number
    if not known:
        return Told.UNTOLD
    return _told(any(known.get(name) == str(group) for name in _WHEELS for group in groups))


def is_writable(folder: Path) -> Told:
    """Whether this account may put files into a folder, without putting one there."""
    if sys.platform == "win32":
        return _writable_windows(folder)
    try:
        is_owner = folder.stat().st_uid == os.geteuid()  # who may give herself the right
    except OSError:
        return Told.UNTOLD
    return _told(is_owner or os.access(folder, os.W_OK))


def is_private(folder: Path) -> Told:
    """Whether nobody but this account may enter a folder."""
    if sys.platform == "win32":
        return Told.UNTOLD  # a list of rights, not a mode
    try:
        found = folder.stat()
    except OSError:
        return Told.UNTOLD
    return _told(found.st_uid == os.geteuid() and not found.st_mode & _OTHERS)


def is_memory_closed() -> Told:
    """Whether this process leaves no memory image, as ``hardening`` has asked for."""
    if sys.platform == "win32":
        return Told.UNTOLD
    if resource.getrlimit(resource.RLIMIT_CORE)[0] != 0:
        return Told.NO
    if sys.platform == "darwin":
        return Told.UNTOLD  # nobody tells whether a debugger is refused
    return _told(ctypes.CDLL(None).prctl(_GET_DUMPABLE, 0, 0, 0, 0) == 0)


def _told(holds: bool) -> Told:  # noqa: FBT001  the fact itself
    return Told.YES if holds else Told.NO


# macOS, not run -----------------------------------------------------------------------------------------------------


def _filevault() -> Told:
    """Ask macOS. Not run."""
    try:
        asked = subprocess.run([_FDESETUP, "isactive"], check=False, capture_output=True, timeout=_LONGEST)  # noqa: S603  the system's own tool, at its own place
    except (OSError, subprocess.TimeoutExpired):
        return Told.UNTOLD
    return {b"true": Told.YES, b"false": Told.NO}.get(asked.stdout.strip(), Told.UNTOLD)


# Windows, not run ---------------------------------------------------------------------------------------------------

_PROTECTION = "System.Volume.BitLockerProtection"
_ON, _NOT_ON = frozenset({1, 6}), frozenset({0, 2, 3, 4, 5})  # on, and on but locked; off, on its way, suspended
_STORE = bytes.fromhex("eb8e6d88f28c46448d02cdba1dbdcf99")  # IPropertyStore, {886d8eeb-8cf2-4446-8d02-cdba1dbdcf99}
_GET_VALUE, _RELEASE = 5, 2  # places in its table of functions
_INTEGERS = frozenset({3, 19, 22, 23})  # kinds of value: VT_I4, VT_UI4, VT_INT, VT_UINT
_KEY_BYTES, _VALUE_BYTES, _VALUE_AT = 20, 24, 8  # PROPERTYKEY, PROPVARIANT, and the number in it
_ELEVATION = 18  # TokenElevationType
_FULL, _LIMITED = 2, 3  # an administrator with all rights, and one who must be asked first
_QUERY = 0x8  # TOKEN_QUERY
_ADD_FILE, _SHARE, _OPEN_EXISTING, _A_FOLDER = 0x2, 0x7, 3, 0x02000000  # CreateFileW
_REFUSED = 5  # ERROR_ACCESS_DENIED


def _library(name: str) -> ctypes.CDLL:
    loader: Callable[..., ctypes.CDLL] = getattr(ctypes, "WinDLL")  # noqa: B009  Windows alone has it
    return loader(name, use_last_error=True)


def _bitlocker(folder: Path) -> Told:
    """Ask the shell what it shows of a drive, as any account may. Not run."""
    ole = _library("ole32")
    try:
        ole.CoInitialize(None)
        shown = _volume_property(folder.anchor)
    except (OSError, AttributeError, ValueError):
        return Told.UNTOLD
    finally:
        ole.CoUninitialize()
    return Told.YES if shown in _ON else Told.NO if shown in _NOT_ON else Told.UNTOLD


def _volume_property(drive: str) -> int | None:
    """Return the shell's number for a drive's protection. Not run."""
    key, value = ctypes.create_string_buffer(_KEY_BYTES), ctypes.create_string_buffer(_VALUE_BYTES)
    store = ctypes.c_void_p()
    if _library("propsys").PSGetPropertyKeyFromName(ctypes.c_wchar_p(_PROTECTION), key):
        return None
    get_store = _library("shell32").SHGetPropertyStoreFromParsingName
    if get_store(
        ctypes.c_wchar_p(drive), None, 0, ctypes.create_string_buffer(_STORE, len(_STORE)), ctypes.byref(store)
    ):
        return None
    if not store.value:
        return None
    functions = ctypes.cast(ctypes.c_void_p.from_address(store.value).value or 0, ctypes.POINTER(ctypes.c_void_p))
    make = getattr(ctypes, "WINFUNCTYPE")  # noqa: B009  Windows alone has it
    pointer = ctypes.c_void_p
    try:
        failed = make(ctypes.c_long, pointer, pointer, pointer)(functions[_GET_VALUE])(store, key, value)
    finally:
        make(ctypes.c_ulong, pointer)(functions[_RELEASE])(store)
    kind = int.from_bytes(value.raw[:2], "little")
    return None if failed or kind not in _INTEGERS else int.from_bytes(value.raw[_VALUE_AT : _VALUE_AT + 4], "little")


def _administrator_windows() -> Told:
    """Ask Windows, which keeps an administrator's rights back until she is asked: that counts too. Not run."""
    try:
        if _library("shell32").IsUserAnAdmin():
            return Told.YES
        kernel, advapi = _library("kernel32"), _library("advapi32")
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        token, kind, size = ctypes.c_void_p(), ctypes.c_int(), ctypes.c_uint32()
        if not advapi.OpenProcessToken(ctypes.c_void_p(kernel.GetCurrentProcess()), _QUERY, ctypes.byref(token)):
            return Told.UNTOLD
        told = advapi.GetTokenInformation(token, _ELEVATION, ctypes.byref(kind), 4, ctypes.byref(size))
        kernel.CloseHandle(token)
    except (OSError, AttributeError):
        return Told.UNTOLD
    return _told(kind.value in {_FULL, _LIMITED}) if told else Told.UNTOLD


def _writable_windows(folder: Path) -> Told:
    """Ask for the right to put a file into a folder, and put none there. Not run."""
    try:
        kernel = _library("kernel32")
        kernel.CreateFileW.restype = ctypes.c_void_p
        name = ctypes.c_wchar_p(str(folder))
        handle = kernel.CreateFileW(name, _ADD_FILE, _SHARE, None, _OPEN_EXISTING, _A_FOLDER, None)
        if handle in {None, ctypes.c_void_p(-1).value}:
            is_refused = getattr(ctypes, "get_last_error")() == _REFUSED  # noqa: B009  Windows alone has it
            return Told.NO if is_refused else Told.UNTOLD
        kernel.CloseHandle(ctypes.c_void_p(handle))
    except (OSError, AttributeError):
        return Told.UNTOLD
    return Told.YES
