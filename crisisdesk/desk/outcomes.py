"""How it went the last times she used a service.

Only a confirmed connection counts as one (domain.md 7.4): that a packet was sent says nothing. A referral counts once
it is known how it ended or that nobody answers; one that is still under way counts neither for nor against, nor does
one that the client's revoked release ended.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crisisdesk.i18n import _, ngettext
from crisisdesk.records.choices import ReferralState
from crisisdesk.records.referrals import Referral, ReferralEvent

_CONNECTED = frozenset({ReferralState.CONNECTED, ReferralState.GOT_HELP})
_NOT_CONNECTED = frozenset(
    {
        ReferralState.NO_SHOW,
        ReferralState.NO_RESPONSE,
        ReferralState.NO_CAPACITY,
        ReferralState.NOT_ELIGIBLE,
        ReferralState.NOT_REACHED,
        ReferralState.DECLINED,
        ReferralState.ELSEWHERE,
    }
)
_UNDER_WAY = frozenset(
    {
        ReferralState.SENT,
        ReferralState.RECEIVED,
        ReferralState.CONTACTED,
        ReferralState.SCHEDULED,
        ReferralState.NEEDS_CLIENT,
        ReferralState.WAIT_LISTED,
    }
)
_DAY = 86_400  # seconds
_PRIOR = (0.5, 2.0)  # as if half of two had connected: a place never used is worth one in four


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of her referrals to one service."""

    connected: int = 0
    ended: int = 0  # connected and not connected
    no_reply: int = 0  # among those that ended
    under_way: int = 0
    days: int | None = None  # from sending to connecting, the median; None where it wasn't asked for or none connected

    @property
    def rate(self) -> float:
        """The share that connected, cautious where there are few."""
        return (self.connected + _PRIOR[0]) / (self.ended + _PRIOR[1])

    @property
    def line(self) -> str:
        """The words for a list: "7 of 9 connected" or "Never used"."""
        if self.ended:
            return _("{connected} of {ended} connected").format(connected=self.connected, ended=self.ended)
        if self.under_way:
            return ngettext("{count} under way", "{count} under way", self.under_way).format(count=self.under_way)
        return _("Never used")

    @property
    def sentence(self) -> str:
        """All that is known: "7 of 9 connected, about 6 days, 2 no reply"."""
        parts = [self.line]
        if self.days is not None:
            parts.append(ngettext("about {count} day", "about {count} days", self.days).format(count=self.days))
        if self.no_reply:
            parts.append(_("{count} no reply").format(count=self.no_reply))
        if self.ended and self.under_way:
            parts.append(
                ngettext("{count} under way", "{count} under way", self.under_way).format(count=self.under_way)
            )
        return ", ".join(parts)


NEVER_USED = Outcome()


def outcomes(s: Session) -> dict[str, Outcome]:
    """Return what became of her referrals, by service, without the days."""
    query = (
        select(Referral.service_id, Referral.state, func.count())
        .where(Referral.set_aside_at.is_(None), Referral.service_id.is_not(None))
        .group_by(Referral.service_id, Referral.state)
    )
    return _counted((service_id, state, count) for service_id, state, count in s.execute(query) if service_id)


def outcomes_of(s: Session, service_ids: Collection[str]) -> dict[str, Outcome]:
    """Return what became of her referrals to these services, with the days that it took."""
    if not service_ids:
        return {}
    query = (
        select(Referral.service_id, Referral.state, func.count())
        .where(Referral.set_aside_at.is_(None), Referral.service_id.in_(service_ids))
        .group_by(Referral.service_id, Referral.state)
    )
    waits = _waits(s, service_ids)
    return _counted(((id_, state, count) for id_, state, count in s.execute(query) if id_), waits)


def _counted(
    rows: Iterable[tuple[str, ReferralState, int]], waits: dict[str, list[float]] | None = None
) -> dict[str, Outcome]:
    states: dict[str, dict[ReferralState, int]] = {}
    for service_id, state, count in rows:
        states.setdefault(service_id, {})[state] = count
    found = {}
    for service_id, counts in states.items():
        connected = sum(count for state, count in counts.items() if state in _CONNECTED)
        missed = sum(count for state, count in counts.items() if state in _NOT_CONNECTED)
        days = (waits or {}).get(service_id)
        found[service_id] = Outcome(
            connected=connected,
            ended=connected + missed,
            no_reply=counts.get(ReferralState.NO_RESPONSE, 0),
            under_way=sum(count for state, count in counts.items() if state in _UNDER_WAY),
            days=max(round(median(days)), 1) if days else None,
        )
    return found


def _waits(s: Session, service_ids: Collection[str]) -> dict[str, list[float]]:
    """Return the days from sending to connecting, by service, one for each referral that connected."""
    first = func.min(ReferralEvent.at)
    query = (
        select(Referral.service_id, Referral.sent_at, first)
        .join(ReferralEvent, ReferralEvent.referral_id == Referral.id)
        .where(
            Referral.service_id.in_(service_ids),
            Referral.set_aside_at.is_(None),
            Referral.sent_at.is_not(None),
            Referral.state.in_(_CONNECTED),
            ReferralEvent.state.in_(_CONNECTED),
        )
        .group_by(Referral.id)
    )
    found: dict[str, list[float]] = {}
    for service_id, sent_at, connected_at in s.execute(query):
        if service_id and sent_at and isinstance(connected_at, datetime):
            found.setdefault(service_id, []).append(max((connected_at - sent_at).total_seconds() / _DAY, 0.0))
    return found
