"""F24: a held chart can't go by any path; a purged one leaves nothing in the whole decrypted file."""

import re

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.clients import ClientDraft, PersonDraft, PhoneDraft, PlanDraft
from crisisdesk.desk.holds import Holds
from crisisdesk.errors import CannotUndo, OnHold
from crisisdesk.records.base import Base
from crisisdesk.records.clients import Client, ClientName
from crisisdesk.records.notes import Note
from crisisdesk.records.practice import Draft
from crisisdesk.vault import index
from crisisdesk.vault.connection import connect
from crisisdesk.vault.purge import Order, counts
from crisisdesk.vault.store import Store
from tests.faults.charts import canaries, found_in, kinds, make_chart
from tests.stores import NOON

WORDS = canaries()
_REFUSALS = re.compile("legal hold|journal is not|what was kept is not")
OTHERS = ["quombletree", "snarvelock", "plinthwoozy"]
TABLES = ("client", *(kind.__tablename__ for kind in kinds()))


def _order(client_id):
    return Order(client_id=client_id, retention_class="adult", reason="Schedule 2231")


def _dump(store):
    """Return every row of every table but the audit log and what is derived."""
    skipped = {"audit", "client_line", "search_doc", "vault_meta"}
    with store.read() as s:
        connection = s.connection()
        return {
            name: sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {name}").all()))  # noqa: S608  our own tables
            for name in Base.metadata.tables
            if name not in skipped
        }


@pytest.fixture
def chart(store):
    """A chart with canaries in every table, its history of edits, and its tables' rows by name."""
    client_id, ids = make_chart(store, WORDS)
    with store.write("Edit client") as s:
        s.get_one(Client, client_id).last_name = "zzyzx"
    store.undo()
    store.redo()
    with store.write("Remove name") as s:
        s.remove(s.get_one(ClientName, ids["client_name"]))
    with store.write("Add name") as s:
        ids["client_name"] = s.add(ClientName(client_id=client_id, name=WORDS[0])).id
    store.keep_draft("note", f"new {client_id}", f'{{"body": "{WORDS[1]}"}}')
    store.keep_draft("note", ids["note"], f'{{"body": "{WORDS[2]}"}}')
    return client_id, ids


@pytest.fixture
def other(store):
    client_id, _ids = make_chart(store, OTHERS, number="C-2019-0002")
    return client_id


# What would take a row of a held chart away, or out of the hold's reach.
_OF_EACH_TABLE = (
    "DELETE FROM {table} WHERE id = '{key}'",
    "DELETE FROM {table}",
    "INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE id = '{key}'",
    "UPDATE {table} SET id = 'elsewhere' WHERE id = '{key}'",
    "UPDATE {table} SET {owner} = 'elsewhere' WHERE id = '{key}'",
    "DELETE FROM journal_row WHERE row_key = '{key}'",
)
_OTHERS = (
    "DELETE FROM journal_row",
    "UPDATE journal_row SET after = NULL, before = NULL",
    "DELETE FROM kept_row",
    "UPDATE kept_row SET image = ''",
    "DELETE FROM legal_hold",
    "UPDATE legal_hold SET lifted_at = '2026-01-01T00:00:00.000Z'",
    "UPDATE legal_hold SET client_id = 'elsewhere'",
    "INSERT OR REPLACE INTO legal_hold SELECT client_id, reason, set_at, set_at, 'x', id, created_at FROM legal_hold",
)
_OWNERS = {"client": "id", "disposition": "encounter_id", "referral_event": "referral_id"}


def _raw_paths(ids):
    for table in TABLES:
        for statement in _OF_EACH_TABLE:
            if table != "attachment" or "journal" not in statement:  # of a paper's bytes the journal has no image
                yield statement.format(table=table, key=ids[table], owner=_OWNERS.get(table, "client_id"))
    yield from _OTHERS


@pytest.fixture(params=["client", "everything"])
def held(request, open_store, clock):
    """A held chart with a row of a list taken out, its rows, and a dump; the store is closed again."""
    store = open_store()
    client_id, ids = make_chart(store, WORDS)
    Desk(store, clock).holds.set(client_id if request.param == "client" else None, "Subpoena")
    with store.write("Add name") as s:
        name = s.add(ClientName(client_id=client_id, name=WORDS[0]))
    with store.write("Remove name") as s:
        s.remove(s.get_one(ClientName, name.id))
    before = _dump(store)
    store.close()
    return ids, before


@pytest.mark.parametrize("maintenance", [False, True], ids=["guarded", "maintenance"])
def test_no_statement_takes_a_held_chart(open_store, vault_paths, vault_key, told, held, maintenance):
    ids, before = held
    connection = connect(vault_paths, vault_key(), maintenance=maintenance)
    tried = gone = 0
    for statement in _raw_paths(ids):
        tried += 1
        connection.execute("BEGIN")
        refusal = ""
        try:
            connection.execute(statement)
            connection.execute("COMMIT")
        except sqlcipher.IntegrityError as error:
            refusal = str(error)
            connection.execute("ROLLBACK")
        gone += not _REFUSALS.search(refusal)
    connection.close()
    again = open_store()
    after = _dump(again)
    again.close()
    told(f"F24 hold {'maintenance' if maintenance else 'guarded'} statements={tried} gone={gone}")
    assert gone == 0
    assert after == before


@pytest.mark.parametrize("is_on_everything", [False, True], ids=["client", "everything"])
def test_no_act_takes_a_held_chart(store, clock, chart, is_on_everything):
    client_id, ids = chart
    desk = Desk(store, clock)
    desk.holds.set(None if is_on_everything else client_id, "Subpoena")
    before = _dump(store)

    def remove(kind, key):
        with store.write("Remove") as s:
            s.remove(s.get_one(kind, key))

    def unload(kind, key):
        with store.load("Take out", "x") as load:
            load.remove(kind, [key])

    for act in (
        lambda: store.purge(_order(client_id)),
        lambda: remove(Client, client_id),
        lambda: remove(Note, ids["note"]),
        lambda: unload(Client, client_id),
        lambda: unload(Note, ids["note"]),
    ):
        with pytest.raises(OnHold, match="legal hold keeps this chart"):
            act()
    assert _dump(store) == before


def test_undo_takes_nothing_of_a_held_chart(store, clock, told):
    desk = Desk(store, clock)
    client_id = desk.clients.add(ClientDraft(first_name="Maria", phones=[PhoneDraft(number="555-0142")]))
    hold = desk.holds.set(client_id, "Subpoena")
    with pytest.raises(CannotUndo):
        desk.undo()  # the hold itself
    desk.holds.lift(hold, "Released")
    undone = 0
    for act in (
        lambda: desk.clients.edit(client_id, ClientDraft(first_name="M", phones=[PhoneDraft(number="555-0142")] * 2)),
        lambda: desk.clients.add_person(client_id, PersonDraft(name="Rosa")),
        lambda: desk.clients.plan(client_id, PlanDraft(opens_with="her dog")),
    ):
        act()
        hold = _quiet_hold(store, client_id)
        before = _dump(store)
        with pytest.raises(OnHold):
            desk.undo()
        assert _dump(store) == before
        desk.holds.lift(hold, "Released")
        undone += 1
    told(f"F24 undo acts={undone} gone=0")


def _quiet_hold(store, client_id):
    """Set a hold past the write door, so that Undo still reaches the act before it."""
    connection = store._engine.raw_connection().driver_connection
    connection.execute(
        "INSERT INTO legal_hold (client_id, reason, set_at, lift_reason, id, created_at) VALUES (?, 'x', ?, '', ?, ?)",
        (client_id, "2026-11-23T12:00:00.000Z", f"hold-{connection.total_changes}", "2026-11-23T12:00:00.000Z"),
    )
    return connection.execute("SELECT id FROM legal_hold WHERE lifted_at IS NULL").fetchone()[0]


def test_a_form_still_corrects_its_lists_under_a_hold_and_what_was_there_is_kept(store, clock):
    desk = Desk(store, clock)
    phones = [PhoneDraft(number="555-0142"), PhoneDraft(number="555-0143")]
    client_id = desk.clients.add(ClientDraft(first_name="Maria", other_names=["Mary"], phones=phones))
    desk.holds.set(client_id, "Subpoena")
    desk.clients.edit(client_id, ClientDraft(first_name="Maria", phones=phones[:1]))
    assert [phone.number for phone in desk.clients.draft(client_id).phones] == ["555-0142"]
    with store.read() as s:
        kept = s.connection().exec_driver_sql("SELECT image FROM kept_row").scalars().all()
    assert sorted(word for image in kept for word in ("Mary", "555-0143") if word in image) == ["555-0143", "Mary"]


def test_a_purge_leaves_nothing_in_the_whole_decrypted_file(open_store, vault_paths, vault_key, told):
    store = open_store()
    client_id, ids = _busy_chart(store)
    make_chart(store, OTHERS, number="C-2019-0002")
    store.close()
    control = found_in(vault_paths.database, vault_key(), WORDS)
    assert sorted(control) == sorted(WORDS)
    store = open_store()
    neighbours = _without(_dump(store), client_id, ids)
    purged = store.purge(_order(client_id))
    store.compact()
    with store.load("Check", "none") as load:
        index.check(load._connection)
    with store.read() as s:
        assert counts(s.connection(), client_id) == {}
        assert s.get(Draft, ("note", "")) is not None
    assert _without(_dump(store), client_id, ids) == neighbours
    store.close()
    left = found_in(vault_paths.database, vault_key(), WORDS)
    assert left == {}
    assert sorted(found_in(vault_paths.database, vault_key(), OTHERS)) == sorted(OTHERS)
    told(f"F24 purge canaries={len(WORDS)} before={len(control)} after={len(left)} rows={purged.rows}")


def _busy_chart(store: Store) -> tuple[str, dict[str, str]]:
    client_id, ids = make_chart(store, WORDS)
    for turn in range(3):
        with store.write("Edit note") as s:
            s.get_one(Note, ids["note"]).body = " ".join(WORDS[turn:])
    store.undo()
    store.redo()
    with store.write("Remove name") as s:
        s.remove(s.get_one(ClientName, ids["client_name"]))
    with store.write("Add name") as s:
        name = s.add(ClientName(client_id=client_id, name=WORDS[5]))
    store.keep_draft("note", f"new {client_id}", f'{{"body": "{WORDS[1]}"}}')
    store.keep_draft("note", ids["note"], f'{{"body": "{WORDS[2]}"}}')
    store.keep_draft("note", "", '{"body": "of somebody else"}')
    holds = Holds(store, FixedClock(NOON))
    hold = holds.set(client_id, f"Subpoena for {WORDS[3]}")
    with store.write("Remove name") as s:  # under the hold: its image is kept beside
        s.remove(s.get_one(ClientName, name.id))
    holds.lift(hold, f"Released by {WORDS[4]}")
    ids["legal_hold"] = hold
    return client_id, ids


def _without(dump, client_id, ids):
    """Return the rows that have nothing to do with a chart: no id of it is in them."""
    own = {client_id, *ids.values()}
    skipped = {"journal_step", "tombstone", "number_series", "setting"}
    return {
        name: [row for row in rows if not any(key in row for key in own)]
        for name, rows in dump.items()
        if name not in skipped
    }


def test_a_purge_of_one_chart_goes_on_while_another_is_held(store, clock, chart, other):
    desk = Desk(store, clock)
    desk.holds.set(other, "Subpoena")
    before = counts_of(store, other)
    store.purge(_order(chart[0]))
    assert counts_of(store, other) == before
    assert counts_of(store, chart[0]) == {}


def counts_of(store, client_id):
    with store.read() as s:
        return counts(s.connection(), client_id)


def test_a_purge_can_be_taken_back_by_nobody(store, chart):
    store.purge(_order(chart[0]))
    store.compact()
    with pytest.raises(CannotUndo):
        store.undo()
    with pytest.raises(CannotUndo):
        store.redo()
    assert store.verify_audit().is_sound
