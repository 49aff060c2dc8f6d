"""What comes through the only door onto paper."""

import pytest
from reportlab import rl_config

from crisisdesk.documents.press import Press, Role
from crisisdesk.documents.text import Bold, P, clean, fill, is_spelled, sentences, whole
from crisisdesk.records.choices import Audience
from tests.documents.paper import MARIA, filled

BODY = Press(audience=Audience.PROVIDER).style(Role.BODY)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("two\r\nlines\rthree\u2028four", "two\nlines\nthree\nfour"),
        ("a\x00b\x1bc\x7fd\x9fe", "abcde"),
        ("a\tb\nc", "a\tb\nc"),
        ("safe \u202elive\u202c \u2066x\u2069", "safe live x"),
        ("half \ud83d of one", "half  of one"),
        ("\ufeffsoft\u00adhyphen", "softhyphen"),
        ("=cmd()", "=cmd()"),
    ],
)
def test_text_is_composed_and_loses_what_cannot_be_seen(typed: str, printed: str) -> None:
    assert clean(typed) == printed


@pytest.mark.parametrize(
    "typed",
    [
        "<b>",
        "</para>",
        "<para fontName=x>",
        "<img src=/etc/hostname>",
        '<img src="http://127.0.0.1:9/x.png"/>',
        "<font color=\"[[[getattr(pow,'x')]]]\">x</font>",
        '<a href="file:///etc/passwd">here</a>',
        "&lt; &amp; &#60; &nbsp;",
        "<!-- --> <![CDATA[ ]]> <?x ?>",
        "<br/><unichar code='65'/><greek>a</greek>",
        'O\'Neil & "Sons" < > ?',
    ],
)
def test_a_tag_prints_as_it_was_typed(typed: str) -> None:
    paragraph = P(BODY, typed, " ", Bold(typed))

    assert paragraph.getPlainText() == f"{typed} {typed}"


def test_nothing_may_be_fetched_for_a_page() -> None:
    assert not rl_config.trustedHosts
    assert not rl_config.trustedSchemes


def test_a_sentence_takes_bold_words_and_no_markup() -> None:
    pieces = fill("Call her on the {safe_number}, please.", safe_number=Bold("<i>555-0142"))

    assert pieces == ("Call her on the ", "<i>555-0142", ", please.")
    assert isinstance(pieces[1], Bold)
    assert P(BODY, *pieces).getPlainText() == "Call her on the <i>555-0142, please."


def test_a_bold_piece_is_set_in_the_bold_font() -> None:
    fonts = [fragment.fontName for fragment in P(BODY, "a ", Bold("b"), " c").frags]

    assert fonts == ["Paper", "Paper-Bold", "Paper"]


def test_sentences_are_closed_before_the_next_begins() -> None:
    assert sentences("Spanish or English", "", "Spanish for papers, please.") == (
        "Spanish or English. Spanish for papers, please."
    )
    assert sentences("Really?", "Yes") == "Really? Yes"
    assert sentences("", "  ") == ""


def test_only_a_short_text_is_kept_on_one_line() -> None:
    assert whole("(410) 555-0142") == "(410)\u00a0555-0142"
    assert whole("a b " * 20) == "a b " * 20


def test_letters_that_must_be_spelled_are_found_in_every_field() -> None:
    assert not is_spelled(MARIA)
    assert is_spelled(filled(MARIA.client, "王"))
    assert is_spelled(filled(MARIA, "王").client.reach)
