"""Every test of the window finds the application dressed: light, 100 %."""

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _is_dressed(dressed: QApplication) -> None:
    """Dress the application."""
    del dressed
