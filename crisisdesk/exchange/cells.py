"""Spread what Ohana and HSDS 1 and 2 keep as lists in one cell, or in small tables, over rows of their own."""

from dataclasses import dataclass, field

from crisisdesk.exchange import ohana
from crisisdesk.exchange.languages import languages
from crisisdesk.exchange.rows import Gathered, Row, made_id
from crisisdesk.exchange.values import items

_ADDRESS = ("address_1", "address_2", "city", "region", "state_province", "postal_code", "country")
_FROM_ELIGIBILITY = (
    ("eligibility_description", "eligibility"),
    ("minimum_age", "minimum_age"),
    ("maximum_age", "maximum_age"),
)


@dataclass(slots=True)
class Cells:
    """The small tables by service, and where the new rows go."""

    gathered: Gathered
    eligibility: dict[str, list[Row]] = field(default_factory=dict)
    payments: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.gathered.take("eligibility"):
            self.eligibility.setdefault(row.get("service_id"), []).append(row)
        for row in self.gathered.take("payment_accepted"):
            self.payments.setdefault(row.get("service_id"), []).append(row.get("payment"))
        for row in self.gathered.tables.get("attribute", []):  # a value without a term: Open Referral UK's labels
            if not row.get("taxonomy_term_id"):
                words = " ".join(filter(None, (row.get("label"), row.get("value"))))
                self.labels.setdefault(row.get("link_id") or row.get("service_id"), []).append(words)

    def spread_service(self, row: Row) -> None:
        """Fill a service's own cells from the small tables, and make rows of the lists in its cells."""
        key = row.values["id"]
        for other in self.eligibility.get(key, ()):
            _add_eligibility(row, other)
        if key in self.payments and "payments" not in row.values:
            row.values["payments"] = ", ".join(filter(None, dict.fromkeys(self.payments[key])))
        words = ", ".join(filter(None, (row.get("keywords"), *dict.fromkeys(self.labels.get(key, ())))))
        row.values["keywords"] = words
        rest = self._languages(row, "service_id")
        if rest and not row.get("interpretation_services"):
            row.values["interpretation_services"] = rest
        for cell, table, column in (
            ("required_documents", "required_document", "document"),
            ("service_areas", "service_area", "name"),
            ("phones", "phone", "number"),
        ):
            for item in items(row.get(cell)):
                self._add(row, table, {"service_id": key, column: item})

    def spread_location(self, row: Row) -> None:
        """Make rows of the lists in a location's cells: accessibility, languages, numbers, hours, an address."""
        link = {"location_id": row.values["id"]}
        self._languages(row, "location_id")
        for offer in ohana.accessibility(row.get("accessibility")):
            self._add(row, "accessibility", link | {"description": offer})
        for cell, kind in (("phones", "voice"), ("faxes", "fax")):
            for number in items(row.get(cell)):
                self._add(row, "phone", link | {"number": number, "type": kind})
        if row.get("hours"):
            self._add(row, "schedule", link | {"description": row.get("hours")})
        if row.get("address_1") or row.get("city"):
            self._add(row, "address", link | {name: row.get(name) for name in _ADDRESS if row.get(name)})

    def _languages(self, row: Row, column: str) -> str:
        names, rest = languages(row.get("languages"))
        for name in names:
            self._add(row, "language", {column: row.values["id"], "name": name})
        return rest

    def _add(self, row: Row, table: str, values: dict[str, str]) -> None:
        values["id"] = made_id(table, *values.values())
        self.gathered.add(Row(table, row.file, row.number, values, is_nested=True))


def _add_eligibility(row: Row, other: Row) -> None:
    for column, source in _FROM_ELIGIBILITY:
        words = other.get(source)
        if words and column not in row.values:
            row.values[column] = words
        elif words and column == "eligibility_description" and words not in row.get(column):
            row.values[column] = row.get(column) + "\n" + words
