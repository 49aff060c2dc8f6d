"""Referrals: one client sent to one service for one need, followed until it is known how it ended."""

from datetime import datetime

from sqlalchemy import Index, String, column
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Moment, Settable, coded, ref, text_column
from crisisdesk.records.choices import (
    FINAL_STATES,
    Basis,
    HandOff,
    Need,
    ReferralResult,
    ReferralState,
    ToldBy,
    Urgency,
)

_RESULTS = {
    ReferralState.GOT_HELP: ReferralResult.ACCEPTED,
    ReferralState.DECLINED: ReferralResult.CLIENT_REJECTED,
    ReferralState.NOT_REACHED: ReferralResult.CLIENT_REJECTED,
    ReferralState.REVOKED: ReferralResult.CLIENT_REJECTED,
    ReferralState.NO_CAPACITY: ReferralResult.PROVIDER_REJECTED,
    ReferralState.NOT_ELIGIBLE: ReferralResult.PROVIDER_REJECTED,
}


class Referral(Identified, Settable, Base, kw_only=True, repr=False):
    """A referral's facts and where it stands now; ``ReferralEvent`` tells how it came there."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("ix_referral_state_number", "state", "number"),
        Index("ix_referral_state_sent", "state", "sent_at"),  # the longest wait first
        Index("ix_referral_closed", "closed_at", "id", "client_id", sqlite_where=column("set_aside_at").is_(None)),
        Index("ix_referral_client", "client_id"),
        Index("ix_referral_service", "service_id"),
    )

    number: Mapped[str] = mapped_column(String(12), unique=True)  # R-2026-0142
    client_id: Mapped[str] = mapped_column(ref("client.id"))
    service_id: Mapped[str | None] = mapped_column(ref("service.id"), default=None)  # None: not chosen yet
    encounter_id: Mapped[str | None] = mapped_column(ref("encounter.id"), default=None)
    need: Mapped[Need | None] = coded(Need, default=None, nullable=True)
    sentence: Mapped[str] = text_column()
    urgency: Mapped[Urgency] = coded(Urgency, default=Urgency.ROUTINE)
    hand_off: Mapped[HandOff] = coded(HandOff, default=HandOff.PACKET)
    wants: Mapped[str] = text_column()
    has: Mapped[str] = text_column()
    tried: Mapped[str] = text_column()
    spoke_with: Mapped[str] = text_column()
    client_agreed: Mapped[bool] = mapped_column(default=False)
    date_in_hand: Mapped[bool] = mapped_column(default=False)
    ride_solved: Mapped[bool] = mapped_column(default=False)
    release_id: Mapped[str | None] = mapped_column(ref("release.id"), default=None)
    basis: Mapped[Basis | None] = coded(Basis, default=None, nullable=True)  # if there is no release
    basis_reason: Mapped[str] = text_column()
    state: Mapped[ReferralState] = coded(ReferralState, default=ReferralState.DRAFT)
    state_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    sent_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    closed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)

    @property
    def is_open(self) -> bool:
        """Whether it is not yet known how it ended."""
        return self.state not in FINAL_STATES

    @property
    def result(self) -> ReferralResult | None:
        """HUD 4.20.D, once it is known."""
        return _RESULTS.get(self.state)


class ReferralEvent(Identified, Base, kw_only=True, repr=False):
    """A change of a referral's state, and who told us."""

    __tablename__ = "referral_event"
    __table_args__ = (Index("ix_referral_event_referral_at", "referral_id", "at"),)

    referral_id: Mapped[str] = mapped_column(ref("referral.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[ReferralState] = coded(ReferralState)
    told_by: Mapped[ToldBy | None] = coded(ToldBy, default=None, nullable=True)
    note: Mapped[str] = text_column()
