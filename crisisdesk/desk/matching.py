"""Which services fit one person and one need, with the reasons in words.

**Left out** is only what surely doesn't fit: a service that doesn't run, and one whose publisher gives an age in
figures that the client isn't. An age that was read out of a description is only likely, so it warns.

**The order**, best first: (1) what fits before what may not (age, language, closed for now); (2) if words were typed,
what is called so before the rest; (3) the score of ``glance.score``: the share of referrals there that connected, plus
how fresh the last check is, plus a little for each thing that fits this person: takes the insurance, speaks the
language, open now; (4) by name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice, product
from typing import TypeVar

from crisisdesk.clock import Clock
from crisisdesk.desk.checks import CheckMark
from crisisdesk.desk.glance import Item, Takes, speaks, takes
from crisisdesk.desk.hours import open_state
from crisisdesk.desk.names import fold
from crisisdesk.desk.outcomes import Outcome, outcomes_of
from crisisdesk.desk.service_card import ages_words
from crisisdesk.desk.shelf import Shelf, View, places
from crisisdesk.desk.words import place
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.choices import Need
from crisisdesk.vault.store import Store

F = TypeVar("F")

_PAGE = 50  # rows
_INSURED, _SPOKEN, _OPEN = 0.15, 0.15, 0.05  # what a fit is worth beside shares that connected
_DEFAULT_LANGUAGE = "English"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFacts:
    """What of a client decides where she can go."""

    age: int | None = None  # years
    languages: str = ""  # as it was written down: "Spanish and English"
    insurance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A service that may fit, why, and what to look out for."""

    service_id: str
    title: str  # "Hope House, single rooms"
    reasons: tuple[str, ...]  # "Takes Medicaid", "Spanish", "open till 20:00"
    so_far: str  # "You: 7 of 9 connected, about 6 days"; "" if never used
    warnings: tuple[str, ...]
    check: CheckMark

    @property
    def reasons_line(self) -> str:
        """The reasons on one line."""
        return " · ".join(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The services that may fit, best first."""

    rows: tuple[Match, ...]
    total: int
    other_age: int  # services that were left out because they don't take that age
    directory: int  # services to search through, if none of these will do

    @property
    def left_out(self) -> str:
        """Say how many were left out; "" if none."""
        if not self.other_age:
            return ""
        words = ngettext("{count} more doesn’t take that age.", "{count} more don’t take that age.", self.other_age)
        return words.format(count=self.other_age)


class Matching:
    """Finds services for one person and one need."""

    def __init__(self, store: Store, clock: Clock, shelf: Shelf) -> None:
        self._store = store
        self._clock = clock
        self._shelf = shelf

    def match(
        self,
        client: ClientFacts,
        need: Need | None = None,
        text: str = "",
        limit: int = _PAGE,
        *,
        twenty_four: bool = True,
    ) -> Matches:
        """Return the services that may fit this person, for a need, for words, or for both; best first."""
        view = self._shelf.view()
        now = self._clock.local(self._clock.now()).replace(tzinfo=None)
        wanted = _Wanted(client, view, now)
        asked_for = self._chosen(view, need, text)
        fits = asked_for & ~wanted.surely_other_age
        shown = [view.items[item_place] for item_place in islice(wanted.ordered(fits, fold(text).split()), limit)]
        with self._store.read() as s:
            outcomes = outcomes_of(s, [item.id for item in shown])
        return Matches(
            rows=tuple(wanted.match(item, outcomes.get(item.id), twenty_four=twenty_four) for item in shown),
            total=fits.bit_count(),
            other_age=(asked_for & wanted.surely_other_age).bit_count(),
            directory=(view.everything & ~view.hidden).bit_count(),
        )

    def _chosen(self, view: View, need: Need | None, text: str) -> int:
        chosen = view.everything & ~view.hidden
        if need is not None:
            chosen &= view.needs.get(need, 0)
        if text.strip():
            with self._store.read() as s:
                chosen &= view.fitting(s, text)
        return chosen


class _Wanted:
    """One person's facts, held against all services at once; a set is an integer, as ``View`` has them."""

    def __init__(self, client: ClientFacts, view: View, now: datetime) -> None:
        spoken = speaks(client.languages)
        self._view = view
        self._now = now
        self._age = client.age
        self._languages = sorted(spoken - {_DEFAULT_LANGUAGE})
        self._insurance = takes(client.insurance) or _uninsured(client.insurance)
        another_age = [item_place for item_place in view.aged if self._is_another_age(view.items[item_place])]
        self.surely_other_age = view.set_of(p for p in another_age if not view.items[p].ages_from_words)
        self._perhaps_other_age = view.set_of(another_age)
        self._insured = _any_of(view.takes, self._insurance)
        self._spoken = _any_of(view.speaks, self._languages)
        # Somebody without English is doubtful where languages are published and theirs isn't among them.
        strange = _any_of(view.speaks, view.speaks) & ~self._spoken
        self._strange = strange if self._languages and _DEFAULT_LANGUAGE not in spoken else 0

    def ordered(self, chosen: int, words: Sequence[str]) -> Iterator[int]:
        """Yield the places of a set's services, best first.

        Within a group of services that fit equally, the view's own order is the right one; so the groups are merged,
        and only as many services are looked at as are shown.
        """
        view = self._view
        doubtful = (self._perhaps_other_age | self._strange | view.paused) & chosen
        called_so = view.set_of(view.named(chosen, [f"\n {' '.join(words)}"])) if words else 0
        open_now = view.open_at(self._now)
        streams = []
        for doubts, called, insured, spoken, is_open in product((False, True), repeat=5):
            group = chosen
            for wanted, members in (
                (doubts, doubtful),
                (called, called_so),
                (insured, self._insured),
                (spoken, self._spoken),
                (is_open, open_now),
            ):
                group &= members if wanted else ~members
            if group:
                bonus = _INSURED * insured + _SPOKEN * spoken + _OPEN * is_open
                streams.append(self._keyed(group, (doubts, not called), bonus))
        return (item_place for _key, item_place in merge(*streams))

    def _keyed(
        self, group: int, first: tuple[bool, bool], bonus: float
    ) -> Iterator[tuple[tuple[bool, bool, float, str, str], int]]:
        for item_place in places(group):
            _tier, score, list_name, item_id = self._view.keys[item_place]
            yield (*first, score - bonus, list_name, item_id), item_place

    def _is_another_age(self, item: Item) -> bool:
        if self._age is None:
            return False
        too_young = item.minimum_age is not None and self._age < item.minimum_age
        too_old = item.maximum_age is not None and self._age >= item.maximum_age + 1  # 24 until the 25th birthday
        return too_young or too_old

    def match(self, item: Item, outcome: Outcome | None, *, twenty_four: bool) -> Match:
        """Say in words why a service may fit, and what to look out for."""
        check = item.checked.mark(self._now.date())
        doubts = tuple(self._doubts(item))
        return Match(
            service_id=item.id,
            title=place(item.organization, item.name),
            reasons=tuple(_first_upper(self._reasons(item, twenty_four=twenty_four))),
            so_far=_so_far(outcome),
            warnings=(*doubts, check.warning) if check.warning else doubts,
            check=check,
        )

    def _doubts(self, item: Item) -> Iterator[str]:
        if self._is_another_age(item):
            ages = ages_words(item.minimum_age, item.maximum_age)
            yield _("{ages}: this client is {age}").format(ages=ages, age=self._age)
        if self._strange >> self._view.place[item.id] & 1:
            yield _("{language} isn’t among their languages").format(language=self._languages[0])
        if item.is_paused:
            yield item.status.label

    def _reasons(self, item: Item, *, twenty_four: bool) -> Iterator[str]:
        kind = next((kind for kind in Takes if kind in self._insurance and kind in item.takes), None)
        if kind:
            no_insurance = kind is Takes.NO_INSURANCE
            yield _("no insurance needed") if no_insurance else _("takes {insurance}").format(insurance=kind.label)
        yield from (name for name in self._languages if name in item.speaks)
        if not item.is_paused:
            state = open_state(item.openings, self._now, twenty_four=twenty_four)
            if state.is_open is not None:
                yield state.sentence[:1].lower() + state.sentence[1:]
        if self._age is not None and (item.minimum_age or item.maximum_age) and not self._is_another_age(item):
            yield ages_words(item.minimum_age, item.maximum_age)


def _any_of(sets: Mapping[F, int], wanted: Iterable[F]) -> int:
    found = 0
    for feature in wanted:
        found |= sets.get(feature, 0)
    return found


def _uninsured(insurance: str) -> frozenset[Takes]:
    """Return that somebody has no insurance, where that is what was written down."""
    said = fold(insurance)
    return frozenset({Takes.NO_INSURANCE}) if said in {"none", "no", "no insurance", "uninsured"} else frozenset()


def _so_far(outcome: Outcome | None) -> str:
    if outcome is None or not (outcome.ended or outcome.under_way):
        return ""
    return _("You: {outcome}").format(outcome=outcome.sentence)


def _first_upper(reasons: Iterable[str]) -> Iterable[str]:
    for number, reason in enumerate(reasons):
        yield reason if number else reason[:1].upper() + reason[1:]
