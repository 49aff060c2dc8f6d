"""F7: one bit turned in any file of a vault: noticed or harmless, every time."""

import random
from collections import Counter
from pathlib import Path

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.errors import VaultError
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest.verifier import verify
from crisisdesk.vault.backup import verify as verify_backup
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.manifest import Kind as BackupKind
from crisisdesk.vault.store import Store
from tests.faults.damage import copied, digest_of, examine, flip, use
from tests.faults.power import Disk, Loss
from tests.faults.shim import Kind, read_record
from tests.faults.test_f05_power import recorded
from tests.stores import NOON, make_vault
from tests.vault.fast import OTHER_PASSPHRASE, PASSPHRASE, unlock

USED = 10  # every so many, she works with what is damaged


def test_a_bit_of_the_database(town_paths, tmp_path, figure, told):
    dice, kinds = random.Random(71), Counter[str]()  # noqa: S311  repeatable, and no secret
    whole, silent = digest_of(town_paths), []
    assert examine(copied(town_paths, tmp_path / "whole")).is_harmless(whole), "a whole one raises no alarm"
    count = figure(25, 400, 4_000)
    for number in range(count):
        paths = copied(town_paths, tmp_path / "flipped")
        flip(paths.database, dice)
        if number % USED == 0:
            use(copied(paths, tmp_path / "used"))
        found = examine(paths)
        kinds["harmless" if found.is_harmless(whole) else found.refusal or "checks"] += 1
        if not found.is_noticed and not found.is_harmless(whole):
            silent.append(number)
    told(f"F7 database: flips={count} unnoticed={len(silent)} {dict(kinds)}")
    assert silent == []


@pytest.mark.parametrize("which", ["keys", "keys_twin"])
def test_a_bit_of_the_key_file_or_of_its_twin(which, town_paths, tmp_path, figure, told):
    dice, count = random.Random(72), figure(25, 150, 1_500)  # noqa: S311  as above
    whole = town_paths.keys.read_bytes()
    for _number in range(count):
        paths = copied(town_paths, tmp_path / "flipped")
        flip(getattr(paths, which), dice)
        unlock(paths, PASSPHRASE).wipe()
        assert paths.keys.read_bytes() == paths.keys_twin.read_bytes() == whole, "the other one counts, and mends it"
    told(f"F7 {which}: flips={count} opened_by_the_other={count} unnoticed=0")


def test_the_same_bit_of_both_key_files(town_paths, tmp_path, figure, told):
    dice, kinds = random.Random(73), Counter[str]()  # noqa: S311  as above
    count = figure(25, 150, 1_500)
    for _number in range(count):
        paths = copied(town_paths, tmp_path / "flipped")
        flip(paths.keys, dice)
        paths.keys_twin.write_bytes(paths.keys.read_bytes())
        with pytest.raises(VaultError) as refused:
            unlock(paths, PASSPHRASE)
        assert str(refused.value).endswith(".")
        kinds[type(refused.value).__name__] += 1
    told(f"F7 both key files: flips={count} opened=0 {dict(kinds)}")


def test_a_bit_of_the_state_beside_the_vault(town_paths, tmp_path, figure, told):
    with pytest.raises(VaultError):
        unlock(town_paths, OTHER_PASSPHRASE)
    assert town_paths.state.exists(), "a wrong try is remembered"
    whole, dice, count = digest_of(town_paths), random.Random(74), figure(15, 100, 1_000)  # noqa: S311  as above
    unlock(town_paths, PASSPHRASE).wipe()
    for _number in range(count):
        paths = copied(town_paths, tmp_path / "flipped")
        flip(paths.state, dice)
        assert examine(paths).is_harmless(whole)
        assert use(paths) == ""
    told(f"F7 state: flips={count} opened={count} changed=0")


def test_a_bit_of_a_backup(town_paths, tmp_path, figure, told):
    store = Store.open(town_paths, unlock(town_paths, PASSPHRASE), FixedClock(NOON))
    made = store.begin_backup(BackupKind.MANUAL).run()
    store.close()
    key = unlock(town_paths, PASSPHRASE)
    verify_backup(made.path, key)
    dice, kinds, count = random.Random(76), Counter[str](), figure(15, 200, 2_000)  # noqa: S311  as above
    copy = tmp_path / made.path.name
    for _number in range(count):
        copy.write_bytes(made.path.read_bytes())
        flip(copy, dice)
        with pytest.raises(VaultError) as refused:
            verify_backup(copy, key)
        assert str(refused.value).endswith(".")
        kinds[type(refused.value).__name__] += 1
    told(f"F7 backup: flips={count} unnoticed=0 {dict(kinds)}")


# The journal of a commit that was cut off ----------------------------------------------------------------------------

HEAD = 28  # bytes at its beginning that say whether and how it is played back; every other flip goes there
HOT = bytes.fromhex("d9d505f920a163d7")  # how SQLite's journal begins while it must be played back


@pytest.mark.parametrize("is_whole", [True, False], ids=["all pages written", "some pages written"])
def test_a_bit_of_a_hot_journal(is_whole, tmp_path, figure, told):
    dice, kinds = random.Random(75), Counter[str]()  # noqa: S311  as above
    pattern = hot_vault(tmp_path, is_whole=is_whole)
    count, silent = figure(15, 100, 1_000), []
    assert hold(copied(pattern, tmp_path / "whole"), tmp_path) == "harmless", "the journal is played back"
    for number in range(count):
        paths = copied(pattern, tmp_path / "flipped")
        flip(journal_of(paths), dice, within=HEAD if number % 2 else None)
        verdict = hold(paths, tmp_path)
        kinds[verdict] += 1
        if verdict == "torn and unnoticed":
            silent.append(number)
    told(f"F7 hot journal, {'all' if is_whole else 'some'} pages written: flips={count} {dict(kinds)}")
    assert silent == []


def journal_of(paths: VaultPaths) -> Path:
    return paths.database.with_name("vault.db-journal")


def hot_vault(tmp_path: Path, *, is_whole: bool) -> VaultPaths:
    """Return a vault as a power cut in the middle of a commit leaves it, its database written in part or wholly."""
    log, ledger = recorded(tmp_path, 75, 6)
    disk = Disk(tmp_path / "disk", start={"vault": make_vault()})
    said, is_synced, written = 0, False, 0
    found: VaultPaths | None = None
    for operation in read_record(log):
        disk.do(operation)
        name = disk.name_of(operation.handle)
        if operation.kind is Kind.MARK:
            said = operation.number
        if name == "vault.db-journal":
            written = 0
        if name == "vault.db" and operation.kind is Kind.WRITE:
            written += 1
        is_synced = name == "vault.db" and operation.kind is Kind.FSYNC
        if (is_synced and written > 2) if is_whole else (name == "vault.db" and written == 2):
            disk.lay_out(tmp_path / "hot", Loss.KEPT, random.Random(0))  # noqa: S311  as above
            (tmp_path / "told").write_bytes(ledger.read_bytes()[:said])
            found = VaultPaths(tmp_path / "hot" / "vault")
    assert found is not None
    assert journal_of(found).read_bytes().startswith(HOT)
    return found


def hold(paths: VaultPaths, tmp_path: Path) -> str:
    """Open it, and hold it against the ledger; return in words what came of it."""
    ledger = tmp_path / "told-now"
    ledger.write_bytes((tmp_path / "told").read_bytes())
    try:
        with sorted_errors():
            verdict = verify(paths, unlock(paths, PASSPHRASE), ledger, FixedClock(NOON))
    except VaultError as refused:
        return type(refused).__name__
    if verdict.failures:
        return "found by the checks"
    return "harmless" if verdict.is_good else "torn and unnoticed"
