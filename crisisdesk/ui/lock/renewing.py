"""The part of an unlock that brings an older vault up to date, in the unlock's own job."""

from typing import TYPE_CHECKING

from crisisdesk.clock import Clock
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths

if TYPE_CHECKING:
    from crisisdesk.ui.jobs import Progress
    from crisisdesk.vault.keys import MasterKey


class Renewing:
    """Backs an older vault up and brings it up to date; remembers whether there was anything to do."""

    def __init__(self, place: VaultPaths, clock: Clock) -> None:
        self._place = place
        self._clock = clock
        self.is_done = False

    def run(self, master: "MasterKey", progress: "Progress") -> "MasterKey":
        """Do it on the job's thread, and hand the key on; where it fails the key is wiped."""
        from crisisdesk.vault import renewal  # noqa: PLC0415  the locked window stands sooner without it

        words = _("Making and checking the backup…")

        def tell(done: float) -> None:
            progress.step(round(done * 100), 100, words)

        try:
            made = renewal.bring_up_to_date(self._place, master, self._clock, tell)
        except BaseException:
            master.wipe()
            raise
        self.is_done = made is not None
        return master
