"""Break one promise of the installed program on purpose, then run it: a check that does not notice is worth nothing.

python breakages.py SITE NAME words…
"""

# mypy: disable-error-code="assignment, attr-defined, method-assign"
# A breakage puts something else in the place of what is there.

import os
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def no_encryption() -> None:
    """Keep the database in the clear: no key is set, no cipher's setting asked for."""
    from crisisdesk.vault import connection, keys

    def open_plain(path: Path, _keys: keys.KeySource) -> Any:
        where = f"{path.absolute().as_uri()}?mode=rw"
        return connection.sqlcipher.connect(where, uri=True, isolation_level=None, check_same_thread=False)

    def set_up(opened: Any) -> None:
        for name, value, _said in connection._SETTINGS:
            opened.execute(f"PRAGMA {name} = {value}")

    connection._open = open_plain
    connection._set_up = set_up
    connection.check_file = lambda _path: None


def other_journal() -> None:
    """Keep another journal than the one that was measured to be safe."""
    from crisisdesk.vault import connection

    connection._SETTINGS = tuple(
        (name, "TRUNCATE", "truncate") if name == "journal_mode" else (name, value, said)
        for name, value, said in connection._SETTINGS
    )


def engine_unasked() -> None:
    """Never ask whether the engine is SQLCipher."""
    from crisisdesk.vault import engine

    engine.check = lambda: None


def mac_unasked() -> None:
    """Believe every key file."""
    from crisisdesk.vault.header import SealedHeader

    SealedHeader.is_proven = lambda _self, _master: True


def keyring_asked() -> None:
    """Let the environment choose what stores the computer's half of the key."""
    import keyring

    from crisisdesk.vault import access

    unlock = access.unlock

    def unlock_with_keyring(*given: Any, **more: Any) -> Any:
        keyring.core.init_backend()
        return unlock(*given, **more)

    access.unlock = unlock_with_keyring


def no_limit() -> None:
    """Count no wrong passphrases."""
    from crisisdesk.vault import attempts

    attempts._closed = lambda _attempts, _now: (None, False)


def early_word() -> None:
    """Acknowledge now and then what was never done."""
    from crisisdesk.selftest import driver

    act = driver.Driver.act

    def act_or_not(self: driver.Driver) -> str:
        if not self.chance(0.03):
            return act(self)
        made = self._write_note() if self._clients else self._add_client()
        self._ledger.intend(made.name, made.facts)
        facts = [fact.with_key("00000000-0000-0000-0000-000000000000") for fact in made.facts]
        self._ledger.acknowledge(made.name, facts, step=self._step, audit=self.store.audit_head().seq)
        return made.name

    driver.Driver.act = act_or_not


def no_look_back() -> None:
    """Take an older file for today's."""
    from crisisdesk.vault import opening

    opening.look_back = lambda _connection, _mark: None


def no_wiping() -> None:
    """Leave keys in memory, in the program that locks as well."""
    from crisisdesk.selftest import lock_mem
    from crisisdesk.vault import keys

    keys.wipe = lambda _secret: None
    keys.MasterKey.wipe = lambda _self: None
    again = (sys.executable, "-P", __file__, sys.path[0], "no_wiping", "-m", "crisisdesk", "lock-child")
    lock_mem.campaign.__defaults__ = (again,)


def loud_log() -> None:
    """Write into the log what an exception says."""
    from crisisdesk.ui import crash

    caught = crash.Crash.caught

    def caught_loudly(self: crash.Crash, kind: Any, error: Any, trace: Any) -> None:
        crash._log.error(str(error))
        caught(self, kind, error, trace)

    crash.Crash.caught = caught_loudly


def chain_unasked() -> None:
    """Call every audit log sound."""
    from crisisdesk.vault import audit

    verify = audit.verify

    def verify_kindly(connection: Any, key: bytearray, anchor: Any = None) -> audit.AuditCheck:
        found = verify(connection, key, anchor)
        return audit.AuditCheck(found.lines, found.head)

    audit.verify = verify_kindly


def a_socket() -> None:
    """Reach for the network once."""
    import socket

    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


BREAKAGES: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        *(no_encryption, other_journal, engine_unasked, mac_unasked, keyring_asked, no_limit, early_word),
        *(no_look_back, no_wiping, loud_log, chain_unasked, a_socket),
    )
}


def main() -> int:
    site, name = sys.argv[1:3]
    sys.path.insert(0, site)
    sys.argv = ["crisisdesk", *sys.argv[3:]]
    os.umask(0o077)
    BREAKAGES[name]()
    if sys.argv[1:2] == ["-m"]:
        module = sys.argv[2]
        sys.argv = [module, *sys.argv[3:]]
        runpy.run_module(module, run_name="__main__")
        return 0
    from crisisdesk.__main__ import main as program

    return program()


if __name__ == "__main__":
    sys.exit(main())
