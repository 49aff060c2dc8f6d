"""Paper on the screen and through the system's print dialog: a PDF in memory, never a file (security.md 3.9)."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.errors import PrintProblem
from crisisdesk.i18n import _
from crisisdesk.ui import ask, theme
from crisisdesk.ui.page import Scroll
from crisisdesk.ui.theme import px

_POINTS = 72  # an inch
_DOTS = 300  # an inch; what a page is rendered at for paper


class Pdf(QObject):
    """A PDF in memory, as pictures of its pages. Making one raises PrintProblem if it can't be read."""

    def __init__(self, data: bytes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bytes = QByteArray(data)
        self._buffer = QBuffer(self._bytes, self)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document = QPdfDocument(self)
        self._document.load(self._buffer)
        if self._document.status() is not QPdfDocument.Status.Ready:
            raise PrintProblem(_("The pages could not be shown. Nothing was printed or lost."))

    @property
    def page_count(self) -> int:
        """How many pages it has."""
        return self._document.pageCount()

    def size(self, page: int) -> tuple[float, float]:
        """Return a page's width and height in points."""
        size = self._document.pagePointSize(page)
        return size.width(), size.height()

    def picture(self, page: int, width: int) -> QImage:
        """Return a page as a picture so many pixels wide, on white."""
        wide, high = self.size(page)
        size = QSize(width, max(1, round(width * high / wide)))
        made = QImage(size, QImage.Format.Format_RGB32)
        made.fill(Qt.GlobalColor.white)
        painter = QPainter(made)
        painter.drawImage(0, 0, self._document.render(page, size))
        painter.end()
        return made


class PagePicture(QWidget):
    """One page as it will be printed, as wide as there is room."""

    def __init__(self, pdf: Pdf | None = None, page: int = 0, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pdf = pdf
        self._page = page
        self._picture: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(name or _("Page {number}").format(number=page + 1))

    def show_page(self, pdf: Pdf | None, page: int = 0) -> None:
        """Show another page, or nothing."""
        self._pdf, self._page, self._picture = pdf, page, None
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, arg__1: int) -> int:
        wide, high = self._pdf.size(self._page) if self._pdf else (612.0, 792.0)
        return round(arg__1 * high / wide)

    def sizeHint(self) -> QSize:
        return QSize(px(240), self.heightForWidth(px(240)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._picture = None

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        height = min(self.height(), self.heightForWidth(self.width()))
        width = round(self.width() * height / max(1, self.heightForWidth(self.width())))
        if self._pdf is not None:
            if self._picture is None:
                ratio = self.devicePixelRatioF()
                self._picture = self._pdf.picture(self._page, max(1, round(width * ratio)))
                self._picture.setDevicePixelRatio(ratio)
            painter.drawImage(0, 0, self._picture)
        painter.setPen(theme.colour("control"))
        painter.drawRect(QRectF(0.5, 0.5, width - 1, height - 1))
        painter.end()


class PaperView(QWidget):
    """All pages of a PDF, one under the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._pages = QWidget()
        self._column = QVBoxLayout(self._pages)
        self._column.setSpacing(px(16))
        column.addWidget(Scroll(self._pages))

    def show_pdf(self, pdf: Pdf) -> None:
        """Show another PDF."""
        while self._column.count():
            item = self._column.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.deleteLater()
        for page in range(pdf.page_count):
            self._column.addWidget(PagePicture(pdf, page))


def print_pdf(parent: QWidget | None, data: bytes, job_name: str) -> bool:
    """Print through the system's dialog; return whether it was sent. The job's name holds no person's name.

    Raises PrintProblem if the printer refuses.
    """
    pdf = Pdf(data)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(job_name)
    printer.setFullPage(True)
    wide, high = pdf.size(0)
    printer.setPageSize(QPageSize(QPageSize.id(QSize(round(wide), round(high)))))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFromTo(1, pdf.page_count)
    if not ask.run(QPrintDialog(printer, parent)):
        return False
    paint_pages(pdf, printer)
    return True


def paint_pages(pdf: Pdf, printer: QPrinter) -> None:
    """Send the chosen pages to a printer."""
    painter = QPainter()
    if not painter.begin(printer):
        raise PrintProblem(_("The printer did not take the pages. Is it switched on and ready?"))
    first = max(1, printer.fromPage())
    last = min(pdf.page_count, printer.toPage() or pdf.page_count)
    for page in range(first, last + 1):
        if page > first and not printer.newPage():
            painter.end()
            raise PrintProblem(_("The printer stopped after page {page}.").format(page=page - 1))
        wide, _high = pdf.size(page - 1)
        picture = pdf.picture(page - 1, round(wide / _POINTS * _DOTS))
        painter.drawImage(QRectF(printer.pageRect(QPrinter.Unit.DevicePixel)), picture)
    painter.end()
