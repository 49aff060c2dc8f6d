"""Editors: one kind of answer each, with ``value()``, ``set_value()``, ``is_filled()`` and ``changed``."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import Protocol, TypeVar, cast

from PySide6.QtCore import QEvent, QLocale, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from crisisdesk.clock import Clock
from crisisdesk.desk.dates import read_date, read_time, say_long_date, say_time
from crisisdesk.desk.phones import show_phone
from crisisdesk.desk.when import short_day
from crisisdesk.i18n import _
from crisisdesk.records.choice import NOT_KNOWN, Choice
from crisisdesk.ui import paint
from crisisdesk.ui.icons import paint_icon
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.chips import Chips, Option
from crisisdesk.ui.widgets.segments import Segments

T = TypeVar("T")
Given = type[Choice] | Sequence[tuple[str, str]]


# The system's keyboard neither learns what she types nor offers it elsewhere.
_UNLEARNT = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText


class Editor(Protocol):
    """What a form asks of an editor; each is a QWidget with a ``changed`` signal."""

    def value(self) -> object:
        """Return what was entered; the kind's empty value if nothing was."""
        ...

    def set_value(self, value: object) -> None:
        """Show a value, without a signal that she changed it."""
        ...

    def is_filled(self) -> bool:
        """Whether anything was entered."""
        ...

    def draft(self) -> object:
        """Return what was entered as JSON can hold it; ``set_value`` takes it back."""
        ...


class LineEditor(QLineEdit):
    """One line of text, kept as typed but for the space around it."""

    changed = Signal()

    def __init__(self, *, placeholder: str = "", longest: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setInputMethodHints(_UNLEARNT)
        self.setPlaceholderText(placeholder)
        if longest:
            self.setMaxLength(longest)
        self.textEdited.connect(lambda _text: self.changed.emit())

    def value(self) -> str:
        """Return the text."""
        return self.text().strip()

    def set_value(self, value: object) -> None:
        """Show a text."""
        self.setText("" if value is None else str(value))
        self.setCursorPosition(0)

    def draft(self) -> object:
        """Return the text as typed."""
        return self.text()

    def is_filled(self) -> bool:
        """Whether there is a text."""
        return bool(self.value())


class PhoneEditor(LineEditor):
    """A telephone number, as typed; shown in the one form once she has left the field."""

    def focusOutEvent(self, arg__1: QFocusEvent) -> None:
        super().focusOutEvent(arg__1)
        shown = show_phone(self.text())
        if shown != self.text():
            self.setText(shown)
            self.changed.emit()


class NumberEditor(LineEditor):
    """A whole number, or nothing; what is no number stays as typed, and the value is None."""

    def __init__(self, *, least: int = 0, most: int = 999_999, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._least = least
        self._most = most

    def value(self) -> int | None:  # type: ignore[override]  # a number, where the line has a text
        """Return the number."""
        typed = self.text().strip()
        if not typed.isdecimal() or len(typed) > len(str(self._most)):
            return None
        return int(typed) if self._least <= int(typed) <= self._most else None

    def is_filled(self) -> bool:
        """Whether anything was typed."""
        return bool(self.text().strip())


class TextEditor(QPlainTextEdit):
    """Text over several lines; Tab goes on to the next field."""

    changed = Signal()

    def __init__(
        self, *, lines: int = 4, placeholder: str = "", grows: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setInputMethodHints(_UNLEARNT | Qt.InputMethodHint.ImhMultiLine)
        self._lines = lines
        self._grows = grows
        self._is_setting = False
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.textChanged.connect(self._typed)
        self._fit()

    def value(self) -> str:
        """Return the text."""
        return self.toPlainText().strip()

    def set_value(self, value: object) -> None:
        """Show a text."""
        self._is_setting = True
        self.setPlainText("" if value is None else str(value))
        self._is_setting = False

    def draft(self) -> object:
        """Return the text as typed."""
        return self.toPlainText()

    def is_filled(self) -> bool:
        """Whether there is a text."""
        return bool(self.value())

    def changeEvent(self, arg__1: QEvent) -> None:
        super().changeEvent(arg__1)
        if arg__1.type() is QEvent.Type.FontChange:
            self._fit()

    def _typed(self) -> None:
        if self._grows:
            self._fit()
        if not self._is_setting:
            self.changed.emit()

    def _fit(self) -> None:
        rows = max(self._lines, min(self.document().blockCount(), 3 * self._lines) if self._grows else 0)
        height = rows * max(px(20), QFontMetrics(self.font()).lineSpacing()) + px(14)
        if self._grows:
            self.setFixedHeight(height)
        else:
            self.setMinimumHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(px(240), self.minimumHeight())


class ChoiceEditor(QComboBox):
    """One of a list; the ways of not knowing stand apart at its end. The wheel never changes it by accident."""

    changed = Signal()

    def __init__(self, given: Given, *, blank: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = given if isinstance(given, type) else None
        self.addItem(blank or _("Choose…"), "")
        known, unknown = _split(given)
        for value, words in known:
            self.addItem(words, value)
        if known and unknown:
            self.insertSeparator(self.count())
        for value, words in unknown:
            self.addItem(words, value)
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.view().setProperty("ring", "none")
        self.view().setMinimumWidth(px(180))
        self.activated.connect(lambda _place: self.changed.emit())

    def value(self) -> Choice | str | None:
        """Return the choice; None if none is made, a plain str where the list is not of choices."""
        chosen = str(self.currentData() or "")
        if self._choices is not None:
            return self._choices(chosen) if chosen else None
        return chosen

    def set_value(self, value: object) -> None:
        """Show a choice."""
        self.setCurrentIndex(max(0, self.findData(str(value or ""))))

    def draft(self) -> object:
        """Return the choice's code."""
        return str(self.currentData() or "")

    def is_filled(self) -> bool:
        """Whether a choice is made."""
        return bool(self.currentData())

    def wheelEvent(self, e: QWheelEvent) -> None:
        e.ignore()

    def paintEvent(self, e: QPaintEvent) -> None:
        del e
        painter = QPainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        self.style().drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option, painter, self)
        ink = "text3" if not self.isEnabled() or not self.is_filled() else "text"
        text = self.rect().adjusted(px(10), 0, -px(30), 0)
        paint.paint_text(painter, text, self.currentText(), Role.BODY, ink)
        side = px(16)
        rect = QRect(self.width() - side - px(9), (self.height() - side) // 2, side, side)
        paint_icon(painter, rect, "chevron-down", "text2" if self.isEnabled() else "text3")
        painter.end()


class ChipsEditor(Chips):
    """Several of a list as chips, or one; the order of choosing is kept, and shown where it matters."""

    def __init__(
        self, given: Given, *, many: bool = True, numbered: bool = False, parent: QWidget | None = None
    ) -> None:
        known, unknown = _split(given)
        self._choices = given if isinstance(given, type) else None
        options = [Option(value, words) for value, words in (*known, *unknown)]
        super().__init__(options, many=many, numbered=numbered, parent=parent)
        self._is_many = many

    def offer(self, given: Given) -> None:
        """Offer another list; what was chosen and is in it too stays chosen."""
        known, unknown = _split(given)
        self._choices = given if isinstance(given, type) else None
        self.set_options([Option(value, words) for value, words in (*known, *unknown)])

    def value(self) -> object:
        """Return a tuple of what is chosen, or the one choice (None for none) where only one can be."""
        made: tuple[object, ...] = tuple(self._choices(value) if self._choices else value for value in self.chosen())
        return made if self._is_many else made[0] if made else None

    def set_value(self, value: object) -> None:
        """Show what is chosen."""
        values: Iterable[object] = (
            value if isinstance(value, (tuple, list)) else () if value in {None, ""} else (value,)
        )
        self.choose([str(each) for each in values])

    def draft(self) -> object:
        """Return the codes of what is chosen."""
        return list(self.chosen())

    def is_filled(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.chosen())


class SegmentsEditor(Segments):
    """One of two to four, as segments."""

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        known, unknown = _split(given)
        self._choices = given if isinstance(given, type) else None
        super().__init__([Option(value, words) for value, words in (*known, *unknown)], parent=parent)

    def value(self) -> object:
        """Return the choice, or None."""
        chosen = self.chosen()
        if self._choices is not None:
            return self._choices(chosen) if chosen else None
        return chosen

    def set_value(self, value: object) -> None:
        """Show a choice."""
        self.choose(str(value or ""))

    def draft(self) -> object:
        """Return the choice's code."""
        return self.chosen()

    def is_filled(self) -> bool:
        """Whether a choice is made."""
        return bool(self.chosen())


class CheckEditor(QCheckBox):
    """Yes or not yes."""

    changed = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.clicked.connect(lambda _on: self.changed.emit())

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.isChecked()

    def set_value(self, value: object) -> None:
        """Tick it, or not."""
        self.setChecked(bool(value))

    def draft(self) -> object:
        """Whether it is ticked."""
        return self.isChecked()

    def is_filled(self) -> bool:
        """Whether it is ticked."""
        return self.isChecked()


class _ReadEditor(LineEditor):
    """A line that is read when she leaves it and then shown as it was understood; what can't be read stays as typed."""

    def __init__(self, *, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(placeholder=placeholder, parent=parent)
        self._shown = ""
        self._kept: object = None

    def value(self) -> object:  # type: ignore[override]  # a date or a time, where the line has a text
        """Return what was understood, or None."""
        return self._kept if self.text() == self._shown else self._read(self.text())

    @property
    def is_unread(self) -> bool:
        """Whether something was typed that could not be understood."""
        return bool(self.text().strip()) and self.value() is None

    def set_value(self, value: object) -> None:
        """Show a value in words; a text that is none is shown as it is."""
        self._kept = self._made(value)
        self._shown = "" if self._kept is None else self._say(self._kept)
        self.setText(str(value) if self._kept is None and value else self._shown)

    def draft(self) -> object:
        """Return what was understood as text that every computer reads alike, or what was typed."""
        value = self.value()
        return value.isoformat() if isinstance(value, (date, time)) else self.text()

    def is_filled(self) -> bool:
        """Whether anything was typed."""
        return bool(self.text().strip())

    def focusOutEvent(self, arg__1: QFocusEvent) -> None:
        super().focusOutEvent(arg__1)
        self.settle()

    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        if arg__1.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.settle()
        super().keyPressEvent(arg__1)

    def settle(self) -> None:
        """Show what was understood."""
        if self.text() == self._shown:
            return
        found = self._read(self.text())
        if found is not None:
            self.set_value(found)
            self.changed.emit()

    def _read(self, text: str) -> object:
        raise NotImplementedError

    def _say(self, value: object) -> str:
        raise NotImplementedError

    def _made(self, value: object) -> object:
        raise NotImplementedError


class DateEditor(_ReadEditor):
    """A date as people write it: "tomorrow", "fri", "3/4", "in 2 weeks"; shown as "Tuesday, December 15"."""

    def __init__(
        self, clock: Clock, *, is_past: bool = False, placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(placeholder=placeholder or _("tomorrow, fri, 3/4, in 2 weeks"), parent=parent)
        self._clock = clock
        self._is_past = is_past

    def _read(self, text: str) -> date | None:
        return read_date(text, self._clock.today(), day_first=is_day_first(), is_past=self._is_past)

    def _say(self, value: object) -> str:
        if not isinstance(value, date):
            return ""
        today = self._clock.today()
        return short_day(value, today) if self._is_past else say_long_date(value, today)

    def _made(self, value: object) -> date | None:
        return _from_text(value, date.fromisoformat) if isinstance(value, str) else cast("date | None", value)


class TimeEditor(_ReadEditor):
    """A time of day: "9", "930", "9:30 pm", "14h"."""

    def __init__(self, *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(placeholder=placeholder, parent=parent)

    def _read(self, text: str) -> time | None:
        return read_time(text)

    def _say(self, value: object) -> str:
        return say_time(value, twelve=is_twelve_hour()) if isinstance(value, time) else ""

    def _made(self, value: object) -> time | None:
        return _from_text(value, time.fromisoformat) if isinstance(value, str) else cast("time | None", value)


def _from_text(text: str, read: Callable[[str], T]) -> T | None:
    try:
        return read(text)
    except ValueError:
        return None


def is_day_first() -> bool:
    """Whether the system writes the day before the month."""
    locale = QLocale.system()
    form = locale.dateFormat(QLocale.FormatType.ShortFormat)
    if locale.language() is QLocale.Language.C:
        return False  # no language is set: as in the department's country
    return form.lower().find("d") < form.lower().find("m")


def is_twelve_hour() -> bool:
    """Whether the system's clock has twelve hours."""
    return "A" in QLocale.system().timeFormat(QLocale.FormatType.ShortFormat).upper()


def _split(given: Given) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the list without, and then the ways of not knowing."""
    pairs = [(choice.value, choice.label) for choice in given] if isinstance(given, type) else list(given)
    is_coded = isinstance(given, type)
    unknown = [pair for pair in pairs if is_coded and pair[0] in NOT_KNOWN]
    return [pair for pair in pairs if pair not in unknown], unknown
