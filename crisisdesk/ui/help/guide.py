"""The guide "Install and first client" in the window: to read, to print, to save."""

from pathlib import Path

from crisisdesk.documents.guide import FILE_NAME, TITLE, guide_pdf
from crisisdesk.documents.save import write_file
from crisisdesk.errors import DeskError, PrintProblem
from crisisdesk.i18n import _
from crisisdesk.ui import ask
from crisisdesk.ui.help.place import Place
from crisisdesk.ui.printing import Went, print_pdf
from crisisdesk.ui.widgets.buttons import small
from crisisdesk.ui.widgets.pdf_preview import LargePreview, Pdf

WIDTH = 1000


class GuidePreview(LargePreview):
    """Both pages in large. They hold nothing secret, so they may become a file like any other."""

    def __init__(self, place: Place, pdf: bytes) -> None:
        self.print_button = small(_("Print…"), run=self.print)
        self.save_button = small(_("Save it…"), run=self.save)
        shown = Pdf(pdf)
        super().__init__(_(TITLE), (shown,), acts=(self.print_button, self.save_button))
        shown.setParent(self)
        self._place = place
        self._pdf = pdf
        self.closed.connect(place.close)

    def print(self) -> None:
        """Print it."""
        try:
            went = print_pdf(self._place.window, self._pdf, TITLE)
        except PrintProblem as problem:
            self._sorry(problem)
            return
        if went is not Went.NOWHERE:
            self._place.say(_("The guide was printed."))

    def save(self) -> None:
        """Save it as a file."""
        path = ask.save_file(self._place.window, _("Save the guide"), FILE_NAME, [("PDF", "*.pdf")])
        if path is not None:
            self._place.jobs.start(self, write_file, path, self._pdf, done=self._saved, failed=self._sorry)

    def _saved(self, _nothing: Path | None) -> None:
        self._place.say(_("The guide was saved."))

    def _sorry(self, problem: DeskError) -> None:
        ask.tell(self._place.window, _("That did not work"), str(problem))


def open_guide(place: Place) -> None:
    """Make the guide, and show it."""
    paper = place.paper

    def show(pdf: bytes) -> None:
        place.overlay(GuidePreview(place, pdf))

    place.jobs.start(place.owner, lambda: guide_pdf(paper), done=show)
