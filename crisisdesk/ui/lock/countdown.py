"""The calm strip before an idle lock: how long is left, and what keeps it open."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from crisisdesk.i18n import ngettext
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.marks import IconLabel

_TOP = 12


class Countdown(QFrame):
    """Stands over the top of a window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("look", "dialog")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(10), px(16), px(10))
        row.setSpacing(px(8))
        row.addWidget(IconLabel("lock", "accent"))
        self.words = label("", Role.NAME)
        row.addWidget(self.words)
        window.installEventFilter(self)
        self.hide()

    def say(self, seconds: int) -> None:
        """Show how long is left; 0 takes the strip away."""
        if not seconds:
            self.hide()
            return
        words = ngettext(
            "CrisisDesk locks in {count} second. Any key or a move of the mouse keeps it open.",
            "CrisisDesk locks in {count} seconds. Any key or a move of the mouse keeps it open.",
            seconds,
        ).format(count=seconds)
        self.words.setText(words)
        self.setAccessibleName(words)
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        window = self.parentWidget()
        if window is not None:
            self.adjustSize()
            self.move((window.width() - self.width()) // 2, px(_TOP))
