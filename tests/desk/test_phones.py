import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.phones import phone_digits, show_phone


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("5550142", "555-0142"),
        ("555 0142", "555-0142"),
        ("555-0142", "555-0142"),
        ("555.0142 x12", "555-0142 ext. 12"),
        ("5125550142", "(512) 555-0142"),
        ("1 512 555 0142", "(512) 555-0142"),
        ("+1 (512) 555-0142", "(512) 555-0142"),
        ("512-555-0142 ext 7", "(512) 555-0142 ext. 7"),
        ("+44 20 7946 0018", "+44 20 7946 0018"),
        ("988", "988"),
        ("911", "911"),
        ("her sister's, ask first", "her sister's, ask first"),
        ("1-800-HELP-NOW", "1-800-HELP-NOW"),
        ("?", "?"),
        ("", ""),
        (" 12 ", "12"),
    ],
)
def test_a_phone_is_shown_in_one_form_and_kept_as_typed_where_it_cannot_be_read(typed, shown):
    assert show_phone(typed) == shown


@given(st.text(max_size=60))
def test_no_text_makes_the_showing_fail(text):
    assert isinstance(show_phone(text), str)


@given(st.from_regex(r"\A[2-9][0-9]{2}[2-9][0-9]{6}\Z"))
def test_showing_a_phone_keeps_its_digits(digits):
    assert phone_digits(show_phone(digits)) == digits


def test_a_search_compares_digits_without_the_country_and_the_extension():
    assert phone_digits("+1 (512) 555-0142 x 9") == "5125550142"
