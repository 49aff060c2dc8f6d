"""Forms as large cards over the dimmed window, and as small dialogs; both keep what is half typed."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.when import clock_time, past_day
from crisisdesk.errors import DeskError, Invalid, VaultError
from crisisdesk.i18n import _
from crisisdesk.ui import ask
from crisisdesk.ui.forms.form import Form
from crisisdesk.ui.forms.kept import Kept, not_kept, unread
from crisisdesk.ui.page import Context, Scroll
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.banner import Strip
from crisisdesk.ui.widgets.buttons import icon_button, link
from crisisdesk.ui.widgets.dialog import Dialog
from crisisdesk.ui.widgets.labels import Elided, Paragraph, label, line
from crisisdesk.ui.widgets.marks import IconLabel

if TYPE_CHECKING:
    from crisisdesk.ui.widgets.overlay import Overlay

WIDTH = 760
_MARGIN = 24


class TallScroll(Scroll):
    """Asks for the height of all it holds, so that a card is no higher than its form."""

    def sizeHint(self) -> QSize:
        inner = self.widget()
        if inner is None:
            return super().sizeHint()
        width = self.viewport().width() if self.isVisible() else px(WIDTH)
        height = inner.heightForWidth(width) if inner.hasHeightForWidth() else inner.sizeHint().height()
        return QSize(inner.sizeHint().width(), max(height, inner.minimumSizeHint().height()))


class LargeCard(QWidget):
    """A card over the dimmed window: heading with a close button, what it holds, and a foot with its acts."""

    def __init__(self, context: Context, *, title: str, icon: str, about: str = "") -> None:
        super().__init__()
        context.window.close_overlay()  # a form that is open keeps its last words before this one looks for them
        self.context = context
        self._overlay: Overlay | None = None
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(px(_MARGIN), px(8), px(16), px(8))
        self._head.setSpacing(px(12))
        self._head.addWidget(IconLabel(icon, "accent"))
        self.title = label(title, Role.SECTION)
        self._head.addWidget(self.title)
        self.about = Elided(about, ink="text3")
        self._head.addWidget(self.about, 1)
        self._head.addWidget(icon_button("close", _("Close"), self.leave, key="Esc"))
        column.addLayout(self._head)
        column.addWidget(line())
        self._inside = QWidget()
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(px(_MARGIN - 7), px(8), px(_MARGIN - 7), px(8))
        self.body.setSpacing(px(8))
        self.scroll_area = TallScroll(self._inside)
        for each in (self.scroll_area.viewport(), self.scroll_area.widget()):
            if each is not None:
                each.setAutoFillBackground(False)  # the card's own white shows through
        column.addWidget(self.scroll_area, 1)
        column.addWidget(line())
        self._trouble = Paragraph("", "danger")
        self._trouble.setContentsMargins(0, 0, 0, 0)
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(px(_MARGIN), px(12), px(_MARGIN), px(12))
        self._foot.setSpacing(px(8))
        self._foot.addWidget(self._trouble, 1)
        column.addLayout(self._foot)
        self._fit_later = QTimer(self)
        self._fit_later.setSingleShot(True)
        self._fit_later.setInterval(0)
        self._fit_later.timeout.connect(self._refit)

    def add_beside(self, widget: QWidget) -> None:
        """Put something at the right of the heading."""
        self._head.insertWidget(self._head.count() - 1, widget)

    def set_acts(self, *buttons: QWidget) -> None:
        """Put the acts into the foot, the main one last."""
        for each in buttons:
            self._foot.addWidget(each)

    def say(self, words: str, ink: str = "text2") -> None:
        """Say something at the foot's left."""
        self._trouble.say(words, ink)

    def show_over(self, *, width: int = WIDTH, first: QWidget | None = None) -> None:
        """Come up over the dimmed window with the focus in ``first``."""
        self._overlay = self.context.window.overlay(self, width=width, on_close=self.leave)
        self._overlay.refit()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Go away; a form keeps what was typed first."""
        self.go_away()

    def go_away(self) -> None:
        """Take the card off the window."""
        self._overlay = None
        self.context.window.close_overlay()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest and hasattr(self, "_fit_later"):
            self._fit_later.start()
        return super().event(event)

    def _refit(self) -> None:
        if self._overlay is not None:
            self._overlay.refit()


class FormCard(LargeCard):
    """A form over the dimmed window. A form makes its fields, then calls ``begin``; ``save`` is its own."""

    def __init__(self, context: Context, *, title: str, icon: str, kept: tuple[str, str], about: str = "") -> None:
        super().__init__(context, title=title, icon=icon, about=about)
        self.kept = Kept(context.desk, *kept)
        self.form = Form(on_draft=self._keep_typed)
        self.add_beside(self.form.saved_mark)
        self.strips = QVBoxLayout()
        self.strips.setSpacing(px(8))
        self.body.addLayout(self.strips)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self.kept_strip: Strip | None = None
        self._start: dict[str, object] = {}

    def begin(self) -> None:
        """Put back what was half typed; call it once the form shows its first values."""
        self._start = dict(self.form.values())
        at = self.kept.begin(self.form)
        if at:
            throw = link(_("Throw it away"), self.begin_again)
            self.kept_strip = Strip("undo", kept_words(at, self.context), throw)
            self.strips.addWidget(self.kept_strip)
        if self.kept.is_behind:
            self._keep_typed({})

    def begin_again(self) -> None:
        """Throw away what was half typed, and show what is in the file."""
        if self.kept_strip is not None:
            self.kept_strip.hide()
        self.kept.forget()
        self.form.set_values(self._start)
        self.form.focus_first()

    def save(self) -> str:
        """Do it, and return the sentence for the message bar. Raises DeskError."""
        raise NotImplementedError

    def saved(self) -> None:
        """Do what comes after the card has gone."""

    def finish(self) -> bool:
        """Save, or show beside each field what is wrong; say whether it is saved."""
        return self.attempt(self.save)

    def attempt(self, act: Callable[[], str]) -> bool:
        """Do an act that ends the card, or show what is wrong."""
        problems = unread(self.form)
        if problems:
            self.form.show_problems(problems)
            return False
        try:
            said = act()
        except Invalid as invalid:
            self.form.show_problems(invalid.problems)
            return False
        except DeskError as problem:
            self.say(str(problem), "danger")
            return False
        self.kept.end()
        self.form.set_values({})
        self.go_away()
        if said:
            self.context.window.say(said, undo=self.can_undo)
        self.saved()
        return True

    can_undo = True

    def _keep_typed(self, _values: object) -> bool:
        was_behind = self.kept.is_behind
        try:
            self.kept.keep(self.form)
        except VaultError as problem:
            self.say(not_kept(problem), "danger")
            return False
        if was_behind:
            self.say("")
        return True

    def leave(self) -> None:
        """Keep what was typed, say so, and go away; what can't be kept is thrown away only if she says so."""
        self.form.flush_draft()
        if self.kept.is_behind:
            if not may_be_lost(self):
                return
            self.kept.give_up()
        is_kept = self.kept.is_there
        self.go_away()
        if is_kept:
            self.context.window.say(_("Kept as you left it. Open the form again to go on."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finish()
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.form.flush_draft()  # a lock takes the card away without asking
        super().hideEvent(event)


class FormDialog(Dialog):
    """A small form. ``save`` is its own. A lock keeps what was typed; Cancel too, unless the form says otherwise."""

    keeps_on_cancel = True

    def __init__(
        self, context: Context, title: str, text: str = "", *, kept: tuple[str, str], width: int = 560
    ) -> None:
        super().__init__(context.window.widget, title, text, width=width)
        self.context = context
        self.kept = Kept(context.desk, *kept)
        self.form = Form(columns=2 if width >= 560 else 1, on_draft=self._keep_typed)  # noqa: PLR2004  look.md
        self._kept_words = Paragraph("", "text3", Role.SMALL)
        self._kept_words.hide()
        self.add(self._kept_words)
        self.add(self.form)

    def begin(self, *, act: str, keep: str = "") -> None:
        """Put back what was half typed, and name the acts."""
        at = self.kept.begin(self.form)
        if at:
            self._kept_words.say(kept_words(at, self.context))
            self._kept_words.show()
        if self.kept.is_behind:
            self._keep_typed({})
        self.set_acts(act=act, keep=keep or _("Cancel"))

    def save(self) -> None:
        """Do it. Raises Invalid."""
        raise NotImplementedError

    def unread(self) -> dict[str, str]:
        """Return a sentence for each field in which something stands that can't be understood."""
        return unread(self.form)

    def check(self) -> bool:
        """Save, or show beside each field what is wrong."""
        problems = self.unread()
        if not problems:
            try:
                self.save()
            except Invalid as invalid:
                problems = dict(invalid.problems)
        if problems:
            self.form.show_problems(problems)
            return False
        self.kept.end()
        self.form.set_values({})
        return True

    def _keep_typed(self, _values: object) -> bool:
        try:
            self.kept.keep(self.form)
        except VaultError as problem:
            self._kept_words.say(not_kept(problem))
            self._kept_words.show()
            return False
        return True

    def reject(self) -> None:
        """Keep what was typed, say so, and go away; or throw it away, if that is what Cancel means here."""
        if self.keeps_on_cancel or self.is_left_for_lock:
            self.form.flush_draft()
            if self.kept.is_behind and not self.is_left_for_lock:
                if not may_be_lost(self):
                    return
                self.kept.give_up()
        else:
            self.kept.end()
        is_kept = self.kept.is_there
        super().reject()
        if is_kept:
            self.context.window.say(_("Kept as you left it. Open the form again to go on."))

    def hideEvent(self, event: QHideEvent) -> None:
        self.form.flush_draft()
        super().hideEvent(event)


def may_be_lost(parent: QWidget) -> bool:
    """Ask before half-typed words go that the vault could not take."""
    return ask.confirm(
        parent,
        _("Throw away what you typed?"),
        _("It could not be kept, and only stands in this form. Copy it elsewhere first, or make room on the disk."),
        act=_("Throw it away"),
        keep=_("Stay here"),
        danger=True,
    )


def kept_words(at: datetime, context: Context) -> str:
    """Return "As you left it yesterday at 14:05, not saved yet."."""
    day = past_day(at.date(), context.clock.today())
    return _("As you left it {day} at {time}, not saved yet.").format(day=day, time=clock_time(at))


def shown_client(context: Context, client_id: str) -> str:
    """Return a client's name as it may be shown now."""
    head = context.desk.chart.head(client_id)
    return context.cover.shown(head.name, head.initials)
