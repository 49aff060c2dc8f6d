"""Papers in the chart, byte for byte."""

from typing import ClassVar

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Settable, coded, ref, text_column
from crisisdesk.records.choices import PaperKind


class Attachment(Identified, Settable, Base, kw_only=True, repr=False):
    """A paper: a packet as it was printed, or a scan. Its bytes never change and are not in the journal."""

    __tablename__ = "attachment"
    __journaled__: ClassVar[bool] = False

    client_id: Mapped[str] = mapped_column(ref("client.id"), index=True)
    referral_id: Mapped[str | None] = mapped_column(ref("referral.id"), default=None, index=True)
    packet_id: Mapped[str | None] = mapped_column(ref("packet.id"), default=None)
    kind: Mapped[PaperKind] = coded(PaperKind, default=PaperKind.PACKET)
    title: Mapped[str] = text_column()
    media_type: Mapped[str] = mapped_column(String(60), default="application/pdf")
    pages: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
