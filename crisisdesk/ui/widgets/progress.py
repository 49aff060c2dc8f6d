"""Progress where the work is: a thin bar, words that count truly, and Cancel. Nothing spins or blinks."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui.jobs import Step
from crisisdesk.ui.theme import px
from crisisdesk.ui.widgets.buttons import link
from crisisdesk.ui.widgets.labels import label


class ProgressStrip(QWidget):
    """A 4-px bar with words and Cancel; ``cancelled`` once, and then the button is off."""

    cancelled = Signal()

    def __init__(self, words: str = "", *, can_cancel: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        row = QHBoxLayout()
        self._words = label(words, ink="text2")
        row.addWidget(self._words, 1)
        self._cancel = link(_("Cancel"), self._cancel_now)
        row.addWidget(self._cancel)
        column.addLayout(row)
        self._cancel.setVisible(can_cancel)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(words)
        column.addWidget(self._bar)

    def show_step(self, step: Step) -> None:
        """Show how far the work is."""
        self._bar.setRange(0, max(1, step.total))
        self._bar.setValue(step.done)
        if step.words:
            self._words.setText(step.words)
            self._bar.setAccessibleName(step.words)

    def start(self, words: str) -> None:
        """Begin again."""
        self._words.setText(words)
        self._bar.setAccessibleName(words)
        self._bar.setRange(0, 1)
        self._bar.setValue(0)
        self._cancel.setEnabled(True)

    def _cancel_now(self) -> None:
        self._cancel.setEnabled(False)
        self.cancelled.emit()
