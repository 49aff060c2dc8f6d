"""Forms: labelled fields, problems beside them in words, sections that fold, and a draft kept while she types."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui.forms.editors import Editor
from crisisdesk.ui.icons import icon
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import icon_button
from crisisdesk.ui.widgets.labels import label, line
from crisisdesk.ui.widgets.marks import StateMark
from crisisdesk.ui.widgets.problem import Problem

TWO_COLUMNS = 640  # pixels; a form wider than that has two
DRAFT_AFTER = 2000  # milliseconds after the last key; and, without a word, while she types on and on
_GAP = 16
Values = dict[str, object]


class FieldBox(QWidget):
    """One field: label and hint above, the editor, its problem below."""

    def __init__(self, words: str, editor: QWidget, hint: str, *, is_labelled: bool = True) -> None:
        super().__init__()
        self.editor = editor
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(3), 0, px(3))
        column.setSpacing(px(4))
        self._bare = words.replace("&&", "\0").replace("&", "").replace("\0", "&")
        self._hint = hint
        self.label = label(words, Role.NAME)
        self.label.setBuddy(editor)
        if is_labelled:
            head = QHBoxLayout()
            head.setContentsMargins(0, 0, 0, 0)
            head.setSpacing(px(5))
            head.addWidget(self.label)
            if hint:
                head.addWidget(label(hint, ink="text3"))
            head.addStretch(1)
            column.addLayout(head)
        else:
            self.label.setParent(self)
            self.label.hide()
        column.addWidget(editor)
        self._problem = Problem()
        column.addWidget(self._problem)
        column.addStretch(1)
        editor.setAccessibleName(self._bare)
        editor.setAccessibleDescription(hint)

    def set_words(self, words: str) -> None:
        """Give the field another label: another pronoun."""
        self._bare = words.replace("&&", "\0").replace("&", "").replace("\0", "&")
        self.label.setText(words)
        self.editor.setAccessibleName(self._bare)

    @property
    def problem(self) -> str:
        """What is wrong with the field, or nothing."""
        return self._problem.words

    def say(self, problem: str) -> None:
        """Show a problem; an empty one takes it away."""
        self._problem.say(problem)
        self.editor.setProperty("problem", "true" if problem else "false")
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)
        self.editor.setAccessibleDescription(problem or self._hint)


@dataclass
class _Field:
    box: FieldBox
    section: "Section"
    is_wide: bool


class Section(QWidget):
    """Some fields under a heading that folds and counts what is filled in."""

    def __init__(self, title: str = "", *, is_folded: bool = False) -> None:
        super().__init__()
        self.title = title
        self.fields: list[_Field] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(0, px(4), 0, px(4))
        row.setSpacing(px(6))
        self._fold = icon_button("chevron-down", title, self._turn)
        row.addWidget(self._fold)
        self._title = label(title, Role.SECTION)
        row.addWidget(self._title)
        self._count = label("", ink="text3")
        row.addWidget(self._count)
        row.addStretch(1)
        if title:
            column.addWidget(line())
            column.addWidget(self._head)
        else:
            self._head.hide()
        self._inside = QWidget()
        self.grid = QGridLayout(self._inside)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(px(_GAP))
        self.grid.setVerticalSpacing(px(6))
        column.addWidget(self._inside)
        self._head.setCursor(Qt.CursorShape.PointingHandCursor)
        self._head.installEventFilter(self)
        self._columns = 0
        self.fold(folded=is_folded)

    def set_title(self, title: str) -> None:
        """Give the section another heading: another pronoun."""
        self.title = title
        self._title.setText(title)
        self._fold.setAccessibleName(self._spoken())

    @property
    def is_folded(self) -> bool:
        """Whether its fields are out of sight."""
        return self._inside.isHidden()

    def fold(self, *, folded: bool) -> None:
        """Put the fields out of sight, or show them."""
        self._inside.setVisible(not folded)
        self._fold.setIcon(_chevron(is_folded=folded))
        self._fold.setAccessibleName(self._spoken())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.MouseButtonRelease:
            self._turn()
        return super().eventFilter(watched, event)

    def recount(self) -> None:
        """Say how many of its fields are filled in."""
        filled = sum(1 for own in self.fields if cast("Editor", own.box.editor).is_filled())
        self._count.setText(_("{filled} of {all} filled in").format(filled=filled, all=len(self.fields)))
        self._fold.setAccessibleName(self._spoken())

    def arrange(self, columns: int) -> None:
        """Lay the fields out in one column or two."""
        if columns == self._columns:
            return
        self._columns = columns
        row = at = 0
        for own in self.fields:
            if own.is_wide and at:
                row, at = row + 1, 0
            self.grid.addWidget(own.box, row, at, 1, columns if own.is_wide else 1)
            at += columns if own.is_wide else 1
            if at >= columns:
                row, at = row + 1, 0
        for place in range(2):
            self.grid.setColumnStretch(place, 1 if place < columns else 0)

    def add(self, own: _Field) -> None:
        """Take in a field."""
        self.fields.append(own)
        columns, self._columns = self._columns, 0
        self.arrange(columns or 1)
        self.recount()

    def _spoken(self) -> str:
        words = _("{title}, {count}, folded") if self.is_folded else _("{title}, {count}")
        return words.format(title=self.title, count=self._count.text())

    def _turn(self) -> None:
        self.fold(folded=not self.is_folded)


class Form(QWidget):
    """Fields by name. ``on_draft`` is given the values two seconds after the last key; ``saved`` shows it.

    While she types without a pause it is given them every two seconds: never is more lost, whatever happens.
    """

    changed = Signal(str)

    def __init__(
        self, *, columns: int = 0, on_draft: Callable[[Values], object] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fixed_columns = columns
        self._on_draft = on_draft
        self._fields: dict[str, _Field] = {}
        self._sections: list[Section] = []
        self._is_changed = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(8))
        self.saved_mark = StateMark(State.DONE, "", parent=self)  # the page puts it at its top right
        self.saved_mark.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DRAFT_AFTER)
        self._timer.timeout.connect(self.flush_draft)
        self._meanwhile = QTimer(self)
        self._meanwhile.setSingleShot(True)
        self._meanwhile.setInterval(DRAFT_AFTER)
        self._meanwhile.timeout.connect(self._keep_draft)
        self._is_said = True  # that what she typed is kept
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def section(self, title: str, *, folded: bool = False) -> Section:
        """Begin a section; the fields that follow belong to it."""
        made = Section(title, is_folded=folded)
        self._sections.append(made)
        self._column.addWidget(made)
        return made

    def add(
        self, name: str, words: str, editor: QWidget, *, hint: str = "", wide: bool = False, labelled: bool = True
    ) -> FieldBox:
        """Add a field: its name, its label (with a mnemonic), and its editor. ``wide`` takes both columns."""
        if name in self._fields:
            raise ValueError(f"two fields are called {name}")
        if not self._sections:
            self.section("")
        box = FieldBox(words, editor, hint, is_labelled=labelled)
        own = _Field(box, self._sections[-1], wide)
        self._fields[name] = own
        own.section.add(own)
        editor.changed.connect(lambda: self._edited(name))  # type: ignore[attr-defined]  # each editor has it
        self._arrange()
        return box

    def add_widget(self, widget: QWidget) -> None:
        """Put something that is no field after what is there: a strip, a sentence."""
        self._column.addWidget(widget)

    def editor(self, name: str) -> QWidget:
        """Return a field's editor."""
        return self._fields[name].box.editor

    def box(self, name: str) -> FieldBox:
        """Return a field with its label and problem."""
        return self._fields[name].box

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(self._fields)

    @property
    def is_changed(self) -> bool:
        """Whether she has changed anything since the values were set."""
        return self._is_changed

    def values(self) -> Values:
        """Return everything that was entered, by field."""
        return {name: self._editor(name).value() for name in self._fields}

    def draft_values(self) -> Values:
        """Return everything as it was typed, in values that JSON can hold and ``set_values`` takes back."""
        return {name: self._editor(name).draft() for name in self._fields}

    def set_values(self, values: Mapping[str, object]) -> None:
        """Show values, or what ``draft_values`` gave; fields that aren't named stay as they are."""
        for name, value in values.items():
            if name in self._fields:
                self._editor(name).set_value(value)
                self._fields[name].box.say("")
        self._is_changed = False
        for section in self._sections:
            section.recount()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show each problem beside its field, open its section, and put the focus on the first.

        A problem of a field that isn't here is shown beside the first field: none is swallowed.
        """
        for own in self._fields.values():
            own.box.say("")
        first: QWidget | None = None
        for name, own in self._fields.items():
            if name in problems:
                own.box.say(problems[name])
                own.section.fold(folded=False)
                first = first or own.box.editor
        strange = [sentence for name, sentence in problems.items() if name not in self._fields]
        if strange and self._fields:
            box = next(iter(self._fields.values())).box
            box.say(" ".join(filter(None, (box.problem, *strange))))
            first = first or box.editor
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            _scroll_to(first)

    def problems(self) -> dict[str, str]:
        """Return the problems that are shown."""
        return {name: own.box.problem for name, own in self._fields.items() if own.box.problem}

    def flush_draft(self) -> None:
        """Keep the draft now, if anything has changed since it was last kept."""
        self._timer.stop()
        if self._keep_draft() and not self._is_said:
            self._is_said = True
            self.saved_mark.say(State.DONE, _("Draft saved"))
            self.saved_mark.setVisible(self.saved_mark.parentWidget() is not self)

    def _keep_draft(self) -> bool:
        """Keep what is typed; return whether it is kept."""
        self._meanwhile.stop()
        if self._on_draft is None:
            return False
        if self._is_changed and self._on_draft(self.draft_values()) is False:
            self.saved_mark.hide()
            return False
        self._is_changed = False
        return True

    def focus_first(self) -> None:
        """Put the focus into the first field."""
        for own in self._fields.values():
            own.box.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.flush_draft()
        super().keyPressEvent(event)

    def _editor(self, name: str) -> Editor:
        return cast("Editor", self._fields[name].box.editor)

    def _edited(self, name: str) -> None:
        own = self._fields[name]
        if own.box.problem:
            own.box.say("")
        own.section.recount()
        self._is_changed = True
        self.saved_mark.hide()
        self._is_said = False
        if self._on_draft is not None:
            self._timer.start()
            if not self._meanwhile.isActive():
                self._meanwhile.start()
        self.changed.emit(name)

    def _arrange(self) -> None:
        columns = self._fixed_columns or (2 if self.width() > px(TWO_COLUMNS) else 1)
        for section in self._sections:
            section.arrange(columns)


def _chevron(*, is_folded: bool) -> QIcon:
    return icon("chevron-right" if is_folded else "chevron-down")


def _scroll_to(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget, 0, px(48))
        parent = parent.parentWidget()
