"""Give every phone, address, schedule and the like to the organization, service or location that it belongs to."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from crisisdesk.exchange import ohana
from crisisdesk.exchange.astray import Places, straightened
from crisisdesk.exchange.build import build
from crisisdesk.exchange.problems import Problems
from crisisdesk.exchange.rows import Gathered, Row, made_id, row_id
from crisisdesk.exchange.schedules import schedule
from crisisdesk.i18n import N_, _
from crisisdesk.records.incoming import (
    IncomingAddress,
    IncomingContact,
    IncomingLocation,
    IncomingPhone,
    IncomingRow,
    IncomingSchedule,
)

R = TypeVar("R", bound=IncomingRow)

_LINKS = ("organization_id", "service_id", "location_id", "contact_id", "service_at_location_id", "phone_id")
_FOR_PLACES = ("service_id", "location_id", "service_at_location_id")
_ISO_COUNTRY = 2  # letters

_NO_PARENT = N_("The row belongs to no organization, service or location of this list and was left out.")
_SAME_ID = N_("Another row has the same id and says something else; both were kept.")
_OTHER_PLACE = N_("Some rows name a place at which their service is not given; they were kept with the service only.")
_EMPTY = N_("The row has nothing in “{name}” and was left out.")


@dataclass(slots=True)
class Children:
    """The child tables, and the ids to which their rows may belong."""

    gathered: Gathered
    problems: Problems
    known: dict[str, Container[str]]  # "service_id" → the services' ids, and so on
    link_ids: dict[str, tuple[str, str]]  # service_at_location → service, location
    places: dict[str, set[str]]  # service → its locations
    names: Places
    locations: dict[str, IncomingLocation]  # gains one for an organization whose address has none
    _by_owner: dict[str, list[str]] = field(default_factory=dict)

    def table(self, table: str, kind: type[R], links: tuple[str, ...], needed: str = "") -> tuple[R, ...]:
        """Return a table's rows that belong to one of the ``links`` and say something in the ``needed`` column."""
        return tuple(
            build(kind, row, self.problems)
            for row in self._joined(self.gathered.take(table), links)
            if not needed or self._says(row, needed)
        )

    def contacts(self) -> tuple[IncomingContact, ...]:
        """Return the contacts; phones may belong to them."""
        rows = self.table("contact", IncomingContact, ("organization_id", *_FOR_PLACES))
        self.known["contact_id"] = {row.source_id for row in rows}
        return rows

    def phones(self) -> tuple[IncomingPhone, ...]:
        """Return the numbers; languages may belong to them."""
        faxes = self.gathered.take("fax")
        for row in faxes:
            row.values.setdefault("type", "fax")
        links = ("organization_id", "contact_id", *_FOR_PLACES)
        rows = self._joined((*self.gathered.take("phone"), *_apart(faxes)), links)
        phones = tuple(self._phone(row) for row in rows if self._says(row, "number"))
        self.known["phone_id"] = {phone.source_id for phone in phones}
        return phones

    def schedules(self) -> tuple[IncomingSchedule, ...]:
        """Return the opening hours and the holidays."""
        rows = [row for table in _SCHEDULES for row in _apart(self.gathered.take(table))]
        read = (schedule(row, self.problems) for row in self._joined(rows, _FOR_PLACES))
        return tuple(found for found in read if found)

    def addresses(self) -> tuple[IncomingAddress, ...]:
        """Return the addresses; one that HSDS 1 gives to an organization goes to its location."""
        for key, location in self.locations.items():
            self._by_owner.setdefault(location.organization_id, []).append(key)
        rows: list[Row] = []
        for table, kind in _ADDRESSES:
            taken = self.gathered.take(table)
            for row in _apart(straightened(taken, self.names, self.problems) if kind == "postal" else taken):
                given = row.get("address_type").lower()
                row.values["address_type"] = given if given in ("physical", "postal", "virtual") else kind
                self._place(row)
                rows.append(row)
        return tuple(self._address(row) for row in self._joined(rows, ("location_id",)))

    def _says(self, row: Row, column: str) -> bool:
        if row.get(column):
            return True
        self.problems.skip(row.place, _(_EMPTY), column=column, name=column)
        return False

    def _joined(self, rows: Iterable[Row], links: tuple[str, ...]) -> Iterator[Row]:
        """Return one row for each id, with only those parents that are in the directory.

        Nested JSON repeats a phone under its service, its location and its contact; those become one row with all
        three parents. Where two parents of a kind claim it, each gets a row.
        """
        made: dict[str, Row] = {}
        for row in rows:
            key = row_id(row)
            parents = self._parents(row, links)
            if not parents:
                self.problems.skip(row.place, _(_NO_PARENT))
                continue
            said = {name: cell for name, cell in row.values.items() if name not in _LINKS and name != "id"}
            if other := made.get(key):
                if said != _said(other):
                    self.problems.repair(row.place, _(_SAME_ID), column="id")
                    key = f"{key}~{made_id(*said.values())[-8:]}"
                elif clash := [cell for name, cell in parents.items() if other.values.get(name, cell) != cell]:
                    key = f"{key}@{clash[0]}"
                else:
                    other.values |= parents
                    continue
            row.values = said | parents | {"id": key}
            made.setdefault(key, row)
        return iter(made.values())

    def _parents(self, row: Row, links: tuple[str, ...]) -> dict[str, str]:
        found = {name: row.get(name) for name in links if row.get(name) and row.get(name) in self.known.get(name, ())}
        own = self.places.get(found.get("service_id", ""))
        if own and "location_id" in found and found["location_id"] not in own:
            del found["location_id"]
            self.problems.repair((row.file, None), _(_OTHER_PLACE))
        if pair := self.link_ids.get(found.get("service_at_location_id", "")):
            found.setdefault("service_id", pair[0])
            found.setdefault("location_id", pair[1])
        return found

    def _phone(self, row: Row) -> IncomingPhone:
        label = row.get("description") or row.get("department")
        parts = [ohana.phone_label(label), row.get("vanity_number"), row.get("hours")]
        if row.get("department") and row.get("department") != label:
            parts.insert(0, row.get("department"))
        prefix = row.get("country_prefix").lstrip("+")
        number = row.get("number").strip("\"' ")
        return build(
            IncomingPhone,
            row,
            self.problems,
            number=f"+{prefix} {number}" if prefix not in ("", "1") and not number.startswith("+") else number,
            extension=row.get("extension").removesuffix(".0"),
            type=ohana.phone_type(row.get("type"), label),
            description=", ".join(filter(None, parts)),
        )

    def _place(self, row: Row) -> None:
        """Give an organization's own address to its only location, or to one that is made for it."""
        owner = row.get("organization_id")
        if row.get("location_id") or owner not in self.known["organization_id"]:
            return
        own = self._by_owner.get(owner, [])
        if len(own) != 1:
            key = made_id("location", owner)
            if key not in self.locations:
                kind = row.values["address_type"]
                self.locations[key] = IncomingLocation(source_id=key, organization_id=owner, location_type=kind)
            own = [key]
        row.values["location_id"] = own[0]

    def _address(self, row: Row) -> IncomingAddress:
        more = (row.get("address_2"), row.get("address_3"), row.get("address_4"))
        country = row.get("country")
        return build(
            IncomingAddress,
            row,
            self.problems,
            address_2=", ".join(filter(None, more)),
            country=country.upper() if len(country) == _ISO_COUNTRY else country,
        )


_SECOND = frozenset({"fax", "postal_address", "holiday_schedule"})
_SCHEDULES = ("schedule", "regular_schedule", "holiday_schedule")
_ADDRESSES = (("address", "physical"), ("physical_address", "physical"), ("postal_address", "postal"))


def _apart(rows: Iterable[Row]) -> Iterator[Row]:
    """Tell the ids of two tables apart that become one: Ohana numbers its addresses and its mail addresses from 1."""
    for row in rows:
        key = row.get("id")
        if key and row.table in _SECOND:
            row.values["id"] = f"{row.table}:{key}"
        yield row


def _said(row: Row) -> dict[str, str]:
    return {name: cell for name, cell in row.values.items() if name not in _LINKS and name != "id"}
