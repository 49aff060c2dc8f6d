"""State marks, badges, count pills and key caps as widgets, painted as rows paint them."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from crisisdesk.ui import paint
from crisisdesk.ui.icons import paint_icon
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State


class _Painted(QLabel):
    """A label of one fixed size that paints itself; its text is what a screen reader says."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _renew(self, text: str) -> None:
        self.setText(text)
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class StateMark(_Painted):
    """An icon and a word in a state's colour, no box."""

    def __init__(
        self, state: State, text: str = "", *, role: Role = Role.BODY, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._state = state
        self._icon_name = icon
        self._role = role

    def say(self, state: State, text: str, *, icon: str = "") -> None:
        """Show another state."""
        self._state = state
        self._icon_name = icon
        self._renew(text)

    def sizeHint(self) -> QSize:
        return QSize(paint.mark_width(self.text(), self._role), paint.line_height(self._role))

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        icon = self._icon_name or self._state.icon
        paint.paint_mark(painter, self.rect(), self.text(), icon=icon, ink=self._state.value, role=self._role)
        painter.end()


class Badge(_Painted):
    """An icon and a word on a state's tint."""

    def __init__(self, state: State, text: str = "", *, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._state = state
        self._icon_name = icon

    def say(self, state: State, text: str, *, icon: str = "") -> None:
        """Show another state."""
        self._state = state
        self._icon_name = icon
        self._renew(text)

    def sizeHint(self) -> QSize:
        return paint.badge_size(self.text())

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        paint.paint_badge(
            painter, self.rect(), self.text(), state=self._state, icon=self._icon_name or self._state.icon
        )
        painter.end()


class CountPill(_Painted):
    """A number on a tint."""

    def __init__(self, count: int | str = "", state: State = State.PLAIN, parent: QWidget | None = None) -> None:
        super().__init__(str(count), parent)
        self._state = state

    def say(self, count: int | str, state: State | None = None) -> None:
        """Show another number."""
        self._state = state or self._state
        self._renew(str(count))

    def sizeHint(self) -> QSize:
        return paint.pill_size(self.text())

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        paint.paint_pill(painter, self.rect(), self.text(), self._state)
        painter.end()


class KeyCap(_Painted):
    """A key as it is written on a keyboard."""

    def sizeHint(self) -> QSize:
        return paint.cap_size(self.text())

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        paint.paint_cap(painter, self.rect(), self.text())
        painter.end()


class IconLabel(_Painted):
    """An icon beside words that say the same."""

    def __init__(self, name: str, ink: str = "text2", side: int = 20, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._name = name
        self._ink = ink
        self._side = side

    def say(self, name: str, ink: str = "") -> None:
        """Show another icon."""
        self._name = name
        self._ink = ink or self._ink
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._side), px(self._side)).grownBy(self.contentsMargins())

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        left_top = self.contentsRect().topLeft()
        paint_icon(painter, QRect(left_top, QSize(px(self._side), px(self._side))), self._name, self._ink)
        painter.end()


class Tile(_Painted):
    """An icon on a rounded square: the locked window, the first acts of an empty page."""

    def __init__(
        self, name: str, *, ground: str = "accent_tint", ink: str = "accent", parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self._name = name
        self._ground = ground
        self._ink = ink

    def sizeHint(self) -> QSize:
        return QSize(px(40), px(40))

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        paint.fill(painter, self.rect(), self._ground, radius=px(8))
        side = px(20)
        square = QRect(0, 0, side, side)
        square.moveCenter(self.rect().center())
        paint_icon(painter, square, self._name, self._ink)
        painter.end()
