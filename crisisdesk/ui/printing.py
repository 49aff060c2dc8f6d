"""Paper through the system's print dialog: PDFs in memory, never a file (security.md 3.9)."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from crisisdesk.errors import PrintProblem
from crisisdesk.i18n import N_, _
from crisisdesk.ui import ask
from crisisdesk.ui.widgets.pdf_preview import Pdf

_POINTS = 72  # an inch
_MOST = 400  # dots an inch; finer, a page would take a hundred megabytes and look the same


# A printer of the system's that makes no paper says so in its name: "Microsoft Print to PDF", "OneNote (Desktop)".
_FILE_PRINTER = re.compile(r"(?<![a-z])(pdf|xps|postscript file|print to file)(?![a-z])", re.IGNORECASE)
_PROGRAM = re.compile(r"onenote|evernote|cloud ?print|e-?mail|(?<![a-z])send to(?![a-z])", re.IGNORECASE)
_FAX = re.compile(r"(?<![a-z])fax", re.IGNORECASE)
_told: set[str] = set()  # network printers of which she has been told since the program started


class Went(StrEnum):
    """Where the pages went."""

    NOWHERE = "nowhere"
    PAPER = "paper"
    FILE = "file"


@dataclass(frozen=True, kw_only=True)
class Printer:
    """What Qt tells of a printer."""

    name: str
    make: str = ""
    is_remote: bool = False
    is_file: bool = False


@dataclass(frozen=True, kw_only=True)
class Caution:
    """What she should know before the pages go to a printer: one calm sentence. ``went``: where they are then."""

    title: str
    words: str
    act: str
    went: Went
    is_once: bool = False  # told once since the program started, and then no more


def print_pdf(parent: QWidget | None, data: bytes, job_name: str, *, hint: str = "") -> Went:
    """Print one PDF; see ``print_papers``."""
    return print_papers(parent, (data,), job_name, hint=hint)


def print_papers(parent: QWidget | None, papers: Sequence[bytes], job_name: str, *, hint: str = "") -> Went:
    """Print PDFs one after the other as one job; return where they went. The job's name holds no person's name.

    Before a printer makes a file, hands the pages to another program, faxes them or stands on a network, she is asked,
    with ``hint`` on what else could be done than make a file.
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
    known = known_of(printer)
    caution = caution_about(known)
    if caution is not None and not _agreed(parent, known, caution, hint):
        return Went.NOWHERE
    if caution is not None and caution.went is Went.FILE and printer.outputFileName():
        _paint_file(pdfs, printer)
    else:  # on paper; or the system's own printer asks for the file's name
        paint_pages(pdfs, printer)
    return Went.PAPER if caution is None else caution.went


def known_of(printer: QPrinter) -> Printer:
    """Return what Qt tells of the chosen printer."""
    info = QPrinterInfo(printer)
    is_pdf = printer.outputFormat() is QPrinter.OutputFormat.PdfFormat
    return Printer(
        name=printer.printerName(),
        make=info.makeAndModel(),
        is_remote=not info.isNull() and info.isRemote(),
        is_file=is_pdf or bool(printer.outputFileName()),
    )


def caution_about(printer: Printer) -> Caution | None:
    """Return what to know about a printer, the gravest first; None if its pages simply come out on paper."""
    if printer.is_file or _FILE_PRINTER.search(printer.name):
        return _OPEN_FILE
    if _PROGRAM.search(f"{printer.name} {printer.make}"):
        return _OTHER_PROGRAM
    if _FAX.search(printer.name):
        return _BY_FAX
    return _NETWORK if printer.is_remote else None


_OPEN_FILE = Caution(
    title=N_("Make an open file?"),
    words=N_("This printer makes an open file that anybody can read, not paper."),
    act=N_("Make the file"),
    went=Went.FILE,
)
_OTHER_PROGRAM = Caution(
    title=N_("Hand the pages to another program?"),
    words=N_("This printer gives the pages to another program, which may keep them or send them over the internet."),
    act=N_("Hand them over"),
    went=Went.FILE,
)
_BY_FAX = Caution(
    title=N_("Send the pages by fax?"),
    words=N_("This printer sends a fax: the pages leave for the number that you choose, and can’t be called back."),
    act=N_("Send them"),
    went=Went.PAPER,
)
_NETWORK = Caution(
    title=N_("Print on a shared printer?"),
    words=N_(
        "This printer stands in a network. It may keep the pages, and others may see them lie there: let it wait for a"
        " code of yours if it can, and fetch them at once."
    ),
    act=N_("Print"),
    went=Went.PAPER,
    is_once=True,
)


def _agreed(parent: QWidget | None, printer: Printer, caution: Caution, hint: str) -> bool:
    """Tell her what to know, and ask whether to go on."""
    if caution.is_once and printer.name in _told:
        return True
    words = f"{_(caution.words)} {hint}".strip() if caution is _OPEN_FILE else _(caution.words)
    is_grave = caution.went is Went.FILE
    agreed = ask.confirm(parent, _(caution.title), words, act=_(caution.act), danger=is_grave)
    if agreed:
        _told.add(printer.name)
    return agreed


def _paint_file(pdfs: Sequence[Pdf], printer: QPrinter) -> None:
    """Paint all pages into a file. A new one that fails is removed."""
    path = Path(printer.outputFileName())
    is_new = not path.exists()
    _lock_down(path)
    try:
        paint_pages(pdfs, printer)
    except PrintProblem:
        if is_new:
            path.unlink(missing_ok=True)
        raise


def _is_cut_short(printer: QPrinter) -> bool:
    """Whether Qt made a PDF without its end: of a full disk it says nothing."""
    name = printer.outputFileName()
    if not name or printer.outputFormat() is not QPrinter.OutputFormat.PdfFormat:
        return False
    try:
        return not Path(name).read_bytes().rstrip().endswith(b"%%EOF")
    except OSError:
        return True


def _lock_down(path: Path) -> None:
    """Let nobody else on this computer read the file that is about to be written."""
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
    if _is_cut_short(printer):
        raise PrintProblem(_("The file could not be written whole; the disk may be full. Please choose another place."))
