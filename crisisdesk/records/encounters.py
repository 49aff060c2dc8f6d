"""Call-outs, visits, calls: every contact with or about a client."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Moment, Settable, coded, codes, ref, text_column
from crisisdesk.records.choices import (
    Behavior,
    ClinicianRole,
    ContactType,
    Ending,
    ForceLevel,
    LocationType,
    Nature,
    NeedCategory,
    RequestedBy,
    Weapon,
    YesNo,
)


class Encounter(Identified, Settable, Base, kw_only=True, repr=False):
    """One call-out, visit, phone call or other contact (domain.md 2.3).

    Only ``began_at`` and ``client_id`` are needed; a person who is not known is a client with a description.
    Dispositions are rows of their own, so that encounters are counted once (the Seattle lesson).
    """

    __tablename__ = "encounter"
    __table_args__ = (
        Index("ix_encounter_client_began", "client_id", "began_at"),
        Index("ix_encounter_began", "began_at", "id"),
    )

    client_id: Mapped[str] = mapped_column(ref("client.id"))
    number: Mapped[str] = mapped_column(String(12), unique=True)  # 2026-0388
    incident_number: Mapped[str] = text_column()  # CAD
    report_number: Mapped[str] = text_column()  # police report
    contact_type: Mapped[ContactType] = coded(ContactType, default=ContactType.CALL_OUT)
    requested_by: Mapped[RequestedBy | None] = coded(RequestedBy, default=None, nullable=True)
    requested_by_name: Mapped[str] = text_column()
    began_at: Mapped[datetime] = mapped_column(Moment)
    paged_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    en_route_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    on_scene_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    police_on_scene_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    officer_released_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    person_left_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    clear_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    documentation_minutes: Mapped[int | None] = mapped_column(default=None)
    initial_nature: Mapped[Nature | None] = coded(Nature, default=None, nullable=True)
    final_nature: Mapped[Nature | None] = coded(Nature, default=None, nullable=True)
    needs: Mapped[tuple[NeedCategory, ...]] = codes(NeedCategory)
    location_type: Mapped[LocationType | None] = coded(LocationType, default=None, nullable=True)
    location: Mapped[str] = text_column()
    beat: Mapped[str] = text_column()
    people_present: Mapped[str] = text_column()
    minors_present: Mapped[YesNo] = coded(YesNo, default=YesNo.NOT_ASKED)
    behaviors: Mapped[tuple[Behavior, ...]] = codes(Behavior)
    weapons: Mapped[tuple[Weapon, ...]] = codes(Weapon)
    means_safety: Mapped[str] = text_column()
    substances: Mapped[str] = text_column()
    injuries: Mapped[str] = text_column()
    force_level: Mapped[ForceLevel | None] = coded(ForceLevel, default=None, nullable=True)
    role: Mapped[ClinicianRole | None] = coded(ClinicianRole, default=None, nullable=True)
    risk_words: Mapped[str] = text_column()  # the clinician's own formulation; the program never rates
    collateral: Mapped[str] = text_column()
    transport: Mapped[str] = text_column()
    facility: Mapped[str] = text_column()
    narrative: Mapped[str] = text_column()


class Disposition(Identified, Base, kw_only=True, repr=False):
    """One way in which an encounter ended; position 0 is the main one."""

    __tablename__ = "disposition"
    __table_args__ = (UniqueConstraint("encounter_id", "ending"),)

    encounter_id: Mapped[str] = mapped_column(ref("encounter.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    ending: Mapped[Ending] = coded(Ending)
