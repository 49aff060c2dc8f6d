"""Read a CrisisDesk vault or backup without CrisisDesk, and write out all that it holds.

    python3 crisisdesk_recover.py FOLDER-OR-BACKUP --to NEW-FOLDER

It asks for the passphrase or the recovery code, changes nothing of what it reads, and needs Python 3.11 or later with
two packages: cryptography and sqlcipher3. README.txt beside this file goes through it step by step; SECURITY.md has
the formats byte by byte.
"""

import argparse
import base64
import contextlib
import csv
import getpass
import hashlib
import hmac
import json
import os
import re
import shutil
import sys
import tempfile
import unicodedata
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlcipher3 import dbapi2 as sqlcipher

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # of a recovery code: Crockford's base 32
CODE_LENGTH = 30
BACKUP_MAGIC = b"CDBAK1\0\n"
MOST_MEMORY = 2_097_152  # KiB that a key file may ask for; more would be a forgery
MOST_PASSES, MOST_LANES = 20, 16
SETTINGS = ("cipher_compatibility = 4", "cipher_page_size = 4096", "cipher_use_hmac = ON", "temp_store = MEMORY")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RecoverError(Exception):
    """Why nothing can be read, as a sentence."""


def canonical(value: object) -> bytes:
    """Return the one JSON text of a value: keys sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


# --- keys ------------------------------------------------------------------------------------------------------------


def secrets_of(typed: str) -> list[tuple[frozenset[str], bytes]]:
    """Return what a typed line may be, as (kinds of slot, the secret's bytes): a code if it looks like one."""
    found = [(frozenset({"passphrase"}), unicodedata.normalize("NFC", typed).encode())]
    code = unicodedata.normalize("NFKC", typed).upper().translate(str.maketrans("OIL", "011"))
    code = "".join(sign for sign in code if not sign.isspace() and unicodedata.category(sign) not in {"Pd", "Cf"})
    if len(code) == CODE_LENGTH and set(code) <= set(SIGNS):
        found.insert(0, (frozenset({"recovery", "handover"}), code.encode("ascii")))
    return found


def unwrap(header: dict, slot: dict, secret: bytes) -> bytes | None:
    """Return the master key if the secret opens the slot, else None."""
    kdf = slot["kdf"]
    if kdf["name"] != "argon2id" or kdf["m"] > MOST_MEMORY or kdf["t"] > MOST_PASSES or kdf["p"] > MOST_LANES:
        raise RecoverError("The key file asks for more work than CrisisDesk ever does: somebody changed it.")
    salt = bytes.fromhex(kdf["salt"])
    argon = Argon2id(salt=salt, length=32, iterations=kdf["t"], lanes=kdf["p"], memory_cost=kdf["m"])
    vouched = canonical([header["magic"], header["format"], header["vault"], slot["id"], slot["kind"], kdf])
    try:
        return AESGCM(argon.derive(secret)).decrypt(bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["box"]), vouched)
    except InvalidTag:
        return None


def subkey(master: bytes, purpose: str) -> bytes:
    """Return the 32 bytes for one purpose: db, header, audit or backup."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"crisisdesk/v1/" + purpose.encode("ascii")).derive(master)


def is_proven(header: dict, master: bytes) -> bool:
    """Whether the master key vouches for every field of the key file."""
    rest = {name: value for name, value in header.items() if name != "mac"}
    return hmac.compare_digest(hmac.digest(subkey(master, "header"), canonical(rest), "sha256").hex(), header["mac"])


def master_key(encoded_headers: list[bytes], typed: str) -> bytes:
    """Return the master key that a passphrase or code opens in one of these key files."""
    opened = False
    for encoded in encoded_headers:
        try:
            header = json.loads(encoded)
            is_ours = header["magic"] == "CDKEYS" and header["format"] == 1
        except (ValueError, KeyError, TypeError):
            continue
        for kinds, secret in secrets_of(typed) if is_ours else ():
            for slot in header["slots"]:
                master = unwrap(header, slot, secret) if slot["kind"] in kinds else None
                if master is not None and is_proven(header, master):
                    return master
                opened = opened or master is not None
    if opened:
        raise RecoverError("It opens, but the key file was changed afterwards. Try its twin, or an older backup.")
    raise RecoverError("This is neither the passphrase nor a recovery code of it, or the key file is damaged.")


# --- the files -------------------------------------------------------------------------------------------------------


def read_backup(path: Path) -> tuple[dict, bytes, bytes, int]:
    """Return a backup's manifest, its bytes up to the MAC, the MAC, and where the database begins in the file."""
    with path.open("rb") as file:
        start = file.read(12)
        length = int.from_bytes(start[8:], "big")
        encoded = file.read(length)
        mac = file.read(32)
    if start[:8] != BACKUP_MAGIC or len(encoded) != length or len(mac) != 32:  # noqa: PLR2004  as SECURITY.md says
        raise RecoverError("This is not a whole backup of CrisisDesk.")
    return json.loads(encoded), start + encoded, mac, 12 + length + 32


def copy_vault(folder: Path, scratch: Path) -> list[bytes]:
    """Copy a vault's database, with what a crash left of its journal; return the key files."""
    if not (folder / "vault.db").is_file():
        raise RecoverError("There is no vault.db in this folder.")
    for name in ("vault.db", "vault.db-journal"):
        if (folder / name).exists():
            shutil.copyfile(folder / name, scratch / name)
    keys = [folder / name for name in ("vault.keys", "vault.keys.bak")]
    return [path.read_bytes() for path in keys if path.is_file()]


def copy_backup(path: Path, scratch: Path) -> tuple[list[bytes], dict, bytes, bytes]:
    """Copy the database out of a backup; return the key file in it, the manifest, its bytes and its MAC."""
    manifest, vouched, mac, start = read_backup(path)
    with path.open("rb") as file, (scratch / "vault.db").open("wb") as target:
        file.seek(start)
        shutil.copyfileobj(file, target)
    return [manifest["keys"].encode("ascii")], manifest, vouched, mac


def check_backup(database: Path, manifest: dict, vouched: bytes, mac: bytes, master: bytes) -> list[str]:
    """Return what is wrong with a backup: its MAC, its size, its SHA-256."""
    wrong = []
    if not hmac.compare_digest(hmac.digest(subkey(master, "backup"), vouched, "sha256"), mac):
        wrong.append("The backup's own description is not the one that CrisisDesk wrote.")
    if database.stat().st_size != manifest["size"]:
        wrong.append("The backup is shorter or longer than it was.")
    if hashlib.sha256(database.read_bytes()).hexdigest() != manifest["sha256"]:
        wrong.append("The backup's content is not the one that CrisisDesk wrote.")
    return wrong


def open_database(path: Path, master: bytes) -> sqlcipher.Connection:
    """Open the SQLCipher file with its raw key."""
    connection = sqlcipher.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    connection.set_key(bytearray(f"x'{subkey(master, 'db').hex()}'", "ascii"))
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError:
        raise RecoverError("The key is right, but the database is damaged beyond reading. Try a backup.") from None
    return connection


def check_database(connection: sqlcipher.Connection, master: bytes) -> list[str]:
    """Return what is wrong with the database: its pages, its structure, its audit log."""
    wrong = [f"Page: {said}" for (said,) in connection.execute("PRAGMA cipher_integrity_check")]
    wrong += [f"Structure: {said}" for (said,) in connection.execute("PRAGMA integrity_check") if said != "ok"]
    before, expected = bytes(32), 1
    keys = audit_keys(connection, master)
    for seq, *values, mac in connection.execute("SELECT * FROM audit ORDER BY seq").fetchall():
        key = next(key for until, key in keys if until is None or seq <= until)
        line = json.dumps([seq, *values], separators=(",", ":"), default=repr).encode()
        if seq != expected or hmac.digest(key, before + line, "sha256") != mac:
            wrong.append(f"Audit log: line {expected} is not the one that CrisisDesk wrote.")
            break
        before, expected = mac, seq + 1
    return wrong


def audit_keys(connection: sqlcipher.Connection, master: bytes) -> list[tuple[int | None, bytes]]:
    """Return which key vouches for the audit log up to which line; the last, up to its end."""
    present = [(None, subkey(master, "audit"))]
    if "audit_key" not in tables(connection):
        return present
    return [*connection.execute("SELECT until_seq, key FROM audit_key ORDER BY until_seq"), *present]


# --- writing it out --------------------------------------------------------------------------------------------------


def tables(connection: sqlcipher.Connection) -> list[str]:
    """Return the names of the tables that hold records: not those that the search keeps for itself."""
    listed = connection.execute("PRAGMA table_list").fetchall()
    return sorted(row[1] for row in listed if row[0] == "main" and row[2] == "table" and row[1][:7] != "sqlite_")


def export(connection: sqlcipher.Connection, target: Path) -> dict[str, int]:
    """Write each table as NAME.jsonl (exact) and NAME.csv (to look at), and each filed paper; return rows by table."""
    counts = {}
    for name in tables(connection):
        cursor = connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608  a table's own name
        columns = [column[0] for column in cursor.description]
        with (target / f"{name}.jsonl").open("x", encoding="utf-8") as lines, _csv(target / f"{name}.csv") as sheet:
            sheet.writerow(columns)
            counts[name] = 0
            for row in cursor:
                counts[name] += 1
                values = dict(zip(columns, row, strict=True))
                lines.write(json.dumps(values, ensure_ascii=False, default=_text_of) + "\n")
                sheet.writerow([_shown(value) for value in row])
                _paper(target, values)
    return counts


@contextlib.contextmanager
def _csv(path: Path):  # noqa: ANN202  a context manager of csv's own writer
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        yield csv.writer(file)


def _text_of(value: object) -> object:
    return {"base64": base64.b64encode(value).decode("ascii")} if isinstance(value, bytes) else repr(value)


def _shown(value: object) -> object:
    """Return a value as a spreadsheet may show it: never as a formula, and long data by its size alone."""
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(FORMULA) else value


def _paper(target: Path, values: dict) -> None:
    """Write a paper that was filed (a PDF in a row) as a file named by the row's id."""
    for value in values.values():
        if isinstance(value, bytes) and value[:5] == b"%PDF-" and re.fullmatch(r"[\w-]+", str(values.get("id"))):
            (target / "papers").mkdir(exist_ok=True)
            (target / "papers" / f"{values['id']}.pdf").write_bytes(value)


def recover(source: Path, target: Path, typed: str) -> list[str]:
    """Write everything from a vault's folder or a backup into a new folder; return what is wrong with it."""
    if target.exists():
        raise RecoverError("The folder after --to is there already. Name a new one: nothing is overwritten.")
    with tempfile.TemporaryDirectory(prefix="crisisdesk-recover-") as made:  # what lies here stays encrypted
        scratch, wrong = Path(made), []
        if source.is_dir():
            master = master_key(copy_vault(source, scratch), typed)
        else:
            keys, *of_backup = copy_backup(source, scratch)
            master = master_key(keys, typed)
            wrong += check_backup(scratch / "vault.db", *of_backup, master)
        connection = open_database(scratch / "vault.db", master)
        try:
            wrong += check_database(connection, master)
            target.mkdir(mode=0o700, parents=True)
            counts = export(connection, target)
        finally:
            connection.close()
    for name, count in counts.items():
        sys.stdout.write(f"{count:8}  {name}\n")
    return wrong


def main() -> int:
    """Ask, read, write out, and say what was found: 0 all is sound, 1 something is not, 2 nothing could be read."""
    parser = argparse.ArgumentParser(description="Read a CrisisDesk vault or backup without CrisisDesk.")
    parser.add_argument("source", type=Path, help="the vault's folder (with vault.db in it), or a .cdbak file")
    parser.add_argument("--to", type=Path, required=True, help="a new folder, for everything in readable form")
    parser.add_argument("--secret-fd", type=int, metavar="N", help="read passphrase or code from this file descriptor")
    given = parser.parse_args()
    os.umask(0o077)
    try:
        if given.secret_fd is None:
            typed = getpass.getpass("Passphrase or recovery code: ")
        else:
            with os.fdopen(given.secret_fd, encoding="utf-8", newline="") as file:
                typed = file.read().removesuffix("\n").removesuffix("\r")
        wrong = recover(given.source, given.to, typed)
    except (RecoverError, OSError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    for problem in wrong:
        sys.stderr.write(f"{problem}\n")
    sys.stdout.write(f"\nEverything that could be read lies in {given.to}. It is NOT encrypted: keep it safe.\n")
    sys.stdout.write("All checks passed.\n" if not wrong else "Some checks failed; see above.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
