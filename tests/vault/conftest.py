"""A vault on disk with the fast key that only tests may ask for, made once and copied for each test."""

import shutil

import pytest

from crisisdesk.paths import VaultPaths
from crisisdesk.vault.connection import create_database
from crisisdesk.vault.keys import MasterKey
from tests.vault.fast import CODE, PASSPHRASE, create


@pytest.fixture(scope="session")
def _patterns(tmp_path_factory):
    """A vault's key files, the same with a database, and the master key of both."""
    keyed = VaultPaths(tmp_path_factory.mktemp("pattern") / "keyed")
    master = create(keyed, PASSPHRASE, CODE)
    whole = VaultPaths(keyed.folder.with_name("whole"))
    shutil.copytree(keyed.folder, whole.folder)
    with create_database(whole, master) as database:
        database.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        database.execute("CREATE TABLE audit (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL)")
    return keyed.folder, whole.folder, master


@pytest.fixture
def paths(tmp_path):
    """The places of a vault that is not there yet."""
    return VaultPaths(tmp_path / "vault")


@pytest.fixture
def master(paths, _patterns):
    """The master key of a vault whose key file was just made."""
    keyed, _whole, master = _patterns
    shutil.copytree(keyed, paths.folder)
    return MasterKey(bytearray(master.secret))


@pytest.fixture
def made(paths, _patterns):
    """The master key of a vault with a database: tables ``note`` and ``audit``."""
    _keyed, whole, master = _patterns
    shutil.copytree(whole, paths.folder)
    return MasterKey(bytearray(master.secret))
