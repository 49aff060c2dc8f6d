"""Paper through the system's print dialog: PDFs in memory, never a file (security.md 3.9)."""

from collections.abc import Sequence

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from crisisdesk.errors import PrintProblem
from crisisdesk.i18n import _
from crisisdesk.ui import ask
from crisisdesk.ui.widgets.pdf_preview import Pdf

_POINTS = 72  # an inch
_MOST = 400  # dots an inch; finer, a page would take a hundred megabytes and look the same


def print_pdf(parent: QWidget | None, data: bytes, job_name: str) -> bool:
    """Print one PDF; see ``print_papers``."""
    return print_papers(parent, (data,), job_name)


def print_papers(parent: QWidget | None, papers: Sequence[bytes], job_name: str) -> bool:
    """Print PDFs one after the other as one job; return whether it was sent. The job's name holds no person's name.

    All pages are printed: what is filed is what left. Raises PrintProblem if the printer refuses.
    """
    pdfs = [Pdf(data) for data in papers]
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(job_name)
    wide, high = pdfs[0].size(0)
    printer.setPageSize(QPageSize(QSizeF(wide, high), QPageSize.Unit.Point))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    printer.setPageMargins(QMarginsF(0, 0, 0, 0))
    if not ask.choose_printer(parent, printer):
        return False
    paint_pages(pdfs, printer)
    return True


def paint_pages(pdfs: Sequence[Pdf], printer: QPrinter) -> None:
    """Send all pages to a printer, each at the printer's resolution and in its own size."""
    painter = QPainter()
    if not painter.begin(printer):
        raise PrintProblem(_("The printer did not take the pages. Is it switched on and ready?"))
    dots = min(printer.resolution(), _MOST)
    pages = [(pdf, page) for pdf in pdfs for page in range(pdf.page_count)]
    try:
        for number, (pdf, page) in enumerate(pages):
            if number and not printer.newPage():
                raise PrintProblem(_("The printer stopped after page {page}.").format(page=number))
            wide, high = pdf.size(page)
            picture = pdf.picture(page, round(wide / _POINTS * dots))
            scale = printer.resolution() / _POINTS
            painter.drawImage(QRectF(0, 0, wide * scale, high * scale), picture)
    finally:
        painter.end()
    if printer.printerState() is QPrinter.PrinterState.Error:
        raise PrintProblem(_("The printer reported a problem. Please look at it before you print again."))
