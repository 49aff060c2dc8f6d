"""Legal holds: nothing of a chart, or of the whole file, is deleted until the hold is lifted, with a reason."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from crisisdesk.clock import Clock
from crisisdesk.desk.drafts import Problems
from crisisdesk.desk.names import initials
from crisisdesk.errors import StateConflict
from crisisdesk.i18n import _
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.records.clients import Client
from crisisdesk.records.keeping import LegalHold
from crisisdesk.vault import holds
from crisisdesk.vault.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """A hold in force."""

    id: str
    client_id: str | None  # None: it keeps everything
    name: str
    initials: str
    number: str
    reason: str
    set_on: date


class Holds:
    """Sets and lifts legal holds. Neither can be undone: a hold ends by being lifted, with a reason."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def set(self, client_id: str | None, reason: str) -> str:
        """Put a client, or with None everything, under a legal hold and return the hold's id.

        Raises Invalid without a reason, NotFound, StateConflict if there is such a hold already.
        """
        problems = Problems()
        problems.require("reason", reason, _("Say who asked for it: the court, the case number, the letter’s date."))
        problems.raise_any()
        with self._store.write("Set legal hold", undoable=False) as s:
            if client_id is not None:
                s.get_one(Client, client_id)
            here = LegalHold.client_id.is_(None) if client_id is None else LegalHold.client_id == client_id
            if s.scalars(select(LegalHold.id).where(LegalHold.lifted_at.is_(None), here)).first():
                raise StateConflict(_("This is under a legal hold already."))
            hold = s.add(LegalHold(client_id=client_id, reason=reason.strip(), set_at=self._clock.now()))
            s.audit(AuditKind.HOLD.value, "client" if client_id else "vault", client_id or "", hold.id)
        return hold.id

    def lift(self, hold_id: str, reason: str) -> None:
        """End a hold. Raises Invalid without a reason, NotFound, StateConflict if it is lifted already."""
        problems = Problems()
        problems.require("reason", reason, _("Say who released it, and when."))
        problems.raise_any()
        with self._store.write("Lift legal hold", undoable=False) as s:
            hold = s.get_one(LegalHold, hold_id)
            if hold.lifted_at is not None:
                raise StateConflict(_("This legal hold was lifted before."))
            hold.lifted_at, hold.lift_reason = self._clock.now(), reason.strip()
            about = ("client", hold.client_id) if hold.client_id else ("vault", "")
            s.audit(AuditKind.HOLD_LIFTED.value, *about, hold.id)

    def active(self) -> tuple[HoldRow, ...]:
        """Return the holds in force, the one on everything first, then the latest."""
        query = (
            select(
                LegalHold.id,
                LegalHold.client_id,
                LegalHold.reason,
                LegalHold.set_at,
                Client.shown_name,
                Client.first_name,
                Client.last_name,
                Client.described_as,
                Client.number,
            )
            .outerjoin(Client, Client.id == LegalHold.client_id)
            .where(LegalHold.lifted_at.is_(None))
            .order_by(LegalHold.client_id.is_not(None), LegalHold.set_at.desc(), LegalHold.id)
        )
        with self._store.read() as s:
            return tuple(
                HoldRow(
                    id=row.id,
                    client_id=row.client_id,
                    name=row.shown_name or "",
                    initials=initials(row.first_name, row.last_name, row.described_as) if row.client_id else "",
                    number=row.number or "",
                    reason=row.reason,
                    set_on=self._clock.local(row.set_at).date(),
                )
                for row in s.execute(query)
            )

    def is_held(self, client_id: str) -> bool:
        """Whether a hold on this client, or on everything, is in force."""
        with self._store.read() as s:
            return holds.is_held(s.connection(), client_id)
