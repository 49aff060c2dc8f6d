"""What she must do today, in the order in which she'd do it, and what must not be forgotten beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.practice import PracticeDesk
from crisisdesk.desk.steps import StepRow, read_step_groups, read_steps
from crisisdesk.desk.today_cards import Card, running_out, to_finish, waiting_on_agencies
from crisisdesk.desk.when import day_heading, weekday
from crisisdesk.desk.words import FOLLOWED_STATES, Tone
from crisisdesk.desk.workdays import holiday
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.records.choices import ReferralState, StepState
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Service
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.lines import NO_STEP, ClientLine
from crisisdesk.records.referrals import Referral
from crisisdesk.vault.store import Store

_AHEAD = 7  # days
_MOST = 100  # rows of a group; nobody does more in a day, and a desk that was left alone for months still opens at once

_MORNING, _NOON, _EVENING = 4, 12, 18  # hours


class When(StrEnum):
    """A group of Today's list."""

    OVERDUE = "overdue"
    TODAY = "today"
    AHEAD = "ahead"

    @property
    def label(self) -> str:
        """The group's heading."""
        return _(_TITLES[self])

    @property
    def tone(self) -> Tone:
        """The state of the group's heading."""
        return _TONES[self]


_TITLES = {When.OVERDUE: N_("Overdue"), When.TODAY: N_("Today"), When.AHEAD: N_("Next 7 days")}
_TONES = {When.OVERDUE: Tone.OVERDUE, When.TODAY: Tone.DUE, When.AHEAD: Tone.PLAIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Next steps that fall due together. ``rows`` may be fewer than ``count``; ``Today.group()`` reads them all."""

    when: When
    count: int
    rows: tuple[StepRow, ...]
    note: str = ""  # "Thursday is Thanksgiving: 2 steps moved to Friday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """The sentence that says whether everybody has a next step, and who has not."""

    text: str
    holds: bool
    table: str  # "client" or "referral"
    ids: tuple[str, ...]  # those without one; at most a hundred


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The numbers in the rail."""

    today: int
    clients: int
    referrals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayView:
    """Everything on Today."""

    heading: str
    greeting: str
    is_empty: bool  # no client yet: the first acts are shown instead of the list
    lacks: frozenset[str]  # of "client", "encounter" and "service": what not one was written down of yet
    guarantees: tuple[Guarantee, ...]
    nobody: str  # what stands in their place while nobody is followed
    groups: tuple[Group, ...]
    waiting: Card
    finish: Card
    running_out: Card
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Referrals:
    opened: int
    followed: int  # sent, and not yet known how it ended
    loose: tuple[str, ...]  # followed, but without a next step


class Today:
    """Reads Today."""

    def __init__(self, store: Store, clock: Clock, practice: PracticeDesk) -> None:
        self._store = store
        self._clock = clock
        self._practice = practice

    def look(self) -> TodayView:
        """Return what stands on Today now."""
        practice = self._practice.get()
        today = self._clock.today()
        with self._store.read() as s:
            open_clients, loose_clients = _client_counts(s)
            referrals = _referral_counts(s)
            due = _due_counts(s, today)
            lacks = _lacking(s)
            guarantees = (_client_guarantee(s, open_clients, loose_clients), _referral_guarantee(referrals))
            return TodayView(
                heading=day_heading(today, today),
                greeting=self._greeting(practice.called),
                is_empty="client" in lacks,
                lacks=lacks,
                guarantees=tuple(each for each in guarantees if each),
                nobody="" if any(guarantees) else _("Nobody is waiting for you here yet"),
                groups=self._groups(s, due, practice.region),
                waiting=waiting_on_agencies(s, self._clock),
                finish=to_finish(s, self._clock),
                running_out=running_out(s, self._clock),
                counts=Counts(
                    today=due[When.OVERDUE] + due[When.TODAY], clients=open_clients, referrals=referrals.opened
                ),
            )

    def group(self, when: When) -> Group:
        """Return one group with all its rows, for "Show all"."""
        region = self._practice.get().region
        with self._store.read() as s:
            rows = read_steps(s, self._clock, _falls(when, self._clock.today()))
        return Group(when=when, count=len(rows), rows=rows, note=self._note(when, rows, region))

    def counts(self) -> Counts:
        """Return only the numbers in the rail."""
        with self._store.read() as s:
            due = _due_counts(s, self._clock.today())
            return Counts(
                today=due[When.OVERDUE] + due[When.TODAY],
                clients=_client_counts(s)[0],
                referrals=_referral_counts(s).opened,
            )

    def _groups(self, s: Session, due: Mapping[When, int], region: str) -> tuple[Group, ...]:
        today = self._clock.today()
        lots = read_step_groups(s, self._clock, [_falls(when, today) for when in When], limit=_MOST)
        return tuple(
            Group(when=when, count=due[when], rows=rows, note=self._note(when, rows, region))
            for when, rows in zip(When, lots, strict=True)
        )

    def _note(self, when: When, rows: Sequence[StepRow], region: str) -> str:
        return self._holiday_note(rows, region) if when is When.AHEAD else ""

    def _holiday_note(self, rows: Sequence[StepRow], region: str) -> str:
        """Return "Thursday is Thanksgiving: 2 steps moved to Friday", or "" in an ordinary week."""
        today = self._clock.today()
        for day in (today + timedelta(days=n) for n in range(1, _AHEAD)):
            name = holiday(day, region)
            if name:
                words = _("{weekday} is {holiday}").format(weekday=weekday(day), holiday=name)
                moved = [row.due_on for row in rows if row.moved_from == day]
                return _("{holiday}: {moved}").format(holiday=words, moved=_moved(moved)) if moved else words
        return ""

    def _greeting(self, called: str) -> str:
        hour = self._clock.local(self._clock.now()).hour
        if _MORNING <= hour < _NOON:
            words = _("Good morning, {name}.") if called else _("Good morning.")
        elif _NOON <= hour < _EVENING:
            words = _("Good afternoon, {name}.") if called else _("Good afternoon.")
        else:
            words = _("Good evening, {name}.") if called else _("Good evening.")
        return words.format(name=called)


def _moved(to: Sequence[date]) -> str:
    steps = ngettext("{count} step moved", "{count} steps moved", len(to)).format(count=len(to))
    return _("{steps} to {day}").format(steps=steps, day=weekday(to[0])) if len(set(to)) == 1 else steps


# Counting ---------------------------------------------------------------------------------------------------------


def _falls(when: When, today: date) -> ColumnElement[bool]:
    if when is When.OVERDUE:
        return FollowUp.due_on < today
    if when is When.TODAY:
        return FollowUp.due_on == today
    return FollowUp.due_on.between(today + timedelta(days=1), today + timedelta(days=_AHEAD))


def _due_counts(s: Session, today: date) -> dict[When, int]:
    group = case(
        (FollowUp.due_on < today, When.OVERDUE.value),
        (FollowUp.due_on == today, When.TODAY.value),
        else_=When.AHEAD.value,
    )
    rows = s.execute(
        select(group, func.count())
        .join(ClientLine, ClientLine.client_id == FollowUp.client_id)  # a client set aside has no line
        .where(
            FollowUp.state == StepState.OPEN,
            FollowUp.set_aside_at.is_(None),
            FollowUp.due_on <= today + timedelta(days=_AHEAD),
        )
        .group_by(group)
    )
    return dict.fromkeys(When, 0) | {When(name): count for name, count in rows}


def _lacking(s: Session) -> frozenset[str]:
    """Return the tables of the first acts in which nothing stands yet."""
    firsts: tuple[type[Client | Encounter | Service], ...] = (Client, Encounter, Service)
    return frozenset(each.__tablename__ for each in firsts if not s.scalar(select(exists(select(each.id)))))


def _client_counts(s: Session) -> tuple[int, int]:
    """Return how many clients are open, and how many of them have no next step."""
    opened = select(func.count()).select_from(ClientLine).where(ClientLine.is_closed.is_(False))
    return s.scalar(opened) or 0, s.scalar(opened.where(ClientLine.due_key == NO_STEP)) or 0


def _referral_counts(s: Session) -> _Referrals:
    """Count the open referrals. Drafts are open too, but it is "To finish" that keeps them in mind."""
    in_view = (Referral.set_aside_at.is_(None), ClientLine.client_id == Referral.client_id)
    rows = s.execute(
        select(Referral.state, func.count())
        .where(*in_view, Referral.state.in_((*FOLLOWED_STATES, ReferralState.DRAFT)))
        .group_by(Referral.state)
    )
    counts: dict[ReferralState, int] = dict(rows.all())
    step = exists().where(
        FollowUp.referral_id == Referral.id, FollowUp.state == StepState.OPEN, FollowUp.set_aside_at.is_(None)
    )
    loose = s.scalars(
        select(Referral.id).where(*in_view, Referral.state.in_(FOLLOWED_STATES), ~step).order_by(Referral.number)
    )
    opened = sum(counts.values())
    followed = opened - counts.get(ReferralState.DRAFT, 0)
    return _Referrals(opened=opened, followed=followed, loose=tuple(loose))


# Guarantees -------------------------------------------------------------------------------------------------------


def _client_guarantee(s: Session, opened: int, loose: int) -> Guarantee | None:
    if not opened:
        return None
    if not loose:
        words = ngettext("The one open client has a next step", "All {count} open clients have a next step", opened)
        return Guarantee(text=words.format(count=opened), holds=True, table="client", ids=())
    words = ngettext("{count} client has no next step", "{count} clients have no next step", loose)
    ids = s.scalars(
        select(ClientLine.client_id)
        .where(ClientLine.is_closed.is_(False), ClientLine.due_key == NO_STEP)
        .order_by(ClientLine.list_name, ClientLine.client_id)
        .limit(_MOST)
    )
    return Guarantee(text=words.format(count=loose), holds=False, table="client", ids=tuple(ids))


def _referral_guarantee(referrals: _Referrals) -> Guarantee | None:
    if referrals.loose:
        loose = len(referrals.loose)
        words = ngettext("{count} referral has no next step", "{count} referrals have no next step", loose)
        return Guarantee(text=words.format(count=loose), holds=False, table="referral", ids=referrals.loose[:_MOST])
    if not referrals.followed:
        return None
    words = ngettext(
        "The one open referral has a next step", "All {count} open referrals have a next step", referrals.followed
    )
    return Guarantee(text=words.format(count=referrals.followed), holds=True, table="referral", ids=())
