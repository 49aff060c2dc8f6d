"""F23: tampering with the audit log is blocked, or found by a check with the line named."""

from crisisdesk.selftest import audit_tamper
from crisisdesk.selftest.audit_tamper import Attempt, Tampering, table
from crisisdesk.vault import connection


def test_every_tampering_is_blocked_or_named(tmp_path, told):
    tried = audit_tamper.audit_tamper(tmp_path)
    missed = [each.name for each in tried if each.is_missed]
    told(f"F23 audit tamper: {table(tried).splitlines()[-1]}")
    assert missed == []
    assert len(tried) >= 45
    assert all(each.seq is not None for each in tried if each.outcome == "named")


def test_what_goes_unnoticed_is_said(monkeypatch, tmp_path):
    """Nothing in a file tells that its end was cut off; without an anchor the table must say so."""
    cut = Tampering(name="tail cut", statements=("DELETE FROM audit WHERE seq >= 6",), named=6)
    monkeypatch.setattr(audit_tamper, "_NAMED", (cut,))
    tried = audit_tamper.audit_tamper(tmp_path)
    assert [each.name for each in tried if each.is_missed] == ["tail cut"]
    assert table(tried).endswith("missed=1")


def test_without_the_guard_the_table_says_what_gets_through(monkeypatch, tmp_path):
    monkeypatch.setattr(connection, "guard", lambda _connection: None)
    tried = audit_tamper.audit_tamper(tmp_path)
    through = {each.name for each in tried if each.is_missed}
    assert {"drop trigger", "temp table before it", "drop table", "recursive_triggers off"} <= through


def test_a_check_that_believes_every_mac_is_found_out(monkeypatch, tmp_path):
    monkeypatch.setattr("hmac.compare_digest", lambda _one, _other: True)
    tried = audit_tamper.audit_tamper(tmp_path)
    through = {each.name for each in tried if each.is_missed}
    assert {"object_id changed", "mac changed", "rows swapped", "re-MAC of all lines"} <= through


def test_the_table_has_a_line_for_each_attempt_and_the_sum():
    rows = [
        Attempt(name="update", where="program", outcome="blocked"),
        Attempt(name="tail cut", where="file without triggers", outcome="named", seq=6),
    ]
    assert table(rows).splitlines() == [
        "where                  tampering  outcome  line",
        "program                update     blocked",
        "file without triggers  tail cut   named    6",
        "blocked=1 named=1 missed=0",
    ]
