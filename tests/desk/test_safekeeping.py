"""Safe-keeping: when a backup is due, what is said of it, what stays, and that the drill notices what is wrong."""

from contextlib import closing
from datetime import timedelta

import pytest

from crisisdesk.desk import Desk
from crisisdesk.errors import BackupRefused, DeskError
from crisisdesk.vault import access, media, restore, swap
from crisisdesk.vault.audit import AUDIT
from crisisdesk.vault.backup import verify
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.slots import SlotKind
from tests.vault.fast import COST, FLOOR, OTHER_CODE, OTHER_PASSPHRASE, PASSPHRASE, change_passphrase, unlock
from tests.vault.people import add_client, add_note

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def keeping(desk: Desk):
    return desk.safekeeping


@pytest.fixture
def made(keeping):
    return keeping.make_now(Kind.MANUAL)


def lines(store, kind):
    with store.read() as s:
        return [(line.object_id, line.outcome) for line in s.execute(AUDIT.select().where(AUDIT.c.kind == kind))]


def flip(path):
    content = bytearray(path.read_bytes())
    content[-3000] ^= 1
    path.write_bytes(content)


def test_a_new_vault_says_that_there_is_no_backup_and_is_due_but_not_overdue(keeping, clock):
    standing = keeping.standing()
    assert standing.last_words == "No backup yet"
    assert keeping.is_due()
    assert standing.is_well
    clock.moment += 2 * DAY
    assert keeping.standing().is_overdue


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=7), "7 min ago"),
        (3 * HOUR, "3 h ago"),
        (DAY, "yesterday"),
        (3 * DAY, "Monday"),
        (-HOUR, ", but the clock was set back since"),
    ],
    ids=str,
)
def test_the_last_backup_is_told_in_words(keeping, made, clock, age, words):
    assert made
    clock.moment += age
    assert keeping.standing().last_words.removeprefix("Backup verified").strip() == words


def test_a_backup_is_due_when_something_changed_and_an_hour_went_by(keeping, made, store, clock):
    assert made
    assert not keeping.is_due()
    clock.moment += 2 * HOUR
    assert not keeping.is_due()  # nothing has changed
    client = add_client(store)
    assert keeping.is_due()
    keeping.make_now(Kind.AUTO)
    clock.moment += HOUR / 2
    add_note(store, client, "Later.")
    assert not keeping.is_due()
    clock.moment += HOUR
    assert keeping.is_due()


def test_what_is_half_typed_counts_as_a_change(keeping, made, store, clock):
    assert made
    clock.moment += 2 * HOUR
    store.keep_draft("note", "1", "Half a sen")
    assert keeping.is_due()


def test_a_backup_is_due_once_a_day_and_when_the_clock_went_back(keeping, made, clock):
    assert made
    clock.moment += DAY
    assert keeping.is_due()
    clock.moment -= 2 * DAY
    assert keeping.is_due()


def test_a_backup_is_written_down(keeping, made, store):
    assert lines(store, "backup") == [(made.path.name, "ok")]
    keeping.opened()
    assert len(lines(store, "backup")) == 1


def test_one_that_was_finished_after_the_lock_is_written_down_at_the_next_unlock(keeping, store, open_store, clock):
    making = keeping.start(Kind.AUTO)
    making.copy()
    store.close()
    made = making.seal()
    with closing(open_store()) as again:
        desk = Desk(again, clock)
        desk.safekeeping.opened()
        assert lines(again, "backup") == [(made.path.name, "ok")]
        assert desk.safekeeping.listed() == [made]


def test_a_failed_backup_is_told_and_clears_nothing_away(keeping, made, store, clock):
    clock.moment += 400 * DAY
    making = keeping.start(Kind.AUTO)
    making.copy()
    making._copy.write_bytes(b"")
    with pytest.raises(DeskError) as problem:
        making.seal()
    keeping.failed(problem.value)
    assert keeping.listed() == [made]
    assert keeping.standing().problem == str(problem.value)
    assert ("", "failed") in lines(store, "backup")


def test_old_backups_go_when_a_new_one_is_verified(keeping, store, clock):
    for _number in range(3):
        clock.moment += HOUR
        keeping.make_now(Kind.AUTO)
    clock.moment += 3 * DAY
    keeping.make_now(Kind.AUTO)
    assert [each.manifest.seq for each in keeping.listed()] == [4, 3]
    assert len(lines(store, "backup-gone")) == 2


def test_one_that_she_made_herself_outlives_those_of_the_same_day(keeping, clock):
    own = keeping.make_now(Kind.MANUAL)
    for hours in (1, 1, 96):
        clock.moment += hours * HOUR
        keeping.make_now(Kind.AUTO)
    assert [each.manifest.seq for each in keeping.listed()] == [4, 3, 1]
    assert own in keeping.listed()


def test_the_drill_says_that_the_backup_opens(keeping, made, store, clock):
    assert made
    clock.moment += 4 * DAY
    words = keeping.drilled(keeping.drill().run())
    assert words == "Your backup from Monday opens fine."
    assert lines(store, "drill") == [(made.path.name, "ok")]
    assert not keeping.standing().is_drill_overdue
    clock.moment += 32 * DAY
    assert keeping.standing().is_drill_overdue


def test_the_drill_notices_a_damaged_backup(keeping, made, store):
    flip(made.path)
    words = keeping.drilled(keeping.drill().run())
    assert "damaged" in words
    assert lines(store, "drill") == [(made.path.name, "failed")]
    assert keeping.standing().drilled_words == "Never tried out"
    assert not keeping.standing().is_well


def test_a_drill_without_a_backup_asks_for_one(keeping):
    with pytest.raises(DeskError, match="no backup yet"):
        keeping.drill()


def test_the_drill_takes_the_copy_on_the_drive(keeping, made, tmp_path, store):
    (tmp_path / "drive").mkdir()
    copied = media.copy_to(made, tmp_path / "drive", may_share_disk=True)
    flip(copied.backup.path)
    assert "damaged" in keeping.drilled(keeping.drill(tmp_path / "drive").run())
    assert keeping.drilled(keeping.drill().run()).endswith("opens fine.")
    assert store.verify_audit().is_sound


def test_the_weekly_check_puts_a_rotten_backup_aside(keeping, clock, store):
    first = keeping.make_now(Kind.AUTO)
    clock.moment += DAY
    second = keeping.make_now(Kind.AUTO)
    clock.moment += 8 * DAY
    assert keeping.standing().is_check_due
    flip(first.path)
    check = keeping.recheck()
    assert check is not None
    assert "damaged" in (keeping.rechecked(check.run()) or "")
    assert keeping.listed() == [second]
    assert (first.path.name, "failed") in lines(store, "backup-check")
    assert first.path.with_name(f"{first.path.name}.damaged").exists()
    assert not keeping.standing().is_check_due


def test_a_copy_on_a_drive_is_written_into_the_register(keeping, made, tmp_path, clock):
    (tmp_path / "drive").mkdir()
    copied = media.copy_to(made, tmp_path / "drive", may_share_disk=True)
    medium = keeping.copied(copied, label="Blue stick", holder="Records office")
    assert (medium.serial, medium.last_seq) == (copied.serial, 1)
    assert keeping.standing().copied_words == "Copied to a drive today"
    clock.moment += 9 * DAY
    standing = keeping.standing()
    assert standing.is_copy_overdue
    assert standing.copied_words == "Copied to a drive 9 days ago"
    keeping.copied(copied)
    (one,) = keeping.media()
    assert (one.label, one.holder) == ("Blue stick", "Records office")
    keeping.retire(one.id)
    assert keeping.standing().copied_at is None


def test_the_preview_counts_what_a_restore_would_lose(keeping, made, store, clock):
    clock.moment += 5 * HOUR
    client = add_client(store)
    add_note(store, client, "One.")
    clock.moment += DAY
    add_note(store, client, "Two.")
    preview = keeping.preview(made)
    assert preview.acts == 3
    assert preview.hours == 29
    assert preview.lost == {"client": 1, "note": 2}
    assert list(preview.days.values()) == [2, 1]
    assert preview.sentence == "This copy is 29 hours old: 3 things you did since are not in it."
    assert preview.same_keys


@pytest.fixture
def went_back(keeping, made, store, open_store, clock):
    """What keeps a vault that went back to ``made`` a minute ago, and the backup with two more clients that it left."""
    for _number in range(2):
        clock.moment += HOUR
        add_client(store)
        late = keeping.make_now(Kind.AUTO)
    clock.moment += timedelta(minutes=1)
    restoring = keeping.restoring(made)
    store.close()
    restoring.run()
    clock.moment += timedelta(minutes=1)
    with closing(open_store()) as again:
        found = Desk(again, clock).safekeeping
        found.opened()
        yield found, late


def test_a_restore_takes_her_back(went_back, made):
    keeping, _late = went_back
    assert keeping.is_due()
    assert keeping.standing().last_words == "No backup since you went back"
    assert keeping._store.counts()["client"] == made.manifest.said.counts["client"]
    assert len(swap.replaced(keeping._paths)) == 1


def test_the_replaced_vault_outlives_every_backup_for_two_weeks_and_none_of_hers_after(went_back, clock):
    keeping, _late = went_back
    for kind, days in ((Kind.AUTO, 1), (Kind.MANUAL, 12), (Kind.AUTO, 2), (Kind.PRE_IMPORT, 0)):
        clock.moment += days * DAY
        keeping.make_now(kind)
        assert len(swap.replaced(keeping._paths)) == 1
    assert keeping.replaced_at() is not None
    keeping.make_now(Kind.MANUAL)
    assert swap.replaced(keeping._paths) == ()
    assert keeping.replaced_at() is None


def test_backups_of_what_was_given_up_stay_beside_those_made_since_on_the_same_day(went_back, made, clock):
    keeping, late = went_back
    for _number in range(3):
        clock.moment += HOUR
        keeping.make_now(Kind.AUTO)
    for _number in range(13):
        clock.moment += DAY
        keeping.make_now(Kind.AUTO)
    assert made in keeping.listed()
    assert late in keeping.listed()
    assert 2 in {each.manifest.seq for each in keeping.listed()}  # she may still want any of them
    clock.moment += 30 * DAY
    keeping.make_now(Kind.AUTO)
    assert late in keeping.listed()


def test_she_can_go_back_to_what_was_replaced_and_let_it_go(went_back, open_store, clock):
    keeping, late = went_back
    before = keeping.replaced_at()
    back = keeping.back_up_replaced()(lambda _done: None)
    keeping.replaced_backed_up(back)
    assert back.manifest.created == before.replace(microsecond=0)
    assert back.manifest.said.counts["client"] == late.manifest.said.counts["client"]
    add_client(keeping._store)
    assert keeping.preview(back).acts == 1
    assert keeping.newest() is None
    restoring = keeping.restoring(back)
    keeping._store.close()
    restoring.run()
    with closing(open_store()) as again:
        found = Desk(again, clock).safekeeping
        assert again.verify_audit().is_sound
        assert again.counts()["client"] == late.manifest.said.counts["client"]
        assert len(swap.replaced(again.paths)) == 2
        found.drop_replaced()
        assert swap.replaced(again.paths) == ()
        assert lines(again, "backup-gone") == [("", "ok")]


# Secrets that changed, files that are gone ---------------------------------------------------------------------------


def new_passphrase(store, clock):
    clock.moment += timedelta(minutes=1)
    desk = Desk(store, clock)
    change_passphrase(store.paths, unlock(store.paths, PASSPHRASE), OTHER_PASSPHRASE)
    desk.keys.passphrase_changed()


def test_after_a_new_passphrase_the_last_backup_is_not_relied_on(keeping, made, store, clock):
    assert keeping.fit() == made
    assert not keeping.is_due()
    new_passphrase(store, clock)
    standing = keeping.standing()
    assert standing.last_words == "Your last backup opens only with your former passphrase"
    assert standing.needs_backup
    assert not standing.is_well
    assert keeping.is_due()
    with pytest.raises(DeskError):
        keeping.drill()
    newer = keeping.make_now(Kind.AUTO)
    assert keeping.fit() == newer
    assert keeping.standing().last_words == "Backup verified just now"
    assert not keeping.is_due()


def test_an_envelope_and_a_new_sheet_make_a_backup_due_at_once(keeping, made, store):
    assert made

    def said():
        words = keeping.standing().last_words
        if keeping.is_due():
            keeping.make_now(Kind.AUTO)
        return words

    master = store.lend_master()
    access.put_handover(store.paths, master, OTHER_CODE, cost=COST, floor=FLOOR)
    assert said() == "Your last backup does not open with the new envelope"
    (slot,) = [each for each in access.slots_of(store.paths, master, floor=FLOOR) if each.kind is SlotKind.HANDOVER]
    access.revoke(store.paths, master, slot.id, floor=FLOOR)
    assert said() == "The envelope that was taken back still opens your last backup"
    access.replace_recovery(store.paths, master, OTHER_CODE, cost=COST, floor=FLOOR)
    assert said() == "Your last backup does not open with your new recovery sheet"
    assert said() == "Backup verified just now"
    master.wipe()


def test_a_copy_from_before_a_new_passphrase_is_said_to_be_one(keeping, made, store, clock, tmp_path):
    (tmp_path / "drive").mkdir()
    keeping.copied(media.copy_to(made, tmp_path / "drive", may_share_disk=True))
    new_passphrase(store, clock)
    newer = keeping.make_now(Kind.AUTO)
    standing = keeping.standing()
    assert standing.copied_words == "The copy on the drive opens only as it did before you changed the keys"
    assert standing.needs_copy
    keeping.copied(media.copy_to(newer, tmp_path / "drive", may_share_disk=True))
    assert keeping.standing().is_well


def test_a_backup_that_was_deleted_by_hand_is_said_to_be_gone(keeping, clock):
    keeping.make_now(Kind.MANUAL)
    clock.moment += HOUR
    last = keeping.make_now(Kind.MANUAL)
    last.path.unlink()
    standing = keeping.standing()
    assert standing.last_words == "The backup from 13:00 is gone"
    assert standing.needs_backup
    assert keeping.is_due()
    keeping.make_now(Kind.AUTO)
    assert keeping.standing().is_well


def test_the_lines_name_the_backup_that_was_copied_and_tried_where_a_newer_one_exists(keeping, made, clock, tmp_path):
    (tmp_path / "drive").mkdir()
    keeping.copied(media.copy_to(made, tmp_path / "drive", may_share_disk=True))
    keeping.drilled(keeping.drill().run())
    standing = keeping.standing()
    assert (standing.is_copy_behind, standing.is_drill_behind) == (False, False)
    clock.moment += HOUR
    keeping.make_now(Kind.AUTO)
    standing = keeping.standing()
    assert standing.copied_words == "Copied to a drive today: the one from 12:00"
    assert standing.drilled_words == "Last tried out today: the one from 12:00"
    assert (standing.is_copy_behind, standing.is_drill_behind) == (True, True)


def test_a_backup_with_the_keys_of_its_day_can_be_chosen(keeping, made, store, open_store):
    restoring = keeping.restoring(made, restore.unlock(made, PASSPHRASE, floor=FLOOR))
    store.close()
    restoring.run()
    open_store().close()


def test_a_backup_whose_manifest_was_changed_is_not_listed(keeping, made, store):
    flip_at = 12 + len(made.manifest.encode()) + 1
    content = bytearray(made.path.read_bytes())
    content[flip_at] ^= 1
    made.path.write_bytes(content)
    assert keeping.listed() == []
    keys = store.lend_keys()
    with pytest.raises(BackupRefused):
        verify(made.path, keys)
    keys.wipe()
