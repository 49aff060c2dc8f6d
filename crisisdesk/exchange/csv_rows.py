"""Read rows from CSV as publishers really write it, and never let one stray quote swallow a thousand rows.

The reader is strict about quotes and looks at the number of cells; where a record breaks, it goes back to the line on
which the record began, leaves that line out with a sentence, and takes up again on the next.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from crisisdesk.errors import FileProblem
from crisisdesk.exchange.problems import Problems
from crisisdesk.exchange.texts import clean
from crisisdesk.i18n import N_, _

CELL_LIMIT = 65_536  # characters of one cell (security.md 3.9); also below the csv module's own limit

_RECORD_LINES = 500  # lines of one record; the longest description met in a real directory has 99
_RECORD_SIZE = 4 * CELL_LIMIT  # characters of one record
_RESTARTS = 1_000  # broken records of one file, after which it is no table
_DELIMITERS = (",", ";", "\t", "|")
_NOTHING = frozenset({"NULL", "null", "\\N", "NaN", "nan", "#N/A"})  # how databases and notebooks write "nothing"
_ASK_EVERY = 256  # rows between two looks at progress and cancel

_CELL_TOO_LONG = N_("A cell of this row holds more than 65,000 characters; the row was left out.")
_QUOTE_OPEN = N_("A quotation mark is opened here and not closed; what could not be told apart was left out.")
_TOO_MANY_CELLS = N_(
    "The row has more cells than the table has columns (a comma without quotation marks?); it was left out."
)
_QUOTES_MENDED = N_("The quotation marks of this row don’t match; please look at it.")


@dataclass(slots=True)
class Table:
    """A CSV file's columns and its rows, which are read as they are asked for."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[int, dict[str, str]]]  # row number as a spreadsheet shows it, column → cell that is not empty


class _RunawayError(Exception):
    """A record went on for longer than any record does."""


@dataclass(slots=True)
class _Feed:
    """Lines handed to the csv module, stopping when one record takes too many of them."""

    lines: list[str]
    position: int = 0  # the next line
    start: int = 0  # the line on which the present record began
    size: int = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.position >= len(self.lines):
            raise StopIteration
        line = self.lines[self.position]
        self.size += len(line)
        if self.size > _RECORD_SIZE or self.position - self.start >= _RECORD_LINES:
            raise _RunawayError
        self.position += 1
        return line + "\n"

    def next_record(self) -> None:
        """Say that the record is complete."""
        self.start = self.position
        self.size = 0

    def restart(self) -> str:
        """Go back to the line after the one on which the record began, and return that one."""
        line = self.lines[self.start]
        self.position = self.start + 1
        self.next_record()
        return line


@dataclass(slots=True)
class _Reading:
    """One pass over one file."""

    file: str
    feed: _Feed
    delimiter: str
    problems: Problems
    tick: Callable[[float], None]
    width: int = 0
    row: int = 0
    restarts: int = 0
    is_lost: bool = False  # after a broken record, until a row has as many cells as there are columns
    asked: int = field(default=0)

    def records(self) -> Iterator[list[str]]:
        """Yield each record's cells; ``row`` is its number."""
        while True:
            reader = csv.reader(self.feed, delimiter=self.delimiter, strict=True)
            try:
                for cells in reader:
                    self.row += 1
                    if self._is_broken(cells):
                        break
                    self.feed.next_record()
                    yield cells
                    self._ask()
                else:
                    return
            except (csv.Error, _RunawayError):
                self.row += 1
            yield from self._mended()

    def _is_broken(self, cells: list[str]) -> bool:
        """Tell a record that swallowed the start of others: several lines, and the wrong number of cells."""
        return bool(self.width) and len(cells) != self.width and self.feed.position - self.feed.start > 1

    def _mended(self) -> Iterator[list[str]]:
        """Take the line on which a record broke by itself, if that gives a whole row; else leave it out."""
        self.restarts += 1
        if self.restarts > _RESTARTS:
            raise FileProblem(
                _(
                    "The quotation marks in “{file}” don’t match from row {row} on, so its rows can’t be told apart. "
                    "Ask the publisher to export it again."
                ).format(file=self.file, row=self.row - _RESTARTS)
            )
        line = self.feed.restart()
        place = (self.file, self.row)
        if len(line) > CELL_LIMIT:
            self.problems.skip(place, _(_CELL_TOO_LONG))
            return
        try:
            cells = next(csv.reader([line], delimiter=self.delimiter), [])
        except csv.Error:
            cells = []
        if self.width and len(cells) == self.width:
            self.is_lost = False
            self.problems.repair(place, _(_QUOTES_MENDED))
            yield cells
        elif not self.is_lost:
            self.is_lost = True
            self.problems.skip(place, _(_QUOTE_OPEN))

    def _ask(self) -> None:
        self.asked += 1
        if self.asked % _ASK_EVERY == 0:
            self.tick(self.feed.position / len(self.feed.lines))


def read_table(text: str, file: str, problems: Problems, tick: Callable[[float], None]) -> Table:
    """Return the columns and rows of a CSV text. ``tick`` hears how much of it is read, from 0 to 1.

    Raises FileProblem: no header, or more rows than a directory has. Rows raise it too, while they are read.
    """
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    feed = _Feed(lines)
    delimiter = _delimiter(feed)
    reading = _Reading(file, feed, delimiter, problems, tick)
    header = next((cells for cells in reading.records() if any(cell.strip() for cell in cells)), [])
    columns = tuple(column_name(cell) for cell in header)
    if not any(columns):
        raise FileProblem(_("“{file}” has no header row with the names of its columns.").format(file=file))
    reading.width = len(columns)
    return Table(columns, _rows(reading, columns))


def column_name(text: str) -> str:
    """Return a column's name in one spelling: ``"Postal Code "`` is ``postal_code``."""
    return re.sub(r"[^a-z0-9]+", "_", clean(text[:200]).lower()).strip("_")


def _delimiter(feed: _Feed) -> str:
    """Choose what parts the cells by the header; Excel's ``sep=;`` line says it itself."""
    if feed.lines and (match := re.fullmatch(r'"?sep=(.)"?', feed.lines[0].strip("\ufeff "))):
        del feed.lines[0]
        return match.group(1)
    header = next((line for line in feed.lines if line.strip()), "")[:CELL_LIMIT]
    return max(_DELIMITERS, key=header.count)


def _rows(reading: _Reading, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    for cells in reading.records():
        if len(cells) != len(columns):
            if reading.is_lost:
                continue
            if any(cells[len(columns) :]):
                reading.problems.skip((reading.file, reading.row), _(_TOO_MANY_CELLS))
                continue
        reading.is_lost = False
        if any(len(cell) > CELL_LIMIT for cell in cells):
            reading.problems.skip((reading.file, reading.row), _(_CELL_TOO_LONG))
            continue
        row: dict[str, str] = {}
        for column, cell in zip(columns, cells, strict=False):
            if cell and column and column not in row and (text := clean(cell)) and text not in _NOTHING:
                row[column] = text
        if row:
            yield reading.row, row
