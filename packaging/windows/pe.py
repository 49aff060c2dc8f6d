"""Windows' programs and libraries, read where no Windows is: what they need, and which version they are."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pefile

SUFFIXES = frozenset({".exe", ".dll", ".pyd"})

# Python and the C runtime: PyInstaller adds them on Windows, from the Python that builds.
_PYTHON = re.compile(r"python3\d*\.dll|vcruntime140(_1|_threads)?\.dll|msvcp140(_1|_2|_atomic_wait|_codecvt_ids)?\.dll")

# Windows 10's own libraries that something in the program links. A new name is looked up before it comes in here.
_WINDOWS = frozenset(
    f"{name}.dll"
    for name in [
        "advapi32",
        "authz",
        "bcrypt",
        "bcryptprimitives",
        "cfgmgr32",
        "comctl32",
        "comdlg32",
        "crypt32",
        "d2d1",
        "d3d11",
        "d3d12",
        "d3d9",
        "dcomp",
        "dnsapi",
        "dwmapi",
        "dwrite",
        "dxgi",
        "gdi32",
        "icuuc",
        "imm32",
        "iphlpapi",
        "kernel32",
        "mpr",
        "mscms",
        "msvcrt",
        "ncrypt",
        "netapi32",
        "ntdll",
        "ole32",
        "oleaut32",
        "opengl32",
        "powrprof",
        "propsys",
        "psapi",
        "rpcrt4",
        "secur32",
        "setupapi",
        "shcore",
        "shell32",
        "shlwapi",
        "synchronization",
        "ucrtbase",
        "uiautomationcore",
        "user32",
        "userenv",
        "uxtheme",
        "version",
        "winhttp",
        "winmm",
        "winspool.drv",
        "wintrust",
        "ws2_32",
        "wtsapi32",
    ]
) | {"winspool.drv"}


@dataclass(frozen=True)
class Program:
    """What a PE file says of itself."""

    is_x64: bool
    imports: frozenset[str]  # in lower case; what is only looked for when it is called counts too
    version: str | None  # the four numbers by which Windows Installer decides which file is newer
    language: str | None


def is_brought(name: str) -> bool:
    """Whether Windows, or the Python that builds the program, brings a library."""
    return name in _WINDOWS or name.startswith(("api-ms-win-", "ext-ms-")) or bool(_PYTHON.fullmatch(name))


@cache
def read(path: Path) -> Program:
    """Read one file."""
    with pefile.PE(str(path), fast_load=True) as pe:
        kinds = ("IMAGE_DIRECTORY_ENTRY_IMPORT", "IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT", "IMAGE_DIRECTORY_ENTRY_RESOURCE")
        pe.parse_data_directories([pefile.DIRECTORY_ENTRY[kind] for kind in kinds])
        linked = (*getattr(pe, "DIRECTORY_ENTRY_IMPORT", ()), *getattr(pe, "DIRECTORY_ENTRY_DELAY_IMPORT", ()))
        return Program(
            is_x64=pe.FILE_HEADER.Machine == pefile.MACHINE_TYPE["IMAGE_FILE_MACHINE_AMD64"],
            imports=frozenset(entry.dll.decode("ascii").lower() for entry in linked),
            version=_version(pe),
            language=_language(pe),
        )


def _version(pe: pefile.PE) -> str | None:
    fixed = getattr(pe, "VS_FIXEDFILEINFO", None)
    if not fixed:
        return None
    high, low = fixed[0].FileVersionMS, fixed[0].FileVersionLS
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"


def _language(pe: pefile.PE) -> str | None:
    for group in getattr(pe, "FileInfo", ()):
        for part in group:
            for var in getattr(part, "Var", ()):
                for value in var.entry.values():
                    return str(int(value.split()[0], 16))
    return None
