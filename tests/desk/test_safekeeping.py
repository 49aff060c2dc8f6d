"""Safe-keeping: when a backup is due, what is said of it, what stays, and that the drill notices what is wrong."""

from contextlib import closing
from datetime import timedelta

import pytest

from crisisdesk.desk import Desk
from crisisdesk.errors import BackupRefused, DeskError
from crisisdesk.vault import media, restore, swap
from crisisdesk.vault.audit import AUDIT
from crisisdesk.vault.backup import verify
from crisisdesk.vault.manifest import Kind
from tests.vault.fast import FLOOR, PASSPHRASE
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
    for _number in range(4):
        clock.moment += HOUR
        keeping.make_now(Kind.AUTO)
    assert [each.manifest.seq for each in keeping.listed()] == [4]
    assert len(lines(store, "backup-gone")) == 3


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


def test_a_restore_takes_her_back_and_the_next_backup_clears_the_replaced_vault(
    keeping, made, store, open_store, clock
):
    client = add_client(store)
    clock.moment += DAY
    keeping.make_now(Kind.AUTO)  # of what she gives up
    restoring = keeping.restoring(made)
    store.close()
    restoring.run()
    with closing(open_store()) as again:
        again_keeping = Desk(again, clock).safekeeping
        again_keeping.opened()
        assert again_keeping.is_due()
        assert again_keeping.standing().last_words == "No backup since you went back"
        assert again.counts()["client"] == made.manifest.said.counts["client"]
        assert client
        assert len(swap.replaced(again.paths)) == 1
        clock.moment += HOUR
        again_keeping.make_now(Kind.AUTO)
        assert swap.replaced(again.paths) == ()


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
