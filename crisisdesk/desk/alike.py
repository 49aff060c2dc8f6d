"""Clients who may be the person that she is writing down: the same name, birth date or number, or met at the place."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.names import fold, initials, list_name
from crisisdesk.desk.phones import phone_digits
from crisisdesk.desk.when import short_day
from crisisdesk.desk.words import Birth, age
from crisisdesk.i18n import _
from crisisdesk.records.choices import ClientStatus
from crisisdesk.records.clients import Client, ClientPhone
from crisisdesk.records.encounters import Encounter
from crisisdesk.vault.index import Kind
from crisisdesk.vault.search import search
from crisisdesk.vault.store import Store

_FEW = 3
_SHORT = 7  # digits; fewer are no whole number
_LAST = 400  # encounters whose places are compared; about a year's
_WORDS = 2  # of a place that must be the same: "Elm Street"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Somebody who may be meant."""

    id: str
    name: str
    initials: str
    age: str
    number: str
    pronouns: str
    why: str  # "same birth date", "met there Sep 3"


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What is known so far of the person that is being written down."""

    first_name: str = ""
    last_name: str = ""
    goes_by: str = ""
    born_on: date | None = None
    phones: tuple[str, ...] = ()


class LookAlikes:
    """Finds clients who may be meant. It only tells; she decides."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def find(self, sought: Sought, *, besides: str = "") -> tuple[Alike, ...]:
        """Return clients with the same name, number or birth date, at most three; ``besides`` is left out."""
        with self._store.read() as s:
            why: dict[str, str] = {}
            for words, ids in (
                (_("same number"), _by_phone(s, sought.phones)),
                (_("same name"), _by_name(s, sought)),
                (_("same birth date"), _by_birth(s, sought.born_on)),
            ):
                for client_id in ids:
                    why.setdefault(client_id, words)
            why.pop(besides, None)
            return self._rows(s, why)

    def at_place(self, place: str) -> tuple[Alike, ...]:
        """Return whom she met lately at a place, the last one first."""
        wanted = _place_words(place)
        if len(wanted) < _WORDS:
            return ()
        today = self._clock.today()
        with self._store.read() as s:
            rows = s.execute(
                select(Encounter.client_id, Encounter.location, Encounter.began_at)
                .where(Encounter.set_aside_at.is_(None), Encounter.location != "")
                .order_by(Encounter.began_at.desc())
                .limit(_LAST)
            )
            why: dict[str, str] = {}
            for client_id, location, began_at in rows:
                if _place_words(location) == wanted:
                    day = short_day(self._clock.local(began_at).date(), today)
                    why.setdefault(client_id, _("met there {day}").format(day=day))
            return self._rows(s, why)

    def named(self, text: str) -> tuple[Alike, ...]:
        """Return clients whom what she types may name: a name in any spelling, digits of a number, a birth date."""
        if not text.strip():
            return ()
        with self._store.read() as s:
            hits = search(s, text, (Kind.CLIENT,), limit=_FEW)
            return self._rows(s, {hit.ref: "" for hit in hits})

    def _rows(self, s: Session, why: Mapping[str, str]) -> tuple[Alike, ...]:
        ids = list(why)[: 4 * _FEW]
        rows = s.execute(
            select(
                Client.id,
                Client.shown_name,
                Client.first_name,
                Client.last_name,
                Client.described_as,
                Client.pronouns,
                Client.number,
                Client.born_on,
                Client.birth_quality,
                Client.age_guess,
                Client.age_guessed_on,
            ).where(Client.id.in_(ids), Client.set_aside_at.is_(None))
        )
        today = self._clock.today()
        found = {
            row.id: Alike(
                id=row.id,
                name=row.shown_name,
                initials=initials(row.first_name, row.last_name, row.described_as),
                age=age(
                    Birth(
                        born_on=row.born_on,
                        quality=row.birth_quality,
                        guess=row.age_guess,
                        guessed_on=row.age_guessed_on,
                    ),
                    today,
                ),
                number=row.number,
                pronouns=row.pronouns,
                why=why[row.id],
            )
            for row in rows
        }
        return tuple(found[client_id] for client_id in ids if client_id in found)[:_FEW]


def _place_words(place: str) -> list[str]:
    """Return the first words of a place, for comparing: "Elm Street, east" and "elm street bridge" are near."""
    return re.findall(r"\w+", fold(place))[:_WORDS]


def _by_name(s: Session, sought: Sought) -> Sequence[str]:
    names = {
        list_name(sought.first_name, sought.last_name, "", ""),
        list_name(sought.last_name, sought.first_name, "", ""),
    }
    if not (sought.first_name.strip() and sought.last_name.strip()):
        names = {list_name("", "", sought.goes_by, "")}
    names.discard("")
    if not names:
        return ()
    # All states are named, so that the index by state and name is used.
    return s.scalars(
        select(Client.id).where(Client.status.in_(list(ClientStatus)), Client.list_name.in_(names)).limit(4 * _FEW)
    ).all()


def _by_birth(s: Session, born_on: date | None) -> Sequence[str]:
    if born_on is None:
        return ()
    return s.scalars(select(Client.id).where(Client.born_on == born_on).limit(4 * _FEW)).all()


def _by_phone(s: Session, phones: Iterable[str]) -> Sequence[str]:
    wanted = {digits for phone in phones if len(digits := phone_digits(phone)) >= _SHORT}
    found: list[str] = []
    for digits in sorted(wanted):
        near = [hit.ref for hit in search(s, digits, (Kind.CLIENT,), limit=4 * _FEW)]
        rows = s.execute(select(ClientPhone.client_id, ClientPhone.number).where(ClientPhone.client_id.in_(near)))
        found += [client_id for client_id, number in rows if phone_digits(number).endswith(digits[-_SHORT:])]
    return found
