"""Files that travel with the program: icons, fonts, word lists, sample data, translations."""

from pathlib import Path

_PLACES = (
    Path(__file__).parent / "resources",  # a wheel, or the frozen program
    Path(__file__).parent.parent / "resources",  # a checkout
)


def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder, e.g. ``resource("icons", "lock.svg")``.

    Raises FileNotFoundError if it is not there: then the installation is damaged, which no user can put right.
    """
    for place in _PLACES:
        path = place.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError("/".join(("resources", *parts)))
