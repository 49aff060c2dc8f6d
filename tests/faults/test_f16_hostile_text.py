"""F16: hostile text through every way out: it is shown and printed as it was typed, and opens nothing."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTextEdit, QWidget

from crisisdesk import logs
from crisisdesk.desk.client_list import ClientQuery
from crisisdesk.desk.clients import ClientDraft
from crisisdesk.desk.notes import NoteDraft
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.documents import fonts
from crisisdesk.documents.audit_report import Extract, ExtractLine, Month, ReportHead, extract_pdf, month_pdf
from crisisdesk.documents.packet import packet_pdf
from crisisdesk.documents.text import clean
from crisisdesk.errors import Invalid
from crisisdesk.ui.pages import PAGES
from crisisdesk.ui.tables import Column, RowsModel, cell, name, words
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.banner import Banner, Strip
from crisisdesk.ui.widgets.labels import Elided, Paragraph, label, plain_tip
from crisisdesk.ui.widgets.marks import Badge, StateMark
from tests.documents.paper import ALL, MARIA, filled, pages, unbroken
from tests.faults.hostile import TEXTS
from tests.vault.fast import FLOOR

_opened: list[str] = []
_watching = {"on": False}


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _watching["on"] and event in {"open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"}:
        _opened.append(f"{event} {arguments[0]}")


sys.addaudithook(_watch)  # stays for the process; it hears only while a test here asks it to


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Return what is opened, connected to or started meanwhile."""
    _opened.clear()
    _watching["on"] = True
    yield _opened
    _watching["on"] = False


_NAMED = ("/etc/passwd", "/etc/hostname", "example.invalid", "server", "gnp.exe")


def _strange(opened: list[str]) -> list[str]:
    """Return what was opened, called or started that only a text can have named."""
    return [each for each in opened if not each.startswith("open ") or any(named in each for named in _NAMED)]


def _printed(text: str) -> str:
    return unbroken([fonts.spelled(clean(text).replace("\t", " "))])


def _chosen(figure) -> tuple[str, ...]:
    return TEXTS[:: figure(6, 1, 1)]


def test_there_are_sixty_and_each_is_another():
    assert len(TEXTS) == len(set(TEXTS)) == 60


def test_a_packet_prints_it_as_typed(figure, told, opened):
    missing, count = [], 0
    for text in _chosen(figure):
        facts = replace(filled(MARIA, text), anchor=MARIA.anchor)
        printed = unbroken(pages(packet_pdf(facts, ALL).data))
        count += 1
        if _printed(text) not in printed:
            missing.append(text)
    told(f"F16 packet: texts={count} changed={len(missing)} opened={len(_strange(opened))}")
    assert missing == []
    assert _strange(opened) == []


def test_the_audit_report_prints_it_as_typed(opened, told):
    head = ReportHead(sender=MARIA.sender, printed_at=MARIA.printed_at, anchor="CD-1-00000000")
    lines = tuple(
        ExtractLine(seq=number, when="today", what=text, detail=text, about=text, outcome="Done")
        for number, text in enumerate(TEXTS)
    )
    printed = unbroken(pages(extract_pdf(Extract(head=head, chosen=("Everything",), lines=lines))))
    missing = [text for text in TEXTS if len(text) < 60 and _printed(text) not in printed]
    told(f"F16 audit extract: texts={len(TEXTS)} changed={len(missing)}")
    assert missing == []
    month = Month(
        head=head,
        name=TEXTS[0],
        counts=tuple((text, 1) for text in TEXTS),
        lines=60,
        first_seq=1,
        last_seq=60,
        checked=TEXTS[2],
        is_sound=False,
    )
    assert _printed(TEXTS[2]) in unbroken(pages(month_pdf(month)))
    assert _strange(opened) == []


@pytest.mark.usefixtures("dressed")
def test_a_table_says_it_as_typed_in_every_role():
    for text in TEXTS:
        model = RowsModel((Column(text, "", lambda row: cell(name(row.text), words(row.text))),))
        model.replace([_Row(id="1", text=text)])
        index = model.index(0, 0)
        assert model.data(index) == text
        assert text in str(model.data(index, Qt.ItemDataRole.AccessibleTextRole))
        assert model.headerData(0, Qt.Orientation.Horizontal) == text
        assert model.data(index, Qt.ItemDataRole.ToolTipRole) is None


class _Row:
    def __init__(self, id: str, text: str) -> None:  # noqa: A002  a row's own word
        self.id, self.text = id, text


@pytest.mark.usefixtures("dressed")
def test_a_label_and_a_tooltip_show_it_as_typed():
    for text in TEXTS:
        made: list[QWidget] = [
            *(label(text), Paragraph(text), Elided(text), StateMark(State.DUE, text), Badge(State.DUE, text)),
            *(Banner(State.CAUTION, text, text, text), Strip("info", text)),
        ]
        for widget in made:
            for each in [widget, *widget.findChildren(QLabel)]:
                if isinstance(each, QLabel):
                    assert each.textFormat() is Qt.TextFormat.PlainText
        assert "<" not in plain_tip(text).removeprefix("<span>").removesuffix("</span>")
        for widget in made:
            widget.deleteLater()


def test_every_page_of_the_window_shows_hostile_records_as_plain_text(shell, town, told, opened):
    town.keys.floor = FLOOR  # the settings page reads the key file
    client_id = ""
    for text in TEXTS[::6]:
        try:
            client_id = town.clients.add(ClientDraft(first_name=text, last_name=text, goes_by=text))
            town.notes.write(client_id, NoteDraft(body=text))
            town.referrals.open(client_id, ReferralDraft(sentence=text, wants=text))
        except Invalid:
            continue
    for page in PAGES:
        shell.go(page.id)
    shell.go("chart", client_id)
    shell.go("audit", f"client:{client_id}")
    labels = shell.findChildren(QLabel)
    rich = [type(each).__name__ for each in labels if each.textFormat() is not Qt.TextFormat.PlainText and each.text()]
    tips = [
        each.toolTip()
        for each in shell.findChildren(QWidget)
        if "<" in each.toolTip() and not each.toolTip().startswith("<span>")
    ]
    told(f"F16 window: pages={len(PAGES)} labels={len(labels)} rich={len(rich)}")
    assert rich == []
    assert tips == []
    assert not [each for each in shell.findChildren(QTextEdit) if each.acceptRichText()]
    assert _strange(opened) == []


def test_the_audit_log_holds_none_of_it(town):
    for text in TEXTS[::4]:
        try:
            client_id = town.clients.add(ClientDraft(first_name=f"{text}Q", last_name=text))
        except Invalid:
            continue
        town.notes.write(client_id, NoteDraft(body=text + "."))
        town.audit_trail.saw("client", client_id)
    copy = b"".join(town.audit_trail.copying()).decode()
    told = {str(value) for line in copy.splitlines() for value in json.loads(line).values()}
    assert not [text for text in TEXTS if len(text) > 8 and any(text in value for value in told)]
    assert town.audit_trail.check_anchor("").is_sound


def _crash(text: str) -> None:
    raise ValueError(text)


def test_a_crash_logs_none_of_it(tmp_path):
    log = logs.start(tmp_path)
    try:
        for text in TEXTS:
            try:
                _crash(text)
            except ValueError as error:
                log.error(logs.code_of(type(error), error.__traceback__))  # noqa: TRY400  as the crash handler does
            log.error(text.replace("%", "%%"), "x")
        written = (tmp_path / "app.log").read_text(encoding="utf-8")
    finally:
        logs.stop()
    assert not [text for text in TEXTS if len(text) > 3 and text in written]
    assert written.count("\n") == 2 * len(TEXTS)


def test_a_search_finds_hostile_text_or_nothing_and_never_fails(town):
    town.clients.add(ClientDraft(first_name="Percent", last_name="100%_sure"))
    for text in TEXTS:
        town.search.find(text)
        town.client_list.page(replace(ClientQuery(), text=text))
    assert any("100%_sure" in row.title for row in town.search.find("100%_sure"))


def test_the_test_hears_what_is_opened(opened):
    """The hook that finds a way out hears one."""
    with open("/etc/hostname", encoding="utf-8"):  # noqa: PTH123  as a library would
        pass
    assert _strange(opened) == ["open /etc/hostname"]
