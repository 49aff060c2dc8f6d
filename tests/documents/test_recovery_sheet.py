"""The printed way back in."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from crisisdesk.documents.facts import Paper
from crisisdesk.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf
from tests.documents.paper import MARIA, pages, unbroken

CODE = "7K3QM-0PX8W-A9ZTB-HC2VE-41RDN-GJ65F"
SHEET = RecoverySheet(code=CODE, vault="3f9a12c4", made_at=MARIA.printed_at)


@pytest.mark.parametrize("paper", list(Paper))
def test_the_sheet_is_one_page_with_the_code_the_date_and_the_vault(paper: Paper) -> None:
    text = pages(recovery_sheet_pdf(SHEET, paper=paper))

    assert len(text) == 1
    for number, group in enumerate(CODE.split("-"), start=1):
        assert f"{number}{group}" in unbroken(text)
    for words in ("Made on November 19, 2026", "for the vault 3f9a12c4", "Use the recovery sheet", "kept at"):
        assert words in text[0]


@pytest.mark.parametrize("typed", [CODE.lower(), CODE.replace("-", " "), CODE.replace("-", "")])
def test_the_code_is_printed_alike_however_it_is_given(typed: str) -> None:
    sheet = RecoverySheet(code=typed, vault=SHEET.vault, made_at=SHEET.made_at)

    assert recovery_sheet_pdf(sheet) == recovery_sheet_pdf(SHEET)


@pytest.mark.parametrize("wrong", ["", CODE[:-1], CODE + "7", CODE.replace("7", "U"), "O" * 30])
def test_a_text_that_is_no_code_is_refused_and_not_repeated(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^not a recovery code$"):
        recovery_sheet_pdf(RecoverySheet(code=wrong, vault="x", made_at=SHEET.made_at))


def test_the_code_shows_only_on_the_page() -> None:
    document = PdfReader(BytesIO(recovery_sheet_pdf(SHEET)))

    assert "7K3QM" not in repr(SHEET)
    assert document.metadata is not None
    assert document.metadata.title == "CrisisDesk recovery sheet"
