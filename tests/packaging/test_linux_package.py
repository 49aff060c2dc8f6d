"""What goes into the Linux packages beside the program: words, the menu's entry, scripts that keep an open program."""

import os
import shutil
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from linux import check_installed, depends, fills, tools
from linux.fills import fill, metainfo, news

import crisisdesk

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these are for Linux alone")

_CHANGES = """# Changelog

## [Unreleased]

### Added

- One thing,
  on two lines.
- `python3 dev.py fly` is for developers.

## [0.0.1] - 2026-01-01

- Old.
"""


@pytest.fixture(autouse=True)
def _dated(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def test_only_what_is_new_for_people_is_told():
    assert news(_CHANGES) == ["One thing, on two lines."]


def test_what_is_still_to_come_is_no_release():
    assert not fills.is_released(_CHANGES)
    assert fills.is_released(_CHANGES.replace("## [Unreleased]", "## [0.1.0] - 2026-12-01"))


def test_software_centres_are_told_of_this_version():
    told = ET.fromstring(metainfo())  # noqa: S314  our own
    assert told.findtext("id") == crisisdesk.APP_ID
    release = told.find("releases/release")
    assert release is not None
    assert (release.get("version"), release.get("date")) == (crisisdesk.__version__, "2023-11-14")
    assert release.findall("description/ul/li")


def test_a_gap_that_nobody_fills_and_a_value_without_a_gap_are_refused():
    with pytest.raises(KeyError, match="START"):
        fill("share/entry.desktop", ICON="it")
    with pytest.raises(KeyError, match="WEATHER"):
        fill("share/crisisdesk.1", WEATHER="rain")


def test_only_programs_and_libraries_are_asked_for_what_they_load(tmp_path):
    shutil.copy(sys.executable, tmp_path / "program")
    (tmp_path / "text").write_text("ELF")
    (tmp_path / "link").symlink_to("program")
    assert depends.elves(tmp_path) == [tmp_path / "program"]


@pytest.mark.parametrize(
    ("name", "is_unwanted"),
    [
        ("python3.11-minimal", True),
        ("libpython3.12t64", False),
        ("libpython3.11-stdlib", True),
        ("gcc-12", True),
        ("gcc-12-base", False),
        ("libc6-dev", True),
        ("libc6", False),
        ("perl-base", False),
    ],
)
def test_an_interpreter_a_compiler_or_files_for_developers_make_a_system_less_than_bare(name, is_unwanted):
    assert bool(check_installed.UNWANTED.search(name)) is is_unwanted


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="only Debian's family has Debian packages")
def test_what_a_build_needs_and_the_computer_lacks_is_named(monkeypatch):
    monkeypatch.setattr(tools, "PACKAGES", {"nobody-made-this-package": "a test", "libc6": "everything"})
    assert "nobody-made-this-package" in tools.missing()
    assert "libc6" not in tools.missing()


def test_a_package_that_was_half_taken_out_is_not_there():
    assert tools.installed("wixl installed\nwine config-files\n") == {"wixl"}


# --- an open program keeps its files ---------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path):
    """Return a folder of a program, and a copy of a program that sleeps in it."""
    folder = tmp_path / "a place" / "crisisdesk"
    folder.mkdir(parents=True)
    shutil.copy("/bin/sleep", folder / "crisisdesk")
    return folder


@pytest.mark.parametrize(("script", "act"), [("preinst", "upgrade"), ("preinst", "install"), ("prerm", "remove")])
def test_an_open_program_is_neither_replaced_nor_removed(tmp_path, place, script, act):
    path = tmp_path / script
    path.write_text(fill(f"control/{script}", RUNNING=fill("control/running.sh", PLACE=str(place))))
    line = ["/bin/sh", str(path), act]
    with subprocess.Popen([place / "crisisdesk", "60"]) as running:
        refused = subprocess.run(line, capture_output=True, text=True, check=False)
        running.kill()
    assert refused.returncode == 1
    assert refused.stderr.startswith("CrisisDesk is open on this computer: close it")
    assert subprocess.run(line, capture_output=True, text=True, check=True).stderr == ""


# --- into the menu and out of it --------------------------------------------------------------------------------------


@pytest.fixture
def unpacked(tmp_path):
    """Return an unpacked archive whose program only tells its version."""
    folder = tmp_path / "Écran d’accueil $HOME" / "CrisisDesk"
    (folder / "menu").mkdir(parents=True)
    _tells(folder / "crisisdesk", crisisdesk.__version__)
    for script in ("add-to-menu.sh", "remove-from-menu.sh"):
        (folder / script).write_text(fill(f"tar/{script}"))
    (folder / "menu/shared.sh").write_text(fill("tar/shared.sh"))
    (folder / "menu/entry.desktop").write_text(fill("share/entry.desktop", START="crisisdesk", ICON="it"))
    (folder / "menu/icon.svg").touch()
    return folder


def _tells(program, version):
    program.write_text(f"#!/bin/sh\necho CrisisDesk {version}\n")
    program.chmod(0o755)


def _runs(script, home):
    settings = {"HOME": str(home), "PATH": os.environ["PATH"]}
    return subprocess.run(["/bin/sh", str(script)], env=settings, capture_output=True, text=True, check=False)


@pytest.fixture
def home(tmp_path):
    """Return a home folder with a name that a menu's entry must quote."""
    folder = tmp_path / 'Ann "100%" $x'
    folder.mkdir()
    return folder


def test_the_menu_starts_a_copy_of_her_own(unpacked, home):
    done = _runs(unpacked / "add-to-menu.sh", home)
    assert done.returncode == 0, done.stderr
    assert "is in your menu now" in done.stdout
    entry = (home / f".local/share/applications/{crisisdesk.APP_ID}.desktop").read_text()
    (start,) = (line.removeprefix("Exec=") for line in entry.splitlines() if line.startswith("Exec="))
    assert "100%%" in start
    meant = start.strip('"').replace("\\\\", "\\").replace("%%", "%")
    for mark in ('"', "$"):
        assert f"\\{mark}" in meant
        meant = meant.replace(f"\\{mark}", mark)
    assert meant == str(home / ".local/lib/crisisdesk/crisisdesk")
    shutil.rmtree(unpacked)
    assert (home / ".local/lib/crisisdesk/crisisdesk").exists()


def test_an_older_version_does_not_replace_a_newer_one(unpacked, home):
    _runs(unpacked / "add-to-menu.sh", home)
    _tells(home / ".local/lib/crisisdesk/crisisdesk", "99.0")
    done = _runs(unpacked / "add-to-menu.sh", home)
    assert done.returncode == 1
    assert "this one is older" in done.stdout
    assert "99.0" in (home / ".local/lib/crisisdesk/crisisdesk").read_text()


def test_one_that_was_left_between_two_steps_is_put_back_before_anything_else(unpacked, home):
    place = home / ".local/lib/crisisdesk"
    _runs(unpacked / "add-to-menu.sh", home)
    _tells(place / "crisisdesk", "99.0")
    place.rename(place.with_name("crisisdesk.old"))
    assert "this one is older" in _runs(unpacked / "add-to-menu.sh", home).stdout
    assert (place / "crisisdesk").exists()


def test_taking_it_out_leaves_her_records(unpacked, home):
    records = home / ".local/share/crisisdesk/vault/vault.db"
    records.parent.mkdir(parents=True)
    records.write_bytes(b"hers")
    _runs(unpacked / "add-to-menu.sh", home)
    done = _runs(unpacked / "remove-from-menu.sh", home)
    assert done.returncode == 0, done.stderr
    assert records.read_bytes() == b"hers"
    left = {path for path in home.rglob("*") if path.is_file()}
    assert left == {records}
