"""Open a window with a label, and end once it is painted: what CrisisDesk's own start is measured against."""

import sys

from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from tests.bench.painted import EndWhenPainted

if __name__ == "__main__":
    app = QApplication([])
    EndWhenPainted(app)
    window = QMainWindow()
    window.setCentralWidget(QLabel("Hello"))
    window.resize(1366, 768)
    window.show()
    sys.exit(app.exec())
