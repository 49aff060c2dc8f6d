"""The list of services on the Resources page: find, filter, count, rank, a page at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import TypeVar

from crisisdesk.clock import Clock
from crisisdesk.desk.checks import CheckMark
from crisisdesk.desk.glance import Item, Takes
from crisisdesk.desk.hours import OpenState, is_known, open_state
from crisisdesk.desk.names import fold
from crisisdesk.desk.shelf import Key, Shelf, View, places
from crisisdesk.desk.words import dotted
from crisisdesk.desk.words import place as title
from crisisdesk.i18n import N_, _
from crisisdesk.records.choice import Choice
from crisisdesk.records.choices import Need, ServiceStatus
from crisisdesk.vault.store import Store

C = TypeVar("C", bound=Choice)
F = TypeVar("F")

_RECENT = 90  # days
_PAGE = 100  # rows
_NAMED = 0.1  # what a word in a name counts, beside shares that connected
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
        self._last: tuple[View, str, int] | None = None  # a keystroke asks for a page and for counts

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
            "text": self._found(view, query.text) if query.text.strip() else everything,
            "needs": _any_of(view.needs, query.needs, everything),
            "takes": _any_of(view.takes, query.takes, everything),
            "speaks": _any_of(view.speaks, query.speaks, everything),
            "checked": _any_of(_by_check(view), query.checked, everything),
            "open_now": view.open_at(self._now()) if query.open_now else everything,
        }

    def _found(self, view: View, text: str) -> int:
        """Return the services whose text fits what was typed."""
        if self._last is None or self._last[0] is not view or self._last[1] != text:
            with self._store.read() as s:
                self._last = (view, text, view.fitting(s, text))
        return self._last[2]


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
    if query.sort is not Sort.BEST:
        keyed = sorted((_sort_key(view.items[place], query.sort), place) for place in places(chosen))
        ordered: Iterable[tuple[Key, int]] = ((key, place) for key, place in keyed if after is None or key > after)
    elif words:
        ordered = _found_order(view, words, chosen, after)
    else:
        rest = view.after(chosen, after) if after else chosen
        ordered = ((view.keys[place], place) for place in places(rest))
    return [(key, view.items[place]) for key, place in islice(ordered, limit)]


def _sort_key(item: Item, sort: Sort) -> Key:
    if sort is Sort.NAME:
        return (0, 0.0, item.list_name, item.id)
    checked_on = item.checked.checked_on
    return (0, -float(checked_on.toordinal() if checked_on else 0), item.list_name, item.id)


def _found_order(view: View, words: Sequence[str], chosen: int, after: Key | None) -> Iterator[tuple[Key, int]]:
    """Yield what a text found: first what is called so, then the best for her, a word in its name counting a little.

    Only those with a word in their name are sorted; the others have their order already.
    """
    telling = [f" {word}" for word in words if len(word) > 1]
    whole = f"\n {' '.join(words)}"
    named = view.named(chosen, telling or [whole])
    keyed = sorted((_found_key(view, place, whole, telling), place) for place in named)
    others = chosen & ~view.set_of(named)
    if after and after[0]:
        others = view.after(others, (0, *after[1:]))
    static = (((1, *view.keys[place][1:]), place) for place in places(others))
    found = ((key, place) for key, place in keyed if after is None or key > after)
    return merge(found, static)


def _found_key(view: View, place: int, whole: str, telling: Sequence[str]) -> Key:
    _tier, score, list_name, item_id = view.keys[place]
    names = view.names[place]
    hits = sum(word in names for word in telling)
    return (0 if whole in names else 1, score - _NAMED * hits, list_name, item_id)


def row(item: Item, today: date, now: datetime, *, twenty_four: bool = True) -> ServiceRow:
    """Return a service as a list shows it."""
    hours, kind = hours_line(item, now, twenty_four=twenty_four)
    return ServiceRow(
        id=item.id,
        title=title(item.organization, item.name),
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
