r"""How a directory travels from the process that read it: lines of JSON, taken in as if an enemy had written them.

    ["step", 120, 1000]                      how far it is
    ["row", "services", ["s1", "o1", …]]     a row of a table, its values in the order of its dataclass
    ["end", "HSDS 3.0 JSON", "Title", 3, 1]  kind, title, rows skipped, rows repaired; nothing follows
    ["refused", "“x.csv” is …"]              a sentence for her; nothing follows

JSON and not pickle: whoever took over the reader can lie about the directory, as its publisher can, and no more.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, get_args, get_origin, get_type_hints

from crisisdesk.records.incoming import IncomingDirectory, ProblemKind

LINE_LIMIT = 16 * 1024 * 1024  # bytes; a row of 25 cells of 64 KB, each letter escaped, takes 10 MB
ROWS_LIMIT = 1_000_000  # rows of all tables
_TEXT_LIMIT = 4 * 65_536  # characters; a few cells can come together in one text
_NUMBER_LIMIT = 2**53  # what JSON's readers agree on
_STEPS_LIMIT = 10_000

# What exchange.texts keeps out of every cell: controls, bidirectional overrides, lone surrogates.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

Value = object
Step = tuple[int, int]


class GarbledError(Exception):
    """What came is not what a reader sends."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The reader's own sentence on why the file can't be read."""

    sentence: str


# Strict values --------------------------------------------------------------------------------------------------------


def _text(value: Value) -> str:
    if type(value) is not str or len(value) > _TEXT_LIMIT or (not value.isprintable() and _UNWANTED.search(value)):
        raise GarbledError
    return value


def _flag(value: Value) -> bool:
    if type(value) is not bool:
        raise GarbledError
    return value


def _whole(value: Value) -> int:
    if type(value) is not int or abs(value) > _NUMBER_LIMIT:
        raise GarbledError
    return value


def _number(value: Value) -> float:
    if type(value) is int:
        return _whole(value)
    if type(value) is not float or not math.isfinite(value):
        raise GarbledError
    return value


def _day(value: Value) -> date:
    text = _text(value)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise GarbledError from None
    if day.isoformat() != text:
        raise GarbledError
    return day


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(_text(each) for each in _list(value))


def _problem_kind(value: Value) -> ProblemKind:
    try:
        return ProblemKind(_text(value))
    except ValueError:
        raise GarbledError from None


def _list(value: Value) -> list[Value]:
    if type(value) is not list:
        raise GarbledError
    return value


def _maybe(check: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda value: None if value is None else check(value)


_CHECKS: Mapping[object, Callable[[Value], Value]] = {
    str: _text,
    bool: _flag,
    int: _whole,
    tuple[str, ...]: _texts,
    ProblemKind: _problem_kind,
    int | None: _maybe(_whole),
    float | None: _maybe(_number),
    date | None: _maybe(_day),
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """A kind of row: its dataclass, and each field's name and check in order."""

    kind: type[Any]
    names: tuple[str, ...]
    checks: tuple[Callable[[Value], Value], ...]

    def row(self, values: list[Value]) -> object:
        """Return the row that these values are."""
        if len(values) != len(self.names):
            raise GarbledError
        given = zip(self.names, self.checks, values, strict=True)
        made: object = self.kind(**{name: check(value) for name, check, value in given})
        return made


def _shape(kind: type[Any]) -> _Shape:
    hints = get_type_hints(kind)
    names = tuple(each.name for each in fields(kind))
    return _Shape(kind, names, tuple(_CHECKS[hints[name]] for name in names))


_TABLES: Mapping[str, _Shape] = {
    name: _shape(get_args(hint)[0])
    for name, hint in get_type_hints(IncomingDirectory).items()
    if get_origin(hint) is tuple
}


_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder()  # takes NaN, which _number does not


# Sending --------------------------------------------------------------------------------------------------------------


def step_line(done: int, total: int) -> bytes:
    """Say how far it is."""
    return _line(["step", done, total])


def refused_line(sentence: str) -> bytes:
    """Say why the file can't be read."""
    return _line(["refused", _fit(sentence)])


def directory_lines(directory: IncomingDirectory) -> Iterator[bytes]:
    """Yield a directory's lines."""
    for table, shape in _TABLES.items():
        for row in getattr(directory, table):
            yield _line(["row", table, [_fit(getattr(row, name)) for name in shape.names]])
    ends = (directory.kind, directory.title, directory.skipped, directory.repaired)
    yield _line(["end", *(_fit(each) for each in ends)])


def _line(parts: list[Value]) -> bytes:
    return _ENCODER.encode(parts).encode("ascii") + b"\n"


def _fit(value: Value) -> Value:
    """Return a value as JSON has it. Cells are clean by now; a file's name, which a sentence may quote, need not be."""
    if isinstance(value, str):
        return value if value.isprintable() else _UNWANTED.sub("\ufffd", value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_fit(each) for each in value]
    return value


# Taking in ------------------------------------------------------------------------------------------------------------


class Taking:
    """A directory as its lines come in."""

    def __init__(self) -> None:
        self._rows: dict[str, list[object]] = {table: [] for table in _TABLES}
        self._count = 0
        self.outcome: IncomingDirectory | Refused | None = None  # None: not yet

    def take(self, line: bytes) -> Step | None:
        """Take in a line; return how far the reader is, if it says that. Raises GarbledError."""
        try:
            parts = _list(_DECODER.decode(line.decode("ascii")))
        except (ValueError, RecursionError):
            raise GarbledError from None
        if self.outcome is not None:
            raise GarbledError
        match parts:
            case ["step", done, total]:
                return self._step(_whole(done), _whole(total))
            case ["row", str(table), values] if table in _TABLES:
                self._count += 1
                if self._count > ROWS_LIMIT:
                    raise GarbledError
                self._rows[table].append(_TABLES[table].row(_list(values)))
            case ["end", kind, title, skipped, repaired]:
                self.outcome = self._directory(_text(kind), _text(title), _whole(skipped), _whole(repaired))
            case ["refused", sentence]:
                self.outcome = Refused(_text(sentence))
            case _:
                raise GarbledError
        return None

    def _step(self, done: int, total: int) -> Step:
        if not 0 <= done <= total <= _STEPS_LIMIT:
            raise GarbledError
        return done, total

    def _directory(self, kind: str, title: str, skipped: int, repaired: int) -> IncomingDirectory:
        if skipped < 0 or repaired < 0:
            raise GarbledError
        tables: dict[str, Any] = {table: tuple(rows) for table, rows in self._rows.items()}
        return IncomingDirectory(kind=kind, title=title, skipped=skipped, repaired=repaired, **tables)
