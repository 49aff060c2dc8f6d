"""What is half typed in a form, kept in the vault until the form is saved or thrown away."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.names import initials, shown_name
from crisisdesk.errors import VaultError
from crisisdesk.records.clients import Client, RelatedPerson
from crisisdesk.records.directory import Service
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.notes import Note
from crisisdesk.records.practice import Draft
from crisisdesk.records.referrals import Referral
from crisisdesk.records.releases import Release
from crisisdesk.vault.store import Store

_NEW = "new "  # before a client's id: something new on that chart
# What a form's ref is the id of. A ref of "new <client>" is about that client, and "" about nobody yet.
_OF_CLIENT = frozenset({"client", "close", "flag", "plan"})
_OF_SERVICE = frozenset({"check", "private", "service"})
_ON_CHART: Mapping[str, type[Encounter | FollowUp | Note | Referral | RelatedPerson | Release]] = {
    "addition": Note,
    "encounter": Encounter,
    "happened": Referral,
    "move": FollowUp,
    "note": Note,
    "person": RelatedPerson,
    "referral-step": Referral,
    "release": Release,
    "step": FollowUp,
    "try": FollowUp,
}
_ALONE = frozenset({"client", "quick", "service"})  # may be about nothing that is here yet
_KNOWN = _OF_CLIENT | _OF_SERVICE | _ALONE | _ON_CHART.keys()


@dataclass(frozen=True, kw_only=True)
class HalfTyped:
    """A form as it was last typed. ``values`` holds JSON values by field name."""

    values: Mapping[str, object]
    at: datetime
    is_held: bool = False  # the vault could not take it: it stands in this program's memory alone


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """Which form is half typed, about what, and since when; of what was typed only a new client's name."""

    form: str
    ref: str
    at: datetime
    record_id: str = ""  # of what it changes; "" for something new
    client_id: str = ""
    name: str = ""  # the client's, or the service's
    initials: str = ""  # what stands for a client's name while names are covered


class _Typed(NamedTuple):
    """A form, what it is about, and when it was typed into last."""

    form: str
    ref: str
    at: datetime


class Unsaved:
    """Keeps and gives back half-typed forms; outside the journal, so that undo never meets them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._held: dict[tuple[str, str], HalfTyped] = {}  # by form and ref: what a full disk did not take
        self._listeners: list[Callable[[], object]] = []

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call the listener after a form was kept or thrown away; returns the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def kept(self) -> tuple[KeptForm, ...]:
        """Return the forms that are half typed and can be opened again, the latest first."""
        with self._store.read() as s:
            return read_kept(s, tuple(_Typed(*key, held.at) for key, held in self._held.items()))

    def keep(self, form: str, ref: str, values: Mapping[str, object]) -> None:
        """Keep a form's values. ``ref`` is the id that the form is about, or "" for a new one.

        Raises VaultError; what could not be kept then goes over a lock in the pocket.
        """
        try:
            self._store.keep_draft(form, ref, json.dumps(values, ensure_ascii=False))
        except VaultError:
            self._held[form, ref] = HalfTyped(values=values, at=self._clock.now(), is_held=True)
            raise
        self._held.pop((form, ref), None)
        self._tell()

    def find(self, form: str, ref: str) -> HalfTyped | None:
        """Return what was half typed, or None."""
        if (form, ref) in self._held:
            return self._held[form, ref]
        row = self._store.draft(form, ref)
        return None if row is None else HalfTyped(values=json.loads(row.body), at=row.at)

    def forget(self, form: str, ref: str) -> None:
        """Throw away what was half typed; the form is saved."""
        self._held.pop((form, ref), None)
        self._store.drop_draft(form, ref)
        self._tell()

    def let_go(self, form: str, ref: str) -> None:
        """Throw away only what the vault could not take."""
        self._held.pop((form, ref), None)

    def pocket(self) -> bytes | None:
        """Return what the vault could not take, sealed with its key, to outlast a lock in memory; None if it has all.

        It is tried once more first.
        """
        for (form, ref), held in tuple(self._held.items()):
            with suppress(VaultError):
                self.keep(form, ref, held.values)
        if not self._held:
            return None
        content = [[form, ref, held.at.isoformat(), held.values] for (form, ref), held in self._held.items()]
        return self._store.seal_pocket(json.dumps(content, ensure_ascii=False).encode())

    def take_back(self, sealed: bytes) -> bool:
        """Take over what ``pocket`` sealed, into the vault if it takes it now; False if it is another vault's.

        What was typed into the same form since, by another program, is the newer and stays.
        """
        content = self._store.open_pocket(sealed)
        if content is None:
            return False
        for form, ref, at, values in json.loads(content):
            held = HalfTyped(values=values, at=datetime.fromisoformat(at), is_held=True)
            kept = self.find(form, ref)
            if kept is None or kept.at <= held.at:
                self._held[form, ref] = held
                with suppress(VaultError):
                    self.keep(form, ref, values)
        return True

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def read_kept(s: Session, held: Iterable["_Typed"] = ()) -> tuple[KeptForm, ...]:
    """Return the forms that are half typed, the latest first; what they are about must still be in view.

    ``held``: those that the vault could not take.
    """
    found = {(form, ref): at for form, ref, at in s.execute(select(Draft.form, Draft.ref, Draft.at)).all()}
    found |= {(each.form, each.ref): each.at for each in held}
    rows = [_Typed(*key, at) for key, at in found.items() if key[0] in _KNOWN]
    rows.sort(key=lambda each: (-each.at.timestamp(), each.form, each.ref))
    if not rows:
        return ()
    owners = {form: _owners(s, form, [own.ref for own in rows if own.form == form]) for form in {r.form for r in rows}}
    clients = _clients(s, {_owner(row.form, row.ref, owners[row.form]) for row in rows})
    services = _services(s, [row.ref for row in rows if row.form in _OF_SERVICE])
    made = []
    for form, ref, at in rows:
        facts = KeptForm(form=form, ref=ref, at=at, record_id="" if ref.startswith(_NEW) else ref)
        client_id = _owner(form, ref, owners[form])
        if client_id in clients:
            name, short = clients[client_id]
            made.append(replace(facts, client_id=client_id, name=name, initials=short))
        elif form in _OF_SERVICE and ref in services:
            made.append(replace(facts, name=services[ref]))
        elif not ref and form in _ALONE:
            name, short = _typed_name(s) if form == "client" else ("", "")
            made.append(replace(facts, name=name, initials=short))
    return tuple(made)


def _owner(form: str, ref: str, owners: Mapping[str, str]) -> str:
    """Return whose chart a form belongs to, or ""."""
    if ref.startswith(_NEW):
        return ref.removeprefix(_NEW)
    return ref if form in _OF_CLIENT else owners.get(ref, "")


def _owners(s: Session, form: str, refs: Iterable[str]) -> Mapping[str, str]:
    """Return the client of each record that a form changes."""
    about = _ON_CHART.get(form)
    if about is None:
        return {}
    query = select(about.id, about.client_id).where(about.id.in_(refs), about.set_aside_at.is_(None))
    return dict(s.execute(query).all())


def _clients(s: Session, ids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Return the names and initials of clients in view."""
    rows = s.execute(
        select(Client.id, Client.shown_name, Client.first_name, Client.last_name, Client.described_as).where(
            Client.id.in_(ids), Client.set_aside_at.is_(None)
        )
    )
    return {client_id: (name, initials(first, last, described)) for client_id, name, first, last, described in rows}


def _typed_name(s: Session) -> tuple[str, str]:
    """Return the name that stands so far in the form of a new client, and its initials; or nothing."""
    body = s.scalar(select(Draft.body).where(Draft.form == "client", Draft.ref == ""))
    typed = json.loads(body) if body else {}
    first, last, by, described = (
        str(typed.get(each) or "") for each in ("first_name", "last_name", "goes_by", "described_as")
    )
    name = shown_name(first, last, by, described)
    return (name, initials(first, last, described)) if name else ("", "")


def _services(s: Session, ids: Iterable[str]) -> Mapping[str, str]:
    rows = s.execute(select(Service.id, Service.name).where(Service.id.in_(ids), Service.set_aside_at.is_(None)))
    return dict(rows.all())
