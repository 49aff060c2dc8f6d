"""A chart's timeline: everything that happened with a client, the newest first, and what is ahead above it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import (
    Integer,
    Select,
    String,
    Subquery,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.entries import Entry, EntryKey, EntryKind, Reading
from crisisdesk.desk.entries_contacts import read_encounters, read_notes, read_tries
from crisisdesk.desk.entries_referrals import TOLD, read_papers, read_referral_events, read_referrals
from crisisdesk.desk.steps import StepRow, read_steps
from crisisdesk.records.attachments import Attachment
from crisisdesk.records.base import Moment
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.followups import Attempt, FollowUp
from crisisdesk.records.notes import Note
from crisisdesk.records.referrals import Referral, ReferralEvent
from crisisdesk.vault.store import Store

_PAGE = 60  # entries; four screens

_client = bindparam("client_id", type_=String)


class _Source(NamedTuple):
    """One table of the timeline: the keys of a client's rows in it, and how some of them are put in words."""

    kind: EntryKind
    keys: Select[str, object]
    read: Callable[[Session, Reading], Sequence[Entry]]


_SOURCES = (
    _Source(
        EntryKind.ENCOUNTER,
        select(Encounter.id, Encounter.began_at.label("at")).where(
            Encounter.client_id == _client, Encounter.set_aside_at.is_(None)
        ),
        read_encounters,
    ),
    _Source(
        EntryKind.TRY,
        select(Attempt.id, Attempt.made_at.label("at")).where(
            Attempt.client_id == _client, Attempt.set_aside_at.is_(None)
        ),
        read_tries,
    ),
    _Source(
        EntryKind.NOTE,
        select(Note.id, Note.written_at.label("at")).where(Note.client_id == _client, Note.set_aside_at.is_(None)),
        read_notes,
    ),
    _Source(
        EntryKind.REFERRAL,
        select(Referral.id, func.coalesce(Referral.sent_at, Referral.created_at).label("at")).where(
            Referral.client_id == _client, Referral.set_aside_at.is_(None)
        ),
        read_referrals,
    ),
    _Source(
        EntryKind.REFERRAL,
        select(ReferralEvent.id, ReferralEvent.at)
        .join(Referral, Referral.id == ReferralEvent.referral_id)
        .where(Referral.client_id == _client, Referral.set_aside_at.is_(None), ReferralEvent.state.not_in(TOLD)),
        read_referral_events,
    ),
    _Source(
        EntryKind.PAPER,
        select(Attachment.id, Attachment.created_at.label("at")).where(
            Attachment.client_id == _client, Attachment.set_aside_at.is_(None)
        ),
        read_papers,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    """Entries of a timeline, the newest first; ``next_key`` is None at the end."""

    entries: tuple[Entry, ...]
    next_key: EntryKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineCounts:
    """How many entries each chip stands for."""

    everything: int
    by_kind: Mapping[EntryKind, int]


class Timeline:
    """Reads the timelines of charts."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def read(
        self,
        client_id: str,
        kinds: Collection[EntryKind] = (),
        after: EntryKey | None = None,
        limit: int = _PAGE,
    ) -> TimelinePage:
        """Return the entries that follow ``after``; no kinds are all kinds."""
        keys = _keys(frozenset(kinds or EntryKind))
        page = select(keys.c.source, keys.c.id).order_by(keys.c.at.desc(), keys.c.id.desc()).limit(limit + 1)
        if after:
            page = page.where(tuple_(keys.c.at, keys.c.id) < tuple_(literal(after.at, Moment()), literal(after.id)))
        with self._store.read() as s:
            found = s.execute(page, {"client_id": client_id}).all()
            ids: dict[int, list[str]] = {}
            for source, row_id in found[:limit]:
                ids.setdefault(source, []).append(row_id)
            entries = [
                entry
                for source in ids
                for entry in _SOURCES[source].read(s, Reading(ids=ids[source], clock=self._clock))
            ]
        entries.sort(key=lambda entry: (entry.at, entry.id), reverse=True)
        return TimelinePage(entries=tuple(entries), next_key=entries[-1].key if len(found) > limit else None)

    def ahead(self, client_id: str) -> tuple[StepRow, ...]:
        """Return the open next steps, the soonest first: "Ahead"."""
        with self._store.read() as s:
            return read_steps(s, self._clock, FollowUp.client_id == client_id)

    def counts(self, client_id: str) -> TimelineCounts:
        """Return the numbers on the chips."""
        keys = _keys(frozenset(EntryKind))
        counted = select(keys.c.source, func.count()).group_by(keys.c.source)
        by_kind = dict.fromkeys(EntryKind, 0)
        with self._store.read() as s:
            for source, count in s.execute(counted, {"client_id": client_id}):
                by_kind[_SOURCES[source].kind] += count
        return TimelineCounts(everything=sum(by_kind.values()), by_kind=by_kind)


@lru_cache(maxsize=32)
def _keys(kinds: frozenset[EntryKind]) -> Subquery:
    """Return the keys of all of a client's entries of these kinds, each with its place in ``_SOURCES``."""
    chosen = [
        source.keys.add_columns(literal_column(str(place), Integer).label("source"))
        for place, source in enumerate(_SOURCES)
        if source.kind in kinds
    ]
    return union_all(*chosen).subquery()
