"""Dress the application: fonts, style, palette and style sheet, for a scheme and a text size."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from crisisdesk.resources import resource
from crisisdesk.ui import theme
from crisisdesk.ui.settings import DeviceSettings
from crisisdesk.ui.sheet import style_sheet
from crisisdesk.ui.style import DeskStyle, FocusRing
from crisisdesk.ui.tokens import Role, Scheme


def load_fonts() -> None:
    """Load the program's own fonts; without them Segoe UI or Noto Sans stands in."""
    try:
        folder = resource("fonts")
    except FileNotFoundError:
        return
    for file in sorted(folder.rglob("Inter*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def dress(app: QApplication, *, scheme: Scheme = Scheme.SYSTEM, percent: int = 100) -> None:
    """Dress the application, the first time or again; every widget that is open follows at once.

    A style sheet set again costs as much as a new one, a tenth of a second with a full window, so the same one is not.
    """
    if app.property("isDressed") is None:
        load_fonts()
        app.setStyle(DeskStyle())
        app.setProperty("isDressed", True)
        FocusRing(app)
    theme.use(dark=is_dark(app, scheme), percent=percent)
    font, palette, sheet = theme.font(Role.BODY, ""), theme.palette(), style_sheet()
    if (app.font(), app.palette(), app.styleSheet()) == (font, palette, sheet):
        return
    app.setFont(font)
    app.setPalette(palette)
    app.setStyleSheet(sheet)


def dress_as_set(settings: DeviceSettings) -> None:
    """Dress the application again, in the scheme and the text size that the settings say."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        dress(app, scheme=settings.scheme, percent=settings.text_size)


def is_dark(app: QApplication, scheme: Scheme) -> bool:
    """Whether a scheme means the dark table on this computer at this moment."""
    if scheme is Scheme.SYSTEM:
        return app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return scheme is Scheme.DARK
