"""What leaves with a data set, and what stays because she has used it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisisdesk.desk.directory_rows import LINKS, RECORDS, Key, Row
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.base import Base
from crisisdesk.records.directory import (
    Address,
    Contact,
    Location,
    Organization,
    Phone,
    PrivateNotes,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceCheck,
    ServiceNeed,
    ServiceTerm,
    TaxonomyTerm,
)
from crisisdesk.records.referrals import Referral
from crisisdesk.records.releases import Release

# What a row belongs to: it stays if the nearest of these stays.
_OWNERS: Mapping[str, type[Base]] = {"service_id": Service, "location_id": Location, "organization_id": Organization}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """How many services leave, and how many stay."""

    removed: int
    kept: int  # services in use, and organizations that a release names

    @property
    def sentence(self) -> str:
        """Say it: before the act as well as after."""
        gone = ngettext("{count} service goes.", "{count} services go.", self.removed).format(count=self.removed)
        if not self.kept:
            return gone
        stay = ngettext(
            "{count} that you have used, checked or edited stays with you.",
            "{count} that you have used, checked or edited stay with you.",
            self.kept,
        )
        return _("{first} {second}").format(first=gone, second=stay.format(count=self.kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The keys of the rows that leave, and the rows that stay but must let go of something that leaves."""

    removed: Mapping[type[Base], Sequence[Key]]
    loosened: Mapping[type[Base], Sequence[Row]]
    told: TakenOut


def parts_to_take_out(s: Session, data_set_id: str) -> Parts:
    """Work out what leaves with a data set."""
    return _Taking(s, data_set_id).parts()


class _Taking:
    """The rows of a data set, sorted into those that leave and those that stay."""

    def __init__(self, s: Session, data_set_id: str) -> None:
        self._s = s
        self._rows = {record: _links(s, record, data_set_id) for record in RECORDS}
        self._stays: dict[type[Base], set[object]] = {}
        self._stays[Service] = self._used_services()
        self._stays[Location] = self._places()
        self._stays[Organization] = self._organizations()
        self._stays[Contact] = {row["id"] for row in self._rows[Contact] if self._owner_stays(row)}
        self._stays[TaxonomyTerm] = self._terms()

    def _used_services(self) -> set[object]:
        ours = {row["id"] for row in self._rows[Service]}
        used: set[object] = {row["id"] for row in self._rows[Service] if row["edited_at"] is not None}
        for column in (Referral.service_id, ServiceCheck.service_id, PrivateNotes.service_id):
            used.update(self._s.scalars(select(column).distinct()))
        return used & ours

    def _places(self) -> set[object]:
        """Return the locations of services that stay, also of those that never were part of the data set."""
        leaving = {row["id"] for row in self._rows[Service]} - self._stays[Service]
        links = self._s.execute(select(ServiceAtLocation.service_id, ServiceAtLocation.location_id))
        wanted = {location_id for service_id, location_id in links if service_id not in leaving}
        return {row["id"] for row in self._rows[Location] if row["id"] in wanted}

    def _organizations(self) -> set[object]:
        ours = {row["id"] for row in self._rows[Organization]}
        leaving = {row["id"] for row in self._rows[Service]} - self._stays[Service]
        services = self._s.execute(select(Service.id, Service.organization_id))
        wanted: set[object] = {organization_id for service_id, organization_id in services if service_id not in leaving}
        wanted.update(row["organization_id"] for row in self._rows[Location] if row["id"] in self._stays[Location])
        wanted.update(self._s.scalars(select(Release.organization_id).distinct()))
        return wanted & ours

    def _terms(self) -> set[object]:
        """Return the categories of services that stay, with the categories above them."""
        above = {row["id"]: row["parent_id"] for row in self._rows[TaxonomyTerm]}
        stay: set[object] = set()
        for row in self._rows[ServiceTerm]:
            term = row["term_id"] if row["service_id"] in self._stays[Service] else None
            while term in above and term not in stay:
                stay.add(term)
                term = above[term]
        return stay

    def _owner_stays(self, row: Row) -> bool:
        """Whether the nearest thing that a row belongs to stays: its service, else its place, else its organization."""
        for column, record in _OWNERS.items():
            if row.get(column) is not None:
                return row[column] in self._stays[record]
        return False

    def parts(self) -> Parts:
        """Return what leaves, each kind in an order in which it can leave."""
        stays = {record: self._stays.get(record) for record in RECORDS}
        removed: dict[type[Base], list[Key]] = {}
        loosened: dict[type[Base], list[Row]] = {}
        for record in RECORDS:
            known = stays[record]
            staying = [
                row
                for row in self._rows[record]
                if (row["id"] in known if known is not None else self._owner_stays(row))
            ]
            kept = {id(row) for row in staying}
            leaving = [row for row in self._rows[record] if id(row) not in kept]
            removed[record] = [_key(record, row) for row in leaving]
            loosened[record] = list(self._loosened(record, staying))
        services = len(removed[Service])
        kept_services = len(self._stays[Service]) or len(self._stays[Organization])
        return Parts(removed=removed, loosened=loosened, told=TakenOut(removed=services, kept=kept_services))

    def _loosened(self, record: type[Base], staying: Iterable[Row]) -> Iterable[Row]:
        """Yield rows that stay, without what they point at that leaves."""
        pointing: Mapping[str, type[Base]] = (
            {**_OWNERS, "contact_id": Contact} if record in {Phone, Contact, Schedule} else {}
        )
        for row in staying:
            lost = {
                column: None
                for column, target in pointing.items()
                if row.get(column) is not None and row[column] not in self._stays[target]
            }
            if lost:
                yield {"id": row["id"], **lost}


_COLUMNS: Mapping[type[Base], Sequence[str]] = {
    Organization: ("id",),
    TaxonomyTerm: ("id", "parent_id"),
    Service: ("id", "organization_id", "edited_at"),
    Location: ("id", "organization_id"),
    Contact: ("id", "organization_id", "service_id", "location_id"),
    ServiceAtLocation: ("id", "service_id"),
    Address: ("id", "location_id"),
    Phone: ("id", "organization_id", "service_id", "location_id", "contact_id"),
    Schedule: ("id", "service_id", "location_id"),
    ServiceNeed: ("service_id", "need"),
    ServiceTerm: ("service_id", "term_id"),
}


def _links(s: Session, record: type[Base], data_set_id: str) -> list[Row]:
    """Return a data set's rows of one kind, with only the columns by which rows hang together."""
    columns = record.__table__.columns
    wanted = [columns[name] for name in _COLUMNS[record]]
    found = s.execute(select(*wanted).where(columns.data_set_id == data_set_id)).mappings()
    return [dict(row) for row in found]


def _key(record: type[Base], row: Row) -> Key:
    if record.__tablename__ not in LINKS:
        return str(row["id"])
    return str(row["service_id"]), str(row["need"] if "need" in row else row["term_id"])
