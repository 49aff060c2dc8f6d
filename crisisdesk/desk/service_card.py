"""A service on one card: what may go on handouts, what is only for her, how it was checked and how it went."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.checks import CheckMark
from crisisdesk.desk.glance import Item, read_items
from crisisdesk.desk.names import fold
from crisisdesk.desk.outcomes import Outcome
from crisisdesk.desk.phones import phone_digits, show_phone
from crisisdesk.desk.service_list import HoursKind, hours_line
from crisisdesk.desk.week import week_sentence
from crisisdesk.desk.words import place
from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.records.choices import AddressType, CheckHow, CheckResult, Need, PhoneType, ServiceStatus
from crisisdesk.records.directory import (
    Address,
    DataSet,
    Location,
    Phone,
    PrivateNotes,
    Service,
    ServiceAtLocation,
    ServiceCheck,
)
from crisisdesk.vault.store import Store

_NUMBERED = re.compile(r"(?:phone|fax|voice|number)?\s*\d*", re.IGNORECASE)  # "Phone 1" says nothing
_UNNAMED = frozenset({PhoneType.VOICE, PhoneType.CELL, PhoneType.HOME, PhoneType.WORK})
_FULL_AGE, _OLDEST = 18, 99  # years


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A label and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneLine:
    """A public number, as it is shown and as it is said: "intake 555-0172"."""

    number: str
    type: PhoneType
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLine:
    """Where a service is given."""

    name: str  # of the place, where it has one
    street: str  # "41 Cedar Street, 2nd floor"
    town: str  # "Alder Falls, MN 55001"
    directions: str  # "beside the library, bus 4"
    accessibility: str
    is_private: bool  # never printed

    @property
    def line(self) -> str:
        """All of it on one line; directions that are a sentence of their own stay one."""
        address = ", ".join(part for part in (self.street, self.town) if part)
        joint = ". " if self.directions[:1].isupper() else ", "
        return joint.join(part for part in (address, self.directions) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check of a service, for its history."""

    words: str  # "Worked, by phone"
    note: str
    result: CheckResult
    how: CheckHow


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFacts:
    """What a service says of itself; all of it may go on handouts."""

    for_whom: str
    how_to_get_in: str
    phones: tuple[PhoneLine, ...]
    hours: str  # "Every day 8–20, last intake 17:00"
    places: tuple[PlaceLine, ...]  # without those that are kept private
    has_private_place: bool
    cost: str
    bring: str
    languages: str
    what_happens: str
    say_this: str
    wait: str
    website: str
    email: str
    service_area: str

    def pairs(self) -> tuple[Pair, ...]:
        """Return what is known, in the order of a card."""
        where = [place.line for place in self.places if place.line]
        if self.has_private_place:
            where.append(_("Address kept private"))
        named = (
            (_("For whom"), self.for_whom),
            (_("How to get in"), self.how_to_get_in),
            (_("Phone"), ", ".join(phone.words for phone in self.phones)),
            (_("Hours"), self.hours),
            (_("Where"), "\n".join(where)),
            (_("Cost"), self.cost),
            (_("Bring"), self.bring),
            (_("Languages"), self.languages),
            (_("Wait"), self.wait),
            (_("What happens"), self.what_happens),
            (_("Words to say"), self.say_this),
            (_("Website"), self.website),
            (_("E-mail"), self.email),
            (_("Serves"), self.service_area),
        )
        return tuple(Pair(label=label, value=value) for label, value in named if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateFacts:
    """What only she knows. Never printed, never exported."""

    back_line: str
    who_answers: str
    what_helps: str
    said_no_to: str
    fax: str
    reply_days: int | None
    rating: int | None
    places: tuple[PlaceLine, ...]  # those that are kept private

    def pairs(self, so_far: str) -> tuple[Pair, ...]:
        """Return what is known, in the order of a card, and how it went."""
        reply = _("about {days} days").format(days=self.reply_days) if self.reply_days else ""
        stars = _("{count} of 5").format(count=self.rating) if self.rating else ""
        named = (
            (_("Back line"), ", ".join(part for part in (self.back_line, self.who_answers) if part)),
            (_("What helps"), self.what_helps),
            (_("Said no to"), self.said_no_to),
            (_("Fax"), self.fax),
            (_("They answer in"), reply),
            (_("Your rating"), stars),
            (_("Private address"), "\n".join(place.line for place in self.places)),
            (_("You so far"), so_far),
        )
        return tuple(Pair(label=label, value=value) for label, value in named if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCard:
    """All that there is to know of a service."""

    id: str
    organization_id: str
    title: str  # "Hope House, single rooms"
    organization: str
    name: str
    summary: str
    alert: str
    status: ServiceStatus
    needs: tuple[Need, ...]
    hours_now: str  # "Open till 20:00"
    hours_kind: HoursKind
    check: CheckMark
    checked_on: date | None  # by her
    checks: tuple[CheckLine, ...]
    public: PublicFacts
    private: PrivateFacts
    outcome: Outcome
    data_set: str  # the directory that it came with; "" for her own
    is_edited: bool

    @property
    def public_pairs(self) -> tuple[Pair, ...]:
        """The half that goes on handouts."""
        return self.public.pairs()

    @property
    def private_pairs(self) -> tuple[Pair, ...]:
        """The half that is only for her."""
        return self.private.pairs(self.outcome.sentence)


class ServiceCards:
    """Makes cards."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def card(self, service_id: str, *, twenty_four: bool = True) -> ServiceCard:
        """Return a service's card. Raises NotFound."""
        now = self._clock.local(self._clock.now()).replace(tzinfo=None)
        with self._store.read() as s:
            item = read_items(s, [service_id]).get(service_id)
            service = s.get(Service, service_id)
            if item is None or service is None:
                raise NotFound(_("This service is no longer in the directory."))
            return _Making(s, item, service, now, twenty_four=twenty_four).card()


class _Making:
    """One card in the making."""

    def __init__(self, s: Session, item: Item, service: Service, now: datetime, *, twenty_four: bool) -> None:
        self._s = s
        self._item = item
        self._service = service
        self._now = now
        self._twenty_four = twenty_four
        self._places = places_of(s, service.id)

    def card(self) -> ServiceCard:
        item, service = self._item, self._service
        hours_now, kind = hours_line(item, self._now, twenty_four=self._twenty_four)
        title = self._s.scalar(
            select(DataSet.title).where(DataSet.id == service.data_set_id, DataSet.taken_out_at.is_(None))
        )
        return ServiceCard(
            id=item.id,
            organization_id=item.organization_id,
            title=place(item.organization, item.name),
            organization=item.organization,
            name=item.name,
            summary=service.description,
            alert=service.alert,
            status=service.status,
            needs=tuple(need for need in Need if need in item.needs),
            hours_now=hours_now,
            hours_kind=kind,
            check=item.checked.mark(self._now.date()),
            checked_on=item.checked.checked_on,
            checks=self._checks(),
            public=self._public(),
            private=self._private(),
            outcome=item.outcome,
            data_set=title or "",
            is_edited=service.edited_at is not None,
        )

    def _public(self) -> PublicFacts:
        service = self._service
        return PublicFacts(
            for_whom=service.eligibility_description or ages_words(service.minimum_age, service.maximum_age),
            how_to_get_in=service.application_process,
            phones=tuple(phone_line(phone) for phone in phones_of(self._s, service)),
            hours=week_sentence(self._item.openings, self._now.date(), twenty_four=self._twenty_four),
            places=tuple(place for place in self._places if not place.is_private),
            has_private_place=any(place.is_private for place in self._places),
            cost=cost_words(service.fees_description, service.insurance),
            bring=service.documents,
            languages=service.languages,
            what_happens=service.what_happens,
            say_this=service.say_this,
            wait=service.wait_time,
            website=service.url,
            email=service.email,
            service_area=service.service_area,
        )

    def _private(self) -> PrivateFacts:
        notes = self._s.scalars(select(PrivateNotes).where(PrivateNotes.service_id == self._service.id)).first()
        notes = notes or PrivateNotes(service_id=self._service.id)
        return PrivateFacts(
            back_line=notes.back_line,
            who_answers=notes.who_answers,
            what_helps=notes.what_helps,
            said_no_to=notes.said_no_to,
            fax=notes.fax,
            reply_days=notes.reply_days,
            rating=notes.rating,
            places=tuple(place for place in self._places if place.is_private),
        )

    def _checks(self) -> tuple[CheckLine, ...]:
        query = (
            select(ServiceCheck.result, ServiceCheck.how, ServiceCheck.note)
            .where(ServiceCheck.service_id == self._service.id)
            .order_by(ServiceCheck.checked_on.desc(), ServiceCheck.created_at.desc())
        )
        return tuple(
            CheckLine(
                words=_("{result}, {how}").format(result=result.label, how=how.label), note=note, result=result, how=how
            )
            for result, how, note in self._s.execute(query)
        )


# Parts that the form needs as well -----------------------------------------------------------------------------------


def phones_of(s: Session, service: Service) -> Sequence[Phone]:
    """Return a service's numbers: its own, else those of its places, else its organization's; none twice."""
    at_places = select(ServiceAtLocation.location_id).where(ServiceAtLocation.service_id == service.id)
    for claim in (
        Phone.service_id == service.id,
        Phone.location_id.in_(at_places) & Phone.service_id.is_(None),
        (Phone.organization_id == service.organization_id) & Phone.service_id.is_(None) & Phone.location_id.is_(None),
    ):
        found = s.scalars(select(Phone).where(claim).order_by(Phone.position, Phone.created_at, Phone.id)).all()
        if found:
            distinct = {
                (phone_digits(phone.number) or phone.number, phone.extension): phone for phone in reversed(found)
            }
            return list(reversed(distinct.values()))
    return []


def phone_line(phone: Phone) -> PhoneLine:
    """Return a number as it is said."""
    number = show_phone(phone.number)
    if phone.extension:
        number = _("{number} ext. {extension}").format(number=number, extension=phone.extension)
    about = "" if _NUMBERED.fullmatch(phone.description.strip()) else phone.description.strip()
    label = "" if phone.type in _UNNAMED else phone.type.label
    words = " ".join(part for part in (label, number) if part)
    about = "" if fold(about) == fold(label) else about
    return PhoneLine(
        number=number,
        type=phone.type,
        words=_("{phone} ({about})").format(phone=words, about=about) if about else words,
    )


def places_of(s: Session, service_id: str) -> tuple[PlaceLine, ...]:
    """Return where a service is given, in the order in which it was written down."""
    query = (
        select(Location, Address)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .outerjoin(Address, (Address.location_id == Location.id) & (Address.address_type == AddressType.PHYSICAL))
        .where(ServiceAtLocation.service_id == service_id, Location.set_aside_at.is_(None))
        .order_by(ServiceAtLocation.created_at, ServiceAtLocation.id)
    )
    return tuple(_place_line(location, address) for location, address in s.execute(query))


def _street(first: str, second: str) -> str:
    """Return both lines of an address; a second one that the first already ends with is said once."""
    if not second or f" {first}".casefold().endswith(f" {second}".casefold()):
        return first
    return ", ".join(part for part in (first, second) if part)


def _place_line(location: Location, address: Address | None) -> PlaceLine:
    if address is None:
        street, town = "", ""
    else:
        street = _street(address.address_1.strip(), address.address_2.strip())
        region = " ".join(part for part in (address.state_province, address.postal_code) if part)
        town = ", ".join(part for part in (address.city, region) if part)
    return PlaceLine(
        name=location.name,
        street=street,
        town=town,
        directions=location.transportation,
        accessibility=location.accessibility,
        is_private=location.is_private,
    )


def cost_words(fees: str, insurance: str) -> str:
    """Return what it costs: "30 % of income; takes Medicaid", without saying an insurance twice."""
    fees, insurance = fees.strip(" .;"), insurance.strip(" .;")
    if not insurance or insurance.lower() in fees.lower():
        return fees
    accepted = _("takes {insurance}").format(insurance=insurance)
    return _("{first}; {second}").format(first=fees, second=accepted) if fees else accepted[:1].upper() + accepted[1:]


def ages_words(youngest: float | None, oldest: float | None) -> str:
    """Return "Adults 18 and older", "Ages 12 to 17", "Up to 17"; "" where nothing is said."""
    low, high = youngest or 0, oldest if oldest is not None and oldest < _OLDEST else None
    if not low and high is None:
        return ""
    if high is None:
        words = _("Adults {age} and older") if low >= _FULL_AGE else _("{age} and older")
        return words.format(age=_years(low))
    if not low:
        return _("Up to {age}").format(age=_years(high))
    return _("Ages {youngest} to {oldest}").format(youngest=_years(low), oldest=_years(high))


def _years(age: float) -> str:
    return f"{age:g}"
