"""Paint and measure text, marks, badges, pills, row buttons and rings; views and widgets share it."""

from enum import Enum

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from crisisdesk.ui import theme
from crisisdesk.ui.icons import paint_icon
from crisisdesk.ui.style import RING
from crisisdesk.ui.tokens import Role, State

Left = Qt.AlignmentFlag.AlignLeft
Right = Qt.AlignmentFlag.AlignRight
Middle = Qt.AlignmentFlag.AlignVCenter


class Pressed(Enum):
    """How near a painted button is to being pressed."""

    NO = "no"
    HOT = "hot"
    DOWN = "down"


def metrics(role: Role, text: str = "") -> QFontMetrics:
    """Return the metrics in which a text of a type role is painted."""
    return QFontMetrics(theme.font(role, text))


def text_width(text: str, role: Role = Role.BODY) -> int:
    """Return how wide a text is, whole pixels."""
    return metrics(role, text).horizontalAdvance(text) + 1


def line_height(role: Role) -> int:
    """Return the height of a line of a role."""
    return max(theme.px(role.line), metrics(role).height())


def elide(text: str, width: int, role: Role = Role.BODY) -> str:
    """Return the text as far as it fits, with "…" where it was cut from the right."""
    return metrics(role, text).elidedText(text, Qt.TextElideMode.ElideRight, width)


def paint_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    role: Role = Role.BODY,
    ink: str = "text",
    align: Qt.AlignmentFlag = Left,
) -> None:
    """Paint one line of plain text, in the middle of the rectangle's height, cut with "…" if it must be."""
    painter.setFont(theme.font(role, text))
    painter.setPen(theme.colour(ink))
    painter.drawText(rect, align | Middle | Qt.TextFlag.TextSingleLine, elide(text, rect.width(), role))


def mark_icon(role: Role) -> int:
    """Return the side of the icon in a state mark of a role."""
    return theme.px(16 if role in {Role.SMALL, Role.SMALL_NAME, Role.BODY, Role.NAME} else 20)


def mark_width(word: str, role: Role = Role.SMALL) -> int:
    """Return the width of a state mark: icon, gap, word."""
    return mark_icon(role) + theme.px(4) + text_width(word, role)


def paint_mark(painter: QPainter, rect: QRect, word: str, *, icon: str, ink: str, role: Role = Role.SMALL) -> None:
    """Paint a state mark: the icon and the word in the state's colour, no box."""
    side = mark_icon(role)
    paint_icon(painter, QRect(rect.left(), rect.center().y() + 1 - side // 2, side, side), icon, ink)
    paint_text(painter, rect.adjusted(side + theme.px(4), 0, 0, 0), word, role, ink)


def badge_size(word: str, *, has_icon: bool = True) -> QSize:
    """Return the size of a badge."""
    icon = theme.px(12) + theme.px(5) if has_icon else 0
    return QSize(
        theme.px(6) + icon + text_width(word, Role.SMALL) + theme.px(7), max(theme.px(20), line_height(Role.SMALL))
    )


def paint_badge(painter: QPainter, rect: QRect, word: str, *, state: State, icon: str = "") -> None:
    """Paint a badge: icon and word in the state's colour on the state's tint."""
    fill(painter, rect, state.tint, radius=theme.px(4))
    left = rect.left() + theme.px(6)
    if icon:
        side = theme.px(12)
        paint_icon(painter, QRect(left, rect.center().y() + 1 - side // 2, side, side), icon, state.value)
        left += side + theme.px(5)
    paint_text(painter, QRect(left, rect.top(), rect.right() - left + 1, rect.height()), word, Role.SMALL, state.value)


def pill_size(text: str) -> QSize:
    """Return the size of a count pill."""
    height = max(theme.px(20), line_height(Role.SMALL))
    return QSize(max(height + theme.px(2), text_width(text, Role.SMALL_NAME) + theme.px(14)), height)


def paint_pill(painter: QPainter, rect: QRect, text: str, state: State = State.PLAIN) -> None:
    """Paint a count on the state's tint."""
    if state is not State.PLAIN:
        fill(painter, rect, state.tint, radius=rect.height() / 2)
    else:
        fill(painter, rect, "sunk", radius=rect.height() / 2)
    ink = state.value if state is not State.PLAIN else "text2"
    paint_text(painter, rect, text, Role.SMALL_NAME, ink, Qt.AlignmentFlag.AlignHCenter)


def button_size(text: str, icon: str = "") -> QSize:
    """Return the size of a row button: its text, or an icon alone."""
    height = theme.px(28)
    if not text:
        return QSize(height, height)
    width = text_width(text) + theme.px(22) + (theme.px(22) if icon else 0)
    return QSize(width, max(height, line_height(Role.BODY) + theme.px(8)))


def paint_button(
    painter: QPainter, rect: QRect, text: str, *, icon: str = "", look: str = "row", pressed: Pressed = Pressed.NO
) -> None:
    """Paint a row button, sunk with a thin border or primary: its text, or an icon alone."""
    if look == "primary":
        ground = edge = "accent" if pressed is Pressed.NO else "accent_hi"
        ink, role = "on_accent", Role.NAME
    else:
        ground = "line" if pressed is Pressed.DOWN else "sunk"
        edge = "line" if pressed is Pressed.NO else "control"
        ink, role = "text", Role.BODY
    box(painter, rect, ground, edge, theme.px(6))
    if text:
        paint_text(painter, rect, text, role, ink, Qt.AlignmentFlag.AlignHCenter)
        return
    side = theme.px(20)
    square = QRect(0, 0, side, side)
    square.moveCenter(rect.center())
    paint_icon(painter, square, icon, ink)


def cap_size(text: str) -> QSize:
    """Return the size of a key cap."""
    return QSize(max(theme.px(22), text_width(text, Role.SMALL) + theme.px(10)), theme.px(18))


def paint_cap(painter: QPainter, rect: QRect, text: str, *, ink: str = "text2", ground: str = "sunk") -> None:
    """Paint a key cap."""
    box(painter, rect, ground, "line" if ink == "text2" else ink, theme.px(4))
    paint_text(painter, rect, text, Role.SMALL, ink, Qt.AlignmentFlag.AlignHCenter)


def paint_focus(painter: QPainter, rect: QRect) -> None:
    """Paint the square ring inside a view's current row."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("focus"), RING, j=Qt.PenJoinStyle.MiterJoin))
    painter.drawRect(QRectF(rect).adjusted(1, 1, -1, -1))
    painter.restore()


def paint_hairline(painter: QPainter, rect: QRect) -> None:
    """Paint the hairline under a row."""
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("line"))


def fill(painter: QPainter, rect: QRect, token: str, *, radius: float = 0) -> None:
    """Fill a rectangle, rounded if asked."""
    if not radius:
        painter.fillRect(rect, theme.colour(token))
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(token))
    painter.drawRoundedRect(QRectF(rect), radius, radius)
    painter.restore()


def box(painter: QPainter, rect: QRect, ground: str, edge: str, radius: float, width: float = 1) -> None:
    """Paint a filled box with a thin border inside the rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(edge), width))
    painter.setBrush(theme.colour(ground))
    half = width / 2
    painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), radius, radius)
    painter.restore()
