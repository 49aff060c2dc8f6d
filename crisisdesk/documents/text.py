"""The only door through which a text comes onto paper: cleaned, escaped, in a font that has its letters."""

import re
import unicodedata
from dataclasses import fields, is_dataclass
from html import escape
from string import Formatter

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from crisisdesk.documents import fonts

_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_DROPPED = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, except tab and new line
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they turn the direction of what follows, so they could hide it
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of characters, and what is none
    "\u00ad\u034f\u180b-\u180e\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"  # nothing to see
    "]"
)
_SHORT = 24  # letters; what is longer may need more than a line


class Bold(str):
    """A piece of text to print bold: plain text like any other, escaped at the same door."""

    __slots__ = ()


def clean(text: str) -> str:
    """Return the text composed (NFC), without what can't be seen or would change how the rest is read."""
    return unicodedata.normalize("NFC", _DROPPED.sub("", _LINE_ENDS.sub("\n", text)))


def fill(template: str, **gaps: str) -> tuple[str, ...]:
    """Split a translated sentence at its named gaps, so that what fills one can be ``Bold``."""
    pieces: list[str] = []
    for words, gap, _spec, _conversion in Formatter().parse(template):
        pieces += [words] if words else []
        pieces += [gaps[gap]] if gap else []
    return tuple(pieces)


class Lines(Paragraph):
    """A paragraph that is broken into lines once for a width; its blocks ask for its height many times."""

    _size: tuple[float, float] | None = None
    _for: float = 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return its size at this width."""
        if self._size is None or self._for != width or not hasattr(self, "blPara"):  # split() may drop the lines
            self._size, self._for = super().wrap(width, height), width
        return self._size


def P(style: ParagraphStyle, *pieces: str) -> Lines:  # noqa: N802  the door's name in security.md 3.9
    """Return a paragraph of plain texts. No markup comes in here: what looks like a tag prints as typed."""
    return Lines("".join(_markup(piece, style.fontName) for piece in pieces), style)


def sentences(*parts: str) -> str:
    """Return the parts that are there one after the other, each but the last closed by a full stop."""
    given = [part.strip() for part in parts if part.strip()]
    closed = [part if part[-1] in ".!?…" else f"{part}." for part in given[:-1]]
    return " ".join([*closed, *given[-1:]])


def whole(text: str) -> str:
    """Return a short text (a phone number, a date) that is not to be broken over two lines."""
    return text.replace(" ", "\u00a0") if len(text) <= _SHORT else text


def is_spelled(facts: object) -> bool:
    """Whether some text in these facts has letters that are printed by their sound."""
    if isinstance(facts, str):
        return not fonts.is_printable(clean(facts).replace("\t", " "))
    if isinstance(facts, tuple):
        return any(is_spelled(item) for item in facts)
    if is_dataclass(facts):
        return any(is_spelled(getattr(facts, item.name)) for item in fields(facts))
    return False


def _markup(piece: str, plain: str) -> str:
    text = fonts.spelled(clean(piece).replace("\t", " "))
    marked = []
    for font, run in fonts.runs(text, bold=isinstance(piece, Bold) or plain == fonts.BOLD):
        words = escape(run, quote=False).replace("\n", "<br/>")
        marked.append(words if font == plain else f'<font name="{font}">{words}</font>')
    return "".join(marked)
