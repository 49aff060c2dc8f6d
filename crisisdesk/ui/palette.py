"""The palette under the top bar's search field: clients, services, referrals by number, and commands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainterPath, QRegion
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from crisisdesk.i18n import N_, _
from crisisdesk.ui.commands import Registry
from crisisdesk.ui.settled import SEARCH, Settled
from crisisdesk.ui.tables import Group, GroupedRows, ListView, Row, RowDelegate, name, words
from crisisdesk.ui.tables.model import Header
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.labels import Paragraph
from crisisdesk.ui.widgets.search import SearchField

KINDS = {"client": N_("Clients"), "referral": N_("Referrals"), "service": N_("Services"), "command": N_("Commands")}
ICONS = {"client": "clients", "referral": "referrals", "service": "resources", "command": "chevron-right"}
C = TypeVar("C")
_EACH = 6  # hits of one kind that are shown
_TALLEST = 480  # pixels
_PACKET_DIGITS = 6


@dataclass(frozen=True)
class Hit:
    """Something that was found. ``kind`` is one of KINDS; ``id`` is what opens it."""

    kind: str
    id: str
    title: str
    detail: str = ""
    key: str = ""
    icon: str = ""


class _HitDelegate(RowDelegate):
    height = 36
    has_hairlines = False

    def lay_out(self, item: Hit, row: Row) -> None:
        row.icon(item.icon or ICONS.get(item.kind, "search"))
        if item.key:
            row.right_column(px(90)).line(item.key, role=Role.SMALL, ink="text3", align="right")
        row.rest().flow(name(item.title), words(item.detail))


class Palette(QFrame):
    """Opens as she types in the field, and leaves the keyboard in it."""

    chosen = Signal(str, str)
    searched = Signal(int)  # how much was found, once she has stopped typing

    def __init__(self, field: SearchField, search: Callable[[str], Sequence[Hit]], window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("look", "popup")
        self._field = field
        self._search = search
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.model = GroupedRows()
        self.view = ListView(self.model, _HitDelegate(), name=_("What was found"))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.opened.connect(self._take)
        self.view.clicked.connect(lambda index: self._take(self.model.id_at(index.row())))
        column.addWidget(self.view)
        self._nothing = Paragraph()
        self._nothing_box = QWidget()
        inset = QVBoxLayout(self._nothing_box)
        inset.setContentsMargins(px(16), px(12), px(16), px(12))  # as the rows begin
        inset.addWidget(self._nothing)
        column.addWidget(self._nothing_box)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)  # after the key has been drawn
        self._timer.timeout.connect(self._find)
        field.typed.connect(lambda _text: self._timer.start())
        self._settled = Settled(self, lambda: self.searched.emit(self._count), SEARCH)
        self._count = 0
        field.installEventFilter(self)
        window.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field:
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
                return self._key(event)
            if event.type() is QEvent.Type.FocusIn:
                self._timer.start()
            elif event.type() is QEvent.Type.FocusOut:
                self.hide()
        elif event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def close_up(self) -> None:
        """Close and empty the field."""
        self._field.clear()
        self.hide()

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.isVisible():
            self.close_up()
            return True
        if not self.isVisible():
            return False
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self._move(1 if key == Qt.Key.Key_Down else -1)
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take(self.view.current_id())
            return True
        return False

    def _move(self, step: int) -> None:
        rows = self.model.rows
        ids = [row.id for row in rows if not isinstance(row, Header)]
        if not ids:
            return
        current = self.view.current_id()
        place = ids.index(current) if current in ids else -1
        self.view.choose(ids[(place + step) % len(ids)])

    def _find(self) -> None:
        text = self._field.text().strip()
        if not text or not self._field.hasFocus():
            self.hide()
            return
        hits = list(self._search(text))
        self._count = sum(hit.kind != "command" for hit in hits)
        self._settled.again()
        groups = []
        for kind in _kinds(text):
            own = [hit for hit in hits if hit.kind == kind][:_EACH]
            groups.append(Group(id=kind, title=_(KINDS[kind]), rows=[_row(hit) for hit in own]))
        self.model.set_groups(groups)
        self._nothing.say("" if hits else _("Nothing is called “{text}”.").format(text=text))
        self._nothing_box.setVisible(not hits)
        self.view.setVisible(bool(hits))
        self.view.choose_first()
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        below = self._field.mapTo(window, QPoint(0, self._field.height() + px(4)))
        rows = sum(self.view.sizeHintForRow(place) for place in range(self.model.rowCount()))
        height = min(rows or px(44), px(_TALLEST), window.height() - below.y() - px(16)) + 2
        self.setGeometry(QRect(below.x(), below.y(), max(self._field.width(), px(360)), height))
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), px(8), px(8))
        self.setMask(QRegion(shape.toFillPolygon().toPolygon()))

    def _take(self, row_id: str) -> None:
        hit = self.model.row(row_id)
        if isinstance(hit, Hit):
            self._tell_now(hit)
            kind, own = hit.kind, hit.id.split("/", maxsplit=1)[1]
            self.close_up()
            self.chosen.emit(kind, own)

    def _tell_now(self, hit: Hit) -> None:
        """Tell of the search that found what she takes, not again later; a command is no search."""
        if self._settled.isActive():
            self._settled.stop()
            if hit.kind != "command":
                self.searched.emit(self._count)


def _row(hit: Hit) -> Hit:
    """Return a hit whose id is its own among all kinds."""
    return Hit(hit.kind, f"{hit.kind}/{hit.id}", hit.title, hit.detail, hit.key, hit.icon)


def _kinds(text: str) -> list[str]:
    """Return the kinds in order: six digits are first of all the number on a packet."""
    digits = "".join(text.split())
    is_packet = digits.isdecimal() and len(digits) == _PACKET_DIGITS
    return sorted(KINDS, key=lambda kind: kind != "referral") if is_packet else list(KINDS)


def find_commands(text: str, registry: Registry[C]) -> list[Hit]:
    """Return the commands whose words begin as typed: those possible now, then those that say where they are."""
    asked = text.lower().split()
    found, possible = [], registry.possible()
    ids = {command.id for command in possible}
    for command in (*possible, *(other for other in registry if other.where and other.id not in ids)):
        said = f"{_(command.title)} {_(command.words) if command.words else ''}".lower().replace("…", "").split()
        if all(any(word.startswith(part) for word in said) for part in asked):
            detail, key = ("", command.key) if command.id in ids else (_(command.where), "")
            found.append(Hit("command", command.id, _(command.title), detail, key=key, icon=command.icon))
    return found
