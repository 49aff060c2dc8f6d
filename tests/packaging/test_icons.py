"""One drawing becomes every icon that a system asks for."""

import struct

import icons
import pytest
from PySide6.QtGui import QColor, QImage

from crisisdesk import APP_ID

_MAC_KINDS = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}


@pytest.fixture(scope="module")
def made(tmp_path_factory, qapp):
    del qapp  # it would make one of its own, without a window
    return icons.make(tmp_path_factory.mktemp("icons") / "made")


def test_each_size_for_linux_is_drawn_and_fills_its_square(made):
    for size in icons.LINUX:
        picture = QImage(str(made / "hicolor" / f"{size}x{size}" / "apps" / f"{APP_ID}.png"))
        assert (picture.width(), picture.height()) == (size, size)
        assert picture.pixelColor(0, 0).alpha() == 0  # a round corner
        assert picture.pixelColor(size // 2, 0) == QColor("#0F5E5A")
        assert picture.pixelColor(round(size * 0.54), size // 2).blue() < 160  # the lamp
    assert (made / "hicolor" / "scalable" / "apps" / f"{APP_ID}.svg").read_bytes() == icons.DRAWING.read_bytes()


def test_windows_gets_all_its_sizes_in_one_file(made):
    content = (made / "crisisdesk.ico").read_bytes()
    zero, kind, count = struct.unpack_from("<HHH", content)
    widths = [content[6 + 16 * number] or 256 for number in range(count)]
    assert (zero, kind, tuple(widths)) == (0, 1, icons.WINDOWS)


def test_the_mac_gets_its_own(made):
    content = (made / "crisisdesk.icns").read_bytes()
    assert content[:4] == b"icns"
    kinds, at = [], 8
    while at < len(content):
        kinds.append(content[at : at + 4])
        at += struct.unpack_from(">I", content, at + 4)[0]
    assert at == len(content)
    assert {_MAC_KINDS[kind] for kind in kinds if kind in _MAC_KINDS} == set(icons.MAC)
    assert not (made / "drawn").exists()
