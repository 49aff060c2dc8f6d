"""Large vaults, made quickly: rows in bulk, and what need not be found by its words multiplied inside SQLite."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.names import list_name, shown_name
from crisisdesk.desk.practice import Practice
from crisisdesk.paths import VaultPaths
from crisisdesk.records.base import Base, new_id
from crisisdesk.records.choices import Channel, ClientStatus, StepKind, TryResult
from crisisdesk.records.clients import Client, ClientPhone
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.followups import Attempt, FollowUp
from crisisdesk.records.notes import Note
from crisisdesk.vault.load import Load
from crisisdesk.vault.store import Store
from tests.gallery.vaults import NOW
from tests.vault.fast import CODE, COST, FLOOR, PASSPHRASE

_SEED = 20261124
LONG_CHARTS = ("long-chart-1", "long-chart-2")  # two clients with 500 entries each
_OPEN = 10  # one client in so many is open and has a next step
_EARLIEST, _LATEST = -3, 117  # days until next steps are due
_SYLLABLES = ("ba", "de", "lo", "mi", "na", "ro", "su", "ta", "ve", "zi", "an", "el", "or", "is", "um", "gar", "len")
_WORDS = ("food", "rooms", "counseling", "legal help", "bus passes", "detox", "meals at home", "group", "clothing")
# A new id of the usual form, as SQL; in order, since random ones are slow to write in such numbers.
_ID = "printf('%08x-0000-4000-8000-000000000000', n.i)"


@dataclass(frozen=True)
class Size:
    """How many of each."""

    clients: int
    encounters: int
    services: int = 1000


class Crowd:
    """Made-up people and places, the same each time."""

    def __init__(self) -> None:
        self._random = random.Random(_SEED)  # noqa: S311  nothing secret
        self.clients: list[str] = []

    def word(self, syllables: int = 0) -> str:
        """Return a name that nobody has."""
        parts = self._random.choices(_SYLLABLES, k=syllables or self._random.randint(2, 4))
        return "".join(parts).capitalize()

    def people(self, count: int) -> Iterator[dict[str, object]]:
        """Yield clients."""
        for index in range(count):
            first, last = self.word(), self.word()
            is_open = index % _OPEN == 0
            is_long = is_open and index // _OPEN < len(LONG_CHARTS)
            self.clients.append(LONG_CHARTS[index // _OPEN] if is_long else new_id())
            yield {
                "id": self.clients[-1],
                "number": f"C-2026-{index:04d}",
                "first_name": first,
                "last_name": last,
                "shown_name": shown_name(first, last, "", ""),
                "list_name": list_name(first, last, "", ""),
                "status": ClientStatus.ACTIVE if is_open else ClientStatus.CLOSED,
                "opened_on": NOW.date(),
                "last_contact_at": NOW - timedelta(hours=index % 9000),
            }

    def phones(self) -> Iterator[dict[str, object]]:
        """Yield a number for each client."""
        for index, client in enumerate(self.clients):
            yield {"client_id": client, "number": f"555-01{index % 100:02d}"}

    def steps(self) -> Iterator[dict[str, object]]:
        """Yield a next step for each open client."""
        for client in self.clients[::_OPEN]:
            due = NOW.date() + timedelta(days=self._random.randint(_EARLIEST, _LATEST))
            yield {"client_id": client, "kind": StepKind.CALL, "what": "how the week went", "due_on": due}

    def places(self, count: int) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
        """Return agencies and their services, five each."""
        agencies: list[dict[str, object]] = [
            {"id": new_id(), "name": f"{self.word()} House"} for _index in range(max(1, count // 5))
        ]
        services = []
        for index in range(count):
            name = f"{self.word(2)} {self._random.choice(_WORDS)}"
            about = " ".join(self._random.choices(_WORDS, k=6))
            agency = agencies[index % len(agencies)]
            services.append(
                {"organization_id": agency["id"], "name": name, "list_name": name.lower(), "description": about}
            )
        return agencies, services


def make(folder: Path, size: Size) -> VaultPaths:
    """Make a vault with a crowd in it."""
    clock = FixedClock(NOW)
    place = VaultPaths(folder)
    store = Store.create(place, PASSPHRASE, CODE, clock, cost=COST, floor=FLOOR)
    Desk(store, clock).practice.keep(Practice(clinician="Dana Whitlock", department="Harlow Falls Police"))
    crowd = Crowd()
    with store.load("Make crowd", new_id()) as load:
        agencies, services = crowd.places(size.services)
        load.insert(Organization, agencies)
        load.insert(Service, services)
        load.insert(Client, crowd.people(size.clients))
        load.insert(ClientPhone, crowd.phones())
        load.insert(FollowUp, crowd.steps())
        for client in LONG_CHARTS:
            _fill_chart(load, client)
        load.insert(Encounter, [{"id": "template", "client_id": crowd.clients[1], "number": "0", "began_at": NOW}])
        multiply(
            load._connection,
            Encounter,
            size.encounters,
            {
                "client_id": f"(SELECT id FROM client WHERE rowid = 2 + n.i % {size.clients - 1})",  # noqa: S608  our own
                "number": "'2025-' || n.i",
                "began_at": "strftime('%Y-%m-%dT%H:%M:%fZ', t.began_at, '-' || (n.i % 40000) || ' hours')",
                "narrative": "'Stood at the stop and would not go home. Talked for a while; went in. ' || n.i",
            },
        )
    store.close()
    return place


def _fill_chart(load: Load, client: str) -> None:
    """Give a client 300 encounters, 150 notes and 50 tries."""
    hours = [{"client_id": client, "when": NOW - timedelta(hours=7 * index + 1)} for index in range(500)]
    load.insert(
        Encounter,
        (
            {
                "client_id": client,
                "number": f"{client[-1]}-{index}",
                "began_at": each["when"],
                "narrative": "Talked. " * 20,
            }
            for index, each in enumerate(hours[:300])
        ),
    )
    load.insert(
        Note,
        (
            {"client_id": client, "body": "Says the week was long. " * 20, "written_at": h["when"]}
            for h in hours[300:450]
        ),
    )
    load.insert(
        Attempt,
        (
            {"client_id": client, "made_at": h["when"], "channel": Channel.CALL, "result": TryResult.NO_ANSWER}
            for h in hours[450:]
        ),
    )


def make_long_list(folder: Path, count: int) -> VaultPaths:
    """Make a vault with very many clients of whom nothing is known but their names."""
    clock, place = FixedClock(NOW), VaultPaths(folder)
    store = Store.create(place, PASSPHRASE, CODE, clock, cost=COST, floor=FLOOR)
    with store.load("Make list", new_id()) as load:
        people = Crowd().people(1)
        load.insert(Client, [{**next(people), "id": "template", "list_name": "a"}])
        name = "printf('%06d', (n.i * 7919) % 1000003)"
        multiply(
            load._connection,
            Client,
            count,
            {"number": "'C-2025-' || n.i", "list_name": f"'b' || {name}", "shown_name": f"'B ' || {name}"},
        )
    store.close()
    return place


def multiply(connection: Connection, kind: type[Base], count: int, other: Mapping[str, str]) -> None:
    """Add rows like the one called "template", but for these columns, given as SQL over n.i and t."""
    columns = [column.name for column in inspect(kind).columns]
    values: dict[str, Any] = {name: f"t.{name}" for name in columns} | {"id": _ID} | dict(other)
    names = ", ".join(f'"{name}"' for name in columns)
    given = ", ".join(values[name] for name in columns)
    table = kind.__tablename__
    connection.exec_driver_sql(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "  # noqa: S608  our own
        f"INSERT INTO {table} ({names}) SELECT {given} FROM n, {table} AS t WHERE t.id = 'template'"
    )
