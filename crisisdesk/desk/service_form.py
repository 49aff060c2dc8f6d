"""Between the form about a service and the records that it is made of.

The form shows what holds for the service, wherever it is written: hours of its place, numbers of its organization. What
she leaves as it was shown stays where it is; what she changes becomes the service's own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisisdesk.desk.glance import read_items
from crisisdesk.desk.names import fold
from crisisdesk.desk.service_card import phones_of
from crisisdesk.desk.service_draft import ServiceDraft, ServicePhoneDraft
from crisisdesk.desk.typed_hours import read_week
from crisisdesk.desk.week import week_sentence
from crisisdesk.records.choices import AddressType, Need, PlaceType
from crisisdesk.records.directory import (
    Address,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from crisisdesk.vault.write import Write

# The form's name for a column of the service.
_COLUMNS = {
    "description": "description",
    "for_whom": "eligibility_description",
    "minimum_age": "minimum_age",
    "maximum_age": "maximum_age",
    "how_to_get_in": "application_process",
    "cost": "fees_description",
    "insurance": "insurance",
    "bring": "documents",
    "languages": "languages",
    "what_happens": "what_happens",
    "say_this": "say_this",
    "website": "url",
    "email": "email",
    "status": "status",
}
_PLACE = ("address", "city", "state", "postal_code", "directions", "address_is_private", "by_phone_only")


@dataclass(frozen=True, slots=True)
class Shown:
    """A service as the form showed it, with each way in which its hours may have been said."""

    draft: ServiceDraft
    hours: frozenset[str]


def show(s: Session, service: Service, today: date, *, twenty_four: bool = True) -> Shown:
    """Return a service as the form shows it."""
    organization = s.get(Organization, service.organization_id)
    needs = set(s.scalars(select(ServiceNeed.need).where(ServiceNeed.service_id == service.id)))
    item = read_items(s, [service.id]).get(service.id)
    said = {style: week_sentence(item.openings if item else (), today, twenty_four=style) for style in (True, False)}
    draft = ServiceDraft(
        organization=organization.name if organization else "",
        name=service.name,
        needs=[need for need in Need if need in needs],
        phones=[_phone_draft(phone) for phone in phones_of(s, service)],
        hours=said[twenty_four],
        **{name: getattr(service, column) for name, column in _COLUMNS.items()},
    )
    _show_place(s, service.id, draft)
    return Shown(draft, frozenset(said.values()))


def fill(s: Write, service: Service, draft: ServiceDraft, shown: Shown) -> None:
    """Make the records around a service what the draft says."""
    before = shown.draft
    if fold(draft.organization) != fold(before.organization) or not service.organization_id:
        service.organization_id = _organization_id(s, draft)
    for name, column in _COLUMNS.items():
        if getattr(draft, name) != getattr(service, column):
            setattr(service, column, getattr(draft, name))
    if (draft.minimum_age, draft.maximum_age) != (before.minimum_age, before.maximum_age):
        service.ages_from_words = False
    service.name = draft.name.strip() or draft.organization.strip()
    service.list_name = fold(service.name)
    _set_needs(s, service.id, draft.needs)
    if draft.phones != before.phones:
        _set_phones(s, service.id, draft.phones)
    if draft.hours.strip() not in shown.hours:
        _set_hours(s, service.id, draft.hours)
    if any(getattr(draft, name) != getattr(before, name) for name in _PLACE):
        _set_place(s, service, draft)


def _organization_id(s: Write, draft: ServiceDraft) -> str:
    """Return the organization of that name, in any spelling; a new one if there is none."""
    name = draft.organization.strip() or draft.name.strip()
    wanted = fold(name)
    query = select(Organization.id, Organization.name).where(Organization.set_aside_at.is_(None))
    for organization_id, known in s.execute(query.order_by(Organization.created_at)):
        if fold(known) == wanted:
            return str(organization_id)
    return s.add(Organization(name=name)).id


def _set_needs(s: Write, service_id: str, needs: Iterable[Need]) -> None:
    wanted = set(needs)
    for row in s.scalars(select(ServiceNeed).where(ServiceNeed.service_id == service_id)).all():
        if row.need in wanted:
            wanted.remove(row.need)
        else:
            s.remove(row)
    s.add_all(ServiceNeed(service_id=service_id, need=need) for need in Need if need in wanted)


# Numbers ----------------------------------------------------------------------------------------------------------


def _phone_draft(phone: Phone) -> ServicePhoneDraft:
    return ServicePhoneDraft(
        number=phone.number, extension=phone.extension, type=phone.type, description=phone.description
    )


def _set_phones(s: Write, service_id: str, drafts: Sequence[ServicePhoneDraft]) -> None:
    """Make the service's own numbers those of the draft, changing rows in place."""
    rows = list(s.scalars(select(Phone).where(Phone.service_id == service_id).order_by(Phone.position, Phone.id)))
    wanted = [draft for draft in drafts if draft.number.strip()]
    for position, draft in enumerate(wanted):
        row = rows[position] if position < len(rows) else s.add(Phone(service_id=service_id))
        row.position, row.number, row.extension = position, draft.number.strip(), draft.extension.strip()
        row.type, row.description = draft.type, draft.description.strip()
    for row in rows[len(wanted) :]:
        s.remove(row)


# Hours ------------------------------------------------------------------------------------------------------------


def _set_hours(s: Write, service_id: str, typed: str) -> None:
    for row in s.scalars(select(Schedule).where(Schedule.service_id == service_id)).all():
        s.remove(row)
    s.add_all(
        Schedule(
            service_id=service_id,
            freq=opening.freq,
            byday=opening.byday,
            opens_at=opening.opens_at,
            closes_at=opening.closes_at,
            description=opening.description,
        )
        for opening in read_week(typed)
    )


# The place --------------------------------------------------------------------------------------------------------


def _link(s: Session | Write, service_id: str) -> ServiceAtLocation | None:
    """Return the link to the place that the form shows: the first that was written down."""
    query = select(ServiceAtLocation).where(ServiceAtLocation.service_id == service_id)
    return s.scalars(query.order_by(ServiceAtLocation.created_at, ServiceAtLocation.id)).first()


def _address(s: Session | Write, location_id: str) -> Address | None:
    query = select(Address).where(Address.location_id == location_id, Address.address_type == AddressType.PHYSICAL)
    return s.scalars(query.order_by(Address.created_at, Address.id)).first()


def _show_place(s: Session, service_id: str, draft: ServiceDraft) -> None:
    link = _link(s, service_id)
    location = s.get(Location, link.location_id) if link else None
    if location is None:
        return
    draft.directions = location.transportation
    draft.address_is_private = location.is_private
    draft.by_phone_only = location.location_type is PlaceType.VIRTUAL
    address = _address(s, location.id)
    if address:
        draft.address = _street(address)
        draft.city, draft.state, draft.postal_code = address.city, address.state_province, address.postal_code


def _street(address: Address) -> str:
    return ", ".join(part for part in (address.address_1, address.address_2) if part)


def _set_place(s: Write, service: Service, draft: ServiceDraft) -> None:
    """Make the service's place what the draft says. A place that other services share is left to them."""
    link = _link(s, service.id)
    has_place = any(getattr(draft, name) for name in ("address", "city", "postal_code", "directions", "by_phone_only"))
    if not has_place:
        if link:
            s.remove(link)
        return
    location = s.get(Location, link.location_id) if link and not _is_shared(s, link) else None
    if location is None:
        location = s.add(Location(organization_id=service.organization_id))
        if link:
            link.location_id = location.id
        else:
            s.add(ServiceAtLocation(service_id=service.id, location_id=location.id))
    location.location_type = PlaceType.VIRTUAL if draft.by_phone_only else PlaceType.PHYSICAL
    location.transportation = draft.directions.strip()
    location.is_private = draft.address_is_private
    _set_address(s, location.id, draft)


def _is_shared(s: Write, link: ServiceAtLocation) -> bool:
    others = select(ServiceAtLocation.id).where(
        ServiceAtLocation.location_id == link.location_id, ServiceAtLocation.service_id != link.service_id
    )
    return s.scalars(others).first() is not None


def _set_address(s: Write, location_id: str, draft: ServiceDraft) -> None:
    row = _address(s, location_id)
    if not (draft.address.strip() or draft.city.strip() or draft.postal_code.strip()):
        if row:
            s.remove(row)
        return
    row = row or s.add(Address(location_id=location_id, country="US"))
    if _street(row) != draft.address.strip():
        row.address_1, row.address_2 = draft.address.strip(), ""
    row.city, row.state_province = draft.city.strip(), draft.state.strip()
    row.postal_code = draft.postal_code.strip()
