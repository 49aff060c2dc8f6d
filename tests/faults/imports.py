"""Brings in every file of the corpus, within 2 GB and 60 seconds each.

    python -m tests.faults.imports FOLDER FIRST STEP

Prints a line (JSON) for each: what came of it, and what is wrong if anything is.
"""

import json
import resource
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk
from crisisdesk.desk.directory_plan import ImportPlan
from crisisdesk.errors import DeskError
from crisisdesk.exchange import hsds
from crisisdesk.paths import VaultPaths
from crisisdesk.selftest.header import peak_memory
from tests.faults.child import opener, say
from tests.faults.corpus import Sample, all_of, lay_out
from tests.faults.damage import digest_of
from tests.stores import NOON, make_vault

MOST_MEMORY = 2 * 1024**3  # bytes
MOST_TIME = 60  # seconds
UNTOUCHED = frozenset({"audit"})  # what opening a vault writes


@dataclass(frozen=True)
class Came:
    """What came of one file."""

    outcome: str
    said: str = ""
    wrong: str = ""


def bring_in(sample: Sample, folder: Path) -> Came:
    """Read, preview and bring in one file, with a fresh vault."""
    paths = VaultPaths(Path(shutil.copytree(make_vault(), folder / "vault")))
    chosen = lay_out(sample, folder / "chosen")
    before = sorted(each.name for each in folder.parent.iterdir())
    desk = Desk(opener(paths)(), FixedClock(NOON))
    try:
        try:
            incoming = hsds.read(chosen)
            assert incoming is not None, "nobody cancels"
            plan = desk.directory.plan(incoming)
        except DeskError as refused:
            return Came("refused", str(refused), "" if is_untouched(desk) else "something was written")
        if not is_untouched(desk):
            return Came("previewed", wrong="the preview wrote something")
        return done_as_said(desk, plan)
    finally:
        desk.close()
        if before != sorted(each.name for each in folder.parent.iterdir()):
            say("a file was written elsewhere")
        assert digest_of(paths), "the vault opens"


def is_untouched(desk: Desk) -> bool:
    """Whether there is no directory in the vault."""
    return not desk.directory.data_sets()


def done_as_said(desk: Desk, plan: ImportPlan) -> Came:
    """Bring it in, and compare with the preview."""
    wanted = (plan.organizations, plan.services)
    data_set = desk.directory.bring_in(plan)
    (line,) = [each for each in desk.directory.data_sets() if each.id == data_set]
    there = (line.organizations, line.services)
    return Came("imported", wrong="" if there == wanted else f"previewed {wanted}, there are {there}")


def main(arguments: list[str]) -> None:
    """Take every so many file of the corpus."""
    folder, first, step = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    samples = list(all_of())
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for number in range(first, len(samples), step):
        place = folder / str(number)
        place.mkdir()
        signal.alarm(MOST_TIME)
        began = time.perf_counter()
        came = bring_in(samples[number], place)
        took = time.perf_counter() - began
        signal.alarm(0)
        shutil.rmtree(place)
        memory = peak_memory()
        say(json.dumps({"name": samples[number].name, **vars(came), "seconds": took, "megabytes": memory}))


if __name__ == "__main__":
    main(sys.argv[1:])
