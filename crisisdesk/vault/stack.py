"""What Undo and Redo would take back next: the acts since the vault was opened."""

from dataclasses import dataclass

from crisisdesk.errors import CannotUndo
from crisisdesk.i18n import _

_DEPTH = 100  # acts; older ones stay in the journal, but not within reach of Ctrl+Z


@dataclass(frozen=True)
class Done:
    """An act, and the journal's step that reversing it would reverse."""

    seq: int
    label: str
    is_undoable: bool = True


class UndoStack:
    """The acts done, latest last, and those taken back, latest last."""

    def __init__(self) -> None:
        self._done: list[Done] = []
        self._undone: list[Done] = []

    @property
    def undo_label(self) -> str | None:
        """The act that Undo would take back; None if there is none, or if the last act can't be taken back."""
        return self._done[-1].label if self._done and self._done[-1].is_undoable else None

    @property
    def redo_label(self) -> str | None:
        """The act that Redo would bring back, or None."""
        return self._undone[-1].label if self._undone else None

    def push(self, done: Done) -> None:
        """Take note of a new act. What was taken back before it can't be brought back any more."""
        self._done = [*self._done, done][-_DEPTH:]
        self._undone.clear()

    def to_undo(self) -> Done:
        """Return the last act. Raises CannotUndo, with a sentence that names it, if it can't be taken back."""
        if not self._done:
            raise CannotUndo(_("There is nothing to undo."))
        if not self._done[-1].is_undoable:
            raise CannotUndo(_("“{act}” can’t be undone.").format(act=_(self._done[-1].label)))
        return self._done[-1]

    def to_redo(self) -> Done:
        """Return the act that was taken back last. Raises CannotUndo if there is none."""
        if not self._undone:
            raise CannotUndo(_("There is nothing to redo."))
        return self._undone[-1]

    def undone(self, step: int) -> None:
        """Take note that the last act was taken back, by this step."""
        self._undone.append(Done(step, self._done.pop().label))

    def redone(self, step: int) -> None:
        """Take note that the act last taken back was brought back, by this step."""
        self._done.append(Done(step, self._undone.pop().label))
