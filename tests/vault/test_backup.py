"""A backup's file: made from a live vault, whole when it has its name, refused when a byte of it is another."""

import shutil
import struct
import threading
from contextlib import closing

import pytest

from crisisdesk.errors import BackupRefused, DiskFull, VaultDamaged, VaultError, VaultTooNew
from crisisdesk.vault import backup, state, upgrade
from crisisdesk.vault.audit import Anchor
from crisisdesk.vault.backup import listed, unpack, verify
from crisisdesk.vault.checks import check_copy
from crisisdesk.vault.connection import connect, make_engine, open_copy
from crisisdesk.vault.copying import CopyStopped
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.making import next_seq
from crisisdesk.vault.manifest import Kind, decode_manifest
from crisisdesk.vault.slots import canonical
from crisisdesk.vault.store import Store
from tests.vault.people import add_client, add_note, last_name, rename


@pytest.fixture
def made(store):
    """A backup of a vault with one client and one note."""
    add_note(store, add_client(store), "Slept at the shelter.")
    return store.begin_backup(Kind.MANUAL).run()


@pytest.fixture
def keys(store):
    lent = store.lend_keys()
    yield lent
    lent.wipe()


def flipped(path, place, bit=0):
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << bit
    path.write_bytes(content)


def refused(path, keys):
    """Return the sentence with which a backup is refused; nothing of it is left beside it."""
    before = sorted(each.name for each in path.parent.iterdir())
    with pytest.raises(VaultError) as told:
        verify(path, keys)
    assert sorted(each.name for each in path.parent.iterdir()) == before
    return str(told.value)


def test_a_backup_holds_what_the_vault_says(store, made, keys):
    found = verify(made.path, keys)
    assert found == made.manifest.said
    assert found.digest == store.digest()
    assert dict(found.counts) == store.counts()
    assert found.audit == store.audit_head()
    assert listed(made.path.parent, keys=keys) == [made]


def test_its_name_says_when_of_which_vault_and_which_number(made):
    assert made.path.name == f"20261123T120000Z-{made.manifest.vault_id.hex()[:8]}-1.cdbak"


def test_only_she_can_read_it_and_nothing_else_is_left(made):
    assert [each.name for each in made.path.parent.iterdir()] == [made.path.name]
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.parent.stat().st_mode & 0o777 == 0o700


def test_no_word_of_hers_can_be_read_in_it(made):
    content = made.path.read_bytes()
    for word in (b"Delgado", b"shelter", b"SQLite format"):
        assert word not in content


def test_the_file_is_laid_out_as_it_is_written_down(made):
    content = made.path.read_bytes()
    (length,) = struct.unpack(">I", content[8:12])
    assert content[:8] == b"CDBAK1\0\n"
    assert content[12 : 12 + length] == made.manifest.encode()
    assert len(content) == 12 + length + 32 + made.manifest.size


def test_backups_are_counted_on_even_when_one_is_gone(store, made):
    assert store.begin_backup(Kind.AUTO).run().manifest.seq == 2
    shutil.rmtree(made.path.parent)
    assert next_seq(store.paths) == 3  # the state remembers
    last = state.read(store.paths).last_backup
    assert last is not None
    assert last.seq == 2


@pytest.mark.parametrize("place", [0, 7, 8, 11, 12, 40, 300, -1, -5000])
def test_a_flipped_bit_is_refused_wherever_it_is(made, keys, place):
    flipped(made.path, place)
    refused(made.path, keys)


def test_a_flipped_bit_in_the_mac_is_refused(made, keys):
    flipped(made.path, 12 + len(made.manifest.encode()) + 3)
    assert "damaged" in refused(made.path, keys)


@pytest.mark.parametrize("left", [0, 7, 11, 12, 500, -4096, -1])
def test_a_backup_that_is_cut_short_is_refused(made, keys, left):
    content = made.path.read_bytes()
    made.path.write_bytes(content[:left])
    refused(made.path, keys)
    assert listed(made.path.parent) == []


def test_a_backup_with_something_added_is_refused(made, keys):
    with made.path.open("ab") as file:
        file.write(b"x")
    refused(made.path, keys)
    assert listed(made.path.parent) == []


def test_a_length_that_no_manifest_has_is_refused_before_it_is_read(made, keys):
    content = bytearray(made.path.read_bytes())
    content[8:12] = struct.pack(">I", 0xFFFFFFFF)
    made.path.write_bytes(content)
    assert "damaged" in refused(made.path, keys)  # not "cut short", which would be found out by reading on


def test_a_file_of_another_program_is_called_no_backup(tmp_path, keys):
    other = tmp_path / "20261123T120000Z-00000000-1.cdbak"
    other.write_bytes(b"PK\3\4" + bytes(5000))
    assert "no backup" in refused(other, keys)


def test_a_backup_that_is_gone_is_refused_in_a_sentence(made, keys, tmp_path):
    made.path.unlink()
    for gone in (made.path, tmp_path):
        with pytest.raises(BackupRefused, match="no longer there"):
            verify(gone, keys)


def test_a_backup_of_another_vault_is_refused(made):
    assert "another vault" in refused(made.path, MasterKey.random())


def test_a_manifest_with_another_count_is_refused_although_its_mac_fits(made, keys):
    """The fourth check: what the file says is compared, not just its bytes."""
    said = made.manifest.said
    unpacked = made.path.with_name("unpacked")
    unpack(made.path, keys, unpacked)
    size, sha256 = made.manifest.size, made.manifest.sha256
    check_copy(unpacked, keys, size=size, sha256=sha256, said=said)
    for wrong in (
        {"counts": {**said.counts, "client": 2}},
        {"digest": "0" * 64},
        {"audit": Anchor(said.audit.seq, "0" * 64)},
        {"schema": said.schema + 1},
    ):
        other = type(said)(**{**vars(said), **wrong})
        with pytest.raises(BackupRefused):
            check_copy(unpacked, keys, size=size, sha256=sha256, said=other)
    with pytest.raises(BackupRefused):
        check_copy(unpacked, keys, size=size, sha256="0" * 64, said=said)
    with pytest.raises(BackupRefused):
        check_copy(unpacked, keys, size=size + 4096, sha256=sha256, said=said)


def test_a_copy_that_lacks_the_last_line_of_the_log_is_never_named(store):
    """An old state of the vault in place of the copy: every page fits, and still it is refused."""
    old = store.begin_backup(Kind.AUTO)
    old.copy()
    add_client(store)
    new = store.begin_backup(Kind.AUTO)
    new.copy()
    shutil.copy(old._copy, new._copy)
    with pytest.raises(BackupRefused):
        new.seal()
    old.cancel()
    assert list(store.paths.backups.iterdir()) == []


def test_a_copy_with_a_damaged_free_page_is_never_named(store, keys):
    """The second check: nothing else reads that page."""
    making = store.begin_backup(Kind.AUTO)
    making.copy()
    with closing(open_copy(making._copy, keys)) as copy:
        for line in (
            "CREATE TABLE passing (zeros)",
            "INSERT INTO passing VALUES (zeroblob(40000))",
            "DROP TABLE passing",
        ):
            copy.execute(line)
    flipped(making._copy, -2000)
    with pytest.raises(BackupRefused, match="damaged"):
        making.seal()
    assert list(store.paths.backups.iterdir()) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("PRAGMA foreign_keys = OFF", "DELETE FROM client"),
        ("PRAGMA writable_schema = ON", "DELETE FROM sqlite_schema WHERE name = 'ix_note_status_written'"),
        ("DELETE FROM fts_note_data WHERE id > 10",),
    ],
    ids=["rows that point nowhere", "a page that belongs to nothing", "words that are not found"],
)
def test_a_copy_whose_structure_is_broken_is_never_named(store, keys, lines):
    """The third check: each page fits, the log is whole, and what is said is true."""
    add_note(store, add_client(store), "Slept at the shelter.")
    making = store.begin_backup(Kind.AUTO)
    making.copy()
    with closing(open_copy(making._copy, keys)) as copy:
        for line in lines:
            copy.execute(line)
    with pytest.raises((BackupRefused, VaultDamaged), match="damaged"):
        making.seal()
    assert list(store.paths.backups.iterdir()) == []


def plain_manifest(made, **changed):
    import json  # noqa: PLC0415  here alone

    return canonical({**json.loads(made.manifest.encode()), **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": -1},
        {"seq": True},
        {"size": 1 << 60},
        {"sha256": "x" * 64},
        {"sha256": "A" * 64},
        {"counts": []},
        {"counts": {"client": "1"}},
        {"audit": {"seq": 1}},
        {"created": "yesterday"},
        {"kind": "other"},
        {"vault": "00"},
        {"keys": 7},
        {"more": 1},
    ],
    ids=str,
)
def test_a_manifest_of_another_form_is_refused_in_a_sentence(made, changed):
    with pytest.raises(BackupRefused):
        decode_manifest(plain_manifest(made, **changed))


def test_a_manifest_in_another_spelling_is_refused(made):
    for text in (made.manifest.encode().replace(b'"seq":1', b'"seq": 1'), b"[" * 100_000, b"\xff", b"3"):
        with pytest.raises(BackupRefused):
            decode_manifest(text)


def test_a_later_format_asks_for_a_later_program(made):
    with pytest.raises(VaultTooNew):
        decode_manifest(plain_manifest(made, format=2))


def test_a_file_under_another_name_than_it_says_is_not_listed(made):
    made.path.rename(made.path.with_name("20270101T000000Z-00000000-9.cdbak"))
    assert listed(made.path.parent) == []


def test_a_backup_that_failed_a_check_is_kept_and_never_listed(made):
    aside = backup.set_aside(made)
    assert aside.exists()
    assert listed(aside.parent) == []


def test_a_full_disk_makes_no_backup_and_says_so(store, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 10, 4096))
    with pytest.raises(DiskFull, match="not enough room"):
        store.begin_backup(Kind.MANUAL).run()
    assert list(store.paths.backups.iterdir()) == []


def test_a_damaged_page_of_the_vault_makes_no_backup(store, vault_paths, open_store):
    client = add_client(store)
    for number in range(50):
        add_note(store, client, f"A long note. {number} " * 200)
    store.close()
    flipped(vault_paths.database, vault_paths.database.stat().st_size - 30 * 4096 - 2000)  # among the notes
    with closing(open_store()) as damaged, pytest.raises((VaultDamaged, BackupRefused)):
        damaged.begin_backup(Kind.MANUAL).run()
    assert listed(vault_paths.backups) == []


# While she works ------------------------------------------------------------------------------------------------------


class Run:
    """A backup on a thread of its own, which waits after its first step until it is let on."""

    def __init__(self, making):
        self.making = making
        self.began, self.may_go_on = threading.Event(), threading.Event()
        self.made: backup.Backup | None = None
        self.problem: VaultError | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        assert self.began.wait(30)

    def _run(self):
        try:
            self.made = self.making.run(self._progress)
        except VaultError as problem:
            self.problem = problem

    def _progress(self, _done):
        self.began.set()
        self.may_go_on.wait(30)

    def end(self):
        self.may_go_on.set()
        self.thread.join(30)
        assert not self.thread.is_alive()


def test_what_she_saves_during_the_copy_is_saved_and_the_copy_is_a_whole_state(store, keys):
    client = add_client(store)
    for number in range(200):
        add_note(store, client, f"A long note. {number} " * 60)
    run = Run(store.begin_backup(Kind.AUTO))
    add_note(store, client, "Typed during the backup.")  # between two steps: not blocked
    rename(store, client, "Ortiz")
    run.end()
    assert last_name(store, client) == "Ortiz"
    assert run.problem is None
    assert run.made is not None
    found = verify(run.made.path, keys)
    assert found.counts["note"] == 201
    assert found.digest == store.digest()  # all of it is in the copy, to the last line


def test_saves_and_backups_at_once_lose_nothing(store, keys):
    """Saves and undos without pause on this thread, copies without pause on another: each copy passes its checks."""
    client = add_client(store)
    for number in range(100):
        add_note(store, client, f"A long note. {number} " * 60)
    made, over = [], threading.Event()
    waiting = [store.begin_backup(Kind.AUTO)]

    def work():
        while not over.is_set() or waiting:
            if waiting:
                made.append(waiting.pop().run())

    thread = threading.Thread(target=work)
    thread.start()
    names = 0
    while len(made) < 3:
        rename(store, client, f"Ortiz{names}")
        names += 1
        if names % 7 == 0:
            store.undo()
        if not waiting and len(made) < 3 and names % 20 == 0:
            waiting.append(store.begin_backup(Kind.AUTO))
    over.set()
    thread.join(30)
    assert not thread.is_alive()
    for each in made:
        verify(each.path, keys)
    assert store.verify_audit().is_sound


def test_closing_the_vault_ends_a_running_copy_first(store):
    run = Run(store.begin_backup(Kind.AUTO))
    closing = threading.Timer(0.05, run.may_go_on.set)
    closing.start()
    store.close()  # returns only when the connection is free
    run.end()
    closing.join()
    assert isinstance(run.problem, CopyStopped)
    assert list(store.paths.backups.iterdir()) == []


def test_a_copy_that_is_whole_is_sealed_after_the_vault_was_closed(store, open_store):
    add_client(store)
    digest = store.digest()
    making = store.begin_backup(Kind.AUTO)
    making.copy()
    store.close()
    made = making.seal()
    assert made.manifest.said.digest == digest
    again = open_store()
    lent = again.lend_keys()
    assert listed(made.path.parent, keys=lent) == [made]
    lent.wipe()
    again.close()


def test_a_job_has_no_key_left_at_its_end(store):
    making = store.begin_backup(Kind.AUTO)
    making.run()
    with pytest.raises(ValueError, match="wiped"):
        making._keys.subkey("db")


def test_a_backup_cannot_begin_inside_a_write(store):
    from crisisdesk.vault.sessions import MisuseError  # noqa: PLC0415  here alone

    with pytest.raises(MisuseError), store.write("Add client"):
        store.begin_backup(Kind.AUTO)


def test_an_older_vault_is_backed_up_before_it_is_brought_up_to_date(vault_paths, vault_key, clock):
    master = vault_key()
    with closing(connect(vault_paths, master, maintenance=True)) as connection:
        upgrade.move(make_engine(lambda: connection), upgrade.SCHEMA - 1)
    master.wipe()
    with closing(Store.open(vault_paths, vault_key(), clock)) as store:
        keys = store.lend_keys()
        (made,) = listed(vault_paths.backups, keys=keys)
        assert (made.manifest.kind, made.manifest.said.schema) == (Kind.PRE_MIGRATE, upgrade.SCHEMA - 1)
        assert verify(made.path, keys) == made.manifest.said
        keys.wipe()


def test_without_room_for_that_backup_the_older_vault_is_left_as_it_was(vault_paths, vault_key, clock, monkeypatch):
    master = vault_key()
    with closing(connect(vault_paths, master, maintenance=True)) as connection:
        upgrade.move(make_engine(lambda: connection), upgrade.SCHEMA - 1)
    before = vault_paths.database.read_bytes()
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 10, 4096))
    with pytest.raises(DiskFull, match="not enough room"):
        Store.open(vault_paths, vault_key(), clock)
    assert vault_paths.database.read_bytes() == before
    master.wipe()
