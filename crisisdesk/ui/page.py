"""What a page of the window is, what it is given, and the parts that every page has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.clock import Clock
from crisisdesk.ui import theme
from crisisdesk.ui.cover import Cover
from crisisdesk.ui.feed import Feed
from crisisdesk.ui.jobs import Jobs
from crisisdesk.ui.settings import DeviceSettings
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import icon_button
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.message import FOOT
from crisisdesk.ui.widgets.overlay import Overlay

if TYPE_CHECKING:
    from crisisdesk.desk import Desk
    from crisisdesk.ui.commands import Command, Registry
    from crisisdesk.vault.changes import Changes

WIDE = 1600  # from here on side and preview are wider
FULL = 1680  # a page's contents stop here and stay left
NARROW = 1200  # below, the side goes under the main column


class WindowPort(Protocol):
    """What a page may ask of the window."""

    def go(self, page_id: str, argument: str = "") -> None:
        """Open a page, perhaps with an id: ``go("chart", client_id)``."""
        ...

    def back(self) -> None:
        """Go back to where she came from."""
        ...

    def say(self, words: str, *, undo: bool = False, state: State = State.DONE) -> None:
        """Show a sentence in the message bar."""
        ...

    def overlay(self, card: QWidget, *, width: int = 760, on_close: Callable[[], object] | None = None) -> Overlay:
        """Put a large card over the dimmed window."""
        ...

    def close_overlay(self) -> None:
        """Take the large card away."""
        ...

    def undo(self) -> None:
        """Take back the last act."""
        ...

    def dress_again(self) -> None:
        """Follow the settings' scheme and text size; after another text size every page is made anew."""
        ...

    @property
    def hears_system(self) -> bool | None:
        """Whether the computer tells when it is locked or put to sleep; None where nobody has asked it to."""
        ...

    @property
    def page(self) -> "Page | None":
        """The page in front, for a command that acts on what it shows."""
        ...

    @property
    def widget(self) -> QWidget:
        """The window itself, as the parent of a dialog."""
        ...


@dataclass(frozen=True, kw_only=True)
class Context:
    """Everything that a page is given."""

    desk: "Desk"
    feed: Feed
    window: WindowPort
    jobs: Jobs
    settings: DeviceSettings
    commands: "Registry[Context]"
    clock: Clock
    cover: Cover


@dataclass(frozen=True, kw_only=True)
class PageEntry:
    """One line of the table of pages."""

    id: str
    title: str
    make: "Callable[[Context], Page]"
    icon: str = ""
    rail: bool = True
    under: str = ""  # which entry of the rail is lit while it is open, for a page that isn't in the rail
    count: Callable[[Context], int | None] | None = None
    count_tables: frozenset[str] = field(default_factory=frozenset)
    commands: "Sequence[Command[Context]]" = ()


class PageHead(QWidget):
    """A page's head: back where there is one, the title, words beside it, and what is at the right.

    Where there is no room for both, the right part goes under the title.
    """

    def __init__(self, title: str, *, back: Callable[[], object] | None = None, back_words: str = "") -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(px(8))
        self.setMinimumHeight(px(32))
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        for part in (self._left, self._right):
            part.setSpacing(px(16))
            self._box.addLayout(part)
        if back is not None:
            self._left.addWidget(icon_button("chevron-left", back_words, back))
            self._left.setSpacing(px(12))
        self.title = label(title, Role.TITLE)
        self._left.addWidget(self.title)
        self._left.addStretch(1)
        self._right.addStretch(1)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self.title.setText(title)

    def add_beside(self, widget: QWidget) -> None:
        """Put something right after the title."""
        self._left.insertWidget(self._left.count() - 1, widget)

    def add(self, widget: QWidget) -> None:
        """Put something at the right, after what is there."""
        self._right.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return handled

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _fit(self) -> None:
        needed = self._left.sizeHint().width() + self._right.sizeHint().width() + px(8)
        directions = QBoxLayout.Direction
        wanted = directions.LeftToRight if needed <= self.width() else directions.TopToBottom
        if self._box.direction() is not wanted:
            self._box.setDirection(wanted)


class Page(QWidget):
    """A page of the window. It holds ids, asks the desk, and shows what it is told."""

    tables: ClassVar[frozenset[str]] = frozenset()  # a change of other tables never refreshes it

    def __init__(self, context: Context, title: str, *, has_head: bool = True) -> None:
        super().__init__()
        self.context = context
        self.page_title = title
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._sheet = _Sheet()
        self._outer.addWidget(self._sheet, 1)
        self.body = QVBoxLayout(self._sheet)
        self.body.setSpacing(px(12))
        self.head = PageHead(title)
        if has_head:
            self.body.addWidget(self.head)
        else:
            self.head.setParent(self)
            self.head.hide()
        self._fit_margins()
        self.setAccessibleName(title)

    def open(self, argument: str) -> None:
        """Show what an id stands for; called before ``shown`` when the page is opened with one."""

    def shown(self) -> None:
        """Come to the front."""

    def hidden(self) -> None:
        """Leave the front: put away what must not wait, such as a draft's last words."""

    def refresh(self, changes: "Changes | None") -> None:
        """Show again what a write has changed; None means that everything may have."""

    def first_focus(self) -> QWidget | None:
        """Return where the focus goes when the page is opened for the first time."""
        return None

    def regions(self) -> list[QWidget]:
        """Return the stops of F6 within the page."""
        return [self]

    def set_foot(self, widget: QWidget) -> None:
        """Put the page's primary act at its bottom, where it is never scrolled away."""
        widget.setObjectName(FOOT)
        self._outer.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_margins()

    def _fit_margins(self) -> None:
        side = px(32 if self.window().width() >= WIDE else 24)
        spare = max(0, self.width() - px(FULL) - 2 * side)
        self.body.setContentsMargins(side, px(20), side + spare, px(24))


class _Sheet(QWidget):
    """A page's own ground."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class Columns(QWidget):
    """The main column and a side or preview of fixed width; in a narrow window the side goes under the main column."""

    _WIDTHS: ClassVar[dict[str, tuple[int, int]]] = {"side": (312, 360), "preview": (400, 480), "wide": (548, 640)}

    def __init__(self, main: QWidget, side: QWidget, *, kind: str = "side", gap: int = 16) -> None:
        super().__init__()
        self._side = side
        self._kind = kind
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(px(gap))
        self._box.addWidget(main, 1)
        self._box.addWidget(side)
        side.setSizePolicy(QSizePolicy.Policy.Fixed, side.sizePolicy().verticalPolicy())
        self._fit()

    @property
    def is_folded(self) -> bool:
        """Whether there is no room for the side beside the main column."""
        return theme.factor() >= 1.5 or self.window().width() < NARROW  # noqa: PLR2004  look.md 7

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_wide = self.window().width() >= WIDE
        directions = QBoxLayout.Direction
        if self.is_folded:
            self._box.setDirection(directions.TopToBottom)
            self._side.setSizePolicy(QSizePolicy.Policy.Preferred, self._side.sizePolicy().verticalPolicy())
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(16_777_215)
            self._side.setVisible(self._kind == "side")
            self._box.setStretch(0, 3)
            self._box.setStretch(1, 2)
            return
        self._box.setDirection(directions.LeftToRight)
        self._box.setStretch(0, 1)
        self._box.setStretch(1, 0)
        self._side.setVisible(True)
        self._side.setFixedWidth(px(self._WIDTHS[self._kind][is_wide]))


class Scroll(QScrollArea):
    """Scrolls up and down only, with room around what it holds for the focus ring."""

    def __init__(self, widget: QWidget, *, margin: int = 4) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(px(margin), px(margin), px(margin), px(margin))
        column.addWidget(widget)
        self._watched = inner
        self.setWidget(inner)
        inner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._watched and event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._watched.minimumSizeHint().width(), px(80))


def stack(*widgets: QWidget, gap: int = 12) -> QWidget:
    """Return widgets one under the other, at the top."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(gap))
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return made


class Beside(QWidget):
    """Widgets side by side, at the left; with ``wraps`` one under the other where there is no room for that."""

    def __init__(self, *widgets: QWidget, gap: int = 8, stretch: bool = True, wraps: bool = False) -> None:
        super().__init__()
        self._wraps = wraps
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(px(gap))
        self._widgets = widgets
        for widget in widgets:
            self._box.addWidget(widget)
            if isinstance(widget, QLabel):
                self._box.setAlignment(widget, Qt.AlignmentFlag.AlignVCenter)
        if stretch:
            self._box.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._wraps:
            return
        needed = sum(widget.sizeHint().width() for widget in self._widgets if not widget.isHidden())
        needed += self._box.spacing() * (len(self._widgets) - 1)
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.LeftToRight if needed <= self.width() else directions.TopToBottom)

    def minimumSizeHint(self) -> QSize:
        if not self._wraps:
            return super().minimumSizeHint()
        return QSize(0, super().minimumSizeHint().height())


def beside(*widgets: QWidget, gap: int = 8, stretch: bool = True, wraps: bool = False) -> Beside:
    """Return widgets side by side, at the left; ``wraps`` where they may go under one another."""
    return Beside(*widgets, gap=gap, stretch=stretch, wraps=wraps)
