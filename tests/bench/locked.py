"""Open CrisisDesk as ``dev.py run`` does, on the vault in CRISISDESK_HOME, and end once its window is painted."""

import sys

from PySide6.QtWidgets import QApplication

from crisisdesk.app import main
from tests.bench.painted import EndWhenPainted

if __name__ == "__main__":
    app = QApplication([])
    EndWhenPainted(app)
    sys.exit(main([]))
