"""Makes the program's icons in every size and form that a system asks for, from one drawing, into ``.build/icons``."""

import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402  the program's own folder comes first, above
from PySide6.QtGui import QGuiApplication, QImage, QPainter  # noqa: E402  as above
from PySide6.QtSvg import QSvgRenderer  # noqa: E402  as above

from crisisdesk import APP_ID, NAME  # noqa: E402  as above

DRAWING = ROOT / "resources" / "icons" / "app.svg"
RESULT = ROOT / ".build" / "icons"
LINUX = (16, 22, 24, 32, 48, 64, 128, 256, 512)
WINDOWS = (16, 20, 24, 32, 40, 48, 64, 256)  # 20 and 40: the task bar at 125 %
MAC = (32, 64, 128, 256, 512, 1024)  # Pillow knows no 16 but that of a fine screen: 32


def make(folder: Path = RESULT) -> Path:
    """Draw all of them into a folder, which is emptied first, and return it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    drawn = _draw(folder / "drawn", sorted({*LINUX, *WINDOWS, *MAC}))
    tree = folder / "hicolor"
    for size in LINUX:
        place = tree / f"{size}x{size}" / "apps"
        place.mkdir(parents=True)
        shutil.copyfile(drawn[size], place / f"{APP_ID}.png")
    (tree / "scalable" / "apps").mkdir(parents=True)
    shutil.copyfile(DRAWING, tree / "scalable" / "apps" / f"{APP_ID}.svg")
    _join([drawn[size] for size in WINDOWS], folder / f"{NAME.lower()}.ico")
    _join([drawn[size] for size in MAC], folder / f"{NAME.lower()}.icns")
    shutil.rmtree(folder / "drawn")
    return folder


def _draw(folder: Path, sizes: list[int]) -> dict[int, Path]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir()
    drawing = QSvgRenderer(str(DRAWING))
    paths = {size: folder / f"{size}.png" for size in sizes}
    for size, path in paths.items():
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        drawing.render(painter)
        painter.end()
        if not image.save(str(path)):
            raise OSError(f"{path.name} can't be written")
    del app
    return paths


def _join(pictures: list[Path], target: Path) -> None:
    """Put pictures of growing sizes into one file, each as it was drawn: none is made from another."""
    with ExitStack() as stack:
        images = [stack.enter_context(Image.open(path)) for path in pictures]
        images[-1].save(target, sizes=[image.size for image in images], append_images=images[:-1])


if __name__ == "__main__":
    sys.stdout.write(f"{make()}\n")
