"""Buttons by their look: primary, secondary, quiet, row and danger; with an icon, a key cap or a menu."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QStyle, QStyleOptionButton, QToolButton, QWidget

from crisisdesk.ui import paint, theme
from crisisdesk.ui.icons import icon as icon_of
from crisisdesk.ui.icons import paint_icon
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role

Run = Callable[[], object]


class Button(QPushButton):
    """A push button that may carry an icon, a key cap and a chevron, set apart as the pictures have them."""

    def __init__(
        self, text: str, *, look: str = "", icon: str = "", key: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._icon_name = icon
        self._key = key
        self.setProperty("look", look)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if icon and not text:
            self.setIcon(icon_of(icon))

    @property
    def look(self) -> str:
        """Which look it has."""
        return str(self.property("look") or "")

    def set_look(self, look: str) -> None:
        """Take another look."""
        self.setProperty("look", look)
        self.style().unpolish(self)
        self.style().polish(self)

    def set_icon(self, name: str) -> None:
        """Take another icon."""
        self._icon_name = name
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of what it shows, in the weight it is shown in."""
        self.ensurePolished()
        height = max(super().sizeHint().height(), px(20))
        side = self._side()
        return QSize(round(self._content()) + 2 * side - self._inset(), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _side(self) -> int:
        sides = {"quiet": 1, "row": 11, "chip": 12}
        if self.property("scale") == "small":
            return px(11)
        return px(sides.get(self.look, 15))

    def _inset(self) -> int:
        """Return how much nearer to the edge a leading icon stands: its drawing has air of its own."""
        return px(4) if self._icon_name and self.text() and self.look in {"", "primary", "danger"} else 0

    def _role(self) -> Role:
        is_heavy = self.look in {"primary", "danger"} and self.isEnabled()
        return Role.NAME if is_heavy or (self.look == "chip" and self.isChecked()) else Role.BODY

    def _content(self) -> int:
        width = paint.text_width(_bare(self.text()), self._role())
        if self._icon_name:
            width += px(20) + (px(8) if self.text() else 0)
        if self._key:
            width += px(8) + paint.cap_size(self._key).width()
        if self.menu() is not None:
            width += px(6) + px(16)
        return width

    def _ink(self) -> str:
        if not self.isEnabled():
            return "text3"
        inks = {"primary": "on_accent", "quiet": "accent", "danger": "danger"}
        if self.look == "quiet" and self.underMouse():
            return "accent_hi"
        return inks.get(self.look, "text")

    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        # Outside a dialog Qt lets only the space bar press a button; people expect Enter to do it too.
        modifiers = arg__1.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if arg__1.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not modifiers:
            self.click()
            return
        super().keyPressEvent(arg__1)

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        option.features &= ~QStyleOptionButton.ButtonFeature.HasMenu
        if self.menu() is not None and self.menu().isVisible():
            option.state |= QStyle.StateFlag.State_Sunken
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        self.paint_content(painter)
        painter.end()

    def paint_content(self, painter: QPainter) -> None:
        """Paint icon, text, key cap and chevron in the middle."""
        ink = self._ink()
        left = max(0, (self.width() - self._content() - self._inset()) // 2)
        middle = self.height() // 2
        if self._icon_name:
            side = px(20)
            icon_ink = "text" if ink == "text" else ink
            paint_icon(painter, QRect(left, middle - side // 2, side, side), self._icon_name, icon_ink)
            left += side + (px(8) if self.text() else 0)
        width = paint.text_width(_bare(self.text()), self._role())
        paint.paint_text(painter, QRect(left, 0, width, self.height()), _bare(self.text()), self._role(), ink)
        if self.look == "quiet" and self.underMouse() and self.isEnabled():
            painter.fillRect(left, middle + px(8), width, 1, theme.colour(ink))
        left += width
        if self._key:
            size = paint.cap_size(self._key)
            rect = QRect(left + px(8), middle - size.height() // 2, size.width(), size.height())
            is_primary = ink == "on_accent"
            paint.paint_cap(
                painter, rect, self._key, ink=ink if is_primary else "text2", ground="accent" if is_primary else "sunk"
            )
            left += px(8) + size.width()
        if self.menu() is not None:
            side = px(16)
            paint_icon(painter, QRect(left + px(6), middle - side // 2, side, side), "chevron-down", ink)


def button(
    text: str,
    *,
    look: str = "",
    icon: str = "",
    key: str = "",
    run: Run | None = None,
    menu: QMenu | None = None,
) -> Button:
    """Return a button: look "" is secondary, then "primary", "quiet", "row" and "danger"."""
    made = Button(text, look=look, icon=icon, key=key)
    if menu is not None:
        made.setMenu(menu)
    if run is not None:
        made.clicked.connect(lambda _checked=False: run())
    return made


def link(text: str, run: Run | None = None, *, icon: str = "") -> Button:
    """Return a quiet button: accent text without a border."""
    return button(text, look="quiet", icon=icon, run=run)


def small(text: str, *, look: str = "", icon: str = "", run: Run | None = None) -> Button:
    """Return a button 28 high."""
    made = button(text, look=look, icon=icon, run=run)
    made.setProperty("scale", "small")
    return made


def icon_button(
    icon: str, name: str, run: Run | None = None, *, boxed: bool = False, ink: str = "text2", key: str = ""
) -> QToolButton:
    """Return a button of an icon alone; ``name`` is its accessible name and, with its key, its tooltip."""
    made = QToolButton()
    made.setIcon(icon_of(icon, "text" if boxed else ink))
    made.setIconSize(QSize(px(20), px(20)))
    made.setFixedSize(px(32), px(32))
    made.setAccessibleName(name)
    made.setToolTip(f"{name}  {key}" if key else name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if boxed:
        made.setProperty("look", "boxed")
    if run is not None:
        made.clicked.connect(lambda _checked=False: run())
    return made


def _bare(text: str) -> str:
    """Return a button's text without its mnemonic's ampersand."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")
