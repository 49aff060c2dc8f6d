"""The cards at the side of a chart: next steps, how to reach the client, open referrals, people around, releases."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk import beside
from crisisdesk.desk.beside import Number
from crisisdesk.desk.phones import show_phone
from crisisdesk.desk.when import clock_time, coming_day, late, short_day
from crisisdesk.desk.words import (
    Tone,
    lower_first,
    lower_start,
    pronoun,
    referral_badge,
    step_title,
    texting,
    upper_first,
    voicemail,
)
from crisisdesk.i18n import _
from crisisdesk.records.choices import FINAL_STATES, MayContact, Need, ReleaseStatus, StepState, YesNo
from crisisdesk.records.clients import RelatedPerson
from crisisdesk.records.directory import Organization, PrivateNotes, Service
from crisisdesk.records.disclosures import Packet
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.referrals import Referral
from crisisdesk.records.releases import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRow:
    """A row of a card at the side."""

    id: str
    lead: str  # heavy
    rest: str
    aside: str = ""
    tone: Tone = Tone.PLAIN  # of what stands at the right
    detail: str = ""  # second line


@dataclass(frozen=True, slots=True, kw_only=True)
class SideCard:
    """A card at the side. ``sentence`` stands there while it has no rows."""

    title: str
    rows: tuple[SideRow, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSide:
    """The cards at the side of a chart."""

    steps: SideCard
    reach: SideCard
    referrals: SideCard
    people: SideCard
    releases: SideCard


def read_side(s: Session, client_id: str, pronouns: str, clock: Clock) -> ChartSide:
    """Return all cards of a chart."""
    return ChartSide(
        steps=_steps(s, client_id, clock.today()),
        reach=read_reach(s, client_id, pronouns),
        referrals=_referrals(s, client_id, clock),
        people=_people(s, client_id, pronouns),
        releases=_releases(s, client_id, clock.today()),
    )


# Next steps -------------------------------------------------------------------------------------------------------


def _steps(s: Session, client_id: str, today: date) -> SideCard:
    rows = s.execute(
        select(FollowUp.id, FollowUp.kind, FollowUp.what, FollowUp.due_on, FollowUp.due_at, Organization.name)
        .outerjoin(Referral, Referral.id == FollowUp.referral_id)
        .outerjoin(Service, Service.id == Referral.service_id)
        .outerjoin(Organization, Organization.id == Service.organization_id)
        .where(FollowUp.client_id == client_id, FollowUp.state == StepState.OPEN, FollowUp.set_aside_at.is_(None))
        .order_by(FollowUp.due_on, FollowUp.due_at.is_(None), FollowUp.due_at, FollowUp.id)
    )
    made = []
    for step_id, kind, what, due_on, due_at, organization in rows:
        title = step_title(kind, what, organization or "")
        if due_on < today:
            aside, tone = late((today - due_on).days), Tone.OVERDUE
        else:
            aside, tone = coming_day(due_on, today), Tone.DUE if due_on == today else Tone.PLAIN
            if due_at and due_on == today:
                aside = _("{day} {time}").format(day=aside, time=clock_time(due_at))
        made.append(SideRow(id=step_id, lead=title.lead, rest=title.rest, aside=aside, tone=tone))
    return SideCard(title=_("Next steps"), rows=tuple(made), sentence=_("No next step. Choose one."))


# Reaching somebody ------------------------------------------------------------------------------------------------


def read_reach(s: Session, client_id: str, pronouns: str) -> SideCard:
    """Return the client's numbers with their rules, then those of people who may be asked."""
    rows = [_number(number) for number in beside.numbers(s, [client_id]).get(client_id, ())]
    close = s.execute(
        select(RelatedPerson.id, RelatedPerson.name, RelatedPerson.relationship, RelatedPerson.phone)
        .where(
            RelatedPerson.client_id == client_id,
            RelatedPerson.set_aside_at.is_(None),
            RelatedPerson.may_contact == MayContact.YES,
            RelatedPerson.phone != "",
        )
        .order_by(RelatedPerson.created_at)
    )
    rows += [
        SideRow(
            id=person_id,
            lead=show_phone(phone),
            rest=", ".join(part for part in (name, relationship) if part),
            aside=MayContact.YES.label,
        )
        for person_id, name, relationship, phone in close
    ]
    sentence = _("No number yet.")
    return SideCard(title=pronoun(pronouns).reach_title, rows=tuple(rows), sentence=sentence)


def _number(number: Number) -> SideRow:
    rule = voicemail(number.voicemail, number.voicemail_words)
    hours = number.safe_hours.strip()
    detail = _("{rule}. Best {hours}.").format(rule=rule, hours=hours) if hours else rule
    if number.safe_to_call is YesNo.NO:
        aside, tone = _("not safe to call"), Tone.DANGER
    else:
        tone = Tone.CAUTION if number.text_ok is YesNo.NO else Tone.PLAIN
        aside = "" if number.text_ok not in (YesNo.YES, YesNo.NO) else lower_start(texting(number.text_ok, ""))
    return SideRow(id="", lead=show_phone(number.number), rest=number.kind, aside=aside, tone=tone, detail=detail)


def _people(s: Session, client_id: str, pronouns: str) -> SideCard:
    rows = s.execute(
        select(RelatedPerson.id, RelatedPerson.name, RelatedPerson.relationship, RelatedPerson.may_contact)
        .add_columns(RelatedPerson.note)
        .where(RelatedPerson.client_id == client_id, RelatedPerson.set_aside_at.is_(None))
        .order_by(RelatedPerson.created_at, RelatedPerson.id)
    )
    tones = {MayContact.NO: Tone.DANGER, MayContact.WITH_CONSENT: Tone.CAUTION, MayContact.EMERGENCY: Tone.CAUTION}
    made = tuple(
        SideRow(
            id=person_id,
            lead=name or upper_first(relationship),
            rest=relationship if name else "",
            aside=may.label,
            tone=tones.get(may, Tone.PLAIN),
            detail=note,
        )
        for person_id, name, relationship, may, note in rows
    )
    return SideCard(
        title=pronoun(pronouns).around_title, rows=made, sentence=_("Family, friends and who else may be asked.")
    )


# Referrals and releases -------------------------------------------------------------------------------------------


def _referrals(s: Session, client_id: str, clock: Clock) -> SideCard:
    today = clock.today()
    rows = s.execute(
        select(
            Referral.id,
            Referral.state,
            Referral.sent_at,
            Referral.need,
            Service.name.label("service"),
            Organization.name.label("organization"),
            Packet.number.label("packet"),
            PrivateNotes.who_answers,
        )
        .outerjoin(Service, Service.id == Referral.service_id)
        .outerjoin(Organization, Organization.id == Service.organization_id)
        .outerjoin(PrivateNotes, PrivateNotes.service_id == Service.id)
        .outerjoin(Packet, Packet.referral_id == Referral.id)
        .where(Referral.client_id == client_id, Referral.set_aside_at.is_(None), Referral.state.not_in(FINAL_STATES))
        .order_by(Referral.sent_at.is_(None), Referral.sent_at, Referral.id)
    )
    made = []
    for row in rows:
        days = (today - clock.local(row.sent_at).date()).days if row.sent_at else None
        badge = referral_badge(row.state, days)
        made.append(
            SideRow(
                id=row.id,
                lead=row.organization or _("No service chosen"),
                rest=_sought(row.service, row.need),
                aside=lower_start(badge.text),
                tone=badge.tone,
                detail=_packet(row.packet, row.who_answers),
            )
        )
    return SideCard(title=_("Open referrals"), rows=tuple(made), sentence=_("Nothing is under way."))


def _sought(service: str | None, need: Need | None) -> str:
    if service:
        return lower_first(service)
    return lower_start(need.label) if need else ""


def _packet(number: str | None, who_answers: str | None) -> str:
    """Return "Packet 481 207. Renee answers before 11."."""
    packet = _("Packet {number}.").format(number=f"{number[:3]} {number[3:]}") if number else ""
    return " ".join(part for part in (packet, (who_answers or "").strip()) if part)


def _releases(s: Session, client_id: str, today: date) -> SideCard:
    rows = s.execute(
        select(Release.id, Release.recipient, Release.direction, Release.status, Release.expires_on)
        .add_columns(Release.revoked_on)
        .where(Release.client_id == client_id, Release.set_aside_at.is_(None))
        .order_by(Release.status == ReleaseStatus.REVOKED, Release.expires_on, Release.id)
    )
    made = []
    for release_id, recipient, direction, status, expires_on, revoked_on in rows:
        aside, tone = _stands(status, expires_on, revoked_on, today)
        made.append(SideRow(id=release_id, lead=recipient, rest=lower_start(direction.label), aside=aside, tone=tone))
    return SideCard(title=_("Releases"), rows=tuple(made), sentence=_("Nothing may be told without one."))


def _stands(status: ReleaseStatus, ends: date | None, revoked: date | None, today: date) -> tuple[str, Tone]:
    """Return until when a release lets anything be told, or why it does no longer."""
    if status is ReleaseStatus.REVOKED:
        words = _("revoked {day}").format(day=short_day(revoked, today)) if revoked else lower_start(status.label)
        return words, Tone.DANGER
    if status is ReleaseStatus.DRAFT:
        return lower_start(status.label), Tone.CAUTION
    if ends is None:
        return lower_start(status.label), Tone.PLAIN
    if ends < today:
        return _("ended {day}").format(day=short_day(ends, today)), Tone.DANGER
    soon = (ends - today).days <= 14  # noqa: PLR2004  two weeks, as in "Running out"
    return _("until {day}").format(day=short_day(ends, today)), Tone.CAUTION if soon else Tone.PLAIN
