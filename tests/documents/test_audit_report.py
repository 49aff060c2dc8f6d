"""The audit log on paper, and the log's mark at the foot of every page."""

from dataclasses import replace

import pytest

from crisisdesk.documents.audit_report import Extract, ExtractLine, Month, ReportHead, extract_pdf, month_pdf
from crisisdesk.documents.packet import packet_pdf
from tests.documents.paper import ALL, MARIA, pages

MARK = "CD-1842-1a2b3c4d"
HEAD = ReportHead(sender=MARIA.sender, printed_at=MARIA.printed_at, anchor=MARK)
MONTH = Month(
    head=HEAD,
    name="November 2026",
    counts=(("Unlocked", 37), ("Looked at", 1_211)),
    lines=1_248,
    first_seq=595,
    last_seq=1_842,
    checked="All 1,842 lines fit, from the first to the last.",
    is_sound=True,
)


def _line(seq: int) -> ExtractLine:
    return ExtractLine(
        seq=seq, when="Nov 19, 10:16", what="Printed", detail="For the client", about="M. D.", outcome="Done"
    )


def test_each_page_of_a_packet_bears_the_logs_mark() -> None:
    printed = pages(packet_pdf(replace(MARIA, anchor=MARK), ALL).data)
    assert len(printed) >= 3
    assert all(MARK in page for page in printed)


def test_a_packet_without_a_mark_has_no_empty_place_for_one() -> None:
    assert not any("CD-" in page for page in pages(packet_pdf(MARIA, ALL).data))


@pytest.mark.parametrize("count", [0, 1, 90])
def test_an_extract_has_each_line_and_the_mark_on_each_page(count: int) -> None:
    lines = tuple(_line(seq) for seq in range(1_000 + count, 1_000, -1))
    printed = pages(extract_pdf(Extract(head=HEAD, chosen=("What left the office", "31 days"), lines=lines)))
    text = " ".join(printed)
    assert "What left the office · 31 days" in text
    assert text.count("For the client") == count
    assert all(f"{line.seq:,}" in text for line in lines)
    assert all(MARK in page and f"of {len(printed)}" in page for page in printed)
    assert ("There is no such line." in text) == (count == 0)


def test_the_month_is_one_page_to_sign() -> None:
    (page,) = pages(month_pdf(MONTH))
    for words in ("November 2026", "Looked at", "1,211", "595 to 1,842", MARK, "All 1,842 lines fit", "Signature"):
        assert words in page


def test_a_month_with_everything_in_it_is_still_one_page() -> None:
    counts = tuple((f"Something of kind {number}", number) for number in range(24))
    assert len(pages(month_pdf(replace(MONTH, counts=counts)))) == 1


def test_a_month_in_which_nothing_happened_says_so() -> None:
    (page,) = pages(month_pdf(replace(MONTH, counts=(), lines=0, first_seq=0, last_seq=0)))
    assert "Nothing." in page
    assert "none" in page
