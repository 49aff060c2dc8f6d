"""What the audit log is told, and how it is read, checked and taken out."""

import ast
import hashlib
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import crisisdesk
from crisisdesk.desk.audit_rows import TrailQuery, conditions
from crisisdesk.desk.clients import ClientDraft
from crisisdesk.desk.disclosures import Paper
from crisisdesk.desk.notes import NoteDraft
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.errors import DiskFull, Invalid
from crisisdesk.records.audit_kinds import GROUPS, AuditGroup, AuditKind, kind_of
from crisisdesk.records.choices import Audience, DisclosureHow, PageKind
from crisisdesk.vault import audit
from crisisdesk.vault.audit import AUDIT


@pytest.fixture
def trail(desk):
    return desk.audit_trail


@pytest.fixture
def maria(client_id):
    return client_id


def _rows(trail, **query):
    return trail.lines.page(TrailQuery(**query)).rows


def _codes(desk):
    with desk._store.read() as s:
        rows = s.connection().exec_driver_sql(
            "SELECT kind, object_type, object_id, detail_code FROM audit ORDER BY seq"
        )
        return [tuple(row) for row in rows]


def test_each_kind_fits_its_column_and_has_words_and_a_group():
    grouped = {kind for kinds in GROUPS.values() for kind in kinds}
    assert {kind for kind in AuditKind if kind not in grouped} == {AuditKind.SEARCH}
    assert all(0 < len(kind.value) <= 20 and kind.label for kind in AuditKind)


def test_a_look_at_a_chart_is_one_line_for_ten_minutes(desk, trail, maria):
    for minutes in (0, 4, 9):
        desk.clock.moment += timedelta(minutes=minutes)
        trail.saw("client", maria)
    looks = [code for code in _codes(desk) if code[0] == "view"]
    assert looks == [("view", "client", maria, "")] * 2  # at 0 and 13 minutes


def test_a_look_leaves_undo_and_the_window_alone(desk, trail, maria):
    heard: list[object] = []
    desk.subscribe(heard.append)
    before = desk.undo_label
    trail.saw("client", maria)
    assert heard == []
    assert desk.undo_label == before


def test_a_search_is_told_without_its_words(desk, trail):
    trail.searched("clients", 12)
    assert _codes(desk)[-1] == ("search", "", "", "clients:12")
    assert (_rows(trail)[0].what, _rows(trail)[0].detail) == ("Searched the clients", "12 found")


def test_a_full_disk_keeps_nobody_from_a_chart_and_the_line_comes_later(desk, trail, maria, monkeypatch):
    store = desk._store
    with monkeypatch.context() as patch:
        patch.setattr(type(store), "note", _full)
        trail.saw("client", maria)
    trail.searched("anything", 1)
    assert [code[0] for code in _codes(desk)[-2:]] == ["view", "search"]


def _full(*_given):
    raise DiskFull("full")


def test_what_is_too_long_is_cut_and_nothing_fails(desk, trail):
    trail.tell("k" * 99, "t" * 99, "i" * 99, "d" * 999, outcome="o" * 99)
    with desk._store.read() as s:
        row = s.connection().exec_driver_sql("SELECT * FROM audit ORDER BY seq DESC LIMIT 1").mappings().one()
    assert [len(row[name]) for name in ("kind", "object_type", "object_id", "detail_code", "outcome")] == [
        *(20, 40, 80, 80, 20)
    ]
    assert _rows(trail)[0].what == "k" * 20
    assert desk._store.verify_audit().is_sound


def test_lines_come_newest_first_and_page_by_page(trail):
    for number in range(7):
        trail.searched("clients", number)
    first = trail.lines.page(TrailQuery(), None, 3)
    second = trail.lines.page(TrailQuery(), first.next_key, 3)
    numbers = [row.seq for row in (*first.rows, *second.rows)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 6


def test_who_looked_at_a_chart_finds_its_notes_and_papers_too(desk, trail, maria):
    other = desk.clients.add(ClientDraft(first_name="Walter", last_name="Szymanski"))
    note = desk.notes.write(maria, NoteDraft(body="Talked by the river."))
    trail.saw("client", maria)
    trail.saw("note", note)
    trail.saw("client", other)
    rows = _rows(trail, group=AuditGroup.LOOKED, client_id=maria)
    assert [row.about for row in rows] == ["Note", "Chart"]
    assert {(row.name, row.initials) for row in rows} == {("Maria Delgado", "M. D.")}


def test_a_period_is_of_her_calendar(desk, trail, maria):
    today = desk.clock.today()
    trail.saw("client", maria)
    desk.clock.moment += timedelta(days=3)
    trail.searched("clients", 1)
    assert {row.kind for row in _rows(trail, since=today + timedelta(days=1))} == {AuditKind.SEARCH}
    assert AuditKind.SEARCH not in {row.kind for row in _rows(trail, until=today)}


def test_what_left_the_office_says_to_whom_on_what_ground_and_which_pages(desk, maria, service_id, release_id):
    draft = ReferralDraft(service_id=service_id, release_id=release_id)
    referral_id = desk.referrals.open(maria, draft)
    papers = [
        Paper(audience=Audience.PROVIDER, kinds=(PageKind.COVER,), pages=2, content=b"one"),
        Paper(audience=Audience.CLIENT, kinds=(PageKind.HANDOUT,), pages=1, content=b"other"),
    ]
    desk.disclosures.file_packet(referral_id, papers, how=DisclosureHow.PRINTED, again=None)
    codes = [code for code in _codes(desk) if code[1] == "packet" and code[0] != "write"]
    assert [(kind, detail.partition(":")[0]) for kind, _type, _id, detail in codes] == [
        *(("print", "provider"), ("sent-to", "organization"), ("consent", "release"), ("document", "sha256")),
        *(("print", "client"), ("sent-to", "client"), ("document", "sha256")),
    ]
    assert codes[2][3] == f"release:{release_id}"
    assert codes[3][3] == f"sha256:{hashlib.sha256(b'one').hexdigest()}"
    told = [(row.what, row.detail) for row in reversed(_rows(desk.audit_trail, group=AuditGroup.OUT, client_id=maria))]
    assert told[0] == ("Printed", "For the provider, Client signed a release, 2 pages")
    assert told[1] == ("It went to", "Hope House")
    assert told[4:6] == [("Printed", "For the client, To the client, 1 page"), ("It went to", "the client")]


def test_the_log_is_checked_piece_by_piece(desk, trail, monkeypatch):
    monkeypatch.setattr(audit.Walk.step, "__defaults__", (3,))
    for number in range(10):
        trail.searched("clients", number)
    told = list(trail.checking())
    assert len(told) > 3
    assert not any(each.is_over for each in told[:-1])
    assert told[-1].is_sound
    assert told[-1].sentence == f"All {told[-1].lines} lines fit, from the first to the last."
    assert _codes(desk)[-1][0] == "audit-check"


def test_a_mark_from_paper_is_found_again(trail):
    mark = trail.anchor()
    trail.searched("clients", 1)
    found = trail.check_anchor(f" {mark.lower()} ")
    assert found.is_sound
    assert found.sentence.endswith("The mark from paper is among them.")


def test_a_mark_that_the_log_does_not_hold_is_named(trail):
    mark = trail.anchor()
    seq = int(mark.split("-")[1])
    wrong = trail.check_anchor(f"CD-{seq}-00000000")
    assert (wrong.is_sound, wrong.seq) == (False, seq)
    assert wrong.sentence == f"Line {seq} is another one than the mark from paper says."
    beyond = trail.check_anchor(f"CD-{seq + 100}-{mark[-8:]}")
    assert not beyond.is_sound
    assert "may have been cut off" in beyond.sentence


@pytest.mark.parametrize(
    "typed", ["", "42", "CD-42", "CD-42-1a2b3c4", "CD-x-1a2b3c4d", "CD-42-1a2b3c4g", "CD-42-" + "0" * 99]
)
def test_what_is_no_mark_is_refused(trail, typed):
    if typed:
        with pytest.raises(Invalid):
            trail.check_anchor(typed)
    else:
        assert trail.check_anchor(typed).is_sound


def test_a_changed_line_is_named_in_words(desk, trail):
    driver = desk._store._engine.raw_connection().driver_connection
    driver.set_authorizer(None)
    driver.execute("DROP TRIGGER audit_refuses_update")
    driver.execute("UPDATE audit SET object_id = 'x' WHERE seq = 2")
    found = trail.check_anchor("")
    assert found.sentence == "Line 2 is missing or was changed. Up to line 1 everything fits."
    assert _codes(desk)[-1] == ("audit-check", "audit", "", "at:2")
    assert not _rows(trail)[0].is_ok


def test_a_copy_is_whole_sealed_and_without_names(desk, trail, maria):
    trail.saw("client", maria)
    copy = b"".join(trail.copying())
    *lines, last = [json.loads(line) for line in copy.splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert last["lines"] == len(lines)
    assert trail.seal_fits(copy)
    name, _short = trail.lines.client_name(maria)
    assert name.encode() not in copy
    assert _codes(desk)[-1][0] == "audit-export"


@pytest.mark.parametrize(
    "harm", [lambda copy: copy.replace(b"unlock", b"unlack", 1), lambda copy: copy[50:], lambda _copy: b""]
)
def test_a_copy_that_was_changed_does_not_fit_its_seal(trail, harm):
    copy = b"".join(trail.copying())
    assert not trail.seal_fits(harm(copy))


def test_a_month_is_counted_by_kind(desk, trail):
    trail.searched("clients", 1)
    trail.searched("clients", 2)
    month = trail.month(desk.clock.today())
    assert {each.words: each.count for each in month.counts}["Searched"] == 2
    assert sum(each.count for each in month.counts) == month.lines
    assert (month.first_seq, month.last_seq) == (1, month.lines)
    assert month.anchor == trail.anchor()
    assert trail.month(desk.clock.today() - timedelta(days=62)).lines == 0


def test_a_clock_that_went_back_has_a_line_of_its_own(desk, trail):
    trail.searched("clients", 1)
    desk._store._clock.moment -= timedelta(days=2)
    trail.searched("clients", 2)
    trail.searched("clients", 3)
    assert [code[0] for code in _codes(desk)[-4:]] == ["search", "clock", "search", "search"]
    assert _codes(desk)[-3][3] == "back:172800"
    assert desk._store.verify_audit().is_sound


def test_every_line_that_the_program_writes_is_of_a_known_kind():
    calls = [
        call
        for path in Path(crisisdesk.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in {"AuditEntry", "audit"}
    ]
    first = [call.args[0] for call in calls if call.args]
    written = [str(argument.value) for argument in first if isinstance(argument, ast.Constant)]
    assert "unlock" in written
    assert not [code for code in written if kind_of(code) is None]


@pytest.mark.parametrize(
    "query",
    [
        TrailQuery(client_id="c1"),
        TrailQuery(client_id="c1", group=AuditGroup.OUT),
        TrailQuery(since=date(2026, 11, 1), until=date(2026, 11, 30)),
    ],
    ids=["client", "client and group", "month"],
)
def test_no_filter_reads_the_whole_log(store, clock, query):
    wanted = select(AUDIT.c.seq).where(*conditions(query, clock)).order_by(AUDIT.c.seq.desc()).limit(60)
    with store.read() as s:
        told = wanted.compile(s.get_bind(), compile_kwargs={"literal_binds": True})
        plan = s.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {told}").all()
    assert not [row for row in plan if re.match(r"SCAN audit", row[3])]
