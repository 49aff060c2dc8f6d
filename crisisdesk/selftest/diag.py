"""What ``crisisdesk --diag`` says: how files are kept here, measured on a vault that is thrown away.

Versions and settings only: no record, no path, no name of a user or a computer.
"""

import ctypes
import platform
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from crisisdesk import __version__, integrity
from crisisdesk.errors import DeskError
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest.place import Trial
from crisisdesk.vault import connection, device, engine

if sys.platform != "win32":
    import resource

_GET_DUMPABLE = 3  # prctl: PR_GET_DUMPABLE

# The names that a check asks for, and SQLite's or SQLCipher's for the same.
_ASKED = {
    "temp_store": "temp_store",
    "journal": "journal_mode",
    "synchronous": "synchronous",
    "secure_delete": "secure_delete",
    "trusted_schema": "trusted_schema",
    "recursive_triggers": "recursive_triggers",
    "foreign_keys": "foreign_keys",
    "cell_size_check": "cell_size_check",
    "mmap_size": "mmap_size",
    "locking": "locking_mode",
    "hmac": "cipher_hmac_algorithm",
    "page": "cipher_page_size",
    "cipher_version": "cipher_version",
    "cipher_provider": "cipher_provider",
    "cipher_provider_version": "cipher_provider_version",
    "cipher_fips_status": "cipher_fips_status",
    "schema": "user_version",
}
_NUMBERS = frozenset({"page", "cipher_fips_status"})  # SQLCipher says them as texts
PARTS = ("sqlcipher3", "cryptography", "SQLAlchemy", "PySide6-Essentials", "reportlab", "pikepdf", "keyring")
_MOST_TOLD = 20  # files
_PLAIN = b"SQLite format 3\0"


def measure() -> dict[str, object]:
    """Return what was measured. Where no vault can be made, only that."""
    facts: dict[str, object] = {
        "app": __version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "frozen": bool(getattr(sys, "frozen", False)),
        "parts": {name: _version(name) for name in PARTS},
        "program_files": _program_files(),
        "quick_unlock": _quick_unlock(),
        **_process(),
    }
    try:
        with tempfile.TemporaryDirectory(prefix="crisisdesk-diag-") as scratch:
            return facts | _of_vault(VaultPaths(Path(scratch) / "vault"))
    except DeskError as refused:
        return facts | {"cipher_version_ok": False, "refused": str(refused)}


def _of_vault(place: VaultPaths) -> dict[str, object]:
    trial = Trial.make(place.folder)
    # As the vault's own connection is, before its guard is put on.
    raw = connection.connect(place, trial.key(), maintenance=True)
    try:
        facts = {name: _value(raw, name, asked) for name, asked in _ASKED.items()}
        facts["sqlite"] = raw.execute("SELECT sqlite_version()").fetchone()[0]
    finally:
        raw.close()
    facts["cipher_version_ok"] = engine.numbers(str(facts["cipher_version"])) >= engine.OLDEST
    facts["first_bytes_are_plain"] = place.database.read_bytes()[: len(_PLAIN)] == _PLAIN
    modes = {path.name: f"{path.stat().st_mode & 0o777:o}" for path in sorted(place.folder.iterdir())}
    return facts | {"modes": {"folder": f"{place.folder.stat().st_mode & 0o777:o}", **modes}}


def _value(raw: engine.Raw, name: str, pragma: str) -> object:
    row = raw.execute(f"PRAGMA {pragma}").fetchone()
    value = row[0] if row else None
    return int(value) if name in _NUMBERS and value is not None else value


def _quick_unlock() -> str:
    """Return "available", or why the computer's credential store can't be used; it is optional everywhere."""
    found = device.availability()
    return found.reason if found.store is None else device.unavailable_because(found.store) or "available"


def _program_files() -> str:
    """Return whether the packaged program's files are as they were built, or which differ; paths inside it only."""
    found = integrity.compare()
    if found is None:
        return "not packaged"
    differ = [*found.changed, *found.gone, *found.added]
    named = ", ".join(differ[:_MOST_TOLD])
    return f"{found.well} as built" if found.is_whole else f"{len(differ)} not as built: {named}"


def _process() -> dict[str, object]:
    """Return what of this process could end up in a memory image: core limit and dumpable, -1 where nobody says."""
    if sys.platform != "linux":
        return {"core_limit": -1, "dumpable": -1}
    limit = resource.getrlimit(resource.RLIMIT_CORE)[0]
    return {"core_limit": limit, "dumpable": ctypes.CDLL(None).prctl(_GET_DUMPABLE, 0, 0, 0, 0)}


def _version(part: str) -> str:
    try:
        return version(part)
    except PackageNotFoundError:
        return "-"
