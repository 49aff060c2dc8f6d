"""The pieces of a row: words, marks, badges, icons and buttons, each able to measure and paint itself."""

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from crisisdesk.i18n import N_
from crisisdesk.ui import paint
from crisisdesk.ui.icons import paint_icon
from crisisdesk.ui.tokens import Role, State


@dataclass(frozen=True)
class Act:
    """Something to do with a row, as a button in it: ``id`` is what the view's ``acted`` says."""

    id: str
    words: str
    icon: str = ""
    look: str = "row"


@dataclass(frozen=True, kw_only=True)
class Words:
    """A piece of text before it has a place. ``state`` or ``icon`` makes it a mark, ``is_badge`` a badge."""

    text: str
    role: Role | None = None
    ink: str = ""
    state: State | None = None
    icon: str = ""
    is_badge: bool = False
    is_pill: bool = False
    act: str = ""

    @property
    def has_icon(self) -> bool:
        """Whether it is painted with an icon before it."""
        return bool(self.icon)

    def width(self, role: Role) -> int:
        """Return its width in a role."""
        if self.is_badge:
            return paint.badge_size(self.text, has_icon=self.has_icon).width()
        if self.is_pill:
            return paint.pill_size(self.text).width()
        return paint.mark_width(self.text, role) if self.has_icon else paint.text_width(self.text, role)


def words(text: str, *, role: Role | None = None, ink: str = "", icon: str = "") -> Words:
    """Return plain words for a line; an icon before them takes the ink of a second line."""
    return Words(text=text, role=role, ink=ink, icon=icon)


def name(text: str, *, ink: str = "text") -> Words:
    """Return a name, in the heavier weight."""
    return Words(text=text, role=Role.NAME, ink=ink)


def mark(state: State, text: str, *, icon: str = "", role: Role | None = None) -> Words:
    """Return a state mark: icon and word in the state's colour."""
    return Words(text=text, state=state, icon=icon or state.icon, ink=state.value, role=role)


def badge(state: State, text: str, *, icon: str = "") -> Words:
    """Return a badge: icon and word on the state's tint."""
    return Words(text=text, state=state, icon=icon or state.icon, is_badge=True, role=Role.SMALL)


def pill(count: int, state: State = State.PLAIN) -> Words:
    """Return a count on the state's tint."""
    return Words(text=str(count), state=state, is_pill=True, role=Role.SMALL_NAME)


def link(text: str, act: str) -> Words:
    """Return words in the accent colour that can be pressed."""
    return Words(text=text, ink="accent", act=act)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of a row with its place."""

    rect: QRect
    what: Words | Act | str  # a str is an icon's name
    role: Role = Role.BODY
    ink: str = "text"
    align: str = "left"
    is_silent: bool = False  # not read aloud: the icon says nothing that the words don't

    @property
    def act(self) -> str:
        """What pressing it does, or nothing."""
        return "" if isinstance(self.what, str) else self.what.id if isinstance(self.what, Act) else self.what.act

    @property
    def spoken(self) -> str:
        """What it says to someone who listens; a button's word is left to the menu."""
        return self.what.text if isinstance(self.what, Words) and not self.is_silent else ""

    @property
    def tip(self) -> str:
        """What its tooltip says: the whole of words that were cut, the name of a button that is an icon."""
        if isinstance(self.what, Act):
            return self.what.words if self.what.icon and self.what.look != "primary" else ""
        if isinstance(self.what, Words) and self.what.width(self.role) > self.rect.width():
            return self.what.text
        return ""

    def paint(self, painter: QPainter, pressed: paint.Pressed = paint.Pressed.NO) -> None:
        """Paint it."""
        if isinstance(self.what, str):
            paint_icon(painter, self.rect, self.what, self.ink)
        elif isinstance(self.what, Act):
            text = "" if self.what.icon and self.what.look != "primary" else self.what.words
            paint.paint_button(painter, self.rect, text, icon=self.what.icon, look=self.what.look, pressed=pressed)
        else:
            self._paint_words(painter, self.what)

    def _paint_words(self, painter: QPainter, what: Words) -> None:
        if what.is_pill:
            paint.paint_pill(painter, self.rect, what.text, what.state or State.PLAIN)
        elif what.is_badge and what.state is not None:
            paint.paint_badge(painter, self.rect, what.text, state=what.state, icon=what.icon)
        elif what.has_icon:
            paint.paint_mark(painter, self.rect, what.text, icon=what.icon, ink=self.ink, role=self.role)
        else:
            align = paint.Right if self.align == "right" else paint.Left
            paint.paint_text(painter, self.rect, what.text, self.role, self.ink, align)


MORE = Act("more", N_("More"), icon="dots")
