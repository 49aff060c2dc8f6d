"""A desk over a fresh encrypted vault, with one client and one service."""

from datetime import date

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.clients import ClientDraft, PhoneDraft
from crisisdesk.desk.practice import Practice
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.desk.releases import ReleaseDraft
from crisisdesk.records.choices import Need, ReleaseStatus, VoicemailRule
from crisisdesk.records.directory import Organization, Service
from crisisdesk.vault.store import Store
from tests.desk.agencies import Agencies
from tests.desk.town import MORNING, Town


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    desk = Desk(store, clock)
    desk.practice.keep(Practice(clinician="Dana Whitlock", credential="LCSW", department="Harlow Falls PD"))
    return desk


@pytest.fixture
def client_id(desk: Desk) -> str:
    phone = PhoneDraft(number="555-0142", voicemail=VoicemailRule.CUSTOM, voicemail_words="Dana, for Maria")
    return desk.clients.add(ClientDraft(first_name="Maria", last_name="Delgado", goes_by="Mari", phones=[phone]))


@pytest.fixture
def service_id(store: Store) -> str:
    organization = Organization(name="Hope House")
    service = Service(organization_id=organization.id, name="Single rooms", list_name="single rooms")
    with store.write("Add service") as s:
        s.add_all((organization, service))
    return service.id


@pytest.fixture
def organization_id(store: Store, service_id: str) -> str:
    with store.read() as s:
        service = s.get(Service, service_id)
        assert service is not None
        return service.organization_id


@pytest.fixture
def release_id(desk: Desk, client_id: str, organization_id: str, clock: FixedClock) -> str:
    return desk.releases.add(
        client_id,
        ReleaseDraft(
            recipient="Hope House",
            organization_id=organization_id,
            purpose="to find a place",
            status=ReleaseStatus.SIGNED,
            signed_on=clock.today(),
            expires_on=date(clock.today().year + 1, 1, 1),
        ),
    )


@pytest.fixture
def referral_id(desk: Desk, client_id: str, service_id: str, release_id: str) -> str:
    draft = ReferralDraft(need=Need.PLACE_TO_LIVE, sentence="A room.", service_id=service_id, release_id=release_id)
    return desk.referrals.open(client_id, draft)


@pytest.fixture
def town(store: Store, clock: FixedClock) -> Town:
    """Return an empty town on the morning of Tuesday, November 24."""
    clock.moment = MORNING
    return Town(store, clock)


@pytest.fixture
def agencies(desk: Desk, store: Store, clock: FixedClock, client_id: str) -> Agencies:
    return Agencies(desk, store, clock, client_id)
