"""Places to send people, with the names and fields of HSDS 3.0 (Open Referral), and what only she knows of them.

HSDS leaves out how referrals are made, who answers and how it went: ``PrivateNotes`` and ``ServiceCheck`` hold that,
and never leave the office.
"""

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crisisdesk.records.base import Base, Identified, Moment, Settable, coded, ref, text_column
from crisisdesk.records.choices import (
    AddressType,
    CheckHow,
    CheckResult,
    Need,
    PhoneType,
    PlaceType,
    ServiceStatus,
)


class DataSet(Identified, Base, kw_only=True, repr=False):
    """A directory that came from elsewhere; it can be taken out whole again."""

    __tablename__ = "data_set"

    title: Mapped[str] = text_column()
    kind: Mapped[str] = text_column()  # "HSDS 3.0 JSON"
    imported_at: Mapped[datetime] = mapped_column(Moment)
    # Taken out, but some of its services are in use and stay as hers; the same file may come back to them.
    taken_out_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    organizations: Mapped[int] = mapped_column(default=0)
    services: Mapped[int] = mapped_column(default=0)


class Sourced(Identified, kw_only=True, repr=False):
    """A row that may have come from a data set, under the id that its publisher gave it."""

    data_set_id: Mapped[str | None] = mapped_column(ref("data_set.id"), default=None, index=True)
    source_id: Mapped[str] = text_column()


class Organization(Sourced, Settable, Base, kw_only=True, repr=False):
    """Who offers services (HSDS organization)."""

    __tablename__ = "organization"

    name: Mapped[str] = text_column()
    alternate_name: Mapped[str] = text_column()
    description: Mapped[str] = text_column()
    email: Mapped[str] = text_column()
    website: Mapped[str] = text_column()
    tax_status: Mapped[str] = text_column()
    tax_id: Mapped[str] = text_column()
    year_incorporated: Mapped[str] = text_column()
    legal_status: Mapped[str] = text_column()


class Service(Sourced, Settable, Base, kw_only=True, repr=False):
    """The unit she refers to (HSDS service), with the plain facts a handout needs."""

    __tablename__ = "service"
    __table_args__ = (Index("ix_service_list_name", "list_name", "id"),)

    organization_id: Mapped[str] = mapped_column(ref("organization.id"), index=True)
    name: Mapped[str] = text_column()
    list_name: Mapped[str] = text_column()  # folded, for sorting
    alternate_name: Mapped[str] = text_column()
    description: Mapped[str] = text_column()
    url: Mapped[str] = text_column()
    email: Mapped[str] = text_column()
    status: Mapped[ServiceStatus] = coded(ServiceStatus, default=ServiceStatus.ACTIVE)
    interpretation_services: Mapped[str] = text_column()
    application_process: Mapped[str] = text_column()  # how to get in
    fees_description: Mapped[str] = text_column()
    insurance: Mapped[str] = text_column()  # accepted payments: "Medicaid, Medicare"
    wait_time: Mapped[str] = text_column()
    accreditations: Mapped[str] = text_column()
    licenses: Mapped[str] = text_column()
    eligibility_description: Mapped[str] = text_column()
    minimum_age: Mapped[float | None] = mapped_column(default=None)  # years
    maximum_age: Mapped[float | None] = mapped_column(default=None)  # years
    ages_from_words: Mapped[bool] = mapped_column(default=False)  # read out of the description: likely, not certain
    alert: Mapped[str] = text_column()
    keywords: Mapped[str] = text_column()
    documents: Mapped[str] = text_column()  # what to bring (HSDS required_document)
    what_happens: Mapped[str] = text_column()  # what will happen first, in the client's words
    say_this: Mapped[str] = text_column()  # words for the first call
    service_area: Mapped[str] = text_column()
    languages: Mapped[str] = text_column()  # ", Spanish, English" as published
    assured_on: Mapped[date | None] = mapped_column(default=None)  # HSDS assured_date: last checked, by the publisher
    assurer: Mapped[str] = text_column()
    checked_on: Mapped[date | None] = mapped_column(default=None)  # last checked by her; never set by an import
    modified_on: Mapped[date | None] = mapped_column(default=None)  # publisher's last_modified
    edited_at: Mapped[datetime | None] = mapped_column(Moment, default=None)  # her own edit; an import keeps off it


class ServiceNeed(Base, kw_only=True, repr=False):
    """An everyday need that a service answers."""

    __tablename__ = "service_need"

    service_id: Mapped[str] = mapped_column(ref("service.id"), primary_key=True)
    need: Mapped[Need] = coded(Need, primary_key=True)
    data_set_id: Mapped[str | None] = mapped_column(ref("data_set.id"), default=None, index=True)


class Location(Sourced, Settable, Base, kw_only=True, repr=False):
    """Where services are given (HSDS location)."""

    __tablename__ = "location"

    organization_id: Mapped[str | None] = mapped_column(ref("organization.id"), default=None, index=True)
    location_type: Mapped[PlaceType] = coded(PlaceType, default=PlaceType.PHYSICAL)
    name: Mapped[str] = text_column()
    alternate_name: Mapped[str] = text_column()
    description: Mapped[str] = text_column()
    transportation: Mapped[str] = text_column()  # bus line, landmark, parking
    accessibility: Mapped[str] = text_column()
    url: Mapped[str] = text_column()
    latitude: Mapped[float | None] = mapped_column(default=None)
    longitude: Mapped[float | None] = mapped_column(default=None)
    is_private: Mapped[bool] = mapped_column(default=False)  # an address that is never printed (a shelter)


class ServiceAtLocation(Sourced, Base, kw_only=True, repr=False):
    """A service given at a location (HSDS service_at_location)."""

    __tablename__ = "service_at_location"

    service_id: Mapped[str] = mapped_column(ref("service.id"), index=True)
    location_id: Mapped[str] = mapped_column(ref("location.id"), index=True)
    description: Mapped[str] = text_column()


class Address(Sourced, Base, kw_only=True, repr=False):
    """An address of a location (HSDS address)."""

    __tablename__ = "address"

    location_id: Mapped[str] = mapped_column(ref("location.id"), index=True)
    address_type: Mapped[AddressType] = coded(AddressType, default=AddressType.PHYSICAL)
    attention: Mapped[str] = text_column()
    address_1: Mapped[str] = text_column()
    address_2: Mapped[str] = text_column()
    city: Mapped[str] = text_column()
    region: Mapped[str] = text_column()
    state_province: Mapped[str] = text_column()
    postal_code: Mapped[str] = text_column()
    country: Mapped[str] = text_column()


class Phone(Sourced, Base, kw_only=True, repr=False):
    """A public number of an organization, a service or a location (HSDS phone)."""

    __tablename__ = "phone"

    organization_id: Mapped[str | None] = mapped_column(ref("organization.id"), default=None, index=True)
    service_id: Mapped[str | None] = mapped_column(ref("service.id"), default=None, index=True)
    location_id: Mapped[str | None] = mapped_column(ref("location.id"), default=None, index=True)
    contact_id: Mapped[str | None] = mapped_column(ref("contact.id"), default=None)
    position: Mapped[int] = mapped_column(default=0)
    number: Mapped[str] = text_column()  # as published
    extension: Mapped[str] = text_column()
    type: Mapped[PhoneType] = coded(PhoneType, default=PhoneType.VOICE)
    description: Mapped[str] = text_column()


class Contact(Sourced, Base, kw_only=True, repr=False):
    """A person whom an organization or service names in public (HSDS contact)."""

    __tablename__ = "contact"

    organization_id: Mapped[str | None] = mapped_column(ref("organization.id"), default=None, index=True)
    service_id: Mapped[str | None] = mapped_column(ref("service.id"), default=None, index=True)
    location_id: Mapped[str | None] = mapped_column(ref("location.id"), default=None, index=True)
    name: Mapped[str] = text_column()
    title: Mapped[str] = text_column()
    department: Mapped[str] = text_column()
    email: Mapped[str] = text_column()


class Schedule(Sourced, Base, kw_only=True, repr=False):
    """When a service or location is open (HSDS schedule, RFC 5545 recurrence)."""

    __tablename__ = "schedule"

    service_id: Mapped[str | None] = mapped_column(ref("service.id"), default=None, index=True)
    location_id: Mapped[str | None] = mapped_column(ref("location.id"), default=None, index=True)
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)
    starts_on: Mapped[date | None] = mapped_column(default=None)  # HSDS dtstart
    freq: Mapped[str] = text_column()  # WEEKLY or MONTHLY
    interval: Mapped[int | None] = mapped_column(default=None)
    byday: Mapped[str] = text_column()  # "MO,TU" or "2MO,-1FR"
    bymonthday: Mapped[str] = text_column()
    opens_at: Mapped[str] = mapped_column(String(5), default="", server_default="")  # HH:MM on her wall
    closes_at: Mapped[str] = mapped_column(String(5), default="", server_default="")
    is_closed: Mapped[bool] = mapped_column(default=False)  # a holiday
    description: Mapped[str] = text_column()


class TaxonomyTerm(Sourced, Base, kw_only=True, repr=False):
    """A category as its publisher names it (HSDS taxonomy_term); codes are kept as opaque values."""

    __tablename__ = "taxonomy_term"

    code: Mapped[str] = text_column()
    name: Mapped[str] = text_column()
    description: Mapped[str] = text_column()
    parent_id: Mapped[str | None] = mapped_column(ref("taxonomy_term.id"), default=None)
    taxonomy: Mapped[str] = text_column()


class ServiceTerm(Base, kw_only=True, repr=False):
    """A service's category (HSDS attribute, link_type service)."""

    __tablename__ = "service_term"

    service_id: Mapped[str] = mapped_column(ref("service.id"), primary_key=True)
    term_id: Mapped[str] = mapped_column(ref("taxonomy_term.id"), primary_key=True, index=True)
    data_set_id: Mapped[str | None] = mapped_column(ref("data_set.id"), default=None, index=True)


class PrivateNotes(Identified, Base, kw_only=True, repr=False):
    """What only she knows of a service. Never printed, never exported."""

    __tablename__ = "private_notes"

    service_id: Mapped[str] = mapped_column(ref("service.id"), unique=True)
    back_line: Mapped[str] = text_column()
    who_answers: Mapped[str] = text_column()
    what_helps: Mapped[str] = text_column()
    said_no_to: Mapped[str] = text_column()
    fax: Mapped[str] = text_column()
    reply_days: Mapped[int | None] = mapped_column(default=None)
    rating: Mapped[int | None] = mapped_column(default=None)  # 1 to 5


class ServiceCheck(Identified, Base, kw_only=True, repr=False):
    """One check of a service: who, how, when, and what was found."""

    __tablename__ = "service_check"
    __table_args__ = (Index("ix_service_check_service_checked", "service_id", "checked_on"),)

    service_id: Mapped[str] = mapped_column(ref("service.id"))
    checked_on: Mapped[date] = mapped_column()
    how: Mapped[CheckHow] = coded(CheckHow, default=CheckHow.PHONE)
    result: Mapped[CheckResult] = coded(CheckResult, default=CheckResult.WORKED)
    by: Mapped[str] = text_column()
    note: Mapped[str] = text_column()
