"""The certificate of a purge."""

from dataclasses import replace
from datetime import date

import pytest

from crisisdesk.desk.retention import Certificate, Copy
from crisisdesk.desk.retention_rules import RetentionClass
from crisisdesk.documents.certificate import certificate_pdf
from crisisdesk.documents.facts import Paper
from crisisdesk.vault.audit import Anchor
from tests.documents.paper import MARIA, pages

CERTIFICATE = Certificate(
    number="P-2026-0001",
    subject_id="8eed2f6f-ed8e-4d91-ae40-2b615805c0d3",
    retention_class=RetentionClass.ADULT,
    rows=318,
    purged_at=MARIA.printed_at,
    reason="Time of keeping is over",
    authority="County schedule 2231, item 4",
    by="Dana Whitlock, LCSW",
    department="Harlow Falls Police Department",
    backups=(Copy(name="20261119T050000Z-3f9a12c4-7.cdbak", holder="", written_on=date(2026, 11, 19)),),
    media=(Copy(name="Blue stick A1B2", holder="Records office", written_on=date(2026, 11, 12)),),
    backups_until=date(2027, 11, 20),
    anchor=Anchor(1234, "1a2b3c4d" * 8),
)


@pytest.mark.parametrize("paper", list(Paper))
def test_the_certificate_says_what_went_and_what_still_holds_it(paper: Paper) -> None:
    text = " ".join(" ".join(pages(certificate_pdf(CERTIFICATE, paper=paper))).split())

    for words in (
        "Certificate P-2026-0001",
        CERTIFICATE.subject_id,
        "Adult’s chart",
        "318",
        "Nov 19, 2026, 10:16",
        "Time of keeping is over",
        "County schedule 2231, item 4",
        "Dana Whitlock, LCSW",
        "20261119T050000Z-3f9a12c4-7.cdbak, written November 19, 2026",
        "Blue stick A1B2, written November 12, 2026, held by Records office",
        "November 20, 2027",
        "CD-1234-1a2b3c4d",
        "Witness",
    ):
        assert words in text


def test_the_certificate_fits_one_page_and_many_backups_are_counted() -> None:
    many = tuple(replace(CERTIFICATE.backups[0], name=f"2026-{number}.cdbak") for number in range(40))

    assert len(pages(certificate_pdf(CERTIFICATE))) == 1
    text = " ".join(" ".join(pages(certificate_pdf(replace(CERTIFICATE, backups=many)))).split())
    assert "2026-11.cdbak" in text
    assert "2026-12.cdbak" not in text
    assert "and 28 more" in text


def test_without_drives_it_says_so_and_a_file_that_is_no_smaller_is_told() -> None:
    text = " ".join(pages(certificate_pdf(replace(CERTIFICATE, media=(), backups=(), is_compacted=False))))

    assert "none in the register" in text
    assert "overwritten with zeros" in text


def test_hostile_words_are_printed_as_they_were_typed() -> None:
    text = " ".join(pages(certificate_pdf(replace(CERTIFICATE, reason='<img src="file:///x"/> & <b>'))))

    assert '<img src="file:///x"/> & <b>' in text
