"""What this process gives away of itself: no memory image when it crashes, none to a program beside it.

``harden`` is called first of all. Linux was measured; the calls for macOS and Windows were not run.
"""

import ctypes
import logging
import os
import sys
from collections.abc import Callable

from crisisdesk import logs

_log = logging.getLogger(f"{logs.NAME}.hardening")

_DUMPABLE = 4  # prctl: PR_SET_DUMPABLE
_DENY_ATTACH = 31  # ptrace: PT_DENY_ATTACH
_QUIET = 0x0001 | 0x0002 | 0x8000  # SetErrorMode: no dialogs, and so no report, of a crash
_DLL_PLACES = 0x0200 | 0x0800  # SetDefaultDllDirectories: the program's own folder and System32
_PRINT_SERVICE = "/run/cups/cups.sock"
_KEPT_OUT = (
    "LD_LIBRARY_PATH",  # PyInstaller's own: the system's tools that we start want the system's libraries
    "LD_LIBRARY_PATH_ORIG",
    "LD_PRELOAD",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
    "PYTHONBREAKPOINT",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHON_KEYRING_BACKEND",
    "QML2_IMPORT_PATH",
    "QML_IMPORT_PATH",
    "QT_LOGGING_CONF",
    "QT_LOGGING_RULES",
    "QT_PLUGIN_PATH",
    "QT_QPA_GENERIC_PLUGINS",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "QT_QPA_PLATFORMTHEME",
    "_PYI_APPLICATION_HOME_DIR",  # PyInstaller's own, too: after a hard lock the program starts as from its icon
    "_PYI_ARCHIVE_FILE",
    "_PYI_LINUX_PROCESS_NAME",
    "_PYI_PARENT_PROCESS_LEVEL",
)


def harden() -> None:
    """Close what can be closed; what a system refuses is written into the log, and the program goes on."""
    _try(_forget_environment)
    if sys.platform == "win32":
        for step in (_no_report_windows, _own_libraries_windows, _close_memory_windows):
            _try(step)
        return
    _try(_print_here)
    _try(_no_core)
    _try(_deny_attach_mac if sys.platform == "darwin" else _not_dumpable)


def _try(step: Callable[[], object]) -> None:
    try:
        step()
    except (OSError, AttributeError, ValueError) as error:
        _log.warning(f"{step.__name__}: {type(error).__name__}")


def _forget_environment() -> None:
    """Let no variable bring other code into what we load later, or into a process started from here.

    The interpreter and Qt's platform have read theirs by then: the packaged program ignores the former itself.
    A program that runs from its sources may have been given a path on purpose: only the packaged one forgets it.
    """
    is_packaged = getattr(sys, "frozen", False)
    for name in _KEPT_OUT:
        if is_packaged or name == "PYTHON_KEYRING_BACKEND":
            os.environ.pop(name, None)
    # OpenSSL, inside SQLCipher, reads a file that can name libraries to load: on Windows, where its makers' folder lay.
    os.environ["OPENSSL_CONF"] = os.devnull


def _print_here() -> None:
    """Ask this computer's own print service, and no server of that name in a network where it does not run."""
    if sys.platform == "linux":
        os.environ["CUPS_SERVER"] = _PRINT_SERVICE


def _no_core() -> None:
    import resource  # noqa: PLC0415  Windows has none

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _not_dumpable() -> None:
    """No memory image for a crash handler, and nobody but root may read this process's memory."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _deny_attach_mac() -> None:
    """Refuse a debugger. Not run: no such computer here."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(_DENY_ATTACH, 0, None, 0) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def _windows(library: str) -> ctypes.CDLL:
    loader: Callable[..., ctypes.CDLL] = getattr(ctypes, "WinDLL")  # noqa: B009  Windows alone has it
    return loader(library, use_last_error=True)


def _no_report_windows() -> None:
    """Keep Windows' error reporting from writing the memory down. Not run: no such computer here."""
    _windows("kernel32").SetErrorMode(_QUIET)
    name = os.path.basename(sys.executable)  # noqa: PTH119  as text, for the call
    _windows("wer").WerAddExcludedApplication(ctypes.c_wchar_p(name), 0)


def _own_libraries_windows() -> None:
    """Load libraries from the program's own folder and System32 only. Not run, and for the packaged program alone."""
    if getattr(sys, "frozen", False):
        _windows("kernel32").SetDefaultDllDirectories(_DLL_PLACES)


def _close_memory_windows() -> None:
    """Let other processes of this user see that this one runs and wait for it, but not read its memory. Not run.

    As KeePassXC does it: a list of who may do what, in the notation of Windows, put on the process itself.
    SY: the system and BA: administrators keep everything; OW: the owner's own processes get SYNCHRONIZE,
    PROCESS_QUERY_LIMITED_INFORMATION and PROCESS_TERMINATE.
    """
    advapi, kernel = _windows("advapi32"), _windows("kernel32")
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.LocalFree.argtypes = [ctypes.c_void_p]
    words = ctypes.c_wchar_p("D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x101001;;;OW)")
    descriptor = ctypes.c_void_p()
    convert = advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW
    if not convert(words, 1, ctypes.byref(descriptor), None):
        raise OSError("the list can't be read")
    try:
        dacl, is_there, is_usual = ctypes.c_void_p(), ctypes.c_int(), ctypes.c_int()
        advapi.GetSecurityDescriptorDacl(descriptor, ctypes.byref(is_there), ctypes.byref(dacl), ctypes.byref(is_usual))
        process = ctypes.c_void_p(kernel.GetCurrentProcess())
        dacl_kind, process_kind = 0x4 | 0x80000000, 6  # PROTECTED_DACL_SECURITY_INFORMATION; SE_KERNEL_OBJECT
        if advapi.SetSecurityInfo(process, process_kind, ctypes.c_uint32(dacl_kind), None, None, dacl, None):
            raise OSError("the list can't be set")
    finally:
        kernel.LocalFree(descriptor)
