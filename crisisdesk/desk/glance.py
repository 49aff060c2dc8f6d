"""A service at a glance: what lists, counts and matches must know of it, read for all services at once."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeVar, TypeVarTuple

from sqlalchemy import Select, String, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from crisisdesk.desk.checks import Checked, CheckState
from crisisdesk.desk.hours import Opening
from crisisdesk.desk.names import fold
from crisisdesk.desk.outcomes import NEVER_USED, Outcome, outcomes, outcomes_of
from crisisdesk.i18n import N_, _
from crisisdesk.records.choice import Choice
from crisisdesk.records.choices import AddressType, CheckResult, Need, PhoneType, PlaceType, ServiceStatus
from crisisdesk.records.directory import (
    Address,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceCheck,
    ServiceNeed,
)


class Takes(Choice):
    """Who can come without paying all of it, as far as the published words tell."""

    MEDICAID = "medicaid", N_("Medicaid")
    MEDICARE = "medicare", N_("Medicare")
    NO_INSURANCE = "no_insurance", N_("No insurance")


_TAKES = {
    Takes.MEDICAID: re.compile(r"\bmedicaid\b|medical assistance", re.IGNORECASE),
    Takes.MEDICARE: re.compile(r"\bmedicare\b", re.IGNORECASE),
    Takes.NO_INSURANCE: re.compile(
        r"\bfree\b|\bno (?:fee|cost|charge|insurance)|sliding|uninsured|without insurance|donation"
        r"|(?:of|on|by) income|income[- ]based",
        re.IGNORECASE,
    ),
}
_ASIDE = re.compile(r"\([^()]*\)")  # "Spanish (Mon only)"
_BETWEEN_LANGUAGES = re.compile(r"[,;/&\n]|\band\b", re.IGNORECASE)
_LONGEST_LANGUAGE = 24  # characters; what is longer is a sentence about interpreters
_SIGN = re.compile(r"\basl\b|sign language", re.IGNORECASE)
_HOUSE_NUMBER = re.compile(r"^\d+[A-Za-z]?(?:-\d+)?\s+(?=\D)")

# What people need tonight is looked at sooner (domain.md 3.4).
_TONIGHT = frozenset({Need.BED_TONIGHT, Need.SAFE_AT_HOME})
_NEEDS = {need.value: need for need in Need}  # many rows; a look-up costs a tenth of the column type's
_HIDDEN = frozenset({ServiceStatus.INACTIVE, ServiceStatus.DEFUNCT})
_FRESHNESS = {
    CheckState.FRESH: 0.5,
    CheckState.AGING: 0.2,
    CheckState.STALE: 0.1,
    CheckState.NEVER: 0.0,
    CheckState.FAILED: -0.3,
}

K = TypeVar("K")
V = TypeVar("V")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a list, a count or a match needs to know of one service."""

    id: str
    organization_id: str
    location_ids: tuple[str, ...]
    name: str
    organization: str
    place: str  # "Cedar Street", "address kept private", or ""
    list_name: str
    organization_list_name: str
    status: ServiceStatus
    needs: frozenset[Need]
    takes: frozenset[Takes]
    speaks: frozenset[str]
    insurance: str
    fees: str
    eligibility: str
    minimum_age: float | None
    maximum_age: float | None
    ages_from_words: bool
    openings: tuple[Opening, ...]
    by_phone: bool
    checked: Checked
    outcome: Outcome

    @property
    def is_hidden(self) -> bool:
        """Whether it is known not to run, and so is left out unless asked for."""
        return self.status in _HIDDEN

    @property
    def is_paused(self) -> bool:
        """Whether it is closed for now."""
        return self.status is ServiceStatus.TEMPORARILY_CLOSED

    @property
    def names(self) -> str:
        """The folded names to look through: a word begins after a blank, a name after a line's end."""
        return f"\n {self.list_name}\n {self.organization_list_name}"


def score(item: Item, state: CheckState) -> float:
    """Return how good a place it is to send somebody: the share that connected plus how fresh its check is.

    The share is cautious (a place never used counts as one in four), so that 7 of 9 beats 1 of 1. A fresh check is
    worth half of all referrals connecting; a failed one costs a third.
    """
    return item.outcome.rate + _FRESHNESS[state]


# Reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where a service is given, as far as a line in a list says it."""

    location_id: str
    is_virtual: bool
    line: str


@dataclass(frozen=True, slots=True)
class _Around:
    """What the tables around the services say, by service; hours by place where no service is named."""

    needs: Mapping[str, Sequence[Need]]
    placed: Mapping[str, Sequence[_Placed]]
    own_hours: Mapping[str, Sequence[Opening]]
    place_hours: Mapping[str, Sequence[Opening]]
    checks: Mapping[str, Checked]
    hotlines: Collection[str]
    outcomes: Mapping[str, Outcome]
    same: dict[tuple[Opening, ...], tuple[Opening, ...]] = field(default_factory=dict)  # hours that many share

    def openings(self, service_id: str) -> tuple[Opening, ...]:
        """Return a service's hours, else those of its places."""
        found = tuple(self.own_hours.get(service_id, ()))
        if not found:
            placed = self.placed.get(service_id, ())
            found = tuple(row for place in placed for row in self.place_hours.get(place.location_id, ()))
        return self.same.setdefault(found, found)


def read_items(s: Session, ids: Collection[str] | None = None) -> dict[str, Item]:
    """Return the services that are not set aside, by id; only those of ``ids``, if given."""
    placed = _places(s, ids)
    own, at_place = _openings(s, ids, {place.location_id for places in placed.values() for place in places})
    needs = _only(select(ServiceNeed.service_id, type_coerce(ServiceNeed.need, String)), ServiceNeed.service_id, ids)
    hotlines = select(Phone.service_id).where(Phone.type == PhoneType.HOTLINE)
    around = _Around(
        needs=_grouped((service_id, _NEEDS[code]) for service_id, code in s.execute(needs)),
        placed=placed,
        own_hours=own,
        place_hours=at_place,
        checks=_checks(s, ids),
        hotlines=frozenset(found for found in s.scalars(_only(hotlines, Phone.service_id, ids)) if found),
        outcomes=outcomes(s) if ids is None else outcomes_of(s, ids),
    )
    return {item.id: item for item in _items(s, ids, around)}


_COLUMNS = (
    *(Service.id, Service.name, Service.list_name, Service.organization_id, Organization.name, Service.status),
    *(Service.insurance, Service.fees_description, Service.eligibility_description, Service.languages),
    *(Service.minimum_age, Service.maximum_age, Service.ages_from_words, Service.assured_on, Service.checked_on),
)


def _items(s: Session, ids: Collection[str] | None, around: _Around) -> Iterator[Item]:
    query = (
        select(*_COLUMNS)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.set_aside_at.is_(None), Organization.set_aside_at.is_(None))
    )
    folded: dict[str, str] = {}
    for row in s.execute(_only(query, Service.id, ids)):
        (service_id, name, list_name, organization_id, organization, status, *words) = row
        insurance, fees, eligibility, languages, youngest, oldest, from_words, assured_on, checked_on = words
        needs = frozenset(around.needs.get(service_id, ()))
        placed = around.placed.get(service_id, ())
        yield Item(
            id=service_id,
            organization_id=organization_id,
            location_ids=tuple(place.location_id for place in placed),
            name=name,
            organization=organization,
            place=next((place.line for place in placed if place.line), ""),
            list_name=list_name or fold(name),
            organization_list_name=folded.get(organization) or folded.setdefault(organization, fold(organization)),
            status=status,
            needs=needs,
            takes=takes(f"{insurance}; {fees}"),
            speaks=speaks(languages),
            insurance=insurance,
            fees=fees,
            eligibility=eligibility,
            minimum_age=youngest,
            maximum_age=oldest,
            ages_from_words=from_words,
            openings=around.openings(service_id),
            by_phone=bool(placed) and all(place.is_virtual for place in placed),
            checked=replace(
                around.checks.get(service_id, _UNCHECKED),
                checked_on=checked_on,
                assured_on=assured_on,
                is_critical=bool(needs & _TONIGHT) or service_id in around.hotlines,
            ),
            outcome=around.outcomes.get(service_id, NEVER_USED),
        )


@lru_cache(maxsize=4096)
def takes(words: str) -> frozenset[Takes]:
    """Return who can come, from what is published about payment."""
    return frozenset(kind for kind, pattern in _TAKES.items() if pattern.search(words))


@lru_cache(maxsize=4096)
def speaks(words: str) -> frozenset[str]:
    """Return languages as names, "Spanish" or "ASL", from a list as it was published."""
    names = (part.strip() for part in _BETWEEN_LANGUAGES.split(_ASIDE.sub(" ", words)))
    return frozenset(
        "ASL" if _SIGN.search(name) else name[:1].upper() + name[1:]
        for name in names
        if 1 < len(name) <= _LONGEST_LANGUAGE and not any(letter.isdigit() for letter in name)
    )


def _only(
    query: Select[*Ts],
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    ids: Collection[str] | None,
) -> Select[*Ts]:
    return query if ids is None else query.where(column.in_(ids))


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, Sequence[V]]:
    found: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _places(s: Session, ids: Collection[str] | None) -> Mapping[str, Sequence[_Placed]]:
    query = (
        select(
            ServiceAtLocation.service_id,
            Location.id,
            Location.location_type,
            Location.is_private,
            Address.address_1,
            Address.city,
        )
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .outerjoin(Address, (Address.location_id == Location.id) & (Address.address_type == AddressType.PHYSICAL))
        .where(Location.set_aside_at.is_(None))
    )
    rows = s.execute(_only(query, ServiceAtLocation.service_id, ids))
    return _grouped(
        (
            service_id,
            _Placed(
                location_id=location_id,
                is_virtual=kind is PlaceType.VIRTUAL,
                line=_("address kept private") if is_private else place_line(address or "", city or ""),
            ),
        )
        for service_id, location_id, kind, is_private, address, city in rows
    )


def place_line(address: str, city: str) -> str:
    """Return "Cedar Street, Alder Falls" for "41 Cedar Street"."""
    street = _HOUSE_NUMBER.sub("", address.strip())
    return ", ".join(part for part in (street, city.strip()) if part)


_OPENING = (
    *(Schedule.freq, Schedule.interval, Schedule.byday, Schedule.bymonthday, Schedule.starts_on, Schedule.valid_from),
    *(Schedule.valid_to, Schedule.opens_at, Schedule.closes_at, Schedule.is_closed, Schedule.description),
)
_OPENING_NAMES = tuple(column.key for column in _OPENING)


def _openings(
    s: Session, ids: Collection[str] | None, places: Collection[str]
) -> tuple[Mapping[str, Sequence[Opening]], Mapping[str, Sequence[Opening]]]:
    """Return hours by service, and by place for those that name no service."""
    query = select(Schedule.service_id, Schedule.location_id, *_OPENING).order_by(Schedule.created_at)
    if ids is not None:
        query = query.where(Schedule.service_id.in_(ids) | Schedule.location_id.in_(places))
    own: defaultdict[str, list[Opening]] = defaultdict(list)
    at_place: defaultdict[str, list[Opening]] = defaultdict(list)
    same: dict[tuple[object, ...], Opening] = {}
    for service_id, location_id, *values in s.execute(query):
        key = tuple(values)
        opening = same.get(key) or same.setdefault(key, Opening(**dict(zip(_OPENING_NAMES, values, strict=True))))
        if service_id:
            own[service_id].append(opening)
        elif location_id:
            at_place[location_id].append(opening)
    return own, at_place


_UNCHECKED = Checked()


def _checks(s: Session, ids: Collection[str] | None) -> Mapping[str, Checked]:
    """Return each service's last check that told something, and the failed one if none that worked came after."""
    query = select(ServiceCheck.service_id, ServiceCheck.checked_on, ServiceCheck.how, ServiceCheck.result)
    ordered = _only(query, ServiceCheck.service_id, ids).order_by(ServiceCheck.checked_on, ServiceCheck.created_at)
    found: dict[str, Checked] = {}
    for service_id, checked_on, how, result in s.execute(ordered):
        if result is CheckResult.DID_NOT:
            found[service_id] = replace(found.get(service_id, _UNCHECKED), failed_on=checked_on)
        else:
            found[service_id] = Checked(checked_on=checked_on, how=how)
    return found
