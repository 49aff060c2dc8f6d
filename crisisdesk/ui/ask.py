"""The only door to modal dialogs. Tests put their own answers behind it, and fail on a dialog that none expected."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui import half_asked
from crisisdesk.ui.commands import listen_for_leaving
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.dialog import Dialog, other_dialogs
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.marks import StateMark

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


class Door(Protocol):
    """Who opens the dialogs: Qt, or a test."""

    def run(self, dialog: QDialog) -> bool:
        """Open one of our dialogs and return whether its act was chosen."""
        ...

    def open_file(self, parent: QWidget | None, title: str, kinds: str) -> Path | None:
        """Ask which file to read."""
        ...

    def save_file(self, parent: QWidget | None, title: str, suggested: str, kinds: str) -> Path | None:
        """Ask where to write."""
        ...

    def folder(self, parent: QWidget | None, title: str) -> Path | None:
        """Ask for a folder."""
        ...

    def choose_printer(self, parent: QWidget | None, printer: "QPrinter") -> bool:
        """Ask where to print; the printer is set up as she chose."""
        ...


class QtDoor:
    """Our own dialogs for questions, the system's for files."""

    def __init__(self) -> None:
        self.waits = 0  # how many dialogs have not yet given their answer to who asked

    def run(self, dialog: QDialog) -> bool:
        """Open a dialog and wait."""
        try:
            with self._waiting():
                return dialog.exec() == QDialog.DialogCode.Accepted
        finally:
            dialog.deleteLater()

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        self.waits += 1
        try:
            yield
        finally:
            self.waits -= 1

    def open_file(self, parent: QWidget | None, title: str, kinds: str) -> Path | None:
        """Ask which file to read."""
        dialog = QFileDialog(parent, title, str(_documents()), kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return self._chosen(dialog, parent)

    def save_file(self, parent: QWidget | None, title: str, suggested: str, kinds: str) -> Path | None:
        """Ask where to write; the system asks before it overwrites."""
        dialog = QFileDialog(parent, title, str(_documents() / suggested), kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        return self._chosen(dialog, parent)

    def folder(self, parent: QWidget | None, title: str) -> Path | None:
        """Ask for a folder."""
        dialog = QFileDialog(parent, title, str(_documents()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return self._chosen(dialog, parent)

    def choose_printer(self, parent: QWidget | None, printer: "QPrinter") -> bool:
        """Open the system's print dialog. It offers no range of pages: what is filed is what was printed."""
        from PySide6.QtPrintSupport import QPrintDialog  # noqa: PLC0415  the locked window has nothing to print

        dialog = QPrintDialog(printer, parent)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, on=False)
        return self._run_other(dialog, parent)

    def _chosen(self, dialog: QFileDialog, parent: QWidget | None) -> Path | None:
        chosen = dialog.selectedFiles() if self._run_other(dialog, parent) else []
        return Path(chosen[0]) if chosen else None

    def _run_other(self, dialog: QDialog, parent: QWidget | None) -> bool:
        """Open a dialog that isn't ours and wait."""
        _keep_typed(parent)
        with _hearing_leaves(parent):
            return self.run(dialog)


def _documents() -> Path:
    """Return where dialogs for files begin: never in the folder that the program was started from."""
    place = QStandardPaths.StandardLocation
    given = QStandardPaths.writableLocation(place.DocumentsLocation)
    if given and Path(given).is_dir():
        return Path(given)
    return Path(QStandardPaths.writableLocation(place.HomeLocation))


@contextmanager
def _hearing_leaves(parent: QWidget | None) -> Iterator[None]:
    """Let dialogs that Qt draws, and those that they open in turn, hear lock, quit and cover as ours do."""
    app = QGuiApplication.instance()
    if parent is None or not isinstance(app, QGuiApplication):
        yield
        return
    window, hearing = parent.window(), list[QDialog]()  # held: their Python parts carry the shortcuts

    def listen() -> None:
        for dialog in other_dialogs():
            if dialog not in hearing:
                hearing.append(dialog)
                listen_for_leaving(dialog, window, lambda action: action.trigger())

    app.focusWindowChanged.connect(listen)
    try:
        yield
    finally:
        app.focusWindowChanged.disconnect(listen)


def _keep_typed(parent: QWidget | None) -> None:
    """Let every form keep what is typed in it: a dialog of the system's may be closed by starting anew alone."""
    from crisisdesk.ui.forms.form import Form  # noqa: PLC0415  the locked window has no forms

    for form in parent.window().findChildren(Form) if parent is not None else ():
        form.flush_draft()


class _Open:
    """Which door is in use."""

    door: Door = QtDoor()


def use(door: Door) -> Door:
    """Put another door in place and return the one before; tests only."""
    before, _Open.door = _Open.door, door
    return before


class Question(Dialog):
    """A question with two answers."""

    def __init__(self, parent: QWidget | None, title: str, text: str, *, act: str, keep: str, danger: bool) -> None:
        super().__init__(parent, title, text)
        self.set_acts(act=act, keep=keep, danger=danger)


class Notice(Dialog):
    """Something to know, with one button."""

    def __init__(self, parent: QWidget | None, title: str, text: str, *, state: State | None = None) -> None:
        super().__init__(parent, title, text)
        if state is not None:
            self.body.insertWidget(0, StateMark(state, ""))
        self.set_acts(act=_("OK"))


class TextQuestion(Dialog):
    """A question answered with a line of text."""

    def __init__(
        self, parent: QWidget | None, title: str, field: str, *, act: str, text: str = "", given: str = ""
    ) -> None:
        super().__init__(parent, title, text)
        words = label(field, Role.NAME)
        self.line = QLineEdit(str(half_asked.take(title) or given))
        self.line.setAccessibleName(field)
        words.setBuddy(self.line)
        self.add(words)
        self.add(self.line)
        self.set_acts(act=act, keep=_("Cancel"))
        self.line.textChanged.connect(self._look)
        self._look()
        self.line.setFocus()

    def reject(self) -> None:
        if self.is_left_for_lock and self.line.text():
            half_asked.keep(self.title, self.line.text())
        super().reject()

    def _look(self) -> None:
        if self.act_button is not None:
            self.act_button.setEnabled(bool(self.line.text().strip()))


def is_waited_for() -> bool:
    """Whether somebody still waits for a dialog's answer; a dialog is out of sight before that is given."""
    return isinstance(_Open.door, QtDoor) and _Open.door.waits > 0


def run(dialog: QDialog) -> bool:
    """Open one of our dialogs; return whether its act was chosen."""
    return _Open.door.run(dialog)


def confirm(parent: QWidget | None, title: str, text: str, *, act: str, keep: str = "", danger: bool = False) -> bool:
    """Ask before what can't be undone: the title is the question, ``act`` the verb, ``keep`` leaves things be."""
    return run(Question(parent, title, text, act=act, keep=keep or _("Cancel"), danger=danger))


def tell(parent: QWidget | None, title: str, text: str) -> None:
    """Tell what she must know and can do nothing about here."""
    run(Notice(parent, title, text))


def text(parent: QWidget | None, title: str, field: str, *, act: str, words: str = "", given: str = "") -> str | None:
    """Ask for a line of text; None if she changed her mind."""
    question = TextQuestion(parent, title, field, act=act, text=words, given=given)
    return question.line.text().strip() if run(question) else None


def open_file(parent: QWidget | None, title: str, kinds: Sequence[tuple[str, str]] = ()) -> Path | None:
    """Ask which file to read. ``kinds``: (words, "*.csv *.zip")."""
    return _Open.door.open_file(parent, title, _filter(kinds))


def save_file(parent: QWidget | None, title: str, suggested: str, kinds: Sequence[tuple[str, str]] = ()) -> Path | None:
    """Ask where to write. The suggested name holds no person's name: the system remembers it."""
    return _Open.door.save_file(parent, title, suggested, _filter(kinds))


def folder(parent: QWidget | None, title: str) -> Path | None:
    """Ask for a folder."""
    return _Open.door.folder(parent, title)


def choose_printer(parent: QWidget | None, printer: "QPrinter") -> bool:
    """Ask where to print; whether she did not cancel."""
    return _Open.door.choose_printer(parent, printer)


def _filter(kinds: Sequence[tuple[str, str]]) -> str:
    return ";;".join(f"{words} ({patterns})" for words, patterns in kinds)
