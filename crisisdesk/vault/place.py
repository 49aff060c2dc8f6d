"""Whether a vault is there: all that must be known before the window stands, and quick to load for that."""

from pathlib import Path

from crisisdesk.paths import VaultPaths


def exists(paths: VaultPaths) -> bool:
    """Whether there is a vault, whole or not; one whose making was broken off is none.

    A folder that is closed to her holds one: nothing may be made in its place, and unlocking says what is wrong.
    """
    try:
        if paths.database.exists() or swap_journal(paths).exists():
            return True
        return not unfinished(paths).exists() and (paths.keys.exists() or paths.keys_twin.exists())
    except PermissionError:
        return True


def swap_journal(paths: VaultPaths) -> Path:
    """Return the place of the note that another vault is being put in the place of this one (swap.py)."""
    return paths.folder / "vault.swap.json"


def unfinished(paths: VaultPaths) -> Path:
    """Return the place of a database in the making."""
    return paths.database.with_name(f"{paths.database.name}.new")
