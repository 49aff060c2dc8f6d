"""Who this program is to the desktop: its name, its icon, and the entry of the menu that its window belongs to."""

import ctypes
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

import crisisdesk
from crisisdesk.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable

_SIDES = (16, 20, 24, 32, 40, 48, 64, 128, 256)  # pixels: what title bars, task bars and switchers ask for


def name_program() -> None:
    """Name the program to Qt and to the system; before the application is made, so that its first window has it."""
    QApplication.setApplicationName(crisisdesk.NAME)
    QApplication.setApplicationVersion(crisisdesk.__version__)
    QApplication.setDesktopFileName(crisisdesk.APP_ID)
    if sys.platform == "win32":
        with suppress(OSError, AttributeError):  # the task bar would show it twice: no reason not to start
            _name_to_task_bar()


def _name_to_task_bar() -> None:
    """Tell Windows' task bar that the window belongs to the shortcut of the installer. Not run."""
    loader: Callable[..., ctypes.CDLL] = getattr(ctypes, "WinDLL")  # noqa: B009  Windows alone has it
    loader("shell32").SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(crisisdesk.APP_ID))


def program_icon() -> QIcon:
    """Return the program's icon, drawn in each size by itself; an empty one where it is missing."""
    made = QIcon()
    try:
        drawing = QSvgRenderer(str(resource("icons", "app.svg")))
    except FileNotFoundError:
        return made
    for side in _SIDES:
        picture = QPixmap(QSize(side, side))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        drawing.render(painter, QRectF(0, 0, side, side))
        painter.end()
        made.addPixmap(picture)
    return made
