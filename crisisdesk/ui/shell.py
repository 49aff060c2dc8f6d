"""The open desk: top bar, rail, the stack of pages, the message bar, and going from page to page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.errors import DeskError, NotFound
from crisisdesk.i18n import _
from crisisdesk.ui import theme
from crisisdesk.ui.focus import first_stop, focused, holds_focus
from crisisdesk.ui.page import NARROW, Context, Page, PageEntry
from crisisdesk.ui.palette import Hit, Palette, find_commands
from crisisdesk.ui.rail import Entry, Rail
from crisisdesk.ui.tokens import State
from crisisdesk.ui.topbar import TopBar
from crisisdesk.ui.widgets.message import MessageBar
from crisisdesk.ui.widgets.overlay import Overlay

if TYPE_CHECKING:
    from crisisdesk.vault.changes import Changes

# What a hit of the palette opens: the page, by the kind of the hit.
OPENS = {"client": "chart", "service": "resources", "referral": "refer"}
LOCK = "vault.lock"
SETTINGS = "settings"
_FOLD = 1.5  # the text size from which on the rail is narrow
_NO_RAIL = 2.0  # and from which on there is none


@dataclass
class _Open:
    """A page that has been made, and what it has missed while it was behind another."""

    page: Page
    entry: PageEntry
    is_stale: bool = False
    focus: QWidget | None = None


class Shell(QWidget):
    """Everything between unlock and lock. It is thrown away whole when the desk is locked."""

    def __init__(
        self,
        pages: Sequence[PageEntry],
        context: Context,
        *,
        search: Callable[[str], Sequence[Hit]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._entries = {entry.id: entry for entry in pages}
        port = context.window if isinstance(context.window, Port) else Port(self)
        port.attach(self)
        self.context = replace(context, window=port)
        self._open: dict[str, _Open] = {}
        self._history: list[tuple[str, str]] = []
        self._current = ""
        self._overlay: Overlay | None = None
        self._is_over = False
        context.commands.bind(self.context, self)
        self._search = search or _find_nothing
        self._build(pages)
        context.feed.changed.connect(self._changed)
        context.cover.changed.connect(self._everything_changed)
        self._count_all()

    def _build(self, pages: Sequence[PageEntry]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.top = TopBar(self.context.commands, is_practice=self.context.desk.practice.get().is_practice_desk)
        column.addWidget(self.top)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        column.addLayout(row, 1)
        shown = [Entry(entry.id, _(entry.title), entry.icon) for entry in pages if entry.rail and entry.id != SETTINGS]
        foot = [Entry(entry.id, _(entry.title), entry.icon) for entry in pages if entry.id == SETTINGS]
        foot.append(Entry(LOCK, _("Lock"), "lock", key="Ctrl+L"))
        self.rail = Rail(shown, foot)
        self.rail.asked.connect(self._rail_asked)
        row.addWidget(self.rail)
        self._rail_line = _Line()
        row.addWidget(self._rail_line)
        self.stack = QStackedWidget()
        row.addWidget(self.stack, 1)
        self.message = MessageBar(self.stack)
        self.message.undo_asked.connect(self.undo)
        self.palette_list = Palette(self.top.field, self._find, self)
        self.palette_list.chosen.connect(self._take_hit)
        trail = self.context.desk.audit_trail
        self.palette_list.searched.connect(lambda count: trail.searched("anything", count))
        self.top.field.left.connect(self._leave_field)

    # Going from page to page

    @property
    def current_id(self) -> str:
        """Which page is in front."""
        return self._current

    @property
    def here(self) -> tuple[str, str] | None:
        """Where she is: the page, and the id that it was opened with."""
        return self._history[-1] if self._history else None

    @property
    def page(self) -> Page | None:
        """The page in front."""
        opened = self._open.get(self._current)
        return opened.page if opened else None

    def go(self, page_id: str, argument: str = "") -> None:
        """Open a page. An id that is gone is said in the message bar, and she stays where she is."""
        if not self._show(page_id, argument):
            return
        here = (page_id, argument)
        if not self._history or self._history[-1] != here:
            self._history.append(here)

    def back(self) -> None:
        """Go back to where she came from, or to the first page."""
        while len(self._history) > 1:
            self._history.pop()
            if self._show(*self._history[-1]):
                return
        if self._entries:
            self.go(next(iter(self._entries)))

    def _show(self, page_id: str, argument: str) -> bool:
        self._leave_overlay()
        if self._overlay is not None:
            return False  # its owner wants it to stay
        opened = self._open.get(page_id) or self._make(page_id)
        try:
            if argument:
                opened.page.open(argument)
        except NotFound as gone:
            self.say(str(gone), state=State.CAUTION)
            return False
        before = self._open.get(self._current)
        if before is not None and before is not opened:
            before.focus = focused(self) if holds_focus(before.page) else None
            before.page.hidden()
        is_first = self._current != page_id and opened.focus is None
        self._current = page_id
        self.stack.setCurrentWidget(opened.page)
        if opened.is_stale:
            opened.is_stale = False
            opened.page.refresh(None)
        opened.page.shown()
        self.rail.light(opened.entry.under or page_id)
        if self._overlay is None:  # else the page has put a form over itself, which has the focus
            self._restore_focus(opened, is_first=is_first)
        return True

    def _make(self, page_id: str) -> _Open:
        entry = self._entries[page_id]
        page = entry.make(self.context)
        self.stack.addWidget(page)
        self._open[page_id] = _Open(page, entry)
        return self._open[page_id]

    def _restore_focus(self, opened: _Open, *, is_first: bool) -> None:
        wanted = opened.page.first_focus() if is_first else opened.focus
        if wanted is not None and wanted.isEnabled():
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rail_asked(self, entry_id: str) -> None:
        if entry_id == LOCK:
            self.context.commands.run(LOCK)
        else:
            self.go(entry_id)

    # What has changed

    def _changed(self, changes: "Changes") -> None:
        for page_id, opened in list(self._open.items()):  # a page may go to another one
            tables = opened.page.tables
            if tables and not changes.touches(*tables):
                continue
            if page_id == self._current:
                opened.page.refresh(changes)
            else:
                opened.is_stale = True
        for entry in self._entries.values():
            if entry.count and (not entry.count_tables or changes.touches(*entry.count_tables)):
                self.rail.pages.set_count(entry.id, entry.count(self.context))

    def _everything_changed(self) -> None:
        for page_id, opened in self._open.items():
            opened.is_stale = page_id != self._current
            if not opened.is_stale:
                opened.page.refresh(None)

    def _count_all(self) -> None:
        for entry in self._entries.values():
            if entry.count:
                self.rail.pages.set_count(entry.id, entry.count(self.context))

    # Saying, undoing, large cards

    def say(self, words: str, *, undo: bool = False, state: State = State.DONE) -> None:
        """Show a sentence in the message bar."""
        self.message.say(words, undo=undo, state=state)

    def undo(self) -> None:
        """Take back the last act, and say so."""
        desk = self.context.desk
        self._take_back(desk.undo, desk.undo_label, _("Undone: {act}."), _("There is nothing to undo."))

    def redo(self) -> None:
        """Bring back what was taken back, and say so."""
        desk = self.context.desk
        self._take_back(desk.redo, desk.redo_label, _("Done again: {act}."), _("There is nothing to do again."))

    def _take_back(self, act: Callable[[], object], words: str | None, sentence: str, nothing: str) -> None:
        if words is None:
            self.say(nothing, state=State.PLAIN)
            return
        try:
            act()
        except DeskError as problem:
            self.say(str(problem), state=State.CAUTION)
        else:
            self.say(sentence.format(act=_(words)))

    def overlay(self, card: QWidget, *, width: int = 760, on_close: Callable[[], object] | None = None) -> Overlay:
        """Put a large card over the dimmed window; Esc asks its owner to close it."""
        self.close_overlay()
        self._overlay = Overlay(self, card, width=width, on_close=on_close or self.close_overlay)
        return self._overlay

    def _leave_overlay(self) -> None:
        if self._overlay is not None:
            self._overlay.ask_to_close()

    @property
    def card(self) -> QWidget | None:
        """The large card over the window, or None."""
        return self._overlay.card if self._overlay else None

    def close_overlay(self) -> None:
        """Take the large card away."""
        if self._overlay is not None:
            overlay, self._overlay = self._overlay, None
            overlay.end()

    # The search field and the palette

    def find_anything(self) -> None:
        """Put the focus into the search field."""
        if self._overlay is not None:
            return  # the field lies behind the card
        self.top.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.field.selectAll()

    def _find(self, text: str) -> list[Hit]:
        return [*self._search(text), *find_commands(text, self.context.commands)]

    def _take_hit(self, kind: str, hit_id: str) -> None:
        if kind == "command":
            self._leave_field()
            if not self.context.commands.run(hit_id):
                self.say(_(self.context.commands.command(hit_id).where), state=State.PLAIN)
        elif OPENS.get(kind, "") in self._entries:
            self.go(OPENS[kind], hit_id)

    def _leave_field(self) -> None:
        page = self.page
        first = page.first_focus() if page else None
        (first or self.rail.pages).setFocus(Qt.FocusReason.OtherFocusReason)

    # Keys and places

    def regions(self) -> list[QWidget]:
        """Return the stops of F6: top bar, rail, then those of the page."""
        own = self.page.regions() if self.page else []
        return [self.top, self.rail, *own]

    def next_region(self, step: int = 1) -> None:
        """Move the focus to the next part of the window."""
        regions = [region for region in self.regions() if region.isVisible()]
        here = [place for place, region in enumerate(regions) if holds_focus(region)]
        place = (here[-1] + step) % len(regions) if here else 0
        target = regions[place]
        first = target if target.focusPolicy() & Qt.FocusPolicy.TabFocus else first_stop(target)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def end(self) -> None:
        """Let go of everything, before the desk is closed."""
        if self._is_over:
            return
        self._is_over = True
        self._leave_overlay()
        self.close_overlay()
        if self.page is not None:
            self.page.hidden()
        self.context.feed.changed.disconnect(self._changed)
        self.context.cover.changed.disconnect(self._everything_changed)
        self.context.commands.unbind()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "rail"):
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("window"))
        if not self.rail.isHidden():
            painter.fillRect(0, 0, self.rail.width(), self.height(), theme.colour("frame"))
        painter.end()

    def _fit(self) -> None:
        narrow = self.width() < NARROW or theme.factor() >= _FOLD
        self.rail.set_narrow(narrow=narrow)
        self.top.set_narrow(narrow=narrow)
        # At 200 % there is no room for a rail: its pages stand behind the menu button.
        has_room = theme.factor() < _NO_RAIL
        self.rail.setVisible(has_room)
        self._rail_line.setVisible(has_room)


class _Line(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("line"))
        painter.end()


class Port:
    """The window as pages see it. It is made before the shell, because the pages' context holds it."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._shell: Shell | None = None

    def attach(self, shell: Shell) -> None:
        """Pass everything on to a shell from now on."""
        self._shell = shell

    @property
    def shell(self) -> Shell:
        """The open desk."""
        if self._shell is None:
            raise RuntimeError("no shell is attached")
        return self._shell

    def go(self, page_id: str, argument: str = "") -> None:
        """Open a page."""
        self.shell.go(page_id, argument)

    def back(self) -> None:
        """Go back."""
        self.shell.back()

    def say(self, words: str, *, undo: bool = False, state: State = State.DONE) -> None:
        """Show a sentence in the message bar."""
        self.shell.say(words, undo=undo, state=state)

    def overlay(self, card: QWidget, *, width: int = 760, on_close: Callable[[], object] | None = None) -> Overlay:
        """Put a large card over the dimmed window."""
        return self.shell.overlay(card, width=width, on_close=on_close)

    def close_overlay(self) -> None:
        """Take the large card away."""
        self.shell.close_overlay()

    def dress_again(self) -> None:
        """Follow the settings' scheme and text size."""
        dress_again = getattr(self._window.window(), "dress_again", None)
        if dress_again is not None:
            dress_again()

    def undo(self) -> None:
        """Take back the last act."""
        self.shell.undo()

    @property
    def hears_system(self) -> bool | None:
        """Whether the computer tells when it is locked; None where nobody has asked it to."""
        hears = getattr(self._window.window(), "hears_system", None)
        return None if hears is None else bool(hears())

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self.shell.page

    @property
    def widget(self) -> QWidget:
        """The window itself."""
        return self._window.window()


def _find_nothing(text: str) -> list[Hit]:
    del text
    return []
