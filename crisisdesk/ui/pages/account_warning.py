"""Says once, over Today, that she works under an administrator's account."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui.page import Context
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.banner import Banner
from crisisdesk.ui.widgets.buttons import small


class AccountWarning(QWidget):
    """There until she says that she knows; then never again with this vault."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.more_button = small(_("How safe is this?"), run=lambda: context.window.go("security"))
        self.known_button = small(_("I know"), look="quiet", run=self._known)
        reason = _("It works, but under an ordinary account a harmful program could do less. You are told this once.")
        banner = Banner(State.CAUTION, _("You work as an administrator of this computer."), reason)
        banner.add(self.more_button)
        banner.add(self.known_button)
        column.addWidget(banner)
        self.hide()

    def refresh(self) -> None:
        """Be there, or not."""
        self.setVisible(self._context.desk.this_computer.should_warn())

    def _known(self) -> None:
        self._context.desk.this_computer.warned()
        self.refresh()
