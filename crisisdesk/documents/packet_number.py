"""A packet's number as people read it."""

_GROUP = 3


def grouped(number: str) -> str:
    """Return six digits as two groups of three: "481 207"."""
    return " ".join(number[start : start + _GROUP] for start in range(0, len(number), _GROUP))
