"""A lock on a full disk: the vault is closed, and what it could not take is in the form again after the next unlock."""

import json
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.ui import half_asked
from crisisdesk.ui.forms.note import NoteCard, open_note
from crisisdesk.ui.lock.locking import Host
from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.ui.widgets.problem import Problem
from crisisdesk.vault import connection
from crisisdesk.vault import store as vault_store
from crisisdesk.vault.connection import maintained
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.store import Store
from tests.clocks import SetClocks
from tests.stores import NOON
from tests.vault import fast
from tests.vault.fast import COST, FLOOR, PASSPHRASE

LONG = "She says that the river is loud. " * 2_000
KEPT_IN_MEMORY = "The disk is full. What you typed last is only in this computer’s memory until you unlock."


@pytest.fixture
def anew() -> list[str]:
    return []


@pytest.fixture
def program(town_paths, qapp, qtbot, anew):
    """The real program, open on the practice data as if it were real; starting anew is noted."""
    store = Store.open(town_paths, fast.unlock(town_paths, PASSPHRASE), FixedClock(NOON))
    practice = Desk(store, FixedClock(NOON)).practice
    practice.keep(replace(practice.get(), is_practice_desk=False))
    store.close()
    host = Host(clocks=SetClocks(), start_anew=lambda: anew.append("anew"))
    keys = Keys(cost=COST, practice_cost=COST, floor=FLOOR)
    made = Program(qapp, place=town_paths, clock=FixedClock(NOON), keys=keys, host=host)
    made.start()
    qtbot.waitExposed(made.window)
    unlock(made, qtbot)
    assert made.desk is not None
    made.desk.safekeeping.make_now(Kind.MANUAL)
    yield made
    made.end()
    made.deleteLater()


@pytest.fixture
def card(program) -> NoteCard:
    """A note that is being written while the disk is full."""
    shell = program.window.shell
    client = program.desk.alike.named("Maria Delgado")[0].id
    shell.go("chart", client)
    open_note(shell.context, client)
    with maintained(program.desk._store._engine) as live:
        limit(live)
    shell.card.form.editor("body").insertPlainText(LONG)
    return shell.card


def limit(live):
    """Let the vault's file grow no further while it is open."""
    pages = live.execute("PRAGMA page_count").fetchone()[0]
    live.execute(f"PRAGMA max_page_count = {pages}")


def locked_page(program):
    (page,) = (page for page in program.window.findChildren(UnlockPage) if page.isVisible())
    return page


def unlock(program, qtbot):
    page = locked_page(program)
    page.field.setText(PASSPHRASE)
    page.unlock()
    qtbot.waitUntil(lambda: program.desk is not None)


def lock(program, qtbot, reason=Reason.ASKED):
    program.lock(reason)
    qtbot.waitUntil(lambda: program.desk is None)


def said(program):
    return [problem.words for problem in locked_page(program).findChildren(Problem) if problem.words]


def note(program, qtbot):
    qtbot.waitUntil(lambda: program.window.shell.card is not None)
    return program.window.shell.card


@pytest.mark.parametrize("reason", [Reason.ASKED, Reason.SLEEP])
@pytest.mark.usefixtures("card")
def test_a_lock_on_a_full_disk_loses_nothing(program, qtbot, anew, reason):
    lock(program, qtbot, reason)
    assert said(program) == [KEPT_IN_MEMORY]
    assert not anew, "the words would be gone with the process"
    unlock(program, qtbot)
    card = note(program, qtbot)
    assert card.form.values()["body"].strip() == LONG.strip()
    assert not card.kept.is_behind
    assert any(LONG[:40] in draft.body for draft in program.desk._store.drafts())
    program.lock(Reason.SLEEP)
    qtbot.waitUntil(lambda: bool(anew))


@pytest.mark.usefixtures("card")
def test_only_what_the_key_opens_is_kept_of_it_while_it_is_locked(program, qtbot):
    master = program.desk._store._master
    lock(program, qtbot)
    assert master.is_wiped
    (sealed,) = program.locking._pockets
    assert b"river" not in sealed
    assert json.dumps(LONG).encode() not in sealed


@pytest.mark.usefixtures("card")
def test_a_quarter_of_an_hour_later_it_still_waits_for_her(program, qtbot, anew):
    lock(program, qtbot)
    program.lock(Reason.LEFT)
    QApplication.processEvents()
    assert not anew
    assert program.locking.holds_words


@pytest.mark.usefixtures("card")
def test_while_the_disk_is_full_still_the_form_shows_it_again_and_says_so(program, qtbot, monkeypatch):
    lock(program, qtbot)
    guard = connection.guard

    def guard_and_fill(live):
        limit(live)
        guard(live)

    monkeypatch.setattr(vault_store, "guard", guard_and_fill)
    for _time in range(2):  # as often as it takes
        unlock(program, qtbot)
        card = note(program, qtbot)
        assert card.form.values()["body"].strip() == LONG.strip()
        assert card.kept.is_behind
        assert "The disk is full" in card._trouble.text()
        lock(program, qtbot)
    monkeypatch.undo()
    unlock(program, qtbot)
    assert not note(program, qtbot).kept.is_behind


@pytest.mark.usefixtures("card")
def test_closing_the_locked_window_asks_before_the_words_are_gone(program, qtbot, answers):
    lock(program, qtbot)
    answers.confirm(False)
    assert not program.window.close()
    assert answers.seen[-1] == "Throw away what you typed?"
    answers.confirm(True)
    assert program.window.close()


def test_what_she_threw_away_on_a_full_disk_stays_away(program, card, answers, qtbot):
    card.form.flush_draft()
    answers.confirm(True)
    card.leave()
    lock(program, qtbot)
    assert said(program) == []
    unlock(program, qtbot)
    assert program.window.shell.card is None


def test_quitting_after_she_threw_it_away_does_not_keep_it(program, card, answers, qtbot):
    del card
    answers.confirm(True)
    program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert not program.locking.holds_words


@pytest.mark.usefixtures("card")
def test_a_half_answered_question_outlasts_it_too(program, qtbot):
    half_asked.keep("Drop this step?", "Moved away")
    lock(program, qtbot)
    assert half_asked.take("Drop this step?") is None, "nothing of it is bare in memory"
    unlock(program, qtbot)
    assert half_asked.take("Drop this step?") == "Moved away"
