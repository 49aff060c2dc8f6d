"""The list of clients: a page at a time, by next step or by name, filtered and searched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, Date, bindparam, case, func, select, tuple_

from crisisdesk.clock import Clock
from crisisdesk.desk.names import initials
from crisisdesk.desk.when import clock_time, coming_day, late, past_day, short_day
from crisisdesk.desk.words import (
    Birth,
    Mark,
    Tone,
    age,
    dotted,
    flag_mark,
    step_title,
    tries,
    upper_first,
)
from crisisdesk.i18n import N_, _
from crisisdesk.records.choices import BirthQuality, CloseReason, FlagKind, ReferralState, Severity, StepKind, YesNo
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.followups import Attempt, FollowUp
from crisisdesk.records.lines import NO_STEP, UNANSWERED_STATES, ClientLine
from crisisdesk.records.referrals import Referral
from crisisdesk.records.safety import SafetyFlag
from crisisdesk.vault.index import Kind
from crisisdesk.vault.search import search
from crisisdesk.vault.store import Store

_PAGE = 60  # rows; three times what the tallest screen shows, and well under the 5 ms that a page may take
_FOUND = 200  # clients that a search finds; who is not among them types one letter more


class ClientFilter(StrEnum):
    """Which clients the list shows."""

    OPEN = "open"
    NO_NEXT_STEP = "no_next_step"
    HIGH_CONCERN = "high_concern"
    WAITING = "waiting"
    CLOSED = "closed"
    ALL = "all"

    @property
    def label(self) -> str:
        """The chip's words."""
        return _(_LABELS[self])


_LABELS = {
    ClientFilter.OPEN: N_("Open"),
    ClientFilter.NO_NEXT_STEP: N_("No next step"),
    ClientFilter.HIGH_CONCERN: N_("High concern"),
    ClientFilter.WAITING: N_("Waiting"),
    ClientFilter.CLOSED: N_("Closed"),
    ClientFilter.ALL: N_("All"),
}


class ClientOrder(StrEnum):
    """By what the list is sorted."""

    NEXT_STEP = "next_step"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientQuery:
    """What the list is asked for."""

    text: str = ""
    filter: ClientFilter = ClientFilter.OPEN
    order: ClientOrder = ClientOrder.NEXT_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKey:
    """Where a page ended."""

    is_closed: bool
    due_key: str
    list_name: str
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRow:
    """One client in the list."""

    id: str
    name: str
    initials: str
    detail: str  # "44 · goes by Mari · C-2026-0031"
    mark: Mark | None  # what to know before going
    step: str  # "Call, 2 days late"
    step_note: str  # "2 tries"
    tone: Tone  # of the step
    last_contact: str  # "Nov 18", "4:52" today
    step_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPage:
    """A page of the list; ``next_key`` is None at the end."""

    rows: tuple[ClientRow, ...]
    next_key: ClientKey | None


@dataclass(slots=True, kw_only=True)  # not frozen: that doubles what a page of them costs
class _Facts:
    """One row of the file, as the query labels it."""

    id: str
    is_closed: bool
    due_key: str
    list_name: str
    name: str
    first_name: str
    last_name: str
    described_as: str
    goes_by: str
    number: str
    born_on: date | None
    birth_quality: BirthQuality
    age_guess: int | None
    age_guessed_on: date | None
    languages: str
    interpreter: YesNo
    last_contact_at: datetime | None
    closed_on: date | None
    close_reason: CloseReason | None
    step_id: str | None
    step_kind: StepKind | None
    what: str | None
    due_on: date | None
    due_at: time | None
    tries: int | None
    flag_kind: FlagKind | None
    flag_words: str | None
    severity: Severity | None
    referral_state: ReferralState | None
    organization: str | None

    @property
    def is_unanswered(self) -> bool:
        """Whether the step's referral waits for an agency."""
        return self.referral_state in UNANSWERED_STATES

    @property
    def key(self) -> ClientKey:
        """Its place in the list."""
        return ClientKey(is_closed=self.is_closed, due_key=self.due_key, list_name=self.list_name, client_id=self.id)


# What a page is sorted by, each with an index in that very order; in "all" the open ones stand first.
_BY_STEP = (ClientLine.due_key, ClientLine.list_name, ClientLine.client_id)
_BY_NAME = (ClientLine.list_name, ClientLine.client_id)
_ORDERS = {
    (ClientOrder.NEXT_STEP, False): _BY_STEP,
    (ClientOrder.NEXT_STEP, True): (ClientLine.is_closed, *_BY_STEP),
    (ClientOrder.NAME, False): _BY_NAME,
    (ClientOrder.NAME, True): (ClientLine.is_closed, *_BY_NAME),
}
_FILTERS: dict[ClientFilter, tuple[ColumnElement[bool], ...]] = {
    ClientFilter.OPEN: (ClientLine.is_closed.is_(False),),
    ClientFilter.NO_NEXT_STEP: (ClientLine.is_closed.is_(False), ClientLine.due_key == NO_STEP),
    ClientFilter.HIGH_CONCERN: (ClientLine.high_concern.is_(True),),
    ClientFilter.WAITING: (ClientLine.waiting.is_(True),),
    ClientFilter.CLOSED: (ClientLine.is_closed.is_(True),),
    ClientFilter.ALL: (),
}


_TODAY = bindparam("today", type_=Date)
_TRIES = select(func.count(Attempt.id)).where(Attempt.followup_id == FollowUp.id, Attempt.set_aside_at.is_(None))
_ROWS = (
    select(  # labelled by the fields of _Facts
        ClientLine.client_id.label("id"),
        ClientLine.is_closed,
        ClientLine.due_key,
        ClientLine.list_name,
        Client.shown_name.label("name"),
        Client.first_name,
        Client.last_name,
        Client.described_as,
        Client.goes_by,
        Client.number,
        Client.born_on,
        Client.birth_quality,
        Client.age_guess,
        Client.age_guessed_on,
        Client.languages,
        Client.interpreter,
        Client.last_contact_at,
        Client.closed_on,
        Client.close_reason,
        FollowUp.id.label("step_id"),
        FollowUp.kind.label("step_kind"),
        FollowUp.what,
        FollowUp.due_on,
        FollowUp.due_at,
        case((FollowUp.due_on < _TODAY, _TRIES.scalar_subquery())).label("tries"),  # counted only where it is shown
        SafetyFlag.kind.label("flag_kind"),
        SafetyFlag.words.label("flag_words"),
        SafetyFlag.severity,
        Referral.state.label("referral_state"),
        Organization.name.label("organization"),
    )
    .join(Client, Client.id == ClientLine.client_id)
    .outerjoin(FollowUp, FollowUp.id == ClientLine.step_id)
    .outerjoin(SafetyFlag, SafetyFlag.id == ClientLine.flag_id)
    .outerjoin(Referral, Referral.id == FollowUp.referral_id)
    .outerjoin(Service, Service.id == Referral.service_id)
    .outerjoin(Organization, Organization.id == Service.organization_id)
)


class ClientList:
    """Reads the list of clients."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def page(self, query: ClientQuery, after: ClientKey | None = None, limit: int = _PAGE) -> ClientPage:
        """Return the rows that follow ``after`` in the list, and where they end.

        With a text there is one page of those found, the best match first unless they are to be sorted by name.
        """
        if query.text.strip():
            return self._found(query)
        order = _ORDERS[query.order, query.filter is ClientFilter.ALL]
        statement = _ROWS.where(*_FILTERS[query.filter]).order_by(*order).limit(limit)
        if after:
            statement = statement.where(tuple_(*order) > tuple_(*(getattr(after, each.key) for each in order)))
        with self._store.read() as s:
            facts = [_Facts(**row) for row in s.execute(statement, {"today": self._clock.today()}).mappings()]
        return ClientPage(
            rows=_rows(facts, self._clock),
            next_key=facts[-1].key if len(facts) == limit else None,
        )

    def _found(self, query: ClientQuery) -> ClientPage:
        with self._store.read() as s:
            rank = {hit.ref: hit.rank for hit in search(s, query.text, (Kind.CLIENT,), limit=_FOUND)}
            statement = _ROWS.where(*_FILTERS[query.filter], ClientLine.client_id.in_(rank))
            facts = [_Facts(**row) for row in s.execute(statement, {"today": self._clock.today()}).mappings()]
        by_name = query.order is ClientOrder.NAME
        facts.sort(key=lambda each: (each.list_name, each.id) if by_name else rank[each.id])
        return ClientPage(rows=_rows(facts, self._clock), next_key=None)

    def rows(self, ids: Sequence[str]) -> tuple[ClientRow, ...]:
        """Return these clients as the list shows them now, in the given order; who is set aside is left out."""
        with self._store.read() as s:
            statement = _ROWS.where(ClientLine.client_id.in_(ids))
            rows = s.execute(statement, {"today": self._clock.today()}).mappings()
            facts = {str(row["id"]): _Facts(**row) for row in rows}
        return _rows((facts[each] for each in ids if each in facts), self._clock)

    def counts(self) -> dict[ClientFilter, int]:
        """Return how many clients each chip stands for."""
        with self._store.read() as s:
            each = [
                select(func.count(ClientLine.client_id)).where(*_FILTERS[name]).scalar_subquery()
                for name in ClientFilter
                if name is not ClientFilter.ALL
            ]
            numbers = dict(zip(ClientFilter, s.execute(select(*each)).one(), strict=False))
        numbers[ClientFilter.ALL] = numbers[ClientFilter.OPEN] + numbers[ClientFilter.CLOSED]
        return numbers


def _rows(facts: Iterable[_Facts], clock: Clock) -> tuple[ClientRow, ...]:
    today = clock.today()
    return tuple(_row(each, clock, today) for each in facts)


def _row(f: _Facts, clock: Clock, today: date) -> ClientRow:
    step, note, tone = _next_step(f, today)
    mark = None
    if f.flag_kind and f.severity:
        mark = flag_mark(f.flag_kind, f.flag_words or "", f.severity)
    return ClientRow(
        id=f.id,
        name=f.name,
        initials=initials(f.first_name, f.last_name, f.described_as),
        detail=_detail(f, today),
        mark=mark,
        step=step,
        step_note=note,
        tone=tone,
        last_contact=_last_contact(f, clock, today),
        step_id=f.step_id,
    )


def _detail(f: _Facts, today: date) -> str:
    """Return "44 · goes by Mari · C-2026-0031"."""
    born = Birth(born_on=f.born_on, quality=f.birth_quality, guess=f.age_guess, guessed_on=f.age_guessed_on)
    called = ""
    if f.goes_by.strip() and f.goes_by.strip() not in (f.first_name.strip(), f.name):
        called = _("goes by {name}").format(name=f.goes_by.strip())
    elif f.interpreter is YesNo.YES:
        called = _("{languages}, interpreter").format(languages=f.languages.strip()).strip(", ")
    return upper_first(dotted(age(born, today), called, f.number))


def _last_contact(f: _Facts, clock: Clock, today: date) -> str:
    if f.last_contact_at is None:
        return ""
    at = clock.local(f.last_contact_at)
    return clock_time(at) if at.date() == today else short_day(at.date(), today)


def _next_step(f: _Facts, today: date) -> tuple[str, str, Tone]:
    """Return the next step's two lines and its state."""
    if f.step_kind is None or f.due_on is None:
        return _without_step(f, today)
    title = step_title(f.step_kind, f.what or "", f.organization or "")
    note = upper_first(title.rest)
    if f.due_on < today:
        words = _("{step}, {late}").format(step=title.lead, late=late((today - f.due_on).days))
        return words, tries(f.tries or 0), Tone.OVERDUE
    if f.due_on == today and f.due_at:
        return _("{step} today at {time}").format(step=title.lead, time=clock_time(f.due_at)), note, Tone.PLAIN
    day = coming_day(f.due_on, today)
    if f.due_on > today and f.step_kind is StepKind.AGENCY and f.organization and f.is_unanswered:
        words = _("Waiting for {organization}").format(organization=f.organization)
        return words, _("Ask again {day}").format(day=day), Tone.WAITING
    return _("{step} {day}").format(step=title.lead, day=day), note, Tone.PLAIN


def _without_step(f: _Facts, today: date) -> tuple[str, str, Tone]:
    if not f.is_closed:
        return _("No next step"), _("Choose one"), Tone.DANGER
    words = _("Closed {day}").format(day=past_day(f.closed_on, today)) if f.closed_on else _("Closed")
    return words, f.close_reason.label if f.close_reason else "", Tone.PLAIN
