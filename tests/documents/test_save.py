"""A PDF as a file."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from crisisdesk.documents.packet import packet_pdf
from crisisdesk.documents.save import encrypted, plain, write_file
from crisisdesk.errors import PrintProblem
from tests.documents.paper import ALL, MARIA, pages

WORDS = "lantern copper drift willow"
PDF = packet_pdf(MARIA, ALL).data


def test_an_encrypted_file_is_aes_256_throughout_and_opens_with_the_passphrase() -> None:
    with pikepdf.open(BytesIO(encrypted(PDF, WORDS)), password=WORDS) as document:
        lock = document.encryption
        assert (lock.R, lock.V, lock.bits) == (6, 5, 256)
        assert {lock.stream_method, lock.string_method, lock.file_method} == {pikepdf.models.EncryptionMethod.aesv3}
        assert document.user_password_matched
        assert len(document.pages) == 3


@pytest.mark.parametrize("guess", ["", "lantern", WORDS.upper()])
def test_no_other_passphrase_opens_it(guess: str) -> None:
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(encrypted(PDF, WORDS)), password=guess)


@pytest.mark.parametrize("passphrase", ["", "x" * 128, "ễ" * 43])
def test_a_passphrase_that_readers_would_cut_is_refused(passphrase: str) -> None:
    with pytest.raises(ValueError, match="1 to 127 bytes"):
        encrypted(PDF, passphrase)


@pytest.mark.parametrize("lock", [None, WORDS])
def test_a_saved_file_says_nothing_about_itself(lock: str | None) -> None:
    saved = encrypted(PDF, lock) if lock else plain(PDF)
    with pikepdf.open(BytesIO(saved), password=lock or "") as document:
        assert "/Info" not in document.trailer
        assert "/Metadata" not in document.Root


def test_a_plain_file_has_the_same_pages() -> None:
    assert pages(plain(PDF)) == pages(PDF)
    assert plain(PDF) == plain(PDF)


def test_a_file_is_written_whole_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    place = tmp_path / "packet-481207.pdf"
    place.write_bytes(b"old")
    write_file(place, PDF)

    assert place.read_bytes() == PDF
    assert list(tmp_path.iterdir()) == [place]


def test_a_place_that_cannot_be_written_is_said_in_a_sentence_and_left_as_it_was(tmp_path: Path) -> None:
    place = tmp_path / "folder"
    place.mkdir()

    for target in (place, tmp_path / "missing" / "packet.pdf"):
        with pytest.raises(PrintProblem, match="Nothing was saved"):
            write_file(target, PDF)
    assert list(tmp_path.iterdir()) == [place]
