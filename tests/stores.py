"""A store on disk, really encrypted, with a key that costs nothing; copied for each test from one that is made once.

SQLAlchemy keeps the SQL that it made from a statement with its engine, and each store has an engine of its own: a fifth
of a test would go into the same SQL as that of the test before. So all engines here share what was made.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.util import LRUCache
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.clock import FixedClock
from crisisdesk.paths import VaultPaths
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.store import Store
from tests.vault.fast import CODE, COST, FLOOR, PASSPHRASE, unlock

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
_STATEMENTS = 4000  # that are kept: more than the program has


@cache
def make_vault() -> Path:
    """Make a vault with nothing in it, once, and return its folder: to be copied, not opened."""
    folder = tempfile.TemporaryDirectory(prefix="crisisdesk-")
    atexit.register(folder.cleanup)
    paths = VaultPaths(Path(folder.name) / "vault")
    Store.create(paths, PASSPHRASE, CODE, FixedClock(NOON), cost=COST, floor=FLOOR).close()
    return paths.folder


@pytest.fixture(scope="session", autouse=True)
def _sql_is_made_once() -> Iterator[None]:
    """Have every engine use the SQL that another one made: it belongs to the dialect that it was made for."""
    create = sqlalchemy.create_engine
    first = create("sqlite+pysqlite://", module=sqlcipher)
    first.connect().close()  # the dialect asks a connection what it can do
    first.dispose()
    made: LRUCache[Any, Any] = LRUCache(_STATEMENTS)

    def create_sharing(*given: Any, **settings: Any) -> sqlalchemy.Engine:
        engine = create(*given, **settings)
        if settings.get("module") is sqlcipher:
            engine.dialect, engine._compiled_cache = first.dialect, made
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlalchemy, "create_engine", create_sharing)
        yield


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands at noon of a Monday until a test sets it."""
    return FixedClock(NOON)


@pytest.fixture
def vault_paths(tmp_path: Path) -> VaultPaths:
    """Return the places of an empty vault of this test's own."""
    return VaultPaths(Path(shutil.copytree(make_vault(), tmp_path / "vault")))


@pytest.fixture
def vault_key(vault_paths: VaultPaths) -> Callable[[], MasterKey]:
    """Return what unlocks that vault: each call makes a new key, as a store wipes its own when it closes."""
    return lambda: unlock(vault_paths, PASSPHRASE)


@pytest.fixture
def open_store(vault_paths: VaultPaths, vault_key: Callable[[], MasterKey], clock: FixedClock) -> Callable[[], Store]:
    """Return what opens that vault, again after it was closed."""
    return lambda: Store.open(vault_paths, vault_key(), clock)


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Iterator[Store]:
    """Open that vault, and close it after the test."""
    opened = open_store()
    yield opened
    opened.close()
