"""Paper through the system's print dialog: PDFs in memory, never a file (security.md 3.9)."""

import re
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

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


# A printer of the system's that only makes files says so in its name: "Microsoft Print to PDF", "PDF", "XPS Writer".
_FILE_PRINTER = re.compile(r"\b(pdf|xps)\b", re.IGNORECASE)


class Went(StrEnum):
    """Where the pages went."""

    NOWHERE = "nowhere"
    PAPER = "paper"
    FILE = "file"


def print_pdf(parent: QWidget | None, data: bytes, job_name: str, *, hint: str = "") -> Went:
    """Print one PDF; see ``print_papers``."""
    return print_papers(parent, (data,), job_name, hint=hint)


def print_papers(parent: QWidget | None, papers: Sequence[bytes], job_name: str, *, hint: str = "") -> Went:
    """Print PDFs one after the other as one job; return where they went. The job's name holds no person's name.

    Before a printer makes a file instead of paper she is asked, with ``hint`` on what else could be done.
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
        return Went.NOWHERE
    if not makes_file(printer):
        paint_pages(pdfs, printer)
        return Went.PAPER
    words = _("This printer makes an open file that anybody can read, not paper.")
    if not ask.confirm(parent, _("Make an open file?"), f"{words} {hint}".strip(), act=_("Make the file"), danger=True):
        return Went.NOWHERE
    _lock_down(printer.outputFileName())
    paint_pages(pdfs, printer)
    return Went.FILE


def makes_file(printer: QPrinter) -> bool:
    """Whether what is printed becomes a file, as far as Qt and the printer's name tell."""
    is_pdf = printer.outputFormat() is QPrinter.OutputFormat.PdfFormat
    return is_pdf or bool(printer.outputFileName()) or bool(_FILE_PRINTER.search(printer.printerName()))


def _lock_down(name: str) -> None:
    """Let nobody else on this computer read the file that is about to be written."""
    if not name:
        return  # the system's own printer asks for the name
    path = Path(name)
    with suppress(OSError):  # where no file can be made, the printer says so
        path.touch(mode=0o600)
        if path.is_file():
            path.chmod(0o600)


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
