"""A problem in words, with its icon, where it arose."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crisisdesk.ui.theme import px
from crisisdesk.ui.widgets.labels import Paragraph
from crisisdesk.ui.widgets.marks import IconLabel


class Problem(QWidget):
    """Says nothing, and takes no room, until there is a problem."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(4))
        icon = IconLabel("overdue", "danger", 16)
        icon.setContentsMargins(0, px(2), 0, 0)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        self._words = Paragraph("", "danger")
        row.addWidget(self._words, 1)
        self.hide()

    @property
    def words(self) -> str:
        """The sentence that is shown, or nothing."""
        return "" if self.isHidden() else self._words.text()

    def say(self, words: str) -> None:
        """Show a sentence; an empty one takes it away."""
        self._words.say(words)
        self.setVisible(bool(words))
