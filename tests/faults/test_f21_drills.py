"""F21: what was backed up comes back equal: of each class of backup, from a drive, with a code, on another computer."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.paths import VaultPaths
from crisisdesk.vault import media, restore
from crisisdesk.vault.backup import Backup, listed
from crisisdesk.vault.connection import open_copy
from crisisdesk.vault.digest import digest
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.restore import Restoring
from crisisdesk.vault.store import Store
from tests.stores import NOON
from tests.vault.fast import CODE, FLOOR, OTHER_PASSPHRASE, PASSPHRASE, change_passphrase, unlock
from tests.vault.people import add_client, add_note

DAY = timedelta(days=1)
DAYS = (0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 346, 353, 360, 361, 362, 363, 364, 365, 366, 367)
Open = Callable[[Backup], MasterKey]


class Year:
    """A vault of a year with all classes of backups, closed; and what the vault said at each."""

    def __init__(self, store: Store, clock: FixedClock, drive: Path) -> None:
        self.paths, self.clock, self.drive = store.paths, clock, drive
        self.digests: dict[str, str] = {}
        self._store, self._keeping = store, Desk(store, clock).safekeeping
        self._client = add_client(store)
        for day in DAYS:
            clock.moment = NOON + day * DAY
            self._make(Kind.AUTO)
        self.before_act = self._make(Kind.PRE_IMPORT)
        self.copy = media.copy_to(self._make(Kind.MANUAL), drive, may_share_disk=True).backup
        self.all = self._keeping.listed()
        store.close()

    def _make(self, kind: Kind) -> Backup:
        add_note(self._store, self._client, f"Until {self.clock.today()}.")
        said = self._store.digest()
        made = self._keeping.make_now(kind)
        self.digests[made.path.name] = said
        return made

    def aged(self, days: int) -> Backup:
        """The youngest backup that is at least so old."""
        before = NOON + (DAYS[-1] - days) * DAY
        return next(each for each in self.all if each.manifest.created <= before)


@pytest.fixture
def year(store, clock, tmp_path):
    (tmp_path / "drive").mkdir()
    return Year(store, clock, tmp_path / "drive")


def with_passphrase(backup: Backup) -> MasterKey:
    return restore.unlock(backup, PASSPHRASE, floor=FLOOR)


def with_code(backup: Backup) -> MasterKey:
    return restore.unlock_with_code(backup, str(CODE), floor=FLOOR)


def comes_back(year: Year, backup: Backup, there: VaultPaths, how: Open) -> bool:
    """Restore a backup at a place, and see whether it says there what the vault said that day."""
    Restoring(there, backup, how(backup), year.clock, tells=False).run()
    key = how(backup)
    with closing(open_copy(there.database, key)) as connection:
        found = digest(connection)
    key.wipe()
    with closing(Store.open(there, unlock(there, PASSPHRASE), year.clock)) as again:
        sound = again.verify_audit().is_sound
    return sound and found == year.digests[backup.path.name]


def test_f21_every_class_of_backup_comes_back_equal(year, tmp_path, figure, told):
    elsewhere = VaultPaths(tmp_path / "elsewhere" / "vault")
    chosen: list[tuple[str, Backup, VaultPaths, Open]] = [
        ("daily", year.aged(2), VaultPaths(tmp_path / "daily" / "vault"), with_passphrase),
        ("weekly", year.aged(14), VaultPaths(tmp_path / "weekly" / "vault"), with_passphrase),
        ("monthly", year.aged(200), VaultPaths(tmp_path / "monthly" / "vault"), with_passphrase),
        ("pre-action", year.before_act, year.paths, with_passphrase),  # over the vault that is there
        ("drive", year.copy, elsewhere, with_code),
    ]
    change_passphrase(year.paths, unlock(year.paths, PASSPHRASE), OTHER_PASSPHRASE)
    chosen.append(("old passphrase", year.aged(1), VaultPaths(tmp_path / "old" / "vault"), with_passphrase))
    more = year.all[: figure(0, 0, 14)]
    chosen += [(each.path.name, each, VaultPaths(tmp_path / each.path.name / "vault"), with_code) for each in more]
    equal = {name: comes_back(year, backup, there, how) for name, backup, there, how in chosen}
    told(f"F21 drills={len(equal)} equal={sum(equal.values())} kept={len(year.all)} of {len(year.digests)}")
    assert all(equal.values()), equal


def test_f21_the_sample_of_each_released_version_comes_back():
    """tests/vault/test_samples.py opens them; here they are counted, so that none is left out."""
    samples = Path(__file__).parents[1] / "data" / "vault"
    released = [each for each in samples.iterdir() if each.is_dir()]
    assert released
    for each in released:
        assert listed(each) or (each / "expected.json").exists()
