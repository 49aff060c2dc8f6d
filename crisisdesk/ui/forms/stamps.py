"""The four stamps of a call-out: paged, en route, on scene, clear; each pressed once, and typed over if need be."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.clock import Clock
from crisisdesk.desk.moments import last_before, wall_time
from crisisdesk.i18n import N_, _
from crisisdesk.ui import paint, theme
from crisisdesk.ui.forms.editors import TimeEditor
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.marks import KeyCap

# Field, words, key. They are pressed in this order, as the night goes on.
STAMPS = (
    ("paged_at", N_("Paged"), "P"),
    ("en_route_at", N_("En route"), "E"),
    ("on_scene_at", N_("On scene"), "S"),
    ("clear_at", N_("Clear"), "C"),
)
_HEIGHT = 56
_TWO_ROWS = 560  # pixels at 100 %; narrower, the tiles stand two by two


class StampTile(QWidget):
    """One stamp: its word, its time, its key."""

    changed = Signal()

    def __init__(self, words: str, key: str, press: Callable[[], object]) -> None:
        super().__init__()
        self._key = key
        self._press = press
        self.is_next = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(5), px(12), px(5))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(label(words, Role.SMALL, "text2"))
        self.time = TimeEditor(placeholder=_("Not yet"))
        self.time.setProperty("look", "bare")
        self.time.setFont(theme.font(Role.STAMP))
        self.time.setStyleSheet("padding: 0; min-height: 0;")
        self.time.setAccessibleName(words)
        self.time.changed.connect(self.changed)
        column.addWidget(self.time)
        row.addLayout(column, 1)
        self._cap = KeyCap(key)
        row.addWidget(self._cap)

    def sizeHint(self) -> QSize:
        return QSize(px(150), max(px(_HEIGHT), super().sizeHint().height()))

    def show_key(self, *, with_alt: bool) -> None:
        """Say which keys work now."""
        words = _("Alt+{key}").format(key=self._key) if with_alt else self._key
        self._cap.setText(words)
        self._cap.updateGeometry()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        del event
        self._press()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        if self.time.is_filled():
            paint.box(painter, self.rect(), "done_tint", "done", px(6))
        else:
            edge, width = ("accent", 2) if self.is_next else ("control", 1)
            paint.box(painter, self.rect(), "surface", edge, px(6), width)
        painter.end()


class StampsEditor(QWidget):
    """The four stamps as one answer: ISO moments by field."""

    changed = Signal()

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._moments: dict[str, datetime] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(8))
        self._columns = 0
        self.tiles: dict[str, StampTile] = {}
        for name, words, key in STAMPS:
            tile = StampTile(_(words), key, partial(self.press, name))
            tile.changed.connect(partial(self._typed, name))
            self.tiles[name] = tile
        self._arrange(len(STAMPS))
        self.setFocusProxy(self.tiles[STAMPS[0][0]].time)
        self._show()

    def press(self, name: str) -> None:
        """Stamp the present moment; one that is stamped already is typed over."""
        if name in self._moments:
            self.tiles[name].time.setFocus(Qt.FocusReason.OtherFocusReason)
            self.tiles[name].time.selectAll()
            return
        self._moments[name] = self._clock.now()
        self._show()
        self.changed.emit()

    def press_key(self, key: str) -> bool:
        """Stamp what a key stands for; say whether there is such a stamp."""
        found = next((name for name, _words, own in STAMPS if own == key.upper()), None)
        if found is not None:
            self.press(found)
        return found is not None

    def moments(self) -> Mapping[str, datetime]:
        """Return what is stamped, by field."""
        return dict(self._moments)

    @property
    def is_unread(self) -> bool:
        """Whether a time was typed that can't be understood."""
        return any(tile.time.is_unread for tile in self.tiles.values())

    def value(self) -> Mapping[str, str]:
        """Return the moments as text."""
        return {name: moment.isoformat() for name, moment in self._moments.items()}

    def set_value(self, value: object) -> None:
        """Show moments."""
        given = value if isinstance(value, Mapping) else {}
        self._moments = {name: datetime.fromisoformat(str(given[name])) for name, _w, _k in STAMPS if given.get(name)}
        self._show()

    def draft(self) -> object:
        """Return the moments as text."""
        return self.value()

    def is_filled(self) -> bool:
        """Whether anything is stamped."""
        return bool(self._moments)

    def show_keys(self, *, with_alt: bool) -> None:
        """Say on the tiles which keys work now."""
        for tile in self.tiles.values():
            tile.show_key(with_alt=with_alt)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() < px(_TWO_ROWS) else len(STAMPS))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, place // columns, place % columns)

    def _typed(self, name: str) -> None:
        typed = self.tiles[name].time.value()
        if isinstance(typed, time):
            known = self._moments.get(name)
            if wall_time(self._clock, known) != typed:
                self._moments[name] = last_before(self._clock, self._clock.now(), typed)
        elif not self.tiles[name].time.is_filled():
            self._moments.pop(name, None)
        self._mark_next()
        self.changed.emit()

    def _show(self) -> None:
        for name, tile in self.tiles.items():
            tile.time.set_value(wall_time(self._clock, self._moments.get(name)))
        self._mark_next()

    def _mark_next(self) -> None:
        last = max((place for place, (name, _w, _k) in enumerate(STAMPS) if name in self._moments), default=-1)
        for place, (name, _words, _key) in enumerate(STAMPS):
            self.tiles[name].is_next = place == last + 1
            self.tiles[name].update()
