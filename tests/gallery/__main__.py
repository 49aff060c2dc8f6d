"""Draw every page, form, dialog and document: python -m tests.gallery [--out DIR] [--only PART] [--variant NAME].

With --guide instead the few pictures that the guide "Install and first client" bears, anew in resources/guide.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from tests.gallery import guide
from tests.gallery.complete import names_of, page_ids, to_be_shown
from tests.gallery.papers import draw_papers
from tests.gallery.scenes import SCENES, Scene
from tests.gallery.stage import VARIANTS, Stage, Variant
from tests.gallery.vaults import make_vaults, open_town

_PAPERS = "papers"
_GUIDE = "guide"
_QUALITY = 80  # of 100: quick to write, and not much larger
_FOLDER = "gallery"  # where nobody names another


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw it all, side by side in as many programs as the computer has cores; 1 if anything is missing."""
    given = _read(arguments)
    out = Path(given.out).resolve()
    if given.worker:
        return _work(given.worker, out, Path(given.vaults), given.only)
    began = time.monotonic()
    wanted = [given.variant] if given.variant else [*(variant.name for variant in VARIANTS), _PAPERS]
    wanted = [_GUIDE] if given.guide else wanted
    with tempfile.TemporaryDirectory(prefix="crisisdesk-gallery-") as folder:
        make_vaults(Path(folder))
        failed = _run_all(wanted, ["--out", str(out), "--vaults", folder, "--only", given.only])
    missing = (
        []
        if given.variant or given.only or given.guide
        else _missing(out, [name for name in wanted if name != _PAPERS])
    )
    out = guide.FOLDER if given.guide else out
    _say(f"{_count(out)} pictures in {out}, {time.monotonic() - began:.0f} s")
    for name in missing:
        _say(f"NOT IN ANY PICTURE: {name} (add a scene in tests/gallery/scenes*.py)")
    return 1 if failed or missing else 0


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py gallery", description=__doc__)
    parser.add_argument("--out", default=_FOLDER, help=f"the folder for the pictures (else ./{_FOLDER})")
    parser.add_argument("--only", default="", help="only scenes whose name holds this")
    names = [variant.name for variant in VARIANTS]
    parser.add_argument("--variant", default="", choices=["", *names, _PAPERS], help="one set only")
    parser.add_argument("--guide", action="store_true", help="the guide's pictures, anew in resources/guide")
    parser.add_argument("--worker", default="", help=argparse.SUPPRESS)
    parser.add_argument("--vaults", default="", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


# One program for each set ---------------------------------------------------------------------------------------------


def _run_all(wanted: Sequence[str], options: Sequence[str]) -> bool:
    """Run a program for each set, as many at a time as there are cores; say whether one failed."""
    waiting, running, failed = list(wanted), list[subprocess.Popen[bytes]](), False
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            line = [sys.executable, "-m", "tests.gallery", "--worker", waiting.pop(0), *options]
            running.append(subprocess.Popen(line))
        ended = [each for each in running if each.poll() is not None]
        failed = failed or any(each.returncode for each in ended)
        running = [each for each in running if each.poll() is None]
        if not ended:
            time.sleep(0.05)
    return failed


def _work(name: str, out: Path, vaults: Path, only: str) -> int:
    began = time.monotonic()
    gc.disable()  # widgets die on this thread only
    with tempfile.TemporaryDirectory(prefix="crisisdesk-scene-") as home:
        os.environ["CRISISDESK_HOME"] = str(Path(home) / "home")
        if name == _GUIDE:
            os.environ["QT_SCALE_FACTOR"] = str(guide.FINE)
        QApplication.setApplicationName("CrisisDesk")
        qInstallMessageHandler(_hear)
        app = QApplication([])
        app.setCursorFlashTime(0)
        if name == _PAPERS:
            count, broken = draw_papers(out / _PAPERS, vaults, Path(home)), 0
        elif name == _GUIDE:
            with open_town(vaults, Path(home) / "town") as town:
                count, broken = _draw_guide(partial(Stage, app, guide.VARIANT, vaults, Path(home), town)), 0
        else:
            variant = next(each for each in VARIANTS if each.name == name)
            chosen = [scene for scene in SCENES if only in scene.name and (variant.has_details or not scene.is_detail)]
            with open_town(vaults, Path(home) / "town") as town:
                count, broken = _draw(partial(Stage, app, variant, vaults, Path(home), town), variant, chosen, out)
    _say(f"{name}: {count} pictures in {time.monotonic() - began:.0f} s{f', {broken} BROKEN' if broken else ''}")
    sys.stdout.flush()
    os._exit(1 if broken else 0)  # the pictures are written; Qt's own end is nobody's concern here


def _draw(set_up: Callable[[], Stage], variant: Variant, scenes: Sequence[Scene], out: Path) -> tuple[int, int]:
    folder = out / variant.name
    folder.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    pages: set[str] = set()
    count = broken = 0
    for scene in scenes:
        stage = set_up()
        try:
            _play(stage, scene, folder / f"{scene.name}.png", pages)
        except Exception:  # noqa: BLE001  one broken scene is said, the others are still drawn
            broken += 1
            _say(f"{variant.name}/{scene.name} is BROKEN:\n{traceback.format_exc()}")
        else:
            count += 1
        seen |= names_of(stage.seen)
        gc.collect(0)
    (folder / "seen.json").write_text(json.dumps({"seen": sorted(seen), "pages": sorted(pages)}), "utf-8")
    return count, broken


def _draw_guide(set_up: Callable[[], Stage]) -> int:
    for shot in guide.SHOTS:
        stage = set_up()
        with stage.play(shot.vault):
            shot.pose(stage)
            stage.shoot()
        if stage.picture is None:
            raise OSError(f"{shot.name} was not drawn")
        guide.write(shot, stage.picture)
        gc.collect(0)
    return len(guide.SHOTS)


def _play(stage: Stage, scene: Scene, file: Path, pages: set[str]) -> None:
    with stage.play(scene.vault):
        scene.pose(stage)
        stage.shoot()
        if stage.program.window.shell is not None:
            pages.add(stage.shell.current_id)
    if stage.picture is None or not stage.picture.save(str(file), quality=_QUALITY):
        raise OSError(f"{file.name} could not be written")


# What was forgotten ---------------------------------------------------------------------------------------------------


def _missing(out: Path, variants: Sequence[str]) -> list[str]:
    shown: set[str] = set()
    pages: set[str] = set()
    for name in variants:
        told = json.loads((out / name / "seen.json").read_text("utf-8"))
        shown |= set(told["seen"])
        pages |= set(told["pages"])
    return sorted(to_be_shown() - shown) + sorted(f"the page {page!r}" for page in page_ids() - pages)


def _count(out: Path) -> int:
    return sum(1 for _file in out.rglob("*.png"))


def _hear(_kind: QtMsgType, _where: QMessageLogContext, words: str) -> None:
    if not words.startswith("This plugin does not support"):  # what only a screen has
        _say(words)


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201  it talks to the developer


if __name__ == "__main__":
    sys.exit(main())
