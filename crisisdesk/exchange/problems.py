"""Collect what was wrong with a file, in sentences, without drowning her in ten thousand of one kind."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from crisisdesk.i18n import ngettext
from crisisdesk.records.incoming import ProblemKind, RowProblem

_SHOWN = 10  # rows of one file that are listed with the same complaint; the rest are counted
_QUOTED = 60  # characters of a cell that a sentence may quote


@dataclass(slots=True)
class _Group:
    """The problems of one file that share a sentence."""

    listed: list[RowProblem] = field(default_factory=list)
    more: int = 0


class Problems:
    """What was wrong so far, in the order in which it was met."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, ProblemKind, str], _Group] = {}
        self.skipped = 0
        self.repaired = 0

    def skip(self, place: tuple[str, int | None], sentence: str, *, column: str = "", **gaps: object) -> None:
        """Say that a row was left out."""
        self.skipped += 1
        self._add(ProblemKind.SKIP, place, sentence, column, gaps)

    def repair(self, place: tuple[str, int | None], sentence: str, *, column: str = "", **gaps: object) -> None:
        """Say that a row came in other than it stood; said once of a whole file, each row still counts."""
        self.repaired += 1
        self._add(ProblemKind.REPAIRED, place, sentence, column, gaps)

    def note(self, place: tuple[str, int | None], sentence: str, *, column: str = "", **gaps: object) -> None:
        """Say something that she should know."""
        self._add(ProblemKind.NOTE, place, sentence, column, gaps)

    def skip_file(self, file: str, words: str) -> None:
        """Say that a whole file was left out, in a sentence that is complete."""
        self.skipped += 1
        self._groups.setdefault((file, ProblemKind.SKIP, words), _Group()).listed.append(
            RowProblem(sentence=words, kind=ProblemKind.SKIP, file=file)
        )

    def first_skip(self) -> RowProblem | None:
        """Return the first thing that was left out, if any."""
        skips = (group.listed[0] for key, group in self._groups.items() if key[1] is ProblemKind.SKIP)
        return next(skips, None)

    def listed(self) -> tuple[RowProblem, ...]:
        """Return what is to be shown: what was left out first, then repairs, then notes."""
        order = list(ProblemKind)
        groups = sorted(self._groups.items(), key=lambda item: order.index(item[0][1]))
        return tuple(problem for key, group in groups for problem in _shown(key, group))

    def _add(
        self,
        kind: ProblemKind,
        place: tuple[str, int | None],
        sentence: str,
        column: str,
        gaps: dict[str, object],
    ) -> None:
        file, row = place
        group = self._groups.setdefault((file, kind, sentence), _Group())
        if len(group.listed) == _SHOWN:
            group.more += 1
            return
        if row is None and group.listed and not gaps:
            return  # about the whole file; said once
        words = sentence.format(**{name: quoted(str(value)) for name, value in gaps.items()})
        group.listed.append(RowProblem(sentence=words, kind=kind, file=file, row=row, column=column))


def _shown(key: tuple[str, ProblemKind, str], group: _Group) -> Iterable[RowProblem]:
    yield from group.listed
    if group.more:
        words = ngettext("{count} more row like this one.", "{count} more rows like these.", group.more)
        yield RowProblem(sentence=words.format(count=group.more), kind=key[1], file=key[0])


def quoted(text: str) -> str:
    """Shorten a cell to what a sentence can quote, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1] + "…"
