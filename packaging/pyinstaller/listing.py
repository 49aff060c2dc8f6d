"""Writes the list of a frozen program's files into it: at the end of freezing, and again after they were signed."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from crisisdesk import integrity  # noqa: E402  it lies where the line above says


def write(program: Path) -> None:
    """List a program's files, by their SHA-256, among its resources."""
    (resources,) = (path for path in program.rglob("crisisdesk/resources") if not path.parent.is_symlink())
    place = resources.joinpath(*integrity.LIST)
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    place.write_text(integrity.listing(program), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
