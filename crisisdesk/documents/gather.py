"""From the desk to a packet: what a referral's pages say, read once and frozen."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from crisisdesk.desk.clients import ClientDraft, PersonDraft, PhoneDraft
from crisisdesk.desk.phones import show_phone
from crisisdesk.desk.practice import Practice
from crisisdesk.desk.referrals import ReferralDraft, ReferralFacts
from crisisdesk.desk.releases import ReleaseInForce
from crisisdesk.desk.service_card import PlaceLine, ServiceCard
from crisisdesk.desk.words import Birth, age_years, one_stop
from crisisdesk.desk.workdays import add_workdays
from crisisdesk.documents import dates, facts
from crisisdesk.i18n import N_, _
from crisisdesk.records.choices import (
    Basis,
    BirthQuality,
    CheckHow,
    MayContact,
    PhoneType,
    ReleaseStatus,
    StepKind,
    Urgency,
    VoicemailRule,
    YesNo,
)

if TYPE_CHECKING:
    from crisisdesk.desk import Desk

_SHORT = 180  # letters; what a service does, in a sentence or two, however much its publisher wrote
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")

_URGENCY = {
    Urgency.SAME_DAY: N_("The same day"),
    Urgency.HOURS_72: N_("Within 72 hours"),
    Urgency.ROUTINE: N_("Routine"),
}
# On what ground the provider's pages leave without a release; the reason itself is never printed.
_GROUNDS = {
    Basis.TREATMENT: N_("Shared for the client’s treatment."),
    Basis.THREAT: N_("Shared because of a serious and imminent threat."),
    Basis.MANDATED: N_("Shared as the law requires."),
    Basis.PART2_EMERGENCY: N_("Shared in a medical emergency."),
    Basis.FAMILY: N_("Shared for the client’s care."),
}
_VOICEMAIL = {
    VoicemailRule.NO: N_("No message, please."),
    VoicemailRule.NO_IDENTITY: N_("A message is fine, but please don’t say who you are."),
    VoicemailRule.OK: N_("A message is fine."),
}
_CHECKED = {
    CheckHow.PHONE: N_("{place} was called and this page checked on {day}."),
    CheckHow.VISIT: N_("{place} was visited and this page checked on {day}."),
}


def packet(
    desk: "Desk",
    referral_id: str,
    *,
    printed_at: datetime,
    again_on: date | None = None,
    twelve_hour: bool = False,
) -> facts.Packet:
    """Return what the pages of a referral say now. ``again_on``: when the client is called, if no call is set yet.

    The packet gets its number here, the first time. Raises NotFound.
    """
    referral = desk.referrals.facts(referral_id)
    practice = desk.practice.get()
    client = desk.clients.draft(referral.client_id)
    card = desk.services.card(referral.draft.service_id, twenty_four=False) if referral.draft.service_id else None
    first = desk.disclosures.first_printed_at(referral_id)
    return facts.Packet(
        number=desk.disclosures.packet_number(referral_id),
        printed_at=printed_at,
        first_printed_at=desk.clock.local(first) if first else None,
        twelve_hour=twelve_hour,
        anchor=desk.audit_trail.anchor(),
        sender=sender(practice),
        recipient=_recipient(referral.draft, card),
        referral=_referral(desk, referral, card, practice),
        client=_client(desk, referral, client, card, practice),
        handout=_handout(client, card, practice, referral.draft, call_on(desk, referral.client_id) or again_on),
    )


def sender(practice: Practice) -> facts.Sender:
    """Return the clinician as her letterhead says it."""
    return facts.Sender(
        name=practice.clinician,
        first_name=practice.called,
        credential=practice.credential,
        department=practice.department,
        unit=practice.unit,
        phone=show_phone(practice.phone),
        phone_note=practice.phone_note,
        fax=show_phone(practice.fax),
    )


def paper_size(practice: Practice) -> facts.Paper:
    """Return the paper in her printer."""
    return facts.Paper.A4 if practice.paper == facts.Paper.A4 else facts.Paper.LETTER


def call_on(desk: "Desk", client_id: str) -> date | None:
    """Return the day on which the client is called next, if one is set and still to come."""
    today = desk.clock.today()
    days = (step.due_on for step in desk.followups.open_steps(client_id) if step.kind is StepKind.CALL)
    return next((day for day in days if day >= today), None)


def reply_by(desk: "Desk", practice: Practice) -> date:
    """Return the day by which an answer is asked for."""
    return add_workdays(desk.clock.today(), practice.reply_workdays, practice.region)


# Where it goes -------------------------------------------------------------------------------------------------------


def _recipient(draft: ReferralDraft, card: ServiceCard | None) -> facts.Recipient:
    if card is None:
        return facts.Recipient(contact_name=draft.spoke_with)
    place = _place(card)
    return facts.Recipient(
        contact_name=draft.spoke_with,
        organization=card.organization,
        service=_service_name(card),
        fax=_phone(card, PhoneType.FAX),
        phone=_phone(card, PhoneType.VOICE),
        address="\n".join(part for part in (place.street, place.town) if part) if place else "",
    )


def _service_name(card: ServiceCard) -> str:
    """Return the service's name as it reads behind the organization's; "" where it says the same."""
    name = card.title.removeprefix(f"{card.organization}, ")
    return "" if name == card.organization else name


def _place(card: ServiceCard) -> PlaceLine | None:
    return next((place for place in card.public.places if place.street or place.town), None)


def _phone(card: ServiceCard, kind: PhoneType) -> str:
    """Return the first public number of a kind; for a voice, any that people talk on."""
    mute = {PhoneType.FAX, PhoneType.TEXT, PhoneType.PAGER, PhoneType.TEXTPHONE, PhoneType.VIDEO}
    fits = (phone for phone in card.public.phones if (phone.type is kind if kind in mute else phone.type not in mute))
    return next((phone.number for phone in fits), "")


# What is asked for ---------------------------------------------------------------------------------------------------


def _referral(
    desk: "Desk", referral: ReferralFacts, card: ServiceCard | None, practice: Practice
) -> facts.ReferralFacts:
    draft = referral.draft
    release = desk.releases.in_force(referral.client_id, card.organization_id) if card else None
    return facts.ReferralFacts(
        number=referral.number,
        need_label=draft.need.label if draft.need else "",
        sentence=draft.sentence,
        urgency_label=_(_URGENCY[draft.urgency]),
        reply_by=reply_by(desk, practice),
        sent_at=desk.clock.local(referral.sent_at) if referral.sent_at else None,
        basis=_basis(draft, release),
    )


def _basis(draft: ReferralDraft, release: ReleaseInForce | None) -> str:
    if release is None:
        return _(_GROUNDS[draft.basis]) if draft.basis in _GROUNDS else ""
    if release.signed_on is None:
        return _("Shared with the client’s release.")
    words = _("Shared with the client’s signed release of {day}.")
    if release.status is ReleaseStatus.VERBAL:
        words = _("Shared as the client agreed in words on {day}.")
    return words.format(day=dates.short_day(release.signed_on, _))


# The client ----------------------------------------------------------------------------------------------------------


def _client(
    desk: "Desk", referral: ReferralFacts, client: ClientDraft, card: ServiceCard | None, practice: Practice
) -> facts.ClientFacts:
    draft = referral.draft
    head = desk.chart.head(referral.client_id)
    name = " ".join(part.strip() for part in (client.first_name, client.middle_name, client.last_name) if part.strip())
    unnamed = _("not known; described as “{words}”").format(words=client.described_as) if client.described_as else ""
    is_called_so = bool(client.goes_by) and client.goes_by != name
    return facts.ClientFacts(
        initials=head.initials if name else "?",
        record_number=head.number,
        name=name or (unnamed if not is_called_so else ""),
        goes_by=client.goes_by if is_called_so else "",
        pronouns=client.pronouns,
        born_on=client.born_on,
        born_about=client.birth_quality is BirthQuality.APPROXIMATE,
        age=age_years(Birth(born_on=client.born_on, guess=client.age_guess), desk.clock.today()),
        languages=client.languages,
        interpreter=_("Please get an interpreter.") if client.interpreter is YesNo.YES else "",
        insurance=client.insurance,
        legal=client.legal_status,
        guardian=client.guardian,
        wants=draft.wants,
        has=draft.has,
        tried=draft.tried,
        transport=_("A ride is arranged.") if draft.ride_solved else "",
        reach=_reach(client, desk.clients.people(referral.client_id), draft, card, practice),
    )


def _reach(
    client: ClientDraft,
    people: tuple[PersonDraft, ...],
    draft: ReferralDraft,
    card: ServiceCard | None,
    practice: Practice,
) -> facts.ReachFacts:
    never = [person.relationship or person.name for person in people if person.may_contact is MayContact.NO]
    mail = _("Plain envelope only") if client.plain_envelope else ""
    if client.safe_to_mail is YesNo.NO:
        mail = _("Nothing by mail, please.")
    elif client.safe_to_mail is YesNo.YES and not mail:
        mail = _("Mail is fine.")
    silence = _("{people}. If they call or come, please don’t say whether the client is with you.")
    return facts.ReachFacts(
        phones=tuple(_safe_phones(client.phones, draft, card, practice)),
        mail=mail,
        never_contact=silence.format(people=_upper_first(", ".join(never))) if never else "",
    )


def _safe_phones(
    phones: list[PhoneDraft], draft: ReferralDraft, card: ServiceCard | None, practice: Practice
) -> Iterator[facts.SafePhone]:
    """Yield the numbers known to be safe, in the order in which they are tried; what nobody has asked is no yes."""
    for phone in phones:
        if phone.safe_to_call is not YesNo.YES or phone.kind is PhoneType.FAX or not phone.number.strip():
            continue
        words = phone.voicemail_words.strip() if phone.voicemail is VoicemailRule.CUSTOM else ""
        is_secret = bool(words) or phone.voicemail is VoicemailRule.NO_IDENTITY
        silence = one_stop(_("Do not name {place}.").format(place=card.organization)) if card and is_secret else ""
        rule = _(_VOICEMAIL[phone.voicemail]) if phone.voicemail in _VOICEMAIL else ""
        texts = {YesNo.YES: _("Text is fine."), YesNo.NO: _("No texts, please.")}
        yield facts.SafePhone(
            number=show_phone(phone.number),
            when=phone.safe_hours.strip(),
            text=texts.get(phone.text_ok, ""),
            say_only=_said_by_them(words, draft, practice),
            voicemail=" ".join(part for part in (rule, silence) if part),
        )


def _said_by_them(words: str, draft: ReferralDraft, practice: Practice) -> str:
    """Return her words for a voicemail as they would say them: "Dana, for Maria" is "Renee, for Maria" there."""
    if not words or not practice.called:
        return words
    own = re.compile(rf"\b{re.escape(practice.called)}\b")
    theirs = draft.spoke_with.replace(",", " ").split()[:1]
    said = theirs[0] if theirs else _("(your first name)")
    return own.sub(lambda _found: said, words)


# The client's own page -----------------------------------------------------------------------------------------------


def _handout(
    client: ClientDraft, card: ServiceCard | None, practice: Practice, draft: ReferralDraft, day: date | None
) -> facts.Handout:
    reader = client.goes_by or client.first_name
    if card is None:
        return facts.Handout(reader=reader, call_on=day)
    public, place = card.public, _place(card)
    contact = draft.spoke_with.partition(",")[0].strip()
    return facts.Handout(
        reader=reader,
        name=card.title,
        what=_first_sentences(card.summary),
        phone=_phone(card, PhoneType.VOICE),
        hours=_closed(public.hours),
        ask_for=contact,
        say_this=public.say_this or _words_to_say(reader, practice),
        address="\n".join(part for part in (place.street, place.town) if part) if place else "",
        landmark=_closed(_upper_first(place.directions)) if place else "",
        bring=_closed(public.bring),
        what_happens=_closed(public.what_happens),
        cost=_closed(_upper_first(public.cost)),
        call_on=day,
        checked=_checked(card),
    )


def _words_to_say(reader: str, practice: Practice) -> str:
    if not practice.called:
        return ""
    if not reader:
        return _("Hi. {clinician} told me about you. I would like to come.").format(clinician=practice.called)
    words = _("Hi, I’m {name}. {clinician} told me about you. I would like to come.")
    return words.format(name=reader, clinician=practice.called)


def _checked(card: ServiceCard) -> str:
    if card.checked_on is None:
        return ""
    how = card.checks[0].how if card.checks else CheckHow.USED
    words = _CHECKED.get(how, N_("This page was checked on {day}."))
    return _(words).format(place=card.organization, day=dates.day(card.checked_on, _))


def _first_sentences(text: str) -> str:
    """Return as many whole sentences as are short enough to be read at a glance."""
    flat = " ".join(text.split())
    if len(flat) <= _SHORT:
        return flat
    kept = ""
    for sentence in _SENTENCE_END.split(flat):
        if kept and len(kept) + len(sentence) >= _SHORT:
            break
        kept = f"{kept} {sentence}".strip()
    return kept if len(kept) <= _SHORT else kept[: _SHORT - 1].rsplit(" ", 1)[0] + "…"


def _closed(text: str) -> str:
    """Return a text as a sentence ends."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
