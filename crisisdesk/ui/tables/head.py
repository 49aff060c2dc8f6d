"""A table's column heads: small words, a chevron on the one that sorts."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui import paint
from crisisdesk.ui.icons import paint_icon
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role

HEIGHT = 32


class Head(QHeaderView):
    """Paints the heads; a click on one that can sort asks the page for that order."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.ground = "sunk"
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.setFixedHeight(px(HEIGHT) + 1)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(HEIGHT) + 1)

    def spoken(self, section: int) -> str:
        """Return a head's accessible name: the title and how it sorts."""
        title = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        if not self.isSortIndicatorShown() or self.sortIndicatorSection() != section:
            return title
        rising = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
        words = _("{title}, sorted, first to last") if rising else _("{title}, sorted, last to first")
        return words.format(title=title)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803  Qt's name
        if not rect.isValid():
            return
        paint.fill(painter, rect, self.ground)
        paint.paint_hairline(painter, rect)
        title = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        given = self.model().headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        is_right = bool(int(given or 0) & int(paint.Right.value))
        inner = rect.adjusted(px(16), 0, -px(16) if is_right else -px(4), -1)
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == logicalIndex:
            inner = self._paint_chevron(painter, inner, paint.text_width(title, Role.SMALL), is_right=is_right)
        paint.paint_text(painter, inner, title, Role.SMALL, "text3", paint.Right if is_right else paint.Left)

    def _paint_chevron(self, painter: QPainter, inner: QRect, width: int, *, is_right: bool) -> QRect:
        side = px(14)
        top = inner.center().y() - side // 2 + 1
        left = inner.right() + 1 - side if is_right else min(inner.left() + width + px(3), inner.right() + 1 - side)
        square = QRect(left, top, side, side)
        painter.save()
        if self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder:
            painter.translate(square.center().x() + 0.5, square.center().y() + 0.5)
            painter.rotate(180)
            painter.translate(-square.center().x() - 0.5, -square.center().y() - 0.5)
        paint_icon(painter, square, "chevron-down", "text3")
        painter.restore()
        return inner.adjusted(0, 0, -side - px(3), 0) if is_right else inner
