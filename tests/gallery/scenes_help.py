"""Help, what a new version says of itself, and a file that is older or newer than the program."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from crisisdesk.ui.help.about import show_licences
from crisisdesk.ui.jobs import Step
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.vault.faults import too_new
from crisisdesk.vault.manifest import Kind
from tests.gallery.stage import Stage


def _about_locked(stage: Stage) -> None:
    stage.find(UnlockPage).help.about_link.click()
    stage.settle()


def _guide_locked(stage: Stage) -> None:
    stage.find(UnlockPage).help.guide_link.click()
    stage.settle()


def _new_version(stage: Stage, *, is_brought_up: bool = False) -> None:
    """Unlock with a newer program than last time, and perhaps with the backup that it made first."""
    stage.program.settings.seen_version = (0, 0, 9)
    stage.unlock()
    desk = stage.context.desk
    if is_brought_up:
        desk.safekeeping._store.begin_backup(Kind.PRE_MIGRATE).run()
    desk.practice.keep(replace(desk.practice.get(), is_practice_desk=False))
    stage.settle()


def _older_file(stage: Stage) -> None:
    page = stage.find(UnlockPage)
    page._set_busy(busy=True)
    page._renewing(Step(42, 100, "Making and checking the backup…"))


def _newer_file(stage: Stage) -> None:
    page = stage.find(UnlockPage)
    page.field.setText("any words")
    page._refused(too_new())


SCENES: Mapping[str, Callable[[Stage], object]] = {
    "about": lambda stage: stage.run("about.open"),
    "guide": lambda stage: stage.run("guide.open"),
    "whats-new": lambda stage: stage.run("news.open"),
    "licences": lambda stage: show_licences(stage.shell),
    "today-new-version": _new_version,
    "unlock-newer-file": _newer_file,
}
DETAILS: Mapping[str, Callable[[Stage], object]] = {
    "about-locked": _about_locked,
    "guide-locked": _guide_locked,
    "today-new-version-file": lambda stage: _new_version(stage, is_brought_up=True),
    "unlock-older-file": _older_file,
}
