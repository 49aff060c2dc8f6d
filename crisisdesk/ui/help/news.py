"""What is new: a page to read, and one quiet line on Today after a new version was installed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

import crisisdesk
from crisisdesk.i18n import _
from crisisdesk.ui import ask
from crisisdesk.ui.help.changelog import News, Version, shipped, since, this_version
from crisisdesk.ui.page import Context, Scroll
from crisisdesk.ui.settings import NO_VERSION
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.banner import Strip
from crisisdesk.ui.widgets.buttons import small
from crisisdesk.ui.widgets.dialog import Dialog
from crisisdesk.ui.widgets.labels import label, paragraph

_HIGH = 380  # pixels


class NewsDialog(Dialog):
    """What is new since the version that she had."""

    def __init__(self, parent: QWidget, news: tuple[News, ...]) -> None:
        title = _("What’s new in CrisisDesk {version}").format(version=crisisdesk.__version__)
        super().__init__(parent, title, width=560)
        self.add(_sheet(news) if news else paragraph(_("Nothing is written down for this version.")))
        self.set_acts(act=_("Close"))


def _sheet(news: tuple[News, ...]) -> Scroll:
    sheet = QWidget()
    column = QVBoxLayout(sheet)
    column.setContentsMargins(0, 0, px(8), 0)
    column.setSpacing(px(8))
    for each in news:
        if len(news) > 1:
            column.addWidget(label(each.version or crisisdesk.__version__, Role.NAME))
        for line in each.lines:
            column.addWidget(paragraph(f"• {line}", "text"))
    column.addStretch(1)
    scroll = Scroll(sheet, margin=0)
    scroll.setFixedHeight(px(_HIGH))
    scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that keys scroll it
    for part in (scroll.viewport(), scroll.widget()):
        if part is not None:
            part.setAutoFillBackground(False)  # the dialog's own white shows through
    return scroll


def show_news(parent: QWidget, seen: Version = NO_VERSION) -> None:
    """Open it: what came after the version that was seen last, or what this version brought."""
    ask.run(NewsDialog(parent, since(shipped(), seen, this_version())))


class NewVersionStrip(QWidget):
    """Over Today after a new version was installed, until she has read what is new or does not want to."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.strip: Strip | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()
        settings = context.settings
        if settings.seen_version == NO_VERSION:
            settings.seen_version = this_version()  # the first start on this computer: nothing is newer

    def refresh(self) -> None:
        """Be there, or not."""
        is_practice = self._context.desk.practice.get().is_practice_desk
        is_new = self._context.settings.seen_version < this_version() and not is_practice
        if is_new and self.strip is None:
            self._make()
        self.setVisible(is_new)

    def _make(self) -> None:
        words = _("CrisisDesk is now {version}.").format(version=crisisdesk.__version__)
        acts = [small(_("What’s new"), run=self.read), small(_("Fine"), look="quiet", run=self.let_go)]
        if self._context.desk.safekeeping.is_brought_up_by(crisisdesk.__version__):
            words = _("{now} Your file was brought up to date; a backup from before it is kept.").format(now=words)
            acts.insert(1, small(_("Backups"), run=lambda: self._context.window.go("safekeeping")))
        self.strip = Strip("info", words, *acts)
        self._column.addWidget(self.strip)

    def read(self) -> None:
        """Show what is new, once."""
        seen = self._context.settings.seen_version
        self.let_go()
        show_news(self._context.window.widget, seen)

    def let_go(self) -> None:
        """Say no more of this version on this computer."""
        self._context.settings.seen_version = this_version()
        self._context.settings.keep()
        self.refresh()
