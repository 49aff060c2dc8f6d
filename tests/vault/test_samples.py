"""The sample vault of each version opens, says what it said, and its backup comes back; bytes checked by hand, too."""

import hashlib
import hmac
import json
import shutil
import struct
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.clock import FixedClock
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import access, restore
from crisisdesk.vault.backup import listed, read_manifest, verify
from crisisdesk.vault.connection import open_copy
from crisisdesk.vault.digest import digest
from crisisdesk.vault.keys import MasterKey, Purpose
from crisisdesk.vault.store import Store
from crisisdesk.vault.upgrade import SCHEMA
from tests.stores import NOON
from tests.vault.fast import CODE, PASSPHRASE

SAMPLES = Path(__file__).parents[1] / "data" / "vault"
VERSIONS = sorted(each.name for each in SAMPLES.iterdir() if each.is_dir())


@pytest.fixture(params=VERSIONS)
def sample(request, tmp_path):
    """A copy of one version's sample, and what it is expected to say."""
    folder = Path(shutil.copytree(SAMPLES / request.param, tmp_path / "sample"))
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    (folder / "expected.json").unlink()
    return VaultPaths(folder), expected


def hkdf(master: bytes, purpose: str) -> bytes:
    """RFC 5869 by hand: no salt, one block."""
    extracted = hmac.digest(bytes(32), master, "sha256")
    return hmac.digest(extracted, b"crisisdesk/v1/" + purpose.encode() + b"\1", "sha256")


def test_there_is_a_sample_of_this_version():
    assert VERSIONS


def test_the_keys_derived_from_the_master_key_are_the_known_ones(sample):
    _paths, expected = sample
    master = MasterKey(bytearray.fromhex(expected["master"]))
    for purpose, known in expected["subkeys"].items():
        assert master.subkey(Purpose(purpose)).hex() == known == hkdf(bytes.fromhex(expected["master"]), purpose).hex()


def test_a_sample_says_what_it_said(sample):
    paths, expected = sample
    with closing(open_copy(paths.database, MasterKey(bytearray.fromhex(expected["master"])))) as connection:
        assert digest(connection) == expected["vault"]["digest"]


def test_a_sample_opens_with_its_passphrase_and_is_brought_up_to_date(sample):
    paths, expected = sample
    master = access.unlock(paths, PASSPHRASE, now=NOON)
    with closing(Store.open(paths, master, FixedClock(NOON))) as store:
        assert store.verify_audit().is_sound
        counted = store.counts()
        for table, rows in expected["vault"]["counts"].items():
            assert counted[table] >= rows
    if expected["schema"] < SCHEMA:
        assert listed(paths.backups)  # one was made before


def test_a_sample_of_todays_schema_has_todays_tables(sample, store):
    """Fails if a revision that was released is changed; until then, make the sample anew (tests/vault/samples.py)."""
    _paths, expected = sample
    if expected["schema"] == SCHEMA:
        assert expected["vault"]["counts"].keys() == store.counts().keys()


def test_a_samples_backup_opens_with_the_recovery_code(sample):
    paths, expected = sample
    path = paths.folder / expected["backup"]["file"]
    master = restore.unlock_with_code(read_manifest(path), str(CODE))
    assert verify(path, master).digest == expected["backup"]["digest"]


def test_a_samples_backup_is_what_the_format_says_byte_by_byte(sample, tmp_path):
    """Nothing of the program but its written form: offsets, MAC, SHA-256, and the digest made by hand."""
    paths, expected = sample
    content = (paths.folder / expected["backup"]["file"]).read_bytes()
    (length,) = struct.unpack(">I", content[8:12])
    said = json.loads(content[12 : 12 + length])
    mac, pages = content[12 + length : 44 + length], content[44 + length :]
    key = hkdf(bytes.fromhex(expected["master"]), "backup")
    assert content[:8] == b"CDBAK1\0\n"
    assert hmac.digest(key, content[: 12 + length], "sha256").hex() == mac.hex() == expected["backup"]["mac"]
    assert hashlib.sha256(pages).hexdigest() == said["sha256"] == expected["backup"]["sha256"]
    assert len(pages) == said["size"]
    database = tmp_path / "by-hand.db"
    database.write_bytes(pages)
    with closing(sqlcipher.connect(str(database))) as connection:
        connection.set_key(f"x'{hkdf(bytes.fromhex(expected['master']), 'db').hex()}'")
        assert by_hand(connection) == said["digest"] == expected["backup"]["digest"]


def by_hand(connection) -> str:
    """The digest as digest.py's docstring tells a stranger to make it."""
    total = hashlib.sha256()
    length = struct.Struct(">Q").pack
    tables = [
        name
        for schema, name, kind, *_rest in connection.execute("PRAGMA table_list")
        if schema == "main" and kind == "table" and not name.startswith("sqlite_")
    ]
    for table in sorted(tables):
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        names = sorted(column[1] for column in columns)
        key = ",".join(f'"{column[1]}"' for column in sorted(columns, key=lambda c: c[5]) if column[5]) or "rowid"
        total.update(b"T" + length(len(table)) + table.encode() + length(len(names)))
        for name in names:
            total.update(length(len(name)) + name.encode())
        chosen = ",".join(f'"{name}"' for name in names)
        rows = connection.execute(f'SELECT {chosen} FROM "{table}" ORDER BY {key}').fetchall()  # noqa: S608  our own
        for row in rows:
            total.update(b"R")
            for value in row:
                total.update(value_by_hand(value, length))
        total.update(b"E" + length(len(rows)))
    return total.hexdigest()


def value_by_hand(value, length) -> bytes:
    match value:
        case None:
            return b"N"
        case int():
            return b"I" + value.to_bytes(8, "big", signed=True)
        case float():
            return b"F" + struct.pack(">d", value)
        case str():
            return b"S" + length(len(value.encode())) + value.encode()
        case _:
            return b"B" + length(len(value)) + value
