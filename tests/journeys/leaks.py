"""Looks for what was typed in the bytes of every file: nothing of a vault may lie there in the clear."""

import itertools
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def leaks(folder: Path, words: Iterable[str]) -> list[str]:
    """Return "file: words" for each text that a file below the folder holds, in capitals or not, accents or not."""
    sought = {text: tuple(_spellings(text)) for text in words}
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes().lower()
        found += [f"{file.name}: {text}" for text, forms in sought.items() if any(form in data for form in forms)]
        name = file.name.casefold()
        found += [f"the name of {file.name}: {text}" for text in sought if text.casefold() in name]
    return found


def pairs_of(passphrase: str) -> list[str]:
    """Return each two words of a passphrase that follow each other: one alone is an everyday word."""
    return [" ".join(pair) for pair in itertools.pairwise(passphrase.split())]


def _spellings(text: str) -> Iterator[bytes]:
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    for spelling in {text, unicodedata.normalize("NFD", text), plain}:
        for encoding in _ENCODINGS:
            yield spelling.lower().encode(encoding).lower()
