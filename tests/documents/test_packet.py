"""A referral on paper."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from crisisdesk.documents.facts import ClientFacts, Paper, ReachFacts, Sender
from crisisdesk.documents.packet import packet_pdf
from crisisdesk.documents.text import clean
from crisisdesk.documents.words import client_words
from crisisdesk.records.choices import Audience, PageKind
from tests.documents.paper import ALL, MARIA, NOBODY, filled, pages, unbroken

PARAGRAPH = "The quick brown fox jumps over the lazy dog near the bank of the river. "
HARD_NAMES = [
    "O'Neil",
    "Nguyễn Thị Hạnh",
    "Łukasz Wójcik",
    "=cmd()",
    "<b>",
    "A & B",
    "?",
    "<img src=/etc/hostname>",
    "<para fontName=x>",
    "Ka\u02bbōpūnui",
    "Владимир Ελένη",
]


@pytest.mark.parametrize("name", HARD_NAMES)
def test_a_name_is_printed_as_it_was_typed(name: str) -> None:
    packet = replace(
        MARIA, client=replace(MARIA.client, name=name), handout=replace(MARIA.handout, reader=name, name=name)
    )
    _cover, form, handout = pages(packet_pdf(packet, ALL).data)

    assert f"Name {name}, goes by Mari" in form
    assert f"For you, {name}" in handout
    assert f"{name} A safe room" in handout


def test_a_name_of_two_hundred_letters_wraps_and_is_whole() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff" * 6
    packet = replace(MARIA, client=replace(MARIA.client, name=name), handout=replace(MARIA.handout, name=name))

    for kind in (PageKind.REFERRAL_FORM, PageKind.HANDOUT):
        assert name in unbroken(pages(packet_pdf(packet, [kind]).data))


def test_the_cover_has_the_initials_and_no_name() -> None:
    cover = pages(packet_pdf(MARIA, ALL).data)[0]

    assert "Client M. D., record C-2026-0031" in cover
    for told in ("Maria", "Delgado", "Mari", "555-0142", "Medicaid", "R-2026-0142", "A place to live"):
        assert told not in cover.replace("If this came to you", "")


def test_the_cover_says_what_the_picture_says() -> None:
    cover = pages(packet_pdf(MARIA, ALL).data)[0]

    for words in (
        "FOR THE PROVIDER Confidential. Please hand to the person named below.",
        "Fax: a referral for you",
        "2 pages with this one. No name is on this page.",
        "481 207",
        "To Renee Aldous, intake Hope House, single rooms Fax 555-0178 Phone 555-0172",
        "Return fax 555-0109 Phone 555-0101, nights too",
        "Sent Thursday, November 19, 2026, 10:20",
        "How soon Within 72 hours",
        "Please answer by Tuesday, November 24, by phone or fax",
        "Call her on the safe number on page 2, and only as it says there.",
        "If this came to you by mistake: please call 555-0101 (nights too) at once and shred all pages.",
    ):
        assert words in cover


def test_a_cover_without_a_contact_is_for_the_agency() -> None:
    packet = replace(MARIA, recipient=replace(MARIA.recipient, contact_name=""))
    cover = pages(packet_pdf(packet, ALL).data)[0]

    assert "FOR THE PROVIDER Confidential. For the agency named below only." in cover
    assert "To Hope House, single rooms" in cover


def test_the_form_says_who_she_is_and_how_to_reach_her_safely() -> None:
    form = pages(packet_pdf(MARIA, ALL).data)[1]

    for words in (
        "Confidential. Shared with the client’s signed release of Nov 19, 2026.",
        "R-2026-0142 · A place to live · within 72 hours",
        "In one sentence: Ms. Delgado needs a room",
        "Who she is Name Maria Delgado, goes by Mari, she/her Born March 14, 1982 (44)",
        "Language Spanish or English. Spanish for papers, please.",
        "How to reach her safely Call 555-0142, 9 to 14. Text is fine.",
        "Voicemail Say only: “Renee, for Maria.” Do not name Hope House.",
        "Mail Plain envelope only Never contact Her ex-partner.",
        "What she wants, what was tried She wants Her own door",
        "Dana Whitlock, LCSW November 19, 2026 Referred by, credential, date",
    ):
        assert words in form


def test_the_client_reads_the_service_the_call_and_the_crisis_number() -> None:
    handout = pages(packet_pdf(MARIA, ALL).data)[2]

    for words in (
        "For you, Mari Keep this page. It is yours.",
        "Call 555-0172 Any day, 8 in the morning to 5 in the afternoon. Ask for Renee.",
        "You can say: “Hi, I’m Mari. Dana sent you",
        "41 Cedar Street The yellow house beside the library.",
        "I will call you on Sunday, November 22.",
        "call or text 988, day or night; press 2 for Spanish.",
        "checked on November 12, 2026.",
        "Packet 481 207 · Page 1 of 1",
    ):
        assert words in handout


def test_the_client_page_does_not_say_that_the_police_helped_nor_why() -> None:
    handout = pages(packet_pdf(MARIA, ALL).data)[2]

    for told in ("Police", "Crisis Response", "LCSW", "Delgado", "Insurance", "release", "C-2026", "R-2026"):
        assert told not in handout


def test_each_audience_is_counted_for_itself() -> None:
    long = replace(
        MARIA,
        client=replace(MARIA.client, tried=PARAGRAPH * 80),
        handout=replace(MARIA.handout, what_happens=PARAGRAPH * 40),
    )
    laid = packet_pdf(long, ALL)
    texts = pages(laid.data)
    provider, client = laid.count(Audience.PROVIDER), laid.count(Audience.CLIENT)

    assert provider > 3
    assert client > 1
    assert provider + client == laid.page_count == len(texts)
    counts = [re.findall(r"Page (\d+) of (\d+)", text)[-1] for text in texts]
    assert counts == [(str(page), str(provider)) for page in range(1, provider + 1)] + [
        (str(page), str(client)) for page in range(1, client + 1)
    ]
    assert f"{provider} pages with this one." in texts[0]
    assert all("FOR THE PROVIDER" in text for text in texts[:provider])
    assert all("For you, Mari" in text for text in texts[provider:])


def test_the_pages_of_each_kind_can_be_found_again() -> None:
    laid = packet_pdf(filled(MARIA, PARAGRAPH * 8), ALL)
    texts = pages(laid.data)
    cover, form, handout = laid.pages

    assert cover.first_page == 1
    assert cover.page_count > 1
    assert "Referral" in texts[form.first_page - 1]
    assert f"safe number on page {form.first_page}" in "".join(texts[: cover.page_count])
    assert "For you" in texts[handout.first_page - 1]
    assert handout.first_page + handout.page_count - 1 == laid.page_count


def test_one_audience_alone_prints_as_it_does_in_the_whole() -> None:
    both = pages(packet_pdf(MARIA, ALL).data)

    assert pages(packet_pdf(MARIA, [PageKind.HANDOUT]).data) == both[2:]
    assert pages(packet_pdf(MARIA, [PageKind.REFERRAL_FORM, PageKind.COVER]).data) == both[:2]


def test_a_packet_without_pages_is_refused() -> None:
    with pytest.raises(ValueError, match="without pages"):
        packet_pdf(MARIA, [])


def test_a_reprint_says_on_each_page_that_it_is_a_copy() -> None:
    again = replace(MARIA, first_printed_at=MARIA.printed_at.replace(day=12))

    assert all("COPY, first printed Nov 12, 2026, 10:16." in text for text in pages(packet_pdf(again, ALL).data))
    assert not any("COPY" in text for text in pages(packet_pdf(MARIA, ALL).data))


def test_a_clock_of_twelve_hours_is_said_so() -> None:
    packet = replace(
        MARIA,
        twelve_hour=True,
        referral=replace(MARIA.referral, sent_at=MARIA.printed_at.replace(hour=14, minute=5)),
    )
    cover = pages(packet_pdf(packet, ALL).data)[0]

    assert "November 19, 2026, 2:05 PM" in cover
    assert "Printed Nov 19, 2026, 10:16 AM" in cover


def test_empty_sections_are_not_printed_but_how_to_reach_the_client_is() -> None:
    cover, form, handout = pages(packet_pdf(NOBODY, ALL).data)

    assert "How to reach the client safely Call No safe number is known. Please call us first." in form
    for heading in ("About the client", "What is wanted", "In one sentence"):
        assert heading not in form
    assert "Please call us before you try to reach the client." in cover
    for heading in ("To", "From", "About", "How soon", "Please answer by"):
        assert f" {heading} " not in cover
    assert "Nobody has checked this page lately." in handout
    assert "988" in handout


def test_a_form_without_a_safe_number_names_the_clinicians_own() -> None:
    unsafe = replace(MARIA, client=replace(MARIA.client, reach=ReachFacts()))
    cover, form, _handout = pages(packet_pdf(unsafe, ALL).data)

    assert "No safe number is known. Please call us first: 555-0101" in form
    assert "Please call us before you try to reach her." in cover


@pytest.mark.parametrize(
    ("pronouns", "heading"),
    [
        ("she/her", "Who she is"),
        ("He", "Who he is"),
        ("they/them", "Who they are"),
        ("she/they", "Who she is"),
        ("ze/zir", "About the client"),
        ("", "About the client"),
        ("/", "About the client"),
    ],
)
def test_headings_follow_the_pronouns(pronouns: str, heading: str) -> None:
    assert client_words(pronouns).who == heading


def test_a_guessed_birth_date_prints_only_its_year() -> None:
    about = replace(MARIA, client=replace(MARIA.client, born_about=True))
    unknown = replace(MARIA, client=ClientFacts(name="Unknown man, Elm Street bridge", age=30))

    assert "Born about 1982 (44)" in pages(packet_pdf(about, ALL).data)[1]
    assert "Age about 30" in pages(packet_pdf(unknown, ALL).data)[1]


def test_equal_packets_give_equal_bytes_whatever_was_printed_between() -> None:
    first = packet_pdf(MARIA, ALL).data
    packet_pdf(filled(MARIA, "Nguyễn"), ALL)

    assert packet_pdf(MARIA, ALL).data == first


def test_the_files_own_data_name_the_packet_and_nobody() -> None:
    data = packet_pdf(MARIA, ALL).data
    document = PdfReader(BytesIO(data))
    about = document.metadata

    assert about is not None
    assert about.title == "Packet 481 207"
    assert not about.author
    assert not about.subject
    assert about.creator == about.producer == "CrisisDesk"
    assert about.creation_date_raw == "D:20261119101600-05'00'"
    assert str(document.root_object["/Lang"]) == "en"
    assert not any(name in data for name in (b"Maria", b"Delgado", b"Whitlock", b"ReportLab PDF Library"))


@pytest.mark.parametrize("text", ["Maria", "Nguyễn Владимир"])
def test_every_font_is_embedded(text: str) -> None:
    document = PdfReader(BytesIO(packet_pdf(filled(MARIA, text), ALL).data))
    names = set()
    for page in document.pages:
        resources: Any = page["/Resources"]
        for reference in resources["/Font"].values():
            font = reference.get_object()
            assert "/FontFile2" in font["/FontDescriptor"]
            names.add(font["/BaseFont"].partition("+")[2])

    assert {"AtkinsonHyperlegible-Regular", "AtkinsonHyperlegible-Bold"} <= names
    assert ("NotoSans-Regular" in names) == (text != "Maria")


@pytest.mark.parametrize(("paper", "size"), [(Paper.LETTER, (612, 792)), (Paper.A4, (595, 842))])
@pytest.mark.parametrize("is_large", [False, True])
def test_it_prints_on_both_papers_in_both_sizes(paper: Paper, size: tuple[int, int], *, is_large: bool) -> None:
    laid = packet_pdf(MARIA, ALL, paper=paper, is_large=is_large)

    boxes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in PdfReader(BytesIO(laid.data)).pages}
    assert boxes == {size}
    assert laid.pages[0].page_count == 1
    assert "988" in pages(laid.data)[-1]


def test_large_print_sets_the_clients_words_in_eighteen_points_and_the_title_in_thirty_six() -> None:
    sizes: dict[str, float] = {}

    def note(text: str, _matrix: object, _line: object, _font: object, size: float) -> None:
        sizes.setdefault(text.strip(), size)

    page = PdfReader(BytesIO(packet_pdf(MARIA, [PageKind.HANDOUT], is_large=True).data)).pages[0]
    page.extract_text(visitor_text=note)

    assert sizes["Hope House"] == 36
    assert sizes["Nothing with Medicaid."] == 18


def test_letters_that_no_font_has_are_spelled_and_the_page_says_so() -> None:
    packet = replace(MARIA, client=replace(MARIA.client, name="王秀英"))
    form, handout = (
        " ".join(pages(packet_pdf(packet, [kind]).data)) for kind in (PageKind.REFERRAL_FORM, PageKind.HANDOUT)
    )

    assert "Name [WangXiuYing], goes by Mari" in form
    assert "spelled by sound" in form
    assert "spelled by sound" not in handout


@pytest.mark.parametrize("text", [PARAGRAPH * 40, "W" * 2000, "word\n" * 50])
@pytest.mark.parametrize("is_large", [False, True])
def test_however_long_the_texts_are_it_prints_them_whole(text: str, *, is_large: bool) -> None:
    packet = replace(filled(NOBODY, text), sender=Sender())
    texts = pages(packet_pdf(packet, [PageKind.REFERRAL_FORM], is_large=is_large).data)

    body = unbroken([re.sub(r"Packet 481 207 ?Page \d+ of \d+", "", page) for page in texts])
    assert body.count(unbroken([text])[-40:]) >= 7  # the end of each long field is there


def test_a_long_text_is_printed_once_from_first_word_to_last() -> None:
    words = " ".join(f"w{number}" for number in range(3000))
    packet = replace(NOBODY, client=ClientFacts(tried=words))
    found = re.findall(r"\bw\d+\b", " ".join(pages(packet_pdf(packet, [PageKind.REFERRAL_FORM]).data)))

    assert found == words.split()


def test_a_heading_is_never_the_last_thing_on_a_page() -> None:
    for lines in range(1, 30):
        packet = replace(MARIA, client=replace(MARIA.client, insurance="x\n" * lines))
        for text in pages(packet_pdf(packet, [PageKind.REFERRAL_FORM]).data):
            end = re.sub(r"Packet 481 207 Page \d of \d", "", text).strip()
            assert not end.endswith(("safely", "what was tried", "Who she is"))


@settings(max_examples=25)
@given(text=st.text(max_size=400), is_large=st.booleans())
def test_any_text_in_every_field_prints(text: str, *, is_large: bool) -> None:
    laid = packet_pdf(filled(MARIA, text), ALL, is_large=is_large)

    assert laid.page_count >= 3


@settings(max_examples=25)
@given(name=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"], max_codepoint=0x24F), max_size=60))
def test_any_latin_name_comes_back_out_of_the_page(name: str) -> None:
    packet = replace(NOBODY, client=ClientFacts(name=name))

    assert unbroken([clean(name)]) in unbroken(pages(packet_pdf(packet, [PageKind.REFERRAL_FORM]).data))
