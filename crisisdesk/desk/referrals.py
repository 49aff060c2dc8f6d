"""Open, follow and close referrals."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select

from crisisdesk.clock import Clock
from crisisdesk.desk.drafts import Problems
from crisisdesk.desk.followups import FollowUpDraft, new_step
from crisisdesk.errors import NotFound, StateConflict
from crisisdesk.i18n import _
from crisisdesk.records.choices import (
    FINAL_STATES,
    Basis,
    HandOff,
    Need,
    ReferralState,
    StepKind,
    StepState,
    ToldBy,
    Urgency,
)
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Service
from crisisdesk.records.disclosures import Packet
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.referrals import Referral, ReferralEvent
from crisisdesk.records.releases import Release
from crisisdesk.vault.store import Store
from crisisdesk.vault.write import Write


@dataclass(kw_only=True)
class ReferralDraft:
    """What the Refer page holds: a referral before it is sent. Each part may be skipped and come back to."""

    need: Need | None = None
    sentence: str = ""
    urgency: Urgency = Urgency.ROUTINE
    service_id: str | None = None
    hand_off: HandOff = HandOff.PACKET
    wants: str = ""
    has: str = ""
    tried: str = ""
    spoke_with: str = ""
    client_agreed: bool = False
    date_in_hand: bool = False
    ride_solved: bool = False
    release_id: str | None = None
    basis: Basis | None = None
    basis_reason: str = ""
    encounter_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReferralFacts:
    """A referral as the Refer page needs it."""

    id: str
    number: str
    client_id: str
    state: ReferralState
    state_at: datetime | None
    sent_at: datetime | None
    draft: ReferralDraft


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A change of a referral's state."""

    id: str
    at: datetime
    state: ReferralState
    told_by: ToldBy | None
    note: str


_FIELDS = tuple(f.name for f in fields(ReferralDraft))


class Referrals:
    """What she does with referrals."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def facts(self, referral_id: str) -> ReferralFacts:
        """Return a referral. Raises NotFound."""
        with self._store.read() as s:
            row = s.get(Referral, referral_id)
            if row is None:
                raise NotFound(_("This referral is no longer in the file."))
            return ReferralFacts(
                id=row.id,
                number=row.number,
                client_id=row.client_id,
                state=row.state,
                state_at=row.state_at,
                sent_at=row.sent_at,
                draft=ReferralDraft(**{name: getattr(row, name) for name in _FIELDS}),
            )

    def happened(self, referral_id: str) -> tuple[Happened, ...]:
        """Return how a referral came to where it stands, the newest first."""
        with self._store.read() as s:
            rows = s.execute(
                select(
                    ReferralEvent.id, ReferralEvent.at, ReferralEvent.state, ReferralEvent.told_by, ReferralEvent.note
                )
                .where(ReferralEvent.referral_id == referral_id)
                .order_by(ReferralEvent.at.desc(), ReferralEvent.created_at.desc())
            )
            return tuple(
                Happened(id=row_id, at=at, state=state, told_by=told_by, note=note)
                for row_id, at, state, told_by, note in rows
            )

    def open(self, client_id: str, draft: ReferralDraft) -> str:
        """Begin a referral as a draft and return its id. Raises NotFound."""
        with self._store.write("Open referral") as s:
            s.get_one(Client, client_id)
            referral = Referral(client_id=client_id, number=s.number("referral"), state_at=self._clock.now())
            s.add(referral)
            # With its packet, though nothing is printed: numbered later, by a write of its own, it would end Undo.
            s.add(Packet(referral_id=referral.id, client_id=client_id, number=s.packet_number()))
            self._fill(s, referral, draft)
        return referral.id

    def edit(self, referral_id: str, draft: ReferralDraft) -> None:
        """Keep what the Refer page holds. Raises NotFound, and StateConflict once it was sent elsewhere."""
        with self._store.write("Edit referral") as s:
            referral = s.get_one(Referral, referral_id)
            if referral.sent_at and draft.service_id != referral.service_id:
                raise StateConflict(
                    _("This referral was already sent. To send the client elsewhere, close it and open another.")
                )
            self._fill(s, referral, draft)

    def _fill(self, s: Write, referral: Referral, draft: ReferralDraft) -> None:
        if draft.service_id:
            s.get_one(Service, draft.service_id)
        if draft.release_id:
            s.get_one(Release, draft.release_id)
        for name in _FIELDS:
            setattr(referral, name, getattr(draft, name))

    def set_state(
        self,
        referral_id: str,
        state: ReferralState,
        *,
        told_by: ToldBy | None = None,
        note: str = "",
        again: FollowUpDraft | None = None,
    ) -> None:
        """Write down how a referral stands, who told us, and what happens next.

        A final state closes the referral and finishes its open next steps. Raises NotFound, Invalid, StateConflict.
        """
        if again:
            again.check()
        with self._store.write("Change referral") as s:
            referral = s.get_one(Referral, referral_id)
            if state is ReferralState.DRAFT:
                raise StateConflict(_("A referral that was sent can’t become a draft again."))
            self.advance(s, referral, state, told_by=told_by, note=note)
            if state in FINAL_STATES:
                self._finish_steps(s, referral_id)
            elif again:
                self._finish_steps(s, referral_id)
                again.referral_id = referral_id
                s.add(new_step(referral.client_id, again))

    def advance(
        self, s: Write, referral: Referral, state: ReferralState, *, told_by: ToldBy | None = None, note: str = ""
    ) -> None:
        """Change the state inside a write of another act, and tell the referral's history."""
        now = self._clock.now()
        referral.state, referral.state_at = state, now
        referral.closed_at = now if state in FINAL_STATES else None
        s.add(ReferralEvent(referral_id=referral.id, at=now, state=state, told_by=told_by, note=note))

    def _finish_steps(self, s: Write, referral_id: str) -> None:
        open_steps = select(FollowUp).where(FollowUp.referral_id == referral_id, FollowUp.state == StepState.OPEN)
        for step in s.scalars(open_steps):
            step.state = StepState.DONE
            step.closed_at = self._clock.now()

    def give_information(self, referral_id: str, again: FollowUpDraft | None = None) -> None:
        """Close the page of an information-only referral: nothing was sent, the client was told where to go.

        Raises Invalid without a service.
        """
        if again:
            again.check()
        with self._store.write("Give information") as s:
            referral = s.get_one(Referral, referral_id)
            problems = Problems()
            problems.require("service_id", referral.service_id, _("Choose a place to send the client first."))
            problems.raise_any()
            referral.sent_at = self._clock.now()
            self.advance(s, referral, ReferralState.INFORMATION)
            if again:
                again.referral_id = referral_id
                s.add(new_step(referral.client_id, again))

    def next_step(self, referral_id: str, draft: FollowUpDraft) -> str:
        """Set what happens next for a referral and return the step's id. Raises Invalid, NotFound."""
        draft.check()
        with self._store.write("Add next step") as s:
            referral = s.get_one(Referral, referral_id)
            draft.referral_id = referral_id
            if draft.kind is StepKind.AGENCY and not draft.what:
                draft.what = _("ask how it stands")
            step = new_step(referral.client_id, draft)
            s.add(step)
        return step.id

    def set_aside(self, referral_id: str, reason: str) -> None:
        """Take a referral out of view, with a reason; nothing is deleted."""
        problems = Problems()
        problems.require("reason", reason, _("Say why, in a few words."))
        problems.raise_any()
        with self._store.write("Set referral aside") as s:
            referral = s.get_one(Referral, referral_id)
            referral.set_aside_at = self._clock.now()
            referral.set_aside_reason = reason
            self._finish_steps(s, referral_id)
