"""What a vault's tables look like, read from the file, and a row for each of them."""

from dataclasses import dataclass

from sqlalchemy import Connection

Facts = dict[str, object]

# Not ours: FTS5's own tables, which its version decides on, and Alembic's note of where it is.
_NOT_OURS = (
    "name NOT LIKE 'fts\\_%\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'alembic_version'"
)
_A_VALUE = {
    "VARCHAR": "x",
    "INTEGER": 1,
    "BOOLEAN": 1,
    "DOUBLE": 1.5,
    "DATE": "2026-11-23",
    "TIME": "09:30:00",
    "BLOB": b"x",
}


@dataclass(frozen=True)
class _Column:
    name: str
    type: str
    is_key: bool
    refers: tuple[str, str] | None


def tables(connection: Connection) -> list[str]:
    found = f"SELECT name FROM sqlite_master WHERE type = 'table' AND {_NOT_OURS} ORDER BY name"  # noqa: S608  own words
    return list(connection.exec_driver_sql(found).scalars())


def statements(connection: Connection) -> dict[str, str]:
    """Return what made each table, index and trigger, by name."""
    made = f"SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND {_NOT_OURS}"  # noqa: S608  own words
    return {name: " ".join(sql.split()) for name, sql in connection.exec_driver_sql(made)}


def facts(connection: Connection, table: str) -> Facts:
    """Return what SQLite knows of a table, however it was made: columns, references, indexes."""

    def ask(pragma: str, about: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in connection.exec_driver_sql(f"PRAGMA {pragma}({about})")]

    indexes = {
        name: (unique, partial) for _, name, unique, origin, partial in ask("index_list", table) if origin == "c"
    }
    return {
        "columns": {row[1]: row[2:] for row in ask("table_xinfo", table)},
        "references": {(row[3], row[2], row[4], row[5], row[6]) for row in ask("foreign_key_list", table)},
        "indexes": {name: (about, ask("index_xinfo", str(name))) for name, about in indexes.items()},
        "unique": {
            tuple(row[2] for row in ask("index_info", str(name)))
            for _, name, _, origin, _ in ask("index_list", table)
            if origin == "u"
        },
    }


def fill(connection: Connection) -> None:
    """Put a row into every table, with something in every column."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    columns = {table: _columns(connection, table) for table in tables(connection)}
    for table, its in columns.items():
        values = {column.name: _value(columns, table, column) for column in its}
        names, marks = ", ".join(values), ", ".join("?" for _ in values)
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608  own names
            tuple(values.values()),
        )


def rows(connection: Connection) -> dict[str, list[dict[str, object]]]:
    """Return every row of every table."""
    return {
        table: [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()]  # noqa: S608  as above
        for table in tables(connection)
    }


def _columns(connection: Connection, table: str) -> list[_Column]:
    refers = {row[3]: (row[2], row[4]) for row in connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})")}
    return [
        _Column(row[1], row[2], bool(row[5]), refers.get(row[1]))
        for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")
    ]


def _value(columns: dict[str, list[_Column]], table: str, column: _Column) -> object:
    if column.refers and column.refers[0] != table:
        other, name = column.refers
        return _value(columns, other, next(each for each in columns[other] if each.name == name))
    if column.is_key or column.refers:
        return 1 if column.type == "INTEGER" else table
    return _A_VALUE[column.type.partition("(")[0] or "VARCHAR"]
