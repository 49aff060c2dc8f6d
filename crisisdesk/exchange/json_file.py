"""Read JSON from strangers: as deep, as large and as plain as a directory is, and no further (security.md 3.9)."""

import json
import re
from dataclasses import dataclass
from typing import TypeAlias

from crisisdesk.errors import FileProblem
from crisisdesk.i18n import _

# What the parser gives. Numbers stay as they were written: an id 007 or a phone extension is not a quantity.
Json: TypeAlias = "str | bool | list[Json] | dict[str, Json] | None"

_DEPTH_LIMIT = 32
_NODE_LIMIT = 1_000_000  # lists and objects; 25 MB of "{}," would take half a gigabyte of memory
# A string, closed or not, in one possessive step: a plain pattern starts anew at each quote of an unclosed string,
# which takes minutes on a hostile file.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A JSON file's value, and whether numbers that are none (NaN, Infinity) were read as empty."""

    value: Json
    had_nan: bool = False


class _RepeatedKeyError(ValueError):
    """An object names a field twice; which of the two is meant, nobody knows."""


def load(text: str, file: str) -> Loaded:
    """Return what a JSON text says; a text of one object per line is a list of them.

    Raises FileProblem: broken off, not JSON, too deep, too large, or a field twice in one object.
    """
    _check_shape(text, file)
    nans: list[str] = []
    try:
        return Loaded(_parsed(text, nans), bool(nans))
    except _RepeatedKeyError as error:
        raise FileProblem(
            _(
                "An entry of “{file}” has the field “{field}” twice, so it isn’t clear which one holds. "
                "Ask the publisher to export it again."
            ).format(file=file, field=str(error)[:40])
        ) from error
    except (ValueError, RecursionError) as error:
        raise FileProblem(_broken(error, text, file)) from error


def _check_shape(text: str, file: str) -> None:
    """Refuse too deep or too many brackets before the parser recurses into them, on a thread with a small stack."""
    depth = nodes = 0
    for match in _TOKEN.finditer(text):
        mark = match.group()[0]
        if mark in "[{":
            depth += 1
            nodes += 1
            if depth > _DEPTH_LIMIT:
                raise FileProblem(
                    _(
                        "“{file}” is nested more deeply than a directory ever is. "
                        "It was not read; ask where it came from."
                    ).format(file=file)
                )
        elif mark in "]}":
            depth -= 1
    if nodes > _NODE_LIMIT:
        raise FileProblem(
            _(
                "“{file}” holds more than {limit} entries, more than CrisisDesk reads at once. Ask for a smaller area."
            ).format(file=file, limit=_NODE_LIMIT)
        )


def _parsed(text: str, nans: list[str]) -> Json:
    def no_number(word: str) -> None:
        nans.append(word)

    decoder = json.JSONDecoder(
        object_pairs_hook=_object, parse_constant=no_number, parse_int=str, parse_float=str, strict=False
    )
    try:
        value: Json = decoder.decode(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        is_lines = error.msg == "Extra data" and len(lines) > 1 and all(line.lstrip()[0] == "{" for line in lines)
        if not is_lines:
            raise
        value = [decoder.decode(line) for line in lines]
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                raise _RepeatedKeyError(key)
            seen.add(key)
    return made


def _broken(error: Exception, text: str, file: str) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return _("“{file}” can’t be read as JSON. Please download it again.").format(file=file)
    if not text[error.pos :].strip() or error.msg.startswith("Unterminated"):
        return _(
            "“{file}” breaks off in the middle. It was probably not downloaded to its end; download it again."
        ).format(file=file)
    return _(
        "“{file}” is damaged: it can’t be read as JSON from line {line} on. Download it again, or tell its publisher."
    ).format(file=file, line=error.lineno)
