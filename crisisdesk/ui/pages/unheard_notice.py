"""Says once, over Today, that this computer does not tell when it is locked."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui.page import Context
from crisisdesk.ui.tokens import State
from crisisdesk.ui.unheard import lock_words
from crisisdesk.ui.widgets.banner import Banner
from crisisdesk.ui.widgets.buttons import small


class UnheardNotice(QWidget):
    """There until she says that she knows; then never again on this computer."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._banner: Banner | None = None
        self._said = ""
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._banner.accessibleName() if self._banner else ""

    def refresh(self) -> None:
        """Be there, or not; with the minutes that are in force."""
        context = self._context
        is_unheard = context.window.hears_system is False and not context.desk.practice.get().is_practice_desk
        is_there = is_unheard and not context.settings.knows_unheard
        if is_there:
            self._say(lock_words(context.desk.locks.get()))
        self.setVisible(is_there)

    def know(self) -> None:
        """Take her word that she knows."""
        self._context.settings.knows_unheard = True
        self.refresh()

    def _say(self, words: str) -> None:
        if words == self._said:
            return
        self._said = words
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
        first = _("This computer does not tell CrisisDesk when it is locked or put to sleep.")
        self._banner = Banner(State.CAUTION, first, words)
        self._banner.add(small(_("I know"), look="quiet", run=self.know))
        self._column.addWidget(self._banner)
