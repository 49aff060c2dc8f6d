"""Plain-text labels: the only door to QLabel. What a person typed is never read as markup here (security.md 3.9)."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from crisisdesk.ui import paint, theme
from crisisdesk.ui.tokens import Role


def label(text: str = "", role: Role = Role.BODY, ink: str = "text", *, parent: QWidget | None = None) -> QLabel:
    """Return a one-line label in a type role and an ink; it is never cut."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    dress_label(made, role, ink)
    return made


def dress_label(made: QLabel, role: Role, ink: str) -> None:
    """Give a label another type role or ink; a state's value is an ink too."""
    made.setProperty("role", role.name.lower())
    made.setProperty("ink", ink)
    made.setProperty("state", ink)
    made.setMinimumHeight(theme.px(role.line))
    made.style().unpolish(made)
    made.style().polish(made)


class Elided(QLabel):
    """A one-line label that is cut with "…" where there is little room; the whole text is its tooltip then."""

    def __init__(
        self, text: str = "", role: Role = Role.BODY, ink: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self._role = role
        self._ink = ink
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, text: str, ink: str = "") -> None:
        """Show another text."""
        self.setText(text)
        self._ink = ink or self._ink
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(paint.text_width(self.text(), self._role), paint.line_height(self._role))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(24), paint.line_height(self._role))

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            is_cut = paint.text_width(self.text(), self._role) > self.width()
            self.setToolTip(plain_tip(self.text()) if is_cut else "")
        return super().event(event)

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        paint.paint_text(painter, self.rect(), self.text(), self._role, self._ink)
        painter.end()


class Paragraph(QLabel):
    """Text over several lines, 20 px a line in the body's size, 16 in the small."""

    def __init__(
        self, text: str = "", ink: str = "text2", role: Role = Role.BODY, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._role = role
        self._ink = ink
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def say(self, text: str, ink: str = "") -> None:
        """Show another text."""
        self._ink = ink or self._ink
        self.setText(text)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, arg__1: int) -> int:
        return len(self._lines(arg__1)) * paint.line_height(self._role)

    def sizeHint(self) -> QSize:
        wide = max(paint.text_width(line, self._role) for line in self.text().split("\n"))
        width = min(wide, theme.px(560))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(60), paint.line_height(self._role))

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        height = paint.line_height(self._role)
        top = max(0, (self.height() - len(self._lines(self.width())) * height) // 2)
        if self.alignment() & Qt.AlignmentFlag.AlignTop:
            top = 0
        painter.setFont(theme.font(self._role, self.text()))
        painter.setPen(theme.colour(self._ink))
        for number, line in enumerate(self._lines(self.width())):
            rect = QRect(QPoint(0, top + number * height), QSize(self.width(), height))
            painter.drawText(rect, paint.Middle | paint.Left | Qt.TextFlag.TextSingleLine, line)
        painter.end()

    def _lines(self, width: int) -> list[str]:
        out: list[str] = []
        for part in self.text().split("\n"):
            layout = QTextLayout(part, theme.font(self._role, self.text()))
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            layout.setTextOption(option)
            layout.beginLayout()
            start = len(out)
            while True:
                line = layout.createLine()
                if not line.isValid():
                    break
                line.setLineWidth(max(1, width))
                line.setPosition(QPointF(0, 0))
                out.append(part[line.textStart() : line.textStart() + line.textLength()].rstrip())
            layout.endLayout()
            if len(out) == start:
                out.append("")
        return out


def paragraph(text: str, ink: str = "text2", role: Role = Role.BODY) -> Paragraph:
    """Return text over several lines."""
    return Paragraph(text, ink, role)


def line(*, is_vertical: bool = False) -> QFrame:
    """Return a hairline."""
    made = QFrame()
    made.setProperty("look", "line")
    if is_vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def plain_tip(text: str) -> str:
    """Return a tooltip that Qt can't take for markup, whatever it says."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<span>{escaped}</span>"
