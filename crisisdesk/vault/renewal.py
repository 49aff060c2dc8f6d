"""An older vault is brought up to date before the window opens it: a backup first, checked as every backup is.

``Store`` does the same by itself at once, for whoever has no window to wait in. Here it runs on a worker thread, with a
connection of its own that is closed again before anybody else opens the vault.
"""

from collections.abc import Callable

from sqlalchemy import Engine
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.clock import Clock
from crisisdesk.errors import DiskFull
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import audit, making, soundness, swap
from crisisdesk.vault.backup import Backup
from crisisdesk.vault.connection import connect, make_engine
from crisisdesk.vault.copying import Progress
from crisisdesk.vault.faults import sorted_errors
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.lockfile import VaultLock
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.upgrade import SCHEMA, refuse_newer, schema_of, upgrade


def bring_up_to_date(paths: VaultPaths, master: MasterKey, clock: Clock, progress: Progress) -> Backup | None:
    """Back an older vault up and bring it up to date; return the backup, or None if the vault is of today.

    ``progress`` is called only if there is something to do. A vault that was not locked well is looked through first,
    as it is opened: nothing is built on damage. Raises VaultTooNew, DiskFull, VaultReadOnly, VaultDamaged,
    VaultInUse; then the vault is as it was.
    """
    with VaultLock(paths, since=clock.now()), sorted_errors():
        swap.finish(paths)
        connection = connect(paths, master, maintenance=True)
        engine = make_engine(lambda: connection)
        try:
            schema = schema_of(engine)
            refuse_newer(schema)
            if not 0 < schema < SCHEMA:
                return None
            progress(0.0)
            if not soundness.ended_well(connection):
                soundness.look_through(connection)
            made = _backed_up(paths, connection, engine, master, clock, progress)
            upgrade(engine)
        finally:
            engine.dispose()
        progress(1.0)
        return made


def _backed_up(
    paths: VaultPaths,
    connection: sqlcipher.Connection,
    engine: Engine,
    master: MasterKey,
    clock: Clock,
    progress: Callable[[float], None],
) -> Backup:
    with engine.connect() as reading:
        anchor = audit.head(reading)
    begun = making.begin(paths, connection, master, Kind.PRE_MIGRATE, created=clock.now(), anchor=anchor)
    try:
        return begun.run(progress)
    except DiskFull as full:
        raise DiskFull(
            _(
                "This CrisisDesk is newer than your file. It makes a backup before it brings the file up to date, "
                "and there is no room for one. {why} Make room on the disk, then unlock again; nothing was changed."
            ).format(why=str(full))
        ) from full
