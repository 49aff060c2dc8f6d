"""Help for a window without a desk: the locked window and the first start. What it opens is loaded when it is asked."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui.jobs import Jobs
from crisisdesk.ui.theme import px
from crisisdesk.ui.widgets.buttons import link


class HelpLinks(QWidget):
    """Two links: the guide, and About."""

    def __init__(self, page: QWidget, jobs: Jobs) -> None:
        super().__init__()
        self._page = page
        self._jobs = jobs
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(24))
        row.addStretch(1)
        self.guide_link = link(_("First minutes"), self.open_guide)
        self.about_link = link(_("About CrisisDesk"), self.open_about)
        row.addWidget(self.guide_link)
        row.addWidget(self.about_link)
        row.addStretch(1)

    def open_guide(self) -> None:
        """Show the guide over the page."""
        from crisisdesk.ui.help import guide, place  # noqa: PLC0415  the locked window stands sooner without it

        guide.open_guide(place.over_page(self._page, self._jobs, guide.WIDTH))

    def open_about(self) -> None:
        """Show the version and the details for support."""
        from crisisdesk.ui.help import about, guide, place  # noqa: PLC0415  as above

        about.show_about(place.over_page(self._page, self._jobs, guide.WIDTH))
