"""Finds what the scenes show in the practice data."""

from crisisdesk.desk import Desk
from crisisdesk.desk.client_list import ClientFilter, ClientQuery
from crisisdesk.desk.entries import EntryKind
from crisisdesk.desk.notes import NoteText
from crisisdesk.desk.service_list import ServiceQuery
from crisisdesk.records.choices import NoteStatus

MARIA = "Maria Delgado"


def client(desk: Desk, name: str = MARIA) -> str:
    """Return the client of a name."""
    rows = desk.client_list.page(ClientQuery(text=name, filter=ClientFilter.ALL)).rows
    return next(row.id for row in rows if row.name == name)


def service(desk: Desk, text: str = "Hope House") -> str:
    """Return the first service that a text finds."""
    return desk.services.page(ServiceQuery(text=text), None, 1).rows[0].id


def entry(desk: Desk, kind: EntryKind, name: str = MARIA) -> str:
    """Return the record of a client's last entry of a kind."""
    return desk.timeline.read(client(desk, name), kinds=[kind]).entries[0].record_id


def note(desk: Desk, status: NoteStatus) -> NoteText:
    """Return a note that is signed, or one that is not."""
    rows = desk.client_list.page(ClientQuery(filter=ClientFilter.OPEN), limit=100).rows
    notes = (
        desk.notes.read(found.record_id)
        for row in rows
        for found in desk.timeline.read(row.id, kinds=[EntryKind.NOTE]).entries
    )
    return next(each for each in notes if each.status is status)


def referral(desk: Desk, name: str = MARIA, place: str = "") -> str:
    """Return a client's last referral, to a place if one is named."""
    entries = desk.timeline.read(client(desk, name), kinds=[EntryKind.REFERRAL]).entries
    return next(each.record_id for each in entries if place in each.title)
