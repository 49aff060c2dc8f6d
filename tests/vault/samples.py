"""Makes the sample vault of this version, which every later version must open: python -m tests.vault.samples FOLDER.

Its master key is the bytes 0 to 31, its passphrase and code are those of fast.py, at the least cost that the program
takes. Beside vault.db and vault.keys lie a backup of it and ``expected.json``: what both say.
"""

import json
import shutil
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from crisisdesk.clock import FixedClock
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import keyfile, upgrade
from crisisdesk.vault.connection import open_copy
from crisisdesk.vault.digest import counts, digest
from crisisdesk.vault.header import Header
from crisisdesk.vault.keys import MasterKey, Purpose
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.passphrase import encode
from crisisdesk.vault.slots import FLOOR_KIB, Cost, SlotKind, seal
from crisisdesk.vault.store import Store
from tests.vault.fast import CODE, PASSPHRASE
from tests.vault.people import add_client, add_note, add_service, rename

MASTER = bytes(range(32))
VAULT_ID = bytes(range(16, 32))
MADE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
COST = Cost(memory_kib=FLOOR_KIB, passes=1, lanes=1)


def main(folder: Path) -> None:
    """Make the sample in a folder, which is emptied first."""
    with tempfile.TemporaryDirectory() as scratch:
        paths = VaultPaths(Path(scratch) / "vault")
        paths.folder.mkdir()
        master, clock = MasterKey(bytearray(MASTER)), FixedClock(MADE)
        slots = (
            seal(master, encode(PASSPHRASE), vault_id=VAULT_ID, kind=SlotKind.PASSPHRASE, cost=COST),
            seal(master, CODE.secret(), vault_id=VAULT_ID, kind=SlotKind.RECOVERY, cost=COST),
        )
        keyfile.write(paths, Header(vault_id=VAULT_ID, generation=1, created=MADE, slots=slots).encode(master))
        with closing(Store.make(paths, master, clock)) as store:
            _fill(store)
            made = store.begin_backup(Kind.MANUAL).run()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in (paths.database, paths.keys, made.path):
            shutil.copy(path, folder / path.name)
        _write_expected(folder, made.path.name, json.loads(made.manifest.encode()))


def _fill(store: Store) -> None:
    client = add_client(store)
    rename(store, client, "Ortiz")
    store.undo()
    add_note(store, client, "Slept at the shelter; “señora” — naïve ✓")
    add_service(store, "Single rooms")
    store.keep_draft("note", client, "Half a sen")


def _write_expected(folder: Path, backup: str, manifest: dict[str, object]) -> None:
    master = MasterKey(bytearray(MASTER))
    with closing(open_copy(folder / "vault.db", master)) as connection:
        said = {"digest": digest(connection), "counts": counts(connection)}
    expected = {
        "schema": upgrade.SCHEMA,
        "master": MASTER.hex(),
        "subkeys": {purpose.value: master.subkey(purpose).hex() for purpose in Purpose},
        "vault": said,
        "backup": {
            "file": backup,
            "digest": manifest["digest"],
            "sha256": manifest["sha256"],
            "mac": _mac(folder / backup),
        },
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n", "utf-8")


def _mac(path: Path) -> str:
    content = path.read_bytes()
    start = 12 + int.from_bytes(content[8:12], "big")
    return content[start : start + 32].hex()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
