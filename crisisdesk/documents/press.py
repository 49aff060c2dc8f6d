"""What a page is set in: its paper, its type and its language."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from reportlab.lib.colors import black, white
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from crisisdesk.documents import fonts
from crisisdesk.documents.facts import Paper
from crisisdesk.i18n import catalogue
from crisisdesk.records.choices import Audience

SIDE, TOP, BOTTOM = 54.0, 36.0, 30.0  # points; look.md, 8
HAIRLINE, RULE = 0.75, 1.5  # points; nothing thinner survives a fax
_LARGE = 1.25


class Role(StrEnum):
    """What a paragraph is."""

    TITLE = "title"
    LEAD = "lead"
    HEADING = "heading"
    BODY = "body"
    LABEL = "label"
    NOTE = "note"
    BANNER = "banner"
    FOOT = "foot"
    NUMBER = "number"


# size, line, in points, and whether it is bold
_PROVIDER = {
    Role.TITLE: (24, 29, True),
    Role.LEAD: (12, 17, False),
    Role.HEADING: (14, 18, True),
    Role.BODY: (12, 17, False),
    Role.LABEL: (10.5, 15, False),
    Role.NOTE: (10.5, 15, False),
    Role.BANNER: (10.5, 14, False),
    Role.FOOT: (9, 12, False),
    Role.NUMBER: (16, 19, True),
}
_CLIENT = {
    **_PROVIDER,
    Role.TITLE: (30, 36, True),
    Role.LEAD: (16, 22, False),
    Role.HEADING: (17, 22, True),
    Role.BODY: (14, 20, False),
    Role.FOOT: (10, 13, False),
}
_CLIENT_LARGE = {Role.TITLE: (36, 43, True), Role.BODY: (18, 25, False)}


@dataclass(frozen=True, kw_only=True)
class Press:
    """How the pages of one audience are set."""

    audience: Audience
    paper: Paper = Paper.LETTER
    is_large: bool = False
    language: str = "en"

    @property
    def width(self) -> float:
        """The width of the text: 504 points on Letter."""
        return self.paper.size[0] - 2 * SIDE

    @property
    def scale(self) -> float:
        """What large print multiplies by."""
        return _LARGE if self.is_large else 1.0

    def gettext(self, message: str) -> str:
        """Return a message in the language of the page."""
        return catalogue(self.language).gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form of a message that fits the count, in the language of the page."""
        return catalogue(self.language).ngettext(one, many, count)

    def style(self, role: Role, *, bold: bool = False) -> ParagraphStyle:
        """Return the style of a role."""
        return _style(self.audience, role, is_large=self.is_large, bold=bold)

    def right(self, role: Role) -> ParagraphStyle:
        """Return the style of a role, set to the right."""
        return _style(self.audience, role, is_large=self.is_large, alignment=TA_RIGHT)

    def centred(self, role: Role) -> ParagraphStyle:
        """Return the style of a role, centred."""
        return _style(self.audience, role, is_large=self.is_large, alignment=TA_CENTER)

    def white(self, role: Role) -> ParagraphStyle:
        """Return the style of a role in bold white, for black ground."""
        return _style(self.audience, role, is_large=self.is_large, bold=True, is_white=True)


@lru_cache(maxsize=128)
def _style(
    audience: Audience,
    role: Role,
    *,
    is_large: bool,
    bold: bool = False,
    alignment: Literal[0, 1, 2] = TA_LEFT,
    is_white: bool = False,
) -> ParagraphStyle:
    fonts.load()
    size: float
    line: float
    size, line, is_bold = (_CLIENT if audience is Audience.CLIENT else _PROVIDER)[role]
    if is_large and audience is Audience.CLIENT and role in _CLIENT_LARGE:
        size, line, is_bold = _CLIENT_LARGE[role]
    elif is_large:
        size, line = size * _LARGE, line * _LARGE
    return ParagraphStyle(
        role.value,
        fontName=fonts.BOLD if bold or is_bold else fonts.REGULAR,
        fontSize=size,
        leading=line,
        alignment=alignment,
        textColor=white if is_white else black,
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=1,  # a name of 200 letters stays on the page
    )
