"""Lay out one row: what is painted, what can be pressed and what is read aloud are one list of pieces."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QTextLayout, QTextOption

from crisisdesk.ui import paint, theme
from crisisdesk.ui.tables.pieces import MORE, Act, Piece, Words
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role

_GAP = 8  # between the words of a first line
_WIDE_GAP = 14  # between the facts of a second line
_LEAST = 28  # pixels; words that would be cut shorter than that are left out
_NARROW = 520  # a row narrower than that, at 100 %, folds its acts into More
_FOLD = 1.5  # at this text size and above acts fold into More


class Block:
    """A part of a row, from left to right, that stacks lines."""

    def __init__(self, left: int, right: int) -> None:
        self._left = left
        self._right = right
        self._lines: list[tuple[int, list[Piece]]] = []

    @property
    def width(self) -> int:
        """How wide it is."""
        return max(0, self._right - self._left)

    @property
    def height(self) -> int:
        """How high its lines are together."""
        return sum(height for height, _pieces in self._lines)

    def line(self, text: str, *, role: Role = Role.BODY, ink: str = "text2", align: str = "left") -> None:
        """Add a line of one text."""
        height = paint.line_height(role)
        rect = QRect(self._left, 0, self.width, height)
        self._lines.append((height, [Piece(rect=rect, what=Words(text=text), role=role, ink=ink, align=align)]))

    def flow(
        self, *parts: Words | None, role: Role = Role.BODY, ink: str = "text2", right: Words | None = None
    ) -> None:
        """Add a line of several words side by side; it is cut from the right, so put what must stay first.

        ``None`` and empty words are skipped. ``right`` stands at the line's end.
        """
        heights = [paint.line_height(part.role or role) for part in (*parts, right) if part]
        height = max([paint.line_height(role), *heights])
        edge = self._right
        pieces = []
        if right is not None and right.text:
            own = right.role or role
            wide = min(right.width(own), self.width)
            pieces.append(self._piece(right, QRect(edge - wide, 0, wide, height), own, ink))
            edge -= wide + px(_GAP)
        left = self._left
        gap = px(_WIDE_GAP if role is Role.SMALL else _GAP)
        for part in parts:
            if part is None or not part.text:
                continue
            own = part.role or role
            wide = min(part.width(own), edge - left)
            if wide < min(px(_LEAST), part.width(own)):
                break
            pieces.append(self._piece(part, QRect(left, 0, wide, height), own, ink))
            left += wide + gap
        self._lines.append((height, pieces))

    def wrap(self, text: str, *, lines: int = 2, role: Role = Role.BODY, ink: str = "text2") -> None:
        """Add a text over at most so many lines; the last is cut with "…" if there is more."""
        rest = text.replace("\n", " ").strip()
        for number in range(lines):
            if not rest:
                return
            is_last = number == lines - 1
            cut = len(rest) if is_last else first_line(rest, self.width, role)
            self.line(rest[:cut].rstrip(), role=role, ink=ink)
            rest = rest[cut:].lstrip()

    def space(self, height: int) -> None:
        """Add an empty height."""
        self._lines.append((px(height), []))

    def placed(self, top: int) -> list[Piece]:
        """Return its pieces where they stand when its first line begins at ``top``."""
        out = []
        for height, pieces in self._lines:
            out += [_moved(piece, top, height) for piece in pieces]
            top += height
        return out

    def _piece(self, part: Words, rect: QRect, role: Role, ink: str) -> Piece:
        if part.is_badge or part.is_pill:
            rect = QRect(rect.left(), 0, rect.width(), paint.badge_size(part.text).height())
        return Piece(rect=rect, what=part, role=role, ink=part.ink or ink)


def _moved(piece: Piece, top: int, height: int) -> Piece:
    rect = QRect(piece.rect)
    rect.moveTop(top + (height - rect.height()) // 2)
    return Piece(
        rect=rect, what=piece.what, role=piece.role, ink=piece.ink, align=piece.align, is_silent=piece.is_silent
    )


def first_line(text: str, width: int, role: Role) -> int:
    """Return how many characters of a text stand in its first line."""
    layout = QTextLayout(text, theme.font(role, text))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(max(1, width))
    layout.endLayout()
    return max(1, line.textLength())


class Row:
    """A row being laid out: reserve from the left and the right, then take the rest."""

    def __init__(self, rect: QRect, *, padding: int = 16, is_top: bool = False, above: int = 10) -> None:
        self.rect = rect
        self._left = rect.left() + px(padding)
        self._right = rect.right() + 1 - px(padding)
        self._is_top = is_top
        self._above = px(above)
        self._blocks: list[Block] = []
        self._fixed: list[Piece] = []

    @property
    def is_narrow(self) -> bool:
        """Whether its acts fold into More."""
        return theme.factor() >= _FOLD or self.rect.width() < px(_NARROW)

    def acts(self, *acts: Act, inset: int = 4, may_fold: bool = True) -> None:
        """Put buttons at the right; where there is little room only More stays, if it is one of them."""
        if may_fold and self.is_narrow and MORE in acts:
            acts = (MORE,)
        edge = self._right + px(inset)
        for act in reversed(acts):
            size = paint.button_size("" if act.icon and act.look == "row" else act.words)
            rect = QRect(QPoint(edge - size.width(), self._middle(size.height())), size)
            self._fixed.append(Piece(rect=rect, what=act))
            edge -= size.width() + px(6)
        self._right = min(self._right, edge - px(2))

    def icon(self, name: str, ink: str = "text2", *, size: int = 20, gap: int = 12) -> None:
        """Put an icon at the left."""
        side = px(size)
        top = self._middle(side)
        if self._is_top:
            top = self.rect.top() + self._above + (paint.line_height(Role.BODY) - side) // 2
        self._fixed.append(Piece(rect=QRect(self._left, top, side, side), what=name, ink=ink))
        self._left += side + px(gap)

    def column(self, width: int, *, gap: int = 12) -> Block:
        """Reserve a column at the left."""
        block = Block(self._left, min(self._left + px(width), self._right))
        self._left += px(width + gap)
        self._blocks.append(block)
        return block

    def right_column(self, width: int, *, gap: int = 12) -> Block:
        """Reserve a column at the right."""
        block = Block(max(self._left, self._right - px(width)), self._right)
        self._right -= px(width + gap)
        self._blocks.append(block)
        return block

    def rest(self) -> Block:
        """Take what is left between the two."""
        block = Block(self._left, max(self._left, self._right))
        self._blocks.append(block)
        return block

    @property
    def height(self) -> int:
        """The height that its lines need."""
        return max([block.height for block in self._blocks], default=0) + 2 * self._above

    def pieces(self) -> list[Piece]:
        """Return everything in it, in the order in which it is read."""
        out: list[Piece] = []
        for block in self._blocks:
            top = self.rect.top() + self._above if self._is_top else self._middle(block.height)
            out += block.placed(top)
        return out + self._fixed

    def _middle(self, height: int) -> int:
        if self._is_top:
            return self.rect.top() + self._above - px(2)
        return self.rect.top() + (self.rect.height() - height) // 2
