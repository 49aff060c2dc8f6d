"""Next steps with a date, and the tries made for them."""

from datetime import date, datetime, time

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Moment, Settable, coded, ref, text_column
from crisisdesk.records.choices import Channel, StepKind, StepState, TryResult


class FollowUp(Identified, Settable, Base, kw_only=True, repr=False):
    """A next step with a date, for a client or for one of the client's referrals."""

    __tablename__ = "followup"
    __table_args__ = (
        Index("ix_followup_state_due", "state", "due_on", "due_at", "id"),
        # The due columns are needed: without them SQLite looks for the soonest of one client among all that are open.
        Index("ix_followup_client", "client_id", "state", "due_on", "due_at"),
        Index("ix_followup_referral", "referral_id", "state", "due_on", "due_at"),
    )

    client_id: Mapped[str] = mapped_column(ref("client.id"))
    referral_id: Mapped[str | None] = mapped_column(ref("referral.id"), default=None)
    encounter_id: Mapped[str | None] = mapped_column(ref("encounter.id"), default=None)
    kind: Mapped[StepKind] = coded(StepKind, default=StepKind.CALL)
    what: Mapped[str] = text_column()  # "72 h after call-out", "did they get Maria's packet?"
    due_on: Mapped[date] = mapped_column()
    due_at: Mapped[time | None] = mapped_column(default=None)  # on her wall; None is "any time"
    moved_from: Mapped[date | None] = mapped_column(default=None)
    state: Mapped[StepState] = coded(StepState, default=StepState.OPEN)
    closed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    outcome: Mapped[str] = text_column()


class Attempt(Identified, Settable, Base, kw_only=True, repr=False):
    """A try: one call, text, letter or visit, and what came of it (domain.md 7.3)."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_client_made", "client_id", "made_at"),
        Index("ix_attempt_followup", "followup_id"),
    )

    client_id: Mapped[str] = mapped_column(ref("client.id"))
    followup_id: Mapped[str | None] = mapped_column(ref("followup.id"), default=None)
    referral_id: Mapped[str | None] = mapped_column(ref("referral.id"), default=None)
    made_at: Mapped[datetime] = mapped_column(Moment)
    channel: Mapped[Channel] = coded(Channel, default=Channel.CALL)
    number_used: Mapped[str] = text_column()
    result: Mapped[TryResult] = coded(TryResult)
    minutes: Mapped[int | None] = mapped_column(default=None)
    by: Mapped[str] = text_column()
    note: Mapped[str] = text_column()
