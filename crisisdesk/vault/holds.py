"""Legal holds, as the file itself enforces them: what they keep, and how a form still corrects a list under one.

Triggers (migration r0002) refuse to delete a row of a held client, or its image in the journal, whoever asks: an act,
Undo, a purge, SQL by hand, REPLACE. ``raise_on_hold`` gives their refusal its words.

A form that is corrected takes rows of a list out: a phone, another name, how a call ended. Under a hold their image
goes to ``kept_row`` first; the triggers let a row of these lists go only once it is there.
"""

import json
from datetime import datetime

import sqlalchemy.exc
from sqlalchemy import Column, Connection, Index, Integer, String, Table, insert, or_, select
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.errors import OnHold
from crisisdesk.i18n import N_, _
from crisisdesk.records.base import Base, Moment
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.keeping import LegalHold
from crisisdesk.vault import rows

KEPT_ROW = Table(
    "kept_row",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(36), nullable=False, index=True),
    Column("table_name", String(40), nullable=False),
    Column("row_key", String, nullable=False),
    Column("image", String, nullable=False),  # JSON
    Column("removed_at", Moment, nullable=False),
    Index("ix_kept_row_table_key", "table_name", "row_key"),
)
LISTS = frozenset({"client_address", "client_name", "client_phone", "disposition"})

_REFUSAL = "a legal hold keeps this record"  # the triggers' words
_SENTENCE = N_("A legal hold keeps this chart: nothing of it can be deleted until the hold is lifted.")


def on_hold() -> OnHold:
    """Make the error for what a legal hold keeps."""
    return OnHold(_(_SENTENCE))


def is_held(connection: Connection, client_id: str) -> bool:
    """Whether a hold on this client, or on everything, is in force."""
    here = or_(LegalHold.client_id.is_(None), LegalHold.client_id == client_id)
    found = select(LegalHold.id).where(LegalHold.lifted_at.is_(None), here).limit(1)
    return connection.execute(found).first() is not None


def keep_removed(connection: Connection, of: Table, key: str, now: datetime) -> None:
    """Keep the image of a list's row that is about to be taken out, if a hold is on its client."""
    if of.name not in LISTS:
        return
    image = rows.read(connection, of, key)
    if image is None:
        return
    client_id = image.get("client_id") or _client_of_encounter(connection, str(image["encounter_id"]))
    if is_held(connection, str(client_id)):
        text = json.dumps(dict(image), ensure_ascii=False, separators=(",", ":"))
        values = {"client_id": client_id, "table_name": of.name, "row_key": key, "image": text, "removed_at": now}
        connection.execute(insert(KEPT_ROW), values)


def raise_on_hold(error: BaseException) -> None:
    """Raise OnHold if this is the triggers' refusal."""
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    if isinstance(cause, sqlcipher.IntegrityError) and str(cause) == _REFUSAL:
        raise on_hold() from None


def _client_of_encounter(connection: Connection, encounter_id: str) -> str | None:
    return connection.execute(select(Encounter.client_id).where(Encounter.id == encounter_id)).scalar()
