"""Icons: one SVG path each, tinted with a token's colour when painted, sharp at every device ratio."""

from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from crisisdesk.resources import resource
from crisisdesk.ui import theme

_FINE = 17  # up to this many pixels an icon takes the stronger stroke (look.md 3)


@cache
def _drawing(name: str, colour: str, *, is_small: bool) -> QSvgRenderer:
    source = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    if name == "dots":
        source = source.replace('stroke-width="1.75"', 'stroke-width="2.6"')  # dots are all stroke
    elif is_small:
        source = source.replace('stroke-width="1.75"', 'stroke-width="2.2"')
    return QSvgRenderer(QByteArray(source.encode()))


def paint_icon(painter: QPainter, rect: QRect, name: str, token: str) -> None:
    """Paint an icon into a square in a token's colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _drawing(name, theme.hexed(token), is_small=rect.width() <= theme.px(_FINE)).render(painter, QRectF(rect))
    painter.restore()


class _Tinted(QIconEngine):
    """Paints in the colour of the scheme in use, so that an icon never has to be set again."""

    def __init__(self, name: str, ink: str, on_ink: str) -> None:
        super().__init__()
        self._key = (name, ink, on_ink)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        name, ink, on_ink = self._key
        if mode is QIcon.Mode.Disabled:
            ink = "text3"
        elif state is QIcon.State.On:
            ink = on_ink
        side = min(rect.width(), rect.height())
        square = QRect(0, 0, side, side)
        square.moveCenter(rect.center())
        paint_icon(painter, square, name, ink)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        made = QPixmap(size * scale)
        made.setDevicePixelRatio(scale)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _kept(_Tinted(*self._key))


_clones: list[QIconEngine] = []  # Qt owns a clone; without a name in Python it would be collected under Qt's hands


def _kept(engine: QIconEngine) -> QIconEngine:
    _clones.append(engine)
    return engine


@cache
def icon(name: str, ink: str = "text2", on_ink: str = "") -> QIcon:
    """Return an icon by its file's name, in a token's colour, and in ``on_ink`` where it is checked."""
    resource("icons", f"{name}.svg")  # a wrong name fails here, not when painted
    return QIcon(_Tinted(name, ink, on_ink or ink))
