"""Going back to an old backup loses no legal hold, brings no purged chart back, and says so before."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from crisisdesk.desk import Desk
from crisisdesk.desk.retention_rules import Rules
from crisisdesk.errors import OnHold, WrongPassphrase
from crisisdesk.records.choices import ClientStatus
from crisisdesk.records.clients import Client
from crisisdesk.records.keeping import Medium
from crisisdesk.vault import restore, swap
from crisisdesk.vault.audit import AUDIT
from crisisdesk.vault.connection import connect, make_engine
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.rekey import NewWays, rekey
from crisisdesk.vault.restore import Restoring
from crisisdesk.vault.store import Store
from crisisdesk.vault.upgrade import move
from tests.vault.fast import COST, FLOOR, OTHER_CODE, OTHER_PASSPHRASE, PASSPHRASE, unlock
from tests.vault.people import add_client, add_note

DAY = timedelta(days=1)
WAYS = NewWays(passphrase=OTHER_PASSPHRASE, recovery=OTHER_CODE)


@pytest.fixture
def ended(desk, store):
    """A chart that was closed in 2019, with a note; the agency has decided how long it keeps records."""
    desk.retention.keep_rules(Rules(authority="County schedule 2231"))
    client = add_client(
        store,
        first_name="Ines",
        last_name="Quintero",
        born_on=date(1980, 5, 5),
        status=ClientStatus.CLOSED,
        closed_on=date(2019, 3, 4),
        created_at=datetime(2019, 3, 4, 10, tzinfo=UTC),
    )
    add_note(store, client, "Wombat.")
    return client


@pytest.fixture
def old(desk, ended, client_id, clock):
    """A backup that has both charts; a day has gone by since."""
    assert ended
    assert client_id
    made = desk.safekeeping.make_now(Kind.MANUAL)
    clock.moment += DAY
    return made


@pytest.fixture
def go_back(store, vault_paths, clock):
    """What goes back to a backup with the passphrase of its day, and returns the desk over what stands then."""
    opened = []

    def act(backup):
        store.close()
        master = restore.unlock(backup, PASSPHRASE, floor=FLOOR)
        Restoring(vault_paths, backup, master, clock).run()
        again = Store.open(vault_paths, unlock(vault_paths, PASSPHRASE), clock)
        opened.append(again)
        assert again.verify_audit().is_sound
        return Desk(again, clock)

    yield act
    for each in opened:
        each.close()


def purge(desk, client_id):
    number = desk.retention.preview(client_id).row.number
    backup = desk.safekeeping.make_now(Kind.PRE_PURGE)
    return desk.retention.purge(client_id, typed_number=number, reason="Time is over", backup=backup)


def told(desk, *kinds):
    with desk._store.read() as s:
        lines = s.execute(AUDIT.select().where(AUDIT.c.kind.in_(kinds), AUDIT.c.session == "restore")).all()
    return [(line.kind, line.object_id, line.detail_code, line.outcome) for line in lines]


def is_there(desk, client_id):
    with desk._store.read() as s:
        return s.get(Client, client_id) is not None


def test_the_preview_says_what_was_held_and_purged_since(desk, old, client_id, ended, clock):
    assert desk.safekeeping.preview(old).since.sentences(clock.today()) == ()
    desk.holds.set(client_id, "Subpoena")
    desk.holds.set(ended, "Counsel")
    purge_after_lift(desk, ended)
    since = desk.safekeeping.preview(old).since
    assert (since.holds, since.lifted, since.purged) == (1, 0, (clock.today(),))
    assert since.sentences(clock.today()) == (
        "1 legal hold was set since and is not in this copy. It is carried over.",
        (
            "1 chart was purged since (today) and would come back. It is purged again at once, unless a legal hold"
            " keeps it."
        ),
    )


def purge_after_lift(desk, client_id):
    (hold,) = [row for row in desk.holds.active() if row.client_id == client_id]
    desk.holds.lift(hold.id, "Released")
    return purge(desk, client_id)


def test_a_hold_set_since_is_in_force_in_what_is_restored(desk, old, client_id, go_back):
    hold = desk.holds.set(client_id, "Subpoena, case 12")
    again = go_back(old)
    assert [(row.id, row.client_id, row.reason) for row in again.holds.active()] == [
        (hold, client_id, "Subpoena, case 12")
    ]
    assert told(again, "hold") == [("hold", client_id, hold, "ok")]
    with pytest.raises(OnHold), again._store.write("Remove") as s:
        s.remove(s.get_one(Client, client_id))


def test_a_hold_lifted_since_stays_lifted(desk, client_id, ended, go_back):
    assert ended
    hold = desk.holds.set(client_id, "Subpoena")
    made = desk.safekeeping.make_now(Kind.MANUAL)
    desk.holds.lift(hold, "Released")
    assert desk.safekeeping.preview(made).since.holds == 0
    again = go_back(made)
    assert again.holds.active() == ()
    assert told(again, "hold-lifted") == [("hold-lifted", client_id, hold, "ok")]


def test_a_hold_on_a_chart_that_the_copy_does_not_have_is_put_on_everything(desk, store, old, client_id, go_back):
    late = add_client(store, first_name="Late")
    desk.holds.set(late, "Subpoena")
    again = go_back(old)
    assert not is_there(again, late)
    assert [(row.client_id, row.reason) for row in again.holds.active()] == [(None, "Subpoena")]
    assert again.holds.is_held(client_id)


def test_while_a_hold_is_in_force_the_replaced_vault_stays(desk, store, old, client_id, go_back, clock):
    hold = desk.holds.set(client_id, "Subpoena")
    add_note(store, client_id, "Written since, and held.")
    again = go_back(old)
    clock.moment += DAY
    again.safekeeping.make_now(Kind.AUTO)
    assert len(swap.replaced(again._store.paths)) == 1
    clock.moment += 14 * DAY
    again.safekeeping.make_now(Kind.MANUAL)
    with pytest.raises(OnHold):
        again.safekeeping.drop_replaced()
    assert len(swap.replaced(again._store.paths)) == 1
    again.holds.lift(hold, "Released")
    again.safekeeping.make_now(Kind.MANUAL)
    assert swap.replaced(again._store.paths) == ()


def test_a_chart_purged_since_is_purged_again_before_it_is_back(desk, old, ended, client_id, go_back):
    done = purge(desk, ended)
    again = go_back(old)
    assert not is_there(again, ended)
    assert is_there(again, client_id)
    assert not again.search.find("Wombat")
    assert not again.search.find("Quintero")
    assert [row.certificate for row in again.retention.purged()] == [done.number]
    assert told(again, "purge") == [("purge", ended, "again:2", "ok")]
    assert again.retention.due() == ()


def test_a_purged_chart_comes_back_only_while_a_hold_keeps_it_and_is_listed_at_once(desk, old, ended, go_back):
    purge(desk, ended)
    hold = desk.holds.set(None, "County counsel")
    again = go_back(old)
    assert is_there(again, ended)
    assert told(again, "purge") == [("purge", ended, "again", "denied")]
    (row,) = again.retention.due()
    assert (row.id, row.is_back, row.is_held) == (ended, True, True)
    again.holds.lift(hold, "Released")
    assert purge(again, ended).number == "P-2026-0002"
    assert again.retention.due() == ()


def test_a_hold_that_was_lifted_before_a_purge_does_not_stop_it_from_being_done_again(desk, ended, go_back):
    desk.holds.set(ended, "Subpoena")
    made = desk.safekeeping.make_now(Kind.MANUAL)
    purge_after_lift(desk, ended)
    again = go_back(made)
    assert not is_there(again, ended)
    assert again.holds.active() == ()


def test_the_register_of_drives_and_the_numbers_go_on(store, old, go_back):
    with store.write("Add medium", undoable=False) as s:
        s.add(Medium(label="Blue stick", serial="A1", holder="Records", last_seq=3))
        given = s.number("client")
    again = go_back(old)
    assert [medium.label for medium in again.safekeeping.media()] == ["Blue stick"]
    with again._store.write("Add client", undoable=False) as s:
        assert s.number("client") > given


def test_a_backup_from_before_there_were_holds_gets_them(store, clock, client_id, go_back, open_store):
    vault_paths = store.paths
    store.close()
    connection = connect(vault_paths, unlock(vault_paths, PASSPHRASE), maintenance=True)
    move(make_engine(lambda: connection), 1)
    connection.close()
    with closing(open_store()) as upgraded:
        now = Desk(upgraded, clock)
        (made,) = now.safekeeping.listed()
        assert made.manifest.kind is Kind.PRE_MIGRATE
        assert made.manifest.said.schema == 1
        now.holds.set(client_id, "Subpoena")
    assert go_back(made).holds.is_held(client_id)


# After a change of keys ----------------------------------------------------------------------------------------------


@pytest.fixture
def rekeyed(desk, store, old, client_id, vault_paths, clock):
    """The desk under new keys, after a hold was set under the old ones."""
    assert old
    desk.holds.set(client_id, "Subpoena")
    store.close()
    rekey(vault_paths, unlock(vault_paths, PASSPHRASE), WAYS, clock, cost=COST, floor=FLOOR).wipe()
    with closing(Store.open(vault_paths, unlock(vault_paths, OTHER_PASSPHRASE), clock)) as again:
        yield Desk(again, clock)


def test_backups_from_before_a_change_of_keys_are_listed_apart(rekeyed, old):
    assert rekeyed.safekeeping.listed() == []
    assert rekeyed.safekeeping.earlier() == [old]
    made = rekeyed.safekeeping.make_now(Kind.MANUAL)
    assert rekeyed.safekeeping.listed() == [made]
    assert rekeyed.safekeeping.here() == [made, old]
    assert not rekeyed.safekeeping.preview(old).same_keys


def test_a_damaged_backup_does_not_pass_for_one_under_earlier_keys(desk, old):
    content = bytearray(old.path.read_bytes())
    content[12 + len(old.manifest.encode()) + 1] ^= 1  # of its MAC
    old.path.write_bytes(content)
    assert desk.safekeeping.here() == []


def test_backups_from_before_a_change_of_keys_go_in_time(rekeyed, old, clock):
    for _day in range(3):
        clock.moment += DAY
        rekeyed.safekeeping.make_now(Kind.AUTO)
    assert old.path.exists()
    clock.moment += 360 * DAY
    for _day in range(3):
        clock.moment += DAY
        rekeyed.safekeeping.make_now(Kind.AUTO)
    assert not old.path.exists()


def test_one_from_before_a_change_of_keys_is_restored_with_its_passphrase_and_keeps_the_hold(
    rekeyed, old, client_id, vault_paths, clock
):
    carried = rekeyed.safekeeping.carried_for(old)
    assert carried is not None
    rekeyed._store.close()
    with pytest.raises(WrongPassphrase):
        restore.unlock(old, OTHER_PASSPHRASE, floor=FLOOR)
    master = restore.unlock(old, PASSPHRASE, floor=FLOOR)
    Restoring(vault_paths, old, master, clock, carried=carried).run()
    with closing(Store.open(vault_paths, unlock(vault_paths, PASSPHRASE), clock)) as again:
        assert Desk(again, clock).holds.is_held(client_id)


def test_what_could_not_be_carried_over_is_written_down(rekeyed, old, vault_paths, clock):
    rekeyed._store.close()
    Restoring(vault_paths, old, restore.unlock(old, PASSPHRASE, floor=FLOOR), clock).run()
    with closing(Store.open(vault_paths, unlock(vault_paths, PASSPHRASE), clock)) as again:
        desk = Desk(again, clock)
        assert told(desk, "restore")[1:] == [("restore", "", "not-carried", "failed")]
        assert desk.safekeeping.standing().problem is not None
