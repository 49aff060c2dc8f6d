"""Pages, whatever flows over them."""

import threading
from collections.abc import Sequence

import pytest
from reportlab.platypus import Flowable, PageBreak, Spacer

from crisisdesk.documents.packet import packet_pdf
from crisisdesk.documents.page import Furniture, Numbers, Part, lay_out
from crisisdesk.documents.press import Press, Role
from crisisdesk.documents.text import P
from crisisdesk.errors import PrintProblem
from crisisdesk.records.choices import Audience
from tests.documents.paper import ALL, MARIA, filled, pages

PRESS = Press(audience=Audience.PROVIDER)
TOLD = "Maria Delgado"


def _part(name: str, *story: Flowable, press: Press = PRESS) -> Part:
    return Part(name=name, press=press, furniture=Furniture(label="FOR THE TEST"), story=lambda _numbers: story)


def test_what_is_higher_than_a_page_is_refused_without_a_word_of_what_it_was() -> None:
    words = P(PRESS.style(Role.BODY), TOLD)
    with pytest.raises(PrintProblem, match="too long") as refused:
        lay_out([_part("one", words, Spacer(1, 5000))], title="x", printed_at=MARIA.printed_at)

    assert TOLD not in str(refused.value)
    assert refused.value.__suppress_context__


def test_numbers_inside_the_text_are_those_of_the_pages() -> None:
    def story(numbers: Numbers) -> Sequence[Flowable]:
        words = f"second on {numbers.first['second']} of {numbers.count[Audience.PROVIDER]}"
        return [P(PRESS.style(Role.BODY), words), PageBreak(), P(PRESS.style(Role.BODY), "more")]

    first = Part(name="first", press=PRESS, furniture=Furniture(label="A"), story=story)
    laid = lay_out([first, _part("second", Spacer(1, 1))], title="x", printed_at=MARIA.printed_at)

    assert laid.page_count == 3
    assert "second on 3 of 3" in pages(laid.data)[0]


def test_two_jobs_may_print_at_once() -> None:
    packets = [filled(MARIA, name) for name in ("Łukasz", "Nguyễn", "O'Neil", "Владимир")]
    alone = [packet_pdf(packet, ALL).data for packet in packets]
    together: dict[int, bytes] = {}

    def print_it(index: int) -> None:
        together[index] = packet_pdf(packets[index], ALL).data

    threads = [threading.Thread(target=print_it, args=(index,)) for index in range(len(packets))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [together[index] for index in range(len(packets))] == alone
