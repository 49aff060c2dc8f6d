"""Asks for the passphrase again before something leaves the office, if it was typed some minutes ago.

Whoever sits down at a window that was left open can read, but takes nothing along (security.md 2).
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from crisisdesk.errors import DeskError, Invalid
from crisisdesk.i18n import _, ngettext
from crisisdesk.ui import ask
from crisisdesk.ui.page import Context
from crisisdesk.ui.safekeeping.proven import NowField
from crisisdesk.ui.widgets.dialog import Dialog
from crisisdesk.vault.slots import SlotKind

if TYPE_CHECKING:
    from crisisdesk.ui.jobs import Running


def is_given(context: Context, why: str) -> bool:
    """Return whether it may go out: she proved not long ago who she is, or does so now. ``why``: the question."""
    desk = context.desk
    minutes = desk.locks.get().ask_again_minutes
    if desk.practice.get().is_practice_desk or not desk.keys.is_proof_old(minutes):
        return True
    return ask.run(ProofDialog(context, why, minutes=minutes))


class ProofDialog(Dialog):
    """The passphrase or the PIN, once more. It stays until that is right, or until she leaves it."""

    def __init__(self, context: Context, why: str, *, minutes: int) -> None:
        words = ngettext(
            "What leaves CrisisDesk can be read by others. You are asked again after {count} minute.",
            "What leaves CrisisDesk can be read by others. You are asked again after {count} minutes.",
            minutes,
        ).format(count=minutes)
        super().__init__(context.window.widget, why, words)
        self._context = context
        self._running: Running | None = None
        self.is_proven = False
        has_pin = context.desk.keys.has(SlotKind.DEVICE)
        self.now = NowField(_("Passphrase or PIN") if has_pin else _("Passphrase"))
        self.add(self.now)
        self._words = _("Go on")
        self.set_acts(act=self._words, keep=_("Cancel"))
        self.now.field.textChanged.connect(self._look)
        self.now.field.setFocus()
        self._look()

    @property
    def is_busy(self) -> bool:
        """Whether a key is being derived."""
        return self._running is not None

    def check(self) -> bool:
        """Look at what was typed, in a job; ``accept`` comes again when it was right."""
        if not self.is_proven and not self.is_busy and self.now.text:
            self.now.say("")
            work = self._context.desk.keys.prove_either(self.now.text)
            self._running = self._context.jobs.start(self, work.run, done=self._done, failed=self._failed)
            self._look()
        return self.is_proven

    def done(self, arg__1: int) -> None:
        if self._running is not None:
            self._running.cancel()
        self.now.field.forget()
        super().done(arg__1)

    def _done(self, _nothing: None) -> None:
        self._running, self.is_proven = None, True
        self._context.desk.keys.proven()
        self.accept()

    def _failed(self, problem: DeskError) -> None:
        self._running = None
        self._look()
        self.now.say(problem.problems["now"] if isinstance(problem, Invalid) else str(problem))
        self.now.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.now.field.selectAll()

    def _look(self) -> None:
        self.now.setEnabled(not self.is_busy)
        if self.act_button is not None:
            self.act_button.setText(_("One moment…") if self.is_busy else self._words)
            self.act_button.setEnabled(bool(self.now.text) and not self.is_busy)
