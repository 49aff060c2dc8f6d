"""The page that is sealed in, and the label that is glued on."""

import pytest

from crisisdesk.documents.facts import Paper
from crisisdesk.documents.handover_envelope import HandoverEnvelope, handover_envelope_pdf
from tests.documents.paper import MARIA, pages, unbroken

CODE = "7K3QM-0PX8W-A9ZTB-HC2VE-41RDN-GJ65F"
ENVELOPE = HandoverEnvelope(
    code=CODE,
    vault="3f9a12c4",
    clinician="Dana Whitlock, LCSW",
    department="Harlow Falls Police Department",
    made_at=MARIA.printed_at,
)


@pytest.mark.parametrize("paper", list(Paper))
def test_the_code_stands_on_the_page_that_is_sealed_in_and_not_on_the_label(paper: Paper) -> None:
    inside, label = pages(handover_envelope_pdf(ENVELOPE, paper=paper))

    for group in CODE.split("-"):
        assert group in unbroken([inside])
        assert group not in unbroken([label])


def test_both_pages_say_for_whom_and_for_which_vault() -> None:
    for page in pages(handover_envelope_pdf(ENVELOPE)):
        assert "Dana Whitlock, LCSW" in page
        assert "3f9a12c4" in page


def test_the_label_says_who_may_open_it_and_has_lines_to_sign_on() -> None:
    label = pages(handover_envelope_pdf(ENVELOPE))[1]

    for words in (
        "may be opened only if",
        "Two people",
        "patrol chain of command",
        "Sealed by",
        "Witness",
        "Opened by",
    ):
        assert words in label


def test_a_long_name_and_department_stay_on_two_pages() -> None:
    long = HandoverEnvelope(
        code=CODE, vault="3f9a12c4", clinician="W" * 60, department="Department " * 12, made_at=ENVELOPE.made_at
    )

    assert len(pages(handover_envelope_pdf(long))) == 2


def test_the_code_shows_only_on_the_page() -> None:
    assert "7K3QM" not in repr(ENVELOPE)


def test_a_text_that_is_no_code_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValueError, match=r"^not a recovery code$"):
        handover_envelope_pdf(
            HandoverEnvelope(code="7K3QM", vault="x", clinician="", department="", made_at=ENVELOPE.made_at)
        )
