"""Backups from the window: made, tried out, copied, overdue, and brought back."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from sqlalchemy import select

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.desk.clients import ClientDraft
from crisisdesk.errors import DiskFull, VaultDamaged
from crisisdesk.ui import ask
from crisisdesk.ui.pages.safekeeping import SafeKeepingPage
from crisisdesk.ui.safekeeping import acts
from crisisdesk.ui.safekeeping.rekey import RekeyCard
from crisisdesk.ui.safekeeping.restore import RestoreDialog
from crisisdesk.ui.safekeeping.restore_page import RestorePage
from crisisdesk.ui.setup import SetupPage
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import State
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.ui.widgets.banner import Banner
from crisisdesk.vault import media
from crisisdesk.vault.audit import AUDIT
from crisisdesk.vault.connection import PAGE, connect
from crisisdesk.vault.manifest import Kind
from tests.stores import NOON
from tests.ui.test_resources import bring, ohana
from tests.vault import fast
from tests.vault.fast import CODE, COST, FLOOR, OTHER_PASSPHRASE, PASSPHRASE, change_passphrase

KEYS = Keys(cost=COST, practice_cost=COST, floor=FLOOR)
DAMAGED = "The vault's file is damaged. Don't delete it: restore a backup"
BACK = "The backup is in place. The passphrase and the recovery sheet of its day are in force again."


@pytest.fixture
def page(shell):
    shell.go("safekeeping")
    made = shell.page
    assert isinstance(made, SafeKeepingPage)
    return made


def settled(qtbot, page):
    qtbot.waitUntil(lambda: not page.acts.is_busy, timeout=20_000)


def logged(desk):
    with desk._store.read() as s:
        return list(s.execute(select(AUDIT.c.kind).order_by(AUDIT.c.seq)).scalars())


def test_a_backup_is_made_listed_and_tried_out(qtbot, shell, page):
    assert page.drill_button.isEnabled() is False
    page.make_button.setFocus()
    page.make_button.click()
    assert page.strip.isVisible()
    assert not page.make_button.isEnabled()
    settled(qtbot, page)
    assert shell.message.words == "The backup is made, and it opens."
    assert page.make_button.hasFocus()
    (row,) = [page._model.row(backup.path.name) for backup in shell.context.desk.safekeeping.listed()]
    assert (row.when, row.why, row.holds) == ("Today at 12:00", "by you", "60 clients, 59 notes")
    page.drill_button.click()
    settled(qtbot, page)
    assert shell.message.words == "Your backup from today opens fine."


def test_a_backup_that_does_not_open_is_said_and_stays_said(qtbot, shell, page, answers):
    page.make_button.click()
    settled(qtbot, page)
    (backup,) = shell.context.desk.safekeeping.listed()
    content = bytearray(backup.path.read_bytes())
    content[-3000] ^= 1
    backup.path.write_bytes(content)
    answers.confirm()
    page.drill_button.click()
    settled(qtbot, page)
    assert answers.seen == ["The backup did not open"]
    shell.go("today")
    assert shell.page.safe.button.text() == "Make a backup now"


def _copied(shell, drive):
    (backup,) = shell.context.desk.safekeeping.listed()
    return media.copy_to(backup, drive, may_share_disk=True)


def test_what_today_says_is_true_and_offers_the_one_act_that_is_due(qtbot, shell, tmp_path):
    today = shell.page
    assert today.safe._lines.backup.text() == "No backup yet"
    today.safe.button.click()
    qtbot.waitUntil(lambda: not today.safe.acts.is_busy, timeout=20_000)
    assert today.safe._lines.backup.text() == "Backup verified just now"
    assert today.safe.button.text() == "Copy to a USB drive…", "none was ever made"
    clock = shell.context.clock
    clock.moment = NOON + timedelta(days=9)
    today.refresh(None)
    assert today.safe.button.text() == "Copy to a USB drive…"
    assert today.safe.banner.words == "No copy away from this computer for more than a week."
    clock.moment = NOON
    today.refresh(None)
    assert today.safe.banner.isHidden()
    shell.context.desk.safekeeping.copied(_copied(shell, tmp_path))
    today.refresh(None)
    assert today.safe.button.isHidden()


def test_an_old_backup_that_went_bad_is_found_within_a_week_and_never_listed_again(qtbot, shell):
    today = shell.page
    shell.context.desk.safekeeping.make_now(Kind.MANUAL)
    (backup,) = shell.context.desk.safekeeping.listed()
    content = bytearray(backup.path.read_bytes())
    content[-3000] ^= 1
    backup.path.write_bytes(content)
    shell.context.clock.moment = NOON + timedelta(days=8)
    today.refresh(None)
    qtbot.waitUntil(lambda: not today.safe.acts.is_busy, timeout=20_000)
    assert shell.context.desk.safekeeping.listed() == []
    assert today.safe._problem.isVisible()


def test_a_copy_says_who_holds_it_and_a_drive_that_is_gone_leaves_the_register(
    qtbot, shell, page, answers, tmp_path, monkeypatch
):
    def onto_this_disk(backup, drive, *, progress):
        return media.copy_to(backup, drive, may_share_disk=True, progress=progress)

    monkeypatch.setattr(acts, "copy_to", onto_this_disk)
    monkeypatch.setattr(acts, "check_drive", print)
    (tmp_path / "drive").mkdir()
    page.make_button.click()
    settled(qtbot, page)
    answers.file(tmp_path / "drive")
    answers.text("Pat Reyes, records office")
    page.copy_button.click()
    settled(qtbot, page)
    assert "read back" in shell.message.words
    (medium,) = shell.context.desk.safekeeping.media()
    assert (medium.holder, medium.label) == ("Pat Reyes, records office", "drive")
    answers.confirm()
    page._retire(medium)
    assert shell.context.desk.safekeeping.media()[0].retired_at is not None


def test_a_folder_of_the_same_disk_is_no_copy(qtbot, shell, page, answers, tmp_path):
    page.make_button.click()
    settled(qtbot, page)
    answers.file(tmp_path)  # nobody is asked who holds it
    page.copy_button.click()
    settled(qtbot, page)
    assert shell.context.desk.safekeeping.media() == []
    assert "same disk" in shell.message.words


def test_a_verified_backup_is_made_before_a_list_comes_in(qtbot, shell, tmp_path):
    bring(qtbot, shell, ohana(tmp_path / "list")).bring_in()
    qtbot.waitUntil(lambda: "services are in" in shell.message.words, timeout=20_000)
    (backup,) = shell.context.desk.safekeeping.listed()
    assert backup.manifest.kind is Kind.PRE_IMPORT
    kinds = logged(shell.context.desk)
    assert kinds.index("backup") < kinds.index("load")


def test_without_a_backup_no_list_comes_in(qtbot, shell, tmp_path, monkeypatch):
    def full(*_given, **_more):
        raise DiskFull("There is no room.")

    card = bring(qtbot, shell, ohana(tmp_path / "list"))
    before = shell.context.desk.directory.data_sets()
    monkeypatch.setattr(shell.context.desk.safekeeping, "start", full)
    card.bring_in()
    assert "Nothing was brought in" in card.problem
    assert shell.context.desk.directory.data_sets() == before


# The whole program ---------------------------------------------------------------------------------------------------


@pytest.fixture
def program(qapp, qtbot, vault_paths):
    made = Program(qapp, place=vault_paths, clock=FixedClock(NOON), keys=KEYS)
    made.start()
    qtbot.waitExposed(made.window)
    yield made
    made.end()
    made.deleteLater()


def front(program):
    return program.window.centralWidget().currentWidget()


def unlock(program, qtbot, words=PASSPHRASE):
    locked = front(program)
    assert isinstance(locked, UnlockPage)
    locked.field.setText(words)
    locked.unlock()
    qtbot.waitUntil(lambda: program.desk is not None or bool(locked.problem), timeout=20_000)
    return program.desk


def back_up(program, qtbot):
    desk = program.desk
    made = desk.safekeeping.make_now(Kind.MANUAL)
    desk.clients.add(ClientDraft(first_name="Later", last_name="Person"))
    program.window.shell.go("safekeeping")
    del qtbot
    return made


def test_going_back_says_what_would_be_lost_and_then_has_exactly_the_old_vault(qtbot, program, vault_paths, answers):
    unlock(program, qtbot)
    program.desk.clients.add(ClientDraft(first_name="Early", last_name="Person"))
    made = back_up(program, qtbot)
    program._clock.moment = NOON + timedelta(hours=3)
    program.desk.clients.add(ClientDraft(first_name="Latest", last_name="Person"))
    shown: list[str] = []

    def go(dialog):
        assert isinstance(dialog, RestoreDialog)
        shown.extend(label.text() for label in dialog.findChildren(type(dialog._text)))
        return True

    answers.run(go)
    program.window.shell.page._act(made.path.name, "restore")
    qtbot.waitUntil(lambda: isinstance(front(program), RestorePage), timeout=20_000)
    assert any("3 hours old" in words for words in shown)
    assert any("1 client" in words or "2 clients" in words for words in shown)
    assert program.desk is None
    going = front(program)
    going.field.setText("not the passphrase of its day")
    going.act.click()
    qtbot.waitUntil(lambda: bool(going.problem.words), timeout=20_000)
    assert "not the passphrase of the day" in going.problem.words
    going.field.setText(PASSPHRASE)
    going.act.click()
    qtbot.waitUntil(lambda: isinstance(front(program), UnlockPage), timeout=20_000)
    words = front(program).since
    assert words.text() == BACK
    assert words.height() >= words.heightForWidth(words.width()) > words.heightForWidth(2000)  # whole, over lines
    assert [each for each in vault_paths.folder.iterdir() if each.name.startswith("replaced-")]
    desk = unlock(program, qtbot)
    assert desk.search.find("Early")
    assert not desk.search.find("Latest")


def banners(page):
    return [each for each in page.findChildren(Banner) if each.isVisible()]


def go_through(program, qtbot):
    """Restore the backup that was chosen, with the passphrase of its day, and unlock the vault that it is then."""
    qtbot.waitUntil(lambda: isinstance(front(program), RestorePage), timeout=20_000)
    front(program).field.setText(PASSPHRASE)
    front(program).act.click()
    qtbot.waitUntil(lambda: isinstance(front(program), UnlockPage), timeout=20_000)
    return unlock(program, qtbot)


def test_the_page_leads_back_to_what_was_replaced_and_lets_it_go_when_she_says_so(qtbot, program, vault_paths, answers):
    unlock(program, qtbot)
    made = back_up(program, qtbot)
    program.desk.clients.add(ClientDraft(first_name="Latest", last_name="Person"))
    answers.run(lambda _dialog: True)
    program.window.shell.page._act(made.path.name, "restore")
    desk = go_through(program, qtbot)
    assert not desk.search.find("Latest")
    desk.safekeeping.make_now(Kind.AUTO)
    program.window.shell.go("safekeeping")
    page = program.window.shell.page
    qtbot.waitUntil(lambda: len(banners(page)) == 1, timeout=20_000)
    (banner,) = banners(page)
    assert banner.accessibleName() == "The vault that was replaced today is still here."
    back, _let_go = banner.findChildren(QPushButton)
    answers.run(lambda _dialog: True)
    back.click()
    desk = go_through(program, qtbot)
    assert desk.search.find("Latest")
    program.window.shell.go("safekeeping")
    page = program.window.shell.page
    qtbot.waitUntil(lambda: len(banners(page)) == 1, timeout=20_000)
    _back, let_go = banners(page)[0].findChildren(QPushButton)
    answers.confirm()
    let_go.click()
    assert not [each for each in vault_paths.folder.iterdir() if each.name.startswith("replaced-")]
    assert banners(page) == []


def test_after_a_new_passphrase_today_says_so_and_a_copy_or_a_trial_makes_a_backup_first(qtbot, shell, monkeypatch):
    desk = shell.context.desk
    old = desk.safekeeping.make_now(Kind.MANUAL)
    change_passphrase(desk._store.paths, desk.keys.lend_master(), OTHER_PASSPHRASE)
    desk.keys.passphrase_changed()
    shell.page.refresh(None)
    safe = shell.page.safe
    assert safe._lines.backup.text() == "Your last backup opens only with your former passphrase"
    assert safe._lines.backup.state is State.OVERDUE
    assert safe._lines.minimumSizeHint().width() < px(200)  # its words take lines: the card grows no wider
    assert safe.button.text() == "Make a backup now"
    shell.go("safekeeping")
    page = shell.page
    page.drill_button.click()
    qtbot.waitUntil(lambda: "opens fine" in (shell.message.words or ""), timeout=20_000)
    assert desk.safekeeping.fit() not in (None, old)
    asked = []
    monkeypatch.setattr(ask, "folder", lambda *_given: asked.append(1))
    change_passphrase(desk._store.paths, desk.keys.lend_master(), PASSPHRASE)
    desk.keys.passphrase_changed()
    page.copy_button.click()
    qtbot.waitUntil(lambda: bool(asked), timeout=20_000)
    assert len(desk.safekeeping.listed()) == 3


@pytest.fixture
def flipped(qapp, town_paths):
    """Start the program on a vault with one flipped byte, in a page that nothing reads but a backup."""
    opened = connect(town_paths, fast.unlock(town_paths, PASSPHRASE), maintenance=True)
    opened.execute("CREATE TABLE ballast (bytes BLOB)")
    opened.execute("INSERT INTO ballast VALUES (randomblob(?))", (200 * PAGE,))
    opened.close()
    content = bytearray(town_paths.database.read_bytes())
    content[-50 * PAGE + 1000] ^= 1
    town_paths.database.write_bytes(content)
    made = Program(qapp, place=town_paths, clock=FixedClock(NOON), keys=KEYS)
    made.start()
    yield made
    made.end()
    made.deleteLater()


def test_one_flipped_byte_is_told_as_damage_and_the_page_stays_usable(qtbot, flipped):
    program, desk = flipped, unlock(flipped, qtbot)
    program.window.shell.go("safekeeping")
    page = program.window.shell.page
    for _time in range(2):
        page.make_button.click()
        settled(qtbot, page)
        assert DAMAGED in program.window.shell.message.words
        assert page.strip.isHidden()
        assert page.make_button.isEnabled()
        assert DAMAGED in (desk.safekeeping.standing().problem or "")
    with pytest.raises(VaultDamaged):
        desk._store.keep_draft("note", "", "half typed")


def test_a_backup_that_can_not_be_written_down_leaves_nothing_running(qtbot, shell, page, monkeypatch):
    def full(*_entries):
        raise DiskFull("There is no room.")

    monkeypatch.setattr(shell.context.desk._store, "note", full)
    page.make_button.click()
    settled(qtbot, page)
    assert shell.message.words == "There is no room."
    assert page.strip.isHidden()
    assert page.make_button.isEnabled()


def test_a_backup_that_fails_on_a_full_disk_is_told_so_though_the_log_is_full_too(qtbot, shell, page, monkeypatch):
    def full(*_given):
        raise DiskFull("There is no room.")

    def first(*_given):
        raise DiskFull("The copy has no room.")

    monkeypatch.setattr(shell.context.desk._store, "note", full)
    monkeypatch.setattr(shell.context.desk._store, "begin_backup", first)
    page.make_button.click()
    settled(qtbot, page)
    assert shell.message.words == "The copy has no room."
    assert page.make_button.isEnabled()


def test_what_is_typed_on_the_way_back_goes_into_the_field(qtbot, program, vault_paths):
    unlock(program, qtbot)
    back_up(program, qtbot)
    program.lock()
    qtbot.waitUntil(lambda: isinstance(front(program), UnlockPage), timeout=20_000)
    program._show_restore(_only_backup(vault_paths).path)
    going = front(program)
    assert going.field.hasFocus()
    going.turn_link.setFocus()
    going.turn_link.click()
    assert going.field.hasFocus()


def test_a_backup_opens_with_the_recovery_code_where_there_is_no_vault(qtbot, program, vault_paths):
    unlock(program, qtbot)
    back_up(program, qtbot)
    program.lock()
    qtbot.waitUntil(lambda: isinstance(front(program), UnlockPage), timeout=20_000)
    for each in (vault_paths.database, vault_paths.keys, vault_paths.keys_twin):
        each.unlink()
    program._show_setup()
    first = front(program)
    assert isinstance(first, SetupPage)
    first.restore_link.click()
    going = front(program)
    assert isinstance(going, RestorePage)
    going.show_backup(_only_backup(vault_paths))
    going.turn_link.click()
    going.field.setText(str(CODE))
    going.act.click()
    qtbot.waitUntil(lambda: isinstance(front(program), UnlockPage), timeout=20_000)
    assert unlock(program, qtbot) is not None


def _only_backup(paths):
    from crisisdesk.vault.backup import listed  # noqa: PLC0415  beside its one use

    return listed(paths.backups)[0]


def test_going_back_says_first_what_was_held_since(shell):
    desk, clock = shell.context.desk, shell.context.clock
    made = desk.safekeeping.make_now(Kind.MANUAL)
    clock.moment = NOON + timedelta(days=1)
    desk.holds.set(None, "County counsel")
    dialog = RestoreDialog(shell.context, desk.safekeeping.preview(made))
    said = [each.text() for each in dialog.findChildren(QLabel)]
    assert "1 legal hold was set since and is not in this copy. It is carried over." in said
    dialog.deleteLater()


def test_leaving_the_restore_page_changes_nothing(qtbot, program, vault_paths):
    before = vault_paths.database.read_bytes()
    front(program).restore_link.click()
    front(program).back()
    assert isinstance(front(program), UnlockPage)
    assert vault_paths.database.read_bytes() == before
    assert unlock(program, qtbot) is not None


def test_after_a_new_lock_the_old_passphrase_and_code_open_nothing(qtbot, program, vault_paths):
    unlock(program, qtbot)
    program.desk.clients.add(ClientDraft(first_name="Early", last_name="Person"))
    program.window.shell.go("settings", "keys")
    program.window.shell.page.keys.lock_button.click()
    (card,) = [each for each in program.window.findChildren(RekeyCard) if each.isVisible()]
    card.now.field.setText(PASSPHRASE)
    card.act.click()
    qtbot.waitUntil(lambda: isinstance(front(program), SetupPage), timeout=20_000)
    assert program.desk is None
    again = front(program)
    words, code = " ".join(again.passphrase.words), str(again._code)
    again.passphrase.field.setText(words)
    again.go_on()
    again.sheet.field.setText(code)
    again.go_on()
    qtbot.waitUntil(lambda: program.desk is not None, timeout=20_000)
    opened = program.desk
    assert opened is not None
    assert opened.search.find("Early")
    assert opened.safekeeping.listed() == []  # they open with the keys of their day
    (old,) = opened.safekeeping.earlier()
    program.window.shell.go("safekeeping")
    assert program.window.shell.page._model.row(old.path.name).note == "opens with the passphrase of its day"
    opened.holds.set(None, "County counsel")
    program._leave_for_restore(old.path)
    qtbot.waitUntil(lambda: isinstance(front(program), RestorePage), timeout=20_000)
    carried = front(program)._door.carried
    assert [hold["reason"] for hold in carried.holds] == ["County counsel"]
    assert "County" not in repr(front(program)._door)
    front(program).leave()
    assert isinstance(front(program), UnlockPage)
    assert unlock(program, qtbot) is None
    assert unlock(program, qtbot, words) is not None
    del vault_paths


def test_a_new_lock_can_be_left_before_it_is_made(qtbot, program, vault_paths):
    unlock(program, qtbot)
    master = program.desk.keys.lend_master()
    program._leave_for_rekey(master)
    qtbot.waitUntil(lambda: isinstance(front(program), SetupPage), timeout=20_000)
    keys = vault_paths.keys.read_bytes()
    front(program).leave()
    assert isinstance(front(program), UnlockPage)
    assert master.is_wiped
    assert vault_paths.keys.read_bytes() == keys
    assert unlock(program, qtbot) is not None
