"""The base of every record: plain dataclasses with ids, moments and coded columns."""

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Date, Dialect, Enum, ForeignKey, MetaData, String, Time
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator

from crisisdesk.records.choice import Choice

C = TypeVar("C", bound=Choice)

# Every constraint has a name, so that a migration can find it.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    """Return a fresh random id: a UUID as 36 characters."""
    return str(uuid.uuid4())


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as UTC text of one width, so that text order is time order.

    A naive datetime is a bug and raises ValueError.
    """

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write ``2026-11-22T04:50:00.000Z``."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read it back, aware."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


class Codes(TypeDecorator[tuple[Choice, ...]]):
    """Several codes of one list, in the order in which they were chosen, stored as a JSON array."""

    impl = String
    cache_ok = True

    def __init__(self, choices: type[Choice]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: Iterable[Choice] | None, dialect: Dialect) -> str:
        """Write ``["a","b"]``; nothing chosen is ``[]``."""
        del dialect
        return json.dumps([self.choices(code).value for code in value or ()], separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Choice, ...]:
        """Read the codes back as choices."""
        del dialect
        return tuple(self.choices(code) for code in json.loads(value or "[]"))


def _values(choices: type[Choice]) -> list[str]:
    return [choice.value for choice in choices]


def coded(choices: type[C], **options: Any) -> Mapped[C]:  # noqa: ANN401  mapped_column's own options
    """Return a column for one code of a list; the code is stored, never the label."""
    kind = Enum(choices, values_callable=_values, native_enum=False, create_constraint=False, length=40)
    return mapped_column(kind, **options)


def codes(choices: type[C]) -> Mapped[tuple[C, ...]]:
    """Return a column for several codes of a list, empty at first."""
    return mapped_column(Codes(choices), default=(), server_default="[]")


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False):
    """A record. Its repr shows the table and the id, never a word of what it says."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment}

    # False: the write door keeps no before-and-after images of this table (bytes of papers, drafts, bulk).
    __journaled__: ClassVar[bool] = True

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, 'id', '?')}>"


class Identified(MappedAsDataclass, kw_only=True, repr=False):
    """A record with an id of its own and the moment when it was first written down."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    created_at: Mapped[datetime] = mapped_column(Moment, default=None)  # the write door fills it in


class Settable(MappedAsDataclass, kw_only=True, repr=False):
    """A record that can be set aside: out of view with a reason, never deleted."""

    set_aside_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    set_aside_reason: Mapped[str] = mapped_column(String, default="")


def ref(target: str) -> ForeignKey:
    """Return a foreign key that is checked when the write ends, so that its rows may come in any order."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


def text_column() -> Mapped[str]:
    """Return a column for text as it was typed, empty at first."""
    return mapped_column(String, default="", server_default="")


__all__ = [
    "Base",
    "Codes",
    "Date",
    "Identified",
    "Moment",
    "Settable",
    "Time",
    "coded",
    "codes",
    "new_id",
    "ref",
    "text_column",
]
