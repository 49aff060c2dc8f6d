"""A row of a table from elsewhere, before it is anything: where it stood, and its cells that were not empty."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from crisisdesk.errors import FileProblem
from crisisdesk.i18n import _

ROW_LIMIT = 50_000  # rows of one table (security.md 3.9)


@dataclass(slots=True)
class Row:
    """A row of one of HSDS's tables, by the column names of HSDS 3.0. CSV rows and JSON objects both become these."""

    table: str
    file: str
    number: int
    values: dict[str, str]
    is_nested: bool = False  # stood within another row, where repeating it is usual

    def get(self, column: str) -> str:
        """Return a cell, or nothing."""
        return self.values.get(column, "")

    @property
    def place(self) -> tuple[str, int]:
        """Where a problem with it stands."""
        return (self.file, self.number)


@dataclass(slots=True)
class Gathered:
    """All rows of a directory by table, as they were read."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)  # by table, as their publisher calls them
    links: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)  # (file, service id → category ids)

    def add(self, row: Row) -> None:
        """Add a row to its table. Raises FileProblem when a table grows beyond what a directory needs."""
        rows = self.tables.setdefault(row.table, [])
        if len(rows) >= ROW_LIMIT:
            raise FileProblem(
                _(
                    "“{file}” has more than {limit} rows in one table, more than CrisisDesk reads at once. "
                    "Ask for a smaller area."
                ).format(file=row.file, limit=ROW_LIMIT)
            )
        rows.append(row)

    def saw(self, table: str, columns: Iterable[str]) -> None:
        """Remember which columns a table has; they tell which standard it follows."""
        self.columns.setdefault(table, set()).update(columns)

    def take(self, table: str) -> list[Row]:
        """Hand over the rows of a table, which are then forgotten here."""
        return self.tables.pop(table, [])


def made_id(*parts: str) -> str:
    """Return an id made of what a row says, for rows whose publisher gave none; the same words give the same id."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"made-{digest[:20]}"


def row_id(row: Row) -> str:
    """Return a row's own id, or one made of all that it says."""
    return row.get("id") or made_id(row.table, *(f"{name}={row.values[name]}" for name in sorted(row.values)))
