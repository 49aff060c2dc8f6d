"""Which closed charts may be purged, and purging one: never by itself, never without a verified backup."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.drafts import Problems
from crisisdesk.desk.names import fold, initials
from crisisdesk.desk.practice import PracticeDesk
from crisisdesk.desk.retention_rules import ChartDates, RetentionClass, Rules, due
from crisisdesk.errors import BackupRefused, NotFound, StateConflict, VaultError
from crisisdesk.i18n import N_, _
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.records.choices import ClientStatus
from crisisdesk.records.clients import Client
from crisisdesk.records.disclosures import Disclosure
from crisisdesk.records.keeping import LegalHold, Medium, Tombstone
from crisisdesk.records.practice import Setting
from crisisdesk.vault import disk, holds
from crisisdesk.vault.audit import AUDIT, Anchor, AuditEntry
from crisisdesk.vault.backup import Backup, read_manifest
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.purge import Order, counts
from crisisdesk.vault.rotation import GONE_BY
from crisisdesk.vault.store import Store

_FRESH = timedelta(hours=1)  # a backup older than that may miss what she did since
_SETTING = "retention"
_WORD = re.compile(r"[a-z0-9]+")
_LEAST_NAME = 3  # letters; a shorter name is found in any sentence

# What is counted by name before a purge; everything else is "other entries".
_NAMED: tuple[tuple[str, str], ...] = (
    ("encounter", N_("Call-outs")),
    ("note", N_("Notes, with their additions")),
    ("referral", N_("Referrals")),
    ("followup", N_("Next steps")),
    ("attempt", N_("Tries to reach them")),
    ("release", N_("Releases")),
    ("disclosure", N_("Disclosures")),
    ("attachment", N_("Papers")),
)

_COLUMNS = (
    Client.id,
    Client.number,
    Client.shown_name,
    Client.first_name,
    Client.last_name,
    Client.described_as,
    Client.born_on,
    Client.age_guess,
    Client.age_guessed_on,
    Client.closed_on,
    Client.last_contact_at,
    Client.set_aside_at,
    Client.created_at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """A closed chart and how long it is kept."""

    id: str
    number: str
    name: str
    initials: str
    retention_class: RetentionClass
    ended_on: date
    due_on: date
    is_held: bool
    is_back: bool = False  # it was purged before, and came back with an old backup while a hold kept it


@dataclass(frozen=True, kw_only=True)
class Review:
    """The closed charts: those that may be purged, the longest due first, and how many must still be kept."""

    due: tuple[DueRow, ...]
    waiting: int


@dataclass(frozen=True, kw_only=True)
class PurgePreview:
    """What a purge would take away, before she is asked twice."""

    row: DueRow
    counts: tuple[tuple[str, int], ...]  # in words, and how many
    total: int  # rows
    is_due: bool
    is_decided: bool  # whether the agency's rules are written down


@dataclass(frozen=True, kw_only=True)
class Copy:
    """Something that still holds what was purged."""

    name: str  # a backup's file name, or a drive's label and serial
    holder: str
    written_on: date | None


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What the certificate of a purge says. No name stands on it."""

    number: str  # P-2026-0001
    subject_id: str
    retention_class: RetentionClass
    rows: int
    purged_at: datetime  # local, aware
    reason: str
    authority: str
    by: str
    department: str
    backups: tuple[Copy, ...]
    media: tuple[Copy, ...]
    backups_until: date
    anchor: Anchor
    is_compacted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgedRow:
    """A line of the list of what was purged."""

    id: str
    certificate: str
    retention_class: RetentionClass
    rows: int
    purged_at: datetime


class Retention:
    """The agency's rules, the charts that are due, and purging one of them."""

    def __init__(self, store: Store, clock: Clock, practice: PracticeDesk) -> None:
        self._store = store
        self._clock = clock
        self._practice = practice

    # Rules -----------------------------------------------------------------------------------------------------

    def rules(self) -> Rules:
        """Return the agency's rules; what was never set has its default."""
        with self._store.read() as s:
            return _rules(s)

    def keep_rules(self, rules: Rules) -> None:
        """Keep the agency's rules. Raises Invalid."""
        rules.check()
        text = json.dumps(asdict(rules), ensure_ascii=False)
        with self._store.write("Keep retention rules") as s:
            row = s.get(Setting, _SETTING)
            if row is None:
                s.add(Setting(key=_SETTING, value=text))
            elif row.value != text:
                row.value = text
            s.audit(AuditKind.POLICY.value, "setting", _SETTING)

    # Lists -----------------------------------------------------------------------------------------------------

    def due(self, today: date | None = None) -> tuple[DueRow, ...]:
        """Return the closed charts that may be purged today, the longest due first."""
        day = today or self._clock.today()
        with self._store.read() as s:
            found = [row for row in self._rows(s) if row.due_on <= day]
        return tuple(sorted(found, key=lambda row: (row.due_on, row.number)))

    def review(self) -> Review:
        """Return the charts that are due today, and how many are closed but not due yet."""
        today = self._clock.today()
        with self._store.read() as s:
            rows = list(self._rows(s))
        found = sorted((row for row in rows if row.due_on <= today), key=lambda row: (row.due_on, row.number))
        return Review(due=tuple(found), waiting=len(rows) - len(found))

    def purged(self) -> tuple[PurgedRow, ...]:
        """Return what was purged, the latest first."""
        with self._store.read() as s:
            return tuple(
                PurgedRow(
                    id=stone.id,
                    certificate=stone.certificate,
                    retention_class=RetentionClass(stone.retention_class),
                    rows=stone.rows,
                    purged_at=self._clock.local(stone.purged_at),
                )
                for stone in s.scalars(select(Tombstone).order_by(Tombstone.purged_at.desc(), Tombstone.id))
            )

    # Purge -----------------------------------------------------------------------------------------------------

    def preview(self, client_id: str) -> PurgePreview:
        """Return what a purge would take away. Raises NotFound, StateConflict for a chart that isn't closed."""
        with self._store.read() as s:
            row = self._row(s, client_id)
            found = counts(s.connection(), client_id)
            rules = _rules(s)
        named = [(_(words), found[name]) for name, words in _NAMED if name in found]
        other = sum(found.values()) - sum(count for _words, count in named)
        return PurgePreview(
            row=row,
            counts=(*named, (_("Everything else on the chart"), other)),
            total=sum(found.values()),
            is_due=row.due_on <= self._clock.today(),
            is_decided=rules.is_decided,
        )

    def check(self, client_id: str, *, typed_number: str, reason: str) -> None:
        """Raise what stands against a purge: Invalid by field ("number", "reason"), OnHold, StateConflict, NotFound."""
        preview = self.preview(client_id)
        if preview.row.is_held:
            raise holds.on_hold()
        if not preview.is_decided:
            raise StateConflict(_("Write down first who decided how long records are kept."))
        if not preview.is_due:
            raise StateConflict(_("The time for which this chart must be kept is not over yet."))
        problems = Problems()
        problems.require("reason", reason, _("Say why, in a few words. It stands on the certificate."))
        if self._names_client(client_id, reason):
            problems.add("reason", _("Please leave the name out: these words outlive the record."))
        if typed_number.strip().upper() != preview.row.number:
            problems.add(
                "number", _("Type the record number as it stands above: {number}.").format(number=preview.row.number)
            )
        problems.raise_any()

    def purge(
        self,
        client_id: str,
        *,
        typed_number: str,
        reason: str,
        backup: Backup,
        kept: Sequence[Backup] = (),
        compacts: bool = True,
    ) -> Certificate:
        """Purge a chart for good and return its certificate. It can't be undone.

        ``backup`` is one made and verified for this purge within the last hour; ``kept`` are all backups that there
        are. Without ``compacts`` the file is left as large as it was, for ``compact``.
        Raises BackupRefused without such a backup, and as ``check``.
        """
        self.check(client_id, typed_number=typed_number, reason=reason)
        self._check_backup(backup)
        with self._store.read() as s:
            kind = self._row(s, client_id).retention_class
        done = self._store.purge(Order(client_id=client_id, retention_class=kind.value, reason=reason.strip()))
        made = self.certificate(done.tombstone_id, kept)
        return made if not compacts or self.compact() else replace(made, is_compacted=False)

    def compact(self) -> bool:
        """Make the file smaller after a purge, which takes seconds; return whether it was done."""
        try:
            self._store.compact()
        except VaultError:  # what was purged is gone, written over with zeros; only the file is no smaller
            return False
        return True

    def certificate(self, tombstone_id: str, kept: Sequence[Backup] = ()) -> Certificate:
        """Return a purge's certificate, with the copies that still hold what was purged. Raises NotFound."""
        practice = self._practice.get()
        with self._store.read() as s:
            stone = s.get(Tombstone, tombstone_id)
            if stone is None:
                raise NotFound(_("This record is no longer there."))
            rules = _rules(s)
            media = tuple(
                Copy(
                    name=" ".join(part for part in (each.label.strip(), each.serial.strip()) if part),
                    holder=each.holder,
                    written_on=self._clock.local(each.last_backup_at).date() if each.last_backup_at else None,
                )
                for each in s.scalars(select(Medium).where(Medium.retired_at.is_(None)).order_by(Medium.label))
            )
        older = [each for each in kept if each.manifest.created <= stone.purged_at]
        copies = tuple(
            Copy(name=each.path.name, holder="", written_on=self._clock.local(each.manifest.created).date())
            for each in older
        )
        return Certificate(
            number=stone.certificate,
            subject_id=stone.subject_id,
            retention_class=RetentionClass(stone.retention_class),
            rows=stone.rows,
            purged_at=self._clock.local(stone.purged_at),
            reason=stone.reason,
            authority=rules.authority,
            by=practice.signature,
            department=practice.department,
            backups=copies,
            media=media,
            backups_until=self._clock.local(stone.purged_at + GONE_BY).date(),
            anchor=self._store.audit_head(),
        )

    def overdue_copies(self, kept: Sequence[Backup]) -> tuple[Backup, ...]:
        """Return the backups that still hold what was purged over a year ago; the newest backup is never one."""
        with self._store.read() as s:
            before = self._clock.now() - GONE_BY
            last = s.scalar(select(func.max(Tombstone.purged_at)).where(Tombstone.purged_at < before))
        newest_first = sorted(kept, key=lambda each: each.manifest.created, reverse=True)
        return tuple(each for each in newest_first[1:] if last is not None and each.manifest.created <= last)

    def clear_copies(self, copies: Sequence[Backup]) -> int:
        """Delete backups that ``overdue_copies`` returned, and return how many went. Raises VaultReadOnly."""
        for each in copies:
            with sorted_errors():
                disk.remove(each.path)
            self._store.note(AuditEntry(AuditKind.BACKUP_GONE.value, "backup", each.path.name, "purged-before"))
        return len(copies)

    def note_print(self, certificate: str, went: str) -> None:
        """Write down that a certificate was printed, and where it went."""
        self._store.note(AuditEntry(AuditKind.PRINT.value, "certificate", certificate, went))

    # Inside ----------------------------------------------------------------------------------------------------

    def _rows(self, s: Session, client_id: str | None = None) -> Iterator[DueRow]:
        """Give every closed chart, or one."""
        rules = _rules(s)
        held = set(s.scalars(select(LegalHold.client_id).where(LegalHold.lifted_at.is_(None))))
        disclosed: Mapping[str, datetime] = dict(
            s.execute(select(Disclosure.client_id, func.max(Disclosure.made_at)).group_by(Disclosure.client_id)).all()
        )
        purged: Mapping[str, datetime] = dict(
            s.execute(select(Tombstone.subject_id, func.min(Tombstone.purged_at)).group_by(Tombstone.subject_id)).all()
        )
        is_over = or_(
            Client.status == ClientStatus.CLOSED, Client.set_aside_at.is_not(None), Client.id.in_(list(purged))
        )
        query = select(*_COLUMNS).where(is_over)
        if client_id is not None:
            query = query.where(Client.id == client_id)
        for client in s.execute(query):
            dates = self._dates(client, disclosed.get(client.id))
            kind, due_on = due(dates, rules)
            if client.id in purged:
                due_on = self._clock.local(purged[client.id]).date()
            yield DueRow(
                id=client.id,
                number=client.number,
                name=client.shown_name,
                initials=initials(client.first_name, client.last_name, client.described_as),
                retention_class=kind,
                ended_on=dates.ended_on,
                due_on=due_on,
                is_held=None in held or client.id in held,
                is_back=client.id in purged,
            )

    def _row(self, s: Session, client_id: str) -> DueRow:
        for row in self._rows(s, client_id):
            return row
        if s.get(Client, client_id) is None:
            raise NotFound(_("This client is no longer in the file."))
        raise StateConflict(_("This chart is still open. Only a closed chart can be purged."))

    def _dates(self, client: Row[*tuple[Any, ...]], disclosed: datetime | None) -> ChartDates:
        def local(moment: datetime | None) -> date | None:
            return self._clock.local(moment).date() if moment else None

        ends = (client.closed_on, local(client.last_contact_at), local(client.set_aside_at))
        born = client.born_on
        if born is None and client.age_guess is not None and client.age_guessed_on is not None:
            born = date(client.age_guessed_on.year - client.age_guess, 12, 31)
        return ChartDates(
            ended_on=max(day for day in (*ends, local(client.created_at)) if day is not None),
            born_on=born,
            disclosed_on=local(disclosed),
        )

    def _names_client(self, client_id: str, reason: str) -> bool:
        with self._store.read() as s:
            client = s.get(Client, client_id)
        if client is None:
            return False
        named = {word for name in (client.first_name, client.last_name, client.goes_by) for word in _words(name)}
        return any(len(word) >= _LEAST_NAME and word in named for word in _words(reason))

    def _check_backup(self, backup: Backup) -> None:
        """Make sure that a backup was made for a purge just now, of this very vault, and still lies there."""
        manifest = backup.manifest
        age = self._clock.now() - manifest.created
        is_fresh = -_FRESH <= age <= _FRESH
        if manifest.kind is not Kind.PRE_PURGE or not is_fresh or not self._is_there(backup):
            raise BackupRefused(_("Nothing is purged without a backup that was made and checked just before."))
        anchor = manifest.said.audit
        with self._store.read() as s:
            mac = s.execute(select(AUDIT.c.mac).where(AUDIT.c.seq == anchor.seq)).scalar()
        if not isinstance(mac, bytes) or not anchor.fits(mac.hex()):
            raise BackupRefused(_("This backup is of another vault. Nothing was purged."))

    def _is_there(self, backup: Backup) -> bool:
        """Whether a backup's file still lies there, and this vault's keys vouch for it."""
        keys = self._store.lend_keys()
        try:
            return read_manifest(backup.path) == backup and backup.is_vouched(keys)
        except (OSError, VaultError):
            return False
        finally:
            keys.wipe()


def _rules(s: Session) -> Rules:
    value = s.execute(select(Setting.value).where(Setting.key == _SETTING)).scalar()
    known = {field.name for field in fields(Rules)}
    given = json.loads(value) if value else {}
    return replace(Rules(), **{name: found for name, found in given.items() if name in known})


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
