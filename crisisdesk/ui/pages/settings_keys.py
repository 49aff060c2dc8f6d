"""The ways into the vault, and how each is changed."""

from datetime import date

from crisisdesk.desk.keys import Papers, why_no_quick_unlock
from crisisdesk.desk.when import short_day
from crisisdesk.errors import DeskError
from crisisdesk.i18n import _
from crisisdesk.ui import ask
from crisisdesk.ui.page import Context
from crisisdesk.ui.pages.settings_row import SettingRow
from crisisdesk.ui.safekeeping.keys import EnvelopeCard, NewPassphraseCard, NewSheetCard
from crisisdesk.ui.safekeeping.quick import NoEnvelopeCard, NoPinCard, PinCard
from crisisdesk.ui.safekeeping.rekey import RekeyCard
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.buttons import small
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import paragraph
from crisisdesk.vault.slots import SlotKind


class KeysCard(Card):
    """Passphrase, recovery sheet and hand-over envelope, each with how it stands."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Keys"), icon="key", heading=40)
        self._context = context
        self.add(
            paragraph(
                _(
                    "Whoever has one of these and this computer can read everything. Each change asks for your "
                    "passphrase."
                )
            )
        )
        self.passphrase_button = small(_("Change…"), run=lambda: change_passphrase(context))
        self.sheet_button = small(_("Print a new one…"), run=lambda: new_sheet(context))
        self.envelope_button = small("", run=lambda: new_envelope(context))
        self.passphrase = SettingRow(_("Passphrase"), self.passphrase_button)
        self.sheet = SettingRow(_("Recovery sheet"), self.sheet_button)
        self.void_button = small(_("Make it void…"), run=lambda: void_envelope(context))
        self.envelope = SettingRow(_("Hand-over envelope"), self.void_button, self.envelope_button)
        self.pin_button = small("", run=lambda: turn_quick_unlock(context))
        self.pin = SettingRow(_("Quick unlock with a PIN"), self.pin_button)
        self.lock_button = small(_("Change it…"), run=lambda: change_lock(context))
        self.rekeying = SettingRow(_("The lock itself"), self.lock_button)
        self.rekeying.say(
            _("All records locked anew, when somebody may know a passphrase or a code, or a drive is lost.")
        )
        for row in (self.passphrase, self.sheet, self.envelope, self.pin, self.rekeying):
            self.add_row(row)
        self._why_no_pin: str | None = None  # not asked yet

    def refresh(self) -> None:
        """Show how each stands, or that the key file is damaged."""
        try:
            self._show()
        except DeskError as problem:
            self.passphrase.say(str(problem), state=State.DANGER, mark=_("Make a backup now"))

    def _show(self) -> None:
        keys = self._context.desk.keys
        papers = keys.papers()
        self.passphrase.say(
            _("Changed {day}.").format(day=self._day(papers.passphrase_on))
            if papers.passphrase_on
            else _("As you chose it at the first start.")
        )
        self.sheet.say(
            _("Printed {day}. Is it still locked away, and not beside this computer?").format(
                day=self._day(papers.sheet_on)
            )
            if papers.sheet_on
            else _("As printed at the first start. Is it still locked away, and not beside this computer?")
        )
        self._show_envelope(papers)
        self._show_pin()

    def _show_envelope(self, papers: Papers) -> None:
        is_there = self._context.desk.keys.has(SlotKind.HANDOVER)
        self.void_button.setVisible(is_there)
        self.envelope_button.setText(_("Make a new one…") if is_there else _("Make one…"))
        self.envelope_button.updateGeometry()
        if not is_there:
            self.envelope.say(
                _("If you leave, fall ill or die, whoever takes over has no other way into these records."),
                state=State.CAUTION,
                mark=_("None yet"),
            )
        elif papers.envelope_holder:
            held = _("Held by {holder} since {day}.")
            self.envelope.say(held.format(holder=papers.envelope_holder, day=self._day(papers.envelope_on)))
        else:
            self.envelope.say(_("There is one; who holds it is not written down."))

    def _show_pin(self) -> None:
        if self._why_no_pin is None:
            self._why_no_pin = ""
            self._context.jobs.start(self, why_no_quick_unlock, done=self._can_have_pin)
        is_on = self._context.desk.keys.has(SlotKind.DEVICE)
        self.pin_button.setText(_("Turn off…") if is_on else _("Turn on…"))
        self.pin_button.updateGeometry()
        self.pin_button.setEnabled(is_on or not self._why_no_pin)
        if is_on:
            self.pin.say(_("On: the PIN unlocks on this computer for 12 hours after the passphrase was typed."))
        elif self._why_no_pin:
            self.pin.say(self._why_no_pin, state=State.CAUTION, mark=_("Unavailable"))
        else:
            self.pin.say(_("Off. It is quicker, and a little less safe: a PIN is easier to see over your shoulder."))

    def _can_have_pin(self, why_not: str) -> None:
        self._why_no_pin = why_not
        self._show_pin()

    def _day(self, iso: str) -> str:
        return short_day(date.fromisoformat(iso), self._context.clock.today())


def change_passphrase(context: Context) -> None:
    """Open the card for another passphrase."""
    if _has_keys(context):
        NewPassphraseCard(context).open_card()


def new_sheet(context: Context) -> None:
    """Open the card for another recovery sheet."""
    if _has_keys(context):
        NewSheetCard(context).open_card()


def new_envelope(context: Context) -> None:
    """Open the card for the hand-over envelope."""
    if _has_keys(context):
        EnvelopeCard(context).open_card()


def void_envelope(context: Context) -> None:
    """Open the card that ends the hand-over envelope."""
    if _has_keys(context):
        NoEnvelopeCard(context).open_card()


def turn_quick_unlock(context: Context) -> None:
    """Open the card that turns quick unlock on, or off."""
    if _has_keys(context):
        is_on = context.desk.keys.has(SlotKind.DEVICE)
        (NoPinCard if is_on else PinCard)(context).open_card()


def change_lock(context: Context) -> None:
    """Open the card before a new master key."""
    if _has_keys(context):
        RekeyCard(context).open_card()


def _has_keys(context: Context) -> bool:
    """Whether this is her own vault; the practice desk has no passphrase that anybody knows."""
    if not context.desk.practice.get().is_practice_desk:
        return True
    ask.tell(
        context.window.widget,
        _("This is the practice desk"),
        _("It is thrown away when you leave it, and has no passphrase. Try this in your own vault."),
    )
    return False
