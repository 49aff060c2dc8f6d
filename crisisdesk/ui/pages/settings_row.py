"""A line of a settings card: what it is, how it stands, and its acts at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.widgets.marks import StateMark


class SettingRow(QWidget):
    """A name, a sentence on how it stands, and buttons."""

    def __init__(self, title: str, *acts: QWidget) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(10), px(16), px(10))
        row.setSpacing(px(12))
        texts = QVBoxLayout()
        texts.setSpacing(px(2))
        texts.addWidget(label(title, Role.NAME))
        self._mark = StateMark(State.DONE, "")
        self._mark.hide()
        texts.addWidget(self._mark)
        self.words = paragraph("")
        texts.addWidget(self.words)
        row.addLayout(texts, 1)
        for act in acts:
            row.addWidget(act, 0, Qt.AlignmentFlag.AlignTop)

    def say(self, words: str, *, state: State | None = None, mark: str = "") -> None:
        """Show how it stands, perhaps with a state's mark above."""
        self.words.say(words)
        self.words.setVisible(bool(words))
        self._mark.setVisible(bool(mark))
        if mark:
            self._mark.say(state or State.DONE, mark)
