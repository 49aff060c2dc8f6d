import json
import shutil
from pathlib import Path

import bundled
import licences
import pytest
import sbom
from bundled import IncompleteError
from PyInstaller.archive.writers import (  # type: ignore[import-untyped]  # has no types
    CArchiveWriter,
    ZlibArchiveWriter,
)


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("licences")
    return folder, licences.gather(folder)


@pytest.fixture(scope="module")
def listed():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1790000000")
        return sbom.make()


@pytest.fixture
def facts(monkeypatch):
    """A copy of what licences.toml says, for a test to change."""
    changed = json.loads(json.dumps(bundled.facts()))
    monkeypatch.setattr(bundled, "facts", lambda: changed)
    return changed


# --- licences --------------------------------------------------------------------------------------------------------


def test_every_part_is_under_a_licence_that_may_go_along():
    assert licences.refused() == []


@pytest.mark.parametrize(
    "said", ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "Proprietary", "SSPL-1.0"]
)
def test_a_licence_that_nobody_accepted_is_refused(said, facts):
    facts["spoken"]["six"] = said

    assert licences.refused() == [f"six is under {said}, and licences.toml doesn't accept that."]


@pytest.mark.parametrize(
    ("licence", "who"),
    [("blessing", "SQLite inside sqlcipher3"), ("Unicode-3.0", "unicode-ident inside cryptography")],
)
def test_the_same_goes_for_what_a_library_holds(licence, who, facts):
    del facts["accepted"][licence]

    assert any(line.startswith(f"{who} is under ") for line in licences.refused())


@pytest.mark.parametrize("said", ["MIT OR GPL-3.0-only", "(MIT OR Apache-2.0) AND Unicode-3.0", "MIT"])
def test_one_acceptable_choice_is_enough(said):
    assert licences.accepted(said)


def test_a_licence_in_no_known_words_stops_the_build(facts):
    del facts["spoken"]["six"]

    with pytest.raises(IncompleteError, match="six names no licence"):
        licences.refused()


def test_every_part_has_a_text_and_the_list_says_where(gathered):
    folder, lying = gathered
    said = licences.third_party(lying)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert set(lying) == {*bundled.distributions(), *(f"{part.within}/{part.name}" for part in bundled.inside())}
    assert all(texts for texts in lying.values())
    assert [text for text in sorted(there) if f"licences/{text}" not in said] == []
    assert {text for texts in lying.values() for text in texts} <= there
    for name, package in bundled.distributions().items():
        assert f"\n{package.metadata['Name']} {package.version}\n" in said, name


def test_the_notice_for_qt_says_how_to_put_another_in_its_place(gathered):
    said = licences.third_party(gathered[1])

    for words in ("_internal\\PySide6", "/usr/lib/crisisdesk/_internal/PySide6/Qt/lib", "Contents/Frameworks/PySide6"):
        assert words in said
    assert "GNU\nLesser General Public License, version 3" in said
    assert "The sources from which these libraries were built are to be had" in said


def test_a_part_without_a_text_stops_the_build(tmp_path, facts):
    facts["texts"] = {}

    with pytest.raises(IncompleteError, match="carries no licence text"):
        licences.gather(tmp_path)


def test_an_empty_text_stops_the_build(tmp_path, monkeypatch):
    shutil.copytree(licences.TEXTS, tmp_path / "texts")
    (tmp_path / "texts" / "LGPL-3.0.txt").write_text("\n")
    monkeypatch.setattr(licences, "TEXTS", tmp_path / "texts")

    with pytest.raises(IncompleteError, match=r"LGPL-3\.0\.txt is missing or empty"):
        licences.gather(tmp_path / "out")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder as PyInstaller leaves it: a program with modules packed into it, and libraries beside it."""
    folder = tmp_path_factory.mktemp("built")
    packed = folder / "modules.pyz"
    modules = {"six": "VERSION = 1", "json": "", "crisisdesk": "", "requests": "ours = False", "lxml": ""}
    names = [(name, f"{name}.py", "PYMODULE") for name in modules]
    ZlibArchiveWriter(str(packed), names, {name: compile(body, name, "exec") for name, body in modules.items()})
    CArchiveWriter(str(folder / "crisisdesk"), [("PYZ.pyz", str(packed), False, "z")], "libpython3.11.so")
    tree = folder / "_internal"
    tree.mkdir()
    for name in ("libpython3.11.so.1.0", "libgtk-3.so.0", "readme.txt", "LICENSE"):
        (tree / name).touch()
    native = (file.name for file in bundled.distributions()["shiboken6"].files or () if file.suffix in {".so", ".pyd"})
    (tree / next(native)).touch()
    return folder


def test_whatever_is_in_the_program_and_in_no_list_is_noticed(built):
    wrong = licences.check(built)

    strangers = [line.partition(" is in the program")[0] for line in wrong]
    assert strangers == [str(Path("_internal/libgtk-3.so.0")), "lxml", "requests"]


def test_a_folder_without_a_program_is_no_program(tmp_path):
    with pytest.raises(IncompleteError, match="There is no program"):
        licences.check(tmp_path)


# --- the list for machines -------------------------------------------------------------------------------------------


def test_the_list_has_everything_that_the_lock_says_is_needed(listed):
    assert sbom.missing(listed) == []
    assert len(bundled.distributions()) > 30


def test_a_part_that_is_gone_from_the_list_is_noticed(listed):
    said = json.loads(listed)
    said["components"] = [part for part in said["components"] if part["name"] != "jellyfish"]

    version = bundled.distributions()["jellyfish"].version
    assert sbom.missing(json.dumps(said)) == [
        f"jellyfish {version} is in requirements.lock, and not in the list of parts."
    ]


def test_each_distribution_carries_every_hash_of_the_lock(listed):
    entries = bundled.locked(bundled.LOCK.read_text(encoding="utf-8"))
    parts = [part for part in json.loads(listed)["components"] if part["bom-ref"].startswith("pypi/")]

    for part in parts:
        assert {each["content"] for each in part["hashes"]} == set(entries[part["name"]].hashes), part["name"]
        assert part["licenses"]


def test_what_the_libraries_hold_is_listed_with_its_version(listed):
    parts = {part["bom-ref"]: part for part in json.loads(listed)["components"]}

    for ref in (
        "crisisdesk/python",
        "sqlcipher3/openssl",
        "sqlcipher3/sqlcipher",
        "cryptography/openssl",
        "pikepdf/qpdf",
    ):
        assert parts[f"generic/{ref}"]["version"][0].isdigit(), ref
    assert parts["generic/pyside6-essentials/qt"]["version"] == bundled.distributions()["pyside6-essentials"].version
    assert "cargo/cryptography/openssl-sys" in parts


def test_everything_in_the_list_is_needed_by_the_program(listed):
    said = json.loads(listed)
    needs = {each["ref"]: each.get("dependsOn", []) for each in said["dependencies"]}
    reached, waiting = set(), ["crisisdesk"]
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += needs[ref]

    assert reached == {"crisisdesk", *(part["bom-ref"] for part in said["components"])}


def test_the_same_sources_give_the_same_list(listed, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert sbom.make() == listed

    monkeypatch.setattr(bundled, "version", lambda: "9.9.9")
    other = json.loads(sbom.make())
    assert other["serialNumber"] != json.loads(listed)["serialNumber"]
    assert other["metadata"]["component"]["version"] == "9.9.9"


def test_an_answer_to_findings_holds_for_one_version_alone(facts, listed):
    answers = json.loads(listed)["vulnerabilities"]
    assert {each["analysis"]["state"] for each in answers} == {"not_affected"}

    facts["known"][0]["version"] = "3.5.0"
    with pytest.raises(
        IncompleteError, match=r"OpenSSL inside sqlcipher3 is .* now, and licences\.toml answers for 3\.5\.0"
    ):
        sbom.make()
