"""The audit log on its way out: the lines on paper, the month's page to sign, and a sealed copy as a file."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject

from crisisdesk.desk.audit_rows import TrailQuery, TrailRow
from crisisdesk.desk.audit_trail import Checked
from crisisdesk.desk.when import MONTHS
from crisisdesk.documents.audit_report import Extract, ExtractLine, Month, ReportHead, extract_pdf, month_pdf
from crisisdesk.documents.gather import paper_size, sender
from crisisdesk.documents.save import write_file
from crisisdesk.errors import DeskError, PrintProblem
from crisisdesk.i18n import _
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.ui import ask, proof
from crisisdesk.ui.forms.editors import is_twelve_hour
from crisisdesk.ui.page import Context
from crisisdesk.ui.printing import Went, print_pdf
from crisisdesk.ui.slices import Slices
from crisisdesk.ui.tokens import State

_MOST = 1000  # lines on paper; more is a copy as a file
_AT_ONCE = 100


class AuditPaper:
    """Prints and saves for the page; what it does is itself told to the log."""

    def __init__(self, context: Context, owner: QObject, *, ended: Callable[[], object]) -> None:
        self._context = context
        self._owner = owner
        self._ended = ended

    def print_lines(self, query: TrailQuery, chosen: tuple[str, ...]) -> None:
        """Print the lines that are chosen, as they stand on the screen."""
        if not self._may_print():
            return
        found: list[TrailRow] = []
        Slices(
            self._owner,
            self._reading(query, found),
            done=lambda has_more: self._print_found(found, chosen, has_more=bool(has_more)),
            failed=self._sorry,
        )

    def _may_print(self) -> bool:
        is_given = proof.is_given(self._context, _("Type your passphrase again to print"))
        if not is_given:
            self._end(_("Nothing was printed."), State.PLAIN)
        return is_given

    def _reading(self, query: TrailQuery, found: list[TrailRow]) -> Iterator[bool]:
        after = None
        while True:
            page = self._context.desk.audit_trail.lines.page(query, after, _AT_ONCE)
            found += page.rows
            after = page.next_key
            yield after is not None
            if after is None or len(found) >= _MOST:
                return

    def _print_found(self, found: list[TrailRow], chosen: tuple[str, ...], *, has_more: bool) -> None:
        shown = self._context.cover.shown
        lines = tuple(
            ExtractLine(
                seq=row.seq,
                when=_("{day}, {time}").format(day=row.when, time=row.time) if row.time else row.when,
                what=row.what,
                detail=row.detail,
                about=" · ".join(filter(None, (shown(row.name, row.initials), row.about))),
                outcome=row.outcome,
            )
            for row in found
        )
        more = _("Only the newest {count} lines are printed. The whole log can be saved as a file.")
        note = more.format(count=f"{len(lines):,}") if has_more else ""
        extract = Extract(head=self._head(), chosen=chosen, lines=lines, note=note)
        size = paper_size(self._context.desk.practice.get())
        self._context.jobs.start(
            self._owner,
            lambda: extract_pdf(extract, paper=size),
            done=lambda pdf: self._print(pdf, extract.head.anchor, f"lines:{len(lines)}"),
            failed=self._sorry,
        )

    def print_month(self, first: date) -> None:
        """Check the log, then print the page of a month with what was found."""
        if not self._may_print():
            return
        Slices(
            self._owner,
            self._context.desk.audit_trail.checking(),
            done=lambda checked: self._print_checked(first, checked),
            failed=self._sorry,
        )

    def _print_checked(self, first: date, checked: Checked | None) -> None:
        if checked is None:
            return
        desk = self._context.desk
        counted = desk.audit_trail.month(first)
        name = _("{month} {year}").format(month=_(MONTHS[first.month - 1][0]), year=first.year)
        month = Month(
            head=self._head(),
            name=name,
            counts=tuple((each.words, each.count) for each in counted.counts),
            lines=counted.lines,
            first_seq=counted.first_seq,
            last_seq=counted.last_seq,
            checked=checked.sentence,
            is_sound=checked.is_sound,
        )
        size = paper_size(desk.practice.get())
        self._context.jobs.start(
            self._owner,
            lambda: month_pdf(month, paper=size),
            done=lambda pdf: self._print(pdf, month.head.anchor, f"month:{first:%Y-%m}"),
            failed=self._sorry,
        )

    def _head(self) -> ReportHead:
        desk, clock = self._context.desk, self._context.clock
        return ReportHead(
            sender=sender(desk.practice.get()),
            printed_at=clock.local(clock.now()),
            anchor=desk.audit_trail.anchor(),
            twelve_hour=is_twelve_hour(),
        )

    def _print(self, pdf: bytes, name: str, detail: str) -> None:
        try:
            went = print_pdf(self._context.window.widget, pdf, name)
        except PrintProblem as problem:
            self._sorry(problem)
            return
        if went is Went.NOWHERE:
            self._end(_("Nothing was printed."), State.PLAIN)
            return
        self._context.desk.audit_trail.tell(AuditKind.AUDIT_PRINT, "audit", detail=detail)
        self._end(_("The audit log was printed."), State.DONE)

    def save_copy(self) -> None:
        """Save the whole log as a file, each line with its MAC, sealed in the last line."""
        if not proof.is_given(self._context, _("Type your passphrase again to save a file")):
            self._end(_("Nothing was saved."), State.PLAIN)
            return
        trail, window = self._context.desk.audit_trail, self._context.window.widget
        suggested = f"audit-{self._context.clock.today():%Y-%m-%d}.jsonl"
        kinds = [(_("Audit log"), "*.jsonl")]
        path = ask.save_file(window, _("Save a copy of the audit log"), suggested, kinds)
        if path is None:
            self._end(_("Nothing was saved."), State.PLAIN)
            return
        pieces: list[bytes] = []
        Slices(
            self._owner,
            trail.copying(),
            each=pieces.append,
            done=lambda _last: self._write(path, b"".join(pieces)),
            failed=self._sorry,
        )

    def _write(self, path: Path, copy: bytes) -> None:
        self._context.jobs.start(
            self._owner,
            write_file,
            path,
            copy,
            done=lambda _none: self._end(_("The copy was saved. It holds numbers and codes, no names."), State.DONE),
            failed=self._sorry,
        )

    def _sorry(self, problem: DeskError) -> None:
        self._end(str(problem), State.CAUTION)

    def _end(self, words: str, state: State) -> None:
        self._context.window.say(words, state=state)
        self._ended()
