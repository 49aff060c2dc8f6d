"""Cards that turn quick unlock on and off, and that end a hand-over envelope."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crisisdesk.errors import DeskError, Invalid
from crisisdesk.i18n import _
from crisisdesk.ui.page import Context, stack
from crisisdesk.ui.passphrase import PassphraseField
from crisisdesk.ui.safekeeping.proven import ProvenCard
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.widgets.problem import Problem

_FEWEST_DIGITS = 6


class PinCard(ProvenCard):
    """A PIN for this computer, typed twice."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            title=_("Turn on quick unlock"),
            icon="key",
            about=_(
                "Six digits or more will unlock on this computer, in this system account only, for 12 hours after you "
                "last typed your passphrase. Five wrong PINs turn it off again."
            ),
            act=_("Turn it on"),
        )
        self.pin, self.again = PassphraseField(_("A PIN")), PassphraseField(_("The PIN once more"))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(16))
        for words, field in ((_("A PIN"), self.pin), (_("Once more"), self.again)):
            field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
            field.setMaximumWidth(px(240))
            field.textChanged.connect(self.look)
            field.returnPressed.connect(self.go_on)
            name = label(words, Role.NAME)
            name.setBuddy(field)
            layout.addWidget(stack(name, field, gap=4))
        layout.addStretch(1)
        self.column.addWidget(row)
        self._wrong = Problem()
        self.column.addWidget(self._wrong)
        self.column.addWidget(
            paragraph(_("Not your birthday, badge or phone number: whoever sits here would try those first."))
        )

    @property
    def problem(self) -> str:
        """What is wrong with the PIN, or nothing."""
        return self._wrong.words

    @property
    def is_ready(self) -> bool:
        pin, again = self.pin.text(), self.again.text()
        differs = bool(again) and not pin.startswith(again)
        self._wrong.say(_("The two are not the same.") if differs else "")
        return len(pin) >= _FEWEST_DIGITS and pin == again

    def work(self) -> Callable[[], object]:
        return self.context.desk.keys.turn_on_quick_unlock(self.now.text, self.pin.text()).run

    def finished(self) -> str:
        self.context.desk.keys.quick_unlock_turned(on=True)
        return _("Quick unlock is on. Your passphrase works as before, and is asked for twice a day.")

    def forget(self) -> None:
        super().forget()
        self.pin.forget()
        self.again.forget()

    def failed(self, problem: DeskError) -> bool:
        if isinstance(problem, Invalid) and "pin" in problem.problems:
            self._wrong.say(problem.problems["pin"])
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False


class NoPinCard(ProvenCard):
    """Quick unlock ends."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            title=_("Turn off quick unlock"),
            icon="key",
            about=_("From then on only the passphrase unlocks, and the recovery sheet."),
            act=_("Turn it off"),
        )

    def work(self) -> Callable[[], object]:
        return self.context.desk.keys.turn_off_quick_unlock(self.now.text).run

    def finished(self) -> str:
        self.context.desk.keys.quick_unlock_turned(on=False)
        return _("Quick unlock is off.")


class NoEnvelopeCard(ProvenCard):
    """The hand-over envelope ends."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            title=_("Make the envelope void"),
            icon="mail",
            about=_(
                "The code in it opens nothing from then on, but backups made until now. Do this when the seal was "
                "broken, then make a new one."
            ),
            act=_("Make it void"),
        )

    def work(self) -> Callable[[], object]:
        return self.context.desk.keys.void_envelope(self.now.text).run

    def finished(self) -> str:
        self.context.desk.keys.envelope_void()
        return _("The envelope opens nothing any more.")
