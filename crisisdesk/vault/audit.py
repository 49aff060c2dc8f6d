"""The audit log: one line per act, chained, with codes only (security.md 3.6).

``mac`` of a line = HMAC-SHA256(K_audit, mac of the line before ‖ the line's other columns as a JSON array); before
the first line stand 32 zero bytes. A line is written in the transaction of its act. Triggers refuse to change or
remove one; whoever goes past them breaks the chain, and ``verify`` names the first line that does not fit. A chain
can't tell that its end was cut off: compare it with an anchor.

When the vault gets a new master key, the lines that stand there keep their MACs, so that anchors on paper still fit:
the table ``audit_key`` keeps, in the encrypted file, each earlier K_audit and the last line that it vouches for. The
next line is chained to that one with the new key, so whoever knows an old key still can't change an old line unseen.
"""

import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from sqlalchemy import Column, Connection, Index, Integer, LargeBinary, String, Table, insert, inspect, select
from sqlalchemy.engine import Row

from crisisdesk import __version__
from crisisdesk.clock import Clock
from crisisdesk.records.audit_kinds import AuditKind
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
    Index("ix_audit_object_id", "object_id"),  # a client's lines
    Index("ix_audit_kind", "kind"),  # a group's, and the last drill
    Index("ix_audit_at_utc_kind", "at_utc", "kind"),  # a month in figures
)
AUDIT_KEY = Table(
    "audit_key",
    Base.metadata,
    Column("until_seq", Integer, primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
)
_PLAIN = plain(AUDIT)
_BEFORE_FIRST = bytes(32)
_SHORTEST = 8  # hex digits of a MAC that an anchor may be cut to
_ANCHOR = re.compile(r"CD-(\d{1,18})-([0-9a-f]{8,64})", re.ASCII | re.IGNORECASE)
_SPELLED = json.JSONEncoder(separators=(",", ":"), default=repr)  # made once: making it takes as long as its work
_PIECE = 500  # lines that are checked at once: about 30 ms
_DRIFT = timedelta(seconds=5)  # by which a computer sets its clock right every day
_SEAL = b"CrisisDesk audit export 1\n"
ACTOR = "clinician"  # a vault has one user; colleagues get their own


@dataclass(frozen=True)
class AuditEntry:
    """What an act says of itself: codes and ids, never a name or a free text. The log cuts what is too long for it."""

    kind: str  # of AuditKind
    object_type: str = ""
    object_id: str = ""
    detail_code: str = ""
    outcome: str = "ok"


@dataclass(frozen=True)
class Anchor:
    """A line of the log and its MAC, written down elsewhere: on a packet's foot, in a backup's manifest."""

    seq: int
    mac: str  # hex; on paper its first eight digits

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what stands on paper, "CD-42-1a2b3c4d". Raises ValueError."""
        found = _ANCHOR.fullmatch("".join(text.split()).replace("\N{EN DASH}", "-"))
        if found is None:
            raise ValueError("not an anchor")
        return cls(int(found[1]), found[2].lower())

    def fits(self, mac: str) -> bool:
        """Whether a line's MAC is the one that was written down."""
        return len(self.mac) >= _SHORTEST and hmac.compare_digest(self.mac.encode(), mac[: len(self.mac)].encode())

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
        """Write lines at the end of the chain, in the caller's transaction.

        If the clock has gone back since the last line, a line of its own says so first.
        """
        given = list(entries)
        if not given:
            return
        last = connection.execute(_LAST).first()
        seq, mac = (0, _BEFORE_FIRST) if last is None else (last.seq, _bytes(last.mac))
        now = self._clock.now()
        gone_back = timedelta() if last is None else _moment(last.at_utc, now) - now
        if gone_back > _DRIFT:
            given.insert(0, AuditEntry(AuditKind.CLOCK, detail_code=f"back:{gone_back // timedelta(seconds=1)}"))
        lines: list[dict[str, object]] = []
        for entry in given:
            seq += 1
            line = self._line(seq, _utc(now), entry)
            mac = _mac(self.key, mac, list(line.values()))
            lines.append({**line, "mac": mac})
        connection.execute(insert(_PLAIN), lines)

    def _line(self, seq: int, at_utc: str, entry: AuditEntry) -> dict[str, object]:
        return {
            "seq": seq,
            "at_utc": at_utc,
            "kind": str(entry.kind)[:20],
            "actor": ACTOR,
            "object_type": entry.object_type[:40],
            "object_id": entry.object_id[:80],
            "outcome": entry.outcome[:20],
            "detail_code": entry.detail_code[:80],
            "app_ver": __version__[:20],
            "session": self._session[:16],
        }


_EARLIER = select(AUDIT_KEY.c.until_seq, AUDIT_KEY.c.key).order_by(AUDIT_KEY.c.until_seq)
_LAST = select(_PLAIN.c.seq, _PLAIN.c.mac, _PLAIN.c.at_utc).order_by(_PLAIN.c.seq.desc()).limit(1)


def head(connection: Connection) -> Anchor:
    """Return the last line of the log; number 0 if there is none."""
    last = connection.execute(_LAST).first()
    return Anchor(0, _BEFORE_FIRST.hex()) if last is None else Anchor(last.seq, _bytes(last.mac).hex())


class Walk:
    """Follows the chain from its first line, a piece at a time, and compares it with an anchor if there is one.

    Stops at the first line that is missing, changed or out of its place; at the anchor's line if that is another one
    than was written down; and behind the last line if the anchor's is no longer there.
    """

    def __init__(self, key: bytearray, anchor: Anchor | None = None) -> None:
        self._key = key
        self._earlier: list[tuple[int, bytes]] = []
        self._anchor = anchor
        self.is_over = False
        self.found = AuditCheck(0, Anchor(0, _BEFORE_FIRST.hex()))

    def step(self, connection: Connection, lines: int = _PIECE) -> AuditCheck:
        """Check so many more lines, and return what was found until now."""
        after = self.found.head.seq
        self._earlier = _earlier(connection)
        rows = connection.execute(select(_PLAIN).where(_PLAIN.c.seq > after).order_by(_PLAIN.c.seq).limit(lines)).all()
        if after == 0 and (below := connection.execute(select(_PLAIN.c.seq).where(_PLAIN.c.seq <= 0)).first()):
            return self._break(int(below.seq))  # numbers that the chain never gives
        for row in rows:
            if not self._fits(row):
                return self.found
        if len(rows) < lines:
            self.is_over = True
            if self._anchor is not None and self._anchor.seq > self.found.head.seq:
                return self._break(self.found.head.seq + 1)
        return self.found

    def _fits(self, row: Row[*tuple[object, ...]]) -> bool:
        head = self.found.head
        expected = _mac(self._key_of(int(row.seq)), bytes.fromhex(head.mac), _values(row))
        if row.seq != head.seq + 1 or not hmac.compare_digest(expected, _bytes(row.mac)):
            self._break(head.seq + 1)
            return False
        self.found = AuditCheck(row.seq, Anchor(row.seq, expected.hex()))
        if self._anchor is not None and self._anchor.seq == row.seq and not self._anchor.fits(expected.hex()):
            self._break(row.seq)
            return False
        return True

    def _key_of(self, seq: int) -> bytes | bytearray:
        return next((key for until, key in self._earlier if seq <= until), self._key)

    def _break(self, seq: int) -> AuditCheck:
        self.is_over = True
        self.found = replace(self.found, broken_at=seq)
        return self.found


def _earlier(connection: Connection) -> list[tuple[int, bytes]]:
    """Return each earlier key and the last line that it vouches for; a file with older tables knows none."""
    if not inspect(connection).has_table(AUDIT_KEY.name):
        return []
    return [(row.until_seq, _bytes(row.key)) for row in connection.execute(_EARLIER)]


def verify(connection: Connection, key: bytearray, anchor: Anchor | None = None) -> AuditCheck:
    """Follow the whole chain at once; see ``Walk``."""
    walk = Walk(key, anchor)
    while not walk.is_over:
        walk.step(connection)
    return walk.found


def change_key(connection: Connection, earlier: bytearray) -> Anchor:
    """Have ``earlier`` vouch for the lines that stand there and for none to come; return the last of them."""
    last = head(connection)
    if last.seq:
        connection.execute(insert(AUDIT_KEY).values(until_seq=last.seq, key=bytes(earlier)))
    return last


def seal(key: bytearray, digest: bytes) -> str:
    """Return the MAC, in hex, under which a copy of the log leaves: of its SHA-256, with the log's own key."""
    return hmac.digest(key, _SEAL + digest, "sha256").hex()


def _moment(at_utc: object, otherwise: datetime) -> datetime:
    """Return a line's moment; somebody may have put anything there."""
    try:
        return datetime.fromisoformat(str(at_utc)).astimezone(UTC)
    except ValueError:
        return otherwise


def _bytes(mac: object) -> bytes:
    """Return a MAC as it lies in the file, where somebody may have put anything."""
    return mac if isinstance(mac, bytes) else b""


def _values(line: Row[*tuple[object, ...]]) -> list[object]:
    return list(line)[:-1]


def _mac(key: bytes | bytearray, before: bytes, values: list[object]) -> bytes:
    return hmac.digest(key, before + _SPELLED.encode(values).encode(), "sha256")


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
