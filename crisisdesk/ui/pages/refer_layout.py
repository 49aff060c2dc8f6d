"""How the Refer page lies: the form at the left, the packet at the right with its acts always in sight."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui import theme
from crisisdesk.ui.page import NARROW, WIDE, Scroll
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.buttons import Run, button, icon_button
from crisisdesk.ui.widgets.labels import Paragraph, line
from crisisdesk.ui.widgets.message import FOOT

_SIDES = ((1900, 720), (WIDE, 600), (0, 484))  # from which width of the window on the packet has which width
_TEXT = 960  # no column of text is wider
_FOLD = 1.5  # the text size from which on one stands under the other


class PaperFoot(QWidget):
    """The acts that stay in sight, and what the main one does."""

    def __init__(self, *, finish: Run, print_now: Run, save: Run) -> None:
        super().__init__()
        self.setObjectName(FOOT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line())
        row = QHBoxLayout()
        row.setContentsMargins(px(16), px(12), px(20), px(12))
        row.setSpacing(px(8))
        self.words = Paragraph("", "text2", Role.SMALL)
        row.addWidget(self.words, 1)
        self.finish = button(_("Finish later"), run=finish)
        self.more = icon_button("dots", _("More ways for it to leave"), boxed=True)
        menu = QMenu(self.more)
        self.save_act = menu.addAction(_("Save as a file…"))
        self.save_act.triggered.connect(lambda _on=False: save())
        self.more.setMenu(menu)
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        self.print = button(_("Print and file"), look="primary", icon="print", run=print_now)
        for each in (self.finish, self.more, self.print):
            row.addWidget(each)
        column.addLayout(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("surface"))
        painter.end()


class ReferLayout(QWidget):
    """Side by side where there is room, else one under the other; the foot is never scrolled away."""

    def __init__(self, head: QWidget, main: QWidget, pane: QWidget, foot: QWidget) -> None:
        super().__init__()
        self._main, self._pane, self._foot = main, pane, foot
        main.setMaximumWidth(px(_TEXT))
        main.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(head)
        self._holder: QWidget | None = None
        self._is_narrow: bool | None = None
        self._areas: list[Scroll] = []
        self._fit()

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room side by side."""
        return theme.factor() >= _FOLD or self.window().width() < NARROW

    def fit(self) -> None:
        """Lie as the window's width asks for."""
        self._fit()

    def _fit(self) -> None:
        if self.is_narrow != self._is_narrow:
            self._is_narrow = self.is_narrow
            self._lay_out()
        if not self._is_narrow and self._side is not None:
            wide = self.window().width()
            self._side.setFixedWidth(px(next(width for least, width in _SIDES if wide >= least)))

    def to_top(self) -> None:
        """Scroll everything to its top: another referral is shown."""
        for area in self._areas:
            area.verticalScrollBar().setValue(0)

    def _lay_out(self) -> None:
        old = self._holder
        self._holder = holder = QWidget()
        for each in (self._main, self._pane, self._foot):
            each.setParent(holder)
            each.show()
        self._side: QWidget | None = None
        if self._is_narrow:
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            both = QWidget()
            inside = QVBoxLayout(both)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(px(12))
            framed = QWidget()
            frame = QVBoxLayout(framed)
            frame.setContentsMargins(px(24), px(4), px(24), 0)
            frame.addWidget(self._main)
            inside.addWidget(framed)
            inside.addWidget(self._pane)
            self._areas = [Scroll(both, margin=0)]
            column.addWidget(self._areas[0], 1)
            column.addWidget(self._foot)
        else:
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(0)
            framed = QWidget()
            frame = QVBoxLayout(framed)
            frame.setContentsMargins(px(24), 0, px(12), px(24))
            frame.addWidget(self._main)
            frame.addStretch(1)
            self._areas = [Scroll(framed, margin=0), Scroll(self._pane, margin=0)]
            row.addWidget(self._areas[0], 1)
            row.addWidget(line(is_vertical=True))
            self._side = QWidget()
            side = QVBoxLayout(self._side)
            side.setContentsMargins(0, 0, 0, 0)
            side.setSpacing(0)
            side.addWidget(line())
            side.addWidget(self._areas[1], 1)
            side.addWidget(self._foot)
            row.addWidget(self._side)
        self._column.addWidget(holder, 1)
        if old is not None:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
