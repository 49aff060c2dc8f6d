"""The look of the moment: colours, fonts and sizes as the scheme and the text size have them.

``colour("text2")``, ``font(Role.SMALL)`` and ``px(32)`` answer for the scheme and text size in use; painting code asks
them each time. ``dress.dress(app, …)`` changes them and reaches every widget through Qt's own PaletteChange,
FontChange and StyleChange events, so nobody needs to listen for one of ours.
"""

import re
import sys
from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QColor, QFont, QPalette

from crisisdesk.ui.tokens import TOKENS, Role

FAMILIES = ("Inter", "Segoe UI", "Noto Sans")
_FIGURES = re.compile(r"\d")
_HYPHENED = re.compile(r"[^\W\d]-[^\W\d]")
TEXT_SIZES = (100, 110, 125, 150, 175, 200)  # per cent

# Qt's point is 1/72 inch, and macOS has 72 dots in its inch where the others have 96.
_POINT = 96 / 72 if sys.platform == "darwin" else 1.0


@dataclass
class _Now:
    """What is in use."""

    dark: bool = False
    percent: int = 100


_now = _Now()


def colour(token: str) -> QColor:
    """Return a token's colour in the scheme in use. An unknown token raises KeyError."""
    return _colour(token, _now.dark)


@cache
def _colour(token: str, dark: bool) -> QColor:  # noqa: FBT001  a cache's key
    return QColor(hexed(token, dark=dark))


def hexed(token: str, *, dark: bool | None = None) -> str:
    """Return a token's colour as ``#RRGGBB``."""
    both = TOKENS[token]
    return both.dark if (_now.dark if dark is None else dark) else both.light


def font(role: Role = Role.BODY, text: str = "0") -> QFont:
    """Return the font of a type role at the text size in use, with figures that stand in columns.

    For a ``text`` without figures it is the plain one: Inter's tabular hyphen would tear "call-out" apart.
    """
    return _font(role, _now.percent, has_columns=bool(_FIGURES.search(text)) and not _HYPHENED.search(text))


@cache
def _font(role: Role, percent: int, *, has_columns: bool) -> QFont:
    made = QFont()
    made.setFamilies(list(FAMILIES))
    made.setPointSizeF(role.points * _POINT * percent / 100)
    made.setWeight(QFont.Weight.DemiBold if role.is_heavy else QFont.Weight.Normal)
    if has_columns:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def px(size: float) -> int:
    """Return a size of look.md, given at 100 %, grown with the text."""
    return round(size * _now.percent / 100)


def factor() -> float:
    """Return the text size as a factor: 1.0 to 2.0."""
    return _now.percent / 100


def is_dark() -> bool:
    """Whether the dark table is in use."""
    return _now.dark


def use(*, dark: bool, percent: int) -> None:
    """Choose the scheme and the text size; only ``dress`` calls it, and dresses the application at once."""
    _now.dark = dark
    _now.percent = max(TEXT_SIZES[0], min(TEXT_SIZES[-1], percent))


def points(role: Role) -> float:
    """Return the size of a type role in Qt's points at the text size in use."""
    return role.points * _POINT * _now.percent / 100


def palette() -> QPalette:
    """Return Qt's palette made from the tokens (look.md 5)."""
    roles = QPalette.ColorRole
    table = {
        roles.Window: "window",
        roles.Base: "surface",
        roles.AlternateBase: "sunk",
        roles.Button: "surface",
        roles.Text: "text",
        roles.WindowText: "text",
        roles.ButtonText: "text",
        roles.BrightText: "on_accent",
        roles.PlaceholderText: "text3",
        roles.Highlight: "accent",
        roles.HighlightedText: "on_accent",
        roles.Link: "accent",
        roles.LinkVisited: "accent",
        roles.Accent: "accent",
        roles.ToolTipBase: "text",
        roles.ToolTipText: "surface",
        roles.Mid: "line",
        roles.Midlight: "line",
        roles.Dark: "control",
        roles.Light: "surface",
        roles.Shadow: "control",
    }
    made = QPalette()
    for role, token in table.items():
        made.setColor(role, colour(token))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, colour("text3"))
    return made
