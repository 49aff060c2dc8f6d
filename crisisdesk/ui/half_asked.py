"""What was half typed into a question when the vault was locked under it; it stands there when she is asked again.

Such a question is asked in the middle of an act, so it can't be opened again by itself. While the vault is locked
these words lie in it, and nowhere else.
"""

from collections.abc import Mapping

_WORDS: dict[str, object] = {}  # by question; values that JSON can hold


def keep(question: str, typed: object) -> None:
    """Keep what was typed."""
    _WORDS[question] = typed


def take(question: str) -> object:
    """Return what was typed, once; None if nothing was."""
    return _WORDS.pop(question, None)


def take_all() -> dict[str, object]:
    """Return everything, and forget it."""
    everything = dict(_WORDS)
    _WORDS.clear()
    return everything


def put_back(everything: Mapping[str, object]) -> None:
    """Take over what the vault kept."""
    _WORDS.update(everything)
