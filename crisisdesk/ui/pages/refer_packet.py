"""Refer, at the right: the packet's number, its pages to tick, the preview, and what to see to before it leaves."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.documents.packet import PaperFor
from crisisdesk.documents.packet_number import grouped
from crisisdesk.documents.preflight import Finding, Fix, Weight
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.choices import Audience, PageKind
from crisisdesk.ui import theme
from crisisdesk.ui.forms.editors import CheckEditor
from crisisdesk.ui.pages.refer_words import ReferWords, refer_words
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import Button, icon_button, link, small
from crisisdesk.ui.widgets.chips import FlowLayout
from crisisdesk.ui.widgets.labels import Elided, Paragraph, label, line
from crisisdesk.ui.widgets.marks import IconLabel
from crisisdesk.ui.widgets.pdf_preview import PagePicture, Pdf

_THUMB = 184  # the preview's width
_STATES = {Weight.BLOCKS: State.DANGER, Weight.CAUTION: State.CAUTION, Weight.FINE: State.DONE}


class PageTicks(QWidget):
    """The pages of a packet by audience, each to tick. ``changed`` when she ticks, ``asked(kind)`` to see a page."""

    changed = Signal()
    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._titles = {audience: Elided(audience.label, Role.SMALL_NAME, "text2") for audience in Audience}
        self._ticks: dict[PageKind, CheckEditor] = {}
        for audience in Audience:
            self._titles[audience].setFixedHeight(px(22))
            column.addWidget(self._titles[audience])
            for kind in PageKind:
                if kind.audience is audience:
                    column.addWidget(self._row(kind))
        column.addStretch(1)

    def _row(self, kind: PageKind) -> QWidget:
        made = QWidget()
        made.setMinimumHeight(px(28))
        row = QHBoxLayout(made)
        row.setContentsMargins(px(3), 0, 0, 0)
        row.setSpacing(px(8))
        tick = CheckEditor(kind.label)
        self._ticks[kind] = tick
        tick.changed.connect(self.changed)
        tick.changed.connect(lambda kind=kind: self.asked.emit(kind.value))
        row.addWidget(tick)
        row.addStretch(1)
        if kind is PageKind.COVER:
            row.addWidget(label(_("no name"), Role.SMALL, "text3"))
        return made

    def say(self, place: str, client: str, words: ReferWords) -> None:
        """Name whom the pages are for."""
        self._titles[Audience.PROVIDER].say(_("For {place}").format(place=place) if place else _("For the provider"))
        self._titles[Audience.CLIENT].say(_(words.for_client).format(name=client))

    def ticked(self) -> tuple[PageKind, ...]:
        """Return the ticked pages, in their order."""
        return tuple(kind for kind, tick in self._ticks.items() if tick.value())

    def tick(self, kinds: Sequence[PageKind]) -> None:
        """Tick these and no others."""
        for kind, tick in self._ticks.items():
            tick.set_value(kind in kinds)


class Preview(QWidget):
    """One page in little, with a pager below; pressing it asks for the large one."""

    enlarged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(px(_THUMB))
        self._pages: list[tuple[PageKind, Pdf, int]] = []
        self._at = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        self._picture = PagePicture(name=_("The page as it will be printed"))
        self._picture.setFixedSize(px(_THUMB), px(round(_THUMB * 792 / 612)))
        self._picture.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture.pressed.connect(self.enlarged)
        column.addWidget(self._picture)
        row = QHBoxLayout()
        row.setSpacing(0)
        self._before = icon_button("chevron-left", _("Page before"), lambda: self._turn(-1))
        self._words = label("", Role.SMALL, "text3")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._after = icon_button("chevron-right", _("Next page"), lambda: self._turn(1))
        row.addWidget(self._before)
        row.addWidget(self._words, 1)
        row.addWidget(self._after)
        column.addLayout(row)
        column.addStretch(1)
        self._show()

    @property
    def pdfs(self) -> tuple[Pdf, ...]:
        """The PDFs that are shown, each once."""
        return tuple(dict.fromkeys(pdf for _kind, pdf, _page in self._pages))

    @property
    def at(self) -> int:
        """Which page is shown, from 0."""
        return self._at

    def show_papers(self, papers: Sequence[PaperFor]) -> None:
        """Show other pages, staying on the kind of page that was shown."""
        before = self._pages[self._at][0] if self._pages else None
        old = self.pdfs
        self._pages = []
        for paper in papers:
            pdf = Pdf(paper.pdf.data, self)
            for part in paper.pdf.pages:
                self._pages += [(part.kind, pdf, part.first_page - 1 + page) for page in range(part.page_count)]
        self._at = min(self._at, max(0, len(self._pages) - 1))
        if before is not None and (not self._pages or self._pages[self._at][0] is not before):
            self.go_to(before)
        self._show()
        for pdf in old:
            pdf.deleteLater()

    def go_to(self, kind: PageKind) -> None:
        """Show the first page of a kind, if it is there."""
        at = next((place for place, (own, _pdf, _page) in enumerate(self._pages) if own is kind), None)
        if at is not None:
            self._at = at
            self._show()

    def _turn(self, by: int) -> None:
        self._at = max(0, min(len(self._pages) - 1, self._at + by))
        self._show()

    def _show(self) -> None:
        if not self._pages:
            self._picture.show_page(None)
            self._words.setText("")
        else:
            _kind, pdf, page = self._pages[self._at]
            self._picture.show_page(pdf, page)
            words = _("{page} of {count}").format(page=self._at + 1, count=len(self._pages))
            self._words.setText(words)
        self._before.setEnabled(self._at > 0)
        self._after.setEnabled(self._at < len(self._pages) - 1)


class FindingRow(QWidget):
    """One line of the pre-flight list: icon, a sentence, and what can be done about it."""

    def __init__(self, finding: Finding, act: Callable[[Fix], object]) -> None:
        super().__init__()
        state = _STATES[finding.weight]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(8), 0, px(8))
        row.setSpacing(px(8))
        row.addWidget(IconLabel(state.icon, state.value), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(px(2))
        is_fine = finding.weight is Weight.FINE
        ink = "text" if is_fine else state.value
        column.addWidget(Paragraph(finding.first, ink, Role.BODY if is_fine else Role.NAME))
        if finding.rest:
            column.addWidget(Paragraph(finding.rest, "text"))
        self.buttons: list[Button] = []
        if finding.fixes:
            acts = QWidget()
            flow = FlowLayout(acts)
            for place, fix in enumerate(finding.fixes):
                made = _fix_button(fix, is_first=place == 0, is_blocking=finding.weight is Weight.BLOCKS)
                made.clicked.connect(lambda _on=False, fix=fix: act(fix))
                flow.addWidget(made)
                self.buttons.append(made)
            column.addWidget(acts)
        row.addLayout(column, 1)


def _fix_button(fix: Fix, *, is_first: bool, is_blocking: bool) -> Button:
    if is_blocking and is_first:
        return small(fix.label)
    return link(fix.label)


class PacketPane(QWidget):
    """The packet beside the form, on the surface's own ground."""

    pages_changed = Signal()
    fix_asked = Signal(str)
    large_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._words = refer_words("")
        self._findings: tuple[Finding, ...] = ()
        self._rows: list[FindingRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(20), px(16))
        column.setSpacing(px(8))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        self._number = label(_("Packet"), Role.SECTION)
        self._pages = Elided("", ink="text2")
        self._large = link(_("Preview large"), self.large_asked.emit)
        head.addWidget(self._number)
        head.addWidget(self._pages, 1)
        head.addWidget(self._large)
        column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        self.ticks = PageTicks()
        self.ticks.changed.connect(self.pages_changed)
        self.preview = Preview()
        self.ticks.asked.connect(lambda kind: self.preview.go_to(PageKind(kind)))
        self.preview.enlarged.connect(self.large_asked)
        grid.addWidget(self.ticks, 0, 0)
        grid.addWidget(self.preview, 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        column.addLayout(grid)
        title = QHBoxLayout()
        title.setSpacing(px(8))
        title.addWidget(label(_("Before it leaves"), Role.SECTION))
        self._to_do = label("", ink="text2")
        title.addWidget(self._to_do)
        title.addStretch(1)
        column.addLayout(title)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        self.extra = QVBoxLayout()
        column.addLayout(self.extra)
        column.addStretch(1)

    @property
    def blocking(self) -> int:
        """How many findings must be put right first."""
        return sum(finding.weight is Weight.BLOCKS for finding in self._findings)

    def speak(self, words: ReferWords) -> None:
        """Use the client's pronouns."""
        self._words = words

    def say_number(self, number: str) -> None:
        """Show the packet's number; "" before it has one."""
        self._number.setText(_("Packet {number}").format(number=grouped(number)) if number else _("Packet"))

    def show_papers(self, papers: Sequence[PaperFor]) -> None:
        """Show the pages as they would be printed now."""
        count = {paper.audience: paper.pdf.page_count for paper in papers}
        self.preview.show_papers(papers)
        self._large.setEnabled(bool(papers))
        provider, client = count.get(Audience.PROVIDER, 0), count.get(Audience.CLIENT, 0)
        pages = ngettext("{count} page", "{count} pages", provider).format(count=provider)
        if not provider:
            pages = ngettext("{count} page", "{count} pages", client).format(count=client) if client else ""
        elif client:
            pages = _(self._words.pages_for).format(pages=pages, count=client)
        self._pages.say(pages)

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show what to see to; the same findings stay as they are, with the focus in them."""
        if findings == self._findings and self._rows:
            return
        self._findings = findings
        while self._list.count():
            item = self._list.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        self._rows = [FindingRow(finding, lambda fix: self.fix_asked.emit(fix.value)) for finding in findings]
        for row in self._rows:
            self._list.addWidget(line())
            self._list.addWidget(row)
        words = ngettext("{count} to put right", "{count} to put right", self.blocking)
        self._to_do.setText(words.format(count=self.blocking) if self.blocking else "")

    def first_fix(self) -> Button | None:
        """Return the button that puts right the first thing that blocks."""
        both = zip(self._findings, self._rows, strict=True)
        return next((row.buttons[0] for each, row in both if each.weight is Weight.BLOCKS and row.buttons), None)

    def buttons(self) -> list[Button]:
        """Return the buttons of the list; for tests."""
        return [made for row in self._rows for made in row.buttons]

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("surface"))
        painter.end()
