"""Damages files, and says what the vault makes of it."""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.client_list import ClientQuery
from crisisdesk.errors import VaultError
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest.verifier import engine_failures
from crisisdesk.vault.connection import connect
from crisisdesk.vault.digest import digest
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.store import Store
from tests.stores import NOON
from tests.vault.fast import PASSPHRASE, unlock

PAGE = 4096


@dataclass(frozen=True)
class Found:
    """What came of a damage: the kind of refusal, what the checks said, or the digest of what was read."""

    refusal: str = ""
    said: str = ""
    checks: tuple[str, ...] = ()
    digest: str = ""

    @property
    def is_noticed(self) -> bool:
        """Whether it was refused or found by a check."""
        return bool(self.refusal or self.checks)

    def is_harmless(self, whole: str) -> bool:
        """Whether nothing is wrong and everything is there."""
        return not self.is_noticed and self.digest == whole


def copied(pattern: VaultPaths, folder: Path) -> VaultPaths:
    """Return a fresh copy of a vault."""
    shutil.rmtree(folder, ignore_errors=True)
    return VaultPaths(Path(shutil.copytree(pattern.folder, folder)))


def flip(path: Path, dice: random.Random, *, within: int | None = None) -> None:
    """Turn one bit of a file, or of its first bytes."""
    data = bytearray(path.read_bytes())
    data[dice.randrange(within or len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


def examine(paths: VaultPaths) -> Found:
    """Unlock, open and check a vault as the program does, and read all of it."""
    try:
        with sorted_errors():
            return _look_through(paths, unlock(paths, PASSPHRASE))
    except VaultError as refused:
        return Found(refusal=type(refused).__name__, said=str(refused))


def use(paths: VaultPaths) -> str:
    """Work with a vault as she would; return the kind of refusal, or "". Any error but a refusal flies."""
    try:
        desk = Desk(Store.open(paths, unlock(paths, PASSPHRASE), FixedClock(NOON)), FixedClock(NOON))
        try:
            desk.today.look()
            desk.client_list.page(ClientQuery())
            desk.search.find("maria")
        finally:
            desk.close()
    except VaultError as refused:
        return type(refused).__name__
    return ""


def digest_of(paths: VaultPaths) -> str:
    """Return the digest of a vault that is whole."""
    connection = connect(paths, unlock(paths, PASSPHRASE))
    try:
        return digest(connection)
    finally:
        connection.close()


def _look_through(paths: VaultPaths, master: MasterKey) -> Found:
    connection = connect(paths, master, maintenance=True)
    try:
        checks = tuple(engine_failures(connection))
        return Found(checks=checks, digest=digest(connection))
    finally:
        connection.close()
        master.wipe()
