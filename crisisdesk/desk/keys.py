"""The ways into the vault: passphrase, recovery sheet, hand-over envelope, and what she knows of their papers.

Each change is proven by the passphrase once more. A change works on the key file alone, takes a key derivation or
two, and is frozen data: its ``run`` belongs in a job. Afterwards ``note`` writes it into the audit log.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from crisisdesk.clock import Clock
from crisisdesk.errors import Invalid, QuickUnlockClosed, WrongPassphrase
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.records.practice import Setting
from crisisdesk.vault import access, device, keyfile
from crisisdesk.vault.audit import AuditEntry
from crisisdesk.vault.header import Header
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.passphrase import LEAST_CHARACTERS
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import FLOOR_KIB, Cost, SlotKind
from crisisdesk.vault.store import Store

SHORT_ID = 8  # signs of the vault's id on its papers
_PREFIX = "keys_"


@dataclass(frozen=True, kw_only=True)
class Papers:
    """What is known of the papers that open the vault; dates are "2026-11-22", empty where there is none."""

    passphrase_on: str = ""  # when the passphrase was changed last
    sheet_on: str = ""  # when the recovery sheet in force was printed
    envelope_on: str = ""
    envelope_holder: str = ""  # who holds the sealed envelope


def why_no_quick_unlock() -> str:
    """Return why quick unlock can't be had on this computer, or nothing. Asks the system: for a job."""
    found = device.availability()
    return found.reason if found.store is None else device.unavailable_because(found.store)


@dataclass(frozen=True, kw_only=True)
class PinProof:
    """A PIN that waits to be looked at. ``run`` raises Invalid("now") for a wrong one, and QuickUnlockClosed."""

    paths: VaultPaths
    floor: int
    clock: Clock
    pin: str = field(repr=False)

    def run(self) -> None:
        """Find out whether the PIN is right. Takes a second or more; the fifth wrong one ends quick unlock."""
        keyring = device.credential_store()
        if keyring is None:
            raise QuickUnlockClosed(_("Quick unlock can’t be used on this computer now. Type your passphrase."))
        try:
            access.unlock_with_device(self.paths, self.pin, keyring, now=self.clock.now(), floor=self.floor).wipe()
        except WrongPassphrase as wrong:
            raise Invalid({"now": str(wrong)}) from None


@dataclass(frozen=True, kw_only=True)
class KeyChange:
    """A change of the key file that waits to be made. ``run`` raises Invalid("now") for a wrong passphrase."""

    paths: VaultPaths
    floor: int
    clock: Clock
    passphrase: str = field(repr=False)
    change: Callable[[VaultPaths, MasterKey, Cost, int], object] = field(repr=False)

    def run(self) -> None:
        """Prove the passphrase and make the change. Takes a second or more."""
        try:
            master = access.unlock(self.paths, self.passphrase, now=self.clock.now(), floor=self.floor)
        except WrongPassphrase:
            raise Invalid({"now": _("That is not the passphrase in force.")}) from None
        try:
            header = access.read_header(self.paths, master, floor=self.floor)
            self.change(self.paths, master, access.cost_of(header), self.floor)
        finally:
            master.wipe()


class KeysDesk:
    """Changes the ways into the vault. Only tests set ``floor`` (KiB of memory that a key must cost at least)."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._proven_at = clock.now()  # it was just unlocked
        self.floor = FLOOR_KIB

    @property
    def vault(self) -> str:
        """The start of the vault's id, as its papers bear it."""
        return self._header().vault_id.hex()[:SHORT_ID]

    def has(self, kind: SlotKind) -> bool:
        """Whether the key file holds a way of this kind."""
        return any(slot.kind is kind for slot in self._header().slots)

    def papers(self) -> Papers:
        """Return what is known of the papers."""
        with self._store.read() as s:
            query = select(Setting.key, Setting.value).where(Setting.key.startswith(_PREFIX, autoescape=True))
            rows = {key.removeprefix(_PREFIX): json.loads(value) for key, value in s.execute(query)}
        known = {each.name for each in fields(Papers)}
        kept: dict[str, Any] = {name: value for name, value in rows.items() if name in known and isinstance(value, str)}
        return replace(Papers(), **kept)

    # Changes, each to be run in a job --------------------------------------------------------------------------

    def change_passphrase(self, now: str, new: str, own_words: tuple[str, ...] = ()) -> KeyChange:
        """Have another passphrase open the vault; ``own_words`` are names around her."""

        def change(paths: VaultPaths, master: MasterKey, cost: Cost, floor: int) -> None:
            access.change_passphrase(paths, master, new, own_words=own_words, cost=cost, floor=floor)

        return self._change(now, change)

    def replace_recovery(self, now: str, code: RecoveryCode) -> KeyChange:
        """Have the code of another sheet open the vault, and the old one no longer."""

        def change(paths: VaultPaths, master: MasterKey, cost: Cost, floor: int) -> None:
            access.replace_recovery(paths, master, code, cost=cost, floor=floor)

        return self._change(now, change)

    def put_handover(self, now: str, code: RecoveryCode) -> KeyChange:
        """Have the code of a hand-over envelope open the vault, and no older envelope."""

        def change(paths: VaultPaths, master: MasterKey, cost: Cost, floor: int) -> None:
            access.put_handover(paths, master, code, cost=cost, floor=floor)

        return self._change(now, change)

    def void_envelope(self, now: str) -> KeyChange:
        """Have the hand-over envelope open nothing any more."""

        def change(paths: VaultPaths, master: MasterKey, _cost: Cost, floor: int) -> None:
            for slot in access.slots_of(paths, master, floor=floor):
                if slot.kind is SlotKind.HANDOVER:
                    access.revoke(paths, master, slot.id, floor=floor)

        return self._change(now, change)

    def turn_on_quick_unlock(self, now: str, pin: str) -> KeyChange:
        """Have a PIN open the vault on this computer. Its ``run`` also raises Invalid ("pin"), QuickUnlockClosed."""

        def change(paths: VaultPaths, master: MasterKey, cost: Cost, floor: int) -> None:
            found = device.availability()
            if found.store is None:
                raise QuickUnlockClosed(found.reason)
            access.enable_device(paths, master, pin, found.store, cost=cost, floor=floor)

        return self._change(now, change)

    def turn_off_quick_unlock(self, now: str) -> KeyChange:
        """Have no PIN open the vault any more."""

        def change(paths: VaultPaths, master: MasterKey, _cost: Cost, floor: int) -> None:
            access.disable_device(paths, master, device.credential_store(), floor=floor)

        return self._change(now, change)

    def prove(self, now: str) -> KeyChange:
        """Only find out whether the passphrase is right."""
        return self._change(now, lambda _paths, _master, _cost, _floor: None)

    def prove_either(self, typed: str) -> KeyChange | PinProof:
        """Only find out whether the passphrase is right, or the PIN where there is one and only digits are typed."""
        if self.has(SlotKind.DEVICE) and typed.isascii() and typed.isdigit() and len(typed) < LEAST_CHARACTERS:
            return PinProof(paths=self._store.paths, floor=self.floor, clock=self._clock, pin=typed)
        return self.prove(typed)

    def proven(self) -> None:
        """Count from now: the passphrase or the PIN was right."""
        self._proven_at = self._clock.now()

    def is_proof_old(self, minutes: int) -> bool:
        """Whether passphrase or PIN were typed so long ago, or the clock was set back since; never for 0 minutes."""
        since = self._clock.now() - self._proven_at
        return minutes > 0 and not timedelta() <= since < timedelta(minutes=minutes)

    def _change(self, now: str, change: Callable[[VaultPaths, MasterKey, Cost, int], object]) -> KeyChange:
        return KeyChange(paths=self._store.paths, floor=self.floor, clock=self._clock, passphrase=now, change=change)

    # What is written down afterwards ---------------------------------------------------------------------------

    def passphrase_changed(self) -> None:
        """Write down that the passphrase was changed."""
        self._write_down(AuditKind.PASSPHRASE, passphrase_on=self._today())

    def sheet_replaced(self) -> None:
        """Write down that a new recovery sheet is in force."""
        self._write_down(AuditKind.RECOVERY, sheet_on=self._today())

    def renewed(self) -> None:
        """Write down that passphrase and sheet are new, after the recovery code was used."""
        self._write_down(AuditKind.PASSPHRASE, passphrase_on=self._today())
        self._write_down(AuditKind.RECOVERY, sheet_on=self._today())

    def rekeyed(self) -> None:
        """Write down what a new master key leaves: a new passphrase and sheet, and no envelope."""
        today = self._today()
        self._write_down(AuditKind.PASSPHRASE, passphrase_on=today, sheet_on=today, envelope_on="", envelope_holder="")

    def lend_master(self) -> MasterKey:
        """Return a copy of the master key, for a change that goes on while the vault is closed; it wipes the copy."""
        return self._store.lend_master()

    def envelope_sealed(self, holder: str) -> None:
        """Write down that a hand-over envelope was made, and who holds it."""
        self._write_down(AuditKind.SLOT_ADDED, envelope_on=self._today(), envelope_holder=holder.strip())

    def envelope_void(self) -> None:
        """Write down that the hand-over envelope opens nothing any more."""
        self._write_down(AuditKind.SLOT_REVOKED, envelope_on="", envelope_holder="")

    def quick_unlock_turned(self, *, on: bool) -> None:
        """Write down that a PIN opens the vault from now on, or no longer."""
        self._write_down(AuditKind.SLOT_ADDED if on else AuditKind.SLOT_REVOKED)

    def _write_down(self, kind: AuditKind, **known: str) -> None:
        papers = replace(self.papers(), **known)
        with self._store.write("Keep what is known of the keys", undoable=False) as s:
            for name, value in asdict(papers).items():
                key, text = f"{_PREFIX}{name}", json.dumps(value, ensure_ascii=False)
                row = s.get(Setting, key)
                if row is None:
                    s.add(Setting(key=key, value=text))
                elif row.value != text:
                    row.value = text
        self._store.remember_keys()
        self._store.note(AuditEntry(kind.value, "vault", self.vault))

    def _today(self) -> str:
        return self._clock.today().isoformat()

    def _header(self) -> Header:
        return keyfile.read(self._store.paths, floor=0)[0].header  # only looked at; a change proves it first
