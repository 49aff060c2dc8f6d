"""Print a packet and file it, or save it as a file and file it: what leaves is what is kept, in one write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject

from crisisdesk.desk.disclosures import Paper
from crisisdesk.desk.followups import FollowUpDraft
from crisisdesk.desk.referrals import ReferralDraft, ReferralFacts
from crisisdesk.desk.when import short_day
from crisisdesk.documents.facts import Packet
from crisisdesk.documents.facts import Paper as Size
from crisisdesk.documents.gather import packet, paper_size, reply_by
from crisisdesk.documents.packet import PaperFor, packet_papers, packet_pdf
from crisisdesk.documents.packet_number import grouped
from crisisdesk.documents.save import encrypted, plain, write_file
from crisisdesk.errors import DeskError, PrintProblem
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.choices import Audience, DisclosureHow, HandOff, PageKind, ReferralState, StepKind
from crisisdesk.ui import ask, proof
from crisisdesk.ui.forms.editors import is_twelve_hour
from crisisdesk.ui.page import Context
from crisisdesk.ui.pages.refer_dialogs import FileDialog
from crisisdesk.ui.printing import Went, print_papers
from crisisdesk.ui.tokens import State
from crisisdesk.vault.passphrase import suggest_words

_WORDS = 4  # of EFF's list, 12.9 bits each: a file of one packet, not of the vault


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be printed: facts and pages, frozen for a job."""

    facts: Packet
    kinds: tuple[PageKind, ...]
    size: Size
    is_large: bool


def order(context: Context, referral_id: str, kinds: tuple[PageKind, ...]) -> Order:
    """Gather what the pages of a referral say at this moment. Raises NotFound."""
    desk, clock = context.desk, context.clock
    practice = desk.practice.get()
    is_told = not any(kind.audience is Audience.PROVIDER for kind in kinds)  # then the client is the one to be called
    facts = packet(
        desk,
        referral_id,
        printed_at=clock.local(clock.now()),
        again_on=reply_by(desk, practice) if is_told else None,
        twelve_hour=is_twelve_hour(),
    )
    return Order(facts=facts, kinds=kinds, size=paper_size(practice), is_large=practice.large_print)


def make_papers(given: Order) -> tuple[PaperFor, ...]:
    """Make the PDFs, one an audience; in a job."""
    return packet_papers(given.facts, given.kinds, paper=given.size, is_large=given.is_large)


@dataclass(frozen=True, kw_only=True)
class _Made:
    papers: tuple[PaperFor, ...]
    file: bytes = b""


def _make_both(given: Order) -> _Made:
    whole = packet_pdf(given.facts, given.kinds, paper=given.size, is_large=given.is_large)
    return _Made(papers=make_papers(given), file=whole.data)


def _make_only(given: Order) -> _Made:
    return _Made(papers=make_papers(given))


def _write(path: Path, pdf: bytes, passphrase: str) -> None:
    """Write the file; in a job. An empty passphrase makes it readable by everybody."""
    write_file(path, encrypted(pdf, passphrase) if passphrase else plain(pdf))


class Outgoing:
    """One packet on its way out. ``done(sentence)`` once it is filed, ``stopped()`` if nothing left."""

    def __init__(
        self, context: Context, owner: QObject, *, done: Callable[[str], object], stopped: Callable[[], object]
    ) -> None:
        self._context = context
        self._owner = owner
        self._done = done
        self._stopped = stopped
        self._referral_id = ""
        self._number = ""

    def print(self, referral_id: str, given: Order) -> None:
        """Make the pages, print them through the system's dialog, and file them."""
        if not proof.is_given(self._context, _("Type your passphrase again to print")):
            self._stay(_("Nothing was printed, and nothing was filed."))
            return
        self._start(referral_id, given)
        self._context.jobs.start(self._owner, _make_only, given, done=self._print_made, failed=self._sorry)

    def save(self, referral_id: str, given: Order) -> None:
        """Make the pages, save them where she says, and file them."""
        if not proof.is_given(self._context, _("Type your passphrase again to save a file")):
            self._stay(_("Nothing was saved, and nothing was filed."))
            return
        self._start(referral_id, given)
        self._context.jobs.start(self._owner, _make_both, given, done=self._save_made, failed=self._sorry)

    def _start(self, referral_id: str, given: Order) -> None:
        self._referral_id, self._number = referral_id, given.facts.number

    def _print_made(self, made: _Made) -> None:
        window = self._context.window.widget
        try:
            hint = _("“Save as a file…” makes one that opens only with a few words.")
            went = print_papers(window, [paper.pdf.data for paper in made.papers], self._number, hint=hint)
        except PrintProblem as problem:
            self._sorry(problem)
            return
        if went is Went.PAPER:
            self._file(made.papers, DisclosureHow.PRINTED, _("Packet {number} was printed and filed."))
        elif went is Went.FILE:
            words = _("Packet {number} was written to an open file, and filed.")
            self._file(made.papers, DisclosureHow.FILE, words)
        else:
            self._stay(_("Nothing was printed, and nothing was filed."))

    def _save_made(self, made: _Made) -> None:
        window = self._context.window.widget
        kinds = [(_("PDF files"), "*.pdf")]
        path = ask.save_file(window, _("Save the packet as a file"), f"{self._number}.pdf", kinds)
        dialog = FileDialog(window, suggest_words(_WORDS))
        passphrase = dialog.passphrase
        if path is None or not ask.run(dialog):
            self._stay(_("Nothing was saved, and nothing was filed."))
            return
        self._context.jobs.start(
            self._owner,
            _write,
            path,
            made.file,
            "" if dialog.is_plain else passphrase,
            done=lambda _none: self._file(made.papers, DisclosureHow.FILE, _("Packet {number} was saved and filed.")),
            failed=self._sorry,
            is_kept=True,
        )

    def _file(self, papers: Sequence[PaperFor], how: DisclosureHow, words: str) -> None:
        filed = [
            Paper(audience=paper.audience, kinds=paper.kinds, pages=paper.pdf.page_count, content=paper.pdf.data)
            for paper in papers
        ]
        again = next_ask(self._context, self._referral_id, papers)
        try:
            self._context.desk.disclosures.file_packet(self._referral_id, filed, how=how, again=again)
        except DeskError as problem:
            ask.tell(
                self._context.window.widget,
                _("The pages left, but could not be filed"),
                _("{problem} Please write down by hand that packet {number} has left.").format(
                    problem=problem, number=grouped(self._number)
                ),
            )
            self._stopped()
            return
        self._done(words.format(number=grouped(self._number)))

    def _stay(self, words: str) -> None:
        self._context.window.say(words, state=State.PLAIN)
        self._stopped()

    def _sorry(self, problem: DeskError) -> None:
        self._context.window.say(str(problem), state=State.CAUTION)
        self._stopped()


def next_ask(context: Context, referral_id: str, papers: Sequence[PaperFor]) -> FollowUpDraft | None:
    """Return the next step that printing sets: ask the agency by their reply date, or the client if only told.

    None where a step is set already, or where the referral has ended.
    """
    desk = context.desk
    referral = desk.referrals.facts(referral_id)
    is_new = referral.state in {ReferralState.DRAFT, ReferralState.INFORMATION}
    if not is_new or desk.followups.open_steps(referral.client_id, referral_id):
        return None
    due = reply_by(desk, desk.practice.get())
    if any(paper.audience is Audience.PROVIDER for paper in papers):
        return FollowUpDraft(kind=StepKind.AGENCY, what=_("ask if received"), due_on=due)
    return FollowUpDraft(kind=StepKind.CALL, what=_("did it help?"), due_on=due)


def usual_pages(hand_off: HandOff) -> tuple[PageKind, ...]:
    """Return the pages that a hand-off usually takes."""
    return (PageKind.HANDOUT,) if hand_off is HandOff.INFORMATION else tuple(PageKind)


def tell(context: Context, referral_id: str) -> str:
    """Write down that the client was told where to go, without paper; return what to say."""
    desk = context.desk
    due = reply_by(desk, desk.practice.get())
    desk.referrals.give_information(referral_id, FollowUpDraft(kind=StepKind.CALL, what=_("did it help?"), due_on=due))
    return _("It is written down, with a call on {day}.").format(day=short_day(due, context.clock.today()))


def foot_words(context: Context, facts: ReferralFacts | None, draft: ReferralDraft, *, blocking: int) -> str:
    """Return what the main act will do, or why it can't yet."""
    if blocking:
        words = ngettext("{count} to put right first.", "{count} to put right first.", blocking)
        return words.format(count=blocking)
    if facts is not None and facts.state is not ReferralState.DRAFT:
        return _("Printing again files the pages, marked as a copy.")
    day = short_day(reply_by(context.desk, context.desk.practice.get()), context.clock.today()).replace(" ", "\u00a0")
    if draft.hand_off is HandOff.INFORMATION:
        return _("It is filed, and you call on {day}.").format(day=day)
    return _("Printing files the pages, logs it, asks again {day}.").format(day=day)
