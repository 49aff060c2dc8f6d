"""Made-up people and places, short to write in a test."""

from datetime import UTC, datetime
from typing import Any

from crisisdesk.records.clients import Client
from crisisdesk.records.directory import Organization, Service
from crisisdesk.records.notes import Note
from crisisdesk.vault.store import Store

A_DAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def add_client(store: Store, **fields: Any) -> str:
    """Add a client in a write of its own and return the id."""
    with store.write("Add client") as s:
        return s.add(
            Client(**{"number": s.number("client"), "first_name": "Maria", "last_name": "Delgado"} | fields)
        ).id


def rename(store: Store, client_id: str, last_name: str) -> None:
    with store.write("Edit client") as s:
        s.get_one(Client, client_id).last_name = last_name


def last_name(store: Store, client_id: str) -> str | None:
    with store.read() as s:
        client = s.get(Client, client_id)
    return None if client is None else client.last_name


def add_note(store: Store, client_id: str, body: str) -> str:
    with store.write("Add note") as s:
        return s.add(Note(client_id=client_id, body=body, written_at=A_DAY)).id


def add_service(store: Store, name: str, **fields: Any) -> str:
    """Add a service of an agency of its own and return the id."""
    with store.write("Add service") as s:
        agency = s.add(Organization(name="Harbor House"))
        return s.add(Service(**{"organization_id": agency.id, "name": name} | fields)).id
