"""The people she works with, and the people around them."""

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Moment, Settable, coded, codes, ref, text_column
from crisisdesk.records.choices import (
    BirthQuality,
    ClientStatus,
    CloseReason,
    LivingSituation,
    MayContact,
    NameQuality,
    PhoneType,
    Race,
    Sex,
    SubstanceUse,
    Tier,
    VoicemailRule,
    YesNo,
)


class Client(Identified, Settable, Base, kw_only=True, repr=False):
    """A person she works with; may be unknown at first ("Unknown man, Elm Street bridge") and named later.

    Fields follow domain.md 2.4; coded lists are HUD's. ``shown_name`` is what lists show and sort by.
    """

    __tablename__ = "client"
    __table_args__ = (
        Index("ix_client_status_list_name", "status", "list_name", "id"),
        Index("ix_client_number", "number", unique=True),
    )

    number: Mapped[str] = mapped_column(String(12))  # C-2026-0031
    first_name: Mapped[str] = text_column()
    middle_name: Mapped[str] = text_column()
    last_name: Mapped[str] = text_column()
    goes_by: Mapped[str] = text_column()
    described_as: Mapped[str] = text_column()  # for a person whose name is not known
    shown_name: Mapped[str] = text_column()  # "Maria Delgado"; kept by name_changed()
    list_name: Mapped[str] = text_column()  # "delgado maria", folded, for sorting
    name_quality: Mapped[NameQuality] = coded(NameQuality, default=NameQuality.FULL)
    pronouns: Mapped[str] = text_column()
    born_on: Mapped[date | None] = mapped_column(default=None)
    birth_quality: Mapped[BirthQuality] = coded(BirthQuality, default=BirthQuality.NOT_ASKED)
    age_guess: Mapped[int | None] = mapped_column(default=None)  # years, as she guessed it on age_guessed_on
    age_guessed_on: Mapped[date | None] = mapped_column(default=None)
    sex: Mapped[Sex] = coded(Sex, default=Sex.NOT_ASKED)
    gender: Mapped[str] = text_column()
    races: Mapped[tuple[Race, ...]] = codes(Race)
    languages: Mapped[str] = text_column()  # as she writes it: "Spanish and English"
    interpreter: Mapped[YesNo] = coded(YesNo, default=YesNo.NOT_ASKED)
    veteran: Mapped[YesNo] = coded(YesNo, default=YesNo.NOT_ASKED)
    email: Mapped[str] = text_column()
    safe_to_mail: Mapped[YesNo] = coded(YesNo, default=YesNo.NOT_ASKED)
    plain_envelope: Mapped[bool] = mapped_column(default=False)
    living_situation: Mapped[LivingSituation] = coded(LivingSituation, default=LivingSituation.NOT_ASKED)
    substance_use: Mapped[SubstanceUse] = coded(SubstanceUse, default=SubstanceUse.NOT_ASKED)
    insurance: Mapped[str] = text_column()
    insurance_number: Mapped[str] = text_column()
    doctor: Mapped[str] = text_column()
    provider: Mapped[str] = text_column()  # present mental health or substance use provider
    prescriber: Mapped[str] = text_column()
    pharmacy: Mapped[str] = text_column()
    medication: Mapped[str] = text_column()  # as reported
    allergies: Mapped[str] = text_column()
    guardian: Mapped[str] = text_column()
    legal_status: Mapped[str] = text_column()  # mandated status, probation, court dates
    status: Mapped[ClientStatus] = coded(ClientStatus, default=ClientStatus.ACTIVE)
    tier: Mapped[Tier | None] = coded(Tier, default=None, nullable=True)
    opened_on: Mapped[date | None] = mapped_column(default=None)
    source: Mapped[str] = text_column()
    goals: Mapped[str] = text_column()
    closed_on: Mapped[date | None] = mapped_column(default=None)
    close_reason: Mapped[CloseReason | None] = coded(CloseReason, default=None, nullable=True)
    last_contact_at: Mapped[datetime | None] = mapped_column(Moment, default=None)


class ClientName(Identified, Base, kw_only=True, repr=False):
    """Another name of a client: an alias, a former name, another spelling."""

    __tablename__ = "client_name"

    client_id: Mapped[str] = mapped_column(ref("client.id"), index=True)
    name: Mapped[str] = text_column()


class ClientPhone(Identified, Base, kw_only=True, repr=False):
    """A number to reach a client on, with the rule for its voicemail."""

    __tablename__ = "client_phone"

    client_id: Mapped[str] = mapped_column(ref("client.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)  # 0 is tried first
    number: Mapped[str] = text_column()  # as typed
    kind: Mapped[PhoneType] = coded(PhoneType, default=PhoneType.CELL)
    safe_to_call: Mapped[YesNo] = coded(YesNo, default=YesNo.NOT_ASKED)
    voicemail: Mapped[VoicemailRule] = coded(VoicemailRule, default=VoicemailRule.NOT_ASKED)
    voicemail_words: Mapped[str] = text_column()
    text_ok: Mapped[YesNo] = coded(YesNo, default=YesNo.NOT_ASKED)
    safe_hours: Mapped[str] = text_column()  # "9 to 14"


class ClientAddress(Identified, Base, kw_only=True, repr=False):
    """Where a client lives or stays."""

    __tablename__ = "client_address"

    client_id: Mapped[str] = mapped_column(ref("client.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    address: Mapped[str] = text_column()  # "218 Cotter Street, 3B", or "stays at her sister's"
    note: Mapped[str] = text_column()


class RelatedPerson(Identified, Settable, Base, kw_only=True, repr=False):
    """Somebody around a client, and whether that person may be contacted."""

    __tablename__ = "related_person"

    client_id: Mapped[str] = mapped_column(ref("client.id"), index=True)
    name: Mapped[str] = text_column()
    relationship: Mapped[str] = text_column()  # "sister"
    phone: Mapped[str] = text_column()
    may_contact: Mapped[MayContact] = coded(MayContact, default=MayContact.NOT_ASKED)
    lives_with: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = text_column()
