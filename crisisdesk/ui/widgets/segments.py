"""Segments: choose one of two to four, joined in one box."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from crisisdesk.ui import paint, theme
from crisisdesk.ui.icons import paint_icon
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.chips import Option


class _Segment(QToolButton):
    def __init__(self, option: Option, *, is_first: bool, is_last: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.option = option
        self._is_first = is_first
        self._is_last = is_last
        self.setProperty("look", "segment")
        self.setText(option.words)
        self.setAccessibleName(option.words)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        width = paint.text_width(self.option.words, Role.NAME) + px(24) + (px(26) if self.option.icon else 0)
        return QSize(width, px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = self._shape()
        painter.fillPath(path, theme.colour("accent_tint" if self.isChecked() else "surface"))
        if self.isChecked():
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.drawPath(path)
        role = Role.NAME if self.isChecked() else Role.BODY
        ink = "text" if self.isChecked() else "text2"
        if not self.isEnabled():
            ink = "text3"
        width = paint.text_width(self.option.words, role)
        content = width + (px(26) if self.option.icon else 0)
        left = (self.width() - content) // 2
        if self.option.icon:
            side = px(18)
            paint_icon(painter, QRect(left, (self.height() - side) // 2, side, side), self.option.icon, ink)
            left += px(26)
        paint.paint_text(painter, QRect(left, 0, width, self.height()), self.option.words, role, ink)
        painter.end()

    def _shape(self) -> QPainterPath:
        rect = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        radius = px(6)
        path.addRoundedRect(rect, radius, radius)
        if not self._is_first:
            path.addRect(rect.adjusted(0, 0, -rect.width() / 2, 0))
        if not self._is_last:
            path.addRect(rect.adjusted(rect.width() / 2, 0, 0, 0))
        return path.simplified()


class Segments(QWidget):
    """One of two to four. Arrow keys move the choice, as in any group of its kind."""

    changed = Signal()

    def __init__(self, options: Sequence[Option], *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._parts: dict[str, _Segment] = {}
        for place, option in enumerate(options):
            part = _Segment(option, is_first=place == 0, is_last=place == len(options) - 1, parent=self)
            self._parts[option.value] = part
            self._group.addButton(part)
            row.addWidget(part, 1)
        self._group.buttonClicked.connect(lambda _button: self.changed.emit())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def chosen(self) -> str:
        """Return the chosen value; nothing if none is."""
        return next((value for value, part in self._parts.items() if part.isChecked()), "")

    def choose(self, value: str) -> None:
        """Choose one, without a signal; an unknown value chooses none."""
        self._group.setExclusive(False)
        for own, part in self._parts.items():
            part.setChecked(own == value)
        self._group.setExclusive(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        paint.box(painter, self.rect(), "surface", "control", px(6))
        painter.setPen(QPen(theme.colour("line"), 1))
        for part in list(self._parts.values())[:-1]:
            x = part.geometry().right() + 1
            painter.drawLine(x, 1, x, self.height() - 2)
        painter.end()
