"""What is known while the vault is closed survives all that can happen to a file, and is never believed blindly."""

import errno
import json
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crisisdesk.errors import VaultInUse
from crisisdesk.vault import disk, state
from crisisdesk.vault.lockfile import lock_descriptor
from crisisdesk.vault.state import Attempts, Failure, LastBackup, Mark, Proof, State
from tests.vault.fast import NOW

FULL = State(
    attempts=Attempts(count=7, recent=(NOW, NOW), closed_at=NOW, pins=2, is_device_dead=True, is_strict=True),
    failures=(Failure(at=NOW, kind="passphrase", outcome="locked-out", count=3),),
    mark=Mark(seq=12, mac="ab" * 32, generation=3, at=NOW),
    last_backup=LastBackup(seq=11, at=NOW, file_name="20261122T050000Z-00112233-11.cdbak"),
    proof=Proof(at=NOW, ticks=5),
)


@pytest.fixture
def folder(paths):
    disk.make_folder(paths.folder)
    return paths


@pytest.mark.parametrize("known", [State(), FULL])
def test_what_is_written_is_read(folder, known):
    state.write(folder, known)
    assert state.read(folder) == known
    assert folder.state.read_bytes().count(b"\n") == 1


def test_nothing_is_a_fresh_state(paths):
    assert state.read(paths) == State()


def _edited(**changes: object) -> bytes:
    plain = {
        "format": 1,
        "attempts": {
            "count": 0, "recent": [], "closed_at": None, "pins": 0, "is_device_dead": False, "is_strict": False
        },
        "failures": [], "mark": None, "last_backup": None, "proof": None,
    }  # fmt: skip
    return json.dumps({**plain, **changes}).encode()


def test_an_edited_state_is_the_form_that_is_read(folder):
    folder.state.write_bytes(_edited())
    assert state.read(folder) == State()
    folder.state.write_bytes(_edited(proof={"at": "2026-11-22T05:00:00.000+00:00", "ticks": 5}))
    assert state.read(folder).proof == Proof(at=NOW, ticks=5)


@pytest.mark.parametrize(
    "content",
    [
        _edited(proof={"at": "2026-11-22T05:00:00.000+00:00", "ticks": -1}),
        _edited(proof={"at": "2026-11-22T05:00:00.000+00:00", "ticks": True}),
        _edited(proof={"at": "2026-11-22T05:00:00.000+00:00", "ticks": 1.5}),
        _edited(proof={"at": "2026-11-22T05:00:00.000", "ticks": 1}),
        _edited(proof={"at": "9999-12-31T23:59:59-14:00", "ticks": 1}),
        _edited(proof={"at": "0001-01-01T00:00:00+14:00", "ticks": 1}),
        _edited(proof={"at": "yesterday", "ticks": 1}),
        _edited(proof={"at": "2026-11-22T05:00:00.000+00:00", "ticks": 1, "more": 2}),
        _edited(proof=[]),
        _edited(mark={"seq": 1, "mac": "a" * 9999, "generation": 1, "at": "2026-11-22T05:00:00.000+00:00"}),
        _edited(failures=[7]),
        _edited(format=2),
        _edited(more=1),
        b'{"format":1' + b" " * 70_000 + b"}",
        b"9" * 6000,
        b"{" * 20_000,
    ],
)
def test_a_hostile_state_reads_as_a_fresh_one(folder, content):
    folder.state.write_bytes(content)
    assert state.read(folder) == State()


def test_no_single_flipped_bit_raises(folder):
    state.write(folder, FULL)
    good = folder.state.read_bytes()
    for place in range(0, 8 * len(good), 7):
        flipped = bytearray(good)
        flipped[place // 8] ^= 1 << place % 8
        folder.state.write_bytes(flipped)
        state.read(folder)


def test_a_thousand_failures_become_two_hundred_lines_and_none_is_forgotten(folder):
    kept: tuple[Failure, ...] = ()
    for number in range(1000):
        kept = state.add_failure(kept, Failure(at=NOW + timedelta(seconds=number), kind="passphrase"))
    assert (len(kept), sum(each.count for each in kept)) == (200, 1000)
    state.write(folder, State(failures=kept))
    assert folder.state.stat().st_size < state.MAX_BYTES


def test_changes_side_by_side_are_all_kept(folder):
    def count() -> None:
        for _time in range(20):
            state.change(
                folder,
                lambda known: replace(known, attempts=replace(known.attempts, count=known.attempts.count + 1)),
            )

    threads = [threading.Thread(target=count) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state.read(folder).attempts.count == 80


def test_a_process_that_hangs_with_the_lock_is_waited_for_and_then_told(folder, monkeypatch):
    monkeypatch.setattr(state, "_WAIT", 0.05)
    other = os.open(folder.state.with_name("vault.state.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    lock_descriptor(other)
    with pytest.raises(VaultInUse):
        state.change(folder, lambda _known: FULL)
    os.close(other)
    assert state.change(folder, lambda _known: FULL) == FULL


def test_a_change_that_is_none_writes_nothing(folder):
    state.change(folder, lambda known: known)
    assert not folder.state.exists()


def test_moments_are_kept_in_utc(folder):
    east = datetime.fromisoformat("2026-11-22T07:00:00.123456+02:00")
    state.write(folder, State(proof=Proof(at=east, ticks=0)))
    kept = state.read(folder).proof
    assert kept is not None
    assert kept.at == datetime(2026, 11, 22, 5, 0, 0, 123_000, tzinfo=UTC)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_disk_that_takes_nothing_keeps_nobody_out(folder, monkeypatch, code):
    def refuse(*_arguments):
        raise OSError(code, "injected")

    monkeypatch.setattr(os, "replace", refuse)
    assert state.try_change(folder, lambda _known: FULL) == FULL
    assert state.read(folder) == State()
    assert [path.name for path in folder.folder.iterdir()] == ["vault.state.lock"]
