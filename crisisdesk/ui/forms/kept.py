"""Half-typed forms: kept in the vault as they were left, and put back when the form is opened again."""

from datetime import datetime
from typing import cast

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from crisisdesk.desk import Desk
from crisisdesk.errors import VaultError
from crisisdesk.i18n import _
from crisisdesk.ui.forms.editors import DateEditor, Editor, NumberEditor, TimeEditor
from crisisdesk.ui.forms.form import Form


class Kept:
    """What is half typed in one form about one thing."""

    def __init__(self, desk: Desk, name: str, ref: str) -> None:
        self._desk = desk
        self.name = name
        self.ref = ref
        self._start: dict[str, object] = {}
        self.is_there = False  # whether something is kept at the moment
        self.is_behind = False  # whether the vault did not take what was typed last: only the form holds it
        self._is_over = False

    def begin(self, form: Form) -> datetime | None:
        """Remember the form as it stands, then put back what was half typed; return when that was."""
        self._start = form.draft_values()
        found = self._desk.unsaved.find(self.name, self.ref)
        if found is None:
            return None
        form.set_values(found.values)
        for text in form.findChildren(QPlainTextEdit):
            text.moveCursor(QTextCursor.MoveOperation.End)  # she goes on where she stopped
        self.is_there, self.is_behind = True, found.is_held
        return self._desk.clock.local(found.at)

    def keep(self, form: Form) -> None:
        """Keep the form as it is typed now; a form that is as it was at first needs no keeping.

        Raises VaultError; what was typed then stays in the form alone.
        """
        if self._is_over:
            return
        values = form.draft_values()
        if values == self._start:
            self.forget()
        else:
            self.is_behind = True
            self._desk.unsaved.keep(self.name, self.ref, values)
            self.is_there, self.is_behind = True, False

    def forget(self) -> None:
        """Throw away what was kept."""
        if self.is_there:
            self._desk.unsaved.forget(self.name, self.ref)
            self.is_there = False
        self._desk.unsaved.let_go(self.name, self.ref)

    def give_up(self) -> None:
        """Keep nothing more, and throw away what the vault could not take; what it had taken before stays."""
        self._desk.unsaved.let_go(self.name, self.ref)
        self._is_over, self.is_behind = True, False

    def end(self) -> None:
        """Keep nothing more: the form is saved."""
        self.forget()
        self._is_over, self.is_behind = True, False


def not_kept(problem: VaultError) -> str:
    """Return what a form says while the vault does not take what is typed into it."""
    return _("Not kept yet, it only stands here: {reason}").format(reason=problem)


def unread(form: Form) -> dict[str, str]:
    """Return a sentence for each field in which something stands that can't be understood."""
    problems = {}
    for name in form.names:
        editor = form.editor(name)
        if _is_unread(editor):
            if isinstance(editor, DateEditor):
                problems[name] = _("This can’t be read as a date. “Dec 15”, “3/4” or “tomorrow” will do.")
            elif isinstance(editor, TimeEditor):
                problems[name] = _("This can’t be read as a time. “930”, “9:30” or “9:30 pm” will do.")
            else:
                problems[name] = _("A number, please.")
    return problems


def _is_unread(editor: QWidget) -> bool:
    read = cast("Editor", editor)
    return isinstance(editor, DateEditor | TimeEditor | NumberEditor) and read.is_filled() and read.value() is None
