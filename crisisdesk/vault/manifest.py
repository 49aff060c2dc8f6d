"""What a backup says of itself, in one canonical JSON object (keys sorted, no spaces, ASCII), at most 1 MB.

app       the CrisisDesk that made it, "0.1.0"
audit     {"mac": 64 hex digits, "seq": number}: the last line of the audit log
counts    {table: rows}, of every table that the digest covers
created   when, UTC, "2026-11-22T05:00:00Z"
digest    the logical digest (digest.py): 64 hex digits
format    1
keys      the text of the key file of that day, with all slots: the backup opens without anything beside it
kind      why it was made, a ``Kind``
schema    the number of the tables' revision
seq       counts the backups of a vault from 1
sha256    of the SQLCipher file: 64 hex digits
size      of the SQLCipher file, bytes
vault     the vault's id: 32 hex digits
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from crisisdesk.errors import BackupRefused, VaultTooNew
from crisisdesk.i18n import _
from crisisdesk.vault.audit import Anchor
from crisisdesk.vault.checks import Checked, refuse_changed
from crisisdesk.vault.header import VAULT_ID_BYTES, SealedHeader, decode
from crisisdesk.vault.slots import FLOOR_KIB, canonical

FORMAT = 1
MAX_BYTES = 1_000_000
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_LARGEST = 1 << 48  # bytes: a file's size that no disk has
_MOST_TABLES = 1000
_FIELDS = frozenset(
    "app audit counts created digest format keys kind schema seq sha256 size vault".split()  # noqa: SIM905  reads better
)


class Kind(StrEnum):
    """Why a backup was made; the value is part of the file."""

    AUTO = "auto"
    MANUAL = "manual"
    PRE_MIGRATE = "pre-migrate"
    PRE_IMPORT = "pre-import"
    PRE_PURGE = "pre-purge"
    PRE_REKEY = "pre-rekey"
    HAND_OVER = "hand-over"

    @property
    def is_before_an_act(self) -> bool:
        """Whether it was made to go back to, should an act turn out badly."""
        return self.value.startswith("pre-")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    vault_id: bytes
    seq: int
    created: datetime
    kind: Kind
    app: str
    keys: str
    size: int
    sha256: str
    said: Checked

    @property
    def file_name(self) -> str:
        """The name that its file has: "20261122T050000Z-0a1b2c3d-7.cdbak"."""
        return f"{self.created.astimezone(UTC):%Y%m%dT%H%M%SZ}-{self.vault_id.hex()[:8]}-{self.seq}.cdbak"

    def encode(self) -> bytes:
        """Return it as the file has it."""
        return canonical(
            {
                "app": self.app,
                "audit": {"mac": self.said.audit.mac, "seq": self.said.audit.seq},
                "counts": dict(self.said.counts),
                "created": self.created.astimezone(UTC).strftime(_MOMENT),
                "digest": self.said.digest,
                "format": FORMAT,
                "keys": self.keys,
                "kind": self.kind.value,
                "schema": self.said.schema,
                "seq": self.seq,
                "sha256": self.sha256,
                "size": self.size,
                "vault": self.vault_id.hex(),
            }
        )

    def header(self, *, floor: int = FLOOR_KIB) -> SealedHeader:
        """Return the key file of its day. ``floor`` (KiB) is for tests. Raises as ``header.decode``."""
        return decode(self.keys.encode("ascii"), floor=floor)


def decode_manifest(encoded: bytes) -> Manifest:
    """Read a manifest's form; its MAC is another matter.

    Raises BackupRefused, VaultTooNew for a later format.
    """
    try:
        plain = json.loads(encoded)
    except (ValueError, RecursionError):
        refuse_changed()
    if isinstance(plain, dict) and type(plain.get("format")) is int and plain["format"] > FORMAT:
        raise VaultTooNew(_("This backup was made by a newer CrisisDesk. Install that version to open it."))
    try:
        manifest = _read(plain)
        same = manifest.encode() == encoded  # no doubled field, no other spelling
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BackupRefused(
            _("This backup is damaged: what it says of itself can't be read. Use another one.")
        ) from None
    if not same:
        refuse_changed()
    return manifest


def _read(plain: dict[str, Any]) -> Manifest:
    if plain.keys() != _FIELDS or len(plain["counts"]) > _MOST_TABLES:
        raise ValueError
    said = Checked(
        schema=_whole(plain["schema"]),
        counts={str(name): _whole(count) for name, count in plain["counts"].items()},
        audit=Anchor(_whole(plain["audit"]["seq"]), _hex(plain["audit"]["mac"])),
        digest=_hex(plain["digest"]),
    )
    vault_id = bytes.fromhex(plain["vault"])
    if len(vault_id) != VAULT_ID_BYTES or not plain["keys"].isascii():
        raise ValueError
    return Manifest(
        vault_id=vault_id,
        seq=_whole(plain["seq"]),
        created=datetime.strptime(plain["created"], _MOMENT).replace(tzinfo=UTC),
        kind=Kind(plain["kind"]),
        app=str(plain["app"]),
        keys=plain["keys"],
        size=_whole(plain["size"]),
        sha256=_hex(plain["sha256"]),
        said=said,
    )


def _whole(value: object) -> int:
    if type(value) is not int or not 0 <= value < _LARGEST:  # True is an int, too
        raise ValueError
    return value


def _hex(value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", value, re.ASCII):
        raise ValueError
    return value
