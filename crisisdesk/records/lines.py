"""What the list of clients sorts and filters by: derived from other records, kept true by the write door."""

from typing import ClassVar

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, ref
from crisisdesk.records.choices import ReferralState

NO_STEP = "~"  # sorts after every date
UNANSWERED_STATES = (ReferralState.SENT, ReferralState.RECEIVED, ReferralState.NO_RESPONSE)


class ClientLine(Base, kw_only=True, repr=False):
    """One client's place in the lists; a client who is set aside has none.

    It lets a page of 50,000 clients by next step be read off an index. Not in the journal: it is nobody's work,
    and a changed next step must not make an older edit of the client stale. ``vault.lines`` writes it.
    """

    __tablename__ = "client_line"
    __journaled__: ClassVar[bool] = False
    __table_args__ = (
        Index("ix_client_line_due", "is_closed", "due_key", "list_name", "client_id"),
        Index("ix_client_line_name", "is_closed", "list_name", "client_id"),
        Index("ix_client_line_concern", "high_concern", "due_key", "list_name", "client_id"),
        Index("ix_client_line_waiting", "waiting", "due_key", "list_name", "client_id"),
    )

    client_id: Mapped[str] = mapped_column(ref("client.id"), primary_key=True)
    is_closed: Mapped[bool] = mapped_column()
    due_key: Mapped[str] = mapped_column(String(16))  # "2026-11-24 10:30", "2026-11-24 ~" for any time, NO_STEP
    list_name: Mapped[str] = mapped_column(String)
    step_id: Mapped[str | None] = mapped_column(String(36), default=None)  # the soonest open follow-up
    flag_id: Mapped[str | None] = mapped_column(String(36), default=None)  # the loudest safety flag
    high_concern: Mapped[bool] = mapped_column(default=False)  # open, and flagged so
    waiting: Mapped[bool] = mapped_column(default=False)  # open, and an agency owes an answer
