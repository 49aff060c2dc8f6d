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
from crisisdesk.ui.help.commands import COMMANDS as HELP
from crisisdesk.ui.jobs import Jobs
from crisisdesk.ui.lock.locking import Locking
from crisisdesk.ui.lock.place import WINDOW, LeftAt
from crisisdesk.ui.page import Context, PageEntry
from crisisdesk.ui.pages import PAGES
from crisisdesk.ui.palette import Hit
from crisisdesk.ui.shell import Port, Shell
from crisisdesk.ui.tokens import State
from crisisdesk.ui.window import COMMANDS, Window
from crisisdesk.vault.opening import Rollback
from crisisdesk.vault.store import Store


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

    def show(self, at: LeftAt | None = None) -> None:
        """Show the desk, at a page or at the first one."""
        shell = self._shell()
        self._window.show_shell(shell)
        is_known = at is not None and at.page in {entry.id for entry in self._pages}
        shell.go(*((at.page, at.argument) if at is not None and is_known else (self._pages[0].id, "")))
        if not shell.current_id:  # what she was at is gone
            shell.go(self._pages[0].id)

    def show_anew(self) -> None:
        """Make the shell and its pages again, at the same place: every size in them has changed with the text."""
        shell = self._window.shell
        if shell is None:
            return
        at = LeftAt(*shell.here) if shell.here else None
        shell.end()
        self._end_feed()
        self.show(at)

    def say(self, words: str, state: State = State.CAUTION) -> None:
        """Say something in the message bar that she should know."""
        if self._window.shell is not None:
            self._window.shell.say(words, state=state)

    def go_back(self, locking: Locking, left: LeftAt | None, rollback: Rollback | None) -> None:
        """Say that the file is older than it was, if it is, and open the forms that were half typed when it locked."""
        if self._window.shell is not None:
            locking.go_back(self._window.shell.context, left=left, rollback=rollback)

    @property
    def has_drafts(self) -> bool:
        """Whether anything half typed is kept."""
        return any(draft.form != WINDOW for draft in self._store.drafts())

    def close(self, why: str = "") -> None:
        """Close the vault and forget its key; ``why`` is a code for the audit log."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._window.shell is not None:
            self._window.shell.end()  # forms keep what is being written
        self._end_feed()
        self.desk.close(why)
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
        registry.add(HELP)
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
