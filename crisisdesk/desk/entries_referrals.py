"""A timeline's referrals, what became of them, and the papers in the chart, in words."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crisisdesk.desk.entries import Entry, EntryKind, Reading, joined
from crisisdesk.desk.words import lower_start, one_stop, referral_badge
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.records.attachments import Attachment
from crisisdesk.records.choices import (
    Audience,
    DisclosureHow,
    HandOff,
    Need,
    PaperKind,
    ReferralState,
    ToldBy,
)
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.disclosures import Disclosure, Packet
from crisisdesk.records.referrals import Referral, ReferralEvent

# Referrals --------------------------------------------------------------------------------------------------------

_SENT_HOW = {
    DisclosureHow.PRINTED: N_("Packet {number} printed"),
    DisclosureHow.FILE: N_("Packet {number} saved as a file"),
    DisclosureHow.FAXED: N_("Packet {number} faxed"),
    DisclosureHow.SPOKEN: N_("Packet {number} told"),
}
# States that the referral's own entry tells of already.
TOLD = (ReferralState.DRAFT, ReferralState.SENT, ReferralState.INFORMATION)


def read_referrals(s: Session, reading: Reading) -> Sequence[Entry]:
    """Return referrals, each at the moment when it was sent, with how it stands now."""
    at = func.coalesce(Referral.sent_at, Referral.created_at)
    rows = s.execute(
        select(
            Referral.id,
            Referral.need,
            Referral.sentence,
            Referral.hand_off,
            Referral.spoke_with,
            Referral.state,
            Referral.sent_at,
            Organization.name.label("organization"),
            at.label("at"),
        )
        .outerjoin(Service, Service.id == Referral.service_id)
        .outerjoin(Organization, Organization.id == Service.organization_id)
        .where(Referral.id.in_(reading.ids))
    ).all()
    packets = _packets(s, [row.id for row in rows])
    today = reading.clock.today()
    return [
        Entry(
            kind=EntryKind.REFERRAL,
            id=row.id,
            record_id=row.id,
            code=row.hand_off.value,
            at=row.at,
            heading=reading.heading(row.at),
            time=reading.time(row.at),
            title=_referred(row.organization, row.state),
            detail=_sought(row.need),
            body=joined(_handed(row.hand_off, row.spoke_with), packets.get(row.id, ""), row.sentence),
            badge=referral_badge(
                row.state, (today - reading.clock.local(row.sent_at).date()).days if row.sent_at else None
            ),
            short=_short_referral(row.organization, row.need),
        )
        for row in rows
    ]


def _packets(s: Session, referral_ids: Iterable[str]) -> Mapping[str, str]:
    """Return "Packet 481 207 faxed, 5 pages." for the provider's pages of these referrals."""
    rows = s.execute(
        select(Disclosure.referral_id, Packet.number, Disclosure.how, Disclosure.pages, func.min(Disclosure.made_at))
        .join(Packet, Packet.id == Disclosure.packet_id)
        .where(Disclosure.referral_id.in_(referral_ids), Disclosure.audience == Audience.PROVIDER)
        .group_by(Disclosure.referral_id)
    )
    found = {}
    for referral_id, number, how, pages, _first in rows:
        if referral_id:
            sent = _(_SENT_HOW[how]).format(number=f"{number[:3]} {number[3:]}")
            count = ngettext("{count} page", "{count} pages", pages).format(count=pages)
            found[referral_id] = _("{sent}, {pages}.").format(sent=sent, pages=count)
    return found


def _sought(need: Need | None) -> str:
    """Return "for a place to live", "to stop using"."""
    if need in (Need.STOP_USING, Need.SAFE_AT_HOME):
        return lower_start(need.label)
    return _("for {need}").format(need=lower_start(need.label)) if need else ""


def _referred(organization: str | None, state: ReferralState) -> str:
    if not organization:
        return _("Referral, no service chosen yet")
    if state is ReferralState.DRAFT:
        return _("Referral to {organization}, not sent yet").format(organization=organization)
    return _("Referred to {organization}").format(organization=organization)


def _handed(how: HandOff, spoke_with: str) -> str:
    if spoke_with.strip():
        return one_stop(_("{how}, spoke with {who}.").format(how=how.label, who=spoke_with.strip()))
    return _("{how}.").format(how=how.label)


def _short_referral(organization: str | None, need: Need | None) -> str:
    parts = (organization or "", lower_start(need.label) if need else "")
    return ", ".join(part for part in parts if part) or _("Referral")


def read_referral_events(s: Session, reading: Reading) -> Sequence[Entry]:
    """Return what became of referrals after they were sent, and who told us."""
    rows = s.execute(
        select(
            ReferralEvent.id,
            ReferralEvent.referral_id,
            ReferralEvent.at,
            ReferralEvent.state,
            ReferralEvent.told_by,
            ReferralEvent.note,
            Organization.name.label("organization"),
        )
        .join(Referral, Referral.id == ReferralEvent.referral_id)
        .outerjoin(Service, Service.id == Referral.service_id)
        .outerjoin(Organization, Organization.id == Service.organization_id)
        .where(ReferralEvent.id.in_(reading.ids))
    )
    return [
        Entry(
            kind=EntryKind.REFERRAL,
            id=row.id,
            record_id=row.referral_id,
            code=row.state.value,
            at=row.at,
            heading=reading.heading(row.at),
            time=reading.time(row.at),
            title=_("{organization}: {state}").format(
                organization=row.organization or _("Referral"), state=lower_start(row.state.label)
            ),
            detail=_told(row.told_by),
            body=row.note,
            badge=None,
            short=_("{organization}: {state}").format(
                organization=row.organization or _("Referral"), state=lower_start(row.state.label)
            ),
        )
        for row in rows
    ]


def _told(by: ToldBy | None) -> str:
    if by is None:
        return ""
    return by.label if by is ToldBy.ASSUMED else _("said {who}").format(who=by.label)


# Papers -----------------------------------------------------------------------------------------------------------

_MADE_FOR = {
    DisclosureHow.PRINTED: N_("Printed for {recipient}."),
    DisclosureHow.FILE: N_("Saved as a file for {recipient}."),
    DisclosureHow.FAXED: N_("Faxed to {recipient}."),
    DisclosureHow.SPOKEN: N_("Told to {recipient}."),
}


def read_papers(s: Session, reading: Reading) -> Sequence[Entry]:
    """Return the papers in the chart, never their bytes."""
    rows = s.execute(
        select(
            Attachment.id,
            Attachment.kind,
            Attachment.title,
            Attachment.pages,
            Attachment.created_at,
            func.min(Disclosure.made_at),
            Disclosure.how,
            Disclosure.recipient,
        )
        .outerjoin(Disclosure, Disclosure.attachment_id == Attachment.id)
        .where(Attachment.id.in_(reading.ids))
        .group_by(Attachment.id)
    )
    return [
        Entry(
            kind=EntryKind.PAPER,
            id=row.id,
            record_id=row.id,
            code=row.kind.value,
            at=row.created_at,
            heading=reading.heading(row.created_at),
            time=reading.time(row.created_at),
            title=row.title or row.kind.label,
            detail=ngettext("{count} page", "{count} pages", row.pages).format(count=row.pages) if row.pages else "",
            body=one_stop(_(_MADE_FOR[row.how]).format(recipient=row.recipient)) if row.how and row.recipient else "",
            badge=None,
            short=row.title if row.kind is PaperKind.PACKET else row.kind.label,
        )
        for row in rows
    ]
