"""Where there is ink on the page, and where there is none."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument

from crisisdesk.documents.facts import Packet, Paper
from crisisdesk.documents.packet import packet_pdf
from crisisdesk.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf
from crisisdesk.resources import resource
from tests.documents.paper import ALL, MARIA, NOBODY, filled

_SIDE, _TOP, _BOTTOM = 54, 36, 30  # points
_WHITE = 250


def _ink(pdf: bytes, size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Return left, top, right and bottom of what is printed on each page, in points."""
    data = QByteArray(pdf)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    return [_box(document.render(page, QSize(*size))) for page in range(document.pageCount())]


def _box(page: QImage) -> tuple[int, int, int, int]:
    sheet = QImage(page.size(), QImage.Format.Format_Grayscale8)
    sheet.fill(255)
    painter = QPainter(sheet)
    painter.drawImage(0, 0, page)
    painter.end()
    wide, data = sheet.bytesPerLine(), bytes(sheet.constBits())
    dark = bytes(int(level < _WHITE) for level in range(256))
    rows = [data[y * wide : y * wide + sheet.width()].translate(dark) for y in range(sheet.height())]
    inked = [y for y, row in enumerate(rows) if 1 in row]
    left, right = min(row.index(1) for row in rows if 1 in row), max(row.rfind(1) for row in rows)
    return left, inked[0], right, inked[-1]


pytestmark = pytest.mark.usefixtures("qapp")  # a QImage is painted on


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize(
    "packet",
    [
        MARIA,
        NOBODY,
        replace(filled(MARIA, "W" * 200), first_printed_at=MARIA.printed_at),
        filled(MARIA, "Nguyễn <b> 王 "),
    ],
    ids=["ordinary", "empty", "long", "mixed"],
)
def test_no_word_reaches_into_the_margins(packet: Packet, *, is_large: bool) -> None:
    width, height = 612, 792

    for left, top, right, bottom in _ink(packet_pdf(packet, ALL, is_large=is_large).data, (width, height)):
        assert left >= _SIDE - 1
        assert top >= _TOP - 1
        assert right <= width - _SIDE + 1
        assert bottom <= height - _BOTTOM + 1


def test_the_recovery_sheet_keeps_its_margins() -> None:
    sheet = RecoverySheet(code="W" * 30, vault="3f9a12c4", made_at=MARIA.printed_at)
    (box,) = _ink(recovery_sheet_pdf(sheet, paper=Paper.LETTER), (612, 792))

    assert box[0] >= _SIDE - 1
    assert box[2] <= 612 - _SIDE + 1


def test_the_icons_of_the_handout_exist() -> None:
    for name in ("phone", "due", "pin", "bring", "list", "info"):
        assert resource("icons", f"{name}.svg").is_file()
