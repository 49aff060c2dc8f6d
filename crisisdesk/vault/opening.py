"""Whether somebody put an old file back: what a vault is asked at its opening, and what is kept beside it for that.

The database remembers the key file's version: an older key file is refused, as it may open with a passphrase that was
given up; a newer one is remembered. So a change of keys that was cut short between the two never locks her out. The
state beside the vault remembers how far the audit log had come: an older database is opened with a warning.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from crisisdesk.errors import OldKeyFile, VaultError
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.records.audit_kinds import AuditKind
from crisisdesk.vault import audit, meta, state
from crisisdesk.vault.audit import AUDIT, AuditEntry
from crisisdesk.vault.header import MIN_APP
from crisisdesk.vault.state import Failure, Mark


@dataclass(frozen=True)
class Rollback:
    """The database is older than when the vault was last open here.

    ``lines_behind``: acts that were written down and are not in it; 0 if it is another branch altogether.
    ``older_by``: from its last act to the last that is known of.
    """

    lines_behind: int
    older_by: timedelta


def check_generation(connection: Connection, generation: int, now: datetime) -> None:
    """Refuse a key file that is older than the one remembered; remember a newer one. 0 is not from a key file.

    Raises OldKeyFile.
    """
    if not generation:
        return
    known = meta.read(connection)
    if known is not None and generation < known.header_gen:
        raise OldKeyFile(
            _(
                "An old key file was put back beside the vault, so it stays closed: an old passphrase might open it. "
                "Put the present key file back, or restore a backup."
            )
        )
    if known is None or generation > known.header_gen:
        meta.remember(connection, meta.Meta(MIN_APP, generation, now))


def look_back(connection: Connection, mark: Mark | None) -> Rollback | None:
    """Compare the audit log with the mark of the last time; None if it holds it."""
    if mark is None or mark.seq == 0:
        return None
    kept = connection.execute(select(AUDIT.c.mac).where(AUDIT.c.seq == mark.seq)).scalar()
    if isinstance(kept, bytes) and kept.hex() == mark.mac:
        return None
    last = connection.execute(select(AUDIT.c.seq, AUDIT.c.at_utc).order_by(AUDIT.c.seq.desc()).limit(1)).first()
    behind = mark.seq - (last.seq if last else 0)
    older_by = timedelta()
    with suppress(ValueError):
        if last is not None:
            older_by = mark.at - datetime.fromisoformat(last.at_utc).astimezone(UTC)
    return Rollback(max(0, behind), max(timedelta(), older_by))


def lines_of(failures: tuple[Failure, ...], rollback: Rollback | None) -> Iterator[AuditEntry]:
    """Yield what the audit log has to hear at an opening: wrong tries since the last, and an old database."""
    for failure in failures:
        is_try = failure.outcome == "failed"
        kind = AuditKind.UNLOCK_FAILED if is_try else AuditKind.LOCKED_OUT
        code = f"{failure.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}:{failure.count}"
        yield AuditEntry(kind, "slot", failure.kind, code, outcome=failure.outcome)
    if rollback is not None:
        code = f"rollback-{rollback.older_by // timedelta(hours=1)}h:{rollback.lines_behind}"
        yield AuditEntry(AuditKind.INTEGRITY, "vault", "", code, outcome="warned")


def keep_mark(paths: VaultPaths, connection: Connection, generation: int, now: datetime) -> None:
    """Write down how far the vault has come. A disk that does not take it is no reason not to open or to lock."""
    head = audit.head(connection)
    mark = Mark(seq=head.seq, mac=head.mac, generation=generation, at=now)
    with suppress(VaultError):
        state.change(paths, lambda found: replace(found, mark=mark))


def forget_mark(paths: VaultPaths) -> None:
    """Expect another database at the next opening: she restored one, and was told how old it is.

    Raises DiskFull, VaultReadOnly.
    """
    state.change(paths, lambda found: replace(found, mark=None))
