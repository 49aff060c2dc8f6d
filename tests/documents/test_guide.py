"""The guide that lies in each installer: two pages, with pictures that are there and can be read."""

import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

import crisisdesk
from crisisdesk.documents.facts import Paper
from crisisdesk.documents.guide import FIRST, STEPS, TITLE, guide_pdf
from crisisdesk.resources import resource
from tests.documents.paper import pages

_MOST = 120_000  # bytes of one picture


@pytest.mark.parametrize("paper", list(Paper))
def test_it_is_two_pages_that_say_each_step_and_how_to_install(paper: Paper) -> None:
    pdf = guide_pdf(paper)
    text = [" ".join(page.split()) for page in pages(pdf)]
    assert len(text) == 2
    for told in FIRST:
        assert told.name in text[0]
    for told in STEPS:
        assert told.name in text[1]
    for words in (f"CrisisDesk-{crisisdesk.__version__}-windows-x64", "Mac", "Linux", "Page 1 of 2"):
        assert words in text[0]
    assert "Page 2 of 2" in text[1]
    document = PdfReader(BytesIO(pdf))
    drawn: list[Any] = [page["/Resources"] for page in document.pages]
    assert [len(each["/XObject"]) for each in drawn] == [len(FIRST), len(STEPS)]
    assert document.metadata is not None
    assert (document.metadata.title, document.metadata.author or "") == (TITLE, "")
    assert guide_pdf(paper) == pdf, "equal bytes each time"


def test_each_picture_is_there_small_and_made_from_a_scene() -> None:
    used = {told.picture for told in (*FIRST, *STEPS)}
    files = {file.stem: file.stat().st_size for file in resource("guide").glob("*.png")}
    assert set(files) == used
    assert max(files.values()) <= _MOST
    drawn = resource("guide").parents[1] / "tests" / "gallery" / "guide.py"
    assert set(re.findall(r"Shot\(\s*\"([a-z]+)\"", drawn.read_text("utf-8"))) == used
