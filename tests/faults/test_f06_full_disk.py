"""F6: the disk is full: nothing acknowledged is lost, she is told, and with room again the same desk goes on."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.desk import Desk
from crisisdesk.ui.forms.note import NoteCard, open_note
from crisisdesk.vault.connection import maintained
from tests.faults.child import Job
from tests.faults.mounts import on_small_disk

LONG = "She says that the river is loud. " * 2_000
ROOM = 64 * 1024  # bytes, at most, that are left when she goes on


def test_a_full_disk_loses_nothing(tmp_path, figure, told):
    sizes = figure(3, 20, 100)
    refused, wrong = 0, []
    for number in range(sizes):
        job = Job(
            folder=str(tmp_path / "small" / "vault"),
            ledger=str(tmp_path / f"ledger-{number}"),
            seed=600 + number,
            acts=number * ROOM // sizes,
        )
        said = json.loads(on_small_disk(tmp_path / "small", "full", job))
        refused += said["refused"]
        wrong += said["wrong"]
        assert said["refused"], "the disk was full"
    told(f"F6 sizes={sizes} refused_acts={refused} lost={len(wrong)} torn=0")
    assert wrong == []


# In the window --------------------------------------------------------------------------------------------------------


@pytest.fixture
def full(town) -> Callable[[bool], None]:
    """Return what lets the vault's file grow no further, or again."""

    def turn(is_full: bool) -> None:  # noqa: FBT001  reads as a sentence
        with connection_of(town) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages if is_full else 1 << 30}")

    return turn


def connection_of(desk: Desk) -> AbstractContextManager[sqlcipher.Connection]:
    return maintained(desk._store._engine)


@pytest.fixture
def card(shell, full) -> NoteCard:
    """A note that is being written while the disk is full."""
    client = shell.context.desk.alike.named("Maria Delgado")[0].id
    shell.go("chart", client)
    open_note(shell.context, client)
    card = shell.card
    assert isinstance(card, NoteCard)
    full(True)
    card.form.editor("body").insertPlainText(LONG)  # type: ignore[attr-defined]  # a QPlainTextEdit
    card.form.flush_draft()
    return card


def test_what_is_typed_on_a_full_disk_stays_in_the_form_which_says_so(card, full):
    assert card.kept.is_behind
    assert "The disk is full" in card._trouble.text()
    assert card.form.values()["body"].strip() == LONG.strip()
    full(False)
    card.form.editor("body").insertPlainText("Later.")
    card.form.flush_draft()
    assert not card.kept.is_behind
    assert card._trouble.text() == ""


def test_leaving_the_form_on_a_full_disk_asks_first(card, shell, answers, full):
    answers.confirm(False)
    card.leave()
    assert shell.card is card
    assert card.form.values()["body"].strip() == LONG.strip()
    full(False)
    card.leave()
    assert shell.card is None


def test_quitting_on_a_full_disk_asks_first(card, shell, answers, full):
    window = shell.window()
    answers.confirm(False)
    assert not window.close()
    assert window.isVisible()
    assert shell.card is card
    full(False)
    card.form.flush_draft()
