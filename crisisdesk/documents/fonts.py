"""The fonts of paper, and which of them prints a word.

Atkinson Hyperlegible first; Noto Sans for the whole of a word that it lacks a letter of. Letters that neither has are
spelled by sound in brackets, "[Wang XiuYing]": a box would lose the name, and a silent change would be a lie.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock

from anyascii import anyascii
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from crisisdesk.resources import resource

REGULAR, BOLD = "Paper", "Paper-Bold"
_SPARE, _SPARE_BOLD = "Spare", "Spare-Bold"
_FILES = {
    REGULAR: "AtkinsonHyperlegible-Regular.ttf",
    BOLD: "AtkinsonHyperlegible-Bold.ttf",
    _SPARE: "NotoSans-Regular.ttf",
    _SPARE_BOLD: "NotoSans-Bold.ttf",
}
_GAP = re.compile(r"([ \n]+)")
_lock = Lock()  # two jobs may print their first page at once


@lru_cache(maxsize=1)
def _coverage() -> tuple[frozenset[int], frozenset[int]]:
    """Load the fonts, once for the life of the program; return the characters of the first and of the spare one."""
    fonts = {name: TTFont(name, str(resource("fonts", file))) for name, file in _FILES.items()}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    for regular, bold in ((REGULAR, BOLD), (_SPARE, _SPARE_BOLD)):
        pdfmetrics.registerFontFamily(regular, normal=regular, bold=bold, italic=regular, boldItalic=bold)
    both = [frozenset(fonts[a].face.charToGlyph) & frozenset(fonts[b].face.charToGlyph) for a, b in _pairs()]
    return both[0], both[1]


def _pairs() -> tuple[tuple[str, str], tuple[str, str]]:
    return (REGULAR, BOLD), (_SPARE, _SPARE_BOLD)


def load() -> None:
    """Load the fonts if they aren't loaded yet; safe on any thread."""
    with _lock:
        _coverage()


def is_printable(text: str) -> bool:
    """Whether each letter can be printed as it was typed."""
    load()
    first, spare = _coverage()
    return all(ord(letter) in first or ord(letter) in spare or letter == "\n" for letter in text)


def spelled(text: str) -> str:
    """Return the text with the letters that no font has spelled by sound, in brackets."""
    if is_printable(text):
        return text
    first, spare = _coverage()
    known = "".join("1" if letter == "\n" or ord(letter) in first or ord(letter) in spare else "0" for letter in text)
    pieces = []
    end = 0
    for run in re.finditer(r"0+", known):
        pieces += [text[end : run.start()], "[", _sound(text[run.start() : run.end()]), "]"]
        end = run.end()
    return "".join([*pieces, text[end:]])


def _sound(letters: str) -> str:
    sound = anyascii(letters).strip()
    return sound or " ".join(unicodedata.name(letter, f"U+{ord(letter):04X}") for letter in letters)


def runs(text: str, *, bold: bool) -> Iterator[tuple[str, str]]:
    """Yield (font, text) for a text that ``spelled`` has made printable; no word has two fonts if it can be helped."""
    load()
    first, spare = _coverage()
    font, run = BOLD if bold else REGULAR, ""
    for word in _GAP.split(text):
        for name, letters in _word_runs(word, first, spare, bold=bold):
            if name != font and run:
                yield font, run
                run = ""
            font, run = name, run + letters
    if run:
        yield font, run


def _word_runs(word: str, first: frozenset[int], spare: frozenset[int], *, bold: bool) -> list[tuple[str, str]]:
    main, other = (BOLD, _SPARE_BOLD) if bold else (REGULAR, _SPARE)
    codes = {ord(letter) for letter in word} - {ord("\n")}
    if codes <= first:
        return [(main, word)]
    if codes <= spare:
        return [(other, word)]
    return [(main if ord(letter) in first else other, letter) for letter in word]
