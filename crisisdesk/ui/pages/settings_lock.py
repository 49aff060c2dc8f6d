"""The lock's settings: after how long, what a minimised window shows, and what happens after wrong tries."""

import sys
from typing import Any

from crisisdesk.desk.locks import Locks
from crisisdesk.errors import Invalid
from crisisdesk.i18n import _
from crisisdesk.ui.forms.editors import CheckEditor, NumberEditor
from crisisdesk.ui.forms.form import Form
from crisisdesk.ui.page import Context, beside
from crisisdesk.ui.unheard import lock_words, minutes_of
from crisisdesk.ui.widgets.buttons import button
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import paragraph


class LockCard(Card):
    """When CrisisDesk locks by itself."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Lock"), icon="lock", heading=40)
        self._context = context
        self.form = self._made_form()
        self.keep_button = button(_("Keep it"), look="primary", run=self.keep)
        self.keep_button.setEnabled(False)
        self.also = paragraph("")
        self.add(self.also)
        self.add(self.form)
        self.add(beside(self.keep_button))

    def _made_form(self) -> Form:
        form, most = Form(columns=2), self._context.desk.locks.most_minutes
        form.add(
            "idle_minutes",
            _("Lock a&fter"),
            NumberEditor(least=1, most=most),
            hint=_("minutes without a touch, {most} at most").format(most=most),
        )
        form.add(
            "ask_again_minutes",
            _("&Ask again after"),
            NumberEditor(least=self._context.desk.locks.least_to_ask, most=most),
            hint=_("minutes, before printing; 0: never")
            if not self._context.desk.locks.least_to_ask
            else _("minutes, before printing"),
        )
        form.add("cover_minimized", "", CheckEditor(_("Show only the cover while the window is minimised")), wide=True)
        strict = _("After five wrong tries, open only with the recovery sheet (strict)")
        form.add("is_strict", "", CheckEditor(strict), wide=True)
        if sys.platform == "win32":
            capture = _("Allow pictures of the screen, for a screen reader or a help desk")
            form.add("is_capture_allowed", "", CheckEditor(capture), wide=True)
        form.changed.connect(lambda _name: self.keep_button.setEnabled(True))
        return form

    @property
    def is_changed(self) -> bool:
        """Whether something is typed that is not kept yet."""
        return self.form.is_changed

    def refresh(self) -> None:
        """Show what is in force."""
        self.also.say(self._also_words())
        if self.form.is_changed:
            return
        locks = self._context.desk.locks.get()
        self.form.set_values({name: getattr(locks, name) for name in self.form.values()})
        self.keep_button.setEnabled(False)

    def _also_words(self) -> str:
        """Return when else it locks, as far as this computer tells."""
        kept = _("What is half typed is kept.")
        if self._context.window.hears_system is not False:
            also = _(
                "CrisisDesk also locks at once when the computer does, when its lid is closed, and when it goes to "
                "sleep."
            )
            return _("{first} {second}").format(first=also, second=kept)
        locks = self._context.desk.locks.get()
        unheard = _("This computer does not tell CrisisDesk when it is locked, put to sleep, or its lid is closed.")
        words = _("{first} {second}").format(first=unheard, second=lock_words(locks))
        if locks.idle_minutes > minutes_of(locks):
            more = _("A longer time counts only on a computer that tells.")
            words = _("{first} {second}").format(first=words, second=more)
        return _("{first} {second}").format(first=words, second=kept)

    def keep(self) -> None:
        """Keep it, or say beside the field what is out of bounds."""
        desk = self._context.desk
        values: dict[str, Any] = self.form.values()
        kept = {**vars(desk.locks.get()), **{name: value for name, value in values.items() if value is not None}}
        try:
            desk.locks.keep(Locks(**kept))
        except Invalid as invalid:
            self.form.show_problems(invalid.problems)
            return
        self.form.set_values(values)
        self.keep_button.setEnabled(False)
        self.also.say(self._also_words())
        self._context.window.say(_("The lock works so from now on."))
