"""Which names can be printed as they were typed, and what happens to the others."""

import unicodedata

import pytest
from reportlab.pdfbase import pdfmetrics

from crisisdesk.documents import fonts
from crisisdesk.resources import resource

NAMES = [
    "O'Neil",
    "Nguyễn Thị Hạnh",
    "Łukasz Żółć",
    "İbrahim Şahin Çağr\u0131",  # the dotless i
    "Ștefan Țânțăreanu",
    "Þórunn Æsa Guðmundsdóttir",
    "Ka\u02bbōpūnui",  # the \u02bbokina
    "Nuñez-Ibáñez",
    "Zoë Brontë",
    "Chukwuẹmẹka Ọlá",
    "Владимир Ґалаґан",
    "Ελένη Παπαδοπούλου",
]
# Letters that Unicode took up after Noto Sans was drawn, or that only a phonetician writes.
_LATIN = [(0x00C0, 0x0180), (0x0180, 0x0250), (0x1E00, 0x1F00)]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_printable_and_no_word_of_it_is_set_in_two_fonts(name: str) -> None:
    assert fonts.is_printable(name)
    assert fonts.spelled(name) == name
    words = name.split()
    for bold in (False, True):
        for word in words:
            assert len(list(fonts.runs(word, bold=bold))) == 1


@pytest.mark.parametrize(("first", "end"), _LATIN)
def test_every_latin_letter_is_printable(first: int, end: int) -> None:
    letters = [chr(code) for code in range(first, end) if unicodedata.category(chr(code)).startswith("L")]

    assert [letter for letter in letters if not fonts.is_printable(letter)] == []


def test_the_runs_of_a_text_are_the_text() -> None:
    text = "Call Nguyễn, please:  Łukasz\nand 中".replace("中", "")

    assert "".join(run for _font, run in fonts.runs(text, bold=False)) == text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("王秀英", "[WangXiuYing]"),
        ("Anna 王", "Anna [Wang]"),
        ("محمد", "[mhmd]"),
        ("\ue000", "[U+E000]"),
    ],
)
def test_letters_without_a_font_are_spelled_in_brackets(typed: str, printed: str) -> None:
    assert fonts.spelled(typed) == printed
    assert fonts.is_printable(printed)


def test_fonts_are_loaded_once() -> None:
    fonts.load()
    before = pdfmetrics.getFont(fonts.REGULAR)
    fonts.load()

    assert pdfmetrics.getFont(fonts.REGULAR) is before


@pytest.mark.parametrize("family", ["Inter", "AtkinsonHyperlegible", "NotoSans"])
def test_each_font_carries_its_licence(family: str) -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in resource("fonts", f"{family}-LICENSE.txt").read_text("utf-8")
    assert list(resource("fonts").glob(f"{family}-*.ttf"))
