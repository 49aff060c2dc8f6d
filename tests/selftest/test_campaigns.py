"""The program's checks of itself: each passes in small, and each fails when the promise behind it is broken."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from crisisdesk import paths
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest import crash, damage, header, holding, scenario
from crisisdesk.selftest.driver import Driver
from crisisdesk.selftest.ledger import Fact, Ledger, account, read
from crisisdesk.selftest.place import Trial
from crisisdesk.selftest.verifier import verify
from crisisdesk.vault import access, connection, opening
from crisisdesk.vault.header import SealedHeader
from tests.selftest.checks import CHECKS

_WORK = 40  # acts of the driver
_made: list[Trial] = []
pytestmark = pytest.mark.usefixtures("quick_keys")


@pytest.fixture
def trial(tmp_path) -> Trial:
    return Trial.make(tmp_path / "vault")


@pytest.fixture
def ledger(tmp_path) -> Path:
    return tmp_path / "ledger.jsonl"


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> Path:
    """Return the folder for what is made once and copied for each test."""
    return Path(tmp_path_factory.mktemp("worked"))


@pytest.fixture
def worked(once, tmp_path, ledger) -> Trial:
    """A vault in which somebody has worked, and what was acknowledged."""
    if not _made:
        _made.append(_work(Trial.make(once / "vault"), once / "ledger.jsonl"))
    shutil.copy(once / "ledger.jsonl", ledger)
    return replace(_made[0], paths=VaultPaths(Path(shutil.copytree(once / "vault", tmp_path / "vault"))))


def _work(trial: Trial, ledger: Path) -> Trial:
    worker = Driver(trial.open, trial.clock, Ledger(ledger), seed=3)
    for number in range(_WORK):
        worker.act()
        if number % 10 == 9:
            worker.undo()
    worker.lock()
    worker.close()
    return trial


def raw(trial: Trial, *statements: str) -> None:
    """Write past everything that would refuse."""
    opened = connection.connect(trial.paths, trial.key(), maintenance=True)
    for (trigger,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        opened.execute(f'DROP TRIGGER "{trigger}"')
    for statement in statements:
        opened.execute(statement)
    opened.close()


def test_a_vault_that_nobody_harmed_holds_what_was_acknowledged(worked, ledger):
    verdict = verify(worked.paths, worked.key(), ledger, worked.clock)
    assert verdict.is_good, verdict
    assert verdict.acknowledged > _WORK
    assert verdict.extra == 0


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("DELETE FROM draft", "lost"),
        ("UPDATE note SET body = 'other' WHERE id = (SELECT min(id) FROM note)", "lost"),
        ("DELETE FROM followup", "lost"),
        ("DELETE FROM audit WHERE seq > 20", "lost"),
        ("UPDATE audit SET object_id = 'x' WHERE seq = 5", "failures"),
        ("DELETE FROM search_doc WHERE kind = 'note'", "failures"),
        ("DELETE FROM fts_note", "failures"),
        ("DELETE FROM journal_row WHERE table_name = 'note'", "failures"),
        ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit WHERE kind = 'write')", "failures"),
    ],
)
def test_the_verifier_names_what_is_gone(worked, ledger, statement, where):
    raw(worked, "PRAGMA foreign_keys = OFF", statement)
    verdict = verify(worked.paths, worked.key(), ledger, worked.clock)
    assert getattr(verdict, where), verdict


def test_a_dropped_line_of_the_ledger_is_noticed(worked, ledger):
    lines = ledger.read_bytes().splitlines(keepends=True)
    at = max(place for place, line in enumerate(lines) if json.loads(line)["act"] == "write note")
    last = json.loads(lines[at])
    kept = [line for line in lines if json.loads(line)["n"] < last["n"]]
    ledger.write_bytes(b"".join(kept))
    assert not verify(worked.paths, worked.key(), ledger, worked.clock).is_good


def test_an_act_that_was_done_and_not_acknowledged_is_extra(worked, ledger):
    lines = ledger.read_bytes().splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if json.loads(line)["is"] == "ack"]
    last = next(place for place in reversed(places) if json.loads(lines[place])["facts"])
    ledger.write_bytes(b"".join(lines[:last]))
    verdict = verify(worked.paths, worked.key(), ledger, worked.clock)
    assert verdict.is_good, verdict
    assert verdict.extra == 1


def test_half_an_act_is_torn(trial, ledger):
    store = trial.open()
    worker = Driver(lambda: store, trial.clock, Ledger(ledger), seed=3)
    for _act in range(10):
        worker.act()
    made = worker._write_note()
    other = Fact.of("note", "no-such-note", {"body": "the other half"})
    worker._ledger.intend(made.name, (*made.facts, other))
    made.run()
    worker.close()
    assert verify(trial.paths, trial.key(), ledger, trial.clock).torn


@pytest.mark.usefixtures("worked")
def test_a_line_that_a_kill_cut_off_was_not_acknowledged(ledger):
    whole = account(ledger)
    with ledger.open("ab") as file:
        file.write(b'{"is":"ack","n":99')
    assert account(ledger) == whole
    assert len(list(read(ledger))) > _WORK


def test_kills_lose_nothing():
    outcome = crash.campaign(3, seed=11)
    assert outcome.is_good, outcome.told
    assert outcome.line().startswith(f"kills=3 acknowledged={outcome.acknowledged} lost=0 torn=0 extra=")
    assert outcome.acknowledged >= 20


def test_a_ledger_that_lies_fails_the_campaign():
    def promise_more(path: Path) -> None:
        ledger = Ledger(path)
        ledger.intend("write note", ())
        known = account(path)
        fact = Fact.of("note", "00000000-0000-0000-0000-000000000000", {"body": "never written"})
        ledger.acknowledge("write note", (fact,), step=known.step, audit=known.audit)
        ledger.close()

    outcome = crash.campaign(2, seed=11, spoil=promise_more)
    assert not outcome.is_good
    # The lie hides what the killed program was about to do; where that was done, it counts as lost, too.
    assert [line for line in outcome.told if line.startswith("note 00000000-")]
    assert outcome.lost <= 2


def test_every_damage_is_found(monkeypatch):
    monkeypatch.setattr(damage, "_ACTS", 10)
    results = damage.damage(8, seed=5)
    missed = [each for each in results if each.outcome == damage.MISSED]
    assert not missed
    assert {"an old file", "an empty file", "two pages swapped", "cut by a byte"} <= {each.what for each in results}
    assert "missed=0" in damage.table(results)


def test_an_old_file_that_nobody_warns_of_is_missed(monkeypatch):
    monkeypatch.setattr(damage, "_ACTS", 10)
    monkeypatch.setattr(opening, "look_back", lambda _connection, _mark: None)
    missed = [each.what for each in damage.damage(4, seed=5) if each.outcome == damage.MISSED]
    assert missed == ["an old file"]


def test_no_changed_key_file_opens():
    results = [*header.manipulations(), *header.flips(5, 5)]
    assert not [each for each in results if each.outcome == header.TAKEN]
    assert len(results) > 60


def test_a_key_file_whose_mac_nobody_asks_is_taken(monkeypatch):
    monkeypatch.setattr(SealedHeader, "is_proven", lambda _self, _master: True)
    assert [each for each in header.manipulations() if each.outcome == header.TAKEN]


def test_a_hold_holds(tmp_path):
    tried = holding.holding(tmp_path / "vault")
    assert [each.outcome for each in tried] == ["blocked"] * (len(tried) - 1) + ["allowed"]


@pytest.fixture
def day(tmp_path, monkeypatch):
    """A day that was lived in a folder of its own."""
    monkeypatch.setenv("CRISISDESK_HOME", str(tmp_path / "before"))
    words = tmp_path / "words.txt"
    lived = scenario.run(tmp_path / "home", 30, words, level="DEBUG")
    return lived, words


def test_no_marked_word_lies_on_the_disk(day, tmp_path):
    lived, words = day
    marked = words.read_text(encoding="utf-8").split()
    written = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()).lower()
    assert len(lived.canaries.all) == 30
    assert sum(did.startswith("bug") for did in lived.did) == 20
    assert not [word for word in marked if word.lower().encode() in written]


def test_every_marked_word_was_in_the_vault(day):
    lived, _words = day
    place = paths.vault()
    opened = connection.connect(place, access.unlock(place, lived.canaries.passphrase, now=lived.clock.now()))
    bodies = " ".join(body for (body,) in opened.execute("SELECT body FROM note").fetchall())
    opened.close()
    assert not [word for word in lived.canaries.words if word not in bodies]


def test_a_day_needs_marked_words(tmp_path):
    with pytest.raises(ValueError, match="twelve"):
        scenario.run(tmp_path / "home", 5, tmp_path / "words.txt")


def test_every_check_of_the_specification_is_there():
    assert set(CHECKS) == {f"M{number}" for number in range(1, 16)} - {"M13"}
    assert all(check.__doc__ for check in CHECKS.values())
