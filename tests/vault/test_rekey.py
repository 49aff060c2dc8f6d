"""A new master key: everything is there, nothing old opens, and a power cut at any moment leaves one vault, whole."""

import os
import shutil
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest

from crisisdesk.errors import DiskFull, Invalid, VaultDamaged, VaultInUse, WrongPassphrase
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import access, audit, disk, place, swap
from crisisdesk.vault import rekey as rekeying
from crisisdesk.vault.audit import Anchor
from crisisdesk.vault.digest import counts
from crisisdesk.vault.rekey import NewWays, rekey
from crisisdesk.vault.slots import SlotKind
from crisisdesk.vault.store import Store
from tests.vault.fast import (
    CODE,
    COST,
    FLOOR,
    OTHER_CODE,
    OTHER_PASSPHRASE,
    PASSPHRASE,
    put_handover,
    slots_of,
    unlock,
    unlock_with_recovery,
)

OWN = ("Marigold", "Fairhaven")
WAYS = NewWays(passphrase=OTHER_PASSPHRASE, recovery=OTHER_CODE)


@pytest.fixture
def anchors(open_store) -> list[Anchor]:
    """Anchors of a vault in which something is written, as they stand on printed packets."""
    written = []
    for word in ("one", "two"):
        store = open_store()
        store.keep_draft("form", word, f"half a sentence {word}")
        written.append(store.audit_head())
        store.close()
    return written


def change(paths, clock, ways=WAYS):
    return rekey(paths, unlock(paths, PASSPHRASE), ways, clock, cost=COST, floor=FLOOR)


def opens(act, paths, secret) -> bool:
    with suppress(WrongPassphrase):
        act(paths, str(secret)).wipe()
        return True
    return False


@pytest.mark.usefixtures("anchors")
def test_everything_is_there_under_the_new_key(vault_paths, clock):
    store = Store.open(vault_paths, change(vault_paths, clock), clock)
    assert {draft.body for draft in store.drafts()} == {"half a sentence one", "half a sentence two"}
    assert store.rollback_warning is None
    known = store.remembered()
    assert known is not None
    assert known.header_gen == 2
    store.close()


@pytest.mark.usefixtures("anchors")
def test_only_the_new_ways_open_it(vault_paths, clock):
    old = unlock(vault_paths, PASSPHRASE)
    put_handover(vault_paths, old, CODE)
    new = change(vault_paths, clock)
    assert new.secret != old.secret
    assert [opens(unlock, vault_paths, each) for each in (PASSPHRASE, OTHER_PASSPHRASE)] == [False, True]
    assert [opens(unlock_with_recovery, vault_paths, each) for each in (CODE, OTHER_CODE)] == [False, True]
    assert {slot.kind for slot in slots_of(vault_paths, new)} == {SlotKind.PASSPHRASE, SlotKind.RECOVERY}


def test_a_hand_over_code_may_come_with_it(vault_paths, clock):
    ways = NewWays(passphrase=OTHER_PASSPHRASE, recovery=OTHER_CODE, handover=CODE)
    change(vault_paths, clock, ways).wipe()
    assert unlock_with_recovery(vault_paths, str(CODE)).opened_by == "handover"


def test_the_audit_log_goes_on_and_anchors_from_before_still_fit(vault_paths, clock, anchors):
    store = Store.open(vault_paths, change(vault_paths, clock), clock)
    assert store.verify_audit().is_sound
    assert all(store.verify_audit(anchor).is_sound for anchor in anchors)
    assert not store.verify_audit(Anchor(anchors[0].seq, "0" * 64)).is_sound
    with store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT kind, detail_code FROM audit ORDER BY seq").all()
    store.close()
    (code,) = [detail for kind, detail in rows if kind == "rekey"]
    assert code.startswith("CD-")


@pytest.mark.usefixtures("anchors")
def test_it_can_be_done_again_and_again(vault_paths, clock):
    phrases = [PASSPHRASE, OTHER_PASSPHRASE, PASSPHRASE, OTHER_PASSPHRASE]
    for before, after in pairwise(phrases):
        ways = NewWays(passphrase=after, recovery=CODE)
        rekey(vault_paths, unlock(vault_paths, before), ways, clock, cost=COST, floor=FLOOR).wipe()
    store = Store.open(vault_paths, unlock(vault_paths, OTHER_PASSPHRASE), clock)
    assert store.verify_audit().is_sound
    store.close()
    assert len(swap.replaced(vault_paths)) == 3


def test_a_line_under_an_old_key_is_still_vouched_for(vault_paths, clock, anchors):
    store = Store.open(vault_paths, change(vault_paths, clock), clock)
    with store.read() as session:
        connection = session.connection()
        walk = audit.Walk(store._audit.key)
        earlier = audit._earlier(connection)
        assert [until for until, _key in earlier] == [anchors[-1].seq + 1]
        walk.step(connection)
        assert walk.found.is_sound
    store.close()


@pytest.mark.usefixtures("anchors")
def test_the_replaced_vault_is_kept_until_it_is_dropped(vault_paths, clock):
    change(vault_paths, clock).wipe()
    (kept,) = swap.replaced(vault_paths)
    assert opens(unlock, kept, PASSPHRASE)
    assert swap.drop_replaced(vault_paths) == 1
    assert not kept.folder.exists()


def test_an_open_vault_is_left_alone(store, vault_paths, clock):
    assert not store.rollback_warning
    with pytest.raises(VaultInUse):
        change(vault_paths, clock)


def test_a_weak_passphrase_changes_nothing(vault_paths, clock):
    before = vault_paths.database.read_bytes()
    with pytest.raises(Invalid):
        change(vault_paths, clock, replace(WAYS, passphrase=2 * "password"))
    assert vault_paths.database.read_bytes() == before


def test_names_around_her_are_refused(vault_paths, clock):
    ways = replace(WAYS, passphrase=" ".join(OWN).casefold(), own_words=OWN)
    with pytest.raises(Invalid):
        change(vault_paths, clock, ways)


def test_a_copy_that_lacks_a_row_does_not_take_the_vaults_place(vault_paths, clock, monkeypatch):
    def less(connection):
        return {**counts(connection), "draft": 7}

    monkeypatch.setattr(rekeying, "counts", less)
    with pytest.raises(VaultDamaged, match="Nothing was changed"):
        change(vault_paths, clock)
    assert opens(unlock, vault_paths, PASSPHRASE)
    assert not list(vault_paths.folder.glob("making-*"))


class PowerCutError(BaseException):
    """Nothing runs after it."""


class Power:
    """The system's calls that change files, of which none works from the n-th on."""

    CALLS = ("open", "write", "fsync", "replace", "unlink", "rmdir", "mkdir", "ftruncate")

    def __init__(self, patch: pytest.MonkeyPatch, last: int) -> None:
        self.calls, self._last = 0, last
        for name in self.CALLS:
            patch.setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, real):
        def call(*arguments, **options):
            self.calls += 1
            if self.calls > self._last:
                raise PowerCutError
            return real(*arguments, **options)

        return call


@pytest.mark.usefixtures("anchors")
def test_a_power_cut_at_any_file_operation_leaves_the_old_vault_or_the_new_one(
    vault_paths, tmp_path, clock, monkeypatch, campaign, told
):
    step = 1 if campaign != "quick" else 3
    last, is_over, old, new, finished = 0, False, 0, 0, 0
    while not is_over:
        paths = VaultPaths(shutil.copytree(vault_paths.folder, tmp_path / f"cut-{last}"))
        master = unlock(paths, PASSPHRASE)
        with monkeypatch.context() as patch:
            Power(patch, last)
            try:
                rekey(paths, master, WAYS, clock, cost=COST, floor=FLOOR).wipe()
                is_over = True
            except PowerCutError:
                pass
        finished += swap.journal_of(paths).exists()
        assert place.exists(paths)
        opened = [opens(unlock, paths, each) for each in (PASSPHRASE, OTHER_PASSPHRASE)]
        assert sorted(opened) == [False, True], f"cut after {last} operations"
        old, new = old + opened[0], new + opened[1]
        store = Store.open(paths, unlock(paths, PASSPHRASE if opened[0] else OTHER_PASSPHRASE), clock)
        assert len(store.drafts()) == 2
        assert store.verify_audit().is_sound
        store.close()
        assert opens(unlock_with_recovery, paths, CODE if opened[0] else OTHER_CODE)
        shutil.rmtree(paths.folder)
        last += step
    assert min(old, new, finished) > 1
    told(
        f"F3 rekey, power cut at each operation: cuts={old + new} old={old} new={new} finished-later={finished} lost=0"
    )


@pytest.mark.usefixtures("anchors")
def test_a_full_disk_leaves_the_old_vault(vault_paths, clock, monkeypatch):
    def refuse(*_arguments):
        raise DiskFull("full")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "write_whole", refuse)
        with pytest.raises(DiskFull):
            change(vault_paths, clock)
    assert opens(unlock, vault_paths, PASSPHRASE)
    assert access.read_header(vault_paths, unlock(vault_paths, PASSPHRASE), floor=FLOOR).generation == 1
