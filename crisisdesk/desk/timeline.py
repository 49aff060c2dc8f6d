"""A chart's timeline: everything that happened with a client, the newest first, and what is ahead above it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.entries import Entry, EntryKey, EntryKind, Reading
from crisisdesk.desk.entries_contacts import read_encounters, read_notes, read_tries
from crisisdesk.desk.entries_referrals import TOLD, read_papers, read_referral_events, read_referrals
from crisisdesk.desk.steps import StepRow, read_steps
from crisisdesk.records.attachments import Attachment
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.followups import Attempt, FollowUp
from crisisdesk.records.notes import Note
from crisisdesk.records.referrals import Referral, ReferralEvent
from crisisdesk.vault.store import Store

_PAGE = 100  # entries; three screens

Reader = Callable[[Session, Reading], Sequence[Entry]]

_READERS: Mapping[EntryKind, tuple[Reader, ...]] = {
    EntryKind.ENCOUNTER: (read_encounters,),
    EntryKind.TRY: (read_tries,),
    EntryKind.NOTE: (read_notes,),
    EntryKind.REFERRAL: (read_referrals, read_referral_events),
    EntryKind.PAPER: (read_papers,),
}

_OF_CLIENT = {
    EntryKind.ENCOUNTER: (Encounter.client_id, Encounter.set_aside_at),
    EntryKind.TRY: (Attempt.client_id, Attempt.set_aside_at),
    EntryKind.NOTE: (Note.client_id, Note.set_aside_at),
    EntryKind.REFERRAL: (Referral.client_id, Referral.set_aside_at),
    EntryKind.PAPER: (Attachment.client_id, Attachment.set_aside_at),
}


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
        reading = Reading(client_id=client_id, before=after, limit=limit + 1, clock=self._clock)
        with self._store.read() as s:
            entries = [
                entry
                for kind in EntryKind
                if not kinds or kind in kinds
                for read in _READERS[kind]
                for entry in read(s, reading)
            ]
        entries.sort(key=lambda entry: (entry.at, entry.id), reverse=True)
        shown = tuple(entries[:limit])
        return TimelinePage(entries=shown, next_key=shown[-1].key if len(entries) > limit else None)

    def ahead(self, client_id: str) -> tuple[StepRow, ...]:
        """Return the open next steps, the soonest first: "Ahead"."""
        with self._store.read() as s:
            return read_steps(s, self._clock, FollowUp.client_id == client_id)

    def counts(self, client_id: str) -> TimelineCounts:
        """Return the numbers on the chips."""
        with self._store.read() as s:
            by_kind = _count(s, client_id)
        return TimelineCounts(everything=sum(by_kind.values()), by_kind=by_kind)


def _count(s: Session, client_id: str) -> Mapping[EntryKind, int]:
    """Return how many entries each chip stands for."""
    events = (
        select(func.count(ReferralEvent.id))
        .join(Referral, Referral.id == ReferralEvent.referral_id)
        .where(Referral.client_id == client_id, Referral.set_aside_at.is_(None), ReferralEvent.state.not_in(TOLD))
    )
    each = [
        select(func.count()).where(owner == client_id, set_aside.is_(None)).scalar_subquery()
        for owner, set_aside in _OF_CLIENT.values()
    ]
    *numbers, changes = s.execute(select(*each, events.scalar_subquery())).one()
    counts = dict(zip(_OF_CLIENT, numbers, strict=True))
    counts[EntryKind.REFERRAL] += changes
    return counts
