"""All services in memory, ready to be listed, counted and ranked at each keystroke.

For ten thousand services SQL would have to scan all their texts for every count. Here each filter is one integer with a
bit per service, in the order "best for you first"; a count is two operations. The shelf is filled when it is first
looked at, and after a change only with what changed.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from crisisdesk.clock import Clock
from crisisdesk.desk.glance import Item, Key, read_items
from crisisdesk.desk.hours import Opening, is_open_at
from crisisdesk.desk.outcomes import NEVER_USED, outcomes
from crisisdesk.vault.changes import Changes
from crisisdesk.vault.store import Store

F = TypeVar("F")

_AROUND = frozenset(
    {"service", "organization", "location", "service_at_location", "address", "phone", "schedule"}
    | {"service_need", "service_check"}
)
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
        keyed = sorted((item.key(today), item) for item in items)
        self.items: tuple[Item, ...] = tuple(item for _key, item in keyed)
        self.keys: tuple[Key, ...] = tuple(key for key, _item in keyed)
        self.place = {item.id: place for place, item in enumerate(self.items)}
        self.everything = (1 << len(self.items)) - 1
        self.hidden = self._set(lambda item: item.is_hidden)
        self.needs = self._sets(lambda item: item.needs)
        self.takes = self._sets(lambda item: item.takes)
        self.speaks = self._sets(lambda item: item.speaks)
        self.checks = self._sets(lambda item: (item.checked.state(today),))
        self._same_hours: dict[tuple[Opening, ...], list[int]] = defaultdict(list)
        for place, item in enumerate(self.items):
            self._same_hours[item.openings].append(place)
        self._open: tuple[datetime, int] | None = None

    def checked_within(self, days: int) -> int:
        """Return the services that she checked within so many days, and whose last check didn't fail."""
        return self._set(
            lambda item: (
                item.checked.checked_on is not None
                and item.checked.failed_on is None
                and (self.today - item.checked.checked_on).days <= days
            )
        )

    def open_at(self, at: datetime) -> int:
        """Return the services that are known to be open at a wall-clock moment, exact to the minute."""
        minute = at.replace(second=0, microsecond=0)
        if self._open is None or self._open[0] != minute:
            # Many services keep the same hours; each week is read once.
            places = (
                place for openings, same in self._same_hours.items() if is_open_at(openings, minute) for place in same
            )
            self._open = (minute, self._bits(places))
        return self._open[1]

    def of(self, ids: Iterable[str]) -> int:
        """Return the set of services with these ids, as far as they are on the shelf."""
        return self._bits(self.place[key] for key in ids if key in self.place)

    def among(self, chosen: int) -> Iterator[Item]:
        """Yield the services of a set, best first."""
        return (self.items[place] for place in places(chosen))

    def after(self, chosen: int, key: Key) -> int:
        """Return the services of a set that come behind a place in the list."""
        first = bisect_right(self.keys, key)
        return chosen >> first << first

    def _set(self, claim: Callable[[Item], bool]) -> int:
        return self._bits(place for place, item in enumerate(self.items) if claim(item))

    def _sets(self, features: Callable[[Item], Collection[F]]) -> Mapping[F, int]:
        found: defaultdict[F, list[int]] = defaultdict(list)
        for place, item in enumerate(self.items):
            for feature in features(item):
                found[feature].append(place)
        return {feature: self._bits(where) for feature, where in found.items()}

    def _bits(self, found: Iterable[int]) -> int:
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
