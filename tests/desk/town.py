"""A small made-up town, written straight into the store: what the pictures of Today and of the lists show."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from crisisdesk.clock import FixedClock
from crisisdesk.desk.names import list_name, shown_name
from crisisdesk.records.base import Base
from crisisdesk.records.choices import (
    Ending,
    FlagKind,
    ReferralState,
    Severity,
    TryResult,
)
from crisisdesk.records.clients import Client, ClientPhone
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.encounters import Disposition, Encounter
from crisisdesk.records.followups import Attempt, FollowUp
from crisisdesk.records.referrals import Referral
from crisisdesk.records.safety import SafetyFlag
from crisisdesk.vault.store import Store

TUESDAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """Return a moment of 2026 in the town's time."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@dataclass
class Town:
    """Adds people and what happens with them."""

    store: Store
    clock: FixedClock
    _count: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    def add(self, *records: Base) -> str:
        """Write records in one act, and return the id of the first."""
        with self.store.write("Add", undoable=False) as s:
            s.add_all(records)
        return str(getattr(records[0], "id"))  # noqa: B009  not every record has an id, these do

    def client(self, first: str = "", last: str = "", **facts: Any) -> str:
        """Add a client."""
        goes_by, described = str(facts.get("goes_by", "")), str(facts.get("described_as", ""))
        named = (first, last, goes_by, described)
        given = {"number": f"C-2026-{next(self._count):04d}", **facts}
        return self.add(
            Client(
                first_name=first, last_name=last, shown_name=shown_name(*named), list_name=list_name(*named), **given
            )
        )

    def phone(self, client_id: str, number: str = "555-0142", **facts: Any) -> str:
        """Add a client's number."""
        return self.add(ClientPhone(client_id=client_id, number=number, **facts))

    def step(self, client_id: str, due_on: date, what: str = "", **facts: Any) -> str:
        """Add an open next step."""
        return self.add(FollowUp(client_id=client_id, due_on=due_on, what=what, **facts))

    def flag(self, client_id: str, kind: FlagKind, severity: Severity = Severity.CAUTION, **facts: Any) -> str:
        """Add a safety flag."""
        return self.add(SafetyFlag(client_id=client_id, kind=kind, severity=severity, **facts))

    def attempt(self, client_id: str, made_at: datetime, result: TryResult, **facts: Any) -> str:
        """Add a try."""
        return self.add(Attempt(client_id=client_id, made_at=made_at, result=result, **facts))

    def service(self, organization: str, name: str, **facts: Any) -> str:
        """Add a place to send people."""
        agency = Organization(name=organization)
        service = Service(organization_id=agency.id, name=name, list_name=name.lower(), **facts)
        self.add(service, agency)
        return service.id

    def referral(
        self, client_id: str, service_id: str | None, state: ReferralState = ReferralState.SENT, **facts: Any
    ) -> str:
        """Add a referral."""
        given = {"number": f"R-2026-{next(self._count):04d}", **facts}
        return self.add(Referral(client_id=client_id, service_id=service_id, state=state, **given))

    def encounter(self, client_id: str, began_at: datetime, *endings: Ending, **facts: Any) -> str:
        """Add an encounter with how it ended."""
        given = {"number": f"2026-{next(self._count):04d}", **facts}
        encounter = Encounter(client_id=client_id, began_at=began_at, **given)
        self.add(
            encounter,
            *(
                Disposition(encounter_id=encounter.id, position=position, ending=ending)
                for position, ending in enumerate(endings)
            ),
        )
        return encounter.id
