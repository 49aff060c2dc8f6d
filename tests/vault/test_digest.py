"""The logical digest, byte for byte as its docstring writes it down."""

import hashlib
import struct
from contextlib import closing

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.vault import digest as module
from crisisdesk.vault.digest import counts, digest


@pytest.fixture
def database():
    with closing(sqlcipher.connect(":memory:")) as connection:
        yield connection


def number(value: int) -> bytes:
    return struct.pack(">Q", value)


def text(value: bytes) -> bytes:
    return number(len(value)) + value


def summed(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def test_an_empty_file_has_the_digest_of_nothing(database):
    assert digest(database) == hashlib.sha256(b"").hexdigest()
    assert counts(database) == {}


def test_each_kind_of_value_is_written_as_it_is_written_down(database):
    database.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, value ANY) STRICT")
    values = (None, -2, 2**62, 1.5, 1.0, "", "Zoë", b"", b"\0\xff", "1", "x" * 255, "é" * 300)
    database.executemany("INSERT INTO things VALUES (?, ?)", list(enumerate(values)))
    written = (
        b"N",
        b"I" + struct.pack(">q", -2),
        b"I" + struct.pack(">q", 2**62),
        b"F" + struct.pack(">d", 1.5),
        b"F" + struct.pack(">d", 1.0),
        b"S" + text(b""),
        b"S" + text(b"Zo\xc3\xab"),
        b"B" + number(0),
        b"B" + number(2) + b"\0\xff",
        b"S" + text(b"1"),
        b"S" + text(b"x" * 255),
        b"S" + text(b"\xc3\xa9" * 300),
    )
    rows = [b"R" + b"I" + struct.pack(">q", place) + value for place, value in enumerate(written)]
    head = b"T" + text(b"things") + number(2) + text(b"id") + text(b"value")
    assert digest(database) == summed(head, *rows, b"E" + number(12))
    assert counts(database) == {"things": 12}


def test_columns_stand_in_the_order_of_their_names_and_rows_in_that_of_the_key_as_declared(database):
    database.execute("CREATE TABLE t (c TEXT, a TEXT, b TEXT COLLATE NOCASE, PRIMARY KEY (b, a))")
    database.executemany("INSERT INTO t (a, b, c) VALUES (?, ?, ?)", ["1b-", "2B-", "0b-", "3a-"])

    def row(*values: bytes) -> bytes:
        return b"R" + b"".join(b"S" + text(value) for value in values)

    rows = [row(b"2", b"B", b"-"), row(b"3", b"a", b"-"), row(b"0", b"b", b"-"), row(b"1", b"b", b"-")]
    head = b"T" + text(b"t") + number(3) + text(b"a") + text(b"b") + text(b"c")
    assert digest(database) == summed(head, *rows, b"E" + number(4))


def test_without_a_key_rows_stand_in_the_order_of_the_rowid(database):
    database.execute("CREATE TABLE t (word TEXT)")
    database.execute("CREATE INDEX by_word ON t (word)")  # which a query would rather follow
    database.executemany("INSERT INTO t VALUES (?)", [("z",), ("a",)])
    head = b"T" + text(b"t") + number(1) + text(b"word")
    assert digest(database) == summed(head, b"RS" + text(b"z"), b"RS" + text(b"a"), b"E" + number(2))


def test_tables_stand_in_the_order_of_their_names_bytes_and_only_real_ones_count(database):
    database.executescript("""
        CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT);
        CREATE TABLE "é" (x);
        CREATE TABLE B2 (x);
        CREATE TABLE "a ""quoted"" name" ("a ""quoted"" column" INTEGER PRIMARY KEY);
        CREATE VIEW seen AS SELECT * FROM b;
        CREATE TEMP TABLE passing (x);
        CREATE VIRTUAL TABLE found USING fts5(body);
        INSERT INTO b VALUES (7);
        INSERT INTO found VALUES ('words');
        ANALYZE;
    """)
    quoted = 'a "quoted" name'
    assert list(counts(database).items()) == [("B2", 0), (quoted, 0), ("b", 1), ("é", 0)]
    tables = (
        b"T" + text(b"B2") + number(1) + text(b"x") + b"E" + number(0),
        b"T" + text(quoted.encode()) + number(1) + text(b'a "quoted" column') + b"E" + number(0),
        b"T" + text(b"b") + number(1) + text(b"id") + b"RI" + struct.pack(">q", 7) + b"E" + number(1),
        b"T" + text("é".encode()) + number(1) + text(b"x") + b"E" + number(0),
    )
    assert digest(database) == summed(*tables)


def test_a_text_that_is_no_utf_8_counts_as_it_lies_there_and_later_readers_find_theirs(database):
    database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT)")
    database.execute("INSERT INTO t VALUES (0, CAST(x'ff61' AS TEXT))")
    database.text_factory = bytes
    head = b"T" + text(b"t") + number(2) + text(b"id") + text(b"word")
    assert digest(database) == summed(head, b"RI" + bytes(8) + b"S" + text(b"\xffa") + b"E" + number(1))
    assert database.text_factory is bytes


def test_more_rows_than_are_read_at_once_are_all_counted(database):
    database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    many = 2 * module._MANY + 1
    database.executemany("INSERT INTO t VALUES (?)", [(each,) for each in range(many)])
    rows = [b"RI" + struct.pack(">q", each) for each in range(many)]
    head = b"T" + text(b"t") + number(1) + text(b"id")
    assert digest(database) == summed(head, *rows, b"E" + number(many))


def test_the_same_records_on_other_pages_have_the_same_digest(database):
    database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT)")
    database.executemany("INSERT INTO t VALUES (?, ?)", [(each, f"word {each}") for each in range(200)])
    database.commit()
    before = digest(database)
    database.execute("DELETE FROM t WHERE id % 2")
    database.executemany("INSERT INTO t VALUES (?, ?)", [(each, f"word {each}") for each in range(199, 0, -2)])
    database.commit()
    database.execute("VACUUM")
    assert digest(database) == before
    database.execute("UPDATE t SET word = 'word 9.' WHERE id = 9")
    assert digest(database) != before
