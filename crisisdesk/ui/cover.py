"""Names covered: initials only, for a desk that others walk past."""

from PySide6.QtCore import QObject, Signal


class Cover(QObject):
    """Whether names are covered, and how one is shown then."""

    changed = Signal()

    def __init__(self, *, is_on: bool = False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_on = is_on

    @property
    def is_on(self) -> bool:
        """Whether names are covered."""
        return self._is_on

    def turn(self, *, on: bool) -> None:
        """Cover names, or show them again."""
        if on != self._is_on:
            self._is_on = on
            self.changed.emit()

    def name(self, text: str) -> str:
        """Return a person's name as it may be shown now: "Maria Delgado" is "M. D." while names are covered."""
        return initials(text) if self._is_on else text

    def shown(self, text: str, short: str) -> str:
        """Return a name, or while names are covered the initials that the desk made of it."""
        return short if self._is_on else text


def initials(text: str) -> str:
    """Return the initials of a name; a description of somebody unknown stays ("Unknown man, Elm Street bridge")."""
    if text.lower().startswith("unknown"):
        return text.split(",", maxsplit=1)[0]
    return " ".join(f"{word[0].upper()}." for word in text.replace("-", " ").split() if word[0].isalpha())
