"""Cards for another passphrase, another recovery sheet, and the sealed envelope for a successor."""

from collections.abc import Callable
from dataclasses import replace

from crisisdesk.documents.facts import Paper
from crisisdesk.documents.handover_envelope import HandoverEnvelope, handover_envelope_pdf
from crisisdesk.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf
from crisisdesk.i18n import _
from crisisdesk.ui import ask
from crisisdesk.ui.forms.editors import LineEditor
from crisisdesk.ui.page import Context, stack
from crisisdesk.ui.safekeeping.proven import ProvenCard
from crisisdesk.ui.setup_steps import PassphraseStep, SheetStep, SheetWords, own_words, recovery_words
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.labels import label
from crisisdesk.vault.recovery import RecoveryCode


class NewPassphraseCard(ProvenCard):
    """Another passphrase: the old one, the new one, and the new one to practice."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            title=_("Change the passphrase"),
            icon="key",
            about=_(
                "From then on only the new one unlocks. The recovery sheet stays good, and backups that exist already "
                "still open with the passphrase of their day."
            ),
            act=_("Change it"),
        )
        self.step = PassphraseStep(title="", own_words=own_words(context.desk.practice.get()))
        self.column.addWidget(self.step)
        self.step.ready.connect(lambda _ready: self.look())

    @property
    def is_ready(self) -> bool:
        return self.step.is_ready

    def work(self) -> Callable[[], object]:
        words = own_words(self.context.desk.practice.get())
        return self.context.desk.keys.change_passphrase(self.now.text, self.step.passphrase(), words).run

    def finished(self) -> str:
        self.context.desk.keys.passphrase_changed()
        return _("The new passphrase is in force. Use it the next time you unlock.")

    def forget(self) -> None:
        super().forget()
        self.step.forget()


class NewSheetCard(ProvenCard):
    """Another recovery sheet: printed and typed back, before the old one stops."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            title=_("Print a new recovery sheet"),
            icon="print",
            about=_(
                "Do this if the old sheet is lost, or somebody may have seen it. As soon as you have typed the new "
                "code, the old sheet opens nothing but old backups: shred it then."
            ),
            act=_("Put the new sheet in force"),
        )
        self._code = RecoveryCode.random()
        made_at = context.clock.local(context.clock.now())
        paper = Paper(context.desk.practice.get().paper)
        sheet = RecoverySheet(code=str(self._code), vault=context.desk.keys.vault, made_at=made_at)
        self.step = SheetStep(self._code, recovery_sheet_pdf(sheet, paper=paper), words=_sheet_words())
        self.column.addWidget(self.step)
        self.step.ready.connect(lambda _ready: self.look())

    @property
    def is_ready(self) -> bool:
        return self.step.is_ready

    def leave(self) -> None:
        if may_be_void(
            self,
            self.step,
            _("Leave without the new sheet?"),
            _("The sheet that you printed would open nothing: shred it then. The old sheet stays in force."),
        ):
            super().leave()

    def work(self) -> Callable[[], object]:
        return self.context.desk.keys.replace_recovery(self.now.text, self._code).run

    def finished(self) -> str:
        self.context.desk.keys.sheet_replaced()
        return _("The new sheet is in force. Shred the old one, and lock the new one away.")


class EnvelopeCard(ProvenCard):
    """The sealed envelope for whoever takes over: printed, typed back, and who holds it."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            title=_("Make a hand-over envelope"),
            icon="mail",
            about=_(
                "If you leave, fall ill or die, whoever takes over opens your records with the code in this envelope. "
                "Give it, sealed and signed by two, to a keeper of records outside the patrol chain of command. An "
                "older envelope opens nothing from then on."
            ),
            act=_("Put the envelope in force"),
        )
        self._code = RecoveryCode.random()
        self.holder = LineEditor(longest=120, placeholder=_("Records office, City Hall"))
        self.holder.setAccessibleName(_("Who will hold it"))
        self.holder.set_value(context.desk.keys.papers().envelope_holder)
        self.holder.changed.connect(self.look)
        self.column.addWidget(stack(label(_("Who will hold it"), Role.NAME), self.holder, gap=4))
        self.step = SheetStep(self._code, self._paper(), words=_envelope_words())
        self.column.addWidget(self.step)
        self.step.ready.connect(lambda _ready: self.look())

    def _paper(self) -> bytes:
        practice, clock = self.context.desk.practice.get(), self.context.clock
        envelope = HandoverEnvelope(
            code=str(self._code),
            vault=self.context.desk.keys.vault,
            clinician=practice.signature,
            department=practice.department,
            made_at=clock.local(clock.now()),
        )
        return handover_envelope_pdf(envelope, paper=Paper(practice.paper))

    @property
    def is_ready(self) -> bool:
        return self.step.is_ready and bool(self.holder.value().strip())

    def leave(self) -> None:
        if may_be_void(
            self,
            self.step,
            _("Leave without the envelope?"),
            _("The pages that you printed would open nothing: shred them then. An older envelope stays in force."),
        ):
            super().leave()

    def work(self) -> Callable[[], object]:
        return self.context.desk.keys.put_handover(self.now.text, self._code).run

    def finished(self) -> str:
        self.context.desk.keys.envelope_sealed(self.holder.value())
        return _("The envelope is in force. Seal it, have it signed twice, and hand it over today.")


def may_be_void(card: ProvenCard, step: SheetStep, question: str, outcome: str) -> bool:
    """Ask before paper that was printed, or typed back already, becomes worthless."""
    if card.is_busy or not step.is_begun:
        return True
    return ask.confirm(card, question, outcome, act=_("Leave"), keep=_("Stay here"), danger=True)


def _sheet_words() -> SheetWords:
    words = _("Print it, then type its code from the paper: so it is sure that what is on paper works.")
    return replace(recovery_words(), title="", text=words)


def _envelope_words() -> SheetWords:
    return SheetWords(
        title="",
        text=_("Two pages: one to fold in three and seal in, one to glue onto the envelope."),
        picture=_("The page for the envelope as it will be printed"),
        print_it=_("Print both pages…"),
        type_it=_("Type the code from the page"),
        works=_("That is the code. The page works."),
        note=_("Never file it with this computer, and make no copy: whoever has the code can read everything."),
        job="CrisisDesk hand-over envelope",
        file="hand-over-envelope.pdf",
    )
