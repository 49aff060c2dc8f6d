"""The message bar: one sentence in the past tense, Undo with its key, and close; ten seconds, longer when used.

A long sentence takes a second line, and a third: none is ever cut.
"""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui import paint
from crisisdesk.ui.focus import holds_focus
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.buttons import Button, icon_button
from crisisdesk.ui.widgets.labels import Paragraph
from crisisdesk.ui.widgets.marks import IconLabel

STAYS = 10_000  # milliseconds
FOOT = "foot"  # the name of what holds a page's main acts at its bottom: the bar stands above it


class MessageBar(QFrame):
    """Lies over a page's bottom, above its foot. One at a time; Ctrl+Z works after it has gone."""

    undo_asked = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setObjectName("messageBar")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), 0, px(6), 0)
        row.setSpacing(px(12))
        self._icon = IconLabel("done", "done")
        row.addWidget(self._icon)
        self._words = Paragraph(ink="text")
        row.addWidget(self._words, 1)
        self._undo = Button(_("Undo"), look="quiet", icon="undo", key="Ctrl+Z")
        self._undo.clicked.connect(self._undo_now)
        row.addWidget(self._undo)
        row.addSpacing(px(12))
        row.addWidget(icon_button("close", _("Close this message"), self.hide))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS)
        self._timer.timeout.connect(self._leave)
        page.installEventFilter(self)
        if isinstance(page, QStackedWidget):
            page.currentChanged.connect(self._turned)
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    @property
    def can_undo(self) -> bool:
        """Whether it offers Undo."""
        return not self._undo.isHidden()

    def say(self, words: str, *, undo: bool = False, state: State = State.DONE) -> None:
        """Show a sentence, and say it to a screen reader as an alert."""
        self._icon.say(state.icon, state.value)
        self._words.say(words)
        self._undo.setVisible(undo)
        self.setAccessibleName(words)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide} and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        paint.box(painter, self.rect(), "surface", "control", px(6))
        painter.end()

    def _turned(self) -> None:
        """Lie over the next page, which Qt puts on top as it comes, and above its foot if it has one."""
        self.raise_()
        self._place()

    def _place(self) -> None:
        page = self.parentWidget()
        if page is not None:
            bottom, width = page.height() - px(16) - self._foot_height(page), max(0, page.width() - 2 * px(24))
            height = self._height(width)
            self.setGeometry(px(24), bottom - height, width, height)

    def _height(self, width: int) -> int:
        """Return the height in which every line of the words stands at a width."""
        self.resize(width, px(40))
        row = self.layout()
        if row is not None:
            row.activate()  # now the words have their width
        return max(px(40), self._words.heightForWidth(self._words.width()) + px(20))

    def _foot_height(self, page: QWidget) -> int:
        feet = page.findChildren(QWidget, FOOT)
        for foot in feet:
            foot.installEventFilter(self)  # it comes, goes and grows while the bar stands above it
        return max((foot.height() for foot in feet if foot.isVisible()), default=0)

    def _undo_now(self) -> None:
        self.hide()
        self.undo_asked.emit()

    def _leave(self) -> None:
        if self.underMouse() or holds_focus(self):
            self._timer.start()
        else:
            self.hide()
