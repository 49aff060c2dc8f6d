"""Find clients, services and referrals for the palette as she types."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.names import initials
from crisisdesk.desk.words import Birth, age, dotted, place, referral_badge, upper_first
from crisisdesk.i18n import _
from crisisdesk.records.choices import ClientStatus
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.disclosures import Packet
from crisisdesk.records.referrals import Referral
from crisisdesk.vault.index import Kind
from crisisdesk.vault.search import search
from crisisdesk.vault.store import Store

_LIMIT = 12  # what the palette shows of one kind
_PACKET_DIGITS = 6
_COUNT_DIGITS = 4  # of a referral's number within its year
_YEARS = 5  # in which a number without its year is looked for

# "R-2026-0142", "2026 142", "r142", "142", "481 207"; a lone digit without its R says too little.
_NUMBER = re.compile(r"(?=R|\d\D*\d)R?[ -]?(?:(?P<year>20\d\d)[ -]?)?(?P<rest>\d*(?:[ -]\d+)?)", re.ASCII)


class Found(StrEnum):
    """What a hit is."""

    CLIENT = "client"
    SERVICE = "service"
    REFERRAL = "referral"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """Something that was found, in two lines."""

    kind: Found
    id: str
    title: str
    detail: str
    name: str = ""  # a client's, as it stands in the lines
    initials: str = ""  # what stands for it while names are covered


_REFERRALS = (
    select(
        Referral.id,
        Referral.number,
        Referral.state,
        Referral.sent_at,
        Client.shown_name,
        Client.first_name,
        Client.last_name,
        Client.described_as,
        Service.name.label("service"),
        Organization.name.label("organization"),
    )
    .join(Client, Client.id == Referral.client_id)
    .outerjoin(Service, Service.id == Referral.service_id)
    .outerjoin(Organization, Organization.id == Service.organization_id)
)


_IDS: BindParameter[Sequence[str]] = bindparam("ids", expanding=True)
_CLIENTS = select(
    Client.id,
    Client.shown_name,
    Client.first_name,
    Client.last_name,
    Client.described_as,
    Client.goes_by,
    Client.number,
    Client.born_on,
    Client.birth_quality,
    Client.age_guess,
    Client.age_guessed_on,
    Client.status,
).where(Client.id.in_(_IDS), Client.set_aside_at.is_(None))
_SERVICES = (
    select(Service.id, Service.name, Organization.name)
    .join(Organization, Organization.id == Service.organization_id)
    .where(Service.id.in_(_IDS), Service.set_aside_at.is_(None))
)


class Search:
    """Finds things for the palette."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def find(self, text: str, limit: int = _LIMIT) -> tuple[FoundRow, ...]:
        """Return at most ``limit`` of each kind: referrals whose number was typed, then clients, then services."""
        if not text.strip():
            return ()
        with self._store.read() as s:
            hits = search(s, text, (Kind.CLIENT, Kind.SERVICE), limit=limit)
            clients = [hit.ref for hit in hits if hit.kind is Kind.CLIENT]
            services = [hit.ref for hit in hits if hit.kind is Kind.SERVICE]
            return (
                *self._referrals(s, text, limit),
                *self._in_order(self._clients(s, clients), clients),
                *self._in_order(self._services(s, services), services),
            )

    def _in_order(self, found: Mapping[str, FoundRow], ids: Sequence[str]) -> tuple[FoundRow, ...]:
        return tuple(found[each] for each in ids if each in found)

    def _clients(self, s: Session, ids: Sequence[str]) -> Mapping[str, FoundRow]:
        rows = s.execute(_CLIENTS, {"ids": ids}) if ids else ()
        found = {}
        for row in rows:
            born = Birth(
                born_on=row.born_on, quality=row.birth_quality, guess=row.age_guess, guessed_on=row.age_guessed_on
            )
            called = row.goes_by.strip()
            found[row.id] = FoundRow(
                kind=Found.CLIENT,
                id=row.id,
                title=row.shown_name,
                detail=upper_first(
                    dotted(
                        age(born, self._clock.today()),
                        _("goes by {name}").format(name=called) if called and called != row.shown_name else "",
                        row.number,
                        row.status.label if row.status is ClientStatus.CLOSED else "",
                    )
                ),
                name=row.shown_name,
                initials=initials(row.first_name, row.last_name, row.described_as),
            )
        return found

    def _services(self, s: Session, ids: Sequence[str]) -> Mapping[str, FoundRow]:
        rows = s.execute(_SERVICES, {"ids": ids}) if ids else ()
        return {
            service_id: FoundRow(kind=Found.SERVICE, id=service_id, title=name, detail=organization)
            for service_id, name, organization in rows
        }

    def _referrals(self, s: Session, text: str, limit: int) -> tuple[FoundRow, ...]:
        named = _by_number(text, self._clock.today().year)
        if named is None:
            return ()
        in_view = (named, Referral.set_aside_at.is_(None), Client.set_aside_at.is_(None))
        rows = s.execute(_REFERRALS.where(*in_view).order_by(Referral.number.desc()).limit(limit))
        today = self._clock.today()
        return tuple(
            FoundRow(
                kind=Found.REFERRAL,
                id=row.id,
                title=row.number,
                detail=dotted(
                    row.shown_name,
                    place(row.organization or "", row.service or ""),
                    referral_badge(
                        row.state, (today - self._clock.local(row.sent_at).date()).days if row.sent_at else None
                    ).text,
                ),
                name=row.shown_name,
                initials=initials(row.first_name, row.last_name, row.described_as),
            )
            for row in rows
        )


def _by_number(text: str, this_year: int) -> ColumnElement[bool] | None:
    """Return which referrals a typed number names: "R-2026-0142" or its beginning, "142", a packet's "481 207"."""
    found = _NUMBER.fullmatch(text.strip().upper())
    if not found:
        return None
    year, rest = found["year"], found["rest"]
    named: list[ColumnElement[bool]] = []
    if year and rest:
        begun = f"R-{year}-{rest}"
        # A range, not LIKE: SQLite reads it off the index of the numbers.
        named += [and_(Referral.number >= begun, Referral.number < begun + "~"), Referral.number == _form(year, rest)]
    digits = "".join(char for char in text if char.isdecimal())
    if 0 < len(digits) <= _COUNT_DIGITS:
        named.append(Referral.number.in_([_form(str(this_year - back), digits) for back in range(_YEARS)]))
    if len(digits) == _PACKET_DIGITS and "R" not in found[0]:
        named.append(Referral.id.in_(select(Packet.referral_id).where(Packet.number == digits)))
    return or_(*named) if named else None


def _form(year: str, count: str) -> str:
    return f"R-{year}-{count.zfill(_COUNT_DIGITS)}"
