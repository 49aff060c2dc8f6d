"""What the database remembers of itself: the key file's last version, and the oldest program that may open it.

One row. A key file of a lower version than remembered is an old one that was put back.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, select
from sqlalchemy.dialects.sqlite import insert

from crisisdesk.records.base import Base, Moment

META = Table(
    "vault_meta",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("min_app", String(20), nullable=False),
    Column("header_gen", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
)
_ONLY = 1  # the one row's id


@dataclass(frozen=True)
class Meta:
    """The row as it lies there."""

    min_app: str
    header_gen: int
    created_at: datetime


def read(connection: Connection) -> Meta | None:
    """Return what the database remembers, or None if it was never told."""
    row = connection.execute(select(META.c.min_app, META.c.header_gen, META.c.created_at)).first()
    return None if row is None else Meta(*row)


def remember(connection: Connection, meta: Meta) -> None:
    """Keep it, in the caller's transaction. The first ``created_at`` stays."""
    values = {"min_app": meta.min_app, "header_gen": meta.header_gen}
    kept = insert(META).values(id=_ONLY, created_at=meta.created_at, **values)
    connection.execute(kept.on_conflict_do_update(set_=values))
