"""Services for tests, typed in as she would, and what became of referrals to them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.service_draft import ServiceDraft
from crisisdesk.records.choices import CheckHow, CheckResult, ReferralState
from crisisdesk.records.referrals import Referral, ReferralEvent
from crisisdesk.vault.store import Store


@dataclass
class Agencies:
    """Adds services, checks and referrals."""

    desk: Desk
    store: Store
    clock: FixedClock
    client_id: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(9000))

    def add(self, organization: str, name: str = "", **facts: Any) -> str:
        """Add a service."""
        return self.desk.services.add(ServiceDraft(organization=organization, name=name, **facts))

    def checked(self, service_id: str, days_ago: int, result: CheckResult = CheckResult.WORKED) -> str:
        """Check a service so many days ago, and return the service."""
        now = self.clock.moment
        self.clock.moment = now - timedelta(days=days_ago)
        self.desk.services.check(service_id, CheckHow.PHONE, result)
        self.clock.moment = now
        return service_id

    def used(self, service_id: str, *states: ReferralState, days: int = 6) -> str:
        """Refer somebody once for each state, connected after so many days, and return the service."""
        sent_at = self.clock.now() - timedelta(days=30)
        with self.store.write("Add referrals") as s:
            for state in states:
                referral = Referral(
                    number=f"R-2026-{next(self._numbers)}",
                    client_id=self.client_id,
                    service_id=service_id,
                    state=state,
                    sent_at=sent_at,
                )
                s.add(referral)
                s.add(ReferralEvent(referral_id=referral.id, at=sent_at + timedelta(days=days), state=state))
        return service_id
