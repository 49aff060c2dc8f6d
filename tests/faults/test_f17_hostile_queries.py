"""F17: whatever is typed into a search field or a filter, it finds something or nothing, and harms nothing."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisdesk.desk import Desk
from crisisdesk.desk.alike import Sought
from crisisdesk.desk.client_list import ClientFilter, ClientOrder, ClientQuery
from crisisdesk.desk.matching import ClientFacts
from crisisdesk.desk.service_list import ServiceQuery, Sort
from crisisdesk.records.choices import Need

SIGNS = tuple("\"'*():^-+{}[],.;\\/%_?=<>|&~`$#@!\0\n\t\r")
WORDS = ("NEAR", "AND", "OR", "NOT", "maria", "C-2026", "fts_client", "name:", "rowid", "rank", "SELECT", "DROP TABLE")
LETTERS = tuple("ßﬁİ\u0131Ǆéñ中한\u0627\u202e\u200b\ufeff\u0301\U0001d54f😀ǰ")
WHOLE = (
    "",
    " ",
    '"',
    '""""',
    "*",
    "a*b*",
    "NEAR(a b, 5)",
    "a AND",
    "OR OR OR",
    "NOT",
    "name:maria",
    "{name other}:x",
    "^maria",
    "-maria",
    "(((((",
    ")",
    "' OR 1=1 --",
    "'; DROP TABLE client; --",
    "%",
    "_____",
    "%' ESCAPE '",
    "\\",
    "\\%",
    "\0",
    "maria\0delgado",
    "\ud800",
    "x" * 10_000,
    "x " * 5_000,
    "Ω" * 500,
    "9" * 400,
    "555-0100 " * 50,
    "3/14/1982",
    "31/02/2026",
    "0000-00-00",
    "9999-99-99",
    "-1",
    "1e999",
    "NaN",
    "٣٤٥",
    "²",
    "½",
    "R-2026-",
    "C-",
    "c 2026 8031",
    "$(reboot)",
    "{0}",
    "%s",
    "<b>x</b>",
    "&amp;",
    "unknown, man with a dog",
)


def made_up(seed: int, count: int) -> list[str]:
    """Return so many queries, the same for a seed."""
    dice = random.Random(seed)  # noqa: S311  repeatable, and no secret
    pieces = (*SIGNS, *WORDS, *LETTERS, " ", " ", " ")
    made = ["".join(dice.choices(pieces, k=dice.randint(1, 12))) for _count in range(count - len(WHOLE))]
    return [*WHOLE, *made]


def ask_everywhere(desk: Desk, typed: str) -> None:
    """Type it wherever something is looked for."""
    desk.search.find(typed)
    for chosen in ClientFilter:
        desk.client_list.page(ClientQuery(text=typed, filter=chosen, order=ClientOrder.NEXT_STEP))
    for sort in Sort:
        desk.services.page(ServiceQuery(text=typed, sort=sort, speaks=frozenset({typed})), None, 10)
    desk.services.facets(ServiceQuery(text=typed))
    desk.matching.match(ClientFacts(), Need.BED_TONIGHT, typed, 5)
    desk.alike.find(Sought(first_name=typed, last_name=typed, goes_by=typed, phones=(typed,)))
    desk.alike.named(typed)
    desk.alike.at_place(typed)
    desk.referral_list.by_packet_number(typed)


def test_hostile_queries_find_or_do_not_find(town, figure, told):
    queries = made_up(17, figure(60, 200, 2_000))
    before = desk_counts(town)
    for typed in queries:
        ask_everywhere(town, typed)
    told(f"F17 queries={len(queries)} in 12 places each: errors=0")
    assert desk_counts(town) == before


def desk_counts(desk: Desk) -> object:
    return desk.client_list.counts(), desk.referral_list.counts()


def test_any_text_finds_or_does_not_find(town, figure, told):
    count = figure(100, 1_000, 20_000)

    @settings(max_examples=count, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=40) | st.lists(st.sampled_from((*SIGNS, *WORDS, *LETTERS)), max_size=10).map(" ".join))
    def ask(typed: str) -> None:
        ask_everywhere(town, typed)

    ask()
    told(f"F17 hypothesis examples={count}: errors=0")


@pytest.mark.parametrize("raw", ['"', "NEAR(", "a AND", "name:", "*"])
def test_the_same_texts_are_errors_where_they_go_in_raw(town, raw):
    with (
        town._store.read() as session,
        pytest.raises(Exception, match=r"fts5|untermin|no such col|syntax|special"),
    ):
        session.connection().exec_driver_sql("SELECT rowid FROM fts_client WHERE fts_client MATCH ?", (raw,)).all()
