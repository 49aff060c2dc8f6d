"""Rows as they lie in the file: images of stored values, read and put back without going through the records.

An image maps column names to what SQLite holds: text, numbers, nothing. A row is named by its table and its key: the
primary key's text, or a JSON array where it has several columns.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Connection, Table, TableClause, and_, bindparam, column, delete, insert, select, table, update
from sqlalchemy.sql.elements import ColumnElement

Image = Mapping[str, object]


def key_of(values: Sequence[object]) -> str:
    """Return the key of a row from the values of its primary key."""
    if len(values) == 1 and isinstance(values[0], str):
        return str(values[0])
    return json.dumps(values, separators=(",", ":"))


def key_values(of: Table, key: str) -> tuple[object, ...]:
    """Return the primary key's values from a row's key."""
    return (key,) if len(of.primary_key.columns) == 1 else tuple(json.loads(key))


@lru_cache(maxsize=256)
def plain(of: Table) -> TableClause:
    """Return the table without the types of its columns, so that values pass as they are stored."""
    return table(of.name, *(column(each.name) for each in of.columns))


def _here(of: Table) -> ColumnElement[bool]:
    """Return the condition that names one row, its key's parts bound as ``key_0``, ``key_1``."""
    parts = enumerate(of.primary_key.columns)
    return and_(*(plain(of).c[part.name] == bindparam(f"key_{index}") for index, part in parts))


def _bound(of: Table, key: str) -> dict[str, object]:
    return {f"key_{index}": value for index, value in enumerate(key_values(of, key))}


def read(connection: Connection, of: Table, key: str) -> Image | None:
    """Return the image of a row, None if there is no such row."""
    found = connection.execute(select(plain(of)).where(_here(of)), _bound(of, key)).mappings().first()
    return None if found is None else dict(found)


def read_all(connection: Connection, of: Table, keys: Sequence[str]) -> list[Image]:
    """Return the images of those rows that exist, in no order."""
    if len(of.primary_key.columns) > 1:
        found = (read(connection, of, key) for key in keys)
        return [image for image in found if image is not None]
    here = plain(of).c[of.primary_key.columns[0].name].in_(keys)
    return [dict(image) for image in connection.execute(select(plain(of)).where(here)).mappings()]


def put(connection: Connection, of: Table, key: str, image: Image | None, *, is_there: bool) -> None:
    """Make a row be what an image says: insert it, set the image's columns, or take the row away."""
    if image is None:
        remove(connection, of, [key])
    elif is_there:
        connection.execute(update(plain(of)).where(_here(of)).values(dict(image)), _bound(of, key))
    else:
        connection.execute(insert(plain(of)).values(dict(image)))


def remove(connection: Connection, of: Table, keys: Iterable[str]) -> None:
    """Take rows away."""
    connection.execute(delete(plain(of)).where(_here(of)), [_bound(of, key) for key in keys])
