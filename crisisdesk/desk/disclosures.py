"""What leaves the office: file the packet as it was printed, log it, and set what happens next, in one write."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from crisisdesk.clock import Clock
from crisisdesk.desk.drafts import Problems
from crisisdesk.desk.followups import FollowUpDraft, new_step
from crisisdesk.desk.referrals import Referrals
from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.records.attachments import Attachment
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.records.choices import (
    Audience,
    Basis,
    Direction,
    DisclosureHow,
    PageKind,
    PaperKind,
    ReferralState,
)
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.disclosures import Disclosure, Packet
from crisisdesk.records.referrals import Referral
from crisisdesk.records.releases import Release
from crisisdesk.vault.store import Store
from crisisdesk.vault.write import Write


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One PDF as it was printed, for one audience."""

    audience: Audience
    kinds: tuple[PageKind, ...]
    pages: int
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A packet's paper in the chart."""

    attachment_id: str
    title: str
    pages: int
    filed_at: datetime


class Disclosures:
    """Files packets and keeps the log of what left the office."""

    def __init__(self, store: Store, clock: Clock, referrals: Referrals) -> None:
        self._store = store
        self._clock = clock
        self._referrals = referrals

    def packet_number(self, referral_id: str) -> str:
        """Return the number of a referral's packet, giving it one if it was opened without. Raises NotFound."""
        with self._store.read() as s:
            number = s.scalar(select(Packet.number).where(Packet.referral_id == referral_id))
        if number is not None:
            return number
        with self._store.write("Number packet", undoable=False) as s:
            referral = s.get_one(Referral, referral_id)
            packet = Packet(referral_id=referral_id, client_id=referral.client_id, number=s.packet_number())
            s.add(packet)
        return packet.number

    def first_printed_at(self, referral_id: str) -> datetime | None:
        """Return when the packet was first printed, if it was: then the next print is a copy."""
        with self._store.read() as s:
            return s.scalar(select(Packet.first_printed_at).where(Packet.referral_id == referral_id))

    def file_packet(
        self,
        referral_id: str,
        papers: Sequence[Paper],
        *,
        how: DisclosureHow,
        again: FollowUpDraft | None,
    ) -> tuple[str, ...]:
        """File the pages as they were printed, log what left, mark the referral sent, set the next step: one write.

        Returns the ids of the filed papers. It can't be undone: paper that is out is out.
        Raises Invalid if the provider's pages have neither a release in force nor a stated basis, or no service.
        """
        if again:
            again.check()
        with self._store.write("Print packet", undoable=False) as s:
            referral = s.get_one(Referral, referral_id)
            release = self._checked(s, referral, papers)
            packet = s.scalars(select(Packet).where(Packet.referral_id == referral_id)).one()
            ids = tuple(self._file(s, referral, packet, release, paper, how) for paper in papers)
            packet.pages = tuple(dict.fromkeys(kind for paper in papers for kind in paper.kinds))
            packet.first_printed_at = packet.first_printed_at or self._clock.now()
            if referral.state in (ReferralState.DRAFT, ReferralState.INFORMATION):
                to_provider = any(paper.audience is Audience.PROVIDER for paper in papers)
                state = ReferralState.SENT if to_provider else ReferralState.INFORMATION
                self._referrals.advance(s, referral, state)
                referral.sent_at = self._clock.now()
            if again:
                again.referral_id = referral_id
                s.add(new_step(referral.client_id, again))
        return ids

    def _checked(self, s: Write, referral: Referral, papers: Sequence[Paper]) -> Release | None:
        """Return the release that lets the provider be told, if one does."""
        problems = Problems()
        problems.require("service_id", referral.service_id, _("Choose a place to send the client first."))
        release = s.get(Release, referral.release_id) if referral.release_id else None
        in_force = self._is_covered(s, referral, release)
        if any(paper.audience is Audience.PROVIDER for paper in papers):
            stated = referral.basis is not None and bool(referral.basis_reason.strip())
            if not in_force and not stated:
                problems.add(
                    "release_id", _("There is no release in force. Get one, or say on what ground you tell them.")
                )
        problems.raise_any()
        return release if in_force else None

    def _is_covered(self, s: Write, referral: Referral, release: Release | None) -> bool:
        """Whether a release in force lets this very organization be told."""
        organization_id = s.execute(
            select(Service.organization_id).where(Service.id == referral.service_id)
        ).scalar_one_or_none()
        if release is None or release.direction is Direction.FROM:
            return False
        names_them = organization_id is not None and release.organization_id == organization_id
        return names_them and release.client_id == referral.client_id and release.is_in_force(self._clock.today())

    def _file(
        self,
        s: Write,
        referral: Referral,
        packet: Packet,
        release: Release | None,
        paper: Paper,
        how: DisclosureHow,
    ) -> str:
        digest = hashlib.sha256(paper.content).hexdigest()
        to_client = paper.audience is Audience.CLIENT
        title = _("Packet {number}, for the client") if to_client else _("Packet {number}, for the provider")
        attachment = Attachment(
            client_id=referral.client_id,
            referral_id=referral.id,
            packet_id=packet.id,
            kind=PaperKind.PACKET,
            title=title.format(number=f"{packet.number[:3]} {packet.number[3:]}"),
            pages=paper.pages,
            sha256=digest,
            content=paper.content,
        )
        s.add(attachment)
        recipient = s.execute(
            select(Organization.name)
            .join(Service, Service.organization_id == Organization.id)
            .where(Service.id == referral.service_id)
        ).scalar_one_or_none()
        basis = Basis.CLIENT if to_client else (Basis.RELEASE if release else referral.basis or Basis.TREATMENT)
        made = s.add(
            Disclosure(
                client_id=referral.client_id,
                referral_id=referral.id,
                packet_id=packet.id,
                release_id=release.id if release and not to_client else None,
                attachment_id=attachment.id,
                made_at=self._clock.now(),
                audience=paper.audience,
                recipient=_("the client") if to_client else recipient or "",
                how=how,
                basis=basis,
                reason="" if release or to_client else referral.basis_reason,
                what=", ".join(kind.label for kind in paper.kinds),
                pages=paper.pages,
                sha256=digest,
            )
        )
        _tell_log(s, packet, made)
        return attachment.id

    def papers(self, referral_id: str) -> tuple[Filed, ...]:
        """Return the papers filed for a referral, newest first."""
        with self._store.read() as s:
            rows = s.execute(
                select(Attachment.id, Attachment.title, Attachment.pages, Attachment.created_at)
                .where(Attachment.referral_id == referral_id)
                .order_by(Attachment.created_at.desc())
            )
            return tuple(
                Filed(attachment_id=row_id, title=title, pages=pages, filed_at=at) for row_id, title, pages, at in rows
            )

    def paper(self, attachment_id: str) -> bytes:
        """Return a filed paper's bytes, and log that it was looked at. Raises NotFound."""
        with self._store.read() as s:
            content = s.scalar(select(Attachment.content).where(Attachment.id == attachment_id))
        if content is None:
            raise NotFound(_("This paper is no longer in the file."))
        return content

    def count(self, client_id: str) -> int:
        """Return how often something about a client left the office."""
        with self._store.read() as s:
            return s.scalar(select(func.count()).where(Disclosure.client_id == client_id)) or 0


def _tell_log(s: Write, packet: Packet, made: Disclosure) -> None:
    """Have the audit log say what left, to whom, on what ground and with which consent: ids and codes only."""
    kind = AuditKind.PRINT if made.how is DisclosureHow.PRINTED else AuditKind.SAVE
    s.audit(kind, "packet", packet.id, f"{made.audience.value}:{made.basis.value}:{made.pages}")
    to = f"client:{made.client_id}"
    if made.audience is Audience.PROVIDER:
        organization = s.execute(
            select(Service.organization_id)
            .join(Referral, Referral.service_id == Service.id)
            .where(Referral.id == made.referral_id)
        ).scalar_one_or_none()
        to = f"organization:{organization or ''}"
    s.audit(AuditKind.SENT_TO, "packet", packet.id, to)
    if made.release_id:
        s.audit(AuditKind.CONSENT, "packet", packet.id, f"release:{made.release_id}")
    s.audit(AuditKind.DOCUMENT, "packet", packet.id, f"sha256:{made.sha256}")
