"""The printed way back in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.errors import Invalid
from crisisdesk.vault.recovery import _SIGNS, RecoveryCode, _check

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KNOWN = "01234-56789-ABCDE-FGHJK-MNPQR-ST45Z"  # whoever changes this voids every printed sheet


def problem(text: str) -> str:
    with pytest.raises(Invalid) as refused:
        RecoveryCode.parse(text)
    return refused.value.problems["recovery"]


def swapped(text: str, place: int, sign: str) -> str:
    return text[:place] + sign + text[place + 1 :]


def test_a_code_has_six_groups_of_five():
    code = RecoveryCode.random()
    assert [len(group) for group in code.groups] == [5] * 6
    assert str(code) == "-".join(code.groups)


def test_the_known_code_is_read():
    assert str(RecoveryCode.parse(KNOWN)) == KNOWN
    assert RecoveryCode.parse(KNOWN).secret() == b"0123456789ABCDEFGHJKMNPQRST45Z"


def test_a_second_known_code_is_read():
    assert RecoveryCode.parse("0" * 26 + "T9S2").secret() == b"0" * 26 + b"T9S2"


def test_two_codes_differ():
    assert RecoveryCode.random() != RecoveryCode.random()


def test_a_code_equals_its_like_and_no_text():
    code = RecoveryCode.parse(KNOWN)
    assert len({code, RecoveryCode.parse(KNOWN.lower()), RecoveryCode.random()}) == 2
    assert code != KNOWN


def test_every_sign_is_used_and_none_twice_as_often():
    assert _SIGNS == SIGNS
    seen = {sign for _round in range(100) for sign in str(RecoveryCode.random())}
    assert seen == {*SIGNS, "-"}


@pytest.mark.parametrize(
    "typed",
    [
        KNOWN.lower(),
        KNOWN.replace("-", ""),
        KNOWN.replace("-", " "),
        KNOWN.replace("-", "\n"),
        KNOWN.replace("-", " – "),
        f"  {KNOWN}\t",
        KNOWN.replace("0", "O").replace("1", "I"),
        KNOWN.replace("0", "o").replace("1", "l"),
        KNOWN.replace("A", "\N{FULLWIDTH LATIN CAPITAL LETTER A}"),
        KNOWN.replace("-", "-\N{ZERO WIDTH SPACE}"),
    ],
)
def test_spaces_dashes_small_letters_and_lookalikes_do_not_matter(typed):
    assert RecoveryCode.parse(typed) == RecoveryCode.parse(KNOWN)


@given(st.text(SIGNS, min_size=26, max_size=26), st.integers(0, 29), st.sampled_from(SIGNS))
def test_one_mistyped_sign_is_noticed_and_its_group_is_named(chosen, place, sign):
    signs = chosen + _check(chosen)
    if signs[place] == sign:
        assert RecoveryCode.parse(signs).secret() == signs.encode()
    else:
        told = problem(swapped(signs, place, sign))
        # Once in a thousand another slip would fit as well; then no group is named.
        assert f"in group {place // 5 + 1} " in told or "One of the letters" in told


@pytest.mark.parametrize("place", range(0, 35, 4))
def test_the_group_of_a_mistyped_sign_is_named(place):
    if KNOWN[place] != "-":
        wrong = "Y" if KNOWN[place] != "Y" else "X"
        assert f"in group {place // 6 + 1} is mistyped" in problem(swapped(KNOWN, place, wrong))


@pytest.mark.parametrize(
    ("typed", "group"),
    [
        ("10234-56789-ABCDE-FGHJK-MNPQR-ST45Z", 1),
        ("01234-56789-BACDE-FGHJK-MNPQR-ST45Z", 3),
        ("01234-56789-ABCDE-FGHJK-MNPQR-ST4Z5", 6),
    ],
)
def test_two_swapped_neighbours_are_found(typed, group):
    assert f"group {group} " in problem(typed)


def test_two_slips_far_apart_are_noticed_without_a_guess():
    assert problem("11234-56789-ABCDE-FGHJK-MNPQR-ST455") == (
        "One of the letters or digits is mistyped. Compare each group with the sheet."
    )


def test_a_sign_that_no_code_has_is_placed():
    assert "Group 2 holds a sign" in problem("01234-U6789-ABCDE-FGHJK-MNPQR-ST45Z")


def test_an_emoji_or_a_foreign_letter_is_placed():
    assert "Group 1 holds a sign" in problem("\N{GRINNING FACE}1234-56789")
    assert "Group 1 holds a sign" in problem("Ж1234-56789")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Type the 30 letters and digits of the printed recovery code."),
        (" - ", "Type the 30 letters and digits of the printed recovery code."),
        (KNOWN[:-1], "The code has 30 letters and digits; 29 are typed so far."),
        (KNOWN + "0", "The code has 30 letters and digits; 31 are typed. Is something typed twice?"),
    ],
)
def test_a_code_too_short_or_too_long_is_counted(typed, told):
    assert problem(typed) == told


@given(st.text(max_size=60))
def test_any_text_gets_a_sentence(text):
    assert problem(text).endswith((".", "?"))


def test_a_refusal_does_not_repeat_what_was_typed():
    assert "56789" not in problem(KNOWN[:-1])
    assert "56789" not in problem(KNOWN.replace("5", "6", 1))


def test_a_code_does_not_show_itself():
    assert "56789" not in repr(RecoveryCode.parse(KNOWN))


@pytest.mark.parametrize("signs", ["", "0" * 30, "0" * 29])
def test_a_code_is_not_made_of_signs_that_do_not_fit(signs):
    with pytest.raises(ValueError, match="Not a recovery code"):
        RecoveryCode(signs)


def test_the_secret_can_be_wiped_without_spoiling_the_code():
    code = RecoveryCode.parse(KNOWN)
    secret = code.secret()
    secret[:] = bytes(30)
    assert str(code) == KNOWN
