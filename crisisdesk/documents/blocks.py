"""The building blocks of a page: columns, rules and frames that know how to break over pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.barcode import qrencoder
from reportlab.platypus import CondPageBreak, Flowable, HRFlowable

from crisisdesk.documents.press import HAIRLINE, RULE, Press, Role
from crisisdesk.documents.text import P

KEEP = 280.0  # points, a bit more than a third of a page: what is no higher is never broken over two pages
_LEAST = 60.0  # points: what is higher may begin at the foot of a page if that much is left
LABEL = 118.0  # points from a label to its value
_HUGE = 1e6
_FUZZ = 1e-6  # sums of heights are not exact
_MODULES = 21  # a QR code of version 1
_MODULE = 72 / _MODULES  # points; 1.2 mm, so that a fax keeps it

Stack = Sequence[Flowable]


@dataclass(frozen=True)
class Column:
    """Flowables one below the other, so many points from the left and from the top of their block."""

    left: float
    width: float
    stack: Stack
    drop: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Look:
    """Rules, frame and space of a block, in points."""

    rule_above: float = 0.0
    rule_below: float = 0.0
    frame: float = 0.0
    radius: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    before: float = 0.0
    after: float = 0.0


class Block(Flowable):
    """Columns side by side. It keeps together unless it is high; then its text flows on to the next page."""

    def __init__(self, columns: Sequence[Column], look: Look, width: float) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.look = look
        self.width = width
        self.spaceBefore, self.spaceAfter = look.before, look.after

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size; the width is its own."""
        inner = max((column.drop + measure(column.stack, column.width) for column in self.columns), default=0.0)
        self.height = self.look.top + inner + self.look.bottom
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return what fits and the rest, or nothing if it should rather move to the next page whole."""
        self.wrap(width, height)
        is_first = getattr(getattr(self, "_frame", None), "_atTop", False)  # there is no better page to move to
        if not is_first and (self.height <= KEEP or height < _LEAST):
            return []
        room = height - self.look.top - self.look.bottom
        cuts = self._cuts(room)
        if is_first and not any(head for head, _rest in cuts):
            cuts = self._cuts(
                room, parts_headings=True
            )  # a heading as high as the page: better broken than not printed
        if not any(head for head, _rest in cuts) or not any(rest for _head, rest in cuts):
            return []
        return [self._with([head for head, _rest in cuts]), self._with([rest for _head, rest in cuts])]

    def _cuts(self, room: float, *, parts_headings: bool = False) -> list[tuple[Stack, Stack]]:
        return [
            cut(column.stack, column.width, room - column.drop, parts_headings=parts_headings)
            for column in self.columns
        ]

    def _with(self, stacks: Sequence[Stack]) -> "Block":
        pairs = zip(self.columns, stacks, strict=True)
        columns = [Column(column.left, column.width, stack, column.drop) for column, stack in pairs]
        return Block(columns, self.look, self.width)

    def draw(self) -> None:
        """Draw rules, frame and columns."""
        canvas, look = self.canv, self.look
        for weight, y in ((look.rule_above, self.height), (look.rule_below, 0.0)):
            if weight:
                canvas.setLineWidth(weight)
                canvas.line(0, y, self.width, y)
        if look.frame:
            canvas.setLineWidth(look.frame)
            half = look.frame / 2  # a stroke lies on both sides of its path
            canvas.roundRect(half, half, self.width - look.frame, self.height - look.frame, look.radius)
        for column in self.columns:
            y = self.height - look.top - column.drop
            gap = 0.0
            for flowable in column.stack:
                _width, height = flowable.wrap(column.width, _HUGE)
                y -= max(gap, flowable.getSpaceBefore()) if flowable is not column.stack[0] else 0.0
                y -= height
                flowable.drawOn(canvas, column.left, y)
                gap = flowable.getSpaceAfter()


class Mark(Flowable):
    """Notes the page on which it comes to lie, and prints nothing."""

    _ZEROSIZE = True

    def __init__(self, name: str, pages: dict[str, int]) -> None:
        super().__init__()
        self._name, self._pages = name, pages

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Take no room."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Note the page."""
        self._pages[self._name] = self.canv.getPageNumber()


class Qr(Flowable):
    """A packet's number for a scanner. It holds the number only, in the coarsest code with the most repair."""

    def __init__(self, digits: str, scale: float) -> None:
        super().__init__()
        self._digits = digits
        self._module = _MODULE * scale
        self.width = self.height = self._module * _MODULES

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size, without the quiet zone: that is the space around it."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it as one path, so that no printer leaves seams between its rows."""
        code = qrencoder.QRCode(1, qrencoder.QRErrorCorrectLevel.H)
        code.addData(self._digits)
        code.make()
        modules: list[list[bool]] = code.modules
        path = self.canv.beginPath()
        for row in range(_MODULES):
            for column in range(_MODULES):
                if modules[row][column]:
                    y = self.height - (row + 1) * self._module
                    path.rect(column * self._module, y, self._module, self._module)
        self.canv.drawPath(path, stroke=0, fill=1)


def measure(stack: Stack, width: float) -> float:
    """Return the height of flowables one below the other."""
    total = gap = 0.0
    for flowable in stack:
        _width, height = flowable.wrap(width, _HUGE)
        total += height + (max(gap, flowable.getSpaceBefore()) if flowable is not stack[0] else 0.0)
        gap = flowable.getSpaceAfter()
    return total


def cut(stack: Stack, width: float, height: float, *, parts_headings: bool = False) -> tuple[Stack, Stack]:
    """Return what fits into a height, and the rest. A heading stays with what it is over, unless it may be parted."""
    used = gap = 0.0
    for index, flowable in enumerate(stack):
        _width, needs = flowable.wrap(width, _HUGE)
        space = max(gap, flowable.getSpaceBefore()) if index else 0.0
        if used + space + needs > height + _FUZZ:
            pieces = flowable.split(width, height - used - space)
            if len(pieces) > 1:
                return [*stack[:index], pieces[0]], [*pieces[1:], *stack[index + 1 :]]
            is_parted = index > 0 and _is_heading(stack[index - 1]) and not parts_headings
            end = index - 1 if is_parted else index
            return stack[:end], stack[end:]
        used += space + needs
        gap = flowable.getSpaceAfter()
    return stack, []


def _is_heading(flowable: Flowable) -> bool:
    style = getattr(flowable, "style", None)
    return style is not None and style.name == Role.HEADING.value


def pair(press: Press, label: str, *value: str, first: bool = True, last: bool = False) -> Block:
    """Return a row: a label, and its value beside it, under a rule."""
    small, body = press.style(Role.LABEL), press.style(Role.BODY)
    pad = 4.7 * press.scale
    label_width = LABEL * press.scale
    columns = (
        # Both stand on one line, though one is smaller.
        Column(0, label_width - 10, [P(small, label)], (body.fontSize - small.fontSize) * 0.95),
        Column(label_width, press.width - label_width, [P(body, *value)]),
    )
    above, below = (HAIRLINE if first else 0.0), (HAIRLINE if last else 0.0)
    return Block(columns, Look(rule_above=above, rule_below=below, top=pad, bottom=pad), press.width)


def framed(stack: Stack, width: float, *, radius: float = 0.0, space: float = 8.0) -> Block:
    """Return flowables in a frame: square for providers, rounded for clients."""
    pad = 13.0
    look = Look(frame=RULE, radius=radius, top=pad - 2, bottom=pad - 1, before=space, after=space)
    return Block([Column(pad, width - 2 * pad, stack)], look, width)


def section(press: Press, heading: str, rows: Sequence[Block]) -> list[Flowable]:
    """Return a heading and its rows, the heading on the same page as the first of them; nothing without rows."""
    if not rows:
        return []
    head = Block(
        [Column(0, press.width, [P(press.style(Role.HEADING), heading)])],
        Look(top=13 * press.scale, bottom=5 * press.scale),
        press.width,
    )
    return [with_next(press, head, rows[0]), head, *rows]


def with_next(press: Press, head: Flowable, follower: Flowable) -> CondPageBreak:
    """Return a page break that happens unless there is room for something and for what must stay with it."""
    need = measure([head], press.width)
    height = measure([follower], press.width)
    return CondPageBreak(need + (height if height <= KEEP else _LEAST + 2 * press.style(Role.BODY).leading))


def rule(weight: float = RULE, *, before: float = 0.0, after: float = 0.0) -> HRFlowable:
    """Return a rule over the whole width."""
    return HRFlowable(width="100%", thickness=weight, color="black", spaceBefore=before, spaceAfter=after)
