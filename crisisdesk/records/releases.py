"""Releases of information: who may be told what, why, and until when."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Settable, coded, codes, ref, text_column
from crisisdesk.records.choices import Direction, ReleaseScope, ReleaseStatus


class Release(Identified, Settable, Base, kw_only=True, repr=False):
    """An authorization to share (domain.md, appendix B)."""

    __tablename__ = "release"
    __table_args__ = (Index("ix_release_status_expires", "status", "expires_on"),)

    client_id: Mapped[str] = mapped_column(ref("client.id"), index=True)
    organization_id: Mapped[str | None] = mapped_column(ref("organization.id"), default=None, index=True)
    recipient: Mapped[str] = text_column()  # the name on the paper
    recipient_contact: Mapped[str] = text_column()
    direction: Mapped[Direction] = coded(Direction, default=Direction.TO)
    scopes: Mapped[tuple[ReleaseScope, ...]] = codes(ReleaseScope)
    purpose: Mapped[str] = text_column()
    status: Mapped[ReleaseStatus] = coded(ReleaseStatus, default=ReleaseStatus.SIGNED)
    signed_on: Mapped[date | None] = mapped_column(default=None)
    expires_on: Mapped[date | None] = mapped_column(default=None)
    signed_by: Mapped[str] = text_column()  # the client, or who signed for the client
    revoked_on: Mapped[date | None] = mapped_column(default=None)

    def is_in_force(self, on: date) -> bool:
        """Whether it lets anything be told on that day."""
        alive = self.status in (ReleaseStatus.SIGNED, ReleaseStatus.VERBAL) and self.set_aside_at is None
        return alive and (self.expires_on is None or self.expires_on >= on)
