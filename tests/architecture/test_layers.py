"""The contracts in pyproject.toml hold for CrisisDesk, and don't for a package that breaks them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Where, what it imports, and the contract that this breaks.
BREACHES = (
    ("desk/today.py", "crisisdesk.ui.window", "Each layer knows only those below it"),
    ("exchange/hsds.py", "crisisdesk.documents.page", "Each layer knows only those below it"),
    ("clock.py", "crisisdesk.records.base", "Each layer knows only those below it"),
    ("stray.py", "json", "Each layer knows only those below it"),
    ("documents/page.py", "PySide6.QtGui", "Only the window imports Qt; app starts it"),
    ("ui/window.py", "sqlalchemy.orm", "Only records, vault and desk speak SQL"),
    ("records/base.py", "sqlcipher3", "Only the vault opens the file, migrates it and holds keys"),
    ("ui/window.py", "reportlab.platypus", "Only documents makes paper"),
    ("desk/today.py", "csv", "Only exchange reads the file formats of others"),
    ("app.py", "socket", "Nothing in CrisisDesk can reach a network"),
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = str(Path(sys.executable).with_name("lint-imports"))
    line = [tool, "--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"]
    utf8 = os.environ | {"PYTHONUTF8": "1"}
    return subprocess.run(line, cwd=folder, env=utf8, capture_output=True, text=True, check=False, encoding="utf-8")


def kept(report: str, contract: str) -> bool:
    return f"{contract} KEPT" in " ".join(report.split())


def test_crisisdesk_keeps_every_contract():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def package(folder: Path, files: dict[str, str]) -> Path:
    """Make a package named crisisdesk with the house's folders, all empty but for some files."""
    for name in ("records", "vault", "desk", "exchange", "documents", "ui"):
        (folder / "crisisdesk" / name).mkdir(parents=True)
        (folder / "crisisdesk" / name / "__init__.py").touch()
    (folder / "crisisdesk" / "__init__.py").touch()
    for path, text in files.items():
        (folder / "crisisdesk" / path).write_text(text)
    shutil.copytree(ROOT / "tests" / "architecture", folder / "tests" / "architecture")
    return folder


def test_empty_folders_break_nothing(tmp_path):
    done = lint(package(tmp_path, {}))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("path", "imported", "contract"), BREACHES)
def test_a_breach_breaks_its_contract(tmp_path, path, imported, contract):
    files = {"ui/window.py": "", "documents/page.py": "", "records/base.py": "", path: f"import {imported}\n"}
    done = lint(package(tmp_path, files))
    assert done.returncode == 1, done.stdout + done.stderr
    assert not kept(done.stdout, contract), done.stdout
    assert done.stdout.count(" BROKEN") == 1, done.stdout
