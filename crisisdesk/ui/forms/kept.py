"""Half-typed forms: kept in the vault as they were left, and put back when the form is opened again."""

from collections.abc import Mapping
from datetime import date, time
from typing import cast

from PySide6.QtWidgets import QLineEdit, QWidget

from crisisdesk.desk import Desk
from crisisdesk.i18n import _
from crisisdesk.ui.forms.editors import DateEditor, Editor, NumberEditor, TimeEditor
from crisisdesk.ui.forms.form import Form, Values

_TYPED = "typed"  # under it stands what was typed and could not be understood


class Kept:
    """What is half typed in one form about one thing."""

    def __init__(self, desk: Desk, name: str, ref: str) -> None:
        self._desk = desk
        self._name = name
        self._ref = ref
        self._start: dict[str, object] = {}
        self.is_there = False  # whether something is kept at the moment
        self._is_over = False

    def begin(self, form: Form) -> str:
        """Remember the form as it stands, then put back what was half typed; return the day it is from, or ""."""
        self._start = as_kept(form)
        found = self._desk.unsaved.find(self._name, self._ref)
        if found is None:
            return ""
        put_back(form, found.values)
        self.is_there = True
        return self._desk.clock.local(found.at).isoformat()

    def keep(self, form: Form) -> None:
        """Keep the form as it is typed now; a form that is as it was at first needs no keeping."""
        if self._is_over:
            return
        values = as_kept(form)
        if values == self._start:
            self.forget()
        else:
            self._desk.unsaved.keep(self._name, self._ref, values)
            self.is_there = True

    def forget(self) -> None:
        """Throw away what was kept."""
        if self.is_there:
            self._desk.unsaved.forget(self._name, self._ref)
            self.is_there = False

    def end(self) -> None:
        """Keep nothing more: the form is saved."""
        self.forget()
        self._is_over = True


def as_kept(form: Form) -> Values:
    """Return a form's values as JSON can hold them; what can't be understood is kept as typed."""
    return {name: _plain(form.editor(name)) for name in form.names}


def put_back(form: Form, values: Mapping[str, object]) -> None:
    """Show values that ``as_kept`` returned."""
    for name, value in values.items():
        if name not in form.names:
            continue
        editor = form.editor(name)
        if isinstance(value, dict) and _TYPED in value and isinstance(editor, QLineEdit):
            editor.setText(str(value[_TYPED]))
        else:
            form.set_values({name: value})
    form.set_values({})


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


def _plain(editor: QWidget) -> object:
    if _is_unread(editor) and isinstance(editor, QLineEdit):
        return {_TYPED: editor.text()}
    value = cast("Editor", editor).value()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, tuple):
        return [str(each) if isinstance(each, str) else each for each in value]
    return str(value) if isinstance(value, str) else value
