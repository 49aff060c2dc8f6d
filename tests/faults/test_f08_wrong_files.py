"""F8: a file that was cut, mixed up, exchanged or put back: refused or warned of, each with a sentence of its own."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.errors import VaultError
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest.ledger import Ledger
from crisisdesk.selftest.verifier import verify
from crisisdesk.vault.connection import connect
from crisisdesk.vault.digest import counts
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.store import Store
from tests.faults.child import Job, drive
from tests.faults.damage import PAGE, copied, digest_of, examine, use
from tests.stores import NOON
from tests.vault.fast import CODE, COST, FLOOR, PASSPHRASE, unlock
from tests.vault.people import add_client

# An old page is a page that SQLCipher made: only what is told elsewhere too gives it away (security.md 4.3).
UNJOURNALED = frozenset({"draft", "number_series"})


def cut(length: int) -> Callable[[VaultPaths, Path], None]:
    def act(paths: VaultPaths, _spare: Path) -> None:
        data = paths.database.read_bytes()
        paths.database.write_bytes(data[:length])

    return act


def swap_pages(first: int, second: int) -> Callable[[VaultPaths, Path], None]:
    def act(paths: VaultPaths, _spare: Path) -> None:
        data = bytearray(paths.database.read_bytes())
        one, other = slice(first * PAGE, first * PAGE + PAGE), slice(second * PAGE, second * PAGE + PAGE)
        data[one], data[other] = data[other], data[one]
        paths.database.write_bytes(data)

    return act


def plain_file(paths: VaultPaths, _spare: Path) -> None:
    paths.database.unlink()
    with sqlite3.connect(paths.database) as plain:
        plain.execute("CREATE TABLE client (name TEXT)")
    plain.close()


def other_vaults_file(paths: VaultPaths, spare: Path) -> None:
    other = VaultPaths(spare)
    Store.create(other, PASSPHRASE, CODE, FixedClock(NOON), cost=COST, floor=FLOOR).close()
    shutil.copy(other.database, paths.database)


def other_vaults_keys(paths: VaultPaths, spare: Path) -> None:
    other = VaultPaths(spare)
    Store.create(other, PASSPHRASE, CODE, FixedClock(NOON), cost=COST, floor=FLOOR).close()
    for name in ("vault.keys", "vault.keys.bak"):
        shutil.copy(other.folder / name, paths.folder / name)


def zeros(paths: VaultPaths, _spare: Path) -> None:
    paths.database.write_bytes(bytes(paths.database.stat().st_size))


def longer(paths: VaultPaths, _spare: Path) -> None:
    paths.database.write_bytes(paths.database.read_bytes() + bytes(PAGE))


def gone(paths: VaultPaths, _spare: Path) -> None:
    paths.database.unlink()


WRONG: dict[str, tuple[Callable[[VaultPaths, Path], None], str]] = {
    "empty": (cut(0), "is empty"),
    "cut to 100 bytes": (cut(100), "is cut short"),
    "cut to one page": (cut(PAGE), "is cut short"),
    "cut in page 2": (cut(PAGE + 700), "is cut short"),
    "cut to two pages": (cut(2 * PAGE), "is damaged"),
    "cut by a page": (cut(-PAGE), "is damaged"),
    "cut in the last page but one": (cut(-PAGE - 700), "is cut short"),
    "cut by a byte": (cut(-1), "is cut short"),
    "pages 3 and 4 swapped": (swap_pages(2, 3), ""),
    "page 1 swapped": (swap_pages(0, 5), "is damaged"),
    "a plain database": (plain_file, "is not encrypted"),
    "another vault's file": (other_vaults_file, "is damaged"),
    "another vault's keys": (other_vaults_keys, "is damaged"),
    "zeros": (zeros, "is damaged"),
    "a page too long": (longer, "is damaged"),
    "gone": (gone, "file is gone"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_in_a_sentence_and_left_as_it_is(name, town_paths, tmp_path, told):
    spoil, sentence = WRONG[name]
    spoil(town_paths, tmp_path / "other")
    before = town_paths.database.read_bytes() if town_paths.database.exists() else b""
    found = examine(copied(town_paths, tmp_path / "looked"))
    assert found.is_noticed, name
    if sentence:
        assert sentence in found.said
        assert use(town_paths) == found.refusal, "she can't work with it"
        assert (town_paths.database.read_bytes() if town_paths.database.exists() else b"") == before
    told(f"F8 {name}: {found.refusal or 'found by the checks'}")


# Put back -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def before_and_after(new_vault, tmp_path) -> tuple[VaultPaths, VaultPaths, Path]:
    """A vault as it was yesterday, as it is now, and the ledger of now."""
    now, ledger = new_vault("now"), tmp_path / "ledger"
    acts = (Ledger(ledger), Ledger(ledger))
    for seed, told_to in enumerate(acts):
        driver = drive(Job(folder=str(now.folder), ledger=str(ledger), seed=seed), told_to)
        for _count in range(25):
            driver.act()
        driver.close()
        if seed == 0:
            before = copied(now, tmp_path / "before")
    return before, now, ledger


def test_an_old_file_is_opened_with_a_warning_and_counts(before_and_after, told):
    before, now, _ledger = before_and_after
    shutil.copy(before.database, now.database)
    store = Store.open(now, unlock(now, PASSPHRASE), FixedClock(NOON))
    warning = store.rollback_warning
    store.close()
    assert warning is not None
    assert warning.lines_behind > 10
    told(f"F8 old file put back: warned, lines_behind={warning.lines_behind}")
    again = Store.open(now, unlock(now, PASSPHRASE), FixedClock(NOON))
    assert again.rollback_warning is None, "once"
    again.close()


def test_a_file_that_goes_on_elsewhere_is_warned_of_too(before_and_after):
    before, now, _ledger = before_and_after
    elsewhere = Store.open(before, unlock(before, PASSPHRASE), FixedClock(NOON))
    for _count in range(200):
        add_client(elsewhere)
    elsewhere.close()
    shutil.copy(before.database, now.database)
    store = Store.open(now, unlock(now, PASSPHRASE), FixedClock(NOON))
    assert store.rollback_warning is not None
    store.close()


def test_the_present_file_is_opened_without_a_warning(before_and_after):
    _before, now, _ledger = before_and_after
    store = Store.open(now, unlock(now, PASSPHRASE), FixedClock(NOON))
    assert store.rollback_warning is None
    store.close()


def test_an_old_page_is_noticed_wherever_it_is_put_back(before_and_after, tmp_path, told):
    before, now, ledger = before_and_after
    old, new, whole = before.database.read_bytes(), now.database.read_bytes(), digest_of(now)
    pages = [page for page in range(len(old) // PAGE) if old[page * PAGE :][:PAGE] != new[page * PAGE :][:PAGE]]
    noticed, harmless, silent = 0, 0, set[str]()
    for page in pages:
        paths = copied(now, tmp_path / "mixed")
        data = bytearray(new)
        data[page * PAGE : (page + 1) * PAGE] = old[page * PAGE : (page + 1) * PAGE]
        paths.database.write_bytes(data)
        copied_whole = copied(paths, tmp_path / "looked")
        found = examine(copied_whole)
        if found.is_noticed or not is_sound(paths, ledger, tmp_path):
            noticed += 1
        elif found.is_harmless(whole):
            harmless += 1
        else:
            silent |= set(differing(copied_whole, now))
    told(f"F8 old page put back: of={len(pages)} noticed={noticed} harmless={harmless} unnoticed in {sorted(silent)}")
    assert silent <= UNJOURNALED


def is_sound(paths: VaultPaths, ledger: Path, tmp_path: Path) -> bool:
    """Whether the audit log and what belongs together say so; what the ledger knows is left aside."""
    copy = tmp_path / "ledger-now"
    shutil.copy(ledger, copy)
    try:
        with sorted_errors():
            return not verify(paths, unlock(paths, PASSPHRASE), copy, FixedClock(NOON)).failures
    except VaultError:
        return False


def differing(one: VaultPaths, other: VaultPaths) -> list[str]:
    """Return the tables in which two vaults differ."""
    found = []
    for paths in (one, other):
        connection = connect(paths, unlock(paths, PASSPHRASE))
        tables = counts(connection)
        found.append({name: list(connection.execute(f"SELECT * FROM {name}")) for name in tables})  # noqa: S608  ours
        connection.close()
    return [table for table, rows in found[0].items() if rows != found[1][table]]
