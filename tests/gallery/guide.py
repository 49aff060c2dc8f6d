"""The guide's pictures: cut out of scenes, twice as fine as the screen, in few colours."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from crisisdesk.ui.forms.client import ClientCard
from crisisdesk.ui.forms.service import ServiceForm
from tests.gallery import scenes_chart, scenes_refer, scenes_resources, scenes_start, scenes_today
from tests.gallery.stage import Stage, Variant
from tests.gallery.vaults import NOTHING, TOWN

FINE = 2  # pixels of a picture to one of the window
VARIANT = Variant("guide", 1366, 768)
_COLOURS = 160  # the commonest: flat surfaces and the greys of type, so nobody sees the difference
_WORDS = ("heron", "lantern", "maple", "copper", "window", "river")
FOLDER = Path(__file__).parents[2] / "resources" / "guide"


@dataclass(frozen=True)
class Shot:
    """One picture: how the window gets there, and the part of it that the page shows, in the window's own pixels."""

    name: str
    pose: Callable[[Stage], object]
    part: tuple[int, int, int, int]
    vault: str = TOWN


def _passphrase(stage: Stage) -> None:
    """Show six words that nobody will use, the same each time."""
    step = stage.setup.passphrase
    step._words = _WORDS
    for tile, word in zip(step.tiles, _WORDS, strict=True):
        tile.say(word)
    step.field.setText(" ".join(_WORDS[:3]))
    stage.settle()


def _service(stage: Stage) -> None:
    scenes_resources.SCENES["form-service-new"](stage)
    stage.find(ServiceForm).form.set_values({"organization": "Hope House", "name": "Single rooms"})
    stage.settle()


def _client(stage: Stage) -> None:
    scenes_chart.SCENES["form-client-new"](stage)
    stage.find(ClientCard).form.set_values({"first_name": "Jordan", "last_name": "Reyes"})
    stage.settle()


def _print(stage: Stage) -> None:
    stage.window.resize(VARIANT.width, 690)  # so that what is to be seen to stands right over the button
    scenes_refer.SCENES["refer"](stage)


SHOTS: tuple[Shot, ...] = (
    Shot(
        "passphrase",
        _passphrase,
        (376, 44, 672, 384),
        NOTHING,
    ),
    Shot("sheet", scenes_start.FIRST_START["first-start-2-sheet"], (376, 44, 672, 384), NOTHING),
    Shot("service", _service, (312, 96, 732, 192)),
    Shot("client", _client, (312, 96, 742, 210)),
    Shot("refer", scenes_refer.SCENES["refer"], (194, 106, 664, 362)),
    Shot("print", _print, (886, 430, 468, 258)),
    Shot("today", scenes_today.SCENES["today"], (194, 249, 636, 144)),
)


def write(shot: Shot, picture: QImage, folder: Path = FOLDER) -> Path:
    """Cut a shot out of the window's picture, and keep it as a small file."""
    left, top, wide, high = (FINE * each for each in shot.part)
    cut = picture.copy(QRect(left, top, wide, high)).convertToFormat(QImage.Format.Format_RGB32)
    counted = Counter(memoryview(cut.constBits()).cast("I").tolist())
    palette = [colour for colour, _count in counted.most_common(_COLOURS)]
    few = cut.convertToFormat(QImage.Format.Format_Indexed8, palette, Qt.ImageConversionFlag.AvoidDither)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{shot.name}.png"
    few.setDevicePixelRatio(1)
    if not few.save(str(file), quality=0):  # the smallest
        raise OSError(f"{file.name} could not be written")
    return file
