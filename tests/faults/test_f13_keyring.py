"""F13: credential stores that are missing, locked, slow, broken, lying or hostile. The passphrase always works."""

import base64
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from contextlib import contextmanager
from pathlib import Path

import keyring.errors
import pytest

from crisisdesk.errors import QuickUnlockClosed, WrongPassphrase
from crisisdesk.vault import device
from crisisdesk.vault.device import SERVICE, CredentialStore
from tests.vault.fast import PASSPHRASE, enable_device, slots_of, unlock, unlock_with_device
from tests.vault.keyrings import QUICKLY, BrokenKeyring, MemoryKeyring, NullKeyring, SlowKeyring, store_of

PIN = "830164"
ROOT = Path(__file__).parents[2]
needs_gnome = pytest.mark.skipif(
    sys.platform != "linux" or not all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon"))),
    reason="not run: dbus-run-session and gnome-keyring-daemon are not installed here",
)


@pytest.fixture
def enabled(vault_paths):
    """A vault with quick unlock, and the store that keeps its half."""
    store = store_of(MemoryKeyring())
    enable_device(vault_paths, unlock(vault_paths, PASSPHRASE), PIN, store)
    assert unlock_with_device(vault_paths, PIN, store).opened_by == "device"
    return vault_paths


def refused(paths, store: CredentialStore) -> str:
    """Return what is said to the PIN; the passphrase must open the vault all the same."""
    with pytest.raises(QuickUnlockClosed) as told:
        unlock_with_device(paths, PIN, store)
    unlock(paths, PASSPHRASE).wipe()
    return str(told.value)


def over(backend, *, limit: float = 5.0) -> CredentialStore:
    return CredentialStore(lambda: backend, "the computer's keyring", limit=limit)


def locked() -> BrokenKeyring:
    backend = BrokenKeyring()
    backend.problem = keyring.errors.KeyringLocked("Failed to unlock the collection!")
    return backend


def missing():
    raise RuntimeError("No recommended backend was available.")


@pytest.mark.parametrize(
    ("store", "says"),
    [
        (CredentialStore(missing, "the computer's keyring"), "can’t be reached"),
        (over(BrokenKeyring()), "can’t be reached"),
        (over(locked()), "is locked"),
        (over(NullKeyring()), "no longer has its half"),
    ],
    ids=["missing", "failing", "locked", "null"],
)
def test_a_store_that_gives_nothing_says_why(enabled, store, says):
    assert says in refused(enabled, store)


@pytest.mark.parametrize(
    "kept",
    [None, "", "x", "A" * 44, base64.b64encode(os.urandom(32)).decode(), "A" * 5_000_000, "\N{SNOWMAN}" * 44, "=" * 44],
    ids=["deleted", "empty", "short", "zeros", "wrong secret", "huge", "no letters", "padding"],
)
def test_an_item_that_is_not_what_was_kept_opens_nothing(enabled, kept):
    (key,) = MemoryKeyring.kept
    MemoryKeyring.kept.pop(key) if kept is None else MemoryKeyring.kept.update({key: kept})
    with pytest.raises((QuickUnlockClosed, WrongPassphrase)):
        unlock_with_device(enabled, PIN, over(MemoryKeyring()))
    unlock(enabled, PASSPHRASE).wipe()


def test_a_slow_store_is_not_waited_for(enabled):
    slow = SlowKeyring()
    assert "does not answer" in refused(enabled, over(slow, limit=QUICKLY))
    slow.let_go.set()


def test_a_store_that_keeps_nothing_gets_no_slot(vault_paths):
    master = unlock(vault_paths, PASSPHRASE)
    with pytest.raises(QuickUnlockClosed, match="did not keep"):
        enable_device(vault_paths, master, PIN, store_of(NullKeyring()))
    assert len(slots_of(vault_paths, master)) == 2


def test_what_a_store_says_of_a_secret_reaches_nobody(vault_paths):
    with pytest.raises(QuickUnlockClosed) as told:
        enable_device(vault_paths, unlock(vault_paths, PASSPHRASE), PIN, store_of(BrokenKeyring()))
    assert str(told.value) == "The computer's keyring can’t be reached."
    assert told.value.__cause__ is None


def test_a_call_runs_on_a_thread_of_its_own():
    seen: list[threading.Thread] = []

    class Curious(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            seen.append(threading.current_thread())
            return super().get_password(service, username)

    store_of(Curious()).read("account")
    assert seen[0] is not threading.current_thread()
    assert seen[0].daemon


# The environment and a file in her home folder name other stores: nobody asks them.

HOSTILE = """
    from pathlib import Path
    from crisisdesk.errors import QuickUnlockClosed
    from crisisdesk.paths import VaultPaths
    from crisisdesk.vault import device
    store = device.credential_store()
    print(device.unavailable_because(store))
    backend = store._make()
    print(type(backend).__module__, sorted(vars(backend)))
    from tests.vault.fast import PASSPHRASE, unlock
    import sys
    unlock(VaultPaths(Path(sys.argv[1])), PASSPHRASE)
    print("open")
"""


def run(script: str, *arguments: str, home: Path, before: tuple[str, ...] = (), **environment: str) -> list[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DBUS", "PYTHON", "XDG", "KEYRING"))
    }
    done = subprocess.run(
        [*before, sys.executable, "-c", textwrap.dedent(script), *arguments],
        env={**kept, "HOME": str(home), "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@contextmanager
def hostile_home(folder: Path):
    """A home folder whose keyringrc.cfg would run somebody's module."""
    marker, config = folder / "marker", folder / ".config" / "python_keyring"
    config.mkdir(parents=True)
    (folder / "hostile.py").write_text(f"open({str(marker)!r}, 'w')\nfrom keyring.backends.null import Keyring\n")
    (config / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring=hostile.Keyring\nkeyring-path={folder}\n")
    shutil.copytree(config, folder / ".local" / "share" / "python_keyring")
    yield
    assert not marker.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="not run: Linux's store")
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        {"PYTHON_KEYRING_BACKEND": "hostile.Keyring"},
        {"KEYRING_PROPERTY_APPID": "x", "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/evil"},
    ],
    ids=["a file", "a null store", "a module", "properties"],
)
def test_neither_a_file_nor_the_environment_chooses_the_store(vault_paths, tmp_path, environment):
    with hostile_home(tmp_path):
        said = run(
            HOSTILE,
            str(vault_paths.folder),
            home=tmp_path,
            DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere",
            **environment,
        )
    assert said == ["The computer's keyring can’t be reached.", "keyring.backends.SecretService []", "open"]


@pytest.mark.parametrize("platform", ["sunos", ""])
def test_a_system_without_a_known_store_says_so(monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    assert device.credential_store() is None
    assert "no credential store" in device.availability().reason


# GNOME's own keyring, in a session of its own.

GNOME = """
    import os, subprocess, sys
    from pathlib import Path
    from crisisdesk.errors import QuickUnlockClosed
    from crisisdesk.paths import VaultPaths
    from crisisdesk.vault import device
    from tests.vault.fast import PASSPHRASE, enable_device, unlock, unlock_with_device
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    daemon.stdin.write(b"made-up"); daemon.stdin.close()
    store = device.credential_store()
    import time
    for _try in range(200):
        if not device.unavailable_because(store):
            break
        time.sleep(0.05)
    print("unavailable:", device.unavailable_because(store))
    paths = VaultPaths(Path(sys.argv[1]))
    enable_device(paths, unlock(paths, PASSPHRASE), "830164", store)
    print(unlock_with_device(paths, "830164", store).opened_by)
    import secretstorage
    bus = secretstorage.dbus_init()
    secretstorage.get_default_collection(bus).lock()
    for _try in range(200):
        if secretstorage.get_default_collection(bus).is_locked():
            break
        time.sleep(0.05)
    quick = device.CredentialStore(store._make, store._name, limit=1.0)
    try:
        unlock_with_device(paths, "830164", quick)
    except QuickUnlockClosed as told:
        print(told)
    unlock(paths, PASSPHRASE)
    print("open")
    daemon.terminate(); daemon.wait()
    os._exit(0 if sys.stdout.flush() is None else 1)  # a thread still waits for the prompt
"""


@needs_gnome
def test_gnome_keyring_keeps_its_half_and_when_locked_the_passphrase_works(vault_paths, tmp_path, told):
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    said = run(
        GNOME, str(vault_paths.folder), home=tmp_path, before=("dbus-run-session", "--"), XDG_RUNTIME_DIR=str(runtime)
    )
    assert said[:2] == ["unavailable: ", "device"]
    assert said[2] in {"The computer's keyring is locked.", "The computer's keyring does not answer."}
    assert said[3:] == ["open"]
    told(f"F13 gnome-keyring: {said[2]} passphrase opens")


@pytest.mark.usefixtures("enabled")
def test_the_item_is_base64_of_32_bytes_and_names_nobody():
    ((service, account), text), *none = MemoryKeyring.kept.items()
    assert (service, len(base64.b64decode(text)), len(text), none) == (SERVICE, 32, 44, [])
    assert set(account) <= set("0123456789abcdef-")
