"""The key file's form: one line of canonical JSON and a line end, under 4 KiB.

    cipher    {"hmac": "sha512", "kdf": "n/a", "page": 4096}: how SQLCipher is set; nothing else is opened
    created   when the vault was made, UTC, "2026-11-22T05:00:00Z"
    format    1
    gen       counts the key file's versions from 1; the database remembers the last, so an old file is noticed
    mac       HMAC-SHA256 of the canonical JSON of all other fields under the master key's "header" subkey
    magic     "CDKEYS"
    min_app   the oldest CrisisDesk that can open the vault, "0.1.0"
    slots     2 to 8 of them, as in slots.py; exactly one passphrase, at least one recovery code
    vault     the vault's id, 16 random bytes

Bytes are lower-case hex. Only the very text that we would write is read: any other spelling, a field too many, a
doubled field, is refused before a secret is tried. The MAC is checked after a slot gave the master key; a slot that
opens while the MAC fails is a changed file, not a wrong passphrase.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from crisisdesk.errors import VaultDamaged, VaultForeign
from crisisdesk.i18n import _
from crisisdesk.vault.faults import too_new
from crisisdesk.vault.keys import MasterKey, Purpose, wiped
from crisisdesk.vault.slots import (
    BOX_BYTES,
    FLOOR_KIB,
    FORMAT,
    ID_BYTES,
    MAGIC,
    NONCE_BYTES,
    SALT_BYTES,
    Cost,
    Slot,
    SlotKind,
    canonical,
)

MAX_BYTES = 4095
VAULT_ID_BYTES = 16
MIN_APP = "0.1.0"  # goes up only with a key file or a cipher that older programs can't read

_MAC_BYTES = 32
MOST_SLOTS = 8
_CIPHER: dict[str, object] = {"hmac": "sha512", "kdf": "n/a", "page": 4096}
_FIELDS = frozenset({"cipher", "created", "format", "gen", "mac", "magic", "min_app", "slots", "vault"})
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, kw_only=True)
class Header:
    """What the key file says, apart from its MAC."""

    vault_id: bytes
    generation: int
    created: datetime
    slots: tuple[Slot, ...]
    min_app: str = MIN_APP

    def plain(self) -> dict[str, object]:
        """Return it as the file's JSON has it, without the MAC."""
        return {
            "cipher": _CIPHER,
            "created": self.created.astimezone(UTC).strftime(_MOMENT),
            "format": FORMAT,
            "gen": self.generation,
            "magic": MAGIC,
            "min_app": self.min_app,
            "slots": [slot.plain() for slot in self.slots],
            "vault": self.vault_id.hex(),
        }

    def encode(self, master: MasterKey) -> bytes:
        """Return the file's bytes, vouched for by the master key."""
        plain = self.plain()
        with wiped(master.subkey(Purpose.HEADER)) as key:
            mac = HMAC(key, hashes.SHA256())
            mac.update(canonical(plain))
        encoded = _line({**plain, "mac": mac.finalize().hex()})
        if len(encoded) > MAX_BYTES:
            raise ValueError("The key file would be too large.")
        return encoded


@dataclass(frozen=True)
class SealedHeader:
    """A key file that has the right form, and not yet a proof."""

    header: Header
    mac: bytes
    encoded: bytes

    def is_proven(self, master: MasterKey) -> bool:
        """Whether the master key vouches for every field."""
        with wiped(master.subkey(Purpose.HEADER)) as key:
            proof = HMAC(key, hashes.SHA256())
            proof.update(canonical(self.header.plain()))
        try:
            proof.verify(self.mac)
        except InvalidSignature:
            return False
        return True


def damaged() -> VaultDamaged:
    """Make the error for a key file that isn't what was written."""
    return VaultDamaged(
        _("The key file of the vault is damaged or was changed. Don't delete anything: restore a backup.")
    )


def decode(encoded: bytes, *, floor: int = FLOOR_KIB) -> SealedHeader:
    """Read a key file's form. ``floor`` (KiB) is for tests alone.

    Raises VaultForeign if it is no key file of ours, VaultTooNew for a later format, VaultDamaged for anything else.
    """
    if len(encoded) > MAX_BYTES:
        _refuse_foreign()
    try:
        plain = json.loads(encoded)
    except (ValueError, RecursionError):  # 4 KiB of brackets are deeper than Python goes
        raise damaged() from None
    if not isinstance(plain, dict) or plain.get("magic") != MAGIC:
        _refuse_foreign()
    if type(plain.get("format")) is int and plain["format"] > FORMAT:
        raise too_new()
    try:
        sealed = _read(plain, encoded, floor)
    except (KeyError, TypeError, ValueError):
        raise damaged() from None
    # Written again it must be the very same text: no doubled field, no other spelling of a number, no space.
    if _line({**sealed.header.plain(), "mac": sealed.mac.hex()}) != encoded:
        raise damaged()
    return sealed


def _read(plain: dict[str, object], encoded: bytes, floor: int) -> SealedHeader:
    if plain.keys() != _FIELDS or plain["cipher"] != _CIPHER:
        raise ValueError
    generation, slots = _whole(plain["gen"]), plain["slots"]
    if generation < 1 or not isinstance(slots, list) or len(slots) > MOST_SLOTS:
        raise ValueError
    header = Header(
        vault_id=_hex(plain["vault"], VAULT_ID_BYTES),
        generation=generation,
        created=datetime.strptime(_text(plain["created"]), _MOMENT).replace(tzinfo=UTC),
        slots=tuple(_read_slot(slot, floor) for slot in slots),
        min_app=_version(plain["min_app"]),
    )
    kinds = [slot.kind for slot in header.slots]
    if kinds.count(SlotKind.PASSPHRASE) != 1 or SlotKind.RECOVERY not in kinds:
        raise ValueError
    if len({slot.id for slot in header.slots}) != len(kinds):
        raise ValueError
    return SealedHeader(header, _hex(plain["mac"], _MAC_BYTES), encoded)


def _read_slot(plain: object, floor: int) -> Slot:
    if not isinstance(plain, dict) or not isinstance(plain["kdf"], dict):
        raise TypeError
    kdf = plain["kdf"]
    if kdf["name"] != "argon2id":
        raise ValueError
    cost = Cost(memory_kib=_whole(kdf["m"]), passes=_whole(kdf["t"]), lanes=_whole(kdf["p"]))
    if not cost.is_allowed(floor):
        raise ValueError
    return Slot(
        id=_hex(plain["id"], ID_BYTES),
        kind=SlotKind(_text(plain["kind"])),
        cost=cost,
        salt=_hex(kdf["salt"], SALT_BYTES),
        nonce=_hex(plain["nonce"], NONCE_BYTES),
        box=_hex(plain["box"], BOX_BYTES),
    )


def _line(plain: dict[str, object]) -> bytes:
    return canonical(plain) + b"\n"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if type(value) is not int:  # True is an int, too
        raise TypeError
    return value


def _hex(value: object, length: int) -> bytes:
    read = bytes.fromhex(_text(value))
    if len(read) != length:
        raise ValueError
    return read


def _version(value: object) -> str:
    if not re.fullmatch(r"\d{1,4}\.\d{1,4}\.\d{1,4}", _text(value), re.ASCII):
        raise ValueError
    return _text(value)


def _refuse_foreign() -> NoReturn:
    raise VaultForeign(_("The key file beside the vault belongs to another program. Restore a backup of the vault."))
