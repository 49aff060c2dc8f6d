"""SQLCipher, opened in the one safe order: what is set, what is refused, what a damaged file is told to be."""

import hashlib
import hmac
import json
import re
import sqlite3

import pytest
import sqlalchemy
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import text
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.errors import (
    VaultDamaged,
    VaultError,
    VaultExists,
    VaultForeign,
    VaultInUse,
    VaultMissing,
    VaultReadOnly,
)
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import connection
from crisisdesk.vault.connection import PAGE, connect, create_database, guard, make_engine
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.place import unfinished
from tests.vault.fast import CODE, OTHER_PASSPHRASE, PASSPHRASE, change_passphrase, unlock

NOTE = "She said that the blue door is never locked."


@pytest.fixture
def database(paths, made):
    opened = connect(paths, made)
    yield opened
    opened.close()


@pytest.fixture
def filled(paths, made):
    """A closed vault of some pages."""
    opened = connect(paths, made)
    opened.execute("BEGIN")
    opened.executemany("INSERT INTO note (body) VALUES (?)", [(f"{NOTE} {number}",) for number in range(400)])
    opened.execute("COMMIT")
    opened.close()
    return made


@pytest.fixture
def engine(paths, made):
    opened = make_engine(lambda: connect(paths, made, maintenance=True))
    yield opened
    opened.dispose()


def read_all(paths, master):
    opened = connect(paths, master)
    try:
        with sorted_errors():
            opened.execute("SELECT sum(length(body)) FROM note").fetchone()
    finally:
        opened.close()


def value(opened, pragma):
    return opened.execute(f"PRAGMA {pragma}").fetchone()[0]


SETTINGS = {
    "application_id": 0x43445631,
    "busy_timeout": 5000,
    "cell_size_check": 1,
    "cipher_memory_security": "0",
    "cipher_provider": "openssl",
    "foreign_keys": 1,
    "journal_mode": "delete",
    "locking_mode": "exclusive",
    "mmap_size": 0,
    "page_size": "4096",
    "recursive_triggers": 1,
    "secure_delete": 1,
    "synchronous": 3,
    "temp_store": 2,
    "trusted_schema": 0,
}


def test_each_setting_is_as_designed(database):
    assert {pragma: value(database, pragma) for pragma in SETTINGS} == SETTINGS


def test_what_is_written_is_there_after_closing(paths, filled):
    opened = connect(paths, filled)
    assert opened.execute("SELECT count(*) FROM note").fetchone() == (400,)
    opened.close()


def test_nothing_written_can_be_read_from_the_files(paths, made):
    opened = connect(paths, made)
    opened.execute("BEGIN")
    opened.executemany("INSERT INTO note (body) VALUES (?)", [(NOTE,)] * 400)
    opened.execute("COMMIT")
    opened.execute("BEGIN")
    opened.execute("UPDATE note SET body = body || ?", (NOTE,))
    held = {file.name: file.read_bytes() for file in paths.folder.iterdir()}
    opened.execute("COMMIT")
    opened.close()
    held |= {f"{file.name} after": file.read_bytes() for file in paths.folder.iterdir()}
    assert "vault.db-journal" in held
    for content in held.values():
        assert b"blue door" not in content
        assert b"CREATE TABLE" not in content
        assert b"SQLite format 3" not in content


def test_the_key_handed_over_is_wiped(paths, made, monkeypatch):
    texts: list[bytearray] = []
    raw_key = connection._raw_key

    def kept(key):
        texts.append(raw_key(key))
        return texts[-1]

    monkeypatch.setattr(connection, "_raw_key", kept)
    connect(paths, made).close()
    assert texts == [bytearray(67)]


def test_the_raw_key_is_spelt_as_sqlcipher_wants_it():
    assert connection._raw_key(bytearray(range(32))) == b"x'" + bytes(range(32)).hex().encode() + b"'"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_raw_key_of_another_length_would_be_taken_for_a_passphrase(length):
    with pytest.raises(ValueError, match="32"):
        connection._raw_key(bytearray(length))


def test_another_engine_than_sqlcipher_is_refused_before_it_writes(paths, made, monkeypatch):
    class Plain(sqlite3.Connection):
        def set_key(self, key):
            pass

    monkeypatch.setattr(sqlcipher, "connect", lambda place, **options: sqlite3.connect(place, factory=Plain, **options))
    before = paths.database.read_bytes()
    with pytest.raises(VaultError, match="encrypts"):
        connect(paths, made)
    assert paths.database.read_bytes() == before


def test_an_older_sqlcipher_is_refused(paths, made, monkeypatch):
    monkeypatch.setattr(connection, "_OLDEST_CIPHER", (4, 99))
    with pytest.raises(RuntimeError, match="not SQLCipher"):
        connect(paths, made)


def test_a_cipher_that_does_not_take_its_settings_is_refused(paths, made, monkeypatch):
    monkeypatch.setattr(connection, "_CIPHER", (("cipher_compatibility", "3"),))
    with pytest.raises(RuntimeError, match="settings"):
        connect(paths, made)


def test_a_setting_that_is_not_taken_is_refused(paths, made, monkeypatch):
    monkeypatch.setattr(connection, "_SETTINGS", (("foreign_keys", "OFF", 1),))
    with pytest.raises(RuntimeError, match="foreign_keys"):
        connect(paths, made)


# Files that are not what they should be


def test_a_vault_that_is_not_there_is_not_made_by_opening_it(paths, made):
    paths.database.unlink()
    with pytest.raises(VaultMissing):
        connect(paths, made)
    assert not paths.database.exists()


def test_opening_never_makes_a_file_even_if_it_vanishes_after_the_check(paths, made, monkeypatch):
    paths.database.unlink()
    monkeypatch.setattr(connection, "check_file", lambda _path: None)
    with pytest.raises(VaultReadOnly):
        connect(paths, made)
    assert not paths.database.exists()


def plain_database(path):
    path.unlink()
    plain = sqlite3.connect(path)
    plain.executescript("CREATE TABLE note (body); CREATE TABLE more (body);")
    plain.close()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda path: path.write_bytes(b""), VaultDamaged),
        (lambda path: path.write_bytes(path.read_bytes()[:100]), VaultDamaged),
        (lambda path: path.write_bytes(path.read_bytes()[:PAGE]), VaultDamaged),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), VaultDamaged),
        (lambda path: path.write_bytes(path.read_bytes() + b"x"), VaultDamaged),
        (lambda path: path.write_bytes(bytes(5 * PAGE)), VaultDamaged),
        (lambda path: path.write_bytes(b"x" * 5 * PAGE), VaultDamaged),
        (plain_database, VaultForeign),
    ],
    ids=["empty", "100 bytes", "one page", "a byte short", "a byte long", "zeros", "letters", "plain SQLite"],
)
def test_a_file_that_is_no_vault_is_told_apart_and_left_alone(paths, filled, damage, told):
    damage(paths.database)
    before = paths.database.read_bytes()
    with pytest.raises(told):
        connect(paths, filled)
    assert paths.database.read_bytes() == before


@pytest.mark.parametrize("place", [0, 15, 16, 20, 100, PAGE - 81, PAGE - 70, PAGE - 1])
@pytest.mark.usefixtures("filled")
def test_a_damaged_first_page_is_damage_and_no_wrong_passphrase(paths, place):
    flip(paths.database, place)
    with pytest.raises(VaultDamaged):
        connect(paths, unlock(paths, PASSPHRASE))


@pytest.mark.parametrize("place", [PAGE + 5, 3 * PAGE + 7, 5 * PAGE - 80, 5 * PAGE - 1])
def test_a_damaged_page_is_damage_when_it_is_read(paths, filled, place):
    flip(paths.database, place)
    with pytest.raises(VaultDamaged):
        read_all(paths, filled)


def test_a_file_cut_at_the_border_of_a_page_is_damage(paths, filled):
    paths.database.write_bytes(paths.database.read_bytes()[: 3 * PAGE])
    with pytest.raises(VaultDamaged):
        read_all(paths, filled)


@pytest.mark.usefixtures("filled")
def test_the_database_of_another_vault_is_damage(paths):
    with pytest.raises(VaultDamaged):
        connect(paths, MasterKey.random())


def test_an_encrypted_file_of_another_program_is_foreign(paths, filled):
    opened = connect(paths, filled, maintenance=True)
    opened.execute("PRAGMA application_id = 7")
    opened.close()
    with pytest.raises(VaultForeign):
        connect(paths, filled)


def test_damage_is_not_written_to_the_terminal(paths, filled, capfd):
    flip(paths.database, 100)
    with pytest.raises(VaultDamaged):
        connect(paths, filled)
    assert capfd.readouterr() == ("", "")


def flip(path, place):
    spoilt = bytearray(path.read_bytes())
    spoilt[place] ^= 1
    path.write_bytes(spoilt)


@pytest.mark.usefixtures("database")
def test_a_second_connection_is_told_that_the_vault_is_open(paths, made, monkeypatch):
    monkeypatch.setattr(connection, "_WAIT", 0)
    with pytest.raises(VaultInUse):
        connect(paths, made)


def test_a_new_passphrase_opens_the_same_database(paths, filled):
    change_passphrase(paths, filled, OTHER_PASSPHRASE)
    opened = connect(paths, unlock(paths, OTHER_PASSPHRASE))
    assert opened.execute("SELECT count(*) FROM note").fetchone() == (400,)
    opened.close()


# Making one


def break_off(paths, master):
    with create_database(paths, master) as making:
        making.execute("CREATE TABLE old (body)")
        raise ZeroDivisionError


def test_a_new_database_appears_whole(paths, master):
    with create_database(paths, master) as making:
        making.execute("CREATE TABLE note (body)")
        assert not paths.database.exists()
    assert paths.database.exists()
    assert not unfinished(paths).exists()


def test_a_database_whose_making_failed_does_not_appear(paths, master):
    with pytest.raises(ZeroDivisionError):
        break_off(paths, master)
    assert not paths.database.exists()


@pytest.fixture
def hot_journal(tmp_path, master):
    """What a crash leaves beside a database: SQLite plays it back into the file of that name at the next opening."""
    paths = VaultPaths(tmp_path / "crashed")
    with create_database(paths, master) as making:
        making.execute("CREATE TABLE old (body)")
        making.executemany("INSERT INTO old VALUES (?)", [(NOTE * 9,)] * 900)
        making.execute("PRAGMA cache_size = 5")
        making.execute("BEGIN")
        making.execute("UPDATE old SET body = body || body")
        content = unfinished(paths).with_name("vault.db.new-journal").read_bytes()
        making.execute("COMMIT")
    assert content.startswith(bytes.fromhex("d9d505f920a163d7"))  # SQLite's mark of a journal that counts
    return content


def test_the_remains_of_a_broken_off_making_are_no_part_of_the_next(paths, master, hot_journal):
    with pytest.raises(ZeroDivisionError):
        break_off(paths, master)
    for name in ("vault.db.new-journal", "vault.db-journal"):
        (paths.folder / name).write_bytes(hot_journal)
    with create_database(paths, master) as making:
        making.execute("CREATE TABLE note (body)")
    opened = connect(paths, master)
    assert opened.execute("SELECT name FROM sqlite_master").fetchall() == [("note",)]
    opened.close()


def test_a_database_is_not_made_over_another(paths, made):
    before = paths.database.read_bytes()
    with pytest.raises(VaultExists), create_database(paths, made):
        pass
    assert paths.database.read_bytes() == before


def test_a_folder_with_signs_that_urls_treat_otherwise_will_do(tmp_path):
    paths = VaultPaths(tmp_path / "a b%20?c#d&ü")
    master = MasterKey.random()
    with create_database(paths, master) as making:
        making.execute("CREATE TABLE note (body)")
    connect(paths, master).close()
    assert paths.database.exists()


# The guard


FORBIDDEN = (
    "ATTACH DATABASE ':memory:' AS other",
    "DETACH DATABASE main",
    "ALTER TABLE note ADD COLUMN more TEXT",
    "DROP TABLE note",
    "DROP INDEX IF EXISTS note_body",
    "DROP TRIGGER keep",
    "DROP VIEW shown",
    "CREATE TRIGGER t AFTER INSERT ON note BEGIN SELECT 1; END",
    "CREATE TEMP TRIGGER t AFTER INSERT ON note BEGIN SELECT 1; END",
    "CREATE TABLE more (body)",
    "CREATE TEMP TABLE audit (seq)",
    "CREATE TEMP VIEW audit AS SELECT 1 AS seq",
    "CREATE VIEW more AS SELECT body FROM note",
    "CREATE VIRTUAL TABLE more USING fts5(body)",
    "CREATE INDEX more ON note (body)",
    "PRAGMA synchronous = OFF",
    "PRAGMA writable_schema = 1",
    "PRAGMA foreign_keys(0)",
    "PRAGMA journal_mode = WAL",
    "PRAGMA key = 'x'",
    "PRAGMA rekey = 'x'",
    "PRAGMA application_id = 1",
    "VACUUM",
    "VACUUM INTO 'elsewhere.db'",
    "UPDATE audit SET kind = 'x'",
    "DELETE FROM audit",
    "SELECT load_extension('x')",
    "SELECT sqlcipher_export('main')",
)


def test_the_guard_refuses_what_no_act_of_hers_does(paths, made):
    opened = connect(paths, made, maintenance=True)
    opened.execute("CREATE INDEX note_body ON note (body)")
    opened.execute("CREATE VIEW shown AS SELECT body FROM note")
    opened.execute("CREATE TRIGGER keep BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END")
    opened.execute("INSERT INTO audit (kind) VALUES ('made')")
    guard(opened)
    let_through = []
    for sql in FORBIDDEN:
        try:
            opened.execute(sql)
        except sqlcipher.DatabaseError as refused:
            assert re.search("not authorized|authorization denied", str(refused)), sql  # noqa: PT017  in a loop
        else:
            let_through.append(sql)
    opened.close()
    assert let_through == []


def test_the_guard_is_on_unless_it_is_maintenance(database):
    with pytest.raises(sqlcipher.DatabaseError, match="not authorized"):
        database.execute("DROP TABLE note")


def test_the_guard_lets_her_work_through(paths, made):
    opened = connect(paths, made, maintenance=True)
    opened.execute("CREATE VIRTUAL TABLE found USING fts5(body, tokenize='unicode61 remove_diacritics 2')")
    guard(opened)
    for sql in (
        "BEGIN",
        "INSERT INTO note (body) VALUES ('a blue door')",
        "INSERT INTO found (rowid, body) VALUES (1, 'a blue door')",
        "SAVEPOINT one",
        "UPDATE note SET body = upper(body)",
        "ROLLBACK TO one",
        "INSERT INTO audit (kind) VALUES ('note.add')",
        "COMMIT",
        "UPDATE found SET body = 'a red door'",
        "SELECT snippet(found, 0, '', '', '…', 8) FROM found WHERE found MATCH 'red'",
        "DELETE FROM found",
        "INSERT INTO found (found) VALUES ('rebuild')",
        "INSERT INTO found (found) VALUES ('optimize')",
        "INSERT INTO found (found) VALUES ('integrity-check')",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT sum(i) FROM n",
        "PRAGMA table_info(note)",
        "PRAGMA foreign_key_check(note)",
        "PRAGMA quick_check",
        "PRAGMA integrity_check(10)",
        "PRAGMA cipher_integrity_check",
        "PRAGMA user_version",
        "DELETE FROM note",
    ):
        opened.execute(sql).fetchall()
    opened.close()


def test_maintenance_may_change_the_schema(paths, made):
    opened = connect(paths, made, maintenance=True)
    opened.execute("ALTER TABLE note ADD COLUMN more TEXT")
    opened.execute("VACUUM")
    opened.close()


# SQLAlchemy's door


def test_the_engine_reads_and_writes(engine):
    with engine.begin() as session:
        session.execute(text("INSERT INTO note (body) VALUES (:body)"), {"body": "kept"})
    with engine.connect() as session:
        assert session.execute(text("SELECT body FROM note")).scalars().all() == ["kept"]


def test_a_failed_change_of_schema_leaves_nothing(engine):
    def upgrade():
        with engine.begin() as session:
            session.execute(text("CREATE TABLE half (id INTEGER PRIMARY KEY)"))
            session.execute(text("ALTER TABLE note ADD COLUMN half TEXT"))
            session.execute(text("INSERT INTO note (body) VALUES ('half')"))
            session.execute(text("PRAGMA user_version = 2"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        upgrade()
    inspector = sqlalchemy.inspect(engine)
    assert sorted(inspector.get_table_names()) == ["audit", "note"]
    assert [column["name"] for column in inspector.get_columns("note")] == ["id", "body"]
    with engine.connect() as session:
        assert session.execute(text("SELECT count(*) FROM note")).scalar() == 0
        assert session.execute(text("PRAGMA user_version")).scalar() == 0


def test_a_change_of_schema_that_succeeds_stays(paths, made):
    engine = make_engine(lambda: connect(paths, made, maintenance=True))
    with engine.begin() as session:
        session.execute(text("CREATE TABLE whole (id INTEGER PRIMARY KEY)"))
    engine.dispose()
    opened = connect(paths, made)
    assert ("whole",) in opened.execute("SELECT name FROM sqlite_master").fetchall()
    opened.close()


def test_a_savepoint_can_be_rolled_back(engine):
    with engine.begin() as session:
        session.execute(text("INSERT INTO note (body) VALUES ('kept')"))
        point = session.begin_nested()
        session.execute(text("INSERT INTO note (body) VALUES ('dropped')"))
        point.rollback()
    with engine.connect() as session:
        assert session.execute(text("SELECT body FROM note")).scalars().all() == ["kept"]


def test_an_error_carries_no_note(engine):
    def write():
        with engine.begin() as session:
            session.execute(text("INSERT INTO note (id, body) VALUES (1, :body), (1, :body)"), {"body": NOTE})

    with pytest.raises(sqlalchemy.exc.IntegrityError) as raised:
        write()
    assert "blue door" not in str(raised.value)
    assert "blue door" not in repr(raised.value)


def test_disposing_of_the_engine_closes_the_vault(paths, made):
    engine = make_engine(lambda: connect(paths, made))
    with engine.connect() as session:
        session.execute(text("SELECT 1"))
    engine.dispose()
    connect(paths, made).close()


# The formats, read by somebody who has only the documentation


@pytest.mark.usefixtures("filled")
def test_a_reader_without_our_code_opens_the_vault(paths):
    header = json.loads(paths.keys.read_bytes())
    slot = next(slot for slot in header["slots"] if slot["kind"] == "recovery")
    kdf = slot["kdf"]
    stretched = Argon2id(
        salt=bytes.fromhex(kdf["salt"]), length=32, iterations=kdf["t"], lanes=kdf["p"], memory_cost=kdf["m"]
    ).derive(str(CODE).replace("-", "").encode("ascii"))
    vouched = ["CDKEYS", 1, header["vault"], slot["id"], slot["kind"], kdf]
    master = AESGCM(stretched).decrypt(
        bytes.fromhex(slot["nonce"]),
        bytes.fromhex(slot["box"]),
        json.dumps(vouched, sort_keys=True, separators=(",", ":")).encode("ascii"),
    )
    extracted = hmac.digest(bytes(32), master, hashlib.sha256)
    mac_key = hmac.digest(extracted, b"crisisdesk/v1/header\x01", hashlib.sha256)
    told = header.pop("mac")
    content = json.dumps(header, sort_keys=True, separators=(",", ":")).encode("ascii")
    assert hmac.digest(mac_key, content, hashlib.sha256).hex() == told

    database = sqlcipher.connect(str(paths.database))
    database.execute(
        f"""PRAGMA key = "x'{hmac.digest(extracted, b"crisisdesk/v1/db" + bytes([1]), hashlib.sha256).hex()}'" """
    )
    assert database.execute("SELECT count(*) FROM note").fetchone() == (400,)
    database.close()
