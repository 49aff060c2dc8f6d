"""The master key, wrapped for one secret: a passphrase, a recovery or hand-over code, a PIN on this device.

The secret's bytes go through Argon2id (version 1.3, 16-byte salt, 32 bytes out) and the result wraps the 32 bytes of
the master key with AES-256-GCM (12-byte random nonce, 16-byte tag at the end of the box). Salt and nonce are new at
each write, so a wrapping key is used once. What else the box vouches for, so that no slot can be moved, renamed or
cheapened:

    canonical JSON of ["CDKEYS", 1, vault id, slot id, slot kind, kdf]

In the key file a slot is

    {"box": 48 bytes, "id": 8 bytes, "kdf": …, "kind": …, "nonce": 12 bytes}
    kdf: {"m": KiB, "name": "argon2id", "p": lanes, "salt": 16 bytes, "t": passes}

where bytes are lower-case hex. For kind "device" the PIN's digits go through Argon2id and then, with the 32 bytes from
the computer's credential store behind them, through HKDF-SHA256 (info "crisisdesk/v1/device"): neither opens it alone.
"""

import json
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from crisisdesk.errors import VaultError
from crisisdesk.i18n import _
from crisisdesk.vault.keys import KEY_BYTES, MasterKey, combine, wipe, wiped

MAGIC = "CDKEYS"
FORMAT = 1

ID_BYTES = 8
SALT_BYTES = 16
NONCE_BYTES = 12
BOX_BYTES = KEY_BYTES + 16

FLOOR_KIB = 65_536  # RFC 9106's smaller profile; a cheaper header is somebody's forgery
_CEILING_KIB = 2_097_152  # 2 GiB; a dearer one would exhaust this computer
_MOST_PASSES = 20
_MOST_LANES = 16


class SlotKind(StrEnum):
    """Whose secret opens the slot; the value is part of the key file."""

    PASSPHRASE = "passphrase"  # noqa: S105  a kind of secret, not one
    RECOVERY = "recovery"
    HANDOVER = "handover"
    DEVICE = "device"


@dataclass(frozen=True)
class Cost:
    """What one guess costs: Argon2id's memory in KiB, passes over it, and lanes.

    The default takes 0.3 s to 0.6 s on an office computer.
    """

    memory_kib: int
    passes: int
    lanes: int

    DEFAULT: ClassVar["Cost"]

    def is_allowed(self, floor: int = FLOOR_KIB) -> bool:
        """Whether a key file may ask for it. Only tests pass a ``floor`` (KiB)."""
        return (
            max(floor, 8 * self.lanes) <= self.memory_kib <= _CEILING_KIB
            and 1 <= self.passes <= _MOST_PASSES
            and 1 <= self.lanes <= _MOST_LANES
        )


Cost.DEFAULT = Cost(memory_kib=262_144, passes=3, lanes=4)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One wrapped copy of the master key, as the key file holds it."""

    id: bytes
    kind: SlotKind
    cost: Cost
    salt: bytes
    nonce: bytes
    box: bytes

    def plain(self) -> dict[str, object]:
        """Return it as the key file's JSON has it."""
        return {
            "box": self.box.hex(),
            "id": self.id.hex(),
            "kdf": _kdf(self.cost, self.salt),
            "kind": self.kind.value,
            "nonce": self.nonce.hex(),
        }


def canonical(value: object) -> bytes:
    """Return the one JSON text of a value: keys sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def seal(
    master: MasterKey,
    secret: bytearray,
    *,
    vault_id: bytes,
    kind: SlotKind,
    cost: Cost,
    stored: bytearray | None = None,
) -> Slot:
    """Wrap the master key for a secret, and one stored elsewhere if there is one. The caller wipes both.

    Raises VaultError if this computer has not the memory for the cost.
    """
    slot_id, salt, nonce = os.urandom(ID_BYTES), os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    vouched = _vouched(vault_id, slot_id, kind, _kdf(cost, salt))
    with wiped(stretch(secret, cost, salt, stored)) as key:
        box = AESGCM(key).encrypt(nonce, master.secret, vouched)
    return Slot(id=slot_id, kind=kind, cost=cost, salt=salt, nonce=nonce, box=box)


def unseal(slot: Slot, secret: bytearray, *, vault_id: bytes, stored: bytearray | None = None) -> MasterKey | None:
    """Return the master key, or None if the secret does not fit or the slot is damaged: the two look alike.

    Raises VaultError if this computer has not the memory for the slot's cost.
    """
    vouched = _vouched(vault_id, slot.id, slot.kind, _kdf(slot.cost, slot.salt))
    opened = bytearray(KEY_BYTES)
    with wiped(stretch(secret, slot.cost, slot.salt, stored)) as key:
        try:
            AESGCM(key).decrypt_into(slot.nonce, slot.box, vouched, opened)
        except InvalidTag:
            return None
    return MasterKey(opened)


def stretch(secret: bytearray, cost: Cost, salt: bytes, stored: bytearray | None = None) -> bytearray:
    """Return the 32 bytes that wrap a master key. The caller wipes them. Raises VaultError for want of memory."""
    key = bytearray(KEY_BYTES)
    argon = Argon2id(salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    try:
        argon.derive_into(secret, key)  # type: ignore[arg-type]  # it takes any buffer; its stub says bytes
    except MemoryError:
        # Never tried again with less: a cheaper key would be a weaker one, unseen.
        raise VaultError(
            _("There is not enough free memory to unlock. Close other programs, then try again.")
        ) from None
    if stored is None:
        return key
    try:
        return combine(key, stored)
    finally:
        wipe(key)


def _kdf(cost: Cost, salt: bytes) -> dict[str, object]:
    return {"m": cost.memory_kib, "name": "argon2id", "p": cost.lanes, "salt": salt.hex(), "t": cost.passes}


def _vouched(vault_id: bytes, slot_id: bytes, kind: SlotKind, kdf: dict[str, object]) -> bytes:
    return canonical([MAGIC, FORMAT, vault_id.hex(), slot_id.hex(), kind.value, kdf])
