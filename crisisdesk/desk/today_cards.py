"""The cards beside Today's list: waiting on agencies, to finish, running out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.checks import FRESH_DAYS
from crisisdesk.desk.names import initials
from crisisdesk.desk.unsaved import KeptForm, read_kept
from crisisdesk.desk.when import ago, clock_time, coming_day, past_day, short_day
from crisisdesk.desk.words import FOLLOWED_STATES, Tone, lower_first, lower_start, upper_first, waiting_days
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.records.choices import (
    ClinicianRole,
    ContactType,
    Need,
    NoteStatus,
    ReferralState,
    ReleaseStatus,
    StepState,
)
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.encounters import Disposition, Encounter
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.lines import UNANSWERED_STATES
from crisisdesk.records.notes import Note
from crisisdesk.records.referrals import Referral
from crisisdesk.records.releases import Release

_MOST = 50  # rows of a card
_NAMED = 3  # names in one line
_ENDS_SOON = timedelta(days=14)
_REMEMBERED = timedelta(days=14)  # blanks are asked for while she still remembers
_BLANK_SECONDS = 45  # to fill one in
_NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a row opens."""

    table: str
    id: str
    client_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """Two lines of a card, with a word at the right."""

    title: str
    detail: str
    aside: str = ""
    tone: Tone = Tone.PLAIN  # of the word at the right
    targets: tuple[Target, ...]
    covers: tuple[tuple[str, str], ...] = ()  # names that stand in the lines, each with its initials
    blanks: tuple[str, ...] = ()  # what an encounter still lacks
    kept: KeptForm | None = None  # the half-typed form that it opens


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card of Today. ``count`` is what its pill says; ``sentence`` says what will stand there while it is empty."""

    title: str
    tone: Tone
    count: int
    rows: tuple[CardRow, ...]
    sentence: str


def _cover(name: str, first: str, last: str, described: str) -> tuple[str, str]:
    return name, initials(first, last, described)


# Waiting on agencies ----------------------------------------------------------------------------------------------


_UNANSWERED = (
    Referral.state.in_(UNANSWERED_STATES),
    Referral.set_aside_at.is_(None),
    Client.set_aside_at.is_(None),
)
_NEXT_DUE = (
    select(func.min(FollowUp.due_on))
    .where(FollowUp.referral_id == Referral.id, FollowUp.state == StepState.OPEN, FollowUp.set_aside_at.is_(None))
    .scalar_subquery()
)
_WAITING = (
    select(Referral.id, Referral.client_id, Referral.sent_at, Referral.need, Client.shown_name, Service.name)
    .add_columns(Client.first_name, Client.last_name, Client.described_as, Organization.name, _NEXT_DUE)
    .join(Client, Client.id == Referral.client_id)
    .outerjoin(Service, Service.id == Referral.service_id)
    .outerjoin(Organization, Organization.id == Service.organization_id)
    .where(*_UNANSWERED)
    .order_by(Referral.sent_at.is_(None), Referral.sent_at, Referral.id)
    .limit(_MOST)
)


def waiting_on_agencies(s: Session, clock: Clock) -> Card:
    """Return the referrals that an agency has not answered yet, the longest wait first."""
    today = clock.today()
    rows = s.execute(_WAITING).all()
    count = s.scalar(select(func.count(Referral.id)).where(*_UNANSWERED, Client.id == Referral.client_id)) or 0
    made = []
    for referral_id, client_id, sent_at, need, name, service, first, last, described, organization, due in rows:
        days = (today - clock.local(sent_at).date()).days if sent_at else 0
        ask = due is None or due <= today
        aside = _("{days}, ask today").format(days=waiting_days(days)) if ask else waiting_days(days)
        made.append(
            CardRow(
                title=organization or service or _("No service chosen"),
                detail=", ".join(part for part in (name, _sought(service, need)) if part),
                aside=aside,
                tone=Tone.WAITING if ask else Tone.PLAIN,
                targets=(Target(table="referral", id=referral_id, client_id=client_id),),
                covers=(_cover(name, first, last, described),),
            )
        )
    return Card(
        title=_("Waiting on agencies"),
        tone=Tone.WAITING,
        count=count,
        rows=tuple(made),
        sentence=_("Referrals without an answer will stand here, the longest wait first."),
    )


def _sought(service: str | None, need: Need | None) -> str:
    return lower_first(service) if service else need.label if need else ""


# To finish --------------------------------------------------------------------------------------------------------


def to_finish(s: Session, clock: Clock) -> Card:
    """Return the half-typed forms, the call-outs with blanks, the notes to sign and the referrals not sent."""
    kept = _kept_forms(s, clock)
    blanks = _blank_encounters(s, clock)
    notes, unsigned = _unsigned_notes(s, clock)
    drafts, unsent = _unsent_referrals(s, clock)
    return Card(
        title=_("To finish"),
        tone=Tone.PLAIN,
        count=len(kept) + len(blanks) + unsigned + unsent,
        rows=(*kept, *blanks, *notes, *drafts),
        sentence=_("Notes to sign and call-outs with blanks will stand here."),
    )


_HALF_TYPED = {  # by form: what is new, and what is changed
    "addition": (N_("A half-written addition to a note"), N_("A half-written addition to a note")),
    "check": (N_("A check of a service, half typed"), N_("A check of a service, half typed")),
    "client": (N_("A new client, half typed"), N_("Changes to a client, half typed")),
    "close": (N_("A file about to be closed"), N_("A file about to be closed")),
    "encounter": (N_("A new encounter, half typed"), N_("An encounter, half typed")),
    "flag": (N_("A safety flag, half typed"), N_("A safety flag, half typed")),
    "happened": (N_("What happened with a referral, half typed"), N_("What happened with a referral, half typed")),
    "move": (N_("A new date for a next step, half typed"), N_("A new date for a next step, half typed")),
    "note": (N_("A half-written note"), N_("A half-written note")),
    "person": (N_("A person around a client, half typed"), N_("A person around a client, half typed")),
    "plan": (N_("What worked last time, half typed"), N_("What worked last time, half typed")),
    "private": (N_("Your own notes on a service, half typed"), N_("Your own notes on a service, half typed")),
    "quick": (N_("A quick call-out, half typed"), N_("A quick call-out, half typed")),
    "referral-step": (N_("A next step for a referral, half typed"), N_("A next step for a referral, half typed")),
    "release": (N_("A new release, half typed"), N_("A release, half typed")),
    "service": (N_("A new service, half typed"), N_("A service, half typed")),
    "step": (N_("A new next step, half typed"), N_("Changes to a next step, half typed")),
    "try": (N_("A try, half logged"), N_("A try, half logged")),
}


def _kept_forms(s: Session, clock: Clock) -> tuple[CardRow, ...]:
    """Return the forms that a crash, a lock or she herself left half typed, the latest first."""
    made = []
    for kept in read_kept(s):
        moment = _moment(clock.local(kept.at), clock.today())
        new, changed = _HALF_TYPED[kept.form]
        made.append(
            CardRow(
                title=_(changed if kept.record_id else new),
                detail=_("{name}, {when}").format(name=kept.name, when=moment) if kept.name else upper_first(moment),
                targets=(Target(table="draft", id=f"{kept.form} {kept.ref}", client_id=kept.client_id or None),),
                covers=((kept.name, kept.initials),) if kept.initials else (),
                kept=kept,
            )
        )
    return tuple(made)


# What a call-out should say in the end, and how its lack is seen.
_NOBODY_WENT = (ClinicianRole.CANCELLED, ClinicianRole.UNABLE)
_went = or_(Encounter.role.is_(None), Encounter.role.not_in(_NOBODY_WENT))
_noted = exists().where(Note.encounter_id == Encounter.id, Note.set_aside_at.is_(None))
_BLANKS: tuple[tuple[str, ColumnElement[bool]], ...] = (
    (N_("who asked"), and_(Encounter.requested_by.is_(None), Encounter.requested_by_name == "")),
    (N_("when you arrived"), and_(_went, Encounter.on_scene_at.is_(None))),
    (N_("when you were clear"), and_(_went, Encounter.clear_at.is_(None))),
    (N_("where"), and_(Encounter.location == "", Encounter.location_type.is_(None))),
    (N_("what it was"), and_(Encounter.final_nature.is_(None), Encounter.initial_nature.is_(None))),
    (N_("how it ended"), and_(_went, ~exists().where(Disposition.encounter_id == Encounter.id))),
    (
        N_("what happened"),
        and_(
            Encounter.narrative == "", ~exists().where(Note.encounter_id == Encounter.id, Note.set_aside_at.is_(None))
        ),
    ),
)


def _blank_encounters(s: Session, clock: Clock) -> tuple[CardRow, ...]:
    """Return the call-outs of the last two weeks that lack something, the newest first."""
    missing = [condition for _words, condition in _BLANKS]
    rows = s.execute(
        select(Encounter.id, Encounter.client_id, Encounter.contact_type, Encounter.began_at, Client.shown_name)
        .add_columns(Client.first_name, Client.last_name, Client.described_as, *missing)
        .join(Client, Client.id == Encounter.client_id)
        .where(
            Encounter.began_at >= clock.now() - _REMEMBERED,
            Encounter.contact_type == ContactType.CALL_OUT,
            Encounter.set_aside_at.is_(None),
            Client.set_aside_at.is_(None),
            or_(*missing),
        )
        .order_by(Encounter.began_at.desc())
        .limit(_MOST)
    )
    made = []
    for encounter_id, client_id, kind, began_at, name, first, last, described, *lacks in rows:
        left = [_(words) for (words, _condition), lacking in zip(_BLANKS, lacks, strict=True) if lacking]
        words = ngettext("{client}, {count} blank left", "{client}, {count} blanks left", len(left))
        minutes = -(-len(left) * _BLANK_SECONDS // 60)
        made.append(
            CardRow(
                title=_("{kind}, {when}").format(kind=kind.label, when=_moment(clock.local(began_at), clock.today())),
                detail=words.format(client=name, count=len(left)),
                aside=_("~{count} min").format(count=minutes),
                targets=(Target(table="encounter", id=encounter_id, client_id=client_id),),
                covers=(_cover(name, first, last, described),),
                blanks=tuple(left),
            )
        )
    return tuple(made)


def _moment(at: datetime, today: date) -> str:
    """Return "4:31 this morning", "16:20 today", "yesterday 23:40", "Nov 19"."""
    if at.date() == today:
        words = _("{time} this morning") if at.hour < _NOON else _("{time} today")
        return words.format(time=clock_time(at))
    if (today - at.date()).days == 1:
        return _("yesterday {time}").format(time=clock_time(at))
    return short_day(at.date(), today)


def _unsigned_notes(s: Session, clock: Clock) -> tuple[tuple[CardRow, ...], int]:
    """Return one row for all notes to sign, and how many there are."""
    drafts = (Note.status == NoteStatus.DRAFT, Note.set_aside_at.is_(None), Client.set_aside_at.is_(None))
    rows = s.execute(
        select(Note.id, Note.client_id, Note.written_at, Client.shown_name)
        .add_columns(Client.first_name, Client.last_name, Client.described_as)
        .join(Client, Client.id == Note.client_id)
        .where(*drafts)
        .order_by(Note.written_at, Note.id)
        .limit(_MOST)
    ).all()
    if not rows:
        return (), 0
    count = s.scalar(select(func.count(Note.id)).where(*drafts, Client.id == Note.client_id)) or 0
    today = clock.today()
    said = [
        _("{name} {day}").format(name=last or name, day=short_day(clock.local(written_at).date(), today))
        for _id, _client, written_at, name, _first, last, _described in rows[:_NAMED]
    ]
    words = ngettext("{count} note to sign", "{count} notes to sign", count).format(count=count)
    row = CardRow(
        title=words,
        detail=_listed(said, count),
        aside=_oldest(clock.local(rows[0][2]).date(), today),
        targets=tuple(Target(table="note", id=row[0], client_id=row[1]) for row in rows),
        covers=tuple((last or name, initials(first, last, described)) for *_rest, name, first, last, described in rows),
    )
    return (row,), count


def _unsent_referrals(s: Session, clock: Clock) -> tuple[tuple[CardRow, ...], int]:
    """Return one row for all referrals that are still drafts, and how many there are."""
    drafts = (Referral.state == ReferralState.DRAFT, Referral.set_aside_at.is_(None), Client.set_aside_at.is_(None))
    rows = s.execute(
        select(Referral.id, Referral.client_id, Referral.created_at, Client.shown_name)
        .add_columns(Client.first_name, Client.last_name, Client.described_as)
        .join(Client, Client.id == Referral.client_id)
        .where(*drafts)
        .order_by(Referral.created_at, Referral.id)
        .limit(_MOST)
    ).all()
    if not rows:
        return (), 0
    count = s.scalar(select(func.count(Referral.id)).where(*drafts, Client.id == Referral.client_id)) or 0
    words = ngettext("{count} referral not sent yet", "{count} referrals not sent yet", count).format(count=count)
    row = CardRow(
        title=words,
        detail=_listed([name for _id, _client, _at, name, *_rest in rows[:_NAMED]], count),
        aside=_oldest(clock.local(rows[0][2]).date(), clock.today()),
        targets=tuple(Target(table="referral", id=row[0], client_id=row[1]) for row in rows),
        covers=tuple(_cover(name, first, last, described) for *_rest, name, first, last, described in rows),
    )
    return (row,), count


def _listed(said: Sequence[str], count: int) -> str:
    words = ", ".join(said)
    more = count - len(said)
    return _("{names} and {count} more").format(names=words, count=more) if more else words


def _oldest(day: date, today: date) -> str:
    days = (today - day).days
    return _("oldest {age}").format(age=ago(days)) if days > 0 else _("today")


# Running out ------------------------------------------------------------------------------------------------------


def running_out(s: Session, clock: Clock) -> Card:
    """Return the releases that end within two weeks, and the services in use that nobody has checked for long."""
    releases = _ending_releases(s, clock.today())
    services, stale = _stale_services(s, clock.today())
    return Card(
        title=_("Running out"),
        tone=Tone.CAUTION,
        count=len(releases) + stale,
        rows=(*releases, *services),
        sentence=_("Releases that end soon and services to check will stand here."),
    )


def _ending_releases(s: Session, today: date) -> tuple[CardRow, ...]:
    """Return releases that end soon; one that has ended stays while a referral that is followed stands on it."""
    used = exists().where(
        Referral.release_id == Release.id, Referral.state.in_(FOLLOWED_STATES), Referral.set_aside_at.is_(None)
    )
    rows = s.execute(
        select(Release.id, Release.client_id, Release.expires_on, Release.recipient, Release.direction)
        .add_columns(Client.shown_name, Client.first_name, Client.last_name, Client.described_as)
        .join(Client, Client.id == Release.client_id)
        .where(
            Release.status.in_((ReleaseStatus.SIGNED, ReleaseStatus.VERBAL)),
            Release.expires_on <= today + _ENDS_SOON,
            or_(Release.expires_on >= today, used),
            Release.set_aside_at.is_(None),
            Client.set_aside_at.is_(None),
        )
        .order_by(Release.expires_on, Release.id)
        .limit(_MOST)
    )
    made = []
    for release_id, client_id, ends, recipient, direction, name, first, last, described in rows:
        over = ends < today
        words = _("ended {day}") if over else _("ends {day}")
        day = past_day(ends, today) if over else coming_day(ends, today)
        made.append(
            CardRow(
                title=_("{name}’s release").format(name=name),
                detail=_("{recipient}, {direction}").format(
                    recipient=recipient, direction=lower_start(direction.label)
                ),
                aside=words.format(day=day),
                tone=Tone.DANGER if over else Tone.CAUTION,
                targets=(Target(table="release", id=release_id, client_id=client_id),),
                covers=(_cover(name, first, last, described),),
            )
        )
    return tuple(made)


def _stale_services(s: Session, today: date) -> tuple[tuple[CardRow, ...], int]:
    """Return one row for the services of referrals that are followed, if she checked them long ago or never."""
    used = select(Referral.service_id).where(Referral.state.in_(FOLLOWED_STATES), Referral.set_aside_at.is_(None))
    rows = s.execute(
        select(Service.id, Service.checked_on)
        .where(
            Service.id.in_(used),
            or_(Service.checked_on.is_(None), Service.checked_on < today - timedelta(days=FRESH_DAYS)),
            Service.set_aside_at.is_(None),
        )
        .order_by(Service.checked_on, Service.list_name, Service.id)  # never checked first
    ).all()
    if not rows:
        return (), 0
    never = sum(checked_on is None for _id, checked_on in rows)
    oldest = rows[0][1]
    aside = _("{count} never checked").format(count=never) if oldest is None else _oldest(oldest, today)
    row = CardRow(
        title=ngettext("{count} service to check", "{count} services to check", len(rows)).format(count=len(rows)),
        detail=_("In use, and not checked for half a year"),
        aside=aside,
        targets=tuple(Target(table="service", id=row[0]) for row in rows),
    )
    return (row,), len(rows)
