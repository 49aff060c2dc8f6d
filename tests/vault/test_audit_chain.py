"""The audit log's chain by itself, line by line; test_audit has the same in a whole store."""

import hashlib
import hmac
import json
from contextlib import closing
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk import __version__
from crisisdesk.clock import FixedClock
from crisisdesk.vault import audit
from crisisdesk.vault.audit import AUDIT, AUDIT_KEY, Anchor, AuditEntry, AuditLog, Walk, change_key, head, seal, verify
from crisisdesk.vault.connection import make_engine
from tests.vault.fast import NOW

KEY, NEW_KEY = bytearray(range(32)), bytearray(range(32, 64))
INSTANT = timedelta(milliseconds=1)


@pytest.fixture
def database():
    """An open connection to a file with nothing but the two tables, and no guard."""
    with closing(sqlcipher.connect(":memory:")) as driver:
        engine = make_engine(lambda: driver)
        with engine.connect() as connection:
            AUDIT.create(connection)
            AUDIT_KEY.create(connection)
            yield connection


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def log(clock):
    return AuditLog(KEY, clock, "session")


def said(database, what="*"):
    return [tuple(row) for row in database.exec_driver_sql(f"SELECT {what} FROM audit ORDER BY seq")]  # noqa: S608  ours


def written(log, database, count):
    log.append(database, [AuditEntry("view", "client", f"c{number}") for number in range(count)])


def forge(database, key, seq, before):
    """Give a line the MAC that this key makes of it."""
    (line,) = database.exec_driver_sql(f"SELECT * FROM audit WHERE seq = {seq}")  # noqa: S608  a number
    mac = hmac.digest(key, before + json.dumps(list(line)[:-1], separators=(",", ":")).encode(), "sha256")
    database.exec_driver_sql(f"UPDATE audit SET mac = x'{mac.hex()}' WHERE seq = {seq}")  # noqa: S608  as above


def test_a_line_has_the_columns_and_the_mac_that_are_written_down(database, log):
    log.append(database, [AuditEntry("view", "client", "c1", "chart"), AuditEntry("print", outcome="failed")])
    first = [1, "2026-11-22T05:00:00.000Z", "view", "clinician", "client", "c1", "ok", "chart", __version__, "session"]
    second = [2, "2026-11-22T05:00:00.000Z", "print", "clinician", "", "", "failed", "", __version__, "session"]
    mac = bytes(32)
    for line, values in zip(said(database), (first, second), strict=True):
        text = json.dumps(values, separators=(",", ":"))
        mac = hmac.new(KEY, mac + text.encode(), hashlib.sha256).digest()
        assert list(line) == [*values, mac]


def test_what_is_too_long_is_cut_and_still_fits(database, clock):
    log = AuditLog(KEY, clock, "s" * 17)
    log.append(database, [AuditEntry("k" * 21, "t" * 41, "i" * 81, "d" * 81, "o" * 21)])
    columns = "kind, object_type, object_id, outcome, detail_code, session"
    assert said(database, columns) == [("k" * 20, "t" * 40, "i" * 80, "o" * 20, "d" * 80, "s" * 16)]
    assert verify(database, KEY).is_sound


def test_no_act_makes_no_line(database, log):
    log.append(database, iter(()))
    assert said(database) == []


def test_a_moment_has_its_milliseconds(database, clock, log):
    for microseconds in (7999, 500_000):
        clock.moment = NOW + timedelta(microseconds=microseconds)
        written(log, database, 1)
    assert said(database, "at_utc") == [("2026-11-22T05:00:00.007Z",), ("2026-11-22T05:00:00.500Z",)]


def test_an_empty_log_is_sound_and_its_head_is_number_zero(database):
    assert head(database) == Anchor(0, "00" * 32)
    check = verify(database, KEY)
    assert (check.lines, check.head, check.broken_at, check.is_sound) == (0, head(database), None, True)


@pytest.mark.parametrize(
    ("back", "told"),
    [
        (timedelta(seconds=5), []),
        (timedelta(seconds=5) + INSTANT, ["back:5"]),
        (timedelta(seconds=6), ["back:6"]),
        (timedelta(days=2, seconds=1), ["back:172801"]),
        (timedelta(hours=-1), []),
    ],
)
def test_a_clock_that_went_back_is_told_first(database, clock, log, back, told):
    written(log, database, 1)
    clock.moment = NOW - back
    written(log, database, 2)
    lines = said(database, "seq, kind, detail_code")[1:]
    assert lines == [
        *((2, "clock", code) for code in told),
        *((number, "view", "") for number in range(2 + len(told), 4 + len(told))),
    ]
    assert verify(database, KEY).is_sound


def test_a_moment_that_is_none_keeps_nobody_from_writing(database, log):
    written(log, database, 1)
    database.exec_driver_sql("UPDATE audit SET at_utc = 'never'")
    written(log, database, 1)
    assert said(database, "kind") == [("view",), ("view",)]


def test_a_mac_that_is_no_bytes_keeps_nobody_from_writing_and_is_named(database, log):
    written(log, database, 3)
    database.exec_driver_sql("UPDATE audit SET mac = 7 WHERE seq = 3")
    assert head(database) == Anchor(3, "")
    written(log, database, 1)
    assert verify(database, KEY).broken_at == 3


def test_a_walk_goes_piece_by_piece_and_knows_its_end(database, log):
    written(log, database, 5)
    walk, seen = Walk(KEY), []
    while not walk.is_over:
        seen.append(walk.step(database, 2).lines)
    assert seen == [2, 4, 5]
    assert walk.found.head == head(database)
    even = Walk(KEY)
    assert even.step(database, 5).lines == 5
    assert not even.is_over  # there might be more
    assert even.step(database, 5).lines == 5
    assert even.is_over


def test_a_walk_that_met_a_wrong_line_is_over(database, log):
    written(log, database, 5)
    database.exec_driver_sql("UPDATE audit SET kind = 'edit' WHERE seq = 2")
    walk = Walk(KEY)
    assert walk.step(database, 5).broken_at == 2
    assert walk.is_over
    assert walk.found.lines == 1


def test_a_long_log_is_followed_to_its_end(database, log):
    written(log, database, audit._PIECE + 1)
    assert verify(database, KEY).lines == audit._PIECE + 1


@pytest.mark.parametrize("seq", [0, -7])
def test_a_line_before_the_first_is_named(database, log, seq):
    written(log, database, 2)
    database.exec_driver_sql(f"INSERT INTO audit SELECT {seq}, {', '.join(AUDIT.c.keys()[1:])} FROM audit LIMIT 1")  # noqa: S608  ours
    check = verify(database, KEY)
    assert (check.broken_at, check.lines, check.is_sound) == (seq, 0, False)


def test_a_line_whose_mac_fits_and_whose_number_does_not_is_named(database, log):
    written(log, database, 3)
    (before,) = said(database, "mac")[1]
    database.exec_driver_sql("UPDATE audit SET seq = 9 WHERE seq = 3")
    forge(database, KEY, 9, before)
    assert verify(database, KEY).broken_at == 3


def test_an_anchor_is_compared_with_its_own_line(database, log):
    written(log, database, 4)
    macs = [mac.hex() for (mac,) in said(database, "mac")]
    for seq, mac in enumerate(macs, 1):
        assert verify(database, KEY, Anchor(seq, mac)).is_sound
        assert verify(database, KEY, Anchor(seq, mac[:8])).is_sound
        for wrong in (mac[:7], "", mac[:-1] + ("0" if mac[-1] != "0" else "1"), mac + "00"):
            check = verify(database, KEY, Anchor(seq, wrong))
            assert check.broken_at == seq
            assert not check.is_sound


def test_an_anchor_of_a_line_that_is_gone_names_the_first_that_is(database, log):
    written(log, database, 4)
    assert verify(database, KEY, Anchor(5, "00" * 32)).broken_at == 5
    assert verify(database, KEY, Anchor(900, "00" * 32)).broken_at == 5
    walk = Walk(KEY, Anchor(5, "00" * 32))
    assert walk.step(database, 4).is_sound  # not yet at the end: another line may come
    assert walk.step(database, 4).broken_at == 5


def test_an_anchor_is_read_as_it_is_printed():
    assert Anchor.parse("CD-42-1a2b3c4d") == Anchor(42, "1a2b3c4d")
    assert Anchor.parse(" cd - 42 \N{EN DASH} 1A2B 3C4D\n") == Anchor(42, "1a2b3c4d")
    assert Anchor.parse("CD-" + "9" * 18 + "-" + "ab" * 32) == Anchor(10**18 - 1, "ab" * 32)
    printed = str(Anchor(7, "0123456789abcdef"))
    assert printed == "CD-7-01234567"
    assert Anchor.parse(printed).fits("0123456789abcdef")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CD-42",
        "CD--1a2b3c4d",
        "CD-42-1a2b3c4",
        "CD-42-" + "a" * 65,
        "CD-" + "9" * 19 + "-1a2b3c4d",
        "XX-42-1a2b3c4d",
        "CD-42-1a2b3c4g",
        "CD-٤٢-1a2b3c4d",
        "CD-42-1a2b3c4d-",
        "x CD-42-1a2b3c4d",
    ],
)
def test_what_is_no_anchor_is_refused(text):
    with pytest.raises(ValueError, match="not an anchor"):
        Anchor.parse(text)


# New keys -------------------------------------------------------------------------------------------------------------


def test_lines_from_before_new_keys_still_fit_and_new_ones_have_the_new_key(database, clock, log):
    written(log, database, 3)
    last = change_key(database, KEY)
    assert last == head(database)
    again = AuditLog(NEW_KEY, clock, "later")
    written(again, database, 2)
    assert verify(database, NEW_KEY, last).lines == 5
    third = bytearray(b"third key " * 4)[:32]
    assert change_key(database, NEW_KEY).seq == 5
    written(AuditLog(third, clock, "last"), database, 1)
    assert verify(database, third).lines == 6
    assert verify(database, NEW_KEY).broken_at == 6
    assert Walk(third).step(database, 2).lines == 2


def test_an_empty_log_needs_no_earlier_key(database):
    assert change_key(database, KEY) == Anchor(0, "00" * 32)
    assert database.exec_driver_sql("SELECT count(*) FROM audit_key").scalar() == 0


@pytest.mark.parametrize(("seq", "key"), [(4, KEY), (3, NEW_KEY)], ids=["the old key", "the new key"])
def test_a_key_vouches_for_its_own_lines_alone(database, clock, log, seq, key):
    written(log, database, 3)
    change_key(database, KEY)
    written(AuditLog(NEW_KEY, clock, "later"), database, 2)
    (before,) = said(database, "mac")[seq - 2]
    forge(database, key, seq, before)
    assert verify(database, NEW_KEY).broken_at == seq


def test_a_file_without_that_table_has_one_key(database, log):
    database.exec_driver_sql("DROP TABLE audit_key")
    written(log, database, 2)
    assert verify(database, KEY).lines == 2
    assert verify(database, NEW_KEY).broken_at == 1


def test_a_copy_of_the_log_leaves_under_its_own_seal():
    digest = hashlib.sha256(b"the copy").digest()
    assert seal(KEY, digest) == hmac.new(KEY, b"CrisisDesk audit export 1\n" + digest, "sha256").hexdigest()
