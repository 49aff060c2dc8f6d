"""Editors for several of a thing: lines of text, and telephone numbers with the rules for each."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.i18n import _
from crisisdesk.records.choices import PhoneType, VoicemailRule, YesNo
from crisisdesk.ui.forms.editors import ChoiceEditor, LineEditor, PhoneEditor
from crisisdesk.ui.forms.known import KnownEditor
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.buttons import icon_button, link
from crisisdesk.ui.widgets.labels import label


class _Several(QWidget):
    """Rows that can be added and removed."""

    changed = Signal()

    def __init__(self, add_words: str) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(6))
        self._rows: list[QWidget] = []
        self._add = link(add_words, self._add_one, icon="plus")
        self._column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self._add)

    def _made(self) -> QWidget:
        raise NotImplementedError

    def _append(self) -> QWidget:
        row = self._made()
        self._rows.append(row)
        self._column.insertWidget(len(self._rows) - 1, row)
        self.setFocusProxy(self._rows[0])
        return row

    def _add_one(self) -> None:
        self._append().setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _remove(self, row: QWidget) -> None:
        self._take(row)
        self.changed.emit()
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, row: QWidget) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.setFocusProxy(self._rows[0] if self._rows else self._add)

    def _clear(self) -> None:
        for row in list(self._rows):
            self._take(row)


class LinesEditor(_Several):
    """Several lines of text: other names, addresses."""

    def __init__(self, add_words: str, name: str, *, placeholder: str = "") -> None:
        self._name = name
        self._placeholder = placeholder
        super().__init__(add_words)
        self._append()

    def value(self) -> tuple[str, ...]:
        """Return the lines that say something."""
        return tuple(text for row in self._rows if isinstance(row, _Line) and (text := row.line.value()))

    def set_value(self, value: object) -> None:
        """Show lines; an empty one stands ready where there is none."""
        given = [str(each) for each in value] if isinstance(value, (list, tuple)) else []
        self._clear()
        for text in given or [""]:
            row = self._append()
            if isinstance(row, _Line):
                row.line.set_value(text)

    def draft(self) -> object:
        """Return the lines."""
        return list(self.value())

    def is_filled(self) -> bool:
        """Whether any line says something."""
        return bool(self.value())

    def line(self, place: int) -> LineEditor:
        """Return one of the lines' fields."""
        row = self._rows[place]
        if not isinstance(row, _Line):
            raise TypeError("a line is a _Line")
        return row.line

    def _made(self) -> QWidget:
        made = _Line(self._name, self._placeholder, self._remove)
        made.line.changed.connect(self.changed)
        return made


class _Line(QWidget):
    def __init__(self, name: str, placeholder: str, remove: Callable[[QWidget], None]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(4))
        self.line = LineEditor(placeholder=placeholder)
        self.line.setAccessibleName(name)
        row.addWidget(self.line, 1)
        row.addWidget(icon_button("close", _("Remove this line"), lambda: remove(self)))
        self.setFocusProxy(self.line)


class PhonesEditor(_Several):
    """Numbers, the one to try first on top, each with what may be said on its voicemail."""

    def __init__(self) -> None:
        super().__init__(_("Another number"))
        self._append()

    def value(self) -> tuple[Mapping[str, str], ...]:
        """Return the numbers as plain values by the names of the phone's fields."""
        rows = [row for row in self._rows if isinstance(row, PhoneRow)]
        return tuple(row.value() for row in rows if row.number.is_filled())

    def set_value(self, value: object) -> None:
        """Show numbers; an empty row stands ready where there is none."""
        given = [each for each in value if isinstance(each, Mapping)] if isinstance(value, (list, tuple)) else []
        self._clear()
        for phone in given or [{}]:
            row = self._append()
            if isinstance(row, PhoneRow):
                row.set_value(phone)

    def draft(self) -> object:
        """Return the numbers as plain values."""
        return [dict(phone) for phone in self.value()]

    def is_filled(self) -> bool:
        """Whether there is any number."""
        return bool(self.value())

    def row(self, place: int) -> "PhoneRow":
        """Return one of the numbers' rows."""
        row = self._rows[place]
        if not isinstance(row, PhoneRow):
            raise TypeError("a number's row is a PhoneRow")
        return row

    def _made(self) -> QWidget:
        made = PhoneRow(self._remove)
        made.changed.connect(self.changed)
        return made


class PhoneRow(QWidget):
    """One number and its rules."""

    changed = Signal()

    def __init__(self, remove: Callable[[QWidget], None]) -> None:
        super().__init__()
        self.number = PhoneEditor()
        self.kind = ChoiceEditor(PhoneType)
        self.kind.set_value(PhoneType.CELL)
        self.voicemail = KnownEditor(VoicemailRule)
        self.words = LineEditor(placeholder=_("“Dana, for Maria”"))
        self.text_ok = KnownEditor(YesNo)
        self.safe_to_call = KnownEditor(YesNo)
        self.hours = LineEditor(placeholder=_("9 to 14"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, px(4))
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(2))
        places: tuple[tuple[str, QWidget, int, int], ...] = (
            (_("Number"), self.number, 0, 0),
            (_("Kind"), self.kind, 0, 1),
            (_("Voicemail"), self.voicemail, 0, 2),
            (_("Text ok"), self.text_ok, 2, 0),
            (_("Safe to call"), self.safe_to_call, 2, 1),
            (_("Best hours"), self.hours, 2, 2),
            (_("Words for the voicemail"), self.words, 4, 0),
        )
        for title, editor, row, column in places:
            editor.setAccessibleName(title)
            said = label(title, Role.SMALL, "text3")
            said.setContentsMargins(0, px(4) if row else 0, 0, 0)
            said.setMinimumHeight(px(20 if row else 16))
            said.setBuddy(editor)
            span = 3 if editor is self.words else 1
            grid.addWidget(said, row, column, 1, span)
            grid.addWidget(editor, row + 1, column, 1, span)
            editor.changed.connect(self._edited)  # type: ignore[attr-defined]  # each editor has it
            if editor is self.words:
                self._words_label = said
        grid.addWidget(icon_button("close", _("Remove this number"), lambda: remove(self)), 1, 3)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        self.setFocusProxy(self.number)
        self._show_words()

    def value(self) -> Mapping[str, str]:
        """Return the number and its rules as plain values."""
        return {
            "number": self.number.value(),
            "kind": str(self.kind.value() or PhoneType.CELL),
            "voicemail": str(self.voicemail.value() or VoicemailRule.NOT_ASKED),
            "voicemail_words": self.words.value(),
            "text_ok": str(self.text_ok.value() or YesNo.NOT_ASKED),
            "safe_to_call": str(self.safe_to_call.value() or YesNo.NOT_ASKED),
            "safe_hours": self.hours.value(),
        }

    def set_value(self, value: Mapping[str, object]) -> None:
        """Show a number and its rules."""
        self.number.set_value(value.get("number", ""))
        self.kind.set_value(value.get("kind") or PhoneType.CELL)
        self.voicemail.set_value(value.get("voicemail"))
        self.words.set_value(value.get("voicemail_words", ""))
        self.text_ok.set_value(value.get("text_ok"))
        self.safe_to_call.set_value(value.get("safe_to_call"))
        self.hours.set_value(value.get("safe_hours", ""))
        self._show_words()

    def _edited(self) -> None:
        self._show_words()
        self.changed.emit()

    def _show_words(self) -> None:
        is_asked = self.voicemail.value() is VoicemailRule.CUSTOM or self.words.is_filled()
        self.words.setVisible(is_asked)
        self._words_label.setVisible(is_asked)
