"""The open desk in the window: its context, its commands and its shell, from unlock to lock.

Loading this loads the desk, the pages and the paper; the locked window must not wait for it.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from crisisdesk.clock import Clock
from crisisdesk.desk import Desk
from crisisdesk.desk.when import show_twelve_hours
from crisisdesk.ui.commands import Command, Registry
from crisisdesk.ui.cover import Cover
from crisisdesk.ui.feed import Feed
from crisisdesk.ui.forms.editors import is_twelve_hour
from crisisdesk.ui.jobs import Jobs
from crisisdesk.ui.page import Context, PageEntry
from crisisdesk.ui.pages import PAGES
from crisisdesk.ui.palette import Hit
from crisisdesk.ui.shell import Port, Shell
from crisisdesk.ui.window import COMMANDS, Window
from crisisdesk.vault.store import Store

Place = tuple[str, str]  # a page, and the id that it was opened with


class Opened(QObject):
    """A store that is open, the desk on it, and the window around the desk."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        window: Window,
        jobs: Jobs,
        *,
        commands: Sequence[Command[Context]] = (),
        pages: Sequence[PageEntry] | None = None,
    ) -> None:
        super().__init__(window)
        show_twelve_hours(on=is_twelve_hour())
        self._store = store
        self.desk = Desk(store, clock)
        self._clock = clock
        self._window = window
        self._jobs = jobs
        self._more = tuple(commands)
        self._pages = tuple(PAGES if pages is None else pages)
        self._feed: Feed | None = None
        self._is_closed = False

    def show(self, at: Place | None = None) -> None:
        """Show the desk, at a page or at the first one."""
        shell = self._shell()
        self._window.show_shell(shell)
        shell.go(*(at or (self._pages[0].id, "")))
        if not shell.current_id:  # what she was at is gone
            shell.go(self._pages[0].id)

    def show_anew(self) -> None:
        """Make the shell and its pages again, at the same place: every size in them has changed with the text."""
        shell = self._window.shell
        if shell is None:
            return
        at = shell.here
        shell.end()
        self._end_feed()
        self.show(at)

    def leave(self) -> Place | None:
        """Let the forms keep what is being written, and return where she is."""
        shell = self._window.shell
        if shell is None:
            return None
        at = shell.here
        shell.end()
        return at

    @property
    def has_drafts(self) -> bool:
        """Whether anything half typed is kept."""
        return bool(self._store.drafts())

    def close(self) -> None:
        """Close the vault and forget its key."""
        if self._is_closed:
            return
        self._is_closed = True
        self.leave()
        self._end_feed()
        self.desk.close()
        self.deleteLater()

    def _shell(self) -> Shell:
        self._feed = Feed(self.desk, self)
        cover = Cover(is_on=self._window.settings.is_initials_only, parent=self._feed)
        registry: Registry[Context] = Registry(COMMANDS)
        for number, entry in enumerate([entry for entry in self._pages if entry.rail], start=1):
            go = _goer(entry.id)
            registry.add([Command(f"go.{entry.id}", entry.title, go, f"Ctrl+{number}", entry.icon, "go")])
        for entry in self._pages:
            registry.add(entry.commands)
        registry.add(self._more)
        context = Context(
            desk=self.desk,
            feed=self._feed,
            window=Port(self._window),
            jobs=self._jobs,
            settings=self._window.settings,
            commands=registry,
            clock=self._clock,
            cover=cover,
        )
        return Shell(self._pages, context, search=lambda text: self._search(cover, text))

    def _search(self, cover: Cover, text: str) -> list[Hit]:
        hits = []
        for row in self.desk.search.find(text):
            title, detail = row.title, row.detail
            if cover.is_on and row.name:
                title, detail = title.replace(row.name, row.initials), detail.replace(row.name, row.initials)
            hits.append(Hit(row.kind.value, row.id, title, detail))
        return hits

    def _end_feed(self) -> None:
        if self._feed is not None:
            self._feed.close()
            self._feed.deleteLater()
            self._feed = None


def _goer(page_id: str) -> Callable[[Context], None]:
    def go(context: Context) -> None:
        context.window.go(page_id)

    return go
