"""A chart with a row in every table that can hold one, each text of it a canary; and what a decrypted file holds."""

import random
import string
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import Boolean, Column, Date, DateTime, Enum, Float, Integer, LargeBinary, Time

from crisisdesk.records.base import Base, Codes, Moment
from crisisdesk.records.clients import Client
from crisisdesk.vault.keys import MasterKey, Purpose, wiped
from crisisdesk.vault.store import Store

PAGE, RESERVE, SALT, IV = 4096, 80, 16, 16  # bytes: SQLCipher 4's page, its tail, and what begins file and tail
_DAY = date(2019, 3, 4)
_MOMENT = datetime(2019, 3, 4, 10, 0, tzinfo=UTC)
_NOT_OF_A_CHART = frozenset({"client_line", "legal_hold"})
_PREFIX = 3  # letters that an index may leave out, because the word before begins alike
# Each after what it refers to.
_ORDER = ("encounter", "release", "referral", "followup", "packet", "attachment", "note")


def canaries(count: int = 30) -> list[str]:
    """Return made-up words, always the same; the last three are telephone numbers."""
    rng = random.Random(24)  # noqa: S311  the same words each time, no secret
    words = ["".join(rng.choices(string.ascii_lowercase, k=14)) for _ in range(count - 3)]
    return [*words, "312-555-0143", "312-555-0165", "312-555-0187"]


def kinds() -> list[type[Base]]:
    """Return every kind of record that belongs to a client."""
    owned = {"disposition", "referral_event"}
    found = [
        mapper.class_
        for mapper in Base.registry.mappers
        if ("client_id" in mapper.columns or mapper.class_.__tablename__ in owned)
        and mapper.class_.__tablename__ not in _NOT_OF_A_CHART
    ]
    place = {name: index for index, name in enumerate(_ORDER)}
    return sorted(found, key=lambda kind: (place.get(kind.__tablename__, len(place)), kind.__tablename__))


def make_chart(store: Store, words: Iterable[str], *, number: str = "C-2019-0001") -> tuple[str, dict[str, str]]:
    """Add a closed client with a row in every table; return the client's id, and each table's row by its name."""
    texts = _cycle(list(words))
    with store.write("Add client") as s:
        client = Client(**{**_values(Client, texts, {}), "number": number, "closed_on": _DAY})
        s.add(client)
    ids = {"client": client.id}
    for kind in kinds():
        with store.write("Add " + kind.__tablename__, undoable=kind.__journaled__) as s:
            row: Any = s.add(kind(**_values(kind, texts, ids)))
        ids[kind.__tablename__] = row.id
    return client.id, ids


def _cycle(words: list[str]) -> Iterator[str]:
    while True:
        yield from words


def _values(kind: type[Base], texts: Iterator[str], ids: dict[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for column in Base.metadata.tables[kind.__tablename__].columns:
        if column.name in {"id", "created_at", "set_aside_at"}:
            continue
        if column.foreign_keys:
            target = next(iter(column.foreign_keys)).column.table.name
            given[column.name] = ids.get(target)
        else:
            given[column.name] = _value(column, texts)
    return given


def _value(column: Column[Any], texts: Iterator[str]) -> Any:
    kind = column.type
    if isinstance(kind, Codes):
        return ()
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
    plain: tuple[tuple[type, Any], ...] = (
        (Moment, _MOMENT),
        (DateTime, _MOMENT),
        (Date, _DAY),
        (Time, time(9, 30)),
        (Boolean, False),
        (Integer, 1),
        (Float, 1.5),
    )
    for wanted, value in plain:
        if isinstance(kind, wanted):
            return value
    text = next(texts)
    return f"%PDF-1.7 {text}".encode() if isinstance(kind, LargeBinary) else text


def decrypted_pages(database: Path, master: MasterKey) -> Iterator[bytes]:
    """Give every page of a vault's file in the clear, as somebody with the key would; those that are free, too."""
    with wiped(master.subkey(Purpose.DB)) as key:
        secret = bytes(key)
    encrypted = database.read_bytes()
    assert len(encrypted) % PAGE == 0
    for start in range(0, len(encrypted), PAGE):
        page = encrypted[start : start + PAGE]
        iv = page[PAGE - RESERVE : PAGE - RESERVE + IV]
        body = page[SALT if start == 0 else 0 : PAGE - RESERVE]
        opener = Cipher(algorithms.AES(secret), modes.CBC(iv)).decryptor()
        yield opener.update(body) + opener.finalize()


def found_in(database: Path, master: MasterKey, words: Iterable[str]) -> dict[str, int]:
    """Return in how many pages each word is, whole or without its first letters; those that are nowhere are left out.

    A number is looked for with and without its hyphens, UTF-8 and UTF-16.
    """
    wanted = {word: _shapes(word) for word in words}
    hits: dict[str, int] = {}
    for page in decrypted_pages(database, master):
        low = page.lower()
        for word, shapes in wanted.items():
            if any(shape in low for shape in shapes):
                hits[word] = hits.get(word, 0) + 1
    return hits


def _shapes(word: str) -> list[bytes]:
    texts = [word[_PREFIX:], word.replace("-", "")[_PREFIX:]]
    return [shape for text in texts for shape in (text.encode(), text.encode("utf-16-le"))]
