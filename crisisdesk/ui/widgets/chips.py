"""Chips: filter or choose, any number or one; and the layout that lets them flow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui import paint
from crisisdesk.ui.icons import paint_icon
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.buttons import Button, link


@dataclass(frozen=True)
class Option:
    """Something to choose: its value, its words, and perhaps a count or an icon."""

    value: str
    words: str
    count: int | None = None
    icon: str = ""


class FlowLayout(QLayout):
    """Lays widgets side by side and goes on in the next line where there is no more room."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, arg__1: QLayoutItem) -> None:
        self._items.append(arg__1)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, arg__1: int) -> int:
        return self._arrange(QRect(0, 0, arg__1, 0), is_real=False)

    def setGeometry(self, arg__1: QRect) -> None:
        super().setGeometry(arg__1)
        self._arrange(arg__1, is_real=True)

    def sizeHint(self) -> QSize:
        shown = [item for item in self._items if not item.isEmpty()]
        width = sum(item.sizeHint().width() for item in shown) + px(self._gap) * max(0, len(shown) - 1)
        height = max([item.sizeHint().height() for item in shown], default=0)
        return QSize(width, height)

    def minimumSize(self) -> QSize:
        widths = [item.minimumSize().width() for item in self._items if not item.isEmpty()]
        heights = [item.minimumSize().height() for item in self._items if not item.isEmpty()]
        return QSize(max(widths, default=0), max(heights, default=0))

    def _arrange(self, rect: QRect, *, is_real: bool) -> int:
        left, top, height = rect.left(), rect.top(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if left > rect.left() and left + size.width() > rect.right() + 1:
                left, top, height = rect.left(), top + height + px(self._gap), 0
            if is_real:
                item.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + px(self._gap)
            height = max(height, size.height())
        return top + height - rect.top()


class Chip(Button):
    """One chip: outlined when off; tinted, ticked and heavier when on. ``number`` shows the order of choosing."""

    def __init__(self, option: Option, parent: QWidget | None = None) -> None:
        super().__init__(option.words, look="chip", parent=parent)
        self.option = option
        self._count = option.count
        self._number = 0
        self.setCheckable(True)
        self.toggled.connect(self.updateGeometry)
        self._name()

    def set_count(self, count: int | None) -> None:
        """Show another count."""
        self._count = count
        self._renew()

    def set_number(self, number: int) -> None:
        """Show its place in the order; 0 for none."""
        self._number = number
        self._renew()

    def _renew(self) -> None:
        self._name()
        self.updateGeometry()
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(" ".join(filter(None, (self.option.words, self._tail()))))

    def _tail(self) -> str:
        if self._number:
            return str(self._number)
        return "" if self._count is None else str(self._count)

    def _content(self) -> int:
        width = paint.text_width(self.option.words, self._role())
        if self._tail():
            width += px(6) + paint.text_width(self._tail(), self._role())
        return width + (px(21) if self.isChecked() else 0)

    def _side(self) -> int:
        return px(11 if self.isChecked() else 12)

    def paint_content(self, painter: QPainter) -> None:
        """Paint tick, words and count."""
        left = (self.width() - self._content()) // 2
        middle = self.height() // 2
        is_on = self.isChecked()
        ink = "text3" if not self.isEnabled() else "text" if is_on else "text2"
        if is_on:
            side = px(16)
            paint_icon(painter, QRect(left - px(1), middle - side // 2, side, side), "check", "accent")
            left += px(21)
        width = paint.text_width(self.option.words, self._role())
        paint.paint_text(painter, QRect(left, 0, width, self.height()), self.option.words, self._role(), ink)
        if self._tail():
            tail_ink = "text2" if is_on else "text3"
            rect = QRect(left + width + px(6), 0, self.width(), self.height())
            paint.paint_text(painter, rect, self._tail(), self._role() if is_on else Role.BODY, tail_ink)


class Chips(QWidget):
    """A row of chips. ``many`` may be on at once, else one; ``numbered`` shows which came first."""

    changed = Signal()

    def __init__(
        self,
        options: Sequence[Option] = (),
        *,
        many: bool = False,
        numbered: bool = False,
        clearable: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._many = many
        self._numbered = numbered
        self._order: list[str] = []
        self._start: tuple[str, ...] = ()
        self._chips: dict[str, Chip] = {}
        self._layout = FlowLayout(self)
        self._clear = link(_("Clear"), self.clear)
        self._clear.setVisible(False)
        self._clearable = clearable
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_options(options)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other chips; what was chosen and still exists stays chosen."""
        for chip in self._chips.values():
            self._layout.removeWidget(chip)
            chip.hide()  # it is gone only when the event loop comes round
            chip.deleteLater()
        self._layout.removeWidget(self._clear)
        self._chips = {option.value: Chip(option, self) for option in options}
        for chip in self._chips.values():
            chip.clicked.connect(self._clicked)
            self._layout.addWidget(chip)
        self._layout.addWidget(self._clear)
        self.choose(self._order)

    def chip(self, value: str) -> Chip:
        """Return one chip."""
        return self._chips[value]

    def first_chip(self) -> Chip | None:
        """Return the chip that the focus goes to: the one that is on, else the first."""
        on = [self._chips[value] for value in self._order]
        return next(iter([*on, *self._chips.values()]), None)

    def chosen(self) -> tuple[str, ...]:
        """Return the values that are on, in the order in which they were chosen."""
        return tuple(self._order)

    def choose(self, values: Sequence[str], *, as_start: bool = False) -> None:
        """Turn on these and no others, without a signal. ``as_start``: Clear goes back to them."""
        self._order = [value for value in values if value in self._chips]
        if as_start:
            self._start = tuple(self._order)
        self._show()

    def clear(self) -> None:
        """Go back to the start."""
        self.choose(self._start)
        self.changed.emit()

    def set_counts(self, counts: Mapping[str, int | None]) -> None:
        """Show other counts."""
        for value, count in counts.items():
            if value in self._chips:
                self._chips[value].set_count(count)

    def _clicked(self) -> None:
        chip = self.sender()
        if not isinstance(chip, Chip):
            return
        value = chip.option.value
        if not self._many:
            self._order = [value]
        elif value in self._order:
            self._order.remove(value)
        else:
            self._order.append(value)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for value, chip in self._chips.items():
            chip.setChecked(value in self._order)
            chip.set_number(self._order.index(value) + 1 if self._numbered and value in self._order else 0)
        self._clear.setVisible(self._clearable and set(self._order) != set(self._start))
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        chips = list(self._chips.values())
        focused = next((place for place, chip in enumerate(chips) if chip.hasFocus()), -1)
        if event.key() in steps and focused >= 0:
            chips[(focused + steps[Qt.Key(event.key())]) % len(chips)].setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)
