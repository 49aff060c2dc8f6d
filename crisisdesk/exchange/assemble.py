"""Put the rows of a directory together: one for each id, children with parents, services with needs."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from crisisdesk.exchange import ohana
from crisisdesk.exchange.ages import ages
from crisisdesk.exchange.astray import Places, owners
from crisisdesk.exchange.build import build
from crisisdesk.exchange.cells import Cells
from crisisdesk.exchange.children import Children
from crisisdesk.exchange.needs import Term, needs
from crisisdesk.exchange.problems import Problems
from crisisdesk.exchange.rows import Gathered, Row, made_id, row_id
from crisisdesk.exchange.terms import Terms
from crisisdesk.exchange.texts import plain, unescaped
from crisisdesk.exchange.values import a_date, number, status
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.records.incoming import (
    IncomingAccessibility,
    IncomingCostOption,
    IncomingDirectory,
    IncomingLanguage,
    IncomingLocation,
    IncomingOrganization,
    IncomingRequiredDocument,
    IncomingService,
    IncomingServiceArea,
    IncomingServiceAtLocation,
    IncomingUrl,
    ProblemKind,
    RowProblem,
)

_OLDEST = 130  # years; a maximum beyond it says "no limit"
_LATITUDES = 90
_LONGITUDES = 180
_ASK_EVERY = 128  # services between two looks at progress and cancel

_OF_SERVICE = ("service_id",)

_NO_NAME = N_("The row has no name and was left out.")
_SAME_ID = N_("The same id stands in {first}; what was new here was added to it.")
_OTHER_NAME = N_("The same id stands in {first} under another name; this one was left out.")
_NO_ORGANIZATION = N_("The service belongs to no organization of this list; it was filed under one of its own name.")
_STRANGE_STATUS = N_("“{value}” is no state that CrisisDesk knows; the service came in as “needs checking”.")
_WRONG_AGES = N_("The ages of this service can’t be right; they were left empty.")
_WRONG_PLACE = N_("The coordinates of this location can’t be right; they were left empty.")
_NO_ENDS = N_("The row joins a service and a location of which one is not in this list; it was left out.")


@dataclass(slots=True)
class Assembly:
    """The directory as it comes together."""

    gathered: Gathered
    problems: Problems
    tick: Callable[[float], None]
    organizations: dict[str, IncomingOrganization] = field(default_factory=dict)
    locations: dict[str, IncomingLocation] = field(default_factory=dict)
    services: dict[str, IncomingService] = field(default_factory=dict)
    links: dict[tuple[str, str], IncomingServiceAtLocation] = field(default_factory=dict)
    link_ids: dict[str, tuple[str, str]] = field(default_factory=dict)  # service_at_location → service, location
    programs: dict[str, str] = field(default_factory=dict)
    only_organization: str = ""
    named_owners: Mapping[str, str] = field(default_factory=dict)
    ages_read: int = 0
    without_status: int = 0

    def directory(self, kind: str, title: str) -> IncomingDirectory:
        """Return the whole directory."""
        cells = Cells(self.gathered)
        self._organizations()
        for row in self.gathered.take("program"):
            if row.get("id"):
                self.programs[row.get("id")] = row.get("name")
        self._locations(cells)
        service_rows = self._kept("service", self.gathered.take("service"))
        for row in service_rows.values():
            cells.spread_service(row)
        terms = Terms(self.gathered, self.problems, service_rows)
        self._services(service_rows, terms)
        self._links(service_rows)
        self._say_what_was_read()
        return self._made(kind, title, terms)

    def _made(self, kind: str, title: str, terms: Terms) -> IncomingDirectory:
        """Read the child tables and return all that there is."""
        children = self._children()
        addresses = children.addresses()
        contacts = children.contacts()
        phones = children.phones()
        kept, linked = terms.kept(self.services)
        self.tick(1)
        return IncomingDirectory(
            kind=kind,
            title=title,
            organizations=tuple(self.organizations.values()),
            services=tuple(self.services.values()),
            locations=tuple(self._told_apart()),
            service_at_locations=tuple(self.links.values()),
            addresses=addresses,
            contacts=contacts,
            phones=phones,
            schedules=children.schedules(),
            languages=children.table("language", IncomingLanguage, ("service_id", "location_id", "phone_id")),
            accessibility=children.table("accessibility", IncomingAccessibility, ("location_id",), "description"),
            taxonomy_terms=kept,
            service_terms=linked,
            required_documents=children.table("required_document", IncomingRequiredDocument, _OF_SERVICE, "document"),
            service_areas=children.table("service_area", IncomingServiceArea, (*_OF_SERVICE, "service_at_location_id")),
            cost_options=children.table("cost_option", IncomingCostOption, _OF_SERVICE),
            urls=children.table("url", IncomingUrl, ("organization_id", "service_id"), "url"),
            problems=self.problems.listed(),
            skipped=self.problems.skipped,
            repaired=self.problems.repaired,
        )

    def _children(self) -> Children:
        known: dict[str, Container[str]] = {
            "organization_id": self.organizations,
            "location_id": self.locations,
            "service_id": self.services,
            "service_at_location_id": self.link_ids,
        }
        places: dict[str, set[str]] = {}
        for service, location in self.links:
            places.setdefault(service, set()).add(location)
        names = [(location.name, key) for key, location in self.locations.items()]
        names += [(self.services[service].name, location) for service, location in self.links]
        return Children(
            gathered=self.gathered,
            problems=self.problems,
            known=known,
            link_ids=self.link_ids,
            places=places,
            names=Places(names),
            locations=self.locations,
        )

    def _kept(self, table: str, rows: Iterable[Row]) -> dict[str, Row]:
        """Return one row for each id: the first, with what later rows of the same thing add to it."""
        first: dict[str, Row] = {}
        for row in rows:
            key = row.values["id"] = row_id(row)
            other = first.get(key)
            if other is None:
                if row.get("name") or table == "location":
                    first[key] = row
                elif not row.is_nested:
                    self.problems.skip(row.place, _(_NO_NAME), column="name")
            elif row.get("name") and row.get("name").casefold() != other.get("name").casefold():
                self.problems.skip(row.place, _(_OTHER_NAME), column="id", first=_spoken(other))
            elif row.values != other.values:
                other.values = row.values | other.values
                if not row.is_nested:
                    self.problems.repair(row.place, _(_SAME_ID), column="id", first=_spoken(other))
        return first

    # Organizations and locations -----------------------------------------------------------------------------------

    def _organizations(self) -> None:
        rows = self._kept("organization", self.gathered.take("organization"))
        for key, row in rows.items():
            parent = row.get("parent_organization_id")
            self.organizations[key] = build(
                IncomingOrganization,
                row,
                self.problems,
                description=ohana.description(row.get("description")),
                year_incorporated=_year(row.get("year_incorporated")),
                parent_organization_id=parent if parent in rows and parent != key else "",
            )
        if len(rows) == 1:
            self.only_organization = next(iter(rows))

    def _locations(self, cells: Cells) -> None:
        rows = self._kept("location", self.gathered.take("location"))
        for key, row in rows.items():
            cells.spread_location(row)
            owner = row.get("organization_id")
            self.locations[key] = build(
                IncomingLocation,
                row,
                self.problems,
                organization_id=owner if owner in self.organizations else "",
                location_type=ohana.location_type(row.get("location_type"), row.get("virtual")),
                description=ohana.description(row.get("description")),
                transportation=row.get("transportation") or ohana.way_there(row.get("description")),
                **self._point(row),
            )

    def _point(self, row: Row) -> dict[str, None]:
        """Return what to blank of a location's coordinates, if they lie nowhere on earth."""
        if not (row.get("latitude") and row.get("longitude")):
            return {"latitude": None, "longitude": None}
        try:
            latitude, longitude = float(row.get("latitude")), float(row.get("longitude"))
            is_right = abs(latitude) <= _LATITUDES and abs(longitude) <= _LONGITUDES
        except ValueError:
            is_right = False
        if is_right:
            return {}
        self.problems.repair(row.place, _(_WRONG_PLACE), column="latitude")
        return {"latitude": None, "longitude": None}

    def _told_apart(self) -> Iterator[IncomingLocation]:
        """Yield the locations, without descriptions that only repeat their service's (iCarol writes both alike)."""
        told = {service.description for service in self.services.values() if service.description}
        for location in self.locations.values():
            if location.description in told:
                yield replace(location, description="")
            else:
                yield location

    # Services ------------------------------------------------------------------------------------------------------

    def _services(self, rows: dict[str, Row], terms: Terms) -> None:
        tables = self.gathered.tables
        self.named_owners = owners((*tables.get("phone", ()), *tables.get("contact", ())))
        for index, (key, row) in enumerate(rows.items()):
            self.services[key] = self._service(row, terms.of(key))
            if index % _ASK_EVERY == 0:
                self.tick(index / len(rows))

    def _service(self, row: Row, terms: list[Term]) -> IncomingService:
        state = status(row.get("status")) if row.get("status") else None
        if state is None and row.get("status"):
            self.problems.note(row.place, _(_STRANGE_STATUS), column="status", value=row.get("status"))
        self.without_status += not row.get("status")
        description = ohana.description(row.get("description"))
        eligibility = row.get("eligibility_description")
        audience = row.get("audience")
        if audience and audience not in eligibility:
            eligibility = "\n".join(filter(None, (audience, eligibility)))
        lowest, highest, from_words = self._ages(row, eligibility)
        return build(
            IncomingService,
            row,
            self.problems,
            organization_id=self._owner(row),
            program=self.programs.get(row.get("program_id"), ""),
            description=plain(description),
            status=state or "inactive",
            status_given=state is not None,
            eligibility_description=plain(eligibility),
            minimum_age=lowest,
            maximum_age=highest,
            ages_from_words=from_words,
            needs=needs(
                terms,
                names=(row.get("name"), row.get("alternate_name"), row.get("keywords")),
                description=description,
            ),
        )

    def _ages(self, row: Row, eligibility: str) -> tuple[float | None, float | None, bool]:
        """Return the lowest and highest age, and whether they stood only in words."""
        cells = row.get("minimum_age"), row.get("maximum_age")
        if not any(cells):
            found = ages(eligibility)
            self.ages_read += found is not None
            return (found.lowest, found.highest, True) if found else (None, None, False)
        lowest, highest = number(cells[0]), number(cells[1])
        if highest is not None and highest > _OLDEST:
            highest = None
        wrong = any(age is not None and not 0 <= age <= _OLDEST for age in (lowest, highest))
        if wrong or (lowest is not None and highest is not None and lowest > highest):
            self.problems.repair(row.place, _(_WRONG_AGES), column="minimum_age")
            return None, None, False
        return lowest, highest, False

    def _owner(self, row: Row) -> str:
        """Return the organization of a service: as given, its location's, the only one, or one made.

        Ohana gives none, and a location that several share belongs to one of them only; phones name both.
        """
        given = row.get("organization_id") or self.named_owners.get(row.values["id"], "")
        if given in self.organizations:
            return given
        location = self.locations.get(row.get("location_id"))
        if location and location.organization_id:
            return location.organization_id
        if self.only_organization and not given:
            return self.only_organization
        self.problems.repair(row.place, _(_NO_ORGANIZATION), column="organization_id")
        if location:  # all services of a place without an organization go under one, with the place's name
            key = made_id("organization", location.source_id)
            self.locations[location.source_id] = replace(location, organization_id=key)
            name = location.name or unescaped(row.get("name"))
        else:
            key = made_id("organization", row.values["id"], row.get("name"))
            name = unescaped(row.get("name"))
        self.organizations[key] = IncomingOrganization(source_id=key, name=name)
        return key

    def _links(self, rows: dict[str, Row]) -> None:
        """Join services and locations: by the table that does, and by the location that Ohana gives with a service."""
        for row in self.gathered.take("service_at_location"):
            pair = row.get("service_id"), row.get("location_id")
            row.values["id"] = row_id(row)
            if pair[0] not in self.services or pair[1] not in self.locations:
                self.problems.skip(row.place, _(_NO_ENDS))
                continue
            self.link_ids[row.values["id"]] = pair
            if pair not in self.links:
                self.links[pair] = build(IncomingServiceAtLocation, row, self.problems)
        for key, row in rows.items():
            pair = key, row.get("location_id")
            if pair[1] in self.locations and pair not in self.links:
                made = made_id("service_at_location", *pair)
                self.links[pair] = IncomingServiceAtLocation(source_id=made, service_id=key, location_id=pair[1])
                self.link_ids[made] = pair

    def _say_what_was_read(self) -> None:
        if self.without_status:
            words = ngettext(
                "For {count} service the list doesn’t say whether it is running; it came in as “needs checking”.",
                "For {count} services the list doesn’t say whether they are running; they came in as “needs checking”.",
                self.without_status,
            )
            self.problems.note(("", None), words, count=self.without_status)
        if self.ages_read:
            words = ngettext(
                "For {count} service the ages were read from the publisher’s words on who may come.",
                "For {count} services the ages were read from the publisher’s words on who may come.",
                self.ages_read,
            )
            self.problems.note(("", None), words, count=self.ages_read)


def _spoken(row: Row) -> str:
    """Say where a row stands, as problems say it."""
    return RowProblem(sentence="", kind=ProblemKind.NOTE, file=row.file, row=row.number).place()


def _year(text: str) -> str:
    """Return the year of a founding date, or the cell as it is."""
    found = a_date(text)
    return str(found.year) if found else text
