"""What left the office, in which packet, and on what basis."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Moment, coded, codes, ref, text_column
from crisisdesk.records.choices import Audience, Basis, DisclosureHow, PageKind


class Packet(Identified, Base, kw_only=True, repr=False):
    """The pages made for one referral, filed as they were printed."""

    __tablename__ = "packet"

    referral_id: Mapped[str] = mapped_column(ref("referral.id"), index=True)
    client_id: Mapped[str] = mapped_column(ref("client.id"), index=True)
    number: Mapped[str] = mapped_column(String(6), unique=True)  # six random digits, also in the QR code
    pages: Mapped[tuple[PageKind, ...]] = codes(PageKind)
    first_printed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)


class Disclosure(Identified, Base, kw_only=True, repr=False):
    """One thing that was told, printed, faxed or exported, to one recipient."""

    __tablename__ = "disclosure"
    __table_args__ = (Index("ix_disclosure_client_made", "client_id", "made_at"),)

    client_id: Mapped[str] = mapped_column(ref("client.id"))
    referral_id: Mapped[str | None] = mapped_column(ref("referral.id"), default=None, index=True)
    packet_id: Mapped[str | None] = mapped_column(ref("packet.id"), default=None)
    release_id: Mapped[str | None] = mapped_column(ref("release.id"), default=None)
    attachment_id: Mapped[str | None] = mapped_column(ref("attachment.id"), default=None)
    made_at: Mapped[datetime] = mapped_column(Moment)
    audience: Mapped[Audience] = coded(Audience)
    recipient: Mapped[str] = text_column()
    how: Mapped[DisclosureHow] = coded(DisclosureHow, default=DisclosureHow.PRINTED)
    basis: Mapped[Basis] = coded(Basis)
    reason: Mapped[str] = text_column()  # why without a release, in her words
    what: Mapped[str] = text_column()
    pages: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
