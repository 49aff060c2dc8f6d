"""The tables of HSDS 1 to 3.1 and of Ohana: what they are called, what their columns are called, and which they need.

All names are brought to those of HSDS 3.0. Sources: the datapackage.json of HSDS 1.1.0, 1.1.1, 2.0, 2.0.1, 3.0 and
3.1-dev, the JSON schemas of 3.0 (with its plurals ``addresss`` and ``accessibilitys``), Ohana API's CSV documentation,
Open Referral UK 1.0, and the files of publishers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PARENTS = frozenset(
    {"organization_id", "service_id", "location_id", "contact_id", "service_at_location_id", "phone_id"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A table: its columns, those without which it says nothing, and other names for the columns."""

    columns: frozenset[str]
    needed: frozenset[str] = frozenset()  # any of these will do
    aliases: tuple[tuple[str, str], ...] = ()  # other name → name here; fills the column only where it is empty


def _shape(columns: str, needed: str = "", **aliases: str) -> Shape:
    pairs = tuple((alias, name) for name, others in aliases.items() for alias in others.split())
    return Shape(columns=frozenset(("id " + columns).split()), needed=frozenset(needed.split()), aliases=pairs)


_ADDRESS = (
    "location_id organization_id attention address_1 address_2 address_3 address_4 city region state_province "
    "postal_code country address_type"
)
_ADDRESS_ALIASES = {
    "address_1": "street street_1 street_address address line_1 address1",
    "address_2": "street_2 line_2 address2",
    "state_province": "state province",
    "postal_code": "zip zip_code zipcode postcode",
    "city": "town locality",
    "address_type": "type",
}
_WHEN = "service_id location_id service_at_location_id opens_at closes_at"

SHAPES: dict[str, Shape] = {
    "organization": _shape(
        "name alternate_name description email website tax_status tax_id year_incorporated legal_status logo uri "
        "parent_organization_id accreditations licenses funding",
        "name",
        name="organization_name",
        website="url urls",
        email="emails",
        year_incorporated="date_incorporated",
        funding="funding_sources fundings",
        parent_organization_id="parent_id",
        description="short_desc",
    ),
    "program": _shape("organization_id name alternate_name description", "name"),
    "service": _shape(
        "organization_id program_id location_id name alternate_name description url email status "
        "interpretation_services application_process fees_description wait_time accreditations "
        "eligibility_description minimum_age maximum_age assured_date assurer_email licenses alert last_modified "
        "payments funding keywords audience languages required_documents service_areas taxonomy_ids phones",
        "name",
        name="service_name",
        url="website urls",
        email="emails",
        fees_description="fees fee",
        eligibility_description="eligibility eligibilitys",
        application_process="how_to_apply",
        wait_time="wait",
        payments="accepted_payments payments_accepted payment_accepted",
        funding="funding_sources fundings",
        required_documents="required_document",
        service_areas="service_area",
        taxonomy_ids="category_ids",
        keywords="categories category keyword tags",
        description="short_desc notes",
        organization_id="agency_id",
        last_modified="updated_at updatedat",
    ),
    "service_at_location": _shape("service_id location_id description", "service_id location_id"),
    "location": _shape(
        "location_type url organization_id name alternate_name description transportation latitude longitude "
        "external_identifier external_identifier_type email accessibility languages virtual phones faxes hours "
        + _ADDRESS.replace("organization_id ", "").replace("location_id ", ""),
        "",
        name="location_name",
        url="website urls",
        email="emails",
        description="short_desc notes",
        latitude="lat",
        longitude="lng lon long",
        phones="phone phone_number",
        address_1="street street_1 address",
        state_province="state",
        postal_code="zip zip_code",
    ),
    "address": _shape(_ADDRESS, "address_1 city postal_code", **_ADDRESS_ALIASES),
    "physical_address": _shape(_ADDRESS, "address_1 city postal_code", **_ADDRESS_ALIASES),
    "postal_address": _shape(_ADDRESS, "address_1 city postal_code", **_ADDRESS_ALIASES),
    "phone": _shape(
        "location_id service_id organization_id contact_id service_at_location_id number extension type description "
        "language vanity_number country_prefix department hours",
        "number",
        number="phone phone_number",
        type="number_type phone_type",
        extension="ext",
    ),
    "fax": _shape("location_id service_id organization_id contact_id number extension department", "number"),
    "contact": _shape(
        "organization_id service_id service_at_location_id location_id name title department email",
        "name title department email",
        email="emails",
    ),
    "schedule": _shape(
        f"{_WHEN} valid_from valid_to dtstart timezone until count wkst freq interval byday byweekno bymonthday "
        "byyearday description schedule_link attending_type notes",
        "",
    ),
    "regular_schedule": _shape(f"{_WHEN} weekday byday freq description valid_from valid_to", ""),
    "holiday_schedule": _shape(f"{_WHEN} closed start_date end_date", "start_date", start_date="date"),
    "language": _shape("service_id location_id phone_id name code note", "name code", name="language"),
    "accessibility": _shape("location_id description details url", "description", description="accessibility"),
    "taxonomy": _shape("name description uri version", "name"),
    "taxonomy_term": _shape(
        "code name description parent_id parent_name taxonomy language term_uri taxonomy_id kind",
        "name",
        name="term title",
        taxonomy="vocabulary",
        kind="type",
    ),
    "attribute": _shape(
        "link_id taxonomy_term_id link_type link_entity value label service_id", "taxonomy_term_id value label"
    ),
    "service_attribute": _shape("service_id taxonomy_term_id", "taxonomy_term_id", taxonomy_term_id="taxonomy_id"),
    "required_document": _shape("service_id document uri", "document", document="name"),
    "service_area": _shape(
        "service_id service_at_location_id name description extent extent_type uri", "", name="service_area"
    ),
    "cost_option": _shape("service_id valid_from valid_to option currency amount amount_description", ""),
    "payment_accepted": _shape("service_id payment", "payment"),
    "eligibility": _shape(
        "service_id eligibility minimum_age maximum_age taxonomy_ids",
        "",
        eligibility="description eligibility_description",
    ),
    "url": _shape("organization_id service_id label url", "url"),
    # Tables that say nothing a clinician needs; known, so that they aren't called strange.
    "funding": _shape("organization_id service_id source"),
    "metadata": _shape(
        "resource_id resource_type last_action_date last_action_type field_name previous_value replacement_value "
        "updated_by"
    ),
    "meta_table_description": _shape("name language character_set"),
    "organization_identifier": _shape("organization_id identifier_scheme identifier_type identifier"),
    "service_capacity": _shape("service_id unit_id available maximum description updated"),
    "unit": _shape("name scheme identifier uri"),
}

UNREAD = frozenset(
    {"funding", "metadata", "meta_table_description", "organization_identifier", "service_capacity", "unit", "taxonomy"}
)

_OTHER_NAMES = {  # singular file name or JSON key → table
    "organisation": "organization",
    "agency": "organization",
    "org": "organization",
    "loc": "location",
    "site": "location",
    "serv": "service",
    "service_location": "service_at_location",
    "location_service": "service_at_location",
    "mail_address": "postal_address",
    "mailing_address": "postal_address",
    "physical_addresse": "physical_address",
    "faxe": "fax",
    "category": "taxonomy_term",
    "term": "taxonomy_term",
    "taxonomy_detail": "taxonomy",
    "service_taxonomy": "service_attribute",
    "other_attribute": "attribute",
    "accessibility_for_disability": "accessibility",
    "fund": "funding",
    "capacity": "service_capacity",
    "additional_url": "url",
    "additional_website": "url",
    "eligibility_requirement": "eligibility",
    "cost": "cost_option",
}

_TERM_COLUMNS = frozenset({"parent_id", "parent_name", "vocabulary", "taxonomy_id", "code"})
_ALIKE = 0.6  # share of a strange file's columns that must be a table's for it to be taken for that table
_FEWEST = 3  # columns in common below which a file without a known name is taken for nothing


def _singular(word: str) -> str:
    """Return a word's singular as far as the standard's table names need it: ``addresss``, ``taxonomies``."""
    if word.endswith("sss"):
        return word[:-1]
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word


def table_named(name: str) -> str:
    """Return the table that a file name without its ending, or a JSON key, means; or nothing."""
    words = "_".join(_singular(word) for word in re.split(r"[^a-z0-9]+", name.lower()) if word)
    table = _OTHER_NAMES.get(words, words)
    return table if table in SHAPES else ""


def table_of(name: str, columns: Iterable[str]) -> str:
    """Return the table that a file is, by its name and, where that says nothing, by its columns; or nothing."""
    known = set(columns)
    table = table_named(name)
    if table == "taxonomy" and known & _TERM_COLUMNS:
        return "taxonomy_term"  # HSDS 1 and Ohana call the terms so; in HSDS 3 it is the list of taxonomies
    return table if table and _fits(SHAPES[table], known) else _by_columns(known)


def _named(shape: Shape) -> frozenset[str]:
    return shape.columns | {alias for alias, _name in shape.aliases}


def _fits(shape: Shape, known: set[str]) -> bool:
    """Tell whether a file with a table's name has any of its columns: "contacts.csv" may be an address book."""
    shared = known & _named(shape)
    return len(shared) >= min(_FEWEST, len(shape.columns)) or bool(shared - {"id", "name", "email", "description"})


def _by_columns(known: set[str]) -> str:
    best, table = 0.0, ""
    for name, shape in SHAPES.items():
        shared = known & _named(shape)
        score = len(shared) / len(known | shape.needed) if known else 0.0
        links = bool(shared & (_PARENTS | {"id", "taxonomy_id"}))
        if len(shared) >= _FEWEST and links and score >= _ALIKE and score > best:
            best, table = score, name
    return table


def missing(table: str, columns: Iterable[str]) -> str:
    """Return the column without which a table says nothing, if it has none of those; or nothing."""
    shape = SHAPES[table]
    known = set(columns)
    known |= {name for alias, name in shape.aliases if alias in known}
    return "" if not shape.needed or shape.needed & known else min(shape.needed)


def renamed(table: str, values: dict[str, str]) -> dict[str, str]:
    """Bring a row's columns to the names of HSDS 3.0, leaving out those that nobody reads."""
    shape = SHAPES[table]
    for alias, name in shape.aliases:
        if (value := values.get(alias)) and name not in values:
            values[name] = value
    if "id" not in values and (other := values.get("uuid") or values.get("objectid")):
        values["id"] = other
    return {column: value for column, value in values.items() if column in shape.columns}
