"""How a person's name is shown, sorted and shortened."""

from anyascii import anyascii


def fold(text: str) -> str:
    """Return a text for sorting and comparing: plain letters, lower case, single spaces ("Łukasz" is "lukasz")."""
    return " ".join(anyascii(text).lower().split())


def shown_name(first: str, last: str, goes_by: str, described_as: str) -> str:
    """Return the name that lists and headings show; a person without one is shown as described."""
    name = " ".join(part.strip() for part in (first, last) if part.strip())
    return name or goes_by.strip() or described_as.strip()


def list_name(first: str, last: str, goes_by: str, described_as: str) -> str:
    """Return the folded name by which lists are sorted: last name first."""
    name = " ".join(part.strip() for part in (last, first) if part.strip())
    return fold(name or goes_by or described_as)


def initials(first: str, last: str, described_as: str = "") -> str:
    """Return "M. D."; a person without a name gets a dash, never a description."""
    letters = [part.strip()[0].upper() for part in (first, last) if part.strip()]
    if not letters:
        return "–" if not described_as else "?"
    return " ".join(letter + "." for letter in letters)
