"""F14: wrong passphrases and PINs: the sixth is refused, in another process and with a changed clock, too."""

import hashlib
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crisisdesk import paths as places
from crisisdesk.clock import FixedClock
from crisisdesk.errors import QuickUnlockClosed, TooManyAttempts, VaultError, WrongPassphrase
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import access, attempts, slots, state
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import SlotKind
from crisisdesk.vault.store import Store
from tests.stores import NOON
from tests.vault.fast import CODE, FLOOR, PASSPHRASE, enable_device
from tests.vault.keyrings import MemoryKeyring, store_of

WRONG = "not the passphrase at all"
MINUTE = timedelta(minutes=1)
TRY = """
import sys
from datetime import datetime
from pathlib import Path
from crisisdesk.errors import VaultError
from crisisdesk.paths import VaultPaths
from tests.vault.fast import unlock
paths, now = VaultPaths(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2])
sys.stdin.readline()
for line in sys.stdin:
    try:
        unlock(paths, line.rstrip("\\n"), now=now)
    except VaultError as told:
        print(type(told).__name__, flush=True)
    else:
        print("open", flush=True)
"""


def tried(paths: VaultPaths, passphrase: str, now: datetime) -> str:
    try:
        access.unlock(paths, passphrase, now=now, floor=FLOOR).wipe()
    except (WrongPassphrase, TooManyAttempts) as told:
        return type(told).__name__
    return "open"


def wrong(paths: VaultPaths, times: int, now: datetime = NOON) -> list[str]:
    return [tried(paths, WRONG, now) for _time in range(times)]


def process(paths: VaultPaths, now: datetime) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", TRY, str(paths.folder), now.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def database(paths: VaultPaths) -> str:
    return hashlib.sha256(paths.database.read_bytes() + paths.keys.read_bytes()).hexdigest()


def test_the_sixth_try_is_refused_and_the_right_one_too_until_fifteen_minutes_are_over(vault_paths):
    before = database(vault_paths)
    assert wrong(vault_paths, 6) == 5 * ["WrongPassphrase"] + ["TooManyAttempts"]
    assert tried(vault_paths, PASSPHRASE, NOON + 14 * MINUTE) == "TooManyAttempts"
    assert database(vault_paths) == before
    assert tried(vault_paths, PASSPHRASE, NOON + 15 * MINUTE) == "open"


def test_after_that_there_is_one_try_every_fifteen_minutes(vault_paths):
    wrong(vault_paths, 5)
    later = NOON + 15 * MINUTE
    assert wrong(vault_paths, 2, later) == ["WrongPassphrase", "TooManyAttempts"]
    assert tried(vault_paths, PASSPHRASE, later + 14 * MINUTE) == "TooManyAttempts"
    assert wrong(vault_paths, 2, later + 15 * MINUTE) == ["WrongPassphrase", "TooManyAttempts"]


def test_a_right_passphrase_starts_the_count_anew(vault_paths):
    wrong(vault_paths, 4)
    assert tried(vault_paths, PASSPHRASE, NOON) == "open"
    assert wrong(vault_paths, 6) == 5 * ["WrongPassphrase"] + ["TooManyAttempts"]


def test_five_wrong_tries_over_a_morning_close_nothing(vault_paths):
    for hour in range(8):
        assert wrong(vault_paths, 1, NOON + hour * timedelta(hours=1)) == ["WrongPassphrase"]


def test_the_limit_is_asked_before_a_key_is_derived(vault_paths, monkeypatch):
    wrong(vault_paths, 5)
    monkeypatch.setattr(slots, "Argon2id", lambda **_options: pytest.fail("derived"))
    assert tried(vault_paths, PASSPHRASE, NOON) == "TooManyAttempts"


def test_a_failure_is_on_the_disk_before_the_secret_is_tried(vault_paths, monkeypatch):
    class Killed(BaseException):
        pass

    def kill(**_options):
        raise Killed

    for _time in range(5):
        with monkeypatch.context() as patch:
            patch.setattr(slots, "Argon2id", kill)
            patch.setattr(attempts, "_withdraw", lambda *_arguments: None)  # a killed program does no more
            with pytest.raises(Killed):
                tried(vault_paths, WRONG, NOON)
    assert tried(vault_paths, PASSPHRASE, NOON) == "TooManyAttempts"


def test_a_try_that_the_memory_did_not_suffice_for_does_not_count(vault_paths, monkeypatch):
    class Starving:
        def __init__(self, **_options):
            pass

        def derive_into(self, *_buffers):
            raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(slots, "Argon2id", Starving)
        for _time in range(6):
            with pytest.raises(VaultError, match="memory"):
                tried(vault_paths, PASSPHRASE, NOON)
    assert state.read(vault_paths).failures == ()
    assert tried(vault_paths, PASSPHRASE, NOON) == "open"


def test_starting_the_program_anew_does_not_help(vault_paths):
    wrong(vault_paths, 3)
    said, _errors = process(vault_paths, NOON + MINUTE).communicate("\n" + 3 * f"{WRONG}\n", timeout=60)
    assert said.split() == ["WrongPassphrase", "WrongPassphrase", "TooManyAttempts"]
    assert tried(vault_paths, PASSPHRASE, NOON + 2 * MINUTE) == "TooManyAttempts"


def test_four_processes_side_by_side_have_five_tries_together(vault_paths, told):
    running = [process(vault_paths, NOON) for _each in range(4)]
    for each in running:
        assert each.stdin is not None
        each.stdin.write("\n" + 5 * f"{WRONG}\n")
        each.stdin.close()
        each.stdin = None
    said = [word for each in running for word in each.communicate(timeout=60)[0].split()]
    assert (said.count("WrongPassphrase"), said.count("TooManyAttempts")) == (5, 15)
    told(f"F14 four processes: tries=20 answered={said.count('WrongPassphrase')} refused=15")


@pytest.mark.parametrize("back", [MINUTE, timedelta(hours=1), timedelta(days=800)])
def test_a_clock_that_is_set_back_opens_nothing_earlier(vault_paths, back):
    wrong(vault_paths, 5)
    then = NOON - back
    assert tried(vault_paths, PASSPHRASE, then) == "TooManyAttempts"
    assert tried(vault_paths, PASSPHRASE, then + 14 * MINUTE) == "TooManyAttempts"
    assert tried(vault_paths, PASSPHRASE, then + 15 * MINUTE) == "open"


def test_a_clock_that_is_set_back_between_tries_does_not_spread_them(vault_paths):
    said = [tried(vault_paths, WRONG, NOON - hours * timedelta(hours=1)) for hours in range(6)]
    assert said == 5 * ["WrongPassphrase"] + ["TooManyAttempts"]


def test_a_wait_that_is_only_looked_at_ends_even_after_the_clock_was_set_back(vault_paths):
    wrong(vault_paths, 5)
    then = NOON - timedelta(days=1)
    for minutes in range(15):
        with pytest.raises(TooManyAttempts) as told:
            attempts.check(vault_paths, then + minutes * MINUTE)
        assert told.value.until == then + 15 * MINUTE
    attempts.check(vault_paths, then + 15 * MINUTE)


def test_the_recovery_code_opens_at_any_time_and_ends_the_wait(vault_paths):
    wrong(vault_paths, 6)
    access.unlock_with_recovery(vault_paths, str(CODE), now=NOON, floor=FLOOR).wipe()
    assert tried(vault_paths, PASSPHRASE, NOON) == "open"


def test_wrong_codes_are_never_closed_and_close_nothing(vault_paths):
    for _time in range(8):
        with pytest.raises(WrongPassphrase):
            access.unlock_with_recovery(vault_paths, str(RecoveryCode.random()), now=NOON, floor=FLOOR)
    assert tried(vault_paths, PASSPHRASE, NOON) == "open"


def test_strict_it_stays_closed_until_a_code_comes(vault_paths):
    attempts.set_strict(vault_paths, is_strict=True)
    wrong(vault_paths, 5)
    with pytest.raises(TooManyAttempts, match="recovery sheet or the hand-over code") as told:
        access.unlock(vault_paths, PASSPHRASE, now=NOON + timedelta(days=9), floor=FLOOR)
    assert told.value.until is None
    access.unlock_with_recovery(vault_paths, str(CODE), now=NOON + timedelta(days=9), floor=FLOOR).wipe()
    assert tried(vault_paths, PASSPHRASE, NOON) == "open"
    assert attempts.is_strict(vault_paths)


def test_the_agency_can_make_it_strict(vault_paths, tmp_path, monkeypatch):
    (tmp_path / "policy.json").write_bytes(b'{"strict_attempts": true}')
    monkeypatch.setattr(places, "policy", lambda: tmp_path / "policy.json")
    wrong(vault_paths, 5)
    assert tried(vault_paths, PASSPHRASE, NOON + timedelta(days=9)) == "TooManyAttempts"


def test_the_sentence_says_when_and_what_works_now(vault_paths):
    wrong(vault_paths, 5)
    with pytest.raises(TooManyAttempts, match=r"again at \d+:\d\d\. The recovery sheet works now\.$") as told:
        access.unlock(vault_paths, PASSPHRASE, now=NOON, floor=FLOOR)
    assert told.value.until == NOON + 15 * MINUTE


def test_the_audit_log_hears_of_every_try_at_the_next_opening(vault_paths):
    wrong(vault_paths, 8)
    master = access.unlock_with_recovery(vault_paths, str(CODE), now=NOON, floor=FLOOR)
    store = Store.open(vault_paths, master, FixedClock(NOON))
    with store.read() as session:
        query = "SELECT kind, object_id, outcome, detail_code FROM audit ORDER BY seq DESC LIMIT 7"
        lines = [tuple(row) for row in session.connection().exec_driver_sql(query)][::-1]
    store.close()
    at = "2026-11-23T12:00:00Z"
    assert lines == [
        *5 * [("unlock-failed", "passphrase", "failed", f"{at}:1")],
        ("locked-out", "passphrase", "locked-out", f"{at}:3"),
        ("unlock", "recovery", "ok", ""),
    ]
    assert state.read(vault_paths).failures == ()


def test_the_fifth_wrong_pin_ends_quick_unlock_and_closes_the_entry(vault_paths):
    keyring = store_of(MemoryKeyring())
    master = access.unlock(vault_paths, PASSPHRASE, now=NOON, floor=FLOOR)
    enable_device(vault_paths, master, "830164", keyring)
    for _time in range(4):
        with pytest.raises(WrongPassphrase, match="PIN"):
            access.unlock_with_device(vault_paths, "111222", keyring, now=NOON, floor=FLOOR)
    with pytest.raises(QuickUnlockClosed, match="last wrong PIN"):
        access.unlock_with_device(vault_paths, "111222", keyring, now=NOON, floor=FLOOR)
    assert MemoryKeyring.kept == {}
    with pytest.raises(QuickUnlockClosed, match="off"):
        access.unlock_with_device(vault_paths, "830164", keyring, now=NOON, floor=FLOOR)
    assert tried(vault_paths, PASSPHRASE, NOON) == "TooManyAttempts"
    assert tried(vault_paths, PASSPHRASE, NOON + 15 * MINUTE) == "open"
    kinds = {slot.kind for slot in access.slots_of(vault_paths, master, floor=FLOOR)}
    assert kinds == {SlotKind.PASSPHRASE, SlotKind.RECOVERY}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"format":1}', b'{"format":1,"attempts":7}', b"[" * 70_000, b"\xff" * 99]
)
def test_a_damaged_state_loses_nobody_anything(vault_paths: VaultPaths, content: bytes):
    vault_paths.state.write_bytes(content)
    assert state.read(vault_paths) == state.State()
    assert tried(vault_paths, PASSPHRASE, NOON) == "open"
    assert Path(vault_paths.state).stat().st_size < state.MAX_BYTES
