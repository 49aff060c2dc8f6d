"""The audit log: one line per act, chained, with codes only (security.md 3.6).

``mac`` of a line = HMAC-SHA256(K_audit, mac of the line before ‖ the line's other columns as a JSON array); before
the first line stand 32 zero bytes. A line is written in the transaction of its act. Triggers refuse to change or
remove one; whoever goes past them breaks the chain, and ``verify`` names the first line that does not fit. A chain
can't tell that its end was cut off: compare it with an anchor.
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table, insert, select
from sqlalchemy.engine import Row

from crisisdesk import __version__
from crisisdesk.clock import Clock
from crisisdesk.records.base import Base
from crisisdesk.vault.rows import plain

AUDIT = Table(
    "audit",
    Base.metadata,
    Column("seq", Integer, primary_key=True),
    Column("at_utc", String(24), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("object_type", String(40), nullable=False),
    Column("object_id", String(80), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("detail_code", String(80), nullable=False),
    Column("app_ver", String(20), nullable=False),
    Column("session", String(16), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
)
_PLAIN = plain(AUDIT)
_BEFORE_FIRST = bytes(32)
ACTOR = "clinician"  # a vault has one user; colleagues get their own


@dataclass(frozen=True)
class AuditEntry:
    """What an act says of itself: codes and ids, never a name or a free text."""

    kind: str
    object_type: str = ""
    object_id: str = ""
    detail_code: str = ""
    outcome: str = "ok"


@dataclass(frozen=True)
class Anchor:
    """A line of the log and its MAC, written down elsewhere: on a packet's foot, in a backup's manifest."""

    seq: int
    mac: str

    def __str__(self) -> str:
        return f"CD-{self.seq}-{self.mac[:8]}"


@dataclass(frozen=True)
class AuditCheck:
    """What ``verify`` found: how many lines fit, the last of them, and the first that does not."""

    lines: int
    head: Anchor
    broken_at: int | None = None

    @property
    def is_sound(self) -> bool:
        """Whether every line fits."""
        return self.broken_at is None


class AuditLog:
    """Where acts are written down while a vault is open."""

    def __init__(self, key: bytearray, clock: Clock, session: str) -> None:
        self.key = key
        self._clock = clock
        self._session = session

    def append(self, connection: Connection, entries: Iterable[AuditEntry]) -> None:
        """Write lines at the end of the chain, in the caller's transaction."""
        last = head(connection)
        seq, mac = last.seq, bytes.fromhex(last.mac)
        now = _utc(self._clock.now())
        lines: list[dict[str, object]] = []
        for entry in entries:
            seq += 1
            line: dict[str, object] = {
                "seq": seq,
                "at_utc": now,
                "kind": entry.kind,
                "actor": ACTOR,
                "object_type": entry.object_type,
                "object_id": entry.object_id,
                "outcome": entry.outcome,
                "detail_code": entry.detail_code,
                "app_ver": __version__,
                "session": self._session,
            }
            mac = _mac(self.key, mac, list(line.values()))
            lines.append({**line, "mac": mac})
        if lines:
            connection.execute(insert(_PLAIN), lines)


def head(connection: Connection) -> Anchor:
    """Return the last line of the log; number 0 if there is none."""
    last = connection.execute(select(_PLAIN.c.seq, _PLAIN.c.mac).order_by(_PLAIN.c.seq.desc()).limit(1)).first()
    return Anchor(0, _BEFORE_FIRST.hex()) if last is None else Anchor(last.seq, _bytes(last.mac).hex())


def verify(connection: Connection, key: bytearray, anchor: Anchor | None = None) -> AuditCheck:
    """Follow the chain from its first line, and compare it with an anchor if there is one.

    Stops at the first line that is missing, changed or out of its place; with a sound chain that does not hold the
    anchor, at the anchor's line.
    """
    fits = Anchor(0, _BEFORE_FIRST.hex())
    mac = _BEFORE_FIRST
    for line in connection.execute(select(_PLAIN).order_by(_PLAIN.c.seq)):
        expected = _mac(key, mac, _values(line))
        if not hmac.compare_digest(expected, _bytes(line.mac)):
            return AuditCheck(fits.seq, fits, broken_at=fits.seq + 1)
        mac = expected
        fits = Anchor(line.seq, mac.hex())
        if anchor is not None and anchor.seq == fits.seq and anchor.mac != fits.mac:
            return AuditCheck(fits.seq, fits, broken_at=anchor.seq)
    cut_off = anchor is not None and anchor.seq > fits.seq
    return AuditCheck(fits.seq, fits, broken_at=fits.seq + 1 if cut_off else None)


def _bytes(mac: object) -> bytes:
    """Return a MAC as it lies in the file, where somebody may have put anything."""
    return mac if isinstance(mac, bytes) else b""


def _values(line: Row[*tuple[object, ...]]) -> list[object]:
    return list(line)[:-1]


def _mac(key: bytearray, before: bytes, values: list[object]) -> bytes:
    return hmac.digest(key, before + json.dumps(values, separators=(",", ":"), default=repr).encode(), "sha256")


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
