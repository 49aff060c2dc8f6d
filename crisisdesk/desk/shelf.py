"""All services in memory, ready to be listed, counted and ranked at each keystroke.

For ten thousand services SQL would have to scan all their texts for every count. Here each filter is one integer with a
bit per service, in the order "best for you first"; a count is two operations. The shelf is filled when it is first
looked at, and after a change only with what changed.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.glance import Item, read_items, score
from crisisdesk.desk.hours import Opening, is_open_at
from crisisdesk.desk.outcomes import NEVER_USED, outcomes
from crisisdesk.vault.changes import Changes
from crisisdesk.vault.search import fitting_services, service_documents
from crisisdesk.vault.store import Store

F = TypeVar("F")
Key = tuple[int, float, str, str]  # tier, minus score, list name, id: a place in a list, best first

_AROUND = frozenset(
    {"service", "organization", "location", "service_at_location", "address", "phone", "schedule"}
    | {"service_need", "service_check"}
)
_NEVER = date.min
_NAMED = frozenset({"service", "organization", "location"})  # tables whose changed rows lead to services


class Shelf:
    """The services, as they are now."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._items: dict[str, Item] = {}
        self._is_stale = True  # all of it
        self._stale: set[str] = set()  # services
        self._stale_outcomes = False
        self._view: View | None = None
        store.subscribe(self._note)

    def view(self) -> "View":
        """Return the services as they are now, ranked as of today."""
        today = self._clock.today()
        if self._is_stale or self._stale or self._stale_outcomes:
            self._read()
            self._view = None
        if self._view is None or self._view.today != today:
            self._view = View(self._items.values(), today)
        return self._view

    def _note(self, changes: Changes) -> None:
        self._stale_outcomes |= changes.touches("referral")
        touched = _AROUND.intersection(changes.ids)
        if not touched or self._is_stale:
            return
        named = {table: changes.ids[table] for table in touched & _NAMED}
        if not named or not all(named.values()):  # a load, or a change that doesn't say whose it is
            self._is_stale = True
            return
        self._stale |= named.get("service", frozenset())
        organizations, locations = named.get("organization", ()), named.get("location", ())
        for item in self._items.values() if organizations or locations else ():
            if item.organization_id in organizations or not set(locations).isdisjoint(item.location_ids):
                self._stale.add(item.id)

    def _read(self) -> None:
        with self._store.read() as s:
            if self._is_stale:
                self._items = read_items(s)
            else:
                fresh = read_items(s, self._stale) if self._stale else {}
                gone = self._stale - fresh.keys()
                self._items = {**{k: item for k, item in self._items.items() if k not in gone}, **fresh}
                if self._stale_outcomes:
                    known = outcomes(s)
                    self._items = {
                        key: replace(item, outcome=known.get(key, NEVER_USED)) for key, item in self._items.items()
                    }
        self._is_stale, self._stale_outcomes = False, False
        self._stale.clear()


class View:
    """The services in one order, with a set of them for each thing that they can be asked for.

    A set is an integer: bit ``n`` is the service at place ``n`` of ``items``.
    """

    def __init__(self, items: Iterable[Item], today: date) -> None:
        self.today = today
        stated = [(item.checked.state(today), item) for item in items]
        keyed = sorted(((0, -score(item, state), item.list_name, item.id), item, state) for state, item in stated)
        self.keys: tuple[Key, ...] = tuple(key for key, _item, _state in keyed)
        self.items: tuple[Item, ...] = tuple(item for _key, item, _state in keyed)
        self.names = tuple(item.names for item in self.items)
        self.place = {item.id: place for place, item in enumerate(self.items)}
        self.everything = (1 << len(self.items)) - 1
        self.hidden = self.set_of(place for place, item in enumerate(self.items) if item.is_hidden)
        self.paused = self.set_of(place for place, item in enumerate(self.items) if item.is_paused)
        self.aged = [
            place
            for place, item in enumerate(self.items)
            if item.minimum_age is not None or item.maximum_age is not None
        ]
        self.needs = self._sets(item.needs for item in self.items)
        self.takes = self._sets(item.takes for item in self.items)
        self.speaks = self._sets(item.speaks for item in self.items)
        self._same_hours: dict[tuple[Opening, ...], list[int]] = defaultdict(list)
        for place, item in enumerate(self.items):
            self._same_hours[item.openings].append(place)
        self._open: tuple[datetime, int] | None = None
        self._recent: dict[int, int] = {}
        self._documents: Mapping[int, int] | None = None  # where each search document's service stands

    def checked_within(self, days: int) -> int:
        """Return the services that she checked within so many days, and whose last check didn't fail."""
        if days not in self._recent:
            since = self.today - timedelta(days=days)
            dates = ((place, item.checked) for place, item in enumerate(self.items))
            self._recent[days] = self.set_of(
                place for place, checked in dates if (checked.checked_on or _NEVER) >= since and not checked.failed_on
            )
        return self._recent[days]

    def open_at(self, at: datetime) -> int:
        """Return the services that are known to be open at a wall-clock moment, exact to the minute."""
        minute = at.replace(second=0, microsecond=0)
        if self._open is None or self._open[0] != minute:
            # Many services keep the same hours; each week is read once.
            places = (
                place for openings, same in self._same_hours.items() if is_open_at(openings, minute) for place in same
            )
            self._open = (minute, self.set_of(places))
        return self._open[1]

    def fitting(self, s: Session, text: str) -> int:
        """Return the services whose texts fit what was typed."""
        if self._documents is None:
            documents = service_documents(s)
            self._documents = {row: self.place[ref] for row, ref in documents.items() if ref in self.place}
        known = self._documents
        return self.set_of(known[row] for row in fitting_services(s, text) if row in known)

    def after(self, chosen: int, key: Key) -> int:
        """Return the services of a set that come behind a place in the list."""
        first = bisect_right(self.keys, key)
        return chosen >> first << first

    def named(self, chosen: int, beginnings: Collection[str]) -> list[int]:
        """Return the places in a set whose ``names`` hold any of these texts."""
        if len(beginnings) == 1:
            (only,) = beginnings
            return [place for place in places(chosen) if only in self.names[place]]
        return [place for place in places(chosen) if any(begun in self.names[place] for begun in beginnings)]

    def _sets(self, features: Iterable[Collection[F]]) -> Mapping[F, int]:
        found: defaultdict[F, list[int]] = defaultdict(list)
        for place, all_of_them in enumerate(features):
            for feature in all_of_them:
                found[feature].append(place)
        return {feature: self.set_of(where) for feature, where in found.items()}

    def set_of(self, found: Iterable[int]) -> int:
        """Return the set of the services at these places."""
        octets = bytearray(len(self.items) // 8 + 1)
        for place in found:
            octets[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(octets, "little")


def places(chosen: int) -> Iterator[int]:
    """Yield the bits that are set, lowest first."""
    for index, octet in enumerate(chosen.to_bytes(chosen.bit_length() // 8 + 1, "little")):
        if octet:
            for bit in _BITS[octet]:
                yield index * 8 + bit


_BITS: Sequence[Sequence[int]] = tuple(tuple(bit for bit in range(8) if octet >> bit & 1) for octet in range(256))
