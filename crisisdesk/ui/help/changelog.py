"""What is new in a version, in the words of the changelog that is shipped with it."""

import re
from dataclasses import dataclass
from pathlib import Path

import crisisdesk
from crisisdesk.resources import resource

_SECTION = re.compile(r"^## \[?([^\]\s]+)\]?")
_BULLET = "- "
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_SIGNS = re.compile(r"[`*]")
_FOR_PROGRAMMERS = "dev.py"  # who helps to make CrisisDesk reads the whole file
_FILE = "CHANGELOG.md"

Version = tuple[int, ...]


@dataclass(frozen=True)
class News:
    """One version and what is new in it; the version is empty for what is not released yet."""

    version: str
    lines: tuple[str, ...]


def shipped() -> str:
    """Return the changelog; nothing where none was shipped."""
    for file in (_installed(), Path(__file__).parents[3] / _FILE):
        if file is not None and file.is_file():
            return file.read_text(encoding="utf-8")
    return ""


def _installed() -> Path | None:
    try:
        return resource("about", _FILE)
    except FileNotFoundError:
        return None  # a checkout has it beside the program's folder


def since(text: str, seen: Version, now: Version) -> tuple[News, ...]:
    """Return what came after one version and up to another; at least the newest there is.

    What stands under no version yet is this program's, while its own version has no heading.
    """
    all_news = tuple(news for news in _read(text) if news.lines)
    unnamed = () if any(numbers(news.version) == now for news in all_news) else now
    return tuple(news for news in all_news if seen < (numbers(news.version) or unnamed) <= now) or all_news[:1]


def this_version() -> Version:
    """Return the numbers of this program's version."""
    return numbers(crisisdesk.__version__)


def numbers(version: str) -> Version:
    """Return the numbers of "0.2.0", to compare; none of an empty text."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _read(text: str) -> list[News]:
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if section := _SECTION.match(line):
            found.append((section[1] if numbers(section[1]) else "", []))
        elif found and line.startswith(_BULLET):
            found[-1][1].append(line.removeprefix(_BULLET))
        elif found and found[-1][1] and line.startswith("  "):
            found[-1][1][-1] += f" {line.strip()}"
    return [News(version, _for_her(lines)) for version, lines in found]


def _for_her(lines: list[str]) -> tuple[str, ...]:
    return tuple(_plain(line) for line in lines if _FOR_PROGRAMMERS not in line)


def _plain(line: str) -> str:
    return _SIGNS.sub("", _LINK.sub(r"\1", line)).strip()
