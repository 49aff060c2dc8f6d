"""The audit log: whole, chained, and only growing."""

import hashlib
import hmac
import json

import pytest
import sqlalchemy.exc
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk import __version__
from crisisdesk.vault import audit
from crisisdesk.vault.audit import Anchor, AuditLog
from crisisdesk.vault.connection import connect
from crisisdesk.vault.keys import Purpose
from tests.vault.people import add_client, rename


def _lines(store):
    with store.read() as s:
        return s.connection().exec_driver_sql("SELECT * FROM audit ORDER BY seq").mappings().all()


@pytest.fixture
def behind(store):
    """Return what runs SQL behind the program's back: no guard, no triggers."""
    driver = store._engine.raw_connection().driver_connection

    def run(*statements):
        driver.set_authorizer(None)
        driver.execute("DROP TRIGGER IF EXISTS audit_refuses_update")
        driver.execute("DROP TRIGGER IF EXISTS audit_refuses_delete")
        for statement in statements:
            driver.execute(statement)

    return run


def test_each_write_has_its_line(store):
    client_id = add_client(store)
    line = _lines(store)[-1]
    assert line["kind"] == "write"
    assert (line["object_type"], line["object_id"], line["outcome"]) == ("client", client_id, "ok")
    assert line["detail_code"] == "add-client:1"
    assert (line["actor"], line["app_ver"]) == ("clinician", __version__)
    assert line["at_utc"] == "2026-11-23T12:00:00.000Z"


def test_undo_and_redo_have_theirs(store):
    add_client(store)
    store.undo()
    store.redo()
    assert [line["kind"] for line in _lines(store)[-3:]] == ["write", "undo", "redo"]


def test_an_act_can_tell_more_of_itself(store):
    client_id = add_client(store)
    before = len(_lines(store))
    with store.write("View chart", undoable=False) as s:
        s.audit("view", "client", client_id, "chart", outcome="denied")
    assert [(line["kind"], line["outcome"], line["detail_code"]) for line in _lines(store)[before:]] == [
        ("view", "denied", "chart")
    ]
    assert store.undo_label == "Add client"


def test_opening_and_closing_are_told(store, open_store):
    store.close()
    again = open_store()
    *_rest, lock, unlock = _lines(again)
    assert (lock["kind"], unlock["kind"]) == ("lock", "unlock")
    assert lock["session"] != unlock["session"]
    again.close()


def test_no_word_of_a_record_is_in_the_log(store):
    client_id = add_client(store, last_name="Xylander", described_as="Unknown man, Elm Street bridge")
    rename(store, client_id, "Quigley")
    text = " ".join(str(value) for line in _lines(store) for value in line.values())
    assert not any(word in text for word in ("Xylander", "Quigley", "Elm", "Maria"))


def test_a_whole_chain_is_sound(store):
    for _ in range(5):
        add_client(store)
    check = store.verify_audit()
    assert check.is_sound
    assert check.lines == len(_lines(store))
    assert check.head == store.audit_head()


def test_the_chain_is_made_as_it_is_written_down(store, vault_key):
    add_client(store)
    key, mac = bytes(vault_key().subkey(Purpose.AUDIT)), bytes(32)
    for line in _lines(store):
        values = json.dumps([value for name, value in line.items() if name != "mac"], separators=(",", ":"))
        mac = hmac.new(key, mac + values.encode(), hashlib.sha256).digest()
        assert line["mac"] == mac


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE audit SET object_id = 'someone else' WHERE seq = 4", 4),
        ("UPDATE audit SET at_utc = '2026-11-23T12:00:00.001Z' WHERE seq = 5", 5),
        ("UPDATE audit SET mac = zeroblob(32) WHERE seq = 6", 6),
        ("UPDATE audit SET mac = 'text' WHERE seq = 6", 6),
        ("UPDATE audit SET kind = zeroblob(3) WHERE seq = 6", 6),
        ("DELETE FROM audit WHERE seq = 4", 4),
        ("UPDATE audit SET seq = seq + 100 WHERE seq > 4", 5),
    ],
)
def test_a_line_that_was_tampered_with_is_named(store, behind, tampering, named):
    for _ in range(6):
        add_client(store)
    behind(tampering)
    check = store.verify_audit()
    assert check.broken_at == named
    assert not check.is_sound
    assert check.lines == named - 1


def test_two_lines_that_changed_places_are_named(store, behind):
    for _ in range(6):
        add_client(store)
    behind(
        "UPDATE audit SET seq = 999 WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 5",
        "UPDATE audit SET seq = 5 WHERE seq = 999",
    )
    assert store.verify_audit().broken_at == 4


def test_a_line_that_was_made_with_another_key_is_named(store):
    add_client(store)
    log = AuditLog(bytearray(32), store._clock, "forged")
    with store._unit() as session:
        log.append(session.connection(), [audit.AuditEntry("view", "client", "x")])
    assert store.verify_audit().broken_at == len(_lines(store))


def test_a_cut_off_end_is_seen_with_an_anchor(store, behind):
    add_client(store)
    anchor = store.audit_head()
    behind("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)")
    assert store.verify_audit().is_sound
    assert store.verify_audit(anchor).broken_at == anchor.seq


def test_a_chain_that_was_written_anew_is_seen_with_an_anchor(store, behind):
    add_client(store)
    anchor = store.audit_head()
    behind("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)")
    rename(store, add_client(store), "Ortiz")
    assert store.verify_audit().is_sound
    assert store.verify_audit(anchor).broken_at == anchor.seq
    assert store.verify_audit(store.audit_head()).is_sound


def test_an_anchor_prints_short():
    assert str(Anchor(42, "0123456789abcdef")) == "CD-42-01234567"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET kind = 'x'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
        "REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
        "DROP TRIGGER audit_refuses_update",
        "DROP TABLE audit",
    ],
)
def test_the_guard_lets_nobody_change_the_log(store, statement):
    with pytest.raises(sqlalchemy.exc.DBAPIError), store._unit() as session:
        session.connection().exec_driver_sql(statement)
    assert store.verify_audit().is_sound


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET kind = 'x'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
    ],
)
def test_without_the_guard_the_triggers_still_refuse(store, vault_paths, vault_key, statement):
    store.close()
    driver = connect(vault_paths, vault_key(), maintenance=True)
    try:
        with pytest.raises(sqlcipher.DatabaseError, match="only grows"):
            driver.execute(statement)
    finally:
        driver.close()
