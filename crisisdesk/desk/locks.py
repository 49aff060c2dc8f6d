"""When CrisisDesk locks by itself, and what it asks for again; as she set it, in the vault."""

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import select

from crisisdesk.desk.drafts import Problems
from crisisdesk.i18n import _
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.records.practice import Setting
from crisisdesk.vault import attempts, policy
from crisisdesk.vault.audit import AuditEntry
from crisisdesk.vault.store import Store

MOST_MINUTES = 15  # security.md 3.5: half of what CJIS AC-11 allows
_PREFIX = "lock_"


@dataclass(frozen=True, kw_only=True)
class Locks:
    """The lock's settings; what she never set has the value of security.md 3.5."""

    idle_minutes: int = 5  # 1 to 15: nobody touches keys or mouse for so long, and it locks
    cover_minimized: bool = False  # a minimised window shows only the cover
    ask_again_minutes: int = 5  # printing and taking out ask for the passphrase after so long; 0: never
    is_strict: bool = False  # after five wrong passphrases only the recovery sheet opens it; lies beside the vault
    is_capture_allowed: bool = False  # screenshots and screen sharing; Windows only


class LocksDesk:
    """Reads and keeps the lock's settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self) -> Locks:
        """Return the settings; a value out of bounds counts as never set."""
        with self._store.read() as s:
            query = select(Setting.key, Setting.value).where(Setting.key.startswith(_PREFIX, autoescape=True))
            rows = {key.removeprefix(_PREFIX): json.loads(value) for key, value in s.execute(query)}
        usual = Locks()
        kept: dict[str, Any] = {
            field.name: rows[field.name]
            for field in fields(Locks)
            if field.name != "is_strict" and _is_kept(field.name, getattr(usual, field.name), rows.get(field.name))
        }
        return replace(usual, **kept, is_strict=attempts.is_strict(self._store.paths))

    @property
    def most_minutes(self) -> int:
        """The most minutes that may be kept: 15, or fewer where the agency says so."""
        return min(MOST_MINUTES, policy.read().most_idle_minutes)

    @property
    def least_to_ask(self) -> int:
        """The fewest minutes after which printing asks again: 0 for never, unless the agency has set a limit."""
        return 0 if self.most_minutes == MOST_MINUTES else 1

    def keep(self, locks: Locks) -> None:
        """Keep the settings. Raises Invalid for minutes out of bounds."""
        problems, most, before = Problems(), self.most_minutes, self.get()
        for name, least in (("idle_minutes", 1), ("ask_again_minutes", self.least_to_ask)):
            if not least <= getattr(locks, name) <= most:
                problems.add(name, _("Between {least} and {most} minutes.").format(least=least, most=most))
        problems.raise_any()
        if locks == before:
            return
        attempts.set_strict(self._store.paths, is_strict=locks.is_strict)  # asked for while the vault is closed
        with self._store.write("Keep lock settings", undoable=False) as s:
            for name, value in asdict(locks).items():
                if name == "is_strict":
                    continue
                key, text = f"{_PREFIX}{name}", json.dumps(value)
                row = s.get(Setting, key)
                if row is None:
                    s.add(Setting(key=key, value=text))
                elif row.value != text:
                    row.value = text
        self._store.note(AuditEntry(AuditKind.POLICY.value, "lock"))
        if locks.is_capture_allowed != before.is_capture_allowed:
            allowed = "allowed" if locks.is_capture_allowed else "forbidden"
            self._store.note(AuditEntry(AuditKind.CAPTURE.value, detail_code=allowed))


def _is_kept(name: str, usual: object, value: object) -> bool:
    if type(value) is not type(usual):
        return False
    least = 0 if name == "ask_again_minutes" else 1
    return isinstance(value, bool) or (isinstance(value, int) and least <= value <= MOST_MINUTES)
