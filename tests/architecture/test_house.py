"""CrisisDesk keeps the rules of the house: sizes, names, words, doors, and what lies where."""

import shutil
import subprocess
import sys
import tomllib
from functools import lru_cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.architecture import rules

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "crisisdesk"

# The tree of README's ARCHITECTURE section, and what git and CI need to lie at the top.
TOP = {
    *("pyproject.toml", "requirements.lock", "dev.py", "README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md"),
    *("crisisdesk", "resources", "packaging", "tests"),
    *(".gitignore", ".gitattributes", ".ci", ".github", ".typings"),
}


@lru_cache
def project_files() -> tuple[str, ...]:
    """Return every file of the project: what git has or would take."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("without git, the project's files can't be told from others")
    line = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    return tuple(path for path in listed.stdout.splitlines() if (ROOT / path).is_file())


def modules(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", rules.PRODUCT_RULES, ids=lambda rule: rule.__name__)
def test_crisisdesk_keeps_the_rule(rule):
    exceptions = rules.PRODUCT_RULES[rule]
    held = [path for path in modules(PRODUCT) if not path.startswith(exceptions)]
    broken = [f"crisisdesk/{path}:{problem}" for path in held for problem in rule(text(PRODUCT / path))]
    assert not broken


@pytest.mark.parametrize("folder", ["crisisdesk", "tests"])
def test_no_name_is_empty(folder):
    found = {path: list(rules.empty_names(text(ROOT / folder / path), path)) for path in modules(ROOT / folder)}
    assert not {path: problems for path, problems in found.items() if problems}


def test_tests_are_no_longer_than_modules():
    assert not [path for path in modules(ROOT / "tests") if list(rules.long_module(text(ROOT / "tests" / path)))]


def test_typed_text_reaches_paper_through_one_door():
    paper = PRODUCT / "documents"
    assert len([door for path in modules(paper) for door in rules.paragraphs(text(paper / path))]) <= 1


def test_the_top_of_the_project_holds_what_its_card_shows():
    assert {path.split("/")[0] for path in project_files()} <= TOP


def test_no_file_names_a_registry_or_a_machine():
    found = []
    for path in project_files():
        try:
            lines = text(ROOT / path)
        except UnicodeDecodeError:  # a picture, a font or a vault
            continue
        found += [f"{path}:{problem}" for problem in rules.elsewhere(lines)]
    assert not found


def declared(*, dev: bool) -> list[Requirement]:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    lines = project["dependencies"] + (project["optional-dependencies"]["dev"] if dev else [])
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("folder", ["crisisdesk", "tests"])
def test_every_library_that_is_imported_is_declared(folder):
    known = {requirement.name.lower().replace("-", "_") for requirement in declared(dev=folder == "tests")}
    known |= {"shiboken6", "grimp", "packaging"}  # come with PySide6, import-linter and pytest
    distributions = packages_distributions()
    missing = set()
    for path in modules(ROOT / folder):
        for _, name in rules.imports(rules.parse(text(ROOT / folder / path))):
            top = name.split(".")[0]
            sources = {source.lower().replace("-", "_") for source in distributions.get(top, ())}
            if top not in sys.stdlib_module_names and sources and not sources & known:
                missing.add(f"{top} ({path})")
    assert not missing


def test_the_lock_pins_every_dependency_with_its_hashes():
    pinned = {}
    for block in text(ROOT / "requirements.lock").replace("\\\n", " ").splitlines():
        if block[:1].isalpha():
            name, _, version = block.split()[0].partition("==")
            pinned[name] = version
            assert "--hash=sha256:" in block, name
    for requirement in declared(dev=True):
        name = requirement.name.lower()
        assert name in pinned, f"{name} is not in requirements.lock; make it anew as its first lines say"
        assert requirement.specifier.contains(pinned[name]), f"{name} is locked to {pinned[name]}"
