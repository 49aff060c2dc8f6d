"""One number for everything that a vault says: two files with the same digest hold the same records.

SHA-256 over the rows of every table, whatever pages they lie on. Written down so that a stranger can repeat it:

1. The tables: those that ``PRAGMA table_list`` calls "table" in schema "main", but for names that begin with
   ``sqlite_``; so neither FTS5's virtual tables nor their shadow tables, which are made from the others. In the order
   of their names' UTF-8 bytes.
2. Of each table, in this order:
   ``T`` · text(name) · count of columns, 8 bytes · text(column) for each column, in the order of their UTF-8 bytes;
   then for each row ``R`` and its values in the same order of columns;
   then ``E`` · count of rows, 8 bytes.
   Rows come in the order of the primary key's columns as declared (BINARY collation), without a primary key in the
   order of the rowid.
3. A value is: ``N`` for null · ``I`` and 8 bytes, two's complement, for an integer · ``F`` and the 8 bytes of an IEEE
   double for a real · ``S`` and text for a text · ``B``, length in 8 bytes, and the bytes for a blob.
   text(t) is the length of its UTF-8 bytes in 8 bytes, and these bytes. All numbers have the high byte first.

The digest is written as 64 lower-case hex digits.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlcipher3 import dbapi2 as sqlcipher

_WHOLE = struct.Struct(">Q")
_INTEGER = struct.Struct(">cq")
_REAL = struct.Struct(">cd")
_MANY = 50  # rows at a time: between two times, another thread may go on
_SHORT = [b"S" + _WHOLE.pack(length) for length in range(256)]  # what stands before most texts


class _Table(NamedTuple):
    """A table, its columns in the order of the digest, and the question for its rows."""

    name: str
    columns: list[str]
    rows: str


def digest(connection: sqlcipher.Connection) -> str:
    """Return the digest of what the database says: 64 hex digits."""
    total = hashlib.sha256()
    factory = connection.text_factory
    connection.text_factory = _as_stored
    try:
        tables = [_table(connection, name) for name in _tables(connection)]
        connection.text_factory = bytearray  # its bytes as they lie there, and still no blob; told apart by its type
        for table in tables:
            for part in _parts(connection, table):
                total.update(part)
    finally:
        connection.text_factory = factory
    return total.hexdigest()


def counts(connection: sqlcipher.Connection) -> dict[str, int]:
    """Return the count of rows of every table that the digest covers."""
    return {
        table: int(connection.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0])  # noqa: S608  a name quoted
        for table in _tables(connection)
    }


def _tables(connection: sqlcipher.Connection) -> list[str]:
    names = [
        str(row[1])
        for row in connection.execute("PRAGMA table_list")
        if row[0] == "main" and row[2] == "table" and not str(row[1]).startswith("sqlite_")
    ]
    return sorted(names, key=lambda name: name.encode())


def _table(connection: sqlcipher.Connection, name: str) -> _Table:
    facts = connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
    columns = sorted((str(fact[1]) for fact in facts), key=lambda column: column.encode())
    keys = [str(fact[1]) for fact in sorted(facts, key=lambda fact: fact[5]) if fact[5]]
    order = ", ".join(f"{_quoted(key)} COLLATE BINARY" for key in keys) or "rowid"
    names = ", ".join(map(_quoted, columns))
    return _Table(name, columns, f"SELECT {names} FROM {_quoted(name)} ORDER BY {order}")  # noqa: S608  names quoted


def _parts(connection: sqlcipher.Connection, table: _Table) -> Iterator[bytes]:
    yield b"T" + _text(table.name) + _WHOLE.pack(len(table.columns)) + b"".join(map(_text, table.columns))
    cursor = connection.execute(table.rows)
    count = 0
    while rows := cursor.fetchmany(_MANY):
        count += len(rows)
        yield _packed(rows)
    yield b"E" + _WHOLE.pack(count)


def _packed(rows: Iterable[tuple[object, ...]]) -> bytes:
    """Return rows as the digest has them. Millions of values pass here, nearly all of them texts or nothing."""
    parts: list[bytes | bytearray] = []
    add = parts.append
    for row in rows:
        add(b"R")
        for value in row:
            if value is None:
                add(b"N")
            elif type(value) is bytearray:
                length = len(value)
                add(_SHORT[length] if length < len(_SHORT) else b"S" + _WHOLE.pack(length))
                add(value)
            else:
                add(_value(value))
    return b"".join(parts)


def _value(value: object) -> bytes:
    """Return a value that is neither a text nor nothing."""
    if isinstance(value, int):
        return _INTEGER.pack(b"I", value)
    if isinstance(value, float):
        return _REAL.pack(b"F", value)
    if isinstance(value, bytes):
        return b"B" + _WHOLE.pack(len(value)) + value
    raise TypeError("SQLite has no such value.")


def _text(text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogateescape")
    return _WHOLE.pack(len(encoded)) + encoded


def _as_stored(text: bytes) -> str:
    """Return a name so that even bytes that are no UTF-8 come out again as they were."""
    return text.decode("utf-8", "surrogateescape")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
