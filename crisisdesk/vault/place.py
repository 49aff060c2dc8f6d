"""Whether a vault is there: all that must be known before the window stands, and quick to load for that."""

from pathlib import Path

from crisisdesk.paths import VaultPaths


def exists(paths: VaultPaths) -> bool:
    """Whether there is a vault, whole or not; one whose making was broken off is none."""
    if paths.database.exists():
        return True
    return not unfinished(paths).exists() and (paths.keys.exists() or paths.keys_twin.exists())


def unfinished(paths: VaultPaths) -> Path:
    """Return the place of a database in the making."""
    return paths.database.with_name(f"{paths.database.name}.new")
