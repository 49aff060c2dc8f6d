"""A scroll bar over the rows, so that they keep their width whether there is one or not."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QScrollBar

WIDTH = 10


class OverlayBar(QScrollBar):
    """Follows a view's own vertical bar, which stays hidden."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._view = view
        self._real = view.verticalScrollBar()
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._real.rangeChanged.connect(self._follow)
        self._real.valueChanged.connect(self.setValue)
        self.valueChanged.connect(self._real.setValue)
        self._port = view.viewport()
        self._port.installEventFilter(self)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._port and event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        self.setRange(self._real.minimum(), self._real.maximum())
        self.setPageStep(self._real.pageStep())
        self.setSingleStep(self._real.singleStep())
        self.setValue(self._real.value())
        rows = self._view.viewport().geometry()
        self.setGeometry(rows.right() + 1 - WIDTH, rows.top(), WIDTH, rows.height())
        self.setVisible(self._real.maximum() > self._real.minimum() and not self._view.property("isFitted"))
        self.raise_()
