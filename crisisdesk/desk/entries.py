"""What a timeline is made of: entries in words, and the page of them that is asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crisisdesk.clock import Clock
from crisisdesk.desk.when import clock_time, day_heading, short_day
from crisisdesk.desk.words import Mark
from crisisdesk.i18n import N_, _

EXCERPT = 320  # characters; two lines at the widest


class EntryKind(StrEnum):
    """What an entry is; each has a chip."""

    ENCOUNTER = "encounter"
    TRY = "try"
    NOTE = "note"
    REFERRAL = "referral"
    PAPER = "paper"

    @property
    def label(self) -> str:
        """The chip's words."""
        return _(_LABELS[self])


_LABELS = {
    EntryKind.ENCOUNTER: N_("Encounters"),
    EntryKind.TRY: N_("Tries"),
    EntryKind.NOTE: N_("Notes"),
    EntryKind.REFERRAL: N_("Referrals"),
    EntryKind.PAPER: N_("Papers"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKey:
    """Where a page of the timeline ended."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened."""

    kind: EntryKind
    id: str
    record_id: str  # what it opens: itself, or the referral whose state changed
    code: str  # chooses the icon: a contact type, a channel, a paper's kind
    at: datetime
    heading: str  # of its day: "Sunday, November 22"
    time: str
    title: str
    detail: str  # stands after the title
    body: str  # up to two lines
    badge: Mark | None
    short: str  # the whole of it in a few words, for a preview

    @property
    def key(self) -> EntryKey:
        """Its place in the timeline."""
        return EntryKey(at=self.at, id=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Some rows of one kind, to be put in words. ``ids`` are those of a page."""

    ids: Collection[str]
    clock: Clock

    def heading(self, at: datetime) -> str:
        """Return the heading of a moment's day."""
        return day_heading(self.clock.local(at).date(), self.clock.today())

    def time(self, at: datetime) -> str:
        """Return a moment's time on her wall."""
        return clock_time(self.clock.local(at))

    def day(self, at: datetime) -> str:
        """Return "Nov 18"."""
        return short_day(self.clock.local(at).date(), self.clock.today())


def joined(*sentences: str) -> str:
    """Return what there is as one text."""
    return " ".join(sentence for sentence in sentences if sentence)
