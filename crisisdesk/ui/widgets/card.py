"""Cards: a white sheet with a thin line, a heading with a count and one quiet act, and rows with hairlines."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from crisisdesk.ui import theme
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import Button, icon_button, link
from crisisdesk.ui.widgets.labels import Paragraph, label, line
from crisisdesk.ui.widgets.marks import CountPill, IconLabel

RADIUS = 8


class Edge(QWidget):
    """Lies over a card: keeps rows from painting over its round corners, and draws its line."""

    def __init__(self, card: QWidget, outside: str = "window") -> None:
        super().__init__(card)
        self._outside = outside
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        card.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.ChildAdded, QEvent.Type.Show}:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        card = self.parentWidget()
        if card is not None:
            self.setGeometry(card.rect())
            self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = px(RADIUS)
        inner = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outside = QPainterPath()
        outside.addRect(QRectF(self.rect()))
        rounded = QPainterPath()
        rounded.addRoundedRect(inner, radius, radius)
        painter.fillPath(outside.subtracted(rounded), theme.colour(self._outside))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(inner, radius, radius)
        painter.end()


class Card(QFrame):
    """A card. With a title it has a heading; ``add`` puts things inside its margins, ``add_row`` from edge to edge."""

    def __init__(
        self,
        title: str = "",
        *,
        icon: str = "",
        state: State | None = None,
        heading: int = 36,
        outside: str = "window",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._title = title
        self._state = state
        self._inside: QVBoxLayout | None = None
        self._empty: Paragraph | None = None
        self._act: QWidget | None = None
        if title:
            self._make_head(title, icon, heading)
        self._edge = Edge(self, outside)
        self.setAccessibleName(title)

    def _make_head(self, title: str, icon: str, heading: int) -> None:
        head = QWidget()
        head.setFixedHeight(px(heading))
        row = QHBoxLayout(head)
        row.setContentsMargins(px(16), 0, px(16), 0)
        row.setSpacing(px(8))
        self._icon = IconLabel(icon or "info", self._state.value if self._state else "text2")
        row.addWidget(self._icon)
        self._icon.setVisible(bool(icon))
        self.title_label = label(title, Role.SECTION)
        row.addWidget(self.title_label)
        self._count = CountPill("", self._state or State.PLAIN)
        row.addWidget(self._count)
        self._count.hide()
        row.addStretch(1)
        self._head_row = row
        self._layout.addWidget(head)

    def set_count(self, count: int | None, state: State | None = None) -> None:
        """Show a number beside the title; none, or ``None``, hides it."""
        self._count.setVisible(bool(count))
        if count:
            self._count.say(count, state)

    def set_state(self, state: State | None, icon: str = "") -> None:
        """Take a state's colour for the heading's icon and count."""
        self._icon.say(icon or (state.icon if state else "info"), state.value if state else "text2")
        self._count.say(self._count.text(), state or State.PLAIN)

    def set_act(self, text: str, run: Callable[[], object], *, icon: str = "") -> Button | QToolButton:
        """Put one quiet act at the heading's right: words, or an icon whose name the words are."""
        made = icon_button(icon, text, run) if icon else link(text, run)
        self._head_row.setContentsMargins(px(16), 0, px(6 if icon else 16), 0)
        if self._act is not None:
            self._head_row.removeWidget(self._act)
            self._act.deleteLater()
        self._act = made
        self._head_row.addWidget(made)
        return made

    def set_empty(self, sentence: str) -> None:
        """Say what will stand here; an empty sentence takes it away."""
        if self._empty is None:
            if not sentence:
                return
            self._empty = Paragraph()
            self.add(self._empty)
        self._empty.say(sentence)
        box = self._empty.parentWidget()  # with its margins, which would leave a gap
        if box is not None:
            box.setVisible(bool(sentence))

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add something inside the card's margins."""
        self.inside.addWidget(widget, stretch)

    def add_row(self, widget: QWidget, stretch: int = 0, *, hairline: bool = True) -> None:
        """Add something from edge to edge, under a hairline; a list, or a half of a service."""
        if hairline and self._layout.count():
            self._layout.addWidget(line())
        self._layout.addWidget(widget, stretch)
        self._inside = None

    @property
    def inside(self) -> QVBoxLayout:
        """The layout inside the card's margins, below what was added last."""
        if self._inside is None:
            box = QWidget()
            self._inside = QVBoxLayout(box)
            is_headed = bool(self._title) and self._layout.count() == 1
            self._inside.setContentsMargins(px(16), 0 if is_headed else px(16), px(16), px(16 if not is_headed else 12))
            self._inside.setSpacing(px(8))
            self._layout.addWidget(box)
        return self._inside


class Foot(QWidget):
    """A card's foot: one line of small things under a hairline."""

    def __init__(self, *parts: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(16), 0, px(16), 0)
        self._row.setSpacing(px(6))
        self.setFixedHeight(px(32))
        for part in parts:
            self._row.addWidget(part)
        self._row.addStretch(1)
