"""What stands beside a client's name in a row: safety flags, numbers with their rules, tries. Read for many at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crisisdesk.desk.words import Mark, flag_mark
from crisisdesk.records.choices import Channel, FlagKind, Severity, TryResult, VoicemailRule, YesNo
from crisisdesk.records.clients import ClientPhone
from crisisdesk.records.directory import Organization, Phone, PrivateNotes, Service
from crisisdesk.records.followups import Attempt
from crisisdesk.records.safety import SafetyFlag

# Danger, then caution; high concern after what bites; the newest first. ``vault.lines`` chooses by the same order.
_LOUDEST_FIRST = (
    SafetyFlag.severity != Severity.DANGER,
    SafetyFlag.kind == FlagKind.HIGH_CONCERN,
    SafetyFlag.set_on.desc(),
    SafetyFlag.id,
)

# What counts as having reached the client; an agency that picks up is not the client.
REACHED = (TryResult.REACHED, TryResult.REPLIED, TryResult.ESCALATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A safety flag that has not ended."""

    id: str
    kind: FlagKind
    mark: Mark
    reason: str
    source: str
    set_on: date | None
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of a client, with its rules."""

    number: str
    kind: str
    safe_to_call: YesNo
    voicemail: VoicemailRule
    voicemail_words: str
    text_ok: YesNo
    safe_hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The tries of one next step, or the last time a client was reached."""

    count: int
    at: datetime
    result: TryResult
    minutes: int | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDesk:
    """Whom to ask at a service, and where."""

    who: str
    phone: str


def flags(s: Session, client_ids: Iterable[str]) -> Mapping[str, Sequence[Flag]]:
    """Return the safety flags of these clients, the loudest first."""
    rows = s.execute(
        select(
            SafetyFlag.client_id,
            SafetyFlag.id,
            SafetyFlag.kind,
            SafetyFlag.words,
            SafetyFlag.severity,
            SafetyFlag.reason,
            SafetyFlag.source,
            SafetyFlag.set_on,
            SafetyFlag.review_on,
        )
        .where(SafetyFlag.client_id.in_(set(client_ids)), SafetyFlag.set_aside_at.is_(None))
        .order_by(*_LOUDEST_FIRST)
    )
    found: dict[str, list[Flag]] = {}
    for client_id, flag_id, kind, words, severity, reason, source, set_on, review_on in rows:
        found.setdefault(client_id, []).append(
            Flag(
                id=flag_id,
                kind=kind,
                mark=flag_mark(kind, words, severity),
                reason=reason,
                source=source,
                set_on=set_on,
                review_on=review_on,
            )
        )
    return found


def numbers(s: Session, client_ids: Iterable[str]) -> Mapping[str, Sequence[Number]]:
    """Return the numbers of these clients in the order in which they are tried."""
    rows = s.execute(
        select(
            ClientPhone.client_id,
            ClientPhone.number,
            ClientPhone.kind,
            ClientPhone.safe_to_call,
            ClientPhone.voicemail,
            ClientPhone.voicemail_words,
            ClientPhone.text_ok,
            ClientPhone.safe_hours,
        )
        .where(ClientPhone.client_id.in_(set(client_ids)))
        .order_by(ClientPhone.position, ClientPhone.id)
    )
    found: dict[str, list[Number]] = {}
    for client_id, number, kind, safe_to_call, voicemail, voicemail_words, text_ok, safe_hours in rows:
        found.setdefault(client_id, []).append(
            Number(
                number=number,
                kind=kind.label,
                safe_to_call=safe_to_call,
                voicemail=voicemail,
                voicemail_words=voicemail_words,
                text_ok=text_ok,
                safe_hours=safe_hours,
            )
        )
    return found


def tries(s: Session, step_ids: Iterable[str]) -> Mapping[str, Tried]:
    """Return how often each of these next steps was tried, and the last try. A step without a try is left out."""
    counted = select(
        Attempt.followup_id,
        func.count(),
        func.max(Attempt.made_at),  # SQLite takes the plain columns from the row of the one max()
        Attempt.result,
        Attempt.minutes,
        Attempt.note,
    )
    rows = s.execute(
        counted.where(Attempt.followup_id.in_(set(step_ids)), Attempt.set_aside_at.is_(None)).group_by(
            Attempt.followup_id
        )
    )
    return {
        step_id: Tried(count=count, at=at, result=result, minutes=minutes, note=note)
        for step_id, count, at, result, minutes, note in rows
        if step_id is not None
    }


def last_reached(s: Session, client_ids: Iterable[str]) -> Mapping[str, Tried]:
    """Return the last try that reached each of these clients."""
    counted = select(
        Attempt.client_id,
        func.count(),
        func.max(Attempt.made_at),  # as in tries()
        Attempt.result,
        Attempt.minutes,
        Attempt.note,
    )
    rows = s.execute(
        counted.where(
            Attempt.client_id.in_(set(client_ids)),
            Attempt.set_aside_at.is_(None),
            Attempt.result.in_(REACHED),
            Attempt.channel != Channel.PROVIDER,
        ).group_by(Attempt.client_id)
    )
    return {
        client_id: Tried(count=count, at=at, result=result, minutes=minutes, note=note)
        for client_id, count, at, result, minutes, note in rows
    }


def front_desks(s: Session, service_ids: Iterable[str]) -> Mapping[str, FrontDesk]:
    """Return whom to ask at these services: her back line if she has one, else the published number."""
    wanted = set(service_ids)
    private = {
        service_id: (who, line)
        for service_id, who, line in s.execute(
            select(PrivateNotes.service_id, PrivateNotes.who_answers, PrivateNotes.back_line).where(
                PrivateNotes.service_id.in_(wanted)
            )
        )
    }
    public = _public_numbers(s, {service_id for service_id in wanted if not private.get(service_id, ("", ""))[1]})
    return {
        service_id: FrontDesk(
            who=private.get(service_id, ("", ""))[0],
            phone=private.get(service_id, ("", ""))[1] or public.get(service_id, ""),
        )
        for service_id in wanted
    }


def _public_numbers(s: Session, service_ids: set[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if not service_ids:
        return found
    by_organization = (
        select(Service.id, Phone.number)
        .join(Organization, Organization.id == Service.organization_id)
        .join(Phone, Phone.organization_id == Organization.id)
        .where(Service.id.in_(service_ids))
        .order_by(Phone.position.desc(), Phone.id.desc())
    )
    by_service = (
        select(Phone.service_id, Phone.number)
        .where(Phone.service_id.in_(service_ids))
        .order_by(Phone.position.desc(), Phone.id.desc())
    )
    for query in (by_organization, by_service):  # the later and the lower position win
        found.update({service_id: number for service_id, number in s.execute(query) if service_id})
    return found
