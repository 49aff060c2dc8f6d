"""The square that holds a packet's number."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from crisisdesk.documents.packet import packet_pdf
from crisisdesk.records.choices import PageKind
from tests.documents.paper import MARIA

_SIZE = 21
_MILLIMETRE = 72 / 25.4
_MASKS = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, _column: row % 2 == 0,
    lambda _row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)


def _squares(pdf: bytes, page: int) -> list[tuple[float, float, float]]:
    """Return x, y and size of each small filled square of a page."""
    reader = PdfReader(BytesIO(pdf))
    found = []
    for operands, operator in ContentStream(reader.pages[page].get_contents(), reader).operations:
        if operator == b"re":
            x, y, width, height = (float(number) for number in operands)
            if abs(width - height) < 0.01 and width < 6:
                found.append((x, y, width))
    return found


def _modules(squares: list[tuple[float, float, float]]) -> list[list[bool]]:
    size = squares[0][2]
    left, top = min(x for x, _y, _size in squares), max(y for _x, y, _size in squares)
    dark = {(round((top - y) / size), round((x - left) / size)) for x, y, _size in squares}
    return [[(row, column) in dark for column in range(_SIZE)] for row in range(_SIZE)]


def _bits(modules: list[list[bool]]) -> Iterator[int]:
    """Yield the bits of a code of version 1 in reading order, unmasked (ISO/IEC 18004)."""
    form = 0
    for row, column in [(8, at) for at in (0, 1, 2, 3, 4, 5, 7, 8)] + [(at, 8) for at in (7, 5, 4, 3, 2, 1, 0)]:
        form = form << 1 | modules[row][column]
    mask = _MASKS[(form ^ 0b101010000010010) >> 10 & 7]
    upwards = True
    for right in (20, 18, 16, 14, 12, 10, 8, 5, 3, 1):
        for row in range(_SIZE - 1, -1, -1) if upwards else range(_SIZE):
            for column in (right, right - 1):
                in_corner = (row < 9 and (column < 9 or column > 12)) or (row > 12 and column < 9)
                if not in_corner and row != 6:
                    yield modules[row][column] ^ mask(row, column)
        upwards = not upwards


def _read(modules: list[list[bool]]) -> str:
    """Read the digits of a numeric code, trusting its data: nothing was damaged on the way here."""
    bits = "".join(str(int(bit)) for bit in _bits(modules))
    assert bits[:4] == "0001"  # numeric
    count = int(bits[4:14], 2)
    at, digits = 14, ""
    while len(digits) < count:
        take = min(3, count - len(digits))
        width = (0, 4, 7, 10)[take]
        digits += f"{int(bits[at : at + width], 2):0{take}d}"
        at += width
    return digits


@pytest.mark.parametrize("number", ["481207", "000000", "999999", "100200"])
def test_the_code_holds_the_packets_number_and_nothing_else(number: str) -> None:
    laid = packet_pdf(replace(MARIA, number=number), [PageKind.COVER, PageKind.REFERRAL_FORM])

    for page in (0, 1):
        assert _read(_modules(_squares(laid.data, page))) == number


@pytest.mark.parametrize("is_large", [False, True])
def test_a_module_is_a_millimetre_or_more(*, is_large: bool) -> None:
    laid = packet_pdf(MARIA, [PageKind.COVER], is_large=is_large)

    assert min(size for _x, _y, size in _squares(laid.data, 0)) >= _MILLIMETRE


def test_the_client_page_has_no_code() -> None:
    assert _squares(packet_pdf(MARIA, [PageKind.HANDOUT]).data, 0) == []
