"""A directory from elsewhere, as it was read and before anything of it is kept, with the names of HSDS 3.0.

Plain frozen rows: ``exchange`` makes them, the window shows their counts and problems, ``desk`` keeps them.
"""

import uuid
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crisisdesk.i18n import _

_UUID_DIGITS = 32  # without its dashes


class ProblemKind(StrEnum):
    """What became of what was wrong."""

    SKIP = "skip"  # the row was left out
    REPAIRED = "repaired"  # the row came in, less or other than it stood in the file
    NOTE = "note"  # nothing was lost, but she should know


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """One thing that was wrong with a file from elsewhere, in a sentence for her."""

    sentence: str
    kind: ProblemKind
    file: str = ""
    row: int | None = None  # as a spreadsheet shows it, the header being row 1; in JSON the entry, from 1
    column: str = ""

    def place(self) -> str:
        """Say where it stands: ``services.csv, row 12, column status``."""
        if not self.row:
            return self.file
        words = _("{file}, entry {row}") if self.file.lower().endswith(".json") else _("{file}, row {row}")
        where = words.format(file=self.file, row=self.row)
        return _("{where}, column {column}").format(where=where, column=self.column) if self.column else where


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingRow:
    """A row under the id that its publisher gave it, as text.

    A row without an id gets one made of what it says, so that the same file read twice gives the same ids.
    """

    source_id: str

    @property
    def uuid(self) -> str | None:
        """The publisher's id, where it is a UUID, in its usual spelling."""
        try:
            return str(uuid.UUID(self.source_id)) if len(self.source_id) >= _UUID_DIGITS else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingOrganization(IncomingRow):
    """Who offers services."""

    name: str
    alternate_name: str = ""
    description: str = ""
    email: str = ""
    website: str = ""
    tax_status: str = ""
    tax_id: str = ""
    year_incorporated: str = ""
    legal_status: str = ""
    logo: str = ""
    uri: str = ""
    parent_organization_id: str = ""
    accreditations: str = ""  # HSDS 1 and Ohana
    licenses: str = ""  # HSDS 1 and Ohana
    funding: str = ""  # HSDS 1 and Ohana


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingService(IncomingRow):
    """A service. ``organization_id`` always names an organization of the same directory.

    ``status`` is one of HSDS 3.0. Where the publisher says none (or one that nobody knows), it is ``inactive`` with
    ``status_given`` false: nobody claims that the service runs, so it needs a check before a referral; it should be
    found and shown as such, not hidden (domain.md, appendix C). ``assured_date`` is the publisher's own, or None.
    """

    organization_id: str
    name: str
    program: str = ""
    alternate_name: str = ""
    description: str = ""
    url: str = ""
    email: str = ""
    status: str = "inactive"
    status_given: bool = False
    interpretation_services: str = ""
    application_process: str = ""
    fees_description: str = ""
    payments: str = ""  # what is accepted: "Medicaid, cash" (HSDS 1 and 2, Ohana)
    wait_time: str = ""
    accreditations: str = ""
    licenses: str = ""
    funding: str = ""
    eligibility_description: str = ""
    minimum_age: float | None = None  # years
    maximum_age: float | None = None  # years
    ages_from_words: bool = False  # the ages were read from eligibility_description
    assured_date: date | None = None
    assurer_email: str = ""
    alert: str = ""
    last_modified: date | None = None
    keywords: str = ""
    needs: tuple[str, ...] = ()  # codes of records.choices.Need


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingLocation(IncomingRow):
    """Where services are given."""

    organization_id: str = ""
    location_type: str = "physical"  # physical, postal or virtual
    url: str = ""
    name: str = ""
    alternate_name: str = ""
    description: str = ""
    transportation: str = ""
    latitude: float | None = None
    longitude: float | None = None
    external_identifier: str = ""
    external_identifier_type: str = ""
    email: str = ""  # Ohana


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingServiceAtLocation(IncomingRow):
    """A service at a location; both are in the directory."""

    service_id: str
    location_id: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingAddress(IncomingRow):
    """An address of a location."""

    location_id: str
    address_type: str = "physical"  # physical, postal or virtual
    attention: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    region: str = ""
    state_province: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingPhone(IncomingRow):
    """A number as it was published; it can belong to several things at once, as in HSDS.

    What belongs to a service at a location carries the ids of both as well (contacts and schedules too).
    """

    organization_id: str = ""
    service_id: str = ""
    location_id: str = ""
    contact_id: str = ""
    service_at_location_id: str = ""
    number: str
    extension: str = ""
    type: str = "voice"  # codes of records.choices.PhoneType
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingContact(IncomingRow):
    """A person whom the publisher names."""

    organization_id: str = ""
    service_id: str = ""
    location_id: str = ""
    service_at_location_id: str = ""
    name: str = ""
    title: str = ""
    department: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingSchedule(IncomingRow):
    """When something is open (RFC 5545).

    24 hours are 00:00 to 23:59; ``opens_at`` later than ``closes_at`` spans midnight.
    Times are ``HH:MM`` as written; ``offset`` keeps what stood behind them ("Z", "-05:00"), which in a directory
    almost always is the place's own. ``is_closed`` says that nobody is there on these days (a holiday).
    """

    service_id: str = ""
    location_id: str = ""
    service_at_location_id: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    until: date | None = None
    count: str = ""
    wkst: str = ""
    freq: str = ""  # WEEKLY, MONTHLY
    interval: int | None = None
    byday: str = ""  # "MO,TU" or "2MO,-1FR"
    byweekno: str = ""
    bymonthday: str = ""
    byyearday: str = ""
    opens_at: str = ""
    closes_at: str = ""
    offset: str = ""
    is_closed: bool = False
    description: str = ""
    schedule_link: str = ""
    attending_type: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingLanguage(IncomingRow):
    """A language that is spoken."""

    service_id: str = ""
    location_id: str = ""
    phone_id: str = ""
    name: str = ""
    code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingAccessibility(IncomingRow):
    """What a location offers to people with disabilities."""

    location_id: str
    description: str = ""
    details: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingTaxonomyTerm(IncomingRow):
    """A category as its publisher names it; codes of licensed taxonomies are opaque values."""

    name: str
    code: str = ""
    description: str = ""
    parent_id: str = ""
    taxonomy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingServiceTerm:
    """A service's category: both are in the directory."""

    service_id: str
    term_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingRequiredDocument(IncomingRow):
    """What to bring."""

    service_id: str
    document: str
    uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingServiceArea(IncomingRow):
    """Whom a service serves, by where they live."""

    service_id: str
    name: str = ""
    description: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingCostOption(IncomingRow):
    """What a service costs under which condition."""

    service_id: str
    valid_from: date | None = None
    valid_to: date | None = None
    option: str = ""
    currency: str = ""
    amount: str = ""
    amount_description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingUrl(IncomingRow):
    """A further web address (HSDS 3.1)."""

    organization_id: str = ""
    service_id: str = ""
    label: str = ""
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingDirectory:
    """A whole directory as it was read. Child rows name their parents by ``source_id``."""

    kind: str  # "HSDS 3.0 JSON"
    title: str  # a name for the list, from the file's own words or its name
    organizations: tuple[IncomingOrganization, ...] = ()
    services: tuple[IncomingService, ...] = ()
    locations: tuple[IncomingLocation, ...] = ()
    service_at_locations: tuple[IncomingServiceAtLocation, ...] = ()
    addresses: tuple[IncomingAddress, ...] = ()
    phones: tuple[IncomingPhone, ...] = ()
    contacts: tuple[IncomingContact, ...] = ()
    schedules: tuple[IncomingSchedule, ...] = ()
    languages: tuple[IncomingLanguage, ...] = ()
    accessibility: tuple[IncomingAccessibility, ...] = ()
    taxonomy_terms: tuple[IncomingTaxonomyTerm, ...] = ()
    service_terms: tuple[IncomingServiceTerm, ...] = ()
    required_documents: tuple[IncomingRequiredDocument, ...] = ()
    service_areas: tuple[IncomingServiceArea, ...] = ()
    cost_options: tuple[IncomingCostOption, ...] = ()
    urls: tuple[IncomingUrl, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    skipped: int = 0  # rows that were left out, also those beyond the problems that are listed
    repaired: int = 0  # rows that came in other than they stood
