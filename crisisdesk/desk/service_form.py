"""Between the form about a service and the records that it is made of.

The form shows what holds for the service, wherever it is written: hours of its place, numbers of its organization. What
she leaves as it was shown stays where it is; what she changes becomes the service's own.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.glance import read_items
from crisisdesk.desk.hours import Opening
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


def draft_of(s: Session, service: Service, today: date, *, twenty_four: bool = True) -> ServiceDraft:
    """Return a service as the form shows it."""
    organization = s.get(Organization, service.organization_id)
    needs = set(s.scalars(select(ServiceNeed.need).where(ServiceNeed.service_id == service.id)))
    draft = ServiceDraft(
        organization=organization.name if organization else "",
        name=service.name,
        needs=[need for need in Need if need in needs],
        phones=[_phone_draft(phone) for phone in phones_of(s, service)],
        hours=week_sentence(_openings(s, service.id), today, twenty_four=twenty_four),
        **{name: getattr(service, column) for name, column in _COLUMNS.items()},
    )
    _show_place(draft, _first_place(s, service.id))
    return draft


def fill(s: Write, service: Service | None, draft: ServiceDraft, clock: Clock) -> str:
    """Make the records what the draft says, and return the service's id. None: a new service."""
    before = ServiceDraft()
    if service is None:
        service = s.add(Service(organization_id=_organization_id(s, draft), name=draft.name.strip()))
    else:
        before = draft_of(s, service, clock.today())
        if fold(draft.organization) != fold(before.organization):
            service.organization_id = _organization_id(s, draft)
        service.edited_at = clock.now()
    for name, column in _COLUMNS.items():
        if getattr(draft, name) != getattr(service, column):
            setattr(service, column, getattr(draft, name))
    if (draft.minimum_age, draft.maximum_age) != (before.minimum_age, before.maximum_age):
        service.ages_from_words = False
    service.name = draft.name.strip() or draft.organization.strip()
    service.list_name = fold(service.name)
    _set_needs(s, service.id, draft.needs)
    if [p for p in draft.phones if p.number.strip()] != before.phones:
        _set_phones(s, service.id, draft.phones)
    if draft.hours.strip() not in _said(s, service.id, clock.today()):
        _set_hours(s, service.id, draft.hours)
    if any(getattr(draft, name) != getattr(before, name) for name in _PLACE):
        _set_place(s, service, draft)
    return service.id


def _organization_id(s: Write, draft: ServiceDraft) -> str:
    """Return the organization of that name, in any spelling; a new one if there is none."""
    name = draft.organization.strip() or draft.name.strip()
    wanted = fold(name)
    query = select(Organization.id, Organization.name).where(Organization.set_aside_at.is_(None))
    for organization_id, known in s.execute(query.order_by(Organization.created_at)).tuples():
        if fold(known) == wanted:
            return organization_id
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


def _openings(s: Session, service_id: str) -> Sequence[Opening]:
    item = read_items(s, [service_id]).get(service_id)
    return item.openings if item else ()


def _said(s: Write, service_id: str, today: date) -> set[str]:
    """Return the ways in which the form may have shown the hours, so that hours she left alone stay as they are."""
    openings = _openings_in(s, service_id)
    return {week_sentence(openings, today, twenty_four=style) for style in (True, False)}


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
