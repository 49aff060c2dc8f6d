"""Pages and what stands on each: banner, footer, "Page x of y"; and the PDF that they make."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageBreak, PageTemplate
from reportlab.platypus.doctemplate import LayoutError

from crisisdesk.documents import fonts
from crisisdesk.documents.blocks import Mark
from crisisdesk.documents.press import BOTTOM, HAIRLINE, RULE, SIDE, TOP, Press, Role
from crisisdesk.documents.text import Bold, P
from crisisdesk.errors import PrintProblem
from crisisdesk.i18n import _
from crisisdesk.records.choices import Audience

_BELOW_BANNER = 16.0
_ABOVE_FOOTER = 14.0  # the quiet zone of a QR code that stands last on a page
_PAD = 6.0
_MAKER = "CrisisDesk"
_PASSES = 4  # page numbers inside the text settle in one pass as a rule, in two if a part takes more pages than one
_ANCHOR = 40  # letters of a mark from the audit log
_LONGEST = 200  # letters of a text in a banner or footer
_LINE_ENDS = re.compile(r"[\r\n\t\u2028\u2029]+")
_HUGE = 1e6


@dataclass(frozen=True)
class Numbers:
    """Where the parts of a document begin, counted within their audience, and how many pages an audience has."""

    first: Mapping[str, int] = field(default_factory=dict)
    count: Mapping[Audience, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Furniture:
    """What stands on each page of a part."""

    label: str  # the banner's first words: the audience
    says: tuple[str, ...] = ()  # what the banner says behind it
    foot: tuple[str, ...] = ()  # the footer's left side
    packet: str = ""  # "Packet 481 207"
    anchor: str = ""  # "CD-42-1a2b3c4d": where in the audit log the page was made


@dataclass(frozen=True, kw_only=True)
class Part:
    """Pages of one kind: how they are set, what stands on each, and what flows over them."""

    name: str
    press: Press
    furniture: Furniture
    story: Callable[[Numbers], Sequence[Flowable]]


@dataclass(frozen=True)
class Laid:
    """A finished document. ``first`` counts from the document's first page, ``numbers`` within an audience."""

    data: bytes
    page_count: int
    first: Mapping[str, int]
    numbers: Numbers


class Banner(Flowable):
    """The audience, first thing on each page: square and black for providers, rounded and white for clients."""

    def __init__(self, press: Press, furniture: Furniture) -> None:
        super().__init__()
        self._is_round = press.audience is Audience.CLIENT
        self.width = press.width
        style = press.style(Role.BANNER, bold=True) if self._is_round else press.white(Role.BANNER)
        self._label = P(style, *_short(furniture.label))
        self._label.wrap(self.width / 2, _HUGE)
        self._label_width = max(self._label.getActualLineWidths0(), default=0.0) + 0.1
        _width, self._label_height = self._label.wrap(self._label_width, _HUGE)
        self._inset = 13.0 if self._is_round else 11.0
        self._black = self._label_width + 2 * self._inset
        self._left = self._black + (1.0 if self._is_round else self._inset)
        self._says = P(press.style(Role.BANNER), *_short(*furniture.says))
        _width, self._says_height = self._says.wrap(self.width - self._left - self._inset, _HUGE)
        least = (26.0 if self._is_round else 24.0) * press.scale
        self.height = max(least, max(self._label_height, self._says_height) + 2 * _PAD)
        self._radius = min(self.height, least) / 2 - 1 if self._is_round else 0.0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size; it grows with its words."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the shape and the words."""
        canvas = self.canv
        stroke = 2.0 if self._is_round else RULE
        canvas.setLineWidth(stroke)
        canvas.roundRect(stroke / 2, stroke / 2, self.width - stroke, self.height - stroke, self._radius)
        if not self._is_round:
            canvas.rect(0, 0, self._black, self.height, stroke=0, fill=1)
        self._label.drawOn(canvas, self._inset, (self.height - self._label_height) / 2)
        self._says.drawOn(canvas, self._left, (self.height - self._says_height) / 2)


class Footer:
    """Who, when and which packet on the left and right of a page's foot."""

    def __init__(self, press: Press, furniture: Furniture) -> None:
        self._press, self._packet, self._anchor = press, furniture.packet, furniture.anchor[:_ANCHOR]
        self._right = (146.0 if press.audience is Audience.CLIENT else 100.0) * press.scale
        self._left = P(press.style(Role.FOOT), *_short(*furniture.foot))
        _width, self._left_height = self._left.wrap(press.width - self._right - 8, _HUGE)
        lines = 1 if press.audience is Audience.CLIENT or not self._packet else 2
        _width, anchor = P(press.right(Role.FOOT), self._anchor).wrap(self._right, _HUGE)
        text = max(self._left_height, lines * press.style(Role.FOOT).leading + (anchor if self._anchor else 0.0))
        self.top = BOTTOM + text + _PAD

    def draw(self, canvas: Canvas, page: int, count: int) -> None:
        """Draw it, with "Page x of y"."""
        canvas.setLineWidth(HAIRLINE)
        canvas.line(SIDE, self.top, SIDE + self._press.width, self.top)
        top = self.top - _PAD + 1
        self._left.drawOn(canvas, SIDE, top - self._left_height)
        pages = self._press.gettext("Page {page} of {count}").format(page=page, count=count)
        if not self._packet:
            words: tuple[str, ...] = (pages,)
        elif self._press.audience is Audience.CLIENT:
            words = (f"{self._packet} · {pages}",)
        else:
            words = (Bold(self._packet), "\n", pages)
        if self._anchor:
            words = (*words, "\n", self._anchor)
        right = P(self._press.right(Role.FOOT), *words)
        _width, height = right.wrap(self._right, _HUGE)
        right.drawOn(canvas, SIDE + self._press.width - self._right, top - height)


def _short(*texts: str) -> list[str]:
    """Return texts that leave the page to what it is for, however long and of how many lines they were typed."""
    return [text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…" for text in map(_on_one_line, texts)]


def _on_one_line(text: str) -> str:
    return text if text.isspace() else type(text)(_LINE_ENDS.sub(" ", text))


def lay_out(parts: Sequence[Part], *, title: str, printed_at: datetime) -> Laid:
    """Set the parts one after the other, each on a page of its own, until the page numbers in the text are true.

    Equal input gives equal bytes. The PDF's own data name the title and the program, never a person.
    Raises PrintProblem if something is higher than a page.
    """
    try:
        return _settled(parts, title, printed_at)
    except LayoutError:
        # ReportLab's message quotes the text, which must not come into a log: hence "from None".
        raise PrintProblem(_("A text is too long for its page. Please shorten it and print again.")) from None


def _settled(parts: Sequence[Part], title: str, printed_at: datetime) -> Laid:
    numbers = _number(parts, {part.name: index for index, part in enumerate(parts, start=1)}, len(parts))
    laid = _pass(parts, numbers, title, printed_at)
    for _again in range(_PASSES):
        if laid.numbers == numbers:
            break
        numbers = laid.numbers
        laid = _pass(parts, numbers, title, printed_at)
    return laid


def _pass(parts: Sequence[Part], numbers: Numbers, title: str, printed_at: datetime) -> Laid:
    buffer = BytesIO()
    press = parts[0].press
    document = BaseDocTemplate(
        buffer,
        pagesize=press.paper.size,
        invariant=1,
        lang=press.language,
        initialFontName=fonts.REGULAR,  # else each page names Helvetica, which is not embedded
        displayDocTitle=1,
        title=title,
        author="",
        subject="",
        creator=_MAKER,
        producer=_MAKER,
    )
    first: dict[str, int] = {}
    document.addPageTemplates([_template(part, numbers, first) for part in parts])
    story: list[Flowable] = []
    for part in parts:
        story += [NextPageTemplate(part.name), PageBreak()] if story else []
        story += [Mark(part.name, first), *part.story(numbers)]
    document.build(story, canvasmaker=partial(_canvas, printed_at))
    return Laid(buffer.getvalue(), document.page, first, _number(parts, first, document.page))


def _number(parts: Sequence[Part], first: Mapping[str, int], page_count: int) -> Numbers:
    ends = [*(first[part.name] for part in parts[1:]), page_count + 1]
    within: dict[str, int] = {}
    count: dict[Audience, int] = {}
    for part, end in zip(parts, ends, strict=True):
        audience = part.press.audience
        within[part.name] = count.get(audience, 0) + 1
        count[audience] = count.get(audience, 0) + end - first[part.name]
    return Numbers(within, count)


def _canvas(printed_at: datetime, *args: object, **kwargs: object) -> Canvas:
    canvas = Canvas(*args, **kwargs)  # type: ignore[arg-type]  # what BaseDocTemplate hands over
    offset = printed_at.strftime("%z") or "+0000"
    made = f"D:{printed_at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
    canvas.setDateFormatter(lambda *_now: made)
    return canvas


def _template(part: Part, numbers: Numbers, first: Mapping[str, int]) -> PageTemplate:
    press, furniture = part.press, part.furniture
    width, height = press.paper.size
    banner, footer = Banner(press, furniture), Footer(press, furniture)
    bottom = footer.top + _ABOVE_FOOTER
    top = height - TOP - banner.height - _BELOW_BANNER
    frame = Frame(SIDE, bottom, width - 2 * SIDE, top - bottom, 0, 0, 0, 0)

    def dress(canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.saveState()
        banner.drawOn(canvas, SIDE, height - TOP - banner.height)
        page = canvas.getPageNumber()
        before = page - first.get(part.name, page)  # the part's first page is marked only after it is dressed
        footer.draw(canvas, numbers.first[part.name] + before, max(numbers.count.get(press.audience, 0), 1))
        canvas.restoreState()

    return PageTemplate(part.name, [frame], onPage=dress)
