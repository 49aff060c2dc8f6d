"""The practice data: enough of everything, nobody real, and the same town each time."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import String, func, inspect, select

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.sample import fill
from crisisdesk.desk.today import When
from crisisdesk.paths import VaultPaths
from crisisdesk.records.base import Base
from crisisdesk.records.choices import ClientStatus, ReferralState, StepState
from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Service
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.referrals import Referral
from crisisdesk.vault.store import Store
from tests.vault.fast import CODE, COST, FLOOR, PASSPHRASE

TUESDAY = datetime(2026, 11, 24, 9, 40, tzinfo=ZoneInfo("America/New_York"))
MADE_UP = re.compile(r"555-01\d\d")
LIKE_A_NUMBER = re.compile(r"\b\d{3}[-. ]\d{4}\b|\(\d{3}\)|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b")


@pytest.fixture(scope="module")
def made_towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """Fill two empty vaults with the practice data, one after the other, on the Tuesday of the pictures."""
    folder, clock = tmp_path_factory.mktemp("towns"), FixedClock(TUESDAY)
    stores = [Store.create(VaultPaths(folder / name), PASSPHRASE, CODE, clock, cost=COST, floor=FLOOR) for name in "ab"]
    for store in stores:
        fill(store, clock)
    yield stores[0], stores[1]
    for store in stores:
        store.close()


@pytest.fixture
def town_store(made_towns: tuple[Store, Store]) -> Store:
    """Return a store with the practice data."""
    return made_towns[0]


def count(store: Store, kind: type[Base]) -> int:
    with store.read() as s:
        return s.scalars(select(func.count()).select_from(kind)).one()


def texts(store: Store) -> Iterator[tuple[str, str]]:
    """Yield each text of each record with where it stands."""
    with store.read() as s:
        for mapper in Base.registry.mappers:
            columns = [c for c in inspect(mapper).columns if isinstance(c.type, String) and c.name != "id"]
            for row in s.execute(select(*columns)) if columns else ():
                pairs: zip[tuple[Any, Any]] = zip(columns, row, strict=True)
                yield from ((f"{c.table.name}.{c.name}", value) for c, value in pairs if isinstance(value, str))


def test_the_town_is_as_large_as_it_is_said_to_be(town_store):
    assert count(town_store, Client) == 60
    assert 220 <= count(town_store, Encounter) <= 280
    assert count(town_store, Service) >= 40


def test_referrals_stand_in_every_state_but_taken_back(town_store):
    with town_store.read() as s:
        states = set(s.scalars(select(Referral.state)))
    assert states == set(ReferralState) - {ReferralState.REVOKED}


def test_steps_are_overdue_due_today_and_ahead(town_store):
    groups = {group.when: group.count for group in Desk(town_store, FixedClock(TUESDAY)).today.look().groups}
    assert all(groups[when] > 0 for when in When)


def test_every_open_client_has_a_next_step(town_store):
    open_steps = select(FollowUp.client_id).where(FollowUp.state == StepState.OPEN)
    with town_store.read() as s:
        without = s.scalars(
            select(Client.shown_name).where(Client.status != ClientStatus.CLOSED, Client.id.not_in(open_steps))
        ).all()
    assert list(without) == []


def test_every_number_is_made_up(town_store):
    found = [(place, number) for place, text in texts(town_store) for number in LIKE_A_NUMBER.findall(text)]
    assert len(found) > 100
    assert [pair for pair in found if not MADE_UP.fullmatch(pair[1])] == []


def names_in(store: Store) -> list[str]:
    with store.read() as s:
        return list(s.scalars(select(Client.shown_name).order_by(Client.number)))


def test_the_town_is_the_same_each_time(made_towns):
    first, second = (names_in(store) for store in made_towns)
    assert first == second
    assert "Maria Delgado" in first
    assert len(set(first)) == len(first), "no two people of the town share a name"


def test_no_record_is_shared_between_two_towns(made_towns):
    ids = []
    for store in made_towns:
        with store.read() as s:
            ids.append(set(s.scalars(select(Client.id))))
    assert not ids[0] & ids[1]
