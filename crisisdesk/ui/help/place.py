"""Where help is shown: over the open desk, or over the locked window and the first start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crisisdesk.documents.facts import Paper
from crisisdesk.documents.gather import paper_size
from crisisdesk.ui.jobs import Jobs
from crisisdesk.ui.page import Context
from crisisdesk.ui.widgets.overlay import Overlay

if TYPE_CHECKING:
    from crisisdesk.desk import Desk


@dataclass(frozen=True, kw_only=True)
class Place:
    """What help asks of whoever shows it. ``say`` is for the message bar; the locked window has none."""

    owner: QWidget
    jobs: Jobs
    overlay: Callable[[QWidget], object]
    close: Callable[[], object]
    say: Callable[[str], object]
    paper: Paper = Paper.LETTER
    desk: "Desk | None" = None
    hears_system: bool | None = None

    @property
    def window(self) -> QWidget:
        """The window, as the parent of a dialog: it outlives the page, which may be unlocked under the dialog."""
        return self.owner.window()


def over_desk(context: Context, width: int) -> Place:
    """Return the open desk as a place for a card so many pixels wide."""
    window = context.window
    return Place(
        owner=window.widget,
        jobs=context.jobs,
        overlay=lambda card: window.overlay(card, width=width),
        close=window.close_overlay,
        say=window.say,
        paper=paper_size(context.desk.practice.get()),
        desk=context.desk,
        hears_system=window.hears_system,
    )


def over_page(page: QWidget, jobs: Jobs, width: int) -> Place:
    """Return the locked window, or the first start, as a place for a card so many pixels wide."""
    shown: list[Overlay] = []

    def close() -> None:
        while shown:
            shown.pop().end()

    def overlay(card: QWidget) -> None:
        close()
        shown.append(Overlay(page, card, width=width, on_close=close))

    return Place(owner=page, jobs=jobs, overlay=overlay, close=close, say=lambda _words: None)
