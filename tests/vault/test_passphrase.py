"""What a passphrase must be."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from crisisdesk.errors import Invalid
from crisisdesk.resources import resource
from crisisdesk.vault.passphrase import (
    LEAST_CHARACTERS,
    Level,
    check_passphrase,
    encode,
    strength,
    suggest_words,
    words,
)

OWN = ("Jordan Ashworth-Lee", "Rivertown Police Department")


def problem(text: str) -> str:
    with pytest.raises(Invalid) as refused:
        check_passphrase(text, own_words=OWN)
    return refused.value.problems["passphrase"]


@pytest.mark.parametrize(
    "good",
    [
        "unicycle cramp retinal quaking mobility tablet",
        "UNICYCLE CRAMP RETINAL",
        "kq7#Lm2!vT9zRw4p",
        " my dog ate the blue kite ",
        "Привет мой дорогой друг",
        "水曜日に川で見た赤い自転車はどこへ",
        "purple-tractor-elbow-9",
        "x" * 40 + "unicycle cramp retinal quaking",
    ],
)
def test_a_good_passphrase_passes(good):
    check_passphrase(good, own_words=OWN)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("password password password", "repeats"),
        ("Jennifer jennifer JENNIFER", "repeats"),
        ("abcabcabcabcabcabc", "repeats"),
        ("               ", "guessed early"),
        ("üüüüüüüüüüüüüüüüüüüü", "repeats"),
        ("abcdefghijklmnopqrst", "alphabet"),
        ("qwertyuiopasdfgh", "tried first"),
        ("1qaz 2wsx 3edc 4rfv", "tried first"),
        ("123456789987654321", "tried first"),
        ("P@ssw0rd1234567", "tried first"),
        ("14.03.1985 15.03.1985", "date"),
        ("the quick brown fox jumps over the lazy dog", "well-known"),
        ("The Quick Brown Fox!", "well-known"),
        ("to be, or not to be", "well-known"),
        ("correct horse battery staple", "well-known"),
        ("CorrectHorseBatteryStaple", "well-known"),
        ("Mary had a little lamb...", "well-known"),
        ("crisisdesk vault 2026", "about you"),
        ("rivertown police 2026!", "about you"),
        ("Jordan Ashworth-Lee", "about you"),
        ("ashworth-lee rivertown", "about you"),
        ("R1v3rt0wnP0l1c3!", "about you"),
    ],
)
def test_a_passphrase_that_is_guessed_early_is_refused_with_the_reason(bad, why):
    assert why in problem(bad)


def test_own_words_matter_only_when_told():
    check_passphrase("ashworth zebra fulcrum", own_words=())
    with pytest.raises(Invalid):
        check_passphrase("ashworth ashworth-lee", own_words=OWN)


def test_a_short_passphrase_is_counted():
    assert problem("kq7#Lm2!vT9zRw") == "Use at least 15 characters; there are 14 so far."


def test_letters_are_counted_as_she_sees_them():
    assert "there are 14 so far" in problem(unicodedata.normalize("NFD", "éèêëàâäùûüôöîï"))


def test_a_long_passphrase_is_refused_and_not_cut_off():
    check_passphrase("unicycle cramp retinal quaking" + "x" * 994)
    assert "too long" in problem("unicycle cramp retinal quaking" + "x" * 995)


def test_half_a_surrogate_pair_is_refused():
    assert "can't be kept" in problem("unicycle cramp retinal \ud800")


def test_a_refusal_does_not_repeat_what_was_typed():
    assert "rivertown" not in problem("rivertown police 2026!").lower()


def test_composed_and_decomposed_letters_are_the_same_passphrase():
    typed = "Ångström häufig fünf Größe"
    assert encode(unicodedata.normalize("NFD", typed)) == encode(unicodedata.normalize("NFC", typed))


@given(st.text(max_size=200).filter(lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text)))
def test_nothing_is_trimmed_folded_or_cut_off(text):
    assert encode(text).decode("utf-8") == unicodedata.normalize("NFC", text)
    assert encode(f" {text} ") != encode(text)


@given(st.text(max_size=90))
def test_any_text_has_a_strength_and_a_label(text):
    found = strength(text, own_words=OWN)
    assert found.label
    assert (found.level is Level.TOO_EASY) is bool(found.reason)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", Level.TOO_EASY),
        ("password password", Level.TOO_EASY),
        ("hello world my friend", Level.TOO_EASY),
        ("hello my yellow zebra", Level.FAIR),
        ("unicycle cramp retinal quaking", Level.HARD),
        ("unicycle cramp retinal quaking mobility tablet", Level.VERY_HARD),
    ],
)
def test_strength_has_plain_levels(text, level):
    assert strength(text).level is level


def test_spaces_do_not_flatter_a_sentence():
    assert strength("the cat sat on the mat").guesses_log10 == pytest.approx(
        strength("thecatsatonthemat").guesses_log10, abs=0.1
    )


def test_six_words_are_suggested_and_pass():
    for _round in range(20):
        check_passphrase(" ".join(suggest_words()), own_words=OWN)


def test_suggestions_differ():
    assert suggest_words() != suggest_words()


def test_no_word_is_suggested_twice():
    assert sorted(suggest_words(len(words()))) == sorted(words())


def test_a_suggested_word_is_worth_12_9_bits():
    listed = resource("wordlists", "eff-large.txt").read_text(encoding="utf-8").splitlines()
    assert len(set(listed)) == len(listed) == 7776
    assert len(set(words())) == len(words())
    assert len(words()) - 5 > 2**12.9, "the sixth is drawn from what five have left"


def test_no_word_of_violence_or_custody_is_suggested():
    left_out = resource("wordlists", "left-out.txt").read_text(encoding="utf-8").splitlines()
    listed = resource("wordlists", "eff-large.txt").read_text(encoding="utf-8").splitlines()
    assert set(left_out) <= set(listed)
    assert not set(left_out) & set(words())


def test_the_lists_say_where_they_come_from():
    readme = resource("wordlists", "README.md").read_text(encoding="utf-8")
    assert "Joseph Bonneau" in readme
    assert "Creative Commons Attribution 3.0" in readme
    for path in resource("wordlists").glob("*.txt"):
        assert path.name in readme


def test_thirty_thousand_common_passwords_are_known_and_none_passes_alone_or_repeated():
    common = FREQUENCY_LISTS["passwords"]
    assert len(common) >= 10_000
    for each in [word for word in common if len(word) >= LEAST_CHARACTERS] + [3 * word for word in common[:100]]:
        assert strength(each).level is Level.TOO_EASY, each
