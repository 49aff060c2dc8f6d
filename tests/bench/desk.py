"""What the desk does with a large vault, without a window: search against raw SQL, a list's next page, a packet."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import event

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.client_list import ClientFilter, ClientOrder, ClientQuery
from crisisdesk.documents.packet import packet_pdf
from crisisdesk.paths import VaultPaths
from crisisdesk.records.choices import PageKind
from crisisdesk.vault.store import Store
from tests.bench.table import Figure, high, middle, milliseconds
from tests.documents.paper import MARIA
from tests.gallery.vaults import NOW
from tests.vault.fast import PASSPHRASE, unlock

_TYPED_BY = 40  # people whose names are typed, letter by letter
_AT_MOST = 200  # rows that are fetched of one statement, as the search itself does
_PAGES = 12

Statement = tuple[str, object]


@contextmanager
def opened(place: VaultPaths) -> Iterator[tuple[Store, Desk]]:
    """Open a vault's desk."""
    clock = FixedClock(NOW)
    store = Store.open(place, unlock(place, PASSPHRASE), clock)
    try:
        yield store, Desk(store, clock)
    finally:
        store.close()


def timed(act: object, *given: object) -> float:
    """Return how long an act takes, in seconds."""
    began = time.perf_counter()
    act(*given)  # type: ignore[operator]  # any callable
    return time.perf_counter() - began


# Search ---------------------------------------------------------------------------------------------------------------


def search(place: VaultPaths, size: str) -> Figure:
    """Type names and services letter by letter, and do the same statements again without anything between."""
    with opened(place) as (store, desk):
        texts = _typed(desk)
        for text in texts[:20]:
            desk.search.find(text)
        taken, raw = [], []
        for text in texts:
            taken.append(timed(desk.search.find, text))
            raw.append(timed(_replay, store, _statements(store, desk, text)))
    ours, theirs = high(taken), high(raw)
    return Figure(
        act="search as she types, p95",
        size=size,
        bar="≤ 2.0 × raw SQL, ≤ 30 ms",
        measured=f"{ours / theirs:.1f} ×, {milliseconds(ours)} (raw {milliseconds(theirs)}; {len(texts)} searches)",
        holds=ours <= 2 * theirs and ours <= 0.030,
    )


def _typed(desk: Desk) -> list[str]:
    """Return what stands in the field after each letter."""
    rows = desk.client_list.page(ClientQuery(filter=ClientFilter.OPEN), limit=1000).rows
    draw = random.Random(1)  # noqa: S311  nothing secret
    names = [row.name for row in draw.sample(rows, _TYPED_BY)]
    wanted = [*names, "legal help", "bus passes", "counseling", "House food", "555-0142"]
    return [text[:end] for text in wanted for end in range(1, len(text) + 1)]


def _statements(store: Store, desk: Desk, text: str) -> list[Statement]:
    """Return what a search asks of SQLite."""
    heard: list[Statement] = []

    def hear(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if statement != "BEGIN":
            heard.append((statement, parameters))

    event.listen(store._engine, "before_cursor_execute", hear)
    desk.search.find(text)
    event.remove(store._engine, "before_cursor_execute", hear)
    return heard


def _replay(store: Store, statements: Sequence[Statement]) -> None:
    connection = store._engine.raw_connection().driver_connection
    for statement, parameters in statements:
        cursor = connection.cursor()  # type: ignore[union-attr]  # a sqlcipher3 connection
        cursor.execute(statement, parameters)
        cursor.fetchmany(_AT_MOST)
        cursor.close()


# A list's next page ---------------------------------------------------------------------------------------------------


def next_page(place: VaultPaths, size: str) -> Figure:
    """Go down a list page by page."""
    query = ClientQuery(filter=ClientFilter.OPEN, order=ClientOrder.NAME)
    with opened(place) as (_store, desk):
        page = desk.client_list.page(query)
        taken = []
        for _turn in range(200):
            began = time.perf_counter()
            page = desk.client_list.page(query, page.next_key)
            taken.append(time.perf_counter() - began)
    return Figure(
        act="a list's next page",
        size=size,
        bar="≤ 5 ms",
        measured=f"{milliseconds(middle(taken))} (p95 {milliseconds(high(taken))}; {len(page.rows)} rows each)",
        holds=middle(taken) <= 0.005,
    )


# A packet -------------------------------------------------------------------------------------------------------------


def long_packet() -> tuple[object, int]:
    """Return facts that fill twelve pages, and how many they fill."""
    sentence = "She would like a door of her own, a lock, and the bus that she knows. "
    count, pages = 0, 0
    packet = MARIA
    while pages < _PAGES:
        count += 20
        packet = replace(MARIA, client=replace(MARIA.client, wants=sentence * count, tried=sentence * count))
        pages = packet_pdf(packet, tuple(PageKind)).page_count
    return packet, pages
