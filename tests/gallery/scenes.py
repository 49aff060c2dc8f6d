"""The table of scenes: what each picture is called, which vault it starts from, and what is done to get there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.gallery import (
    scenes_chart,
    scenes_help,
    scenes_refer,
    scenes_resources,
    scenes_safe,
    scenes_start,
    scenes_today,
)
from tests.gallery.stage import Stage
from tests.gallery.vaults import EMPTY, NOTHING, TOWN

Pose = Callable[[Stage], object]


@dataclass(frozen=True)
class Scene:
    """One picture. ``pose`` brings the window there; a dialog that opens on the way is the picture."""

    name: str
    pose: Pose
    vault: str = TOWN
    is_detail: bool = False  # a finer point of a page that has its picture: drawn in one size only


def _scenes(poses: Mapping[str, Pose], vault: str = TOWN, *, is_detail: bool = False) -> tuple[Scene, ...]:
    return tuple(Scene(name, pose, vault, is_detail) for name, pose in poses.items())


SCENES: tuple[Scene, ...] = (
    *_scenes(scenes_start.FIRST_START, NOTHING),
    *_scenes(scenes_start.FIRST_START_DETAILS, NOTHING, is_detail=True),
    *_scenes(scenes_start.LOCKED),
    *_scenes(scenes_start.LOCKED_DETAILS, is_detail=True),
    *_scenes(scenes_help.SCENES),
    *_scenes(scenes_help.DETAILS, is_detail=True),
    *_scenes(scenes_today.SCENES),
    *_scenes(scenes_today.DETAILS, is_detail=True),
    *_scenes(scenes_today.EMPTY_SCENES, EMPTY),
    *_scenes(scenes_chart.SCENES),
    *_scenes(scenes_chart.DETAILS, is_detail=True),
    *_scenes(scenes_refer.SCENES),
    *_scenes(scenes_refer.DETAILS, is_detail=True),
    *_scenes(scenes_refer.EMPTY_SCENES, EMPTY),
    *_scenes(scenes_resources.SCENES),
    *_scenes(scenes_resources.DETAILS, is_detail=True),
    *_scenes(scenes_resources.EMPTY_SCENES, EMPTY),
    *_scenes(scenes_safe.SCENES),
    *_scenes(scenes_safe.DETAILS, is_detail=True),
)
