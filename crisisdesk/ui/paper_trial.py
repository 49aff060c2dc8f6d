"""Prints to a file as the print dialog would, without asking: for the self-test of an installed program."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from crisisdesk.ui.printing import paint_pages
from crisisdesk.ui.widgets.pdf_preview import Pdf


def print_to_file(papers: Sequence[bytes], target: Path) -> tuple[list[str], int]:
    """Print made-up papers into a PDF; return what each of their pages says, and how many pages came out."""
    app = QApplication.instance() or QApplication([])
    pdfs = [Pdf(paper) for paper in papers]
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    paint_pages(pdfs, printer)
    printed = Pdf(target.read_bytes()).page_count
    said = [pdf.text(page) for pdf in pdfs for page in range(pdf.page_count)]
    del app
    return said, printed
