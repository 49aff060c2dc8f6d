"""The list of services on the Resources page: find, filter, count, rank, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from crisisdesk.clock import Clock
from crisisdesk.desk.checks import CheckMark
from crisisdesk.desk.glance import Item, Key, Takes
from crisisdesk.desk.hours import OpenState, is_known, open_state
from crisisdesk.desk.names import fold
from crisisdesk.desk.shelf import Shelf, View
from crisisdesk.desk.words import dotted, place
from crisisdesk.i18n import N_, _
from crisisdesk.records.choices import Choice, Need, ServiceStatus
from crisisdesk.vault.index import Kind
from crisisdesk.vault.search import search
from crisisdesk.vault.store import Store

C = TypeVar("C", bound=Choice)
F = TypeVar("F")

_RECENT = 90  # days
_PAGE = 100  # rows
_EVERYBODY = "English"  # not worth a filter here


class CheckedWithin(Choice):
    """How long ago she may have checked it."""

    RECENT = "90", N_("Last 90 days")
    OLDER = "older", N_("Older or never")


class Sort(Choice):
    """The order of the list."""

    BEST = "best", N_("Best for you first")
    NAME = "name", N_("By name")
    CHECKED = "checked", N_("Latest checked first")


class HoursKind(StrEnum):
    """What the line about hours says, which chooses its icon."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceQuery:
    """What the page asks for. Within a group any choice will do; groups all count."""

    text: str = ""
    needs: frozenset[Need] = frozenset()
    takes: frozenset[Takes] = frozenset()
    speaks: frozenset[str] = frozenset()
    checked: frozenset[CheckedWithin] = frozenset()
    open_now: bool = False
    include_inactive: bool = False
    sort: Sort = Sort.BEST


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """A service as the list shows it."""

    id: str
    title: str  # "Hope House, single rooms", where it stands alone
    name: str
    where: str  # "Hope House · Cedar Street"
    hours: str  # "Open till 20:00"
    hours_kind: HoursKind
    outcome: str  # "7 of 9 connected"
    check: CheckMark


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePage:
    """A page of the list; ``next`` asks for the one behind it, None at the end."""

    rows: tuple[ServiceRow, ...]
    total: int
    next: Key | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One choice of a filter, and how many services it would show."""

    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """The filters' choices with their counts. A group's counts obey all filters but its own."""

    needs: tuple[Facet, ...]
    takes: tuple[Facet, ...]
    speaks: tuple[Facet, ...]
    checked: tuple[Facet, ...]
    open_now: int
    inactive: int
    total: int  # of the list as it is asked for
    all: int  # without any filter


class ServiceList:
    """Finds services for the page."""

    def __init__(self, store: Store, clock: Clock, shelf: Shelf) -> None:
        self._store = store
        self._clock = clock
        self._shelf = shelf

    def page(
        self, query: ServiceQuery, after: Key | None = None, limit: int = _PAGE, *, twenty_four: bool = True
    ) -> ServicePage:
        """Return the services that a query finds, from behind ``after`` on."""
        view, now = self._shelf.view(), self._now()
        chosen = self._chosen(view, query)
        keyed = _ordered(view, query, chosen, after, limit + 1)
        shown = keyed[:limit]
        return ServicePage(
            rows=tuple(row(item, view.today, now, twenty_four=twenty_four) for _key, item in shown),
            total=chosen.bit_count(),
            next=shown[-1][0] if len(keyed) > limit else None,
        )

    def facets(self, query: ServiceQuery) -> Facets:
        """Return the filters' choices, each with the number of services that it would show."""
        view = self._shelf.view()
        groups = self._groups(view, query)
        everything = _all_of(groups)
        checked = _by_check(view)
        spoken = sorted(view.speaks, key=lambda name: (-view.speaks[name].bit_count(), name))
        without_open, without_hidden = _all_of(groups, "open_now"), _all_of(groups, "include_inactive")
        return Facets(
            needs=_counted(view.needs, tuple(Need), _all_of(groups, "needs")),
            takes=_counted(view.takes, tuple(Takes), _all_of(groups, "takes")),
            speaks=tuple(
                Facet(code=name, label=name, count=(view.speaks[name] & _all_of(groups, "speaks")).bit_count())
                for name in spoken
                if name != _EVERYBODY
            ),
            checked=_counted(checked, tuple(CheckedWithin), _all_of(groups, "checked")),
            open_now=(without_open & view.open_at(self._now())).bit_count(),
            inactive=(without_hidden & view.hidden).bit_count(),
            total=everything.bit_count(),
            all=(view.everything & ~view.hidden).bit_count(),
        )

    def _now(self) -> datetime:
        return self._clock.local(self._clock.now()).replace(tzinfo=None)

    def _chosen(self, view: View, query: ServiceQuery) -> int:
        return _all_of(self._groups(view, query))

    def _groups(self, view: View, query: ServiceQuery) -> Mapping[str, int]:
        """Return the services that each part of a query lets through."""
        everything = view.everything
        return {
            "include_inactive": everything if query.include_inactive else everything & ~view.hidden,
            "text": view.of(self._found(query.text, len(view.items))) if query.text.strip() else everything,
            "needs": _any_of(view.needs, query.needs, everything),
            "takes": _any_of(view.takes, query.takes, everything),
            "speaks": _any_of(view.speaks, query.speaks, everything),
            "checked": _any_of(_by_check(view), query.checked, everything),
            "open_now": view.open_at(self._now()) if query.open_now else everything,
        }

    def _found(self, text: str, limit: int) -> Sequence[str]:
        with self._store.read() as s:
            return [hit.ref for hit in search(s, text, (Kind.SERVICE,), limit)]


def _all_of(groups: Mapping[str, int], but: str = "") -> int:
    chosen = -1
    for name, group in groups.items():
        if name != but:
            chosen &= group
    return chosen


def _any_of(sets: Mapping[F, int], wanted: frozenset[F], everything: int) -> int:
    if not wanted:
        return everything
    chosen = 0
    for feature in wanted:
        chosen |= sets.get(feature, 0)
    return chosen


def _by_check(view: View) -> Mapping[CheckedWithin, int]:
    recent = view.checked_within(_RECENT)
    return {CheckedWithin.RECENT: recent, CheckedWithin.OLDER: view.everything & ~recent}


def _counted(sets: Mapping[C, int], choices: Sequence[C], among: int) -> tuple[Facet, ...]:
    return tuple(
        Facet(code=choice.value, label=choice.label, count=(sets.get(choice, 0) & among).bit_count())
        for choice in choices
    )


def _ordered(view: View, query: ServiceQuery, chosen: int, after: Key | None, limit: int) -> Sequence[tuple[Key, Item]]:
    """Return the first services of a set behind a place in the list, each with its own place."""
    words = fold(query.text).split()
    if query.sort is Sort.BEST and not words:
        rest = view.after(chosen, after) if after else chosen
        return [(item.key(view.today), item) for _count, item in zip(range(limit), view.among(rest), strict=False)]
    keyed = sorted((_sort_key(item, query.sort, words, view.today), item.id, item) for item in view.among(chosen))
    return [(key, item) for key, _id, item in keyed if after is None or key > after][:limit]


def _sort_key(item: Item, sort: Sort, words: Sequence[str], today: date) -> Key:
    if sort is Sort.NAME:
        return (0, 0.0, item.list_name, item.id)
    if sort is Sort.CHECKED:
        return (
            0,
            -float(item.checked.checked_on.toordinal() if item.checked.checked_on else 0),
            item.list_name,
            item.id,
        )
    return item.found_key(words, today)


def row(item: Item, today: date, now: datetime, *, twenty_four: bool = True) -> ServiceRow:
    """Return a service as a list shows it."""
    hours, kind = hours_line(item, now, twenty_four=twenty_four)
    return ServiceRow(
        id=item.id,
        title=place(item.organization, item.name),
        name=item.name,
        where=dotted(item.organization, item.place),
        hours=hours,
        hours_kind=kind,
        outcome=item.outcome.line,
        check=item.checked.mark(today),
    )


def hours_line(item: Item, now: datetime, *, twenty_four: bool = True) -> tuple[str, HoursKind]:
    """Return "Open till 20:00", "Closed, opens Wed 9:00", "By phone only", or why nobody can tell."""
    if item.status not in {ServiceStatus.ACTIVE, ServiceStatus.NOT_SAID}:
        return item.status.label, HoursKind.CLOSED
    if item.by_phone and not is_known(item.openings):
        return _("By phone only"), HoursKind.PHONE
    state: OpenState = open_state(item.openings, now, twenty_four=twenty_four)
    if state.is_open is None:
        return state.sentence, HoursKind.UNKNOWN
    return state.sentence, HoursKind.OPEN if state.is_open else HoursKind.CLOSED
