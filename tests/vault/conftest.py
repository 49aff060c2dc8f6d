"""A vault on disk with the fast key that only tests may ask for."""

import pytest

from crisisdesk.paths import VaultPaths
from crisisdesk.vault import connection
from tests.vault.fast import CODE, PASSPHRASE, create


@pytest.fixture
def paths(tmp_path):
    """The places of a vault that is not there yet."""
    return VaultPaths(tmp_path / "vault")


@pytest.fixture
def master(paths):
    """The master key of a vault whose key file was just made."""
    return create(paths, PASSPHRASE, CODE)


@pytest.fixture
def made(paths, master):
    """The master key of a vault with a database: tables ``note`` and ``audit``."""
    with connection.create_database(paths, master) as database:
        database.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        database.execute("CREATE TABLE audit (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL)")
    return master
