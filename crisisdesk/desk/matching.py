"""Which services fit one person and one need, with the reasons in words.

**Left out** is only what surely doesn't fit: a service that doesn't run, and one whose publisher gives an age in
figures that the client isn't. An age that was read out of a description is only likely, so it warns.

**The order**, best first: (1) what fits before what may not (age, language, closed for now); (2) if words were typed,
what is called so before the rest; (3) the score of ``glance.score``: the share of referrals there that connected, plus
how fresh the last check is, plus a little for each thing that fits this person: takes the insurance, speaks the
language, open now; (4) by name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

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
from crisisdesk.records.choices import Need, ServiceStatus
from crisisdesk.vault.store import Store

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
        chosen = self._chosen(view, need, text)
        wanted = _Wanted(client, fold(text).split(), view, now)
        fits = [fit for item_place in places(chosen) if (fit := wanted.fit(item_place)) is not None]
        shown = sorted(fits, key=lambda fit: fit.key)[:limit]
        with self._store.read() as s:
            outcomes = outcomes_of(s, [fit.item.id for fit in shown])
        return Matches(
            rows=tuple(wanted.match(fit, outcomes.get(fit.item.id), twenty_four=twenty_four) for fit in shown),
            total=len(fits),
            other_age=chosen.bit_count() - len(fits),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """How well one service fits."""

    item: Item
    key: tuple[bool, bool, float, str, str]
    insurance: str  # hers that it takes, or ""
    language: str
    doubts: tuple[str, ...]


class _Wanted:
    """One person's facts, ready to be held against each service."""

    def __init__(self, client: ClientFacts, words: Sequence[str], view: View, now: datetime) -> None:
        self._age = client.age
        self._whole = f"\n {' '.join(words)}" if words else ""
        self._languages = [name for name in sorted(speaks(client.languages)) if name != _DEFAULT_LANGUAGE]
        self._needs_language = bool(self._languages) and _DEFAULT_LANGUAGE not in speaks(client.languages)
        self._insurance = takes(client.insurance) or _uninsured(client.insurance)
        self._view = view
        self._now = now
        self._open = view.open_at(now)

    def fit(self, item_place: int) -> _Fit | None:
        """Return how well a service fits, or None if it surely doesn't."""
        item = self._view.items[item_place]
        age = self._age_doubt(item)
        if age and not item.ages_from_words:
            return None
        language = next((name for name in self._languages if name in item.speaks), "")
        strange = self._language_doubt(item, language)
        kinds = [kind for kind in Takes if kind in self._insurance and kind in item.takes]
        _tier, score, list_name, item_id = self._view.keys[item_place]
        score -= _INSURED * bool(kinds) + _SPOKEN * bool(language) + _OPEN * (self._open >> item_place & 1)
        called_so = bool(self._whole) and self._whole in self._view.names[item_place]
        doubts = tuple(doubt for doubt in (age, strange) if doubt)
        return _Fit(
            item=item,
            key=(bool(doubts or _status_warning(item)), not called_so, score, list_name, item_id),
            insurance=_takes_words(kinds[0]) if kinds else "",
            language=language,
            doubts=doubts,
        )

    def _age_doubt(self, item: Item) -> str:
        """Return why the age doesn't fit; "" if it does, or if nobody knows."""
        too_young = self._age is not None and item.minimum_age is not None and self._age < item.minimum_age
        too_old = self._age is not None and item.maximum_age is not None and self._age >= item.maximum_age + 1
        if not (too_young or too_old):
            return ""
        return _("{ages}: this client is {age}").format(
            ages=ages_words(item.minimum_age, item.maximum_age), age=self._age
        )

    def _language_doubt(self, item: Item, shared: str) -> str:
        """Return that nobody may speak the language of somebody who has no English, where languages are known."""
        if not self._needs_language or shared or not item.speaks:
            return ""
        return _("{language} isn’t among their languages").format(language=self._languages[0])

    def match(self, fit: _Fit, outcome: Outcome | None, *, twenty_four: bool) -> Match:
        """Say it in words."""
        item, today = fit.item, self._now.date()
        check = item.checked.mark(today)
        return Match(
            service_id=item.id,
            title=place(item.organization, item.name),
            reasons=tuple(_first_upper(self._reasons(fit, twenty_four=twenty_four))),
            so_far=_so_far(outcome),
            warnings=tuple(warning for warning in (*fit.doubts, _status_warning(item), check.warning) if warning),
            check=check,
        )

    def _reasons(self, fit: _Fit, *, twenty_four: bool) -> Iterable[str]:
        item = fit.item
        if fit.insurance:
            yield fit.insurance
        if fit.language:
            yield fit.language
        if item.status is not ServiceStatus.TEMPORARILY_CLOSED:
            state = open_state(item.openings, self._now, twenty_four=twenty_four)
            if state.is_open is not None:
                yield state.sentence[:1].lower() + state.sentence[1:]
        if self._age is not None and (item.minimum_age or item.maximum_age) and not fit.doubts:
            yield ages_words(item.minimum_age, item.maximum_age)


def _uninsured(insurance: str) -> frozenset[Takes]:
    """Return that somebody has no insurance, where that is what was written down."""
    said = fold(insurance)
    return frozenset({Takes.NO_INSURANCE}) if said in {"none", "no", "no insurance", "uninsured"} else frozenset()


def _takes_words(kind: Takes) -> str:
    if kind is Takes.NO_INSURANCE:
        return _("no insurance needed")
    return _("takes {insurance}").format(insurance=kind.label)


def _status_warning(item: Item) -> str:
    return item.status.label if item.status is ServiceStatus.TEMPORARILY_CLOSED else ""


def _so_far(outcome: Outcome | None) -> str:
    if outcome is None or not (outcome.ended or outcome.under_way):
        return ""
    return _("You: {outcome}").format(outcome=outcome.sentence)


def _first_upper(reasons: Iterable[str]) -> Iterable[str]:
    for number, reason in enumerate(reasons):
        yield reason if number else reason[:1].upper() + reason[1:]
