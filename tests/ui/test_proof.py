"""Before something leaves the office, the passphrase once more if it was typed some minutes ago."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.errors import Invalid
from crisisdesk.paths import VaultPaths
from crisisdesk.records.choices import PageKind
from crisisdesk.ui import proof
from crisisdesk.ui.page import Context
from crisisdesk.ui.pages.audit import AuditPage
from crisisdesk.ui.pages.refer_print import Outgoing, order
from crisisdesk.ui.proof import ProofDialog
from crisisdesk.vault import attempts, device
from tests.stores import NOON
from tests.vault.fast import FLOOR, PASSPHRASE, enable_device, unlock
from tests.vault.keyrings import MemoryKeyring, store_of

PIN = "830164"
WHY = "Type your passphrase again to print"


class Hands:
    """Turns the desk's clock."""

    def __init__(self, desk) -> None:
        assert isinstance(desk.clock, FixedClock)
        self._clock = desk.clock

    def go(self, by: timedelta) -> None:
        self._clock.moment += by


@pytest.fixture
def hers(shell) -> Context:
    """Return the context of a vault that is hers: the practice desk has no passphrase."""
    desk = shell.context.desk
    desk.practice.keep(replace(desk.practice.get(), is_practice_desk=False))
    desk.keys.floor = FLOOR
    return shell.context


@pytest.fixture
def hands(hers) -> Hands:
    return Hands(hers.desk)


@pytest.fixture
def typed(qtbot, answers):
    """Type into the next question for the passphrase, and wait for what comes of it; returns what was said."""

    def expect(*words: str) -> list[str]:
        said: list[str] = []

        def type_it(dialog: ProofDialog) -> bool:
            for each in words:
                dialog.now.field.setText(each)
                dialog.accept()
                qtbot.waitUntil(lambda: not dialog.is_busy, timeout=10_000)
                said.append(dialog.now.problem)
            return dialog.is_proven

        answers.run(type_it)
        return said

    return expect


def test_nothing_is_asked_in_the_first_five_minutes(hers, hands):
    hands.go(timedelta(minutes=4, seconds=59))
    assert proof.is_given(hers, WHY)


def test_after_five_minutes_only_the_passphrase_lets_it_out(hers, hands, typed, answers):
    hands.go(timedelta(minutes=5))
    said = typed("not the words that open it", PASSPHRASE)
    assert proof.is_given(hers, WHY)
    assert said == ["That is not the passphrase in force.", ""]
    assert answers.seen == [WHY]


def test_once_proven_it_holds_for_the_same_minutes(hers, hands, typed):
    hands.go(timedelta(hours=1))
    typed(PASSPHRASE)
    assert proof.is_given(hers, WHY)
    hands.go(timedelta(minutes=4))
    assert proof.is_given(hers, WHY), "nothing is asked: no answer waits"
    hands.go(timedelta(minutes=1))
    typed(PASSPHRASE)
    assert proof.is_given(hers, WHY)


def test_leaving_the_question_lets_nothing_out_and_proves_nothing(hers, hands, answers):
    hands.go(timedelta(minutes=5))
    answers.confirm(False)
    assert not proof.is_given(hers, WHY)
    answers.confirm(False)
    assert not proof.is_given(hers, WHY)


def test_a_clock_that_was_set_back_asks_too(hers, hands):
    hands.go(timedelta(days=-2))
    assert hers.desk.keys.is_proof_old(5)


def test_the_minutes_are_those_that_she_set_and_0_never_asks(hers, hands, answers):
    locks = hers.desk.locks
    locks.keep(replace(locks.get(), ask_again_minutes=2))
    hands.go(timedelta(minutes=2))
    answers.confirm(False)
    assert not proof.is_given(hers, WHY)
    locks.keep(replace(locks.get(), ask_again_minutes=0))
    assert locks.get().ask_again_minutes == 0
    hands.go(timedelta(days=1))
    assert proof.is_given(hers, WHY)


def test_an_agency_that_sets_a_limit_allows_no_never(hers, monkeypatch):
    locks = hers.desk.locks
    monkeypatch.setattr(type(locks), "most_minutes", 10)
    with pytest.raises(Invalid) as told:
        locks.keep(replace(locks.get(), ask_again_minutes=0))
    assert told.value.problems == {"ask_again_minutes": "Between 1 and 10 minutes."}


def test_the_practice_desk_has_no_passphrase_and_asks_for_none(shell):
    Hands(shell.context.desk).go(timedelta(days=1))
    assert proof.is_given(shell.context, WHY)


def test_wrong_ones_count_like_those_at_the_locked_window(hers, hands, typed, town_paths):
    hands.go(timedelta(minutes=5))
    said = typed(*(f"wrong words number {number}" for number in range(6)))
    assert not proof.is_given(hers, WHY)
    assert said[0] == "That is not the passphrase in force."
    assert said[-1] != said[0]
    with pytest.raises(Exception, match=said[-1].split(".")[0]):
        attempts.check(town_paths, NOON + timedelta(minutes=5))


def test_what_was_typed_is_gone_when_the_question_is(hers, qtbot):
    dialog = ProofDialog(hers, WHY, minutes=5)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.now.field.setText("half a passphr")
    dialog.reject()
    assert dialog.now.text == ""


@pytest.fixture
def with_pin(town_paths: VaultPaths, monkeypatch):
    """Turn quick unlock on, with a credential store of this test's own."""
    store = store_of(MemoryKeyring())
    enable_device(town_paths, unlock(town_paths, PASSPHRASE), PIN, store)
    monkeypatch.setattr(device, "credential_store", lambda: store)


def test_where_there_is_a_pin_it_will_do(with_pin, hers, hands, typed):
    del with_pin
    hands.go(timedelta(minutes=5))
    hers.desk.keys.prove(PASSPHRASE).run()  # only this computer's clock since its start could say otherwise
    said = typed("111222", PIN)
    is_given = proof.is_given(hers, WHY)
    assert said == ["Wrong PIN.", ""]
    assert is_given


def test_digits_without_a_pin_are_a_wrong_passphrase(hers, hands, typed):
    hands.go(timedelta(minutes=5))
    said = typed(PIN)
    assert not proof.is_given(hers, WHY)
    assert said == ["That is not the passphrase in force."]


def test_the_audit_log_is_neither_printed_nor_saved_unproven(hands, shell, answers):
    shell.go("audit")
    page = shell.page
    assert isinstance(page, AuditPage)
    hands.go(timedelta(minutes=5))
    acts = {
        page.print_lines: "Nothing was printed.",
        lambda: page.paper.print_month(NOON.date().replace(day=1)): "Nothing was printed.",
        page.save_copy: "Nothing was saved.",
    }
    for act, words in acts.items():
        answers.confirm(False)
        act()
        assert shell.message.words == words
    assert answers.jobs == []


def test_a_packet_is_neither_printed_nor_saved_unproven(hers, hands, answers, tmp_path: Path):
    client_id = hers.desk.alike.named("Maria Delgado")[0].id
    referral_id = hers.desk.chart.side(client_id).referrals.rows[0].id
    given = order(hers, referral_id, (PageKind.HANDOUT,))
    stopped: list[str] = []
    outgoing = Outgoing(hers, hers.window.widget, done=stopped.append, stopped=lambda: stopped.append("stopped"))
    hands.go(timedelta(minutes=5))
    for act in (outgoing.print, outgoing.save):
        answers.confirm(False)
        act(referral_id, given)
    assert stopped == ["stopped", "stopped"]
    assert not hers.jobs.is_busy
    assert not list(tmp_path.glob("*.pdf"))
