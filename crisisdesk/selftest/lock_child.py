"""The program whose memory is looked through: the real window on a made-up vault, told by lines what to do next."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from crisisdesk.selftest import lock_witness

if TYPE_CHECKING:
    from crisisdesk.app import Program
    from crisisdesk.ui.lock.trial import App

VERB = "lock-child"
_FLOOR = 64  # KiB; nothing is imported from lock_mem, whose marked words would lie in this memory


def main(home: str) -> int:
    """Open the window on the vault in a folder, and do what standard input says until it is closed."""
    held = lock_witness.hold()
    from crisisdesk.app import Keys, Program  # noqa: PLC0415  the vault's modules are to find the witness there
    from crisisdesk.clock import SystemClock  # noqa: PLC0415  as above
    from crisisdesk.paths import VaultPaths  # noqa: PLC0415  as above
    from crisisdesk.ui.lock import trial  # noqa: PLC0415  as above
    from crisisdesk.ui.lock.locking import Host  # noqa: PLC0415  as above
    from crisisdesk.vault.slots import Cost  # noqa: PLC0415  as above

    def make(app: "App") -> "Program":
        keys = Keys(cost=Cost(memory_kib=_FLOOR, passes=1, lanes=1), floor=_FLOOR)
        place = VaultPaths(Path(home) / "vault")
        return Program(app, place=place, clock=SystemClock(), keys=keys, host=Host(start_anew=trial.start_anew))

    return trial.play(make, held)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
