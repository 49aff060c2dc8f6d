"""The rules that security.md 3.9 sets for paper, held against our own source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import crisisdesk

_PACKAGE = Path(crisisdesk.__file__).parent
_MODULES = sorted(_PACKAGE.rglob("*.py"))
_DOCUMENTS = sorted((_PACKAGE / "documents").glob("*.py"))


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            yield function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", ""), node


def test_only_the_door_makes_paragraphs() -> None:
    makers = {
        path.name
        for path in _DOCUMENTS
        for name, _call in _calls(path)
        if name in {"Paragraph", "Lines", "XPreformatted"}
    }

    assert makers == {"text.py"}


@pytest.mark.parametrize("path", _DOCUMENTS, ids=lambda path: path.name)
def test_nothing_is_drawn_past_the_door_but_the_signs_of_a_code(path: Path) -> None:
    drawn = {name for name, _call in _calls(path) if name.startswith("draw") and name.endswith("String")}

    assert not drawn or path.name == "code.py"


@pytest.mark.parametrize("path", _DOCUMENTS, ids=lambda path: path.name)
def test_no_document_goes_through_a_temporary_file(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert "tempfile" not in source
    assert "FontFinder" not in source


@pytest.mark.parametrize("path", _DOCUMENTS, ids=lambda path: path.name)
def test_reportlabs_own_encryption_is_not_used(path: Path) -> None:
    for name, call in _calls(path):
        assert name not in {"setEncrypt", "StandardEncryption"}
        assert "encrypt" not in {keyword.arg for keyword in call.keywords}
