"""Releases of information: write them down, find the one in force, revoke."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select

from crisisdesk.clock import Clock
from crisisdesk.desk.drafts import Problems
from crisisdesk.desk.names import fold
from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.records.choices import Direction, ReleaseScope, ReleaseStatus
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Organization
from crisisdesk.records.releases import Release
from crisisdesk.vault.store import Store

_LEAP_DAY = (2, 29)


def usual_end(signed_on: date) -> date:
    """Return the day on which a release ends if the paper says nothing else: one year (domain.md, appendix B.8)."""
    is_leap_day = (signed_on.month, signed_on.day) == _LEAP_DAY
    return signed_on.replace(year=signed_on.year + 1, day=28 if is_leap_day else signed_on.day)


@dataclass(kw_only=True)
class ReleaseDraft:
    """What the release form holds; it is kept only with all that domain.md, appendix B, asks for."""

    recipient: str = ""
    recipient_contact: str = ""
    organization_id: str | None = None
    direction: Direction = Direction.TO
    scopes: tuple[ReleaseScope, ...] = (ReleaseScope.IDENTITY, ReleaseScope.REASON)
    purpose: str = ""
    status: ReleaseStatus | None = None  # how it was given is never guessed
    signed_on: date | None = None
    expires_on: date | None = None
    signed_by: str = ""

    def check(self, today: date) -> None:
        """Raise Invalid where it can't be kept yet."""
        problems = Problems()
        problems.require("recipient", self.recipient, _("Who may be told? Type the agency or person on the paper."))
        problems.require("purpose", self.purpose, _("What for? A few words, as on the paper."))
        problems.require("status", self.status, _("How was it given? Choose one."))
        problems.require("signed_on", self.signed_on, _("On what day was it signed or agreed?"))
        if self.signed_on and self.signed_on > today:
            problems.add("signed_on", _("That date is still to come."))
        problems.require("expires_on", self.expires_on, _("On what day does it end? One year is usual."))
        if self.signed_on and self.expires_on and self.expires_on < self.signed_on:
            problems.add("expires_on", _("It would end before it begins."))
        if not self.scopes:
            problems.add("scopes", _("Tick what may be told."))
        problems.raise_any()


@dataclass(frozen=True, kw_only=True)
class ReleaseInForce:
    """A release that lets something be told today."""

    id: str
    recipient: str
    scopes: tuple[ReleaseScope, ...]
    status: ReleaseStatus
    signed_on: date | None
    expires_on: date | None


class Releases:
    """What she does with releases."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def add(self, client_id: str, draft: ReleaseDraft) -> str:
        """Write down a release and return its id. Raises Invalid, NotFound."""
        draft.check(self._clock.today())
        with self._store.write("Add release") as s:
            s.get_one(Client, client_id)
            release = Release(client_id=client_id, **{f.name: getattr(draft, f.name) for f in fields(ReleaseDraft)})
            s.add(release)
        return release.id

    def draft(self, release_id: str) -> ReleaseDraft:
        """Return a release as the form shows it. Raises NotFound."""
        with self._store.read() as s:
            row = s.get(Release, release_id)
            if row is None:
                raise NotFound(_("This release is no longer in the file."))
            return ReleaseDraft(**{f.name: getattr(row, f.name) for f in fields(ReleaseDraft)})

    def edit(self, release_id: str, draft: ReleaseDraft) -> None:
        """Put right what was written down of a release. Raises Invalid, NotFound."""
        draft.check(self._clock.today())
        with self._store.write("Edit release") as s:
            release = s.get_one(Release, release_id)
            for f in fields(ReleaseDraft):
                setattr(release, f.name, getattr(draft, f.name))

    def agencies(self) -> Mapping[str, str]:
        """Return the organizations of her directory as folded name to id; a release names one of them or anybody."""
        with self._store.read() as s:
            rows = s.execute(
                select(Organization.name, Organization.id)
                .where(Organization.set_aside_at.is_(None))
                .order_by(Organization.name.desc())
            )
            return {fold(name): row_id for name, row_id in rows}

    def revoke(self, release_id: str) -> None:
        """End a release because the client takes it back: nothing more is told on it."""
        with self._store.write("Revoke release") as s:
            release = s.get_one(Release, release_id)
            release.status = ReleaseStatus.REVOKED
            release.revoked_on = self._clock.today()

    def in_force(self, client_id: str, organization_id: str) -> ReleaseInForce | None:
        """Return the release that lets this organization be told today, the longest one, or None."""
        today = self._clock.today()
        with self._store.read() as s:
            rows = s.scalars(
                select(Release).where(Release.client_id == client_id, Release.organization_id == organization_id)
            )
            alive = [row for row in rows if row.is_in_force(today) and row.direction is not Direction.FROM]
        if not alive:
            return None
        best = max(alive, key=lambda row: row.expires_on or date.max)
        return ReleaseInForce(
            id=best.id,
            recipient=best.recipient,
            scopes=best.scopes,
            status=best.status,
            signed_on=best.signed_on,
            expires_on=best.expires_on,
        )
