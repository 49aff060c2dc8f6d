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
