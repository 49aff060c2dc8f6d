"""The list of referrals, by what happens next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from crisisdesk.clock import Clock
from crisisdesk.desk.names import initials
from crisisdesk.desk.practice import PracticeDesk
from crisisdesk.desk.when import clock_time, late, short_day, table_day
from crisisdesk.desk.words import FOLLOWED_STATES, Mark, Tone, dotted, place, referral_badge, step_line, upper_first
from crisisdesk.desk.workdays import add_workdays
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.records.base import Moment
from crisisdesk.records.choices import FINAL_STATES, Need, ReferralState, StepKind, StepState
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.disclosures import Packet
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.lines import ClientLine
from crisisdesk.records.referrals import Referral
from crisisdesk.vault.store import Store

_PAGE = 200  # closed referrals
_PACKET_DIGITS = 6


class ReferralFilter(StrEnum):
    """Which referrals the list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    NO_REPLY = "no_reply"
    CLOSED = "closed"


class NextAct(StrEnum):
    """A group of the list: what happens next. What blocks her stands first."""

    NO_STEP = "no_step"
    TODAY = "today"
    THEIR_REPLY = "their_reply"
    CLIENT = "client"
    SCHEDULED = "scheduled"
    DRAFT = "draft"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The group's heading."""
        return _(_GROUPS[self][0])

    @property
    def tone(self) -> Tone:
        """The state of the group's heading."""
        return _GROUPS[self][1]


_GROUPS = {
    NextAct.NO_STEP: (N_("No next step"), Tone.DANGER),
    NextAct.TODAY: (N_("Do today"), Tone.DUE),
    NextAct.THEIR_REPLY: (N_("Waiting for their reply"), Tone.WAITING),
    NextAct.CLIENT: (N_("The client acts next"), Tone.PLAIN),
    NextAct.SCHEDULED: (N_("Scheduled"), Tone.PLAIN),
    NextAct.DRAFT: (N_("Drafts"), Tone.PLAIN),
    NextAct.CLOSED: (N_("Closed"), Tone.PLAIN),
}
_ACTS = {
    ReferralState.DRAFT: NextAct.DRAFT,
    ReferralState.INFORMATION: NextAct.CLIENT,
    ReferralState.NEEDS_CLIENT: NextAct.CLIENT,
    ReferralState.NO_SHOW: NextAct.CLIENT,
    ReferralState.SCHEDULED: NextAct.SCHEDULED,
    ReferralState.CONNECTED: NextAct.SCHEDULED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralQuery:
    """What the list is asked for."""

    filter: ReferralFilter = ReferralFilter.OPEN
    need: Need | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralKey:
    """Where a page of closed referrals ended."""

    closed_at: datetime
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRow:
    """One referral in the list."""

    id: str
    client_id: str
    number: str
    name: str
    initials: str
    place: str  # "Hope House, single rooms"
    badge: Mark
    next_words: str  # "11:00 · ask Renee"
    tone: Tone  # of the next words
    step_id: str | None
    step_kind: StepKind | None
    state: ReferralState
    act: NextAct


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralGroup:
    """Referrals with which the same happens next."""

    act: NextAct
    rows: tuple[ReferralRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPage:
    """The list; ``next_key`` is None unless there are more closed ones."""

    groups: tuple[ReferralGroup, ...]
    next_key: ReferralKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralCounts:
    """The numbers on the chips."""

    open: int
    overdue: int
    no_reply: int
    closed: int
    no_reply_label: str  # "No reply after 3 days"
    needs: tuple[tuple[Need, int], ...]  # those that open referrals have


@dataclass(slots=True, kw_only=True)
class _Facts:
    """One row of the file, as the query labels it."""

    id: str
    client_id: str
    number: str
    state: ReferralState
    need: Need | None
    sent_at: datetime | None
    closed_at: datetime | None
    name: str
    first_name: str
    last_name: str
    described_as: str
    service: str | None
    organization: str | None
    step_id: str | None
    step_kind: StepKind | None
    what: str | None
    due_on: date | None
    due_at: time | None


_NEXT = aliased(FollowUp)
_SOONEST = (
    select(_NEXT.id)
    .where(_NEXT.referral_id == Referral.id, _NEXT.state == StepState.OPEN, _NEXT.set_aside_at.is_(None))
    .order_by(_NEXT.due_on, _NEXT.due_at.is_(None), _NEXT.due_at, _NEXT.id)
    .limit(1)
)
_ROWS = (
    select(  # labelled by the fields of _Facts
        Referral.id,
        Referral.client_id,
        Referral.number,
        Referral.state,
        Referral.need,
        Referral.sent_at,
        Referral.closed_at,
        Client.shown_name.label("name"),
        Client.first_name,
        Client.last_name,
        Client.described_as,
        Service.name.label("service"),
        Organization.name.label("organization"),
        FollowUp.id.label("step_id"),
        FollowUp.kind.label("step_kind"),
        FollowUp.what,
        FollowUp.due_on,
        FollowUp.due_at,
    )
    .join(Client, Client.id == Referral.client_id)
    .outerjoin(Service, Service.id == Referral.service_id)
    .outerjoin(Organization, Organization.id == Service.organization_id)
    .outerjoin(FollowUp, FollowUp.id == _SOONEST.scalar_subquery())
    .where(Referral.set_aside_at.is_(None), Client.set_aside_at.is_(None))
)
_CLOSED = Referral.closed_at.is_not(None)  # an act that ends a referral sets it; its index is in the list's order
_OPEN = Referral.state.in_((ReferralState.DRAFT, *FOLLOWED_STATES))


class ReferralList:
    """Reads the list of referrals."""

    def __init__(self, store: Store, clock: Clock, practice: PracticeDesk) -> None:
        self._store = store
        self._clock = clock
        self._practice = practice

    def read(self, query: ReferralQuery, after: ReferralKey | None = None, limit: int = _PAGE) -> ReferralPage:
        """Return the referrals by what happens next; closed ones a page at a time, the last closed first."""
        if query.filter is ReferralFilter.CLOSED:
            return self._closed(query, after, limit)
        facts = [each for each in self._facts(_OPEN) if query.need in (None, each.need)]
        if query.filter is ReferralFilter.OVERDUE:
            facts = [each for each in facts if self._is_overdue(each)]
        elif query.filter is ReferralFilter.NO_REPLY:
            patience = self._patience()
            facts = [each for each in facts if self._is_unanswered(each, patience)]
        return ReferralPage(groups=self._groups(facts))

    def rows(self, ids: Sequence[str]) -> tuple[ReferralRow, ...]:
        """Return these referrals as the list shows them now, in the given order; what is set aside is left out."""
        facts = {each.id: each for each in self._facts(Referral.id.in_(ids))}
        return tuple(self._row(facts[each]) for each in ids if each in facts)

    def counts(self) -> ReferralCounts:
        """Return the numbers on the chips."""
        facts = self._facts(_OPEN)
        needs: dict[Need, int] = {}
        for each in facts:
            if each.need:
                needs[each.need] = needs.get(each.need, 0) + 1
        with self._store.read() as s:
            closed = s.scalar(
                select(func.count(Referral.id))
                .join(ClientLine, ClientLine.client_id == Referral.client_id)  # a client set aside has none
                .where(_CLOSED, Referral.set_aside_at.is_(None))
            )
        days, patience = self._practice.get().reply_workdays, self._patience()
        return ReferralCounts(
            open=len(facts),
            overdue=sum(self._is_overdue(each) for each in facts),
            no_reply=sum(self._is_unanswered(each, patience) for each in facts),
            closed=closed or 0,
            no_reply_label=ngettext("No reply after {count} day", "No reply after {count} days", days).format(
                count=days
            ),
            needs=tuple((need, needs[need]) for need in Need if need in needs),
        )

    def by_packet_number(self, text: str) -> str | None:
        """Return the referral whose packet bears the number, typed as "481 207", "481-207" or "481207"."""
        digits = "".join(char for char in text if char.isdecimal())
        if len(digits) != _PACKET_DIGITS or any(char.isalpha() for char in text):
            return None
        with self._store.read() as s:
            return s.scalar(select(Packet.referral_id).where(Packet.number == digits))

    def _facts(self, where: ColumnElement[bool]) -> list[_Facts]:
        with self._store.read() as s:
            rows = s.execute(_ROWS.where(where).order_by(Referral.number)).mappings()
            return [_Facts(**row) for row in rows]

    def _closed(self, query: ReferralQuery, after: ReferralKey | None, limit: int) -> ReferralPage:
        ended: list[ColumnElement[bool]] = [_CLOSED]
        if query.need:
            ended.append(Referral.need == query.need)
        if after:
            ended.append(
                tuple_(Referral.closed_at, Referral.id) < tuple_(literal(after.closed_at, Moment()), literal(after.id))
            )
        with self._store.read() as s:
            order = (Referral.closed_at.desc(), Referral.id.desc())
            rows = s.execute(_ROWS.where(and_(*ended)).order_by(*order).limit(limit)).mappings()
            facts = [_Facts(**row) for row in rows]
        last = facts[-1] if len(facts) == limit else None
        key = ReferralKey(closed_at=last.closed_at, id=last.id) if last and last.closed_at else None
        return ReferralPage(groups=self._groups(facts), next_key=key)

    def _groups(self, facts: Iterable[_Facts]) -> tuple[ReferralGroup, ...]:
        """Return the groups that have rows, each sorted by when something happens next."""
        groups: dict[NextAct, list[_Facts]] = {}
        for each in facts:
            groups.setdefault(self._act(each), []).append(each)
        return tuple(
            ReferralGroup(
                act=act,
                rows=tuple(
                    self._row(each)
                    for each in (groups[act] if act is NextAct.CLOSED else sorted(groups[act], key=_soonest))
                ),
            )
            for act in NextAct
            if act in groups
        )

    def _act(self, f: _Facts) -> NextAct:
        if f.state in FINAL_STATES:
            return NextAct.CLOSED
        if f.due_on is None:
            return NextAct.DRAFT if f.state is ReferralState.DRAFT else NextAct.NO_STEP
        if f.due_on <= self._clock.today():
            return NextAct.TODAY
        return _ACTS.get(f.state, NextAct.THEIR_REPLY)

    def _is_overdue(self, f: _Facts) -> bool:
        return f.due_on is not None and f.due_on < self._clock.today()

    def _patience(self) -> date:
        """Return the day such that who was asked on it or before owes an answer by now."""
        practice = self._practice.get()
        return add_workdays(self._clock.today(), -practice.reply_workdays, practice.region)

    def _is_unanswered(self, f: _Facts, patience: date) -> bool:
        if f.state not in (ReferralState.SENT, ReferralState.NO_RESPONSE) or f.sent_at is None:
            return False
        return self._clock.local(f.sent_at).date() <= patience

    def _row(self, f: _Facts) -> ReferralRow:
        today = self._clock.today()
        days = (today - self._clock.local(f.sent_at).date()).days if f.sent_at else None
        words, tone = self._next(f)
        return ReferralRow(
            id=f.id,
            client_id=f.client_id,
            number=f.number,
            name=f.name,
            initials=initials(f.first_name, f.last_name, f.described_as),
            place=place(f.organization or "", f.service or "") or _("No service chosen"),
            badge=referral_badge(f.state, days),
            next_words=words,
            tone=tone,
            step_id=f.step_id,
            step_kind=f.step_kind,
            state=f.state,
            act=self._act(f),
        )

    def _next(self, f: _Facts) -> tuple[str, Tone]:
        """Return what happens next, when first: "11:00 · ask Renee", "Mon Nov 30 · ask if received"."""
        if f.due_on is None or f.step_kind is None or f.state in FINAL_STATES:
            return self._without_step(f)
        today = self._clock.today()
        line = step_line(f.step_kind, f.what or "")
        if f.due_on < today:
            return dotted(late((today - f.due_on).days), line), Tone.OVERDUE
        if f.due_on == today:
            return dotted(clock_time(f.due_at), line) if f.due_at else upper_first(line), Tone.PLAIN
        return dotted(table_day(f.due_on, today), line), Tone.PLAIN

    def _without_step(self, f: _Facts) -> tuple[str, Tone]:
        if f.state in FINAL_STATES:
            day = short_day(self._clock.local(f.closed_at).date(), self._clock.today()) if f.closed_at else ""
            return _("Closed {day}").format(day=day).strip(), Tone.PLAIN
        if f.state is ReferralState.DRAFT:
            return _("Send it, or set it aside"), Tone.PLAIN
        return _("Choose a next step"), Tone.DANGER


def _soonest(f: _Facts) -> tuple[date, time, str]:
    return f.due_on or date.max, f.due_at or time.max, f.number
