"""Banners: what to know before going, on the state's tint; and the sunk strip for a guess of the program's."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from crisisdesk.ui import paint
from crisisdesk.ui.tables.row import first_line
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.labels import Elided
from crisisdesk.ui.widgets.marks import IconLabel


class _Words(QLabel):
    """First words in the heavier weight, the reason, then the source: on one line, or two at most."""

    def __init__(self, parts: list[tuple[str, Role, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._parts = [part for part in parts if part[0]]
        self.setText(" ".join(text for text, _role, _ink in self._parts))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, arg__1: int) -> int:
        return min(2, len(self._lines(arg__1))) * paint.line_height(Role.BODY)

    def sizeHint(self) -> QSize:
        width = sum(paint.text_width(text + " ", role) for text, role, _ink in self._parts)
        return QSize(width, paint.line_height(Role.BODY))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), paint.line_height(Role.BODY))

    def _lines(self, width: int) -> list[list[tuple[str, Role, str]]]:
        lines: list[list[tuple[str, Role, str]]] = [[]]
        left = 0
        for text, role, ink in self._parts:
            rest = text
            while rest:
                if left and paint.text_width(rest, role) > width - left and len(lines) == 1:
                    cut = _words_that_fit(rest, width - left, role)
                    if cut:
                        lines[-1].append((rest[:cut].rstrip(), role, ink))
                    lines.append([])
                    left, rest = 0, rest[cut:].lstrip()
                    continue
                cut = first_line(rest, width, role) if not left and len(lines) == 1 else len(rest)
                lines[-1].append((rest[:cut].rstrip(), role, ink))
                left += paint.text_width(rest[:cut], role) + paint.text_width(" ", Role.BODY)
                rest = rest[cut:].lstrip()
                if rest:
                    lines.append([])
                    left = 0
        return lines

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        height = paint.line_height(Role.BODY)
        lines = self._lines(self.width())[:2]
        top = max(0, (self.height() - len(lines) * height) // 2)
        for number, parts in enumerate(lines):
            left = 0
            for text, role, ink in parts:
                rect = QRect(left, top + number * height, max(0, self.width() - left), height)
                paint.paint_text(painter, rect, text, role, ink)
                left += paint.text_width(text, role) + paint.text_width(" ", Role.BODY)
        painter.end()


def _words_that_fit(text: str, width: int, role: Role) -> int:
    """Return how many characters of whole words fit; none if not even one word does."""
    fit = 0
    at = text.find(" ")
    while at > 0 and paint.text_width(text[:at], role) <= width:
        fit = at
        at = text.find(" ", at + 1)
    return fit


class Banner(QFrame):
    """A state's tint, border and icon; first words, reason, source. It can't be closed: it ends by its review."""

    def __init__(
        self, state: State, first: str, reason: str = "", source: str = "", *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("state", state.value)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(12), px(6), px(12), px(6))
        self._row.setSpacing(px(8))
        self._row.addWidget(IconLabel(state.icon, state.value), 0, Qt.AlignmentFlag.AlignTop)
        self._words = _Words(
            [(first, Role.NAME, state.value), (reason, Role.BODY, "text"), (source, Role.BODY, "text2")]
        )
        self._row.addWidget(self._words, 1)
        self.setMinimumHeight(px(34))
        self.setAccessibleName(self._words.text())

    def add(self, widget: QWidget) -> None:
        """Add a button at its right."""
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.setContentsMargins(px(12), px(2), px(4), px(2))


class Strip(QFrame):
    """A guess of the program's on sunk ground, with a yes and a no; it never fills anything in by itself."""

    def __init__(self, icon: str, text: str, *buttons: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "strip")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(4), px(6), px(4))
        row.setSpacing(px(8))
        row.addWidget(IconLabel(icon))
        self._label = Elided(text)
        row.addWidget(self._label, 1)
        for widget in buttons:
            row.addWidget(widget)
        self.setMinimumHeight(px(36))

    def say(self, text: str) -> None:
        """Show another guess."""
        self._label.say(text)
