"""Backups in Settings: how they stand, and the way to the page that does everything with them."""

from crisisdesk.i18n import _
from crisisdesk.ui.page import Context, beside
from crisisdesk.ui.safekeeping.card import StandingLines
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.card import Card


class BackupsCard(Card):
    """How the backups stand."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Backups"), icon="verified", heading=40)
        self._context = context
        self._lines = StandingLines()
        self.add(self._lines)
        self.open_button = button(_("Backups, drives, restore…"), run=lambda: context.window.go("safekeeping"))
        self.add(beside(self.open_button))

    def refresh(self) -> None:
        """Show how they stand."""
        self._lines.show_standing(self._context.desk.safekeeping.standing())
