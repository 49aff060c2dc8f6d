"""The colours, type roles and states of the window as plain tables (look.md 1 and 2)."""

from dataclasses import dataclass
from enum import Enum, StrEnum

from crisisdesk.i18n import N_


class State(StrEnum):
    """A state that is never told by its colour alone: each has an icon, and its word stands beside it."""

    OVERDUE = "overdue"
    DUE = "due"
    WAITING = "waiting"
    DONE = "done"
    CAUTION = "caution"
    DANGER = "danger"
    PLAIN = "plain"  # no state colour: text on sunk, for "Needs client", "Information only"

    @property
    def tint(self) -> str:
        """The token of its ground."""
        return f"{self.value}_tint"

    @property
    def icon(self) -> str:
        """The icon that tells it apart without colour."""
        return "info" if self is State.PLAIN else self.value


class Role(Enum):
    """A type role: points at 100 %, least line height in pixels, and whether it is the heavier weight."""

    TITLE = (16.0, 32, True)
    STAMP = (13.0, 28, True)  # a preview's name, a stamp's time
    SECTION = (11.0, 24, True)
    BODY = (10.0, 20, False)
    NAME = (10.001, 20, True)  # body in 600: names and labels (a hair apart, so that Enum keeps two members)
    SMALL = (9.0, 16, False)
    SMALL_NAME = (9.001, 16, True)

    @property
    def points(self) -> float:
        """The size in points at 100 %."""
        return round(self.value[0], 1)

    @property
    def line(self) -> int:
        """The least height of a line in pixels at 100 %."""
        return self.value[1]

    @property
    def is_heavy(self) -> bool:
        """Whether it is set in weight 600."""
        return self.value[2]


class Scheme(StrEnum):
    """Which table of colours is in use."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"

    @property
    def label(self) -> str:
        """Its words in the settings."""
        return {"system": N_("As the computer has it"), "light": N_("Light"), "dark": N_("Dark")}[self.value]


@dataclass(frozen=True)
class Token:
    """One colour in both schemes."""

    light: str
    dark: str


TOKENS: dict[str, Token] = {
    "frame": Token("#ECF0EF", "#0F1514"),
    "window": Token("#F7F9F8", "#141B1A"),
    "surface": Token("#FFFFFF", "#1B2423"),
    "sunk": Token("#F1F4F3", "#222D2B"),
    "line": Token("#DDE4E2", "#2F3C39"),
    "control": Token("#7C8A87", "#748682"),
    "text": Token("#14201E", "#E8EFED"),
    "text2": Token("#46544F", "#B6C3BF"),
    "text3": Token("#5C6A66", "#97A6A2"),
    "accent": Token("#0F5E5A", "#63C7BC"),
    "accent_hi": Token("#0A4845", "#86D8CF"),
    "on_accent": Token("#FFFFFF", "#06211F"),
    "accent_tint": Token("#DCEDEA", "#1C3B38"),
    "focus": Token("#0B6FA8", "#6FBBF0"),
    "overdue": Token("#A23A12", "#F2A07C"),
    "overdue_tint": Token("#FBEBE3", "#3A231A"),
    "due": Token("#1B5796", "#8EBDF2"),
    "due_tint": Token("#E5EEF8", "#1B2C40"),
    "waiting": Token("#5A4A8C", "#BCAEF0"),
    "waiting_tint": Token("#EEEBF7", "#2B2740"),
    "done": Token("#23673C", "#83CF9C"),
    "done_tint": Token("#E3F2E7", "#1A3324"),
    "caution": Token("#765000", "#E6BC62"),
    "caution_tint": Token("#FBF0D6", "#362B14"),
    "danger": Token("#A5162F", "#F79AA6"),
    "danger_tint": Token("#FBE5E8", "#401F26"),
    "plain": Token("#46544F", "#B6C3BF"),
    "plain_tint": Token("#F1F4F3", "#222D2B"),
    "dim": Token("#0B1413", "#0B1413"),  # the flat colour over the window behind a large card
    "scroll": Token("#B9C4C1", "#44534F"),  # a scroll bar's handle; decorative, the wheel and keys scroll too
}

DIMMING = 0.62  # of the window behind a large card


_LINEAR = 0.04045  # sRGB is linear up to here


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two colours given as ``#RRGGBB``: 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= _LINEAR else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
