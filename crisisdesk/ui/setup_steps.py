"""The three steps of the first start: a passphrase, the recovery sheet, and who she is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from crisisdesk.desk.practice import Practice
from crisisdesk.errors import DeskError, Invalid
from crisisdesk.i18n import _
from crisisdesk.ui import ask, paint
from crisisdesk.ui.forms import ChoiceEditor, Form, LineEditor, PhoneEditor
from crisisdesk.ui.passphrase import PassphraseField
from crisisdesk.ui.printing import Went, print_pdf
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button, link
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.widgets.marks import IconLabel, StateMark
from crisisdesk.ui.widgets.pdf_preview import PagePicture, Pdf
from crisisdesk.vault.passphrase import LEAST_CHARACTERS, Level, check_passphrase, strength, suggest_words
from crisisdesk.vault.recovery import RecoveryCode

WORDS = 6
_JUDGE_AFTER = 150  # milliseconds after the last key; an estimate takes a few


class Step(QWidget):
    """One step: a title, and whether it is finished. ``ready`` says when that changes.

    Without a title it is a part of a card that has its own.
    """

    ready = Signal(bool)

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        if title:
            self.column.addWidget(label(title, Role.TITLE))
            self.column.addSpacing(px(8))
        words = paragraph(text)
        words.setMaximumWidth(px(600))
        self.column.addWidget(words)
        self.column.addSpacing(px(24) if title else px(16))

    @property
    def is_ready(self) -> bool:
        """Whether she may go on."""
        raise NotImplementedError

    @property
    def lacks(self) -> str:
        """What is to be done before she may go on, in a few words."""
        raise NotImplementedError

    def note(self, text: str) -> None:
        """Add a sentence to know, with an icon."""
        row = QHBoxLayout()
        row.setContentsMargins(0, px(24), 0, 0)
        row.setSpacing(px(8))
        row.addWidget(IconLabel("info"), 0, Qt.AlignmentFlag.AlignTop)
        words = paragraph(text)
        words.setMaximumWidth(px(600))
        row.addWidget(words, 100)
        row.addStretch(1)
        self.column.addLayout(row)


class WordTile(QLabel):
    """One of the six words, with its number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._number = number

    def say(self, word: str) -> None:
        """Show another word."""
        self.setText(word)
        self.setAccessibleName(_("Word {number}: {word}").format(number=self._number, word=word))

    def sizeHint(self) -> QSize:
        return QSize(px(208), px(48))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(140), px(48))

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        del arg__1
        painter = QPainter(self)
        paint.box(painter, self.rect(), "surface", "line", px(6))
        paint.paint_text(painter, self.rect().adjusted(px(15), 0, 0, 0), str(self._number), Role.SMALL, "text3")
        paint.paint_text(painter, self.rect().adjusted(px(32), 0, -px(8), 0), self.text(), Role.STAMP, "text")
        painter.end()


class PassphraseStep(Step):
    """Six words offered, typed once to practice; or a passphrase of her own, judged in plain words."""

    def __init__(self, *, title: str | None = None, own_words: Sequence[str] = ()) -> None:
        super().__init__(
            _("Choose a passphrase") if title is None else title,
            _(
                "It opens everything you will ever write here, and nobody can reset it for you. Six plain words are "
                "easy to remember and very hard to guess."
            ),
        )
        self._own_words = tuple(own_words)  # her name and department, which are guessed first
        self._words: tuple[str, ...] = ()
        self._is_own = False
        self._build_words()
        self._label = label(_("Type the six words, to practice"), Role.NAME)
        self._hint = label(_("with spaces between them"), ink="text3")
        self.field = PassphraseField(_("Type the six words, to practice"))
        self._add_field(self._label, self._hint, self.field)
        self.answer = StateMark(State.DONE, "")
        self._answer_box(self.answer)
        self._again_box = QWidget()
        column = QVBoxLayout(self._again_box)
        column.setContentsMargins(0, px(12), 0, 0)
        column.setSpacing(px(4))
        again = label(_("Once more, so that no slip of the keys locks you out"), Role.NAME)
        column.addWidget(again)
        self.again = PassphraseField(_("Once more"))
        again.setBuddy(self.again)
        column.addWidget(self.again)
        self._again_box.hide()
        self.column.addWidget(self._again_box)
        self.note(
            _(
                "Write it down if you like, and keep the paper at home, not in this room. If you forget it, the "
                "recovery sheet is the only other way in."
            )
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_JUDGE_AFTER)
        self._timer.timeout.connect(self._judge)
        self.field.textChanged.connect(self._typed)
        self.again.textChanged.connect(self._typed)
        self.setFocusProxy(self.field)
        self.offer()

    def _build_words(self) -> None:
        self._grid_box = QWidget()
        grid = QGridLayout(self._grid_box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(px(8))
        self.tiles = [WordTile(number + 1) for number in range(WORDS)]
        for place, tile in enumerate(self.tiles):
            grid.addWidget(tile, place // 3, place % 3)
        self.column.addWidget(self._grid_box)
        row = QHBoxLayout()
        row.setContentsMargins(0, px(12), 0, 0)
        row.setSpacing(px(12))
        self.others = button(_("Six other words"), run=self.offer)
        self.own_link = link("", self._turn)
        row.addWidget(self.others)
        row.addWidget(self.own_link)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addSpacing(px(28))
        self._name_link()

    def _add_field(self, words: QLabel, hint: QLabel, field: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(px(4))
        row.addWidget(words)
        row.addWidget(hint)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addSpacing(px(4))
        words.setBuddy(field)
        self.column.addWidget(field)

    def _answer_box(self, answer: QWidget) -> None:
        box = QWidget()
        box.setMinimumHeight(px(26))
        row = QHBoxLayout(box)
        row.setContentsMargins(0, px(6), 0, 0)
        row.addWidget(answer)
        row.addStretch(1)
        self.column.addWidget(box)

    @property
    def words(self) -> tuple[str, ...]:
        """The six words that are offered."""
        return self._words

    @property
    def is_ready(self) -> bool:
        """Whether the words were typed right, or her own passphrase is hard enough and typed twice."""
        if not self._is_own:
            return self.field.text() == self.passphrase()  # to the space: that is how it will be asked for
        typed = self.field.text()
        try:
            check_passphrase(typed, own_words=self._own_words)
        except Invalid:
            return False
        return typed == self.again.text()

    @property
    def lacks(self) -> str:
        if not self._is_own:
            return _("First type the six words.")
        try:
            check_passphrase(self.field.text(), own_words=self._own_words)
        except Invalid:
            return _("First one that is hard to guess.")
        return _("First type it once more.")

    def know(self, own_words: Sequence[str]) -> bool:
        """Learn the words around her; return whether the passphrase is still hard enough."""
        self._own_words = tuple(own_words)
        self._judge()
        return self.is_ready

    def passphrase(self) -> str:
        """Return the chosen passphrase."""
        return self.field.text() if self._is_own else " ".join(self._words)

    def offer(self) -> None:
        """Offer six other words."""
        self._words = suggest_words(WORDS)
        for tile, word in zip(self.tiles, self._words, strict=True):
            tile.say(word)
        self.field.clear()
        self._judge()

    def forget(self) -> None:
        """Empty the fields."""
        self.field.forget()
        self.again.forget()

    def _turn(self) -> None:
        self._is_own = not self._is_own
        self.forget()
        for widget in (self._grid_box, self.others):
            widget.setVisible(not self._is_own)
        self._again_box.setVisible(self._is_own)
        words = _("Your passphrase") if self._is_own else _("Type the six words, to practice")
        self._label.setText(words)
        self.field.setAccessibleName(words)
        hint = _("a sentence that only you would say") if self._is_own else _("with spaces between them")
        self._hint.setText(hint)
        self._name_link()
        self._judge()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_link(self) -> None:
        own = _("I’ll write my own, {least} letters or more").format(least=LEAST_CHARACTERS)
        self.own_link.setText(_("Six words instead") if self._is_own else own)
        self.own_link.updateGeometry()

    def _typed(self) -> None:
        if self._is_own:
            self._timer.start()
        else:
            self._judge()

    def _judge(self) -> None:
        state, words = self._own_answer() if self._is_own else self._practice_answer()
        self.answer.say(state, words, icon="overdue" if state is State.DANGER else "")
        self.answer.setVisible(bool(words))
        self.field.setAccessibleDescription(words)
        self.ready.emit(self.is_ready)

    def _practice_answer(self) -> tuple[State, str]:
        typed = self.field.text()
        parts = typed.split()
        if not parts:
            return State.DONE, ""
        right = 0
        is_writing = not typed.endswith(" ")
        for number, (part, word) in enumerate(zip(parts, self._words, strict=False), start=1):
            is_last = number == len(parts)
            if part == word:
                right += 1
            elif is_last and is_writing and word.startswith(part):
                break
            else:
                wrong = _("Word {number} is “{word}”. {right} of {all} are right so far.")
                return State.DANGER, wrong.format(number=number, word=word, right=right, all=WORDS)
        if len(parts) > WORDS:
            return State.DANGER, _("There are only six words.")
        if right == WORDS and not self.is_ready:
            return State.DANGER, _("All six words are right. Put one space between them, and nothing around them.")
        if right == WORDS:
            return State.DONE, _("All six are right.")
        return State.DONE, _("{right} of {all} are right so far.").format(right=right, all=WORDS)

    def _own_answer(self) -> tuple[State, str]:
        typed = self.field.text()
        if not typed:
            return State.DONE, ""
        try:
            check_passphrase(typed, own_words=self._own_words)
        except Invalid as invalid:
            return State.CAUTION, " ".join(invalid.problems.values())
        again = self.again.text()
        if again and not typed.startswith(again):
            return State.DANGER, _("The two are not the same.")
        judged = strength(typed, own_words=self._own_words)
        return (State.CAUTION if judged.level is Level.FAIR else State.DONE), judged.label


@dataclass(frozen=True, kw_only=True)
class SheetWords:
    """What is said of a page that bears a code: the recovery sheet, or the hand-over envelope."""

    title: str
    text: str
    picture: str
    print_it: str
    type_it: str
    works: str
    note: str
    job: str
    file: str


def recovery_words() -> SheetWords:
    """Return what is said of the recovery sheet."""
    return SheetWords(
        title=_("Print the recovery sheet"),
        text=_(
            "One page with a code that opens your records if you forget the passphrase. It is never shown again. "
            "Keep it locked away, at home or in a safe, not beside this computer."
        ),
        picture=_("The recovery sheet as it will be printed"),
        print_it=_("Print the sheet…"),
        type_it=_("Type the code from the sheet"),
        works=_("That is the code. The sheet works."),
        note=_("A photo of it, a scan or a mail would undo its use: then others may have it too."),
        job="CrisisDesk recovery sheet",
        file="recovery-sheet.pdf",
    )


class SheetStep(Step):
    """A page with a code: printed or saved, and its code typed from the paper."""

    def __init__(
        self,
        code: RecoveryCode,
        sheet: bytes,
        *,
        words: SheetWords | None = None,
        print_sheet: Callable[[bytes], Went] | None = None,
    ) -> None:
        self._says = words or recovery_words()
        super().__init__(self._says.title, self._says.text)
        self._code = code
        self._sheet = sheet
        self._is_out = False  # on paper, or in a file
        self._print_sheet = print_sheet or self._print
        row = QHBoxLayout()
        row.setSpacing(px(24))
        self._pdf = Pdf(sheet, self)
        picture = PagePicture(self._pdf, name=self._says.picture)
        wide = px(220 if self._says.title else 150)
        picture.setFixedWidth(wide)
        picture.setFixedHeight(picture.heightForWidth(wide))
        row.addWidget(picture)
        row.addLayout(self._acts(), 1)
        self.column.addLayout(row)
        self.note(self._says.note)
        self.setFocusProxy(self.print_button)

    def _acts(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        self.print_button = button(self._says.print_it, icon="print", run=self._print_now)
        buttons.addWidget(self.print_button)
        self.save_button = button(_("Save it…"), run=self._save)
        buttons.addWidget(self.save_button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.printed = StateMark(State.DONE, "")
        self.printed.hide()
        column.addSpacing(px(8))
        column.addWidget(self.printed)
        column.addSpacing(px(24))
        words = label(self._says.type_it, Role.NAME)
        column.addWidget(words)
        column.addWidget(label(_("six groups of five; small letters will do"), ink="text3"))
        column.addSpacing(px(4))
        self.field = QLineEdit()
        self.field.setProperty("scale", "large")
        self.field.setMaxLength(80)
        self.field.setAccessibleName(self._says.type_it)
        words.setBuddy(self.field)
        self.field.textChanged.connect(self._judge)
        column.addWidget(self.field)
        self.answer = paragraph("", "danger")
        self.answer.setMinimumHeight(px(46))
        self.answer.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addSpacing(px(6))
        column.addWidget(self.answer)
        column.addStretch(1)
        return column

    @property
    def is_ready(self) -> bool:
        """Whether the code was typed right."""
        try:
            return RecoveryCode.parse(self.field.text()) == self._code
        except Invalid:
            return False

    @property
    def lacks(self) -> str:
        return _("First type the code.")

    @property
    def is_begun(self) -> bool:
        """Whether the page is on paper already, or its code was being typed from it."""
        return self._is_out or bool(self.field.text().strip())

    def _judge(self) -> None:
        self.answer.say(*self._answer())
        self.field.setAccessibleDescription(self.answer.text())
        self.ready.emit(self.is_ready)

    def _answer(self) -> tuple[str, str]:
        typed = self.field.text()
        if not typed.strip():
            return "", "text2"
        try:
            typed_code = RecoveryCode.parse(typed)
        except Invalid as invalid:
            signs = sum(1 for sign in typed if sign.isalnum())
            is_short = signs < len("".join(self._code.groups))
            return " ".join(invalid.problems.values()), "text2" if is_short else "danger"
        if typed_code != self._code:
            return _("This is the code of another sheet."), "danger"
        return self._says.works, "done"

    def _print_now(self) -> None:
        try:
            went = self._print_sheet(self._sheet)
            if went is Went.PAPER:
                self._done(_("The sheet was sent to the printer."))
            elif went is Went.FILE:
                self._done(_("The sheet was written to a file. Print it, and then delete the file."))
        except DeskError as problem:
            ask.tell(self, _("The sheet was not printed"), str(problem))

    def _print(self, sheet: bytes) -> Went:
        hint = _("Whoever finds the file can open your records. Print it from there on paper, and then delete it.")
        return print_pdf(self, sheet, self._says.job, hint=hint)

    def _save(self) -> None:
        from crisisdesk.documents.save import write_file  # noqa: PLC0415  the window stands sooner without it

        file = ask.save_file(self, _("Save the page"), self._says.file, [("PDF", "*.pdf")])
        if file is None:
            return
        try:
            write_file(file, self._sheet)
        except DeskError:
            ask.tell(
                self,
                _("The sheet was not saved"),
                _("The file could not be written there. Choose another folder, or print the sheet."),
            )
        else:
            self._done(_("The sheet was saved. Print it, and then delete the file."))

    def _done(self, words: str) -> None:
        self._is_out = True
        self.printed.say(State.DONE, words)
        self.printed.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)


def own_words(practice: Practice) -> tuple[str, ...]:
    """Return the words around her, which somebody who knows her would try first."""
    return (practice.clinician, practice.first_name, practice.department, practice.unit, practice.address)


class YouStep(Step):
    """Her name, credential and department: what stands on every page that she prints."""

    def __init__(self) -> None:
        super().__init__(
            _("You"),
            _("This stands at the top of what you print. You can change it later in Settings."),
        )
        self.form = Form(columns=2)
        self.form.add("clinician", _("Your &name"), LineEditor(longest=120))
        self.form.add("credential", _("&Credential"), LineEditor(longest=60), hint=_("for example LCSW"))
        self.form.add("first_name", _("What clients call &you"), LineEditor(longest=60))
        self.form.add("department", _("&Department"), LineEditor(longest=120))
        self.form.add("phone", _("&Phone"), PhoneEditor(longest=60))
        self.form.add("fax", _("&Fax"), PhoneEditor(longest=60))
        self.form.add("address", _("&Address"), LineEditor(longest=200), wide=True)
        paper = ChoiceEditor([("letter", _("Letter")), ("a4", _("A4"))])
        paper.set_value("letter")
        self.form.add("paper", _("Pape&r"), paper)
        self.form.changed.connect(lambda _name: self.ready.emit(self.is_ready))
        self.column.addWidget(self.form)
        self.setFocusProxy(self.form.editor("clinician"))

    @property
    def is_ready(self) -> bool:
        """Whether her name and department are there."""
        values = self.form.values()
        return bool(values["clinician"]) and bool(values["department"])

    @property
    def lacks(self) -> str:
        values = self.form.values()
        return _("First your department.") if values["clinician"] else _("First your name.")

    def practice(self) -> Practice:
        """Return what she typed."""
        typed = {name: str(value) for name, value in self.form.values().items() if value}
        return Practice(**typed)  # type: ignore[arg-type]  # every field of this form is a text of the practice
