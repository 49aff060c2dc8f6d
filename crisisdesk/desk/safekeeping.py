"""Safe-keeping: backups that are known to open, where they lie, and when the next is due.

Whatever takes long is a job: made here on the main thread with all that it needs, ``run`` on a worker, and its result
handed back here to be written down. At a lock, ``start``, ``copy`` the pages (the vault is open), close the vault, then
``seal`` on a worker; the next unlock's ``opened`` writes that one down.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk.backup_ways import former_words, opens_as_now
from crisisdesk.desk.keeping_words import (
    KeptSince,
    Standing,
    copy_words,
    fine_words,
    former_copy_words,
    gone_words,
    last_words,
    tried_words,
    uncarried_words,
)
from crisisdesk.errors import DeskError, OnHold, StateConflict, VaultDamaged, VaultError
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.records.base import Identified
from crisisdesk.records.clients import Client
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.keeping import LegalHold, Medium, Tombstone
from crisisdesk.records.notes import Note
from crisisdesk.records.practice import Draft
from crisisdesk.records.referrals import Referral
from crisisdesk.vault import backup as backups
from crisisdesk.vault import carry, disk, making, media, rotation, state, swap
from crisisdesk.vault.audit import AUDIT, AuditEntry
from crisisdesk.vault.backup import Backup
from crisisdesk.vault.carry import Carried
from crisisdesk.vault.copying import Progress
from crisisdesk.vault.engine import Live
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.header import Header
from crisisdesk.vault.journal import JOURNAL_STEP
from crisisdesk.vault.keys import MasterKey, Subkeys
from crisisdesk.vault.making import Making
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.media import Copied
from crisisdesk.vault.restore import NOT_CARRIED, Restoring, back_up_replaced
from crisisdesk.vault.store import Store

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
COPY_DUE = timedelta(days=8)
DRILL_DUE = timedelta(days=31)
CHECK_DUE = timedelta(days=7)
UNDECIDED = timedelta(days=14)
"""So long after a restore she may still find out that what was replaced was the better one."""

_COUNTED: dict[str, type[Identified]] = {
    "client": Client,
    "encounter": Encounter,
    "note": Note,
    "referral": Referral,
    "followup": FollowUp,
}
_KEY_CHANGES = (AuditKind.PASSPHRASE, AuditKind.RECOVERY, AuditKind.REKEY)
_RESTORED = (AUDIT.c.kind == AuditKind.RESTORE, AUDIT.c.detail_code == "")
_UNCARRIED = select(func.max(AUDIT.c.at_utc)).where(
    AUDIT.c.kind == AuditKind.RESTORE, AUDIT.c.detail_code == NOT_CARRIED
)


@dataclass(frozen=True)
class Preview:
    """What a restore would take her back to: counts only, never what was written.

    ``acts``: steps of hers that are newer than the copy; ``lost``: records made since, by table; ``days``: the same by
    day. ``same_keys`` is False for a backup from before the keys were changed: its passphrase is the one of its day.
    """

    backup: Backup
    hours: int
    acts: int
    lost: dict[str, int]
    days: dict[date, int]
    same_keys: bool
    since: KeptSince

    @property
    def sentence(self) -> str:
        """Return "This copy is 3 days older than your vault: 41 things you did since are not in it."."""
        age = _("{count} days").format(count=self.hours // 24) if self.hours > 47 else ""  # noqa: PLR2004  two days
        age = age or (
            ngettext("{count} hour", "{count} hours", self.hours).format(count=self.hours)
            if self.hours
            else _("less than an hour")
        )
        if not self.acts:
            return _("This copy is {age} old, and nothing has changed since.").format(age=age)
        return _("This copy is {age} old: {acts} things you did since are not in it.").format(age=age, acts=self.acts)


@dataclass(frozen=True)
class Drilled:
    """How a drill, or a check of an old backup, turned out. ``problem`` is a sentence, None if it opens fine."""

    backup: Backup
    problem: str | None = None


class Drill:
    """Opens a backup for trial: unpacks it into a scratch file, runs all checks, throws the scratch away."""

    def __init__(self, chosen: tuple[Backup, ...], keys: Subkeys, scratch: Path) -> None:
        self._chosen = chosen
        self._keys = keys
        self._scratch = scratch

    def run(self, progress: Progress = lambda _done: None) -> tuple[Drilled, ...]:
        """Try them, on a worker thread; what is wrong with one is part of the result, not an error."""
        done: list[Drilled] = []
        try:
            for each in self._chosen:
                done.append(self._try(each))
                progress(len(done) / len(self._chosen))
        finally:
            self._keys.wipe()
        return tuple(done)

    def _try(self, backup: Backup) -> Drilled:
        try:
            disk.make_folder(self._scratch)
            backups.verify(backup.path, self._keys, scratch=self._scratch)
        except DeskError as problem:
            return Drilled(backup, str(problem))
        return Drilled(backup)


class SafeKeeping:
    """Backups of the open vault."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._paths = store.paths
        self._problem: str | None = None

    # What stands where ---------------------------------------------------------------------------------------------

    def standing(self) -> Standing:
        """Return everything that Today and Settings show."""
        now, found = self._clock.now(), self.listed()
        newest = self._newest(found)
        last = newest.manifest.created if newest else None
        with self._store.read() as s:
            since = self._first_line(s)
            medium = s.scalars(
                select(Medium).where(Medium.retired_at.is_(None)).order_by(Medium.last_backup_at.desc()).limit(1)
            ).first()
            copied = medium.last_backup_at if medium else None
            copy_of = _older(_of_seq(s.connection(), medium.last_seq if medium else 0), newest)
            changes = (_last(s.connection(), kind) for kind in _KEY_CHANGES)
            is_former = copied is not None and any(at is not None and at > copied for at in changes)
            drilled = _last(s.connection(), AuditKind.DRILL)
            drill_of = _older(_of_last_drill(s.connection()), newest)
            checked = _last(s.connection(), AuditKind.BACKUP_CHECK)
            uncarried = s.scalar(_UNCARRIED)
        today, local = self._clock.today(), self._clock.local
        changed = self._is_changed(newest)
        missing = self._missing_words(found)
        words = last_words(last, now, today, local) if last or not found else _("No backup since you went back")
        return Standing(
            last_at=last,
            last_words=missing or words,
            is_overdue=changed and _is_past(last or since, now, DAY),
            is_missing=missing is not None,
            copied_at=copied,
            copied_words=former_copy_words() if is_former else copy_words(copied, today, local, copy_of),
            is_copy_overdue=_is_past(copied or since, now, COPY_DUE),
            is_copy_former=is_former,
            is_copy_behind=copy_of is not None,
            drilled_at=drilled,
            drilled_words=tried_words(drilled, today, local, drill_of),
            is_drill_overdue=_is_past(drilled or since, now, DRILL_DUE),
            is_drill_behind=drill_of is not None,
            is_check_due=bool(found) and _is_past(checked or since, now, CHECK_DUE),
            count=len(found),
            folder=self._paths.backups,
            problem=self._problem or uncarried_words(uncarried, now),
        )

    def listed(self) -> list[Backup]:
        """Return this vault's backups on this computer that its present keys vouch for, the newest first."""
        keys = self._store.lend_keys()
        try:
            return backups.listed(self._paths.backups, keys=keys)
        finally:
            keys.wipe()

    def is_brought_up_by(self, version: str) -> bool:
        """Whether that version made a backup here before it brought the vault up to date."""
        return any((each.manifest.kind, each.manifest.app) == (Kind.PRE_MIGRATE, version) for each in self.listed())

    def earlier(self) -> list[Backup]:
        """Return the backups here from before the vault's keys were changed, the newest first.

        Each opens with the passphrase or the codes of its day, and can't be tried out without them.
        """
        master = self._store.lend_master()
        try:
            vault_id = making.key_file(self._paths, master).header.vault_id
            found = backups.listed(self._paths.backups, vault_id=vault_id)
            return [each for each in found if not _has_keys(each, master)]
        except VaultError:
            return []  # without a key file that can be read, nobody knows which are this vault's
        finally:
            master.wipe()

    def here(self) -> list[Backup]:
        """Return all of this vault's backups on this computer, whatever opens them, the newest first."""
        found = (*self.listed(), *self.earlier())
        return sorted(found, key=lambda each: (each.manifest.seq, each.manifest.created), reverse=True)

    def newest(self) -> Backup | None:
        """Return the newest backup of the vault as it is now: none of what a restore gave up."""
        return self._newest(self.listed())

    def fit(self) -> Backup | None:
        """Return the same if it opens with what opens the vault now: what to copy to a drive, and to try out."""
        newest, header = self.newest(), self._header()
        return newest if newest is not None and (header is None or opens_as_now(newest, header)) else None

    def is_due(self) -> bool:
        """Whether a backup should be made at a lock: changed and an hour since the last, or a day since the last.

        At once if the last is gone, or opens only with what opened the vault before its keys were changed.
        """
        found = self.listed()
        newest = self._newest(found)
        if newest is None or self._missing_words(found) is not None:
            return True
        age = self._clock.now() - newest.manifest.created
        if age < timedelta():
            return True  # the clock was set back: the last one says nothing of when it was
        return age >= DAY or (age >= HOUR and self._is_changed(newest))

    # Backups -------------------------------------------------------------------------------------------------------

    def start(self, kind: Kind = Kind.MANUAL) -> Making:
        """Return a backup to be made on a worker thread. Raises VaultDamaged."""
        return self._store.begin_backup(kind)

    def start_due(self) -> Making | None:
        """Return the backup that is due at a lock, at quitting or while she rests, if one is. Raises VaultDamaged.

        At a lock: ``copy`` it, close the vault, and ``seal`` it while it is locked; ``opened`` writes it down.
        """
        return self.start(Kind.AUTO) if self.is_due() else None

    def owns(self, making: Making) -> bool:
        """Whether a backup that was begun is of this vault, at whichever unlock it was."""
        return making.plan.paths == self._paths

    def finish(self, made: Backup) -> None:
        """Write a new backup down, clear away those that have had their day, and what was replaced long ago."""
        self._problem = None
        is_of_now = self._is_of_now(made)
        self._tell(AuditKind.BACKUP, made, made.manifest.kind.value)
        self._rotate()
        if is_of_now and not self._must_keep_replaced() and self._is_replaced_old(made.manifest.kind):
            swap.drop_replaced(self._paths)

    def failed(self, problem: DeskError) -> DeskError:
        """Write down that a backup could not be made; return what she is told. No old one is cleared away then.

        That is the vault's damage, where that is why its copy was refused.
        """
        failure = AuditEntry(AuditKind.BACKUP, "backup", detail_code=type(problem).__name__, outcome="failed")
        try:
            self._store.note(failure)
        except VaultDamaged as damage:
            problem = damage
        except VaultError:
            pass  # the first problem is the one to tell
        self._problem = str(problem)
        return problem

    def make_now(self, kind: Kind) -> Backup:
        """Make a backup at once, on this thread: before an act that can't be taken back. Raises as ``Making.run``."""
        try:
            made = self.start(kind).run()
        except DeskError as problem:
            told = self.failed(problem)
            if told is problem:
                raise
            raise told from problem
        self.finish(made)
        return made

    def opened(self, made: Backup | None = None) -> None:
        """Write down a backup that was finished after the vault was closed, unless it is: after each unlock the newest.

        ``made`` was finished when the vault had been unlocked again.
        """
        found = made or next(iter(self.listed()), None)
        if found is None or not self._is_of_now(found):
            return  # after a restore, the newest may be of what was given up
        lines = select(func.count()).where(AUDIT.c.kind == AuditKind.BACKUP, AUDIT.c.object_id == found.path.name)
        with self._store.read() as s:
            is_known = bool(s.scalar(lines))
        if not is_known:
            self.finish(found)

    # Copies on drives ------------------------------------------------------------------------------------------------

    def media(self) -> list[Medium]:
        """Return the register of drives, the latest copy first."""
        with self._store.read() as s:
            return list(s.scalars(select(Medium).order_by(Medium.last_backup_at.desc(), Medium.label)))

    def copied(self, copied: Copied, *, label: str = "", holder: str = "") -> Medium:
        """Write a copy (``vault.media.copy_to``, run on a worker) into the register of drives."""
        with self._store.write("Copy backup", undoable=False) as s:
            medium = s.scalars(
                select(Medium).where(Medium.serial == copied.serial, Medium.retired_at.is_(None))
            ).first()
            medium = medium or s.add(Medium(serial=copied.serial))
            medium.label, medium.holder = label or medium.label, holder or medium.holder
            medium.last_seq = copied.backup.manifest.seq
            medium.last_backup_at = self._clock.now().replace(microsecond=0)
            s.audit(AuditKind.BACKUP_COPY, "medium", medium.id, f"seq:{copied.backup.manifest.seq}")
        return medium

    def retire(self, medium_id: str) -> None:
        """Write down that a drive is no longer used: lost, broken or destroyed. Raises NotFound."""
        with self._store.write("Retire drive", undoable=False) as s:
            s.get_one(Medium, medium_id).retired_at = self._clock.now().replace(microsecond=0)
            s.audit(AuditKind.MEDIUM, "medium", medium_id, "retired")

    # Trials ----------------------------------------------------------------------------------------------------------

    def drill(self, drive: Path | None = None) -> Drill:
        """Return the monthly drill: the newest copy on the drive, or the newest one here that opens as the vault does.

        Raises DeskError if there is none.
        """
        chosen = self.fit()
        if drive is not None and chosen is not None:
            chosen = next(iter(media.copies(drive, chosen.manifest.vault_id)), None)
        if chosen is None:
            raise DeskError(_("There is no backup yet to try out. Make one first."))
        return self._trial(chosen)

    def drilled(self, done: tuple[Drilled, ...]) -> str:
        """Write a drill down; return the sentence: "Your backup from Friday opens fine."."""
        (result,) = done
        self._tell(AuditKind.DRILL, result.backup, outcome="ok" if result.problem is None else "failed")
        if result.problem is not None:
            self._problem = result.problem
            return result.problem
        return fine_words(result.backup.manifest.created, self._clock.today(), self._clock.local)

    def recheck(self) -> Drill | None:
        """Return the weekly check of the oldest backup and one other; None if there is none."""
        found = self.listed()
        if not found:
            return None
        others = found[:-1]
        return self._trial(found[-1], *([secrets.choice(others)] if others else []))

    def rechecked(self, done: tuple[Drilled, ...]) -> str | None:
        """Write a check down; what failed is never listed again. Return a sentence if one did."""
        problem = None
        for each in done:
            self._tell(AuditKind.BACKUP_CHECK, each.backup, outcome="ok" if each.problem is None else "failed")
            if each.problem is not None:
                problem = self._problem = each.problem
                if each.backup.path.exists():
                    backups.set_aside(each.backup)
        return problem

    # Restore ---------------------------------------------------------------------------------------------------------

    def preview(self, backup: Backup) -> Preview:
        """Return what going back to a backup would mean for the open vault."""
        manifest = backup.manifest
        lost: dict[str, int] = {}
        days: dict[date, int] = {}
        with self._store.read() as s:
            for table, record in _COUNTED.items():
                since = s.scalars(select(record.created_at).where(record.created_at > manifest.created)).all()
                if since:
                    lost[table] = len(since)
                for at in since:
                    day = self._clock.local(at).date()
                    days[day] = days.get(day, 0) + 1
            if _is_in_log(s.connection(), backup):
                steps = s.scalar(select(func.max(JOURNAL_STEP.c.seq))) or 0
                acts = steps - manifest.said.counts.get("journal_step", 0)
            else:  # of what a restore gave up: its steps are others
                steps_since = select(func.count()).where(JOURNAL_STEP.c.made_at > manifest.created)
                acts = s.scalar(steps_since) or 0
        hours = max(0, (self._clock.now() - manifest.created) // HOUR)
        keys = self._store.lend_keys()
        try:
            same_keys = backup.is_vouched(keys)
        finally:
            keys.wipe()
        return Preview(
            backup, hours, max(0, acts), lost, dict(sorted(days.items())), same_keys, self._kept_since(backup)
        )

    def restoring(self, backup: Backup, master: MasterKey | None = None) -> Restoring:
        """Return a restore to be run on a worker thread once the vault is closed.

        ``master`` is the backup's own key (``vault.restore.unlock``), by default the open vault's.
        """
        self._tell(AuditKind.RESTORE, backup, "chosen")
        carried = self.carried_for(backup)
        return Restoring(self._paths, backup, master or self._store.lend_master(), self._clock, carried=carried)

    def carried_for(self, backup: Backup) -> Carried | None:
        """Return what a restore must carry over because it can't read it once the vault is closed.

        None for a backup under the present keys: they open the closed vault as well.
        """
        keys = self._store.lend_keys()
        try:
            if backup.is_vouched(keys):
                return None
        finally:
            keys.wipe()
        with self._store.read() as s:
            return carry.read(s.connection())

    def carried_for_file(self, file: Path) -> Carried | None:
        """Return the same for a backup's file; None as well for one that can't be read."""
        try:
            return self.carried_for(backups.read_manifest(file))
        except (DeskError, OSError):
            return None

    # What a restore replaced -----------------------------------------------------------------------------------------

    def replaced_at(self) -> datetime | None:
        """Return when a restore replaced the vault that is still kept; None if none is."""
        return self._restored_at() if swap.replaced(self._paths) else None

    def back_up_replaced(self) -> Callable[[Progress], Backup]:
        """Return a job that makes a backup of the vault that was replaced last, to go back to.

        It raises BackupRefused if the present keys don't open it. Raises StateConflict if there is none.
        """
        kept = sorted(swap.replaced(self._paths), key=lambda each: each.folder.stat().st_mtime)
        at = self.replaced_at()
        if at is None:
            raise StateConflict(_("The vault that was replaced is no longer here."))
        return partial(back_up_replaced, self._paths, kept[-1], self._store.lend_master(), at)

    def replaced_backed_up(self, made: Backup) -> None:
        """Write down that there is a backup of the vault that was replaced."""
        self._tell(AuditKind.BACKUP, made, "replaced")

    def drop_replaced(self) -> None:
        """Delete what restores replaced: she says so. Raises OnHold if it may hold what a legal hold keeps."""
        if self._must_keep_replaced():
            raise OnHold(_("A legal hold is in force. What it keeps may lie in the replaced vault, so that stays."))
        if swap.drop_replaced(self._paths):
            self._store.note(AuditEntry(AuditKind.BACKUP_GONE, "vault", detail_code="replaced"))

    # Inside ----------------------------------------------------------------------------------------------------------

    def _trial(self, *chosen: Backup) -> Drill:
        return Drill(chosen, self._store.lend_keys(), self._paths.backups)

    def _tell(self, kind: AuditKind, backup: Backup, code: str = "", outcome: str = "ok") -> None:
        self._store.note(AuditEntry(kind, "backup", backup.path.name, code, outcome))

    def _rotate(self) -> None:
        found, now, restored = self.listed(), self._clock.now(), self._restored_at()
        own = [each for each in found if self._is_of_now(each)]
        given_up = [each for each in found if each not in own]
        is_undecided = restored is not None and now - restored < UNDECIDED
        since = min(now, restored) - UNDECIDED if restored is not None and is_undecided else None
        for old in rotation.outdated(own, now, earlier=self.earlier(), given_up=given_up, since=since):
            with sorted_errors():
                disk.remove(old.path)
            self._tell(AuditKind.BACKUP_GONE, old)

    def _kept_since(self, backup: Backup) -> KeptSince:
        """Return which holds and purges a backup does not know of."""
        made = backup.manifest.created
        older = LegalHold.set_at <= made
        with self._store.read() as s:
            known = s.connection()
            return KeptSince(
                holds=known.scalar(select(func.count()).select_from(LegalHold).where(~older)) or 0,
                lifted=known.scalar(
                    select(func.count()).select_from(LegalHold).where(older, LegalHold.lifted_at > made)
                )
                or 0,
                purged=tuple(
                    self._clock.local(at).date()
                    for at in s.scalars(select(Tombstone.purged_at).where(Tombstone.purged_at > made))
                ),
            )

    def _must_keep_replaced(self) -> bool:
        """Whether what a restore replaced may hold what a legal hold keeps: entries that were made since the backup."""
        with self._store.read() as s:
            held = s.scalar(select(LegalHold.id).where(LegalHold.lifted_at.is_(None)).limit(1))
            lines = select(AUDIT.c.seq).where(*_RESTORED)
            return held is not None and s.scalar(lines.limit(1)) is not None

    def _restored_at(self) -> datetime | None:
        """Return when the vault that stands was last put in another one's place by a restore."""
        with self._store.read() as s:
            at = s.scalar(select(func.max(AUDIT.c.at_utc)).where(*_RESTORED))
        return datetime.fromisoformat(at) if at else None

    def _is_replaced_old(self, kind: Kind) -> bool:
        """Whether what a restore replaced may go with a backup: by her own hand after weeks, by itself after a year."""
        restored = self._restored_at()
        if restored is None:
            return True  # a change of keys replaced it: what stands is the same, and the old keys should open nothing
        age = self._clock.now() - restored
        return age >= (UNDECIDED if kind is Kind.MANUAL else rotation.Rule().age)

    def _header(self) -> Header | None:
        """Return the key file that is in force; None if it can't be read."""
        master = self._store.lend_master()
        try:
            return making.key_file(self._paths, master).header
        except VaultError:
            return None
        finally:
            master.wipe()

    def _missing_words(self, found: list[Backup]) -> str | None:
        """Return why there is no backup to rely on though one was made: it is gone, or opens with former secrets."""
        last = state.read(self._paths).last_backup
        if last is not None and not self._is_accounted_for(last.file_name):
            return gone_words(last.at, self._clock.today(), self._clock.local)
        header = self._header()
        newest = self._newest(found) or (None if found else next(iter(self.earlier()), None))
        return former_words(newest, header) if newest is not None and header is not None else None

    def _is_accounted_for(self, name: str) -> bool:
        """Whether a backup is there, was set aside as damaged, or was cleared away by the program."""
        if any((self._paths.backups / each).exists() for each in (name, f"{name}.damaged")):
            return True
        lines = select(AUDIT.c.seq).where(AUDIT.c.kind == AuditKind.BACKUP_GONE, AUDIT.c.object_id == name)
        with self._store.read() as s:
            return s.scalar(lines.limit(1)) is not None

    def _newest(self, found: list[Backup]) -> Backup | None:
        """Return the newest backup of the vault as it went on; one of what a restore gave up does not count."""
        return next((each for each in found if self._is_of_now(each)), None)

    def _is_changed(self, newest: Backup | None) -> bool:
        """Whether anything but the audit log has changed since a backup."""
        if newest is None:
            return True
        manifest = newest.manifest
        with self._store.read() as s:
            steps = s.scalar(select(func.count()).select_from(JOURNAL_STEP)) or 0
            typed = s.scalar(select(func.max(Draft.at)))
        is_newly_typed = typed is not None and typed > manifest.created
        return steps != manifest.said.counts.get("journal_step") or is_newly_typed

    def _is_of_now(self, backup: Backup) -> bool:
        """Whether a backup was made of this vault as it went on, and since the last restore."""
        with self._store.read() as s:
            since = s.scalar(select(func.max(AUDIT.c.seq)).where(*_RESTORED)) or 0
            return backup.manifest.said.audit.seq >= since and _is_in_log(s.connection(), backup)

    def _first_line(self, s: Session) -> datetime:
        at = s.scalar(select(AUDIT.c.at_utc).order_by(AUDIT.c.seq).limit(1))
        return datetime.fromisoformat(at) if at else self._clock.now()


def _has_keys(backup: Backup, master: MasterKey) -> bool:
    """Whether a backup's key file is one of the vault's present keys, or can't be read."""
    try:
        return backup.manifest.header(floor=0).is_proven(master)
    except VaultError:
        return True


def _last(connection: Live, kind: AuditKind) -> datetime | None:
    """Return when something was last written down as done."""
    lines = select(AUDIT.c.at_utc).where(AUDIT.c.kind == kind, AUDIT.c.outcome == "ok")
    at = connection.scalar(lines.order_by(AUDIT.c.seq.desc()).limit(1))
    return datetime.fromisoformat(at) if at else None


def _is_in_log(connection: Live, backup: Backup) -> bool:
    """Whether a backup's last line of the audit log is one of the vault's: not so for what a restore gave up."""
    anchor = backup.manifest.said.audit
    mac = connection.scalar(select(AUDIT.c.mac).where(AUDIT.c.seq == anchor.seq))
    return mac is not None and anchor.fits(mac.hex())


def _of_last_drill(connection: Live) -> datetime | None:
    """Return the moment of the backup that was last found to open in a drill."""
    lines = select(AUDIT.c.object_id).where(AUDIT.c.kind == AuditKind.DRILL, AUDIT.c.outcome == "ok")
    return backups.moment_of(connection.scalar(lines.order_by(AUDIT.c.seq.desc()).limit(1)) or "")


def _of_seq(connection: Live, seq: int) -> datetime | None:
    """Return the moment of the backup of that number, as far as the audit log knows of it."""
    lines = select(AUDIT.c.object_id).where(
        AUDIT.c.kind == AuditKind.BACKUP, AUDIT.c.object_id.endswith(f"-{seq}{backups.SUFFIX}")
    )
    return backups.moment_of(connection.scalar(lines.order_by(AUDIT.c.seq.desc()).limit(1)) or "")


def _older(made: datetime | None, newest: Backup | None) -> datetime | None:
    """Return the moment if the newest backup is another one."""
    return made if made is not None and (newest is None or newest.manifest.created != made) else None


def _is_past(at: datetime, now: datetime, after: timedelta) -> bool:
    """Whether so much time has gone since; a moment in the future says nothing, so yes."""
    return now - at > after or at > now + DAY
