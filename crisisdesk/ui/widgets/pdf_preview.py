"""Paper on the screen: a PDF in memory, never a file (security.md 3.9); a page, or all of them in large."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.errors import PrintProblem
from crisisdesk.i18n import _
from crisisdesk.ui import theme
from crisisdesk.ui.page import Scroll
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.buttons import icon_button
from crisisdesk.ui.widgets.labels import label, line

_LETTER = (612.0, 792.0)  # points; the shape of an empty page
_THUMB = 88
_ZOOMS = (480, 640, 800, 1040, 1320)  # widths of a page at 100 % text size


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

    def text(self, page: int) -> str:
        """Return what a page says, for who listens to it instead of looking."""
        return self._document.getAllText(page).text()

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
    """One page as it will be printed, as wide as there is room; ``pressed`` where it can be enlarged."""

    pressed = Signal()

    def __init__(self, pdf: Pdf | None = None, page: int = 0, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pdf = pdf
        self._page = page
        self._picture: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(name or _("Page {number}").format(number=page + 1))
        self._say()

    def show_page(self, pdf: Pdf | None, page: int = 0) -> None:
        """Show another page, or nothing."""
        self._pdf, self._page, self._picture = pdf, page, None
        self._say()
        self.updateGeometry()
        self.update()

    def _say(self) -> None:
        self.setAccessibleDescription(self._pdf.text(self._page) if self._pdf else "")

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, arg__1: int) -> int:
        wide, high = self._pdf.size(self._page) if self._pdf else _LETTER
        return round(arg__1 * high / wide)

    def sizeHint(self) -> QSize:
        return QSize(px(240), self.heightForWidth(px(240)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._picture = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.pressed.emit()

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
    """All pages of some PDFs, one under the other; ``shown(page)`` says which one is at the top."""

    shown = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._pages = QWidget()
        self._column = QVBoxLayout(self._pages)
        self._column.setSpacing(px(16))
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._scroll: QScrollArea = Scroll(self._pages)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that keys scroll it
        column.addWidget(self._scroll)
        self._pictures: list[PagePicture] = []
        self._scroll.verticalScrollBar().valueChanged.connect(self._scrolled)

    def show_pdf(self, pdf: Pdf) -> None:
        """Show another PDF."""
        self.show_pdfs((pdf,))

    def show_pdfs(self, pdfs: tuple[Pdf, ...]) -> None:
        """Show other PDFs, one after the other."""
        for gone in self._pictures:
            self._column.removeWidget(gone)
            gone.deleteLater()
        self._pictures = [PagePicture(pdf, page) for pdf in pdfs for page in range(pdf.page_count)]
        for number, picture in enumerate(self._pictures, start=1):
            picture.setAccessibleName(_("Page {number}").format(number=number))
            self._column.addWidget(picture)

    def set_width(self, width: int) -> None:
        """Make each page so many pixels wide."""
        for picture in self._pictures:
            picture.setFixedSize(width, picture.heightForWidth(width))

    def go_to(self, page: int) -> None:
        """Scroll a page to the top."""
        if 0 <= page < len(self._pictures):
            self._scroll.verticalScrollBar().setValue(self._pictures[page].y())

    def _scrolled(self, value: int) -> None:
        above = [place for place, each in enumerate(self._pictures) if each.y() <= value + px(80)]
        self.shown.emit(above[-1] if above else 0)


class _Thumb(PagePicture):
    """A page's little picture, framed while the page is shown."""

    def __init__(self, pdf: Pdf, page: int, number: int) -> None:
        super().__init__(pdf, page, name=_("Go to page {number}").format(number=number))
        self.setFixedSize(px(_THUMB), self.heightForWidth(px(_THUMB)))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._is_shown = False

    def frame(self, *, on: bool) -> None:
        """Frame it, or not."""
        if on != self._is_shown:
            self._is_shown = on
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_shown:
            painter = QPainter(self)
            pen = painter.pen()
            pen.setColor(theme.colour("accent"))
            pen.setWidth(px(3))
            painter.setPen(pen)
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
            painter.end()


class LargePreview(QWidget):
    """All pages in large, with little ones to go to, a zoom and perhaps acts; a card for ``window.overlay``."""

    closed = Signal()

    def __init__(self, title: str, pdfs: tuple[Pdf, ...], *, page: int = 0, acts: tuple[QWidget, ...] = ()) -> None:
        super().__init__()
        self._zoom = 2
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head(title, acts))
        column.addWidget(line())
        row = QHBoxLayout()
        row.setSpacing(0)
        self._thumbs = [_Thumb(pdf, at, 0) for pdf in pdfs for at in range(pdf.page_count)]
        row.addWidget(self._strip())
        row.addWidget(line(is_vertical=True))
        self.view = PaperView()
        self.view.show_pdfs(pdfs)
        self.view.shown.connect(self._mark)
        row.addWidget(self.view, 1)
        column.addLayout(row, 1)
        self._resize()
        self._mark(page)
        self._first = page

    def sizeHint(self) -> QSize:
        return QSize(px(1000), px(2000))  # as high as the window lets it be

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), px(240))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resize()
        first, self._first = self._first, 0
        if first:
            layout = self.view.layout()
            if layout is not None:
                layout.activate()
            self.view.go_to(first)

    def _head(self, title: str, acts: tuple[QWidget, ...]) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(px(20), px(8), px(12), px(8))
        row.setSpacing(px(4))
        row.addWidget(label(title, Role.SECTION))
        row.addStretch(1)
        for act in acts:
            row.addWidget(act)
        self.smaller = icon_button("minus", _("Smaller"), lambda: self._step(-1))
        self.larger = icon_button("plus", _("Larger"), lambda: self._step(1))
        row.addWidget(self.smaller)
        row.addWidget(self.larger)
        row.addWidget(icon_button("close", _("Close the preview"), self.closed.emit))
        return head

    def _strip(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        column.setSpacing(px(8))
        for place, thumb in enumerate(self._thumbs):
            thumb.setAccessibleName(_("Go to page {number}").format(number=place + 1))
            thumb.pressed.connect(lambda place=place: self.view.go_to(place))
            column.addWidget(thumb)
        column.addStretch(1)
        made = Scroll(holder, margin=0)
        made.setFixedWidth(px(_THUMB + 28))
        return made

    def _step(self, by: int) -> None:
        self._zoom = max(0, min(len(_ZOOMS) - 1, self._zoom + by))
        self._resize()

    def _resize(self) -> None:
        room = self.width() - px(_THUMB + 28) - px(48)
        self.view.set_width(max(px(200), min(px(_ZOOMS[self._zoom]), room)))
        self.smaller.setEnabled(self._zoom > 0)
        self.larger.setEnabled(self._zoom < len(_ZOOMS) - 1 and px(_ZOOMS[self._zoom]) < room)

    def _mark(self, page: int) -> None:
        for place, thumb in enumerate(self._thumbs):
            thumb.frame(on=place == page)
