"""What a data set comes in and goes out with, inside ``with store.load("Import directory", data_set_id) as load:``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Result, Select, Table, and_, bindparam, insert, update
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from crisisdesk.clock import Clock
from crisisdesk.records.base import Base, new_id
from crisisdesk.vault import index, lines, rows
from crisisdesk.vault.write import to_millisecond

Values = Mapping[str, object]
T = TypeVar("T")
_MANY = 500  # rows handed to SQLite at a time


class Load:
    """Many rows at once, in one transaction and past the journal: a data set is taken back whole, by another load.

    Rows are mappings of column names to values as the records hold them.
    """

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._now = to_millisecond(clock.now())
        self._untrue = index.Untrue(connection)
        self.counts: dict[str, int] = {}

    def insert(self, kind: type[Base], given: Iterable[Values]) -> int:
        """Add rows and return how many. What a row leaves out is the record's default, its id and time included."""
        of = _table(kind)
        added = 0
        for some in _batches(self._filled(of, values) for values in given):
            self._connection.execute(insert(of), some)
            self._untrue.note(of.name, some)
            added += len(some)
        return self._counted(of, added)

    def update(self, kind: type[Base], given: Iterable[Values]) -> int:
        """Set columns of rows that are named by their primary key, and return how many were given."""
        of = _table(kind)
        keys = [column.name for column in of.primary_key.columns]
        updated = 0
        for columns, group in groupby(given, key=lambda values: tuple(sorted(set(values) - set(keys)))):
            statement = (
                update(of)
                .where(and_(*(of.c[name] == bindparam(f"is_{name}") for name in keys)))
                .values({name: bindparam(f"to_{name}") for name in columns})
            )
            for some in _batches(group):
                named = [rows.key_of([values[name] for name in keys]) for values in some]
                self._note(of, named, columns)
                self._connection.execute(statement, [_bound(values, keys, columns) for values in some])
                self._note(of, named, columns)
                updated += len(some)
        return self._counted(of, updated)

    def remove(self, kind: type[Base], keys: Iterable[str]) -> int:
        """Remove rows by their keys and return how many were named."""
        of = _table(kind)
        removed = 0
        for some in _batches(keys):
            self._note(of, some)
            rows.remove(self._connection, of, some)
            removed += len(some)
        return self._counted(of, removed)

    def execute(self, statement: Select[*tuple[Any, ...]]) -> Result[*tuple[Any, ...]]:
        """Read rows; what was loaded until now is seen."""
        return self._connection.execute(statement)

    def finish(self) -> None:
        """Make the search and the lists true; the store calls it before the commit."""
        self._untrue.refresh()
        if not lines.SOURCES.keys().isdisjoint(self.counts):
            lines.rebuild(self._connection)

    def _filled(self, of: Table, values: Values) -> dict[str, object]:
        """Return a row with all its columns, so that rows which leave out different ones go in together."""
        filled: dict[str, object] = {}
        for column in of.columns:
            if column.name in values:
                filled[column.name] = values[column.name]
            elif isinstance(column.default, ScalarElementColumnDefault):
                filled[column.name] = column.default.arg
            elif column.name == "id":
                filled["id"] = new_id()
            else:
                filled[column.name] = self._now if column.name == "created_at" else None
        unknown = values.keys() - filled.keys()
        if unknown:
            raise KeyError(f"{of.name} has no columns {sorted(unknown)}.")
        return filled

    def _note(self, of: Table, keys: Sequence[str], columns: Iterable[str] | None = None) -> None:
        if of.name in index.SOURCES:
            self._untrue.note(of.name, rows.read_all(self._connection, of, keys), columns)

    def _counted(self, of: Table, count: int) -> int:
        self.counts[of.name] = self.counts.get(of.name, 0) + count
        return count


def _table(kind: type[Base]) -> Table:
    return Base.metadata.tables[kind.__tablename__]


def _bound(values: Values, keys: Iterable[str], columns: Iterable[str]) -> dict[str, object]:
    return {**{f"is_{name}": values[name] for name in keys}, **{f"to_{name}": values[name] for name in columns}}


def _batches(given: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(given)
    while some := list(islice(iterator, _MANY)):
        yield some
