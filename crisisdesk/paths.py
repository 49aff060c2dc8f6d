"""Where things lie on this computer (security.md 3.1)."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class VaultPaths:
    """The files of one vault, all in one folder."""

    folder: Path

    @property
    def database(self) -> Path:
        """The SQLCipher file."""
        return self.folder / "vault.db"

    @property
    def keys(self) -> Path:
        """The key header; its twin is ``keys_twin``."""
        return self.folder / "vault.keys"

    @property
    def keys_twin(self) -> Path:
        """The header's identical twin."""
        return self.folder / "vault.keys.bak"

    @property
    def state(self) -> Path:
        """Attempt counters and high-water marks; losing it is harmless."""
        return self.folder / "vault.state"

    @property
    def lock(self) -> Path:
        """The advisory lock that keeps a second CrisisDesk out."""
        return self.folder / "vault.lock"

    @property
    def backups(self) -> Path:
        """The folder of the backups on this computer, beside the vault's."""
        return self.folder.parent / "backups"


def home() -> Path:
    """Return the program's own folder: local, never roaming, never Documents.

    CRISISDESK_HOME replaces it for tests and for a portable program.
    """
    given = os.environ.get("CRISISDESK_HOME")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))) / "CrisisDesk"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "CrisisDesk"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "crisisdesk"


def vault() -> VaultPaths:
    """Return the places of the clinician's own vault."""
    return VaultPaths(home() / "vault")


def logs() -> Path:
    """Return the folder of the program's log, which holds codes and no record content."""
    return home() / "logs"


def policy() -> Path:
    """Return the file in which the agency says what is allowed; only who administers the computer can write it."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "CrisisDesk" / "policy.json"
    if sys.platform == "darwin":
        return Path("/Library/Application Support/CrisisDesk/policy.json")
    return Path("/etc/crisisdesk/policy.json")


def onedrives() -> tuple[Path, ...]:
    """Return the folders that Windows copies to OneDrive, whatever they are called."""
    given = (os.environ.get(name) for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"))
    return tuple(Path(folder) for folder in given if folder)


def windows_tool(name: str) -> Path:
    """Return one of Windows' own programs, at its own place."""
    return Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / name
