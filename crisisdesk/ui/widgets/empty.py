"""The empty page or list: one sentence on what will be here, the first act, others beside it. No drawings."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.labels import Paragraph, label


class Empty(QWidget):
    """A sentence and what can be done about it."""

    def __init__(
        self, sentence: str, *, title: str = "", acts: Sequence[QWidget] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(8))
        self._title = label(title, Role.SECTION)
        column.addWidget(self._title)
        self._title.setVisible(bool(title))
        self._sentence = Paragraph(sentence)
        self._sentence.setMaximumWidth(px(620))
        column.addWidget(self._sentence)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.setContentsMargins(0, px(8), 0, 0)
        for act in acts:
            row.addWidget(act)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def say(self, sentence: str, *, title: str = "") -> None:
        """Say something else."""
        self._sentence.say(sentence)
        self._title.setText(title)
        self._title.setVisible(bool(title))
