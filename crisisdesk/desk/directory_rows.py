"""What a directory from elsewhere becomes in ours: its rows by table, as dicts of columns, with our ids."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import TypeVar

from crisisdesk.desk.hours import Opening, last_day
from crisisdesk.desk.names import fold
from crisisdesk.records.base import Base
from crisisdesk.records.choices import AddressType, Need, PhoneType, PlaceType, ServiceStatus
from crisisdesk.records.directory import (
    Address,
    Contact,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ServiceTerm,
    TaxonomyTerm,
)
from crisisdesk.records.incoming import IncomingDirectory, IncomingRow, IncomingSchedule, IncomingService

Row = dict[str, object]
Key = str | tuple[str, str]  # a publisher's id; or, for what has none, the two ends of a link
E = TypeVar("E", bound=StrEnum)

# What a directory consists of; what a row points at stands before it.
RECORDS: tuple[type[Base], ...] = (
    Organization,
    TaxonomyTerm,
    Service,
    Location,
    Contact,
    ServiceAtLocation,
    Address,
    Phone,
    Schedule,
    ServiceNeed,
    ServiceTerm,
)
LINKS = frozenset({ServiceNeed.__tablename__, ServiceTerm.__tablename__})

# Columns that are ours or hers; an import never writes them over.
KEPT = frozenset({"id", "created_at", "data_set_id", "source_id", "checked_on", "edited_at", "is_private"})


@dataclass(frozen=True, kw_only=True)
class Ids:
    """Our ids for the publisher's: those that the data set already has, else its UUIDs, else made of its ids.

    A UUID that another data set or she herself already uses is not taken again. An id that is no UUID is made into
    one within this data set, so that two publishers who both count from 1 don't meet.
    """

    data_set_id: str
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # table → publisher's id → ours
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)  # table → ids of others

    def make(self, table: str, row: IncomingRow) -> str:
        """Return our id of a row."""
        known = self.known.get(table, {}).get(row.source_id)
        if known:
            return known
        free = row.uuid if row.uuid not in self.taken.get(table, ()) else None
        return free or str(uuid.uuid5(_namespace(self.data_set_id), f"{table}/{row.source_id}"))


@lru_cache(maxsize=4)
def _namespace(data_set_id: str) -> uuid.UUID:
    return uuid.UUID(data_set_id)


class Rows:
    """A directory's rows by table and publisher's id, ready to be compared and written."""

    def __init__(self, incoming: IncomingDirectory, ids: Ids, now: datetime) -> None:
        self._incoming = incoming
        self._ids = ids
        self._now = now
        self._ours: dict[str, dict[str, str]] = {}
        self.tables: dict[str, dict[Key, Row]] = {record.__tablename__: {} for record in RECORDS}
        self._name(Organization, incoming.organizations)
        self._name(TaxonomyTerm, incoming.taxonomy_terms)
        self._name(Service, incoming.services)
        self._name(Location, incoming.locations)
        self._name(Contact, incoming.contacts)
        self._name(ServiceAtLocation, incoming.service_at_locations)
        self._name(Address, incoming.addresses)
        self._name(Phone, incoming.phones)
        self._name(Schedule, incoming.schedules)
        self._fill()

    def _name(self, record: type[Base], rows: Iterable[IncomingRow]) -> None:
        table = record.__tablename__
        self._ours[table] = {row.source_id: self._ids.make(table, row) for row in rows}

    def _find(self, record: type[Base], source_id: str) -> str | None:
        return self._ours[record.__tablename__].get(source_id)

    def _add(self, record: type[Base], incoming: IncomingRow, columns: Mapping[str, object]) -> None:
        rows = self.tables[record.__tablename__]
        if incoming.source_id in rows:  # the second of two with the same id; whoever read the file has said so
            return
        rows[incoming.source_id] = {
            "id": self._find(record, incoming.source_id),
            "created_at": self._now,
            "data_set_id": self._ids.data_set_id,
            "source_id": incoming.source_id,
            **columns,
        }

    def _fill(self) -> None:
        self._organizations()
        self._services()
        self._places()
        self._reach()
        self._schedules()
        self._links()

    def _organizations(self) -> None:
        for organization in self._incoming.organizations:
            self._add(Organization, organization, _copy(organization, _ORGANIZATION))
        for term in self._incoming.taxonomy_terms:
            parent = self._find(TaxonomyTerm, term.parent_id) if term.parent_id != term.source_id else None
            self._add(TaxonomyTerm, term, {**_copy(term, _TERM), "parent_id": parent})

    def _services(self) -> None:
        incoming = self._incoming
        documents = _grouped((row.service_id, row.document) for row in incoming.required_documents)
        areas = _grouped((row.service_id, row.name or row.description) for row in incoming.service_areas)
        costs = _grouped(
            (
                row.service_id,
                " ".join(part for part in (row.option, row.amount, row.currency, row.amount_description) if part),
            )
            for row in incoming.cost_options
        )
        languages = self._languages()
        for service in incoming.services:
            organization_id = self._find(Organization, service.organization_id)
            if organization_id is None:  # exchange promises that there is one; without it the row can't stand
                continue
            fees = dict.fromkeys(part for part in (service.fees_description, *costs.get(service.source_id, ())) if part)
            self._add(
                Service,
                service,
                {
                    **_copy(service, _SERVICE),
                    "organization_id": organization_id,
                    "list_name": fold(service.name),
                    "status": _status(service),
                    "fees_description": ", ".join(fees),
                    "insurance": service.payments,
                    "documents": ", ".join(documents.get(service.source_id, ())),
                    "service_area": ", ".join(areas.get(service.source_id, ())),
                    "languages": ", ".join(languages.get(service.source_id, ())),
                    "assured_on": service.assured_date,
                    "assurer": service.assurer_email,
                    "modified_on": service.last_modified,
                },
            )

    def _languages(self) -> Mapping[str, Sequence[str]]:
        """Return each service's languages: its own, else those of its places."""
        own = _grouped((row.service_id, row.name or row.code) for row in self._incoming.languages)
        of_place = _grouped(
            (row.location_id, row.name or row.code) for row in self._incoming.languages if not row.service_id
        )
        by_place = _grouped(
            (link.service_id, name)
            for link in self._incoming.service_at_locations
            for name in of_place.get(link.location_id, ())
        )
        return {**by_place, **own}

    def _places(self) -> None:
        incoming = self._incoming
        access = _grouped((row.location_id, row.description or row.details) for row in incoming.accessibility)
        for location in incoming.locations:
            columns = _copy(location, _LOCATION)
            columns["organization_id"] = self._find(Organization, location.organization_id)
            columns["location_type"] = _coded(PlaceType, location.location_type, PlaceType.PHYSICAL)
            columns["accessibility"] = ", ".join(access.get(location.source_id, ()))
            self._add(Location, location, columns)
        for link in incoming.service_at_locations:
            service_id, location_id = self._find(Service, link.service_id), self._find(Location, link.location_id)
            if service_id and location_id:
                ends = {"service_id": service_id, "location_id": location_id, "description": link.description}
                self._add(ServiceAtLocation, link, ends)
        for address in incoming.addresses:
            location_id = self._find(Location, address.location_id)
            if location_id:
                kind = _coded(AddressType, address.address_type, AddressType.PHYSICAL)
                columns = {**_copy(address, _ADDRESS), "location_id": location_id, "address_type": kind}
                self._add(Address, address, columns)

    def _reach(self) -> None:
        for contact in self._incoming.contacts:
            self._add(Contact, contact, {**_copy(contact, _CONTACT), **self._owners(contact)})
        positions: dict[object, int] = {}
        for phone in self._incoming.phones:
            owners = self._owners(phone)
            owner = tuple(owners.values())
            positions[owner] = positions.get(owner, -1) + 1
            columns = {
                **_copy(phone, _PHONE),
                **owners,
                "contact_id": self._find(Contact, phone.contact_id),
                "position": positions[owner],
                "type": _coded(PhoneType, phone.type, PhoneType.VOICE),
            }
            self._add(Phone, phone, columns)

    def _owners(self, row: object) -> dict[str, object]:
        return {
            "organization_id": self._find(Organization, getattr(row, "organization_id", "")),
            "service_id": self._find(Service, getattr(row, "service_id", "")),
            "location_id": self._find(Location, getattr(row, "location_id", "")),
        }

    def _schedules(self) -> None:
        for schedule in self._incoming.schedules:
            owners = self._owners(schedule)
            del owners["organization_id"]
            self._add(Schedule, schedule, {**_opening_columns(schedule), **owners})

    def _links(self) -> None:
        needs, terms = self.tables[ServiceNeed.__tablename__], self.tables[ServiceTerm.__tablename__]
        for service in self._incoming.services:
            service_id = self._find(Service, service.source_id)
            for code in service.needs:
                need = _coded(Need, code, None)
                if service_id and need and service.source_id in self.tables[Service.__tablename__]:
                    needs[service_id, need.value] = self._linked({"service_id": service_id, "need": need})
        for link in self._incoming.service_terms:
            service_id, term_id = self._find(Service, link.service_id), self._find(TaxonomyTerm, link.term_id)
            if service_id and term_id:
                terms[service_id, term_id] = self._linked({"service_id": service_id, "term_id": term_id})

    def _linked(self, ends: Row) -> Row:
        return {**ends, "data_set_id": self._ids.data_set_id}


# Columns that have the publisher's name and value.
_ORGANIZATION = (
    *("name", "alternate_name", "description", "email", "website", "tax_status", "tax_id", "year_incorporated"),
    "legal_status",
)
_TERM = ("code", "name", "description", "taxonomy")
_SERVICE = (
    *("name", "alternate_name", "description", "url", "email", "interpretation_services", "application_process"),
    *("wait_time", "accreditations", "licenses", "eligibility_description", "minimum_age", "maximum_age"),
    *("ages_from_words", "alert", "keywords"),
)
_LOCATION = ("name", "alternate_name", "description", "transportation", "url", "latitude", "longitude")
_ADDRESS = (
    *("attention", "address_1", "address_2", "city", "region", "state_province", "postal_code"),
    "country",
)
_CONTACT = ("name", "title", "department", "email")
_PHONE = ("number", "extension", "description")


def _copy(row: object, names: tuple[str, ...]) -> Row:
    return dict(zip(names, attrgetter(*names)(row), strict=True))


def _coded(choices: type[E], code: str, otherwise: E | None) -> E | None:
    """Return the code as ours; one that nobody knows is the list's plain one."""
    try:
        return choices(code)
    except ValueError:
        return otherwise


def _status(service: IncomingService) -> ServiceStatus | None:
    """Return a service's status. Where its publisher is silent, nobody claims that it runs; it shows, to be checked."""
    if not service.status_given:
        return ServiceStatus.NOT_SAID
    return _coded(ServiceStatus, service.status, ServiceStatus.NOT_SAID)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, Sequence[str]]:
    """Return each one's words, in order and once; what belongs to nobody is left out."""
    found: dict[str, dict[str, None]] = {}
    for owner, words in pairs:
        if owner and words:
            found.setdefault(owner, {})[words] = None
    return {owner: tuple(words) for owner, words in found.items()}


_ODD = "OTHER"  # no frequency of RFC 5545: "hours need checking" rather than "open every week"


def _opening_columns(schedule: IncomingSchedule) -> Row:
    """Return a schedule's columns. Weeks and days of the year are nothing we can repeat."""
    ends = [day for day in (schedule.valid_to, schedule.until, _counted_to(schedule)) if day]
    odd = schedule.byweekno or schedule.byyearday
    words = dict.fromkeys(part for part in (schedule.description, schedule.notes) if part)
    return {
        "valid_from": schedule.valid_from,
        "valid_to": min(ends) if ends else None,
        "starts_on": schedule.dtstart,
        "freq": _ODD if odd else schedule.freq.upper(),
        "interval": schedule.interval,
        "byday": schedule.byday,
        "bymonthday": schedule.bymonthday,
        "opens_at": schedule.opens_at[:5],
        "closes_at": schedule.closes_at[:5],
        "is_closed": schedule.is_closed,
        "description": ", ".join(words),
    }


def _counted_to(schedule: IncomingSchedule) -> date | None:
    """Return the last day of a recurrence that is limited by a count."""
    if not schedule.count.isdigit() or schedule.dtstart is None:
        return None
    opening = Opening(
        freq=schedule.freq.upper(), interval=schedule.interval, byday=schedule.byday, bymonthday=schedule.bymonthday,
        starts_on=schedule.dtstart,
    )  # fmt: skip
    return last_day(opening, int(schedule.count))
