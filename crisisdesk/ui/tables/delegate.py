"""The delegates: a list's row from one layout function, a table's cell from its column."""

from typing import Any, ClassVar, cast

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from crisisdesk.ui import paint
from crisisdesk.ui.tables.hits import Hits
from crisisdesk.ui.tables.model import ROW, Column, Header, Index
from crisisdesk.ui.tables.pieces import Piece, Words, link, pill, words
from crisisdesk.ui.tables.row import Row
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State

HEADER = 32


def lay_out_header(header: Header, rect: QRect) -> list[Piece]:
    """Lay out a group's header: icon, title in the state's ink, count, note, and an act at the right."""
    row = Row(rect)
    ink = header.state.value if header.state else "text2"
    icon = header.icon or (header.state.icon if header.state else "")
    if icon:
        row.icon(icon, ink if header.state else "text2", gap=8)
    pieces = []
    if header.act:
        press = link(header.act_words, header.act)
        width = press.width(Role.BODY)
        pieces.append(
            Piece(
                rect=QRect(rect.right() + 1 - px(16) - width, rect.top(), width, rect.height()),
                what=press,
                ink="accent",
            )
        )
    text = row.rest()
    title = Words(text=header.title, role=Role.NAME, ink=ink)
    note = words(header.note, role=Role.SMALL, ink="text3") if header.note else None
    count = None
    if header.count is not None:
        count = pill(header.count, header.state or State.PLAIN)
    text.flow(title, count, words(" ") if note else None, note)
    return row.pieces() + pieces


class RowDelegate(QStyledItemDelegate):
    """Paints a list's rows. A page overrides ``lay_out``, and ``height`` where it isn't 52."""

    height: ClassVar[int] = 52
    grows: ClassVar[bool] = False  # the height follows the lines, at least ``height``
    is_top: ClassVar[bool] = False  # lines stand at the top, not in the middle
    padding: ClassVar[int] = 16
    above: ClassVar[int] = 10
    has_hairlines: ClassVar[bool] = True

    hits: Hits | None = None

    def lay_out(self, item: Any, row: Row) -> None:  # noqa: ANN401  the page's own row type
        """Place everything that a row shows. The page's own."""
        raise NotImplementedError

    def height_of(self, item: Any) -> int:  # noqa: ANN401  the page's own row type
        """Return a row's height at 100 %, where rows differ."""
        del item
        return self.height

    def pieces(self, item: object, rect: QRect) -> list[Piece]:
        """Return a row's pieces in a rectangle: painting, pressing, reading aloud and tests all ask here."""
        if isinstance(item, Header):
            return lay_out_header(item, rect)
        return self._row(item, rect).pieces()

    def describe(self, item: object) -> str:
        """Return the whole row in words."""
        pieces = self.pieces(item, QRect(0, 0, px(4000), px(200)))
        return ", ".join(piece.spoken for piece in pieces if piece.spoken.strip())

    def _row(self, item: object, rect: QRect) -> Row:
        row = Row(rect, padding=self.padding, is_top=self.is_top, above=self.above)
        self.lay_out(item, row)
        return row

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item = index.data(ROW)
        if isinstance(item, Header):
            return QSize(0, px(HEADER))
        least = px(self.height_of(item))
        if not self.grows:
            return QSize(0, least)
        view = option.widget
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
        return QSize(0, max(least, self._row(item, QRect(0, 0, width, least)).height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ROW)
        rect = option.rect
        is_header = isinstance(item, Header)
        flags = QStyle.StateFlag
        is_selected = bool(option.state & flags.State_Selected) and not is_header
        paint.fill(painter, rect, "sunk" if is_header else "accent_tint" if is_selected else "surface")
        paint_pieces(painter, self.pieces(item, rect), self.hits, index)
        is_last = index.row() == index.model().rowCount() - 1
        if (self.has_hairlines or is_header) and not is_last:
            paint.paint_hairline(painter, rect)
        if option.state & flags.State_HasFocus and not is_header and _has_focus(option):
            paint.paint_focus(painter, rect)


class CellDelegate(QStyledItemDelegate):
    """Paints a table's cells from its columns."""

    hits: Hits | None = None

    def pieces(self, column: Column, item: object, rect: QRect) -> list[Piece]:
        """Return what a cell shows, in a rectangle."""
        row = Row(
            rect.adjusted(px(16), 0, -px(16) if column.align & Qt.AlignmentFlag.AlignRight else -px(4), 0), padding=0
        )
        if column.acts:
            row = Row(rect, padding=16)
            row.acts(*column.acts(item), may_fold=False)
            return row.pieces()
        shown = column.cell(item)
        text = row.rest()
        is_right = bool(column.align & Qt.AlignmentFlag.AlignRight)
        for line, role, ink in ((shown.first, Role.BODY, column.ink), (shown.second, Role.SMALL, "text2")):
            if line is None:
                continue
            if is_right:
                text.flow(right=line, role=role, ink=ink)
            else:
                text.flow(line, role=role, ink=ink)
        return row.pieces()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ROW)
        rect = option.rect
        if isinstance(item, Header):
            paint.fill(painter, rect, "sunk")
            paint.paint_hairline(painter, rect)
            return
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        paint.fill(painter, rect, "accent_tint" if is_selected else "surface")
        columns = getattr(index.model(), "columns", ())
        paint_pieces(painter, self.pieces(columns[index.column()], item, rect), self.hits, index)
        if index.row() != index.model().rowCount() - 1:
            paint.paint_hairline(painter, rect)


def paint_pieces(painter: QPainter, pieces: list[Piece], hits: Hits | None, index: Index) -> None:
    """Paint pieces, the one under the pointer hot."""
    for piece in pieces:
        piece.paint(painter, hits.pressed(index.row(), piece.act) if hits else paint.Pressed.NO)


def _has_focus(option: QStyleOptionViewItem) -> bool:
    widget = cast("QWidget | None", option.widget)
    return widget is None or widget.hasFocus()
