"""Bytes to text."""

import pytest

from crisisdesk.exchange.texts import clean, decode, plain, unescaped

NAMES = "Øyvind, Bête, O’Neil, José, “Hope”, Nuñez"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_without_a_word(encoding):
    decoded = decode(NAMES.encode(encoding))
    assert (decoded.text, decoded.note) == (NAMES, "")


def test_windows_text_is_read_and_said():
    decoded = decode(NAMES.encode("cp1252"))
    assert decoded.text == NAMES
    assert "Windows" in decoded.note


def test_text_of_an_old_mac_is_known_by_its_line_ends():
    decoded = decode("id,name\r1,O’Neil\r2,Café\r".encode("mac_roman"))
    assert decoded.text == "id,name\n1,O’Neil\n2,Café\n"
    assert "Mac" in decoded.note


def test_utf_8_with_a_few_windows_letters_keeps_both():
    decoded = decode("Łukasz, Nguyễn, Café, ".encode() + "Zoë".encode("cp1252"))
    assert decoded.text == "Łukasz, Nguyễn, Café, Zoë"
    assert "A few letters" in decoded.note


def test_bytes_of_no_known_encoding_still_give_text():
    decoded = decode(b"name\n\x81\x8d\x8f\x90\x9d\n")
    assert decoded.text.startswith("name\n")
    assert "guessed" in decoded.note


def test_line_ends_become_plain():
    assert decode(b"a\r\nb\rc\nd").text == "a\nb\nc\nd"


def test_cleaning_takes_controls_and_padding_and_nothing_else():
    assert clean("  Hope \t\n\n\n\n  House  \n") == "Hope\n\n  House"
    assert clean("a\x00b\x1bc\u202ed\ufeff") == "abcd"
    assert clean("Cafe\u0301") == "Café"
    assert clean("\ud800") == "�"
    assert clean("=cmd() <b> O’Neil 李") == "=cmd() <b> O’Neil 李"


def test_markup_goes_and_mathematics_stays():
    assert plain("<p>One</p><p>Two &amp; three</p>") == "One\nTwo & three"
    assert plain("income < 200% and > 100%") == "income < 200% and > 100%"
    assert plain("a <b c") == "a <b c"
    assert unescaped("Food &amp; Friends") == "Food & Friends"
    assert unescaped("AT&T; R&D") == "AT&T; R&D"
