"""Refer: what is needed, where, how, and the packet beside it; one page, each part skipped and come back to freely."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.matching import ClientFacts
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.desk.releases import ReleaseDraft
from crisisdesk.desk.words import Birth, Tone, age_years
from crisisdesk.documents.packet_number import grouped
from crisisdesk.documents.preflight import Fix, Leaving, preflight
from crisisdesk.errors import DeskError, NotFound, PrintProblem
from crisisdesk.i18n import _
from crisisdesk.records.choices import CheckHow, CheckResult, HandOff, ReferralState
from crisisdesk.ui import ask
from crisisdesk.ui.forms.client import open_client
from crisisdesk.ui.forms.release import open_release
from crisisdesk.ui.forms.steps import FollowUpDialog, StepActs
from crisisdesk.ui.page import Context, Page, PageHead
from crisisdesk.ui.pages.refer_dialogs import AnywayDialog, HappenedDialog, WhoDialog
from crisisdesk.ui.pages.refer_layout import PaperFoot, ReferLayout
from crisisdesk.ui.pages.refer_need import HowCard, NeedCard
from crisisdesk.ui.pages.refer_packet import PacketPane
from crisisdesk.ui.pages.refer_print import Outgoing, foot_words, make_papers, order, tell, usual_pages
from crisisdesk.ui.pages.refer_standing import Standing
from crisisdesk.ui.pages.refer_where import WhereCard
from crisisdesk.ui.pages.refer_words import refer_words
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.marks import Badge, StateMark
from crisisdesk.ui.widgets.pdf_preview import LargePreview, Pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crisisdesk.desk.chart import ChartHead
    from crisisdesk.desk.clients import ClientDraft
    from crisisdesk.desk.referrals import ReferralFacts
    from crisisdesk.desk.service_card import ServiceCard
    from crisisdesk.documents.packet import PaperFor
    from crisisdesk.ui.jobs import Running
    from crisisdesk.vault.changes import Changes

_PAUSE = 700  # milliseconds after the last key; then the draft is kept and the pages are made anew


class ReferPage(Page):
    """One referral: a draft to fill in and print, or how it stands."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"client", "client_phone", "related_person", "safety_flag", "referral", "referral_event", "release", "followup"}
        | {"attempt", "attachment", "packet", "disclosure", "service", "service_check", "organization", "phone"}
        | {"location", "address", "schedule", "setting", "private_notes"}
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Refer"), has_head=False)
        self.client_id = ""
        self.referral_id = ""
        self._head_facts: ChartHead | None = None
        self._client: ClientDraft | None = None
        self._facts: ReferralFacts | None = None
        self._ground: tuple[object, str] = (None, "")
        self._encounter_id: str | None = None
        self._papers: tuple[PaperFor, ...] = ()
        self._known: ServiceCard | None = None
        self._job: Running | None = None
        self._is_dirty = self._is_own_write = self._is_busy = self._wants_focus = self._is_fixing = False
        self._steps = StepActs(context, self)
        self._outgoing = Outgoing(context, self, done=self._left, stopped=self._stayed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.keep)
        self._build()

    def _build(self) -> None:
        self.need, self.where, self.how = NeedCard(), WhereCard(self.context), HowCard()
        self.standing = Standing(self.context)
        self.standing.acted.connect(self._stand)
        self.standing.paper_asked.connect(self._show_filed)
        self._form = QWidget()
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        for card in (self.need, self.where, self.how):
            column.addWidget(card)
        main = QWidget()
        both = QVBoxLayout(main)
        both.setContentsMargins(0, 0, 0, 0)
        both.addWidget(self._form)
        both.addWidget(self.standing)
        self.pane = PacketPane()
        self.foot = PaperFoot(finish=self._finish_later, print_now=self.print_now, save=self.save_file)
        self._layout = ReferLayout(self._make_head(), main, self.pane, self.foot)
        self.body.addWidget(self._layout, 1)
        self.need.changed.connect(self._need_changed)
        self.where.changed.connect(self._place_changed)
        self.how.changed.connect(self._edited)
        self.how.hand_off.changed.connect(self._hand_off_changed)
        self.pane.pages_changed.connect(self.look)
        self.pane.fix_asked.connect(lambda fix: self._fix(Fix(fix)))
        self.pane.large_asked.connect(self._show_large)

    def _make_head(self) -> QWidget:
        self.head = PageHead(_("Refer"), back=self.context.window.back, back_words=_("Back"))
        self._number = label("", ink="text3")
        self._safety = StateMark(State.DANGER, "")
        self._badge = Badge(State.PLAIN, "")
        self._saved = StateMark(State.DONE, _("Draft saved"))
        for each in (self._number, self._safety, self._badge):
            self.head.add_beside(each)
        self.head.add(self._saved)
        self._saved.hide()
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(px(24), px(12), px(24), px(12))
        row.addWidget(self.head)
        return holder

    # Coming and going ------------------------------------------------------------------------------------------

    def open(self, argument: str) -> None:
        """Show a referral by its id, or begin one: "client:<id>", "client:<id>:service:<id>", "service:<id>".

        Raises NotFound.
        """
        self.keep()
        self._wants_focus = True
        parts = argument.split(":")
        about = dict(zip(parts[::2], parts[1::2], strict=False)) if len(parts) > 1 else {}
        if not about:
            facts = self.context.desk.referrals.facts(argument)
            self.context.desk.audit_trail.saw("referral", facts.id)
            self._begin(facts.client_id, facts)
        elif "client" in about:
            self._begin(about["client"], None)
            self.where.choose(about.get("service", ""), told=True)
        else:
            self._begin("", None)
            QTimer.singleShot(0, self, lambda: begin_referral(self.context, about.get("service", "")))

    def _begin(self, client_id: str, facts: "ReferralFacts | None") -> None:
        self.client_id = client_id
        self.referral_id = facts.id if facts else ""
        self._facts = facts
        self._show_papers(())
        self._is_dirty = self._is_fixing = False
        self._saved.hide()
        self.where.forget()
        self._show_client()
        self._show_draft(facts.draft if facts else ReferralDraft())
        self.look()

    def shown(self) -> None:
        wants, self._wants_focus = self._wants_focus, False
        first = self.first_focus()
        if wants and first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            self._layout.to_top()

    def hidden(self) -> None:
        self.keep()

    def first_focus(self) -> QWidget | None:
        if self.is_standing:
            return self.standing.happened
        return self.need.need.first_chip()

    def regions(self) -> list[QWidget]:
        return [self.head, self.standing if self.is_standing else self._form, self.pane, self.foot]

    def refresh(self, changes: "Changes | None") -> None:
        if self._is_own_write or not self.client_id:
            return
        self._known = None
        if self.referral_id:
            try:
                self._facts = self.context.desk.referrals.facts(self.referral_id)
            except NotFound:  # its opening was undone: what is typed stays, as a referral that isn't written down
                self.referral_id, self._facts = "", None
                self._saved.hide()
            else:
                if not self._is_dirty and (changes is None or changes.touches("referral")):
                    self._show_draft(self._facts.draft, keep_pages=True)
        self._show_client()
        self.look()
        if self._is_fixing and changes is not None:
            self._is_fixing = False
            QTimer.singleShot(0, self, self._rest_focus)  # once the form that was opened has gone

    @property
    def is_standing(self) -> bool:
        """Whether the referral was sent, so that it is followed and no longer filled in."""
        return self._facts is not None and self._facts.state is not ReferralState.DRAFT

    @property
    def called(self) -> str:
        """What the client is called on the screen now."""
        head, client = self._head_facts, self._client
        if head is None or client is None:
            return ""
        return self.context.cover.shown(client.goes_by or client.first_name or head.name, head.initials)

    def _show_client(self) -> None:
        if not self.client_id:
            self.head.set_title(_("Refer"))
            return
        desk = self.context.desk
        head = self._head_facts = desk.chart.head(self.client_id)
        client = self._client = desk.clients.draft(self.client_id)
        title = _("Referral for {name}") if self.is_standing else _("Refer {name}")
        self.head.set_title(title.format(name=self.context.cover.shown(head.name, head.initials)))
        loud = next((banner.mark for banner in head.banners if banner.mark.tone is Tone.DANGER), None)
        self._safety.setVisible(loud is not None)
        if loud is not None:
            self._safety.say(State.DANGER, loud.text)
        words = refer_words(client.pronouns)
        for part in (self.need, self.where, self.how, self.pane):
            part.speak(words)
        born = Birth(born_on=client.born_on, guess=client.age_guess)
        years = age_years(born, self.context.clock.today())
        self._person = ClientFacts(age=years, languages=client.languages, insurance=client.insurance)

    def _show_draft(self, draft: ReferralDraft, *, keep_pages: bool = False) -> None:
        self._ground = (draft.basis, draft.basis_reason)
        self._encounter_id = draft.encounter_id
        self.need.show_draft(draft)
        self.how.show_draft(draft)
        if draft.service_id:
            self.where.choose(draft.service_id)
        if not keep_pages:
            self.pane.ticks.tick(usual_pages(draft.hand_off))
        if self.client_id:
            self.where.ask(self._person, draft.need)

    # What she types --------------------------------------------------------------------------------------------

    def draft(self) -> ReferralDraft:
        """Return the referral as it is filled in."""
        made = ReferralDraft(service_id=self.where.service_id, encounter_id=self._encounter_id)
        self.need.fill(made)
        self.how.fill(made)
        made.basis, made.basis_reason = self._ground  # type: ignore[assignment]  # a Basis, or None
        card = self._card(made.service_id)
        if card is not None:
            release = self.context.desk.releases.in_force(self.client_id, card.organization_id)
            made.release_id = release.id if release else None
        return made

    def _card(self, service_id: str | None) -> "ServiceCard | None":
        """Return a service's card, read once until something changes."""
        if service_id is None:
            return None
        if self._known is None or self._known.id != service_id:
            self._known = self.context.desk.services.card(service_id)
        return self._known

    def _edited(self) -> None:
        self._is_dirty = True
        self._saved.hide()
        self._timer.start()

    def _need_changed(self) -> None:
        self._edited()
        need = self.need.chosen
        if need is not self.where.need:
            self.where.ask(self._person, need)

    def _place_changed(self) -> None:
        self._ground = (None, "")  # a ground to tell one place is none to tell another
        self._edited()
        self.keep()

    def _hand_off_changed(self) -> None:
        self.pane.ticks.tick(usual_pages(HandOff(self.how.hand_off.chosen())))
        self.keep()

    def keep(self) -> None:
        """Keep the draft now, opening the referral the first time something is said."""
        self._timer.stop()
        if not self._is_dirty or not self.client_id or self.is_standing:
            return
        draft = self.draft()
        if not self.referral_id and draft == ReferralDraft():
            self._is_dirty = False
            return
        try:
            with self._own_write():
                if self.referral_id:
                    self.context.desk.referrals.edit(self.referral_id, draft)
                else:
                    self.referral_id = self.context.desk.referrals.open(self.client_id, draft)
                self._facts = self.context.desk.referrals.facts(self.referral_id)
        except DeskError as problem:
            self.context.window.say(str(problem), state=State.CAUTION)
            return
        self._is_dirty = False
        self._saved.show()
        self.look()

    @contextmanager
    def _own_write(self) -> "Iterator[None]":
        self._is_own_write = True
        try:
            yield
        finally:
            self._is_own_write = False

    # What it comes to ------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look again at everything that follows from what is typed: the packet, its pages, what to see to."""
        if not self.client_id:
            return
        desk = self.context.desk
        draft = self._facts.draft if self.is_standing and self._facts else self.draft()
        card = self._card(draft.service_id)
        self.pane.ticks.say(card.organization if card else "", self.called, refer_words(self._pronouns))
        leaving = Leaving(
            client_id=self.client_id, draft=draft, pages=self.pane.ticks.ticked(), name=self.called, card=card
        )
        self.pane.show_findings(preflight(desk, leaving))
        self._number.setText(self._facts.number if self._facts else "")
        self._form.setVisible(not self.is_standing)
        self.standing.setVisible(self.is_standing)
        self._badge.setVisible(self.is_standing)
        if self.is_standing and self._facts:
            rows = desk.referral_list.rows([self._facts.id])
            row = rows[0] if rows else None
            if row:
                self._badge.say(State(row.badge.tone.value), row.badge.text)
            self.standing.show_referral(self._facts, row, card.title if card else "")
        self._show_foot(draft)
        self._make()

    @property
    def _pronouns(self) -> str:
        return self._client.pronouns if self._client else ""

    def _show_foot(self, draft: ReferralDraft) -> None:
        is_told = not self.pane.ticks.ticked() and draft.hand_off is HandOff.INFORMATION and not self.is_standing
        can_leave = not self.pane.blocking
        words = _("Print and file")
        if self._is_busy:
            words = _("Printing…")
        elif is_told:
            words = _("Told, file it")
        elif self.is_standing:
            words = _("Print a copy")
        self.foot.print.setText(words)
        self.foot.print.setEnabled(can_leave and bool(self.pane.ticks.ticked() or is_told))
        # While it prints the button stays enabled: disabling it would hand the focus to whatever stands next to it.
        self.foot.more.setEnabled(can_leave and not self._is_busy and bool(self.pane.ticks.ticked()))
        self.foot.finish.setVisible(not self.is_standing)
        self.foot.words.say(foot_words(self.context, self._facts, draft, blocking=self.pane.blocking))

    def _make(self) -> None:
        """Make the pages in a job; an older one that still runs is no longer wanted."""
        if self._job is not None:
            self._job.cancel()
        kinds = self.pane.ticks.ticked()
        if not self.referral_id or not kinds:
            self._show_papers(())
            return
        with self._own_write():  # the packet gets its number here, the first time
            given = order(self.context, self.referral_id, kinds)
        self.pane.say_number(given.facts.number)
        self._job = self.context.jobs.start(self, make_papers, given, done=self._show_papers, failed=self._sorry)

    def _show_papers(self, papers: "tuple[PaperFor, ...]") -> None:
        self._papers = papers
        self.pane.show_papers(papers)
        if not self.referral_id:
            self.pane.say_number("")
        elif papers:
            desk = self.context.desk
            desk.audit_trail.previewed(desk.disclosures.packet_number(self.referral_id), self.referral_id)

    def _sorry(self, problem: DeskError) -> None:
        self.context.window.say(str(problem), state=State.CAUTION)

    def _show_large(self) -> None:
        if self._papers:
            pdfs = [paper.pdf.data for paper in self._papers]
            self._overlay(pdfs, page=self.pane.preview.at)

    def _show_filed(self, attachment_id: str) -> None:
        try:
            self._overlay([self.context.desk.disclosures.paper(attachment_id)])
            self.context.desk.audit_trail.saw("attachment", attachment_id)
        except (NotFound, PrintProblem) as problem:
            self._sorry(problem)

    def _overlay(self, papers: list[bytes], *, page: int = 0) -> None:
        number = self.context.desk.disclosures.packet_number(self.referral_id)
        pdfs = tuple(Pdf(data) for data in papers)
        card = LargePreview(_("Packet {number}").format(number=grouped(number)), pdfs, page=page)
        for pdf in pdfs:
            pdf.setParent(card)
        card.closed.connect(self.context.window.close_overlay)
        self.context.window.overlay(card, width=1060)

    # What can be put right -------------------------------------------------------------------------------------

    def _fix(self, fix: Fix) -> None:
        self.keep()
        draft = self._facts.draft if self.is_standing and self._facts else self.draft()
        if fix is Fix.SERVICE:
            self.where.search()
        elif fix is Fix.SENTENCE:
            self.need.sentence.setFocus()
        elif fix is Fix.NUMBERS:
            self._is_fixing = True
            open_client(self.context, self.client_id, section="reach")
        elif draft.service_id is not None:
            self._fix_place(fix, draft.service_id)

    def _fix_place(self, fix: Fix, service_id: str) -> None:
        desk = self.context.desk
        card = self._card(service_id) or desk.services.card(service_id)
        if fix is Fix.RELEASE:
            today = self.context.clock.today()
            start = ReleaseDraft(recipient=card.organization, organization_id=card.organization_id, signed_on=today)
            self._is_fixing = True
            open_release(self.context, self.client_id, start=start)
        elif fix is Fix.CHECKED:
            desk.services.check(service_id, CheckHow.PHONE, CheckResult.WORKED)
            self.context.window.say(_("{place} is checked as of today.").format(place=card.title), undo=True)
            self._rest_focus()
        elif fix is Fix.ANYWAY:
            dialog = AnywayDialog(self.context.window.widget, card.organization)
            if ask.run(dialog):
                self._set_ground(dialog.basis, dialog.reason)
        elif fix is Fix.TAKE_BACK:
            self._set_ground(None, "")

    def _set_ground(self, basis: object, reason: str) -> None:
        self._ground = (basis, reason)
        if self.is_standing and self._facts:
            draft = self._facts.draft
            draft.basis, draft.basis_reason = basis, reason  # type: ignore[assignment]  # a Basis, or None
            with self._own_write():
                self.context.desk.referrals.edit(self._facts.id, draft)
                self._facts = self.context.desk.referrals.facts(self._facts.id)
            self.look()
        else:
            self._edited()
            self.keep()
        self._rest_focus()

    # Leaving ---------------------------------------------------------------------------------------------------

    def print_now(self) -> None:
        """Print the ticked pages and file them; or write down that the client was told, without paper."""
        if self._is_busy:
            return
        self._prepare()
        if not self.foot.print.isEnabled():
            self._focus_fix()
        elif not self.pane.ticks.ticked():
            self.context.window.say(tell(self.context, self.referral_id), undo=True)
        else:
            self._set_busy(on=True)
            self._outgoing.print(self.referral_id, order(self.context, self.referral_id, self.pane.ticks.ticked()))

    def save_file(self) -> None:
        """Save the ticked pages as a file and file them."""
        if self._is_busy:
            return
        self._prepare()
        if self.foot.more.isEnabled():
            self._set_busy(on=True)
            self._outgoing.save(self.referral_id, order(self.context, self.referral_id, self.pane.ticks.ticked()))

    def _prepare(self) -> None:
        """Keep what is typed, and the release of this very moment."""
        self._is_dirty = self._is_dirty or not self.is_standing
        self.keep()
        if self.is_standing and self._facts:
            self._renew_release(self._facts)
        self.look()

    def _renew_release(self, facts: "ReferralFacts") -> None:
        draft = facts.draft
        card = self._card(draft.service_id)
        release = self.context.desk.releases.in_force(self.client_id, card.organization_id) if card else None
        if release is not None and release.id != draft.release_id:
            draft.release_id = release.id
            with self._own_write():
                self.context.desk.referrals.edit(facts.id, draft)

    def _focus_fix(self) -> None:
        first = self.pane.first_fix()
        if first is not None:
            first.setFocus()

    def _set_busy(self, *, on: bool) -> None:
        self._is_busy = on
        self._show_foot(self._facts.draft if self._facts else ReferralDraft())

    def _left(self, sentence: str) -> None:
        self._set_busy(on=False)
        self.context.window.say(sentence)
        self._rest_focus()

    def _stayed(self) -> None:
        self._set_busy(on=False)
        self._rest_focus()

    def _rest_focus(self) -> None:
        """Put the focus on the main act, or on what stops it: never on whatever stood next to a button that went."""
        first = self.foot.print if self.foot.print.isEnabled() else self.pane.first_fix()
        (first or self.first_focus() or self.foot).setFocus(Qt.FocusReason.OtherFocusReason)

    def _finish_later(self) -> None:
        self.keep()
        self.context.window.back()

    # Once it is sent -------------------------------------------------------------------------------------------

    def _stand(self, act: str) -> None:
        facts = self._facts
        if facts is None:
            return
        steps = self.context.desk.followups.open_steps(facts.client_id, facts.id)
        if act == "happened":
            happened(self.context, facts.id)
        elif act == "chart":
            self.context.window.go("chart", facts.client_id)
        elif act == "try" and steps:
            self._steps.do("try", steps[0].id)
        elif act == "step" and ask.run(FollowUpDialog(self.context, facts.client_id, referral_id=facts.id)):
            self.context.window.say(_("The next step is set."), undo=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._layout.fit()

    def _fit_margins(self) -> None:
        self.body.setContentsMargins(0, 0, 0, 0)


def happened(context: Context, referral_id: str) -> None:
    """Ask what happened with a referral, and write it down."""
    try:
        facts = context.desk.referrals.facts(referral_id)
        if ask.run(HappenedDialog(context, facts)):
            context.window.say(_("It is written down."), undo=True)
    except DeskError as problem:
        context.window.say(str(problem), state=State.CAUTION)


def begin_referral(context: Context, service_id: str = "") -> None:
    """Ask who is referred, and begin the referral."""
    dialog = WhoDialog(context)
    is_chosen = ask.run(dialog)
    if is_chosen and dialog.client_id:
        about = f":service:{service_id}" if service_id else ""
        context.window.go("refer", f"client:{dialog.client_id}{about}")
    elif dialog.is_new:
        context.commands.run("client.new")
