"""Open next steps as rows: whose, what, when, and what to know before doing them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk import beside
from crisisdesk.desk.beside import Flag, FrontDesk, Number, Tried
from crisisdesk.desk.names import initials
from crisisdesk.desk.phones import show_phone
from crisisdesk.desk.when import clock_time, late, past_day, row_day, short_day, time_left, weekday
from crisisdesk.desk.words import About, Mark, Tone, referral_badge, step_line, texting, tries, voicemail
from crisisdesk.i18n import _
from crisisdesk.records.choices import FlagKind, ReferralState, StepKind, StepState, YesNo
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.referrals import Referral

_END_OF_DAY = time.max  # "any time" stands after the last appointment
_SHORT = 3  # words; "Renee" is whom to ask for, "Renee answers before 11" is said as it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One open next step, in the words of a row."""

    id: str
    client_id: str
    referral_id: str | None
    kind: StepKind
    due_on: date
    due_at: time | None
    moved_from: date | None
    when: str  # "Sun 22", "10:30", "Any time"
    when_note: str  # "2 days late", "in 50 min"
    tone: Tone  # of when and its note
    name: str  # the client; for a step that asks an agency, the organization
    initials: str  # what stands for the name while names are covered; "" for an organization
    whose: str  # the client whom an agency is asked about, where the words don't name them; else ""
    whose_initials: str  # what stands for that name while names are covered
    line: str  # "call, 72 h after call-out"
    marks: tuple[Mark, ...]  # safety first, then how to reach, then tries
    aside: str  # the words at the right of a one-line row


@dataclass(slots=True, kw_only=True)
class _Facts:
    id: str
    client_id: str
    referral_id: str | None
    kind: StepKind
    what: str
    due_on: date
    due_at: time | None
    moved_from: date | None
    name: str
    first_name: str
    last_name: str
    described_as: str
    plain_envelope: bool
    safe_to_mail: YesNo
    referral_number: str | None
    referral_state: ReferralState | None
    sent_at: datetime | None
    spoke_with: str | None
    service_id: str | None
    organization: str | None

    @property
    def asks_agency(self) -> bool:
        """Whether it is the agency that is asked, not the client."""
        return self.kind is StepKind.AGENCY and bool(self.organization)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    flags: Mapping[str, Sequence[Flag]]
    numbers: Mapping[str, Sequence[Number]]
    tried: Mapping[str, Tried]
    reached: Mapping[str, Tried]
    desks: Mapping[str, FrontDesk]


_COLUMNS = (  # labelled by the fields of _Facts
    FollowUp.id,
    FollowUp.client_id,
    FollowUp.referral_id,
    FollowUp.kind,
    FollowUp.what,
    FollowUp.due_on,
    FollowUp.due_at,
    FollowUp.moved_from,
    Client.shown_name.label("name"),
    Client.first_name,
    Client.last_name,
    Client.described_as,
    Client.plain_envelope,
    Client.safe_to_mail,
    Referral.number.label("referral_number"),
    Referral.state.label("referral_state"),
    Referral.sent_at,
    Referral.spoke_with,
    Referral.service_id,
    Organization.name.label("organization"),
)


def read_steps(s: Session, clock: Clock, *where: ColumnElement[bool]) -> tuple[StepRow, ...]:
    """Return open next steps of clients in view, the soonest first, timed ones before "any time" of the same day."""
    (rows,) = read_step_groups(s, clock, [and_(*where)])
    return rows


def read_step_groups(
    s: Session, clock: Clock, groups: Iterable[ColumnElement[bool]], limit: int | None = None
) -> list[tuple[StepRow, ...]]:
    """Return several lots of next steps, at most ``limit`` of each; what stands beside them is read for all at once."""
    lots = [_read_facts(s, where, limit) for where in groups]
    around = _beside(s, [each for lot in lots for each in lot])
    return [tuple(_row(each, around, clock) for each in lot) for lot in lots]


def _read_facts(s: Session, where: ColumnElement[bool], limit: int | None) -> list[_Facts]:
    query = (
        select(*_COLUMNS)
        .join(Client, Client.id == FollowUp.client_id)
        .outerjoin(Referral, Referral.id == FollowUp.referral_id)
        .outerjoin(Service, Service.id == Referral.service_id)
        .outerjoin(Organization, Organization.id == Service.organization_id)
        .where(FollowUp.state == StepState.OPEN, FollowUp.set_aside_at.is_(None), Client.set_aside_at.is_(None), where)
    )
    if limit is not None:
        # Only then: for one client SQLite would rather walk all open steps in this order than sort a handful.
        query = query.order_by(FollowUp.due_on, FollowUp.due_at, FollowUp.id).limit(limit)
    facts = [_Facts(**row) for row in s.execute(query).mappings()]
    facts.sort(key=lambda f: (f.due_on, f.due_at or _END_OF_DAY, f.id))
    return facts


def _beside(s: Session, facts: Sequence[_Facts]) -> _Beside:
    clients = {f.client_id for f in facts if not f.asks_agency}
    return _Beside(
        flags=beside.flags(s, clients),
        numbers=beside.numbers(s, clients),
        tried=beside.tries(s, [f.id for f in facts]),
        reached=beside.last_reached(s, clients),
        desks=beside.front_desks(s, [f.service_id for f in facts if f.asks_agency and f.service_id]),
    )


def _row(f: _Facts, around: _Beside, clock: Clock) -> StepRow:
    when, note, tone = _when(f, clock)
    is_nameless = f.asks_agency and not _names_client(f)
    marks = _agency_marks(f, around, clock) if f.asks_agency else _client_marks(f, around, clock)
    return StepRow(
        id=f.id,
        client_id=f.client_id,
        referral_id=f.referral_id,
        kind=f.kind,
        due_on=f.due_on,
        due_at=f.due_at,
        moved_from=f.moved_from,
        when=when,
        when_note=note,
        tone=tone,
        name=f.organization or "" if f.asks_agency else f.name,
        initials="" if f.asks_agency else initials(f.first_name, f.last_name, f.described_as),
        whose=f.name if is_nameless else "",
        whose_initials=initials(f.first_name, f.last_name, f.described_as) if is_nameless else "",
        line=step_line(f.kind, f.what),
        marks=marks,
        aside=_aside(f, marks, clock),
    )


def _names_client(f: _Facts) -> bool:
    """Whether the words themselves say whom it is about: "did they get Maria’s packet?"."""
    _start, *said = re.findall(r"\w+", f.what) or [""]  # "Will they take him?" names no Will
    return any(name in said for name in (f.first_name.strip(), f.last_name.strip()) if name)


def _when(f: _Facts, clock: Clock) -> tuple[str, str, Tone]:
    """Return when it is due, how late or how soon that is, and in which state."""
    today = clock.today()
    if f.due_on < today:
        return row_day(f.due_on, today), late((today - f.due_on).days), Tone.OVERDUE
    if f.due_on > today:
        return row_day(f.due_on, today), clock_time(f.due_at) if f.due_at else "", Tone.PLAIN
    if f.due_at is None:
        return _("Any time"), "", Tone.PLAIN
    now = clock.local(clock.now())
    minutes = (f.due_at.hour * 60 + f.due_at.minute) - (now.hour * 60 + now.minute)
    return clock_time(f.due_at), time_left(minutes), Tone.OVERDUE if minutes < 0 else Tone.PLAIN


def _aside(f: _Facts, marks: Sequence[Mark], clock: Clock) -> str:
    """Return the one thing that a row of a single line has room for: that it was moved, else its first mark."""
    if f.moved_from is not None:
        today = clock.today()
        near = abs((f.moved_from - today).days) < 7  # noqa: PLR2004  a week, as in when.py
        day = weekday(f.moved_from) if near else short_day(f.moved_from, today)
        return _("Moved from {day}").format(day=day)
    return marks[0].text if marks else ""


# Marks ------------------------------------------------------------------------------------------------------------


def _client_marks(f: _Facts, around: _Beside, clock: Clock) -> tuple[Mark, ...]:
    marks = (
        _safety(f, around.flags.get(f.client_id, ())),
        _how(f, around.numbers.get(f.client_id, ())),
        _tried(f, around, clock),
    )
    return tuple(mark for mark in marks if mark)


def _safety(f: _Facts, flags: Sequence[Flag]) -> Mark | None:
    """Return the loudest flag; before a letter, of two equally loud ones the one about envelopes."""
    if not flags:
        return None
    loud = [flag for flag in flags if flag.mark.tone is flags[0].mark.tone]
    letter = [flag for flag in loud if flag.kind is FlagKind.PLAIN_ENVELOPE] if f.kind is StepKind.LETTER else []
    return (letter or loud)[0].mark


def _how(f: _Facts, numbers: Sequence[Number]) -> Mark | None:
    """Return the rule by which the client may be reached in the way of this step."""
    if f.kind is StepKind.LETTER:
        return _by_letter(f)
    if f.kind not in (StepKind.CALL, StepKind.VISIT, StepKind.TEXT):
        return None
    safe = [number for number in numbers if number.safe_to_call is not YesNo.NO]
    if not safe:
        if numbers:
            return Mark(about=About.CONTACT, text=_("No number is safe to call"), tone=Tone.CAUTION)
        return Mark(about=About.CONTACT, text=_("No phone")) if f.kind is not StepKind.VISIT else None
    if f.kind is StepKind.TEXT:
        best = next((number for number in safe if number.text_ok is YesNo.YES), safe[0])
        tone = Tone.CAUTION if best.text_ok is YesNo.NO else Tone.PLAIN
        return Mark(about=About.CONTACT, text=texting(best.text_ok, best.safe_hours), tone=tone)
    return Mark(about=About.VOICEMAIL, text=voicemail(safe[0].voicemail, safe[0].voicemail_words))


def _by_letter(f: _Facts) -> Mark | None:
    if f.safe_to_mail is YesNo.NO:
        return Mark(about=About.CONTACT, text=_("Not safe to mail"), tone=Tone.CAUTION)
    return Mark(about=About.CONTACT, text=_("Plain envelope"), tone=Tone.CAUTION) if f.plain_envelope else None


def _tried(f: _Facts, around: _Beside, clock: Clock) -> Mark:
    """Return the tries of this step; without one, when the client was last reached."""
    tried = _tries(f, around, clock)
    if tried:
        return tried
    today = clock.today()
    reached = around.reached.get(f.client_id)
    if reached is None:
        return Mark(about=About.TRIES, text=tries(0))
    day = short_day(clock.local(reached.at).date(), today)
    words = _("Reached {day}, {minutes} min") if reached.minutes else _("Reached {day}")
    return Mark(about=About.TRIES, text=words.format(day=day, minutes=reached.minutes))


def _tries(f: _Facts, around: _Beside, clock: Clock) -> Mark | None:
    """Return "1 try, left message yesterday", or None while there is none for this step."""
    tried = around.tried.get(f.id)
    if tried is None or not tried.count:
        return None
    day = past_day(clock.local(tried.at).date(), clock.today())
    return Mark(about=About.TRIES, text=tries(tried.count, tried.result, day))


def _agency_marks(f: _Facts, around: _Beside, clock: Clock) -> tuple[Mark, ...]:
    marks = []
    if f.referral_state:
        days = (clock.today() - clock.local(f.sent_at).date()).days if f.sent_at else None
        marks.append(referral_badge(f.referral_state, days))
    ask = ask_for(f.spoke_with or "", around.desks.get(f.service_id or ""))
    if ask:
        marks.append(Mark(about=About.CONTACT, text=ask))
    tried = _tries(f, around, clock)
    if tried:
        marks.append(tried)
    if f.referral_number:
        marks.append(Mark(about=About.NUMBER, text=f.referral_number))
    return tuple(marks)


def ask_for(spoke_with: str, desk: FrontDesk | None) -> str:
    """Return "Ask for Renee, 555-0176": who answered last, else who usually does, and where."""
    who = spoke_with.strip() or (desk.who.strip() if desk else "")
    phone = show_phone(desk.phone) if desk and desk.phone.strip() else ""
    if who and len(who.split()) <= _SHORT:
        who = _("Ask for {who}").format(who=who)
    return ", ".join(part for part in (who, phone) if part)
