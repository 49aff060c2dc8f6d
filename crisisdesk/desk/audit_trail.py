"""The audit log as she uses it: what was looked at goes in, and it is read, checked, printed and taken out."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from crisisdesk.clock import Clock
from crisisdesk.desk.audit_rows import TrailQuery, TrailRows, conditions
from crisisdesk.errors import Invalid, VaultError
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.audit_kinds import AuditKind, kind_of
from crisisdesk.vault.audit import AUDIT, Anchor, AuditCheck, AuditEntry
from crisisdesk.vault.store import Store

_AGAIN = timedelta(minutes=10)  # what is looked at again within this is one look
_WAITING = 500  # lines that are kept while the disk is full
_PIECE = 500  # lines of a copy that are read at once
_DECEMBER = 12


@dataclass(frozen=True, kw_only=True)
class Checked:
    """How far a check of the log has come, or at its end what it found, in a sentence."""

    lines: int
    total: int
    is_over: bool = False
    is_sound: bool = True
    seq: int | None = None  # the first line that does not fit
    anchor: str = ""  # of the last line that fits
    sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class MonthCount:
    """How often something happened."""

    words: str
    count: int


@dataclass(frozen=True, kw_only=True)
class AuditMonth:
    """A month of the log on one page: what happened how often, from which line to which, and the head's anchor."""

    month: date  # its first day
    counts: tuple[MonthCount, ...]
    lines: int
    first_seq: int
    last_seq: int
    anchor: str


class AuditTrail:
    """Tells the log what is no write, and reads it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._seen: dict[tuple[str, str, str], datetime] = {}
        self._waiting: list[AuditEntry] = []
        self.lines = TrailRows(store, clock)

    # Telling it ------------------------------------------------------------------------------------------------

    def tell(
        self, kind: AuditKind, object_type: str = "", object_id: str = "", detail: str = "", *, outcome: str = "ok"
    ) -> None:
        """Write a line: codes and ids only, never a name.

        A full disk must not keep her from a chart: then the line waits for the next that can be written.
        """
        self._waiting = [*self._waiting, AuditEntry(kind, object_type, object_id, detail, outcome)][-_WAITING:]
        try:
            self._store.note(*self._waiting)
        except VaultError:
            return
        self._waiting = []

    def saw(self, object_type: str, object_id: str) -> None:
        """Tell that a record was opened. Opened again within ten minutes it is the same look."""
        self._once(AuditKind.VIEW, object_type, object_id)

    def previewed(self, packet_number: str, referral_id: str) -> None:
        """Tell that the pages of a packet were on the screen; again within ten minutes it is the same look."""
        self._once(AuditKind.PREVIEW, "referral", referral_id, f"packet:{packet_number}")

    def searched(self, where: str, count: int) -> None:
        """Tell that she searched, where, and how much was found: never what for."""
        self.tell(AuditKind.SEARCH, detail=f"{where}:{count}")

    def opened(self) -> None:
        """Tell that the log itself was looked at."""
        self._once(AuditKind.AUDIT_VIEW, "audit", "")

    def _once(self, kind: AuditKind, object_type: str, object_id: str, detail: str = "") -> None:
        now, what = self._clock.now(), (kind.value, object_type, object_id)
        before = self._seen.get(what)
        if before is not None and abs(now - before) < _AGAIN:
            return
        self._seen = {key: at for key, at in self._seen.items() if abs(now - at) < _AGAIN} | {what: now}
        self.tell(kind, object_type, object_id, detail)

    # Checking it -----------------------------------------------------------------------------------------------

    def anchor(self) -> str:
        """Return the last line as it is written down elsewhere: "CD-42-1a2b3c4d"."""
        return str(self._store.audit_head())

    def checking(self, anchor: str = "") -> Iterator[Checked]:
        """Check the log a piece at a time, perhaps against an anchor from paper; the last that comes is the result.

        Raises Invalid for an anchor that can't be one.
        """
        asked = _anchor(anchor) if anchor else None
        return self._checking(asked)

    def check_anchor(self, anchor: str) -> Checked:
        """Check the log at once against an anchor from paper. Raises Invalid."""
        *_before, last = self.checking(anchor)
        return last

    def _checking(self, asked: Anchor | None) -> Iterator[Checked]:
        total = self._store.audit_head().seq
        for found in self._store.check_audit(asked):
            yield Checked(lines=found.lines, total=max(total, found.lines), is_sound=found.is_sound)
        self.tell(
            AuditKind.AUDIT_CHECK,
            "audit",
            detail=f"lines:{found.lines}" if found.is_sound else f"at:{found.broken_at}",
            outcome="ok" if found.is_sound else "broken",
        )
        yield _result(found, asked, total)

    # Taking it out ---------------------------------------------------------------------------------------------

    def copying(self) -> Iterator[bytes]:
        """Yield the whole log as lines of JSON, a piece at a time; the last line seals those before it.

        The seal is the MAC, with the log's own key, of the SHA-256 of everything before.
        """
        digest, after = hashlib.sha256(), 0
        while True:
            with self._store.read() as s:
                rows = s.execute(select(*AUDIT.c).where(AUDIT.c.seq > after).order_by(AUDIT.c.seq).limit(_PIECE)).all()
            if not rows:
                break
            after = rows[-1].seq
            piece = "".join(_json({**row._asdict(), "mac": _hex(row.mac)}) for row in rows).encode()
            digest.update(piece)
            yield piece
        self.tell(AuditKind.AUDIT_EXPORT, "audit", detail=f"to:{after}")
        yield _json({"lines": after, "seal": self._store.seal_audit(digest.digest())}).encode()

    def seal_fits(self, copy: bytes) -> bool:
        """Whether a copy of the log is as it left."""
        body, _end, last = copy.rstrip(b"\n").rpartition(b"\n")
        try:
            said = json.loads(last)["seal"]
        except (ValueError, KeyError, TypeError):
            return False
        return bool(said == self._store.seal_audit(hashlib.sha256(body + b"\n").digest()))

    def month(self, first: date) -> AuditMonth:
        """Return a month in figures, for the page that is signed on paper."""
        start = first.replace(day=1)
        after = start.replace(year=start.year + 1, month=1) if start.month == _DECEMBER else _next_month(start)
        wanted = conditions(TrailQuery(since=start, until=after - timedelta(days=1)), self._clock)
        with self._store.read() as s:
            counted = s.execute(select(AUDIT.c.kind, func.count()).where(*wanted).group_by(AUDIT.c.kind)).all()
            lowest, highest = s.execute(select(func.min(AUDIT.c.seq), func.max(AUDIT.c.seq)).where(*wanted)).one()
        counts = {str(kind): int(count) for kind, count in counted}
        known = [kind for kind in AuditKind if kind.value in counts]
        other = sum(count for code, count in counts.items() if kind_of(code) is None)
        words = [MonthCount(words=kind.label, count=counts[kind.value]) for kind in known]
        if other:
            words.append(MonthCount(words=_("Something else"), count=other))
        return AuditMonth(
            month=start,
            counts=tuple(words),
            lines=sum(counts.values()),
            first_seq=lowest or 0,
            last_seq=highest or 0,
            anchor=self.anchor(),
        )


def _next_month(day: date) -> date:
    return day.replace(month=day.month + 1)


def _anchor(text: str) -> Anchor:
    try:
        return Anchor.parse(text)
    except ValueError:
        raise Invalid(
            {"anchor": _("That is not a mark from a printed page. It looks like this: CD-42-1a2b3c4d.")}
        ) from None


def _result(found: AuditCheck, asked: Anchor | None, total: int) -> Checked:
    return Checked(
        lines=found.lines,
        total=max(total, found.lines),
        is_over=True,
        is_sound=found.is_sound,
        seq=found.broken_at,
        anchor=str(found.head),
        sentence=_sentence(found, asked),
    )


def _sentence(found: AuditCheck, asked: Anchor | None) -> str:
    if found.is_sound:
        words = ngettext("The one line fits.", "All {count} lines fit, from the first to the last.", found.lines)
        told = words.format(count=f"{found.lines:,}")
        return told if asked is None else _("{told} The mark from paper is among them.").format(told=told)
    if asked is not None and asked.seq > found.lines and found.broken_at == found.lines + 1:
        words = _(
            "The log ends at line {last}, but the mark from paper is of line {asked}. Lines may have been cut off."
        )
        return words.format(last=f"{found.lines:,}", asked=f"{asked.seq:,}")
    if asked is not None and asked.seq == found.broken_at == found.lines:
        return _("Line {line} is another one than the mark from paper says.").format(line=f"{asked.seq:,}")
    words = _("Line {line} is missing or was changed. Up to line {last} everything fits.")
    return words.format(line=f"{found.broken_at:,}", last=f"{found.lines:,}")


def _json(values: dict[str, object]) -> str:
    return json.dumps(values, separators=(",", ":"), default=repr) + "\n"


def _hex(mac: object) -> str:
    return mac.hex() if isinstance(mac, bytes) else ""
