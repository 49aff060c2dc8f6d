"""The ways into the vault, changed from Settings."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.errors import Invalid, WrongPassphrase
from crisisdesk.paths import VaultPaths
from crisisdesk.ui.pages.settings import SettingsPage
from crisisdesk.ui.safekeeping.keys import EnvelopeCard, NewPassphraseCard, NewSheetCard
from crisisdesk.ui.safekeeping.quick import NoEnvelopeCard
from crisisdesk.ui.setup import SetupPage
from crisisdesk.vault import attempts
from crisisdesk.vault.audit import AUDIT
from tests.stores import NOON
from tests.vault.fast import CODE, COST, FLOOR, OTHER_PASSPHRASE, PASSPHRASE, unlock, unlock_with_recovery

KEYS = Keys(cost=COST, practice_cost=COST, floor=FLOOR)


@pytest.fixture
def context(shell):
    """Return the context of a vault that is hers: the practice desk has no passphrase."""
    desk = shell.context.desk
    desk.practice.keep(replace(desk.practice.get(), is_practice_desk=False))
    desk.keys.floor = FLOOR
    return shell.context


@pytest.fixture
def settings(shell, context):
    del context
    shell.go("settings", "keys")
    page = shell.page
    assert isinstance(page, SettingsPage)
    return page


def opened(shell, kind):
    (card,) = [each for each in shell.window().findChildren(kind) if each.isVisible()]
    return card


def finish(qtbot, card, passphrase=PASSPHRASE):
    card.now.field.setText(passphrase)
    assert card.act.isEnabled()
    card.act.click()
    qtbot.waitUntil(lambda: not card.is_busy, timeout=10_000)


def logged(context):
    with context.desk._store.read() as s:
        return list(s.execute(select(AUDIT.c.kind).order_by(AUDIT.c.seq)).scalars())


def test_another_passphrase_opens_the_vault_and_the_old_one_no_longer(qtbot, shell, settings, context, town_paths):
    settings.keys.passphrase_button.click()
    card = opened(shell, NewPassphraseCard)
    words = " ".join(card.step.words)
    card.step.field.setText(words)
    finish(qtbot, card)
    assert "new passphrase is in force" in shell.message.words
    unlock(town_paths, words).wipe()
    with pytest.raises(WrongPassphrase):
        unlock(town_paths, PASSPHRASE)
    unlock_with_recovery(town_paths, str(CODE)).wipe()
    assert "passphrase" in logged(context)
    assert context.desk.keys.papers().passphrase_on == context.clock.today().isoformat()


def test_without_the_passphrase_in_force_nothing_is_changed(qtbot, shell, settings, town_paths):
    before = town_paths.keys.read_bytes()
    settings.keys.passphrase_button.click()
    card = opened(shell, NewPassphraseCard)
    card.step.field.setText(" ".join(card.step.words))
    finish(qtbot, card, OTHER_PASSPHRASE)
    assert card.isVisible()
    assert card.now.problem == "That is not the passphrase in force."
    assert town_paths.keys.read_bytes() == before


def test_a_passphrase_made_of_her_department_is_refused(qtbot, shell, settings, context):
    practice = context.desk.practice.get()
    context.desk.practice.keep(replace(practice, department="Harlow Falls Township"))
    settings.keys.passphrase_button.click()
    card = opened(shell, NewPassphraseCard)
    card.step.own_link.click()
    for field in (card.step.field, card.step.again):
        field.setText("harlow falls township")
    qtbot.waitUntil(lambda: "words about you" in card.step.answer.text())
    card.now.field.setText(PASSPHRASE)
    assert not card.act.isEnabled()
    with pytest.raises(Invalid):
        context.desk.keys.change_passphrase(PASSPHRASE, "harlow falls township", ("Harlow Falls Township",)).run()


def test_a_new_sheet_is_in_force_once_its_code_was_typed_from_it(qtbot, shell, settings, town_paths):
    settings.keys.sheet_button.click()
    card = opened(shell, NewSheetCard)
    card.now.field.setText(PASSPHRASE)
    assert not card.act.isEnabled()
    code = str(card._code)
    card.step.field.setText(code.lower())
    finish(qtbot, card)
    unlock_with_recovery(town_paths, code).wipe()
    with pytest.raises(WrongPassphrase):
        unlock_with_recovery(town_paths, str(CODE))


def test_an_envelope_opens_the_vault_and_says_who_holds_it_until_it_is_void(
    qtbot, shell, settings, context, town_paths
):
    settings.keys.envelope_button.click()
    card = opened(shell, EnvelopeCard)
    code = str(card._code)
    card.step.field.setText(code)
    card.now.field.setText(PASSPHRASE)
    assert not card.act.isEnabled()
    qtbot.keyClicks(card.holder, "Records office")
    finish(qtbot, card)
    unlock_with_recovery(town_paths, code).wipe()
    settings.refresh(None)
    assert "Held by Records office" in settings.keys.envelope.words.text()
    settings.keys.void_button.click()
    finish(qtbot, opened(shell, NoEnvelopeCard))
    with pytest.raises(WrongPassphrase):
        unlock_with_recovery(town_paths, code)
    assert context.desk.keys.papers().envelope_holder == ""


@pytest.mark.parametrize(
    ("button", "kind"), [("envelope_button", EnvelopeCard), ("sheet_button", NewSheetCard)], ids=["envelope", "sheet"]
)
def test_paper_that_is_out_is_not_made_worthless_without_a_word(shell, settings, answers, tmp_path, button, kind):
    getattr(settings.keys, button).click()
    card = opened(shell, kind)
    answers.file(tmp_path / "page.pdf")
    card.step.save_button.click()
    answers.confirm(False)
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert card.isVisible()
    assert answers.seen[-1].startswith("Leave without the")
    answers.confirm()
    card.keep.click()
    assert not card.isVisible()


def test_an_envelope_that_was_not_begun_is_left_without_a_question(shell, settings):
    settings.keys.envelope_button.click()
    card = opened(shell, EnvelopeCard)
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_the_practice_desk_has_no_keys_to_change(shell, answers):
    shell.go("settings", "keys")
    answers.confirm()
    shell.page.keys.passphrase_button.click()
    assert answers.seen == ["This is the practice desk"]


def test_lock_settings_are_kept_logged_and_bounded(shell, settings, context, town_paths):
    card = settings.lock
    card.form.set_values({"idle_minutes": 3, "ask_again_minutes": 5, "cover_minimized": True, "is_strict": True})
    card.keep()
    locks = context.desk.locks.get()
    assert (locks.idle_minutes, locks.cover_minimized, locks.is_strict) == (3, True, True)
    assert attempts.is_strict(town_paths)
    assert "policy" in logged(context)
    with pytest.raises(Invalid):
        context.desk.locks.keep(replace(locks, idle_minutes=16))
    assert shell.message.words == "The lock works so from now on."


def test_every_part_of_the_settings_can_be_gone_to(shell, context):
    del context
    for part in ("paper", "computer", "lock", "keys", "backups", "lists", "records"):
        shell.go("settings", part)
        assert shell.page.cards[part].isVisible()


def test_a_passphrase_made_of_the_department_named_last_leads_back_to_the_first_step(qtbot, qapp, tmp_path):
    program = Program(qapp, place=VaultPaths(tmp_path / "vault"), clock=FixedClock(NOON), keys=KEYS)
    program.start()
    first = program.window.findChild(SetupPage)
    assert first is not None
    first.passphrase.own_link.click()
    for field in (first.passphrase.field, first.passphrase.again):
        field.setText("harlow falls township")
    first.go_on()
    first.sheet.field.setText(str(first._code))
    first.go_on()
    first.you.form.set_values({"clinician": "Dana Whitlock", "department": "Harlow Falls Township"})
    first.go_on()
    assert first.step == 0
    assert not first.is_busy
    assert "words about you" in first.passphrase.answer.text()
    assert not (tmp_path / "vault").exists()
    qtbot.wait(0)
    program.end()
    program.deleteLater()
