"""The audit log on paper: an extract line by line, and the month on one page, to be signed and kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from reportlab.platypus import Flowable

from crisisdesk.documents import dates
from crisisdesk.documents.blocks import Block, Column, Look, pair, rule
from crisisdesk.documents.facts import Paper, Sender
from crisisdesk.documents.page import Furniture, Numbers, Part, lay_out
from crisisdesk.documents.press import HAIRLINE, RULE, Press, Role
from crisisdesk.documents.text import Bold, P
from crisisdesk.records.choices import Audience

_WIDTHS = (0.07, 0.19, 0.36, 0.25, 0.13)  # of the page: line, when, what, about whom, how it ended
_GAP = 8.0  # points between two columns


@dataclass(frozen=True, kw_only=True)
class ReportHead:
    """What stands on both papers."""

    sender: Sender
    printed_at: datetime  # local, aware
    anchor: str  # "CD-42-1a2b3c4d"
    twelve_hour: bool = False


@dataclass(frozen=True, kw_only=True)
class ExtractLine:
    """One line of the log, in words."""

    seq: int
    when: str
    what: str
    detail: str = ""
    about: str = ""
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class Extract:
    """The lines that she chose, the newest first, and by what they were chosen."""

    head: ReportHead
    chosen: tuple[str, ...]  # "What left the office", "Nov 1 to Nov 22, 2026"
    lines: tuple[ExtractLine, ...]
    note: str = ""  # that there are more, or that the log does not fit


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month in figures."""

    head: ReportHead
    name: str  # "November 2026"
    counts: tuple[tuple[str, int], ...]
    lines: int
    first_seq: int
    last_seq: int
    checked: str  # what the check found, in a sentence
    is_sound: bool


def extract_pdf(extract: Extract, *, paper: Paper = Paper.LETTER, language: str = "en") -> bytes:
    """Return the extract as a PDF. Raises PrintProblem if a text can't be set."""
    press = Press(audience=Audience.PROVIDER, paper=paper, language=language)
    return _paper(
        "extract", extract.head, press, press.gettext("Audit log, extract"), partial(_extract, extract, press)
    )


def month_pdf(month: Month, *, paper: Paper = Paper.LETTER, language: str = "en") -> bytes:
    """Return the month's page as a PDF, with a line to sign on. Raises PrintProblem if a text can't be set."""
    press = Press(audience=Audience.PROVIDER, paper=paper, language=language)
    return _paper("month", month.head, press, press.gettext("Audit log, the month"), partial(_month, month, press))


def _paper(name: str, head: ReportHead, press: Press, title: str, story: partial[list[Flowable]]) -> bytes:
    _ = press.gettext
    sender = head.sender
    letterhead = " · ".join(part for part in (sender.signature, sender.department, sender.unit) if part)
    printed = dates.short_moment(head.printed_at, _, twelve_hour=head.twelve_hour)
    furniture = Furniture(
        label=_("AUDIT LOG"),
        says=(_("Confidential. Keep it apart from the computer."),),
        foot=(letterhead, "\n", _("Printed {when}").format(when=printed)),
        anchor=head.anchor,
    )

    def flow(_numbers: Numbers) -> Sequence[Flowable]:
        return story()

    part = Part(name=name, press=press, furniture=furniture, story=flow)
    return lay_out([part], title=title, printed_at=head.printed_at).data


def _extract(extract: Extract, press: Press) -> list[Flowable]:
    _ = press.gettext
    heads = (_("Line"), _("When"), _("What"), _("About"), _("How it ended"))
    count = press.ngettext("{count} line", "{count} lines", len(extract.lines)).format(count=f"{len(extract.lines):,}")
    lead = " · ".join(part for part in (*extract.chosen, count) if part)
    story: list[Flowable] = [
        P(press.style(Role.TITLE), _("Audit log")),
        _indented(press, P(press.style(Role.LEAD), lead), top=4.0),
    ]
    if extract.note:
        story.append(_indented(press, P(press.style(Role.BODY, bold=True), extract.note), top=4.0))
    story.append(_row(press, [(Bold(words),) for words in heads], Look(top=10.0, bottom=3.0, rule_below=RULE)))
    story += [_row(press, _cells(line), Look(top=2.5, bottom=2.5, rule_below=HAIRLINE)) for line in extract.lines]
    if not extract.lines:
        story.append(_indented(press, P(press.style(Role.BODY), _("There is no such line.")), top=6.0))
    return story


def _cells(line: ExtractLine) -> list[tuple[str, ...]]:
    what = (line.what, "\n", line.detail) if line.detail else (line.what,)
    return [(f"{line.seq:,}",), (line.when,), what, (line.about,), (line.outcome,)]


def _row(press: Press, cells: Sequence[tuple[str, ...]], look: Look) -> Block:
    columns, left = [], 0.0
    for share, pieces in zip(_WIDTHS, cells, strict=True):
        width = share * press.width
        columns.append(Column(left, width - _GAP, [P(press.style(Role.FOOT), *pieces)] if any(pieces) else []))
        left += width
    return Block(columns, look, press.width)


def _indented(press: Press, words: Flowable, *, top: float) -> Block:
    return Block([Column(0, press.width, [words])], Look(top=top), press.width)


def _month(month: Month, press: Press) -> list[Flowable]:
    _ = press.gettext
    lead = _(
        "What the audit log held when this page was printed. Sign it and keep it apart from the computer: the mark"
        " below shows later whether lines were changed or cut off."
    )
    story: list[Flowable] = [
        P(press.style(Role.TITLE), _("Audit log, {month}").format(month=month.name)),
        _indented(press, P(press.style(Role.LEAD), lead), top=4.0),
        _indented(press, P(press.style(Role.HEADING), _("What happened")), top=14.0),
    ]
    half = (len(month.counts) + 1) // 2
    story += [_counts(press, month.counts[place :: half or 1]) for place in range(half)]
    if not month.counts:
        story.append(_indented(press, P(press.style(Role.BODY), _("Nothing.")), top=4.0))
    span = _("{first} to {last}").format(first=f"{month.first_seq:,}", last=f"{month.last_seq:,}")
    story += [
        _indented(press, P(press.style(Role.HEADING), _("The log")), top=14.0),
        pair(press, _("Lines"), f"{month.lines:,}"),
        pair(press, _("Their numbers"), span if month.lines else _("none")),
        pair(press, _("Checked"), month.checked if month.is_sound else Bold(month.checked)),
        pair(press, _("The log’s mark"), Bold(month.head.anchor), last=True),
        _signature(press),
    ]
    return story


def _counts(press: Press, counts: Sequence[tuple[str, int]]) -> Block:
    """Return one or two counts side by side."""
    half, number = press.width / 2, 40.0
    columns = []
    for place, (words, count) in enumerate(counts):
        left = place * (half + _GAP / 2)
        columns += [
            Column(left, half - number - _GAP, [P(press.style(Role.LABEL), words)]),
            Column(left + half - number - _GAP, number, [P(press.right(Role.LABEL), f"{count:,}")]),
        ]
    return Block(columns, Look(top=1.0, bottom=1.0, rule_below=HAIRLINE), press.width)


def _signature(press: Press) -> Block:
    _ = press.gettext
    half = press.width / 2
    columns = [
        Column(0, half - 2 * _GAP, [rule(HAIRLINE), P(press.style(Role.FOOT), _("Signature"))]),
        Column(half, half, [rule(HAIRLINE), P(press.style(Role.FOOT), _("Date, and where this page is kept"))]),
    ]
    return Block(columns, Look(top=44.0), press.width)
