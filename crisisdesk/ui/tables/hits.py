"""What in a view's rows can be pressed: the pointer's part, shared by lists and tables."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractItemView

from crisisdesk.ui.paint import Pressed
from crisisdesk.ui.tables.pieces import Piece

PiecesOf = Callable[[QModelIndex], list[Piece]]


class Hits:
    """Finds the piece under the pointer, and knows which one is hot and which one is held down."""

    def __init__(self, view: QAbstractItemView, pieces_of: PiecesOf, done: Callable[[QModelIndex, str], None]) -> None:
        self._view = view
        self._pieces_of = pieces_of
        self._done = done
        self._hot: tuple[QPersistentModelIndex, str] | None = None
        self._down: tuple[QPersistentModelIndex, str] | None = None

    def find(self, point: QPoint) -> tuple[QModelIndex, Piece] | None:
        """Return the row and the piece at a point of the viewport that can be pressed."""
        index = self._view.indexAt(point)
        if not index.isValid():
            return None
        for piece in self._pieces_of(index):
            if piece.act and piece.rect.contains(point):
                return index, piece
        return None

    def tip(self, point: QPoint) -> str:
        """Return what a tooltip says there: words that were cut, or what a button that is an icon does."""
        index = self._view.indexAt(point)
        if not index.isValid():
            return ""
        return next((piece.tip for piece in self._pieces_of(index) if piece.rect.contains(point)), "")

    def rect_of(self, index: QModelIndex, act: str) -> QRect:
        """Return where an act's button stands in the viewport; an empty rectangle if it isn't shown."""
        return next((piece.rect for piece in self._pieces_of(index) if piece.act == act), QRect())

    def is_hot(self, place: int, act: str) -> bool:
        """Whether the pointer is over an act of the row at a place."""
        return bool(act) and self._hot is not None and self._hot[1] == act and self._hot[0].row() == place

    def is_down(self, place: int, act: str) -> bool:
        """Whether it is held down."""
        return bool(act) and self._down is not None and self._down[1] == act and self._down[0].row() == place

    def pressed(self, place: int, act: str) -> Pressed:
        """Return how near an act of the row at a place is to being pressed."""
        if self.is_down(place, act):
            return Pressed.DOWN
        return Pressed.HOT if self.is_hot(place, act) else Pressed.NO

    def move(self, point: QPoint) -> None:
        """Follow the pointer."""
        found = self.find(point)
        hot = (QPersistentModelIndex(found[0]), found[1].act) if found else None
        if _same(hot, self._hot):
            return
        self._hot = hot
        self._view.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hot else Qt.CursorShape.ArrowCursor)
        self._view.viewport().update()

    def press(self, point: QPoint) -> bool:
        """Hold down what is under the pointer; say whether there was anything."""
        found = self.find(point)
        self._down = (QPersistentModelIndex(found[0]), found[1].act) if found else None
        self._view.viewport().update()
        return found is not None

    def release(self, point: QPoint) -> bool:
        """Do what was held down, if the pointer is still over it."""
        held, self._down = self._down, None
        self._view.viewport().update()
        if held is None:
            return False
        found = self.find(point)
        if found and _same((QPersistentModelIndex(found[0]), found[1].act), held):
            self._done(found[0], found[1].act)
        return True

    def leave(self) -> None:
        """Forget the pointer."""
        self._hot = None
        self._view.viewport().update()


def _same(one: tuple[QPersistentModelIndex, str] | None, other: tuple[QPersistentModelIndex, str] | None) -> bool:
    if one is None or other is None:
        return one is other
    return one[1] == other[1] and one[0].row() == other[0].row()
