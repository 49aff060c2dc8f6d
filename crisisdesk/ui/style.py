"""The proxy style over Fusion, and the one focus ring (look.md 5 and 6)."""

import logging

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QPlainTextEdit,
    QProxyStyle,
    QRadioButton,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from crisisdesk import logs
from crisisdesk.ui.theme import colour, px

_log = logging.getLogger(f"{logs.NAME}.style")
RING = 2  # pixels wide
GAP = 1  # pixels away from the control
_RINGED = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
_P = QStyle.PrimitiveElement
_M = QStyle.PixelMetric
_H = QStyle.StyleHint
# Qt asks for these ten thousand times while a page is made, so they stand ready.
_SIZES = {
    _M.PM_FocusFrameHMargin: RING + GAP,
    _M.PM_FocusFrameVMargin: RING + GAP,
    _M.PM_ScrollBarExtent: 10,
    _M.PM_MenuPanelWidth: 1,
}
_GROWN = {  # with the text
    _M.PM_IndicatorWidth: 18,
    _M.PM_IndicatorHeight: 18,
    _M.PM_ExclusiveIndicatorWidth: 18,
    _M.PM_ExclusiveIndicatorHeight: 18,
    _M.PM_SmallIconSize: 20,
    _M.PM_ButtonIconSize: 20,
}
_HINTS = {
    _H.SH_ToolTip_WakeUpDelay: 400,
    _H.SH_FocusFrame_AboveWidget: 1,
    _H.SH_LineEdit_PasswordCharacter: ord("•"),
    _H.SH_FocusFrame_Mask: 0,  # Qt's mask leaves out the control's rectangle, and with it the ring's round corners
    _H.SH_DialogButtonBox_ButtonsHaveIcons: 0,
}


class DeskStyle(QProxyStyle):
    """Fusion with our check boxes, our focus ring, thin scroll bars and quick tooltips.

    An exception that left one of these methods would end the program: PySide hands it to Qt in the middle of its
    painting. So each catches all, logs a code, and leaves the answer to Fusion.
    """

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(self, metric: _M, option: QStyleOption | None = None, widget: QWidget | None = None) -> int:
        try:
            given = px(_GROWN[metric]) if metric in _GROWN else _SIZES.get(metric)
        except Exception as error:  # noqa: BLE001  see the class
            _fault(error)
            given = None
        return super().pixelMetric(metric, option, widget) if given is None else given

    def styleHint(
        self,
        hint: _H,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803  Qt's name
    ) -> int:
        given = _HINTS.get(hint)
        return super().styleHint(hint, option, widget, returnData) if given is None else given

    def drawPrimitive(
        self, element: _P, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if element is _P.PE_FrameFocusRect:
            return
        try:
            if element in {_P.PE_IndicatorCheckBox, _P.PE_IndicatorItemViewItemCheck}:
                paint_check(painter, option.rect, option.state)
                return
            if element is _P.PE_IndicatorRadioButton:
                paint_radio(painter, option.rect, option.state)
                return
        except Exception as error:  # noqa: BLE001  see the class
            _fault(error)
        super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if element is QStyle.ControlElement.CE_FocusFrame:
            try:
                around = widget.radius(option.rect) if isinstance(widget, _Ring) else 0
                paint_ring(painter, option.rect, around + RING)
            except Exception as error:  # noqa: BLE001  see the class
                _fault(error)
            return
        super().drawControl(element, option, painter, widget)


def _fault(error: Exception) -> None:
    _log.error(logs.code_of(type(error), error.__traceback__))


def paint_ring(painter: QPainter, rect: QRect, radius: float) -> None:
    """Paint the focus ring just inside a rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("focus"), RING))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = RING / 2
    painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), radius, radius)
    painter.restore()


def radius_of(widget: QWidget | None) -> float:
    """Return the corner radius of a control, so that its ring runs along it."""
    if widget is None:
        return 0
    if _is_round(widget):
        return widget.height() / 2
    if isinstance(widget, (QCheckBox, QRadioButton)):
        return px(3)
    return px(6)


def _is_round(widget: QWidget) -> bool:
    return bool(widget.property("look") == "chip")


def paint_check(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
    """Paint a check box: outlined, or filled with the accent and ticked."""
    flags = QStyle.StateFlag
    is_on = bool(state & flags.State_On)
    is_enabled = bool(state & flags.State_Enabled)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill, edge = _box_colours(is_on=is_on or bool(state & flags.State_NoChange), is_enabled=is_enabled)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(fill)
    box = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(box, px(4), px(4))
    if is_on or state & flags.State_NoChange:
        painter.setPen(
            QPen(
                colour("on_accent" if is_enabled else "text3"),
                1.75 * box.width() / 18,
                c=Qt.PenCapStyle.RoundCap,
                j=Qt.PenJoinStyle.RoundJoin,
            )
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        marks = ((0.28, 0.53), (0.43, 0.68), (0.73, 0.36)) if is_on else ((0.28, 0.5), (0.72, 0.5))
        points = [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in marks]
        painter.drawPolyline(points)
    painter.restore()


def paint_radio(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
    """Paint a radio button: outlined, or filled with the accent around a light heart."""
    flags = QStyle.StateFlag
    is_on = bool(state & flags.State_On)
    is_enabled = bool(state & flags.State_Enabled)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill, edge = _box_colours(is_on=is_on, is_enabled=is_enabled)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(fill)
    ring = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawEllipse(ring)
    if is_on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("on_accent" if is_enabled else "text3"))
        painter.drawEllipse(ring.center(), ring.width() * 0.22, ring.width() * 0.22)
    painter.restore()


def _box_colours(*, is_on: bool, is_enabled: bool) -> tuple[QColor, QColor]:
    if not is_enabled:
        return colour("sunk"), colour("line")
    return (colour("accent"), colour("accent")) if is_on else (colour("surface"), colour("control"))


class _Ring(QFocusFrame):
    """One focus frame. PySide 6.12 takes what it surrounds for its child, with ``setWidget`` and with ``widget()``.

    The control's true parent then forgets it, and its Python part went with the next sweep while it could still be
    seen. So its parent is said again, for which Qt has nothing to do, and ``widget()`` is never asked.

    In a dialog that Qt itself makes, for files, the control's Python part goes all the same while the control is still
    seen. So what the painting needs of it is asked here, and it is never touched again.
    """

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        self._is_round = _is_round(control)
        self._radius = radius_of(control)
        self.setWidget(control)
        control.setParent(control.parentWidget())

    def radius(self, rect: QRect) -> float:
        """Return the corner radius of what it surrounds; ``rect``: its own, which grows with that."""
        return rect.height() / 2 - RING - GAP if self._is_round else self._radius


class FocusRing(QObject):
    """Keeps one focus frame around the control that has the focus; a view draws its own in its row."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._frame: _Ring | None = None
        app.focusChanged.connect(self._follow)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        del old
        if self._frame is not None and isValid(self._frame):
            self._frame.setWidget(None)  # type: ignore[arg-type]  # Qt takes none: the frame lets go of the control
            self._frame.deleteLater()
        self._frame = None
        if new is not None and is_ringed(new):
            self._frame = _Ring(new)


def is_ringed(widget: QWidget) -> bool:
    """Whether a control takes the ring: what can be pressed or typed into, except within a painted view."""
    if isinstance(widget, QAbstractItemView) or widget.property("ring") == "none":
        return False
    return isinstance(widget, _RINGED)
