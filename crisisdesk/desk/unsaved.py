"""What is half typed in a form, kept in the vault until the form is saved or thrown away."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisisdesk.desk.names import initials
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


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """Which form is half typed, about what, and since when; nothing of what was typed."""

    form: str
    ref: str
    at: datetime
    record_id: str = ""  # of what it changes; "" for something new
    client_id: str = ""
    name: str = ""  # the client's, or the service's
    initials: str = ""  # what stands for a client's name while names are covered


class Unsaved:
    """Keeps and gives back half-typed forms; outside the journal, so that undo never meets them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listeners: list[Callable[[], object]] = []

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call the listener after a form was kept or thrown away; returns the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def kept(self) -> tuple[KeptForm, ...]:
        """Return the forms that are half typed and can be opened again, the latest first."""
        with self._store.read() as s:
            return read_kept(s)

    def keep(self, form: str, ref: str, values: Mapping[str, object]) -> None:
        """Keep a form's values. ``ref`` is the id that the form is about, or "" for a new one."""
        self._store.keep_draft(form, ref, json.dumps(values, ensure_ascii=False))
        self._tell()

    def find(self, form: str, ref: str) -> HalfTyped | None:
        """Return what was half typed, or None."""
        row = self._store.draft(form, ref)
        return None if row is None else HalfTyped(values=json.loads(row.body), at=row.at)

    def forget(self, form: str, ref: str) -> None:
        """Throw away what was half typed; the form is saved."""
        self._store.drop_draft(form, ref)
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def read_kept(s: Session) -> tuple[KeptForm, ...]:
    """Return the forms that are half typed, the latest first; what they are about must still be in view."""
    rows = s.execute(
        select(Draft.form, Draft.ref, Draft.at)
        .where(Draft.form.in_(_KNOWN))
        .order_by(Draft.at.desc(), Draft.form, Draft.ref)
    ).all()
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
            made.append(facts)
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


def _services(s: Session, ids: Iterable[str]) -> Mapping[str, str]:
    rows = s.execute(select(Service.id, Service.name).where(Service.id.in_(ids), Service.set_aside_at.is_(None)))
    return dict(rows.all())
