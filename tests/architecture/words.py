"""Gather the texts to translate into resources/locale/crisisdesk.pot (python3 dev.py words), and check translations."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "resources" / "locale"
TEMPLATE = LOCALE / "crisisdesk.pot"

_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_GAP = re.compile(r"\{(\w+)[^{}]*\}")


def gather(package: Path) -> Catalog:
    """Return every text in a package that a translator should see."""
    catalog = Catalog(domain="crisisdesk", charset="utf-8")
    found = extract_from_dir(
        package, method_map=[("**.py", "python")], keywords=_KEYWORDS, comment_tags=["Translators:"]
    )
    for _, _, text, comments, context in found:
        catalog.add(text, auto_comments=comments, context=context)
    return catalog


def read(path: Path) -> Catalog:
    """Return the catalogue in a .pot or .po file."""
    with path.open("rb") as file:
        return read_po(file, domain="crisisdesk", charset="utf-8", abort_invalid=True)


def ids(catalog: Catalog) -> set[object]:
    """Return what is to be translated, without the header."""
    return {message.id for message in catalog if message.id}


def write(path: Path) -> None:
    """Write the template, sorted and without line numbers, so that it changes only when a text does."""
    with path.open("wb") as file:
        write_po(file, gather(ROOT / "crisisdesk"), omit_header=True, no_location=True, sort_output=True, width=120)


def disagreeing(catalog: Catalog) -> Iterator[str]:
    """Yield every translation that lost a gap of its text, or has one that the text can't fill."""
    for message in catalog:
        if not message.id:
            continue
        forms = [_gaps(text) for text in _texts(message.id)]
        for translation in filter(None, _texts(message.string)):
            gaps = _gaps(translation)
            if not frozenset.intersection(*forms) <= gaps <= frozenset.union(*forms):
                yield f"{_texts(message.id)[0]!r} became {translation!r}"


def _texts(text: str | Iterable[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _gaps(text: str) -> frozenset[str]:
    return frozenset(_GAP.findall(text))


def main() -> None:
    """Write the template and say how many texts it has."""
    write(TEMPLATE)
    sys.stdout.write(f"{len(ids(read(TEMPLATE)))} texts in {TEMPLATE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
