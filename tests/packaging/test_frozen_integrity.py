"""The packaged program notices files of its own that are not as they were built."""

import sys

import pytest
from pyinstaller import listing

from crisisdesk import integrity
from crisisdesk.integrity import Compared
from crisisdesk.selftest import diag


@pytest.fixture
def program(tmp_path):
    folder = tmp_path / "CrisisDesk"
    (folder / "_internal" / "crisisdesk" / "resources").mkdir(parents=True)
    (folder / "crisisdesk").write_bytes(b"program")
    (folder / "_internal" / "library.so").write_bytes(b"library")
    listing.write(folder)
    return folder


def compared(program):
    path = program.joinpath("_internal", "crisisdesk", "resources", *integrity.LIST)
    return integrity.compare_with(program, integrity.read(path.read_text(encoding="utf-8")))


def test_a_program_as_it_was_built_is_whole(program):
    listing.write(program)  # as after signing
    assert compared(program) == Compared(2)
    assert compared(program).is_whole


def test_a_changed_a_missing_and_an_added_file_are_told(program):
    (program / "crisisdesk").write_bytes(b"progran")
    (program / "_internal" / "library.so").unlink()
    (program / "_internal" / "extra.txt").touch()
    (program / "planted.dll").touch()
    assert compared(program) == Compared(
        0, changed=("crisisdesk",), gone=("_internal/library.so",), added=("_internal/extra.txt", "planted.dll")
    )


def test_what_a_packager_lays_beside_it_is_no_part_of_the_program(program):
    (program / "README.txt").touch()
    assert compared(program).is_whole


def test_a_program_without_its_list_is_not_called_whole(program, monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program / "crisisdesk"))
    found = integrity.compare()
    assert found is not None
    assert not found.is_whole
    assert diag._program_files() == "1 not as built: about/files.sha256"


def test_from_its_sources_it_says_nothing():
    assert integrity.compare() is None
    assert diag._program_files() == "not packaged"
