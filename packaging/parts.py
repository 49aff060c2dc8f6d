"""Make .build/parts: what goes along with every installer beside the program itself."""

import shutil
import sys
from pathlib import Path

import bundled
import licences
import sbom
from bundled import IncompleteError

from crisisdesk.documents import guide


def make(build: Path) -> Path:
    """Make the folder ``parts`` anew: licences, both lists of parts, the guide, the stand-alone reader."""
    parts = build / "parts"
    half = build / "parts.half"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    try:
        _fill(half)
    except IncompleteError as reason:
        raise SystemExit(str(reason)) from None
    shutil.rmtree(parts, ignore_errors=True)
    half.rename(parts)
    return parts


def _fill(folder: Path) -> None:
    wrong = licences.refused()
    if wrong:
        raise IncompleteError("\n".join(wrong))
    for name in ("LICENSE", "CHANGELOG.md"):  # Help shows both
        shutil.copyfile(bundled.ROOT / name, folder / name)
    lying = licences.gather(folder / "licences")
    (folder / "THIRD-PARTY.txt").write_text(licences.third_party(lying), encoding="utf-8", newline="\n")
    listed = sbom.make()
    lacking = sbom.missing(listed)
    if lacking:
        raise IncompleteError("\n".join(lacking))
    (folder / f"crisisdesk-{bundled.version()}.cdx.json").write_text(listed, encoding="utf-8", newline="\n")
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(bundled.ROOT / "resources" / "recover", folder / "recover", ignore=leave)
    (folder / guide.FILE_NAME).write_bytes(guide.guide_pdf())


if __name__ == "__main__":
    made = make(bundled.ROOT / ".build")
    sys.stdout.write(f"{made}: {sum(1 for path in made.rglob('*') if path.is_file())} files\n")
