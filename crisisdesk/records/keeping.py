"""What keeps records safe and ends them lawfully: legal holds, purges, and the media that carry copies."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Moment, ref, text_column


class LegalHold(Identified, Base, kw_only=True, repr=False):
    """Nothing about this client may be deleted until the hold is lifted; without a client, nothing at all."""

    __tablename__ = "legal_hold"

    client_id: Mapped[str | None] = mapped_column(ref("client.id"), default=None, index=True)
    reason: Mapped[str] = text_column()
    set_at: Mapped[datetime] = mapped_column(Moment)
    lifted_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    lift_reason: Mapped[str] = text_column()


class Tombstone(Identified, Base, kw_only=True, repr=False):
    """That something was purged: when, why and how much, and nothing of what it said."""

    __tablename__ = "tombstone"

    subject_id: Mapped[str] = mapped_column(String(36))  # the purged record's id, which means nothing any more
    kind: Mapped[str] = mapped_column(String(40))  # "client"
    retention_class: Mapped[str] = mapped_column(String(40))
    purged_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = text_column()
    rows: Mapped[int] = mapped_column(default=0)
    certificate: Mapped[str] = mapped_column(String(12), default="", server_default="")  # its number on paper


class Medium(Identified, Base, kw_only=True, repr=False):
    """A drive that carries copies of the vault, and who holds it."""

    __tablename__ = "medium"

    serial: Mapped[str] = mapped_column(String(80), default="", server_default="")
    label: Mapped[str] = text_column()
    holder: Mapped[str] = text_column()
    last_seq: Mapped[int] = mapped_column(default=0)
    last_backup_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    retired_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    note: Mapped[str] = text_column()
