"""About CrisisDesk: the version, whose work it is, and what to tell who helps with a fault."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

import crisisdesk
from crisisdesk.i18n import _
from crisisdesk.ui import ask
from crisisdesk.ui.clipboard import harmless
from crisisdesk.ui.help import licences
from crisisdesk.ui.help.details import details
from crisisdesk.ui.help.news import show_news
from crisisdesk.ui.help.place import Place
from crisisdesk.ui.identity import program_icon
from crisisdesk.ui.page import beside
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button, link
from crisisdesk.ui.widgets.dialog import Dialog
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.widgets.marks import StateMark

_ICON = 48  # pixels
_LINES = 11  # of the details, so that all are seen


class AboutDialog(Dialog):
    """What she has, where the next version comes from, and the details that she may copy, all of them to be seen."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.window, _("About CrisisDesk"), width=560)
        self.details = details(place)
        self.body.addLayout(_head())
        self.add(
            paragraph(
                _(
                    "CrisisDesk never looks for a new version by itself. A new version is installed over this one; "
                    "your file stays."
                )
            )
        )
        self.add(
            beside(
                link(_("What’s new"), lambda: show_news(place.window)),
                link(_("Licences of all parts"), lambda: show_licences(place.window)),
                gap=24,
            )
        )
        self.add(label(_("For support: no names, nothing of any client"), Role.NAME))
        self.shown = reading(self.details, _("Details for support"), lines=_LINES)
        self.add(self.shown)
        self.copied = StateMark(State.DONE, _("Copied."))
        policy = self.copied.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.copied.setSizePolicy(policy)
        self.copied.hide()
        self.copy_button = button(_("Copy details for support"), icon="copy", run=self.copy)
        self.add(beside(self.copy_button, self.copied))
        self.set_acts(act=_("Close"))

    def copy(self) -> None:
        """Put exactly what is shown onto the clipboard."""
        QGuiApplication.clipboard().setMimeData(harmless(self.details))
        self.copied.show()


def _head() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(px(16))
    row.addWidget(_ProgramIcon(), 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(label(_("Version {version}").format(version=crisisdesk.__version__), Role.NAME))
    words.addWidget(paragraph(f"{_(crisisdesk.SUMMARY)}."))
    words.addWidget(paragraph(_("Free software, Apache License 2.0."), "text3", Role.SMALL))
    row.addLayout(words, 1)
    return row


class _ProgramIcon(QWidget):
    """The icon that the task bar has, too."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = program_icon()
        self.setFixedSize(px(_ICON), px(_ICON))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()


class LicencesDialog(Dialog):
    """The licences of everything in the program, to read."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, _("Licences of all parts"), width=560)
        self.add(reading(licences.texts(), _("Licences of all parts"), lines=18))
        self.set_acts(act=_("Close"))


def show_about(place: Place) -> None:
    """Open it."""
    ask.run(AboutDialog(place))


def show_licences(parent: QWidget) -> None:
    """Open it."""
    ask.run(LicencesDialog(parent))


def reading(text: str, name: str, *, lines: int) -> QPlainTextEdit:
    """Return a text to read, so many lines high, whose words can be chosen by mouse and keys."""
    made = QPlainTextEdit(text)
    made.setReadOnly(True)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    made.setTabChangesFocus(True)
    made.setAccessibleName(name)
    made.setFixedHeight(px(lines * 20 + 14))
    return made
