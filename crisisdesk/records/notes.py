"""What she writes. A signed note is never changed; it is added to."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Moment, Settable, coded, ref, text_column
from crisisdesk.records.choices import NoteKind, NoteStatus


class Note(Identified, Settable, Base, kw_only=True, repr=False):
    """A note on a chart: draft, then signed; after that only an addendum, a correction or a late entry."""

    __tablename__ = "note"
    __table_args__ = (
        Index("ix_note_client_written", "client_id", "written_at"),
        Index("ix_note_status_written", "status", "written_at"),  # drafts to sign, on Today
    )

    client_id: Mapped[str] = mapped_column(ref("client.id"))
    encounter_id: Mapped[str | None] = mapped_column(ref("encounter.id"), default=None, index=True)
    amends_id: Mapped[str | None] = mapped_column(ref("note.id"), default=None)
    kind: Mapped[NoteKind] = coded(NoteKind, default=NoteKind.NOTE)
    status: Mapped[NoteStatus] = coded(NoteStatus, default=NoteStatus.DRAFT)
    body: Mapped[str] = text_column()
    written_at: Mapped[datetime] = mapped_column(Moment)  # when the thing happened that it tells of
    signed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    signed_by: Mapped[str] = text_column()
