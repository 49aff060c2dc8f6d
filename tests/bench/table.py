"""The table that the bench prints: an act, how large, the bar, and what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line. ``holds`` is None where this computer can't measure it."""

    act: str
    size: str
    bar: str
    measured: str
    holds: bool | None

    @property
    def verdict(self) -> str:
        """Whether the bar holds."""
        return "not measured" if self.holds is None else "pass" if self.holds else "FAIL"


def milliseconds(seconds: float) -> str:
    """Return "4.2 ms"."""
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def mebibytes(count: float) -> str:
    """Return "112 MiB"."""
    return f"{count / _MIB:.0f} MiB"


def middle(samples: Sequence[float]) -> float:
    """Return the median."""
    return sorted(samples)[len(samples) // 2]


def high(samples: Sequence[float]) -> float:
    """Return what 95 of 100 stay below."""
    return sorted(samples)[int(len(samples) * 0.95)]


def drawn(figures: Sequence[Figure]) -> str:
    """Return the table as text."""
    rows = [("act", "at the size of", "bar", "measured", "")]
    rows += [(f.act, f.size, f.bar, f.measured, f.verdict) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
